//! A report card of one set of weights.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::controls::controls;
use super::look::Table;
use super::replicates::{self, Replicates};
use super::{Error, has, once};
use crate::bare::estimate;
use crate::files::data::{self, Choice, Data};
use crate::notice::Notice;
use crate::study::Done;
use crate::weigh::chen_rust::Decomposed;
use crate::weigh::factors::Factors;
use crate::weigh::heavy::{Heaviest, Weighty};
use crate::weigh::review::{Dominant, Faults, Met, Spread};

/// What is to be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The table.
    pub data: PathBuf,
    /// Which sheet of a workbook, and whether codes stand for their labels.
    pub choice: Choice,
    /// Its column of weights.
    pub weight: String,
    /// The columns whose combinations are the strata.
    pub strata: Vec<String>,
    /// The columns whose combinations are the domains.
    pub domains: Vec<String>,
    /// Known totals: a CSV file with the columns `column`, `level` and `total`. Without a level, the
    /// total is that of the column's numbers. Columns may be crossed: "region / sex", "north / f".
    pub controls: Option<PathBuf>,
    /// What the weights should add up to.
    pub sum: Option<f64>,
    /// A column of ids, by which rows are named.
    pub id: Option<String>,
    /// A column of answers, for the design effects that need one.
    pub answer: Option<String>,
    /// The columns whose combinations, within strata, are the clusters of the first stage.
    pub clusters: Vec<String>,
    /// The columns to which weights were calibrated: numbers, or levels.
    pub auxiliaries: Vec<String>,
    /// The columns of factors that make the weight, in order.
    pub factors: Vec<String>,
    /// A pattern of columns of replicate weights: `rw[0-9]+`.
    pub replicates: Option<String>,
    /// How they were made: "brr", "fay", "jk1", "jkn", "jk2", "bootstrap", "acs", "sdr" or "other".
    pub kind: Option<String>,
    /// The share of a domain's weight above which a row is told of.
    pub limit: f64,
    /// Relative difference up to which a total counts as met.
    pub within: f64,
}

/// What can be seen of weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Rows of the table.
    pub rows: u64,
    /// Rows without a weight to count on.
    pub faults: Faults,
    /// All weights above 0; none if there are none.
    pub all: Option<Spread>,
    /// The part of Kish's design effect that lies between strata, where strata were named.
    pub between: Option<f64>,
    /// By stratum.
    pub strata: Vec<Spread>,
    /// By domain.
    pub domains: Vec<Spread>,
    /// Rows that make up much of a domain, or of all.
    pub dominant: Vec<Dominant>,
    /// Known totals.
    pub controls: Vec<Met>,
    /// The row with the largest weight, of all and of each domain.
    pub heaviest: Vec<Heaviest>,
    /// The rows that make up most of the answer's total, of all and of each domain.
    pub weighty: Vec<Weighty>,
    /// Henry's design effect, where there are an answer and auxiliary columns and it can be had.
    pub henry: Option<f64>,
    /// Chen and Rust's design effect and its parts, where there is an answer and it can be had.
    pub chen_rust: Option<Decomposed>,
    /// What each factor did, where factors were named.
    pub factors: Option<Factors>,
    /// Replicate weights, where they were named.
    pub replicates: Option<Replicates>,
}

/// Looks at weights.
///
/// # Errors
///
/// [`Error`], or what reading the files runs into; columns that are missing are named all at once.
pub fn check(asked: &Check) -> Result<Done<Checked>, crate::Error> {
    sensible(asked)?;
    let kind = asked.kind.as_deref().map(replicates::kind).transpose()?;
    let known = asked
        .controls
        .as_deref()
        .map(controls)
        .transpose()?
        .unwrap_or_default();
    let copies = match &asked.replicates {
        Some(pattern) => {
            let there = data::columns_of(&asked.data, &asked.choice)?;
            replicates::columns(pattern, &there, &asked.weight)?
        }
        None => Vec::new(),
    };
    let crossed = known.iter().flat_map(|control| &control.columns);
    let mut columns = asked.columns();
    columns.extend(crossed.chain(&copies).map(String::as_str));
    let columns = once(columns);
    has(&asked.data, &columns, &asked.choice)?;
    let mut data = Data::read_as(&asked.data, &columns, &asked.choice)?;
    if data.rows() == 0 {
        return Err(estimate::Error::Empty {
            path: asked.data.display().to_string(),
        }
        .into());
    }
    let table = Table::read(asked, &mut data, &known, &copies)?;
    data.finish()?;
    let mut checked = table.look(asked, kind);
    table.name(&mut checked);
    let notices = notices(&checked, asked.within);
    let shown = |path: &Path| path.display().to_string();
    let read = std::iter::once(&asked.data)
        .chain(&asked.controls)
        .map(|path| shown(path))
        .collect();
    Ok(Done {
        value: checked,
        notices,
        read,
        wrote: Vec::new(),
    })
}

impl Check {
    /// The columns that it names, in no order.
    fn columns(&self) -> Vec<&str> {
        let lists = [
            &self.strata,
            &self.domains,
            &self.clusters,
            &self.auxiliaries,
            &self.factors,
        ];
        let single = [&self.id, &self.answer].into_iter().flatten();
        std::iter::once(&self.weight)
            .chain(lists.into_iter().flatten())
            .chain(single)
            .map(String::as_str)
            .collect()
    }
}

/// Whether numbers that were asked for can be meant.
fn sensible(asked: &Check) -> Result<(), Error> {
    if !(asked.limit > 0.0 && asked.limit < 1.0) {
        return Err(Error::BadLimit { limit: asked.limit });
    }
    if !(asked.within >= 0.0 && asked.within.is_finite()) {
        return Err(Error::BadWithin {
            within: asked.within,
        });
    }
    match asked.sum {
        Some(sum) if !(sum > 0.0 && sum.is_finite()) => Err(Error::BadSum { sum }),
        _ => Ok(()),
    }
}

/// What a reader of these weights must hear.
fn notices(checked: &Checked, within: f64) -> Vec<Notice> {
    let count = |rows: &[u64]| rows.len() as u64;
    let Faults {
        missing,
        negative,
        zero,
    } = &checked.faults;
    let known = || checked.controls.iter().filter(|met| met.target.is_some());
    let missed = known().filter(|met| !met.holds(within)).count() as u64;
    let dominated = checked
        .dominant
        .iter()
        .map(|row| &row.label)
        .collect::<std::collections::BTreeSet<_>>();
    let unequal = checked
        .factors
        .as_ref()
        .map_or(0, |factors| factors.unequal.len() as u64);
    let doubts = checked
        .replicates
        .as_ref()
        .map_or(0, |replicates| replicates.doubts.len() as u64);
    let some = |count: u64, notice: fn(u64) -> Notice| (count > 0).then(|| notice(count));
    let found = [
        some(count(missing), |count| Notice::MissingWeights { count }),
        some(count(negative), |count| Notice::NegativeWeights { count }),
        some(count(zero), |count| Notice::ZeroWeights { count }),
        (missed > 0).then_some(Notice::TotalsMissed {
            count: missed,
            of: known().count() as u64,
        }),
        (!dominated.is_empty()).then(|| Notice::Dominated {
            rows: checked.dominant.len() as u64,
            domains: dominated.into_iter().cloned().collect(),
        }),
        some(unequal, |count| Notice::FactorsDiffer { count }),
        some(doubts, |doubts| Notice::ReplicatesDoubtful { doubts }),
    ];
    found.into_iter().flatten().collect()
}
