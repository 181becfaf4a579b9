//! One over the chance of being drawn.

use crate::draw::Sample;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "base",
    title: Words::new("Base weight", "基础权数"),
    says: Words::new(
        "One over the chance of being drawn: how many units of the list each drawn unit stands for.",
        "入样概率的倒数，即每个样本单位代表名单中多少个单位。",
    ),
    formula: "d = 1 / π",
    sources: &[Source::new("Horvitz, Thompson (1952)")],
};

/// d = 1/π, one per drawn unit.
#[must_use]
pub fn base(sample: &Sample) -> Vec<f64> {
    sample
        .probability
        .iter()
        .map(|probability| 1.0 / probability)
        .collect()
}
