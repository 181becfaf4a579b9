//! Weights of persons, where drawn units that share a number made one call.

use super::{Adjusted, Error, Step};
use crate::draw::stages::one_call::Calls;
use crate::field::Outcomes;
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "persons",
    title: Words::new("Weights of persons", "以人为单位的权数"),
    says: Words::new(
        "Drawn units that share a number are one person. The weights of all of them are added, shared \
         among all units of the list that hold the number, and given to the unit that was asked about. \
         It is unbiased for figures about persons, whatever the design.",
        "共用同一号码的入样单位视为同一人：将其权数合计，按名单中持有该号码的单位数分摊，归于被询问的单位。\
         对以人为单位的指标，在任何抽样设计下均无偏。",
    ),
    formula: "w_j = (1 / m_j) Σ_{k ∈ s_j} d_k",
    sources: &[
        Source::at("Deville, Lavallée (2006)", "weight sharing"),
        Source::at("Sirken (1970)", "multiplicity"),
    ],
};

/// The step, a first one after the base weights.
#[derive(Debug)]
pub struct Persons {
    call: Vec<usize>,
    asked: Vec<bool>,
    /// m, one per call.
    multiplicity: Vec<f64>,
}

/// Sums of a call: weights of all its units, weights and scores of those that were asked about.
#[derive(Debug, Clone, Default)]
struct Together {
    all: Sum,
    asked: Sum,
    score: Sum,
}

impl Persons {
    /// Through these calls, which have one entry for each drawn unit. Where several units of a call
    /// were asked about, they share its weight in proportion to their own.
    #[must_use]
    pub fn through(calls: &Calls) -> Persons {
        Persons {
            call: calls.units.iter().map(|unit| unit.call).collect(),
            asked: calls.units.iter().map(|unit| unit.asked).collect(),
            multiplicity: calls
                .calls
                .iter()
                .map(|call| call.multiplicity as f64)
                .collect(),
        }
    }

    fn together(&self, before: &[f64], scores: &[f64]) -> Vec<Together> {
        let mut together = vec![Together::default(); self.multiplicity.len()];
        for (unit, &call) in self.call.iter().enumerate() {
            let sums = &mut together[call];
            sums.all.add(before[unit]);
            if self.asked[unit] {
                sums.asked.add(before[unit]);
                sums.score.add(scores[unit]);
            }
        }
        together
    }
}

impl Step for Persons {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// # Panics
    ///
    /// If there is not one call per weight: our own bug.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        assert_eq!(before.len(), self.call.len(), "a call per unit");
        let together = self.together(before, &vec![0.0; before.len()]);
        let factor = self.call.iter().zip(&self.asked).map(|(&call, &asked)| {
            let sums = &together[call];
            if asked && sums.asked.value() > 0.0 {
                sums.all.value() / sums.asked.value() / self.multiplicity[call]
            } else {
                f64::from(u8::from(asked))
            }
        });
        Ok(Adjusted::by(before, factor.collect()))
    }

    /// Gives what a person moves back to the units through which it was drawn.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k = d_k z̄_j / m_j + a_k d_k f_j (z_k − z̄_j) / m_j,   f_j = Σ_{s_j} d / Σ_asked d
    /// ```
    ///
    /// with a for being asked about, and z̄ the mean of those of the call. Which of them is asked adds
    /// nothing: the person is the same.
    ///
    /// # Source
    ///
    /// Deville, Lavallée (2006): the figure is a total of the drawn units, each with the mean of
    /// the persons that it leads to.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let before = &adjusted.before;
        let together = self.together(before, scores);
        for (unit, &call) in self.call.iter().enumerate() {
            let sums = &together[call];
            let all = sums.all.value();
            if all <= 0.0 {
                continue;
            }
            let given = before[unit] * sums.score.value() / all;
            let own = if self.asked[unit] && sums.asked.value() > 0.0 {
                scores[unit] - before[unit] * sums.score.value() / sums.asked.value()
            } else {
                0.0
            };
            scores[unit] = given + own;
        }
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::Persons;
    use crate::field::{Class, Outcomes};
    use crate::math::sum;
    use crate::weigh::Step;

    /// Two persons: units 0, 1 and 3 are one, of whom the list has four; 2 is another.
    fn step(asked: [bool; 4]) -> Persons {
        Persons {
            call: vec![0, 0, 1, 0],
            asked: asked.to_vec(),
            multiplicity: vec![4.0, 1.0],
        }
    }

    fn outcomes() -> Outcomes {
        Outcomes {
            class: vec![Class::Interview; 4],
            code: vec![None; 4],
            attempts: vec![1; 4],
            items: vec![],
        }
    }

    const BEFORE: [f64; 4] = [2.0, 5.0, 7.0, 3.0];

    #[test]
    fn the_one_who_was_asked_has_the_weight_of_all() {
        let adjusted = step([false, true, true, false])
            .forward(&BEFORE, &outcomes())
            .expect("calls");
        assert_eq!(adjusted.after, [0.0, 2.5, 7.0, 0.0]);
        // And where all were asked about, each has its own quarter.
        let adjusted = step([true; 4])
            .forward(&BEFORE, &outcomes())
            .expect("calls");
        assert_eq!(adjusted.after, [0.5, 1.25, 7.0, 0.75]);
    }

    #[test]
    fn scores_are_derivatives() {
        const STEP: f64 = 1e-6;
        let answers = [4.0, -1.0, 2.0, 6.0];
        for asked in [
            [false, true, true, false],
            [true, true, true, false],
            [true; 4],
        ] {
            let step = step(asked);
            let total = |before: &[f64]| {
                let adjusted = step.forward(before, &outcomes()).expect("calls");
                sum(adjusted.after.iter().zip(answers).map(|(w, y)| w * y))
            };
            let adjusted = step.forward(&BEFORE, &outcomes()).expect("calls");
            let mut scores: Vec<f64> = adjusted
                .after
                .iter()
                .zip(answers)
                .map(|(w, y)| w * y)
                .collect();
            step.back(&adjusted, &mut scores);
            for unit in 0..4 {
                let moved = |by: f64| {
                    let mut before = BEFORE;
                    before[unit] += by;
                    total(&before)
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                let score = scores[unit] / BEFORE[unit];
                assert!(
                    (slope - score).abs() < 1e-8,
                    "{asked:?} {unit}: {slope} {score}"
                );
            }
        }
    }
}
