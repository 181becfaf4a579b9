//! Why a file could not be read or written.

use std::path::Path;

use crate::advice::Advise;

/// Why a file could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It could not be opened or read.
    #[error("{path} cannot be read: {why}")]
    Read {
        /// The file.
        path: String,
        /// What the system or the reader said.
        why: String,
    },
    /// It could not be written.
    #[error("{path} cannot be written: {why}")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        why: String,
    },
    /// Its ending names no format that canvass reads.
    #[error(
        "{path} ends in none of .csv, .parquet, .xlsx, .sav and .dta, and is no folder of .parquet files"
    )]
    Format {
        /// The file.
        path: String,
    },
    /// It lacks columns.
    #[error("{path} has no column {}", crate::advice::list(missing))]
    Columns {
        /// The file.
        path: String,
        /// Columns that are missing.
        missing: Vec<String>,
        /// Columns that are there.
        there: Vec<String>,
    },
    /// Some cells hold something else than they should.
    #[error("{path} has {count} cells that cannot be understood: {}", first.join("; "))]
    Cells {
        /// The file.
        path: String,
        /// How many.
        count: u64,
        /// The first ones: line, column, what stands there, what should.
        first: Vec<String>,
    },
    /// Its text is neither UTF-8 nor GB18030.
    #[error("{path} is neither UTF-8 nor GB18030: byte {byte} fits neither")]
    Encoding {
        /// The file.
        path: String,
        /// The first byte that does not fit UTF-8, counted from 0.
        byte: u64,
    },
    /// A text cannot be written in the encoding asked for.
    #[error("{path} cannot hold '{letter}' in {encoding}")]
    Unencodable {
        /// The file.
        path: String,
        /// The letter.
        letter: char,
        /// The encoding.
        encoding: String,
    },
    /// An artefact is of another kind or schema than expected.
    #[error("{path} is {found}, and {wanted} is needed")]
    Kind {
        /// The file.
        path: String,
        /// What it says it is.
        found: String,
        /// What is needed.
        wanted: String,
    },
}

impl Error {
    pub(crate) fn read(path: &Path, why: impl std::fmt::Display) -> Error {
        Error::Read {
            path: path.display().to_string(),
            why: why.to_string(),
        }
    }

    pub(crate) fn write(path: &Path, why: impl std::fmt::Display) -> Error {
        Error::Write {
            path: path.display().to_string(),
            why: why.to_string(),
        }
    }
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::Read { .. } => Some("check the path, and that the file opens elsewhere".into()),
            Error::Write { .. } => {
                Some("check that the folder exists and the disk has room".into())
            }
            Error::Format { .. } => {
                Some("save the table as CSV, Parquet, a workbook, or for SPSS or Stata, and name the file accordingly".into())
            }
            Error::Columns { there, .. } => Some(format!(
                "the columns there are {}",
                crate::advice::list(there)
            )),
            Error::Cells { .. } => Some("mend these cells; line 1 is the heading".into()),
            Error::Encoding { .. } => Some("save the file as UTF-8".into()),
            Error::Unencodable { .. } => {
                Some("write call lists as utf-8-bom, gb18030 or xlsx: set [field] encoding".into())
            }
            Error::Kind { .. } => {
                Some("it was made by another version: run the step that writes it again".into())
            }
        }
    }
}
