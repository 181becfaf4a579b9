//! One reading of a long list: who may be drawn, and how many there are.

use std::collections::BTreeMap;

use super::Unit;
use super::gate::Gate;
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

/// The strata by their labels: the place of each, and its gate as long as it is not drawn.
pub(super) type Gates<'a> = BTreeMap<&'a [String], (usize, Option<Gate>)>;

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
    pub(super) fn of(frame: &'a Frame, size: Option<&'a str>, carry: &[&'a str]) -> Places<'a> {
        fn place<'a>(columns: &mut Vec<&'a str>, name: &'a str) -> usize {
            match columns.iter().position(|known| *known == name) {
                Some(place) => place,
                None => {
                    columns.push(name);
                    columns.len() - 1
                }
            }
        }
        let (mut columns, mut further): (Vec<&'a str>, Vec<&'a str>) = (Vec::new(), Vec::new());
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

/// What a reading yields.
#[derive(Default)]
pub(super) struct Yield {
    /// With the place of their stratum.
    pub candidates: Vec<(usize, Candidate)>,
    /// Units by the labels of their stratum.
    pub counts: BTreeMap<Vec<String>, u64>,
}

/// What a hand has found.
#[derive(Default)]
struct Found {
    strata: Interner,
    /// By place of the stratum: rows, and its place among those asked for with its gate, if that is open.
    seen: Vec<(u64, Option<(usize, Gate)>)>,
    candidates: Vec<(usize, Candidate)>,
    /// How many units lack something, and the first such row.
    blank: Option<(u64, u64)>,
}

/// Joins how many units lack something, and the first such row.
fn note_blank(blank: &mut Option<(u64, u64)>, count: u64, row: u64) {
    let (before, first) = blank.unwrap_or((0, row));
    *blank = Some((before + count, first.min(row)));
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
    let hands: Hands<Found> = Hands::default();
    let visit = |batch: &Batch<'_>, beside: &dyn Beside| {
        hands.with(|found| sift(batch, beside, places, gates, numbers, found))?;
        watched.step(batch.rows() as u64)
    };
    frame
        .list()
        .scan_beside(&places.columns, &places.further, &visit)?;
    watched.end();
    let (mut all, mut blank) = (Yield::default(), None);
    for found in hands.all() {
        all.candidates.extend(found.candidates);
        for (labels, (count, _)) in found.strata.combinations().zip(found.seen) {
            *all.counts.entry(labels).or_default() += count;
        }
        if let Some((count, row)) = found.blank {
            note_blank(&mut blank, count, row);
        }
    }
    match blank {
        Some((count, row)) => Err(Error::Blank {
            count,
            row: row + 1,
        }),
        None => Ok(all),
    }
}

/// Finds the candidates of one batch.
fn sift(
    batch: &Batch<'_>,
    beside: &dyn Beside,
    places: &Places<'_>,
    gates: &Gates<'_>,
    numbers: &Numbers,
    found: &mut Found,
) -> Result<(), frame::Error> {
    let sizes = match places.size {
        Some(Stands::Far(place)) => beside.numbers(place)?,
        _ => Vec::new(),
    };
    let mut asked = Vec::new();
    for row in 0..batch.rows() {
        let cell = |place: usize| batch.columns[place][row];
        let at = batch.first_row + row as u64;
        let labels = places.strata.iter().map(|&place| cell(place));
        let (Some(id), Some(place)) = (cell(places.unit), found.strata.place(labels)) else {
            note_blank(&mut found.blank, 1, at);
            continue;
        };
        if place as usize == found.seen.len() {
            let stratum = gates.get(found.strata.combination(place).as_slice());
            let open = stratum.and_then(|&(place, gate)| Some((place, gate?)));
            found.seen.push((0, open));
        }
        let (count, open) = &mut found.seen[place as usize];
        *count += 1;
        let Some((stratum, gate)) = *open else {
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
        asked.push((id, (row, stratum, gate, size)));
    }
    let (before, mut rows) = (found.candidates.len(), Vec::new());
    numbers.each(asked, |(row, stratum, gate, size), number| {
        if gate.lets_through(number.head(), size) {
            let unit = Unit {
                id: batch.columns[places.unit][row].unwrap_or("").to_owned(),
                row: batch.first_row + row as u64,
                chance: 0.0,
                carried: Vec::new(),
            };
            let candidate = Candidate { number, size, unit };
            found.candidates.push((stratum, candidate));
            rows.push(row);
        }
    });
    carry(
        batch,
        beside,
        places,
        &rows,
        &mut found.candidates[before..],
    )
}

/// Gives the candidates of a batch, which stand in these rows of it, the cells that come along.
fn carry(
    batch: &Batch<'_>,
    beside: &dyn Beside,
    places: &Places<'_>,
    rows: &[usize],
    candidates: &mut [(usize, Candidate)],
) -> Result<(), frame::Error> {
    if rows.is_empty() || places.carry.is_empty() {
        return Ok(());
    }
    let far = match places.further.is_empty() {
        true => Vec::new(),
        false => beside.cells(rows)?,
    };
    for (at, (&row, (_, candidate))) in rows.iter().zip(candidates).enumerate() {
        let cell = |stands: &Stands| match *stands {
            Stands::Near(place) => batch.columns[place][row].map(str::to_owned),
            Stands::Far(place) => far[place][at].clone(),
        };
        candidate.unit.carried = places.carry.iter().map(cell).collect();
    }
    Ok(())
}
