//! Known totals, level by level.

use std::collections::BTreeMap;

use super::Error;
use crate::frame::Codes;
use crate::math::sum;

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
    pub fn new(name: impl Into<String>, levels: Codes, totals: &BTreeMap<String, f64>) -> Result<Margin, Error> {
        let name = name.into();
        for (level, &total) in totals {
            if !(total >= 0.0 && total.is_finite()) {
                return Err(Error::BadTotal { margin: name, level: level.clone(), total });
            }
            if total > 0.0 && levels.find(level).is_none() {
                return Err(Error::EmptyLevel { margin: name, level: level.clone(), total });
            }
        }
        let known: Option<Vec<f64>> =
            levels.labels().iter().map(|level| totals.get(level).copied()).collect();
        match known {
            Some(totals) => Ok(Margin { name, levels, totals }),
            None => {
                let missing = levels.labels().iter().find(|level| !totals.contains_key(*level));
                let level = missing.cloned().unwrap_or_default();
                Err(Error::NoTotal { margin: name, level })
            }
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
}
