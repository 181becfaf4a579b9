//! Which part of a cell's interviews each stratum gets.
//!
//! A rule gives each stratum a *pull*; shares are pulls over their sum. Real shares are of use to
//! people and to formulas; [`whole`](super::whole::whole) makes whole numbers of them, within limits.

pub mod proportional;

pub mod neyman;

pub mod power;

use super::Error;
use super::whole::Divisors;
use crate::design::Stratum;
use crate::math::sum;
use crate::method::Card;

/// A rule of allocation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Allocation {
    /// By population alone.
    Proportional,
    /// By population, spread and cost.
    Neyman,
    /// Between equal shares and proportional ones.
    Power {
        /// 0 for equal relative precision, 1 for the whole's precision.
        q: f64,
    },
}

impl Allocation {
    /// The rule's card.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        match self {
            Allocation::Proportional => &proportional::CARD,
            Allocation::Neyman => &neyman::CARD,
            Allocation::Power { .. } => &power::CARD,
        }
    }

    /// How strongly each stratum pulls, H numbers of 0 or more.
    ///
    /// # Errors
    ///
    /// As the rules themselves.
    pub fn pulls(&self, strata: &[Stratum]) -> Result<Vec<f64>, Error> {
        match *self {
            Allocation::Proportional => Ok(proportional::pulls(strata)),
            Allocation::Neyman => neyman::pulls(strata),
            Allocation::Power { q } => power::pulls(strata, q),
        }
    }

    /// The divisors that make whole numbers of the rule's shares.
    #[must_use]
    pub fn divisors(&self) -> Divisors {
        match self {
            Allocation::Neyman => Divisors::Wright,
            Allocation::Proportional | Allocation::Power { .. } => Divisors::Webster,
        }
    }
}

/// `total` in proportion to `pulls`.
fn shares(total: f64, pulls: &[f64]) -> Vec<f64> {
    let all = sum(pulls.iter().copied());
    pulls.iter().map(|pull| total * pull / all).collect()
}
