//! A subsample of those who did not answer, followed up until they do.

use super::{Adjusted, Error, Step};
use crate::field::Outcomes;
use crate::frame::Codes;
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "second-phase",
    title: Words::new("Second phase", "第二相子样本"),
    says: Words::new(
        "Of those who had not answered, some were drawn at random and followed up. They speak for all of \
         their class, and the others for nobody. How many are followed up of how many is known, so what \
         chance adds is known too; whether the drawn ones answer is for the next step.",
        "从尚未应答者中随机抽取一部分继续追访，由其代表所在类的全部未应答者，其余不再代表任何人。\
         追访比例已知，由此增加的方差也可计算；被追访者是否应答由后续步骤处理。",
    ),
    formula: "f_c = n₁ / n₂ for those followed up, 0 for the others of class c;  \
              V̂ = V̂₁ + Σ_c n₁² (1/n₂ − 1/n₁) S²_c(d z)",
    sources: &[
        Source::new("Hansen, Hurwitz (1946)"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§9.3"),
    ],
};

/// A unit's part in the second phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// It had answered, or the second phase does not concern it: it keeps its weight.
    Outside,
    /// It could have been followed up, and was drawn.
    Drawn,
    /// It could have been followed up, and was not drawn.
    NotDrawn,
}

/// The step.
#[derive(Debug)]
pub struct SecondPhase {
    class: Codes,
    parts: Vec<Follow>,
}

/// What a class has: units, units followed up, and the sum of their scores.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    all: u64,
    drawn: u64,
    score: Sum,
}

impl SecondPhase {
    /// By these parts, one per drawn unit; within a class those who are followed up were drawn simply,
    /// each with the same chance.
    ///
    /// # Panics
    ///
    /// If there is not one class per part: our own bug.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::field::{Class, Outcomes};
    /// use canvass::frame::Codes;
    /// use canvass::weigh::second_phase::{Follow, SecondPhase};
    /// use canvass::weigh::Step;
    ///
    /// let class = Codes::from_labels(["all"; 4]);
    /// let parts = vec![Follow::Outside, Follow::Drawn, Follow::NotDrawn, Follow::NotDrawn];
    /// let outcomes = Outcomes { class: vec![Class::Interview; 4], code: vec![None; 4], attempts: vec![1; 4], items: vec![] };
    /// let adjusted = SecondPhase::within(class, parts).forward(&[5.0; 4], &outcomes)?;
    /// assert_eq!(adjusted.after, [5.0, 15.0, 0.0, 0.0]);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    #[must_use]
    pub fn within(class: Codes, parts: Vec<Follow>) -> SecondPhase {
        assert_eq!(class.len(), parts.len(), "a class per unit");
        SecondPhase { class, parts }
    }

    fn counts(&self, before: &[f64], scores: &[f64]) -> Vec<Count> {
        let mut counts = vec![Count::default(); self.class.labels().len()];
        for (unit, part) in self.parts.iter().enumerate() {
            if *part == Follow::Outside || before[unit] <= 0.0 {
                continue;
            }
            let count = &mut counts[self.class.code(unit)];
            count.all += 1;
            if *part == Follow::Drawn {
                count.drawn += 1;
                count.score.add(scores[unit]);
            }
        }
        counts
    }
}

