//! Tables whose every cell is text, as call lists must be: no spreadsheet may make a float of a
//! telephone number, nor a formula of a name.

use std::io::Write;
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, GB18030, UTF_8};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::{Column, Columns, Error, Whole, encoding, parquet};
use crate::field::neutralise;

/// Rows of one spreadsheet, below Excel's 1 048 576 with its heading.
pub const SHEET_ROWS: usize = 1_000_000;

/// How a table of texts is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// CSV that every program reads: UTF-8 without a mark.
    CsvUtf8,
    /// CSV that Excel and WPS read: UTF-8 with a byte-order mark.
    CsvMarked,
    /// CSV for programs that know nothing else: GB18030.
    CsvGb18030,
    /// A spreadsheet, in parts of a million rows.
    Xlsx,
    /// Parquet.
    Parquet,
}

impl TextFormat {
    fn ending(self) -> &'static str {
        match self {
            TextFormat::CsvUtf8 | TextFormat::CsvMarked | TextFormat::CsvGb18030 => "csv",
            TextFormat::Xlsx => "xlsx",
            TextFormat::Parquet => "parquet",
        }
    }

    /// The encoding, and whether a byte-order mark stands in front.
    fn encoding(self) -> (&'static Encoding, bool) {
        match self {
            TextFormat::CsvMarked => (UTF_8, true),
            TextFormat::CsvGb18030 => (GB18030, false),
            _ => (UTF_8, false),
        }
    }
}

/// A file that was written, and how many rows it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Rows, without the heading.
    pub rows: usize,
}

/// Writes a table to `folder`, under `name` and the format's ending; spreadsheets in as many parts
/// as they need.
///
/// # Errors
///
/// [`Error::Write`], or [`Error::Unencodable`] names a letter that the encoding lacks.
pub fn write(
    folder: &Path,
    name: &str,
    format: TextFormat,
    heading: &[String],
    rows: &[Vec<String>],
) -> Result<Vec<Written>, Error> {
    let room = if format == TextFormat::Xlsx {
        SHEET_ROWS
    } else {
        usize::MAX
    };
    write_in_parts(folder, name, format, heading, rows, room)
}

fn write_in_parts(
    folder: &Path,
    name: &str,
    format: TextFormat,
    heading: &[String],
    rows: &[Vec<String>],
    room: usize,
) -> Result<Vec<Written>, Error> {
    let parts: Vec<&[Vec<String>]> = if rows.is_empty() {
        vec![rows]
    } else {
        rows.chunks(room).collect()
    };
    let many = parts.len();
    let mut written = Vec::new();
    for (i, part) in parts.into_iter().enumerate() {
        let suffix = if many > 1 {
            format!("-part-{}-of-{many}", i + 1)
        } else {
            String::new()
        };
        let path = folder.join(format!("{name}{suffix}.{}", format.ending()));
        match format {
            TextFormat::Xlsx => write_sheet(&path, heading, part)?,
            TextFormat::Parquet => parquet::write(&path, &columns(heading, part))?,
            _ => write_csv(&path, format, heading, part)?,
        }
        written.push(Written {
            path,
            rows: part.len(),
        });
    }
    Ok(written)
}

fn columns(heading: &[String], rows: &[Vec<String>]) -> Columns {
    let column = |place: usize| Column::Text(rows.iter().map(|row| row[place].clone()).collect());
    Columns(
        heading
            .iter()
            .enumerate()
            .map(|(i, name)| (name.clone(), column(i)))
            .collect(),
    )
}

fn write_csv(
    path: &Path,
    format: TextFormat,
    heading: &[String],
    rows: &[Vec<String>],
) -> Result<(), Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let mut put = |row: &[String]| {
        writer
            .write_record(row.iter().map(|cell| Bytes(neutralise(cell))))
            .map_err(|why| Error::write(path, why))
    };
    put(heading)?;
    for row in rows {
        put(row)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|why| Error::write(path, why.error()))?;
    let text = String::from_utf8(bytes).map_err(|why| Error::write(path, why))?;
    let (to, mark) = format.encoding();
    let mut file = Whole::create(path)?;
    file.write_all(&encoding::encode(path, &text, to, mark)?)
        .map_err(|why| Error::write(path, why))?;
    file.keep()
}

