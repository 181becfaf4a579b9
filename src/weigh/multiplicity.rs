//! People who could be reached in several ways, and numbers behind which there are several people.
//!
//! A person with three telephone numbers had three chances to be drawn, and counts a third for each.
//! One of three adults, chosen at a household's number, speaks for all three.

use super::{Adjusted, Error, Step};
use crate::field::Outcomes;
use crate::language::Words;
use crate::method::{Card, Source};
use crate::notice::Notice;

/// What dividing by the number of ways says of itself.
pub const NUMBERS: Card = Card {
    key: "multiplicity",
    title: Words::new("Several numbers of one person", "一人多号调整"),
    says: Words::new(
        "A person who can be reached by several numbers of the list had several chances to be drawn. The \
         weight is shared among the numbers, so that it speaks for persons and not for numbers.",
        "一个人若有名单中的多个号码，便有多次入样机会。将权数在其各号码间分摊，使权数代表人而不是号码。",
    ),
    formula: "w = d / m,  m = min(numbers, cap)",
    sources: &[Source::at("Sirken (1970)", "multiplicity")],
};

/// What multiplying by the number of people says of itself.
pub const PEOPLE: Card = Card {
    key: "household",
    title: Words::new("One person of several", "户内选人调整"),
    says: Words::new(
        "Of the people behind a number one was chosen, each with the same chance, and speaks for all of \
         them. A cap keeps very large households from weighing too much, at the price of a small bias.",
        "一个号码背后有若干人时，等概率选取其中一人，由其代表全部。设上限可避免人口很多的户权数过大，代价是少许偏差。",
    ),
    formula: "w = d · m,  m = min(people, cap)",
    sources: &[Source::at("Kish (1965)", "§11.3")],
};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Numbers by which the person can be reached: the weight is divided by them.
    Numbers,
    /// People of whom one was chosen: the weight is multiplied by them.
    People,
}

/// The step.
#[derive(Debug)]
pub struct Multiplicity {
    counted: Counted,
    /// m, as told, one per drawn unit; none for units that gave no interview.
    told: Vec<Option<f64>>,
    cap: Option<f64>,
}

impl Multiplicity {
    /// By these counts, one per drawn unit; only those of interviews are looked at. A count above `cap`
    /// is taken for the cap. Where an interview has none, `missing` is taken, if it is stated.
    ///
    /// # Errors
    ///
    /// [`Error::NoCount`] if an interview has no count and `missing` is not stated;
    /// [`Error::BadCount`] if a count is no whole number of 1 or more; [`Error::BadCap`] if the cap is
    /// below 1.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::field::{Class, Outcomes};
    /// use canvass::weigh::multiplicity::{Counted, Multiplicity};
    /// use canvass::weigh::Step;
    ///
    /// let outcomes = Outcomes {
    ///     class: vec![Class::Interview, Class::Interview, Class::Refusal],
    ///     code: vec![None; 3],
    ///     attempts: vec![1; 3],
    ///     items: vec![],
    /// };
    /// let numbers = [Some(2.0), Some(9.0), None];
    /// let step = Multiplicity::by(Counted::Numbers, "sims", &numbers, Some(4.0), None, &outcomes)?;
    /// let adjusted = step.forward(&[8.0, 8.0, 8.0], &outcomes)?;
    /// assert_eq!(adjusted.after, [4.0, 2.0, 8.0]);
    /// assert_eq!(adjusted.held, Some(1));
    /// # Ok::<(), canvass::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is not one count per unit: our own bug.
    pub fn by(
        counted: Counted,
        item: &str,
        counts: &[Option<f64>],
        cap: Option<f64>,
        missing: Option<f64>,
        outcomes: &Outcomes,
    ) -> Result<Multiplicity, Error> {
        assert_eq!(counts.len(), outcomes.class.len(), "a count per unit");
        if let Some(cap) = cap.filter(|cap| !(*cap >= 1.0 && cap.is_finite())) {
            return Err(Error::BadCap { cap });
        }
        let item = item.to_owned();
        let answered = |unit: &usize| outcomes.class[*unit].responds();
        let without = (0..counts.len())
            .filter(answered)
            .filter(|&unit| counts[unit].is_none())
            .count();
        if without > 0 && missing.is_none() {
            let count = without as u64;
            return Err(Error::NoCount { item, count });
        }
        let told: Vec<Option<f64>> = (0..counts.len())
            .map(|unit| counts[unit].or(missing).filter(|_| answered(&unit)))
            .collect();
        let bad = |count: &&f64| !(**count >= 1.0 && count.is_finite() && count.fract() <= 0.0);
        if let Some(&value) = told.iter().flatten().find(bad) {
            return Err(Error::BadCount { item, value });
        }
        Ok(Multiplicity { counted, told, cap })
    }

