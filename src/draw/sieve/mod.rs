//! Drawing from a list too long to hold, by permanent numbers.
//!
//! Each unit brings its own number, so nobody need be beside it when it is judged. One reading keeps the
//! units that may be drawn, about n + 4√n of each stratum; then the keys of these few are compared
//! exactly. What a stratum must know beforehand – how many units, how large together – was counted when
//! the list was checked.
//!
//! The threshold decides how much is kept, never who is drawn: whoever could have one of the n smallest
//! keys is kept, and should a stratum have too few (one draw in a thousand), it alone is read again with
//! twice the threshold. What is drawn is what [`METHODS`](crate::draw::METHODS) draw from the same units in
//! memory.

mod ahead;

mod candidates;

mod gate;

mod sizes;

pub(crate) use ahead::{Ahead, Foreseen, Foresight, Kept};
pub use sizes::Sizes;

use std::collections::BTreeMap;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::draw::Error;
use crate::draw::key::Key;
use crate::draw::probability::{CERTAIN, Rest};
use crate::draw::unequal::poisson::below;
use crate::frame::{Frame, join};
use crate::progress::{Event, Monitor};
use crate::random::{Numbers, Seed};
use candidates::{Candidate, Gates, Places, Sift, Through, Yield, read};
use gate::{Gate, SLACK, TWO_64};

/// How number and chance decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The n smallest u / π are drawn; of equal chances, the n smallest u.
    Smallest,
    /// The n smallest u (1 − π) / (π (1 − u)) are drawn.
    Pareto,
    /// Whoever has u < π is drawn.
    Below,
}

/// The chances of a stratum's units.
#[derive(Debug, Clone, Copy)]
pub enum Chances<'a> {
    /// All alike, and so many are drawn.
    Equal {
        /// n_h.
        take: u64,
    },
    /// All the same chance; only for [`Rule::Below`].
    Given(f64),
    /// In proportion to size.
    BySize {
        /// The sizes, as counted when the list was checked.
        sizes: &'a Sizes,
        /// n_h; a whole number, unless the rule is [`Rule::Below`].
        expected: f64,
    },
}

/// What is asked of a stratum.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The stratum's labels, one per stratum column.
    pub labels: &'a [String],
    /// N_h, as counted when the list was checked.
    pub population: u64,
    /// Its units' chances.
    pub chances: Chances<'a>,
}

/// A unit that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// Where it stands in the list, counted from 0.
    pub row: u64,
    /// π.
    pub chance: f64,
    /// The cells of the columns that come along.
    pub carried: Vec<Option<String>>,
}

