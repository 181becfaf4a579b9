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
    formula: "d = 1 / π;  with replacement d = t / E(t),  t hits",
    sources: &[
        Source::new("Horvitz, Thompson (1952)"),
        Source::new("Hansen, Hurwitz (1943)"),
    ],
};

/// d = 1/π, one per drawn unit; with replacement, hits over expected hits.
#[must_use]
pub fn base(sample: &Sample) -> Vec<f64> {
    (0..sample.len())
        .map(|unit| sample.stands_for(unit))
        .collect()
}
