//! How many drawn units no call will be about, before anybody is drawn.
//!
//! Where each number is [called once](super::one_call), about one of the drawn units that share it, the others
//! are passed over. How many that will be depends on who shares numbers with whom: a number of a thinly drawn
//! stratum is hardly ever drawn twice, one of two strata that are drawn by half is often. So a plan that
//! counts on interviews must know the strata of those who share a number.

use super::one_call::{Choice, InStratum, chance_by_simple};
use crate::draw::Error;
use crate::math::sum;

/// How units of one stratum come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// As in a simple sample: all samples of the stratum are equally likely.
    Simple,
    /// Each for itself.
    Independent,
}

/// So many ways to draw units of one number are gone through one by one.
const WAYS: u64 = 1_024;

/// How many of the units that hold a number are drawn and passed over, on average, in each of the strata.
///
/// Strata are drawn apart from each other. By [`Law::Simple`] it is exact; but for numbers of very many units,
/// whose shares of strata are near. For a method that draws otherwise, [`Law::Independent`] is exact if all units
/// of a stratum have the same chance, and no two of them hold the number or they come each for itself. Where the
/// order of the list or places decide, neighbours are never drawn together: if it is they who share a number,
/// fewer are passed over than this says.
///
/// # Formula
///
/// ```text
/// in all         E(|s_j| − 1; s_j not empty) = Σ_h a_h f_h − (1 − P(s_j empty)),   f_h = n_h / N_h
/// P(s_j empty)   Π_h C(N_h − a_h, n_h) / C(N_h, n_h) by simple samples,  Π_h (1 − f_h)^a_h independently
/// in stratum h   Σ_c P(c) c_h (1 − v_h / Σ_g c_g v_g),   v = 1 evenly,  N / n by weight
/// ```
///
/// over the ways c to draw c_h of a_h units in each stratum; a number with more ways than 1,024 is passed over
/// in each stratum in proportion to the units that are drawn there, as if all had one chance. Their sum is
/// that above.
///
/// # Errors
///
/// [`Error::TooMany`] if a stratum has fewer units than are drawn from it or hold the number.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §9.3, for the second phase; Cochran (1977), §2.2, for simple samples.
///
/// # Example
///
/// ```
/// use canvass::draw::stages::one_call::{Choice, InStratum};
/// use canvass::draw::stages::passed_over::{Law, passed_over};
/// let of = |population, take| InStratum { population, take, held: 1 };
/// // Both are drawn once in eight times, and each is then passed over once in two.
/// let passed = passed_over(&[of(8, 2), of(4, 2)], Choice::Evenly, Law::Simple)?;
/// assert_eq!(passed, [0.0625, 0.0625]);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn passed_over(strata: &[InStratum], choice: Choice, law: Law) -> Result<Vec<f64>, Error> {
    // It refuses what cannot be.
    let simply = chance_by_simple(strata)?;
    let ways = strata
        .iter()
        .fold(1_u64, |ways, stratum| ways.saturating_mul(stratum.held + 1));
    if ways <= WAYS {
        return Ok(one_by_one(strata, choice, law));
    }
    let drawn: Vec<f64> = strata
        .iter()
        .map(|stratum| stratum.held as f64 * chance(stratum))
        .collect();
    let called = match law {
        Law::Simple => simply,
        Law::Independent => 1.0 - strata.iter().map(nobody).product::<f64>(),
    };
    let all = sum(drawn.iter().copied());
    let share = if all > 0.0 { 1.0 - called / all } else { 0.0 };
    Ok(drawn.into_iter().map(|drawn| drawn * share).collect())
}

/// n / N.
fn chance(stratum: &InStratum) -> f64 {
    stratum.take as f64 / stratum.population.max(1) as f64
}

/// (1 − f)^a, by squaring.
fn nobody(stratum: &InStratum) -> f64 {
    let (mut base, mut all, mut times) = (1.0 - chance(stratum), 1.0, stratum.held);
    while times > 0 {
        if times % 2 == 1 {
            all *= base;
        }
        base *= base;
        times /= 2;
    }
    all
}

/// Goes through all ways to draw units of the number.
fn one_by_one(strata: &[InStratum], choice: Choice, law: Law) -> Vec<f64> {
    let laws: Vec<Vec<f64>> = strata.iter().map(|stratum| counts(stratum, law)).collect();
    let weights: Vec<f64> = strata
        .iter()
        .map(|stratum| match (choice, stratum.take) {
            (Choice::ByWeight, 1..) => 1.0 / chance(stratum),
            _ => 1.0,
        })
        .collect();
    let mut passed = vec![0.0; strata.len()];
    let mut drawn = vec![0_usize; strata.len()];
    loop {
        let chance: f64 = laws.iter().zip(&drawn).map(|(law, &of)| law[of]).product();
        let each = || drawn.iter().map(|&of| of as f64).zip(&weights);
        let all: f64 = each().map(|(of, weight)| of * weight).sum();
        if all > 0.0 && chance > 0.0 {
            for (passed, (of, weight)) in passed.iter_mut().zip(each()) {
                *passed += chance * of * (1.0 - weight / all);
            }
        }
        // The next way, counted like the digits of a number.
        let Some(place) = (0..strata.len()).find(|&at| drawn[at] + 1 < laws[at].len()) else {
            return passed;
        };
        drawn[..place].fill(0);
        drawn[place] += 1;
    }
}

