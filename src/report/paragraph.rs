//! How the index came about, in one paragraph for those who publish it.

use super::fieldwork::Fieldwork;
use super::notice::Index;
use super::phrases;
use crate::index::Composite;
use crate::language::Language;

/// How the figures came about, in one paragraph.
pub(super) fn method(
    index: &Index<'_>,
    field: Option<&Fieldwork<'_>>,
    drawn: Option<u64>,
    language: Language,
) -> String {
    match language {
        Language::English => english(index, field, drawn),
        Language::Chinese => chinese(index, field, drawn),
    }
}

fn english(index: &Index<'_>, field: Option<&Fieldwork<'_>>, drawn: Option<u64>) -> String {
    let language = Language::English;
    let table = index.table;
    let mut said = Vec::new();
    said.push(match field.and_then(|field| field.window) {
        Some((first, last)) => format!(
            "Users were interviewed by telephone from {} to {}.",
            phrases::day(first, language),
            phrases::day(last, language)
        ),
        None => "Users were interviewed by telephone.".to_owned(),
    });
    said.push(format!(
        "The survey covers users of {}, and the services {}.",
        phrases::names(&table.firms, language),
        phrases::names(&table.services, language)
    ));
    if let Some(drawn) = drawn {
        said.push(format!(
            "{} numbers were drawn at random by strata from a published seed.",
            phrases::count(drawn)
        ));
    }
    if let Some((interviews, _)) = field.and_then(Fieldwork::interviews) {
        said.push(format!(
            "{} interviews were completed.",
            phrases::count(interviews)
        ));
    }
    said.push(format!(
        "The index runs from 0 to 100 and is made of {}. Answers are weighted to stand for all users of a firm's service. Figures are rounded to two decimals before their level is read.",
        items(index.composite, language)
    ));
    said.join(" ")
}

fn chinese(index: &Index<'_>, field: Option<&Fieldwork<'_>>, drawn: Option<u64>) -> String {
    let language = Language::Chinese;
    let table = index.table;
    let mut said = String::from("本次测评采用电话访问方式");
    if let Some((first, last)) = field.and_then(|field| field.window) {
        let (first, last) = (phrases::day(first, language), phrases::day(last, language));
        said += &format!("，访问时间为{first}至{last}");
    }
    said += &format!(
        "。测评范围为{}{}项业务，涉及{}{}家企业的用户。",
        phrases::names(&table.services, language),
        table.services.len(),
        phrases::names(&table.firms, language),
        table.firms.len()
    );
    let interviews = field
        .and_then(Fieldwork::interviews)
        .map(|(interviews, _)| interviews);
    said += &match (drawn.map(phrases::count), interviews.map(phrases::count)) {
        (Some(drawn), Some(interviews)) => {
            format!("按公开的随机种子分层随机抽取号码{drawn}个，完成有效访问{interviews}个。")
        }
        (Some(drawn), None) => format!("按公开的随机种子分层随机抽取号码{drawn}个。"),
        (None, Some(interviews)) => format!("完成有效访问{interviews}个。"),
        (None, None) => String::new(),
    };
    said + &format!(
        "用户满意度指数采用百分制，由{}合成，并经加权推算至各企业相应业务的全体用户。指数四舍五入保留两位小数后对照等级区间确定等级。",
        items(index.composite, language)
    )
}

/// "overall (weight 50.0%) and ideal (50.0%), answered on 1–10"; weights only if they differ.
fn items(composite: &Composite, language: Language) -> String {
    let parts = composite.parts();
    let equal = parts
        .iter()
        .all(|part| (part.weight - parts[0].weight).abs() < 1e-12);
    let named: Vec<String> = parts
        .iter()
        .map(|part| match (equal, language) {
            (true, _) => part.item.clone(),
            (false, Language::English) => {
                format!("{} ({})", part.item, phrases::percent(part.weight, 1))
            }
            (false, Language::Chinese) => {
                format!("{}（{}）", part.item, phrases::percent(part.weight, 1))
            }
        })
        .collect();
    let (count, named) = (parts.len(), phrases::names(&named, language));
    let scale = parts[0].scale;
    let one_scale = parts.iter().all(|part| part.scale == scale);
    let ends = match (one_scale, language) {
        (false, _) => String::new(),
        (true, Language::English) => format!(", answered on {}–{}", scale.low(), scale.high()),
        (true, Language::Chinese) => format!("（{}–{}分）", scale.low(), scale.high()),
    };
    match (language, count, equal) {
        (Language::English, 1, _) => format!("the item {named}{ends}"),
        (Language::English, _, true) => format!("the items {named} in equal parts{ends}"),
        (Language::English, _, false) => format!("the items {named}{ends}"),
        (Language::Chinese, 1, _) => format!("{named}一项评分{ends}"),
        (Language::Chinese, _, true) => format!("{named}等{count}项评分{ends}等权"),
        (Language::Chinese, _, false) => format!("{named}等{count}项评分{ends}加权"),
    }
}
