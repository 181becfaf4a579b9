//! Two sets of weights, record by record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Error, crossed, has, once};
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
    /// Relative difference up to which two weights are the same.
    pub within: f64,
}

/// What came out.
pub type Compared = Differences;

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
    let ours = Side::read(&asked.ours, &asked.id, &asked.weight, &asked.domains)?;
    let there = data::columns(&asked.theirs)?;
    let known = asked.domains.iter().all(|column| there.contains(column));
    let domains: &[String] = if known { &asked.domains } else { &[] };
    let theirs = Side::read(&asked.theirs, &asked.id, &asked.their_weight, domains)?;
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
        value: compared,
        notices: notices.into_iter().collect(),
        read,
        wrote: Vec::new(),
    })
}

/// One of the two tables.
struct Side {
    weights: Weights,
    /// The domain of each id, where there are domains.
    domains: BTreeMap<String, String>,
}

impl Side {
    fn read(path: &Path, id: &str, weight: &str, domains: &[String]) -> Result<Side, crate::Error> {
        let mut columns = vec![id, weight];
        columns.extend(domains.iter().map(String::as_str));
        let columns = once(columns);
        has(path, &columns, &Choice::default())?;
        let mut data = Data::read(path, &columns)?;
        let weights = data.numbers(weight)?;
        let ids = data.texts(id)?;
        for (row, _) in ids.iter().enumerate().filter(|(_, id)| id.is_none()) {
            data.problem(row, id, None, "an id");
        }
        data.finish()?;
        let ids: Vec<String> = ids.into_iter().map(Option::unwrap_or_default).collect();
        let labels = (!domains.is_empty())
            .then(|| crossed(&data, domains))
            .transpose()?;
        let label = |row| labels.as_ref().map(|labels| labels.label(row).to_owned());
        let named = ids.iter().enumerate();
        Ok(Side {
            domains: named
                .filter_map(|(row, id)| Some((id.clone(), label(row)?)))
                .collect(),
            weights: ids.into_iter().zip(weights).collect(),
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
