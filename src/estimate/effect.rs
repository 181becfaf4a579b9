//! What the design costs beside a simple sample of the same size.

use super::Few;
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "deff",
    title: Words::new("Design effect", "设计效应"),
    says: Words::new(
        "The variance over the one that a simple random sample with as many answers would have had: \
         what strata, unequal weights and the weighting steps cost or gain together.",
        "估计方差与同等样本量简单随机样本方差之比，综合反映分层、不等权数和各加权步骤的得失。",
    ),
    formula: "deff = V̂ / V_srs;  V_srs = N̂² (1 − n/N̂) S²_w(z) / n",
    sources: &[Source::at("Kish (1965)", "§8.2")],
};

/// The variance that the figure would have, had its answers come from a simple random sample without
/// replacement of as many units from as many people as the weights add up to.
///
/// None with fewer than two answers, where nobody differs, or where the weights add up to fewer
/// people than answered.
///
/// # Formula
///
/// ```text
/// V_srs = N̂² (1 − n/N̂) S²_w / n,   S²_w = n/(n − 1) · Σ w (z − z̄)² / N̂,   N̂ = Σ w
/// ```
///
/// # Source
///
/// Kish (1965), §8.2; S²_w as R's `survey` estimates it.
pub(super) fn simple_variance(weights: &[f64], few: &Few) -> Option<f64> {
    let units = || weights.iter().copied().zip(&few.scores);
    let n = few.answered.len() as f64;
    let people = sum(units().map(|(weight, _)| weight));
    if n < 2.0 || people <= n {
        return None;
    }
    let mean = sum(units().map(|(weight, score)| weight * score)) / people;
    let mut squares = Sum::default();
    for (weight, score) in units() {
        squares.add(weight * (score - mean).powi(2));
    }
    let spread = n / (n - 1.0) * squares.value() / people;
    let variance = people * people * (1.0 - n / people) * spread / n;
    (variance > 0.0).then_some(variance)
}
