//! One reading of a long list: who may be drawn, and how many there are.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::Unit;
use super::gate::Gate;
use crate::draw::{Error, Sizes};
use crate::frame::{Batch, Frame, Interner, Watched};
use crate::progress::Monitor;
use crate::random::{Number, Numbers};

/// A unit that may be drawn.
pub(super) struct Candidate {
    pub number: Number,
    pub size: f64,
    pub unit: Unit,
}

impl Candidate {
    /// What the order of numbers goes by, where no two are equal.
    pub(super) fn by_number(&self) -> (Number, &str, u64) {
        (self.number, &self.unit.id, self.unit.row)
    }
}

/// The strata by their labels: the place of each, and its gate as long as it is not drawn.
pub(super) type Gates<'a> = BTreeMap<&'a [String], (usize, Option<Gate>)>;

/// The columns to read, each once, and where among them stands what.
pub(super) struct Places<'a> {
    columns: Vec<&'a str>,
    unit: usize,
    strata: Vec<usize>,
    size: Option<usize>,
    carry: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn of(frame: &'a Frame, size: Option<&'a str>, carry: &[&'a str]) -> Places<'a> {
        let mut columns: Vec<&'a str> = Vec::new();
        let mut place = |name: &'a str| match columns.iter().position(|known| *known == name) {
            Some(place) => place,
            None => {
                columns.push(name);
                columns.len() - 1
            }
        };
        let roles = frame.roles();
        let unit = place(&roles.unit);
        let strata = roles.strata.iter().map(|column| place(column)).collect();
        let size = size.map(&mut place);
        let carry = carry.iter().copied().map(place).collect();
        Places {
            columns,
            unit,
            strata,
            size,
            carry,
        }
    }
}

/// What a reading yields.
#[derive(Default)]
pub(super) struct Yield {
    /// With the place of their stratum.
    pub candidates: Vec<(usize, Candidate)>,
    /// Units by the labels of their stratum.
    pub counts: BTreeMap<Vec<String>, u64>,
    /// How many units lack something, and the first such row.
    blank: Option<(u64, u64)>,
}

impl Yield {
    fn note_blank(&mut self, count: u64, row: u64) {
        let (before, first) = self.blank.unwrap_or((0, row));
        self.blank = Some((before + count, first.min(row)));
    }

    fn merge(&mut self, part: Yield) {
        self.candidates.extend(part.candidates);
        for (labels, count) in part.counts {
            *self.counts.entry(labels).or_default() += count;
        }
        if let Some((count, row)) = part.blank {
            self.note_blank(count, row);
        }
    }
}

/// Reads the list once, and keeps the candidates of strata that are not drawn yet.
pub(super) fn read(
    frame: &Frame,
    places: &Places<'_>,
    gates: &Gates<'_>,
    numbers: &Numbers,
    monitor: &dyn Monitor,
) -> Result<Yield, Error> {
    let watched = Watched::new(frame, "drawing", monitor);
    let all: Mutex<Yield> = Mutex::default();
    frame.list().scan(&places.columns, &|batch| {
        let part = sift(batch, places, gates, numbers);
        all.lock().expect("no visitor panicked").merge(part);
        watched.step(batch.rows() as u64)
    })?;
    watched.end();
    let found = all.into_inner().expect("no visitor panicked");
    match found.blank {
        Some((count, row)) => Err(Error::Blank {
            count,
            row: row + 1,
        }),
        None => Ok(found),
    }
}

/// The candidates of one batch.
fn sift(batch: &Batch<'_>, places: &Places<'_>, gates: &Gates<'_>, numbers: &Numbers) -> Yield {
    let mut interner = Interner::new(places.strata.len());
    // By place of the combination in this batch: rows, and the stratum with its gate if that is open.
    let mut seen: Vec<(u64, Option<(usize, Gate)>)> = Vec::new();
    let mut found = Yield::default();
    for row in 0..batch.rows() {
        let cell = |place: usize| batch.columns[place][row];
        let at = batch.first_row + row as u64;
        let labels = places.strata.iter().map(|&place| cell(place));
        let (Some(id), Some(place)) = (cell(places.unit), interner.place(labels)) else {
            found.note_blank(1, at);
            continue;
        };
        if place as usize == seen.len() {
            let stratum = gates.get(interner.combination(place).as_slice());
            seen.push((0, stratum.and_then(|&(place, gate)| Some((place, gate?)))));
        }
        let (count, open) = &mut seen[place as usize];
        *count += 1;
        let Some((stratum, gate)) = *open else {
            continue;
        };
        let size = places
            .size
            .map_or(Some(1.0), |place| cell(place).and_then(Sizes::read));
        let Some(size) = size else {
            found.note_blank(1, at);
            continue;
        };
        let number = numbers.of(id);
        if gate.lets_through(number.head(), size) {
            let carried = places
                .carry
                .iter()
                .map(|&place| cell(place).map(str::to_owned))
                .collect();
            let unit = Unit {
                id: id.to_owned(),
                row: at,
                chance: 0.0,
                carried,
            };
            found
                .candidates
                .push((stratum, Candidate { number, size, unit }));
        }
    }
    for (place, (count, _)) in seen.into_iter().enumerate() {
        found
            .counts
            .insert(interner.combination(place as u32), count);
    }
    found
}
