//! Answers in order, with their weights added up.

use super::Rule;
use crate::estimate::{Answers, View};
use crate::math::Sum;

/// Parts of all weights that are no difference, but the noise of sums.
const NOISE: f64 = 1e-12;

/// The answers of those in view, in order. There is at least one.
#[derive(Debug, Clone)]
pub(super) struct Order {
    answers: Vec<f64>,
    /// C_k, the weight of this answer and of all before it.
    below: Vec<f64>,
}

impl Order {
    /// None if nobody answered. Equal answers keep the order of the draw.
    pub(super) fn of(item: Answers<'_>, view: &View<'_>) -> Option<Order> {
        let said = |unit: usize| Some((item.of(unit)?, view.weight(unit)));
        let mut said: Vec<(f64, f64)> = view.units().filter_map(said).collect();
        said.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = Sum::default();
        let below = |&(_, weight): &(f64, f64)| {
            sum.add(weight);
            sum.value()
        };
        let below: Vec<f64> = said.iter().map(below).collect();
        let answers: Vec<f64> = said.into_iter().map(|(answer, _)| answer).collect();
        (!answers.is_empty()).then_some(Order { answers, below })
    }

    /// How many answered.
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }

    /// The greatest answer.
    pub(super) fn greatest(&self) -> f64 {
        self.answers[self.answers.len() - 1]
    }

    /// F̂⁻¹(p), for 0 ≤ p ≤ 1.
    ///
    /// # Formula
    ///
    /// ```text
    /// q̂ = y_k + (y_{k+1} − y_k) (p − p_k) / (p_{k+1} − p_k)     on lines;  else see [`Rule`]
    /// ```
    ///
    /// # Source
    ///
    /// Hyndman, Fan (1996), §2; for weights as R's `survey` 4.1.
    pub(super) fn at(&self, p: f64, rule: Rule) -> f64 {
        match (rule, rule.line()) {
            (_, Some((a, b))) => self.on_lines(p, a, b),
            (Rule::Hf3, None) => self.different().on_steps(p, rule),
            (_, None) => self.on_steps(p, rule),
        }
    }

    fn on_steps(&self, p: f64, rule: Rule) -> f64 {
        let all = self.below[self.len() - 1];
        let (wanted, noise) = (p * all, NOISE * all);
        let reached = self.below.partition_point(|&below| below <= wanted + noise);
        let next = self.answers[reached.min(self.len() - 1)];
        if reached == 0 || self.below[reached - 1] < wanted - noise {
            return next;
        }
        let this = self.answers[reached - 1];
        match rule {
            Rule::Hf2 => f64::midpoint(this, next),
            Rule::Hf3 if reached % 2 == 1 => next,
            _ => this,
        }
    }

    fn on_lines(&self, p: f64, a: f64, b: f64) -> f64 {
        let last = self.len() - 1;
        let before = |k: usize| k.checked_sub(1).map_or(0.0, |k| self.below[k]);
        let all = self.below[last] + b * (self.below[last] - before(last));
        if last == 0 {
            return self.answers[0];
        }
        let point = |k: usize| (a * before(k) + (1.0 - a) * self.below[k]) / all;
        let (mut low, mut high) = (0, last);
        if p <= point(low) {
            return self.answers[low];
        }
        if p >= point(high) {
            return self.answers[high];
        }
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if point(middle) <= p {
                low = middle;
            } else {
                high = middle;
            }
        }
        let (from, to) = (self.answers[low], self.answers[high]);
        from + (to - from) * (p - point(low)) / (point(high) - point(low))
    }

    /// Equal answers as one.
    fn different(&self) -> Order {
        let last = |&k: &usize| k + 1 == self.len() || self.answers[k] < self.answers[k + 1];
        let kept: Vec<usize> = (0..self.len()).filter(last).collect();
        Order {
            answers: kept.iter().map(|&k| self.answers[k]).collect(),
            below: kept.iter().map(|&k| self.below[k]).collect(),
        }
    }
}
