//! What weights look like: how many, how unequal, how far they meet their totals.

use serde::{Deserialize, Serialize};

use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "kish",
    title: Words::new("Design effect of weighting", "加权的设计效应"),
    says: Words::new(
        "By how much unequal weights widen a mean's variance, if answers have nothing to do with \
         weights; and how many equally weighted interviews would tell as much.",
        "若回答与权数无关，权数不等使均值方差扩大的倍数；以及与之等效的等权访问数。",
    ),
    formula: "deff = n Σw² / (Σw)²;  n_eff = n / deff",
    sources: &[
        Source::at("Kish (1965)", "§11.7"),
        Source::new("Kish (1992)"),
    ],
};

/// The weights after one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// The step's card key; "base" for the beginning.
    pub step: String,
    /// Drawn units with a weight above 0.
    pub positive: u64,
    /// The sum of all weights.
    pub total: f64,
    /// The smallest weight of an interview.
    pub smallest: f64,
    /// The largest weight of an interview.
    pub largest: f64,
    /// A quarter of the interviews have this weight or less, half of them, three quarters; none without
    /// interviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarters: Option<[f64; 3]>,
    /// The design effect of weighting, over interviews; none without interviews.
    pub kish: Option<f64>,
    /// The effective number of interviews.
    pub effective: Option<f64>,
    /// The largest relative misfit of a known total, where the step meets some.
    pub misfit: Option<f64>,
    /// Rounds made, where the step goes in rounds.
    pub rounds: Option<u32>,
}

/// The design effect of weights above 0; none if there are none.
///
/// # Formula
///
/// ```text
/// deff = n Σw² / (Σw)²
/// ```
///
/// # Source
///
/// Kish (1965), §11.7. It equals 1 + CV², the CV with divisor n.
///
/// # Example
///
/// ```
/// use canvass::weigh::quality::kish;
/// assert_eq!(kish([2.0, 2.0, 0.0]), Some(1.0));
/// assert_eq!(kish([1.0, 3.0]), Some(1.25));
/// ```
#[must_use]
pub fn kish(weights: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut count, mut total, mut squares) = (0_u64, Sum::default(), Sum::default());
    for weight in weights.into_iter().filter(|weight| *weight > 0.0) {
        count += 1;
        total.add(weight);
        squares.add(weight * weight);
    }
    (count > 0).then(|| count as f64 * squares.value() / total.value().powi(2))
}

/// The smallest weights that a quarter, half, and three quarters do not exceed.
pub(super) fn quarters(mut weights: Vec<f64>) -> Option<[f64; 3]> {
    weights.sort_by(f64::total_cmp);
    let count = weights.len();
    (count > 0).then(|| [1, 2, 3].map(|part| weights[(part * count).div_ceil(4) - 1]))
}

/// What these weights look like.
pub(super) fn of(step: &str, weights: &[f64], interviewed: &[bool]) -> Quality {
    let mine = || {
        weights
            .iter()
            .zip(interviewed)
            .filter(|(w, i)| **i && **w > 0.0)
            .map(|(w, _)| *w)
    };
    let interviews = mine().count() as f64;
    let kish = kish(mine());
    let ends = mine().fold(None, |ends: Option<(f64, f64)>, w| {
        Some(ends.map_or((w, w), |(low, high)| (low.min(w), high.max(w))))
    });
    let (smallest, largest) = ends.unwrap_or_default();
    Quality {
        step: step.to_owned(),
        positive: weights.iter().filter(|weight| **weight > 0.0).count() as u64,
        total: sum(weights.iter().copied()),
        smallest,
        largest,
        quarters: quarters(mine().collect()),
        kish,
        effective: kish.map(|deff| interviews / deff),
        misfit: None,
        rounds: None,
    }
}
