//! Brewer's method: units are drawn one after another, each time with chances that make up for what has
//! been drawn already.
//!
//! Any n, exact chances, and nothing to solve for; the order in which units are drawn says nothing, so
//! a part of the sample is not a sample. Pair chances have no formula that one could use beyond a
//! dozen units. Take it where it is asked for; [`sampford`](super::sampford) has the same chances and
//! knows its pairs.

use crate::draw::probability::CERTAIN;
use crate::draw::{Accuracy, Error, Method, Needs, Pool, Probabilities, Size, apart};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "brewer",
    title: Words::new("Brewer's method", "布鲁尔抽样法"),
    says: Words::new(
        "Units are drawn one by one; at each step the chances of those left are set anew, from what has \
         been drawn so far, so that in the end every unit was drawn with exactly its π. For unequal \
         chances; the chances of pairs are not known, so variances rest on an approximation.",
        "逐个抽取单位；每一步根据已抽取的单位重新计算剩余单位的概率，使每个单位最终的入样概率恰为π。\
         适用于不等概率抽样；二阶入样概率无实用公式，方差须用近似方法计算。",
    ),
    formula: "step j of n: k with chance ∝ π_k (n − a − π_k) / (n − a − π_k (n − j + 1)),  a = Σπ of those drawn",
    sources: &[
        Source::new("Brewer (1975)"),
        Source::at("Tillé (2006)", "§6.3"),
    ],
};

/// How to draw so.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool: &Pool<'_>, seed| brewer(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: None,
};

/// Draws Σπ units, one after another.
///
/// # Formula
///
/// ```text
///                      n − a − π_k
/// step j:  π_k · ─────────────────────,   a = Σπ of the units drawn before
///                n − a − π_k (n − j + 1)
/// ```
///
/// A unit is proposed with chances in proportion to π and taken with a chance in proportion to the
/// fraction, so that a step does not touch the whole list: O(N log N) in all. Only + − × ÷ and
/// comparison decide.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number.
///
/// # Source
///
/// Brewer (1975); Tillé (2006), §6.3.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::brewer::brewer};
/// use canvass::random::Seed;
/// let chances = Probabilities::by_size(&[1.0, 2.0, 3.0, 4.0], 2)?;
/// let seed = Seed::new("an example").expect("not blank");
/// assert_eq!(brewer(&chances, &mut seed.stream("draw"))?.len(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn brewer(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    apart::drawn(probabilities, |open, take| {
        Ok(one_by_one(open, take, stream))
    })
}

/// `take` of the open units.
fn one_by_one(open: &[f64], take: usize, stream: &mut Stream) -> Vec<usize> {
    let mut largest: Vec<usize> = (0..open.len()).collect();
    largest.sort_by(|&a, &b| open[b].total_cmp(&open[a]));
    let mut largest = largest.into_iter().peekable();
    let mut drawn = vec![false; open.len()];
    let mut wheel = Wheel::new(open, &drawn);
    let mut a = crate::math::Sum::default();
    for steps in (1..=take).rev() {
        let left = take as f64 - a.value();
        if wheel.total() > 2.0 * left {
            wheel = Wheel::new(open, &drawn);
        }
        while largest.next_if(|&unit| drawn[unit]).is_some() {}
        // The fraction grows with π.
        let most = largest
            .peek()
            .map_or(1.0, |&unit| fraction(open[unit], left, steps));
        let unit = loop {
            let unit = wheel.spin(stream);
            if !drawn[unit] && stream.unit() * most < fraction(open[unit], left, steps) {
                break unit;
            }
        };
        drawn[unit] = true;
        a.add(open[unit]);
    }
    (0..open.len()).filter(|&unit| drawn[unit]).collect()
}

/// (n − a − π) / (n − a − π s) with s steps to go. As n − a ≥ s, the denominator is s (1 − π) or more.
fn fraction(chance: f64, left: f64, steps: usize) -> f64 {
    if steps == 1 {
        return 1.0;
    }
    let steps = steps as f64;
    (left - chance) / (left - chance * steps).max(steps * CERTAIN)
}

