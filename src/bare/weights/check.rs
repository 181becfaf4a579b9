//! A report card of one set of weights.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::controls::controls;
use super::counted::{Counted, Counting, INTERVIEW, NOT_ELIGIBLE};
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
    /// Who is counted; all rows, unless columns say so. What is told of how weights spread is about those
    /// who are; known totals go by all weights, and replicates are held against all of them.
    pub counted: Option<Counting>,
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
    /// Rows without a weight to count on. Where a column says who is counted, weights of 0 are told of these
    /// alone.
    pub faults: Faults,
    /// Who is counted, where a column says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// All weights above 0, of rows that are counted; none if there are none.
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
    table.somebody(asked)?;
    let mut checked = table.look(asked, kind);
    table.name(&mut checked);
    let mut notices = rows(&checked, &known_to_tell(asked)?);
    notices.extend(weights(&checked, asked.within));
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
        let counted = self.counted.iter().flat_map(Counting::columns);
        std::iter::once(&self.weight)
            .chain(lists.into_iter().flatten())
            .chain(single)
            .chain(counted)
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

/// Columns of a table that were not asked for and are called as those of a study that say who is counted, and
/// who does not belong to the population. Nothing is looked at but the name.
struct Telling {
    counted: Option<String>,
    not_eligible: Option<String>,
}

/// A name proves nothing, and a check that forgives rows on its own account is none: so a column is never
/// taken for what it is called. It is named in the notice, and whoever says the flag has it on record.
fn known_to_tell(asked: &Check) -> Result<Telling, crate::Error> {
    let there = data::columns_of(&asked.data, &asked.choice)?;
    let apart = asked
        .counted
        .as_ref()
        .and_then(|by| by.not_eligible.as_ref());
    let known = |name: &str, is_asked: bool| {
        let is_there = !is_asked && there.iter().any(|column| column == name);
        is_there.then(|| name.to_owned())
    };
    Ok(Telling {
        counted: known(INTERVIEW, asked.counted.is_some()),
        not_eligible: known(NOT_ELIGIBLE, apart.is_some()),
    })
}

/// What a reader must hear of rows without a weight, or with one that they should not have.
fn rows(checked: &Checked, telling: &Telling) -> Vec<Notice> {
    let count = |rows: &[u64]| Some(rows.len() as u64).filter(|count| *count > 0);
    let Faults {
        missing,
        negative,
        zero,
    } = &checked.faults;
    let zero = count(zero).map(|count| match &checked.counted {
        None => Notice::ZeroWeights {
            count,
            counted: telling.counted.clone(),
            not_eligible: telling.not_eligible.clone(),
        },
        Some(Counted { column, .. }) => Notice::CountedWeighNothing {
            count,
            column: column.clone(),
        },
    });
    let weighing = checked.counted.as_ref().and_then(|counted| {
        Some(Notice::UncountedWeigh {
            count: count(&counted.weighing)?,
            column: counted.column.clone(),
            not_eligible: telling.not_eligible.clone(),
        })
    });
    let found = [
        count(missing).map(|count| Notice::MissingWeights { count }),
        count(negative).map(|count| Notice::NegativeWeights { count }),
        zero,
        weighing,
    ];
    found.into_iter().flatten().collect()
}

/// What a reader must hear of weights.
fn weights(checked: &Checked, within: f64) -> Vec<Notice> {
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
