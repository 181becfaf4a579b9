//! The notice: the index by firm and service, its word, and how sure both are.

use super::document::{Block, Column, Table, Value};
use super::fieldwork::Fieldwork;
use super::picture::{Band, Dot, Figure, Kind};
use super::{compared, discretion, paragraph, phrases};
use crate::estimate::compare::{Compared, Member};
use crate::index::{Composite, Entry, IndexCell, IndexTable, Level};
use crate::language::{Language, Words};

/// Marks a figure whose interval reaches into another level.
const MARK: &str = "†";

/// What the index gives to the report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index<'a> {
    /// The figures.
    pub table: &'a IndexTable,
    /// What they are made of.
    pub composite: &'a Composite,
    /// The firms of each service, compared with one another.
    pub compared: Option<&'a Compared>,
}

/// The chapter's table, remarks, picture and paragraph of method.
pub(super) fn chapter(
    index: &Index<'_>,
    field: Option<&Fieldwork<'_>>,
    drawn: Option<u64>,
    least: u64,
    language: Language,
) -> Vec<Block> {
    let [notice, detail] = tables(index.table, index.compared, language);
    let mut blocks = vec![
        Block::Text(paragraph::method(index, field, drawn, language)),
        Block::Table(notice),
    ];
    blocks.extend(
        remarks(index.table, least, language)
            .into_iter()
            .map(Block::Note),
    );
    if let Some(compared) = index.compared {
        let apart = compared::sentences(compared, language);
        blocks.extend(apart.into_iter().map(Block::Note));
        blocks.push(Block::Note(compared::legend(compared, language)));
    }
    if index.table.figures().next().is_some() {
        blocks.push(Block::Figure(figure(index.table, language)));
        blocks.push(Block::Table(detail));
    }
    blocks.extend(
        index.compared.map(|compared| {
            Block::Table(compared::pairs(compared, "index-pairs".into(), language))
        }),
    );
    blocks
}

/// Gives the notice, one row per firm and one column per service, and the same figures one to a
/// row, with standard errors and the chance of the printed level.
#[must_use]
pub fn tables(table: &IndexTable, compared: Option<&Compared>, language: Language) -> [Table; 2] {
    [
        notice(table, compared, language),
        detail(table, compared, language),
    ]
}

fn notice(table: &IndexTable, compared: Option<&Compared>, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = vec![Column::text(say("firm", "企业"))];
    columns.extend(table.services.iter().map(Column::text));
    let caption = match (language, confidence(table)) {
        (Language::English, Some(confidence)) => {
            format!("Index of satisfaction, level, {confidence} interval and completes n")
        }
        (Language::Chinese, Some(confidence)) => {
            format!("用户满意度指数、等级、{confidence}置信区间及样本量n")
        }
        (_, None) => say("Index of satisfaction", "用户满意度指数").to_owned(),
    };
    let mut shown = Table::new("notice", caption, columns);
    for (row, firm) in table.firms.iter().enumerate() {
        let mut values = vec![Value::text(firm)];
        values.extend(
            (0..table.services.len())
                .map(|column| place(table.entry(row, column), compared, language)),
        );
        shown.push(values);
    }
    shown
}

fn place(entry: Entry<'_>, compared: Option<&Compared>, language: Language) -> Value {
    match entry {
        Entry::NoService => Value::Absent,
        Entry::Withheld(withheld) => Value::text(format!(
            "{}\nn = {}",
            discretion::instead(language),
            phrases::count(withheld.n)
        )),
        Entry::Figure(cell) => {
            let mut lines = vec![cell.published.clone(), level(cell, language)];
            lines.extend(
                cell.estimate
                    .interval
                    .map(|interval| phrases::interval(interval, 2)),
            );
            lines.push(format!("n = {}", phrases::count(cell.estimate.n)));
            lines.extend(member(cell, compared).and_then(|member| ranked(member, language)));
            Value::text(lines.join("\n"))
        }
    }
}

/// What the comparison within its service says of a firm.
fn member<'c>(cell: &IndexCell, compared: Option<&'c Compared>) -> Option<&'c Member> {
    let compared = compared?;
    let mut families = compared.families.iter();
    let family = match compared.within.is_empty() {
        true => families.next(),
        false => families.find(|family| family.within == cell.service),
    };
    family?.member(&cell.firm)
}

/// "rank 1–2".
fn ranked(member: &Member, language: Language) -> Option<String> {
    let ranks = compared::ranks(member.ranks?);
    Some(match language {
        Language::English => format!("rank {ranks}"),
        Language::Chinese => format!("名次{ranks}"),
    })
}

