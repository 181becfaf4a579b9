//! Which ones.
//!
//! A probability sample: every unit of the list has a known chance above 0, and nothing but the
//! seed and the unit's own id decides whether it is drawn. Row order, other strata, threads and
//! machine cannot: units are ranked by their [permanent numbers](crate::random::number), and each
//! stratum takes its smallest.
//!
//! Memory grows with the sample, not with the list: a first threshold keeps about n + 4√n candidates
//! of each stratum, and an exact finish orders them.
//!
//! - **To add a method**, write a file with its function and `CARD`, and list it in [`CARDS`].

mod sample;

pub mod simple;

pub mod replicates;

mod error;

pub use error::Error;
pub use sample::Sample;
pub use simple::{Share, simple};

use crate::method::Card;

/// The cards of all drawing methods.
pub const CARDS: &[&Card] = &[&simple::CARD, &replicates::CARD];
