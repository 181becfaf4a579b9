//! The ratio of two totals, both uncertain.

use super::{Answers, Evaluated, Few, Statistic, View};
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "ratio",
    title: Words::new("Ratio of totals", "总量之比"),
    says: Words::new(
        "One total over another, both from those who answered both questions. It is not the mean of \
         each person's own ratio.",
        "两项总量之比，均由两题都作答者计算；不同于个人比值的平均。",
    ),
    formula: "θ̂ = Σ w δ y / Σ w δ x;  z = δ (y − θ̂ x) / Σ w δ x",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§5.6")],
};

/// The total of one item over that of another.
#[derive(Debug, Clone, Copy)]
pub struct Ratio<'a> {
    above: Answers<'a>,
    below: Answers<'a>,
}

impl<'a> Ratio<'a> {
    /// Of `above` over `below`.
    #[must_use]
    pub fn of(above: impl Into<Answers<'a>>, below: impl Into<Answers<'a>>) -> Ratio<'a> {
        let (above, below) = (above.into(), below.into());
        Ratio { above, below }
    }
}

impl Statistic for Ratio<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        format!("{} / {}", self.above.name(), self.below.name())
    }

    /// # Formula
    ///
    /// ```text
    /// θ̂ = Ŷ / X̂;     z = δ (y − θ̂ x) / X̂
    /// ```
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §5.6.
    fn few(&self, view: &View<'_>) -> Option<Few> {
        let both = |unit: usize| Some((unit, self.above.of(unit)?, self.below.of(unit)?));
        let said: Vec<(usize, f64, f64)> = view.units().filter_map(both).collect();
        let (mut above, mut below) = (Sum::default(), Sum::default());
        for &(unit, y, x) in &said {
            above.add(view.weight(unit) * y);
            below.add(view.weight(unit) * x);
        }
        let below = below.value();
        if said.is_empty() || below.abs() <= 0.0 {
            return None;
        }
        let ratio = above.value() / below;
        let score = |&(_, y, x): &(usize, f64, f64)| (y - ratio * x) / below;
        Some(Few {
            value: ratio,
            scores: said.iter().map(score).collect(),
            answered: said.into_iter().map(|(unit, _, _)| unit).collect(),
        })
    }

    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        Some(self.few(view)?.among(view.len()))
    }

    fn value(&self, view: &View<'_>) -> Option<f64> {
        let (mut above, mut below) = (Sum::default(), Sum::default());
        for unit in view.units() {
            if let (Some(y), Some(x)) = (self.above.of(unit), self.below.of(unit)) {
                above.add(view.weight(unit) * y);
                below.add(view.weight(unit) * x);
            }
        }
        let below = below.value();
        (below.abs() > 0.0).then(|| above.value() / below)
    }
}
