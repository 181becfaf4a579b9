//! Is the list fit to draw from, and how many units has each stratum?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::fitness::Finding;
use super::tally::{self, Tally};
use super::{
    Batch, Error, Fingerprint, Fitness, Frame, Malformed, Numbering, Scratch, Visit, join,
};
use crate::progress::{Event, Monitor};

/// What one reading of a list finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Rows of the list.
    pub rows: u64,
    /// The list's fingerprint: ids, roles and content, in any order.
    pub fingerprint: String,
    /// N_h, by the strata's labels.
    pub strata: Vec<StratumCount>,
    /// What is wrong with it.
    pub fitness: Fitness,
}

/// How many units a stratum has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StratumCount {
    /// One label per stratum column.
    pub labels: Vec<String>,
    /// The cell it belongs to.
    pub cell: String,
    /// N_h.
    pub population: u64,
}

impl StratumCount {
    /// The stratum's labels as one.
    #[must_use]
    pub fn label(&self) -> String {
        join(&self.labels)
    }
}

/// Where each role's column stands among the columns asked for.
struct Places {
    unit: usize,
    phone: Option<usize>,
    strata: Vec<usize>,
}

impl Places {
    fn of(frame: &Frame, columns: &[&str]) -> Places {
        let place = |name: &str| {
            columns
                .iter()
                .position(|column| *column == name)
                .expect("roles name the columns")
        };
        let roles = frame.roles();
        Places {
            unit: place(&roles.unit),
            phone: roles.phone.as_deref().map(place),
            strata: roles.strata.iter().map(|column| place(column)).collect(),
        }
    }
}

/// What the threads have found so far.
#[derive(Default)]
struct Found {
    rows: u64,
    print: Fingerprint,
    tally: Tally,
    blank_ids: Finding,
    blank_strata: Finding,
    malformed: BTreeMap<Malformed, Finding>,
}

/// Reads the whole list once: counts strata, takes the fingerprint, and finds what is wrong.
///
/// `scratch` holds a word per row for the search of repeated ids and shared numbers, so that memory
/// does not grow with the list.
///
/// # Errors
///
/// [`Error::Unreadable`], [`Error::Empty`], or [`Error::Stopped`] if the monitor asked for it. What
/// is wrong *in* the list is not an error but a finding.
pub fn check(frame: &Frame, scratch: &dyn Scratch, monitor: &dyn Monitor) -> Result<Census, Error> {
    check_with(frame, scratch, monitor, &|_| Ok(()))
}

/// [`check`], with a companion that sees every batch too: the columns of
/// [`Roles::columns`](super::Roles::columns), in that order.
///
/// # Errors
///
/// As [`check`], and what the companion returns.
pub fn check_with(
    frame: &Frame,
    scratch: &dyn Scratch,
    monitor: &dyn Monitor,
    companion: &Visit<'_>,
) -> Result<Census, Error> {
    let columns = frame.roles().columns();
    let places = Places::of(frame, &columns);
    let watched = Watched::new(frame, "reading the list", monitor);
    let found = Mutex::new(Found::default());
    let sifted = Sifted {
        ids: !frame.list().is_distinct(),
        scratch,
        bags: scratch.bags() / 2,
    };
    frame.list().scan(&columns, &|batch| {
        let (part, ids, numbers) = examine(batch, &places, frame.numbering());
        sifted
            .keep(&ids, &numbers)
            .map_err(|why| unreadable(frame, why))?;
        join_found(&mut found.lock().expect("no visitor panicked"), part);
        companion(batch)?;
        watched.step(batch.rows() as u64)
    })?;
    watched.end();
    let mut found = found.into_inner().expect("no visitor panicked");
    if found.rows == 0 {
        return Err(Error::Empty {
            list: frame.list().name(),
        });
    }
    let Settled {
        repeats,
        shared,
        examples,
    } = sifted
        .settle(monitor)
        .map_err(|why| unreadable(frame, why))?;
    let repeated_ids = locate(frame, &repeats)?;
    let shared_rows = sharing(frame, &examples)?;
    let tally = std::mem::take(&mut found.tally);
    Ok(Census {
        rows: found.rows,
        fingerprint: found.print.text(&columns),
        fitness: Fitness {
            blank_ids: sorted(found.blank_ids),
            repeated_ids,
            blank_strata: sorted(found.blank_strata),
            malformed_numbers: found
                .malformed
                .into_iter()
                .map(|(wrong, finding)| (wrong, sorted(finding)))
                .collect(),
            units_per_number: shared,
            shared_rows,
            empty_strata: empty_strata(frame, &tally),
        },
        strata: tally
            .into_iter()
            .map(|(labels, population)| StratumCount {
                cell: frame.roles().cell_of(&labels),
                labels,
                population,
            })
            .collect(),
    })
}

