//! Why a test could not be made.

use serde::{Deserialize, Serialize};

use crate::advice::Advise;
use crate::estimate::Unknown;

/// Why a test could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Untested {
    /// With fewer than two categories there is nothing to test.
    #[error("'{question}' has answers in {levels} category in '{domain}'; a test needs two")]
    OneCategory {
        /// The question.
        question: String,
        /// The domain.
        domain: String,
        /// How many categories have answers.
        levels: usize,
    },
    /// A cell's total has no variance.
    #[error("the people of a cell have no variance: {reason}")]
    Unknown {
        /// Why.
        reason: Unknown,
    },
    /// As many clusters as strata.
    #[error("there are as many strata as clusters in '{domain}': no degrees of freedom for a test")]
    NoDegrees {
        /// The domain.
        domain: String,
    },
    /// Nothing in the table varies between samples, or empty cells leave nothing to compare.
    #[error(
        "what '{rows}' by '{columns}' would be tested on does not vary: it is known, or its cells are empty"
    )]
    NothingVaries {
        /// The question in rows.
        rows: String,
        /// The question in columns.
        columns: String,
    },
    /// Not one share above 0 was expected of each category.
    #[error("{given} shares above 0 were given for the {categories} categories of '{question}'")]
    Shares {
        /// The question.
        question: String,
        /// How many categories it has.
        categories: usize,
        /// How many of the shares given are above 0.
        given: usize,
    },
}

impl Advise for Untested {
    fn hint(&self) -> Option<String> {
        match self {
            Untested::OneCategory { .. } => {
                Some("test a larger domain, or another question".into())
            }
            Untested::Unknown { reason } => reason.hint(),
            Untested::NoDegrees { .. } => Some("test a larger domain".into()),
            Untested::NothingVaries { .. } => Some(
                "join categories that few people chose, or test nothing: the table is known".into(),
            ),
            Untested::Shares { .. } => Some("expect a share above 0 of each category".into()),
        }
    }
}
