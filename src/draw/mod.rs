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
//! # The families
//!
//! | family          | take it where                                                        |
//! |-----------------|----------------------------------------------------------------------|
//! | [`equal`]       | all units have the same chance                                       |
//! | [`unequal`]     | larger units are to come more often                                  |
//! | [`replacement`] | a unit may be hit more than once                                     |
//! | [`spread`]      | near units answer alike                                              |
//! | [`balance`]     | known amounts go with the answers                                    |
//! | [`stages`]      | one draw follows another: clusters, phases, calls                    |
//! | [`waves`]       | samples of several waves share units, or avoid each other            |
//! | [`margins`]     | a table of real numbers is to become one of whole numbers            |
//! | [`sieve`]       | the list is too long to hold                                         |
//!
//! What they share stands beside them: chances ([`probability`]) and their pairs ([`joint`],
//! [`approximate`]), the units of a draw ([`Pool`]) and their order ([`walk`]), the proof of a method
//! ([`prove`]), and the release of what was drawn ([`replicates`]).
//!
//! - **To add a method**, write a file with its function, `CARD` and `METHOD` in its family, and list it in
//!   [`METHODS`] and [`CARDS`].

pub mod probability;

pub mod joint;

pub mod approximate;

mod pool;

mod method;

mod how;

mod apart;

mod undecided;

mod key;

pub mod walk;

pub mod equal;

pub mod unequal;

pub mod replacement;

pub mod spread;

pub mod balance;

pub mod stages;

pub mod waves;

pub mod margins;

pub mod sieve;

mod sample;

pub mod replicates;

pub mod prove;

#[cfg(test)]
mod trial;

mod error;

pub use equal::simple;
pub use equal::simple::{Share, simple};
pub use error::Error;
pub use how::{How, Misfit, Part};
pub use joint::Joint;
pub use method::{Accuracy, Method, Needs, Pairs, Size};
pub use pool::Pool;
pub use probability::Probabilities;
pub use sample::{Basis, Chosen, ChosenFrom, Sample};
pub use sieve::Sizes;

use crate::method::Card;
use balance::{cube, local_cube, stratified_cube};
use equal::{bernoulli, smallest, systematic};
use margins::{controlled, controlled_cube};
use spread::{correlated_poisson, local_pivotal};
use stages::{clusters, dealt, one_call, pairs as stage_pairs, phases, self_weighting};
use unequal::{
    brewer, chromy, conditional, midzuno, order, pivotal, poisson, pps_systematic, sampford, tille,
};
use waves::{coordinate, overlap, rested};

/// The cards of all drawing methods.
pub const CARDS: &[&Card] = &[
    &simple::CARD,
    &replicates::CARD,
    &dealt::CARD,
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
    &spread::measure::CARD,
    &coordinate::CARD,
    &overlap::CARD,
    &rested::CARD,
    &controlled::CARD,
    &controlled_cube::CARD,
    &clusters::CARD,
    &stage_pairs::CARD,
    &self_weighting::CARD,
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
