//! The mean of an answer.

use super::{Evaluated, Few, Statistic, View};
use crate::field::Item;
use crate::language::Words;
use crate::math::Sum;
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
pub struct Mean<'a>(&'a Item);

impl<'a> Mean<'a> {
    /// Of this item.
    #[must_use]
    pub fn of(item: &'a Item) -> Mean<'a> {
        Mean(item)
    }
}

impl Statistic for Mean<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        self.0.name.clone()
    }

    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        Some(self.few(view)?.among(view.len()))
    }

    fn few(&self, view: &View<'_>) -> Option<Few> {
        average(view, |unit| self.0.values[unit])
    }

    fn value(&self, view: &View<'_>) -> Option<f64> {
        level(view, |unit| self.0.values[unit])
    }
}

/// The value of [`average`], without its scores.
pub(super) fn level(view: &View<'_>, value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let (mut people, mut total) = (Sum::default(), Sum::default());
    for unit in view.units() {
        if let Some(y) = value(unit) {
            people.add(view.weight(unit));
            total.add(view.weight(unit) * y);
        }
    }
    let people = people.value();
    (people > 0.0).then(|| total.value() / people)
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
    let said: Vec<(usize, f64)> = view
        .units()
        .filter_map(|unit| Some((unit, value(unit)?)))
        .collect();
    let (mut people, mut total) = (Sum::default(), Sum::default());
    for &(unit, y) in &said {
        people.add(view.weight(unit));
        total.add(view.weight(unit) * y);
    }
    let people = people.value();
    if said.is_empty() || people <= 0.0 {
        return None;
    }
    let mean = total.value() / people;
    Some(Few {
        value: mean,
        scores: said.iter().map(|&(_, y)| (y - mean) / people).collect(),
        answered: said.into_iter().map(|(unit, _)| unit).collect(),
    })
}
