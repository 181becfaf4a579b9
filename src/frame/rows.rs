//! A list that is already in memory.

use super::{Batch, Error, List, Visit};

/// Rows per batch: small, so that short lists too are read in several pieces.
const BATCH: usize = 4_096;

/// A short list held in memory, column by column.
///
/// ```
/// use canvass::frame::{List, Rows};
/// let list = Rows::new("town", &["id", "side"], &[&["1", "north"], &["2", "south"]]);
/// assert_eq!(list.rows(), Some(2));
/// ```
#[derive(Debug, Clone)]
pub struct Rows {
    name: String,
    columns: Vec<String>,
    /// By column, then row.
    cells: Vec<Vec<Option<String>>>,
}

impl Rows {
    /// A list of these rows; empty cells are blank.
    #[must_use]
    pub fn new<R: AsRef<[T]>, T: AsRef<str>>(name: &str, columns: &[&str], rows: &[R]) -> Rows {
        let cell = |row: &R, place: usize| {
            Some(row.as_ref()[place].as_ref().to_owned()).filter(|text| !text.is_empty())
        };
        Rows {
            name: name.to_owned(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            cells: (0..columns.len())
                .map(|place| rows.iter().map(|row| cell(row, place)).collect())
                .collect(),
        }
    }

    fn place(&self, column: &str) -> Result<usize, Error> {
        self.columns
            .iter()
            .position(|known| known == column)
            .ok_or_else(|| Error::NoColumns {
                list: self.name.clone(),
                missing: vec![column.to_owned()],
                there: self.columns.clone(),
            })
    }
}

impl List for Rows {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns(&self) -> Result<Vec<String>, Error> {
        Ok(self.columns.clone())
    }

    fn rows(&self) -> Option<u64> {
        self.cells.first().map(|column| column.len() as u64)
    }

    fn scan(&self, columns: &[&str], visit: &Visit<'_>) -> Result<(), Error> {
        let places: Vec<usize> = columns
            .iter()
            .map(|column| self.place(column))
            .collect::<Result<_, _>>()?;
        let rows = self.cells.first().map_or(0, Vec::len);
        for first in (0..rows).step_by(BATCH) {
            let last = rows.min(first + BATCH);
            let cut: Vec<Vec<Option<&str>>> = places
                .iter()
                .map(|&place| {
                    self.cells[place][first..last]
                        .iter()
                        .map(Option::as_deref)
                        .collect()
                })
                .collect();
            visit(&Batch {
                first_row: first as u64,
                columns: &cut,
            })?;
        }
        Ok(())
    }
}
