//! The mean of an answer.

use super::{Answers, Evaluated, Few, Statistic, View};
use crate::language::Words;
use crate::math::products;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "mean",
    title: Words::new("Mean", "均值"),
    says: Words::new(
        "The weighted mean of those who answered. The number of people it is for is estimated with \
         it, so the mean is a ratio, and its scores are what each answer differs from it.",
        "作答者回答的加权平均。其分母即总体人数亦由样本估计，因此均值是一个比率，\
         每个回答的得分为其与均值之差。",
    ),
    formula: "θ̂ = Σ w δ y / Σ w δ;  z = δ (y − θ̂) / Σ w δ",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§5.7")],
};

/// The mean of an item.
#[derive(Debug, Clone, Copy)]
pub struct Mean<'a>(Answers<'a>);

impl<'a> Mean<'a> {
    /// Of this item.
    #[must_use]
    pub fn of(item: impl Into<Answers<'a>>) -> Mean<'a> {
        Mean(item.into())
    }
}

impl Statistic for Mean<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        self.0.name().to_owned()
    }

    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        Some(self.few(view)?.among(view.len()))
    }

    fn few(&self, view: &View<'_>) -> Option<Few> {
        average(view, |unit| self.0.of(unit))
    }

    fn value(&self, view: &View<'_>) -> Option<f64> {
        level(view, |unit| self.0.of(unit))
    }
}

/// The value of [`average`], without its scores.
pub(super) fn level(view: &View<'_>, value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let said = view.said(value);
    (said.people > 0.0).then(|| products(&said.weights, &said.values) / said.people)
}

/// The weighted mean of a value over the units in view that have one.
///
/// # Formula
///
/// ```text
/// θ̂ = Σ w δ y / N̂,  N̂ = Σ w δ;     z = δ (y − θ̂) / N̂
/// ```
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §5.7.
pub(super) fn average(view: &View<'_>, value: impl Fn(usize) -> Option<f64>) -> Option<Few> {
    let said = view.said(value);
    let people = said.people;
    if said.units.is_empty() || people <= 0.0 {
        return None;
    }
    let value = products(&said.weights, &said.values) / people;
    let mut scores = said.values;
    for y in &mut scores {
        *y = (*y - value) / people;
    }
    Some(Few {
        value,
        scores,
        answered: said.units.into_owned(),
    })
}
