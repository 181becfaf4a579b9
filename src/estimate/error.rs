//! Why a figure could not be estimated.

use crate::advice::Advise;

/// Why a figure could not be estimated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody in the domain answered what the figure is made of.
    #[error("nobody in '{domain}' answered '{item}', so there is nothing to estimate")]
    NoAnswers {
        /// The item or items.
        item: String,
        /// The domain.
        domain: String,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        let Error::NoAnswers { .. } = self;
        Some("report a larger domain, or call longer there".into())
    }
}
