//! What became of the numbers.

use super::document::{Block, Column, Table, Value};
use super::picture::{Bar, Figure, Kind};
use super::{InUse, in_use, phrases, words};
use crate::field::{CellRates, Class};
use crate::language::{Language, Words};

/// What the field gives to the report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fieldwork<'a> {
    /// Its first and last day.
    pub window: Option<(jiff::civil::Date, jiff::civil::Date)>,
    /// Tally and rates by cell; the whole survey is the one called "all".
    pub cells: &'a [CellRates],
    /// How many of the numbers are in use, by cell.
    pub in_use: &'a [InUse],
    /// What the files from the field had wrong with them.
    pub findings: &'a [Finding],
}

/// Something a file from the field had wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub text: String,
    /// How often.
    pub count: u64,
    /// Lines of the file, or some of them.
    pub rows: Vec<u64>,
}

impl Fieldwork<'_> {
    /// The whole survey, if it is among the cells.
    pub(super) fn whole(&self) -> Option<&CellRates> {
        self.cells.iter().find(|cell| cell.cell == words::WHOLE)
    }

    /// How many numbers ended as interviews, and how many there were.
    pub(super) fn interviews(&self) -> Option<(u64, u64)> {
        let tally = self.whole()?.tally;
        Some((tally[Class::Interview as usize], tally.iter().sum()))
    }
}

/// The chapter's paragraphs, picture and tables.
pub(super) fn chapter(field: &Fieldwork<'_>, language: Language) -> Vec<Block> {
    let mut blocks: Vec<Block> = sentence(field, language)
        .map(Block::Text)
        .into_iter()
        .collect();
    if !field.cells.is_empty() {
        blocks.push(Block::Figure(figure(field, language)));
    }
    blocks.extend(tables(field, language).into_iter().map(Block::Table));
    blocks
}

/// Gives the tally by cell, the rates of the whole survey, the rates by cell, the share of numbers in
/// use, and the findings, as far as there are any.
#[must_use]
pub fn tables(field: &Fieldwork<'_>, language: Language) -> Vec<Table> {
    let mut tables = vec![tally(field, language)];
    tables.extend(field.whole().map(|whole| rates_of_all(whole, language)));
    tables.push(rates_by_cell(field, language));
    if !field.in_use.is_empty() {
        tables.push(in_use::table(field.in_use, language));
    }
    if !field.findings.is_empty() {
        tables.push(findings(field.findings, language));
    }
    tables
}

/// Every rate's numerator and denominator by cell, for the annex.
pub(super) fn divisions(field: &Fieldwork<'_>, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("cell", "报告单元")),
        Column::text(say("rate", "指标")),
        Column::number(say("numerator", "分子")),
        Column::number(say("denominator", "分母")),
        Column::number(say("value", "数值")),
    ];
    let caption = say(
        "Rates by cell, with what was divided",
        "各报告单元访问指标的分子与分母",
    );
    let mut table = Table::new("rates-divisions", caption, columns);
    for cell in in_order(field) {
        for rate in &cell.rates {
            table.push(vec![
                Value::text(words::cell(&cell.cell, language)),
                Value::text(&rate.name),
                Value::number(rate.numerator, 0),
                Value::number(rate.denominator, 1),
                Value::maybe_share(rate.value, 1),
            ]);
        }
    }
    table
}

fn sentence(field: &Fieldwork<'_>, language: Language) -> Option<String> {
    let (interviews, drawn) = field.interviews()?;
    let share = phrases::percent(interviews as f64 / drawn as f64, 1);
    let (interviews, drawn) = (phrases::count(interviews), phrases::count(drawn));
    let days = field.window.map(|(first, last)| {
        let (first, last) = (phrases::day(first, language), phrases::day(last, language));
        match language {
            Language::English => format!("Calls were made from {first} to {last}. "),
            Language::Chinese => format!("访问于{first}至{last}进行。"),
        }
    });
    let days = days.unwrap_or_default();
    Some(match language {
        Language::English => format!(
            "{days}Of {drawn} numbers drawn, {interviews} ({share}) ended in a complete interview. Classes and rates are those of AAPOR (2016)."
        ),
        Language::Chinese => format!(
            "{days}抽取号码{drawn}个，完成访问{interviews}个，占{share}。访问结果分类及各项指标按AAPOR（2016）标准定义计算。"
        ),
    })
}

