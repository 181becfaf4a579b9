//! What an index is made of: items, their scales, their weights.

use super::{Error, Scale};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// The composite index.
pub const CARD: Card = Card {
    key: "composite",
    title: Words::new("Index on 0–100", "百分制满意度指数"),
    says: Words::new(
        "A respondent's answers are averaged with the items' weights and set on 0–100 between the worst and the best possible answer. Who answered fewer than two thirds of the items has no score; with the rest, the items answered stand for those that are missing. The index of a cell is the weighted mean of its scores.",
        "将每位受访者各项评分按项目权重加权平均，再以可能的最低分和最高分为端点换算为0–100分。回答题目不足三分之二的不计分；个别题目缺答的，以已答题目重新分配权重。各业务、各企业的指数为受访者得分的加权平均值。",
    ),
    formula: "y_r = 100 · (Σ u_i x_ri − Σ u_i a_i) / Σ u_i (b_i − a_i)      I = Σ w_r y_r / Σ w_r",
    sources: &[Source::new("Fornell et al. (1996)")],
};

/// One item of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The item's name, a column of answers.csv.
    pub item: String,
    /// From a_i to b_i.
    pub scale: Scale,
    /// u_i, in any unit: only the weights' proportions count.
    pub weight: f64,
}

/// An index: items, their scales, and weights that add up to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    parts: Vec<Part>,
}

impl Composite {
    /// An index of `parts`; the weights are divided by their sum.
    ///
    /// # Errors
    ///
    /// [`Error::NoItems`], [`Error::ItemTwice`]; [`Error::BadWeight`] for a weight that is negative
    /// or not finite; [`Error::NoWeight`] if all are 0.
    pub fn new(mut parts: Vec<Part>) -> Result<Composite, Error> {
        if parts.is_empty() {
            return Err(Error::NoItems);
        }
        for part in &parts {
            let count = parts.iter().filter(|other| other.item == part.item).count();
            if count > 1 {
                return Err(Error::ItemTwice {
                    item: part.item.clone(),
                    count,
                });
            }
            if !part.weight.is_finite() || part.weight < 0.0 {
                return Err(Error::BadWeight {
                    item: part.item.clone(),
                    weight: part.weight,
                });
            }
        }
        let all = sum(parts.iter().map(|part| part.weight));
        if all <= 0.0 {
            return Err(Error::NoWeight { items: parts.len() });
        }
        for part in &mut parts {
            part.weight /= all;
        }
        Ok(Composite { parts })
    }

    /// An index of `items` on one scale, with `weights`, or equal ones if there are none.
    ///
    /// # Errors
    ///
    /// Those of [`Composite::new`]; [`Error::WeightsDiffer`] unless there is a weight per item.
    pub fn on(items: &[String], scale: Scale, weights: Option<&[f64]>) -> Result<Composite, Error> {
        let equal = vec![1.0; items.len()];
        let weights = weights.unwrap_or(&equal);
        if weights.len() != items.len() {
            return Err(Error::WeightsDiffer {
                items: items.len(),
                weights: weights.len(),
            });
        }
        let part = |(item, &weight): (&String, &f64)| Part {
            item: item.clone(),
            scale,
            weight,
        };
        Composite::new(items.iter().zip(weights).map(part).collect())
    }

    /// The items, with weights that add up to 1.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How many items a respondent must have answered: two thirds of those with a weight, rounded
    /// up. Of three items, two.
    #[must_use]
    pub fn needed(&self) -> usize {
        let counted = self.parts.iter().filter(|part| part.weight > 0.0).count();
        (2 * counted).div_ceil(3)
    }
}

#[cfg(test)]
mod tests {
    use super::{Composite, Error, Scale};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn one_to_ten() -> Scale {
        Scale::new(1.0, 10.0).expect("a scale")
    }

    #[test]
    fn two_thirds_are_rounded_up() {
        let needed = |k: usize| {
            let items: Vec<String> = (0..k).map(|i| i.to_string()).collect();
            Composite::on(&items, one_to_ten(), None)
                .expect("an index")
                .needed()
        };
        assert_eq!(
            [
                needed(1),
                needed(2),
                needed(3),
                needed(4),
                needed(5),
                needed(6)
            ],
            [1, 2, 2, 3, 4, 4]
        );
    }

    #[test]
    fn weights_that_make_no_index_are_refused() {
        let on = |weights: &[f64]| {
            Composite::on(&names(&["a", "b"]), one_to_ten(), Some(weights)).expect_err("refused")
        };
        assert_eq!(
            on(&[1.0, -1.0]),
            Error::BadWeight {
                item: "b".into(),
                weight: -1.0
            }
        );
        assert_eq!(on(&[0.0, 0.0]), Error::NoWeight { items: 2 });
        assert_eq!(
            on(&[1.0]),
            Error::WeightsDiffer {
                items: 2,
                weights: 1
            }
        );
        assert!(matches!(on(&[f64::NAN, 1.0]), Error::BadWeight { .. }));
        let twice = Composite::on(&names(&["a", "a"]), one_to_ten(), None);
        assert_eq!(
            twice,
            Err(Error::ItemTwice {
                item: "a".into(),
                count: 2
            })
        );
        assert_eq!(Composite::on(&[], one_to_ten(), None), Err(Error::NoItems));
    }
}
