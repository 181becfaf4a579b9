//! Some columns of Parquet files, one file below another.

use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::{Column as Series, DataFrame, DataType, ParquetReader, SerReader};

use super::Error;
use super::parquet::guarded;
use crate::frame::Numbers;

/// A table of so many cells is short, and read at once. Of a longer one each column is read when it is
/// asked for: what it becomes is as large as what it was, and no two columns need be held for that.
const SHORT: usize = 1 << 22;

/// Columns with their types.
pub(super) struct Typed {
    files: Vec<PathBuf>,
    rows: usize,
    /// All columns, of a short table.
    whole: Option<DataFrame>,
}

impl Typed {
    /// These columns of files, which have them.
    pub fn open(files: Vec<PathBuf>, columns: &[&str]) -> Result<Typed, Error> {
        let mut rows = 0;
        for path in &files {
            let found = guarded(|| ParquetReader::new(File::open(path)?).num_rows());
            rows += found.map_err(|why| Error::read(path, why))?;
        }
        let is_short = rows.saturating_mul(columns.len()) <= SHORT;
        let whole = is_short.then(|| stacked(&files, columns)).transpose()?;
        Ok(Typed { files, rows, whole })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Result<Series, Error> {
        let read;
        let table = match &self.whole {
            Some(whole) => whole,
            None => {
                read = stacked(&self.files, &[name])?;
                &read
            }
        };
        let path = self.files.first().map_or(Path::new(""), PathBuf::as_path);
        let column = table.column(name).cloned();
        column.map_err(|why| Error::read(path, why))
    }
}

/// Some columns of Parquet files, one below another.
fn stacked(files: &[PathBuf], columns: &[&str]) -> Result<DataFrame, Error> {
    let mut whole: Option<DataFrame> = None;
    for path in files {
        let table = guarded(|| {
            ParquetReader::new(File::open(path)?)
                .with_columns(Some(
                    columns.iter().map(|&column| column.to_owned()).collect(),
                ))
                .finish()
        })
        .map_err(|why| Error::read(path, why))?;
        match &mut whole {
            None => whole = Some(table),
            Some(whole) => {
                whole
                    .vstack_mut(&table)
                    .map_err(|why| Error::read(path, why))?;
            }
        }
    }
    Ok(whole.unwrap_or_default())
}

/// A column as texts. Numbers are written as short as they can be.
pub(super) fn texts(column: &Series) -> Result<Vec<Option<String>>, String> {
    if column.dtype().is_float() {
        let values = numbers(column)?.unwrap_or_default();
        let text = |value: Option<f64>| value.map(|x| x.to_string());
        return Ok(values.iter().map(text).collect());
    }
    let series = column
        .cast(&DataType::String)
        .map_err(|why| why.to_string())?;
    let cells = series.str().map_err(|why| why.to_string())?;
    let filled = |text: &&str| !text.is_empty();
    Ok(cells
        .iter()
        .map(|cell| cell.map(str::trim).filter(filled).map(str::to_owned))
        .collect())
}

/// A typed column's numbers; none of a column of texts, which may hold some.
pub(super) fn numbers(column: &Series) -> Result<Option<Numbers>, String> {
    let dtype = column.dtype();
    if !(dtype.is_primitive_numeric() || *dtype == DataType::Boolean || *dtype == DataType::Null) {
        return match dtype {
            DataType::String | DataType::Categorical(..) | DataType::Enum(..) => Ok(None),
            other => Err(format!(
                "column '{}' holds {other}, and numbers are needed",
                column.name()
            )),
        };
    }
    let series = column
        .cast(&DataType::Float64)
        .map_err(|why| why.to_string())?;
    let values = series.f64().map_err(|why| why.to_string())?;
    let mut numbers = Numbers::with_room(values.len());
    for part in values.downcast_iter() {
        let all = part.values().as_slice();
        if part.validity().is_none() && !all.iter().any(|x| x.is_nan()) {
            numbers.extend_all(all);
        } else {
            let known = |value: Option<&f64>| value.copied().filter(|x| !x.is_nan());
            numbers.extend(part.iter().map(known));
        }
    }
    Ok(Some(numbers))
}
