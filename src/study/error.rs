//! Why a step of a study could not be taken.

use crate::error::ExitClass;

mod advice;

mod wave;

mod commitment;

mod signature;

mod follow_up;

pub use commitment::CommitmentError;
pub use follow_up::FollowUpError;
pub use signature::SignatureError;
pub use wave::WaveError;

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
    /// An expression that means nothing of these answers.
    #[error("of = \"{expression}\": {why}")]
    Senseless {
        /// The expression.
        expression: String,
        /// Why.
        why: String,
        /// What may be done.
        hint: Option<String>,
    },
    /// A table of so many cells that nobody could read it.
    #[error("'{rows}' by '{columns}' has {cells} cells, and a table may have {most}")]
    WideTable {
        /// The question down the side.
        rows: String,
        /// The question along the top.
        columns: String,
        /// How many cells it would have.
        cells: usize,
        /// How many it may have.
        most: usize,
    },
    /// Replicates are those of a simple draw in strata, and this was another.
    #[error("replicates are made for a simple draw in strata, and this one has the rule '{rule}'")]
    NotReplicated {
        /// The card key of the rule that the draw has.
        rule: String,
    },
    /// So large a part of a stratum was called that replicates would not see all of what nonresponse costs.
    #[error(
        "{percent} % of stratum '{stratum}' were called; replicates leave that part of the variance of \
         nonresponse out, and {most} % are too many"
    )]
    LargeShare {
        /// The stratum with the largest part.
        stratum: String,
        /// The part, in percent.
        percent: u64,
        /// Below which it must be.
        most: u64,
    },
    /// The sample has no replicates of this kind.
    #[error("no replicates: {why}")]
    NoReplicates {
        /// Why.
        why: String,
        /// What may be done.
        hint: Option<String>,
    },
    /// So many replicates would take days.
    #[error("{count} replicates are too many: {most} may be asked for")]
    ManyReplicates {
        /// How many there would be.
        count: usize,
        /// How many there may be.
        most: usize,
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
    /// No stratum has this label.
    #[error("the draw has no stratum '{stratum}'")]
    NoStratum {
        /// The label.
        stratum: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The total of a control is not in the file of totals.
    #[error(
        "{file} and the [weigh] controls do not agree on '{control}': one of them does not have it"
    )]
    NoControl {
        /// The file.
        file: String,
        /// The control.
        control: String,
    },
    /// A control is named twice in a file.
    #[error("{file} names '{control}' twice")]
    TotalTwice {
        /// The file.
        file: String,
        /// The control.
        control: String,
    },
    /// Totals with standard errors, for a step that takes them as known.
    #[error("the totals have standard errors, and '{step}' takes them as known")]
    UncertainTotals {
        /// The step.
        step: String,
    },
    /// A column that is to tell two lists apart, and does not.
    #[error(
        "'{column}' must say which of two lists a unit is from, one of them '{first}'; it has {}",
        crate::advice::list(labels)
    )]
    NotTwoLists {
        /// The column.
        column: String,
        /// The first list's label.
        first: String,
        /// Its labels.
        labels: Vec<String>,
    },
    /// No case of the sample has this name.
    #[error("no case is called '{case}'")]
    NoCase {
        /// What was asked for.
        case: String,
        /// Whether it was also looked for as an id of the list.
        key: bool,
    },
    /// A unit was drawn from another stratum than it is said to be of.
    #[error("the unit was drawn from '{found}', not from '{given}'")]
    OtherStratum {
        /// What was said.
        given: String,
        /// Its stratum.
        found: String,
    },
    /// The list has no such unit.
    #[error("the list has no unit '{unit}'")]
    NotInList {
        /// What was asked for.
        unit: String,
    },
    /// Number and sample contradict each other.
    #[error(
        "a unit of '{stratum}' with the number {digest} is {}, and {}",
        rank.map_or("not in the sample".to_owned(), |rank| format!("in the sample at rank {rank}")),
        if last.is_empty() {
            "the draw says otherwise".to_owned()
        } else {
            format!("the last number drawn there is {last}")
        }
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
    /// Fewer replicates than are released: their numbers may have been called.
    #[error("{released} replicates are released, and none is taken back; {asked} are fewer")]
    Unrelease {
        /// How many were asked for.
        asked: u32,
        /// How many are released.
        released: u32,
    },
    /// More replicates than there are, or none.
    #[error("the sample has {most} replicates, and {asked} were to be released")]
    NoReplicate {
        /// How many were asked for.
        asked: u32,
        /// How many there are.
        most: u32,
    },
    /// Stages that come to another number of units than the plan.
    #[error(
        "[draw] asks for {takes}: {units} units in '{stratum}', and the plan calls for {planned}{}",
        and_others(*.others)
    )]
    OverDetermined {
        /// The first stratum where they differ.
        stratum: String,
        /// What is asked for, in words.
        takes: String,
        /// The units that it comes to.
        units: u64,
        /// Those that the plan calls for.
        planned: u64,
        /// Further strata where they differ.
        others: u64,
    },
    /// Clusters that hold too few, or too many to weigh alike.
    #[error("clusters cannot be drawn so: {}", problems.join("; "))]
    Clusters {
        /// What is wrong, with counts and the first.
        problems: Vec<String>,
    },
    /// A pool smaller than the fewest units that whole clusters come to.
    #[error("whole clusters come to {least} units at the least, and the pool has {pool}")]
    PoolOfClusters {
        /// The pool.
        pool: u64,
        /// The fewest units.
        least: u64,
    },
    /// A unit of a draw in stages, without the list that knows its clusters.
    #[error("whether '{unit}' was drawn depends on its clusters, which only the list knows")]
    NeedsTheList {
        /// The unit.
        unit: String,
    },
    /// An earlier study without what it takes to know whom it drew, and when.
    #[error("{file} is not there, so nobody can tell who rests")]
    NoRest {
        /// The file.
        file: String,
    },
    /// A file to be written under the name of an artefact.
    #[error("{file} is a file of the study itself")]
    OwnFile {
        /// The file.
        file: String,
    },
    /// A model that can be fitted nowhere.
    #[error("'{formula}' cannot be fitted: {why}")]
    NotFitted {
        /// The formula.
        formula: String,
        /// Why.
        why: String,
        /// What may be done.
        hint: Option<String>,
    },
    /// An earlier wave from which no change can be told.
    #[error("no change since {with} can be told: {why}")]
    NoChange {
        /// The folder, as written.
        with: String,
        /// Why.
        why: String,
        /// What may be done.
        hint: Option<String>,
    },
    /// No wave can go on from an earlier draw.
    #[error(transparent)]
    Wave(WaveError),
    /// A draw cannot be committed to, or is not the one that was.
    #[error(transparent)]
    Commitment(CommitmentError),
    /// Nothing can be signed, or a signature is not to be trusted.
    #[error(transparent)]
    Signature(SignatureError),
    /// Those who gave no interview cannot be followed up.
    #[error(transparent)]
    FollowUp(FollowUpError),
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
            | Error::UnitDiffers { .. }
            | Error::NotInList { .. }
            | Error::NoControl { .. }
            | Error::TotalTwice { .. }
            | Error::NotTwoLists { .. }
            | Error::Clusters { .. }
            | Error::NotFitted { .. }
            | Error::NoItem { .. } => ExitClass::Data,
            Error::NotProven { .. } => ExitClass::Method,
            Error::Missing { .. }
            | Error::NoEntropy { .. }
            | Error::NeedsTheList { .. }
            | Error::NoRest { .. } => ExitClass::File,
            Error::Wave(error) => error.class(),
            Error::Commitment(error) => error.class(),
            Error::Signature(error) => error.class(),
            Error::Stopped => ExitClass::Stopped,
            _ => ExitClass::Request,
        }
    }
}

/// "; so do 3 other strata", if there are others.
fn and_others(count: u64) -> String {
    match count {
        0 => String::new(),
        1 => "; so it is in another stratum".to_owned(),
        count => format!("; so it is in {count} other strata"),
    }
}
