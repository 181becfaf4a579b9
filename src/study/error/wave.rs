//! Why no wave can go on from an earlier draw.

use super::Error;
use crate::advice::Advise;
use crate::error::ExitClass;

/// Why no wave can go on from an earlier draw.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WaveError {
    /// No earlier draw where one was named.
    #[error("{folder} holds no 3-draw.json, so there is no draw to go on from")]
    NoWave {
        /// The folder, as written.
        folder: String,
    },
    /// An earlier draw by another seed: its units have other numbers.
    #[error(
        "{folder} was drawn by the seed with the key {wanted}, and this study's has the key {found}"
    )]
    OtherSeed {
        /// The folder, as written.
        folder: String,
        /// Its key.
        wanted: String,
        /// This study's.
        found: String,
        /// The earlier seed, if the earlier draw names it.
        seed: Option<String>,
    },
    /// An earlier draw by another method.
    #[error("{folder} was drawn by '{wanted}', and this study draws by '{found}'")]
    OtherMethod {
        /// The folder, as written.
        folder: String,
        /// Its method.
        wanted: String,
        /// This study's.
        found: String,
    },
    /// An earlier draw from other strata.
    #[error(
        "this study and {folder} have not the same strata: {}",
        crate::advice::list(strata)
    )]
    OtherStrata {
        /// The folder, as written.
        folder: String,
        /// Those that only one of them has.
        strata: Vec<String>,
    },
    /// Numbers that were turned in one way, and are to be turned in another.
    #[error("{folder} drew by {before}, and '{turn}' does not follow on that")]
    NoTurn {
        /// The folder, as written.
        folder: String,
        /// What it did to numbers.
        before: String,
        /// What is wished.
        turn: String,
    },
    /// A wave to go on from that was drawn in stages.
    #[error("{folder} was drawn in stages, and no wave can go on from that")]
    WaveInStages {
        /// The earlier study's folder.
        folder: String,
    },
}

impl WaveError {
    pub(super) fn class(&self) -> ExitClass {
        match self {
            WaveError::NoWave { .. } => ExitClass::File,
            _ => ExitClass::Request,
        }
    }
}

impl Advise for WaveError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            WaveError::NoWave { .. } => {
                "name the folder of the earlier study, as seen from this one: [draw.coordinate] with".into()
            }
            WaveError::OtherSeed { seed: Some(seed), .. } => format!(
                "write that seed into survey.toml: seed = {seed:?}; turned numbers draw another sample all the same"
            ),
            WaveError::OtherSeed { seed: None, .. } => {
                "write the seed of the earlier study into survey.toml; turned numbers draw another sample all the same".into()
            }
            WaveError::OtherMethod { wanted, .. } => format!("write method = \"{wanted}\" under [draw]"),
            WaveError::OtherStrata { .. } => {
                "give both lists the same strata, and check and plan again; or leave [draw.coordinate] out".into()
            }
            WaveError::NoTurn { .. } => {
                "turn in the same way as the waves before, by the same share; or name an earlier wave that did not turn".into()
            }
            WaveError::WaveInStages { .. } => {
                "leave [draw.coordinate] out, or name a study that drew its units at once".into()
            }
        })
    }
}

impl From<WaveError> for crate::Error {
    fn from(error: WaveError) -> crate::Error {
        Error::Wave(error).into()
    }
}
