//! Why weights could not be made.

use crate::advice::Advise;

/// Why weights could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A class has units to hand weight on, and nobody to take it.
    #[error("{step}: class '{class}' has {cases} cases and none that can take over their weight")]
    EmptyClass {
        /// The step's card key.
        step: &'static str,
        /// The class.
        class: String,
        /// Cases in the class.
        cases: u64,
    },
    /// No replicate of a stratum was released.
    #[error("stratum '{stratum}' has {drawn} drawn units and none was released")]
    NotReleased {
        /// The stratum.
        stratum: String,
        /// Units drawn.
        drawn: u64,
    },
    /// A level of a margin is to have people, and none of its units has a weight.
    #[error("margin '{margin}': '{level}' is to hold {total}, and nobody there has a weight")]
    EmptyLevel {
        /// The margin.
        margin: String,
        /// The level.
        level: String,
        /// Its control total.
        total: f64,
    },
    /// A level of a margin has units with a weight, and no control total.
    #[error("margin '{margin}' has no total for '{level}'")]
    NoTotal {
        /// The margin.
        margin: String,
        /// The level.
        level: String,
    },
    /// A control total is negative or not a number.
    #[error("margin '{margin}': the total of '{level}' is {total}, and a total is 0 or more")]
    BadTotal {
        /// The margin.
        margin: String,
        /// The level.
        level: String,
        /// What was given.
        total: f64,
    },
    /// Margins do not add up to the same.
    #[error("margin '{first}' adds up to {first_total} and margin '{second}' to {second_total}")]
    Totals {
        /// A margin.
        first: String,
        /// Its sum.
        first_total: f64,
        /// Another.
        second: String,
        /// Its sum.
        second_total: f64,
    },
    /// Raking did not come close enough.
    #[error(
        "after {rounds} rounds of raking, '{level}' of margin '{margin}' is still off by {misfit:.3e} of its total, and {tolerance:.1e} is wanted"
    )]
    NotConverged {
        /// The margin that is worst.
        margin: String,
        /// Its worst level.
        level: String,
        /// Its relative misfit.
        misfit: f64,
        /// What was wanted.
        tolerance: f64,
        /// Rounds made.
        rounds: u32,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::EmptyClass { step, .. } => {
                format!("use fewer columns in [weigh] {step}_by, or call longer there")
            }
            Error::NotReleased { .. } => {
                "release more replicates, or draw fewer, so that every stratum is called".into()
            }
            Error::EmptyLevel { .. } => {
                "use a coarser margin in [weigh] margins, or call longer there".into()
            }
            Error::NoTotal { .. } | Error::BadTotal { .. } => {
                "give every level of the margin its number of units".into()
            }
            Error::Totals { .. } => "margins must describe the same population: mend their totals".into(),
            Error::NotConverged { .. } => {
                "margins may contradict each other in small cells: use coarser ones, more [weigh] rounds, or a larger tolerance".into()
            }
        })
    }
}
