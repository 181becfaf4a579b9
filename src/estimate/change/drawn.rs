//! How two waves were drawn, and how they came to share units.

use super::Error;
use crate::draw::Sample;
use crate::draw::waves::coordinate::Turn;
use crate::frame::Codes;

/// How a wave was drawn in strata. One entry per drawn unit.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// By which a unit is known in both waves.
    pub id: &'a [String],
    /// Its stratum.
    pub stratum: &'a Codes,
    /// N_h, one per label of `stratum`: units, or clusters where those were drawn first.
    pub population: &'a [u64],
    /// The clusters that were drawn first, if any were.
    pub clusters: Option<Grouped<'a>>,
    /// What decided on a unit or cluster.
    pub by: Drawing<'a>,
}

/// The clusters of a wave. One entry per drawn unit.
#[derive(Debug, Clone, Copy)]
pub struct Grouped<'a> {
    /// By which a cluster is known in both waves.
    pub cluster: &'a Codes,
    /// Out of how many units of its cluster each was drawn, simply.
    pub units: &'a [u64],
}

/// What decided on the units of a wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drawing<'a> {
    /// A simple draw in strata.
    Simple,
    /// A fixed number in each stratum by unequal chances, π of each drawn unit: Pareto and sequential Poisson.
    Fixed(&'a [f64]),
    /// Each unit on its own by its chance, π of each drawn unit: Poisson and Bernoulli.
    Each(&'a [f64]),
}

/// What is known of how two waves came to share units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shared<'a> {
    /// Who is in both samples; and how many units, or clusters, both lists have, by stratum, as far as
    /// that is known. For simple draws. Where nothing is said of a stratum that has as many in both waves
    /// and of which nobody moved, its list is taken to be the same.
    Counted(&'a [Both]),
    /// One set of permanent numbers decided on both waves, each with its turn.
    Numbers([Turn; 2]),
    /// Each wave was drawn by a chance of its own.
    Apart,
}

/// How many units both lists have in a stratum of the first wave and one of the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    /// The first wave's stratum.
    pub first: String,
    /// The second wave's.
    pub second: String,
    /// N_hg: the units of both.
    pub units: u64,
}

impl<'a> Drawn<'a> {
    /// As a sample says that was drawn simply.
    #[must_use]
    pub fn of(sample: &'a Sample) -> Drawn<'a> {
        Drawn {
            id: &sample.id,
            stratum: &sample.stratum,
            population: &sample.population,
            clusters: None,
            by: Drawing::Simple,
        }
    }
}

impl Drawing<'_> {
    fn is_simple(self) -> bool {
        self == Drawing::Simple
    }
}

/// Whether there is a formula for two such waves.
pub(super) fn fit(
    drawn: &[Drawn<'_>; 2],
    shared: Shared<'_>,
    worked: [&[bool]; 2],
) -> Result<(), Error> {
    let simple = drawn.iter().all(|wave| wave.by.is_simple());
    let grouped = drawn.map(|wave| wave.clusters.is_some());
    let apart = shared == Shared::Apart;
    if grouped[0] != grouped[1] && !apart {
        return Err(Error::OneOfTwo);
    }
    let numbered = matches!(shared, Shared::Numbers(_));
    if grouped[0] && !apart && (numbered || !simple) {
        return Err(Error::Clusters);
    }
    if matches!(shared, Shared::Counted(_)) && !simple {
        return Err(Error::Unequal);
    }
    let part = worked.iter().find(|worked| worked.contains(&false));
    match part.filter(|_| numbered) {
        Some(part) => Err(Error::Partly {
            worked: part.iter().filter(|worked| **worked).count() as u64,
            drawn: part.len() as u64,
        }),
        None => Ok(()),
    }
}
