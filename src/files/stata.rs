//! Stata's files, in and out: `.dta`, read of any version, written as Stata 14 and later read them.
//!
//! - **Missing.** Stata's missing value is nothing, and so are its others, from `.a` to `.z`.
//! - **Dates** are numbers: days or milliseconds since 1960, as Stata counts them.
//! - **Floats** are what Stata makes of them: 0.1 in four bytes is 0.10000000149.

mod write;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use dta::stata::dta::characteristic_reader::CharacteristicReader;
use dta::stata::dta::dta_error::DtaError;
use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::long_string_ref::LongStringRef;
use dta::stata::dta::long_string_table::LongStringTable;
use dta::stata::dta::schema::Schema;
use dta::stata::dta::value::Value;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::dta::variable_type::VariableType;

use super::Error;
use super::labelled::{Labelled, Values, Variable, guarded};

pub use write::write;

/// Reads a file; only the variables `wanted`, if they are named.
///
/// # Errors
///
/// [`Error::Read`] if it is no such file, or damaged.
pub(super) fn read(path: &Path, wanted: Option<&[&str]>) -> Result<Labelled, Error> {
    guarded(|| table(path, wanted)).map_err(|why| Error::read(path, why))
}

/// The names of a file's variables.
///
/// # Errors
///
/// As [`read`].
pub(super) fn names(path: &Path) -> Result<Vec<String>, Error> {
    let found = guarded(|| {
        let opened = open(path)?;
        let names = opened.schema().variables().iter();
        Ok(names.map(|variable| variable.name().to_owned()).collect())
    });
    found.map_err(|why| Error::read(path, why))
}

/// What the reader said, for a person.
fn said(error: &DtaError) -> String {
    format!("it is no Stata file, or damaged: {error}")
}

fn open(path: &Path) -> Result<CharacteristicReader<BufReader<File>>, String> {
    let reader = DtaReader::new().from_path(path);
    let reader = reader.and_then(|reader| reader.read_header());
    let reader = reader.and_then(|reader| reader.read_schema());
    reader.map_err(|why| said(&why))
}

/// A column while it is read: long texts are known by where they stand until they have been read.
struct Filling {
    place: usize,
    values: Values,
    long: Vec<(usize, LongStringRef)>,
}

fn table(path: &Path, wanted: Option<&[&str]>) -> Result<Labelled, String> {
    let mut reader = open(path)?;
    reader.skip_to_end().map_err(|why| said(&why))?;
    let schema = reader.schema().clone();
    let mut columns = columns(&schema, wanted);
    let mut records = reader.into_record_reader().map_err(|why| said(&why))?;
    let mut row = 0;
    while let Some(record) = records.read_lazy_record().map_err(|why| said(&why))? {
        for column in &mut columns {
            let value = record.value(column.place).map_err(|why| said(&why))?;
            column.push(&value, row);
        }
        row += 1;
    }
    let mut strings = records
        .into_long_string_reader()
        .map_err(|why| said(&why))?;
    let mut long = LongStringTable::for_reading();
    strings
        .read_remaining_into(&mut long)
        .map_err(|why| said(&why))?;
    let encoding = strings.encoding();
    let mut sets = ValueLabelTable::new();
    strings
        .into_value_label_reader()
        .and_then(|mut reader| reader.read_remaining_into(&mut sets))
        .map_err(|why| said(&why))?;
    let mut variables = Vec::new();
    for mut column in columns {
        for (row, reference) in std::mem::take(&mut column.long) {
            let text = long.get(&reference);
            let text = text.and_then(|text| Some(text.data_str(encoding)?.trim().to_owned()));
            if let (Values::Texts(values, _), Some(text)) = (&mut column.values, text) {
                values[row] = Some(text).filter(|text| !text.is_empty());
            }
        }
        variables.push(column.variable(&schema, &sets));
    }
    Ok(Labelled::of(variables))
}

fn columns(schema: &Schema, wanted: Option<&[&str]>) -> Vec<Filling> {
    let mut columns = Vec::new();
    for (place, variable) in schema.variables().iter().enumerate() {
        if wanted.is_some_and(|wanted| !wanted.contains(&variable.name())) {
            continue;
        }
        let values = match variable.variable_type() {
            VariableType::FixedString(_) | VariableType::LongString => {
                Values::Texts(Vec::new(), Vec::new())
            }
            _ => Values::Numbers(Vec::new(), Vec::new()),
        };
        columns.push(Filling {
            place,
            values,
            long: Vec::new(),
        });
    }
    columns
}

impl Filling {
    fn push(&mut self, value: &Value<'_>, row: usize) {
        let number = match value {
            Value::Byte(byte) => byte.present().map(f64::from),
            Value::Int(int) => int.present().map(f64::from),
            Value::Long(long) => long.present().map(f64::from),
            Value::Float(float) => float.present().map(f64::from),
            Value::Double(double) => double.present(),
            Value::String(_) | Value::LongStringRef(_) => None,
        };
        match &mut self.values {
            Values::Numbers(values, _) => values.push(number.filter(|x| x.is_finite())),
            Values::Texts(values, _) => values.push(match value {
                Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
                _ => None,
            }),
        }
        if let Value::LongStringRef(reference) = value {
            self.long.push((row, *reference));
        }
    }

    fn variable(self, schema: &Schema, sets: &ValueLabelTable) -> Variable {
        let known = &schema.variables()[self.place];
        let mut values = self.values;
        if let Values::Numbers(_, labels) = &mut values
            && let Some(set) = sets.get(known.value_label_name())
        {
            let entries = set.entries().iter();
            labels.extend(entries.map(|one| (f64::from(one.value()), one.label().to_owned())));
            labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        Variable {
            name: known.name().to_owned(),
            label: known.label().to_owned(),
            values,
        }
    }
}

#[cfg(test)]
mod tests;
