//! How many units two waves will share, said before they are drawn, and found afterwards.
//!
//! Two waves that [turn](super::coordinate::Turn) the same permanent numbers each draw a window of
//! them. What the windows have in common is what the waves will have in common, on average.

use std::collections::{BTreeMap, BTreeSet};

use super::coordinate::{Turn, by_number};
use crate::draw::apart::one_chance;
use crate::draw::{Error, Method, Pool, Size, equal::smallest, simple};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "overlap",
    title: Words::new("Expected overlap of two waves", "两期样本的期望重合量"),
    says: Words::new(
        "How many units two coordinated waves will share: the part that the windows of their numbers have \
         in common, added over the units of both lists. For simple draws from one list it is exact; for \
         methods of fixed size and unequal chances, or lists that changed, it is near.",
        "两期协调样本预计共有的单位数：各单位在两期的随机数入样区间的公共长度之和。同一名单的简单随机\
         抽样为精确值；固定样本量的不等概率抽样或名单有变动时为近似值。",
    ),
    formula: "E|s₁ ∩ s₂| = Σ_k |W₁k ∩ W₂k|: Σ min(π₁, π₂) unturned, Σ max(0, π₁ + π₂ − 1) reflected;  \
              simple, window moved by c: Σ_m B(m; N, c) |{1…n₁} ∩ {m+1…m+n₂ mod N}|",
    sources: &[
        Source::new("Ohlsson (1995)"),
        Source::at("Brewer, Early, Joyce (1972)", "overlap of Poisson samples"),
    ],
};

/// One wave: the units there are, and what it does with their numbers.
#[derive(Debug, Clone, Copy)]
pub struct Wave<'a> {
    /// Units and chances.
    pub pool: Pool<'a>,
    /// What is done to permanent numbers.
    pub turn: Turn,
}

/// What two waves will have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// How many units both lists hold.
    pub common: u64,
    /// How many of them will be drawn in both waves, on average.
    pub expected: f64,
    /// Whether that is exact, or near.
    pub exact: bool,
    /// How many two waves would share that know nothing of each other: Σ π₁ π₂.
    pub by_chance: f64,
}

/// How many units two waves of one seed and method will share, on average.
///
/// # Formula
///
/// ```text
/// each by itself   Σ_k |W₁k ∩ W₂k|,  W the arc of numbers, on a circle of length 1, that draw unit k
///                  same             Σ min(π₁, π₂)
///                  reflected        Σ max(0, π₁ + π₂ − 1)
///                  starts d apart   Σ max(0, min(π₁, d + π₂) − d) + max(0, min(π₁, d + π₂ − 1))
/// simple, one list of N, starts d apart
///                  Σ_m B(m; N, d) o(m),  o(m) = max(0, min(n₁, m + n₂) − m) + max(0, min(n₁, m + n₂ − N))
/// ```
///
/// For simple draws, m units lie between the starts, and the second wave draws the next n₂ after them.
/// A reflected wave draws downwards, from rank m − n₂. Unturned, that is min(n₁, n₂); reflected,
/// max(0, n₁ + n₂ − N). Other methods of fixed size, and simple draws from lists that changed, share
/// nearly what waves of the first kind do.
///
/// # Errors
///
/// [`Error::NotByNumber`] if the method has no use for permanent numbers; [`Error::BadTurn`] if a shift
/// or share is not from 0 to 1; [`Error::NotEqual`] if simple draws have unequal chances.
///
/// # Source
///
/// Ohlsson (1995); Brewer, Early, Joyce (1972) for samples in which each unit is by itself. The exact sum
/// for simple draws follows from ranks: how many numbers lie between two starts is a binomial count.
///
/// # Example
///
/// ```
/// use canvass::draw::{Pool, Probabilities, waves::{coordinate::Turn, overlap::{Wave, expected}}, equal::smallest};
/// let ids: Vec<String> = (0..10).map(|id| id.to_string()).collect();
/// let chances = Probabilities::equal(10, 6)?;
/// let wave = |turn| Wave { pool: Pool::new("all", &ids, &chances), turn };
/// let overlap = expected(&smallest::METHOD, &wave(Turn::Same), &wave(Turn::Reflect))?;
/// assert!(overlap.exact);
/// assert_eq!(overlap.expected, 2.0); // 6 + 6 − 10
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn expected(method: &Method, before: &Wave<'_>, now: &Wave<'_>) -> Result<Overlap, Error> {
    if !by_number(method) {
        return Err(Error::NotByNumber {
            method: method.card.key,
        });
    }
    before.turn.check()?;
    now.turn.check()?;
    let common = common(&before.pool, &now.pool);
    let one_list = common.len() == before.pool.len() && common.len() == now.pool.len();
    let pairs = || {
        common.iter().map(|&(one, other)| {
            (
                before.pool.probabilities().of(one),
                now.pool.probabilities().of(other),
            )
        })
    };
    let by_chance = sum(pairs().map(|(one, other)| one * other));
    let (expected, exact) = if method.card.key == smallest::METHOD.card.key && one_list {
        (of_equals(before, now)?, true)
    } else {
        let arcs = pairs().map(|(one, other)| arcs((before.turn, one), (now.turn, other)));
        (sum(arcs), method.size == Size::Random)
    };
    Ok(Overlap {
        common: common.len() as u64,
        expected,
        exact,
        by_chance,
    })
}

