//! A document's tables as a workbook.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Error, width};
use crate::language::{Language, Words};
use crate::math::decimal;
use crate::report::{Column, Document, Table, Value};

/// Characters that a sheet's name may not hold.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// The longest name of a sheet, in UTF-16 units.
const LONGEST: usize = 31;

/// Columns are as wide as their content, within these limits.
const WIDTHS: (usize, usize) = (9, 46);

/// The height of a line of text, in points.
const LINE: f64 = 15.0;

/// Gives a workbook with one sheet per table, after a sheet of contents.
///
/// Numbers are numbers, rounded as the page prints them. Words are text cells and can never become
/// formulas. The same document gives the same bytes.
///
/// # Errors
///
/// [`Error::Sheet`] if the library refuses, such as for more rows than a sheet holds.
pub fn workbook(document: &Document) -> Result<Vec<u8>, Error> {
    let mut workbook = Workbook::new();
    let refused = |name: &str| {
        let name = name.to_owned();
        move |why: XlsxError| Error::Sheet {
            name: name.clone(),
            why: why.to_string(),
        }
    };
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refused(&document.title))?;
    let properties = DocProperties::new()
        .set_title(&document.title)
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);

    let contents = Words::new("Contents", "目录").say(document.language);
    let mut names = vec![contents.to_owned()];
    for table in document.tables() {
        let name = legal(&table.name, &names);
        names.push(name);
    }
    let first = workbook.add_worksheet();
    contents_sheet(first, document, &names).map_err(refused(contents))?;
    for (table, name) in document.tables().zip(&names[1..]) {
        let sheet = workbook.add_worksheet();
        table_sheet(sheet, table, name, document.language).map_err(refused(name))?;
    }
    workbook.save_to_buffer().map_err(refused(&document.title))
}

/// The first sheet: what the others hold, with links to them.
fn contents_sheet(
    sheet: &mut Worksheet,
    document: &Document,
    names: &[String],
) -> Result<(), XlsxError> {
    let say = |en, zh| Words::new(en, zh).say(document.language);
    sheet.set_name(&names[0])?;
    let title = Format::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, &document.title, &title)?;
    let heading = heading(false);
    for (column, text) in [
        say("sheet", "工作表"),
        say("what it shows", "内容"),
        say("rows", "行数"),
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write_string_with_format(2, column as u16, text, &heading)?;
    }
    for (i, (table, name)) in document.tables().zip(&names[1..]).enumerate() {
        let row = 3 + i as u32;
        sheet.write_url_with_text(row, 0, format!("internal:'{name}'!A1").as_str(), name)?;
        sheet.write_string(row, 1, &table.caption)?;
        sheet.write_number(row, 2, table.rows.len() as f64)?;
    }
    sheet
        .set_column_width(0, 26)?
        .set_column_width(1, 70)?
        .set_column_width(2, 9)?;
    Ok(())
}

fn table_sheet(
    sheet: &mut Worksheet,
    table: &Table,
    name: &str,
    language: Language,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 1)?;
    for (at, column) in table.columns.iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, &column.title, &heading(column.right))?;
        sheet.set_column_width(at as u16, column_width(table, at, language) as f64)?;
    }
    for (at, row) in table.rows.iter().enumerate() {
        let line = at as u32 + 1;
        for (at, (value, column)) in row.iter().zip(&table.columns).enumerate() {
            write(sheet, line, at as u16, value, column, language)?;
        }
        let lines = row
            .iter()
            .map(|value| value.say(language).lines().count())
            .max();
        if let Some(lines @ 2..) = lines {
            sheet.set_row_height(line, LINE * lines as f64)?;
        }
    }
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0); // A4
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    value: &Value,
    column: &Column,
    language: Language,
) -> Result<(), XlsxError> {
    let format = Format::new().set_align(FormatAlign::Top);
    match value {
        Value::Whole(count) => {
            sheet.write_number_with_format(
                row,
                at,
                *count as f64,
                &format.set_num_format("#,##0"),
            )?;
        }
        Value::Number { value, places } if value.is_finite() => {
            let places = usize::from(*places);
            let format = format.set_num_format(with_places("#,##0", places, ""));
            sheet.write_number_with_format(row, at, decimal::rounded(*value, places), &format)?;
        }
        Value::Share { value, places } if value.is_finite() => {
            let places = usize::from(*places);
            let format = format.set_num_format(with_places("0", places, "%"));
            sheet.write_number_with_format(
                row,
                at,
                decimal::rounded(*value, places + 2),
                &format,
            )?;
        }
        _ => {
            let text = value.say(language);
            let side = if column.right {
                FormatAlign::Right
            } else {
                FormatAlign::Left
            };
            let mut format = format.set_align(side);
            if text.contains('\n') {
                format = format.set_text_wrap();
            }
            if super::csv::harmless(&text) != text {
                format = format.set_quote_prefix();
            }
            sheet.write_string_with_format(row, at, text, &format)?;
        }
    }
    Ok(())
}