    /// Interviews whose count is above the cap.
    fn capped(&self) -> u64 {
        let above = |told: &&f64| self.cap.is_some_and(|cap| **told > cap);
        self.told.iter().flatten().filter(above).count() as u64
    }
}

impl Step for Multiplicity {
    fn card(&self) -> &'static Card {
        match self.counted {
            Counted::Numbers => &NUMBERS,
            Counted::People => &PEOPLE,
        }
    }

    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let factor = self.told.iter().map(|told| {
            let Some(told) = told else { return 1.0 };
            let m = self.cap.map_or(*told, |cap| told.min(cap));
            match self.counted {
                Counted::Numbers => 1.0 / m,
                Counted::People => m,
            }
        });
        let adjusted = Adjusted::by(before, factor.collect());
        let held = self.cap.map(|_| self.capped());
        Ok(Adjusted { held, ..adjusted })
    }

    /// Nothing to correct: what is told of a person does not depend on who else was drawn, so the
    /// figure moves with a weight before as it moves with the weight after.
    fn back(&self, _: &Adjusted, _: &mut [f64]) -> f64 {
        0.0
    }

    fn notices(&self, _: &Adjusted) -> Vec<Notice> {
        let count = self.capped();
        let notice = self
            .cap
            .filter(|_| count > 0)
            .map(|cap| Notice::CountsCapped {
                step: self.card().key.to_owned(),
                count,
                cap,
            });
        notice.into_iter().collect()
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        let told = self.told[unit].map(|told| format!("m = {told}"));
        told.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, Multiplicity};
    use crate::field::{Class, Outcomes};
    use crate::notice::Notice;
    use crate::weigh::{Error, Step};

    fn outcomes() -> Outcomes {
        Outcomes {
            class: vec![
                Class::Interview,
                Class::Refusal,
                Class::Interview,
                Class::NotEligible,
            ],
            code: vec![None; 4],
            attempts: vec![1; 4],
            items: vec![],
        }
    }

    fn by(
        counts: &[Option<f64>],
        cap: Option<f64>,
        missing: Option<f64>,
    ) -> Result<Multiplicity, Error> {
        Multiplicity::by(Counted::People, "adults", counts, cap, missing, &outcomes())
    }

    #[test]
    fn a_person_speaks_for_the_household_and_a_cap_is_told() {
        let step = by(&[Some(3.0), None, Some(12.0), None], Some(6.0), None).expect("counts");
        let adjusted = step.forward(&[2.0; 4], &outcomes()).expect("factors");
        assert_eq!(adjusted.after, [6.0, 2.0, 12.0, 2.0]);
        assert_eq!(
            step.notices(&adjusted),
            [Notice::CountsCapped {
                step: "household".into(),
                count: 1,
                cap: 6.0
            }]
        );
        let mut scores = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(step.back(&adjusted, &mut scores).to_bits(), 0);
        assert_eq!(
            scores.map(f64::to_bits),
            [1.0, 2.0, 3.0, 4.0].map(f64::to_bits)
        );
    }

    #[test]
    fn a_count_that_is_missing_is_never_guessed() {
        let counts = [Some(3.0), None, None, None];
        let item = || "adults".to_owned();
        assert_eq!(
            by(&counts, None, None).err(),
            Some(Error::NoCount {
                item: item(),
                count: 1
            })
        );
        let stated = by(&counts, None, Some(2.0)).expect("stated");
        let adjusted = stated.forward(&[1.0; 4], &outcomes()).expect("factors");
        assert_eq!(adjusted.factor, [3.0, 1.0, 2.0, 1.0]);
        for value in [0.0, 1.5, f64::INFINITY] {
            let counts = [Some(value), None, Some(1.0), None];
            assert_eq!(
                by(&counts, None, None).err(),
                Some(Error::BadCount {
                    item: item(),
                    value
                })
            );
        }
    }
}
