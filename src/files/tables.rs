//! Tables out, by the path's ending: as text, Parquet, a workbook, or with labels for SPSS and Stata.

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::labelled::{Labelled, Values, Variable};
use super::{Column, Columns, Error, parquet, plain, spss, stata, write_bytes, write_text};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// .csv
    Csv,
    /// .parquet
    Parquet,
    /// .xlsx
    Xlsx,
    /// .sav
    Spss,
    /// .dta
    Stata,
}

impl Ending {
    /// By the path's ending; none if it says nothing.
    ///
    /// ```
    /// use canvass::files::tables::Ending;
    /// assert_eq!(Ending::of("figures.dta".as_ref()), Some(Ending::Stata));
    /// assert_eq!(Ending::of("figures".as_ref()), None);
    /// ```
    #[must_use]
    pub fn of(path: &Path) -> Option<Ending> {
        match path.extension()?.to_str()? {
            "csv" => Some(Ending::Csv),
            "parquet" => Some(Ending::Parquet),
            "xlsx" => Some(Ending::Xlsx),
            "sav" => Some(Ending::Spss),
            "dta" => Some(Ending::Stata),
            _ => None,
        }
    }
}

/// Writes a table to `path` by its ending, whole or not at all. Labels go where there is room for them:
/// text and Parquet have codes alone.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written, or its ending says nothing.
pub fn write(path: &Path, table: &Labelled) -> Result<(), Error> {
    match Ending::of(path) {
        Some(Ending::Csv) => write_text(path, &plain::csv(&columns(table))),
        Some(Ending::Parquet) => parquet::write(path, &columns(table)),
        Some(Ending::Xlsx) => {
            let book = workbook(table).map_err(|why| Error::write(path, why))?;
            write_bytes(path, &book)
        }
        Some(Ending::Spss) => spss::write(path, table),
        Some(Ending::Stata) => stata::write(path, table),
        None => Err(Error::write(path, "its ending names no format")),
    }
}

/// The table without labels.
fn columns(table: &Labelled) -> Columns {
    let mut columns = Columns::default();
    for variable in table.variables() {
        let column = match &variable.values {
            Values::Numbers(values, _) => Column::Real(values.clone()),
            Values::Texts(values, _) => Column::Maybe(values.clone()),
        };
        columns.push(&variable.name, column);
    }
    columns
}

/// One sheet: numbers are numbers, texts are texts and never formulas. The same table gives the same
/// bytes.
fn workbook(table: &Labelled) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    let (bold, quoted) = (Format::new().set_bold(), Format::new().set_quote_prefix());
    for (place, variable) in table.variables().iter().enumerate() {
        sheet.write_string_with_format(0, place as u16, &variable.name, &bold)?;
        fill(sheet, place as u16, variable, &quoted)?;
    }
    book.save_to_buffer()
}

fn fill(
    sheet: &mut rust_xlsxwriter::Worksheet,
    place: u16,
    variable: &Variable,
    quoted: &Format,
) -> Result<(), XlsxError> {
    for row in 0..variable.len() {
        let line = row as u32 + 1;
        match &variable.values {
            Values::Numbers(values, _) => {
                if let Some(value) = values[row].filter(|value| value.is_finite()) {
                    sheet.write_number(line, place, value)?;
                }
            }
            Values::Texts(values, _) => {
                if let Some(text) = &values[row] {
                    match text.starts_with(['=', '+', '-', '@']) {
                        true => sheet.write_string_with_format(line, place, text, quoted)?,
                        false => sheet.write_string(line, place, text)?,
                    };
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::files::data::Choice;
    use crate::files::labelled::{Labelled, Variable};

    #[test]
    fn a_workbook_holds_what_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.xlsx");
        let texts = vec![Some("=1+1".to_owned()), None, Some("渝中区".to_owned())];
        let numbers = vec![Some(0.1 + 0.2), Some(-1e9), None];
        let table = Labelled::of(vec![
            Variable::texts("of", "", texts.clone()),
            Variable::numbers("weight", "", numbers),
        ]);
        write(&path, &table).expect("can be written");
        let back = Labelled::read(&path, &Choice::default(), None).expect("can be read");
        let back = back.expect("a workbook");
        let cells = |name: &str| back.get(name).expect("there").cells(false);
        assert_eq!(cells("of"), texts);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            cells("weight"),
            [text("0.30000000000000004"), text("-1000000000"), None]
        );
    }
}
