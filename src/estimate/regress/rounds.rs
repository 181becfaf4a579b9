//! Least squares, round after round, until nothing moves.

use super::matrix::Matrix;
use super::{Error, Family, Formula, Law, Link};
use crate::math::solve::Tall;
use crate::math::sum;

/// Rounds after which a fit is given up.
const ROUNDS: u32 = 200;
/// Halvings of a step that leads out of what the family allows.
const HALVINGS: u32 = 40;
/// What may still move beside the largest of all: what is left of rounding.
const STILL: f64 = 1e-12;
/// What may still move if it moves no less than the round before: rounding in a bad matrix.
const ROUNDING: f64 = 1e-8;
/// Closer to the edge of what may be expected, a coefficient that still moves has no end.
const EDGE: f64 = 1e-5;

/// A fitted model, as the population of the weights has it.
#[derive(Debug)]
pub(super) struct Fitted {
    pub coefficients: Vec<f64>,
    /// μ, one per unit of the matrix.
    pub mean: Vec<f64>,
    /// z of each coefficient, one per unit of the matrix.
    pub scores: Vec<Vec<f64>>,
    pub deviance: f64,
    pub rounds: u32,
}

/// What is fitted: a matrix, the units' weights with a mean of 1, and a family.
struct Rounds<'a> {
    matrix: &'a Matrix,
    weights: &'a [f64],
    family: Family,
}

/// Where the rounds stand.
#[derive(Clone)]
struct State {
    coefficients: Vec<f64>,
    eta: Vec<f64>,
    mean: Vec<f64>,
    deviance: f64,
}

/// Fits a matrix by weights that are all above 0.
///
/// # Formula
///
/// ```text
/// b ← argmin Σ w ω (ζ − x′b)²,     ω = μ′²/V(μ),   ζ = η + (y − μ)/μ′,   η = x′b + offset
///
/// z_i = A⁻¹ x_i μ′_i (y_i − μ_i)/V(μ_i),     A = Σ w ω x x′
/// ```
///
/// A is the expected information, as in R's `survey`; for the usual links of a law it is the derivative.
///
/// # Source
///
/// McCullagh, Nelder (1989), §2.5 for the rounds; Binder (1983) for the scores. That a fit to people
/// whom a term separates has no end is Albert, Anderson (1984).
pub(super) fn fit(
    matrix: &Matrix,
    formula: &Formula,
    weights: &[f64],
    family: Family,
) -> Result<Fitted, Error> {
    let mean_weight = sum(weights.iter().copied()) / weights.len() as f64;
    let level: Vec<f64> = weights.iter().map(|weight| weight / mean_weight).collect();
    let rounds = Rounds {
        matrix,
        weights: &level,
        family,
    };
    rounds.is_whole(formula)?;
    let (state, taken) = rounds.settle(formula, None)?;
    let scores = rounds.scores(&state, mean_weight);
    Ok(Fitted {
        scores: scores.map_err(|column| rounds.endless(formula, column))?,
        coefficients: state.coefficients,
        mean: state.mean,
        deviance: state.deviance,
        rounds: taken,
    })
}

/// The coefficients alone, for other weights: from near where they will be, as those of the full sample are
/// to a replicate's. If nothing comes of it, from the answers themselves.
pub(super) fn refit(
    matrix: &Matrix,
    formula: &Formula,
    weights: &[f64],
    family: Family,
    near: &[f64],
) -> Result<Vec<f64>, Error> {
    let mean_weight = sum(weights.iter().copied()) / weights.len() as f64;
    let level: Vec<f64> = weights.iter().map(|weight| weight / mean_weight).collect();
    let rounds = Rounds {
        matrix,
        weights: &level,
        family,
    };
    if let Ok((state, _)) = rounds.settle(formula, Some(near)) {
        return Ok(state.coefficients);
    }
    rounds.is_whole(formula)?;
    Ok(rounds.settle(formula, None)?.0.coefficients)
}

