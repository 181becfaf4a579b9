//! The chance of each unit to be drawn.

use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator,
};

use super::Error;
use crate::language::Words;
use crate::math::{Exact, Sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "pps",
    title: Words::new("Chances in proportion to size", "与规模成比例的入样概率"),
    says: Words::new(
        "A unit twice as large has twice the chance to be drawn. Where that would be more than \
         certain, the unit is taken with certainty and the others share what is left, again and again \
         until no chance is above 1.",
        "规模大一倍的单位，入样概率也大一倍；若概率超过1，则该单位必然入样，其余单位重新分配剩余样本量，\
         直至没有概率超过1。",
    ),
    formula: "π_i = min(1, n′ x_i / Σ′ x),  n′ and Σ′ over units not yet certain, until nothing changes",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§3.6.2")],
};

/// Chances this close to 0 or 1 are 0 or 1: they come from sums of floats.
pub(super) const CERTAIN: f64 = 1e-12;

/// So many units are one hand's work: fewer are not worth another's coming.
const MANY: usize = 1 << 14;

/// One chance per unit, 0 ≤ π ≤ 1.
///
/// ```
/// use canvass::draw::Probabilities;
/// let chances = Probabilities::by_size(&[1.0, 2.0, 3.0, 4.0, 100.0, 5.0, 6.0], 3)?;
/// assert_eq!(chances.of(4), 1.0);
/// assert!((chances.of(0) - 2.0 / 21.0).abs() < 1e-15);
/// assert_eq!(chances.size(), Some(3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities(Vec<f64>);

impl Probabilities {
    /// The same chance for each of `units`, `take` of which are drawn.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] if more are to be drawn than there are.
    pub fn equal(units: usize, take: usize) -> Result<Probabilities, Error> {
        if take > units {
            return Err(Error::TooMany {
                asked: take as u64,
                there: units as u64,
            });
        }
        let chance = if units == 0 {
            0.0
        } else {
            take as f64 / units as f64
        };
        Ok(Probabilities(vec![chance; units]))
    }

    /// Chances in proportion to `sizes`, of which `take` units are drawn. Units of size 0 are never
    /// drawn; those that would be more than certain are certain, and the others share the rest.
    ///
    /// # Formula
    ///
    /// ```text
    /// π_i = min(1, n′ x_i / Σ′ x)
    /// ```
    ///
    /// with n′ and Σ′ over the units that are not certain yet, a whole pass at a time.
    ///
    /// # Errors
    ///
    /// [`Error::BadSizes`] counts sizes that are negative or not numbers; [`Error::TooMany`] if fewer
    /// units than `take` have a size above 0.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §3.6.2.
    pub fn by_size(sizes: &[f64], take: usize) -> Result<Probabilities, Error> {
        Probabilities::on_average(sizes, take as f64)
    }

    /// [`Probabilities::by_size`], where `expected` units are drawn on average: for methods whose size is
    /// random.
    ///
    /// # Errors
    ///
    /// As [`Probabilities::by_size`]; [`Error::TooMany`] also if `expected` is negative or no number.
    pub fn on_average(sizes: &[f64], expected: f64) -> Result<Probabilities, Error> {
        let bad = |size: &f64| !(size.is_finite() && *size >= 0.0);
        if let Some(first) = sizes.iter().position(bad) {
            return Err(Error::BadSizes {
                count: sizes.iter().filter(|size| bad(size)).count() as u64,
                row: first as u64 + 1,
                size: sizes[first],
            });
        }
        let there = sizes.iter().filter(|size| **size > 0.0).count();
        if !(0.0..=there as f64).contains(&expected) {
            return Err(Error::TooMany {
                asked: expected.ceil() as u64,
                there: there as u64,
            });
        }
        let mut rest = Rest::new(Exact::of(sizes), expected);
        if expected > 0.0 && rest.all.is_infinite() {
            return Err(Error::BadSizes {
                count: sizes.len() as u64,
                row: 1,
                size: rest.all,
            });
        }
        let certain = rest.settle(sizes);
        let chance = |(&size, certain)| if certain { 1.0 } else { rest.chance(size) };
        let all = sizes.par_iter().zip(certain).with_min_len(MANY);
        Ok(Probabilities(all.map(chance).collect()))
    }

    /// Chances as they are given.
    ///
    /// # Errors
    ///
    /// [`Error::BadChances`] counts those that are not from 0 to 1.
    pub fn given(chances: Vec<f64>) -> Result<Probabilities, Error> {
        let bad = |chance: &f64| !(0.0..=1.0).contains(chance);
        if let Some(first) = chances.iter().position(bad) {
            return Err(Error::BadChances {
                count: chances.iter().filter(|chance| bad(chance)).count() as u64,
                row: first as u64 + 1,
                chance: chances[first],
            });
        }
        Ok(Probabilities(chances))
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no units.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// π of a unit.
    #[must_use]
    pub fn of(&self, unit: usize) -> f64 {
        self.0[unit]
    }

    /// π of every unit.
    #[must_use]
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }

    /// Σπ: how many units are drawn on average.
    #[must_use]
    pub fn expected(&self) -> f64 {
        self.0.iter().copied().collect::<Sum>().value()
    }

