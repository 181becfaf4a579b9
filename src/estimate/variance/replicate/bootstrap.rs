//! Clusters drawn again from those that were drawn.

use super::replicates::Scale;
use super::{Error, Pattern, Replicates, Units};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// Rescaled.
pub const RESCALED: Card = Card {
    key: "bootstrap",
    title: Words::new("Rescaled bootstrap", "重新标度自助法"),
    says: Words::new(
        "In every stratum one cluster fewer than were drawn is drawn again, with replacement, and \
         weights are set so that a total's variance comes out as the formula has it: with the \
         population's end, and stage by stage. It serves any design and any figure.",
        "在每层有放回地再抽取比原样本少一个的群，并调整权数使总量的方差与公式一致，\
         计入有限总体校正并逐阶段进行。适用于任何设计和任何统计量。",
    ),
    formula: "w_r = w Π_s [1 − λ_s + λ_s (1 − √(1 − f) + √(1 − f) m* n/(n − 1))],  λ_s = √(F/(2 − F)), F = Π f above;  c = 1/R",
    sources: &[
        Source::new("Rao, Wu, Yue (1992)"),
        Source::at("Beaumont, Émond (2022)", "eq. 20–21"),
    ],
};

/// As many as were drawn.
pub const CANTY: Card = Card {
    key: "canty-davison",
    title: Words::new("Bootstrap of Canty and Davison", "Canty–Davison 自助法"),
    says: Words::new(
        "In every stratum as many clusters as were drawn are drawn again, and one factor for all strata \
         makes up for what that lacks. Exact where all strata have as many clusters; elsewhere the \
         rescaled bootstrap is better.",
        "在每层有放回地再抽取与原样本同样多的群，以一个对各层统一的系数弥补偏差。\
         仅在各层群数相等时精确，否则宜用重新标度自助法。",
    ),
    formula: "w_r = w m*;  c = ñ/((ñ − 1) R),  ñ the harmonic mean of n_h",
    sources: &[Source::new("Canty, Davison (1999)")],
};

/// How often each of so many clusters is drawn in so many draws.
fn hits(stream: &mut crate::random::Stream, clusters: &[u32], draws: usize, hits: &mut [f64]) {
    clusters
        .iter()
        .for_each(|&cluster| hits[cluster as usize] = 0.0);
    for _ in 0..draws {
        let place = stream.below(clusters.len() as u64) as usize;
        hits[clusters[place] as usize] += 1.0;
    }
}

#[derive(Debug)]
struct Rescaled {
    seed: Seed,
}

impl Pattern for Rescaled {
    fn card(&self) -> &'static Card {
        &RESCALED
    }

    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]) {
        let mut stream = self
            .seed
            .stream(&format!("replicates: bootstrap {replicate}"));
        for (place, stage) in units.stages.iter().enumerate() {
            let mut factors = vec![1.0; stage.clusters];
            let mut strata = (stage.strata.iter())
                .filter(|stratum| !stratum.fixed && stratum.reach > 0.0)
                .peekable();
            if strata.peek().is_none() {
                continue;
            }
            for stratum in strata {
                let n = stratum.clusters.len();
                hits(&mut stream, &stratum.clusters, n - 1, &mut factors);
                // Of the first stage all counts, and what is above later ones varies as well.
                let part = (stratum.reach / (2.0 - stratum.reach)).sqrt();
                let off = part * stratum.open();
                let more = stratum.drawn() / (stratum.drawn() - 1.0);
                for &cluster in &stratum.clusters {
                    let factor = &mut factors[cluster as usize];
                    *factor = 1.0 - off + off * more * *factor;
                }
            }
            units.multiply(place, &factors, weights);
        }
    }
}

/// The rescaled bootstrap, of all stages. Without a population it is that of Rao, Wu and Yue, which R's
/// `survey` calls `subbootstrap`.
///
/// # Formula
///
/// ```text
/// a  = 1 − √(1 − f) + √(1 − f) m* n/(n − 1),   m* hits in n − 1 draws
/// a′ = 1 − λ + λ a,   λ = √(F/(2 − F)),   F = Π f of the stages above
/// ```
///
/// Over all draws, the variance of a total is that of
/// [`Clusters`](crate::estimate::variance::Clusters), stage by stage.
///
/// # Errors
///
/// [`Error::Count`] if there are fewer than two.
///
/// # Source
///
/// Rao, Wu, Yue (1992); Beaumont, Émond (2022), eq. 20 and 21, with m = n − 1, as R's `svrep` makes it.
pub fn rescaled<'a>(units: Units, count: usize, seed: &Seed) -> Result<Replicates<'a>, Error> {
    enough(count)?;
    let pattern = Box::new(Rescaled { seed: seed.clone() });
    Ok(Replicates::of(
        units,
        pattern,
        Scale::Random(1.0),
        vec![1.0; count],
    ))
}

/// Whether there are replicates enough to differ.
pub(super) fn enough(count: usize) -> Result<(), Error> {
    match count {
        0 | 1 => Err(Error::Count { count }),
        _ => Ok(()),
    }
}

#[derive(Debug)]
struct Canty {
    seed: Seed,
}

impl Pattern for Canty {
    fn card(&self) -> &'static Card {
        &CANTY
    }

    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]) {
        let mut stream = (self.seed).stream(&format!("replicates: canty-davison {replicate}"));
        let mut factors = vec![1.0; units.clusters()];
        for stratum in units.moving() {
            let n = stratum.clusters.len();
            hits(&mut stream, &stratum.clusters, n, &mut factors);
        }
        units.multiply(0, &factors, weights);
    }
}

/// The bootstrap of Canty and Davison, which R's `survey` calls `bootstrap`.
///
/// # Formula
///
/// ```text
/// V̂ = ñ/(ñ − 1) · 1/R Σ_r (θ̂_r − θ̂)²,   ñ = H / Σ_h 1/n_h
/// ```
///
/// # Errors
///
/// [`Error::Population`] if a stratum's population has an end and was not taken whole;
/// [`Error::Count`] if there are fewer than two.
///
/// # Source
///
/// Canty, Davison (1999); the common factor is that of R's `survey`.
pub fn canty<'a>(units: Units, count: usize, seed: &Seed) -> Result<Replicates<'a>, Error> {
    enough(count)?;
    let units = units.first_stage(CANTY.key)?;
    if units.moving().any(|stratum| stratum.fraction > 0.0) {
        return Err(Error::Population { method: CANTY.key });
    }
    let strata = units.moving().count() as f64;
    let inverse = crate::math::sum(units.moving().map(|stratum| 1.0 / stratum.drawn()));
    let harmonic = strata / inverse;
    let scale = match strata > 0.0 {
        true => harmonic / (harmonic - 1.0),
        false => 1.0,
    };
    let pattern = Box::new(Canty { seed: seed.clone() });
    Ok(Replicates::of(
        units,
        pattern,
        Scale::Random(scale),
        vec![1.0; count],
    ))
}
