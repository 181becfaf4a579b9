//! Why a model cannot be fitted.

use crate::advice::{Advise, list};
use crate::estimate::expression;

/// Why a model cannot be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The formula means nothing, or nothing here.
    #[error(transparent)]
    Expression(#[from] expression::Error),
    /// No family is called so.
    #[error("no family is called '{given}'")]
    NoFamily {
        /// What was given.
        given: String,
    },
    /// There are not more answers than coefficients.
    #[error(
        "{answers} rows in '{domain}' have all that '{formula}' needs, and it has {coefficients} coefficients"
    )]
    TooFew {
        /// The formula.
        formula: String,
        /// The domain.
        domain: String,
        /// Rows that have all.
        answers: usize,
        /// Coefficients.
        coefficients: usize,
    },
    /// Everybody has the same label.
    #[error("everybody in '{domain}' has the same '{term}': '{level}'")]
    OneLevel {
        /// The term.
        term: String,
        /// The label.
        level: String,
        /// The domain.
        domain: String,
    },
    /// A term has so many labels that it must be a mistake.
    #[error("'{term}' has {levels} different labels, and terms have {most} at the most")]
    ManyLevels {
        /// The term.
        term: String,
        /// How many.
        levels: usize,
        /// How many there may be.
        most: usize,
    },
    /// A stated reference is no label of the column.
    #[error("'{reference}' is no label of '{term}'")]
    NoReference {
        /// The term.
        term: String,
        /// What was stated.
        reference: String,
        /// The labels there are.
        levels: Vec<String>,
    },
    /// A coefficient is of a column that others make up.
    #[error("'{term}' is made of the other terms: nothing is left for {column}")]
    Collinear {
        /// The term.
        term: String,
        /// The coefficient.
        column: String,
    },
    /// A term decides the answer for some, and its coefficient grows without end.
    #[error(
        "'{term}' settles the answer of some people alone: the coefficient of {column} has no end"
    )]
    Separated {
        /// The term.
        term: String,
        /// The coefficient.
        column: String,
    },
    /// The rounds did not settle.
    #[error("the fit did not settle in {rounds} rounds; {column} of '{term}' still moves")]
    NotConverged {
        /// Rounds.
        rounds: u32,
        /// The term.
        term: String,
        /// The coefficient that moves most.
        column: String,
    },
    /// An answer that the family does not allow.
    #[error("'{response}' is {value} in row {}, and {family} needs {needs}", row + 1)]
    OutOfRange {
        /// What is explained.
        response: String,
        /// The answer.
        value: String,
        /// The row, counted from 0.
        row: usize,
        /// The family.
        family: String,
        /// What it needs.
        needs: &'static str,
    },
    /// A term is no number in a row, such as the logarithm of 0.
    #[error("'{term}' is no number in row {}", row + 1)]
    NotFinite {
        /// The term.
        term: String,
        /// The row, counted from 0.
        row: usize,
    },
    /// A weight below 0, as linear calibration may leave it.
    #[error("the weight of row {} is below 0, and a fit by least squares needs weights above it", row + 1)]
    NegativeWeight {
        /// The row, counted from 0.
        row: usize,
    },
    /// The model has no such term.
    #[error("the model has no term '{term}'")]
    NoTerm {
        /// The term.
        term: String,
        /// Those it has.
        terms: Vec<String>,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Expression(error) => return error.hint(),
            Error::NoFamily { .. } => {
                "families are gaussian, binomial, poisson and gamma; a link stands behind: binomial(probit), binomial(cloglog), gamma(log)".into()
            }
            Error::TooFew { .. } => "leave terms out, or take a larger domain".into(),
            Error::OneLevel { .. } => "leave the term out, or take a larger domain".into(),
            Error::ManyLevels { .. } => "group the labels first".into(),
            Error::NoReference { levels, .. } => format!("its labels are {}", list(levels)),
            Error::Collinear { .. } => {
                "leave the term out; combinations of labels that nobody has are such terms too".into()
            }
            Error::Separated { .. } => {
                "join levels that have only one kind of answer with others, or leave the term out".into()
            }
            Error::NotConverged { .. } => "leave the term out, or take another link".into(),
            Error::OutOfRange { .. } => "take another family, or mend the column".into(),
            Error::NotFinite { .. } => "transform the column otherwise, or mend it".into(),
            Error::NegativeWeight { .. } => "calibrate with the raking or logit distance".into(),
            Error::NoTerm { terms, .. } => format!("its terms are {}", list(terms)),
        })
    }
}
