//! A table as CSV.

use crate::language::Language;
use crate::report::{Table, Value};

/// Gives a table as CSV in UTF-8, one heading and one line per row, numbers without separators.
///
/// Words that begin with `=`, `+`, `-`, `@`, a tab or a line break get an apostrophe in front: a
/// spreadsheet would take them for a formula. Numbers are left as they are.
#[must_use]
pub fn table(table: &Table, language: Language) -> String {
    const MEMORY: &str = "writing to memory cannot fail";
    let mut writer = ::csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let headings = table.columns.iter().map(|column| harmless(&column.title));
    writer.write_record(headings).expect(MEMORY);
    for row in &table.rows {
        let cells = row.iter().map(|value| match value {
            Value::Text(_) => harmless(&value.plain(language)),
            _ => value.plain(language),
        });
        writer.write_record(cells).expect(MEMORY);
    }
    let bytes = writer.into_inner().expect(MEMORY);
    String::from_utf8(bytes).expect("text cells make a text")
}

/// `text`, so that no spreadsheet takes it for a formula.
#[must_use]
pub fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::language::Language::{Chinese, English};
    use crate::report::{Column, Table, Value};

    fn small(rows: Vec<[Value; 2]>) -> Table {
        let columns = vec![Column::text("firm"), Column::number("index")];
        let mut table = Table::new("t", "T", columns);
        rows.into_iter().for_each(|row| table.push(row.to_vec()));
        table
    }

    #[test]
    fn words_that_look_like_formulas_are_made_harmless_and_numbers_are_not_touched() {
        let rows = ["=1+1", "+86", "-x", "@home", "plain"]
            .map(|text| [Value::text(text), Value::number(-1234.5, 1)]);
        let written = table(&small(rows.to_vec()), English);
        let expected =
            "firm,index\n'=1+1,-1234.5\n'+86,-1234.5\n'-x,-1234.5\n'@home,-1234.5\nplain,-1234.5\n";
        assert_eq!(written, expected);
    }

    #[test]
    fn several_lines_become_one_and_quotes_are_kept() {
        let rows = vec![[Value::text("a \"b\", c\n† d"), Value::Absent]];
        let written = table(&small(rows), Chinese);
        assert_eq!(written, "firm,index\n\"a \"\"b\"\", c; † d\",不适用\n");
    }

    #[test]
    fn what_was_written_can_be_read_again() {
        let rows = vec![
            [Value::text("中国电信"), Value::share(0.5, 1)],
            [Value::text("x"), Value::Unknown],
        ];
        let written = table(&small(rows), Chinese);
        let mut reader = ::csv::Reader::from_reader(written.as_bytes());
        let read: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(read, [["中国电信", "0.500"], ["x", ""]]);
    }
}
