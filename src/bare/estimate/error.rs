//! Why figures could not be estimated from a bare file.

use crate::advice::{Advise, list};
use crate::error::ExitClass;
use crate::estimate::variance::{Unfit, replicate};
use crate::estimate::{expression, regress};

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
        /// "strata", "chances" or "fpc".
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
    /// A quantile that is not a column at shares between 0 and 1.
    #[error("'{given}' is no quantile of a column")]
    NoQuantile {
        /// What was given.
        given: String,
    },
    /// A correlation that is not one of two columns.
    #[error("'{given}' is no pair of columns")]
    NoPair {
        /// What was given.
        given: String,
    },
    /// A word that is none of those there are.
    #[error("there is no {what} '{given}'")]
    NoWord {
        /// "rule", "interval".
        what: &'static str,
        /// What was given.
        given: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// Something was decided of figures of which none was asked for.
    #[error("--{flag} decides of a {needs}, and none is asked for")]
    Idle {
        /// "rule", "interval" or "standards".
        flag: &'static str,
        /// Of which figures it decides.
        needs: &'static str,
    },
    /// A flag that has nothing to decide.
    #[error("there is no use for --{flag}: {why}")]
    Needless {
        /// The flag.
        flag: &'static str,
        /// Why.
        why: &'static str,
    },
    /// A flag that something needs.
    #[error("{what} needs --{flag}")]
    Lacks {
        /// What needs it.
        what: &'static str,
        /// The flag.
        flag: &'static str,
    },
    /// Rows of one cluster that do not agree on what tells how it was drawn.
    #[error("'{column}' is not the same in all rows of {} clusters: {}", clusters.len(), list(clusters))]
    Differs {
        /// The column.
        column: String,
        /// The clusters.
        clusters: Vec<String>,
    },
    /// Units that a column should tell apart, and does not.
    #[error("'{column}' says the same of {count} drawn units as of another")]
    Ties {
        /// The column.
        column: String,
        /// How many.
        count: u64,
    },
    /// A file of chances of pairs that is no square of the drawn units.
    #[error("{path} has {columns} columns and {rows} rows, and {units} units were drawn")]
    NotSquare {
        /// The file.
        path: String,
        /// Its columns.
        columns: usize,
        /// Its rows.
        rows: usize,
        /// Units drawn.
        units: usize,
    },
    /// Drawn units of whose pairs a file does not tell all.
    #[error("{path} does not tell the chances of all pairs of {}", list(units))]
    NoPairs {
        /// The file.
        path: String,
        /// The units.
        units: Vec<String>,
    },
    /// A chance of a pair that cannot be.
    #[error("{path} gives '{unit}' and '{other}' the chance {chance}, {why}")]
    BadPair {
        /// The file.
        path: String,
        /// One of the pair; of one unit with itself, that unit.
        unit: String,
        /// The other.
        other: String,
        /// What the file says.
        chance: f64,
        /// What speaks against it.
        why: String,
    },
    /// A unit that was drawn, and none of a list has its chance.
    #[error("no unit of stratum '{stratum}' in {path} has the chance {chance}, and one was drawn")]
    NotListed {
        /// The list.
        path: String,
        /// The stratum.
        stratum: String,
        /// The chance.
        chance: f64,
    },
    /// More units than pairs can be held of.
    #[error("{units} units have too many pairs: {most} units at the most can have a table")]
    ManyPairs {
        /// Units of a stratum, or drawn.
        units: usize,
        /// How many there may be.
        most: usize,
    },
    /// Chance is asked for, and no seed is given.
    #[error("{what} are a matter of chance, and no seed is given")]
    NoSeed {
        /// What is.
        what: &'static str,
    },
    /// A method of replicates with a number that it has no use for, or without the one it needs.
    #[error("'{given}' makes no replicates")]
    NoResample {
        /// What was given.
        given: String,
    },
    /// No columns fit the pattern.
    #[error("no column of {path} is called '{pattern}'")]
    NoReplicates {
        /// The table.
        path: String,
        /// The pattern.
        pattern: String,
        /// The columns there are.
        there: Vec<String>,
    },
    /// A pattern that cannot be read.
    #[error("'{pattern}' is no pattern of names: {why}")]
    BadPattern {
        /// The pattern.
        pattern: String,
        /// What is wrong.
        why: String,
    },
    /// A file of constants that holds something else.
    #[error("{path} holds '{found}', and constants of replicates are numbers")]
    BadScales {
        /// The file.
        path: String,
        /// What it holds.
        found: String,
    },
    /// What is asked of replicates is not what the file beside them states.
    #[error("{path} states {}, and {} is asked for", states.join(", "), asked.join(", "))]
    Contradicts {
        /// The file.
        path: String,
        /// What it states: "a centre of mean".
        states: Vec<String>,
        /// What was asked for: "--centre full".
        asked: Vec<String>,
    },
    /// Replicates cannot be made, or say nothing.
    #[error(transparent)]
    Replicates(#[from] replicate::Error),
    /// Columns that would be written are there already.
    #[error(
        "{path} has columns already that replicates would have: {}",
        list(columns)
    )]
    Clash {
        /// The table.
        path: String,
        /// The columns.
        columns: Vec<String>,
    },
    /// A table cannot be written to a file of that ending.
    #[error("{path} ends in none of .csv, .parquet, .xlsx, .sav and .dta")]
    NoFormat {
        /// The file.
        path: String,
    },
    /// Two columns to cross that cannot be told apart.
    #[error("'{given}' does not name two columns to cross")]
    NoCrossing {
        /// What was given.
        given: String,
        /// The columns there are.
        there: Vec<String>,
    },
    /// A fit that is not a column and a file.
    #[error("'{given}' is no column and a file of shares")]
    NoFit {
        /// What was given.
        given: String,
    },
    /// Shares that do not fit the levels of a column.
    #[error("{path} says nothing of levels of '{column}': {}", list(levels))]
    NoShares {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// Its levels without a share.
        levels: Vec<String>,
    },
    /// An expression that means nothing, or nothing here.
    #[error(transparent)]
    Expression(#[from] expression::Error),
    /// A model that cannot be fitted.
    #[error(transparent)]
    Model(#[from] regress::Error),
    /// More pairs than can be compared.
    #[error("the levels of '{column}' make {pairs} pairs, and {most} at the most are compared")]
    Pairs {
        /// The column.
        column: String,
        /// Pairs, in all combinations of the other domains.
        pairs: usize,
        /// How many there may be.
        most: usize,
    },
    /// Another program cannot repeat what is asked.
    #[error("{program} cannot repeat {}", what.join(", "))]
    Unscripted {
        /// The program.
        program: &'static str,
        /// All that it cannot, and why.
        what: Vec<String>,
        /// The programs that can repeat all of it.
        others: Vec<&'static str>,
    },
    /// Rows cannot be written to a file of that ending.
    #[error("{path} ends in none of .json, .csv, .parquet, .xlsx, .sav and .dta")]
    Ending {
        /// The file.
        path: String,
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
            Error::Empty { .. }
            | Error::Cells(_)
            | Error::Design(_)
            | Error::Replicates(_)
            | Error::BadScales { .. }
            | Error::Differs { .. }
            | Error::Ties { .. }
            | Error::NotSquare { .. }
            | Error::NoPairs { .. }
            | Error::BadPair { .. }
            | Error::NotListed { .. } => ExitClass::Data,
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
            Error::Stages { what: "chances", .. } => {
                "columns of --chances stand for the first stages: give as many as --psu has, or one more for the rows".into()
            }
            Error::Stages { .. } => {
                "columns of --fpc stand for stages: give as many as --psu has, or one more for the rows".into()
            }
            Error::NothingAsked => {
                "ask for --mean, --total, --share, --ratio, --quantile, --variance, --sd, --correlation, --figure, --table, --fit or --regress".into()
            }
            Error::NoRatio { .. } => "write one column over another: --ratio calls/minutes".into(),
            Error::NoQuantile { .. } => {
                "write a column, and shares between 0 and 1: --quantile minutes:0.5,0.9".into()
            }
            Error::NoPair { .. } => "write two columns: --correlation minutes,calls".into(),
            Error::NoWord { known, .. } => format!("there are {}", known.join(", ")),
            Error::Idle { needs, .. } => format!("ask for a --{needs}, or leave it out"),
            Error::Needless { .. } => "leave it out".into(),
            Error::Lacks { flag: "rho", .. } => "0.3 and 0.5 are usual: --rho 0.5".into(),
            Error::Lacks { flag, .. } => format!("give --{flag}"),
            Error::Differs { .. } => "give every row of a cluster what holds of the cluster".into(),
            Error::Ties { .. } => "give a column in which no two drawn units are alike".into(),
            Error::NotSquare { .. } => {
                "give a row and a column for each drawn unit, in the order of the rows; or name units by --id, and columns after them".into()
            }
            Error::NoPairs { .. } => {
                "call columns as --id calls units, or give a line for every pair with the columns unit, other and chance; 0 for a pair that is never drawn".into()
            }
            Error::BadPair { .. } => {
                "check that the file is of these units, and in their order; --id names them".into()
            }
            Error::NotListed { .. } => {
                "give the list as it was when units were drawn, with the chances that they had".into()
            }
            Error::ManyPairs { .. } => {
                "take chances of pairs from a formula: --pairs hartley-rao; or ask for --formula hajek".into()
            }
            Error::NoSeed { .. } => {
                "give --seed with any text; the same text gives the same figures".into()
            }
            Error::NoResample { .. } => {
                "write bootstrap:500, sdr:100, random-groups:20 or fay:0.3; jk1, jkn, jk2 and brr have no number".into()
            }
            Error::NoReplicates { there, .. } => format!("the columns there are {}", list(there)),
            Error::BadPattern { .. } => "write 'rw[0-9]+' or 'repwt*'".into(),
            Error::BadScales { .. } => {
                "write one number a line, or give what --export wrote beside its file".into()
            }
            Error::Contradicts { .. } => {
                "leave the flag out, or write --replicate-type other, and the file decides; or give the constants alone, \
                 as numbers"
                    .into()
            }
            Error::Replicates(error) => return error.hint(),
            Error::Clash { .. } => "rename these columns, or export from a table without them".into(),
            Error::NoFormat { .. } => "name the file accordingly".into(),
            Error::NoCrossing { there, .. } => format!(
                "write 'a,b', or 'a × b' with spaces; the columns there are {}",
                list(there)
            ),
            Error::NoFit { .. } => {
                "write --fit region=shares.csv, a table with the columns level and share".into()
            }
            Error::NoShares { .. } => "give each level of the column a line".into(),
            Error::Expression(error) => return error.hint(),
            Error::Model(error) => return error.hint(),
            Error::Pairs { .. } => "compare fewer levels: --where, or a column of groups".into(),
            Error::Unscripted { others, .. } => match &others[..] {
                [] => "ask for the rest alone: no program can repeat all of it".into(),
                able => format!("all of it can be repeated in {}", able.join(", ")),
            },
            Error::Ending { .. } => "name the file accordingly".into(),
            Error::Confidence { .. } => "write 0.95 for 95 %".into(),
            Error::Levels { .. } => "ask for the --mean of numbers, or group the values first".into(),
            Error::Unordered { .. } => "compare texts by = or !=".into(),
        })
    }
}
