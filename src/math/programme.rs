//! Linear programmes: the one file that names `microlp`.
//!
//! The library meets equations to a ten-millionth, which is enough for a transport plan and not for
//! chances that are stated as exact. So what it finds is set right afterwards: the columns it uses are
//! solved once more, by + − × ÷ alone.

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem};

use super::Sum;

/// A figure this small beside the largest is the rounding of 0.
const NOTHING: f64 = 1e-9;

/// So near to `right` the equations of a solution are, relative to the largest of them or to 1.
const NEAR: f64 = 1e-12;

/// What one more of something costs, and what it adds to the equations it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// c.
    pub cost: f64,
    /// The rows of A in which it is not 0, from 0 and each once, with what stands there.
    pub entries: Vec<(usize, f64)>,
}

/// Why there is no solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    /// Equations contradict each other, or need something negative.
    #[error("nothing that is 0 or more meets all equations")]
    Impossible,
    /// The more there is of something the better, without end.
    #[error("costs can sink without end")]
    Endless,
    /// Figures that are none, or too near to each other to tell.
    #[error("the figures of the programme are too near to each other, or no numbers")]
    Unclear,
}

/// The cheapest x ≥ 0 that meets all equations: one entry per column.
///
/// As many entries are above 0 as there are equations, or fewer. Of solutions that cost the same it is
/// always the same one. The equations hold to 10⁻¹².
///
/// # Formula
///
/// ```text
/// min c′x  with  A x = b,  x ≥ 0
/// ```
///
/// # Arguments
///
/// | symbol | argument  | shape            |
/// |--------|-----------|------------------|
/// | A, c   | `columns` | n sparse columns |
/// | b      | `right`   | m                |
///
/// # Errors
///
/// [`Unsolved`] says why there is none. A column that names a row beyond `right` is [`Unsolved::Unclear`].
///
/// # Source
///
/// Dantzig (1963), ch. 5: the simplex method.
///
/// # Example
///
/// Ten are wanted, at 3 apiece or 7 a pair:
///
/// ```
/// use canvass::math::programme::{Column, minimise};
/// let single = Column { cost: 3.0, entries: vec![(0, 1.0)] };
/// let pair = Column { cost: 7.0, entries: vec![(0, 2.0)] };
/// assert_eq!(minimise(&[single, pair], &[10.0]), Ok(vec![10.0, 0.0]));
/// ```
pub fn minimise(columns: &[Column], right: &[f64]) -> Result<Vec<f64>, Unsolved> {
    if !is_sound(columns, right) {
        return Err(Unsolved::Unclear);
    }
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut rows = vec![Vec::new(); right.len()];
    let variables: Vec<_> = columns
        .iter()
        .map(|column| problem.add_var(column.cost, (0.0, f64::INFINITY)))
        .collect();
    for (column, variable) in columns.iter().zip(&variables) {
        for &(row, entry) in &column.entries {
            rows[row].push((*variable, entry));
        }
    }
    for (row, &wanted) in rows.iter().zip(right) {
        problem.add_constraint(row.as_slice(), ComparisonOp::Eq, wanted);
    }
    let solution = problem
        .solve()
        .map_err(|error| match error {
            Error::Infeasible => Unsolved::Impossible,
            Error::Unbounded => Unsolved::Endless,
            _ => Unsolved::Unclear,
        })?
        .into_solution()
        .map_err(|_| Unsolved::Unclear)?;
    let found: Vec<f64> = variables
        .iter()
        .map(|&variable| solution.var_value(variable))
        .collect();
    set_right(columns, right, &found).ok_or(Unsolved::Unclear)
}

/// Something of which there is no less and no more than so much.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The least.
    pub low: f64,
    /// The most; infinite where there is no limit.
    pub high: f64,
    /// The rows of A in which it is not 0, from 0 and each once, with what stands there.
    pub entries: Vec<(usize, f64)>,
}

/// How far the equations must be missed in sum, if each x stays within its limits; 0 where all can be met.
/// None if it cannot be told.
///
/// # Formula
///
/// ```text
/// min Σ │s│  with  A x + s = b,  low ≤ x ≤ high
/// ```
///
/// # Source
///
/// Chinneck (2008): elastic programmes.
///
/// # Example
///
/// Of a thing that is there once to twice, ten are wanted:
///
/// ```
/// use canvass::math::programme::{Held, least_misfit};
/// let thing = Held { low: 1.0, high: 2.0, entries: vec![(0, 4.0)] };
/// assert_eq!(least_misfit(&[thing], &[10.0]), Some(2.0));
/// ```
#[must_use]
pub fn least_misfit(columns: &[Held], right: &[f64]) -> Option<f64> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut rows = vec![Vec::new(); right.len()];
    for column in columns {
        let variable = problem.add_var(0.0, (column.low, column.high));
        for &(row, entry) in &column.entries {
            rows.get_mut(row)?.push((variable, entry));
        }
    }
    for (row, &wanted) in rows.iter_mut().zip(right) {
        for sign in [1.0, -1.0] {
            row.push((problem.add_var(1.0, (0.0, f64::INFINITY)), sign));
        }
        problem.add_constraint(row.as_slice(), ComparisonOp::Eq, wanted);
    }
    let solution = problem.solve().ok()?.into_solution().ok()?;
    Some(solution.objective()).filter(|misfit| misfit.is_finite())
}

