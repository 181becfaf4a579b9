//! Moving chances towards 0 and 1 while known amounts stay as they are: what the cube methods share.

use crate::draw::undecided::is_open;
use crate::draw::{Error, Probabilities};
use crate::method::Card;
use crate::random::Stream;

/// A pivot this small beside the largest entry of its row is the rounding of 0.
const NOTHING: f64 = 1e-12;

/// What a sample is to be balanced on: x_k / π_k of each unit for each amount.
pub(in crate::draw) struct Amounts {
    /// The number of amounts.
    count: usize,
    /// Unit by unit.
    expanded: Vec<f64>,
}

impl Amounts {
    /// The size of the sample, whose amount is π itself, and then `balance`.
    ///
    /// # Errors
    ///
    /// [`Error::NoBalance`] if there is not one number for each unit that has a chance.
    pub(in crate::draw) fn with_size(
        probabilities: &Probabilities,
        balance: &[Vec<f64>],
        card: &Card,
    ) -> Result<Amounts, Error> {
        let none = Error::NoBalance { method: card.key };
        if balance
            .iter()
            .any(|amounts| amounts.len() != probabilities.len())
        {
            return Err(none);
        }
        let count = balance.len() + 1;
        let mut expanded = vec![0.0; count * probabilities.len()];
        for unit in probabilities.open() {
            let entries = &mut expanded[unit * count..][..count];
            entries[0] = 1.0;
            for (entry, amounts) in entries[1..].iter_mut().zip(balance) {
                *entry = amounts[unit] / probabilities.of(unit);
            }
            if entries.iter().any(|entry| !entry.is_finite()) {
                return Err(none);
            }
        }
        Ok(Amounts { count, expanded })
    }

    /// How many amounts there are, size among them.
    pub(in crate::draw) fn count(&self) -> usize {
        self.count
    }

    /// x / π of a unit.
    pub(in crate::draw) fn of(&self, unit: usize) -> &[f64] {
        &self.expanded[unit * self.count..][..self.count]
    }
}

/// One row per amount and one column per unit.
pub(in crate::draw) struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<f64>,
}

impl Matrix {
    pub(in crate::draw) fn from_fn(
        rows: usize,
        columns: usize,
        entry: impl Fn(usize, usize) -> f64,
    ) -> Matrix {
        let at = |place: usize| entry(place / columns, place % columns);
        Matrix {
            rows,
            columns,
            entries: (0..rows * columns).map(at).collect(),
        }
    }

    /// A direction u ≠ 0 with A u = 0, if there is one: there is if columns are more than rows.
    ///
    /// Gauss and Jordan's elimination on rows scaled to a largest entry of 1; the pivot is the
    /// largest entry left in all rows and columns, so that no small one blows up rounding. The first
    /// column left without a pivot is free, and the others follow from it.
    fn null_vector(mut self) -> Option<Vec<f64>> {
        self.scale();
        // The column that each row has its pivot in.
        let mut pivots: Vec<usize> = Vec::new();
        while let Some((row, column)) = self.largest(&pivots) {
            self.swap_rows(pivots.len(), row);
            self.eliminate(pivots.len(), column);
            pivots.push(column);
        }
        let free = (0..self.columns).find(|column| !pivots.contains(column))?;
        let mut direction = vec![0.0; self.columns];
        direction[free] = 1.0;
        for (row, &column) in pivots.iter().enumerate() {
            direction[column] = -self.entries[row * self.columns + free];
        }
        Some(direction)
    }

    fn scale(&mut self) {
        for row in self.entries.chunks_mut(self.columns.max(1)) {
            let largest = row
                .iter()
                .fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
            if largest > 0.0 {
                row.iter_mut().for_each(|entry| *entry /= largest);
            }
        }
    }

