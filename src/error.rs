//! Why something could not be done: one enum over the rooms' errors, and exit classes.

use crate::advice::Advise;

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// survey.toml is not as it must be.
    #[error(transparent)]
    Settings(#[from] crate::settings::Problems),
    /// No rule gives a cell its target or its yield.
    #[error(transparent)]
    Incomplete(#[from] crate::settings::Incomplete),
    /// The list cannot be read.
    #[error(transparent)]
    Frame(#[from] crate::frame::Error),
    /// A design makes no sense.
    #[error(transparent)]
    Design(#[from] crate::design::Error),
    /// A plan cannot be made.
    #[error(transparent)]
    Plan(#[from] crate::plan::Error),
    /// A sample cannot be drawn.
    #[error(transparent)]
    Draw(#[from] crate::draw::Error),
    /// Fieldwork cannot be prepared or taken in.
    #[error(transparent)]
    Field(#[from] crate::field::Error),
    /// Weights cannot be made.
    #[error(transparent)]
    Weigh(#[from] crate::weigh::Error),
    /// A figure cannot be estimated.
    #[error(transparent)]
    Estimate(#[from] crate::estimate::Error),
    /// An index cannot be made.
    #[error(transparent)]
    Index(#[from] crate::index::Error),
    /// A rehearsal cannot be invented.
    #[error(transparent)]
    Rehearse(#[from] crate::rehearse::Error),
    /// A file cannot be read or written.
    #[error(transparent)]
    Files(#[from] crate::files::Error),
    /// Nothing can be drawn from a bare file.
    #[error(transparent)]
    Bare(#[from] crate::bare::Error),
    /// Figures cannot be estimated from a bare file.
    #[error(transparent)]
    Figures(#[from] crate::bare::estimate::Error),
    /// Weights that somebody brings cannot be checked or compared.
    #[error(transparent)]
    Weights(#[from] crate::bare::weights::Error),
    /// A folder is not a study, or its steps do not fit together.
    #[error(transparent)]
    Study(#[from] crate::study::Error),
}

/// The classes of exit codes: programs read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitClass {
    /// Done.
    Done = 0,
    /// The request is wrong: flags, or survey.toml.
    Request = 2,
    /// The data are not fit: list, or results.
    Data = 3,
    /// The method cannot do it: infeasible, or not converged.
    Method = 4,
    /// A file could not be read or written.
    File = 5,
    /// Done, but with notices, under `--strict`.
    Notices = 6,
    /// A bug in canvass.
    Bug = 70,
    /// Stopped by the person.
    Stopped = 130,
}

impl Error {
    /// Which exit code tells of it.
    #[must_use]
    pub fn class(&self) -> ExitClass {
        match self {
            Error::Settings(_) | Error::Incomplete(_) | Error::Design(_) => ExitClass::Request,
            Error::Frame(crate::frame::Error::Stopped { .. })
            | Error::Draw(crate::draw::Error::Frame(crate::frame::Error::Stopped { .. }))
            | Error::Study(crate::study::Error::Stopped) => ExitClass::Stopped,
            Error::Frame(crate::frame::Error::Unreadable { .. }) | Error::Files(_) => {
                ExitClass::File
            }
            Error::Frame(_) | Error::Draw(_) | Error::Field(_) => ExitClass::Data,
            Error::Plan(_) | Error::Weigh(_) | Error::Estimate(_) | Error::Index(_) => {
                ExitClass::Method
            }
            Error::Rehearse(_) => ExitClass::Request,
            Error::Bare(error) => error.class(),
            Error::Figures(error) => error.class(),
            Error::Weights(error) => error.class(),
            Error::Study(error) => error.class(),
        }
    }

    fn advice(&self) -> Option<&dyn Advise> {
        match self {
            Error::Settings(error) => Some(error),
            Error::Incomplete(error) => Some(error),
            Error::Frame(error) => Some(error),
            Error::Design(error) => Some(error),
            Error::Plan(error) => Some(error),
            Error::Draw(error) => Some(error),
            Error::Field(error) => Some(error),
            Error::Weigh(error) => Some(error),
            Error::Estimate(error) => Some(error),
            Error::Index(error) => Some(error),
            Error::Rehearse(error) => Some(error),
            Error::Files(error) => Some(error),
            Error::Bare(error) => Some(error),
            Error::Figures(error) => Some(error),
            Error::Weights(error) => Some(error),
            Error::Study(error) => Some(error),
        }
    }
}

impl Advise for Error {
    fn place(&self) -> Option<String> {
        self.advice().and_then(Advise::place)
    }

    fn hint(&self) -> Option<String> {
        self.advice().and_then(Advise::hint)
    }
}