fn unreadable(frame: &Frame, why: String) -> Error {
    Error::Unreadable {
        list: frame.list().name(),
        why,
    }
}

/// Examples in order of rows.
fn sorted(mut finding: Finding) -> Finding {
    finding.merge(Finding::default());
    finding
}

/// What one batch holds, and the words by which repeats will be found.
fn examine(
    batch: &Batch<'_>,
    places: &Places,
    numbering: Numbering,
) -> (Found, Vec<u64>, Vec<u64>) {
    use std::hash::BuildHasher;
    let hasher = foldhash::quality::FixedState::with_seed(0);
    let mut found = Found {
        rows: batch.rows() as u64,
        ..Found::default()
    };
    let (mut ids, mut numbers) = (Vec::with_capacity(batch.rows()), Vec::new());
    let mut buffer = Vec::new();
    for row in 0..batch.rows() {
        let at = batch.first_row + row as u64;
        found
            .print
            .add(batch.columns.iter().map(|column| column[row]), &mut buffer);
        match batch.columns[places.unit][row] {
            Some(id) => ids.push(hasher.hash_one(id)),
            None => found.blank_ids.add(at),
        }
        if let Some(phone) = places.phone {
            match numbering.key(batch.columns[phone][row].unwrap_or("")) {
                Ok(key) => numbers.push(key),
                Err(wrong) => found.malformed.entry(wrong).or_default().add(at),
            }
        }
    }
    for row in tally::count(batch, &places.strata, &mut found.tally) {
        found.blank_strata.add(row);
    }
    (found, ids, numbers)
}

fn join_found(all: &mut Found, part: Found) {
    all.rows += part.rows;
    all.print.merge(&part.print);
    for (labels, count) in part.tally {
        *all.tally.entry(labels).or_default() += count;
    }
    all.blank_ids.merge(part.blank_ids);
    all.blank_strata.merge(part.blank_strata);
    for (wrong, finding) in part.malformed {
        all.malformed.entry(wrong).or_default().merge(finding);
    }
}

/// Words sifted into bags by their value, so that equal words meet in one bag.
struct Sifted<'a> {
    /// Whether ids may repeat at all.
    ids: bool,
    scratch: &'a dyn Scratch,
    /// Bags for ids; as many again hold numbers.
    bags: usize,
}

impl Sifted<'_> {
    fn keep(&self, ids: &[u64], numbers: &[u64]) -> Result<(), String> {
        if !self.ids {
            return Ok(());
        }
        self.sift(ids, 0)?;
        self.sift(numbers, self.bags)
    }

    fn sift(&self, words: &[u64], first_bag: usize) -> Result<(), String> {
        let mut bags = vec![Vec::with_capacity(2 * words.len() / self.bags + 1); self.bags];
        for &word in words {
            // Fibonacci hashing: telephone numbers are anything but spread evenly.
            let spread = word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            bags[(spread as usize * self.bags) >> 32].push(word);
        }
        for (bag, words) in bags
            .iter()
            .enumerate()
            .filter(|(_, words)| !words.is_empty())
        {
            self.scratch.put(first_bag + bag, words)?;
        }
        Ok(())
    }

    /// The id words that repeat, and how many numbers are held by 1, 2, 3 … units.
    fn settle(&self, monitor: &dyn Monitor) -> Result<Settled, String> {
        const TASK: &str = "looking for repeats";
        let mut settled = Settled::default();
        if !self.ids {
            return Ok(settled);
        }
        monitor.hear(Event::Began {
            task: TASK,
            of: Some(self.bags as u64),
        });
        for bag in 0..self.bags {
            runs(self.scratch.take(bag)?, |word, length| {
                if length > 1 {
                    settled.repeats.insert(word);
                }
            });
            runs(self.scratch.take(self.bags + bag)?, |word, length| {
                *settled.shared.entry(length).or_default() += 1;
                // Bags and words come in their own order, so these do not depend on that of rows.
                if length > 1 && settled.examples.len() < SHARED {
                    settled.examples.insert(word);
                }
            });
            monitor.hear(Event::Reached {
                task: TASK,
                done: bag as u64 + 1,
            });
        }
        monitor.hear(Event::Ended { task: TASK });
        Ok(settled)
    }
}

