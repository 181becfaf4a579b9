//! Which point between two answers a quantile is.

use crate::language::Words;
use crate::method::{Card, Source};

/// What the rules say of themselves.
pub const CARD: Card = Card {
    key: "quantile-rule",
    title: Words::new("Rules for quantiles", "分位数规则"),
    says: Words::new(
        "A share falls between two answers; nine rules say which point is meant. The first three give \
         an answer that somebody gave, or the middle of two; the others lie on lines between the points \
         of the cumulated weights. For many answers they agree.",
        "给定比例往往落在两个回答之间，九种规则规定取哪一点：前三种取实际出现的回答或两者的中点，\
         其余在累计权数各点之间线性内插。样本量大时各规则趋于一致。",
    ),
    formula: "hf1 min{y: F̂(y) ≥ p};  hf4–hf9 through ( (a C_{k−1} + (1 − a) C_k) / (C_n + b w_n), y_k )",
    sources: &[
        Source::new("Hyndman, Fan (1996)"),
        Source::new("Lumley (2010)"),
    ],
};

/// The nine rules of Hyndman and Fan, for weights as R's `survey` has them since its version 4.1.
///
/// | rule | steps | with cumulated weights C_k, in the order of answers |
/// |---|---|---|
/// | `hf1` | yes | the least answer y with F̂(y) ≥ p: R's `math`, and the default |
/// | `hf2` | yes | the same; but where F̂(y) = p exactly, the middle of y and the next answer: R's `school` |
/// | `hf3` | yes | as `hf1`; but where F̂(y) = p exactly and y is at an odd place among the different answers, the next one |
///
/// | rule | lines through p_k = (a C_{k−1} + (1 − a) C_k) / (C_n + b w_n) | a | b |
/// |---|---|---|---|
/// | `hf4` | C_k / C_n | 0 | 0 |
/// | `hf5` | (C_k − w_k/2) / C_n | 1/2 | 0 |
/// | `hf6` | C_k / (C_n + w_n) | 0 | 1 |
/// | `hf7` | C_{k−1} / C_{n−1} | 1 | −1 |
/// | `hf8` | (C_k − w_k/3) / (C_n + w_n/3) | 1/3 | 1/3 |
/// | `hf9` | (C_k − 3w_k/8) / (C_n + w_n/4) | 3/8 | 1/4 |
///
/// Beyond the first and last point the quantile is the least or greatest answer.
///
/// R's `survey` 4.1-1 differs in three ways:
///
/// - For a p smaller than the first answer's part of the weights, its `hf1` to `hf3` give the *second*
///   answer and its `hf4` a line beyond the first; here all give the first.
/// - It compares C_k with p C_n to the last bit, so that noise may hide a tie. Here what is equal to
///   twelve digits is equal.
/// - Its `hf3` is followed, but with equal weights neither is the third rule of Hyndman and Fan, who
///   take the nearest place; R's own manual says it is.
///
/// Where the last six rules meet equal answers with unequal weights, their order matters; it is that of
/// the draw, as R's is that of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rule {
    /// The inverse of the distribution.
    #[default]
    Hf1,
    /// With the middle at ties, as schools teach the median.
    Hf2,
    /// With the even place at ties.
    Hf3,
    /// Lines between the cumulated shares.
    Hf4,
    /// Lines between the middles of the steps.
    Hf5,
    /// Lines, with room above the last: the mean of the order statistics.
    Hf6,
    /// Lines from the least to the greatest answer.
    Hf7,
    /// Lines, nearly through the medians of the order statistics.
    Hf8,
    /// Lines, nearly through the means, were answers normal.
    Hf9,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 9] = [
        Rule::Hf1,
        Rule::Hf2,
        Rule::Hf3,
        Rule::Hf4,
        Rule::Hf5,
        Rule::Hf6,
        Rule::Hf7,
        Rule::Hf8,
        Rule::Hf9,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Rule::Hf1 => "hf1",
            Rule::Hf2 => "hf2",
            Rule::Hf3 => "hf3",
            Rule::Hf4 => "hf4",
            Rule::Hf5 => "hf5",
            Rule::Hf6 => "hf6",
            Rule::Hf7 => "hf7",
            Rule::Hf8 => "hf8",
            Rule::Hf9 => "hf9",
        }
    }

    /// The rule of that word.
    ///
    /// ```
    /// use canvass::estimate::quantile::Rule;
    /// assert_eq!(Rule::named("math"), Some(Rule::Hf1));
    /// assert_eq!(Rule::named("school"), Some(Rule::Hf2));
    /// assert_eq!(Rule::named("shahvaish"), None);
    /// ```
    #[must_use]
    pub fn named(word: &str) -> Option<Rule> {
        match word {
            "math" => Some(Rule::Hf1),
            "school" => Some(Rule::Hf2),
            _ => Rule::ALL.into_iter().find(|rule| rule.word() == word),
        }
    }

    /// a and b of the rules with lines.
    pub(super) fn line(self) -> Option<(f64, f64)> {
        match self {
            Rule::Hf1 | Rule::Hf2 | Rule::Hf3 => None,
            Rule::Hf4 => Some((0.0, 0.0)),
            Rule::Hf5 => Some((0.5, 0.0)),
            Rule::Hf6 => Some((0.0, 1.0)),
            Rule::Hf7 => Some((1.0, -1.0)),
            Rule::Hf8 => Some((1.0 / 3.0, 1.0 / 3.0)),
            Rule::Hf9 => Some((0.375, 0.25)),
        }
    }
}
