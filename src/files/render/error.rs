//! Why a document could not be rendered.

use crate::advice::Advise;

/// Why a document could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The drawing library refused a picture.
    #[error("picture '{name}' cannot be drawn: {why}")]
    Picture {
        /// The picture.
        name: String,
        /// What the library said.
        why: String,
    },
    /// The spreadsheet library refused a sheet.
    #[error("sheet '{name}' cannot be written: {why}")]
    Sheet {
        /// The sheet, or the workbook's title.
        name: String,
        /// What the library said.
        why: String,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::Sheet { .. } => Some(
                "a sheet holds 1,048,576 rows, and a cell 32,767 characters: take CSV for more"
                    .into(),
            ),
            Error::Picture { .. } => None,
        }
    }
}
