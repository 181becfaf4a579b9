//! Where a filter finds what it compares.

use crate::files::data::Data;

/// Columns by name, all of the same rows.
pub(crate) trait Cells {
    /// How many rows there are.
    fn rows(&self) -> usize;

    /// A column as numbers; none if some cell is anything else.
    fn numbers_if_any(&self, column: &str) -> Result<Option<Vec<Option<f64>>>, crate::Error>;

    /// A column as texts; none where a cell is blank.
    fn texts(&self, column: &str) -> Result<Vec<Option<String>>, crate::Error>;
}

impl Cells for Data {
    fn rows(&self) -> usize {
        Data::rows(self)
    }

    fn numbers_if_any(&self, column: &str) -> Result<Option<Vec<Option<f64>>>, crate::Error> {
        Ok(Data::numbers_if_any(self, column)?)
    }

    fn texts(&self, column: &str) -> Result<Vec<Option<String>>, crate::Error> {
        Ok(Data::texts(self, column)?)
    }
}
