//! Unequal chances, without replacement: the variance of a sum of scores from the chances of units.
//!
//! | rule         | needs                         | serves                                         |
//! |--------------|-------------------------------|------------------------------------------------|
//! | [`Unequal`]  | π of those drawn              | methods that leave much to chance, fixed size  |
//! | [`Paired`]   | also π of pairs, or near them | methods with a table; comparisons              |
//! | [`Staged`]   | π at every stage              | clusters with unequal chances, and units within |
//!
//! Scores arrive weighted. Without weighting steps, t = z/π, the expanded score ž of textbooks. After
//! steps, t is what the ledger makes of w z when it is read backwards: the same in the scale of the
//! final weights. The design's part of a formula, 1 − π, always takes the chances of the draw.

mod formula;

mod pairs;

mod staged;

pub use formula::Formula;
pub use pairs::{CARD as PAIRS_CARD, Estimator, Paired, Pairs};
pub use staged::{ChanceStage, Staged};

use super::{Chances, Rule};
use crate::estimate::Unknown;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "unequal",
    title: Words::new("Variance for unequal chances", "不等概率抽样的方差"),
    says: Words::new(
        "Scores are measured from a common centre, and each counts by how uncertain it was that its unit \
         would be drawn. Close for methods of fixed size that leave much to chance: Sampford, Pareto, \
         random pivotal. A unit that was certain adds nothing.",
        "以得分与共同中心之差的平方、按各单位入样的不确定程度加权求和。适用于固定样本量的高熵抽样方法\
         （如桑福德、帕累托、随机枢轴抽样）；必然入样的单位不产生方差。",
    ),
    formula: "Hájek: V̂ = Σ_h n/(n − 1) Σ (1 − π)(t − B)²,  B = Σ (1 − π) t / Σ (1 − π);  \
              Deville: 1/(1 − Σa²) for n/(n − 1);  Brewer: Σ (1/c − π)(t − t̄)²",
    sources: &[
        Source::new("Hájek (1964)"),
        Source::at("Deville (1999)", "§3"),
        Source::at("Brewer, Donadio (2003)", "§4"),
        Source::new("Matei, Tillé (2005)"),
    ],
};

/// Units drawn from strata with unequal chances, without replacement, a fixed number from each.
///
/// # Example
///
/// Both units had the chance 1/2, as in a simple sample of two of four:
///
/// ```
/// use canvass::estimate::variance::{Chances, Rule, Unequal};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town"; 2]);
/// let rule = Unequal::of(Chances::given(&stratum, &[0.5, 0.5])?);
/// // (1 − 2/4) · 2/1 · (2² + 2²)
/// assert_eq!(rule.variance(&[1.0, 5.0], &[0, 1]), Ok(8.0));
/// assert_eq!(rule.degrees(&[0, 1]), 1);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Unequal<'a> {
    chances: Chances<'a>,
    formula: Formula,
}

impl<'a> Unequal<'a> {
    /// By Hájek's formula.
    #[must_use]
    pub fn of(chances: Chances<'a>) -> Unequal<'a> {
        Unequal::by(Formula::Hajek, chances)
    }

    /// By another formula.
    #[must_use]
    pub fn by(formula: Formula, chances: Chances<'a>) -> Unequal<'a> {
        Unequal { chances, formula }
    }
}

impl Rule for Unequal<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂ = Σ_h V̂_h,  V̂_h as [`Formula`] says, over the units with π < 1
    /// ```
    ///
    /// # Arguments
    ///
    /// | symbol | argument  | shape | unit                    |
    /// |--------|-----------|-------|-------------------------|
    /// | t      | `scores`  | n     | weighted: of the figure |
    /// | π      | [`Chances`] | n   | –                       |
    ///
    /// # Errors
    ///
    /// [`Unknown::LonelyStratum`] names strata with a single unit that was not certain, unless they are
    /// to be taken for something; [`Unknown::OneAnswer`] if the figure is the mean of one answer;
    /// [`Unknown::Negative`] with Brewer's constants of the whole, which can go below 0.
    ///
    /// # Source
    ///
    /// Hájek (1964); Deville (1999); Brewer, Donadio (2003).
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        self.chances.variance(scores, answered, &|group| {
            Ok(self.formula.part(&self.chances.sorted(group, scores)))
        })
    }

    /// Units that were not certain less the strata they are from, of those that count. If all were
    /// certain, units less strata: for what weighting adds.
    ///
    /// # Formula
    ///
    /// ```text
    /// ν = n − H
    /// ```
    ///
    /// # Source
    ///
    /// Korn, Graubard (1999), §5.2. R's `survey` counts certain units too.
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.chances.degrees(answered)
    }
}