fn figure(field: &Fieldwork<'_>, language: Language) -> Figure {
    let bar = |cell: &CellRates| Bar {
        label: words::cell(&cell.cell, language),
        counts: cell.tally.to_vec(),
    };
    let caption = Words::new("What became of the numbers", "号码的最终访问结果");
    Figure {
        name: "fieldwork".into(),
        caption: caption.say(language).into(),
        kind: Kind::Parts {
            parts: Class::ALL
                .map(|class| words::class(class).say(language).into())
                .to_vec(),
            bars: in_order(field).map(bar).collect(),
        },
    }
}

fn tally(field: &Fieldwork<'_>, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = vec![Column::text(say("cell", "报告单元"))];
    columns.extend(Class::ALL.map(|class| {
        Column::number(format!(
            "{} ({})",
            words::class(class).say(language),
            class.letters()
        ))
    }));
    columns.push(Column::number(say("numbers", "号码数")));
    let caption = say("Final classes by cell", "各报告单元号码的最终分类");
    let mut table = Table::new("fieldwork-classes", caption, columns);
    for cell in in_order(field) {
        let mut row = vec![Value::text(words::cell(&cell.cell, language))];
        row.extend(cell.tally.map(Value::Whole));
        row.push(Value::Whole(cell.tally.iter().sum()));
        table.push(row);
    }
    table
}

fn rates_of_all(whole: &CellRates, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("rate", "指标")),
        Column::text(say("what is divided", "计算方法")),
        Column::number(say("numerator", "分子")),
        Column::number(say("denominator", "分母")),
        Column::number(say("value", "数值")),
    ];
    let caption = match (whole.eligible_share, language) {
        (None, _) => say("Rates of the whole survey", "全部号码的访问指标").to_owned(),
        (Some(e), Language::English) => {
            let how = words::eligible(&whole.e_method, language);
            format!("Rates of the whole survey; e = {e:.3} ({how})")
        }
        (Some(e), Language::Chinese) => {
            let how = words::eligible(&whole.e_method, language);
            format!("全部号码的访问指标（e = {e:.3}，{how}）")
        }
    };
    let mut table = Table::new("rates", caption, columns);
    for rate in &whole.rates {
        table.push(vec![
            Value::text(&rate.name),
            words::rate(&rate.name).map_or(Value::Unknown, Value::text),
            Value::number(rate.numerator, 0),
            Value::number(rate.denominator, 1),
            Value::maybe_share(rate.value, 1),
        ]);
    }
    table
}

fn rates_by_cell(field: &Fieldwork<'_>, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut names: Vec<&str> = Vec::new();
    for rate in field.cells.iter().flat_map(|cell| &cell.rates) {
        if !names.contains(&rate.name.as_str()) {
            names.push(&rate.name);
        }
    }
    let mut columns = vec![Column::text(say("cell", "报告单元")), Column::number("e")];
    columns.extend(names.iter().map(|&name| Column::number(name)));
    let mut table = Table::new(
        "rates-by-cell",
        say("Rates by cell", "各报告单元访问指标"),
        columns,
    );
    for cell in in_order(field) {
        let mut row = vec![
            Value::text(words::cell(&cell.cell, language)),
            Value::maybe(cell.eligible_share, 3),
        ];
        row.extend(names.iter().map(|name| {
            let rate = cell.rates.iter().find(|rate| rate.name == *name);
            Value::maybe_share(rate.and_then(|rate| rate.value), 1)
        }));
        table.push(row);
    }
    table
}

