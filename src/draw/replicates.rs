//! The sample cut into random parts of equal composition, released one after another.

use super::Error;
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::{Numbers, Seed};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "replicates",
    title: Words::new("Replicates of equal composition", "等构成随机子样本"),
    says: Words::new(
        "The sample is dealt, stratum by stratum in its random order, into parts that hold the floor \
         or the ceiling of their share of every stratum. Any parts taken together are a probability \
         sample of their own.",
        "样本按各层的随机次序轮流分入若干子样本，每个子样本在各层的数量相差不超过一个；任意几个\
         子样本合起来仍是概率样本。",
    ),
    formula: "replicate of the j-th drawn unit of all strata = P((c + j) mod R),  P a random order, c a random \
              start;  released: π_k r_h / n_h,  r_h drawn units of its stratum in replicates up to k",
    sources: &[
        Source::new("Lavrakas (1993)"),
        Source::at("Wolter (2007)", "§2.4, random groups"),
    ],
};

/// The replicate, from 1, of every drawn unit: strata in order, and units in rank order within.
///
/// # Formula
///
/// ```text
/// r = P((c + j) mod R),  j = 0 … n − 1
/// ```
///
/// Units of a stratum are in random order, so its share of each replicate is a simple random sample
/// of floor or ceiling size; and counting on from stratum to stratum keeps whole replicates within
/// one unit of each other.
///
/// # Source
///
/// Wolter (2007), §2.4.
#[must_use]
pub fn assign(takes: &[u64], replicates: u32, seed: &Seed) -> Vec<u32> {
    assert!(replicates > 0, "a sample has at least one replicate");
    let mut stream = seed.stream("draw/replicates");
    let mut order: Vec<u32> = (1..=replicates).collect();
    stream.shuffle(&mut order);
    let start = stream.below(u64::from(replicates));
    let drawn: u64 = takes.iter().sum();
    (0..drawn)
        .map(|j| order[((start + j) % u64::from(replicates)) as usize])
        .collect()
}

/// The same for a sample whose units do not stand in random order within strata, such as one drawn by a
/// walk along the list: each stratum is put into a random order first.
///
/// # Formula
///
/// ```text
/// r = P((c + σ_h(j)) mod R),  σ_h a random order of the places of stratum h
/// ```
///
/// # Source
///
/// Wolter (2007), §2.4.
#[must_use]
pub fn assign_shuffled(takes: &[u64], replicates: u32, seed: &Seed) -> Vec<u32> {
    let mut replicate = assign(takes, replicates, seed);
    let mut stream = seed.stream("draw/replicates/order");
    let mut rest = replicate.as_mut_slice();
    for &take in takes {
        let (here, after) = rest.split_at_mut(take as usize);
        stream.shuffle(here);
        rest = after;
    }
    replicate
}

/// Units in a random order that has no part in the draw: the order of release, where the one that the
/// draw itself gives is not random. Places of the ids, in that order.
///
/// Only where all chances are equal and permanent numbers decide is their order as good as shuffled: for
/// every other method the first ones drawn would be the largest, or those at the beginning of a walk. In this
/// order any first units of a stratum are a probability sample, and [`assign`] over it deals as
/// [`assign_shuffled`] does.
///
/// # Formula
///
/// ```text
/// by the permanent number of the id, of the seed's purpose "draw/release"
/// ```
///
/// # Source
///
/// Ohlsson (1995), on permanent numbers.
///
/// # Example
///
/// ```
/// use canvass::draw::replicates::shuffled;
/// use canvass::random::Seed;
/// let seed = Seed::new("the evening draw").expect("not blank");
/// let order = shuffled(&["a", "b", "c"], &seed);
/// // Another order of the ids puts the same one first.
/// assert_eq!(["a", "b", "c"][order[0]], ["c", "b", "a"][shuffled(&["c", "b", "a"], &seed)[0]]);
/// ```
#[must_use]
pub fn shuffled<T: AsRef<str>>(ids: &[T], seed: &Seed) -> Vec<usize> {
    let numbers = Numbers::new(&seed.purpose("draw/release"));
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_cached_key(|&unit| {
        let id = ids[unit].as_ref();
        (numbers.of(id), id.to_owned())
    });
    order
}

