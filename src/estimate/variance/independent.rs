//! Units drawn each on its own: Poisson and Bernoulli sampling.

use super::{Chances, Rule};
use crate::estimate::Unknown;
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "independent",
    title: Words::new("Variance of independent draws", "独立抽取的方差"),
    says: Words::new(
        "For Poisson and Bernoulli sampling: chance decides on each unit by itself, so that each adds its \
         own part, and nothing else does. How many are drawn varies too, and that is part of it.",
        "适用于泊松抽样与伯努利抽样：各单位独立决定是否入样，方差为各单位贡献之和，其中已包含样本量的随机性。",
    ),
    formula: "V̂ = Σ (1 − π) t²",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§3.5")],
};

/// Units that were drawn each on its own.
///
/// # Example
///
/// ```
/// use canvass::estimate::variance::{Chances, Independent, Rule};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town"; 3]);
/// let rule = Independent::of(Chances::given(&stratum, &[0.5, 0.75, 1.0])?);
/// // ½ · 2² + ¼ · 4²
/// assert_eq!(rule.variance(&[2.0, 4.0, 9.0], &[0, 1, 2]), Ok(6.0));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Independent<'a> {
    chances: Chances<'a>,
}

impl<'a> Independent<'a> {
    /// Of these units.
    #[must_use]
    pub fn of(chances: Chances<'a>) -> Independent<'a> {
        Independent { chances }
    }
}

impl Rule for Independent<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn. A stratum with a single unit is
    /// nothing special.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂ = Σ (1 − π) t²
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unknown::OneAnswer`] if the figure is the mean of one answer.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §3.5.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        self.chances.single(scores, answered)?;
        Ok(sum(self.chances.groups().iter().flat_map(|group| {
            let units = self.chances.sorted(group, scores);
            units.into_iter().map(|(p, t)| (1.0 - p) * t * t)
        })))
    }

    /// Units that were not certain less strata, as for [`Unequal`](super::Unequal).
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.chances.degrees(answered)
    }
}