/// Calls `each` with every different word and how often it stands there.
fn runs(mut words: Vec<u64>, mut each: impl FnMut(u64, u64)) {
    use rayon::slice::ParallelSliceMut;
    words.par_sort_unstable();
    for run in words.chunk_by(|a, b| a == b) {
        each(run[0], run.len() as u64);
    }
}

/// How many shared numbers are looked up again for their rows.
const SHARED: usize = 8;

/// What the sifted words told.
#[derive(Default)]
struct Settled {
    /// Words of ids that may repeat.
    repeats: BTreeSet<u64>,
    /// How many numbers are held by 1, 2, 3 … units.
    shared: BTreeMap<u64, u64>,
    /// A few numbers held by more than one.
    examples: BTreeSet<u64>,
}

/// The first rows that hold these numbers: another reading of their column alone.
fn sharing(frame: &Frame, numbers: &BTreeSet<u64>) -> Result<Vec<u64>, Error> {
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
    Ok(sorted(found.into_inner().expect("no visitor panicked")).rows)
}

/// The rows whose ids really repeat: a second reading, only when words met.
fn locate(frame: &Frame, words: &BTreeSet<u64>) -> Result<Finding, Error> {
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

/// Strata that have no rows although their cell has, and other cells have that stratum.
fn empty_strata(frame: &Frame, tally: &Tally) -> Vec<String> {
    let roles = frame.roles();
    let within: Vec<usize> = (0..roles.strata.len())
        .filter(|&i| !roles.cells.contains(&roles.strata[i]))
        .collect();
    if within.is_empty() || roles.cells.is_empty() {
        return Vec::new();
    }
    let rest = |labels: &[String]| -> Vec<String> {
        within.iter().map(|&place| labels[place].clone()).collect()
    };
    let rests: BTreeSet<Vec<String>> = tally.keys().map(|labels| rest(labels)).collect();
    let mut heads: BTreeMap<String, (Vec<String>, BTreeSet<Vec<String>>)> = BTreeMap::new();
    for labels in tally.keys() {
        let entry = heads
            .entry(roles.cell_of(labels))
            .or_insert((labels.clone(), BTreeSet::new()));
        entry.1.insert(rest(labels));
    }
    let mut empty = Vec::new();
    for (example, there) in heads.into_values() {
        for missing in rests.difference(&there) {
            let mut labels = example.clone();
            for (&place, label) in within.iter().zip(missing) {
                labels[place].clone_from(label);
            }
            empty.push(join(&labels));
        }
    }
    empty
}

/// Counts rows for a monitor, from any thread, and asks it whether to go on.
pub(crate) struct Watched<'a> {
    list: String,
    task: &'static str,
    done: std::sync::atomic::AtomicU64,
    monitor: &'a dyn Monitor,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(frame: &Frame, task: &'static str, monitor: &'a dyn Monitor) -> Watched<'a> {
        monitor.hear(Event::Began {
            task,
            of: frame.list().rows(),
        });
        Watched {
            list: frame.list().name(),
            task,
            done: 0.into(),
            monitor,
        }
    }

    pub(crate) fn step(&self, rows: u64) -> Result<(), Error> {
        let done = self
            .done
            .fetch_add(rows, std::sync::atomic::Ordering::Relaxed)
            + rows;
        self.monitor.hear(Event::Reached {
            task: self.task,
            done,
        });
        if self.monitor.wants_stop() {
            return Err(Error::Stopped {
                list: self.list.clone(),
            });
        }
        Ok(())
    }

    pub(crate) fn end(&self) {
        self.monitor.hear(Event::Ended { task: self.task });
    }
}

#[cfg(test)]
mod tests;
