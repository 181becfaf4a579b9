//! Known totals, level by level.

use std::collections::BTreeMap;

use super::{Error, empty};
use crate::frame::Codes;
use crate::math::{Sum, sum};

/// Relative difference up to which two grand totals are the same.
const SAME: f64 = 1e-9;

/// A column of levels, and how many units of the list each level has.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    name: String,
    levels: Codes,
    totals: Vec<f64>,
}

impl Margin {
    /// A margin: one level per drawn unit, and a total for each level.
    ///
    /// # Errors
    ///
    /// [`Error::NoTotal`] names the levels that have none; [`Error::BadTotal`]. A level with a total above 0
    /// and no drawn unit is part of the margin: the step that is to meet it names all such levels at once.
    pub fn new(
        name: impl Into<String>,
        levels: Codes,
        totals: &BTreeMap<String, f64>,
    ) -> Result<Margin, Error> {
        let name = name.into();
        for (level, &total) in totals {
            if !(total >= 0.0 && total.is_finite()) {
                return Err(Error::BadTotal {
                    margin: name,
                    level: level.clone(),
                    total,
                });
            }
        }
        let missing: Vec<String> = levels
            .labels()
            .iter()
            .filter(|level| !totals.contains_key(*level))
            .cloned()
            .collect();
        if !missing.is_empty() {
            return Err(Error::NoTotal {
                margin: name,
                levels: missing,
            });
        }
        let levels = with_empty(levels, totals);
        let totals = levels.labels().iter().map(|level| totals[level]).collect();
        Ok(Margin {
            name,
            levels,
            totals,
        })
    }

    /// Where a unit stands in it: "age: 18–29".
    #[must_use]
    pub fn of(&self, unit: usize) -> String {
        format!("{}: {}", self.name, self.levels.label(unit))
    }

    /// The same totals for other units, whose levels have the same labels.
    pub(super) fn with_levels(&self, levels: Codes) -> Margin {
        Margin {
            name: self.name.clone(),
            levels,
            totals: self.totals.clone(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One level per drawn unit.
    #[must_use]
    pub fn levels(&self) -> &Codes {
        &self.levels
    }

    /// One total per label of [`Margin::levels`].
    #[must_use]
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// The sum of all totals.
    #[must_use]
    pub fn grand_total(&self) -> f64 {
        sum(self.totals.iter().copied())
    }

    /// What each level holds.
    pub(super) fn held(&self, weights: &[f64], active: &[usize]) -> Vec<f64> {
        let mut sums = vec![Sum::default(); self.totals.len()];
        for &unit in active {
            sums[self.levels.code(unit)].add(weights[unit]);
        }
        sums.iter().map(Sum::value).collect()
    }

    /// Scales weights to the totals.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyLevels`] if levels are to hold something, and nobody there has a weight.
    pub(super) fn scale(&self, weights: &mut [f64], active: &[usize]) -> Result<(), Error> {
        let held = self.held(weights, active);
        empty::told(empty::of(self, &held))?;
        for &unit in active {
            let level = self.levels.code(unit);
            if held[level] > 0.0 {
                weights[unit] *= self.totals[level] / held[level];
            }
        }
        Ok(())
    }

    /// Whether a level is to hold something, and holds nothing.
    pub(super) fn lacks(&self, held: &[f64]) -> bool {
        let mut levels = self.totals.iter().zip(held);
        levels.any(|(total, held)| *total > 0.0 && *held <= 0.0)
    }

    /// Scales weights to the totals, from what levels hold; returns what the levels of another margin
    /// hold then.
    pub(super) fn scaled(
        &self,
        held: &[f64],
        weights: &mut [f64],
        active: &[usize],
        next: &Margin,
    ) -> Vec<f64> {
        let factor = |(total, held): (&f64, &f64)| if *held > 0.0 { total / held } else { 1.0 };
        let factors: Vec<f64> = self.totals.iter().zip(held).map(factor).collect();
        let mut sums = vec![Sum::default(); next.totals.len()];
        let (mine, others) = (self.levels.codes(), next.levels.codes());
        for &unit in active {
            let weight = weights[unit] * factors[mine[unit] as usize];
            weights[unit] = weight;
            sums[others[unit] as usize].add(weight);
        }
        sums.iter().map(Sum::value).collect()
    }

    /// Takes the weighted mean of each level away, and returns the largest of them.
    pub(super) fn centre(&self, weights: &[f64], active: &[usize], values: &mut [f64]) -> f64 {
        let levels = self.totals.len();
        let (mut weight, mut product) =
            (vec![Sum::default(); levels], vec![Sum::default(); levels]);
        for &unit in active {
            let level = self.levels.code(unit);
            weight[level].add(weights[unit]);
            product[level].add(weights[unit] * values[unit]);
        }
        let mean: Vec<f64> = weight
            .iter()
            .zip(&product)
            .map(|(w, p)| {
                if w.value() > 0.0 {
                    p.value() / w.value()
                } else {
                    0.0
                }
            })
            .collect();
        for &unit in active {
            values[unit] -= mean[self.levels.code(unit)];
        }
        mean.iter()
            .fold(0.0, |largest, mean| largest.max(mean.abs()))
    }
}

/// What the levels of all margins hold, found together: sums that do not wait for each other take no
/// longer than one of them.
pub(super) fn all_held(margins: &[Margin], weights: &[f64], active: &[usize]) -> Vec<Vec<f64>> {
    let (mut columns, mut count) = (Vec::new(), 0);
    for margin in margins {
        columns.push((margin.levels.codes(), count));
        count += margin.totals.len();
    }
    let mut sums = vec![Sum::default(); count];
    for &unit in active {
        let weight = weights[unit];
        for (codes, first) in &columns {
            sums[first + codes[unit] as usize].add(weight);
        }
    }
    let mut held = sums.iter().map(Sum::value);
    let each = margins.iter().map(|margin| margin.totals.len());
    each.map(|levels| held.by_ref().take(levels).collect())
        .collect()
}

/// The same levels, and those to which totals give somebody although no unit of theirs was drawn.
fn with_empty(levels: Codes, totals: &BTreeMap<String, f64>) -> Codes {
    let labels: Vec<String> = totals
        .iter()
        .filter(|&(level, &total)| total > 0.0 || levels.find(level).is_some())
        .map(|(level, _)| level.clone())
        .collect();
    if labels.len() == levels.labels().len() {
        return levels;
    }
    // Both are sorted, so a label stands further down by those that came in before it.
    let places: Vec<u32> = levels
        .labels()
        .iter()
        .map(|level| labels.partition_point(|known| known < level) as u32)
        .collect();
    let codes = levels.codes().iter().map(|&code| places[code as usize]);
    let codes = codes.collect();
    Codes::new(labels, codes)
}

/// Whether margins describe the same population.
///
/// # Errors
///
/// [`Error::Totals`] if they do not add up to the same.
pub(super) fn agree(margins: &[Margin]) -> Result<(), Error> {
    let Some((first, rest)) = margins.split_first() else {
        return Ok(());
    };
    let total = first.grand_total();
    let differs = |other: &&Margin| (other.grand_total() - total).abs() > SAME * total.abs();
    match rest.iter().find(differs) {
        None => Ok(()),
        Some(other) => Err(Error::Totals {
            first: first.name.clone(),
            first_total: total,
            second: other.name.clone(),
            second_total: other.grand_total(),
        }),
    }
}
