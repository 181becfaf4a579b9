//! Why weights could not be checked or compared.

use super::replicates::KINDS;
use super::write::ENDINGS;
use crate::advice::{Advise, list};
use crate::error::ExitClass;

/// Why weights could not be checked or compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Ids that stand in more than one row.
    #[error("{path} has ids in more than one row: {}", list(ids))]
    Repeated {
        /// The table.
        path: String,
        /// The ids.
        ids: Vec<String>,
    },
    /// A control's level is named twice.
    #[error("{path} names the total of '{control}' twice")]
    TotalTwice {
        /// The file of controls.
        path: String,
        /// "region = north".
        control: String,
    },
    /// A column is a control with levels and one without.
    #[error("{path} gives '{column}' both totals by level and a total of its numbers")]
    BothKinds {
        /// The file of controls.
        path: String,
        /// The column.
        column: String,
    },
    /// A pattern of columns that cannot be read.
    #[error("'{pattern}' is no pattern of columns: {why}")]
    BadPattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// No column has a name that fits.
    #[error("no column fits '{pattern}'")]
    NoReplicates {
        /// The pattern.
        pattern: String,
        /// The columns there are.
        there: Vec<String>,
    },
    /// A kind of replicates that is none.
    #[error("there is no kind of replicates called '{kind}'")]
    BadKind {
        /// The word.
        kind: String,
        /// The word it may have been meant for.
        meant: Option<String>,
    },
    /// A page of a format that is not written.
    #[error("nothing can be written to '{path}': its ending is none of {}", ENDINGS.join(", "))]
    BadEnding {
        /// The path.
        path: String,
    },
    /// A page that would be written over what was read.
    #[error("'{path}' was read, and is not written over")]
    OverItself {
        /// The path.
        path: String,
    },
    /// A column that counts no row.
    #[error("nobody is counted: '{column}' is 1 in no row of {path}")]
    NobodyCounted {
        /// The table.
        path: String,
        /// The column.
        column: String,
    },
    /// A picture that is named, and a file that holds more than one.
    #[error("'{path}' is not the picture '{picture}' alone")]
    NotAlone {
        /// The path.
        path: String,
        /// The picture.
        picture: String,
    },
    /// A picture that there is not.
    #[error("there is no picture{} of these weights", named(wanted.as_ref()))]
    NoPicture {
        /// Its name, if it was named.
        wanted: Option<String>,
        /// Those there are.
        there: Vec<String>,
    },
    /// Several pictures, and one file.
    #[error("one file holds one picture, and there are {}: {}", there.len(), list(there))]
    WhichPicture {
        /// Their names.
        there: Vec<String>,
    },
    /// A sum that weights cannot have.
    #[error("weights cannot add up to {sum}")]
    BadSum {
        /// What was given.
        sum: f64,
    },
    /// A limit that is no share.
    #[error("a limit of {limit} is not above 0 and below 1")]
    BadLimit {
        /// What was given.
        limit: f64,
    },
    /// A difference that no two numbers can have.
    #[error("weights cannot be told apart within {within}")]
    BadWithin {
        /// What was given.
        within: f64,
    },
}

impl Error {
    /// Which exit code tells of it.
    #[must_use]
    pub fn class(&self) -> ExitClass {
        match self {
            Error::Repeated { .. } | Error::NobodyCounted { .. } => ExitClass::Data,
            _ => ExitClass::Request,
        }
    }
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Repeated { .. } => "name a column of ids that stand in one row each".into(),
            Error::TotalTwice { .. } => "keep one line for each level".into(),
            Error::BothKinds { .. } => {
                "leave the level blank for the total of numbers, or fill it in every line of the column".into()
            }
            Error::BadPattern { .. } => {
                "write 'rw[0-9]+' for rw1, rw2 and so on; . stands for any letter, \\d for a digit, and +, * and ? repeat"
                    .into()
            }
            Error::NoReplicates { there, .. } => format!("its columns are {}", list(there)),
            Error::BadKind { meant: Some(meant), .. } => format!("did you mean '{meant}'?"),
            Error::BadKind { .. } => format!("write one of {}", KINDS.join(", ")),
            Error::BadEnding { .. } => "write -o weights.html for a page with pictures".into(),
            Error::OverItself { .. } => "give the page a name of its own".into(),
            Error::NotAlone { .. } => {
                "write -o weights.svg for one picture, or leave --picture out".into()
            }
            Error::NoPicture { there, .. } if there.is_empty() => {
                "pictures are of weights above 0: look at the tables first".into()
            }
            Error::NoPicture { there, .. } => format!(
                "there is {}; 'steps' needs --factors, 'balance' --controls or --sum, and 'ratios' --compare",
                list(there)
            ),
            Error::WhichPicture { .. } => {
                "add --picture with one of these names, or write -o weights.html for all of them".into()
            }
            Error::NobodyCounted { .. } => {
                "name a column that is 1 for rows whose answers are used, and 0 for the others".into()
            }
            Error::BadSum { .. } => "write a number above 0, such as 68400000".into(),
            Error::BadLimit { .. } => "write 0.1 for a tenth of a domain's weight".into(),
            Error::BadWithin { .. } => "write a number of 0 or more, such as 1e-6".into(),
        })
    }
}

/// " 'steps'", if it has a name.
fn named(wanted: Option<&String>) -> String {
    wanted.map(|name| format!(" '{name}'")).unwrap_or_default()
}
