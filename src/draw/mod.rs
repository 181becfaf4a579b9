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
//! Beyond one pool: [waves](coordinate) that share units or avoid each other, units that [rest](rested),
//! whole numbers for [tables](controlled), [stages] and [phases], and [one call](one_call) per person.
//!
//! - **To add a method**, write a file with its function and `CARD`, and list it in [`CARDS`].

pub mod probability;

mod pool;

mod method;

pub mod joint;

pub mod prove;

pub mod walk;

mod apart;

mod key;

pub mod smallest;

pub mod systematic;

pub mod pps_systematic;

mod fixed;

mod count;

pub mod conditional;

pub mod sampford;

pub mod brewer;

pub mod tille;

pub mod midzuno;

pub mod pivotal;

pub mod chromy;

pub mod poisson;

pub mod bernoulli;

pub mod order;

pub mod replacement;

pub mod approximate;

#[cfg(test)]
mod trial;

pub mod neighbours;

pub mod local_pivotal;

pub mod correlated_poisson;

mod flight;

mod landing;

pub mod cube;

pub mod local_cube;

pub mod stratified_cube;

pub mod spread;

mod sizes;

mod gate;

mod candidates;

pub mod sieve;

mod sample;

pub mod simple;

pub mod replicates;

pub mod coordinate;

pub mod overlap;

pub mod rested;

pub mod controlled;

pub mod controlled_cube;

pub mod stages;

pub mod phases;

pub mod one_call;

mod error;

pub use error::Error;
pub use joint::Joint;
pub use method::{Accuracy, Method, Needs, Pairs, Size};
pub use pool::Pool;
pub use probability::Probabilities;
pub use sample::Sample;
pub use simple::{Share, simple};
pub use sizes::Sizes;

use crate::method::Card;

/// The cards of all drawing methods.
pub const CARDS: &[&Card] = &[
    &simple::CARD,
    &replicates::CARD,
    &probability::CARD,
    &systematic::CARD,
    &pps_systematic::CARD,
    &pps_systematic::SHUFFLED_CARD,
    &pivotal::CARD,
    &pivotal::SHUFFLED_CARD,
    &chromy::CARD,
    &conditional::CARD,
    &sampford::CARD,
    &brewer::CARD,
    &tille::CARD,
    &midzuno::CARD,
    &order::SEQUENTIAL_CARD,
    &order::PARETO_CARD,
    &order::ADJUSTED_CARD,
    &poisson::CARD,
    &bernoulli::CARD,
    &replacement::SIMPLE_CARD,
    &replacement::CARD,
    &approximate::CARD,
    &local_pivotal::CARD,
    &correlated_poisson::CARD,
    &cube::CARD,
    &local_cube::CARD,
    &stratified_cube::CARD,
    &spread::CARD,
    &coordinate::CARD,
    &overlap::CARD,
    &rested::CARD,
    &controlled::CARD,
    &controlled_cube::CARD,
    &stages::CARD,
    &stages::SELF_WEIGHTING_CARD,
    &phases::CARD,
    &one_call::CARD,
];

/// The methods that draw from a pool with given chances, in the order of the families: equal chances,
/// unequal chances of fixed and of random size, with replacement, spread and balanced.
pub const METHODS: &[&Method] = &[
    &smallest::METHOD,
    &systematic::METHOD,
    &bernoulli::METHOD,
    &pps_systematic::METHOD,
    &pps_systematic::SHUFFLED,
    &pivotal::METHOD,
    &pivotal::SHUFFLED,
    &chromy::METHOD,
    &conditional::METHOD,
    &sampford::METHOD,
    &brewer::METHOD,
    &tille::METHOD,
    &midzuno::METHOD,
    &order::SEQUENTIAL,
    &order::PARETO,
    &order::ADJUSTED,
    &poisson::METHOD,
    &replacement::SIMPLE,
    &replacement::METHOD,
    &local_pivotal::METHOD,
    &correlated_poisson::METHOD,
    &cube::METHOD,
    &local_cube::METHOD,
];