/// The units of the replicates released so far, as a sample of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    /// π of every drawn unit among those released; none for a unit that is not released.
    pub probability: Vec<Option<f64>>,
    /// r_h and n_h, one pair per stratum.
    pub counts: Vec<(u64, u64)>,
}

impl Released {
    /// Strata with drawn units of which none is released yet: nobody speaks for them.
    #[must_use]
    pub fn unheard(&self) -> Vec<usize> {
        let unheard = |&stratum: &usize| self.counts[stratum].0 == 0 && self.counts[stratum].1 > 0;
        (0..self.counts.len()).filter(unheard).collect()
    }
}

/// The chance of every drawn unit to be among the first `first` replicates.
///
/// A stratum's released units are a simple random sample of its drawn units, because these are dealt in
/// random order. Given how many it is, each is as likely as another, so chances are multiplied by r_h / n_h
/// and weights of the released units add up to the same population. Pairs: π_kl r (r − 1) / (n (n − 1))
/// within a stratum.
///
/// # Formula
///
/// ```text
/// π_k r_h / n_h
/// ```
///
/// # Arguments
///
/// | symbol | argument      | shape | unit                         |
/// |--------|---------------|-------|------------------------------|
/// | h      | `stratum`     | n     | its place, from 0            |
/// | π      | `probability` | n     | –                            |
/// | –      | `replicate`   | n     | as [`assign`] gives it, from 1 |
///
/// # Errors
///
/// [`Error::Lengths`] if the three are not of one length.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §9.3: the release is a second phase; Wolter (2007), §2.4.
///
/// # Example
///
/// ```
/// use canvass::draw::replicates::released;
/// // Two strata of four and two; the first replicate holds one of each.
/// let replicate = [1, 2, 3, 4, 3, 1];
/// let now = released(&[0, 0, 0, 0, 1, 1], &[0.5; 6], &replicate, 1)?;
/// assert_eq!(now.probability, [Some(0.125), None, None, None, None, Some(0.25)]);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn released(
    stratum: &[u32],
    probability: &[f64],
    replicate: &[u32],
    first: u32,
) -> Result<Released, Error> {
    let wanted = stratum.len();
    for (what, found) in [
        ("chances", probability.len()),
        ("replicates", replicate.len()),
    ] {
        if found != wanted {
            return Err(Error::Lengths {
                what,
                found,
                wanted,
            });
        }
    }
    let strata = stratum.iter().max().map_or(0, |last| *last as usize + 1);
    let mut counts = vec![(0, 0); strata];
    for (&stratum, &replicate) in stratum.iter().zip(replicate) {
        let (released, drawn) = &mut counts[stratum as usize];
        *drawn += 1;
        *released += u64::from(replicate <= first);
    }
    let of = |unit: usize| {
        let (released, drawn) = counts[stratum[unit] as usize];
        (replicate[unit] <= first).then(|| match released == drawn {
            true => probability[unit],
            false => probability[unit] * (released as f64 / drawn as f64),
        })
    };
    Ok(Released {
        probability: (0..wanted).map(of).collect(),
        counts,
    })
}

#[cfg(test)]
mod tests {
    use super::{Error, assign, assign_shuffled, released, shuffled};
    use crate::draw::trial::{self, draw, eight};
    use crate::draw::unequal::{order, pivotal};
    use crate::draw::{Pool, Probabilities, equal::smallest};
    use crate::math::{Moments, sum};
    use crate::random::Seed;

    #[test]
    fn every_stratum_is_dealt_evenly() {
        for i in 0..50 {
            let seed = Seed::new(format!("deal {i}")).expect("not blank");
            let takes = [7, 20, 1, 33];
            let replicate = assign(&takes, 6, &seed);
            let mut from = 0;
            for take in takes {
                let mut counts = [0_u64; 6];
                for &r in &replicate[from..from + take as usize] {
                    counts[r as usize - 1] += 1;
                }
                assert!(
                    counts
                        .iter()
                        .all(|&c| c == take / 6 || c == take.div_ceil(6)),
                    "seed {i}"
                );
                from += take as usize;
            }
        }
    }

