//! Why weights could not be made.

use super::{Conflict, Empty};
use crate::advice::{Advise, list};

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
    /// Weights that came with the data are negative or no numbers.
    #[error("{count} weights are negative or no numbers; the first is {weight}, in row {row}")]
    BadWeights {
        /// How many.
        count: usize,
        /// The first such row, counted from 0.
        row: usize,
        /// Its weight.
        weight: f64,
    },
    /// Levels of margins are to have people, and none of their units has a weight.
    #[error(
        "levels that are to hold somebody have nobody with a weight: {}",
        together(empty)
    )]
    EmptyLevels {
        /// The levels, margin by margin, with what each would best be joined to.
        empty: Vec<Empty>,
    },
    /// Levels of a margin have drawn units, and no control total.
    #[error("margin '{margin}' has no total for {}", list(levels))]
    NoTotal {
        /// The margin.
        margin: String,
        /// The levels.
        levels: Vec<String>,
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
        "after {rounds} rounds of raking, '{level}' of margin '{margin}' is to hold {target} and holds {reached:.4}: off by {misfit:.3e} of its total, and {tolerance:.1e} is wanted{}",
        told(conflict)
    )]
    NotConverged {
        /// The margin that is worst.
        margin: String,
        /// Its worst level.
        level: String,
        /// Its total.
        target: f64,
        /// What was reached.
        reached: f64,
        /// Its relative misfit.
        misfit: f64,
        /// What was wanted.
        tolerance: f64,
        /// Rounds made.
        rounds: u32,
        /// The controls that contradict each other, if they do and are known.
        conflict: Option<Box<Conflict>>,
    },
    /// A control's numbers, or its total, are not all finite.
    #[error("'{amount}' holds {value}, and a control needs numbers")]
    BadAmount {
        /// The control.
        amount: String,
        /// What was given.
        value: f64,
    },
    /// A column whose total is to be met holds something that is no number.
    #[error("'{amount}' holds '{label}', and its total is to be met: it must hold numbers")]
    NoNumber {
        /// The column.
        amount: String,
        /// What it holds.
        label: String,
    },
    /// Bounds of factors make no sense.
    #[error(
        "factors cannot be kept between {low} and {high}: 1 must lie between, and neither end below 0"
    )]
    BadBounds {
        /// The lower one.
        low: f64,
        /// The upper one.
        high: f64,
    },
    /// Calibration did not meet a control.
    #[error(
        "after {rounds} rounds of calibration, '{control}' is to hold {target} and holds {reached:.4}: not within {tolerance:.1e}{}",
        told(conflict)
    )]
    NotCalibrated {
        /// The control that is worst met.
        control: String,
        /// Its total.
        target: f64,
        /// What was reached.
        reached: f64,
        /// What was wanted, relative to 1 + the total.
        tolerance: f64,
        /// Rounds made.
        rounds: u32,
        /// The controls that contradict each other, if they do and are known.
        conflict: Option<Box<Conflict>>,
    },
    /// No factors within the bounds meet all controls.
    #[error(
        "with factors between {low} and {high}, '{control}' is to hold {target} and comes to {reached}{}",
        told(conflict)
    )]
    OutOfBounds {
        /// The control that is worst met.
        control: String,
        /// Its total.
        target: f64,
        /// What was reached.
        reached: f64,
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
        /// The tightest bounds of the same shape that would do, if any do.
        feasible: Option<(f64, f64)>,
        /// The controls that contradict each other, if they are known.
        conflict: Option<Box<Conflict>>,
    },
    /// No weights within their limits meet all controls.
    #[error(
        "with weights between {low} and {high}, '{control}' is to hold {target} and comes to {reached}{}",
        told(conflict)
    )]
    OutOfLimits {
        /// The control that is worst met.
        control: String,
        /// Its total.
        target: f64,
        /// What was reached.
        reached: f64,
        /// The smallest weight allowed.
        low: f64,
        /// The largest.
        high: f64,
        /// The nearest limits that would do, both moved by the same factor, if any do.
        feasible: Option<(f64, f64)>,
        /// The controls that contradict each other, if they are known.
        conflict: Option<Box<Conflict>>,
    },
    /// Limits of weights make no sense.
    #[error("weights cannot be kept between {low} and {high} by this distance")]
    BadLimits {
        /// The lower one.
        low: f64,
        /// The upper one.
        high: f64,
    },
    /// A level of which everybody or nobody answered, so that no propensity can be told of it.
    #[error(
        "{step}: of '{column}' {answered} of {cases} answered, and a propensity is neither 0 nor 1"
    )]
    Foretold {
        /// The step's card key.
        step: &'static str,
        /// The column and its level.
        column: String,
        /// Eligible units.
        cases: u64,
        /// Those of them who answered.
        answered: u64,
    },
    /// Columns together foretell who answers.
    #[error("{step}: some propensities are 0 or 1, most of all because of '{column}'")]
    Separated {
        /// The step's card key.
        step: &'static str,
        /// The column that says so the loudest.
        column: String,
    },
    /// A column tells nothing new.
    #[error("{step}: '{column}' tells nothing that the columns before it do not tell")]
    Collinear {
        /// The step's card key.
        step: &'static str,
        /// The column.
        column: String,
    },
    /// Too few classes of propensities.
    #[error("propensities cannot be put into {classes} classes")]
    FewClasses {
        /// How many were wanted.
        classes: u32,
    },
    /// A step needs columns and has none.
    #[error("{step} has no columns to tell from")]
    NoColumns {
        /// The step's card key.
        step: &'static str,
    },
    /// Interviews without a count of numbers or people.
    #[error("{count} interviews have no '{item}'")]
    NoCount {
        /// The item or column.
        item: String,
        /// How many.
        count: u64,
    },
    /// A count of numbers or people that is none.
    #[error("'{item}' is {value}, and must be a whole number of 1 or more")]
    BadCount {
        /// The item or column.
        item: String,
        /// What it is.
        value: f64,
    },
    /// A covariance of totals makes no sense.
    #[error("the covariance of '{control}' with '{other}' cannot be {value}")]
    BadCovariance {
        /// A control.
        control: String,
        /// Another, or the same.
        other: String,
        /// What was given.
        value: f64,
    },
    /// More or fewer instruments than controls.
    #[error(
        "{controls} controls are to be met through {instruments} instruments, and it must be as many"
    )]
    CountInstruments {
        /// Controls that do not follow from others.
        controls: usize,
        /// Instruments, with the one for everybody.
        instruments: usize,
    },
    /// An instrument does not go along with the controls.
    #[error(
        "the instrument '{instrument}' tells nothing of the controls that those before it do not tell"
    )]
    WeakInstrument {
        /// The instrument.
        instrument: String,
    },
    /// Interviews that do not say whether they are on both lists.
    #[error("of {count} interviews it is not known whether they are on both lists")]
    NoDomain {
        /// How many.
        count: u64,
    },
    /// A share of the overlap makes no sense.
    #[error("the first list cannot count for {share} of the overlap")]
    BadShare {
        /// What was given.
        share: f64,
    },
    /// A chance to be drawn makes no sense.
    #[error("nobody can be drawn with a chance of {chance}")]
    BadChance {
        /// What was given.
        chance: f64,
    },
    /// A cap on weights makes no sense.
    #[error("weights cannot be capped at {cap}")]
    BadCap {
        /// What was given.
        cap: f64,
    },
    /// A cap is below the mean, so the total could not be kept.
    #[error("no weight is to be above {cap}, and {interviews} interviews have {mean} on average")]
    CapTooLow {
        /// The cap.
        cap: f64,
        /// The mean weight.
        mean: f64,
        /// Interviews with a weight.
        interviews: usize,
    },
    /// Known totals and a cap do not hold together.
    #[error(
        "after {rounds} turns of meeting totals and trimming, a weight is still {largest}, above the cap of {cap}"
    )]
    NotBoth {
        /// The largest weight.
        largest: f64,
        /// The cap.
        cap: f64,
        /// Turns made.
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
            Error::BadWeights { .. } => "a weight is how many people a row speaks for: 0 or more".into(),
            Error::EmptyLevels { empty } => super::empty::remedy(empty),
            Error::NoTotal { .. } | Error::BadTotal { .. } => {
                "give every level of the margin its number of units".into()
            }
            Error::Totals { .. } => "margins must describe the same population: mend their totals".into(),
            Error::NoNumber { .. } => "mend the list, or put the column among the [weigh] margins".into(),
            Error::BadAmount { .. } => "give every unit, and the list as a whole, a number".into(),
            Error::BadBounds { .. } => "set [weigh] bounds to two numbers such as [0.5, 2.0]".into(),
            Error::NotCalibrated { conflict: Some(conflict), .. }
            | Error::NotConverged { conflict: Some(conflict), .. } => remedy(conflict),
            Error::NotCalibrated { .. } => {
                "controls may contradict each other: use coarser margins, fewer controls, more [weigh] rounds, or another method".into()
            }
            Error::OutOfBounds { feasible, conflict, .. } => widened("bounds", feasible, conflict),
            Error::OutOfLimits { feasible, conflict, .. } => widened("limits", feasible, conflict),
            Error::BadLimits { .. } => {
                "set [weigh] limits to a smallest and a larger weight, with method = \"truncated\" or \"raking\"".into()
            }
            Error::Foretold { .. } => {
                "join the level to another, or leave the column out of [weigh.propensity]".into()
            }
            Error::Separated { .. } | Error::Collinear { .. } => {
                "leave the column out of [weigh.propensity]".into()
            }
            Error::FewClasses { .. } => "take 2 classes or more; 5 are usual".into(),
            Error::NoColumns { .. } => "name at least one column that came along with the sample".into(),
            Error::NoCount { .. } => "ask everybody, or state what is taken where nobody said: missing = 1".into(),
            Error::BadCount { .. } => "mend the answers; somebody who was reached has 1 at least".into(),
            Error::BadCovariance { .. } => "mend the standard errors or covariances of the controls".into(),
            Error::CountInstruments { .. } => {
                "one instrument stands for everybody, and each category for its levels but one: name more or fewer".into()
            }
            Error::WeakInstrument { .. } => "take an instrument that goes along with the controls".into(),
            Error::NoDomain { .. } => "ask everybody whether they have both".into(),
            Error::BadShare { .. } => "give a share from 0 to 1".into(),
            Error::BadChance { .. } => "give chances above 0 and up to 1".into(),
            Error::BadCap { .. } => "give a [weigh] cap above 0".into(),
            Error::CapTooLow { .. } => "raise [weigh] cap well above the mean weight".into(),
            Error::NotBoth { .. } => {
                "raise [weigh] cap, use coarser margins, or more [weigh] rounds".into()
            }
            Error::NotConverged { .. } => {
                "margins may contradict each other in small cells: use coarser ones, more [weigh] rounds, or a larger tolerance".into()
            }
        })
    }
}

