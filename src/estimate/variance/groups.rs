//! Strata as rules for unequal chances see them: the units of which chance decided.

use super::lonely::{self, Lonely};
use super::tree::Stratum;
use crate::estimate::Unknown;
use crate::math::{Sum, sum};

/// A chance so near to 1 was certain: chances come from divisions.
pub(super) const CERTAIN: f64 = 1e-7;

/// Of a sum of squares, what may be left below 0 of one that is 0: rounding.
const NOTHING: f64 = 1e-12;

/// A stratum of one stage, within one cluster of the stage before.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// What a person calls it.
    pub label: String,
    /// The cluster of the stage before; 0 at the first.
    pub parent: u32,
    /// Its units of which chance decided, in order. Certain ones add nothing.
    pub open: Vec<u32>,
    /// Σ 1/π of all its units.
    pub size: f64,
    /// Whether only some of its units were released: at random, whatever the draw was.
    pub partly: bool,
}

impl Group {
    /// The same for the remedies of lonely strata.
    fn stratum(&self, fraction: f64) -> Stratum {
        Stratum {
            label: self.label.clone(),
            parent: self.parent,
            drawn: self.open.len() as u64,
            fraction,
            size: self.size,
            reach: 1.0,
        }
    }

    fn join(&mut self, other: Group) {
        self.label = format!("{} + {}", self.label, other.label);
        self.open.extend(other.open);
        self.size += other.size;
        self.partly |= other.partly;
    }
}

/// Joins each group with a single unit to the one next to it in size, as
/// [`collapse`](lonely::collapse) does with strata.
pub(super) fn collapse(groups: &[Group]) -> Vec<Group> {
    let mut joined = Vec::new();
    for siblings in groups.chunk_by(|a, b| a.parent == b.parent) {
        let whole = |group: &Group| f64::from(u8::from(group.open.is_empty()));
        let strata: Vec<Stratum> = siblings.iter().map(|g| g.stratum(whole(g))).collect();
        for mut run in lonely::pairs(&strata) {
            run.sort_unstable();
            let mut members = run.into_iter().map(|place| siblings[place].clone());
            if let Some(mut first) = members.next() {
                members.for_each(|other| first.join(other));
                first.open.sort_unstable();
                joined.push(first);
            }
        }
    }
    joined
}

/// What is known of the units of one stage, for one figure.
pub(super) struct Units<'a> {
    /// π of each.
    pub chance: &'a [f64],
    /// What the scores of each come to.
    pub total: &'a [f64],
    /// Whether each has to do with the figure.
    pub counts: &'a [bool],
}

/// The variance that the groups within one cluster add, by `part` for each. Those with a single unit
/// add what the person says; if that is nothing, they go to `lonely`.
pub(super) fn settle(
    groups: &[Group],
    units: &Units<'_>,
    remedy: Lonely,
    lonely: &mut Vec<String>,
    part: &dyn Fn(&Group) -> Result<f64, Unknown>,
) -> Result<f64, Unknown> {
    let counts = |group: &&Group| group.open.iter().any(|&unit| units.counts[unit as usize]);
    let groups: Vec<&Group> = groups.iter().filter(counts).collect();
    let total = |unit: &u32| units.total[*unit as usize];
    let open = || groups.iter().flat_map(|group| &group.open);
    let centre = sum(open().map(total)) / open().count() as f64;
    let mut variance = Sum::default();
    let mut without = Vec::new();
    for group in &groups {
        let [only] = group.open[..] else {
            variance.add(part(group)?);
            continue;
        };
        let stratum = group.stratum(units.chance[only as usize]);
        match remedy.share(&stratum, total(&only), centre) {
            Some(share) => variance.add(share),
            None => without.push(group.label.clone()),
        }
    }
    let with = groups.len() - without.len();
    if remedy == Lonely::Average && with > 0 {
        return Ok(variance.value() * groups.len() as f64 / with as f64);
    }
    lonely.extend(without);
    Ok(variance.value())
}

/// A variance, unless it came out below 0 by more than rounding does; `size` is Σ t².
pub(super) fn no_less_than_nothing(variance: f64, size: f64) -> Result<f64, Unknown> {
    if variance >= -NOTHING * size {
        Ok(variance.max(0.0))
    } else {
        Err(Unknown::Negative)
    }
}

/// Which units have to do with a figure: they are part of it, or have a score.
pub(super) fn counting(scores: &[f64], answered: &[usize]) -> Vec<bool> {
    let mut counts: Vec<bool> = scores.iter().map(|score| score.abs() > 0.0).collect();
    answered.iter().for_each(|&unit| counts[unit] = true);
    counts
}
