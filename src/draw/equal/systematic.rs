//! Every k-th unit from a random start.
//!
//! The list is walked in its order and every k-th unit taken, the first one at random. k need not be a
//! whole number, so that any number can be drawn and every unit has the same chance. Use it where the
//! order of the list means something – street by street, oldest customer first – and the sample shall
//! be spread over it; [`walk`](crate::draw::walk) puts a list into such an order. Beware of a list whose order
//! repeats itself every k units.
//!
//! Pairs closer than k are never drawn together, so the variance cannot be estimated without bias.

use crate::draw::apart::{every, one_chance};
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "systematic",
    title: Words::new("Systematic sampling", "等距抽样（系统抽样）"),
    says: Words::new(
        "Every k-th unit of the ordered list, from a random start; k may be a fraction, so that any \
         number can be drawn and all chances are equal. It spreads the sample over whatever the list \
         is ordered by.",
        "按名单的次序从随机起点开始，每隔k个单位抽取一个；k可为小数，因此任意样本量下各单位入样概率都相等。\
         样本均匀分布于排序变量。",
    ),
    formula: "unit j is drawn if (j − 1) f ≤ u + i < j f for a whole i ≥ 0,  f = n / N,  0 ≤ u < 1",
    sources: &[
        Source::new("Madow, Madow (1944)"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§3.4"),
    ],
};

/// The method for a pool.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::EqualChances,
    draw: |pool, seed| systematic(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(among),
};

/// Walks the list and draws every k-th unit, k = 1 / f.
///
/// With Σπ = N·f a whole number n, exactly n units are drawn, and the whole computation is in whole
/// numbers. Otherwise it is the floor or the ceiling of N·f.
///
/// # Formula
///
/// ```text
/// n = N f whole:  the i-th drawn unit is ⌊(s + i N) / n⌋,  s uniform on 0 … N − 1,  i = 0 … n − 1
/// otherwise:      unit j is drawn if (j − 1) f ≤ u + i < j f for a whole i,  u uniform on [0, 1)
/// ```
///
/// # Errors
///
/// [`Error::NotEqual`] if the chances differ.
///
/// # Source
///
/// Madow, Madow (1944); Särndal, Swensson, Wretman (1992), §3.4, for the fractional interval.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, equal::systematic::systematic};
/// use canvass::random::Seed;
/// let mut stream = Seed::new("every fourth").expect("not blank").stream("example");
/// let drawn = systematic(&Probabilities::equal(12, 3)?, &mut stream)?;
/// assert_eq!([drawn[1] - drawn[0], drawn[2] - drawn[1]], [4, 4]);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn systematic(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let chance = one_chance(&CARD, probabilities)?;
    let units = probabilities.len();
    Ok(match probabilities.size() {
        Some(0) => Vec::new(),
        Some(take) => {
            let start = u128::from(stream.below(units as u64));
            let unit = |i: usize| (start + i as u128 * units as u128) / take as u128;
            (0..take).map(|i| unit(i) as usize).collect()
        }
        None => {
            let start = stream.unit();
            // How many of the points u, u + 1, u + 2 … lie before the end of the first j units.
            let before = |j: usize| (j as f64 * chance - start).ceil();
            (0..units)
                .filter(|&unit| before(unit + 1) > before(unit))
                .collect()
        }
    })
}

/// π_kl by how far two units stand apart.
///
/// # Formula
///
/// ```text
/// π_kl = max(0, f − o) + max(0, f − (1 − o)),  o = (l − k) f mod 1
/// ```
///
/// # Errors
///
/// [`Error::NotEqual`] if the chances differ.
///
/// # Source
///
/// Madow (1949), for equal sizes.
pub fn joint(pool: &Pool<'_>) -> Result<Joint, Error> {
    among(pool, &every(pool.len()))
}