/// How many units two drawn waves do share, by their ids; a unit hit twice counts once.
#[must_use]
pub fn found<T: AsRef<str>>(before: &[T], now: &[T]) -> u64 {
    let once =
        |ids: &[T]| -> BTreeSet<String> { ids.iter().map(|id| id.as_ref().to_owned()).collect() };
    once(before).intersection(&once(now)).count() as u64
}

/// The places, before and now, of the units that are in both lists.
fn common(before: &Pool<'_>, now: &Pool<'_>) -> Vec<(usize, usize)> {
    let known: BTreeMap<&str, usize> = before
        .ids()
        .iter()
        .enumerate()
        .map(|(place, id)| (id.as_str(), place))
        .collect();
    let both = now.ids().iter().enumerate();
    both.filter_map(|(place, id)| Some((*known.get(id.as_str())?, place)))
        .collect()
}

/// What two windows on a circle of length 1 have in common.
pub(crate) fn arcs((turn, one): (Turn, f64), (other_turn, other): (Turn, f64)) -> f64 {
    let between = part(other_turn.start(other).wrapping_sub(turn.start(one)));
    common_arc(one, between, other, 1.0)
}

/// What two arcs have in common, on a circle of a given length; the second starts so far after the first.
fn common_arc(one: f64, between: f64, other: f64, circle: f64) -> f64 {
    let ahead = (one.min(between + other) - between).max(0.0);
    ahead + one.min(between + other - circle).max(0.0)
}

/// Parts of 2¹²⁸ as a number from 0 to 1.
fn part(of: u128) -> f64 {
    of as f64 / 340_282_366_920_938_463_463_374_607_431_768_211_456.0
}

/// The exact overlap of simple draws from one list.
fn of_equals(before: &Wave<'_>, now: &Wave<'_>) -> Result<f64, Error> {
    let mut waves = [before, now];
    // A wave that draws downwards comes second; two of them are as two that draw upwards.
    let reflected = |wave: &Wave<'_>| wave.turn == Turn::Reflect;
    if reflected(waves[0]) {
        waves.swap(0, 1);
    }
    let mut takes = [0.0; 2];
    let mut starts = [0; 2];
    for (place, wave) in waves.iter().enumerate() {
        let chance = one_chance(&simple::CARD, wave.pool.probabilities())?;
        takes[place] = wave.pool.probabilities().fixed_size()? as f64;
        starts[place] = if reflected(wave) {
            0
        } else {
            wave.turn.start(chance)
        };
    }
    let units = before.pool.len() as f64;
    let down = reflected(waves[1]) && !reflected(waves[0]);
    let mut overlap = Sum::default();
    let between = part(starts[1].wrapping_sub(starts[0]));
    for (m, chance) in binomial(before.pool.len() as u64, between) {
        let rank = match m as f64 - if down { takes[1] } else { 0.0 } {
            rank if rank < 0.0 => rank + units,
            rank => rank,
        };
        overlap.add(chance * common_arc(takes[0], rank, takes[1], units));
    }
    Ok(overlap.value())
}

