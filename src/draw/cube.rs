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
use super::local_pivotal::settle;
use super::probability::CERTAIN;
use super::{Accuracy, Error, Method, Needs, Probabilities, Size};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "cube",
    title: Words::new("Cube method: balanced sampling", "立方体法（平衡抽样）"),
    says: Words::new(
        "Chances move step by step towards in or out, such that the sample's size and its estimates of \
         known totals stay as they are; only the last few units, as many as there are totals, may change \
         them a little. Use it where known amounts explain the answers.",
        "各单位的入样概率逐步移向入样或不入样，每一步保持样本量及已知总量的估计值不变；仅最后若干单位（至多与总量个数相同）\
         会略有偏差。适用于已知辅助变量能解释回答的情形。",
    ),
    formula: "Σ_{k∈s} x_k / π_k = Σ_k x_k;  flight: A u = 0, π ← π + λ₁u or π − λ₂u;  \
              landing: amounts dropped from the last",
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
    draw: |pool, seed| {
        let (chances, balance) = (pool.probabilities(), pool.balance(&CARD)?);
        cube(
            chances,
            balance,
            Landing::Dropping,
            &mut pool.stream(&CARD, seed),
        )
    },
    joint: None,
};

/// How the last few units are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Landing {
    /// The amounts are given up one after another, from the last: put the dearest first.
    #[default]
    Dropping,
    /// No amount is given up; of all designs for the units left, the one with the least squared
    /// deviation is taken. Once more than 14 units are left, amounts are dropped until 14 are.
    Programme,
}

