//! Is the list fit to draw from, and how many units has each stratum?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::fitness::Finding;
use super::hands::Hands;
use super::tally::Interner;
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
        super::stratum_label(&self.labels)
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

/// N_h, by the strata's labels.
type Tally = BTreeMap<Vec<String>, u64>;

/// What a hand has found so far.
#[derive(Default)]
struct Found {
    rows: u64,
    print: Fingerprint,
    strata: Interner,
    /// By place of the stratum.
    counts: Vec<u64>,
    blank_ids: Finding,
    blank_strata: Finding,
    malformed: BTreeMap<Malformed, Finding>,
    /// Words by which repeats will be found, by bag.
    bags: Vec<Vec<u64>>,
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
    let hands: Hands<Found> = Hands::default();
    let sifted = Sifted {
        ids: !frame.list().is_distinct(),
        scratch,
        bags: scratch.bags() / 2,
    };
    let unreadable = |why| unreadable(frame, why);
    frame.list().scan(&columns, &|batch| {
        hands
            .with(|found| examine(batch, &places, frame.numbering(), &sifted, found))
            .map_err(unreadable)?;
        companion(batch)?;
        watched.step(batch.rows() as u64)
    })?;
    watched.end();
    let (mut found, mut tally) = (Found::default(), Tally::default());
    for mut hand in hands.all() {
        sifted.empty(&mut hand.bags).map_err(unreadable)?;
        for (labels, count) in hand.strata.combinations().zip(&hand.counts) {
            *tally.entry(labels).or_default() += count;
        }
        join_found(&mut found, hand);
    }
    if found.rows == 0 {
        return Err(Error::Empty {
            list: frame.list().name(),
        });
    }
    let Settled {
        repeats,
        shared,
        examples,
    } = sifted.settle(monitor).map_err(unreadable)?;
    let repeated_ids = locate(frame, &repeats)?;
    let shared_rows = sharing(frame, &examples)?;
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

/// Takes a batch into account.
fn examine(
    batch: &Batch<'_>,
    places: &Places,
    numbering: Numbering,
    sifted: &Sifted<'_>,
    found: &mut Found,
) -> Result<(), String> {
    use std::hash::BuildHasher;
    let hasher = foldhash::quality::FixedState::with_seed(0);
    found.rows += batch.rows() as u64;
    for row in 0..batch.rows() {
        let at = batch.first_row + row as u64;
        let cell = |place: usize| batch.columns[place][row];
        let cells = batch.columns.iter().map(|column| column[row]);
        found.print.add(cells);
        match cell(places.unit) {
            Some(id) => sifted.keep(&mut found.bags, 0, hasher.hash_one(id))?,
            None => found.blank_ids.add(at),
        }
        if let Some(phone) = places.phone {
            match numbering.key(cell(phone).unwrap_or("")) {
                Ok(key) => sifted.keep(&mut found.bags, sifted.bags, key)?,
                Err(wrong) => found.malformed.entry(wrong).or_default().add(at),
            }
        }
        let labels = places.strata.iter().map(|&place| cell(place));
        match found.strata.place(labels) {
            Some(place) => {
                if place as usize == found.counts.len() {
                    found.counts.push(0);
                }
                found.counts[place as usize] += 1;
            }
            None => found.blank_strata.add(at),
        }
    }
    Ok(())
}

fn join_found(all: &mut Found, part: Found) {
    all.rows += part.rows;
    all.print.merge(&part.print);
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

/// Words that a hand holds of a bag before it puts them there.
const HANDFUL: usize = 1 << 12;

impl Sifted<'_> {
    /// Keeps a word in a hand's own bags: those for ids come first.
    fn keep(&self, held: &mut Vec<Vec<u64>>, first_bag: usize, word: u64) -> Result<(), String> {
        if !self.ids {
            return Ok(());
        }
        if held.is_empty() {
            held.resize(2 * self.bags, Vec::new());
        }
        // Fibonacci hashing: telephone numbers are anything but spread evenly.
        let spread = word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let bag = first_bag + ((spread as usize * self.bags) >> 32);
        let words = &mut held[bag];
        words.push(word);
        if words.len() == HANDFUL {
            self.scratch.put(bag, words)?;
            words.clear();
        }
        Ok(())
    }

    /// Empties the bags of a hand.
    fn empty(&self, held: &mut Vec<Vec<u64>>) -> Result<(), String> {
        for (bag, words) in std::mem::take(held).iter().enumerate() {
            if !words.is_empty() {
                self.scratch.put(bag, words)?;
            }
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
        let done = std::sync::atomic::AtomicU64::new(0);
        let parts: Vec<Result<Settled, String>> = (0..self.bags)
            .into_par_iter()
            .map(|bag| {
                let part = self.settled(bag);
                let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                monitor.hear(Event::Reached { task: TASK, done });
                part
            })
            .collect();
        for part in parts {
            settled.add(part?);
        }
        monitor.hear(Event::Ended { task: TASK });
        Ok(settled)
    }

    /// What the words of one bag, and of that for numbers, tell.
    fn settled(&self, bag: usize) -> Result<Settled, String> {
        let mut settled = Settled::default();
        settled.repeats.extend(repeats(&self.scratch.take(bag)?));
        runs(self.scratch.take(self.bags + bag)?, |word, length| {
            *settled.shared.entry(length).or_default() += 1;
            if length > 1 && settled.examples.len() < SHARED {
                settled.examples.insert(word);
            }
        });
        Ok(settled)
    }
}

/// The words that stand there more than once. Most do not, and one bit of a table tells of nearly all of
/// them; only the others are sorted.
fn repeats(words: &[u64]) -> Vec<u64> {
    const BITS_PER_WORD: usize = 8;
    let bits = (words.len() * BITS_PER_WORD).next_power_of_two().max(64);
    let (mut once, mut again) = (vec![0_u64; bits / 64], vec![0_u64; bits / 64]);
    // All words of a bag share their highest bits once they are spread, so others decide here.
    let place = |word: u64| {
        let at = word as usize & (bits - 1);
        (at / 64, 1_u64 << (at % 64))
    };
    for &word in words {
        let (at, bit) = place(word);
        again[at] |= once[at] & bit;
        once[at] |= bit;
    }
    let met = |word: &u64| {
        let (at, bit) = place(*word);
        again[at] & bit != 0
    };
    let mut repeated = Vec::new();
    runs(
        words.iter().copied().filter(met).collect(),
        |word, length| {
            if length > 1 {
                repeated.push(word);
            }
        },
    );
    repeated
}

/// Calls `each` with every different word and how often it stands there.
fn runs(mut words: Vec<u64>, mut each: impl FnMut(u64, u64)) {
    words.sort_unstable();
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

impl Settled {
    /// Adds what the next bag told.
    fn add(&mut self, part: Settled) {
        self.repeats.extend(part.repeats);
        for (length, count) in part.shared {
            *self.shared.entry(length).or_default() += count;
        }
        // Bags and words come in their own order, so these do not depend on that of rows.
        let room = SHARED - self.examples.len();
        self.examples.extend(part.examples.into_iter().take(room));
    }
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
