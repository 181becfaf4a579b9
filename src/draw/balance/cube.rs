//! Samples that repeat known totals.
//!
//! The sample's estimates of some amounts (people, lines, revenue by district …) are to equal what is
//! known of the whole list. All samples are corners of a cube; the chances are a point inside. The
//! flight moves that point towards a corner without changing any estimate, forwards or backwards so that
//! chances stay right on average; the landing decides the last few units and changes as little as it can.
//!
//! Use it where known amounts explain the answers: what is balanced need not be weighted right afterwards.

use super::flight::{self, Amounts};
use super::landing::{self, Last};
pub use super::lands::Landing;
use crate::draw::probability::CERTAIN;
use crate::draw::undecided::settle;
use crate::draw::{Accuracy, Error, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::{Seed, Stream};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "cube",
    title: Words::new("Cube method: balanced sampling", "立方体法（平衡抽样）"),
    says: Words::new(
        "Chances move step by step towards in or out, such that the sample's size and its estimates of \
         known totals stay as they are; only the last few units, as many as there are totals, may change \
         them a little. How they land is a choice: drop gives the totals up one after another, from the last, \
         unless lp is asked for, which takes the best of all designs for them and gives none up. Use it where \
         known amounts explain the answers.",
        "各单位的入样概率逐步移向入样或不入样，每一步保持样本量及已知总量的估计值不变；仅最后若干单位（至多与总量个数相同）\
         会略有偏差。其处理方式可选：默认drop，由后往前逐一放弃总量；lp则以线性规划求最优设计，不放弃任何总量。\
         适用于已知辅助变量能解释回答的情形。",
    ),
    formula: "Σ_{k∈s} x_k / π_k = Σ_k x_k;  flight: A u = 0, π ← π + λ₁u or π − λ₂u;  \
              landing: drop, amounts dropped from the last; or lp, min Σ_s p(s) C(s) over designs that keep π",
    sources: &[
        Source::at("Deville, Tillé (2004)", "§4"),
        Source::at("Chauvet, Tillé (2006)", "fast flight"),
    ],
};

/// What the one checker of all methods sees. It lands by dropping amounts.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Balance,
    draw: |pool, seed| of_pool(pool, Landing::Dropping, seed),
    joint: None,
};

/// The same, which lands by the best design.
pub const BY_PROGRAMME: Method = Method {
    draw: |pool, seed| of_pool(pool, Landing::Programme, seed),
    ..METHOD
};

fn of_pool(pool: &Pool<'_>, landing: Landing, seed: &Seed) -> Result<Vec<usize>, Error> {
    let (chances, balance) = (pool.probabilities(), pool.balance(&CARD)?);
    let stream = &mut pool.stream(&CARD, seed);
    Ok(cube(chances, balance, landing, stream)?.units)
}

/// How the last few units were decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landed {
    /// The flight decided all, and every amount is met.
    InFlight,
    /// By the best design for them.
    Programme {
        /// How many amounts had been dropped before, so that samples were few enough.
        dropped: usize,
    },
    /// By dropping one amount after another, because that was asked for, or because no design was found.
    Dropping,
}

/// A balanced sample, and how it landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balanced {
    /// The drawn units, in order.
    pub units: Vec<usize>,
    /// How the last of them were decided.
    pub landed: Landed,
}

