//! Why a list cannot be used.

use crate::advice::{Advise, list};

/// Why a list cannot be read or drawn from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the list could not be read.
    #[error("{list} cannot be read: {why}")]
    Unreadable {
        /// The list.
        list: String,
        /// What the reader said, with the row if it knows.
        why: String,
    },
    /// A role names a column that the list does not have.
    #[error("{list} has no column {}", crate::advice::list(missing))]
    NoColumns {
        /// The list.
        list: String,
        /// Columns with a role that are not there.
        missing: Vec<String>,
        /// Columns that are.
        there: Vec<String>,
    },
    /// The list has fewer rows than before.
    #[error("{list} had {asked} of the rows asked for, and now has {found} of them")]
    RowGone {
        /// The list.
        list: String,
        /// Rows asked for.
        asked: usize,
        /// Rows found.
        found: usize,
    },
    /// The list has no rows.
    #[error("{list} has no rows")]
    Empty {
        /// The list.
        list: String,
    },
    /// A block of numbers is not seven digits, or appears twice.
    #[error(
        "{count} blocks of numbers are not seven digits beginning with 1, or stand there twice: {}",
        list(blocks)
    )]
    BadBlocks {
        /// How many.
        count: usize,
        /// Some of them, as they stand.
        blocks: Vec<String>,
    },
    /// There are more blocks than netcodes that cannot be dialled.
    #[error("{blocks} blocks need netcodes that cannot be dialled, and there are {room}")]
    TooManyBlocks {
        /// Blocks in the list.
        blocks: usize,
        /// Blocks that fit.
        room: usize,
    },
    /// Somebody asked to stop.
    #[error("stopped while reading {list}")]
    Stopped {
        /// The list.
        list: String,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::Unreadable { .. } => {
                Some("check the path under [list] file, and that the file opens elsewhere".into())
            }
            Error::NoColumns { there, .. } => {
                Some(format!("name columns that it has: {}", list(there)))
            }
            Error::RowGone { .. } => {
                Some("the list has changed since the draw: run `canvass check`, then `canvass draw` again".into())
            }
            Error::Empty { .. } => Some("give a list with at least one row".into()),
            Error::BadBlocks { .. } => {
                Some("give each block once, as its seven leading digits, in text".into())
            }
            Error::TooManyBlocks { .. } => {
                Some("set `fictional = false` under [list], or use fewer blocks".into())
            }
            Error::Stopped { .. } => None,
        }
    }
}
