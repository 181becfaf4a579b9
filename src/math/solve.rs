//! Small symmetric systems, and fits by least squares: the one file that names `faer`.
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

    /// Adds what many have come to: the lower triangle, row by row.
    ///
    /// # Panics
    ///
    /// If there is not one number per cell: our own bug.
    pub fn add_all(&mut self, cells: &[f64]) {
        assert_eq!(cells.len(), self.cells.len(), "a number per cell");
        for (cell, x) in self.cells.iter_mut().zip(cells) {
            cell.add(*x);
        }
    }

    /// What stands in a cell.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.cells[Symmetric::place(row, column)].value()
    }
}

impl Symmetric {
    /// Its eigenvalues, the largest first, each with its direction of length 1; none if a cell is not
    /// finite.
    ///
    /// # Formula
    ///
    /// ```text
    /// A = Σ_k λ_k u_k u_k′
    /// ```
    ///
    /// # Source
    ///
    /// Golub, Van Loan (2013), §8.3.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::math::solve::Symmetric;
    /// let mut matrix = Symmetric::zero(2);
    /// for (row, column, x) in [(0, 0, 2.0), (1, 1, 2.0), (1, 0, 1.0)] {
    ///     matrix.add(row, column, x);
    /// }
    /// let eigen = matrix.eigen().expect("finite");
    /// assert!((eigen[0].0 - 3.0).abs() < 1e-12 && (eigen[1].0 - 1.0).abs() < 1e-12);
    /// assert!((eigen[0].1[0] - eigen[0].1[1]).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn eigen(&self) -> Option<Vec<(f64, Vec<f64>)>> {
        let order = self.order;
        if order == 0 {
            return Some(Vec::new());
        }
        let cells = Mat::from_fn(order, order, |i, j| self.get(i, j));
        if !(0..order).all(|i| (0..=i).all(|j| cells[(i, j)].is_finite())) {
            return None;
        }
        let eigen = cells.self_adjoint_eigen(Side::Lower).ok()?;
        let (values, vectors) = (eigen.S().column_vector(), eigen.U());
        let direction = |k: usize| (0..order).map(|i| vectors[(i, k)]).collect();
        // The library sorts from small to large.
        Some(
            (0..order)
                .rev()
                .map(|k| (values[k], direction(k)))
                .collect(),
        )
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

/// A tall matrix, ready for fits by least squares: X = Q R.
///
/// Its columns are not multiplied with each other, so that nothing is lost where they are nearly
/// dependent.
#[derive(Debug, Clone)]
pub struct Tall {
    /// One for each column; above its place it is not read.
    reflectors: Vec<Vec<f64>>,
    /// R, column by column, down to the diagonal.
    upper: Vec<Vec<f64>>,
}

/// Of a column, what may be left of it beside the columns before it if it is made of them.
const MADE_OF_OTHERS: f64 = 1e-10;

impl Tall {
    /// Splits a matrix that is given column by column.
    ///
    /// # Errors
    ///
    /// The place of the first column that is made of those before it, or is no number.
    ///
    /// # Formula
    ///
    /// ```text
    /// X = Q R,  Q a product of reflections 1 − 2 v v′ / v′v,  R upper triangular
    /// ```
    ///
    /// # Source
    ///
    /// Golub, Van Loan (2013), §5.2.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::math::solve::Tall;
    /// let line = Tall::new(vec![vec![1.0; 3], vec![0.0, 1.0, 2.0]]).expect("two directions");
    /// let fit = line.solve(vec![1.0, 3.0, 5.0]);
    /// assert!((fit[0] - 1.0).abs() < 1e-14 && (fit[1] - 2.0).abs() < 1e-14);
    /// assert_eq!(Tall::new(vec![vec![1.0; 3], vec![2.0; 3]]).err(), Some(1));
    /// ```
    pub fn new(columns: Vec<Vec<f64>>) -> Result<Tall, usize> {
        let mut tall = Tall {
            reflectors: Vec::with_capacity(columns.len()),
            upper: Vec::with_capacity(columns.len()),
        };
        for (place, mut column) in columns.into_iter().enumerate() {
            let whole = length(&column);
            tall.reflect(&mut column);
            let rest = column.get(place..).map_or(0.0, length);
            let seen = rest > MADE_OF_OTHERS * whole;
            if !(seen && rest.is_finite()) {
                return Err(place);
            }
            let diagonal = if column[place] > 0.0 { -rest } else { rest };
            let mut upper = column[..place].to_vec();
            upper.push(diagonal);
            column[place] -= diagonal;
            tall.upper.push(upper);
            tall.reflectors.push(column);
        }
        Ok(tall)
    }

