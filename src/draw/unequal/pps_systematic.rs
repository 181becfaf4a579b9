//! Systematic sampling with unequal chances.
//!
//! The chances are laid end to end as a ruler of length n, and the points u, u + 1, u + 2 … are marked
//! on it: whoever's piece holds a point is drawn. One random number draws the whole sample. In the
//! pool's own order it spreads the sample over whatever the list is sorted by; in random order it
//! gives nearly every pair a chance, and approximations of the pairs' chances are good.
//!
//! In the pool's own order many pairs are never drawn together, so the variance cannot be estimated
//! without bias.

use crate::draw::apart::{self, Apart};
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "pps-systematic",
    title: Words::new(
        "Systematic sampling with unequal chances",
        "不等概率系统抽样",
    ),
    says: Words::new(
        "Chances are laid end to end in the order of the list, and a unit is drawn if one of the points \
         u, u + 1, u + 2 … falls into its piece. The sample is spread over the order of the list; many \
         pairs are never drawn together.",
        "按名单次序将入样概率首尾相接，随机起点u及其后每隔1的点落在哪个单位的区间内即抽中该单位。\
         样本沿名单次序均匀分布；许多单位对不可能同时入样。",
    ),
    formula: "k is drawn if C_{k−1} ≤ u + i < C_k for a whole i ≥ 0,  C_k = π_1 + … + π_k",
    sources: &[Source::new("Madow (1949)")],
};

/// The method for a pool, in the pool's own order.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool, seed| ordered(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(among),
};

/// What the method in random order says of itself.
pub const SHUFFLED_CARD: Card = Card {
    key: "pps-systematic-random",
    title: Words::new(
        "Systematic sampling in random order",
        "随机次序不等概率系统抽样",
    ),
    says: Words::new(
        "The list is shuffled, then drawn from systematically with unequal chances. The order of the \
         list no longer matters, and the chances of pairs are close to the approximation of Hartley \
         and Rao.",
        "先将名单随机排序，再作不等概率系统抽样；结果与名单原有次序无关，成对入样概率接近哈特利–拉奥近似。",
    ),
    formula: "k is drawn if C_{k−1} ≤ u + i < C_k for a whole i ≥ 0,  C over a random order of the units",
    sources: &[
        Source::new("Goodman, Kish (1950)"),
        Source::new("Hartley, Rao (1962)"),
    ],
};

/// The method for a pool, in random order.
pub const SHUFFLED: Method = Method {
    card: &SHUFFLED_CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool, seed| shuffled(pool.probabilities(), &mut pool.stream(&SHUFFLED_CARD, seed)),
    joint: None,
};

/// Draws systematically, in the order of the units.
///
/// With Σπ a whole number n, exactly n units are drawn; otherwise it is the floor or the ceiling. A
/// point on the border of two pieces belongs to the second. Of Σπ ≈ n up to rounding, the last piece
/// is made to end at n. Time grows with the number of units.
///
/// # Formula
///
/// ```text
/// k is drawn if C_{k−1} ≤ u + i < C_k for a whole i ≥ 0
/// ```
///
/// with C_k = π_1 + … + π_k over the units that are not certain, and u uniform on [0, 1).
///
/// # Errors
///
/// [`Error::TooMany`] if more units are to be drawn than have a chance.
///
/// # Source
///
/// Madow (1949).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::pps_systematic::ordered};
/// use canvass::random::Seed;
/// let mut stream = Seed::new("ruler").expect("not blank").stream("example");
/// let drawn = ordered(&Probabilities::by_size(&[1.0, 5.0, 2.0, 90.0, 2.0], 3)?, &mut stream)?;
/// assert!(drawn.len() == 3 && drawn.contains(&3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn ordered(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let apart = Apart::of(probabilities)?;
    let drawn = mark(probabilities, &apart.open, apart.take, stream.unit());
    Ok(apart.with(drawn))
}

/// Shuffles the units, then draws as [`ordered`] does.
///
/// # Formula
///
/// ```text
/// k is drawn if C_{k−1} ≤ u + i < C_k for a whole i ≥ 0,  C over a random order
/// ```
///
/// # Errors
///
/// [`Error::TooMany`] if more units are to be drawn than have a chance.
///
/// # Source
///
/// Goodman, Kish (1950); Hartley, Rao (1962).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::pps_systematic::shuffled};
/// use canvass::random::Seed;
/// let mut stream = Seed::new("ruler").expect("not blank").stream("example");
/// let drawn = shuffled(&Probabilities::by_size(&[1.0, 5.0, 2.0, 90.0, 2.0], 3)?, &mut stream)?;
/// assert!(drawn.len() == 3 && drawn.contains(&3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn shuffled(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let mut apart = Apart::of(probabilities)?;
    stream.shuffle(&mut apart.open);
    let drawn = mark(probabilities, &apart.open, apart.take, stream.unit());
    Ok(apart.with(drawn))
}

