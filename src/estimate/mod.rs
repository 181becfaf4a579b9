//! What the population says, and how sure we are.
//!
//! Three things that know nothing of each other meet in one identity:
//!
//! ```text
//! V̂(θ̂)  =  V_design( back₁( … back_k( w · z ) ) )  +  Σ extra_j
//!
//! z         scores of the statistic       one file per Statistic: mean, total, share, ratio, …
//! back_j    what a weighting step does    the Ledger, read backwards
//! V_design  variance of a sum of scores   one file per Rule in `variance/`: strata, clusters
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

pub mod quantile;

pub mod spread;

pub mod difference;

mod domain;

pub mod variance;

pub mod interval;

pub mod effect;

pub mod publish;

mod estimator;

mod estimate;

mod error;

pub use difference::Difference;
pub use domain::Domain;
pub use error::Error;
pub use estimate::{Estimate, Unknown};
pub use estimator::Estimator;
pub use interval::ShareInterval;
pub use mean::Mean;
pub use quantile::Quantile;
pub use ratio::Ratio;
pub use share::{Share, Test};
pub use spread::{Correlation, PopulationVariance, Spread};
pub use statistic::{Evaluated, Statistic, View};
pub use total::Total;

use crate::method::Card;

/// The cards of all statistics, and of what makes them certain.
pub const CARDS: &[&Card] = &[
    &mean::CARD,
    &total::CARD,
    &share::CARD,
    &ratio::CARD,
    &quantile::CARD,
    &quantile::rule::CARD,
    &spread::CARD,
    &spread::VARIANCE,
    &spread::CORRELATION,
    &difference::CARD,
    &variance::strata::CARD,
    &variance::clusters::CARD,
    &variance::lonely::CARD,
    &interval::CARD,
    &interval::share::LOGIT,
    &interval::share::WILSON,
    &interval::share::BETA,
    &interval::share::NCHS,
    &interval::share::ARCSINE,
    &interval::share::LIKELIHOOD,
    &effect::CARD,
    &publish::CARD,
];

#[cfg(test)]
mod api;

#[cfg(test)]
mod tests;