/// Whether all figures are numbers, and all rows there.
fn is_sound(columns: &[Column], right: &[f64]) -> bool {
    let entry = |&(row, entry): &(usize, f64)| row < right.len() && entry.is_finite();
    right.iter().all(|wanted| wanted.is_finite())
        && columns
            .iter()
            .all(|column| column.cost.is_finite() && column.entries.iter().all(entry))
}

/// The solution with the columns that `found` uses, so near to the equations as rounding allows; none if
/// there is no such solution.
fn set_right(columns: &[Column], right: &[f64], found: &[f64]) -> Option<Vec<f64>> {
    const ROUNDS: usize = 3;
    let largest = right.iter().fold(1.0_f64, |most, b| most.max(b.abs()));
    let used: Vec<usize> = (0..columns.len())
        .filter(|&column| found[column] > NOTHING * largest)
        .collect();
    let mut x = vec![0.0; columns.len()];
    used.iter().for_each(|&column| x[column] = found[column]);
    for _ in 0..ROUNDS {
        let missing = missing(columns, right, &x);
        for (&column, change) in used.iter().zip(solve(columns, &used, missing)) {
            x[column] += change;
        }
    }
    let near = NEAR * largest;
    if x.iter().any(|x| *x < -near) {
        return None;
    }
    x.iter_mut().for_each(|x| *x = x.max(0.0));
    let off = missing(columns, right, &x);
    off.iter().all(|off| off.abs() <= near).then_some(x)
}

/// b − A x.
fn missing(columns: &[Column], right: &[f64], x: &[f64]) -> Vec<f64> {
    let mut sums = vec![Sum::default(); right.len()];
    for (sum, &wanted) in sums.iter_mut().zip(right) {
        sum.add(wanted);
    }
    for (column, &x) in columns.iter().zip(x).filter(|(_, x)| **x > 0.0) {
        for &(row, entry) in &column.entries {
            sums[row].add(-entry * x);
        }
    }
    sums.iter().map(Sum::value).collect()
}

/// What to add to the `used` columns so that nothing is `missing`, as far as they can: Gauss and Jordan's
/// elimination with the largest pivot left; columns that follow from others stay as they are.
fn solve(columns: &[Column], used: &[usize], missing: Vec<f64>) -> Vec<f64> {
    let mut matrix: Vec<Vec<f64>> = missing
        .into_iter()
        .map(|right| [vec![0.0; used.len()], vec![right]].concat())
        .collect();
    for (place, &column) in used.iter().enumerate() {
        for &(row, entry) in &columns[column].entries {
            matrix[row][place] += entry;
        }
    }
    let mut change = vec![0.0; used.len()];
    let mut pivots = Vec::new();
    while let Some(column) = pivot(&mut matrix, pivots.len(), used.len()) {
        eliminate(&mut matrix, pivots.len(), column);
        pivots.push(column);
    }
    for (row, column) in pivots.into_iter().enumerate() {
        change[column] = matrix[row][used.len()];
    }
    change
}

/// Brings the row with the largest entry left to `at`, and says in which column the entry stands.
fn pivot(matrix: &mut [Vec<f64>], at: usize, columns: usize) -> Option<usize> {
    let mut found = (NOTHING, None);
    for (row, entries) in matrix.iter().enumerate().skip(at) {
        for (column, entry) in entries[..columns].iter().enumerate() {
            if entry.abs() > found.0 {
                found = (entry.abs(), Some((row, column)));
            }
        }
    }
    let (row, column) = found.1?;
    matrix.swap(at, row);
    Some(column)
}

/// Makes the pivot 1 and the rest of its column 0.
fn eliminate(matrix: &mut [Vec<f64>], at: usize, column: usize) {
    let mut line = std::mem::take(&mut matrix[at]);
    let pivot = line[column];
    line.iter_mut().for_each(|entry| *entry /= pivot);
    for entries in matrix.iter_mut().filter(|entries| !entries.is_empty()) {
        let factor = entries[column];
        if factor.abs() > 0.0 {
            entries
                .iter_mut()
                .zip(&line)
                .for_each(|(entry, x)| *entry -= factor * x);
            entries[column] = 0.0;
        }
    }
    matrix[at] = line;
}

