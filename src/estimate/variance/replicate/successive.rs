//! Differences between neighbours, as a systematic draw has them.

use super::replicates::Scale;
use super::{Error, Hadamard, Pattern, Replicates, Units, bootstrap};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "sdr",
    title: Words::new("Successive difference replication", "逐次差分重复法"),
    says: Words::new(
        "Every cluster is set against the next in the order in which they were drawn, so that a \
         systematic draw from a sorted list gets the small variance that its order earns. Weights stay \
         between 0.3 and 1.7 of themselves.",
        "按抽取顺序将每个群与下一个群对比，使排序名单上的系统抽样得到与其排序相称的较小方差。\
         权数始终在原值的 0.3 至 1.7 倍之间。",
    ),
    formula: "w_r = w (1 + 2^{−3/2} √(1 − f_h) (h_{a,r} − h_{b,r}));  c = 4/R",
    sources: &[Source::new("Fay, Train (1995)"), Source::new("Ash (2014)")],
};

#[derive(Debug)]
struct Successive {
    matrix: Hadamard,
    /// Two rows of the matrix for each cluster.
    rows: Vec<(u32, u32)>,
}

impl Pattern for Successive {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]) {
        let mut factors = vec![1.0; units.clusters()];
        let cell = |row: u32| f64::from(self.matrix.cell(row as usize, replicate));
        for stratum in units.moving() {
            let depth = 2.0_f64.powf(-1.5) * stratum.open();
            for &cluster in &stratum.clusters {
                let (this, next) = self.rows[cluster as usize];
                factors[cluster as usize] = 1.0 + depth * (cell(this) - cell(next));
            }
        }
        units.multiply(0, &factors, weights);
    }
}

/// Successive differences within strata, in the order of the rows: R is the smallest order of a
/// [`Hadamard`] matrix that is not below `count`.
///
/// # Formula
///
/// ```text
/// V̂ = 4/R Σ_r (θ̂_r − θ̂)²
/// ```
///
/// A stratum's clusters go round: each is set against the next, and the last against the first. If all
/// clusters together are fewer than R, the variance of a total is exactly
///
/// ```text
/// Σ_h (1 − f_h) ½ Σ_{i∈h} (t_i − t_{i+1})²
/// ```
///
/// Else rows of the matrix are used more than once: strata take them one after another, and a stratum
/// with R clusters or more goes through them in steps of 1, then of 2, and so on.
///
/// # Errors
///
/// [`Error::LaterStages`] if stages after the first add to the variance; [`Error::Count`] if there are
/// fewer than four.
///
/// # Source
///
/// Fay, Train (1995); Ash (2014), SD2 and the assignment of rows RA1.
pub fn successive<'a>(units: Units, count: usize) -> Result<Replicates<'a>, Error> {
    bootstrap::enough(count / 2)?;
    let units = units.first_stage(CARD.key)?;
    let matrix = Hadamard::at_least(count);
    let count = matrix.order();
    let rows = assigned(&units, count - 1);
    let scale = Scale::Fixed(4.0 / count as f64);
    let pattern = Box::new(Successive { matrix, rows });
    Ok(Replicates::of(units, pattern, scale, vec![1.0; count]))
}

/// The clusters of each stratum that moves, in the order of their first rows.
pub(super) fn in_order(units: &Units) -> Vec<Vec<u32>> {
    let first = units.first_rows();
    let order = |clusters: &Vec<u32>| {
        let mut clusters = clusters.clone();
        clusters.sort_unstable_by_key(|&cluster| first[cluster as usize]);
        clusters
    };
    units
        .moving()
        .map(|stratum| order(&stratum.clusters))
        .collect()
}

/// Two rows for each cluster, out of rows 1 to `most`.
fn assigned(units: &Units, most: usize) -> Vec<(u32, u32)> {
    let mut rows = vec![(1, 1); units.clusters()];
    let (mut from, mut walk) = (0, Vec::new());
    for clusters in in_order(units) {
        let n = clusters.len();
        if n <= most {
            for (place, &cluster) in clusters.iter().enumerate() {
                let row = |place: usize| ((from + place % n) % most) as u32 + 1;
                rows[cluster as usize] = (row(place), row(place + 1));
            }
            from = (from + n) % most;
            continue;
        }
        if walk.is_empty() {
            walk = walked(most);
        }
        for (&cluster, &pair) in clusters.iter().zip(walk.iter().cycle()) {
            rows[cluster as usize] = pair;
        }
    }
    rows
}

/// All closed walks over rows 1 to `most`, in steps of 1, 2 and so on up to half of them: no pair of
/// rows comes twice.
fn walked(most: usize) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for step in 1..=(most / 2).max(1) {
        let mut seen = vec![false; most];
        for start in 0..most {
            let mut here = start;
            while !seen[here] {
                seen[here] = true;
                let next = (here + step) % most;
                pairs.push((here as u32 + 1, next as u32 + 1));
                here = next;
            }
        }
    }
    pairs
}
