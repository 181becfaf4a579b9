//! What the population says, and how sure we are.
//!
//! Three things that know nothing of each other meet in one identity:
//!
//! ```text
//! V̂(θ̂)  =  V_design( back₁( … back_k( w · z ) ) )  +  Σ extra_j
//!
//! z         scores of the statistic       one file per Statistic: mean, total, share, ratio
//! back_j    what a weighting step does    the Ledger, read backwards
//! V_design  variance of a sum of scores   one file per rule in `variance/`
//! ```
//!
//! - **Rows.** One entry per drawn unit, in draw order. A [`Domain`] is a mask: units outside it
//!   have score 0 and stay in the sum, because the strata they were drawn from are still needed.
//! - **Unknown is not a number.** A variance that cannot be had is [`Unknown`] and says why.
//! - **To add a statistic**, write a file with one `impl Statistic` and one `CARD`, and list it in
//!   [`CARDS`]. Variances, intervals and design effects follow.
//!
//! The reasoning is in [`guide::variance`](crate::guide::variance).

mod statistic;

pub mod mean;

pub mod total;

pub mod share;

pub mod ratio;

mod domain;

pub mod variance;

pub mod interval;

pub mod effect;

mod estimator;

mod estimate;

mod error;

pub use domain::Domain;
pub use error::Error;
pub use estimate::{Estimate, Unknown};
pub use estimator::Estimator;
pub use mean::Mean;
pub use ratio::Ratio;
pub use share::{Share, Test};
pub use statistic::{Evaluated, Statistic, View};
pub use total::Total;

use crate::method::Card;

/// The cards of all statistics, and of what makes them certain.
pub const CARDS: &[&Card] = &[
    &mean::CARD,
    &total::CARD,
    &share::CARD,
    &ratio::CARD,
    &variance::strata::CARD,
    &interval::CARD,
    &effect::CARD,
];

#[cfg(test)]
mod tests;
