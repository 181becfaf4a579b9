//! Who may be drawn, kept while a list is counted: then it need not be read again.

use super::candidates::{Candidate, Places, Sift, Through, Yield};
use super::enough;
use super::gate::Gate;
use crate::frame::{self, Batch, Beside, Frame};
use crate::random::Numbers;

/// How many are going to be drawn of a stratum that nobody has counted yet: at most so many, whatever its
/// size, in equal chances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foreseen {
    /// For each of its units.
    pub share: f64,
    /// And beside that.
    pub more: f64,
}

/// What is foreseen of a stratum with these labels.
pub type Foresight<'f> = dyn Fn(&[String]) -> Foreseen + Sync + 'f;

/// More strata than anybody has: the more there are, the wider are all gates.
const STRATA: usize = 1_000_000;

impl Foreseen {
    /// A gate that is wide enough for a stratum of `units` or more.
    ///
    /// # Formula
    ///
    /// ```text
    /// candidate if u < m(s N + k) / N,  m as in a draw
    /// ```
    ///
    /// It falls in N, so that whoever a larger stratum needs goes through the gate of a smaller one.
    ///
    /// # Source
    ///
    /// Mitzenmacher, Upfal (2005), §4.2, for the tail; that it falls is our own: m / N = s + (k + L) / N +
    /// √((L / N)² + 2 L (s / N + k / N²)).
    pub(super) fn gate(self, units: u64) -> Gate {
        let units = units as f64;
        Gate::share(enough(self.share * units + self.more, STRATA) / units)
    }
}

/// Keeps who may be drawn while the list is counted. Each stratum's gate begins wide and becomes narrower with
/// every unit that is met.
pub struct Ahead<'a> {
    foresight: &'a Foresight<'a>,
    sift: Sift<'a>,
}

impl<'a> Ahead<'a> {
    /// For a reading of all columns with roles; the cells of `carry` come along.
    #[must_use]
    pub fn new(
        frame: &'a Frame,
        carry: &[&'a str],
        foresight: &'a Foresight<'a>,
        numbers: &'a Numbers,
    ) -> Ahead<'a> {
        let places = Places::of(frame.roles().columns(), frame, None, carry);
        let sift = Sift::new(places, Through::Foreseen(foresight), numbers);
        Ahead { foresight, sift }
    }

    /// The columns that the reading must have beside those with roles.
    #[must_use]
    pub fn further(&self) -> &[&'a str] {
        self.sift.further()
    }

    /// Keeps who may be drawn of a batch, the stratum of each of whose units is known by a number. Batches may
    /// come from several threads, in any order.
    ///
    /// # Errors
    ///
    /// As [`Beside::cells`].
    pub fn hear(
        &self,
        batch: &Batch<'_>,
        beside: &dyn Beside,
        strata: &[Option<u32>],
    ) -> Result<(), frame::Error> {
        self.sift.hear_of(batch, beside, strata)
    }

    /// Who was kept. Units that lack something are the affair of whoever counts.
    #[must_use]
    pub fn done(self) -> Kept<'a> {
        let (all, _) = self.sift.done();
        let foresight = self.foresight;
        Kept { foresight, all }
    }
}

/// Who was kept while a list was counted.
pub struct Kept<'a> {
    foresight: &'a Foresight<'a>,
    all: Yield,
}

impl Kept<'_> {
    /// All of a stratum of so many units whom a gate lets through, and nobody else, if they are all here. Of those
    /// with larger numbers only some were kept, and none of them may be taken for the next smallest.
    pub(super) fn through(
        &mut self,
        labels: &[String],
        population: u64,
        gate: Gate,
    ) -> Option<Vec<Candidate>> {
        let mut met = self.all.remove(labels)?;
        let foreseen = (self.foresight)(labels).gate(met.count);
        if met.count != population || !foreseen.is_as_wide_as(gate) {
            return None;
        }
        let through = |one: &Candidate| gate.lets_through(one.number.head(), one.size);
        met.candidates.retain(through);
        Some(met.candidates)
    }
}

#[cfg(test)]
mod tests;
