//! Why a plan could not be made.

use crate::advice::{Advise, list};

/// Why a plan could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Optimum allocation was asked for, but these strata have no spread.
    #[error("optimum allocation needs the spread of {}", list(strata))]
    SpreadUnknown {
        /// Their labels.
        strata: Vec<String>,
    },
    /// Every spread is zero: all answers are expected to be alike.
    #[error("every stratum has spread 0, so no split is better than another")]
    NoSpread,
    /// The pool cannot give every stratum its minimum.
    #[error("the pool has {pool} numbers, and the strata's minimums add up to {minimum}")]
    PoolTooSmall {
        /// Numbers in the pool.
        pool: u64,
        /// What the minimums need.
        minimum: u64,
    },
    /// Parts cannot add up to a total within their limits.
    #[error(
        "{total} cannot be split within limits that add up to {low} at least and {high} at most"
    )]
    Limits {
        /// The total.
        total: u64,
        /// The sum of the lower limits.
        low: u64,
        /// The sum of the upper limits.
        high: u64,
    },
    /// A share of the funnel is not above 0 and at most 1.
    #[error("the share of {share} numbers is {value}, and a share is above 0 and at most 1")]
    Share {
        /// Which: "working".
        share: &'static str,
        /// What was given.
        value: f64,
    },
    /// There is nobody to interview.
    #[error("the list has no units in any stratum")]
    Nobody,
    /// The power of a power allocation is not between 0 and 1.
    #[error("the power is {power}, and a power allocation's lies between 0 and 1")]
    Power {
        /// What was given.
        power: f64,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::SpreadUnknown { .. } => {
                "give `spread` in [[target]], or allocate proportionally".into()
            }
            Error::NoSpread => "check `spread` in [[target]], or allocate proportionally".into(),
            Error::PoolTooSmall { minimum, .. } => {
                format!(
                    "raise [plan] pool to {minimum} or more, lower [plan] minimum, or use fewer strata"
                )
            }
            Error::Limits { low, high, .. } => format!("ask for {low} to {high}"),
            Error::Share { .. } => "give the share as a fraction: 0.62".into(),
            Error::Nobody => "check the list and its strata: canvass check".into(),
            Error::Power { .. } => {
                "give [plan] power between 0 (equal shares) and 1 (proportional)".into()
            }
        })
    }
}
