//! Two lists that share people: landlines and mobiles.
//!
//! A person with both could be drawn from either list, and two samples speak for the people of the
//! overlap. Their weights are put together so that each person is spoken for once. Who belongs to the
//! overlap is known from an answer, of everybody who gave an interview.

use super::{Adjusted, Error, Step};
use crate::field::Outcomes;
use crate::language::{Language, Words};
use crate::math::Sum;
use crate::method::{Card, Source};

/// What a composition by a share says of itself.
pub const HARTLEY: Card = Card {
    key: "hartley",
    title: Words::new("Two lists put together by a share", "双框样本按比例组合"),
    says: Words::new(
        "Of people who are on both lists, the sample of the first counts for a share and that of the \
         second for the rest. The share is stated, or that of the effective numbers of interviews there, \
         which is the best one for an answer that has nothing to do with weights.",
        "同时属于两个抽样框的人，第一框样本按给定比例计入，第二框样本按其余部分计入。比例可以事先指定，\
         也可取两框重叠部分有效样本量之比；当回答与权数无关时，后者最优。",
    ),
    formula: "w = λ d in the overlap from A, (1 − λ) d from B, d elsewhere;  λ given, or n_A / (n_A + n_B),  n = (Σ d)² / Σ d²",
    sources: &[Source::new("Hartley (1962)"), Source::new("Lohr (2011)")],
};

/// What the single-frame weight says of itself.
pub const SINGLE: Card = Card {
    key: "single-frame",
    title: Words::new("Two lists as one", "双框合为单框"),
    says: Words::new(
        "Of people who are on both lists, each had two chances to be drawn. The weight is one over their \
         sum, as if there were one list. Both chances must be known of everybody in the overlap.",
        "同时属于两个抽样框的人有两次入样机会，权数取两个概率之和的倒数，相当于合成一个抽样框。\
         重叠部分每个人在两框的入样概率都须已知。",
    ),
    formula: "w = d π / (π + π′) in the overlap,  d elsewhere;  π′ the chance by the other list",
    sources: &[
        Source::new("Kalton, Anderson (1986)"),
        Source::new("Bankier (1986)"),
    ],
};

/// How the two samples of the overlap are put together.
#[derive(Debug, Clone, PartialEq)]
pub enum Together {
    /// λ for the first list.
    Share(f64),
    /// λ by the effective numbers of interviews.
    Effective,
    /// By the chances of each unit: through its own list, and through the other one.
    Chances {
        /// π, one per drawn unit.
        own: Vec<f64>,
        /// π′, one per drawn unit; only looked at in the overlap.
        other: Vec<f64>,
    },
}

/// The step.
#[derive(Debug)]
pub struct Compose {
    /// Whether a unit was drawn from the first list.
    first: Vec<bool>,
    /// Whether it is on both, for interviews.
    both: Vec<bool>,
    together: Together,
}

/// Sums over the overlap of one list: Σ d and Σ d².
#[derive(Debug, Clone, Copy, Default)]
struct Overlap {
    weight: Sum,
    squares: Sum,
}

impl Overlap {
    fn effective(&self) -> f64 {
        let squares = self.squares.value();
        if squares > 0.0 {
            self.weight.value().powi(2) / squares
        } else {
            0.0
        }
    }
}

