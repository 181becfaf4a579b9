//! Why those who gave no interview cannot be followed up.

use super::Error;
use crate::advice::Advise;

/// Why those who gave no interview cannot be followed up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FollowUpError {
    /// A second phase that was drawn already.
    #[error("5-follow-up.parquet is there already, and a second phase is drawn once")]
    FollowedUp,
    /// The step "second-phase" without one.
    #[error("[weigh] steps names \"second-phase\", and nobody was followed up")]
    NobodyFollowedUp,
    /// A second phase of more units than there are, or of fewer than there are strata.
    #[error(
        "{silent} units in {strata} strata gave no interview, and {take} cannot be followed up"
    )]
    BadTake {
        /// How many were asked for.
        take: u64,
        /// Units that gave no interview.
        silent: u64,
        /// Strata that they are in.
        strata: u64,
    },
    /// A word that names no way to have given no interview.
    #[error("'{word}' is no way to have given no interview that can be followed up")]
    NoSilence {
        /// The word.
        word: String,
    },
}

impl Advise for FollowUpError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            FollowUpError::FollowedUp => {
                "its call lists are in 4-follow-up/; remove both only if nobody was called".into()
            }
            FollowUpError::NobodyFollowedUp => {
                "canvass follow-up --take M, or leave \"second-phase\" out of the steps".into()
            }
            FollowUpError::BadTake { silent: 0, .. } => "everybody answered: nobody is left to follow up".into(),
            FollowUpError::BadTake { silent, strata, .. } => {
                format!("canvass follow-up --take M, with M from {strata}, one in each stratum, to {silent}")
            }
            FollowUpError::NoSilence { .. } => {
                "say --of with partial, refusal, noncontact, other, unknown-number, unknown-person or unknown".into()
            }
        })
    }
}

impl From<FollowUpError> for crate::Error {
    fn from(error: FollowUpError) -> crate::Error {
        Error::FollowUp(error).into()
    }
}