/// Draws a sample balanced on its size and on `balance`, and says how it landed.
///
/// Estimates Σ x/π of the drawn units equal the totals but for the last few units, as many as there are
/// amounts at most; exactly, if the flight decides all. Amounts of units without a chance are not
/// counted. Chances are exact, and Σπ units are drawn if that is a whole number; otherwise one more or
/// one fewer. Takes time N p³ for p amounts. Only + − × ÷ and comparison decide, but that the best landing
/// chooses among designs by a library's simplex.
///
/// # Formula
///
/// ```text
/// flight, among p + 1 open units at a time:
///   A u = 0,  A_jk = x_kj / π_k,  x_k0 = π_k
///   π* ← π* + λ₁ u with chance λ₂ / (λ₁ + λ₂), else π* − λ₂ u;  λ as long as 0 ≤ π* ≤ 1
/// landing by dropping: the same with one row of A fewer, again and again; the size is the last to stay
/// landing by programme: min Σ_s p(s) C(s)  with  Σ_{s∋k} p(s) = π*_k,  p ≥ 0
/// ```
///
/// # Arguments
///
/// | symbol | argument        | shape | unit          |
/// |--------|-----------------|-------|---------------|
/// | π      | `probabilities` | N     | –             |
/// | x      | `balance`       | p × N | of the amount |
///
/// # Errors
///
/// [`Error::NoBalance`] if an amount is not a number for each unit.
///
/// # Source
///
/// Deville, Tillé (2004), §4; Chauvet, Tillé (2006) for the flight with few units at a time; units are
/// met in random order.
///
/// # Example
///
/// Six units in two halves, three to be drawn; balanced on one half's count, which is whole, for π = ½
/// and four units:
///
/// ```
/// use canvass::{draw::{Probabilities, balance::cube::{Landing, cube}}, random::Seed};
/// let town = vec![1.0, 1.0, 1.0, 1.0, 0.0, 0.0];
/// let chances = Probabilities::equal(6, 3)?;
/// let mut stream = Seed::new("the evening draw").expect("not blank").stream("example");
/// let drawn = cube(&chances, &[town], Landing::Dropping, &mut stream)?.units;
/// assert_eq!(drawn.len(), 3);
/// assert_eq!(drawn.iter().filter(|&&unit| unit < 4).count(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn cube(
    probabilities: &Probabilities,
    balance: &[Vec<f64>],
    landing: Landing,
    stream: &mut Stream,
) -> Result<Balanced, Error> {
    let amounts = Amounts::with_size(probabilities, balance, &CARD)?;
    let entry = |row: usize, unit: usize| amounts.of(unit)[row];
    let mut now = probabilities.as_slice().to_vec();
    let mut order = probabilities.open();
    stream.shuffle(&mut order);
    let mut rows = amounts.count();
    let mut left = flight::fly(&mut now, order, rows, entry, stream);
    let mut landed = if left.is_empty() {
        Landed::InFlight
    } else {
        Landed::Dropping
    };
    if landing == Landing::Programme && !left.is_empty() {
        let best = by_programme(probabilities, &mut now, left, &amounts, stream);
        if best.found {
            landed = Landed::Programme {
                dropped: amounts.count() - best.rows,
            };
        }
        (left, rows) = (best.left, best.rows);
    }
    flight::land(&mut now, left, rows, entry, stream);
    let units = settle(&now, probabilities.size(), stream);
    Ok(Balanced { units, landed })
}

/// What the best landing has left.
pub(super) struct Best {
    /// Whether it decided all.
    pub found: bool,
    /// The units that it was to decide.
    pub left: Vec<usize>,
    /// How many amounts were not dropped, the size among them.
    pub rows: usize,
}

/// Lands by the best design for the units left, once samples of them are few enough.
pub(super) fn by_programme(
    probabilities: &Probabilities,
    now: &mut [f64],
    left: Vec<usize>,
    amounts: &Amounts,
    stream: &mut Stream,
) -> Best {
    let entry = |row: usize, unit: usize| amounts.of(unit)[row];
    let mut rows = amounts.count();
    let mut last = Last {
        units: left,
        take: missing(probabilities, now),
        amounts,
        variances: &variances(probabilities, amounts),
    };
    while rows > 1 && !last.is_few(now) {
        rows -= 1;
        last.units = flight::fly(now, last.units, rows, entry, stream);
        last.take = missing(probabilities, now);
    }
    Best {
        found: landing::land(now, &last, stream),
        left: last.units,
        rows,
    }
}