/// The counts that are not too unlikely to matter, each with its chance. From the likeliest outwards by
/// ratios, so that nothing but + − × ÷ is needed, and all chances add up to 1.
///
/// # Formula
///
/// ```text
/// B(m + 1; N, p) / B(m; N, p) = (N − m) p / ((m + 1) (1 − p))
/// ```
///
/// # Source
///
/// Definition of the binomial law.
fn binomial(trials: u64, p: f64) -> Vec<(u64, f64)> {
    const NOTHING: f64 = 1e-25;
    if p <= 0.0 || p >= 1.0 {
        return vec![(if p <= 0.0 { 0 } else { trials }, 1.0)];
    }
    let mode = (((trials + 1) as f64 * p) as u64).min(trials);
    let ratio = |m: u64| (trials - m) as f64 * p / ((m + 1) as f64 * (1.0 - p));
    let mut law = vec![(mode, 1.0)];
    let mut weight = 1.0;
    for m in mode..trials {
        weight *= ratio(m);
        if weight < NOTHING {
            break;
        }
        law.push((m + 1, weight));
    }
    weight = 1.0;
    for m in (0..mode).rev() {
        weight /= ratio(m);
        if weight < NOTHING {
            break;
        }
        law.push((m, weight));
    }
    let all = sum(law.iter().map(|(_, weight)| *weight));
    law.iter_mut().for_each(|(_, weight)| *weight /= all);
    law
}

#[cfg(test)]
mod tests {
    use super::{Overlap, Wave, binomial, expected, found};
    use crate::draw::trial::{eight, ids, seed};
    use crate::draw::waves::coordinate::{Turn, draw};
    use crate::draw::{
        Error, Method, Pool, Probabilities,
        equal::{bernoulli, smallest},
        unequal::{order, pivotal, poisson},
    };
    use crate::math::Moments;

    const TURNS: [Turn; 5] = [
        Turn::Same,
        Turn::Shift { by: 0.85 },
        Turn::Shift { by: 0.2 },
        Turn::Reflect,
        Turn::Rotate {
            share: 0.4,
            waves: 2,
        },
    ];

