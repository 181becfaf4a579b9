//! Two sets of weights, record by record.

use std::path::{Path, PathBuf};

use super::{Error, has, once};
use crate::files::data::Data;
use crate::notice::Notice;
use crate::study::Done;
use crate::weigh::differ::{self, Differences, differ};

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
    let ours = weights(&asked.ours, &asked.id, &asked.weight)?;
    let theirs = weights(&asked.theirs, &asked.id, &asked.their_weight)?;
    let compared = differ(&ours, &theirs, asked.within).map_err(|repeated| {
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

fn weights(path: &Path, id: &str, weight: &str) -> Result<differ::Weights, crate::Error> {
    let columns = once(vec![id, weight]);
    has(path, &columns)?;
    let mut data = Data::read(path, &columns)?;
    let weights = data.numbers(weight)?;
    let ids = data.texts(id)?;
    for (row, _) in ids.iter().enumerate().filter(|(_, id)| id.is_none()) {
        data.problem(row, id, None, "an id");
    }
    data.finish()?;
    Ok(ids
        .into_iter()
        .map(Option::unwrap_or_default)
        .zip(weights)
        .collect())
}
