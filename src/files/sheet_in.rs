//! Workbooks in: one sheet as a table, whose first row is the heading.

use std::path::Path;

use calamine::{CellErrorType, Data, ExcelDateTime, Range, Reader, open_workbook_auto};

use super::Error;
use super::labelled::{Labelled, Variable, guarded};

/// Reads the sheet of that name, or the first one; only the columns `wanted`, if they are named.
///
/// Cells become texts: numbers as short as they can be, dates as 2025-03-01. Blanks and #N/A are
/// nothing. Rows in which nothing stands are left out at the end.
///
/// # Errors
///
/// [`Error::Read`] if it is no workbook, or has no such sheet.
pub(super) fn read(
    path: &Path,
    sheet: Option<&str>,
    wanted: Option<&[&str]>,
) -> Result<Labelled, Error> {
    let range = guarded(|| {
        let mut book = open_workbook_auto(path).map_err(|why| why.to_string())?;
        let names = book.sheet_names();
        let chosen = match sheet {
            None => names.first().ok_or("it has no sheets")?,
            Some(sheet) => {
                let known = || crate::advice::list(&names);
                let missing = || format!("it has no sheet '{sheet}'; there are {}", known());
                names
                    .iter()
                    .find(|name| *name == sheet)
                    .ok_or_else(missing)?
            }
        };
        book.worksheet_range(chosen).map_err(|why| why.to_string())
    })
    .map_err(|why| Error::read(path, why))?;
    let mut variables = Vec::new();
    for (place, name) in headings(&range).into_iter().enumerate() {
        let name = match name {
            Some(name) => name,
            // A column without a heading is nobody's, but may hold no answers either.
            None if column(&range, place).iter().all(Option::is_none) => continue,
            None => {
                let why = format!("column {} has no heading", place + 1);
                return Err(Error::read(path, why));
            }
        };
        if wanted.is_none_or(|wanted| wanted.contains(&name.as_str())) {
            variables.push(Variable::texts(&name, "", column(&range, place)));
        }
    }
    Ok(Labelled::of(variables))
}

fn headings(range: &Range<Data>) -> Vec<Option<String>> {
    let first = range.rows().next().unwrap_or_default();
    first.iter().map(text).collect()
}

/// The cells of a column, without the heading and without blank rows at the end of the sheet.
fn column(range: &Range<Data>, place: usize) -> Vec<Option<String>> {
    let filled = |row: &&[Data]| row.iter().any(|cell| text(cell).is_some());
    let last = range.rows().rposition(|row| filled(&row)).unwrap_or(0);
    let rows = range.rows().take(last + 1).skip(1);
    rows.map(|row| row.get(place).and_then(text)).collect()
}

fn text(cell: &Data) -> Option<String> {
    let text = match cell {
        Data::Empty | Data::Error(CellErrorType::NA) => return None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            text.trim().to_owned()
        }
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => String::from(if *yes { "TRUE" } else { "FALSE" }),
        Data::DateTime(moment) if moment.is_datetime() => date(moment),
        Data::DateTime(duration) => duration.as_f64().to_string(),
        Data::Error(error) => error.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// "2025-03-01", or with its time if it has one.
fn date(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => day,
        _ => format!("{day}T{hour:02}:{minute:02}:{second:02}"),
    }
}
