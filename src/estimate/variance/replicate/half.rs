//! One of two clusters in every stratum, in a balanced way.

use super::replicates::Scale;
use super::{Error, Hadamard, Pattern, Replicates, Units, jackknife};
use crate::language::Words;
use crate::method::{Card, Source};

/// Whole halves.
pub const BALANCED: Card = Card {
    key: "brr",
    title: Words::new("Balanced repeated replication (BRR)", "平衡半样本法（BRR）"),
    says: Words::new(
        "Of every stratum's two clusters one is doubled and the other left out, in so balanced a way \
         that a few more half-samples than strata say as much as all of them. It serves medians as well.",
        "在每个含两个群的层中，一个群加倍、另一个剔除；借助平衡安排，略多于层数的半样本即等价于全部半样本。\
         亦适用于中位数。",
    ),
    formula: "w_r = w (1 ± h_{h,r} √(1 − f_h));  c = 1/R,  H a Hadamard matrix without its row of ones",
    sources: &[
        Source::new("McCarthy (1969)"),
        Source::at("Wolter (2007)", "ch. 3"),
        Source::new("Paley (1933)"),
    ],
};

/// Gentler ones.
pub const FAY: Card = Card {
    key: "fay",
    title: Words::new("Fay's method", "Fay 法"),
    says: Words::new(
        "Balanced half-samples in which the one cluster is not left out but keeps a part ρ of its \
         weight. Every domain keeps all its answers in every replicate.",
        "平衡半样本的改进：较轻的群不被剔除而保留 ρ 倍权数，使各子总体在每个重复样本中都保有全部回答。",
    ),
    formula: "w_r = w (1 ± (1 − ρ) h_{h,r} √(1 − f_h));  c = 1/(R (1 − ρ)²)",
    sources: &[Source::new("Judkins (1990)")],
};

#[derive(Debug)]
struct Halves {
    card: &'static Card,
    matrix: Hadamard,
    /// 1 − ρ.
    depth: f64,
}

impl Pattern for Halves {
    fn card(&self) -> &'static Card {
        self.card
    }

    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]) {
        let mut factors = vec![1.0; units.clusters()];
        for (place, stratum) in units.moving().enumerate() {
            // The first row is all ones, and would not be balanced by any column.
            let sign = f64::from(self.matrix.cell(place + 1, replicate));
            let off = sign * self.depth * stratum.open();
            factors[stratum.clusters[0] as usize] = 1.0 + off;
            factors[stratum.clusters[1] as usize] = 1.0 - off;
        }
        units.multiply(0, &factors, weights);
    }
}

/// Balanced half-samples.
///
/// # Formula
///
/// ```text
/// V̂ = 1/R Σ_r (θ̂_r − θ̂)²
/// ```
///
/// Where the population has an end, halves differ by √(1 − f_h) as much: of a total the variance is
/// exactly that of the draw.
///
/// # Errors
///
/// [`Error::NotPairs`] names strata with more than two clusters; [`Error::LaterStages`] if stages after
/// the first add to the variance.
///
/// # Source
///
/// McCarthy (1969); Wolter (2007), §3.4 and §3.5 for the population's end, which R's `survey` drops.
pub fn balanced<'a>(units: Units) -> Result<Replicates<'a>, Error> {
    halves(units, &BALANCED, 0.0)
}

/// Fay's half-samples: ρ is what is left of the lighter half's weights.
///
/// # Formula
///
/// ```text
/// V̂ = 1/(R (1 − ρ)²) Σ_r (θ̂_r − θ̂)²
/// ```
///
/// # Errors
///
/// [`Error::BadRho`], and those of [`balanced`].
///
/// # Source
///
/// Judkins (1990).
pub fn fay<'a>(units: Units, rho: f64) -> Result<Replicates<'a>, Error> {
    if !(0.0..1.0).contains(&rho) {
        return Err(Error::BadRho { rho });
    }
    halves(units, &FAY, rho)
}

fn halves<'a>(units: Units, card: &'static Card, rho: f64) -> Result<Replicates<'a>, Error> {
    let units = units.first_stage(card.key)?;
    jackknife::are_pairs(&units, card.key)?;
    let strata = units.moving().count();
    let matrix = Hadamard::at_least(strata + 1);
    let count = if strata == 0 { 0 } else { matrix.order() };
    let depth = 1.0 - rho;
    let scale = Scale::Fixed(1.0 / (count.max(1) as f64 * depth * depth));
    let pattern = Box::new(Halves {
        card,
        matrix,
        depth,
    });
    Ok(Replicates::of(units, pattern, scale, vec![1.0; count]))
}