/// How far bounds or limits must be widened.
fn widened(key: &str, feasible: &Option<(f64, f64)>, conflict: &Option<Box<Conflict>>) -> String {
    let wider = match feasible {
        Some((low, high)) => {
            // Rounded outwards, so that they still do.
            let (low, high) = ((low * 1e3).floor() / 1e3, (high * 1e3).ceil() / 1e3);
            format!("widen [weigh] {key} to [{low}, {high}] or more")
        }
        None => format!("no {key} would do: the controls contradict each other here"),
    };
    match conflict {
        Some(conflict) => format!("{wider}; {}", remedy(conflict)),
        None => format!("{wider}, or use coarser margins or fewer controls"),
    }
}

/// Empty levels, one after another.
fn together(empty: &[Empty]) -> String {
    let all: Vec<String> = empty.iter().map(ToString::to_string).collect();
    all.join(", ")
}

/// Which controls contradict each other, behind what was said of one of them.
fn told(conflict: &Option<Box<Conflict>>) -> String {
    conflict
        .as_ref()
        .map_or_else(String::new, |conflict| format!("; {conflict}"))
}

/// What to do about controls that contradict each other.
fn remedy(conflict: &Conflict) -> String {
    let joins: Vec<String> = conflict.joins.iter().map(ToString::to_string).collect();
    match joins.is_empty() {
        true => "mend these totals, or leave one of them out".into(),
        false => format!("mend these totals, or join {}", joins.join(", or ")),
    }
}
