//! Columns by name.

use std::collections::BTreeMap;

use super::Error;
use crate::field::Item;

/// A column, one entry per drawn unit; none where nothing is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Of numbers.
    Numbers(Vec<Option<f64>>),
    /// Of labels.
    Labels(Vec<Option<String>>),
}

/// Columns by name, all of the length of the sample.
///
/// ```
/// use canvass::estimate::expression::Table;
/// let table = Table::default()
///     .with_numbers("age", vec![Some(31.0), None])
///     .with_labels("region", vec![Some("north".into()), Some("south".into())]);
/// assert_eq!(table.names(), ["age", "region"]);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: BTreeMap<String, Column>,
}

impl Table {
    /// The answers of items.
    #[must_use]
    pub fn of(items: &[Item]) -> Table {
        let mut table = Table::default();
        for item in items {
            table = table.with_numbers(&item.name, item.values.clone());
        }
        table
    }

    /// With a column of numbers.
    #[must_use]
    pub fn with_numbers(self, name: &str, values: Vec<Option<f64>>) -> Table {
        self.with(name, Column::Numbers(values))
    }

    /// With a column of labels.
    #[must_use]
    pub fn with_labels(self, name: &str, values: Vec<Option<String>>) -> Table {
        self.with(name, Column::Labels(values))
    }

    /// With a column; one of the same name gives way.
    #[must_use]
    pub fn with(mut self, name: &str, column: Column) -> Table {
        self.columns.insert(name.to_owned(), column);
        self
    }

    /// What the columns are called, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.columns.keys().map(String::as_str).collect()
    }

    /// A column.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`] if there is none of this name.
    pub fn column(&self, name: &str) -> Result<&Column, Error> {
        self.columns.get(name).ok_or_else(|| Error::NoColumn {
            column: name.to_owned(),
            there: self.columns.keys().cloned().collect(),
        })
    }
}
