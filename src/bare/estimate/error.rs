//! Why figures could not be estimated from a bare file.

use crate::advice::{Advise, list};
use crate::error::ExitClass;
use crate::estimate::variance::Unfit;

/// Why figures could not be estimated from a bare file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Columns that the table does not have.
    #[error("{path} has no column {}", list(missing))]
    NoColumns {
        /// The table.
        path: String,
        /// All that are missing.
        missing: Vec<String>,
        /// What may have been meant by them: the nearest that are there.
        meant: Vec<String>,
        /// Those that are there.
        there: Vec<String>,
    },
    /// A table without rows.
    #[error("{path} has no rows")]
    Empty {
        /// The table.
        path: String,
    },
    /// Cells are not what they should be.
    #[error(transparent)]
    Cells(crate::files::Error),
    /// Strata, clusters and populations are no design.
    #[error(transparent)]
    Design(#[from] Unfit),
    /// More columns of strata or populations than there are stages.
    #[error("{what} of {} stages were given, and there are {stages}: {}", columns.len(), list(columns))]
    Stages {
        /// "strata" or "fpc".
        what: &'static str,
        /// The columns, one text for each stage.
        columns: Vec<String>,
        /// Stages there are.
        stages: usize,
    },
    /// No figure was asked for.
    #[error("no figure was asked for")]
    NothingAsked,
    /// A ratio that is not one column over another.
    #[error("'{given}' is no ratio of two columns")]
    NoRatio {
        /// What was given.
        given: String,
    },
    /// A confidence that is no share between 0 and 1.
    #[error("a confidence of {given} is not between 0 and 1")]
    Confidence {
        /// What was given.
        given: f64,
    },
    /// A column has so many levels that their shares tell nothing.
    #[error("'{column}' has {levels} different values, and shares are of {most} at the most")]
    Levels {
        /// The column.
        column: String,
        /// How many.
        levels: usize,
        /// How many there may be.
        most: usize,
    },
    /// An expression that cannot be read.
    #[error("'{text}' cannot be understood: at {at} stands {found}, and {wanted} is needed")]
    Filter {
        /// The expression.
        text: String,
        /// The letter at which it breaks off, counted from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
    /// Texts have no order.
    #[error("'{column}' {comparison} '{value}': only numbers are more or less than others")]
    Unordered {
        /// The column.
        column: String,
        /// The comparison: ">".
        comparison: &'static str,
        /// What it was to be compared with.
        value: String,
    },
}

impl Error {
    /// Which exit code tells of it.
    #[must_use]
    pub fn class(&self) -> ExitClass {
        match self {
            Error::Empty { .. } | Error::Cells(_) | Error::Design(_) => ExitClass::Data,
            _ => ExitClass::Request,
        }
    }
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::NoColumns { meant, there, .. } if meant.is_empty() => {
                format!("the columns there are {}", list(there))
            }
            Error::NoColumns { meant, .. } => format!("did you mean {}?", list(meant)),
            Error::Empty { .. } => "give a table with a heading and at least one row".into(),
            Error::Cells(error) => return error.hint(),
            Error::Design(error) => return error.hint(),
            Error::Stages { what: "strata", .. } => {
                "give --strata once for each stage, and columns that are to be crossed together: --strata region,size".into()
            }
            Error::Stages { .. } => {
                "columns of --fpc stand for stages: give as many as --psu has, or one more for the rows".into()
            }
            Error::NothingAsked => "ask for --mean, --total, --share or --ratio".into(),
            Error::NoRatio { .. } => "write one column over another: --ratio calls/minutes".into(),
            Error::Confidence { .. } => "write 0.95 for 95 %".into(),
            Error::Levels { .. } => "ask for the --mean of numbers, or group the values first".into(),
            Error::Filter { .. } => {
                "write column = value, with = != < <= > >=, and, or, not and parentheses; values with spaces in '…', columns in `…`".into()
            }
            Error::Unordered { .. } => "compare texts by = or !=".into(),
        })
    }
}
