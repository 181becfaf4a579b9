//! One reading of a long list: who may be drawn, and how many there are.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::gate::Gate;
use super::{Foreseen, Foresight, Unit};
use crate::draw::{Error, Sizes};
use crate::frame::{self, Batch, Beside, Frame, Hands, Interner, Watched};
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

/// The gates of the strata that are not drawn yet, by their labels.
pub(super) type Gates<'a> = BTreeMap<&'a [String], Gate>;

/// Which gates units go through.
pub(super) enum Through<'a> {
    /// Those of strata that are counted.
    Known(Gates<'a>),
    /// Those that are wide enough whatever comes: nobody has counted the strata yet.
    Foreseen(&'a Foresight<'a>),
}

/// The columns to read, each once, and where among them stands what.
pub(super) struct Places<'a> {
    columns: Vec<&'a str>,
    /// Sizes, and columns that only come along: texts are made of their cells for candidates alone.
    further: Vec<&'a str>,
    unit: usize,
    strata: Vec<usize>,
    size: Option<Stands>,
    carry: Vec<Stands>,
}

/// Where a cell is found.
#[derive(Clone, Copy)]
enum Stands {
    /// Among the columns.
    Near(usize),
    /// Among the further ones.
    Far(usize),
}

impl<'a> Places<'a> {
    /// Of a reading of at least the `columns`.
    pub(super) fn of(
        mut columns: Vec<&'a str>,
        frame: &'a Frame,
        size: Option<&'a str>,
        carry: &[&'a str],
    ) -> Places<'a> {
        fn place<'a>(columns: &mut Vec<&'a str>, name: &'a str) -> usize {
            match columns.iter().position(|known| *known == name) {
                Some(place) => place,
                None => {
                    columns.push(name);
                    columns.len() - 1
                }
            }
        }
        let mut further: Vec<&'a str> = Vec::new();
        let roles = frame.roles();
        let unit = place(&mut columns, &roles.unit);
        let strata = roles.strata.iter();
        let strata = strata.map(|column| place(&mut columns, column)).collect();
        let mut stands = |name: &'a str| match columns.iter().position(|known| *known == name) {
            Some(near) => Stands::Near(near),
            None => Stands::Far(place(&mut further, name)),
        };
        let size = size.map(&mut stands);
        let carry = carry.iter().copied().map(stands).collect();
        Places {
            columns,
            further,
            unit,
            strata,
            size,
            carry,
        }
    }
}

/// What was met of a stratum.
#[derive(Default)]
pub(super) struct Met {
    /// How many units.
    pub count: u64,
    /// Those that may be drawn.
    pub candidates: Vec<Candidate>,
}

/// The strata that were met, by their labels.
pub(super) type Yield = BTreeMap<Vec<String>, Met>;

/// Who is kept of the batches of a list.
pub(super) struct Sift<'a> {
    places: Places<'a>,
    through: Through<'a>,
    numbers: &'a Numbers,
    hands: Hands<Found>,
    /// How many candidates all hands have, and how many they may have of strata that nobody has counted.
    kept: AtomicUsize,
    pub(super) most: usize,
}

/// So many candidates are kept of strata that nobody has counted; of more, none. A list that is going to be
/// refused, as it has fewer units than are asked for, must not fill the memory.
const MOST: usize = 1 << 21;

/// What a hand has found.
#[derive(Default)]
struct Found {
    strata: Interner,
    /// The stratum of each unit of a batch.
    of: Vec<Option<u32>>,
    /// Heads of the numbers of a batch.
    heads: Vec<u64>,
    /// By stratum. Nobody has seen a unit of some, if all hands know them by one number.
    seen: Vec<Seen>,
    /// How many units lack something, and the first such row.
    blank: Option<(u64, u64)>,
}

/// What a hand knows of a stratum.
#[derive(Default)]
struct Seen {
    labels: Vec<String>,
    count: u64,
    /// None once it is drawn.
    gate: Option<Gate>,
    /// What is foreseen of it, and at how many units its gate becomes narrower.
    foreseen: Option<(Foreseen, u64)>,
    candidates: Vec<Candidate>,
    /// How many of them there may be until those are let go whom the gate has come to keep out.
    room: usize,
}

