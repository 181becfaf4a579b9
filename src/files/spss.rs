//! SPSS's files, in and out: `.sav` and `.zsav`.
//!
//! ```text
//! header · variables · value labels · extensions (long names, very long texts, encoding) · cases
//! ```
//!
//! Read is what SPSS writes since its version 6, of either byte order, in any encoding it names, as it
//! is or compressed by either of its two ways. Written is what every version since 14 reads: UTF-8,
//! little-endian, compressed by the first way.
//!
//! - **Missing.** The system's missing value is nothing, and so are values that the file declares as
//!   missing: up to three, or a range and one more.
//! - **Dates** are numbers: seconds since 14 October 1582, as SPSS counts them.
//! - **Source.** The PSPP developers' guide, "System File Format".

mod bytes;

mod dictionary;

mod cases;

mod write;

use std::path::Path;

use super::Error;
use super::labelled::{Labelled, Values, Variable, guarded};
use cases::Cases;
use dictionary::{Described, Dictionary};

pub use write::write;

/// Reads a file; only the variables `wanted`, if they are named.
///
/// # Errors
///
/// [`Error::Read`] if it is no such file, is cut off, or says things of itself that cannot be.
pub(super) fn read(path: &Path, wanted: Option<&[&str]>) -> Result<Labelled, Error> {
    let bytes = std::fs::read(path).map_err(|why| Error::read(path, why))?;
    guarded(|| table(&bytes, wanted)).map_err(|why| Error::read(path, why))
}

/// The names of a file's variables.
///
/// # Errors
///
/// As [`read`].
pub(super) fn names(path: &Path) -> Result<Vec<String>, Error> {
    let bytes = std::fs::read(path).map_err(|why| Error::read(path, why))?;
    let found = guarded(|| Dictionary::read(&bytes)).map_err(|why| Error::read(path, why))?;
    let names = found.variables.into_iter().map(|variable| variable.name);
    Ok(names.collect())
}

fn table(bytes: &[u8], wanted: Option<&[&str]>) -> Result<Labelled, String> {
    let dictionary = Dictionary::read(bytes)?;
    let is_wanted =
        |one: &&Described| wanted.is_none_or(|wanted| wanted.contains(&one.name.as_str()));
    let chosen: Vec<&Described> = dictionary.variables.iter().filter(is_wanted).collect();
    let mut columns: Vec<Values> = chosen.iter().map(|one| one.values()).collect();
    let mut cases = Cases::of(bytes, &dictionary)?;
    while let Some(case) = cases.next()? {
        for (column, one) in columns.iter_mut().zip(&chosen) {
            match column {
                Values::Numbers(values, _) => values.push(one.number(case)),
                Values::Texts(values, _) => values.push(one.text(case)),
            }
        }
    }
    let variable = |(one, values): (&Described, Values)| Variable {
        name: one.name.clone(),
        label: one.label.clone(),
        values,
    };
    Ok(Labelled::of(
        chosen.into_iter().zip(columns).map(variable).collect(),
    ))
}

#[cfg(test)]
mod tests;