/// The units whose pieces hold a point.
fn mark(
    probabilities: &Probabilities,
    order: &[usize],
    take: Option<usize>,
    start: f64,
) -> Vec<usize> {
    let mut drawn = Vec::new();
    // C_k less the points passed: it stays small, so that long lists lose no digits.
    let mut reached = Sum::default();
    for (step, &unit) in order.iter().enumerate() {
        reached.add(probabilities.of(unit));
        let holds = start < reached.value();
        let hit = match take.map(|take| take - drawn.len()) {
            Some(wanted) => wanted > 0 && (holds || wanted >= order.len() - step),
            None => holds,
        };
        if hit {
            drawn.push(unit);
            reached.add(-1.0);
        }
    }
    drawn
}

/// π_kl of the draw in the pool's own order: how much of the circle of all starts hits both.
///
/// # Formula
///
/// ```text
/// π_kl = |[0, π_k) ∩ [o, o + π_l)| + |[0, π_k) ∩ [o − 1, o − 1 + π_l)|,  o = (C_{l−1} − C_{k−1}) mod 1
/// ```
///
/// # Errors
///
/// [`Error::TooMany`] if more units are to be drawn than have a chance.
///
/// # Source
///
/// Madow (1949).
pub fn joint(pool: &Pool<'_>) -> Result<Joint, Error> {
    among(pool, &apart::every(pool.len()))
}

/// The same, of the units at some places, which stand in order.
///
/// # Errors
///
/// As for [`joint`].
pub fn among(pool: &Pool<'_>, places: &[usize]) -> Result<Joint, Error> {
    let probabilities = pool.probabilities();
    let apart = Apart::of(probabilities)?;
    let mut at = Sum::default();
    let starts: Vec<f64> = apart
        .open
        .iter()
        .map(|&unit| {
            let start = at.value();
            at.add(probabilities.of(unit));
            if at.value() >= 1.0 {
                at.add(-1.0);
            }
            start
        })
        .collect();
    let chance = |k: usize| probabilities.of(apart.open[k]);
    Ok(apart.among((probabilities, places), |k, l| {
        let behind = starts[l] - starts[k];
        let o = if behind < 0.0 { behind + 1.0 } else { behind };
        let (one, other) = (chance(k), chance(l));
        (one.min(o + other) - o).max(0.0) + one.min(o + other - 1.0).max(0.0)
    }))
}

#[cfg(test)]
mod tests {
    use super::{METHOD, SHUFFLED, joint, ordered, shuffled};
    use crate::draw::trial::{self, eight, ids, seed};
    use crate::draw::{Pool, Probabilities};

    #[test]
    fn both_draw_as_they_say() {
        trial::holds(&METHOD, &eight(), 20_000);
        trial::holds(&SHUFFLED, &eight(), 20_000);
    }

    #[test]
    fn both_keep_the_laws() {
        trial::laws(&METHOD);
        trial::laws(&SHUFFLED);
    }

    #[test]
    fn pairs_agree_with_r() {
        // R sampling 2.9: UPsystematicpi2(c(.2, .7, .8, .5, .4, .4))
        let wanted = [
            [0.2, 0.0, 0.2, 0.2, 0.0, 0.0],
            [0.0, 0.7, 0.5, 0.2, 0.4, 0.3],
            [0.2, 0.5, 0.8, 0.3, 0.4, 0.2],
            [0.2, 0.2, 0.3, 0.5, 0.0, 0.3],
            [0.0, 0.4, 0.4, 0.0, 0.4, 0.0],
            [0.0, 0.3, 0.2, 0.3, 0.0, 0.4],
        ];
        let (ids, chances) = (ids(6), trial::six());
        let found = joint(&Pool::new("all", &ids, &chances)).expect("whole");
        for (k, row) in wanted.iter().enumerate() {
            for (l, wanted) in row.iter().enumerate() {
                assert!(
                    (found.of(k, l) - wanted).abs() < 1e-12,
                    "{k} {l}: {}",
                    found.of(k, l)
                );
            }
        }
    }

    #[test]
    fn pairs_of_a_unit_add_up() {
        for i in 0..100 {
            let chances = trial::random_chances(&format!("pairs {i}"));
            let ids = ids(chances.len());
            let found = joint(&Pool::new("all", &ids, &chances)).expect("whole");
            trial::assert_adds_up(&found, &chances);
        }
    }

    #[test]
    fn a_size_that_is_not_whole_becomes_its_floor_or_ceiling() {
        let chances = Probabilities::given(vec![0.9, 0.2, 1.0, 0.0, 0.6]).expect("chances");
        let mut drawn = [0_u32; 5];
        for i in 0..20_000 {
            let sample =
                ordered(&chances, &mut seed(&format!("2.7: {i}")).stream("test")).expect("any");
            assert!(sample.len() == 2 || sample.len() == 3);
            sample.iter().for_each(|&unit| drawn[unit] += 1);
        }
        // Standard errors are 71 at most; five of them.
        for (unit, &count) in drawn.iter().enumerate() {
            assert!(
                (f64::from(count) - 20_000.0 * chances.of(unit)).abs() < 354.0,
                "{drawn:?}"
            );
        }
    }

    #[test]
    fn a_large_list_is_no_trouble() {
        let sizes: Vec<f64> = (0..100_000).map(|i| f64::from(i % 1_000)).collect();
        let chances = Probabilities::by_size(&sizes, 30_001).expect("possible");
        for draw in [ordered, shuffled] {
            let drawn = draw(&chances, &mut seed("large").stream("test")).expect("whole");
            assert_eq!(drawn.len(), 30_001);
            assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
