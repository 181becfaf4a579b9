//! Why a sample could not be drawn.

use crate::advice::{Advise, list};

/// Why a sample could not be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A stratum has fewer units than the draw asks of it.
    #[error("stratum '{stratum}' has {population} units but the plan asks for {asked} of them")]
    StratumTooSmall {
        /// The stratum.
        stratum: String,
        /// Units in the list.
        population: u64,
        /// Units asked for.
        asked: u64,
    },
    /// The plan names strata that the list does not have.
    #[error("the list has no stratum {}", list(strata))]
    UnknownStrata {
        /// Their labels.
        strata: Vec<String>,
    },
    /// The list has units in strata that the plan does not name.
    #[error("the plan has no stratum {} that the list has", list(strata))]
    UnplannedStrata {
        /// Their labels.
        strata: Vec<String>,
    },
    /// A stratum holds another number of units than the plan was made for.
    #[error("stratum '{stratum}' has {found} units, and the plan was made for {planned}")]
    StratumChanged {
        /// The stratum.
        stratum: String,
        /// Units found in the list.
        found: u64,
        /// Units the plan counts on.
        planned: u64,
    },
    /// Some units have no id, or share one, or have no stratum.
    #[error("{count} units have no id or no stratum, the first in row {row}")]
    Blank {
        /// How many.
        count: u64,
        /// The first row, counted from 1.
        row: u64,
    },
    /// Two drawn units have the same id.
    #[error("id '{id}' stands in rows {first} and {second}")]
    Repeated {
        /// The id.
        id: String,
        /// A row, counted from 1.
        first: u64,
        /// Another.
        second: u64,
    },
    /// Nothing was asked for.
    #[error("the plan asks for no units in any stratum")]
    Nothing,
    /// The list could not be read.
    #[error(transparent)]
    Frame(#[from] crate::frame::Error),
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::StratumTooSmall { population, .. } => Some(format!(
                "ask for {population} at most, or join the stratum to a neighbour"
            )),
            Error::UnknownStrata { .. }
            | Error::UnplannedStrata { .. }
            | Error::StratumChanged { .. } => Some(
                "the list has changed since the plan: run `canvass check` and `canvass plan` again"
                    .into(),
            ),
            Error::Blank { .. } | Error::Repeated { .. } => Some(
                "run `canvass check` for all such rows, and give each unit an id of its own".into(),
            ),
            Error::Nothing => Some("give [plan] pool, or targets that need interviews".into()),
            Error::Frame(error) => error.hint(),
        }
    }
}
