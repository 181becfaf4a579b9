//! Variances from the chances of pairs, exact or near.

use super::formula::inverse;
use crate::draw::Joint;
use crate::draw::approximate::Constant;
use crate::estimate::Unknown;
use crate::estimate::variance::groups::Group;
use crate::estimate::variance::{Chances, Rule};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "pairs",
    title: Words::new(
        "Variance from the chances of pairs",
        "基于成对入样概率的方差",
    ),
    says: Words::new(
        "Horvitz and Thompson's formula, and that of Sen, Yates and Grundy for samples of fixed size. With \
         the true chance of every pair both are right on average, but one sample can give less than 0: then \
         the variance is unknown. Time grows with the square of the sample.",
        "霍维茨–汤普森公式，以及适用于固定样本量的森–耶茨–格伦迪公式。成对入样概率准确时二者均无偏，\
         但个别样本的估计可能小于0，此时方差视为未知。计算时间随样本量的平方增长。",
    ),
    formula: "HT: Σ_k Σ_l (1 − π_k π_l/π_kl) t_k t_l;  SYG: −½ Σ_k Σ_l (1 − π_k π_l/π_kl)(t_k − t_l)²",
    sources: &[
        Source::new("Horvitz, Thompson (1952)"),
        Source::new("Sen (1953)"),
        Source::new("Yates, Grundy (1953)"),
        Source::new("Berger (2004)"),
        Source::new("Overton (1985)"),
    ],
};

/// Where the chances of pairs come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pairs<'a> {
    /// π_kl of the drawn units, in their order: as the drawing method has it. Pairs of different strata
    /// were drawn apart, whatever the table says.
    Table(&'a Joint),
    /// π_kl ≈ π_k π_l (n − 1) / (n − π_k − π_l + S/n): Hartley and Rao, to the first order.
    HartleyRao,
    /// π_kl ≈ π_k π_l (n − 1) / (n − (π_k + π_l)/2).
    Overton,
    /// π_kl ≈ π_k π_l (1 − (1 − π_k)(1 − π_l) / d), d = Σ (1 − π).
    Hajek,
    /// π_kl ≈ π_k π_l (c_k + c_l) / 2.
    Brewer(Constant),
}

/// Which formula makes a variance of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Estimator {
    /// For any method.
    HorvitzThompson,
    /// For samples of fixed size: scores that are alike have no variance.
    #[default]
    SenYatesGrundy,
}

/// Units drawn from strata with unequal chances, and the chances of pairs.
///
/// The approximations see only those drawn: S = Σπ² and d = Σπ(1 − π) of the population are estimated by
/// Σπ and Σ(1 − π) of the sample, as R's `survey` does.
///
/// # Example
///
/// Two of four, each pair alike: π_kl = 1/6.
///
/// ```
/// use canvass::draw::Joint;
/// use canvass::estimate::variance::{Chances, Estimator, Paired, Pairs, Rule};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town"; 2]);
/// let chances = Chances::given(&stratum, &[0.5, 0.5])?;
/// let table = Joint::from_fn(2, |k, l| if k == l { 0.5 } else { 1.0 / 6.0 });
/// let rule = Paired::by(Estimator::SenYatesGrundy, Pairs::Table(&table), chances);
/// let variance = rule.variance(&[1.0, 5.0], &[0, 1]).expect("a pair");
/// assert!((variance - 8.0).abs() < 1e-12);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Paired<'a> {
    chances: Chances<'a>,
    pairs: Pairs<'a>,
    estimator: Estimator,
}

impl<'a> Paired<'a> {
    /// By this formula, with pairs from there. Strata cannot be joined where there is a table: those with
    /// a single unit are named then.
    ///
    /// # Panics
    ///
    /// If a table has not as many units as were drawn: our own bug.
    #[must_use]
    pub fn by(estimator: Estimator, pairs: Pairs<'a>, chances: Chances<'a>) -> Paired<'a> {
        let chances = match pairs {
            Pairs::Table(table) => {
                assert_eq!(table.len(), chances.len(), "the chances of those drawn");
                chances.apart()
            }
            _ => chances,
        };
        Paired {
            chances,
            pairs,
            estimator,
        }
    }

    /// What one stratum adds.
    fn part(&self, group: &Group, scores: &[f64]) -> Result<f64, Unknown> {
        let open: Vec<usize> = group.open.iter().map(|&unit| unit as usize).collect();
        let chance = |k: usize| self.chances.of_unit(k);
        let sums = Sums {
            n: open.len() as f64,
            squares: sum(open.iter().map(|&k| chance(k))),
            spread: sum(open.iter().map(|&k| 1.0 - chance(k))),
        };
        let mut variance = Sum::default();
        for (place, &k) in open.iter().enumerate() {
            if self.estimator == Estimator::HorvitzThompson {
                variance.add((1.0 - chance(k)) * scores[k] * scores[k]);
            }
            for &l in &open[..place] {
                let apart = self.apart(k, l, &sums).ok_or(Unknown::PairImpossible)?;
                variance.add(match self.estimator {
                    Estimator::HorvitzThompson => 2.0 * apart * scores[k] * scores[l],
                    Estimator::SenYatesGrundy => -apart * (scores[k] - scores[l]).powi(2),
                });
            }
        }
        Ok(variance.value())
    }

    /// 1 − π_k π_l / π_kl of two drawn units of a stratum; none if they cannot have been drawn together.
    fn apart(&self, k: usize, l: usize, sums: &Sums) -> Option<f64> {
        let (p, q, n) = (self.chances.of_unit(k), self.chances.of_unit(l), sums.n);
        let ratio = match self.pairs {
            Pairs::Table(table) => table.of(k, l) * self.chances.both(k) / (p * q),
            Pairs::HartleyRao => (n - 1.0) / (n - p - q + sums.squares / n),
            Pairs::Overton => (n - 1.0) / (n - f64::midpoint(p, q)),
            Pairs::Hajek => 1.0 - (1.0 - p) * (1.0 - q) / sums.spread,
            Pairs::Brewer(constant) => {
                let c = |p| 1.0 / inverse(constant, n, p, sums.squares);
                f64::midpoint(c(p), c(q))
            }
        };
        (ratio > 0.0).then(|| 1.0 - 1.0 / ratio)
    }
}

/// Sums over the open units of a stratum.
struct Sums {
    n: f64,
    /// Estimates Σπ².
    squares: f64,
    /// Estimates Σπ(1 − π).
    spread: f64,
}

impl Rule for Paired<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    /// Horvitz–Thompson     Σ_k (1 − π_k) t_k² + 2 Σ_{k<l} (1 − π_k π_l / π_kl) t_k t_l
    /// Sen–Yates–Grundy     Σ_{k<l} (π_k π_l / π_kl − 1)(t_k − t_l)²
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unknown::Negative`] if it comes out below 0; a 0 in its place would be a claim of certainty. [`Unknown::PairImpossible`] if a table says that two of those
    /// drawn cannot have been drawn together. [`Unknown::LonelyStratum`] and [`Unknown::OneAnswer`] as for
    /// [`Unequal`](super::Unequal).
    ///
    /// # Source
    ///
    /// Horvitz, Thompson (1952); Sen (1953); Yates, Grundy (1953); Berger (2004) for the approximations.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        self.chances
            .variance(scores, answered, &|group| self.part(group, scores))
    }

    /// Units that were not certain less strata, as for [`Unequal`](super::Unequal).
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.chances.degrees(answered)
    }
}
