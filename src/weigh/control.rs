//! All that is known of the list, as columns of one matrix that is never written out.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSlice;

use super::{Error, Margin, empty, margin};
use crate::math::solve::{Solver, Symmetric};
use crate::math::{Sum, sum};

/// Units whose amounts are multiplied at a time.
const BLOCK: usize = 8;

/// Units below which a column's work is not worth sharing out.
const FEW: usize = 1_024;

/// A column of numbers, and what they add up to over the whole list.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    name: String,
    /// Shared with whoever has them too: hundreds of columns need not be held twice.
    values: Arc<Vec<f64>>,
    total: f64,
}

impl Amount {
    /// A column: one number per drawn unit, and the list's total.
    ///
    /// # Errors
    ///
    /// [`Error::BadAmount`] if a number or the total is not finite.
    pub fn new(
        name: impl Into<String>,
        values: impl Into<Arc<Vec<f64>>>,
        total: f64,
    ) -> Result<Amount, Error> {
        let (name, values) = (name.into(), values.into());
        let bad = values.iter().find(|value| !value.is_finite());
        match bad.or((!total.is_finite()).then_some(&total)) {
            Some(&value) => Err(Error::BadAmount {
                amount: name,
                value,
            }),
            None => Ok(Amount {
                name,
                values,
                total,
            }),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One number per drawn unit.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// What they add up to over the list.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.total
    }
}

/// The control that weights are furthest from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Worst {
    /// Its column.
    pub column: usize,
    /// │T − Σ w x│ / (1 + │T│).
    pub misfit: f64,
}

/// Units that the controls cannot tell apart: calibration multiplies them alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kinds {
    /// The first unit of each kind, which stands for it.
    pub unit: Vec<usize>,
    /// What its units weigh together.
    pub weight: Vec<f64>,
    /// The kind of each unit, if it takes part.
    pub of: Vec<Option<usize>>,
}

/// Known totals: of the levels of margins, and of amounts. As a matrix it has one column for each
/// level of each margin, then one for each amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Controls {
    margins: Vec<Margin>,
    amounts: Vec<Amount>,
    /// The first column of each margin, then that of the amounts.
    first: Vec<usize>,
    totals: Vec<f64>,
}

impl Controls {
    /// All of these together.
    ///
    /// # Errors
    ///
    /// [`Error::Totals`] if margins do not add up to the same.
    pub fn new(margins: Vec<Margin>, amounts: Vec<Amount>) -> Result<Controls, Error> {
        margin::agree(&margins)?;
        let mut first = vec![0];
        let mut totals = Vec::new();
        for margin in &margins {
            totals.extend_from_slice(margin.totals());
            first.push(totals.len());
        }
        totals.extend(amounts.iter().map(Amount::total));
        Ok(Controls {
            margins,
            amounts,
            first,
            totals,
        })
    }

    /// The margins.
    #[must_use]
    pub fn margins(&self) -> &[Margin] {
        &self.margins
    }

    /// The amounts.
    #[must_use]
    pub fn amounts(&self) -> &[Amount] {
        &self.amounts
    }

    /// T, one total per column.
    #[must_use]
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// What a column is called: "region = north", or the amount's name.
    #[must_use]
    pub fn name(&self, column: usize) -> String {
        let margin = self.first.partition_point(|&first| first <= column) - 1;
        match self.margins.get(margin) {
            Some(known) => {
                format!(
                    "{} = {}",
                    known.name(),
                    known.levels().labels()[column - self.first[margin]]
                )
            }
            None => self.amounts[column - self.first[margin]].name.clone(),
        }
    }

    /// The columns of the margin that a column is a level of; none of an amount.
    pub(super) fn siblings(&self, column: usize) -> std::ops::Range<usize> {
        let margin = self.first.partition_point(|&first| first <= column) - 1;
        match self.margins.get(margin) {
            Some(known) => self.first[margin]..self.first[margin] + known.totals().len(),
            None => 0..0,
        }
    }

    /// Whether a column follows from others: the first level of every margin but the first, since
    /// margins add up to the same.
    pub(super) fn is_implied(&self, column: usize) -> bool {
        let starts = &self.first[..self.margins.len()];
        starts.iter().skip(1).any(|&start| start == column)
    }

