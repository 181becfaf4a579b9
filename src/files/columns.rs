//! A table as columns: what goes into Parquet and comes out of it.

use crate::frame::Codes;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Texts; every cell is filled.
    Text(Vec<String>),
    /// Labels from a small set.
    Coded(Codes),
    /// Whole numbers.
    Whole(Vec<u64>),
    /// Numbers, or nothing where nothing is known.
    Real(Vec<Option<f64>>),
    /// Texts, or nothing.
    Maybe(Vec<Option<String>>),
}

impl Column {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Column::Text(values) => values.len(),
            Column::Coded(codes) => codes.len(),
            Column::Whole(values) => values.len(),
            Column::Real(values) => values.len(),
            Column::Maybe(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Named columns of one length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns(pub Vec<(String, Column)>);

impl Columns {
    /// Adds a column.
    pub fn push(&mut self, name: impl Into<String>, column: Column) {
        self.0.push((name.into(), column));
    }

    /// The column with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Column> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, column)| column)
    }

    /// A text column as codes.
    #[must_use]
    pub fn codes(&self, name: &str) -> Option<Codes> {
        match self.get(name)? {
            Column::Text(values) => Some(Codes::from_labels(values)),
            Column::Coded(codes) => Some(codes.clone()),
            _ => None,
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.0.first().map_or(0, |(_, column)| column.len())
    }
}
