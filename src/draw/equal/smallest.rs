//! The n smallest numbers of a pool: simple random sampling.
//!
//! What [`simple`](super::simple::simple) does with a list of any length, done with the units at hand, so that it
//! can be proven and compared with other methods. Both draw the same units.

use super::simple::CARD;
use crate::draw::apart::{every, one_chance};
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Size};
use crate::random::Seed;

/// The method for a pool.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::EqualChances,
    draw: smallest,
    joint: Some(among),
};

/// The Σπ units with the smallest permanent numbers. Ties go to the smaller id. Time grows with the
/// number of units.
///
/// # Errors
///
/// [`Error::NotEqual`] if the chances differ; [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Ohlsson (1995).
///
/// # Example
///
/// ```
/// use canvass::draw::{Pool, Probabilities, equal::smallest::smallest};
/// use canvass::random::Seed;
/// let ids = ["a", "b", "c", "d"].map(String::from);
/// let chances = Probabilities::equal(4, 2)?;
/// let drawn = smallest(&Pool::new("all", &ids, &chances), &Seed::new("x").expect("not blank"))?;
/// assert_eq!(drawn.len(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn smallest(pool: &Pool<'_>, seed: &Seed) -> Result<Vec<usize>, Error> {
    one_chance(&CARD, pool.probabilities())?;
    let take = pool.probabilities().fixed_size()?;
    let numbers = pool.numbers(seed);
    let ranked = (0..pool.len())
        .map(|unit| (numbers[unit], pool.ids()[unit].as_str(), unit))
        .collect();
    Ok(first(ranked, take))
}

/// The units, which stand last in what they are ranked by, of the so many smallest; in order.
pub(in crate::draw) fn first<K: Ord>(mut ranked: Vec<(K, &str, usize)>, take: usize) -> Vec<usize> {
    if 0 < take && take < ranked.len() {
        ranked.select_nth_unstable(take - 1);
    }
    let mut drawn: Vec<usize> = ranked
        .into_iter()
        .take(take)
        .map(|(.., unit)| unit)
        .collect();
    drawn.sort_unstable();
    drawn
}

/// π_kl of simple random sampling, alike for all pairs.
///
/// # Formula
///
/// ```text
/// π_kl = n (n − 1) / (N (N − 1))
/// ```
///
/// # Errors
///
/// [`Error::NotEqual`] if the chances differ; [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Cochran (1977), §2.2.
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
    let (units, take) = (pool.len() as f64, pool.probabilities().fixed_size()? as f64);
    // Of one unit there are no pairs.
    let both = chance * ((take - 1.0).max(0.0) / (units - 1.0).max(1.0));
    Ok(Joint::from_fn(places.len(), |k, l| {
        if k == l { chance } else { both }
    }))
}

#[cfg(test)]
mod tests {
    use super::{METHOD, joint, smallest};
    use crate::draw::trial::{self, eight, ids, seed};
    use crate::draw::{Error, Pool, Probabilities};
    use crate::random::Numbers;

    #[test]
    fn it_draws_as_it_says() {
        for (units, take, draws) in [(8, 4, 20_000), (7, 1, 5_000), (5, 4, 5_000)] {
            let chances = Probabilities::equal(units, take).expect("possible");
            trial::holds(&METHOD, &chances, draws);
            let ids = ids(units);
            trial::assert_adds_up(
                &joint(&Pool::new("all", &ids, &chances)).expect("equal"),
                &chances,
            );
        }
    }

    #[test]
    fn edges() {
        trial::edges_of_equal_chances(&METHOD);
        let (ids, chances) = (ids(8), eight());
        let refused = smallest(&Pool::new("all", &ids, &chances), &seed("x"));
        assert!(matches!(
            refused,
            Err(Error::NotEqual {
                method: "simple",
                ..
            })
        ));
    }

    #[test]
    fn nobody_left_out_has_a_smaller_number() {
        let (ids, chances) = (
            ids(1_000),
            Probabilities::equal(1_000, 77).expect("possible"),
        );
        let seed = seed("smallest");
        let drawn = smallest(&Pool::new("all", &ids, &chances), &seed).expect("equal");
        let numbers = Numbers::new(&seed);
        let worst = drawn.iter().map(|&unit| numbers.of(&ids[unit])).max();
        let better = ids
            .iter()
            .filter(|id| Some(numbers.of(id)) <= worst)
            .count();
        assert_eq!((drawn.len(), better), (77, 77));
    }
}
