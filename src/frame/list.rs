//! A list of units, read in batches and never held.

use super::Error;

/// Some consecutive rows of a list: for each column asked for, one text or nothing per row.
#[derive(Debug)]
pub struct Batch<'a> {
    /// Where the first of these rows stands in the list, counted from 0.
    pub first_row: u64,
    /// In the order in which the columns were asked for. Blank cells are `None`.
    pub columns: &'a [Vec<Option<&'a str>>],
}

impl Batch<'_> {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }
}

/// What is done with each batch. Batches come from several threads, in any order.
pub type Visit<'v> = dyn Fn(&Batch<'_>) -> Result<(), Error> + Sync + 'v;

/// Further cells of a batch, for the few rows that turn out to matter: nothing is made of the others.
pub trait Beside {
    /// The cells of the further columns in some rows of the batch, which are counted from its first one:
    /// one vector per column, in the order of `rows`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if a column has no texts.
    fn cells(&self, rows: &[usize]) -> Result<Vec<Vec<Option<String>>>, Error>;

    /// The numbers of a further column in all rows of the batch: nothing where a cell holds none. Numbers that
    /// are kept as such need not become texts first.
    ///
    /// # Errors
    ///
    /// As [`Beside::cells`].
    fn numbers(&self, column: usize) -> Result<Vec<Option<f64>>, Error>;
}

/// The number that a cell holds, if it holds one.
pub(crate) fn number(cell: Option<&str>) -> Option<f64> {
    cell?.trim().parse().ok()
}

/// What is done with each batch and what stands beside it.
pub type VisitBeside<'v> = dyn Fn(&Batch<'_>, &dyn Beside) -> Result<(), Error> + Sync + 'v;

/// A list that can be read as often as needed.
pub trait List: Sync {
    /// What a person calls it: a path, as a rule.
    fn name(&self) -> String;

    /// The names of its columns.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if the list cannot be read.
    fn columns(&self) -> Result<Vec<String>, Error>;

    /// How many rows it has, if that is known without reading them.
    fn rows(&self) -> Option<u64>;

    /// Whether every unit id is unique by construction, so that nobody need look for repeats.
    fn is_distinct(&self) -> bool {
        false
    }

    /// Reads the list once: every row is in exactly one batch.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if the list cannot be read, or what `visit` returned.
    fn scan(&self, columns: &[&str], visit: &Visit<'_>) -> Result<(), Error>;

    /// Reads the list once, as [`List::scan`], with `further` columns beside those of the batch; some may be
    /// among both.
    ///
    /// # Errors
    ///
    /// As [`List::scan`].
    fn scan_beside(
        &self,
        columns: &[&str],
        further: &[&str],
        visit: &VisitBeside<'_>,
    ) -> Result<(), Error> {
        let mut all = columns.to_vec();
        let mut places = Vec::with_capacity(further.len());
        for &column in further {
            let place = all.iter().position(|known| *known == column);
            places.push(place.unwrap_or(all.len()));
            if place.is_none() {
                all.push(column);
            }
        }
        self.scan(&all, &|batch| {
            let near = Batch {
                first_row: batch.first_row,
                columns: &batch.columns[..columns.len()],
            };
            let far = Far {
                columns: batch.columns,
                places: &places,
            };
            visit(&near, &far)
        })
    }

    /// The cells of some columns in some rows: one vector per column, in the order of `rows`.
    ///
    /// # Errors
    ///
    /// As [`List::scan`]; [`Error::RowGone`] if the list has become shorter.
    fn gather(&self, rows: &[u64], columns: &[&str]) -> Result<Vec<Vec<Option<String>>>, Error> {
        gather_by_scan(self, rows, columns)
    }
}

/// Columns that were read like the others.
struct Far<'a> {
    columns: &'a [Vec<Option<&'a str>>],
    /// Where each further one stands.
    places: &'a [usize],
}

impl Beside for Far<'_> {
    fn cells(&self, rows: &[usize]) -> Result<Vec<Vec<Option<String>>>, Error> {
        let cells = |&place: &usize| {
            let column = &self.columns[place];
            rows.iter()
                .map(|&row| column[row].map(str::to_owned))
                .collect()
        };
        Ok(self.places.iter().map(cells).collect())
    }

    fn numbers(&self, column: usize) -> Result<Vec<Option<f64>>, Error> {
        let cells = &self.columns[self.places[column]];
        Ok(cells.iter().copied().map(number).collect())
    }
}

/// Gathers by reading the whole list once; for lists without a quicker way.
fn gather_by_scan<L: List + ?Sized>(
    list: &L,
    rows: &[u64],
    columns: &[&str],
) -> Result<Vec<Vec<Option<String>>>, Error> {
    let mut wanted: Vec<(u64, usize)> = rows.iter().copied().zip(0..).collect();
    wanted.sort_unstable();
    let found = std::sync::Mutex::new((vec![vec![None; rows.len()]; columns.len()], 0_usize));
    list.scan(columns, &|batch| {
        let end = batch.first_row + batch.rows() as u64;
        let from = wanted.partition_point(|&(row, _)| row < batch.first_row);
        let to = wanted.partition_point(|&(row, _)| row < end);
        if from == to {
            return Ok(());
        }
        let mut found = found.lock().expect("no visitor panicked");
        for &(row, place) in &wanted[from..to] {
            for (values, column) in found.0.iter_mut().zip(batch.columns) {
                values[place] = column[(row - batch.first_row) as usize].map(str::to_owned);
            }
        }
        found.1 += to - from;
        Ok(())
    })?;
    let (values, count) = found.into_inner().expect("no visitor panicked");
    if count < rows.len() {
        return Err(Error::RowGone {
            list: list.name(),
            asked: rows.len(),
            found: count,
        });
    }
    Ok(values)
}
