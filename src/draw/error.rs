//! Why a sample could not be drawn.

use crate::advice::{Advise, list};

/// Why a sample could not be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A stratum has fewer units than the draw asks of it.
    #[error("stratum '{stratum}' has {population} units but the plan asks for {asked} of them")]
    StratumTooSmall {
        /// The stratum.
        stratum: String,
        /// Units in the list.
        population: u64,
        /// Units asked for.
        asked: u64,
    },
    /// The plan names strata that the list does not have.
    #[error("the list has no stratum {}", list(strata))]
    UnknownStrata {
        /// Their labels.
        strata: Vec<String>,
    },
    /// The list has units in strata that the plan does not name.
    #[error("the plan has no stratum {} that the list has", list(strata))]
    UnplannedStrata {
        /// Their labels.
        strata: Vec<String>,
    },
    /// A stratum holds another number of units than the plan was made for.
    #[error("stratum '{stratum}' has {found} units, and the plan was made for {planned}")]
    StratumChanged {
        /// The stratum.
        stratum: String,
        /// Units found in the list.
        found: u64,
        /// Units the plan counts on.
        planned: u64,
    },
    /// Some units have no id, or share one, or have no stratum.
    #[error("{count} units have no id or no stratum, the first in row {row}")]
    Blank {
        /// How many.
        count: u64,
        /// The first row, counted from 1.
        row: u64,
    },
    /// Two drawn units have the same id.
    #[error("id '{id}' stands in rows {first} and {second}")]
    Repeated {
        /// The id.
        id: String,
        /// A row, counted from 1.
        first: u64,
        /// Another.
        second: u64,
    },
    /// Nothing was asked for.
    #[error("the plan asks for no units in any stratum")]
    Nothing,
    /// More units are asked for than have a chance.
    #[error("{asked} units are to be drawn, and {there} have a chance")]
    TooMany {
        /// Units asked for.
        asked: u64,
        /// Units with a size, or a chance, above 0.
        there: u64,
    },
    /// Sizes that no chance can be made of.
    #[error("{count} sizes are negative or missing, the first in row {row}: {size}")]
    BadSizes {
        /// How many.
        count: u64,
        /// The first row, counted from 1.
        row: u64,
        /// Its size.
        size: f64,
    },
    /// Chances outside 0 to 1.
    #[error("{count} chances are not from 0 to 1, the first in row {row}: {chance}")]
    BadChances {
        /// How many.
        count: u64,
        /// The first row, counted from 1.
        row: u64,
        /// Its chance.
        chance: f64,
    },
    /// A method that draws a fixed number, and chances that do not add up to one.
    #[error("chances add up to {expected}, and a sample of fixed size needs a whole number")]
    NotWhole {
        /// Σπ.
        expected: f64,
    },
    /// A method that needs equal chances was given others.
    #[error("'{method}' draws with equal chances, and these lie from {least} to {most}")]
    NotEqual {
        /// The method.
        method: &'static str,
        /// The smallest chance.
        least: f64,
        /// The largest.
        most: f64,
    },
    /// A method that spreads its sample needs places.
    #[error("'{method}' needs a place for each unit")]
    NoPlaces {
        /// The method.
        method: &'static str,
    },
    /// A method that balances its sample needs amounts.
    #[error("'{method}' needs amounts to balance on")]
    NoBalance {
        /// The method.
        method: &'static str,
    },
    /// A method whose units may come more than once, where the chance of pairs is asked for.
    #[error("'{method}' draws with replacement, and a pair of hits is no pair of units")]
    NoPairs {
        /// The method.
        method: &'static str,
    },
    /// A method did not find its sample in the steps it is given.
    #[error("'{method}' has found no sample after {steps} steps")]
    NotFound {
        /// The method.
        method: &'static str,
        /// Steps made.
        steps: u64,
    },
    /// A method that has no use for permanent numbers cannot be coordinated by them.
    #[error("'{method}' does not draw by permanent numbers, so its waves cannot be coordinated")]
    NotByNumber {
        /// The method.
        method: &'static str,
    },
    /// A turn of permanent numbers outside 0 to 1.
    #[error("a shift or share of numbers is {part}, and it must lie from 0 to 1")]
    BadTurn {
        /// What was asked for.
        part: f64,
    },
    /// A number of a table that cannot be rounded.
    #[error("the number in row {row}, column {column} is {number}, which cannot be rounded")]
    BadCell {
        /// Counted from 1.
        row: u64,
        /// Counted from 1.
        column: u64,
        /// The number.
        number: f64,
    },
    /// Things that go together are not as many.
    #[error("there are {found} {what}, and {wanted} are needed")]
    Lengths {
        /// What there is too much or too little of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        wanted: usize,
    },
    /// A cluster holds fewer units than are to be drawn in it.
    #[error("cluster '{cluster}' holds {units} units and {asked} are to be drawn in it")]
    ClusterTooSmall {
        /// The cluster, with those that hold it.
        cluster: String,
        /// Units, or clusters, that have a chance.
        units: u64,
        /// How many were asked for.
        asked: u64,
    },
    /// A cluster so large that its units cannot have the chance that others have.
    #[error("cluster '{cluster}' holds {units} units, and weights are equal up to {most} only")]
    ClusterTooLarge {
        /// The cluster.
        cluster: String,
        /// Its units.
        units: u64,
        /// The most that a cluster may hold.
        most: u64,
    },
    /// Fewer units of the list are said to hold a number than were drawn with it.
    #[error("{drawn} drawn units share number {number}, and the list is said to hold {held} of it")]
    Holders {
        /// The key of the number.
        number: u64,
        /// Units said to hold it.
        held: u64,
        /// Units drawn.
        drawn: u64,
    },
    /// The list could not be read.
    #[error(transparent)]
    Frame(#[from] crate::frame::Error),
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::StratumTooSmall { population, .. } => Some(format!(
                "ask for {population} at most, or join the stratum to a neighbour"
            )),
            Error::UnknownStrata { .. }
            | Error::UnplannedStrata { .. }
            | Error::StratumChanged { .. } => Some(
                "the list has changed since the plan: run `canvass check` and `canvass plan` again"
                    .into(),
            ),
            Error::Blank { .. } | Error::Repeated { .. } => Some(
                "run `canvass check` for all such rows, and give each unit an id of its own".into(),
            ),
            Error::Nothing => Some("give [plan] pool, or targets that need interviews".into()),
            Error::TooMany { there, .. } => Some(format!("ask for {there} at most")),
            Error::BadSizes { .. } => {
                Some("give every unit a size of 0 or more; 0 means it is never drawn".into())
            }
            Error::BadChances { .. } => Some("give every unit a chance from 0 to 1".into()),
            Error::NotWhole { .. } => {
                Some("take a method of random size, or chances from sizes and a whole number".into())
            }
            Error::NotEqual { .. } => Some("take the method for unequal chances".into()),
            Error::NoPlaces { .. } => Some("name the columns of each unit's place: --spread X,Y".into()),
            Error::NoBalance { .. } => Some("name the columns to balance on: --balance A,B".into()),
            Error::NoPairs { .. } => Some("take a method without replacement, such as sampford".into()),
            Error::NotFound { .. } => Some("take another method of the same chances, such as pivotal".into()),
            Error::NotByNumber { .. } => Some(
                "take simple, bernoulli, poisson, sequential-poisson, pareto or pareto-adjusted".into(),
            ),
            Error::BadTurn { .. } => Some("0.5 moves numbers by half a turn".into()),
            Error::BadCell { .. } => Some("give numbers of 0 or more".into()),
            Error::Lengths { .. } => None,
            Error::ClusterTooSmall { units, .. } => Some(format!(
                "ask for {units} at most, for as many as there are, or join the cluster to a neighbour"
            )),
            Error::ClusterTooLarge { .. } => Some(
                "make the cluster a stratum of its own, cut it into smaller ones, or draw fewer clusters"
                    .into(),
            ),
            Error::Holders { .. } => {
                Some("count every unit of the list that holds a drawn number".into())
            }
            Error::Frame(error) => error.hint(),
        }
    }
}