/// A heading's format.
fn heading(right: bool) -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Thin)
        .set_background_color(0x00EE_F2F5)
        .set_align(FormatAlign::Bottom)
        .set_align(if right {
            FormatAlign::Right
        } else {
            FormatAlign::Left
        })
}

/// "#,##0", 2 → "#,##0.00".
fn with_places(whole: &str, places: usize, unit: &str) -> String {
    match places {
        0 => format!("{whole}{unit}"),
        places => format!("{whole}.{}{unit}", "0".repeat(places)),
    }
}

/// As wide as the widest line of the column; a long heading wraps and may be narrower.
fn column_width(table: &Table, at: usize, language: Language) -> usize {
    let widest = |text: &str| text.lines().map(width::columns).max().unwrap_or(0);
    let content = table
        .rows
        .iter()
        .map(|row| widest(&row[at].say(language)))
        .max()
        .unwrap_or(0);
    let heading = widest(&table.columns[at].title).min(16);
    (content.max(heading) + 2).clamp(WIDTHS.0, WIDTHS.1)
}

/// A name that a sheet may have and no other has yet.
fn legal(name: &str, taken: &[String]) -> String {
    let clean: String = name
        .chars()
        .map(|c| {
            if FORBIDDEN.contains(&c) || c.is_control() {
                '-'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim_matches('\'');
    let clean = if clean.is_empty() || clean.eq_ignore_ascii_case("history") {
        "table"
    } else {
        clean
    };
    let free = |name: &String| {
        !taken
            .iter()
            .any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let numbered = (2..).map(|number| {
        let tail = format!(" {number}");
        cut(clean, LONGEST - tail.len()) + &tail
    });
    std::iter::once(cut(clean, LONGEST))
        .chain(numbered)
        .find(free)
        .expect("numbers do not run out")
}

/// The beginning of `text`, at most `units` UTF-16 units of it.
fn cut(text: &str, units: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= units
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::{legal, workbook};
    use crate::language::Language::Chinese;
    use crate::math::decimal;
    use crate::report::{Block, Column, Document, Table, Value};

    fn written() -> (Table, Vec<u8>) {
        let columns = vec![
            Column::text("企业"),
            Column::number("指数"),
            Column::number("占比"),
        ];
        let mut table = Table::new("index", "用户满意度指数", columns);
        table.push(vec![
            Value::text("中国电信"),
            Value::number(78.345, 2),
            Value::share(0.0721, 1),
        ]);
        table.push(vec![
            Value::text("=HYPERLINK(\"x\")"),
            Value::Absent,
            Value::Unknown,
        ]);
        table.push(vec![
            Value::text("78.35\n较满意"),
            Value::Whole(290_000),
            Value::number(-0.5, 1),
        ]);
        let blocks = vec![Block::Table(table.clone())];
        let document = Document {
            title: "测评".into(),
            language: Chinese,
            blocks,
        };
        (table, workbook(&document).expect("a workbook"))
    }

    #[test]
    fn what_was_written_can_be_read_again() {
        let (table, bytes) = written();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        assert_eq!(read.sheet_names(), ["目录", "index"]);
        let range = read.worksheet_range("index").expect("a sheet");
        for (at, row) in table.rows.iter().enumerate() {
            for (column, value) in row.iter().enumerate() {
                let cell = range.get((at + 1, column)).expect("a cell");
                let expected = match value {
                    Value::Whole(count) => Data::Float(*count as f64),
                    Value::Number { value, places } => {
                        Data::Float(decimal::rounded(*value, usize::from(*places)))
                    }
                    Value::Share { value, places } => {
                        Data::Float(decimal::rounded(*value, usize::from(*places) + 2))
                    }
                    words => Data::String(words.say(Chinese)),
                };
                assert_eq!(*cell, expected, "row {at}, column {column}");
            }
        }
    }

    #[test]
    fn words_never_become_formulas() {
        let (_, bytes) = written();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        let formulas = read.worksheet_formula("index").expect("a sheet");
        assert_eq!(formulas.used_cells().count(), 0);
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        assert_eq!(written().1, written().1);
    }

    #[test]
    fn names_of_sheets_are_legal_and_unique() {
        let long = "各业务各企业用户满意度指数及其置信区间的一览表以及更多更多的说明文字";
        let mut taken = vec!["Contents".to_owned()];
        for name in ["a/b:c", "Index", "index", "", "history", long, long] {
            let name = legal(name, &taken);
            assert!(
                name.encode_utf16().count() <= 31 && !name.is_empty(),
                "{name}"
            );
            taken.push(name);
        }
        assert_eq!(
            taken[1..6],
            ["a-b-c", "Index", "index 2", "table", "table 2"]
        );
        assert_ne!(taken[6], taken[7]);
    }
}