    #[test]
    fn every_unit_is_as_likely_in_the_first_replicate_as_another() {
        let mut first = [0_u32; 10];
        for i in 0..4_000 {
            let seed = Seed::new(format!("first {i}")).expect("not blank");
            for (unit, r) in assign(&[3, 7], 4, &seed).into_iter().enumerate() {
                first[unit] += u32::from(r == 1);
            }
        }
        // 1 000 ± 27 each; five standard errors.
        assert!(first.iter().all(|&c| c.abs_diff(1_000) < 137), "{first:?}");
    }

    #[test]
    fn every_unit_is_as_likely_to_be_released_first_as_another() {
        let ids = ["a", "b", "c", "d", "e"];
        let mut first = [0_u32; 5];
        for i in 0..4_000 {
            let seed = Seed::new(format!("release {i}")).expect("not blank");
            first[shuffled(&ids, &seed)[0]] += 1;
        }
        // 800 ± 25.3 each; five standard errors.
        assert!(first.iter().all(|&c| c.abs_diff(800) < 127), "{first:?}");
    }

    #[test]
    fn the_order_of_release_knows_nothing_of_the_draw() {
        // Pareto's own order begins with the large ones, that of release does not: of two drawn units, each is
        // the first in half of the draws.
        let sizes = [1.0, 1.0, 1.0, 1.0, 4.0, 4.0];
        let chances = Probabilities::by_size(&sizes, 2).expect("possible");
        let (mut largest, mut mixed) = (0.0, 0.0);
        for i in 0..6_000 {
            let text = format!("pareto {i}");
            let drawn = draw(&order::PARETO, &chances, &text);
            let large: Vec<usize> = drawn.iter().copied().filter(|&unit| unit > 3).collect();
            if large.len() == 1 {
                let ids: Vec<String> = drawn
                    .iter()
                    .map(|&unit| trial::ids(6)[unit].clone())
                    .collect();
                let seed = Seed::new(&text).expect("not blank");
                mixed += 1.0;
                largest += f64::from(u8::from(drawn[shuffled(&ids, &seed)[0]] == large[0]));
            }
        }
        let error = 0.5 / f64::sqrt(mixed);
        assert!(
            (largest / mixed - 0.5).abs() < 4.5 * error,
            "{largest} of {mixed}"
        );
    }

    #[test]
    fn weights_of_any_first_replicates_add_up_to_the_population() {
        // Strata of 30 and 50, of which 7 and 20 are drawn.
        for i in 0..50 {
            let seed = Seed::new(format!("first {i}")).expect("not blank");
            let stratum: Vec<u32> = (0..27).map(|unit| u32::from(unit >= 7)).collect();
            let chances: Vec<f64> = stratum
                .iter()
                .map(|&h| if h == 0 { 7.0 / 30.0 } else { 20.0 / 50.0 })
                .collect();
            for replicate in [
                assign(&[7, 20], 6, &seed),
                assign_shuffled(&[7, 20], 6, &seed),
            ] {
                for first in 1..=6 {
                    let now = released(&stratum, &chances, &replicate, first).expect("one length");
                    assert!(now.unheard().is_empty(), "seed {i}");
                    let weights = |h: u32| {
                        let mine = now
                            .probability
                            .iter()
                            .zip(&stratum)
                            .filter(|(_, of)| **of == h);
                        sum(mine
                            .filter_map(|(chance, _)| *chance)
                            .map(|chance| 1.0 / chance))
                    };
                    assert!((weights(0) - 30.0).abs() < 1e-9, "seed {i}: {}", weights(0));
                    assert!((weights(1) - 50.0).abs() < 1e-9, "seed {i}: {}", weights(1));
                    // Every unit of the first replicates has a chance, and no other.
                    for (chance, replicate) in now.probability.iter().zip(&replicate) {
                        assert_eq!(chance.is_some(), *replicate <= first, "seed {i}");
                    }
                }
                let all = released(&stratum, &chances, &replicate, 6).expect("one length");
                let all: Option<Vec<f64>> = all.probability.into_iter().collect();
                assert_eq!(all.as_ref(), Some(&chances), "seed {i}");
            }
        }
    }