    /// The row and column of the largest entry in rows without a pivot, unless all are nothing. In such
    /// rows, the columns of earlier pivots hold 0.
    fn largest(&self, pivots: &[usize]) -> Option<(usize, usize)> {
        let mut found = (NOTHING, None);
        for row in pivots.len()..self.rows {
            for (column, entry) in self.entries[row * self.columns..][..self.columns]
                .iter()
                .enumerate()
            {
                if entry.abs() > found.0 {
                    found = (entry.abs(), Some((row, column)));
                }
            }
        }
        found.1
    }

    fn swap_rows(&mut self, a: usize, b: usize) {
        if a != b {
            let (upper, lower) = self.entries.split_at_mut(a.max(b) * self.columns);
            upper[a.min(b) * self.columns..][..self.columns]
                .swap_with_slice(&mut lower[..self.columns]);
        }
    }

    /// Makes the pivot 1 and the rest of its column 0.
    fn eliminate(&mut self, row: usize, column: usize) {
        let pivot = self.entries[row * self.columns + column];
        let mut line = self.entries[row * self.columns..][..self.columns].to_vec();
        line.iter_mut().for_each(|entry| *entry /= pivot);
        line[column] = 1.0;
        for (other, entries) in self.entries.chunks_mut(self.columns).enumerate() {
            let factor = entries[column];
            if other == row {
                entries.copy_from_slice(&line);
            } else if factor.abs() > 0.0 {
                entries
                    .iter_mut()
                    .zip(&line)
                    .for_each(|(entry, x)| *entry -= factor * x);
                entries[column] = 0.0;
            }
        }
    }
}

/// Moves the chances of `units` along a direction in which the amounts do not change, forwards or
/// backwards until one is decided. Says whether there was such a direction.
///
/// # Formula
///
/// ```text
/// A u = 0
/// λ₁, λ₂: the largest with 0 ≤ π + λ₁ u ≤ 1 and 0 ≤ π − λ₂ u ≤ 1
/// π ← π + λ₁ u with chance λ₂ / (λ₁ + λ₂), else π − λ₂ u
/// ```
///
/// # Source
///
/// Deville, Tillé (2004), §4.
pub(in crate::draw) fn step(
    now: &mut [f64],
    units: &[usize],
    matrix: Matrix,
    stream: &mut Stream,
) -> bool {
    let Some(direction) = matrix.null_vector() else {
        return false;
    };
    let (mut ahead, mut back) = ((f64::INFINITY, 0), (f64::INFINITY, 0));
    for (place, &u) in direction.iter().enumerate() {
        let chance = now[units[place]];
        let (up, down) = if u > 0.0 {
            (1.0 - chance, chance)
        } else {
            (chance, 1.0 - chance)
        };
        let size = u.abs();
        if size > 0.0 && up / size < ahead.0 {
            ahead = (up / size, place);
        }
        if size > 0.0 && down / size < back.0 {
            back = (down / size, place);
        }
    }
    let (by, decided) = match stream.unit() * (ahead.0 + back.0) < back.0 {
        true => ahead,
        false => (-back.0, back.1),
    };
    for (place, &u) in direction.iter().enumerate() {
        let chance = &mut now[units[place]];
        *chance = (*chance + by * u).clamp(0.0, 1.0);
    }
    // Exactly, so that every step decides someone.
    now[units[decided]] = if by * direction[decided] > 0.0 {
        1.0
    } else {
        0.0
    };
    true
}

/// Steps through `order` with few units at a time, one more than there are rows: whoever is decided makes
/// room for the next. Returns the units still open when no direction is left.
///
/// # Source
///
/// Chauvet, Tillé (2006): the fast flight.
pub(in crate::draw) fn fly(
    now: &mut [f64],
    order: Vec<usize>,
    rows: usize,
    entry: impl Fn(usize, usize) -> f64,
    stream: &mut Stream,
) -> Vec<usize> {
    let mut waiting = order.into_iter();
    let mut window: Vec<usize> = Vec::with_capacity(rows + 1);
    loop {
        window.retain(|&unit| is_open(now[unit]));
        while window.len() <= rows {
            let Some(next) = waiting.find(|&unit| is_open(now[unit])) else {
                break;
            };
            window.push(next);
        }
        let matrix = Matrix::from_fn(rows, window.len(), |row, column| entry(row, window[column]));
        if window.is_empty() || !step(now, &window, matrix, stream) {
            return window;
        }
    }
}

