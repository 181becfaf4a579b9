//! Why a design makes no sense.

use crate::advice::Advise;

/// Why a design makes no sense.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A spread is negative or not a number.
    #[error("the spread of '{of}' is {spread}, and a spread is 0 or more")]
    Spread {
        /// Whose.
        of: String,
        /// What was given.
        spread: f64,
    },
    /// A cost is not above zero.
    #[error("an interview in '{stratum}' costs {cost}, and a cost is above 0")]
    Cost {
        /// The stratum.
        stratum: String,
        /// What was given.
        cost: f64,
    },
    /// A margin is not above zero.
    #[error("the margin is {margin} points, and a margin is above 0")]
    Margin {
        /// What was given.
        margin: f64,
    },
    /// A design effect is not above zero.
    #[error("the design effect is {design_effect}, and a design effect is above 0")]
    DesignEffect {
        /// What was given.
        design_effect: f64,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Spread { .. } => {
                "give the standard deviation of the answer, in its own points".into()
            }
            Error::Cost { .. } => {
                "give the minutes or money of one interview; equal costs are 1".into()
            }
            Error::Margin { .. } => {
                "give the half-width of the interval, in points of the answer".into()
            }
            Error::DesignEffect { .. } => {
                "give 1 for a simple sample, more where weights will vary".into()
            }
        })
    }
}