impl Rounds<'_> {
    fn named(&self, column: usize, formula: &Formula) -> (String, String) {
        let name = self.matrix.names[column].clone();
        (self.matrix.term_of(column, formula), name)
    }

    fn endless(&self, formula: &Formula, column: usize) -> Error {
        let (term, column) = self.named(column, formula);
        Error::Separated { term, column }
    }

    /// No column is made of those before it.
    fn is_whole(&self, formula: &Formula) -> Result<(), Error> {
        let roots: Vec<f64> = self.weights.iter().map(|weight| weight.sqrt()).collect();
        match Tall::new(self.times(&roots)) {
            Ok(_) => Ok(()),
            Err(column) => {
                let (term, column) = self.named(column, formula);
                Err(Error::Collinear { term, column })
            }
        }
    }

    /// Columns whose rows are multiplied.
    fn times(&self, factors: &[f64]) -> Vec<Vec<f64>> {
        let times = |column: &Vec<f64>| column.iter().zip(factors).map(|(x, f)| x * f).collect();
        self.matrix.columns.iter().map(times).collect()
    }

    fn settle(&self, formula: &Formula, near: Option<&[f64]>) -> Result<(State, u32), Error> {
        let known = near.and_then(|near| self.near(near));
        let is_near = known.is_some();
        let mut state = known.unwrap_or_else(|| self.start());
        let mut last = f64::INFINITY;
        let mut fastest = 0;
        for round in 1..=ROUNDS {
            let first = round == 1 && !is_near;
            let aim = self
                .step(&state)
                .map_err(|column| self.endless(formula, column))?;
            let next = self
                .towards(&state, aim, first)
                .ok_or_else(|| self.failed(&state, formula, fastest, round))?;
            let moved = self.moved(&state.eta, &next.eta);
            fastest = self.fastest(&state, &next);
            state = next;
            let exact = self.family == Family::GAUSSIAN;
            if exact || (!first && (moved <= STILL || (moved <= ROUNDING && moved >= last / 2.0))) {
                return Ok((state, round));
            }
            last = moved;
        }
        Err(self.failed(&state, formula, fastest, ROUNDS))
    }

    /// Why the rounds did not settle: a term has no end if it leads people to the edge of what may be
    /// expected.
    fn failed(&self, state: &State, formula: &Formula, column: usize, rounds: u32) -> Error {
        let middle = sum(state.mean.iter().copied()) / state.mean.len() as f64;
        let edge = |mu: &f64| match self.family.law {
            Law::Gaussian => false,
            Law::Binomial => mu * (1.0 - mu) < EDGE,
            Law::Poisson | Law::Gamma => *mu < EDGE * middle,
        };
        if state.mean.iter().any(edge) {
            return self.endless(formula, column);
        }
        let (term, column) = self.named(column, formula);
        Error::NotConverged {
            rounds,
            term,
            column,
        }
    }

    /// At these coefficients, if the family allows what is expected there.
    fn near(&self, coefficients: &[f64]) -> Option<State> {
        let state = self.at(coefficients.to_vec());
        let allowed = state.mean.iter().all(|mu| self.family.allows(*mu));
        (allowed && state.deviance.is_finite()).then_some(state)
    }

    /// Near the answers themselves, without coefficients yet.
    fn start(&self) -> State {
        let first = |y: &f64| self.family.start(*y);
        let mean: Vec<f64> = self.matrix.response.iter().map(first).collect();
        State {
            coefficients: Vec::new(),
            eta: mean.iter().map(|mu| self.family.link(*mu)).collect(),
            mean,
            deviance: f64::INFINITY,
        }
    }

    /// √(w ω) and √(w ω) (ζ − offset), one per unit.
    fn working(&self, state: &State) -> (Vec<f64>, Vec<f64>) {
        let pairs = (0..state.eta.len()).map(|row| {
            let (eta, mu) = (state.eta[row], state.mean[row]);
            let slope = self.family.slope(eta);
            let variance = self.family.variance(mu);
            let root = (self.weights[row] / variance).sqrt() * slope.abs();
            let aim = eta - self.matrix.offset[row] + (self.matrix.response[row] - mu) / slope;
            let root = if root.is_finite() && aim.is_finite() {
                root
            } else {
                0.0
            };
            (root, if root > 0.0 { root * aim } else { 0.0 })
        });
        pairs.unzip()
    }

    /// The coefficients that least squares asks for; or the column that the units no longer tell from
    /// others.
    fn step(&self, state: &State) -> Result<Vec<f64>, usize> {
        let (roots, right) = self.working(state);
        Ok(Tall::new(self.times(&roots))?.solve(right))
    }

    fn at(&self, coefficients: Vec<f64>) -> State {
        let eta: Vec<f64> = (0..self.weights.len())
            .map(|row| {
                let pairs = self.matrix.columns.iter().zip(&coefficients);
                sum(pairs
                    .map(|(column, b)| column[row] * b)
                    .chain([self.matrix.offset[row]]))
            })
            .collect();
        let mean: Vec<f64> = eta.iter().map(|eta| self.family.mean(*eta)).collect();
        let deviance = self.deviance(&mean);
        State {
            coefficients,
            eta,
            mean,
            deviance,
        }
    }

    fn deviance(&self, mean: &[f64]) -> f64 {
        let each = self.matrix.response.iter().zip(mean).zip(self.weights);
        sum(each.map(|((y, mu), weight)| weight * self.family.deviance(*y, *mu)))
    }

    /// As far towards `aim` as the family allows and the deviance does not grow.
    fn towards(&self, state: &State, aim: Vec<f64>, first: bool) -> Option<State> {
        let from = match first {
            false => state.coefficients.clone(),
            true => self.level(),
        };
        let mut next = self.at(aim);
        let bearable = |next: &State| {
            let grown = !first && next.deviance > state.deviance * (1.0 + 1e-6) + 1e-12;
            next.mean.iter().all(|mu| self.family.allows(*mu))
                && next.deviance.is_finite()
                && !grown
        };
        for _ in 0..HALVINGS {
            if bearable(&next) {
                return Some(next);
            }
            let pairs = next.coefficients.iter().zip(&from);
            next = self.at(pairs.map(|(to, from)| f64::midpoint(*to, *from)).collect());
        }
        bearable(&next).then_some(next)
    }

    /// Everybody as the mean, if there is an intercept.
    fn level(&self) -> Vec<f64> {
        let each = self.matrix.response.iter().zip(self.weights);
        let mean = sum(each.map(|(y, weight)| y * weight)) / sum(self.weights.iter().copied());
        let mut level = vec![0.0; self.matrix.columns.len()];
        if self.matrix.term[0].is_none() {
            level[0] = self.family.link(mean);
        }
        level
    }

    /// How far the expectations moved: where there is a natural scale in units of it, else beside the
    /// largest.
    fn moved(&self, from: &[f64], to: &[f64]) -> f64 {
        let scaleless = !matches!(self.family.link, Link::Identity | Link::Inverse);
        let least: f64 = if scaleless { 1.0 } else { 0.0 };
        let largest = to.iter().fold(least, |largest, eta| largest.max(eta.abs()));
        let pairs = from.iter().zip(to);
        let farthest = pairs.fold(0.0_f64, |far, (from, to)| far.max((to - from).abs()));
        if farthest > 0.0 {
            farthest / largest
        } else {
            0.0
        }
    }

    /// The column whose coefficient moved the expectations most; the intercept only if it is alone.
    fn fastest(&self, from: &State, to: &State) -> usize {
        let moved = |column: usize| {
            let before = from.coefficients.get(column).copied().unwrap_or_default();
            let values = &self.matrix.columns[column];
            let (low, high) = values
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                    (low.min(*x), high.max(*x))
                });
            (to.coefficients[column] - before).abs() * (high - low)
        };
        (0..self.matrix.columns.len())
            .max_by(|a, b| moved(*a).total_cmp(&moved(*b)).then(b.cmp(a)))
            .unwrap_or_default()
    }

    fn scores(&self, state: &State, mean_weight: f64) -> Result<Vec<Vec<f64>>, usize> {
        let (roots, _) = self.working(state);
        let inverse = Tall::new(self.times(&roots))?.inverse();
        let gaps: Vec<f64> = (0..state.eta.len())
            .map(|row| {
                let variance = self.family.variance(state.mean[row]);
                let gap = self.matrix.response[row] - state.mean[row];
                if variance > 0.0 {
                    self.family.slope(state.eta[row]) * gap / variance
                } else {
                    0.0
                }
            })
            .collect();
        let score = |line: &Vec<f64>| {
            let of = |(row, gap): (usize, &f64)| {
                let pairs = self.matrix.columns.iter().zip(line);
                sum(pairs.map(|(column, a)| column[row] * a)) * gap / mean_weight
            };
            gaps.iter().enumerate().map(of).collect()
        };
        Ok(inverse.iter().map(score).collect())
    }
}
