//! One question crossed with another.

use super::discretion::{self, Discretion};
use super::document::{Block, Column, Table, Value};
use super::{phrases, words};
use crate::estimate::table::{Tabled, Untested};
use crate::estimate::{Estimate, Unknown};
use crate::language::{Language, Words};

/// The chapter's tables, shares of rows with their intervals, and what each test finds.
pub(super) fn chapter(
    tables: &[&Tabled],
    discretion: Discretion,
    language: Language,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (place, tabled) in tables.iter().enumerate() {
        let name = format!("table-{}", place + 1);
        blocks.push(Block::Table(shares(tabled, name, discretion, language)));
        blocks.push(Block::Text(test(tabled, discretion, language)));
        blocks.extend(missing(tabled, language).map(Block::Note));
    }
    let few = |tabled: &&Tabled| {
        let mut margins = tabled.table.rows.margins.iter();
        margins.any(|margin| discretion::withholds(margin.answers, discretion.least))
    };
    if tables.iter().any(few) {
        blocks.push(Block::Note(discretion::rule(discretion.least, language)));
    }
    blocks
}

/// Gives shares of rows with their intervals, and every cell in a row of its own.
#[must_use]
pub fn tables(
    tabled: &Tabled,
    discretion: impl Into<Discretion>,
    language: Language,
) -> [Table; 2] {
    let discretion = discretion.into();
    [
        shares(tabled, "table".into(), discretion, language),
        cells(tabled, "cells".into(), discretion, language),
    ]
}

/// "side by said: all".
fn title(tabled: &Tabled, language: Language) -> String {
    let (rows, columns) = (&tabled.table.rows.name, &tabled.table.columns.name);
    let domain = words::cell(&tabled.table.domain, language);
    match language {
        Language::English => format!("{rows} by {columns}: {domain}"),
        Language::Chinese => format!("{rows}与{columns}：{domain}"),
    }
}

fn shares(tabled: &Tabled, name: String, discretion: Discretion, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let table = &tabled.table;
    let mut columns = vec![Column::text(&table.rows.name)];
    let labels = table.columns.labels.iter();
    // Two lines each, which stand to the left.
    columns.extend(labels.map(|label| Column::text(format!("{} = {label}", table.columns.name))));
    columns.push(Column::number(say("completes n", "样本量")));
    let caption = format!(
        "{}{}",
        title(tabled, language),
        say(", shares of each row", "（行百分比）")
    );
    let mut shown = Table::new(name, caption, columns);
    for (row, label) in table.rows.labels.iter().enumerate() {
        let mut values = vec![Value::text(label)];
        let cells = table.cells[row].iter();
        values.extend(cells.map(|cell| share(&cell.row_share, discretion, language)));
        values.push(Value::Whole(table.rows.margins[row].answers));
        shown.push(values);
    }
    let mut whole = vec![Value::text(words::ALL.say(language))];
    let margins = table.columns.margins.iter();
    whole.extend(margins.map(|margin| share(&margin.share, discretion, language)));
    whole.push(Value::Whole(table.answers));
    shown.push(whole);
    shown
}

/// "25.0%" above "20.1%–29.9%".
fn share(estimate: &Estimate, discretion: Discretion, language: Language) -> Value {
    if let Some(instead) = discretion.instead(estimate, language) {
        return Value::text(instead);
    }
    let mut lines = vec![phrases::percent(estimate.value, 1)];
    lines.extend(estimate.interval.map(|(low, high)| {
        let (low, high) = (low.max(0.0), high.min(1.0));
        format!("{}–{}", phrases::percent(low, 1), phrases::percent(high, 1))
    }));
    Value::text(lines.join("\n"))
}

/// Every cell in a row of its own, for the annex and for whoever reckons on.
pub(super) fn cells(
    tabled: &Tabled,
    name: String,
    discretion: Discretion,
    language: Language,
) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let table = &tabled.table;
    let columns = vec![
        Column::text(&table.rows.name),
        Column::text(&table.columns.name),
        Column::number(say("completes n", "样本量")),
        Column::number(say("people", "人数")),
        Column::number(say("standard error", "标准误")),
        Column::number(say("of all", "占总体")),
        Column::number(say("standard error of it", "总体占比标准误")),
        Column::number(say("of the row", "占行")),
        Column::number(say("standard error of it, row", "行占比标准误")),
        Column::number(say("of the column", "占列")),
        Column::number(say("standard error of it, column", "列占比标准误")),
    ];
    let mut shown = Table::new(name, title(tabled, language), columns);
    for (row, label) in table.rows.labels.iter().enumerate() {
        for (column, other) in table.columns.labels.iter().enumerate() {
            let cell = &table.cells[row][column];
            let mut values = vec![
                Value::text(label),
                Value::text(other),
                Value::Whole(cell.answers),
            ];
            let figures = [
                &cell.people,
                &cell.share,
                &cell.row_share,
                &cell.column_share,
            ];
            for estimate in figures {
                let printed = discretion.instead(estimate, language).is_none();
                let known = |value: Option<f64>| value.filter(|_| printed);
                let show = |value| words::value(&estimate.statistic, value);
                values.push(show(known(Some(estimate.value))));
                values.push(show(known(estimate.standard_error())));
            }
            shown.push(values);
        }
    }
    shown
}

