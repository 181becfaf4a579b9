//! Rows of what met when the list was checked: another reading, of one column alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::{Error, Finding, Frame};

/// The first rows that hold these numbers.
pub(super) fn sharing(frame: &Frame, numbers: &BTreeSet<u64>) -> Result<Vec<u64>, Error> {
    let Some(phone) = frame.roles().phone.as_deref() else {
        return Ok(Vec::new());
    };
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let found: Mutex<Finding> = Mutex::default();
    frame.list().scan(&[phone], &|batch| {
        for (row, cell) in batch.columns[0].iter().enumerate() {
            let key = cell.and_then(|cell| frame.numbering().key(cell).ok());
            if key.is_some_and(|key| numbers.contains(&key)) {
                let mut found = found.lock().expect("no visitor panicked");
                found.add(batch.first_row + row as u64);
            }
        }
        Ok(())
    })?;
    let found = found.into_inner().expect("no visitor panicked");
    Ok(found.sorted().rows)
}

/// The rows whose ids really repeat: only when words met.
pub(super) fn locate(frame: &Frame, words: &BTreeSet<u64>) -> Result<Finding, Error> {
    use std::hash::BuildHasher;
    if words.is_empty() {
        return Ok(Finding::default());
    }
    let hasher = foldhash::quality::FixedState::with_seed(0);
    let rows: Mutex<BTreeMap<String, Finding>> = Mutex::default();
    frame.list().scan(&[&frame.roles().unit], &|batch| {
        for (row, id) in batch.columns[0].iter().enumerate() {
            if let Some(id) = id
                && words.contains(&hasher.hash_one(*id))
            {
                let mut rows = rows.lock().expect("no visitor panicked");
                rows.entry((*id).to_owned())
                    .or_default()
                    .add(batch.first_row + row as u64);
            }
        }
        Ok(())
    })?;
    let rows = rows.into_inner().expect("no visitor panicked");
    let mut all = Finding::default();
    for finding in rows.into_values().filter(|finding| finding.count > 1) {
        all.merge(finding);
    }
    Ok(all)
}