/// Draws from the list what is asked of each stratum, by a rule, in one reading as a rule. Of what is wished,
/// first the column of sizes, and then those that come along.
///
/// Returns the units of each stratum in order of release: certain units first, by number, and then by
/// key. Neither the order of rows nor other strata nor threads change anything.
///
/// # Formula
///
/// ```text
/// equal     candidate if a < m 2⁶⁴ / N
/// by size   candidate if u < x / t,  Σ min(1, x / t) ≥ m
/// Pareto    candidate if u / (1 − u) < q p / (1 − p),  p ≥ π,  Σ of their chances ≥ m
/// below     candidate if u < p,  p ≥ π
/// m = n + L + √(L² + 2 n L),  L = ln (1 000 H):  P(fewer than n) ≤ exp(−(m − n)² / 2m) = 1 / (1 000 H)
/// ```
///
/// # Errors
///
/// - [`Error::UnknownStrata`], [`Error::UnplannedStrata`], [`Error::StratumChanged`] if list and
///   `asked` disagree.
/// - [`Error::TooMany`] if fewer units have a chance than are asked for.
/// - [`Error::Blank`] if a unit has no id, no stratum or no size; [`Error::Repeated`] if an id repeats.
/// - [`Error::Frame`] if the list cannot be read, or reading was stopped.
///
/// # Source
///
/// Ohlsson (1995), on permanent numbers; Mitzenmacher, Upfal (2005), §4.2 and §5.3, for the tail.
pub fn draw(
    frame: &Frame,
    asked: &[Asked<'_>],
    rule: Rule,
    wish: (Option<&str>, &[&str]),
    seed: &Seed,
    monitor: &dyn Monitor,
) -> Result<Vec<Vec<Unit>>, Error> {
    draw_kept(frame, asked, rule, wish, (seed, None), monitor)
}

/// The same of those who were kept when the list was counted, as far as they are all that are needed: then
/// the list is not read again.
pub(crate) fn draw_kept(
    frame: &Frame,
    asked: &[Asked<'_>],
    rule: Rule,
    (size, carry): (Option<&str>, &[&str]),
    (seed, kept): (&Seed, Option<Kept<'_>>),
    monitor: &dyn Monitor,
) -> Result<Vec<Vec<Unit>>, Error> {
    let mut strata: Vec<Stratum<'_>> = asked
        .iter()
        .map(|one| Stratum::new(one, rule, asked.len()))
        .collect();
    let numbers = Numbers::new(seed);
    // Whoever kept candidates has counted the strata in the same reading.
    let mut counted = kept.is_some();
    if let Some(mut kept) = kept {
        let through =
            |one: &Stratum<'_>| kept.through(one.asked.labels, one.asked.population, one.gate);
        let met = strata.iter().map(through).collect();
        settle(&mut strata, met)?;
    }
    let mut again = false;
    while !counted || strata.iter().any(|stratum| stratum.drawn.is_none()) {
        if again {
            let task = "reading again for strata that had too few";
            monitor.hear(Event::Began { task, of: None });
        }
        let places = Places::of(Vec::new(), frame, size, carry);
        let sift = Sift::new(places, Through::Known(gates(&strata)), &numbers);
        let mut found = read(frame, sift, monitor)?;
        if !again {
            agree(&strata, &found)?;
        }
        let mut met = |one: &Stratum<'_>| found.remove(one.asked.labels).unwrap_or_default();
        let met = strata.iter().map(|one| Some(met(one).candidates)).collect();
        settle(&mut strata, met)?;
        (counted, again) = (true, true);
    }
    Ok(strata
        .into_iter()
        .filter_map(|stratum| stratum.drawn)
        .collect())
}

/// A stratum while it is being drawn from.
struct Stratum<'a> {
    asked: &'a Asked<'a>,
    rule: Rule,
    /// The wished number of candidates.
    enough: f64,
    gate: Gate,
    candidates: Vec<Candidate>,
    drawn: Option<Vec<Unit>>,
}

impl<'a> Stratum<'a> {
    fn new(asked: &'a Asked<'a>, rule: Rule, strata: usize) -> Stratum<'a> {
        let n = asked.expected();
        let enough = enough(n, strata);
        let (gate, candidates) = (Gate::Everyone, Vec::new());
        let mut stratum = Stratum {
            asked,
            rule,
            enough,
            gate,
            candidates,
            drawn: None,
        };
        stratum.open();
        if n <= 0.0 {
            stratum.drawn = Some(Vec::new());
        }
        stratum
    }

    /// Sets the gate, so that enough come through.
    fn open(&mut self) {
        self.gate = match (self.asked.chances, self.rule) {
            (Chances::Given(chance), _) => Gate::share(chance),
            (Chances::Equal { take }, Rule::Below) => {
                Gate::share(take as f64 / self.asked.population as f64)
            }
            (Chances::Equal { .. }, _) => Gate::share(self.enough / self.asked.population as f64),
            (Chances::BySize { sizes, expected }, Rule::Pareto) => {
                match (sizes.times(expected, self.enough), sizes.low(expected)) {
                    (Some(times), low) if low > 0.0 => Gate::Odds { low, times },
                    _ => Gate::Everyone,
                }
            }
            (Chances::BySize { sizes, expected }, rule) => {
                let through = if rule == Rule::Below {
                    expected
                } else {
                    self.enough
                };
                match sizes.low(through) {
                    low if low > 0.0 => Gate::Size {
                        per: TWO_64 / low * SLACK,
                    },
                    _ => Gate::Everyone,
                }
            }
        };
    }

    /// Decides who is drawn, or asks for more candidates.
    fn settle(&mut self) -> Result<(), Error> {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.sort_unstable_by(|a, b| a.by_number().cmp(&b.by_number()));
        repeated(&candidates)?;
        self.judge(&mut candidates);
        let (certain, mut open): (Vec<Candidate>, Vec<Candidate>) = candidates
            .into_iter()
            .partition(|one| one.unit.chance >= 1.0 - CERTAIN);
        if self.rule == Rule::Below {
            open.retain(|one| below(one.number.a(), one.unit.chance));
            open = self.ranked(open);
        } else {
            open.retain(|one| one.unit.chance > CERTAIN);
            open = self.ranked(open);
            let left = (self.asked.expected() as usize).saturating_sub(certain.len());
            if !self.is_complete(&open, left) {
                if matches!(self.gate, Gate::Everyone) {
                    let there = (certain.len() + open.len()) as u64;
                    return Err(Error::TooMany {
                        asked: self.asked.expected() as u64,
                        there,
                    });
                }
                self.enough *= 2.0;
                self.open();
                return Ok(());
            }
            open.truncate(left);
        }
        self.drawn = Some(
            certain
                .into_iter()
                .chain(open)
                .map(|one| one.unit)
                .collect(),
        );
        Ok(())
    }

    /// Gives every candidate its chance.
    fn judge(&self, candidates: &mut [Candidate]) {
        match self.asked.chances {
            Chances::Equal { take } => {
                let chance = take as f64 / self.asked.population as f64;
                candidates
                    .iter_mut()
                    .for_each(|one| one.unit.chance = chance);
            }
            Chances::Given(chance) => {
                candidates
                    .iter_mut()
                    .for_each(|one| one.unit.chance = chance);
            }
            Chances::BySize { sizes, expected } => {
                let mut rest = Rest::new(sizes.sum().clone(), expected);
                // All that may be certain are candidates.
                let large: Vec<f64> = candidates.iter().map(|one| one.size).collect();
                let certain = rest.settle(&large);
                for (one, certain) in candidates.iter_mut().zip(certain) {
                    one.unit.chance = if certain { 1.0 } else { rest.chance(one.size) };
                }
            }
        }
    }

    /// Open candidates in the order of their keys; they come in the order of their numbers.
    fn ranked(&self, open: Vec<Candidate>) -> Vec<Candidate> {
        if !matches!(self.asked.chances, Chances::BySize { .. }) {
            return open;
        }
        let mut keyed: Vec<(f64, Key, Candidate)> = open
            .into_iter()
            .map(|one| {
                let key = self.key(&one);
                (key.near(), key, one)
            })
            .collect();
        // Floats tell all but the closest apart. The sort is stable: of equals, the number decides.
        keyed.sort_by(|(near, key, _), (other_near, other, _)| {
            const DOUBT: f64 = 1e-14;
            match (near - other_near).abs() > DOUBT * near.max(*other_near) {
                true => near.total_cmp(other_near),
                false => key.cmp(other),
            }
        });
        keyed.into_iter().map(|(.., one)| one).collect()
    }

    fn key(&self, one: &Candidate) -> Key {
        match self.rule {
            Rule::Pareto => Key::pareto(one.number.a(), one.unit.chance),
            Rule::Smallest | Rule::Below => Key::sequential(one.number.a(), one.unit.chance),
        }
    }

    /// Whether the `left` smallest keys of the stratum are the first of these.
    fn is_complete(&self, open: &[Candidate], left: usize) -> bool {
        let Some(last) = left.checked_sub(1) else {
            return true;
        };
        let surely = |one: &Candidate| {
            self.gate
                .is_beyond_doubt(one.number, one.size, || self.key(one).near())
        };
        open.get(last).is_some_and(surely)
    }
}

impl Asked<'_> {
    /// How many are drawn on average.
    fn expected(&self) -> f64 {
        match self.chances {
            Chances::Equal { take } => take as f64,
            Chances::Given(chance) => chance * self.population as f64,
            Chances::BySize { expected, .. } => expected,
        }
    }
}

