//! Parquet: lists of any length, and the tables of a study. With `register`, the files that name
//! polars.

mod list;

mod table;

pub use list::ParquetList;
pub use table::{read, write};

use std::panic::AssertUnwindSafe;

use polars::prelude::PolarsError;

/// Runs a reader that may panic on a file that is not what it says.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, PolarsError>) -> Result<T, String> {
    match std::panic::catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}