/// Units on a circle, each as long as its π.
struct Wheel {
    units: Vec<usize>,
    /// Where each ends.
    ends: Vec<f64>,
}

impl Wheel {
    fn new(open: &[f64], drawn: &[bool]) -> Wheel {
        let units: Vec<usize> = (0..open.len()).filter(|&unit| !drawn[unit]).collect();
        let mut end = crate::math::Sum::default();
        let to_end = |&unit: &usize| {
            end.add(open[unit]);
            end.value()
        };
        let ends = units.iter().map(to_end).collect();
        Wheel { units, ends }
    }

    fn total(&self) -> f64 {
        self.ends.last().copied().unwrap_or_default()
    }

    fn spin(&self, stream: &mut Stream) -> usize {
        let at = stream.unit() * self.total();
        let place = self.ends.partition_point(|&end| end <= at);
        self.units[place.min(self.units.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::METHOD;
    use crate::draw::trial::{check, eight, six};
    use crate::draw::{Error, Joint, Method, Pool};

    /// P(s) of every set s of the units, as bits, by the formula and in every order of drawing.
    fn sets(open: &[f64], take: usize) -> Vec<f64> {
        let mut chance = vec![0.0; 1 << open.len()];
        chance[0] = 1.0;
        for set in 0_usize..1 << open.len() {
            let (drawn, left): (Vec<usize>, Vec<usize>) =
                (0..open.len()).partition(|unit| set >> unit & 1 == 1);
            if drawn.len() >= take {
                continue;
            }
            let (n, j) = (take as f64, drawn.len() as f64 + 1.0);
            let a: f64 = drawn.iter().map(|&unit| open[unit]).sum();
            let weight = |k: usize| open[k] * (n - a - open[k]) / (n - a - open[k] * (n - j + 1.0));
            // At the last step the fraction is 1, also where it would be 0 / 0.
            let weight = |k: usize| {
                if drawn.len() + 1 == take {
                    open[k]
                } else {
                    weight(k)
                }
            };
            let all: f64 = left.iter().map(|&k| weight(k)).sum();
            for &k in &left {
                chance[set | 1 << k] += chance[set] * weight(k) / all;
            }
        }
        chance
    }

    fn counted_out(pool: &Pool<'_>) -> Result<Joint, Error> {
        let all = crate::draw::apart::every(pool.len());
        crate::draw::apart::among((pool.probabilities(), &all), |open, take, _| {
            let sets = sets(open, take);
            let with = |pair: usize| {
                let has = |set: &usize| set & pair == pair && set.count_ones() as usize == take;
                (0..sets.len()).filter(has).map(|set| sets[set]).sum()
            };
            Ok(Joint::from_fn(open.len(), |k, l| with(1 << k | 1 << l)))
        })
    }

    /// Brewer's method, with its pairs known by counting them out.
    const COUNTED: Method = Method {
        joint: Some(|pool, places| Ok(counted_out(pool)?.among(places))),
        ..METHOD
    };

    #[test]
    fn the_formula_gives_every_unit_its_chance() {
        for chances in [eight(), six()] {
            let sets = sets(chances.as_slice(), chances.fixed_size().expect("whole"));
            for k in 0..chances.len() {
                let size = chances.fixed_size().expect("whole");
                let has = |set: &usize| set >> k & 1 == 1 && set.count_ones() as usize == size;
                let found: f64 = (0..sets.len()).filter(has).map(|set| sets[set]).sum();
                assert!((found - chances.of(k)).abs() < 1e-13, "unit {k}: {found}");
            }
            check::pairs(&COUNTED, &chances, &[], 0.0);
        }
    }

    #[test]
    fn many_draws_have_the_stated_chances_also_of_pairs() {
        // Without the update of a, unit 1 comes in .1231 of the draws instead of .1111.
        check::proves(&COUNTED);
    }

    #[test]
    fn laws_hold_for_any_pool() {
        check::keeps_laws(&METHOD);
    }

    #[test]
    fn a_long_list_takes_moments() {
        check::large(&METHOD, 50_000, 5_000);
    }
}