/// Whether an id stands there twice, among candidates in order of numbers.
fn repeated(candidates: &[Candidate]) -> Result<(), Error> {
    let twice = candidates
        .windows(2)
        .find(|pair| pair[0].unit.id == pair[1].unit.id);
    twice.map_or(Ok(()), |pair| {
        Err(Error::Repeated {
            id: pair[0].unit.id.clone(),
            first: pair[0].unit.row + 1,
            second: pair[1].unit.row + 1,
        })
    })
}

/// Decides who is drawn of each stratum, if all its candidates are there.
fn settle(
    strata: &mut [Stratum<'_>],
    candidates: Vec<Option<Vec<Candidate>>>,
) -> Result<(), Error> {
    let settled: Vec<Result<(), Error>> = strata
        .par_iter_mut()
        .zip(candidates)
        .filter(|(stratum, _)| stratum.drawn.is_none())
        .map(|(stratum, candidates)| match candidates {
            Some(candidates) => {
                stratum.candidates = candidates;
                stratum.settle()
            }
            None => Ok(()),
        })
        .collect();
    // Of several failures, that of the first stratum is told.
    settled.into_iter().collect()
}

/// How many candidates a stratum should have, of `strata`, that `n` may be drawn.
fn enough(n: f64, strata: usize) -> f64 {
    // Chernoff: P(S < n) ≤ exp(−(m − n)² / 2m) = ε  at  m = n + L + √(L² + 2nL), L = −ln ε.
    let l = (1000.0 * strata as f64).ln();
    n + l + (l * l + 2.0 * n * l).sqrt()
}

/// Each stratum's gate, as long as it is not drawn.
fn gates<'s>(strata: &'s [Stratum<'_>]) -> Gates<'s> {
    strata
        .iter()
        .filter(|stratum| stratum.drawn.is_none())
        .map(|stratum| (stratum.asked.labels, stratum.gate))
        .collect()
}

/// Whether the list has exactly the strata that are counted on.
fn agree(strata: &[Stratum<'_>], counts: &Yield) -> Result<(), Error> {
    let planned: BTreeMap<&[String], u64> = strata
        .iter()
        .map(|s| (s.asked.labels, s.asked.population))
        .collect();
    let unknown: Vec<String> = planned
        .iter()
        .filter(|(labels, population)| **population > 0 && !counts.contains_key(**labels))
        .map(|(labels, _)| join(labels))
        .collect();
    if !unknown.is_empty() {
        return Err(Error::UnknownStrata { strata: unknown });
    }
    let is_planned = |labels: &&Vec<String>| planned.contains_key(labels.as_slice());
    let unplanned: Vec<String> = counts
        .keys()
        .filter(|labels| !is_planned(labels))
        .map(|labels| join(labels))
        .collect();
    if !unplanned.is_empty() {
        return Err(Error::UnplannedStrata { strata: unplanned });
    }
    for (labels, met) in counts {
        let (planned, found) = (planned[labels.as_slice()], met.count);
        if planned != found {
            return Err(Error::StratumChanged {
                stratum: join(labels),
                found,
                planned,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