/// The same, of the units at some places, which stand in order.
///
/// # Errors
///
/// As for [`joint`].
pub fn among(pool: &Pool<'_>, places: &[usize]) -> Result<Joint, Error> {
    let chance = one_chance(&CARD, pool.probabilities())?;
    let units = pool.len();
    Ok(match pool.probabilities().size() {
        Some(take) => Joint::from_fn(places.len(), |k, l| {
            let apart = ((places[l] - places[k]) as u128 * take as u128 % units as u128) as usize;
            (take.saturating_sub(apart) + take.saturating_sub(units - apart)) as f64 / units as f64
        }),
        None => Joint::from_fn(places.len(), |k, l| {
            let apart = ((places[l] - places[k]) as f64 * chance).fract();
            (chance - apart).max(0.0) + (chance - (1.0 - apart)).max(0.0)
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::{METHOD, joint, systematic};
    use crate::draw::trial::{self, ids, seed};
    use crate::draw::{Error, Pool, Probabilities, unequal::pps_systematic};

    #[test]
    fn it_draws_as_it_says() {
        for (units, take, draws) in [(8, 4, 20_000), (7, 3, 5_000), (9, 8, 5_000), (10, 1, 5_000)] {
            let chances = Probabilities::equal(units, take).expect("possible");
            trial::holds(&METHOD, &chances, draws);
        }
    }

    #[test]
    fn edges() {
        trial::edges_of_equal_chances(&METHOD);
    }

    #[test]
    fn a_size_that_is_not_whole_becomes_its_floor_or_ceiling() {
        let chances = Probabilities::given(vec![0.3; 11]).expect("chances");
        let pool_ids = ids(11);
        let pairs = joint(&Pool::new("all", &pool_ids, &chances)).expect("equal");
        let (mut drawn, mut seen, mut together) = ([0_u32; 11], [0_u32; 12], 0_u32);
        for i in 0..10_000 {
            let mut stream = seed(&format!("thirds {i}")).stream("test");
            let sample = systematic(&chances, &mut stream).expect("equal");
            seen[sample.len()] += 1;
            sample.iter().for_each(|&unit| drawn[unit] += 1);
            together += u32::from(sample.contains(&0) && sample.contains(&3));
        }
        assert_eq!(seen[3] + seen[4], 10_000, "{seen:?}");
        // 3 000 ± 46 each, and 3.3 on average: four 3 000 ± 46 times; five standard errors.
        assert!(
            drawn.iter().all(|&count| count.abs_diff(3_000) < 230),
            "{drawn:?}"
        );
        assert!(seen[4].abs_diff(3_000) < 230, "{seen:?}");
        // Units 1 and 4 stand 0.9 apart: 0.2 of the starts hit both; 2 000 ± 40.
        assert!(
            (pairs.of(0, 3) - 0.2).abs() < 1e-12 && together.abs_diff(2_000) < 200,
            "{together}"
        );
    }

    #[test]
    fn pairs_agree_with_the_method_for_unequal_sizes() {
        for (units, take) in [(8, 4), (7, 3), (12, 5), (5, 5)] {
            let chances = Probabilities::equal(units, take).expect("possible");
            let ids = ids(units);
            let pool = Pool::new("all", &ids, &chances);
            let (here, there) = (
                joint(&pool).expect("equal"),
                pps_systematic::joint(&pool).expect("any"),
            );
            trial::assert_same(&here, &there, 1e-12);
        }
    }

    #[test]
    fn a_large_list_is_no_trouble() {
        let chances = Probabilities::equal(1_000_000, 300_007).expect("possible");
        let drawn = systematic(&chances, &mut seed("large").stream("test")).expect("equal");
        assert_eq!(drawn.len(), 300_007);
        assert!(
            drawn
                .windows(2)
                .all(|pair| matches!(pair[1] - pair[0], 3 | 4))
        );
    }

    #[test]
    fn unequal_chances_are_refused() {
        let chances = Probabilities::given(vec![0.5, 0.25, 0.25]).expect("chances");
        let refused = systematic(&chances, &mut seed("x").stream("test"));
        assert_eq!(
            refused,
            Err(Error::NotEqual {
                method: "systematic",
                least: 0.25,
                most: 0.5
            })
        );
    }
}
