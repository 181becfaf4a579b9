//! How rows were drawn, where units had chances of their own.

use std::path::PathBuf;

use crate::estimate::variance::{Estimator, Formula, Pairs};

/// How rows were drawn, where units had chances of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// For each of the first stages, the column of the chance that a cluster had to be drawn. Stages after
    /// those have populations.
    pub chances: Vec<String>,
    /// By which formula variances are made.
    pub by: By,
}

/// A formula for the variance, with all that it needs beside chances.
#[derive(Debug, Clone, PartialEq)]
pub enum By {
    /// From the chances of single units, of any number of stages.
    Units(Formula),
    /// From the chances of pairs.
    Pairs(Estimator, PairsFrom),
    /// From units that followed each other in the order of this column.
    Successive(String),
    /// From neighbours, in places that these columns tell; balanced on others, if on any.
    LocalMean(Vec<String>, Vec<String>),
    /// From what the amounts in these columns do not explain.
    Balanced(Vec<String>),
    /// The same, where strata were balanced together, and each on its size.
    Together(Vec<String>),
    /// Each unit on its own.
    Independent,
    /// Every hit on its own; of a column, how many there were of each row.
    Replaced(Option<String>),
}

/// Where the chances of pairs come from.
#[derive(Debug, Clone, PartialEq)]
pub enum PairsFrom {
    /// A formula that comes near.
    Near(Pairs<'static>),
    /// A file: a table of pairs with the columns unit, other and chance, or a square of chances. A column
    /// names the units; without, the square stands in the order of the rows.
    File {
        /// The file.
        path: PathBuf,
        /// The column of names.
        id: Option<String>,
    },
    /// What a method of drawing makes of a list of all units.
    List {
        /// The key of the method's card.
        method: &'static str,
        /// The list, with the columns of strata and of chances.
        path: PathBuf,
    },
}

impl Drawn {
    /// The formula, as programs that lack it are told.
    pub(super) fn says(&self) -> &'static str {
        match &self.by {
            By::Units(Formula::Hajek) => "formula of Hájek",
            By::Units(Formula::Deville) => "formula of Deville",
            By::Units(Formula::Brewer(_)) => "formula of Brewer",
            By::Pairs(Estimator::HorvitzThompson, _) => "formula of Horvitz and Thompson",
            By::Pairs(Estimator::SenYatesGrundy, _) => "formula of Sen, Yates and Grundy",
            By::Successive(_) => "formula of successive differences",
            By::LocalMean(..) => "local mean variance",
            By::Balanced(_) => "formula for balanced samples",
            By::Together(_) => "formula for balanced samples that landed together",
            By::Independent => "formula for Poisson sampling",
            By::Replaced(_) => "formula of Hansen and Hurwitz for several hits",
        }
    }

    /// Columns of numbers beside those of chances.
    pub(super) fn numbers(&self) -> Vec<&str> {
        let lists: Vec<&String> = match &self.by {
            By::Successive(order) => vec![order],
            By::LocalMean(places, amounts) => places.iter().chain(amounts).collect(),
            By::Balanced(amounts) | By::Together(amounts) => amounts.iter().collect(),
            By::Replaced(hits) => hits.iter().collect(),
            _ => vec![],
        };
        lists.into_iter().map(String::as_str).collect()
    }

    /// The column that names units.
    pub(super) fn id(&self) -> Option<&str> {
        match &self.by {
            By::Pairs(_, PairsFrom::File { id, .. }) => id.as_deref(),
            _ => None,
        }
    }

    /// Whether it knows more stages than one.
    pub(super) fn is_staged(&self) -> bool {
        matches!(self.by, By::Units(_))
    }
}
