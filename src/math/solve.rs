//! Small symmetric systems: the one file that names `faer`.
//!
//! Known totals always hang together: two margins share their grand total. So systems here may be
//! singular. Of all solutions the one is taken that needs no direction the matrix is blind to; what is
//! fitted with it is the same as with any other.

use faer::{Mat, Side};

use super::Sum;

/// A symmetric matrix that is added up cell by cell, such as Σ w x x′.
///
/// ```
/// use canvass::math::solve::Symmetric;
/// let mut matrix = Symmetric::zero(2);
/// matrix.add(0, 1, 3.0);
/// assert_eq!(matrix.get(1, 0), 3.0);
/// ```
#[derive(Debug, Clone)]
pub struct Symmetric {
    order: usize,
    /// The lower triangle, row by row.
    cells: Vec<Sum>,
}

impl Symmetric {
    /// A matrix of zeros with so many rows.
    #[must_use]
    pub fn zero(order: usize) -> Symmetric {
        Symmetric {
            order,
            cells: vec![Sum::default(); order * (order + 1) / 2],
        }
    }

    /// How many rows it has.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    fn place(row: usize, column: usize) -> usize {
        let (low, high) = (row.min(column), row.max(column));
        high * (high + 1) / 2 + low
    }

    /// Adds `x` to a cell and to its mirror image; on the diagonal once.
    pub fn add(&mut self, row: usize, column: usize, x: f64) {
        self.cells[Symmetric::place(row, column)].add(x);
    }

    /// What stands in a cell.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.cells[Symmetric::place(row, column)].value()
    }
}

/// A symmetric matrix that is ready to be solved with, as often as needed.
#[derive(Debug, Clone)]
pub struct Solver {
    /// What each row is multiplied by, so that the diagonal is 1; 0 for an empty row.
    scale: Vec<f64>,
    /// Directions in which the matrix sees, and one over how well it does.
    seen: Vec<(Vec<f64>, f64)>,
}