/// Draws a sample balanced on its size and on `balance`, and returns it in order.
///
/// Estimates Σ x/π of the drawn units equal the totals but for the last few units, as many as there are
/// amounts at most; exactly, if the flight decides all. Amounts of units without a chance are not
/// counted. Chances are exact, and Σπ units are drawn if that is a whole number; otherwise one more or
/// one fewer. Takes time N p³ for p amounts. Only + − × ÷ and comparison decide.
///
/// # Formula
///
/// ```text
/// flight, among p + 1 open units at a time:
///   A u = 0,  A_jk = x_kj / π_k,  x_k0 = π_k
///   π* ← π* + λ₁ u with chance λ₂ / (λ₁ + λ₂), else π* − λ₂ u;  λ as long as 0 ≤ π* ≤ 1
/// landing: the same with one row of A fewer, again and again; the size is the last to stay
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
/// use canvass::{draw::{Probabilities, cube::{Landing, cube}}, random::Seed};
/// let town = vec![1.0, 1.0, 1.0, 1.0, 0.0, 0.0];
/// let chances = Probabilities::equal(6, 3)?;
/// let mut stream = Seed::new("the evening draw").expect("not blank").stream("example");
/// let drawn = cube(&chances, &[town], Landing::Dropping, &mut stream)?;
/// assert_eq!(drawn.len(), 3);
/// assert_eq!(drawn.iter().filter(|&&unit| unit < 4).count(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn cube(
    probabilities: &Probabilities,
    balance: &[Vec<f64>],
    landing: Landing,
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    let amounts = Amounts::with_size(probabilities, balance, &CARD)?;
    let entry = |row: usize, unit: usize| amounts.of(unit)[row];
    let mut now = probabilities.as_slice().to_vec();
    let mut order = probabilities.open();
    stream.shuffle(&mut order);
    let mut left = flight::fly(&mut now, order, amounts.count(), entry, stream);
    let mut rows = amounts.count();
    if landing == Landing::Programme {
        while left.len() > landing::MOST {
            rows -= 1;
            left = flight::fly(&mut now, left, rows, entry, stream);
        }
        let decided = now
            .iter()
            .filter(|chance| **chance >= 1.0 - CERTAIN)
            .count();
        let last = Last {
            units: &left,
            take: probabilities
                .size()
                .map(|size| size.saturating_sub(decided)),
            amounts: &amounts,
            variances: &variances(probabilities, &amounts),
        };
        if landing::land(&mut now, &last, stream) {
            left.clear();
        }
    }
    flight::land(&mut now, left, rows, entry, stream);
    Ok(settle(&now, probabilities.size(), stream))
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
    use super::{Landing, METHOD, cube};
    use crate::draw::prove::{Proof, prove};
    use crate::draw::{Error, Pool, Probabilities};
    use crate::math::sum;
    use crate::progress::Silent;
    use crate::random::{Seed, Stream};

    const BOTH: [Landing; 2] = [Landing::Dropping, Landing::Programme];

    fn stream(text: &str) -> Stream {
        Seed::new(text).expect("not blank").stream("test")
    }

    fn proof(chances: &Probabilities, balance: &[Vec<f64>], draws: u64) -> Proof {
        let ids: Vec<String> = (0..chances.len()).map(|i| format!("u{i}")).collect();
        let pool = Pool::new("all", &ids, chances).with_balance(balance);
        prove(
            &METHOD,
            &pool,
            draws,
            &Seed::new("cube").expect("not blank"),
            &Silent,
        )
        .expect("drawn")
    }

    /// How far the estimate of each amount is off its total, in proportion.
    fn deviations(chances: &Probabilities, balance: &[Vec<f64>], drawn: &[usize]) -> Vec<f64> {
        let off = |x: &Vec<f64>| {
            let total = sum(x.iter().copied());
            sum(drawn.iter().map(|&unit| x[unit] / chances.of(unit))) / total - 1.0
        };
        balance.iter().map(off).collect()
    }

    #[test]
    fn units_come_as_often_as_stated() {
        let sizes: Vec<f64> = (1..=8).map(f64::from).collect();
        let chances = Probabilities::by_size(&sizes, 4).expect("possible");
        // Only the size, which may be named once more.
        assert!(proof(&chances, &[], 20_000).holds());
        assert!(proof(&chances, &[chances.as_slice().to_vec()], 20_000).holds());
        // Amounts that no sample of four can meet.
        let odd = vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let squares = sizes.iter().map(|x| x * x).collect();
        assert!(proof(&chances, &[odd, squares], 20_000).holds());
    }

    #[test]
    fn units_come_as_often_as_stated_after_the_best_landing() {
        let chances =
            Probabilities::given(vec![0.2, 0.7, 0.8, 0.5, 0.4, 0.4, 1.0, 0.0]).expect("chances");
        let balance = [
            vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0],
            vec![1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0],
        ];
        let (times, mut found) = (20_000, [0.0; 8]);
        let mut stream = stream("best");
        for _ in 0..times {
            let drawn = cube(&chances, &balance, Landing::Programme, &mut stream).expect("drawn");
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
        let chances = Probabilities::given(vec![0.3, 0.45, 0.6, 0.15, 0.8]).expect("chances");
        let mut proof = proof(&chances, &[vec![1.0, 2.0, 3.0, 4.0, 5.0]], 20_000);
        assert_eq!(proof.sizes, (2, 3));
        proof.size_holds = true;
        assert!(proof.holds());
        for i in 0..50 {
            let amounts = [vec![1.0, 2.0, 3.0, 4.0, 5.0]];
            let drawn = cube(
                &chances,
                &amounts,
                Landing::Programme,
                &mut stream(&format!("{i}")),
            );
            assert!((2..=3).contains(&drawn.expect("drawn").len()));
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
            let drawn =
                cube(&chances, &balance, landing, &mut stream(&format!("{i}"))).expect("drawn");
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
            let drawn =
                cube(&chances, &balance, landing, &mut stream(&format!("{i}"))).expect("drawn");
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
        for i in 0..100 {
            let mut chance = stream(&format!("sizes {i}"));
            let units = 5 + chance.below(60) as usize;
            let sizes: Vec<f64> = (0..units)
                .map(|_| {
                    if chance.unit() < 0.1 {
                        0.0
                    } else {
                        1.0 / (1.0 - chance.unit())
                    }
                })
                .collect();
            let there = sizes.iter().filter(|size| **size > 0.0).count();
            let take = chance.below(there as u64 + 1) as usize;
            let chances = Probabilities::by_size(&sizes, take).expect("possible");
            // Amounts of very different size, one twice another, one 0.
            let first: Vec<f64> = (0..units).map(|_| 1e6 * chance.unit()).collect();
            let twice = first.iter().map(|x| 2.0 * x).collect();
            let small = (0..units).map(|_| 1e-6 * chance.unit()).collect();
            let balance = [first, twice, small, vec![0.0; units]];
            for landing in BOTH {
                let draw = || {
                    cube(&chances, &balance, landing, &mut stream(&format!("{i}"))).expect("drawn")
                };
                let drawn = draw();
                assert_eq!(drawn.len(), take, "seed {i} {landing:?}");
                assert!(drawn.is_sorted_by(|a, b| a < b), "seed {i}");
                assert!(
                    chances.certain().iter().all(|unit| drawn.contains(unit)),
                    "seed {i}"
                );
                assert!(drawn.iter().all(|&unit| sizes[unit] > 0.0), "seed {i}");
                assert_eq!(drawn, draw(), "seed {i}");
            }
        }
    }

    #[test]
    fn ends_are_met_and_amounts_that_are_none_are_refused() {
        let draw = |chances: Vec<f64>, balance: &[Vec<f64>]| {
            let chances = Probabilities::given(chances).expect("chances");
            cube(&chances, balance, Landing::Dropping, &mut stream("ends"))
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
            let drawn = cube(
                &chances,
                &many,
                landing,
                &mut stream("more amounts than units"),
            );
            assert_eq!(drawn.map(|drawn| drawn.len()), Ok(5));
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
        let drawn = cube(&chances, &balance, Landing::Programme, &mut chance).expect("drawn");
        assert_eq!(drawn.len(), 2_000);
        assert!(
            deviations(&chances, &balance, &drawn)
                .iter()
                .all(|off| off.abs() < 0.002)
        );
    }
}