/// Decides the units that a flight left open, by dropping one row after another from the last.
///
/// # Source
///
/// Deville, Tillé (2004), §4: landing by suppression of variables.
pub(in crate::draw) fn land(
    now: &mut [f64],
    left: Vec<usize>,
    rows: usize,
    entry: impl Fn(usize, usize) -> f64,
    stream: &mut Stream,
) -> Vec<usize> {
    let mut left = left;
    for rows in (1..rows).rev() {
        left = fly(now, left, rows, &entry, stream);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::{Matrix, step};
    use crate::random::Seed;

    #[test]
    fn a_direction_changes_no_amount() {
        for i in 0..300 {
            let mut stream = Seed::new(format!("matrix {i}"))
                .expect("not blank")
                .stream("test");
            let rows = 1 + stream.below(6) as usize;
            // Entries of very different size, and rows that depend on each other.
            let mut entries: Vec<f64> = (0..rows * (rows + 1))
                .map(|_| (stream.unit() - 0.3) * [1.0, 1e-6, 1e6, 0.0][stream.below(4) as usize])
                .collect();
            if i % 3 == 0 && rows > 1 {
                let (first, rest) = entries.split_at_mut(rows + 1);
                rest[..=rows]
                    .iter_mut()
                    .zip(first)
                    .for_each(|(entry, x)| *entry = -3.0 * *x);
            }
            let at = |row: usize, column: usize| entries[row * (rows + 1) + column];
            let direction = Matrix::from_fn(rows, rows + 1, at)
                .null_vector()
                .expect("one column more");
            assert!(direction.iter().any(|u| u.abs() >= 1.0), "matrix {i}");
            for row in 0..rows {
                let terms = || (0..=rows).map(|column| at(row, column) * direction[column]);
                let (change, size) = (terms().sum::<f64>(), terms().map(f64::abs).sum::<f64>());
                let largest = (0..=rows)
                    .map(|column| at(row, column).abs())
                    .fold(0.0, f64::max);
                assert!(
                    change.abs() <= 1e-9 * (size + largest),
                    "matrix {i}: {change} of {size}"
                );
            }
        }
    }

    #[test]
    fn independent_columns_leave_no_direction() {
        let identity = |row: usize, column: usize| if row == column { 1.0 } else { 0.0 };
        assert_eq!(Matrix::from_fn(3, 3, identity).null_vector(), None);
        assert_eq!(Matrix::from_fn(3, 2, identity).null_vector(), None);
        assert!(Matrix::from_fn(0, 1, identity).null_vector().is_some());
        assert_eq!(Matrix::from_fn(2, 0, identity).null_vector(), None);
    }

    #[test]
    fn a_step_decides_someone_and_keeps_the_sum() {
        let mut stream = Seed::new("steps").expect("not blank").stream("test");
        for _ in 0..500 {
            let mut now: Vec<f64> = (0..3).map(|_| 0.001 + 0.998 * stream.unit()).collect();
            let sum: f64 = now.iter().sum();
            let price = [1.0, 2.0 + stream.unit(), -4.0];
            let cost: f64 = now.iter().zip(price).map(|(x, y)| x * y).sum();
            let matrix = Matrix::from_fn(
                2,
                3,
                |row, column| if row == 0 { 1.0 } else { price[column] },
            );
            assert!(step(&mut now, &[0, 1, 2], matrix, &mut stream));
            assert!(now.iter().any(|x| *x <= 0.0 || *x >= 1.0), "{now:?}");
            assert!((now.iter().sum::<f64>() - sum).abs() < 1e-12);
            assert!((now.iter().zip(price).map(|(x, y)| x * y).sum::<f64>() - cost).abs() < 1e-11);
        }
    }
}
