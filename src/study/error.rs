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
        /// The section: `[index]`.
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
    /// A commitment after the draw.
    #[error("{file} is there already, and a commitment after the draw proves nothing")]
    Late {
        /// What was drawn.
        file: String,
    },
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
    /// No stratum has this label.
    #[error("the draw has no stratum '{stratum}'")]
    NoStratum {
        /// The label.
        stratum: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A unit was drawn from another stratum than it is said to be of.
    #[error("the unit was drawn from '{found}', not from '{given}'")]
    OtherStratum {
        /// What was said.
        given: String,
        /// Its stratum.
        found: String,
    },
    /// Number and sample contradict each other.
    #[error(
        "a unit of '{stratum}' with the number {digest} is {}, and the last number drawn there is {last}",
        rank.map_or("not in the sample".to_owned(), |rank| format!("in the sample at rank {rank}"))
    )]
    UnitDiffers {
        /// The stratum.
        stratum: String,
        /// The unit's number.
        digest: String,
        /// The last number drawn.
        last: String,
        /// Its rank in the sample, if it is there.
        rank: Option<u64>,
    },
    /// There is a key already.
    #[error("{file} is there already, and a key is not overwritten")]
    KeysExist {
        /// The file.
        file: String,
    },
    /// A file, or a text, that is no key.
    #[error("{key} is no {} key", if *secret { "secret" } else { "public" })]
    NoKey {
        /// The file.
        key: String,
        /// Which half was wanted.
        secret: bool,
    },
    /// A file is not the one that was signed.
    #[error(
        "{file} is not the file that was signed: its SHA-256 is {found}, and {signed} was signed"
    )]
    NotThatFile {
        /// The file.
        file: String,
        /// Its SHA-256.
        found: String,
        /// The one that was signed.
        signed: String,
    },
    /// A signature by somebody else, or by nobody.
    #[error("the signature of {file} was not made with the key {key}; it names {names}")]
    NotSignedBy {
        /// The file.
        file: String,
        /// The public key asked for.
        key: String,
        /// The one that the signature names.
        names: String,
    },
    /// A proof of a drawing method failed.
    #[error("'{method}' does not draw with the chances it states")]
    NotProven {
        /// The method.
        method: String,
    },
    /// A seed without any letter.
    #[error("the seed is blank")]
    BlankSeed,
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

/// A hash, or that there is none.
fn some(sha256: &Option<String>) -> &str {
    sha256.as_deref().unwrap_or("none")
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
            | Error::Broken { .. }
            | Error::Unpromised { .. }
            | Error::UnitDiffers { .. }
            | Error::NotThatFile { .. }
            | Error::NotSignedBy { .. }
            | Error::NoItem { .. } => ExitClass::Data,
            Error::NotProven { .. } => ExitClass::Method,
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
            Error::Late { .. } => {
                "commit in a new folder, with a seed that nobody has seen a draw of; canvass verify shows this draw".into()
            }
            Error::Broken { .. } => {
                "put back what was committed to; or canvass commit again before anybody is drawn, and publish that too".into()
            }
            Error::Unpromised { .. } => {
                "put the file back that was published; its SHA-256 is in the line that canvass commit printed".into()
            }
            Error::NoStratum { known, .. } => format!("strata are {}", list(known)),
            Error::OtherStratum { found, .. } => format!("--stratum '{found}', or leave it out"),
            Error::UnitDiffers { rank: Some(_), .. } => {
                "the sample or 3-draw.json was changed, or they are of two draws: canvass verify names the file".into()
            }
            Error::UnitDiffers { rank: None, .. } => {
                "look whether the unit stood in this stratum of the list; if it did, canvass verify names the file that was changed".into()
            }
            Error::KeysExist { .. } => "choose another name with -o, and keep the old key".into(),
            Error::NoKey { secret: true, .. } => "give the .key file that canvass keys -o NAME made".into(),
            Error::NoKey { secret: false, .. } => {
                "give the .pub file that canvass keys -o NAME made, or its 64 hex digits".into()
            }
            Error::NotThatFile { .. } => "ask whoever signed for the file as it was; do not trust this one".into(),
            Error::NotSignedBy { .. } => {
                "compare the key with one that was published elsewhere; do not trust this file".into()
            }
            Error::NotProven { .. } => {
                "repeat it with another --seed and more --draws; if it fails again, use another method and tell us".into()
            }
            Error::BlankSeed => "write any text: a lottery number, a sentence read aloud".into(),
            Error::NoCalendar { .. } => "use china-2016, or the path of a calendar file".into(),
            Error::Stopped => return None,
        })
    }
}