fn findings(findings: &[Finding], language: Language) -> Table {
    const SHOWN: usize = 5;
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("finding", "问题")),
        Column::number(say("count", "数量")),
        Column::text(say("lines", "行号")),
    ];
    let caption = say(
        "What the files from the field had wrong with them",
        "访问数据文件核查情况",
    );
    let mut table = Table::new("fieldwork-findings", caption, columns);
    for finding in findings {
        let mut lines: Vec<String> = finding
            .rows
            .iter()
            .take(SHOWN)
            .map(ToString::to_string)
            .collect();
        if finding.rows.len() > SHOWN {
            lines.push("…".into());
        }
        table.push(vec![
            Value::text(&finding.text),
            Value::Whole(finding.count),
            Value::text(lines.join(say(", ", "、"))),
        ]);
    }
    table
}

/// The cells, the whole survey last.
fn in_order<'a>(field: &Fieldwork<'a>) -> impl Iterator<Item = &'a CellRates> {
    let cells = field.cells;
    let whole = |cell: &&CellRates| cell.cell == words::WHOLE;
    cells
        .iter()
        .filter(move |cell| !whole(cell))
        .chain(cells.iter().filter(whole))
}

#[cfg(test)]
mod tests {
    use super::{CellRates, Fieldwork, Finding, chapter, tables};
    use crate::field::Rate;
    use crate::language::Language::{Chinese, English};
    use crate::report::{Block, Kind, Value};

    fn cell(name: &str, interviews: u64) -> CellRates {
        let rate = |name: &str, value| Rate {
            name: name.into(),
            numerator: interviews as f64,
            denominator: 100.0,
            value,
        };
        CellRates {
            cell: name.into(),
            tally: [interviews, 0, 20, 0, 0, 60, 0, 20 - interviews, 0],
            eligible_share: Some(0.5),
            e_method: "proportional".into(),
            rates: vec![
                rate("RR1", Some(interviews as f64 / 100.0)),
                rate("RR3", None),
            ],
        }
    }

    #[test]
    fn the_whole_survey_stands_last_under_its_own_name() {
        let cells = [cell("all", 12), cell("a", 7), cell("b", 5)];
        let field = Fieldwork {
            window: None,
            cells: &cells,
            in_use: &[],
            findings: &[],
        };
        let table = &tables(&field, Chinese)[0];
        let labels: Vec<_> = table.rows.iter().map(|row| row[0].say(Chinese)).collect();
        assert_eq!(labels, ["a", "b", "合计"]);
        assert_eq!(table.rows[2][10], Value::Whole(112 - 12));
    }

    #[test]
    fn a_rate_that_may_not_be_printed_is_no_zero() {
        let cells = [cell("all", 12)];
        let field = Fieldwork {
            window: None,
            cells: &cells,
            in_use: &[],
            findings: &[],
        };
        let rates = &tables(&field, English)[1];
        assert_eq!(rates.rows[0][4], Value::share(0.12, 1));
        assert_eq!(rates.rows[1][4], Value::Unknown);
    }

    #[test]
    fn the_paragraph_tells_days_drawn_and_completed() {
        let cells = [cell("all", 12)];
        let window = Some((
            jiff::civil::date(2016, 1, 4),
            jiff::civil::date(2016, 2, 29),
        ));
        let field = Fieldwork {
            window,
            cells: &cells,
            in_use: &[],
            findings: &[],
        };
        let blocks = chapter(&field, Chinese);
        let said = "访问于2016年1月4日至2016年2月29日进行。抽取号码100个，完成访问12个，占12.0%。";
        assert!(matches!(&blocks[0], Block::Text(text) if text.starts_with(said)));
        assert!(matches!(&blocks[1], Block::Figure(figure)
            if matches!(&figure.kind, Kind::Parts { parts, .. } if parts.len() == 9)));
    }

    #[test]
    fn findings_are_counted_and_some_lines_named() {
        let findings = [Finding {
            text: "unknown case".into(),
            count: 9,
            rows: (2..11).collect(),
        }];
        let field = Fieldwork {
            window: None,
            cells: &[],
            in_use: &[],
            findings: &findings,
        };
        let all = tables(&field, English);
        let row = &all.last().expect("a table").rows[0];
        assert_eq!(row[1..], [Value::Whole(9), Value::text("2, 3, 4, 5, 6, …")]);
    }
}
