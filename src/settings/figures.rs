//! The figures that a survey asks for, and the index.

use crate::estimate::ShareInterval;
use crate::estimate::compare::Corrected;
use crate::estimate::quantile::Rule;

/// A figure to estimate, once for every combination of `by`.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureSpec {
    /// Of what.
    pub statistic: Statistic,
    /// How the interval of a share is made, and that of a quantile by way of a share.
    pub interval: ShareInterval,
    /// Columns whose combinations are the domains; none for everybody.
    pub by: Vec<String>,
    /// A column between whose labels the figure is compared, each pair in every combination of `by`.
    pub compare: Option<String>,
}

/// What is estimated of which answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Statistic {
    /// The mean of an item.
    Mean {
        /// The item.
        item: String,
    },
    /// The total of an item.
    Total {
        /// The item.
        item: String,
    },
    /// The share of people whose answer passes a test.
    Share {
        /// The item.
        item: String,
        /// The test.
        test: ShareTest,
    },
    /// The ratio of two totals.
    Ratio {
        /// The item above the line.
        numerator: String,
        /// The item below it.
        denominator: String,
    },
    /// The answers below which given shares of the people lie.
    Quantiles {
        /// The item.
        item: String,
        /// The shares.
        at: Vec<f64>,
        /// Which point between two answers is meant.
        rule: Rule,
    },
    /// The variance of an item among people.
    Variance {
        /// The item.
        item: String,
    },
    /// The standard deviation of an item among people.
    Spread {
        /// The item.
        item: String,
    },
    /// How closely two items go together.
    Correlation {
        /// The one.
        this: String,
        /// The other.
        other: String,
    },
    /// A function of totals and means.
    Function {
        /// As an expression: "sum(minutes) / sum(calls)".
        of: String,
    },
}

/// Which answers count towards a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ShareTest {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
    /// Exactly this.
    Equals(f64),
}

/// Satisfaction in one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexSpec {
    /// The items it is made of.
    pub items: Vec<String>,
    /// The low end of their scale.
    pub low: f64,
    /// The high end.
    pub high: f64,
    /// One weight per item; none for equal weights.
    pub weights: Option<Vec<f64>>,
    /// The column of the firm.
    pub firm: String,
    /// The service.
    pub service: ServiceName,
    /// How firms are compared within a service, if that is wished.
    pub compare: Option<Corrected>,
}

/// How the index knows the service of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceName {
    /// From this column.
    Column(String),
    /// All are of this service.
    Label(String),
}