    /// How many units are drawn, if Σπ is a whole number.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        let expected = self.expected();
        let whole = expected.round();
        ((expected - whole).abs() <= 1e-9 * expected.max(1.0)).then_some(whole as usize)
    }

    /// [`Probabilities::size`], for methods that draw a fixed number.
    ///
    /// # Errors
    ///
    /// [`Error::NotWhole`].
    pub fn fixed_size(&self) -> Result<usize, Error> {
        self.size().ok_or(Error::NotWhole {
            expected: self.expected(),
        })
    }

    /// The units that are drawn in any case, in order.
    #[must_use]
    pub fn certain(&self) -> Vec<usize> {
        (0..self.len())
            .filter(|&unit| self.0[unit] >= 1.0 - CERTAIN)
            .collect()
    }

    /// The units of which chance decides: neither certain nor impossible.
    #[must_use]
    pub fn open(&self) -> Vec<usize> {
        let open = |&unit: &usize| self.0[unit] > CERTAIN && self.0[unit] < 1.0 - CERTAIN;
        (0..self.len()).filter(open).collect()
    }
}

/// What the units that are not certain share: n′ and Σ′.
///
/// Σ′ is exact, so that neither the order of units nor how a list was read can matter, and a list of
/// which only the large units are at hand gives the same chances.
pub(super) struct Rest {
    left: f64,
    sum: Exact,
    all: f64,
}

impl Rest {
    /// Before any unit is certain; `sum` is over all units.
    pub(super) fn new(sum: Exact, expected: f64) -> Rest {
        Rest {
            left: expected,
            all: sum.value(),
            sum,
        }
    }

    /// Takes the certain units out. `sizes` must hold all that may be certain.
    pub(super) fn settle(&mut self, sizes: &[f64]) -> Vec<bool> {
        let mut certain = vec![false; sizes.len()];
        while self.left > 0.0 {
            // Every pass is judged against one sum, so that the order of units cannot matter.
            let is_more = |unit: &usize| {
                !certain[*unit] && sizes[*unit] > 0.0 && self.left * sizes[*unit] >= self.all
            };
            let all = (0..sizes.len()).into_par_iter().with_min_len(MANY);
            let more: Vec<usize> = all.filter(is_more).collect();
            if more.is_empty() {
                break;
            }
            self.left = (self.left - more.len() as f64).max(0.0);
            for unit in more {
                certain[unit] = true;
                self.sum.take(sizes[unit]);
            }
            self.all = self.sum.value();
        }
        certain
    }

    /// π of a unit that is not certain.
    pub(super) fn chance(&self, size: f64) -> f64 {
        if self.all > 0.0 {
            self.left * size / self.all
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Probabilities;
    use crate::draw::Error;
    use crate::random::Seed;

    #[test]
    fn chances_agree_with_r() {
        // R sampling 2.9: inclusionprobabilities(c(1, 2, 3, 4, 100, 5, 6), 3)
        let wanted = [
            0.095_238_1,
            0.190_476_2,
            0.285_714_3,
            0.380_952_4,
            1.0,
            0.476_190_5,
            0.571_428_6,
        ];
        let found =
            Probabilities::by_size(&[1.0, 2.0, 3.0, 4.0, 100.0, 5.0, 6.0], 3).expect("possible");
        for (found, wanted) in found.as_slice().iter().zip(wanted) {
            assert!((found - wanted).abs() < 5e-8, "{found} is not {wanted}");
        }
    }

    #[test]
    fn chances_add_up_and_stay_in_their_order() {
        for i in 0..200 {
            let mut stream = Seed::new(format!("sizes {i}"))
                .expect("not blank")
                .stream("test");
            let units = 5 + stream.below(40) as usize;
            // Long tails, so that some are certain; and some of size 0.
            let sizes: Vec<f64> = (0..units)
                .map(|_| {
                    if stream.unit() < 0.1 {
                        0.0
                    } else {
                        (1.0 / (1.0 - stream.unit())).powi(2)
                    }
                })
                .collect();
            let there = sizes.iter().filter(|size| **size > 0.0).count();
            let take = stream.below(there as u64 + 1) as usize;
            let chances = Probabilities::by_size(&sizes, take).expect("possible");
            assert!((chances.expected() - take as f64).abs() < 1e-9, "seed {i}");
            for (a, &size) in sizes.iter().enumerate() {
                assert!((0.0..=1.0).contains(&chances.of(a)), "seed {i}");
                assert!(
                    size > 0.0 || chances.of(a) <= 0.0,
                    "seed {i}: size 0 is never drawn"
                );
                for (b, &other) in sizes.iter().enumerate() {
                    assert!(size < other || chances.of(a) >= chances.of(b), "seed {i}");
                }
            }
        }
    }

    #[test]
    fn what_is_impossible_is_refused_with_numbers() {
        let refused = Probabilities::by_size(&[1.0, 0.0, 2.0], 3);
        assert_eq!(refused, Err(Error::TooMany { asked: 3, there: 2 }));
        let refused = Probabilities::by_size(&[1.0, -2.0, f64::INFINITY], 1);
        assert_eq!(
            refused,
            Err(Error::BadSizes {
                count: 2,
                row: 2,
                size: -2.0
            })
        );
        let refused = Probabilities::given(vec![0.2, 1.2]);
        assert_eq!(
            refused,
            Err(Error::BadChances {
                count: 1,
                row: 2,
                chance: 1.2
            })
        );
        assert_eq!(
            Probabilities::equal(3, 4),
            Err(Error::TooMany { asked: 4, there: 3 })
        );
        let chances = Probabilities::given(vec![0.2, 0.5]).expect("chances");
        assert!(matches!(chances.fixed_size(), Err(Error::NotWhole { .. })));
    }
}
