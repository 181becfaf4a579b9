//! Two sets of weights, record by record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::counted::Roll;
use super::{Counting, Error, crossed, has, once};
use crate::files::data::{self, Choice, Data};
use crate::notice::Notice;
use crate::study::Done;
use crate::weigh::differ::{Differences, Repeated, Weights, differ, parts};

/// What is to be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// Our table.
    pub ours: PathBuf,
    /// Theirs.
    pub theirs: PathBuf,
    /// The column of ids, in both.
    pub id: String,
    /// Our column of weights.
    pub weight: String,
    /// Theirs.
    pub their_weight: String,
    /// The columns whose combinations are the domains: ours, and theirs for records that only they have.
    pub domains: Vec<String>,
    /// A column of 1 and 0 that says who is counted: in ours, and in theirs if it is there. Other rows are
    /// set aside, as if they were not in the table: they need neither an id nor a weight.
    pub counted: Option<String>,
    /// Relative difference up to which two weights are the same.
    pub within: f64,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// In what the two differ.
    #[serde(flatten)]
    pub differences: Differences,
    /// Who was set aside, where a column says who is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<Aside>,
}

/// Rows that are not counted, and are not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// The column that says so.
    pub column: String,
    /// How many of ours.
    pub ours: u64,
    /// How many of theirs; nothing where theirs has no such column, and all of it is compared.
    pub theirs: Option<u64>,
}

/// Compares weights record by record, whatever the order of rows.
///
/// # Errors
///
/// [`Error::Repeated`] if an id stands in more than one row of a table; or what reading them runs into.
pub fn compare(asked: &Compare) -> Result<Done<Compared>, crate::Error> {
    if !(asked.within >= 0.0 && asked.within.is_finite()) {
        return Err(Error::BadWithin {
            within: asked.within,
        }
        .into());
    }
    let counted = asked.counted.as_deref();
    let ours = Columns {
        id: &asked.id,
        weight: &asked.weight,
        domains: &asked.domains,
        counted,
    };
    let ours = Side::read(&asked.ours, ours)?;
    let there = data::columns(&asked.theirs)?;
    let known = asked.domains.iter().all(|column| there.contains(column));
    let domains: &[String] = if known { &asked.domains } else { &[] };
    let theirs = Columns {
        id: &asked.id,
        weight: &asked.their_weight,
        domains,
        counted: counted.filter(|column| there.iter().any(|known| known == column)),
    };
    let theirs = Side::read(&asked.theirs, theirs)?;
    let compared = ours.beside(&theirs, asked.within).map_err(|repeated| {
        let path = if repeated.ours {
            &asked.ours
        } else {
            &asked.theirs
        };
        Error::Repeated {
            path: path.display().to_string(),
            ids: repeated.ids,
        }
    })?;
    let differing = compared.differing.len() as u64;
    let apart = (compared.only_ours.len() + compared.only_theirs.len()) as u64;
    let notices = (differing + apart > 0).then_some(Notice::WeightsDiffer { differing, apart });
    let read = [&asked.ours, &asked.theirs]
        .map(|path| path.display().to_string())
        .to_vec();
    Ok(Done {
        value: Compared {
            differences: compared,
            aside: counted.map(|column| Aside {
                column: column.to_owned(),
                ours: ours.aside.unwrap_or_default(),
                theirs: theirs.aside,
            }),
        },
        notices: notices.into_iter().collect(),
        read,
        wrote: Vec::new(),
    })
}

/// Who is counted. Who does not belong to the population is not: its weight is in no figure.
fn roll(data: &mut Data, by: &str) -> Result<Roll, crate::Error> {
    let counting = Counting {
        by: by.to_owned(),
        not_eligible: None,
    };
    Roll::read(data, &counting)
}

/// One of the two tables.
struct Side {
    weights: Weights,
    /// The domain of each id, where there are domains.
    domains: BTreeMap<String, String>,
    /// How many rows were set aside, where a column says who is counted.
    aside: Option<u64>,
}

/// What is read of one of them.
#[derive(Clone, Copy)]
struct Columns<'a> {
    id: &'a str,
    weight: &'a str,
    domains: &'a [String],
    counted: Option<&'a str>,
}

impl Side {
    fn read(path: &Path, wanted: Columns<'_>) -> Result<Side, crate::Error> {
        let Columns {
            id,
            weight,
            domains,
            counted,
        } = wanted;
        let mut columns = vec![id, weight];
        columns.extend(domains.iter().map(String::as_str));
        columns.extend(counted);
        let columns = once(columns);
        has(path, &columns, &Choice::default())?;
        let mut data = Data::read(path, &columns)?;
        let roll = counted.map(|by| roll(&mut data, by)).transpose()?;
        let counts = |row: usize| roll.as_ref().is_none_or(|roll| roll.counts(row));
        let weights = data.numbers_of(weight, &counts)?;
        let ids = data.texts(id)?;
        for row in (0..ids.len()).filter(|&row| ids[row].is_none() && counts(row)) {
            data.problem(row, id, None, "an id");
        }
        data.finish()?;
        if let Some(roll) = &roll {
            roll.somebody(&path.display().to_string())?;
        }
        let labels = (!domains.is_empty())
            .then(|| crossed(&data, domains))
            .transpose()?;
        let label = |row| labels.as_ref().map(|labels| labels.label(row).to_owned());
        let rows: Vec<usize> = (0..ids.len()).filter(|&row| counts(row)).collect();
        let id = |row: usize| ids[row].clone().unwrap_or_default();
        let named = rows.iter();
        Ok(Side {
            domains: named
                .filter_map(|&row| Some((id(row), label(row)?)))
                .collect(),
            weights: rows.iter().map(|&row| (id(row), weights[row])).collect(),
            aside: roll.as_ref().map(|_| (ids.len() - rows.len()) as u64),
        })
    }

    /// Compares, in all and by domain. Our table says in which domain a record is, if it has it.
    fn beside(&self, theirs: &Side, within: f64) -> Result<Differences, Repeated> {
        let domain = |id: &str| self.domains.get(id).or(theirs.domains.get(id)).cloned();
        let compared = differ(&self.weights, &theirs.weights, within)?;
        let parts = parts(&self.weights, &theirs.weights, within, domain)?;
        Ok(Differences { parts, ..compared })
    }
}