#[cfg(test)]
mod tests {
    use super::{Column, Unsolved, minimise};
    use crate::math::sum;
    use crate::random::Seed;

    fn column(cost: f64, entries: &[f64]) -> Column {
        let entries = entries.iter().copied().enumerate();
        Column {
            cost,
            entries: entries.filter(|(_, entry)| entry.abs() > 0.0).collect(),
        }
    }

    #[test]
    fn a_diet_by_hand() {
        // Bread 2, milk 3; 4 and 1 of one thing, 1 and 3 of another; 8 and 6 wanted exactly:
        // 4 b + m = 8, b + 3 m = 6 give b = 18/11, m = 16/11.
        let found = minimise(
            &[column(2.0, &[4.0, 1.0]), column(3.0, &[1.0, 3.0])],
            &[8.0, 6.0],
        )
        .expect("a solution");
        assert!((found[0] - 18.0 / 11.0).abs() < 1e-14);
        assert!((found[1] - 16.0 / 11.0).abs() < 1e-14);
    }

    #[test]
    fn the_cheaper_of_two_ways_is_taken() {
        // Three plants to two towns: 20 and 10 there, 15 and 15 wanted; by hand 15 + 0 and 0 + 10,
        // the rest of 5 at 4.
        let ways = [
            column(1.0, &[1.0, 0.0, 1.0, 0.0]),
            column(4.0, &[1.0, 0.0, 0.0, 1.0]),
            column(3.0, &[0.0, 1.0, 1.0, 0.0]),
            column(2.0, &[0.0, 1.0, 0.0, 1.0]),
        ];
        let found = minimise(&ways, &[20.0, 10.0, 15.0, 15.0]).expect("a solution");
        for (found, wanted) in found.iter().zip([15.0, 5.0, 0.0, 10.0]) {
            assert!((found - wanted).abs() < 1e-12);
        }
    }

    #[test]
    fn what_cannot_be_is_told() {
        let one = column(1.0, &[1.0]);
        assert_eq!(
            minimise(std::slice::from_ref(&one), &[-1.0]),
            Err(Unsolved::Impossible)
        );
        let both = column(1.0, &[1.0, 1.0]);
        assert_eq!(minimise(&[both], &[0.7, 0.3]), Err(Unsolved::Impossible));
        assert_eq!(minimise(&[], &[1.0]), Err(Unsolved::Impossible));
        let free = column(-1.0, &[0.0]);
        assert_eq!(
            minimise(&[one.clone(), free], &[1.0]),
            Err(Unsolved::Endless)
        );
        assert_eq!(
            minimise(std::slice::from_ref(&one), &[f64::NAN]),
            Err(Unsolved::Unclear)
        );
        assert_eq!(minimise(&[one], &[]), Err(Unsolved::Unclear));
        assert_eq!(minimise(&[], &[]), Ok(Vec::new()));
    }

    #[test]
    fn equations_hold_and_no_other_solution_is_cheaper() {
        for i in 0..100 {
            let mut stream = Seed::new(format!("programme {i}"))
                .expect("not blank")
                .stream("test");
            let rows = 1 + stream.below(8) as usize;
            let columns: Vec<Column> = (0..rows + 20)
                .map(|_| {
                    let entries: Vec<f64> = (0..rows).map(|_| stream.below(2) as f64).collect();
                    column(stream.unit(), &entries)
                })
                .collect();
            // Some solution, so that there is one, with costs of its own.
            let some: Vec<f64> = columns.iter().map(|_| stream.unit()).collect();
            let at = |x: &[f64], row: usize| {
                let entry = |column: &Column| {
                    let found = column.entries.iter().find(|(there, _)| *there == row);
                    found.map_or(0.0, |(_, entry)| *entry)
                };
                sum(columns.iter().zip(x).map(|(column, x)| entry(column) * x))
            };
            let right: Vec<f64> = (0..rows).map(|row| at(&some, row)).collect();
            let found = minimise(&columns, &right).expect("a solution");
            assert_eq!(minimise(&columns, &right), Ok(found.clone()), "{i}");
            for (row, wanted) in right.iter().enumerate() {
                assert!(
                    (at(&found, row) - wanted).abs() <= 1e-12 * wanted.max(1.0),
                    "{i}"
                );
            }
            let cost = |x: &[f64]| sum(columns.iter().zip(x).map(|(column, x)| column.cost * x));
            assert!(cost(&found) <= cost(&some) + 1e-9, "{i}");
            assert!(found.iter().all(|x| *x >= 0.0), "{i}");
            assert!(found.iter().filter(|x| **x > 0.0).count() <= rows, "{i}");
        }
    }
}
