//! Units that rest: whoever a file names is not drawn again.
//!
//! They have no chance, and the others share the sample: what is asked for is counted of those who do not
//! rest, and so are their chances. The sample speaks for them alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::census::{Stratum, rows};
use super::{Error, Request};
use crate::draw::Sizes;
use crate::files::data::Choice;
use crate::files::{lists, sha256_of};
use crate::frame::Finding;
use crate::notice::Notice;
use crate::settings::nearest;

/// Who rested in a draw from a bare file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BareRested {
    /// The file that names them.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Units of the list that rest.
    pub resting: u64,
    /// Units of the list.
    pub units: u64,
    /// Units that the file names and the list does not have.
    pub elsewhere: u64,
}

impl BareRested {
    /// What a reader of the sample must hear.
    pub(super) fn notice(&self) -> Option<Notice> {
        (self.resting > 0).then_some(Notice::Resting {
            count: self.resting,
            units: self.units,
        })
    }
}

/// Who rests.
pub(super) struct RestFile {
    path: PathBuf,
    sha256: String,
    ids: BTreeSet<String>,
}

impl RestFile {
    /// Who rests, if a file says that anybody does.
    ///
    /// # Errors
    ///
    /// [`Error::NoClusters`] if the file has no column of ids; [`Error::Unfit`] if some of them are blank.
    pub fn of(request: &Request) -> Result<Option<RestFile>, crate::Error> {
        let read = |path: &PathBuf| RestFile::read(path, &request.id);
        request.rest.as_ref().map(read).transpose()
    }

    /// The units that a file names in its column `id`, or else in one called `unit`.
    ///
    /// # Errors
    ///
    /// As [`RestFile::of`].
    pub fn read(path: &Path, id: &str) -> Result<RestFile, crate::Error> {
        const UNIT: &str = "unit";
        let list = lists::open_chosen(path, &[id, UNIT], &Choice::default())?.list;
        let columns = list.columns()?;
        let has = |name: &str| columns.iter().any(|column| column == name);
        let column = if has(id) { id } else { UNIT };
        if !has(column) {
            let near = nearest(id, columns.iter().map(String::as_str)).map(str::to_owned);
            return Err(Error::NoClusters {
                list: list.name(),
                missing: vec![id.to_owned()],
                near: near.into_iter().collect(),
                there: columns,
            }
            .into());
        }
        let found: Mutex<(BTreeSet<String>, Finding)> = Mutex::default();
        list.scan(&[column], &|batch| {
            let mut found = found.lock().expect("no visitor panicked");
            for (row, cell) in (batch.first_row..).zip(batch.columns.iter().flatten()) {
                match cell.filter(|cell| !cell.trim().is_empty()) {
                    Some(id) => {
                        found.0.insert(id.to_owned());
                    }
                    None => found.1.add(row),
                }
            }
            Ok(())
        })?;
        let (ids, blank) = found.into_inner().expect("no visitor panicked");
        if blank.count > 0 {
            let problem = format!(
                "{} units without an id ({})",
                blank.count,
                rows(&blank.rows)
            );
            return Err(Error::Unfit {
                list: list.name(),
                problems: vec![problem],
            }
            .into());
        }
        Ok(RestFile {
            path: path.to_owned(),
            sha256: sha256_of(path)?,
            ids,
        })
    }

    /// The file's SHA-256.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Whether a unit rests.
    pub fn rests(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Takes those who rest out of the strata, and tells how many they are.
    pub fn leave_out(&self, strata: &mut [Stratum], sized: bool) -> BareRested {
        let units: u64 = strata.iter().map(|stratum| stratum.population).sum();
        let resting = leave_out(strata, sized, &|id| self.rests(id))
            .into_iter()
            .sum();
        BareRested {
            file: self.path.display().to_string(),
            sha256: self.sha256.clone(),
            resting,
            units,
            elsewhere: self.ids.len() as u64 - resting,
        }
    }
}

/// Takes units that rest out of the strata, and tells how many of each did.
pub(crate) fn leave_out(
    strata: &mut [Stratum],
    sized: bool,
    rests: &dyn Fn(&str) -> bool,
) -> Vec<u64> {
    let of = |stratum: &mut Stratum| {
        let before = stratum.units.len();
        stratum.units.retain(|units, unit| !rests(units.id(unit)));
        let resting = (before - stratum.units.len()) as u64;
        stratum.population -= resting;
        if sized && resting > 0 {
            stratum.sizes = Sizes::default();
            for unit in 0..stratum.units.len() {
                stratum.sizes.add(stratum.units.size(unit));
            }
        }
        resting
    };
    strata.iter_mut().map(of).collect()
}
