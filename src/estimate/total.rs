//! The total of an answer over the population.

use super::{Answers, Evaluated, Few, Statistic, View};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "total",
    title: Words::new("Total", "总量"),
    says: Words::new(
        "The sum of an answer over the population: each answer times the people it speaks for. Those \
         who did not answer this question add nothing, so where many leave it out the total is too \
         small.",
        "某项回答在总体中的合计：每个回答乘以其所代表的人数。未回答该题者不计入，\
         因此缺答较多时总量会偏低。",
    ),
    formula: "θ̂ = Σ w δ y;  z = δ y",
    sources: &[Source::new("Horvitz, Thompson (1952)")],
};

/// The total of an item.
#[derive(Debug, Clone, Copy)]
pub struct Total<'a>(Answers<'a>);

impl<'a> Total<'a> {
    /// Of this item.
    #[must_use]
    pub fn of(item: impl Into<Answers<'a>>) -> Total<'a> {
        Total(item.into())
    }
}

impl Statistic for Total<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        self.0.name().to_owned()
    }

    /// # Formula
    ///
    /// ```text
    /// θ̂ = Σ w δ y;     z = δ y
    /// ```
    ///
    /// # Source
    ///
    /// Horvitz, Thompson (1952).
    fn few(&self, view: &View<'_>) -> Option<Few> {
        let said = |unit| Some((unit, self.0.of(unit)?));
        let (answered, scores): (Vec<usize>, Vec<f64>) = view.units().filter_map(said).unzip();
        let products = answered.iter().zip(&scores);
        let value = sum(products.map(|(&unit, y)| view.weight(unit) * y));
        (!answered.is_empty()).then_some(Few {
            value,
            scores,
            answered,
        })
    }

    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        Some(self.few(view)?.among(view.len()))
    }

    fn value(&self, view: &View<'_>) -> Option<f64> {
        let weighted = |unit| Some(view.weight(unit) * self.0.of(unit)?);
        let mut products = view.units().filter_map(weighted).peekable();
        products.peek()?;
        Some(sum(products))
    }
}