    /// Q′ times a column.
    fn reflect(&self, column: &mut [f64]) {
        for (place, reflector) in self.reflectors.iter().enumerate() {
            let reflector = &reflector[place..];
            let column = &mut column[place..];
            let along: f64 = reflector.iter().zip(&*column).map(|(v, x)| v * x).sum();
            let square: f64 = reflector.iter().map(|v| v * v).sum();
            let times = 2.0 * along / square;
            column
                .iter_mut()
                .zip(reflector)
                .for_each(|(x, v)| *x -= times * v);
        }
    }

    /// The b for which X b is nearest to `right`.
    ///
    /// # Panics
    ///
    /// If `right` is shorter than the matrix is tall: our own bug.
    #[must_use]
    pub fn solve(&self, mut right: Vec<f64>) -> Vec<f64> {
        self.reflect(&mut right);
        right.truncate(self.upper.len());
        self.back(&mut right);
        right
    }

    /// R⁻¹ times a column, from below.
    fn back(&self, column: &mut [f64]) {
        for (place, upper) in self.upper.iter().enumerate().rev() {
            column[place] /= upper[place];
            let x = column[place];
            for (above, r) in column[..place].iter_mut().zip(upper) {
                *above -= r * x;
            }
        }
    }

    /// (X′X)⁻¹, row by row.
    #[must_use]
    pub fn inverse(&self) -> Vec<Vec<f64>> {
        let order = self.upper.len();
        let columns: Vec<Vec<f64>> = (0..order)
            .map(|place| {
                let mut unit = vec![0.0; order];
                unit[place] = 1.0;
                self.back(&mut unit);
                unit
            })
            .collect();
        let product = |i: usize, j: usize| {
            let terms = columns.iter().map(|column| column[i] * column[j]);
            terms.collect::<Sum>().value()
        };
        (0..order)
            .map(|i| (0..order).map(|j| product(i, j)).collect())
            .collect()
    }
}

fn length(column: &[f64]) -> f64 {
    column.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Solver, Symmetric, Tall};

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

    #[test]
    fn a_curve_through_years_is_found_although_its_columns_are_nearly_the_same() {
        // y = 3 + 2 t + t²/4 in years, which are large beside what they differ.
        let years: Vec<f64> = (2000..2012).map(f64::from).collect();
        let columns = vec![
            vec![1.0; 12],
            years.clone(),
            years.iter().map(|t| t * t).collect(),
        ];
        let tall = Tall::new(columns).expect("three directions");
        let fit = tall.solve(years.iter().map(|t| 3.0 + 2.0 * t + t * t / 4.0).collect());
        assert!((fit[2] - 0.25).abs() < 1e-9, "{fit:?}");
    }

    #[test]
    fn the_inverse_is_that_of_the_squares() {
        // X′X = [[3, 3], [3, 5]], its inverse [[5, −3], [−3, 3]] / 6
        let tall = Tall::new(vec![vec![1.0; 3], vec![0.0, 1.0, 2.0]]).expect("two directions");
        let inverse = tall.inverse();
        near(inverse[0][0], 5.0 / 6.0);
        near(inverse[0][1], -0.5);
        near(inverse[1][0], -0.5);
        near(inverse[1][1], 0.5);
    }

    #[test]
    fn a_column_of_nothing_or_beyond_the_rows_is_named() {
        assert_eq!(Tall::new(vec![vec![1.0; 2], vec![0.0; 2]]).err(), Some(1));
        let wide = vec![vec![1.0, 0.0], vec![0.0, 1.0], vec![1.0, 3.0]];
        assert_eq!(Tall::new(wide).err(), Some(2));
        assert_eq!(Tall::new(vec![vec![f64::NAN; 2]]).err(), Some(0));
    }
}
