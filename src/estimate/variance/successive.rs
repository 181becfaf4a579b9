//! Systematic draws: neighbours in the order of the walk stand for what might have been drawn instead.

use super::groups::Group;
use super::unequal::Formula;
use super::{Chances, Rule};
use crate::estimate::Unknown;
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "successive",
    title: Words::new("Successive differences", "相继差分方差"),
    says: Words::new(
        "For systematic sampling: units that follow each other in the order of the list are compared, as if \
         each pair were a stratum. What the order explains is not counted. No formula is right for every \
         list: one with a period that the steps meet is not seen.",
        "适用于等距抽样：按名单次序比较相邻入样单位，如同每对相邻单位构成一层，名单次序所解释的差异不计入方差。\
         没有对所有名单都准确的公式；若名单存在与抽样间距吻合的周期，则无法察觉。",
    ),
    formula: "V̂ = Σ_h (1 − π̄) n/(2(n − 1)) Σ (t_i − t_{i−1})²",
    sources: &[
        Source::at("Wolter (2007)", "§8.2.1, §8.6"),
        Source::at("Cochran (1977)", "§8.11"),
    ],
};

/// Which units are compared. Numbers are Wolter's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Differences {
    /// Each unit with the one before it: v₂. It uses every neighbour, and is as good as any for most
    /// lists.
    #[default]
    Overlapping,
    /// Units in pairs: v₃. Right for two units from each of many strata; half as many comparisons.
    Pairs,
    /// Each unit with the line through its neighbours: v₄. A straight trend adds nothing.
    Second,
    /// Five units in a row: v₅. Curves add little.
    Fifth,
    /// Nine units in a row: v₆.
    Ninth,
}

impl Differences {
    /// What the units of a row are multiplied by.
    fn contrast(self) -> &'static [f64] {
        match self {
            Differences::Overlapping | Differences::Pairs => &[1.0, -1.0],
            Differences::Second => &[1.0, -2.0, 1.0],
            Differences::Fifth => &[0.5, -1.0, 1.0, -1.0, 0.5],
            Differences::Ninth => &[0.5, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 0.5],
        }
    }

    fn step(self) -> usize {
        if self == Differences::Pairs { 2 } else { 1 }
    }
}

/// Units that a walk along the list met.
///
/// Wolter's v₁ is [`Strata`](super::Strata) and ignores the order; v₇ needs the sample in parts, and v₈ is
/// v₁ times what a model of the list says; both are left out.
///
/// # Example
///
/// Every tenth of a list that rises steadily:
///
/// ```
/// use canvass::estimate::variance::{Chances, Differences, Rule, Successive};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town"; 4]);
/// let chances = Chances::given(&stratum, &[0.1; 4])?;
/// let rule = Successive::of(chances.clone(), &[3, 13, 23, 33], Differences::Overlapping);
/// // 0.9 · 4 / (2 · 3) · (1² + 1² + 1²)
/// let variance = rule.variance(&[1.0, 2.0, 3.0, 4.0], &[0, 1, 2, 3]).expect("four units");
/// assert!((variance - 1.8).abs() < 1e-12);
///
/// let rule = Successive::of(chances, &[3, 13, 23, 33], Differences::Second);
/// assert_eq!(rule.variance(&[1.0, 2.0, 3.0, 4.0], &[0, 1, 2, 3]), Ok(0.0));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Successive<'a> {
    chances: Chances<'a>,
    differences: Differences,
}

impl<'a> Successive<'a> {
    /// Of these units; `order` tells for each when the walk met it: its place in the list as it was sorted
    /// for the draw. Strata are walked one by one.
    ///
    /// Where only some of a stratum's units were released, those that follow each other were not
    /// neighbours of the walk; such a stratum has the variance of [`Unequal`](super::Unequal).
    ///
    /// # Panics
    ///
    /// If there is not a place for each unit: our own bug.
    #[must_use]
    pub fn of(mut chances: Chances<'a>, order: &[u64], differences: Differences) -> Successive<'a> {
        assert_eq!(order.len(), chances.len(), "a place for each unit");
        for group in chances.groups_mut() {
            group.open.sort_by_key(|&unit| (order[unit as usize], unit));
        }
        Successive {
            chances,
            differences,
        }
    }

    fn part(&self, group: &Group, scores: &[f64]) -> Result<f64, Unknown> {
        if group.partly {
            return Ok(Formula::Hajek.part(&self.chances.sorted(group, scores)));
        }
        let n = group.open.len() as f64;
        let contrast = self.differences.contrast();
        let size = sum(contrast.iter().map(|c| c * c));
        let rows = group.open.windows(contrast.len());
        let squares: Vec<f64> = (rows.step_by(self.differences.step()))
            .map(|row| {
                sum(row
                    .iter()
                    .zip(contrast)
                    .map(|(&u, c)| c * scores[u as usize]))
                .powi(2)
            })
            .collect();
        if squares.is_empty() {
            return Err(Unknown::TooFew {
                strata: vec![group.label.clone()],
                least: contrast.len() as u64,
            });
        }
        let open = group
            .open
            .iter()
            .map(|&unit| self.chances.of_unit(unit as usize));
        let left = 1.0 - sum(open) / n;
        let compared = squares.len() as f64;
        Ok(left * n / (size * compared) * sum(squares))
    }
}

impl Rule for Successive<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    ///                    n
    /// V̂ = Σ_h (1 − π̄) ─────── Σ_i ( Σ_j c_j t_{i−j} )²
    ///                 m Σ c²
    ///
    /// v₂  c = 1, −1           m = n − 1        v₄  c = 1, −2, 1             m = n − 2
    /// v₃  the same in pairs   m = ⌊n/2⌋        v₅  c = ½, −1, 1, −1, ½      m = n − 4
    /// ```
    ///
    /// m rows of units are compared. π̄ is the mean of those drawn; where chances differ, it estimates Σπ²/n,
    /// as Hartley and Rao's variance has it. Certain units are not met by the walk.
    ///
    /// # Errors
    ///
    /// [`Unknown::TooFew`] names a stratum with fewer units than are compared in a row;
    /// [`Unknown::LonelyStratum`] and [`Unknown::OneAnswer`] as for [`Unequal`](super::Unequal).
    ///
    /// # Source
    ///
    /// Wolter (2007), (8.2.1) to (8.2.6) for equal chances, §8.6 for unequal ones. For n odd, v₃ there
    /// divides by n, and here by twice the pairs.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        self.chances
            .variance(scores, answered, &|group| self.part(group, scores))
    }

    /// Units that were not certain less strata, of those that count.
    ///
    /// # Formula
    ///
    /// ```text
    /// ν = n − H
    /// ```
    ///
    /// # Source
    ///
    /// Wolter (2007), §8.2.3 gives no other; overlapping differences are not independent, and would be
    /// worth about two thirds of that.
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.chances.degrees(answered)
    }
}
