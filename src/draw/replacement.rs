//! With replacement: every hit starts anew.
//!
//! n hits are made, each on the whole list, so a unit may be hit more than once and stands in the
//! sample as often. What counts is the expected number of hits, n p: that is what weights divide by,
//! not the chance 1 − (1 − p)ⁿ of being hit at all. Variances are simple, which is the reason to draw
//! first stages like this; the price is that repeated units tell nothing new.
//!
//! A chance of 1 is an expected hit here, and no certainty.

use super::apart::one_chance;
use super::unequal::chromy::shares;
use super::{Accuracy, Error, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What simple sampling with replacement says of itself.
pub const SIMPLE_CARD: Card = Card {
    key: "simple-with-replacement",
    title: Words::new(
        "Simple random sampling with replacement",
        "有放回简单随机抽样",
    ),
    says: Words::new(
        "n hits, each on any unit with the same chance. A unit may be hit more than once and counts as \
         often.",
        "抽取n次，每次各单位被抽中的概率相同；同一单位可被多次抽中，并按次数计入样本。",
    ),
    formula: "E(t_k) = n / N;  w_k = t_k N / n",
    sources: &[Source::at("Cochran (1977)", "§2.9")],
};

/// Simple sampling with replacement for a pool.
pub const SIMPLE: Method = Method {
    card: &SIMPLE_CARD,
    size: Size::Hits,
    chances: Accuracy::Exact,
    needs: Needs::EqualChances,
    draw: |pool, seed| simple(pool.probabilities(), &mut pool.stream(&SIMPLE_CARD, seed)),
    joint: None,
};

/// What sampling with replacement in proportion to size says of itself.
pub const CARD: Card = Card {
    key: "pps-with-replacement",
    title: Words::new(
        "Sampling with replacement in proportion to size",
        "有放回的与规模成比例抽样（PPS）",
    ),
    says: Words::new(
        "n hits, each on a unit in proportion to its size. A unit may be hit more than once and counts as \
         often; weights divide by the expected number of hits.",
        "抽取n次，每次各单位被抽中的概率与其规模成比例；同一单位可被多次抽中，并按次数计入样本，\
         权数为期望抽中次数的倒数。",
    ),
    formula: "E(t_k) = n p_k,  p_k = x_k / Σx;  w_k = t_k / (n p_k)",
    sources: &[Source::new("Hansen, Hurwitz (1943)")],
};

/// Sampling with replacement for a pool, whose chances are the expected hits.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Hits,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: of_pool,
    joint: None,
};

fn of_pool(pool: &Pool<'_>, seed: &crate::random::Seed) -> Result<Vec<usize>, Error> {
    let take = pool.probabilities().fixed_size()?;
    by_size(
        pool.probabilities().as_slice(),
        take,
        &mut pool.stream(&CARD, seed),
    )
}

/// Hits Σπ units, any unit with the same chance. They are in order; a unit stands there once per hit.
///
/// # Formula
///
/// ```text
/// the i-th hit is uniform on 0 … N − 1,  i = 1 … n;  E(t_k) = n / N
/// ```
///
/// # Errors
///
/// [`Error::NotEqual`] if the chances differ; [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Cochran (1977), §2.9.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, replacement::simple};
/// use canvass::random::Seed;
/// let mut stream = Seed::new("again").expect("not blank").stream("example");
/// assert_eq!(simple(&Probabilities::equal(5, 5)?, &mut stream)?.len(), 5);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn simple(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    one_chance(&SIMPLE_CARD, probabilities)?;
    evenly(probabilities.len(), probabilities.fixed_size()?, stream)
}

/// [`simple`], for any number of hits: also for more than there are units.
///
/// # Errors
///
/// [`Error::TooMany`] if there is no unit to hit.
pub fn evenly(units: usize, take: usize, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    if units == 0 && take > 0 {
        return Err(Error::TooMany {
            asked: take as u64,
            there: 0,
        });
    }
    let mut hits: Vec<usize> = (0..take)
        .map(|_| stream.below(units as u64) as usize)
        .collect();
    hits.sort_unstable();
    Ok(hits)
}

/// Hits `take` units in proportion to `sizes`. They are in order; a unit stands there once per hit. Time
/// grows with the number of units, and with n log N.
///
/// # Formula
///
/// ```text
/// k is hit if C_{k−1} ≤ u < C_k,  C_k = (x_1 + … + x_k) / Σx;  E(t_k) = n x_k / Σx
/// ```
///
/// # Errors
///
/// [`Error::BadSizes`] counts sizes that are negative or not numbers; [`Error::TooMany`] if no unit has
/// a size.
///
/// # Source
///
/// Hansen, Hurwitz (1943).
///
/// # Example
///
/// ```
/// use canvass::draw::replacement::by_size;
/// use canvass::random::Seed;
/// let mut stream = Seed::new("again").expect("not blank").stream("example");
/// let hits = by_size(&[0.0, 1.0, 1_000_000.0], 3, &mut stream)?;
/// assert_eq!(hits, [2, 2, 2]);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn by_size(sizes: &[f64], take: usize, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let mut reached = Sum::default();
    let bounds: Vec<f64> = shares(sizes, take)?
        .into_iter()
        .map(|share| {
            reached.add(share);
            reached.value()
        })
        .collect();
    // The last with a size, in case that rounding leaves its bound below 1.
    let last = sizes.iter().rposition(|size| *size > 0.0).unwrap_or(0);
    let hit = |point: f64| bounds.partition_point(|bound| *bound <= point).min(last);
    let mut hits: Vec<usize> = (0..take).map(|_| hit(stream.unit())).collect();
    hits.sort_unstable();
    Ok(hits)
}

