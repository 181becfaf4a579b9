//! Variances by doing it again: many sets of weights, and how much a figure differs between them.
//!
//! Linearised variances ask a statistic for its scores and every weighting step for its way back.
//! Replicates ask for nothing: a part of the sample is left out, doubled or weighed anew, every step of
//! the ledger is taken again, and the figure is made again:
//!
//! ```text
//! V̂(θ̂) = c Σ_r c_r (θ̂_r − θ̂)²
//! ```
//!
//! | method             | serves                                        | replicates        |
//! |--------------------|-----------------------------------------------|-------------------|
//! | [`jackknife`]      | any clusters, in strata or not, or in pairs   | as many as clusters |
//! | [`half`]           | two clusters in every stratum                 | a few more than strata |
//! | [`bootstrap`]      | any design, all stages, any statistic         | some hundreds     |
//! | [`generalised`]    | any variance that is a quadratic form         | some hundreds     |
//! | [`successive`]     | systematic draws, in their order              | 80 or more        |
//! | [`groups`]         | large samples                                 | a few             |
//! | [`given`]          | replicates that came with the data            | theirs            |
//!
//! - **Nothing is kept.** A replicate's weights are made when they are asked for, from the seed and the
//!   replicate's own number. Neither other replicates nor threads can move them.
//! - **Nothing is dropped.** If a figure or a step cannot be had in one replicate, the variance is
//!   [unknown](crate::estimate::Unknown) and says in how many.
//! - **To add a method**, write a file with one `impl Pattern` and one `CARD`, and list it in
//!   [`Method`] and in [`estimate::CARDS`](crate::estimate::CARDS).

mod error;

mod units;

mod hadamard;

mod replicates;

mod method;

pub mod jackknife;

pub mod half;

pub mod bootstrap;

pub mod generalised;

pub mod successive;

pub mod groups;

pub mod given;

mod rank;

mod replicated;

mod jointly;

pub use error::Error;
pub use generalised::Form;
pub use given::{Given, Kind};
pub use hadamard::Hadamard;
pub use jointly::Maker;
pub use method::Method;
pub use replicated::{Figure, Joint, Replicated};
pub use replicates::{CARD, Centre, Replicates};
pub use units::Units;

use crate::method::Card;

/// What a replicate does to the weights of a design's clusters. It knows its design, and neither
/// statistic nor steps.
trait Pattern: std::fmt::Debug + Send + Sync {
    /// What the method says of itself.
    fn card(&self) -> &'static Card;

    /// Turns base weights into those of a replicate, counted from 0.
    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]);
}

#[cfg(test)]
mod tests;