/// What the test finds, or why there is none.
fn test(tabled: &Tabled, discretion: Discretion, language: Language) -> String {
    if discretion::withholds(tabled.table.answers, discretion.least) {
        return discretion::rule(discretion.least, language);
    }
    match (&tabled.test, language) {
        (Ok(found), _) => {
            let test = found.rao_scott;
            let denominator = test.df2.map_or(String::new(), |df2| {
                format!(", {}", phrases::number(df2, 1))
            });
            let figures = format!(
                "X² = {}, F({}{denominator}) = {}, p = {}",
                phrases::number(found.pearson, 2),
                phrases::number(test.df1, 2),
                phrases::number(test.statistic, 3),
                phrases::number(test.p, 4)
            );
            match language {
                Language::English => {
                    format!(
                        "Whether rows have to do with columns (Rao–Scott, second order): {figures}."
                    )
                }
                Language::Chinese => format!("行列是否相关（Rao–Scott二阶校正）：{figures}。"),
            }
        }
        (Err(why), Language::English) => format!("Not tested: {why}."),
        (Err(why), Language::Chinese) => chinese(why),
    }
}

fn chinese(why: &Untested) -> String {
    match why {
        Untested::OneCategory { question, .. } => {
            format!("未作检验：“{question}”只有不足两类有回答。")
        }
        Untested::Unknown { reason } => match reason {
            Unknown::LonelyStratum { strata } => format!(
                "未作检验：以下各层只抽中一个单位，方差无法估计：{}。",
                phrases::names(strata, Language::Chinese)
            ),
            _ => "未作检验：某些单元格的方差无法估计。".to_owned(),
        },
        Untested::NoDegrees { .. } => "未作检验：没有自由度。".to_owned(),
        Untested::NothingVaries { .. } => {
            "未作检验：表中没有随样本变动的内容，或存在空单元格。".to_owned()
        }
        Untested::Shares { .. } => "未作检验：给出的比例与类别不符。".to_owned(),
    }
}

/// Who is not in the table.
fn missing(tabled: &Tabled, language: Language) -> impl Iterator<Item = String> {
    let count = tabled.table.missing;
    let note = (count > 0).then(|| match language {
        Language::English => format!(
            "{} of the interviews have no answer to one of the two, and are not in the table.",
            phrases::count(count)
        ),
        Language::Chinese => format!("有{}个访问缺任一回答，未计入本表。", phrases::count(count)),
    });
    note.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{chapter, tables};
    use crate::estimate::table::{Category, Tabled};
    use crate::estimate::variance::{Clusters, Design};
    use crate::estimate::{Domain, Estimator};
    use crate::frame::Codes;
    use crate::language::Language::{Chinese, English};
    use crate::report::Block;
    use crate::report::discretion::Discretion;
    use crate::weigh::Ledger;

    fn tabled() -> Tabled {
        let ledger = Ledger::given(vec![10.0; 8]).expect("weights");
        let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
        let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
        let side = Codes::from_labels(["n", "n", "n", "n", "s", "s", "s", "s"]);
        let said = Codes::from_labels(["y", "y", "y", "no", "y", "no", "no", "no"]);
        let questions = [
            &Category::column("side", &side),
            &Category::column("said", &said),
        ];
        Tabled::of(&estimator, questions, &Domain::all()).expect("answers")
    }

    #[test]
    fn a_table_shows_shares_of_rows_and_its_test() {
        let tabled = tabled();
        let [shares, cells] = tables(&tabled, 2, English);
        let said = |row: usize, column: usize| shares.rows[row][column].say(English).to_string();
        assert!(said(0, 1).starts_with("25.0%") && said(1, 1).starts_with("75.0%"));
        assert_eq!((said(2, 0), said(2, 3)), ("all".into(), "8".into()));
        assert_eq!(cells.rows.len(), 4);
        let text = |language| {
            let blocks = chapter(&[&tabled], Discretion::from(2), language);
            let text = blocks.into_iter().find_map(|block| match block {
                Block::Text(text) => Some(text),
                _ => None,
            });
            text.expect("a test")
        };
        assert!(
            text(English).contains("X² = 2.00, F(1.00, 7.0) = "),
            "{}",
            text(English)
        );
        assert!(text(Chinese).contains("行列是否相关"));
    }

    #[test]
    fn too_few_answers_leave_neither_shares_nor_a_test() {
        let tabled = tabled();
        let [shares, _] = tables(&tabled, 30, English);
        assert_eq!(shares.rows[0][1].say(English).to_string(), "too few");
        let blocks = chapter(&[&tabled], Discretion::from(30), English);
        let tested = |block: &Block| matches!(block, Block::Text(text) if text.contains("p ="));
        assert!(!blocks.iter().any(tested));
    }
}