impl Solver {
    /// Finds in which directions the matrix sees; none if a cell is not finite.
    ///
    /// Rows are scaled to a diagonal of 1 first, so that a column in people and one in thousands of
    /// people are the same to it. A direction counts as not seen if its eigenvalue is below 256 ε of
    /// the largest.
    ///
    /// # Formula
    ///
    /// ```text
    /// S A S = U Λ U′,  S = diag(A)^−½;     A⁻ b = S U Λ⁺ U′ S b
    /// ```
    ///
    /// # Source
    ///
    /// Golub, Van Loan (2013), §5.5. The limit is that of R `survey`, which does not scale.
    ///
    /// # Example
    ///
    /// The second and third column add up to the first:
    ///
    /// ```
    /// use canvass::math::solve::{Solver, Symmetric};
    /// let mut matrix = Symmetric::zero(3);
    /// for row in [[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 1.0]] {
    ///     for i in 0..3 {
    ///         for j in 0..=i {
    ///             matrix.add(i, j, row[i] * row[j]);
    ///         }
    ///     }
    /// }
    /// let solver = Solver::new(&matrix).expect("finite");
    /// assert_eq!(solver.rank(), 2);
    /// // Answers 4, 7, 9: the fit is 4 for the first and 8 for the others.
    /// let fit = solver.solve(&[20.0, 4.0, 16.0]);
    /// assert!((fit[0] + fit[1] - 4.0).abs() < 1e-12 && (fit[0] + fit[2] - 8.0).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn new(matrix: &Symmetric) -> Option<Solver> {
        let order = matrix.order();
        let scale: Vec<f64> = (0..order)
            .map(|i| matrix.get(i, i).abs())
            .map(|diagonal| {
                if diagonal > 0.0 {
                    1.0 / diagonal.sqrt()
                } else {
                    0.0
                }
            })
            .collect();
        let scaled = Mat::from_fn(order, order, |i, j| scale[i] * matrix.get(i, j) * scale[j]);
        let finite = (0..order).all(|i| (0..=i).all(|j| scaled[(i, j)].is_finite()));
        if !finite {
            return None;
        }
        if order == 0 {
            return Some(Solver {
                scale,
                seen: Vec::new(),
            });
        }
        let eigen = scaled.self_adjoint_eigen(Side::Lower).ok()?;
        let values: Vec<f64> = eigen.S().column_vector().iter().copied().collect();
        let largest = values
            .iter()
            .fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let blind = 256.0_f64.max(order as f64) * f64::EPSILON * largest;
        let vectors = eigen.U();
        let seen = (0..order).filter(|&k| values[k].abs() > blind).map(|k| {
            let direction = (0..order).map(|i| vectors[(i, k)]).collect();
            (direction, 1.0 / values[k])
        });
        Some(Solver {
            seen: seen.collect(),
            scale,
        })
    }

    /// In how many directions the matrix sees: its rank.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.seen.len()
    }

    /// The x with A x = `right`, or as near to it as there is one.
    ///
    /// # Panics
    ///
    /// If `right` has another length than the matrix: our own bug.
    #[must_use]
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        assert_eq!(
            right.len(),
            self.scale.len(),
            "a right side as long as the matrix"
        );
        let right: Vec<f64> = right
            .iter()
            .zip(&self.scale)
            .map(|(x, scale)| x * scale)
            .collect();
        let mut solution = vec![Sum::default(); right.len()];
        for (direction, inverse) in &self.seen {
            let along: Sum = direction.iter().zip(&right).map(|(u, x)| u * x).collect();
            for (place, u) in solution.iter_mut().zip(direction) {
                place.add(u * along.value() * inverse);
            }
        }
        solution
            .iter()
            .zip(&self.scale)
            .map(|(x, scale)| x.value() * scale)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Solver, Symmetric};

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
    }

    fn matrix(rows: &[&[f64]]) -> Symmetric {
        let mut matrix = Symmetric::zero(rows.len());
        for (i, row) in rows.iter().enumerate() {
            for (j, x) in row.iter().enumerate() {
                matrix.add(i, j, *x);
            }
        }
        matrix
    }

    #[test]
    fn a_system_of_two_is_solved_as_on_paper() {
        // 4x + y = 1, x + 3y = 2: x = 1/11, y = 7/11
        let solver = Solver::new(&matrix(&[&[4.0], &[1.0, 3.0]])).expect("finite");
        let solution = solver.solve(&[1.0, 2.0]);
        near(solution[0], 1.0 / 11.0);
        near(solution[1], 7.0 / 11.0);
        assert_eq!(solver.rank(), 2);
    }

    #[test]
    fn units_do_not_decide_what_is_seen() {
        // The same in millions and in millionths.
        let (a, b) = (1e6, 1e-6);
        let solver =
            Solver::new(&matrix(&[&[4.0 * a * a], &[a * b, 3.0 * b * b]])).expect("finite");
        let solution = solver.solve(&[a, 2.0 * b]);
        assert_eq!(solver.rank(), 2);
        near(solution[0] * a, 1.0 / 11.0);
        near(solution[1] * b, 7.0 / 11.0);
    }

    #[test]
    fn an_empty_row_has_no_part_in_the_solution() {
        let solver = Solver::new(&matrix(&[&[2.0], &[0.0, 0.0]])).expect("finite");
        assert_eq!(solver.solve(&[4.0, 5.0]), [2.0, 0.0]);
        assert_eq!(
            Solver::new(&Symmetric::zero(0))
                .expect("nothing")
                .solve(&[]),
            Vec::<f64>::new()
        );
    }

    #[test]
    fn what_is_not_finite_is_not_solved() {
        assert!(Solver::new(&matrix(&[&[f64::INFINITY], &[0.0, 1.0]])).is_none());
        assert!(Solver::new(&matrix(&[&[f64::NAN]])).is_none());
    }
}