impl Compose {
    /// Of units drawn from the first list or the second, of which some are on both. Only interviews are
    /// asked; other units keep their weight.
    ///
    /// # Errors
    ///
    /// [`Error::NoDomain`] if interviews do not say whether they are on both lists; [`Error::BadShare`]
    /// if the share is not from 0 to 1; [`Error::BadChance`] if a chance in the overlap is not above 0
    /// and up to 1.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::field::{Class, Outcomes};
    /// use canvass::weigh::compose::{Compose, Together};
    /// use canvass::weigh::Step;
    ///
    /// let outcomes = Outcomes { class: vec![Class::Interview; 4], code: vec![None; 4], attempts: vec![1; 4], items: vec![] };
    /// let first = vec![true, true, false, false];
    /// let both = [Some(false), Some(true), Some(true), Some(false)];
    /// let step = Compose::of(first, &both, Together::Share(0.25), &outcomes)?;
    /// assert_eq!(step.forward(&[8.0; 4], &outcomes)?.after, [8.0, 2.0, 6.0, 8.0]);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If columns differ in length: our own bug.
    pub fn of(
        first: Vec<bool>,
        both: &[Option<bool>],
        together: Together,
        outcomes: &Outcomes,
    ) -> Result<Compose, Error> {
        let n = outcomes.class.len();
        assert!(first.len() == n && both.len() == n, "a list per unit");
        let answered = |unit: usize| outcomes.class[unit].responds();
        let silent = (0..n)
            .filter(|&unit| answered(unit) && both[unit].is_none())
            .count();
        if silent > 0 {
            return Err(Error::NoDomain {
                count: silent as u64,
            });
        }
        let both: Vec<bool> = (0..n)
            .map(|unit| answered(unit) && both[unit] == Some(true))
            .collect();
        match &together {
            Together::Share(share) if !(0.0..=1.0).contains(share) => {
                return Err(Error::BadShare { share: *share });
            }
            Together::Chances { own, other } => {
                assert!(own.len() == n && other.len() == n, "chances per unit");
                let bad = |chance: &f64| !(*chance > 0.0 && *chance <= 1.0);
                let overlap = (0..n).filter(|&unit| both[unit]);
                let mut chances = overlap.flat_map(|unit| [own[unit], other[unit]]);
                if let Some(chance) = chances.find(bad) {
                    return Err(Error::BadChance { chance });
                }
            }
            _ => {}
        }
        Ok(Compose {
            first,
            both,
            together,
        })
    }

    /// The overlap of each list, the first one first.
    fn overlaps(&self, before: &[f64]) -> [Overlap; 2] {
        let mut overlaps = [Overlap::default(); 2];
        for unit in (0..before.len()).filter(|&unit| self.both[unit]) {
            let overlap = &mut overlaps[usize::from(!self.first[unit])];
            overlap.weight.add(before[unit]);
            overlap.squares.add(before[unit] * before[unit]);
        }
        overlaps
    }

    /// λ; half where nobody of the overlap has a weight.
    fn share(&self, before: &[f64]) -> f64 {
        match &self.together {
            Together::Share(share) => *share,
            _ => {
                let [first, second] = self.overlaps(before).map(|overlap| overlap.effective());
                if first + second > 0.0 {
                    first / (first + second)
                } else {
                    0.5
                }
            }
        }
    }
}

