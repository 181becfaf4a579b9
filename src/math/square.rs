//! Small square systems that are not symmetric, by elimination.

use super::sum;

/// What is left of a column, given those before it, below which it counts as nothing.
const NOTHING: f64 = 1e-12;

/// A square matrix that is ready to be solved with, as often as needed.
#[derive(Debug, Clone)]
pub struct Square {
    /// Upper and lower triangle in one; rows in the order of `rows`.
    cells: Vec<Vec<f64>>,
    rows: Vec<usize>,
    row_scale: Vec<f64>,
    column_scale: Vec<f64>,
}

impl Square {
    /// Splits a matrix, given by its rows, into triangles. Rows and columns are scaled to a largest
    /// cell of 1 first.
    ///
    /// # Formula
    ///
    /// ```text
    /// P R A C = L U
    /// ```
    ///
    /// # Errors
    ///
    /// The place of a column that tells nothing beside those before it, or holds no numbers.
    ///
    /// # Source
    ///
    /// Golub, Van Loan (2013), §3.4, with partial pivoting.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::math::square::Square;
    /// let square = Square::new(&[vec![0.0, 2.0], vec![3.0, 1.0]]).expect("regular");
    /// assert_eq!(square.solve(&[4.0, 11.0]), [3.0, 2.0]);
    /// assert_eq!(Square::new(&[vec![1.0, 2.0], vec![2.0, 4.0]]).err(), Some(1));
    /// ```
    ///
    /// # Panics
    ///
    /// If it is not square: our own bug.
    pub fn new(matrix: &[Vec<f64>]) -> Result<Square, usize> {
        let order = matrix.len();
        assert!(
            matrix.iter().all(|row| row.len() == order),
            "a square matrix"
        );
        let inverse = |largest: f64| if largest > 0.0 { 1.0 / largest } else { 1.0 };
        let largest =
            |cells: &mut dyn Iterator<Item = f64>| cells.fold(0.0_f64, |a, x| a.max(x.abs()));
        let row_scale: Vec<f64> = matrix
            .iter()
            .map(|row| inverse(largest(&mut row.iter().copied())))
            .collect();
        let column_scale: Vec<f64> = (0..order)
            .map(|j| {
                inverse(largest(
                    &mut (0..order).map(|i| matrix[i][j] * row_scale[i]),
                ))
            })
            .collect();
        let scaled = |i: usize, j: usize| matrix[i][j] * row_scale[i] * column_scale[j];
        let mut square = Square {
            cells: (0..order)
                .map(|i| (0..order).map(|j| scaled(i, j)).collect())
                .collect(),
            rows: (0..order).collect(),
            row_scale,
            column_scale,
        };
        for column in 0..order {
            square.eliminate(column)?;
        }
        Ok(square)
    }

    fn eliminate(&mut self, column: usize) -> Result<(), usize> {
        let order = self.rows.len();
        let size = |row: &usize| self.cells[*row][column].abs();
        let best = (column..order).max_by(|a, b| size(a).total_cmp(&size(b)));
        let best = best.filter(|best| size(best).is_finite() && size(best) > NOTHING);
        let best = best.ok_or(column)?;
        self.cells.swap(column, best);
        self.rows.swap(column, best);
        let (above, below) = self.cells.split_at_mut(column + 1);
        let pivot = &above[column];
        for row in below {
            row[column] /= pivot[column];
            let part = row[column];
            for (cell, x) in row.iter_mut().zip(pivot).skip(column + 1) {
                *cell -= part * x;
            }
        }
        Ok(())
    }

    /// The x with A x = `right`.
    ///
    /// # Panics
    ///
    /// If `right` has another length than the matrix: our own bug.
    #[must_use]
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let order = self.rows.len();
        assert_eq!(right.len(), order, "a right side as long as the matrix");
        let mut x: Vec<f64> = self
            .rows
            .iter()
            .map(|&row| right[row] * self.row_scale[row])
            .collect();
        for i in 0..order {
            x[i] -= sum((0..i).map(|j| self.cells[i][j] * x[j]));
        }
        for i in (0..order).rev() {
            x[i] -= sum((i + 1..order).map(|j| self.cells[i][j] * x[j]));
            x[i] /= self.cells[i][i];
        }
        x.iter()
            .zip(&self.column_scale)
            .map(|(x, scale)| x * scale)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Square;

    #[test]
    fn a_system_of_three_is_solved_whatever_its_units() {
        let rows = [
            vec![2.0, 1.0, -1.0],
            vec![-3.0, -1.0, 2.0],
            vec![-2.0, 1.0, 2.0],
        ];
        // x = 2, y = 3, z = −1; then in units of a million and a millionth.
        for (a, b) in [(1.0, 1.0), (1e6, 1e-6)] {
            let scaled: Vec<Vec<f64>> = rows
                .iter()
                .map(|row| vec![row[0] * a, row[1], row[2] * b])
                .collect();
            let x = Square::new(&scaled)
                .expect("regular")
                .solve(&[8.0, -11.0, -3.0]);
            for (got, wanted) in x.iter().zip([2.0 / a, 3.0, -1.0 / b]) {
                assert!((got / wanted - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_column_that_others_tell_already_is_named() {
        let rows = [
            vec![1.0, 2.0, 3.0],
            vec![4.0, 5.0, 9.0],
            vec![7.0, 9.0, 16.0],
        ];
        assert_eq!(Square::new(&rows).err(), Some(2));
        assert_eq!(Square::new(&[vec![f64::NAN]]).err(), Some(0));
        assert!(Square::new(&[]).expect("nothing").solve(&[]).is_empty());
    }
}
