//! A whole table, as the artefacts of a study are kept.

use std::fs::File;
use std::path::Path;

use polars::prelude::{
    Column as Series, DataFrame, DataType, IntoColumn, NamedFrom, ParquetCompression,
    ParquetReader, ParquetWriter, PolarsError, SerReader,
};

use super::guarded;
use crate::files::{Column, Columns, Error, Whole};

/// Writes a table to `path`, whole or not at all.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written.
pub fn write(path: &Path, columns: &Columns) -> Result<(), Error> {
    let file = Whole::create(path)?;
    let mut table = frame_of(columns).map_err(|why| Error::write(path, why))?;
    ParquetWriter::new(file.handle()?)
        .with_compression(ParquetCompression::Zstd(None))
        .finish(&mut table)
        .map_err(|why| Error::write(path, why))?;
    file.keep()
}

fn frame_of(columns: &Columns) -> Result<DataFrame, PolarsError> {
    let series = columns
        .0
        .iter()
        .map(|(name, column)| series_of(name, column))
        .collect();
    DataFrame::new(columns.rows(), series)
}

fn series_of(name: &str, column: &Column) -> Series {
    use polars::prelude::Series as Values;
    let name = name.into();
    match column {
        Column::Text(values) => Values::new(name, values),
        Column::Coded(codes) => {
            let labels: Vec<&str> = (0..codes.len()).map(|row| codes.label(row)).collect();
            Values::new(name, labels)
        }
        Column::Whole(values) => Values::new(name, values),
        Column::Real(values) => Values::new(name, values),
        Column::Maybe(values) => Values::new(name, values),
    }
    .into_column()
}

/// Reads a whole table: texts, whole numbers and numbers, as they were written.
///
/// # Errors
///
/// [`Error::Read`] if it cannot be read.
pub fn read(path: &Path) -> Result<Columns, Error> {
    let table = guarded(|| ParquetReader::new(File::open(path)?).finish())
        .map_err(|why| Error::read(path, why))?;
    let mut columns = Columns::default();
    for series in table.columns() {
        let column = column_of(series).map_err(|why| Error::read(path, why))?;
        columns.push(series.name().to_string(), column);
    }
    Ok(columns)
}

fn column_of(series: &Series) -> Result<Column, String> {
    let say = |why: PolarsError| why.to_string();
    match series.dtype() {
        DataType::UInt64 => {
            let values = series.u64().map_err(say)?;
            values
                .iter()
                .map(|value| value.ok_or(format!("column '{}' has blanks", series.name())))
                .collect::<Result<_, _>>()
                .map(Column::Whole)
        }
        DataType::Float64 => Ok(Column::Real(series.f64().map_err(say)?.iter().collect())),
        DataType::String => {
            let values = series.str().map_err(say)?;
            if values.null_count() == 0 {
                Ok(Column::Text(
                    values.iter().flatten().map(str::to_owned).collect(),
                ))
            } else {
                Ok(Column::Maybe(
                    values.iter().map(|v| v.map(str::to_owned)).collect(),
                ))
            }
        }
        other => Err(format!(
            "column '{}' holds {other}, which no table of a study does",
            series.name()
        )),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Column, Columns, read, write};

    /// A column of every kind.
    pub fn table() -> Columns {
        let mut columns = Columns::default();
        columns.push(
            "id",
            Column::Text(vec!["007".into(), "008".into(), "009".into()]),
        );
        columns.push("row", Column::Whole(vec![5, 6, 7]));
        columns.push(
            "weight",
            Column::Real(vec![Some(1.5), None, Some(0.1 + 0.2)]),
        );
        columns.push(
            "note",
            Column::Maybe(vec![None, Some("渝中区".into()), None]),
        );
        columns
    }

    #[test]
    fn reading_what_was_written_gives_what_there_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        write(&path, &table()).expect("can be written");
        assert_eq!(read(&path).expect("can be read"), table());
    }
}
