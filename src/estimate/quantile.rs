//! The answer below which a share of the people lies: medians and friends.
//!
//! A quantile has no derivative: it jumps from answer to answer. So its interval is Woodruff's: the
//! interval of the *share* of people at or below it, taken back to answers by the rule that found the
//! quantile. [`Quantile::estimate`] makes it. For all that needs a score (a difference of two medians,
//! replicates, a design effect) the quantile is a [`Statistic`] as well.

mod order;

pub mod rule;

mod woodruff;

pub use rule::Rule;
pub use woodruff::Woodruff;

use order::Order;

use super::{Answers, Evaluated, Few, Share, Statistic, Test, View, mean};
use crate::language::Words;
use crate::math::distribution::normal_quantile;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "quantile",
    title: Words::new("Quantile", "分位数"),
    says: Words::new(
        "The answer below which a given share of the people lies; the median at one half. Its interval \
         is that of the share at or below it, taken back to answers, and need not be symmetric.",
        "使给定比例的人低于它的回答值，比例为二分之一时即中位数。其置信区间由不超过该值者所占比例的区间\
         反推而得，不必对称。",
    ),
    formula: "θ̂ = F̂⁻¹(p);  interval F̂⁻¹( F̂(θ̂) ± t √V̂(F̂(θ̂)) );  z = −(δ 1[y ≤ θ̂] − δ F̂(θ̂)) / (N̂ f̂)",
    sources: &[
        Source::new("Woodruff (1952)"),
        Source::new("Francisco, Fuller (1991)"),
        Source::new("Hyndman, Fan (1996)"),
    ],
};

/// A quantile of an item.
#[derive(Debug, Clone, Copy)]
pub struct Quantile<'a> {
    item: Answers<'a>,
    p: f64,
    rule: Rule,
}

impl<'a> Quantile<'a> {
    /// The quantile of this item with a share `p` of the people below it; none unless 0 < p < 1.
    #[must_use]
    pub fn of(item: impl Into<Answers<'a>>, p: f64, rule: Rule) -> Option<Quantile<'a>> {
        let item = item.into();
        (p > 0.0 && p < 1.0).then_some(Quantile { item, p, rule })
    }

    /// The median of this item.
    #[must_use]
    pub fn median(item: impl Into<Answers<'a>>) -> Quantile<'a> {
        Quantile {
            item: item.into(),
            p: 0.5,
            rule: Rule::default(),
        }
    }

    /// The share p.
    #[must_use]
    pub fn p(&self) -> f64 {
        self.p
    }

    /// θ̂; none if nobody in view answered.
    #[must_use]
    pub fn value(&self, view: &View<'_>) -> Option<f64> {
        Order::of(self.item, view).map(|order| order.at(self.p, self.rule))
    }

    /// The share of people whose answer is at most `value`: what the interval is made of.
    #[must_use]
    pub fn share(&self, value: f64) -> Share<'a> {
        Share::of(self.item, Test::AtMost(value))
    }
}

impl Statistic for Quantile<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        format!("{} at {}", self.item.name(), self.p)
    }

    /// The scores of the share at or below θ̂, over the density there. The density is how many people
    /// there are to an answer between two quantiles near by, and the step to either side is what a
    /// simple sample's share would be unsure of; where nobody differs within it, twice that, and so on.
    ///
    /// Where everybody is at or below θ̂, those strictly below are taken: a share of 1 would seem to
    /// have no variance. Where all answers are one, the scores are 0, as those of their mean.
    ///
    /// # Formula
    ///
    /// ```text
    /// z = −δ (1[y ≤ θ̂] − F̂(θ̂)) / (N̂ f̂),     1/f̂ = ( F̂⁻¹(p + h) − F̂⁻¹(p − h) ) / 2h,     h = 1.96 √(p(1 − p)/n)
    /// ```
    ///
    /// # Source
    ///
    /// Francisco, Fuller (1991); Deville (1999) for quantiles as functions of the weights.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let order = Order::of(self.item, view)?;
        let value = order.at(self.p, self.rule);
        let all = order.greatest() <= value;
        let at_or_below = |y: f64| if all { y < value } else { y <= value };
        let said = |unit: usize| {
            self.item
                .of(unit)
                .map(|y| f64::from(u8::from(at_or_below(y))))
        };
        let mut share = mean::average(view, said)?;
        let slope = self.slope(&order);
        for score in &mut share.scores {
            *score *= -slope;
        }
        Some(Few { value, ..share }.among(view.len()))
    }
}

impl Quantile<'_> {
    /// 1/f̂: answers per share; 0 where all answers are one.
    fn slope(&self, order: &Order) -> f64 {
        let mut step =
            normal_quantile(0.975) * (self.p * (1.0 - self.p) / order.len() as f64).sqrt();
        loop {
            let (low, high) = ((self.p - step).max(0.0), (self.p + step).min(1.0));
            let apart = order.at(high, self.rule) - order.at(low, self.rule);
            if apart > 0.0 || (low <= 0.0 && high >= 1.0) {
                return apart / (high - low);
            }
            step *= 2.0;
        }
    }
}

#[cfg(test)]
mod tests;
