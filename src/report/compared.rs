//! Who is better than whom, as far as the sample can tell.

use super::document::{Block, Column, Table, Value};
use super::{phrases, words};
use crate::estimate::compare::{Compared, Family, LeftOut, RankSet, Why};
use crate::language::{Language, Words};

/// The chapter's tables and remarks: for every comparison its members, who cannot be told apart, and all
/// pairs.
pub(super) fn chapter(comparisons: &[Compared], language: Language) -> Vec<Block> {
    let several = comparisons.len() > 1;
    let mut blocks = Vec::new();
    for (place, compared) in comparisons.iter().enumerate() {
        if several {
            blocks.push(Block::Heading {
                level: 3,
                text: title(compared, language),
            });
        }
        let number = several.then_some(place + 1);
        blocks.push(Block::Text(sentences(compared, language).join("\n")));
        let [members, pairs] = numbered(compared, number, language);
        blocks.extend([Block::Table(members), Block::Table(pairs)]);
        blocks.extend(remarks(compared, language).into_iter().map(Block::Note));
    }
    blocks
}

/// Gives the figures compared, with their ranks and letters, and all pairs.
#[must_use]
pub fn tables(compared: &Compared, language: Language) -> [Table; 2] {
    numbered(compared, None, language)
}

fn numbered(compared: &Compared, number: Option<usize>, language: Language) -> [Table; 2] {
    let name = |what: &str| match number {
        Some(number) => format!("compared-{number}-{what}"),
        None => format!("compared-{what}"),
    };
    [
        members(compared, name("figures"), language),
        pairs(compared, name("pairs"), language),
    ]
}

/// "mean of overall, by operator within service".
fn title(compared: &Compared, language: Language) -> String {
    let statistic = words::statistic(&compared.statistic, language);
    let (item, among) = (&compared.item, &compared.among);
    let within = phrases::names(&compared.within, language);
    match (language, compared.within.is_empty()) {
        (Language::English, true) => format!("{statistic} of {item}, by {among}"),
        (Language::English, false) => format!("{statistic} of {item}, by {among} within {within}"),
        (Language::Chinese, true) => format!("{item}的{statistic}：各{among}之间"),
        (Language::Chinese, false) => format!("{item}的{statistic}：同一{within}内各{among}之间"),
    }
}

/// Per family, who cannot be told apart, or that all can.
pub(super) fn sentences(compared: &Compared, language: Language) -> Vec<String> {
    compared
        .families
        .iter()
        .filter(|family| family.members.len() > 1)
        .map(|family| match compared.within.is_empty() {
            true => alone(family, language),
            false => sentence(family, language),
        })
        .collect()
}

/// The same where all are one family, which needs no name.
fn alone(family: &Family, language: Language) -> String {
    let groups: Vec<String> = (family.alike.iter())
        .map(|group| phrases::names(group, language))
        .collect();
    match (language, groups.is_empty()) {
        (Language::English, true) => "Every two can be told apart.".to_owned(),
        (Language::English, false) => format!("Not told apart are {}.", groups.join("; ")),
        (Language::Chinese, true) => "两两之间均有显著差异。".to_owned(),
        (Language::Chinese, false) => {
            format!("以下各组内差异不显著：{}。", groups.join("；"))
        }
    }
}

fn sentence(family: &Family, language: Language) -> String {
    let within = words::cell(&family.within, language);
    let groups: Vec<String> = (family.alike.iter())
        .map(|group| phrases::names(group, language))
        .collect();
    match (language, groups.is_empty()) {
        (Language::English, true) => format!("{within}: every two can be told apart."),
        (Language::English, false) => {
            format!("{within}: not told apart are {}.", groups.join("; "))
        }
        (Language::Chinese, true) => format!("{within}：两两之间均有显著差异。"),
        (Language::Chinese, false) => {
            format!("{within}：以下各组内差异不显著：{}。", groups.join("；"))
        }
    }
}

/// "1" or "1–2".
pub(super) fn ranks(set: RankSet) -> String {
    match (set.best, set.worst) {
        (best, worst) if best == worst => best.to_string(),
        (best, worst) => format!("{best}–{worst}"),
    }
}

