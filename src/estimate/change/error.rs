//! Why a change could not be estimated.

use crate::advice::Advise;

/// Why a change could not be estimated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A wave has no such figure.
    #[error(transparent)]
    Figure(#[from] crate::estimate::Error),
    /// A wave has a unit twice.
    #[error("unit '{unit}' stands twice in one wave")]
    Twice {
        /// The unit.
        unit: String,
    },
    /// A cluster is in two strata of a wave.
    #[error("cluster '{cluster}' is in strata '{first}' and '{second}' of one wave")]
    Split {
        /// The cluster.
        cluster: String,
        /// A stratum of it.
        first: String,
        /// Another.
        second: String,
    },
    /// Chances are unequal, and nobody knows the chance to be in both.
    #[error("chances are unequal, and what both waves share is known by counts alone")]
    Unequal,
    /// Clusters were drawn by numbers or with unequal chances.
    #[error("clusters were drawn with unequal chances, or by permanent numbers")]
    Clusters,
    /// Clusters in one wave, and units in the other.
    #[error("one wave drew clusters, and the other units")]
    OneOfTwo,
    /// A part of a wave was released, and numbers do not say which.
    #[error(
        "{worked} of {drawn} drawn units were released in a wave, and permanent numbers decided on all"
    )]
    Partly {
        /// Units that were released.
        worked: u64,
        /// Units that were drawn.
        drawn: u64,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Figure(error) => return error.hint(),
            Error::Twice { .. } => "give each unit of a wave an id of its own".into(),
            Error::Split { .. } => "give each cluster a label of its own".into(),
            Error::Unequal => {
                "say what was done to permanent numbers, or that waves were drawn independently"
                    .into()
            }
            Error::Clusters => {
                "stack both waves where they have the same clusters, or draw clusters simply".into()
            }
            Error::OneOfTwo => "draw both waves independently of each other".into(),
            Error::Partly { .. } => {
                "release all of both waves, or draw the second by a seed of its own".into()
            }
        })
    }
}
