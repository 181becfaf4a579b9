//! One cluster after another is left out.

use super::replicates::Scale;
use super::units::Stratum;
use super::{Error, Pattern, Replicates, Units};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// Without strata.
pub const ONE: Card = Card {
    key: "jk1",
    title: Words::new("Jackknife (JK1)", "刀切法（JK1）"),
    says: Words::new(
        "One cluster after another is left out, and the others take over its weight. For designs \
         without strata; of a total it gives the textbook variance exactly.",
        "依次剔除一个群，其权数由其余群分担。适用于不分层设计；对总量恰好得到教科书方差。",
    ),
    formula: "w_r = w · n/(n − 1), or 0 in the cluster left out;  c = (1 − f)(n − 1)/n",
    sources: &[Source::at("Wolter (2007)", "§4.2")],
};

/// In strata.
pub const STRATA: Card = Card {
    key: "jkn",
    title: Words::new("Stratified jackknife (JKn)", "分层刀切法（JKn）"),
    says: Words::new(
        "One cluster after another is left out, and the others of its stratum take over its weight. It \
         serves any number of clusters, and smooth figures; medians need half-samples or a bootstrap.",
        "依次剔除一个群，其权数由同层其余群分担。群数不限，适用于平滑统计量；中位数应使用半样本或自助法。",
    ),
    formula: "w_r = w · n_h/(n_h − 1) in stratum h, 0 in the cluster left out;  c_r = (1 − f_h)(n_h − 1)/n_h",
    sources: &[
        Source::at("Wolter (2007)", "§4.5"),
        Source::new("Rust, Rao (1996)"),
    ],
};

/// In pairs.
pub const PAIRS: Card = Card {
    key: "jk2",
    title: Words::new("Paired jackknife (JK2)", "成对刀切法（JK2）"),
    says: Words::new(
        "In every stratum of two clusters one of them, by chance, is left out and the other doubled: \
         one replicate per stratum.",
        "在每个含两个群的层中随机剔除一个群并将另一个加倍，每层一个重复样本。",
    ),
    formula: "w_r = 2 w and 0 in the pair h;  c_r = 1 − f_h",
    sources: &[
        Source::at("Wolter (2007)", "§4.5"),
        Source::new("Rust, Rao (1996)"),
    ],
};

/// Which cluster of which stratum each replicate leaves out.
#[derive(Debug)]
struct LeaveOut {
    card: &'static Card,
    /// The cluster, and n_h/(n_h − 1) of its stratum.
    out: Vec<(u32, f64)>,
}

impl Pattern for LeaveOut {
    fn card(&self) -> &'static Card {
        self.card
    }

    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]) {
        let (out, more) = self.out[replicate];
        let first = &units.stages[0];
        let stratum = first.stratum[out as usize];
        for (weight, &cluster) in weights.iter_mut().zip(&first.row) {
            if cluster == out {
                *weight = 0.0;
            } else if first.stratum.get(cluster as usize) == Some(&stratum) {
                *weight *= more;
            }
        }
    }
}

fn more(stratum: &Stratum) -> f64 {
    stratum.drawn() / (stratum.drawn() - 1.0)
}

/// The jackknife for designs without strata.
///
/// # Formula
///
/// ```text
/// V̂ = (1 − f) (n − 1)/n Σ_r (θ̂_r − θ̂)²
/// ```
///
/// # Errors
///
/// [`Error::Stratified`]; [`Error::LaterStages`] if stages after the first add to the variance.
///
/// # Source
///
/// Wolter (2007), §4.2.
pub fn one<'a>(units: Units) -> Result<Replicates<'a>, Error> {
    let (method, strata) = (ONE.key, units.stages[0].strata.len());
    if strata > 1 {
        return Err(Error::Stratified { method, strata });
    }
    let units = units.first_stage(method)?;
    let scale = units
        .moving()
        .next()
        .map_or(1.0, |all| (1.0 - all.fraction) / more(all));
    let out: Vec<(u32, f64)> = (units.moving())
        .flat_map(|all| all.clusters.iter().map(|&cluster| (cluster, more(all))))
        .collect();
    let scales = vec![1.0; out.len()];
    let pattern = Box::new(LeaveOut { card: &ONE, out });
    Ok(Replicates::of(units, pattern, Scale::Fixed(scale), scales))
}

/// The jackknife in strata. Strata that were taken whole have no replicates.
///
/// # Formula
///
/// ```text
/// V̂ = Σ_h (1 − f_h) (n_h − 1)/n_h Σ_{r∈h} (θ̂_r − θ̂)²
/// ```
///
/// # Errors
///
/// [`Error::LaterStages`] if stages after the first add to the variance.
///
/// # Source
///
/// Wolter (2007), §4.5; Rust, Rao (1996).
pub fn strata<'a>(units: Units) -> Result<Replicates<'a>, Error> {
    let units = units.first_stage(STRATA.key)?;
    let (mut out, mut scales) = (Vec::new(), Vec::new());
    for stratum in units.moving() {
        for &cluster in &stratum.clusters {
            out.push((cluster, more(stratum)));
            scales.push((1.0 - stratum.fraction) / more(stratum));
        }
    }
    let pattern = Box::new(LeaveOut { card: &STRATA, out });
    Ok(Replicates::of(units, pattern, Scale::Fixed(1.0), scales))
}

/// The jackknife in pairs. The seed says which of two is left out.
///
/// # Formula
///
/// ```text
/// V̂ = Σ_h (1 − f_h) (θ̂_h − θ̂)²
/// ```
///
/// # Errors
///
/// [`Error::NotPairs`] names strata with more than two clusters; [`Error::LaterStages`] if stages after
/// the first add to the variance.
///
/// # Source
///
/// Wolter (2007), §4.5; Rust, Rao (1996).
pub fn pairs<'a>(units: Units, seed: &Seed) -> Result<Replicates<'a>, Error> {
    let units = units.first_stage(PAIRS.key)?;
    are_pairs(&units, PAIRS.key)?;
    let mut stream = seed.stream("replicates: jk2");
    let (mut out, mut scales) = (Vec::new(), Vec::new());
    for stratum in units.moving() {
        out.push((stratum.clusters[stream.below(2) as usize], 2.0));
        scales.push(1.0 - stratum.fraction);
    }
    let pattern = Box::new(LeaveOut { card: &PAIRS, out });
    let most = scales.len() as u64;
    let replicates = Replicates::of(units, pattern, Scale::Fixed(1.0), scales);
    Ok(Replicates { most, ..replicates })
}

/// Whether every stratum that moves has two clusters.
///
/// # Errors
///
/// [`Error::NotPairs`] names the others.
pub(super) fn are_pairs(units: &Units, method: &'static str) -> Result<(), Error> {
    let others = units.moving().filter(|stratum| stratum.clusters.len() != 2);
    let strata: Vec<String> = others.map(Stratum::counted).collect();
    match strata.is_empty() {
        true => Ok(()),
        false => Err(Error::NotPairs { method, strata }),
    }
}