/// The chance that 0, 1, 2 … of the units of a stratum that hold the number are drawn.
fn counts(stratum: &InStratum, law: Law) -> Vec<f64> {
    let mut counts = vec![1.0];
    // One unit after another: how likely it comes, given how many came before.
    for before in 0..stratum.held {
        let comes = |came: usize| match law {
            Law::Independent => chance(stratum),
            Law::Simple => {
                let left = stratum.take.saturating_sub(came as u64) as f64;
                (left / (stratum.population - before) as f64).min(1.0)
            }
        };
        counts.push(0.0);
        for came in (0..counts.len()).rev() {
            let stays = counts[came] * (1.0 - comes(came));
            let adds = came
                .checked_sub(1)
                .map_or(0.0, |fewer| counts[fewer] * comes(fewer));
            counts[came] = stays + adds;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{Law, passed_over};
    use crate::draw::Error;
    use crate::draw::stages::one_call::{Choice, InStratum, chance_by_simple, chance_of_any};
    use crate::math::sum;

    fn of(population: u64, take: u64, held: u64) -> InStratum {
        InStratum {
            population,
            take,
            held,
        }
    }

    const CHOICES: [Choice; 2] = [Choice::Evenly, Choice::ByWeight];

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
    }

    /// All samples of both strata, one by one: the first units of each hold the number.
    fn counted_out(strata: [InStratum; 2], choice: Choice) -> [f64; 2] {
        let samples = |stratum: InStratum| {
            (0_u32..1 << stratum.population)
                .filter(move |sample| u64::from(sample.count_ones()) == stratum.take)
                .map(move |sample| (sample & ((1 << stratum.held) - 1)).count_ones())
        };
        let weight = |place: usize| match choice {
            Choice::Evenly => 1.0,
            Choice::ByWeight => strata[place].population as f64 / strata[place].take as f64,
        };
        let (mut passed, mut times) = ([0.0; 2], 0.0);
        for one in samples(strata[0]) {
            for other in samples(strata[1]) {
                times += 1.0;
                let drawn = [f64::from(one), f64::from(other)];
                let all = drawn[0] * weight(0) + drawn[1] * weight(1);
                for place in [0, 1] {
                    if all > 0.0 {
                        passed[place] += drawn[place] * (1.0 - weight(place) / all);
                    }
                }
            }
        }
        passed.map(|passed| passed / times)
    }

    #[test]
    fn it_is_what_all_samples_say() {
        for strata in [
            [of(6, 3, 2), of(5, 1, 1)],
            [of(7, 6, 3), of(4, 2, 2)],
            [of(5, 5, 2), of(6, 2, 4)],
            [of(8, 1, 3), of(3, 0, 2)],
        ] {
            for choice in CHOICES {
                let wanted = match strata[1].take {
                    // A weight of nobody is none.
                    0 => counted_out([strata[0], of(3, 0, 0)], Choice::Evenly),
                    _ => counted_out(strata, choice),
                };
                let found = passed_over(&strata, choice, Law::Simple).expect("possible");
                close(found[0], wanted[0]);
                close(found[1], wanted[1]);
            }
        }
    }

    #[test]
    fn strata_add_up_to_all_that_is_drawn_but_for_the_calls() {
        // The last has more ways than are gone through.
        let kinds = [
            vec![of(10, 4, 1), of(20, 1, 3)],
            vec![of(10, 4, 5)],
            vec![of(50, 20, 30), of(60, 10, 40)],
        ];
        for strata in kinds {
            let drawn = sum(strata
                .iter()
                .map(|one| one.held as f64 * one.take as f64 / one.population as f64));
            let chances: Vec<f64> = strata
                .iter()
                .flat_map(|one| {
                    let f = one.take as f64 / one.population as f64;
                    std::iter::repeat_n(f, one.held as usize)
                })
                .collect();
            for choice in CHOICES {
                for (law, called) in [
                    (Law::Simple, chance_by_simple(&strata).expect("possible")),
                    (Law::Independent, chance_of_any(&chances).expect("chances")),
                ] {
                    let passed = passed_over(&strata, choice, law).expect("possible");
                    close(sum(passed), drawn - called);
                }
            }
        }
    }

    #[test]
    fn of_two_strata_the_thinner_is_passed_over_more_often_unless_by_weight() {
        let strata = [of(1_000, 10, 1), of(1_000, 500, 1)];
        let share = |choice| {
            let passed = passed_over(&strata, choice, Law::Simple).expect("possible");
            passed[0] / passed[1]
        };
        close(share(Choice::Evenly), 1.0);
        assert!(share(Choice::ByWeight) < 0.03);
    }

    #[test]
    fn more_than_there_is_is_refused() {
        let refused = passed_over(&[of(4, 5, 1)], Choice::Evenly, Law::Simple);
        assert_eq!(refused, Err(Error::TooMany { asked: 5, there: 4 }));
        let refused = passed_over(&[of(4, 1, 5)], Choice::Evenly, Law::Independent);
        assert_eq!(refused, Err(Error::TooMany { asked: 5, there: 4 }));
        assert_eq!(passed_over(&[], Choice::Evenly, Law::Simple), Ok(vec![]));
    }
}