/// How many of the open units are to be in still, if the size is whole.
fn missing(probabilities: &Probabilities, now: &[f64]) -> Option<usize> {
    let is_in = |chance: &&f64| **chance >= 1.0 - CERTAIN;
    let size = probabilities.size()?;
    Some(size.saturating_sub(now.iter().filter(is_in).count()))
}

/// What each estimate would vary by if units were drawn on their own: Σ π (1 − π) (x/π)².
fn variances(probabilities: &Probabilities, amounts: &Amounts) -> Vec<f64> {
    let open = probabilities.open();
    let term = |unit: usize, amount: usize| {
        let (chance, x) = (probabilities.of(unit), amounts.of(unit)[amount]);
        chance * (1.0 - chance) * x * x
    };
    (0..amounts.count())
        .map(|amount| sum(open.iter().map(|&unit| term(unit, amount))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Balanced, Landed, Landing, METHOD, cube, variances};
    use crate::draw::trial::{self, eight, ids, stream};
    use crate::draw::{Error, Pool, Probabilities};
    use crate::math::sum;
    use crate::random::Stream;

    const BOTH: [Landing; 2] = [Landing::Dropping, Landing::Programme];

    fn drawn(
        chances: &Probabilities,
        balance: &[Vec<f64>],
        landing: Landing,
        stream: &mut Stream,
    ) -> Vec<usize> {
        let drawn = cube(chances, balance, landing, stream).expect("drawn");
        drawn.units
    }

    /// How far the estimate of each amount is off its total, in proportion.
    fn deviations(chances: &Probabilities, balance: &[Vec<f64>], drawn: &[usize]) -> Vec<f64> {
        let off = |x: &Vec<f64>| {
            let total = sum(x.iter().copied());
            sum(drawn.iter().map(|&unit| x[unit] / chances.of(unit))) / total - 1.0
        };
        balance.iter().map(off).collect()
    }

    fn holds(chances: &Probabilities, balance: &[Vec<f64>]) {
        let ids = ids(chances.len());
        let pool = Pool::new("all", &ids, chances).with_balance(balance);
        trial::holds_in(&METHOD, &pool, 20_000);
    }

    #[test]
    fn units_come_as_often_as_stated() {
        let chances = eight();
        // Only the size, which may be named once more.
        holds(&chances, &[]);
        holds(&chances, &[chances.as_slice().to_vec()]);
        // Amounts that no sample of four can meet.
        let odd = vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let squares = (1..=8).map(|x| f64::from(x * x)).collect();
        holds(&chances, &[odd, squares]);
    }

    #[test]
    fn units_come_as_often_as_stated_after_the_best_landing() {
        let chances =
            Probabilities::given(vec![0.2, 0.7, 0.8, 0.5, 0.4, 0.4, 1.0, 0.0]).expect("chances");
        let balance = [
            vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0],
            vec![1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0],
        ];
        let (times, mut found) = (6_000, [0.0; 8]);
        let mut stream = stream("best");
        for _ in 0..times {
            let drawn = drawn(&chances, &balance, Landing::Programme, &mut stream);
            assert_eq!(drawn.len(), 4);
            drawn
                .iter()
                .for_each(|&unit| found[unit] += 1.0 / f64::from(times));
        }
        for (unit, found) in found.iter().enumerate() {
            let stated = chances.of(unit);
            let error = (stated * (1.0 - stated) / f64::from(times)).sqrt();
            assert!(
                (found - stated).abs() <= 4.0 * error + 1e-9,
                "{unit}: {found} is not {stated}"
            );
        }
    }

    #[test]
    fn chances_stay_exact_where_the_size_is_not_whole() {
        let chances = trial::not_whole();
        holds(&chances, &[vec![1.0, 2.0, 3.0, 4.0, 5.0]]);
        for i in 0..50 {
            let amounts = [vec![1.0, 2.0, 3.0, 4.0, 5.0]];
            let stream = &mut stream(&format!("{i}"));
            let drawn = drawn(&chances, &amounts, Landing::Programme, stream);
            assert!((2..=3).contains(&drawn.len()));
        }
    }

    #[test]
    fn whole_counts_of_strata_are_met_every_time() {
        // Strata of 12, 18 and 30 units; π = 1/3, 1/2, 1/6; so 4, 9 and 5 are drawn.
        let stratum = |unit: usize| usize::from(unit >= 12) + usize::from(unit >= 30);
        let chances = (0..60)
            .map(|unit| [1.0 / 3.0, 0.5, 1.0 / 6.0][stratum(unit)])
            .collect();
        let chances = Probabilities::given(chances).expect("chances");
        let indicator = |h: usize| {
            (0..60)
                .map(|unit| f64::from(u8::from(stratum(unit) == h)))
                .collect()
        };
        let balance: Vec<Vec<f64>> = (0..3).map(indicator).collect();
        for (i, landing) in (0..100).flat_map(|i| BOTH.map(|landing| (i, landing))) {
            let drawn = drawn(&chances, &balance, landing, &mut stream(&format!("{i}")));
            let count = |h: usize| drawn.iter().filter(|&&unit| stratum(unit) == h).count();
            assert_eq!([0, 1, 2].map(count), [4, 9, 5], "seed {i} {landing:?}");
        }
    }

    #[test]
    fn totals_are_met_up_to_the_landing() {
        let mut chance = stream("firms");
        let units = 1_000;
        let sizes: Vec<f64> = (0..units).map(|_| 1.0 + 9.0 * chance.unit()).collect();
        let chances = Probabilities::by_size(&sizes, 200).expect("possible");
        let balance: Vec<Vec<f64>> = (0..4)
            .map(|_| (0..units).map(|_| 1.0 + chance.unit()).collect())
            .collect();
        // R sampling 2.9, 20 such lists: max(abs(colSums(X[s, ] / pik[s]) / colSums(X) - 1)) for
        // s = samplecube(X, pik, 1, FALSE, 2) is .010 on average and .019 at most.
        for (i, landing) in (0..10).flat_map(|i| BOTH.map(|landing| (i, landing))) {
            let drawn = drawn(&chances, &balance, landing, &mut stream(&format!("{i}")));
            assert_eq!(drawn.len(), 200, "seed {i}");
            let off = deviations(&chances, &balance, &drawn);
            assert!(
                off.iter().all(|off| off.abs() < 0.03),
                "seed {i} {landing:?}: {off:?}"
            );
        }
    }

    #[test]
    fn size_holds_certain_units_are_in_and_the_same_seed_draws_the_same() {
        for landing in BOTH {
            trial::laws_with(|chances, mut chance, text| {
                let units = chances.len();
                // Amounts of very different size, one twice another, one 0.
                let first: Vec<f64> = (0..units).map(|_| 1e6 * chance.unit()).collect();
                let twice = first.iter().map(|x| 2.0 * x).collect();
                let small = (0..units).map(|_| 1e-6 * chance.unit()).collect();
                let balance = [first, twice, small, vec![0.0; units]];
                move || drawn(&chances, &balance, landing, &mut stream(&text))
            });
        }
    }

    #[test]
    fn ends_are_met_and_amounts_that_are_none_are_refused() {
        let draw = |chances: Vec<f64>, balance: &[Vec<f64>]| {
            let chances = Probabilities::given(chances).expect("chances");
            let drawn = cube(&chances, balance, Landing::Dropping, &mut stream("ends"))?;
            Ok(drawn.units)
        };
        assert_eq!(draw(Vec::new(), &[]), Ok(Vec::new()));
        assert_eq!(draw(vec![0.0; 3], &[vec![1.0; 3]]), Ok(Vec::new()));
        assert_eq!(draw(vec![1.0; 3], &[vec![1.0; 3]]), Ok(vec![0, 1, 2]));
        let refused = Err(Error::NoBalance { method: "cube" });
        assert_eq!(draw(vec![0.5; 4], &[vec![1.0; 3]]), refused);
        assert_eq!(draw(vec![0.5; 2], &[vec![1.0, f64::NAN]]), refused);
        let many: Vec<Vec<f64>> = (0..30)
            .map(|j| (0..10).map(|k| f64::from(j * k % 7)).collect())
            .collect();
        let chances = Probabilities::equal(10, 5).expect("possible");
        for landing in BOTH {
            let stream = &mut stream("more amounts than units");
            assert_eq!(drawn(&chances, &many, landing, stream).len(), 5);
        }
    }

    #[test]
    fn thousands_are_drawn_while_one_waits() {
        let mut chance = stream("town");
        let units = 20_000;
        let balance: Vec<Vec<f64>> = (0..5)
            .map(|_| (0..units).map(|_| chance.unit()).collect())
            .collect();
        let chances = Probabilities::equal(units, 2_000).expect("possible");
        let drawn = drawn(&chances, &balance, Landing::Programme, &mut chance);
        assert_eq!(drawn.len(), 2_000);
        assert!(
            deviations(&chances, &balance, &drawn)
                .iter()
                .all(|off| off.abs() < 0.002)
        );
    }

    /// So many units, of which half are drawn, with amounts of chance.
    fn town(units: usize, amounts: usize) -> (Probabilities, Vec<Vec<f64>>) {
        let mut chance = stream("amounts");
        let sizes: Vec<f64> = (0..units).map(|_| 1.0 + chance.unit()).collect();
        let chances = Probabilities::by_size(&sizes, units / 2).expect("possible");
        let balance = (0..amounts)
            .map(|_| (0..units).map(|_| chance.unit().powi(2)).collect())
            .collect();
        (chances, balance)
    }

    #[test]
    fn the_best_landing_is_balanced_no_worse_than_dropping() {
        let (chances, balance) = town(40, 6);
        let amounts = super::Amounts::with_size(&chances, &balance, &super::CARD).expect("amounts");
        let variances = variances(&chances, &amounts);
        let totals = balance.iter().map(|x| sum(x.iter().copied()));
        let totals: Vec<f64> = totals.collect();
        // The mean of Σ (estimate − total)² / V over the amounts; the size comes first in V.
        let loss = |landing: Landing| {
            let one = |i: usize| {
                let drawn = drawn(&chances, &balance, landing, &mut stream(&format!("{i}")));
                let off = deviations(&chances, &balance, &drawn);
                let squares = off.iter().zip(&totals).zip(&variances[1..]);
                sum(squares.map(|((off, total), v)| (off * total).powi(2) / v))
            };
            sum((0..300).map(one)) / 300.0
        };
        let [dropping, best] = BOTH.map(loss);
        assert!(best < dropping, "{best} is not below {dropping}");
    }

    #[test]
    fn it_is_told_how_a_sample_landed() {
        let landed = |chances: &Probabilities, balance: &[Vec<f64>], landing| {
            let Balanced { units, landed } =
                cube(chances, balance, landing, &mut stream("landed")).expect("drawn");
            assert_eq!(Some(units.len()), chances.size());
            landed
        };
        let (chances, balance) = town(120, 6);
        assert_eq!(
            landed(&chances, &balance, Landing::Dropping),
            Landed::Dropping
        );
        assert_eq!(
            landed(&chances, &balance, Landing::Programme),
            Landed::Programme { dropped: 0 }
        );
        // Some thirty units are left, half of them to be in: samples without number.
        let (chances, balance) = town(120, 30);
        let Landed::Programme { dropped } = landed(&chances, &balance, Landing::Programme) else {
            panic!("a design was there");
        };
        assert!((10..20).contains(&dropped), "{dropped}");
        let chances = Probabilities::equal(60, 20).expect("possible");
        for landing in BOTH {
            assert_eq!(landed(&chances, &[], landing), Landed::InFlight);
        }
    }
}
