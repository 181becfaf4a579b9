//! Why a step of a study could not be taken.

use crate::advice::Advise;
use crate::error::ExitClass;

/// Why a step of a study could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder holds no survey.toml.
    #[error("{folder} is no study: it has no survey.toml")]
    NoStudy {
        /// The folder.
        folder: String,
    },
    /// There is something in the place of a new study.
    #[error("{folder} holds a survey.toml already")]
    Exists {
        /// The folder.
        folder: String,
    },
    /// No template has this name.
    #[error("no template is called '{name}'")]
    NoTemplate {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A template does not say how to rehearse.
    #[error("the template '{name}' does not say how to invent calls and answers")]
    NoRehearsal {
        /// The template.
        name: String,
        /// Those that do.
        known: Vec<String>,
    },
    /// Returns that no rehearsal invented lie where a rehearsal would put its own.
    #[error("{file} was not invented by a rehearsal")]
    NotInvented {
        /// The file.
        file: String,
    },
    /// A list that no rehearsal made lies where a rehearsal would put its own.
    #[error("the list {list} was not made by a rehearsal")]
    NotMade {
        /// The list.
        list: String,
    },
    /// A step needs what an earlier one writes.
    #[error("{file} is not there, and '{step}' needs it")]
    Missing {
        /// The artefact.
        file: String,
        /// The step that needs it.
        step: String,
        /// The step that writes it.
        writer: String,
    },
    /// Something that a step read has changed since.
    #[error("{file} has changed since '{writer}' read it")]
    Stale {
        /// What has changed.
        file: String,
        /// The step whose result no longer holds.
        writer: String,
    },
    /// The list is not fit to draw from.
    #[error("the list is not fit to draw from: {}", obstacles.join("; "))]
    Unfit {
        /// What is wrong, with counts and rows.
        obstacles: Vec<String>,
    },
    /// The list has no telephone numbers.
    #[error("[list] names no phone, so nobody can be called")]
    NoPhone,
    /// survey.toml lacks a part that a step needs.
    #[error("survey.toml has no {section}, and '{step}' needs it")]
    NoSection {
        /// The section: "[index]".
        section: String,
        /// The step.
        step: String,
    },
    /// The system has no chance to give.
    #[error("the system gives no random bytes: {why}")]
    NoEntropy {
        /// What it said.
        why: String,
    },
    /// Drawn units stand elsewhere in the list than they did.
    #[error("{count} drawn units no longer stand where they did in the list")]
    Moved {
        /// How many.
        count: usize,
    },
    /// An item that is not among the answers.
    #[error("'{item}' is not among the answers")]
    NoItem {
        /// The item.
        item: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A column that did not come along with the sample.
    #[error("'{column}' did not come along with the sample")]
    NoColumn {
        /// The column.
        column: String,
        /// Those that did.
        known: Vec<String>,
    },
    /// A replay gave something else.
    #[error("{file} is not what its inputs make it")]
    Differs {
        /// The first artefact that differs.
        file: String,
        /// The step that writes it.
        step: String,
        /// What it is.
        found: String,
        /// What it should be.
        wanted: String,
    },
    /// Nothing has come back from the field.
    #[error("no calls have come back yet")]
    NoReturns,
    /// A card with this key does not exist.
    #[error("no method is called '{key}'")]
    NoMethod {
        /// The key.
        key: String,
        /// The nearest, or all.
        known: Vec<String>,
    },
    /// A calendar with this name does not exist.
    #[error("no calendar is called '{name}'")]
    NoCalendar {
        /// The name.
        name: String,
    },
    /// The person asked to stop.
    #[error("stopped; nothing half-written is left")]
    Stopped,
}

impl Error {
    /// Which exit code tells of it.
    #[must_use]
    pub fn class(&self) -> ExitClass {
        match self {
            Error::Unfit { .. }
            | Error::Moved { .. }
            | Error::NoReturns
            | Error::Stale { .. }
            | Error::Differs { .. }
            | Error::NoItem { .. } => ExitClass::Data,
            Error::Missing { .. } | Error::NoEntropy { .. } => ExitClass::File,
            Error::Stopped => ExitClass::Stopped,
            _ => ExitClass::Request,
        }
    }
}

impl Advise for Error {
    fn place(&self) -> Option<String> {
        match self {
            Error::NoStudy { folder } => Some(format!("{folder}/survey.toml")),
            Error::NoSection { .. } | Error::NoPhone => Some("survey.toml".to_owned()),
            _ => None,
        }
    }

    fn hint(&self) -> Option<String> {
        use crate::advice::list;
        Some(match self {
            Error::NoStudy { .. } => "name a study's folder with -C, or make one: canvass init NAME".into(),
            Error::Exists { .. } => "choose another folder with -C, or go on there: canvass run".into(),
            Error::NoTemplate { known, .. } => format!("templates are {}", list(known)),
            Error::NoRehearsal { known, .. } => format!("templates that do are {}", list(known)),
            Error::NotInvented { .. } | Error::NotMade { .. } => {
                "rehearse in another folder: -C DIR; nothing was touched here".into()
            }
            Error::Missing { writer, .. } => format!("canvass {writer}"),
            Error::Stale { writer, .. } => format!("canvass {writer}, and the steps after it; or canvass run"),
            Error::Unfit { .. } => "mend these rows and run canvass check again".into(),
            Error::NoPhone => "name the column of telephone numbers: [list] phone".into(),
            Error::NoSection { section, .. } => format!("add {section} to survey.toml"),
            Error::NoEntropy { .. } => "write a seed into survey.toml yourself".into(),
            Error::Moved { .. } => {
                "the list was put into another order: run canvass draw again; the same units are drawn".into()
            }
            Error::NoItem { known, .. } => format!("answers are {}", list(known)),
            Error::NoColumn { known, .. } => {
                format!("add it to [list] carry and draw again; columns that came along are {}", list(known))
            }
            Error::Differs { step, .. } => format!(
                "somebody changed it, or its inputs, by hand: run canvass {step} again to make it anew"
            ),
            Error::NoReturns => "canvass ingest --attempts FILE --answers FILE".into(),
            Error::NoMethod { known, .. } => format!("methods are {}", known.join(", ")),
            Error::NoCalendar { .. } => "use china-2016, or the path of a calendar file".into(),
            Error::Stopped => return None,
        })
    }
}
