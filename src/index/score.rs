//! Answers on scales → one score per respondent, 0–100.

use super::{Composite, Error, OffScale};
use crate::field::{Item, Outcomes};
use crate::math::sum;

/// A score per respondent, and who has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// y_r, one per drawn unit; nothing where too little was answered.
    pub score: Item,
    /// Interviews with all items answered.
    pub whole: u64,
    /// Interviews with a score although items are missing.
    pub part: u64,
    /// Interviews with too few items for a score.
    pub without: u64,
}

impl Composite {
    /// Scores every drawn unit, as the item `name`.
    ///
    /// With missing items, sums run over the items A_r that r answered, which renormalises the
    /// weights. Scores lie between 0 and 100.
    ///
    /// # Formula
    ///
    /// ```text
    ///              Σ u_i x_ri − Σ u_i a_i
    /// y_r = 100 · ────────────────────────      i in A_r,  |A_r| ≥ ⌈2k/3⌉ of k items
    ///               Σ u_i (b_i − a_i)
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] names items that nobody was asked; [`Error::OutOfScale`] counts answers
    /// that the scale does not have.
    ///
    /// # Source
    ///
    /// Fornell et al. (1996); the rule of two thirds is ours.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::field::{Class, Item, Outcomes};
    /// use canvass::index::{Composite, Scale};
    ///
    /// let outcomes = Outcomes {
    ///     class: vec![Class::Interview],
    ///     code: vec![None],
    ///     attempts: vec![1],
    ///     items: vec![Item { name: "overall".into(), values: vec![Some(5.5)] }],
    /// };
    /// let index = Composite::on(&["overall".into()], Scale::new(1.0, 10.0)?, None)?;
    /// assert_eq!(index.score("index", &outcomes)?.score.values, [Some(50.0)]);
    /// # Ok::<(), canvass::index::Error>(())
    /// ```
    pub fn score(&self, name: &str, outcomes: &Outcomes) -> Result<Scored, Error> {
        let items = self.find(outcomes)?;
        self.refuse_answers_off_the_scale(&items)?;
        let mut scored = Scored {
            score: Item {
                name: name.to_owned(),
                values: Vec::with_capacity(outcomes.class.len()),
            },
            whole: 0,
            part: 0,
            without: 0,
        };
        for (row, class) in outcomes.class.iter().enumerate() {
            let answers: Vec<Option<f64>> = items.iter().map(|item| item.values[row]).collect();
            let score = self.of_one(&answers);
            if class.responds() {
                let whole = answers.iter().all(Option::is_some);
                scored.whole += u64::from(whole);
                scored.part += u64::from(!whole && score.is_some());
                scored.without += u64::from(score.is_none());
            }
            scored.score.values.push(score);
        }
        Ok(scored)
    }

    /// y_r from one respondent's answers, in the order of the parts.
    fn of_one(&self, answers: &[Option<f64>]) -> Option<f64> {
        let answered = || {
            self.parts()
                .iter()
                .zip(answers)
                .filter_map(|(part, answer)| match answer {
                    Some(x) if part.weight > 0.0 => Some((part, x)),
                    _ => None,
                })
        };
        if answered().count() < self.needed() {
            return None;
        }
        let above = sum(answered().map(|(part, x)| part.weight * (x - part.scale.low())));
        let width = sum(answered().map(|(part, _)| part.weight * part.scale.width()));
        Some((100.0 * above / width).clamp(0.0, 100.0))
    }

    fn find<'a>(&self, outcomes: &'a Outcomes) -> Result<Vec<&'a Item>, Error> {
        let names = || self.parts().iter().map(|part| &part.item);
        let missing: Vec<String> = names()
            .filter(|name| outcomes.item(name).is_none())
            .cloned()
            .collect();
        if missing.is_empty() {
            return Ok(names().filter_map(|name| outcomes.item(name)).collect());
        }
        let there = outcomes
            .items
            .iter()
            .map(|item| item.name.clone())
            .collect();
        Err(Error::NoAnswers { missing, there })
    }

    fn refuse_answers_off_the_scale(&self, items: &[&Item]) -> Result<(), Error> {
        let mut off = Vec::new();
        for (part, item) in self.parts().iter().zip(items) {
            let outside: Vec<f64> = item
                .values
                .iter()
                .flatten()
                .copied()
                .filter(|&x| !part.scale.holds(x))
                .collect();
            if let Some(&example) = outside.first() {
                off.push(OffScale {
                    item: item.name.clone(),
                    count: outside.len() as u64,
                    example,
                    low: part.scale.low(),
                    high: part.scale.high(),
                });
            }
        }
        if off.is_empty() {
            Ok(())
        } else {
            Err(Error::OutOfScale { items: off })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Composite, Error};
    use crate::field::{Class, Item, Outcomes};
    use crate::index::{Part, Scale};

    /// Sums of a few products, printed with four decimals by those who published them.
    const PRINTED: f64 = 5e-5;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn one_to_ten() -> Scale {
        Scale::new(1.0, 10.0).expect("a scale")
    }

    fn asked(rows: &[[Option<f64>; 3]]) -> Outcomes {
        let item = |i: usize, name: &str| Item {
            name: name.to_owned(),
            values: rows.iter().map(|row| row[i]).collect(),
        };
        Outcomes {
            class: vec![Class::Interview; rows.len()],
            code: vec![None; rows.len()],
            attempts: vec![1; rows.len()],
            items: vec![item(0, "overall"), item(1, "expected"), item(2, "ideal")],
        }
    }

    fn three(weights: Option<&[f64]>) -> Composite {
        Composite::on(
            &names(&["overall", "expected", "ideal"]),
            one_to_ten(),
            weights,
        )
        .expect("an index")
    }

    fn only(index: &Composite, row: [Option<f64>; 3]) -> Option<f64> {
        index
            .score("index", &asked(&[row]))
            .expect("scores")
            .score
            .values[0]
    }

    #[test]
    fn a_score_agrees_with_the_blackboard() {
        // u = (2, 1, 1)/4;  Σ u x = (2·10 + 7 + 4)/4 = 7.75;  100 (7.75 − 1)/9 = 75
        let score = only(
            &three(Some(&[2.0, 1.0, 1.0])),
            [Some(10.0), Some(7.0), Some(4.0)],
        );
        assert!((score.expect("a score") - 75.0).abs() < 1e-12);
    }

    #[test]
    fn the_mean_of_the_mobile_phone_data_has_the_published_index() {
        // A score is linear, so the score of the mean answers is the mean of the scores: 250
        // interviews of the ECSI mobile phone data, with sums of the three satisfaction items.
        let means = [1997.0, 1782.0, 1829.0].map(|sum| Some(sum / 250.0));
        let equal = only(&three(None), means).expect("a score");
        assert!((equal - 71.9704).abs() < PRINTED, "{equal}");
        let path = three(Some(&[0.38363, 0.28155, 0.33482]));
        let weighted = only(&path, means).expect("a score");
        assert!((weighted - 72.4541).abs() < 5.0 * PRINTED, "{weighted}"); // u has five digits
    }

    #[test]
    fn the_worst_answers_are_0_and_the_best_100_whatever_the_weights() {
        for seed in 1..200_u32 {
            let weights: Vec<f64> = (1..=3).map(|i| f64::from(seed * i % 17)).collect();
            if weights.iter().all(|&w| w < 1.0) {
                continue;
            }
            let index = three(Some(&weights));
            let worst = only(&index, [Some(1.0); 3]).expect("a score");
            let best = only(&index, [Some(10.0); 3]).expect("a score");
            assert!(
                worst.abs() < 1e-12 && (best - 100.0).abs() < 1e-12,
                "weights {weights:?}"
            );
        }
    }

    #[test]
    fn items_with_other_ends_are_set_between_their_own_ends() {
        // a = (1, 0), b = (10, 5), u = ½:  100 (5.5 + 2.5 − 1)/(9 + 5) = 50
        let part = |item: &str, low, high| Part {
            item: item.into(),
            scale: Scale::new(low, high).expect("a scale"),
            weight: 1.0,
        };
        let index = Composite::new(vec![part("overall", 1.0, 10.0), part("expected", 0.0, 5.0)])
            .expect("an index");
        let score = only(&index, [Some(5.5), Some(2.5), None]).expect("a score");
        assert!((score - 50.0).abs() < 1e-12);
    }

    #[test]
    fn two_items_of_three_are_enough_and_one_is_not() {
        let index = three(None);
        // 100 (8 + 5 − 2)/18 = 61.1…
        let score = only(&index, [Some(8.0), None, Some(5.0)]).expect("a score");
        assert!((score - 1100.0 / 18.0).abs() < 1e-12);
        assert_eq!(only(&index, [Some(8.0), None, None]), None);
    }

    #[test]
    fn an_item_without_weight_cannot_stand_in_for_another() {
        let index = three(Some(&[1.0, 1.0, 0.0]));
        assert_eq!(index.needed(), 2);
        assert_eq!(only(&index, [Some(8.0), None, Some(9.0)]), None);
    }

    #[test]
    fn respondents_are_counted_by_what_they_answered() {
        let mut outcomes = asked(&[
            [Some(8.0), Some(8.0), Some(8.0)],
            [Some(8.0), None, Some(8.0)],
            [Some(8.0), None, None],
            [None, None, None],
        ]);
        outcomes.class[3] = Class::Refusal;
        let scored = three(None).score("index", &outcomes).expect("scores");
        assert_eq!((scored.whole, scored.part, scored.without), (1, 1, 1));
        assert_eq!(scored.score.values.len(), 4);
        assert_eq!(scored.score.values[3], None);
    }

    #[test]
    fn answers_off_the_scale_are_counted_not_used() {
        let outcomes = asked(&[
            [Some(99.0), Some(5.0), Some(0.0)],
            [Some(98.0), None, Some(3.0)],
        ]);
        let Err(Error::OutOfScale { items }) = three(None).score("index", &outcomes) else {
            panic!("answers off the scale must be refused");
        };
        let counts: Vec<(&str, u64)> = items.iter().map(|i| (i.item.as_str(), i.count)).collect();
        assert_eq!(counts, [("overall", 2), ("ideal", 1)]);
        assert_eq!(items[0].example.to_bits(), 99.0_f64.to_bits());
    }

    #[test]
    fn items_that_were_not_asked_are_named() {
        let index = Composite::on(&names(&["overall", "price"]), one_to_ten(), None);
        let found = index.expect("an index").score("index", &asked(&[]));
        assert!(matches!(found, Err(Error::NoAnswers { missing, .. }) if missing == ["price"]));
    }
}