fn members(compared: &Compared, name: String, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let ranked = (compared.families.iter())
        .flat_map(|family| &family.members)
        .any(|member| member.ranks.is_some());
    let mut columns = Vec::new();
    if !compared.within.is_empty() {
        columns.push(Column::text(phrases::names(&compared.within, language)));
    }
    columns.extend([
        Column::text(&compared.among),
        Column::number(say("value", "估计值")),
    ]);
    if ranked {
        columns.push(Column::number(say("rank in the sample", "样本名次")));
        columns.push(Column::text(say("possible ranks", "可能名次")));
    }
    columns.extend([
        Column::text(say("letters", "字母")),
        Column::number(say("completes n", "样本量")),
    ]);
    let what = match ranked {
        true => say(": ranks and letters", "（名次与字母标记）"),
        false => say(": letters", "（字母标记）"),
    };
    let caption = format!("{}{what}", title(compared, language));
    let mut table = Table::new(name, caption, columns);
    for family in &compared.families {
        for member in &family.members {
            let mut row = Vec::new();
            if !compared.within.is_empty() {
                row.push(Value::text(words::cell(&family.within, language)));
            }
            row.extend([
                Value::text(&member.label),
                words::value(&compared.statistic, Some(member.value)),
            ]);
            if ranked {
                let sample = member.ranks.map(|set| set.sample as u64);
                row.push(sample.map_or(Value::Unknown, Value::Whole));
                let set = member.ranks.map(|set| Value::text(ranks(set)));
                row.push(set.unwrap_or(Value::Unknown));
            }
            row.extend([Value::text(&member.letters), Value::Whole(member.n)]);
            table.push(row);
        }
    }
    table
}

/// Every pair of every family.
pub(super) fn pairs(compared: &Compared, name: String, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = Vec::new();
    if !compared.within.is_empty() {
        columns.push(Column::text(phrases::names(&compared.within, language)));
    }
    columns.extend([
        Column::text(say("pair", "比较对")),
        Column::number(say("difference", "差异")),
        Column::number(say("standard error", "标准误")),
        Column::number(say("from, for all at once", "同时区间下限")),
        Column::number(say("to, for all at once", "同时区间上限")),
        Column::number(say("p by itself", "单独p值")),
        Column::number(say("p corrected", "校正p值")),
    ]);
    let caption = format!(
        "{}{}",
        title(compared, language),
        say(": every pair", "（两两差异）")
    );
    let mut table = Table::new(name, caption, columns);
    let show = |value: f64| words::value(&compared.statistic, Some(value));
    for family in &compared.families {
        for pair in &family.pairs {
            let mut row = Vec::new();
            if !compared.within.is_empty() {
                row.push(Value::text(words::cell(&family.within, language)));
            }
            row.extend([
                Value::text(format!("{} − {}", pair.this, pair.other)),
                show(pair.difference),
                show(pair.standard_error),
                show(pair.simultaneous.0),
                show(pair.simultaneous.1),
                Value::number(pair.p, 4),
                Value::number(pair.corrected, 4),
            ]);
            table.push(row);
        }
    }
    table
}

/// How to read the tables, and who is not in them.
fn remarks(compared: &Compared, language: Language) -> Vec<String> {
    let mut remarks = vec![legend(compared, language)];
    for family in &compared.families {
        let out = family.left_out.iter().map(|out| left_out(out, language));
        let out: Vec<String> = out.collect();
        if out.is_empty() {
            continue;
        }
        let within = words::cell(&family.within, language);
        remarks.push(match language {
            Language::English => format!("{within}: not compared are {}.", out.join("; ")),
            Language::Chinese => format!("{within}：未参与比较：{}。", out.join("；")),
        });
    }
    remarks
}

