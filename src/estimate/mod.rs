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

mod answers;

mod statistic;

pub mod mean;

pub mod total;

pub mod share;

pub mod ratio;

pub mod quantile;

pub mod spread;

pub mod difference;

pub mod covariance;

pub mod table;

pub mod compare;

pub mod contrast;

pub mod expression;

pub mod smooth;

pub mod regress;

pub mod change;

mod domain;

pub mod variance;

pub mod interval;

pub mod effect;

pub mod publish;

mod within;

mod estimator;

mod estimate;

mod error;

pub use answers::Answers;
pub use change::Change;
pub use compare::{Comparison, Ranks};
pub use contrast::Contrast;
pub use covariance::{Joint, joint};
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
pub use smooth::Smooth;
pub use spread::{Correlation, PopulationVariance, Spread};
pub use statistic::{Evaluated, Few, Statistic, View};
pub use table::{Association, Category, Fit, RaoScott, Table, Tested, Untested};
pub use total::Total;
pub use within::Within;

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
    &covariance::CARD,
    &table::CARD,
    &table::rao_scott::CARD,
    &table::association::WALD,
    &table::fit::CARD,
    &compare::CARD,
    &compare::BONFERRONI,
    &compare::HOLM,
    &compare::BENJAMINI_HOCHBERG,
    &compare::MAX_T,
    &compare::ranks::DIFFERENCES,
    &compare::ranks::INTERVALS,
    &compare::LETTERS,
    &contrast::CARD,
    &smooth::CARD,
    &regress::CARD,
    &regress::WALD,
    &change::CARD,
    &variance::strata::CARD,
    &variance::clusters::CARD,
    &variance::lonely::CARD,
    &variance::unequal::CARD,
    &variance::unequal::PAIRS_CARD,
    &variance::independent::CARD,
    &variance::replaced::CARD,
    &variance::successive::CARD,
    &variance::local::CARD,
    &variance::balanced::CARD,
    &variance::together::CARD,
    &variance::replicate::CARD,
    &variance::replicate::jackknife::ONE,
    &variance::replicate::jackknife::STRATA,
    &variance::replicate::jackknife::PAIRS,
    &variance::replicate::half::BALANCED,
    &variance::replicate::half::FAY,
    &variance::replicate::bootstrap::RESCALED,
    &variance::replicate::bootstrap::CANTY,
    &variance::replicate::generalised::CARD,
    &variance::replicate::successive::CARD,
    &variance::replicate::groups::CARD,
    &variance::replicate::given::CARD,
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
