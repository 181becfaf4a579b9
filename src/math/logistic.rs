//! Chances of yes and no from columns: logistic regression by Newton's method.

use super::solve::{Solver, Symmetric};
use super::{Sum, sum};

/// Rounds after which nothing more is hoped for.
const ROUNDS: u32 = 100;

/// A step that moves no log-odds by more than this is the last one.
const STILL: f64 = 1e-11;

/// Log-odds beyond this say that a chance is 0 or 1: the columns foretell the answer.
const SURE: f64 = 30.0;

/// What a column must keep of itself, given the columns before it, to tell something.
const NEW: f64 = 1e-12;

/// Cases with the same columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// The columns where they have something, and what.
    pub row: Vec<(usize, f64)>,
    /// What they weigh together.
    pub weight: f64,
    /// What those of them weigh that said yes.
    pub yes: f64,
}

impl Cases {
    /// x′β.
    #[must_use]
    pub fn along(&self, coefficients: &[f64]) -> f64 {
        sum(self.row.iter().map(|&(column, x)| x * coefficients[column]))
    }
}

/// Why there are no coefficients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// A column tells nothing that the columns before it do not tell.
    Collinear {
        /// The column.
        column: usize,
    },
    /// Some chances are 0 or 1.
    Separated {
        /// The column that says so the loudest.
        column: usize,
    },
}

/// The chance of yes where the log-odds are these.
///
/// ```
/// assert_eq!(canvass::math::logistic::chance(0.0), 0.5);
/// assert!(canvass::math::logistic::chance(-800.0) >= 0.0);
/// ```
#[must_use]
pub fn chance(odds: f64) -> f64 {
    if odds >= 0.0 {
        1.0 / (1.0 + (-odds).exp())
    } else {
        odds.exp() / (1.0 + odds.exp())
    }
}

/// Fits coefficients of `order` columns; those of columns that are 0 for everyone are 0.
///
/// # Formula
///
/// ```text
/// Σ v (y − p) x = 0,   p = 1 / (1 + e^−x′β);     β ← β + (Σ v p (1 − p) x x′)⁻¹ Σ v (y − p) x
/// ```
///
/// A step is halved until the likelihood does not fall.
///
/// # Errors
///
/// [`Unfit`] names a column.
///
/// # Source
///
/// McCullagh, Nelder (1989), §4.4; with survey weights, Binder (1983).
///
/// # Example
///
/// Of 10 in town 2 said yes, of 10 elsewhere 5: log-odds of −ln 4 and 0.
///
/// ```
/// use canvass::math::logistic::{Cases, logistic};
/// let town = Cases { row: vec![(0, 1.0), (1, 1.0)], weight: 10.0, yes: 2.0 };
/// let other = Cases { row: vec![(0, 1.0)], weight: 10.0, yes: 5.0 };
/// let fit = logistic(2, &[town, other]).expect("nobody is sure");
/// assert!(fit[0].abs() < 1e-12 && (fit[1] + 4.0_f64.ln()).abs() < 1e-12);
/// ```
pub fn logistic(order: usize, cases: &[Cases]) -> Result<Vec<f64>, Unfit> {
    independent(order, cases)?;
    let mut here = vec![0.0; order];
    let mut height = likelihood(cases, &here);
    for _ in 0..ROUNDS {
        let Some(step) = step(order, cases, &here) else {
            break;
        };
        let moved =
            |part: f64| -> Vec<f64> { here.iter().zip(&step).map(|(b, s)| b + part * s).collect() };
        let mut part = 1.0;
        let mut there = moved(part);
        // A gain that is lost in rounding is no fall.
        while likelihood(cases, &there) < height - 1e-12 * height.abs() && part > 1e-6 {
            part /= 2.0;
            there = moved(part);
        }
        here = there;
        height = likelihood(cases, &here);
        let most = |c: &[f64]| cases.iter().map(|k| k.along(c).abs()).fold(0.0, f64::max);
        if most(&here) > SURE {
            break;
        }
        if part * most(&step) <= STILL {
            return Ok(here);
        }
    }
    Err(Unfit::Separated {
        column: loudest(order, cases, &here),
    })
}

/// Σ v (y ln p + (1 − y) ln (1 − p)).
fn likelihood(cases: &[Cases], coefficients: &[f64]) -> f64 {
    sum(cases.iter().map(|case| {
        let odds = case.along(coefficients);
        // ln (1 + e^odds), without overflow.
        let rest = odds.max(0.0) + (-odds.abs()).exp().ln_1p();
        case.yes * odds - case.weight * rest
    }))
}

/// Newton's step; none if it is not finite.
fn step(order: usize, cases: &[Cases], coefficients: &[f64]) -> Option<Vec<f64>> {
    let mut slope = vec![Sum::default(); order];
    for case in cases {
        let lacking = case.yes - case.weight * chance(case.along(coefficients));
        for &(column, x) in &case.row {
            slope[column].add(lacking * x);
        }
    }
    let pulls = cases.iter().map(|case| {
        let p = chance(case.along(coefficients));
        (case.row.as_slice(), case.weight * p * (1.0 - p))
    });
    let solver = Solver::new(&information(order, pulls))?;
    Some(solver.solve(&slope.iter().map(Sum::value).collect::<Vec<_>>()))
}