/// The level's word, marked where the interval reaches into another level.
fn level(cell: &IndexCell, language: Language) -> String {
    let word = cell.level.words().say(language);
    if cell.crosses {
        format!("{word} {MARK}")
    } else {
        word.to_owned()
    }
}

fn detail(table: &IndexTable, compared: Option<&Compared>, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = vec![
        Column::text(say("service", "业务")),
        Column::text(say("firm", "企业")),
        Column::number(say("index", "指数")),
        Column::text(say("level", "等级")),
        Column::number(say("standard error", "标准误")),
        Column::number(say("from", "区间下限")),
        Column::number(say("to", "区间上限")),
        Column::number(say("chance of the level", "属于该等级的可能性")),
        Column::number(say("design effect", "设计效应")),
        Column::number(say("completes n", "样本量")),
    ];
    if compared.is_some() {
        columns.push(Column::text(say("possible ranks", "可能名次")));
        columns.push(Column::text(say("letters", "字母")));
    }
    let caption = say("The index, figure by figure", "各项指数及其误差");
    let mut shown = Table::new("index", caption, columns);
    for cell in table.figures() {
        let estimate = &cell.estimate;
        let mut row = vec![
            Value::text(&cell.service),
            Value::text(&cell.firm),
            Value::number(estimate.value, 2),
            Value::text(level(cell, language)),
            Value::maybe(estimate.standard_error(), 2),
            Value::maybe(estimate.interval.map(|(low, _)| low), 2),
            Value::maybe(estimate.interval.map(|(_, high)| high), 2),
            Value::maybe_share(cell.chance(), 1),
            Value::maybe(estimate.design_effect, 2),
            Value::Whole(estimate.n),
        ];
        if compared.is_some() {
            let member = member(cell, compared);
            let ranks = member.and_then(|member| member.ranks).map(compared::ranks);
            let letters = member.map(|member| member.letters.clone());
            row.extend([ranks, letters].map(|said| said.map_or(Value::Unknown, Value::Text)));
        }
        shown.push(row);
    }
    shown
}

/// The chance of every level, for the annex.
pub(super) fn chances(table: &IndexTable, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = vec![
        Column::text(say("service", "业务")),
        Column::text(say("firm", "企业")),
        Column::number(say("index", "指数")),
    ];
    let levels = Level::ALL.iter().rev();
    columns.extend(
        levels
            .clone()
            .map(|level| Column::number(level.words().say(language))),
    );
    let caption = say("Chance of each level", "各等级的可能性");
    let mut shown = Table::new("level-chances", caption, columns);
    for cell in table.figures() {
        let mut row = vec![
            Value::text(&cell.service),
            Value::text(&cell.firm),
            Value::number(cell.estimate.value, 2),
        ];
        row.extend(
            levels.clone().map(|&level| {
                Value::maybe_share(cell.level_chances.get(level as usize).copied(), 1)
            }),
        );
        shown.push(row);
    }
    shown
}

fn remarks(table: &IndexTable, least: u64, language: Language) -> Vec<String> {
    let mut remarks = Vec::new();
    if table.figures().any(|cell| cell.crosses) {
        remarks.push(match language {
            Language::English => format!("{MARK} The interval reaches into another level."),
            Language::Chinese => format!("{MARK} 置信区间跨越等级界限，所列等级并非唯一可能。"),
        });
    }
    let absent =
        |row| (0..table.services.len()).any(|column| table.entry(row, column) == Entry::NoService);
    if (0..table.firms.len()).any(absent) {
        let words = Words::new(
            "n/a: the firm does not offer the service.",
            "不适用：该企业不经营该项业务。",
        );
        remarks.push(words.say(language).to_owned());
    }
    if !table.withheld.is_empty() {
        remarks.push(discretion::rule(least, language));
    }
    remarks
}

fn figure(table: &IndexTable, language: Language) -> Figure {
    let dot = |cell: &IndexCell| Dot {
        group: cell.service.clone(),
        label: cell.firm.clone(),
        value: cell.estimate.value,
        interval: cell.estimate.interval,
        printed: cell.published.clone(),
    };
    let band = |level: Level| Band {
        from: level.floor(),
        label: level.words().say(language).to_owned(),
    };
    let caption = match (language, confidence(table)) {
        (Language::English, Some(confidence)) => {
            format!("Index of satisfaction with {confidence} intervals, before the levels")
        }
        (Language::Chinese, Some(confidence)) => {
            format!("各业务、各企业用户满意度指数及其{confidence}置信区间")
        }
        (_, None) => Words::new("Index of satisfaction", "用户满意度指数")
            .say(language)
            .to_owned(),
    };
    Figure {
        name: "index".into(),
        caption,
        kind: Kind::Intervals {
            rows: table.figures().map(dot).collect(),
            bands: Level::ALL.map(band).to_vec(),
            end: 100.0,
        },
    }
}