/// A text as the bytes that the CSV writer wants.
struct Bytes<'a>(std::borrow::Cow<'a, str>);

impl AsRef<[u8]> for Bytes<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn write_sheet(path: &Path, heading: &[String], rows: &[Vec<String>]) -> Result<(), Error> {
    let file = Whole::create(path)?;
    let fill = || -> Result<(), XlsxError> {
        let mut book = Workbook::new();
        // A fixed date: the same list makes the same bytes.
        let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&date));
        let text = Format::new().set_num_format("@");
        let bold = Format::new().set_num_format("@").set_bold();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, name) in heading.iter().enumerate() {
            sheet.set_column_width(column as u16, 18)?;
            sheet.write_string_with_format(0, column as u16, name, &bold)?;
        }
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string_with_format(row as u32 + 1, column as u16, cell, &text)?;
            }
        }
        book.save_to_writer(
            file.handle()
                .map_err(|why| XlsxError::IoError(std::io::Error::other(why)))?,
        )
    };
    fill().map_err(|why| Error::write(path, why))?;
    file.keep()
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx, open_workbook};

    use super::{TextFormat, write, write_in_parts};

    fn heading() -> Vec<String> {
        vec!["case_id".into(), "phone".into(), "note".into()]
    }

    fn rows() -> Vec<Vec<String>> {
        vec![
            vec!["A".into(), "02312345678".into(), "=1+1".into()],
            vec!["B".into(), "10123456789".into(), "渝中区".into()],
            vec!["C".into(), "10123456780".into(), "-x".into()],
        ]
    }

    #[test]
    fn a_spreadsheet_holds_texts_and_no_formulas() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = write(
            folder.path(),
            "calls",
            TextFormat::Xlsx,
            &heading(),
            &rows(),
        )
        .expect("writes");
        let mut book: Xlsx<_> = open_workbook(&written[0].path).expect("opens");
        let sheet = book.worksheet_range_at(0).expect("a sheet").expect("reads");
        let all: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
        assert_eq!(all.len(), 4);
        assert_eq!(all[1][1], Data::String("02312345678".into()));
        assert_eq!(all[1][2], Data::String("=1+1".into()));
        assert!(
            all.iter()
                .flatten()
                .all(|cell| matches!(cell, Data::String(_)))
        );
    }

    #[test]
    fn a_long_list_is_split_and_nothing_is_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = write_in_parts(
            folder.path(),
            "calls",
            TextFormat::Xlsx,
            &heading(),
            &rows(),
            2,
        )
        .expect("writes");
        assert_eq!(written.iter().map(|w| w.rows).collect::<Vec<_>>(), [2, 1]);
        assert!(written[1].path.ends_with("calls-part-2-of-2.xlsx"));
    }

    #[test]
    fn csv_for_excel_has_a_mark_and_harmless_cells() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = write(
            folder.path(),
            "calls",
            TextFormat::CsvMarked,
            &heading(),
            &rows(),
        )
        .expect("writes");
        let text = std::fs::read_to_string(&written[0].path).expect("reads");
        assert_eq!(
            text,
            "\u{feff}case_id,phone,note\r\nA,02312345678,'=1+1\r\nB,10123456789,渝中区\r\nC,10123456780,'-x\r\n"
        );
        let gb = write(
            folder.path(),
            "gb",
            TextFormat::CsvGb18030,
            &heading(),
            &rows(),
        )
        .expect("writes");
        let bytes = std::fs::read(&gb[0].path).expect("reads");
        assert!(encoding_rs::GB18030.decode(&bytes).0.contains("渝中区"));
        assert!(std::str::from_utf8(&bytes).is_err());
    }

    #[test]
    fn the_same_list_makes_the_same_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let bytes = |name: &str, format| {
            let written = write(folder.path(), name, format, &heading(), &rows()).expect("writes");
            std::fs::read(&written[0].path).expect("reads")
        };
        for format in [TextFormat::Xlsx, TextFormat::Parquet, TextFormat::CsvUtf8] {
            assert_eq!(bytes("one", format), bytes("two", format), "{format:?}");
        }
    }
}
