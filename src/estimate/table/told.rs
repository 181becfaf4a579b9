//! What is told of a table: its cells, and what a test finds.

use serde::{Deserialize, Serialize};

use super::{Association, Category, Table, Tested, Untested};
use crate::estimate::{Domain, Error, Estimator};

/// A table and its test, as it is written down and printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tabled {
    /// The cells and margins.
    pub table: Table,
    /// Whether rows have to do with columns, or why that cannot be tested.
    pub test: Result<Independence, Untested>,
}

/// Whether rows have to do with columns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Independence {
    /// Pearson's X², as of a simple sample.
    pub pearson: f64,
    /// Rao's and Scott's F of the second order.
    pub rao_scott: Tested,
}

impl Tabled {
    /// Crosses rows with columns among people of a domain, and tests whether one has to do with the other.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] if nobody of the domain has both a row and a column.
    pub fn of(
        estimator: &Estimator<'_>,
        questions: [&Category; 2],
        domain: &Domain<'_>,
    ) -> Result<Tabled, Error> {
        let test = Association::of(estimator, questions, domain);
        Ok(Tabled {
            table: Table::of(estimator, questions, domain)?,
            test: test.map(|found| Independence {
                pearson: found.pearson.statistic,
                rao_scott: found.pearson.second_order(),
            }),
        })
    }
}
