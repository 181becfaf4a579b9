//! One figure of one domain, as it is shown and kept.

use serde::{Deserialize, Serialize};

use crate::estimate::Estimate;
use crate::notice::Notice;

/// One figure of one domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The key of its card: "mean", "share", "quantile"; of tables "people", "cell_share", "row_share"
    /// and "column_share"; of tests and models, their own: see [`Added`].
    pub statistic: String,
    /// The column, "a / b", "a, b", "a × b" or the formula; of a difference, "mean of a".
    pub variable: String,
    /// The level whose share it is, the share at which a quantile lies, the cell, or the term.
    pub level: Option<String>,
    /// For whom: "all", the filter, or the labels of the columns crossed; of a difference, "a − b".
    pub domain: String,
    /// θ̂; of a test, its statistic.
    pub estimate: f64,
    /// The standard error, if there is one.
    pub se: Option<f64>,
    /// The standard error over the estimate.
    pub cv: Option<f64>,
    /// The lower end of the interval.
    pub ci_low: Option<f64>,
    /// Its upper end.
    pub ci_high: Option<f64>,
    /// Degrees of freedom; of a test, those of the design.
    pub df: u64,
    /// The design effect, if it was asked for.
    pub deff: Option<f64>,
    /// Rows with a weight that answered.
    pub n: u64,
    /// What some rows have beside.
    #[serde(flatten)]
    pub added: Added,
    /// What must be heard of this figure.
    pub notices: Vec<Notice>,
}

/// What some rows have beside: tests, coefficients, differences of many, ranks. What a row has not is not
/// written.
///
/// | rows | statistic |
/// |---|---|
/// | tests of tables and fits | "rao-scott"; with all tests "rao-scott-first", "rao-scott-satterthwaite", "rao-scott-exact", the same of "likelihood", "wald-table", "adjusted-wald" |
/// | shares held against others | "fit", with `expected` |
/// | a model | "coefficient"; "wald" of each term; "dispersion", "deviance", "explained" |
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Added {
    /// The estimate over its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t: Option<f64>,
    /// How likely it is by chance to be as far from nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// p, corrected for the number of differences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_corrected: Option<f64>,
    /// The lower end of an interval that holds for all differences at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sim_low: Option<f64>,
    /// Its upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sim_high: Option<f64>,
    /// Degrees of freedom of a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub df1: Option<f64>,
    /// Those of its denominator, if it is an F.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub df2: Option<f64>,
    /// The share that was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// e to the power of a coefficient: a ratio of odds, rates or means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// The lower end of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_low: Option<f64>,
    /// Its upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_high: Option<f64>,
    /// Rows of the domain that lack an answer the model needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<u64>,
    /// The rank in the sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
    /// The best rank that is not ruled out, all ranks considered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank_best: Option<u64>,
    /// The worst rank that is not ruled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank_worst: Option<u64>,
    /// Figures that share a letter cannot be told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letters: Option<String>,
}

/// What a field of [`Added`] is called in files, and the number it holds.
type Number = (&'static str, fn(&Added) -> Option<f64>);

impl Added {
    /// The fields that hold numbers, in order.
    pub const NUMBERS: [Number; 15] = [
        ("t", |added| added.t),
        ("p", |added| added.p),
        ("p_corrected", |added| added.p_corrected),
        ("sim_low", |added| added.sim_low),
        ("sim_high", |added| added.sim_high),
        ("df1", |added| added.df1),
        ("df2", |added| added.df2),
        ("expected", |added| added.expected),
        ("ratio", |added| added.ratio),
        ("ratio_low", |added| added.ratio_low),
        ("ratio_high", |added| added.ratio_high),
        ("left_out", |added| added.left_out.map(|count| count as f64)),
        ("rank", |added| added.rank.map(|rank| rank as f64)),
        ("rank_best", |added| added.rank_best.map(|rank| rank as f64)),
        ("rank_worst", |added| {
            added.rank_worst.map(|rank| rank as f64)
        }),
    ];
}

/// What a row is of: statistic, variable, level.
pub(super) struct Of<'a> {
    pub statistic: &'a str,
    pub variable: &'a str,
    pub level: Option<String>,
}

impl Row {
    /// A figure with its interval; without design effect and notices.
    pub(super) fn of(of: Of<'_>, domain: &str, found: &Estimate) -> Row {
        let se = found.standard_error();
        let (ci_low, ci_high) = found.interval.unzip();
        Row {
            se,
            cv: se
                .map(|se| se / found.value.abs())
                .filter(|cv| cv.is_finite()),
            ci_low,
            ci_high,
            ..Row::bare(of, domain, found.value, (found.df, found.n))
        }
    }

    /// A figure alone.
    pub(super) fn bare(of: Of<'_>, domain: &str, estimate: f64, (df, n): (u64, u64)) -> Row {
        Row {
            statistic: of.statistic.to_owned(),
            variable: of.variable.to_owned(),
            level: of.level,
            domain: domain.to_owned(),
            estimate,
            se: None,
            cv: None,
            ci_low: None,
            ci_high: None,
            df,
            deff: None,
            n,
            added: Added::default(),
            notices: Vec::new(),
        }
    }
}