    /// Overlaps of many pairs of waves.
    fn simulated(method: &Method, before: &Wave<'_>, now: &Wave<'_>, times: u32) -> Moments {
        let drawn = |wave: &Wave<'_>, i: u32| -> Vec<String> {
            let seed = seed(&format!("pair {i}"));
            let drawn = draw(method, &wave.pool, wave.turn, &seed).expect("possible");
            drawn
                .into_iter()
                .map(|unit| wave.pool.ids()[unit].clone())
                .collect()
        };
        (0..times)
            .map(|i| found(&drawn(before, i), &drawn(now, i)) as f64)
            .collect()
    }

    /// Simulation agrees with what was expected; `slack` is for what is only near.
    fn agrees(method: &Method, before: &Wave<'_>, now: &Wave<'_>, slack: f64) -> Overlap {
        let overlap = expected(method, before, now).expect("possible");
        let found = simulated(method, before, now, 400);
        let (mean, spread) = (found.mean().expect("many"), found.spread().expect("many"));
        let off = (mean - overlap.expected).abs();
        // What seldom happens may not have happened in so few pairs.
        let seldom = (overlap.expected - overlap.expected.round()).abs();
        let seldom = if seldom < 0.01 { seldom.sqrt() } else { 0.0 };
        let error = spread.max(seldom) / 20.0;
        let (key, turns) = (method.card.key, (before.turn, now.turn));
        assert!(
            off <= 4.5 * error + slack + 1e-9,
            "{key} {turns:?}: {mean}, not {overlap:?}"
        );
        overlap
    }

    fn pairs() -> impl Iterator<Item = (Turn, Turn)> {
        TURNS
            .into_iter()
            .flat_map(|one| TURNS.into_iter().map(move |other| (one, other)))
    }

    #[test]
    fn simple_waves_share_exactly_what_is_expected() {
        let ids = ids(30);
        let chances = [9, 17].map(|take| Probabilities::equal(30, take).expect("possible"));
        for (one, other) in pairs() {
            let before = Wave {
                pool: Pool::new("all", &ids, &chances[0]),
                turn: one,
            };
            for chances in &chances {
                let now = Wave {
                    pool: Pool::new("all", &ids, chances),
                    turn: other,
                };
                assert!(agrees(&smallest::METHOD, &before, &now, 0.0).exact);
            }
        }
    }

    #[test]
    fn units_by_themselves_share_exactly_what_is_expected() {
        let ids = ids(8);
        let (sizes, even) = (
            eight(),
            Probabilities::given(vec![0.45; 8]).expect("chances"),
        );
        for (one, other) in pairs() {
            let before = Wave {
                pool: Pool::new("all", &ids, &sizes),
                turn: one,
            };
            let now = Wave {
                pool: Pool::new("all", &ids, &even),
                turn: other,
            };
            assert!(agrees(&poisson::METHOD, &before, &now, 0.0).exact);
            let before = Wave { turn: one, ..now };
            assert!(agrees(&bernoulli::METHOD, &before, &now, 0.0).exact);
        }
    }

    #[test]
    fn unequal_chances_of_fixed_size_share_nearly_what_is_expected() {
        let ids = ids(60);
        let sizes: Vec<f64> = (0..60).map(|unit| f64::from(1 + unit * 7 % 11)).collect();
        let chances = Probabilities::by_size(&sizes, 18).expect("possible");
        for method in [&order::SEQUENTIAL, &order::PARETO, &order::ADJUSTED] {
            for (one, other) in pairs().filter(|(one, _)| *one == Turn::Same) {
                let before = Wave {
                    pool: Pool::new("all", &ids, &chances),
                    turn: one,
                };
                let now = Wave {
                    turn: other,
                    ..before
                };
                assert!(!agrees(method, &before, &now, 0.9).exact);
            }
        }
    }

    #[test]
    fn blackboard_overlaps() {
        let (ids, sizes) = (
            ids(10),
            [4, 7].map(|take| Probabilities::equal(10, take).expect("few")),
        );
        let wave = |chances, turn| Wave {
            pool: Pool::new("all", &ids, chances),
            turn,
        };
        let of = |one, other| expected(&smallest::METHOD, &one, &other).expect("possible");
        let (four, seven) = (&sizes[0], &sizes[1]);
        let same = of(wave(four, Turn::Same), wave(seven, Turn::Same));
        assert_eq!((same.common, same.exact), (10, true));
        assert!((same.expected - 4.0).abs() < 1e-12 && (same.by_chance - 2.8).abs() < 1e-12);
        // 4 + 7 − 10 = 1.
        let least = of(wave(four, Turn::Same), wave(seven, Turn::Reflect));
        assert!((least.expected - 1.0).abs() < 1e-12);
        let both = of(wave(four, Turn::Reflect), wave(seven, Turn::Reflect));
        assert!((both.expected - 4.0).abs() < 1e-12);
        // A quarter replaced: one of four, but for windows that chance makes longer or shorter.
        // Σ_m B(m; 10, 0.1) (4 − m)⁺, and past 6 the other end comes round, as seldom as 10⁻⁶.
        let rotated = of(
            wave(four, Turn::Same),
            wave(
                four,
                Turn::Rotate {
                    share: 0.25,
                    waves: 1,
                },
            ),
        );
        let law = |m: u64| {
            binomial(10, 0.1)[..]
                .iter()
                .find(|(at, _)| *at == m)
                .map_or(0.0, |one| one.1)
        };
        let wanted: f64 = (0..=10)
            .map(|m| law(m) * ((4.0 - m as f64).max(0.0) + (m as f64 - 6.0).max(0.0)))
            .sum();
        assert!((rotated.expected - wanted).abs() < 1e-12 && (wanted - 3.0).abs() < 0.02);
        // For units by themselves, exactly the share.
        let wave = |turn| Wave {
            pool: Pool::new("all", &ids, four),
            turn,
        };
        let kept = expected(
            &poisson::METHOD,
            &wave(Turn::Same),
            &wave(Turn::Rotate {
                share: 0.25,
                waves: 1,
            }),
        );
        assert!((kept.expect("possible").expected - 3.0).abs() < 1e-12);
    }

    #[test]
    fn lists_that_changed_share_what_they_have_in_common() {
        let (ids, chances) = (
            ids(40),
            Probabilities::given(vec![0.3; 30]).expect("chances"),
        );
        let wave = |ids, turn| Wave {
            pool: Pool::new("all", ids, &chances),
            turn,
        };
        let (before, now) = (wave(&ids[..30], Turn::Same), wave(&ids[10..], Turn::Same));
        let overlap = agrees(&bernoulli::METHOD, &before, &now, 0.0);
        assert!(overlap.exact && overlap.common == 20 && (overlap.expected - 6.0).abs() < 1e-12);
        let near = agrees(&smallest::METHOD, &before, &now, 0.7);
        assert!(!near.exact && near.common == 20);
    }

    #[test]
    fn counts_have_their_law() {
        for (trials, p) in [
            (0, 0.5),
            (1, 0.25),
            (10, 0.5),
            (1_000, 0.001),
            (10_000_000, 0.3),
        ] {
            let law = binomial(trials, p);
            let mean: f64 = law.iter().map(|(m, chance)| *m as f64 * chance).sum();
            let wanted = trials as f64 * p;
            let off = |m: u64| m as f64 - wanted;
            let spread: f64 = law
                .iter()
                .map(|(m, chance)| off(*m) * off(*m) * chance)
                .sum();
            assert!(
                (mean - wanted).abs() < 1e-9 * wanted.max(1.0),
                "{trials} {p}: {mean}"
            );
            assert!(
                (spread - wanted * (1.0 - p)).abs() < 1e-7 * wanted.max(1.0),
                "{trials} {p}"
            );
        }
        // 10 · 9 / 2 / 2¹⁰
        let two = binomial(10, 0.5)
            .into_iter()
            .find(|(m, _)| *m == 2)
            .map(|(_, chance)| chance);
        assert!((two.expect("likely") - 45.0 / 1_024.0).abs() < 1e-15);
        assert_eq!(binomial(7, 0.0), [(0, 1.0)]);
        assert_eq!(binomial(7, 1.0), [(7, 1.0)]);
    }

    #[test]
    fn nonsense_is_refused() {
        let (ids, chances) = (ids(8), eight());
        let wave = |turn| Wave {
            pool: Pool::new("all", &ids, &chances),
            turn,
        };
        let refused = expected(&pivotal::METHOD, &wave(Turn::Same), &wave(Turn::Same));
        assert!(matches!(refused, Err(Error::NotByNumber { .. })));
        let refused = expected(
            &poisson::METHOD,
            &wave(Turn::Shift { by: 2.0 }),
            &wave(Turn::Same),
        );
        assert!(matches!(refused, Err(Error::BadTurn { .. })));
        let refused = expected(&smallest::METHOD, &wave(Turn::Same), &wave(Turn::Same));
        assert!(matches!(refused, Err(Error::NotEqual { .. })));
        let none = Probabilities::equal(0, 0).expect("nobody");
        let nobody = Wave {
            pool: Pool::new("none", &[], &none),
            turn: Turn::Same,
        };
        assert_eq!(
            expected(&smallest::METHOD, &nobody, &nobody).map(|o| o.common),
            Ok(0)
        );
        assert_eq!(found(&["a", "b", "b"], &["b", "c", "b"]), 1);
    }
}