#[cfg(test)]
mod tests {
    use super::{METHOD, SIMPLE, by_size, simple};
    use crate::draw::trial::{self, eight, seed};
    use crate::draw::{Error, Probabilities};

    #[test]
    fn both_hit_as_they_say() {
        trial::holds(&METHOD, &eight(), 20_000);
        trial::holds(&METHOD, &trial::six(), 5_000);
        trial::holds(
            &SIMPLE,
            &Probabilities::equal(8, 4).expect("possible"),
            20_000,
        );
        trial::holds(
            &SIMPLE,
            &Probabilities::equal(3, 3).expect("possible"),
            20_000,
        );
    }

    #[test]
    fn hits_are_those_of_a_multinomial_law() {
        // n = 4, p = 1/36 … 8/36: Var(t_8) = n p q = 0.691 358, Cov(t_7, t_8) = −n p p′ = −0.172 840.
        let (draws, mut own, mut both) = (10_000, 0.0, 0.0);
        let expected = |k: usize| eight().of(k);
        for i in 0..draws {
            let hits = trial::draw(&METHOD, &eight(), &format!("multinomial {i}"));
            let count =
                |k: usize| hits.iter().filter(|hit| **hit == k).count() as f64 - expected(k);
            own += count(7) * count(7) / f64::from(draws);
            both += count(6) * count(7) / f64::from(draws);
        }
        // Standard errors are 0.010 and 0.007 at most; four of them.
        assert!((own - 0.691_358).abs() < 0.04, "{own}");
        assert!((both + 0.172_840).abs() < 0.028, "{both}");
    }

    #[test]
    fn the_size_is_fixed_and_size_0_is_never_hit() {
        for i in 0..100 {
            let chances = trial::random_chances(&format!("law {i}"));
            let text = format!("seed {i}");
            let hits = trial::draw(&METHOD, &chances, &text);
            assert_eq!(Some(hits.len()), chances.size(), "{text}");
            assert!(hits.windows(2).all(|pair| pair[0] <= pair[1]), "{text}");
            assert!(hits.iter().all(|&unit| chances.of(unit) > 0.0), "{text}");
            assert_eq!(hits, trial::draw(&METHOD, &chances, &text));
        }
    }

    #[test]
    fn edges() {
        let mut stream = seed("edges").stream("test");
        assert_eq!(by_size(&[], 0, &mut stream), Ok(vec![]));
        assert_eq!(
            by_size(&[], 1, &mut stream),
            Err(Error::TooMany { asked: 1, there: 0 })
        );
        assert_eq!(
            by_size(&[0.0, 0.0], 1, &mut stream),
            Err(Error::TooMany { asked: 1, there: 0 })
        );
        assert_eq!(by_size(&[0.0, 2.0, 0.0], 3, &mut stream), Ok(vec![1, 1, 1]));
        let refused = by_size(&[1.0, -1.0], 1, &mut stream);
        assert_eq!(
            refused,
            Err(Error::BadSizes {
                count: 1,
                row: 2,
                size: -1.0
            })
        );
        assert_eq!(
            by_size(&[1e308, 1e308, 1e-308], 9, &mut stream).map(|hits| hits.len()),
            Ok(9)
        );
        for (units, take) in [(0, 0), (1, 0), (1, 1), (4, 4)] {
            let chances = Probabilities::equal(units, take).expect("possible");
            assert_eq!(
                simple(&chances, &mut stream).map(|hits| hits.len()),
                Ok(take)
            );
        }
        let chances = Probabilities::given(vec![0.3; 4]).expect("chances");
        assert!(matches!(
            simple(&chances, &mut stream),
            Err(Error::NotWhole { .. })
        ));
        let refused = simple(&eight(), &mut stream);
        assert!(matches!(
            refused,
            Err(Error::NotEqual {
                method: "simple-with-replacement",
                ..
            })
        ));
    }

    #[test]
    fn a_large_list_is_no_trouble() {
        let sizes: Vec<f64> = (0..300_000).map(|i| f64::from(i % 1_000)).collect();
        let hits = by_size(&sizes, 100_000, &mut seed("large").stream("test")).expect("sizes");
        assert_eq!(hits.len(), 100_000);
    }
}
