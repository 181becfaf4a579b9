//! What is asked of a table.

use std::path::PathBuf;

use super::{Error, Filter};
use crate::estimate::variance::Lonely;

/// What is asked of a table: the roles of its columns, and figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// A CSV or Parquet file, or a folder of Parquet files.
    pub data: PathBuf,
    /// The column of weights.
    pub weight: String,
    /// For each stage, the columns whose combinations are the strata. Fewer than stages: the later
    /// ones have none.
    pub strata: Vec<Vec<String>>,
    /// The columns of clusters, one for each stage. Without, rows were drawn.
    pub clusters: Vec<String>,
    /// The columns of how many clusters a stratum has, or which fraction was drawn, one for each stage.
    pub populations: Vec<String>,
    /// Whether labels of clusters begin anew in each stratum.
    pub nest: bool,
    /// What strata with a single cluster are taken for.
    pub lonely: Lonely,
    /// The figures, in order.
    pub figures: Vec<Figure>,
    /// The columns whose combinations are the domains.
    pub by: Vec<String>,
    /// The rows that are meant; without, all.
    pub filter: Option<Filter>,
    /// The confidence of intervals: 0.95.
    pub confidence: f64,
    /// Whether design effects are wanted.
    pub deff: bool,
}

impl Asked {
    /// Whether it makes sense before the table is read.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.figures.is_empty() {
            return Err(Error::NothingAsked);
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return Err(Error::Confidence {
                given: self.confidence,
            });
        }
        Ok(())
    }
}

/// A figure of some columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// The mean of numbers.
    Mean(String),
    /// The total of numbers.
    Total(String),
    /// The share of every level of a column.
    Share(String),
    /// The total of one column over that of another.
    Ratio(String, String),
}

impl Figure {
    /// The ratio that "calls/minutes" says.
    ///
    /// # Errors
    ///
    /// [`Error::NoRatio`] if that is not one column over another.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Figure;
    /// assert_eq!(Figure::ratio("calls/minutes")?, Figure::Ratio("calls".into(), "minutes".into()));
    /// assert!(Figure::ratio("calls").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn ratio(given: &str) -> Result<Figure, Error> {
        match given.split('/').map(str::trim).collect::<Vec<_>>()[..] {
            [above, below] if !above.is_empty() && !below.is_empty() => {
                Ok(Figure::Ratio(above.to_owned(), below.to_owned()))
            }
            _ => Err(Error::NoRatio {
                given: given.to_owned(),
            }),
        }
    }

    /// The columns it is made of.
    pub(super) fn columns(&self) -> Vec<&str> {
        match self {
            Figure::Mean(column) | Figure::Total(column) | Figure::Share(column) => vec![column],
            Figure::Ratio(above, below) => vec![above, below],
        }
    }
}