impl Step for Compose {
    fn card(&self) -> &'static Card {
        match self.together {
            Together::Chances { .. } => &SINGLE,
            _ => &HARTLEY,
        }
    }

    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let share = self.share(before);
        let factor = (0..before.len()).map(|unit| match &self.together {
            _ if !self.both[unit] => 1.0,
            Together::Chances { own, other } => own[unit] / (own[unit] + other[unit]),
            _ if self.first[unit] => share,
            _ => 1.0 - share,
        });
        Ok(Adjusted::by(before, factor.collect()))
    }

    /// With a share or chances that are given there is nothing to correct. With the share of effective
    /// numbers, how the share moves with each weight:
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k = s_k ± λ (1 − λ) · 2 (d_k / Σ d − d_k² / Σ d²) · D,   D = Σ_A d z − Σ_B d z over the overlap
    /// ```
    ///
    /// with + for the first list, − for the second, and sums over the overlap of k's own list.
    ///
    /// # Source
    ///
    /// Hartley (1962) for a given share; the rest is the derivative by the weights before, as in
    /// Demnati, Rao (2004).
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        if self.together != Together::Effective {
            return 0.0;
        }
        let before = &adjusted.before;
        let share = self.share(before);
        let overlaps = self.overlaps(before);
        let mut apart = Sum::default();
        for unit in (0..before.len()).filter(|&unit| self.both[unit]) {
            let factor = adjusted.factor[unit];
            if factor > 0.0 {
                let sign = if self.first[unit] { 1.0 } else { -1.0 };
                apart.add(sign * scores[unit] / factor);
            }
        }
        for unit in (0..before.len()).filter(|&unit| self.both[unit]) {
            let sign = if self.first[unit] { 1.0 } else { -1.0 };
            let Overlap { weight, squares } = overlaps[usize::from(!self.first[unit])];
            if squares.value() > 0.0 {
                let d = before[unit];
                let moves = 2.0 * (d / weight.value() - d * d / squares.value());
                scores[unit] += sign * share * (1.0 - share) * moves * apart.value();
            }
        }
        0.0
    }

    fn notes(&self, adjusted: &Adjusted, language: Language) -> Vec<String> {
        if matches!(self.together, Together::Chances { .. }) {
            return Vec::new();
        }
        let share = self.share(&adjusted.before);
        vec![match language {
            Language::English => {
                format!("of people on both lists, the first counts for {share:.3}")
            }
            Language::Chinese => format!("同属两框的人，第一框样本的比例为{share:.3}"),
        }]
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        let list = match self.first[unit] {
            true => "first list",
            false => "second list",
        };
        let both = self.both[unit].then_some("on both");
        std::iter::once(list)
            .chain(both)
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Compose, Together};
    use crate::field::{Class, Outcomes};
    use crate::math::sum;
    use crate::weigh::{Error, Step};

    const N: usize = 7;
    const BEFORE: [f64; N] = [4.0, 6.0, 5.0, 30.0, 10.0, 50.0, 20.0];
    const FIRST: [bool; N] = [true, true, true, false, false, false, false];
    const BOTH: [Option<bool>; N] = [
        Some(false),
        Some(true),
        Some(true),
        Some(true),
        Some(true),
        Some(false),
        None,
    ];

    fn outcomes() -> Outcomes {
        let mut class = vec![Class::Interview; N];
        class[6] = Class::NotEligible;
        Outcomes {
            class,
            code: vec![None; N],
            attempts: vec![1; N],
            items: vec![],
        }
    }

    fn step(together: Together) -> Result<Compose, Error> {
        Compose::of(FIRST.to_vec(), &BOTH, together, &outcomes())
    }

    #[test]
    fn effective_numbers_share_the_overlap() {
        // 11²/61 and 40²/1000.
        let step = step(Together::Effective).expect("domains");
        let adjusted = step.forward(&BEFORE, &outcomes()).expect("a share");
        let (first, second) = (121.0 / 61.0, 1.6);
        let share = first / (first + second);
        let wanted = [
            4.0,
            6.0 * share,
            5.0 * share,
            30.0 * (1.0 - share),
            10.0 * (1.0 - share),
            50.0,
            20.0,
        ];
        for (got, wanted) in adjusted.after.iter().zip(wanted) {
            assert!(
                (got - wanted).abs() < 1e-13 * wanted,
                "{got} is not {wanted}"
            );
        }
    }

    #[test]
    fn two_chances_are_added() {
        let own = BEFORE.map(|d| 1.0 / d).to_vec();
        let other = vec![0.02; N];
        let step = step(Together::Chances { own, other }).expect("chances");
        let after = step.forward(&BEFORE, &outcomes()).expect("chances").after;
        for unit in [1, 2, 3, 4] {
            assert!((after[unit] - 1.0 / (1.0 / BEFORE[unit] + 0.02)).abs() < 1e-13);
        }
        assert_eq!((after[0], after[5], after[6]), (4.0, 50.0, 20.0));
    }

    #[test]
    fn scores_are_derivatives() {
        const STEP: f64 = 1e-5;
        let answers = [2.0, 5.0, -1.0, 4.0, 3.0, 6.0, 0.0];
        for together in [Together::Effective, Together::Share(0.4)] {
            let step = step(together).expect("domains");
            let total = |before: &[f64]| {
                let after = step.forward(before, &outcomes()).expect("a share").after;
                sum(after.iter().zip(answers).map(|(w, y)| w * y))
            };
            let adjusted = step.forward(&BEFORE, &outcomes()).expect("a share");
            let mut scores: Vec<f64> = adjusted
                .after
                .iter()
                .zip(answers)
                .map(|(w, y)| w * y)
                .collect();
            step.back(&adjusted, &mut scores);
            for unit in 0..N {
                let moved = |by: f64| {
                    let mut before = BEFORE;
                    before[unit] += by;
                    total(&before)
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                assert!(
                    (slope - scores[unit] / BEFORE[unit]).abs() < 1e-8,
                    "unit {unit}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert_eq!(
            step(Together::Share(1.5)).err(),
            Some(Error::BadShare { share: 1.5 })
        );
        let chances = Together::Chances {
            own: vec![0.1; N],
            other: vec![0.0; N],
        };
        assert_eq!(step(chances).err(), Some(Error::BadChance { chance: 0.0 }));
        let mut both = BOTH;
        both[2] = None;
        assert_eq!(
            Compose::of(FIRST.to_vec(), &both, Together::Effective, &outcomes()).err(),
            Some(Error::NoDomain { count: 1 })
        );
    }
}