/// The intervals' confidence, as printed.
fn confidence(table: &IndexTable) -> Option<String> {
    let cell = table
        .figures()
        .find(|cell| cell.estimate.interval.is_some())?;
    Some(phrases::confidence(cell.estimate.confidence))
}

#[cfg(test)]
mod tests {
    use super::{Index, chances, chapter, tables};
    use crate::estimate::Estimate;
    use crate::index::{Composite, IndexCell, IndexTable, Scale};
    use crate::language::Language::{Chinese, English};
    use crate::report::{Block, Value};

    fn cell(firm: &str, service: &str, value: f64, n: u64) -> IndexCell {
        let estimate = Estimate {
            statistic: "mean".into(),
            item: "index".into(),
            domain: format!("{service} / {firm}"),
            value,
            variance: Ok(0.25),
            df: n,
            n,
            design_effect: Some(1.2),
            confidence: 0.95,
            interval: Some((value - 0.98, value + 0.98)),
        };
        IndexCell::of(firm, service, estimate).expect("an index")
    }

    fn table() -> IndexTable {
        let cells = vec![
            cell("Telecom", "fixed phone", 78.345, 1_612),
            cell("Telecom", "fixed Internet", 79.5, 900),
            cell("Broadband", "fixed Internet", 61.0, 12),
        ];
        IndexTable::of(cells, &[], 30).expect("a table")
    }

    fn composite(weights: Option<&[f64]>) -> Composite {
        let items = ["overall".to_owned(), "ideal".to_owned()];
        Composite::on(&items, Scale::new(1.0, 10.0).expect("a scale"), weights).expect("an index")
    }

    #[test]
    fn the_notice_prints_figure_level_interval_and_completes() {
        let [notice, _] = tables(&table(), None, English);
        assert_eq!(
            notice.rows[0][1],
            Value::text("78.35\nfairly satisfied\n77.37–79.33\nn = 1,612")
        );
        assert_eq!(
            notice.rows[0][2],
            Value::text("79.50\nfairly satisfied †\n78.52–80.48\nn = 900")
        );
    }

    #[test]
    fn no_service_is_not_applicable_and_few_completes_are_withheld() {
        let [notice, detail] = tables(&table(), None, Chinese);
        assert_eq!(notice.rows[1][1], Value::Absent);
        assert_eq!(notice.rows[1][2], Value::text("样本不足\nn = 12"));
        assert_eq!(detail.rows.len(), 2);
        assert_eq!(chances(&table(), Chinese).rows.len(), 2);
    }

    #[test]
    fn remarks_explain_only_what_occurs() {
        let composite = composite(None);
        let notes = |table: &IndexTable| {
            let index = Index {
                table,
                composite: &composite,
                compared: None,
            };
            let blocks = chapter(&index, None, None, 30, English);
            blocks
                .iter()
                .filter(|block| matches!(block, Block::Note(_)))
                .count()
        };
        assert_eq!(notes(&table()), 3);
        let calm = IndexTable::of(vec![cell("Telecom", "fixed phone", 75.0, 900)], &[], 30);
        assert_eq!(notes(&calm.expect("a table")), 0);
    }

    #[test]
    fn the_paragraph_tells_what_is_known_in_both_languages() {
        let table = table();
        let equal = composite(None);
        let index = Index {
            table: &table,
            composite: &equal,
            compared: None,
        };
        let text = |language| match &chapter(&index, None, Some(290_000), 30, language)[0] {
            Block::Text(text) => text.clone(),
            other => panic!("a paragraph first, got {other:?}"),
        };
        assert!(text(Chinese).contains("抽取号码290,000个。"));
        assert!(text(Chinese).contains("由overall、ideal等2项评分（1–10分）等权合成"));
        assert!(text(English).contains("290,000 numbers"));
        assert!(text(English).contains("overall and ideal in equal parts, answered on 1–10"));
    }

    #[test]
    fn unequal_weights_are_printed() {
        let table = table();
        let unequal = composite(Some(&[3.0, 1.0]));
        let index = Index {
            table: &table,
            composite: &unequal,
            compared: None,
        };
        let blocks = chapter(&index, None, None, 30, English);
        assert!(matches!(&blocks[0], Block::Text(text)
            if text.contains("overall (75.0%) and ideal (25.0%)")));
    }
}
