//! A few small samples out of the large one.

use super::replicates::Scale;
use super::units::Stratum;
use super::{Error, Pattern, Replicates, Units, bootstrap};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "random-groups",
    title: Words::new("Random groups", "随机组法"),
    says: Words::new(
        "Every stratum's clusters are dealt to groups at random, and each group is a small sample of \
         its own. Simple and cheap; with few groups the variance itself is uncertain.",
        "将各层的群随机分入若干组，每组各自构成一个小样本。简单省时；组数少时方差本身不够稳定。",
    ),
    formula: "w_r = w (1 − √(1 − f_h) + √(1 − f_h) n_h/n_hg) in the group, w (1 − √(1 − f_h)) outside;  c = 1/(G (G − 1))",
    sources: &[Source::at("Wolter (2007)", "ch. 2")],
};

#[derive(Debug)]
struct Groups {
    /// The group of each cluster, and n_h/n_hg.
    group: Vec<(usize, f64)>,
}

impl Pattern for Groups {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]) {
        let mut factors = vec![1.0; units.clusters()];
        for stratum in units.moving() {
            for &cluster in &stratum.clusters {
                let (group, more) = self.group[cluster as usize];
                let factor = if group == replicate { more } else { 0.0 };
                factors[cluster as usize] = 1.0 + stratum.open() * (factor - 1.0);
            }
        }
        units.multiply(0, &factors, weights);
    }
}

/// Random groups. Clusters are shuffled within strata and dealt one by one, each stratum going on where
/// the one before ended, so that groups of a stratum differ by one cluster at the most.
///
/// # Formula
///
/// ```text
/// V̂ = 1/(G (G − 1)) Σ_g (θ̂_g − θ̂)²
/// ```
///
/// # Errors
///
/// [`Error::TooFew`] names strata with fewer clusters than groups; [`Error::LaterStages`] if stages
/// after the first add to the variance; [`Error::Count`] if there are fewer than two groups.
///
/// # Source
///
/// Wolter (2007), §2.2 and §2.4.
pub fn groups<'a>(units: Units, count: u32, seed: &Seed) -> Result<Replicates<'a>, Error> {
    let groups = count as usize;
    bootstrap::enough(groups)?;
    let units = units.first_stage(CARD.key)?;
    let few = units
        .moving()
        .filter(|stratum| stratum.clusters.len() < groups);
    let strata: Vec<String> = few.map(Stratum::counted).collect();
    if !strata.is_empty() {
        let groups = count;
        return Err(Error::TooFew { groups, strata });
    }
    let mut stream = seed.stream("replicates: random groups");
    let mut group = vec![(0, 1.0); units.clusters()];
    let mut next = 0;
    for stratum in units.moving() {
        let mut clusters = stratum.clusters.clone();
        stream.shuffle(&mut clusters);
        let n = clusters.len();
        for (place, &cluster) in clusters.iter().enumerate() {
            // n_hg: one more for the groups that the deal reaches once more.
            let size = n / groups + usize::from(place % groups < n % groups);
            group[cluster as usize] = ((next + place) % groups, n as f64 / size as f64);
        }
        next = (next + n) % groups;
    }
    let scale = Scale::Fixed(1.0 / (groups as f64 * (groups as f64 - 1.0)));
    let pattern = Box::new(Groups { group });
    let scales = vec![1.0; groups];
    Ok(Replicates::of(units, pattern, scale, scales))
}
