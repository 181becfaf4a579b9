//! A document as Markdown.

use crate::language::{Language, Words};
use crate::report::{Block, Document, Figure, Kind, Table};

/// Gives a whole document as Markdown. Pictures are told as lists of their data.
#[must_use]
pub fn document(document: &Document) -> String {
    let language = document.language;
    let mut text = format!("# {}\n", plain(&document.title));
    for block in &document.blocks {
        text.push('\n');
        text += &match block {
            Block::Heading { level, text } => {
                format!("{} {}\n", "#".repeat(usize::from(*level)), plain(text))
            }
            Block::Text(text) => format!("{}\n", plain(text)),
            Block::Note(text) => format!("> {}\n", plain(text)),
            Block::Formula(formula) => format!("```text\n{formula}\n```\n"),
            Block::Table(shown) => format!(
                "**{}**\n\n{}",
                plain(&shown.caption),
                table(shown, language)
            ),
            Block::Figure(shown) => figure(shown, language),
        };
    }
    text
}

/// Gives a table as Markdown, without its caption.
#[must_use]
pub fn table(table: &Table, language: Language) -> String {
    let mut text = line(table.columns.iter().map(|column| cell(&column.title)));
    text += &line(table.columns.iter().map(|column| {
        if column.right {
            "---:".to_owned()
        } else {
            "---".to_owned()
        }
    }));
    for row in &table.rows {
        text += &line(row.iter().map(|value| cell(&value.say(language))));
    }
    text
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// A cell: no line ends in it, and no bar ends the cell.
fn cell(text: &str) -> String {
    plain(text)
        .replace('|', "\\|")
        .lines()
        .collect::<Vec<_>>()
        .join("<br>")
}

/// `text` with the characters escaped that Markdown would take for marks.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '`' | '<' | '[' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn figure(figure: &Figure, language: Language) -> String {
    let label = Words::new("Figure", "图").say(language);
    let mut text = format!("**{label}: {}**\n\n", plain(&figure.caption));
    for row in rows(&figure.kind) {
        text += &format!("- {}\n", plain(&row));
    }
    text
}

/// A picture's rows as sentences: for readers who cannot see it.
pub(super) fn rows(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Intervals { rows, .. } => rows
            .iter()
            .map(|row| {
                let interval = row
                    .interval
                    .map(|(low, high)| format!(" ({low:.2}–{high:.2})"));
                let interval = interval.unwrap_or_default();
                format!("{}, {}: {}{interval}", row.group, row.label, row.printed)
            })
            .collect(),
        Kind::Parts { parts, bars } => bars
            .iter()
            .map(|bar| {
                let counts: Vec<String> = parts
                    .iter()
                    .zip(&bar.counts)
                    .filter(|(_, count)| **count > 0)
                    .map(|(part, count)| format!("{part} {count}"))
                    .collect();
                format!("{}: {}", bar.label, counts.join(", "))
            })
            .collect(),
        Kind::Ranges { rows } => rows
            .iter()
            .map(|row| {
                let marks = row.marks.map(|mark| format!("{mark:.2}"));
                format!("{}: {}", row.label, marks.join(" – "))
            })
            .collect(),
        Kind::Shifts { rows } => rows
            .iter()
            .map(|row| {
                let part = |off: f64| format!("{:+.1} %", 100.0 * off);
                let (before, after) = (part(row.before), part(row.after));
                format!("{}, {}: {before} → {after}", row.group, row.label)
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{document, table};
    use crate::language::Language::English;
    use crate::report::{Block, Column, Document, Table, Value};

    #[test]
    fn a_table_keeps_its_cells_whatever_they_hold() {
        let mut small = Table::new("t", "T", vec![Column::text("a|b"), Column::number("n")]);
        small.push(vec![Value::text("78.35\nsatisfied †"), Value::Whole(1_612)]);
        assert_eq!(
            table(&small, English),
            "| a\\|b | n |\n| --- | ---: |\n| 78.35<br>satisfied † | 1,612 |\n"
        );
    }

    #[test]
    fn marks_in_names_are_not_marks_in_the_text() {
        let blocks = vec![
            Block::Heading {
                level: 2,
                text: "1. *Plan*".into(),
            },
            Block::Formula("n = z²S²/e²".into()),
            Block::Note("care".into()),
        ];
        let written = document(&Document {
            title: "T".into(),
            language: English,
            blocks,
        });
        assert_eq!(
            written,
            "# T\n\n## 1. \\*Plan\\*\n\n```text\nn = z²S²/e²\n```\n\n> care\n"
        );
    }
}
