//! Why nothing could be rehearsed.

use jiff::civil::Date;

use crate::advice::{Advise, list};

/// Why nothing could be rehearsed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A recipe that cannot be read.
    #[error("the recipe cannot be read: {why}")]
    Unreadable {
        /// The line at fault, if known.
        line: Option<usize>,
        /// What is wrong.
        why: String,
    },
    /// A number outside its limits.
    #[error("{key} is {value}; it must be from {least} to {most}")]
    Range {
        /// Its key.
        key: String,
        /// The number.
        value: f64,
        /// The least it may be.
        least: f64,
        /// The most it may be.
        most: f64,
    },
    /// A name that stands for nothing.
    #[error("{key} is '{name}', and there are {}", list(known))]
    Unknown {
        /// Its key.
        key: String,
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A list without entries.
    #[error("{key} has no entries")]
    Blank {
        /// Its key.
        key: String,
    },
    /// Two questions of one name.
    #[error("two questions are called '{name}'")]
    Twice {
        /// Their name.
        name: String,
    },
    /// The recipe says nothing of a list.
    #[error("the recipe has no [register], so there is no list to make")]
    NoRegister,
    /// A part of the register that cannot be made.
    #[error("a register of scale {scale} cannot be made; the scale is above 0 and at most 1")]
    Scale {
        /// The scale.
        scale: f64,
    },
    /// A cell too small to be spread over its districts.
    #[error("'{cell}' has {rows} rows at scale {scale}, for {districts} districts")]
    SmallCell {
        /// The cell.
        cell: String,
        /// The scale.
        scale: f64,
        /// Its rows.
        rows: u64,
        /// How many districts there are.
        districts: usize,
    },
    /// An operator has fewer blocks of numbers than it needs.
    #[error("'{operator}' needs {needed} blocks of numbers, and its netcodes have {found}")]
    TooFewBlocks {
        /// The operator.
        operator: String,
        /// Blocks it needs.
        needed: u64,
        /// Blocks there are.
        found: u64,
    },
    /// There are more fixed phones than numbers that nobody can dial.
    #[error("there are {lines} fixed phones, and {numbers} fixed numbers that cannot be dialled")]
    TooManyLines {
        /// Fixed phones.
        lines: u64,
        /// Numbers.
        numbers: u64,
    },
    /// More mobile-Internet users than mobile-phone users.
    #[error(
        "'{operator}' has {internet} mobile-Internet users and {phones} mobile phones in {district}"
    )]
    InternetWithoutPhone {
        /// The operator.
        operator: String,
        /// The district.
        district: String,
        /// Mobile-Internet users.
        internet: u64,
        /// Mobile phones.
        phones: u64,
    },
    /// The recipe names a column that did not come along with the sample.
    #[error(
        "the recipe names the column '{column}', and the sample has {}",
        list(known)
    )]
    NoColumn {
        /// The column.
        column: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// No rule says something that must be known of a unit.
    #[error("no [[truth]] says {key} of units such as {unit}")]
    Incomplete {
        /// What is not said.
        key: &'static str,
        /// The labels of such a unit.
        unit: String,
    },
    /// No day of fieldwork allows calls.
    #[error("no day from {start} to {end} allows calls")]
    NoDays {
        /// First day.
        start: Date,
        /// Last day.
        end: Date,
    },
}

impl Advise for Error {
    fn place(&self) -> Option<String> {
        let Error::Unreadable {
            line: Some(line), ..
        } = self
        else {
            return Some("rehearsal.toml".into());
        };
        Some(format!("rehearsal.toml, line {line}"))
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Unreadable { .. } | Error::Range { .. } | Error::Blank { .. } => {
                "correct rehearsal.toml, or take it from the template again"
            }
            Error::Unknown { .. } => "take one of these names, or add an entry for it",
            Error::Twice { .. } => "give every [[answers.item]] a name of its own",
            Error::NoRegister => "give the study its list, or take a template that makes one",
            Error::Scale { .. } => "write --scale 1 for the whole register, or a part such as 0.1",
            Error::SmallCell { .. } => "make a larger part of the register: --scale 0.1",
            Error::TooFewBlocks { .. } => "lower register.operator.blocks, or name more netcodes",
            Error::TooManyLines { .. } => "lower the rows of fixed phones",
            Error::InternetWithoutPhone { .. } => {
                "lower the tilt or the rows of mobile Internet, or raise those of mobile phones"
            }
            Error::NoColumn { .. } => "add the column to list.carry in survey.toml",
            Error::Incomplete { .. } => "say it in the first [[truth]], which is for everybody",
            Error::NoDays { .. } => "set [field] start and end to a longer period",
        };
        Some(hint.into())
    }
}