    /// x of a unit: the columns where it has something, and what.
    pub(super) fn row(&self, unit: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let levels = self
            .margins
            .iter()
            .zip(&self.first)
            .map(move |(m, first)| (first + m.levels().code(unit), 1.0));
        let start = self.first[self.margins.len()];
        let amounts = self
            .amounts
            .iter()
            .enumerate()
            .map(move |(k, amount)| (start + k, amount.values[unit]));
        levels.chain(amounts)
    }

    /// Whether a unit is in a level that is to hold nobody.
    pub(super) fn is_void(&self, unit: usize) -> bool {
        self.margins
            .iter()
            .any(|margin| margin.totals()[margin.levels().code(unit)] <= 0.0)
    }

    /// Whether every level that is to hold something has somebody with a weight.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyLevels`] names those that have nobody.
    pub(super) fn are_held(&self, weights: &[f64], active: &[usize]) -> Result<(), Error> {
        // A weight below 0 is one too: the levels hold something, and calibration finds how much.
        let there: Vec<f64> = weights.iter().map(|weight| weight.abs()).collect();
        empty::none(&self.margins, &there, active)
    }

    /// x′λ of some units.
    pub(super) fn along(&self, units: &[usize], pulls: &[f64]) -> Vec<f64> {
        let along = |&unit: &usize| sum(self.row(unit).map(|(column, x)| x * pulls[column]));
        units.par_iter().with_min_len(FEW).map(along).collect()
    }

    /// Σ w x, over some units and their weights.
    pub(super) fn held(&self, weights: impl IntoIterator<Item = (usize, f64)>) -> Vec<f64> {
        let weights: Vec<(usize, f64)> = weights.into_iter().collect();
        let mut held = Vec::with_capacity(self.totals.len());
        for margin in &self.margins {
            let mut levels = vec![Sum::default(); margin.totals().len()];
            for &(unit, weight) in &weights {
                levels[margin.levels().code(unit)].add(weight);
            }
            held.extend(levels.iter().map(Sum::value));
        }
        let amount = |amount: &Amount| {
            let terms = weights.iter();
            sum(terms.map(|&(unit, weight)| weight * amount.values[unit]))
        };
        if weights.len() < FEW {
            held.extend(self.amounts.iter().map(amount));
        } else {
            held.extend(self.amounts.par_iter().map(amount).collect::<Vec<f64>>());
        }
        held
    }

    /// The control that is worst met, if the weights hold this; none where all are met exactly.
    pub(super) fn worst(&self, held: &[f64]) -> Option<Worst> {
        let misfits = self
            .totals
            .iter()
            .zip(held)
            .map(|(total, held)| (total - held).abs() / (1.0 + total.abs()));
        let mut worst: Option<Worst> = None;
        for (column, misfit) in misfits.enumerate() {
            // What is not a number is worse than any number.
            if misfit.is_nan() || misfit > worst.map_or(0.0, |worst| worst.misfit) {
                worst = Some(Worst { column, misfit });
            }
            if misfit.is_nan() {
                break;
            }
        }
        worst
    }

    /// Σ q x x′ over some units and their q, ready to be solved with; none if it is not finite.
    pub(super) fn solver(&self, pulls: impl IntoIterator<Item = (usize, f64)>) -> Option<Solver> {
        // Parts of a fixed size, added up in their order: the number of threads changes nothing.
        const PART: usize = 1_024;
        const AT_ONCE: usize = 64;
        let pulls: Vec<(usize, f64)> = pulls.into_iter().collect();
        let mut matrix = Symmetric::zero(self.totals.len());
        for several in pulls.chunks(PART * AT_ONCE) {
            let parts = several.par_chunks(PART).map(|part| self.products(part));
            let parts: Vec<Vec<f64>> = parts.collect();
            parts.iter().for_each(|part| matrix.add_all(part));
        }
        Solver::new(&matrix)
    }

    /// Σ q x x′ over a few units: the lower triangle, row by row.
    fn products(&self, pulls: &[(usize, f64)]) -> Vec<f64> {
        let count = self.totals.len();
        let start = count - self.amounts.len();
        let mut cells = vec![0.0; count * (count + 1) / 2];
        for &(unit, pull) in pulls {
            let levels = self.margins.iter().zip(&self.first);
            let levels: Vec<usize> = levels
                .map(|(margin, first)| first + margin.levels().code(unit))
                .collect();
            for (place, &row) in levels.iter().enumerate() {
                let cells = &mut cells[row * (row + 1) / 2..];
                levels[..=place]
                    .iter()
                    .for_each(|&column| cells[column] += pull);
            }
            if levels.is_empty() {
                continue;
            }
            for (place, amount) in self.amounts.iter().enumerate() {
                let (row, pulled) = (start + place, pull * amount.values[unit]);
                let cells = &mut cells[row * (row + 1) / 2..];
                levels.iter().for_each(|&column| cells[column] += pulled);
            }
        }
        let mut blocks = pulls.chunks_exact(BLOCK);
        for block in &mut blocks {
            self.amounts_of::<BLOCK>(block, start, &mut cells);
        }
        for one in blocks.remainder().chunks(1) {
            self.amounts_of::<1>(one, start, &mut cells);
        }
        cells
    }