impl Step for SecondPhase {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// # Errors
    ///
    /// [`Error::EmptyClass`] names a class of which nobody was followed up.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let counts = self.counts(before, &vec![0.0; before.len()]);
        if let Some(empty) = counts
            .iter()
            .position(|count| count.all > 0 && count.drawn == 0)
        {
            return Err(Error::EmptyClass {
                step: CARD.key,
                class: self.class.labels()[empty].clone(),
                cases: counts[empty].all,
            });
        }
        let factor = self.parts.iter().enumerate().map(|(unit, part)| {
            let count = counts[self.class.code(unit)];
            match part {
                Follow::Outside => 1.0,
                Follow::NotDrawn => 0.0,
                Follow::Drawn if count.drawn > 0 => count.all as f64 / count.drawn as f64,
                Follow::Drawn => 1.0,
            }
        });
        Ok(Adjusted::by(before, factor.collect()))
    }

    /// Gives every unit of a class the mean of those who are followed up, and leaves to these what they
    /// differ from it.
    ///
    /// # Formula
    ///
    /// ```text
    /// u = d z,   ū = Σ_drawn u / n₂,   f = n₁ / n₂,   b = n₂ / (n₂ − 1),   a² = b (n₁ − 1) / n₁
    ///
    /// s′_k  = ū + r_k a f (u_k − ū),     extra = b Σ_drawn f (f − 1) (u_k − ū)² / d_k
    /// ```
    ///
    /// The first is what the draw's variance is computed from, as if everyone were marked beforehand for
    /// being followed up or not; the second is the chance of these marks over the list. Together they
    /// are the variance of the first phase and that of the second. The factors a and b make squares unbiased:
    /// after a simple draw and one class the variance is N² (1/n₂ − 1/N) s², that of a simple draw of n₂.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §9.3, whose estimator this is to the order of 1/n₂; the order of
    /// the two phases is that of Shao, Steel (1999). R's `survey` (`twophase`) estimates the two terms one
    /// by one; in a single sample the two may differ by a tenth. Over second phases they agree but for an
    /// order of 1/n₂, by which this one is on the large side where classes cut across small strata. After a
    /// draw in stages, where a class runs through clusters, marks are still given beforehand over the list, and
    /// the rule of the stages sees them in its clusters; by drawing, the mean is within 15 % there.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let before = &adjusted.before;
        let counts = self.counts(before, scores);
        let mut extra = Sum::default();
        for (unit, part) in self.parts.iter().enumerate() {
            if *part == Follow::Outside || before[unit] <= 0.0 {
                continue;
            }
            let Count { all, drawn, score } = counts[self.class.code(unit)];
            let (all, drawn) = (all as f64, drawn as f64);
            let (mean, factor) = (score.value() / all, all / drawn);
            if *part == Follow::NotDrawn {
                scores[unit] = mean;
                continue;
            }
            let unbiased = if drawn > 1.0 {
                drawn / (drawn - 1.0)
            } else {
                1.0
            };
            let off = scores[unit] / factor - mean;
            extra.add(unbiased * factor * (factor - 1.0) * off * off / before[unit]);
            let lost = if drawn > 1.0 {
                unbiased * (all - 1.0) / all
            } else {
                1.0
            };
            scores[unit] = mean + lost.sqrt() * factor * off;
        }
        extra.value()
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        vec![self.class.label(unit).to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::{Follow, SecondPhase};
    use crate::field::{Class, Outcomes};
    use crate::frame::Codes;
    use crate::math::sum;
    use crate::weigh::{Error, Step};

    fn outcomes(n: usize) -> Outcomes {
        Outcomes {
            class: vec![Class::Interview; n],
            code: vec![None; n],
            attempts: vec![1; n],
            items: vec![],
        }
    }

    /// s².
    fn square(values: &[f64]) -> f64 {
        let mean = sum(values.iter().copied()) / values.len() as f64;
        sum(values.iter().map(|x| (x - mean) * (x - mean))) / (values.len() as f64 - 1.0)
    }

    #[test]
    fn after_a_simple_draw_it_is_a_simple_draw_of_those_who_are_left() {
        // 12 of 60, then 5 of the 12: a simple draw of 5.
        let (n1, n2, population) = (12, 5, 60.0);
        let answers = [4.0, 9.0, 1.0, 6.0, 7.0];
        let parts = (0..n1).map(|unit| {
            if unit < n2 {
                Follow::Drawn
            } else {
                Follow::NotDrawn
            }
        });
        let step = SecondPhase::within(Codes::from_labels(["all"; 12]), parts.collect());
        let before = vec![population / n1 as f64; n1];
        let adjusted = step
            .forward(&before, &outcomes(n1))
            .expect("some are followed up");
        let mut scores: Vec<f64> = (0..n1)
            .map(|unit| adjusted.after[unit] * answers.get(unit).copied().unwrap_or(0.0))
            .collect();
        let total = sum(scores.iter().copied());
        let extra = step.back(&adjusted, &mut scores);
        assert!((sum(scores.iter().copied()) - total).abs() < 1e-10);
        let n = n1 as f64;
        let variance = (1.0 - n / population) * n * square(&scores) + extra;
        let wanted =
            population * population * (1.0 / n2 as f64 - 1.0 / population) * square(&answers);
        assert!(
            (variance / wanted - 1.0).abs() < 1e-12,
            "{variance} is not {wanted}"
        );
    }

    #[test]
    fn over_all_second_phases_it_is_the_sum_of_both_phases() {
        // 5 of 12 units followed up, in every possible way; 6 are from each of two strata.
        let answers = [
            4.0, 9.0, 1.0, 6.0, 7.0, 3.0, 12.0, 8.0, 15.0, 9.0, 11.0, 14.0,
        ];
        let (population, n) = ([30.0, 60.0], 6.0);
        let before: Vec<f64> = (0..12).map(|unit| population[unit / 6] / n).collect();
        let design = |scores: &[f64]| {
            let part = |h: usize| (1.0 - n / population[h]) * n * square(&scores[6 * h..6 * h + 6]);
            part(0) + part(1)
        };
        let expanded: Vec<f64> = before.iter().zip(answers).map(|(d, y)| d * y).collect();
        let second = 144.0 * (1.0 / 5.0 - 1.0 / 12.0) * square(&expanded);
        let wanted = design(&expanded) + second;
        let (mut all, mut ways) = (0.0, 0.0);
        for set in (0..1_u32 << 12).filter(|set| set.count_ones() == 5) {
            let follow = |unit: usize| match set >> unit & 1 {
                1 => Follow::Drawn,
                _ => Follow::NotDrawn,
            };
            let class = Codes::from_labels(["all"; 12]);
            let step = SecondPhase::within(class, (0..12).map(follow).collect());
            let adjusted = step.forward(&before, &outcomes(12)).expect("five are");
            let mut scores: Vec<f64> = adjusted
                .after
                .iter()
                .zip(answers)
                .map(|(w, y)| w * y)
                .collect();
            let extra = step.back(&adjusted, &mut scores);
            all += design(&scores) + extra;
            ways += 1.0;
        }
        let off = all / ways / wanted - 1.0;
        // So few units in two strata: it is on the large side, by an order of 1/n₂.
        assert!((0.0..0.12).contains(&off), "off by {off}");
    }

    #[test]
    fn where_everyone_is_followed_up_nothing_changes() {
        let parts = vec![Follow::Outside, Follow::Drawn, Follow::Drawn];
        let step = SecondPhase::within(Codes::from_labels(["a", "a", "b"]), parts);
        let adjusted = step.forward(&[2.0, 3.0, 4.0], &outcomes(3)).expect("all");
        assert!(
            adjusted
                .factor
                .iter()
                .all(|factor| (factor - 1.0).abs() < 1e-15)
        );
        let mut scores = [1.0, 5.0, 9.0];
        assert!(step.back(&adjusted, &mut scores).abs() < 1e-15);
        assert_eq!(scores.map(f64::to_bits), [1.0, 5.0, 9.0].map(f64::to_bits));
    }

    #[test]
    fn a_class_of_which_nobody_is_followed_up_is_named() {
        let parts = vec![Follow::Drawn, Follow::NotDrawn, Follow::Outside];
        let step = SecondPhase::within(Codes::from_labels(["a", "b", "b"]), parts);
        assert!(matches!(
            step.forward(&[1.0; 3], &outcomes(3)),
            Err(Error::EmptyClass { class, cases: 1, .. }) if class == "b"
        ));
    }
}
