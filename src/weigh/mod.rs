//! How many people each answer speaks for.
//!
//! A weight begins as one over the chance of being drawn. Named steps then correct it, each for one
//! thing that went differently in the field:
//!
//! ```text
//! 1/π → released → asked about → unknown eligibility → nonresponse → known totals → trim
//! ```
//!
//! Every step is a line in a [`Ledger`]. Read forwards, the ledger gives the weights. Read
//! backwards, it tells each estimate how much certainty the step gained or cost. Nothing else in
//! this crate changes a weight.
//!
//! - **Rows.** One entry per *drawn* unit, in draw order. Someone who did not answer stays, with
//!   weight 0. A number found not eligible keeps its weight, and has no answers.
//! - **Units.** Units of the list. The weights of those who answered and those who are not eligible
//!   add up to an estimate of how many units the list has.
//! - **To add a step**, write a file with one `impl Step` and one `CARD`, and list it in [`CARDS`].
//!   Variances, report and `canvass explain` follow.
//!
//! The reasoning is in [`guide::weighting`](crate::guide::weighting).

mod ledger;

mod alike;

mod step;

pub mod base;

pub mod release;

pub mod one_call;

mod phase;

pub mod unknown;

pub mod second_phase;

pub mod nonresponse;

mod predictors;

pub mod propensity;

pub mod tree;

pub mod compose;

pub mod multiplicity;

pub mod persons;

mod margin;

mod empty;

pub mod poststratify;

pub mod rake;

mod control;

pub mod distance;

mod newton;

pub mod conflict;

pub mod calibrate;

mod uncertain;

mod instruments;

pub mod trim;

pub mod alternate;

pub mod quality;

mod balance;

pub mod spencer;

pub mod henry;

pub mod chen_rust;

pub mod review;

pub mod heavy;

pub mod factors;

pub mod replicas;

pub mod differ;

mod error;

pub use alternate::Alternate;
pub use balance::{Balance, balance};
pub use calibrate::Calibrate;
pub use compose::Compose;
pub use conflict::{Conflict, Join};
pub use control::{Amount, Controls};
pub use distance::{Bounds, Distance};
pub use empty::Empty;
pub use error::Error;
pub use instruments::Instruments;
pub use ledger::{Entry, Ledger};
pub use margin::Margin;
pub use multiplicity::Multiplicity;
pub use nonresponse::Nonresponse;
pub use one_call::OneCall;
pub use persons::Persons;
pub use poststratify::Poststratify;
pub use predictors::Predictors;
pub use propensity::Propensity;
pub use quality::Quality;
pub use rake::Rake;
pub use release::Release;
pub use second_phase::SecondPhase;
pub use step::{Adjusted, Step};
pub use tree::ByTree;
pub use trim::{Cap, Excess, Trim};
pub use uncertain::Uncertain;
pub use unknown::Unknown;

use crate::method::Card;

/// The cards of all weighting steps, in the order in which they are taken.
pub const CARDS: &[&Card] = &[
    &base::CARD,
    &persons::CARD,
    &release::CARD,
    &unknown::CARD,
    &second_phase::CARD,
    &nonresponse::CARD,
    &propensity::CARD,
    &propensity::CLASSES,
    &tree::CARD,
    &compose::HARTLEY,
    &compose::SINGLE,
    &multiplicity::NUMBERS,
    &multiplicity::PEOPLE,
    &poststratify::CARD,
    &rake::CARD,
    &distance::LINEAR,
    &distance::RAKING,
    &distance::LOGIT,
    &distance::TRUNCATED,
    &distance::BOUNDED_RAKING,
    &instruments::CARD,
    &uncertain::CARD,
    &conflict::CARD,
    &trim::CARD,
    &alternate::CARD,
    &quality::CARD,
    &spencer::CARD,
    &henry::CARD,
    &chen_rust::CARD,
];

#[cfg(test)]
mod tests;

#[cfg(test)]
mod laws;

#[cfg(test)]
mod traps;