    /// Adds q x x′ of the amounts of so many units. A cell is read and written once for all of them, and
    /// adds them up one after another.
    fn amounts_of<const N: usize>(&self, pulls: &[(usize, f64)], start: usize, cells: &mut [f64]) {
        let of = |k: usize| -> Vec<f64> {
            let unit = pulls[k].0;
            self.amounts
                .iter()
                .map(|amount| amount.values[unit])
                .collect()
        };
        let amounts: [Vec<f64>; N] = std::array::from_fn(of);
        for place in 0..self.amounts.len() {
            let (row, many) = (start + place, place + 1);
            let cells = &mut cells[row * (row + 1) / 2 + start..][..many];
            let pulled: [f64; N] = std::array::from_fn(|k| pulls[k].1 * amounts[k][place]);
            let beside: [&[f64]; N] = std::array::from_fn(|k| &amounts[k][..many]);
            for (column, cell) in cells.iter_mut().enumerate() {
                let mut sum = *cell;
                for (pulled, beside) in pulled.iter().zip(&beside) {
                    sum += pulled * beside[column];
                }
                *cell = sum;
            }
        }
    }

    /// Every unit as a kind of its own.
    pub(super) fn each(weights: &[f64], active: &[usize]) -> Kinds {
        let mut of = vec![None; weights.len()];
        for (kind, &unit) in active.iter().enumerate() {
            of[unit] = Some(kind);
        }
        Kinds {
            unit: active.to_vec(),
            weight: active.iter().map(|&unit| weights[unit]).collect(),
            of,
        }
    }

    /// Units that the controls cannot tell apart, with what they weigh together.
    pub(super) fn kinds(&self, weights: &[f64], active: &[usize]) -> Kinds {
        // With many amounts hardly two units are alike, and looking for them costs more than it saves.
        const FEW: usize = 16;
        let each = self.amounts.len() > FEW;
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut kinds = Kinds {
            of: vec![None; weights.len()],
            ..Kinds::default()
        };
        let mut together: Vec<Sum> = Vec::new();
        for &unit in active {
            let levels = self
                .margins
                .iter()
                .map(|margin| margin.levels().code(unit) as u64);
            let amounts = self
                .amounts
                .iter()
                .map(|amount| amount.values[unit].to_bits());
            let kind = match each {
                true => together.len(),
                false => *known
                    .entry(levels.chain(amounts).collect())
                    .or_insert(together.len()),
            };
            if kind == together.len() {
                together.push(Sum::default());
                kinds.unit.push(unit);
            }
            together[kind].add(weights[unit]);
            kinds.of[unit] = Some(kind);
        }
        kinds.weight = together.iter().map(Sum::value).collect();
        kinds
    }

    /// B̂, and what the controls leave unexplained of values: z − x′B̂ for the active units.
    ///
    /// # Formula
    ///
    /// ```text
    /// e = z − x′B̂,   B̂ = (Σ q x x′)⁻ Σ q x z
    /// ```
    ///
    /// The fit is made twice, the second time to what the first left: that takes off what rounding
    /// left on.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §6.4.
    pub(super) fn fitted(
        &self,
        pulls: &[f64],
        values: &[f64],
        active: &[usize],
    ) -> (Vec<f64>, Vec<f64>) {
        let (mut whole, mut left) = (vec![0.0; self.totals.len()], values.to_vec());
        let pulled = active.iter().map(|&unit| (unit, pulls[unit]));
        let Some(solver) = self.solver(pulled) else {
            return (whole, left);
        };
        for _ in 0..2 {
            let fit = solver
                .solve(&self.held(active.iter().map(|&unit| (unit, pulls[unit] * left[unit]))));
            for (&unit, along) in active.iter().zip(self.along(active, &fit)) {
                left[unit] -= along;
            }
            for (whole, part) in whole.iter_mut().zip(&fit) {
                *whole += part;
            }
        }
        (whole, left)
    }
}