/// Σ q x x′ over rows and their q.
#[must_use]
pub fn information<'a>(
    order: usize,
    rows: impl IntoIterator<Item = (&'a [(usize, f64)], f64)>,
) -> Symmetric {
    let mut matrix = Symmetric::zero(order);
    for (row, pull) in rows {
        for (place, &(i, x)) in row.iter().enumerate() {
            for &(j, y) in &row[..=place] {
                matrix.add(i, j, pull * x * y);
            }
        }
    }
    matrix
}

/// Whether every column tells something that the columns before it do not: a pivot of Cholesky's
/// decomposition is what is left of a column.
fn independent(order: usize, cases: &[Cases]) -> Result<(), Unfit> {
    let rows = cases.iter().map(|case| (case.row.as_slice(), case.weight));
    let matrix = information(order, rows);
    let mut lower: Vec<Vec<f64>> = Vec::new();
    for i in 0..order {
        let own = matrix.get(i, i);
        let mut row = vec![0.0; i + 1];
        for j in 0..i {
            let pivot: f64 = lower[j][j];
            let known = sum((0..j).map(|k| row[k] * lower[j][k]));
            row[j] = if pivot > 0.0 {
                (matrix.get(i, j) - known) / pivot
            } else {
                0.0
            };
        }
        let left = own - sum(row[..i].iter().map(|x| x * x));
        if own > 0.0 && left <= NEW * own {
            return Err(Unfit::Collinear { column: i });
        }
        row[i] = left.max(0.0).sqrt();
        lower.push(row);
    }
    Ok(())
}

/// The column that moves some log-odds the most.
fn loudest(order: usize, cases: &[Cases], coefficients: &[f64]) -> usize {
    let mut most = vec![0.0_f64; order];
    for &(column, x) in cases.iter().flat_map(|case| &case.row) {
        most[column] = most[column].max((x * coefficients[column]).abs());
    }
    // The constant, column 0, is only to blame where there is nothing else.
    (1..order).fold(0, |loudest, column| {
        if loudest == 0 || most[column] > most[loudest] {
            column
        } else {
            loudest
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Cases, Unfit, logistic};

    fn case(row: &[f64], weight: f64, yes: f64) -> Cases {
        let row = std::iter::once(1.0).chain(row.iter().copied());
        Cases {
            row: row.enumerate().collect(),
            weight,
            yes,
        }
    }

    #[test]
    fn it_agrees_with_glm() {
        // R 4.2.2: x <- c(0, 1, 2, 3, 4, 5); w <- c(3, 5, 8, 13, 21, 4); y <- c(1, 1, 4, 9, 10, 3)
        // print(coef(glm(y / w ~ x + I(x == 2), binomial, weights = w, epsilon = 1e-14)), digits = 17)
        let rows = [
            (3., 1.),
            (5., 1.),
            (8., 4.),
            (13., 9.),
            (21., 10.),
            (4., 3.),
        ];
        let cases: Vec<Cases> = rows
            .iter()
            .enumerate()
            .map(|(x, &(weight, yes))| case(&[x as f64, f64::from(u8::from(x == 2))], weight, yes))
            .collect();
        let fit = logistic(3, &cases).expect("nobody is sure");
        for (got, wanted) in fit.iter().zip(GLM) {
            assert!((got - wanted).abs() < 1e-11, "{got} is not {wanted}");
        }
    }

    const GLM: [f64; 3] = [
        -0.856_011_268_230_140_2,
        0.292_454_941_634_387_23,
        0.271_101_384_961_365_8,
    ];

    #[test]
    fn columns_that_foretell_the_answer_are_named() {
        let cases = [
            case(&[0.0, 1.0], 4.0, 1.0),
            case(&[0.0, 2.0], 4.0, 3.0),
            case(&[1.0, 1.0], 4.0, 4.0),
            case(&[1.0, 2.0], 3.0, 3.0),
        ];
        assert_eq!(logistic(3, &cases), Err(Unfit::Separated { column: 1 }));
    }

    #[test]
    fn a_column_that_others_tell_already_is_named() {
        let cases = [
            case(&[1.0, 3.0], 4.0, 1.0),
            case(&[2.0, 5.0], 4.0, 3.0),
            case(&[3.0, 7.0], 4.0, 2.0),
        ];
        assert_eq!(logistic(3, &cases), Err(Unfit::Collinear { column: 2 }));
        // Nobody has it: it is left out.
        let cases = [case(&[1.0], 4.0, 1.0), case(&[2.0], 4.0, 2.0)];
        assert_eq!(logistic(3, &cases).map(|fit| fit[2]), Ok(0.0));
    }
}
