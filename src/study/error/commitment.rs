//! Why a draw cannot be committed to, or is not the one that was.

use super::Error;
use crate::advice::Advise;
use crate::error::ExitClass;

/// Why a draw cannot be committed to, or is not the one that was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitmentError {
    /// A commitment after the draw.
    #[error("{file} is there already, and a commitment after the draw proves nothing")]
    Late {
        /// What was drawn.
        file: String,
    },
    /// A commitment to a seed that comes later, of which the plan's numbers depend.
    #[error("the seed rounds the plan's numbers, so it must be there before a commitment")]
    RoundedBySeed,
    /// A draw that is not the one committed to.
    #[error("this is not the draw that 3-commitment.json promises: {}", differences.join("; "))]
    Broken {
        /// The thing, what it is, and what it was to be.
        differences: Vec<String>,
    },
    /// A commitment that was made, changed or removed after the fact.
    #[error(
        "3-commitment.json is {}, and the journal shows {} before the draw",
        some(found),
        some(wanted)
    )]
    Unpromised {
        /// The SHA-256 of the one that is there.
        found: Option<String>,
        /// The SHA-256 of the one that was made before the draw.
        wanted: Option<String>,
    },
}

impl CommitmentError {
    pub(super) fn class(&self) -> ExitClass {
        match self {
            CommitmentError::Broken { .. } | CommitmentError::Unpromised { .. } => ExitClass::Data,
            _ => ExitClass::Request,
        }
    }
}

impl Advise for CommitmentError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            CommitmentError::Late { .. } => {
                "commit in a new folder, with a seed that nobody has seen a draw of; canvass verify shows this draw".into()
            }
            CommitmentError::RoundedBySeed => {
                "commit to the seed that is in survey.toml: canvass commit; or leave out [plan] round".into()
            }
            CommitmentError::Broken { .. } => {
                "put back what was committed to; or canvass commit again before anybody is drawn, and publish that too".into()
            }
            CommitmentError::Unpromised { .. } => {
                "put the file back that was published; its SHA-256 is in the line that canvass commit printed".into()
            }
        })
    }
}

impl From<CommitmentError> for crate::Error {
    fn from(error: CommitmentError) -> crate::Error {
        Error::Commitment(error).into()
    }
}

/// A hash, or that there is none.
fn some(sha256: &Option<String>) -> &str {
    sha256.as_deref().unwrap_or("none")
}