/// Joins how many units lack something, and the first such row.
fn note_blank(blank: &mut Option<(u64, u64)>, count: u64, row: u64) {
    let (before, first) = blank.unwrap_or((0, row));
    *blank = Some((before + count, first.min(row)));
}

/// Reads the list once, and keeps who goes through the gates.
pub(super) fn read(frame: &Frame, sift: Sift<'_>, monitor: &dyn Monitor) -> Result<Yield, Error> {
    let watched = Watched::new(frame, "drawing", monitor);
    let (columns, further) = (&sift.places.columns, &sift.places.further);
    frame
        .list()
        .scan_beside(columns, further, &|batch, beside| {
            sift.hear(batch, beside)?;
            watched.step(batch.rows() as u64)
        })?;
    watched.end();
    let (found, blank) = sift.done();
    match blank {
        Some((count, row)) => Err(Error::Blank {
            count,
            row: row + 1,
        }),
        None => Ok(found),
    }
}

impl<'a> Sift<'a> {
    pub(super) fn new(places: Places<'a>, through: Through<'a>, numbers: &'a Numbers) -> Sift<'a> {
        Sift {
            places,
            through,
            numbers,
            hands: Hands::default(),
            kept: AtomicUsize::new(0),
            most: MOST,
        }
    }

    /// Whether too many candidates were found to keep them.
    fn is_overfull(&self) -> bool {
        matches!(self.through, Through::Foreseen(_))
            && self.kept.load(Ordering::Relaxed) > self.most
    }

    /// The columns that a reading must have beside those it was made for.
    pub(super) fn further(&self) -> &[&'a str] {
        &self.places.further
    }

    /// Finds the candidates of a batch. Batches may come from several threads, in any order.
    pub(super) fn hear(&self, batch: &Batch<'_>, beside: &dyn Beside) -> Result<(), frame::Error> {
        self.hands.with(|found| {
            let mut of = std::mem::take(&mut found.of);
            of.clear();
            of.extend((0..batch.rows()).map(|row| {
                let labels = self.places.strata.iter();
                found
                    .strata
                    .place(labels.map(|&place| batch.columns[place][row]))
            }));
            let heard = self.sift(batch, beside, &of, found);
            found.of = of;
            heard
        })
    }

    /// The same, if the stratum of each unit is known by a number, the same for all hands.
    pub(super) fn hear_of(
        &self,
        batch: &Batch<'_>,
        beside: &dyn Beside,
        strata: &[Option<u32>],
    ) -> Result<(), frame::Error> {
        match self.is_overfull() {
            true => Ok(()),
            false => self
                .hands
                .with(|found| self.sift(batch, beside, strata, found)),
        }
    }

    /// What all batches held; and how many units lack something, and the first such row.
    pub(super) fn done(self) -> (Yield, Option<(u64, u64)>) {
        let (mut all, mut blank) = (Yield::new(), None);
        if self.is_overfull() {
            return (all, blank);
        }
        for found in self.hands.all() {
            for mut seen in found.seen.into_iter().filter(|seen| seen.count > 0) {
                let met = all.entry(seen.labels).or_default();
                met.count += seen.count;
                met.candidates.append(&mut seen.candidates);
            }
            if let Some((count, row)) = found.blank {
                note_blank(&mut blank, count, row);
            }
        }
        (all, blank)
    }

    fn sift(
        &self,
        batch: &Batch<'_>,
        beside: &dyn Beside,
        of: &[Option<u32>],
        found: &mut Found,
    ) -> Result<(), frame::Error> {
        let places = &self.places;
        let sizes = match places.size {
            Some(Stands::Far(place)) => beside.numbers(place)?,
            _ => Vec::new(),
        };
        let ids = batch.columns[places.unit].iter();
        found.heads.clear();
        self.numbers
            .heads(ids.map(|id| id.unwrap_or("")), &mut found.heads);
        let mut fresh = Vec::new();
        for (row, stratum) in of.iter().enumerate() {
            let cell = |place: usize| batch.columns[place][row];
            let at = batch.first_row + row as u64;
            let (Some(id), Some(stratum)) = (cell(places.unit), *stratum) else {
                note_blank(&mut found.blank, 1, at);
                continue;
            };
            let stratum = stratum as usize;
            if found.seen.get(stratum).is_none_or(|seen| seen.count == 0) {
                let label = |&place: &usize| cell(place).unwrap_or("").to_owned();
                self.meet(stratum, places.strata.iter().map(label).collect(), found);
            }
            let Some(gate) = found.seen[stratum].next() else {
                continue;
            };
            let size = match places.size {
                None => Some(1.0),
                Some(Stands::Near(place)) => cell(place).and_then(Sizes::read),
                Some(Stands::Far(_)) => sizes.get(row).copied().flatten().and_then(Sizes::of),
            };
            let Some(size) = size else {
                note_blank(&mut found.blank, 1, at);
                continue;
            };
            if gate.lets_through(found.heads[row], size) {
                let unit = Unit {
                    id: id.to_owned(),
                    row: at,
                    chance: 0.0,
                    carried: Vec::new(),
                };
                let number = self.numbers.of(id);
                let candidate = Candidate { number, size, unit };
                let candidates = &mut found.seen[stratum].candidates;
                fresh.push((row, stratum, candidates.len()));
                candidates.push(candidate);
            }
        }
        self.carry(batch, beside, &fresh, found)?;
        self.kept.fetch_add(fresh.len(), Ordering::Relaxed);
        let gone = fresh
            .iter()
            .map(|&(_, stratum, _)| found.seen[stratum].let_go());
        self.kept.fetch_sub(gone.sum(), Ordering::Relaxed);
        Ok(())
    }

    /// Has a hand know a stratum.
    fn meet(&self, stratum: usize, labels: Vec<String>, found: &mut Found) {
        if stratum >= found.seen.len() {
            found.seen.resize_with(stratum + 1, Seen::default);
        }
        let (gate, foreseen) = match &self.through {
            Through::Known(gates) => (gates.get(labels.as_slice()).copied(), None),
            Through::Foreseen(foresight) => (Some(Gate::Everyone), Some((foresight(&labels), 0))),
        };
        found.seen[stratum] = Seen {
            labels,
            gate,
            foreseen,
            ..Seen::default()
        };
    }

    /// Gives the candidates of a batch the cells that come along. Of each it is known in which row of the
    /// batch it stands, and where among the candidates of which stratum.
    fn carry(
        &self,
        batch: &Batch<'_>,
        beside: &dyn Beside,
        fresh: &[(usize, usize, usize)],
        found: &mut Found,
    ) -> Result<(), frame::Error> {
        let places = &self.places;
        if fresh.is_empty() || places.carry.is_empty() {
            return Ok(());
        }
        let far = match places.further.is_empty() {
            true => Vec::new(),
            false => {
                let rows: Vec<usize> = fresh.iter().map(|(row, ..)| *row).collect();
                beside.cells(&rows)?
            }
        };
        for (at, &(row, stratum, place)) in fresh.iter().enumerate() {
            let cell = |stands: &Stands| match *stands {
                Stands::Near(place) => batch.columns[place][row].map(str::to_owned),
                Stands::Far(place) => far[place][at].clone(),
            };
            let carried = places.carry.iter().map(cell).collect();
            found.seen[stratum].candidates[place].unit.carried = carried;
        }
        Ok(())
    }
}

impl Seen {
    /// The gate of another unit.
    fn next(&mut self) -> Option<Gate> {
        self.count += 1;
        if let Some((foreseen, next)) = &mut self.foreseen
            && self.count >= *next
        {
            self.gate = Some(foreseen.gate(self.count));
            // An eighth more units make it an eighth narrower at most.
            *next = self.count + self.count / 8 + 1;
        }
        self.gate
    }

    /// Lets candidates go whom the gate keeps out by now, which was wider when they came; tells how many.
    fn let_go(&mut self) -> usize {
        const ROOM: usize = 64;
        if let (Some(gate), Some(_)) = (self.gate, self.foreseen)
            && self.candidates.len() > self.room.max(ROOM)
        {
            let through = |one: &Candidate| gate.lets_through(one.number.head(), one.size);
            let before = self.candidates.len();
            self.candidates.retain(through);
            self.room = 2 * self.candidates.len();
            return before - self.candidates.len();
        }
        0
    }
}
