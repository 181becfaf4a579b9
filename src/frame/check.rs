//! Is the list fit to draw from, and how many units has each stratum?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::again::{locate, sharing};
use super::holders::{Met, NONE, word};
use super::sift::{Settled, Sifted};
use super::{
    Batch, Beside, Error, Finding, Fingerprint, Fitness, Frame, Hands, Interner, Malformed,
    Numbering, Scratch, Watched, join,
};
use crate::progress::Monitor;

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
    /// The numbers by which all hands know these strata.
    numbers: Vec<u32>,
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
    check_with(frame, scratch, &[], &|_, _, _| Ok(()), monitor)
}

/// Who sees every batch beside a check: the columns of [`Roles::columns`](super::Roles::columns), in that order,
/// further ones, and the number by which all threads know each unit's stratum; nothing where that is blank.
pub type Companion<'c> =
    dyn Fn(&Batch<'_>, &dyn Beside, &[Option<u32>]) -> Result<(), Error> + Sync + 'c;

/// [`check`], with a companion and the `further` columns that it wants.
///
/// # Errors
///
/// As [`check`], and what the companion returns.
pub fn check_with(
    frame: &Frame,
    scratch: &dyn Scratch,
    further: &[&str],
    companion: &Companion<'_>,
    monitor: &dyn Monitor,
) -> Result<Census, Error> {
    let columns = frame.roles().columns();
    let places = Places::of(frame, &columns);
    let watched = Watched::new(frame, "reading the list", monitor);
    let hands: Hands<Found> = Hands::default();
    let sifted = Sifted::into(scratch, !frame.list().is_distinct());
    let met = Met::default();
    let unreadable = |why| unreadable(frame, why);
    frame
        .list()
        .scan_beside(&columns, further, &|batch, beside| {
            let mut of = Vec::with_capacity(batch.rows());
            let into = (&sifted, &met, &mut of);
            hands
                .with(|found| examine(batch, &places, frame.numbering(), into, found))
                .map_err(unreadable)?;
            companion(batch, beside, &of)?;
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
        holders,
    } = sifted.settle(&met.places(), monitor).map_err(unreadable)?;
    let repeated_ids = locate(frame, &repeats)?;
    let shared_rows = sharing(frame, &examples)?;
    Ok(Census {
        rows: found.rows,
        fingerprint: found.print.text(&columns),
        fitness: Fitness {
            blank_ids: found.blank_ids.sorted(),
            repeated_ids,
            blank_strata: found.blank_strata.sorted(),
            malformed_numbers: found
                .malformed
                .into_iter()
                .map(|(wrong, finding)| (wrong, finding.sorted()))
                .collect(),
            units_per_number: shared,
            holders: Some(holders),
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

/// Takes a batch into account.
fn examine(
    batch: &Batch<'_>,
    places: &Places,
    numbering: Numbering,
    (sifted, met, of): (&Sifted<'_>, &Met, &mut Vec<Option<u32>>),
    found: &mut Found,
) -> Result<(), String> {
    use std::hash::BuildHasher;
    let hasher = foldhash::quality::FixedState::with_seed(0);
    found.rows += batch.rows() as u64;
    found.print.add(batch.columns);
    for row in 0..batch.rows() {
        let at = batch.first_row + row as u64;
        let cell = |place: usize| batch.columns[place][row];
        match cell(places.unit) {
            Some(id) => sifted.keep_id(&mut found.bags, hasher.hash_one(id))?,
            None => found.blank_ids.add(at),
        }
        let labels = places.strata.iter().map(|&place| cell(place));
        let stratum = match found.strata.place(labels) {
            Some(place) => Some(found.count(place, met)),
            None => {
                found.blank_strata.add(at);
                None
            }
        };
        of.push(stratum);
        if let Some(phone) = places.phone {
            match numbering.key(cell(phone).unwrap_or("")) {
                Ok(key) => {
                    let word = word(key, stratum.map_or(NONE, u64::from));
                    sifted.keep_number(&mut found.bags, key, word)?;
                }
                Err(wrong) => found.malformed.entry(wrong).or_default().add(at),
            }
        }
    }
    Ok(())
}

impl Found {
    /// Counts a unit of the stratum at `place`; gives the number by which all hands know it.
    fn count(&mut self, place: u32, met: &Met) -> u32 {
        if place as usize == self.counts.len() {
            self.counts.push(0);
            self.numbers
                .push(met.number(self.strata.combination(place)));
        }
        self.counts[place as usize] += 1;
        self.numbers[place as usize]
    }
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

#[cfg(test)]
mod tests;
