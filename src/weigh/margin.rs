//! Known totals, level by level.

use std::collections::BTreeMap;

use super::Error;
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
    /// [`Error::NoTotal`] if a level has none; [`Error::EmptyLevel`] if a level with a total above 0
    /// has no drawn unit; [`Error::BadTotal`].
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
            if total > 0.0 && levels.find(level).is_none() {
                return Err(Error::EmptyLevel {
                    margin: name,
                    level: level.clone(),
                    total,
                });
            }
        }
        let known: Option<Vec<f64>> = levels
            .labels()
            .iter()
            .map(|level| totals.get(level).copied())
            .collect();
        match known {
            Some(totals) => Ok(Margin {
                name,
                levels,
                totals,
            }),
            None => {
                let missing = levels
                    .labels()
                    .iter()
                    .find(|level| !totals.contains_key(*level));
                let level = missing.cloned().unwrap_or_default();
                Err(Error::NoTotal {
                    margin: name,
                    level,
                })
            }
        }
    }

    /// Where a unit stands in it: "age: 18–29".
    #[must_use]
    pub fn of(&self, unit: usize) -> String {
        format!("{}: {}", self.name, self.levels.label(unit))
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
    /// [`Error::EmptyLevel`] if a level is to hold something, and nobody there has a weight.
    pub(super) fn scale(&self, weights: &mut [f64], active: &[usize]) -> Result<(), Error> {
        let held = self.held(weights, active);
        for (level, (&total, &held)) in self.totals.iter().zip(&held).enumerate() {
            if total > 0.0 && held <= 0.0 {
                let (margin, level) = (self.name.clone(), self.levels.labels()[level].clone());
                return Err(Error::EmptyLevel {
                    margin,
                    level,
                    total,
                });
            }
        }
        for &unit in active {
            let level = self.levels.code(unit);
            if held[level] > 0.0 {
                weights[unit] *= self.totals[level] / held[level];
            }
        }
        Ok(())
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