/// What letters, ranks and intervals mean.
pub(super) fn legend(compared: &Compared, language: Language) -> String {
    let confidence = phrases::confidence(compared.confidence);
    let mut members = compared.families.iter().flat_map(|family| &family.members);
    let ranked = members.any(|member| member.ranks.is_some());
    let mut legend = match language {
        Language::English => format!(
            "Figures that share a letter cannot be told apart. Letters and intervals hold for all pairs of a \
             group at once, at {confidence}."
        ),
        Language::Chinese => format!(
            "含有相同字母者差异不显著。字母与区间对同组所有各对同时成立，置信水平{confidence}。"
        ),
    };
    if ranked {
        legend += match language {
            Language::English => {
                " Possible ranks do so too, by steps, and may be narrower than letters suggest."
            }
            Language::Chinese => "可能名次同样对全组同时成立，按逐步法得出，可能比字母所示更窄。",
        };
    }
    legend
}

fn left_out(out: &LeftOut, language: Language) -> String {
    let why = match out.why {
        Why::NoAnswers => Words::new("nobody answered", "无人回答"),
        Why::NotPublished => Words::new("its figure is not published", "其数值不公布"),
        Why::NoVariance => Words::new("its variance is not known", "方差无法估计"),
    };
    match language {
        Language::English => format!("{} ({})", out.label, why.say(language)),
        Language::Chinese => format!("{}（{}）", out.label, why.say(language)),
    }
}

#[cfg(test)]
mod tests {
    use super::{chapter, tables};
    use crate::estimate::compare::{Apart, Compared, Family, LeftOut, Member, RankSet, Why};
    use crate::language::Language::{Chinese, English};
    use crate::report::{Block, Value};

    fn member(label: &str, value: f64, letters: &str, ranks: [usize; 3]) -> Member {
        let [sample, best, worst] = ranks;
        Member {
            label: label.into(),
            value,
            n: 90,
            letters: letters.into(),
            ranks: Some(RankSet {
                sample,
                best,
                worst,
            }),
        }
    }

    fn compared() -> Compared {
        Compared {
            statistic: "share".into(),
            item: "complained".into(),
            among: "operator".into(),
            within: vec!["service".into()],
            correction: "max-t".into(),
            confidence: 0.95,
            families: vec![Family {
                within: "mobile".into(),
                members: vec![
                    member("a", 0.25, "a", [1, 1, 2]),
                    member("b", 0.24, "a", [2, 1, 2]),
                ],
                left_out: vec![LeftOut {
                    label: "c".into(),
                    why: Why::NotPublished,
                }],
                alike: vec![vec!["a".into(), "b".into()]],
                pairs: vec![Apart {
                    this: "a".into(),
                    other: "b".into(),
                    difference: 0.01,
                    standard_error: 0.02,
                    t: 0.5,
                    df: 100,
                    p: 0.617,
                    corrected: 0.617,
                    interval: (-0.03, 0.05),
                    simultaneous: (-0.03, 0.05),
                }],
                df: 100,
                critical: Some(1.98),
                critical_error: Some(0.0),
            }],
        }
    }

    #[test]
    fn figures_and_pairs_are_shown_in_the_figures_unit() {
        let [members, pairs] = tables(&compared(), English);
        let said = |row: &[Value]| -> Vec<String> {
            row.iter()
                .map(|value| value.say(English).to_string())
                .collect()
        };
        assert_eq!(
            said(&members.rows[0]),
            ["mobile", "a", "25.00%", "1", "1–2", "a", "90"]
        );
        assert_eq!(
            said(&pairs.rows[0]),
            [
                "mobile", "a − b", "1.00%", "2.00%", "−3.00%", "5.00%", "0.6170", "0.6170"
            ]
        );
    }

    #[test]
    fn who_cannot_be_told_apart_is_a_sentence_and_who_is_left_out_a_remark() {
        let text = |language| {
            let mut all = String::new();
            for block in chapter(&[compared()], language) {
                if let Block::Text(text) | Block::Note(text) = block {
                    all += &text;
                }
            }
            all
        };
        assert!(text(English).contains("mobile: not told apart are a and b."));
        assert!(text(English).contains("not compared are c (its figure is not published)"));
        assert!(text(Chinese).contains("mobile：以下各组内差异不显著：a、b。"));
        assert!(text(Chinese).contains("c（其数值不公布）"));
    }
}