    #[test]
    fn totals_from_any_first_replicates_are_right_on_average() {
        let answers = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for (method, chances) in [
            (
                &smallest::METHOD,
                Probabilities::equal(8, 4).expect("possible"),
            ),
            (&pivotal::METHOD, eight()),
        ] {
            let mut totals = [Moments::default(); 2];
            for i in 0..8_000 {
                let text = format!("total {i}");
                let drawn = draw(method, &chances, &text);
                let seed = Seed::new(&text).expect("not blank");
                let replicate = assign_shuffled(&[4], 3, &seed);
                let pi: Vec<f64> = drawn.iter().map(|&unit| chances.of(unit)).collect();
                for first in [1, 2] {
                    let now = released(&[0; 4], &pi, &replicate, first).expect("one length");
                    let found = now.probability.iter().zip(&drawn);
                    let found =
                        found.filter_map(|(chance, unit)| Some(answers[*unit] / (*chance)?));
                    totals[first as usize - 1].add(sum(found));
                }
            }
            for total in totals {
                let (mean, spread) = (total.mean().expect("many"), total.spread().expect("many"));
                let error = spread / 8_000.0_f64.sqrt();
                assert!(
                    (mean - 31.0).abs() < 4.5 * error,
                    "{}: {mean} ± {error}",
                    method.card.key
                );
            }
        }
    }

    #[test]
    fn every_unit_comes_in_the_first_replicates_as_often_as_its_chance_says() {
        // Given how many units of the stratum are released, which varies with the start.
        let ids: Vec<String> = (0..8).map(|unit| unit.to_string()).collect();
        let chances = Probabilities::equal(8, 4).expect("possible");
        let mut came = [[0.0; 8]; 5];
        let mut times = [0.0; 5];
        for i in 0..8_000 {
            let seed = Seed::new(format!("often {i}")).expect("not blank");
            let drawn =
                smallest::smallest(&Pool::new("all", &ids, &chances), &seed).expect("equal");
            let replicate = assign_shuffled(&[4], 3, &seed);
            let now = released(&[0; 4], &[0.5; 4], &replicate, 1).expect("one length");
            let count = now.counts[0].0 as usize;
            times[count] += 1.0;
            for (unit, chance) in drawn.iter().zip(&now.probability) {
                came[count][*unit] += f64::from(u8::from(chance.is_some()));
            }
        }
        for count in [1, 2] {
            let wanted = 0.5 * count as f64 / 4.0;
            let error = (wanted * (1.0 - wanted) / times[count]).sqrt();
            for found in came[count].map(|came| came / times[count]) {
                assert!(
                    (found - wanted).abs() < 4.5 * error,
                    "{count}: {found} is not {wanted}"
                );
            }
        }
    }

    #[test]
    fn a_stratum_without_a_released_unit_is_named() {
        let now = released(&[0, 0, 2], &[0.5; 3], &[1, 2, 2], 1).expect("one length");
        assert_eq!((now.unheard(), now.counts.len()), (vec![2], 3));
        let none = released(&[0, 0, 2], &[0.5; 3], &[1, 2, 2], 0).expect("one length");
        assert_eq!(none.probability, [None; 3]);
        let refused = released(&[0], &[0.5; 2], &[1], 1);
        assert_eq!(
            refused,
            Err(Error::Lengths {
                what: "chances",
                found: 2,
                wanted: 1
            })
        );
        assert_eq!(
            released(&[], &[], &[], 1).map(|now| now.counts),
            Ok(Vec::new())
        );
    }
}
