//! The n smallest keys.
//!
//! Each unit's key is made of its permanent number and its chance; the n units with the smallest keys
//! are drawn. So the size is fixed, and yet every unit brings its own number: a list that changes a
//! little changes the sample a little, and the same seed with other sizes gives samples that overlap.
//! Chances are not exact, but near where Σπ(1 − π) is not tiny; sample files say so. Prefer Pareto's
//! key, which comes closer, or its adjusted form, which comes closer still; sequential Poisson's has the
//! virtue that the first m of n are a sample of the same kind.
//!
//! A first sieve in floats finds all but the closest; these are compared exactly.

use crate::draw::apart::Apart;
use crate::draw::key::Key;
use crate::draw::probability::CERTAIN;
use crate::draw::{Accuracy, Error, Method, Needs, Pool, Size};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::{Number, Numbers, Seed};

/// What sequential Poisson sampling says of itself.
pub const SEQUENTIAL_CARD: Card = Card {
    key: "sequential-poisson",
    title: Words::new("Sequential Poisson sampling", "序贯泊松抽样"),
    says: Words::new(
        "The n units with the smallest number over chance. The size is fixed, samples of the same seed \
         overlap from wave to wave, and any first part of the sample is one of the same kind; chances \
         are near those stated.",
        "永久随机数与入样概率之比最小的n个单位入样。样本量固定，同一种子在各期的样本高度重合，\
         样本的任一前段也是同类样本；入样概率为近似值。",
    ),
    formula: "the n smallest u_k / π_k",
    sources: &[Source::new("Ohlsson (1998)")],
};

/// Sequential Poisson sampling for a pool.
pub const SEQUENTIAL: Method = Method {
    card: &SEQUENTIAL_CARD,
    size: Size::Fixed,
    chances: Accuracy::Approximate,
    needs: Needs::Chances,
    draw: sequential_poisson,
    joint: None,
};

/// What Pareto sampling says of itself.
pub const PARETO_CARD: Card = Card {
    key: "pareto",
    title: Words::new("Pareto sampling", "帕累托抽样"),
    says: Words::new(
        "The n units with the smallest odds of number over odds of chance. The size is fixed and samples \
         of the same seed overlap from wave to wave; chances are very near those stated, as in \
         conditional Poisson sampling.",
        "永久随机数的优势与入样概率的优势之比最小的n个单位入样。样本量固定，同一种子在各期的样本高度重合；\
         入样概率与所述值非常接近，近似于条件泊松抽样。",
    ),
    formula: "the n smallest u_k (1 − π_k) / (π_k (1 − u_k))",
    sources: &[Source::new("Rosén (1997)")],
};

/// Pareto sampling for a pool.
pub const PARETO: Method = Method {
    card: &PARETO_CARD,
    size: Size::Fixed,
    chances: Accuracy::Approximate,
    needs: Needs::Chances,
    draw: pareto,
    joint: None,
};

/// What adjusted Pareto sampling says of itself.
pub const ADJUSTED_CARD: Card = Card {
    key: "pareto-adjusted",
    title: Words::new("Adjusted Pareto sampling", "修正帕累托抽样"),
    says: Words::new(
        "Pareto sampling with odds corrected so that chances come several times closer to those stated. \
         Fixed size, and samples of the same seed overlap from wave to wave.",
        "对入样概率的优势稍作修正的帕累托抽样，使实际入样概率更接近所述值。样本量固定，\
         同一种子在各期的样本高度重合。",
    ),
    formula: "the n smallest e^{x_k} u_k (1 − π_k) / (π_k (1 − u_k)),  x_k = π_k (1 − π_k)(π_k − ½) / d²,  \
              d = Σ π (1 − π)",
    sources: &[Source::new("Lundqvist (2007)")],
};

/// Adjusted Pareto sampling for a pool.
pub const ADJUSTED: Method = Method {
    card: &ADJUSTED_CARD,
    size: Size::Fixed,
    chances: Accuracy::Approximate,
    needs: Needs::Chances,
    draw: adjusted_pareto,
    joint: None,
};

/// The n units with the smallest u / π. Ties go to the smaller digest, then to the smaller id. Time
/// grows with the number of units.
///
/// # Formula
///
/// ```text
/// the n smallest u_k / π_k
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Ohlsson (1998).
///
/// # Example
///
/// ```
/// use canvass::draw::{Pool, Probabilities, unequal::order::sequential_poisson};
/// use canvass::random::Seed;
/// let ids = ["a", "b", "c", "d"].map(String::from);
/// let chances = Probabilities::by_size(&[1.0, 9.0, 2.0, 0.0], 2)?;
/// let drawn = sequential_poisson(&Pool::new("all", &ids, &chances), &Seed::new("x").expect("not blank"))?;
/// assert!(drawn.len() == 2 && drawn.contains(&1) && !drawn.contains(&3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn sequential_poisson(pool: &Pool<'_>, seed: &Seed) -> Result<Vec<usize>, Error> {
    smallest(pool, seed, Key::sequential)
}

/// The n units with the smallest u (1 − π) / (π (1 − u)). Ties go to the smaller digest, then to the
/// smaller id. Time grows with the number of units.
///
/// # Formula
///
/// ```text
/// the n smallest u_k (1 − π_k) / (π_k (1 − u_k))
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Rosén (1997).
///
/// # Example
///
/// ```
/// use canvass::draw::{Pool, Probabilities, unequal::order::pareto};
/// use canvass::random::Seed;
/// let ids = ["a", "b", "c", "d"].map(String::from);
/// let chances = Probabilities::by_size(&[1.0, 9.0, 2.0, 0.0], 2)?;
/// let drawn = pareto(&Pool::new("all", &ids, &chances), &Seed::new("x").expect("not blank"))?;
/// assert!(drawn.len() == 2 && drawn.contains(&1) && !drawn.contains(&3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn pareto(pool: &Pool<'_>, seed: &Seed) -> Result<Vec<usize>, Error> {
    smallest(pool, seed, Key::pareto)
}

/// The n units with the smallest keys of Pareto, each corrected a little. Ties go to the smaller digest,
/// then to the smaller id. Time grows with the number of units.
///
/// e^x is taken as (2 + x) / (2 − x), which differs by x³/12 and is the same on every machine; |x| is
/// below 0.05. Where d < 1, hardly anything is left to chance, and nothing is corrected.
///
/// # Formula
///
/// ```text
/// the n smallest e^{x_k} u_k (1 − π_k) / (π_k (1 − u_k))
/// x_k = π_k (1 − π_k)(π_k − ½) / d²,  d = Σ π (1 − π)
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Lundqvist (2007).
///
/// # Example
///
/// ```
/// use canvass::draw::{Pool, Probabilities, unequal::order::adjusted_pareto};
/// use canvass::random::Seed;
/// let ids = ["a", "b", "c", "d"].map(String::from);
/// let chances = Probabilities::by_size(&[1.0, 9.0, 2.0, 0.0], 2)?;
/// let drawn = adjusted_pareto(&Pool::new("all", &ids, &chances), &Seed::new("x").expect("not blank"))?;
/// assert!(drawn.len() == 2 && drawn.contains(&1) && !drawn.contains(&3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn adjusted_pareto(pool: &Pool<'_>, seed: &Seed) -> Result<Vec<usize>, Error> {
    let d = sum(pool
        .probabilities()
        .as_slice()
        .iter()
        .map(|p| p * (1.0 - p)));
    smallest(pool, seed, |a, chance| Key::odds(a, corrected(chance, d)))
}

/// Units that [`adjusted_pareto`] has drawn, in the order of their release: certain ones by number, and
/// then the others by key.
#[must_use]
pub fn adjusted_release(pool: &Pool<'_>, seed: &Seed, mut drawn: Vec<usize>) -> Vec<usize> {
    let chances = pool.probabilities();
    let d = sum(chances.as_slice().iter().map(|p| p * (1.0 - p)));
    let numbers = Numbers::new(seed);
    drawn.sort_by_cached_key(|&unit| {
        let (chance, id) = (chances.of(unit), pool.ids()[unit].clone());
        let number = numbers.of(&id);
        let key = (chance < 1.0 - CERTAIN).then(|| Key::odds(number.a(), corrected(chance, d)));
        (key, number, id)
    });
    drawn
}

/// The odds of a chance, e^x smaller.
pub(in crate::draw) fn corrected(chance: f64, d: f64) -> f64 {
    let odds = chance / (1.0 - chance);
    if d < 1.0 {
        return odds;
    }
    let x = chance * (1.0 - chance) * (chance - 0.5) / (d * d);
    odds * (2.0 - x) / (2.0 + x)
}

/// The certain units, and of the others as many as are left with the smallest keys.
pub(in crate::draw) fn smallest(
    pool: &Pool<'_>,
    seed: &Seed,
    key: impl Fn(u128, f64) -> Key,
) -> Result<Vec<usize>, Error> {
    let (apart, take) = Apart::fixed(pool.probabilities())?;
    let numbers = pool.numbers(seed);
    let exact = |unit: usize| key(numbers[unit].a(), pool.probabilities().of(unit));
    let (mut drawn, close) = sieve(&apart.open, take, |unit| exact(unit).near());
    let mut close: Vec<(Key, Number, &str, usize)> = close
        .into_iter()
        .map(|unit| (exact(unit), numbers[unit], pool.ids()[unit].as_str(), unit))
        .collect();
    close.sort_unstable();
    let left = take - drawn.len();
    drawn.extend(close.into_iter().take(left).map(|(.., unit)| unit));
    Ok(apart.with(drawn))
}

/// The units that are among the `take` smallest for sure, and those of which only exact keys can say.
fn sieve(open: &[usize], take: usize, near: impl Fn(usize) -> f64) -> (Vec<usize>, Vec<usize>) {
    /// More than twice the error of a key in floats.
    const DOUBT: f64 = 1e-14;
    if take == 0 {
        return (Vec::new(), Vec::new());
    }
    let keys: Vec<f64> = open.iter().map(|&unit| near(unit)).collect();
    let mut sorted = keys.clone();
    let (_, &mut last, _) = sorted.select_nth_unstable_by(take - 1, f64::total_cmp);
    let (surely, perhaps) = (last * (1.0 - DOUBT), last * (1.0 + DOUBT));
    let with = |within: &dyn Fn(f64) -> bool| -> Vec<usize> {
        open.iter()
            .zip(&keys)
            .filter(|(_, key)| within(**key))
            .map(|(&unit, _)| unit)
            .collect()
    };
    (
        with(&|key| key < surely),
        with(&|key| surely <= key && key <= perhaps),
    )
}

#[cfg(test)]
mod tests {
    use super::{ADJUSTED, Key, PARETO, SEQUENTIAL, corrected, pareto, sequential_poisson};
    use crate::draw::trial::{self, eight, ids, seed};
    use crate::draw::{Error, Method, Pool, Probabilities};
    use crate::progress::Silent;

    #[test]
    fn all_keep_the_laws() {
        trial::laws(&SEQUENTIAL);
        trial::laws(&PARETO);
        trial::laws(&ADJUSTED);
    }

    /// How often each unit came in many draws.
    fn frequencies(method: &Method, chances: &Probabilities) -> Vec<f64> {
        let ids = ids(chances.len());
        let pool = Pool::new("all", &ids, chances);
        let proof = crate::draw::prove::prove(method, &pool, 20_000, &seed("proof"), &Silent);
        let proof = proof.expect("a possible draw");
        assert!(proof.holds(), "{}: sizes {:?}", proof.method, proof.sizes);
        proof.units.iter().map(|unit| unit.found).collect()
    }

    /// The chance that unit k has one of the n smallest keys, by integrating over its number. The key of
    /// unit j is below t with chance F_j(t).
    fn by_quadrature(
        chances: &Probabilities,
        below: impl Fn(f64, f64) -> f64,
        key: impl Fn(f64, f64) -> f64,
    ) -> Vec<f64> {
        const STEPS: u32 = 1_000;
        let size = chances.size().expect("whole");
        let of = |k: usize| {
            let mut inside = 0.0;
            for step in 0..STEPS {
                let t = key((f64::from(step) + 0.5) / f64::from(STEPS), chances.of(k));
                // P(exactly m of the others are below), m < n.
                let mut counts = vec![0.0; size + 1];
                counts[0] = 1.0;
                for j in (0..chances.len()).filter(|&j| j != k) {
                    let p = below(t, chances.of(j));
                    for m in (0..=size).rev() {
                        counts[m] =
                            counts[m] * (1.0 - p) + if m > 0 { counts[m - 1] * p } else { 0.0 };
                    }
                }
                inside += counts[..size].iter().sum::<f64>();
            }
            inside / f64::from(STEPS)
        };
        (0..chances.len()).map(of).collect()
    }

    #[test]
    fn chances_are_those_that_integration_finds() {
        let (chances, odds) = (eight(), |x: f64| x / (1.0 - x));
        let d = crate::math::sum(chances.as_slice().iter().map(|p| p * (1.0 - p)));
        let pareto = |chance: fn(f64, f64) -> f64| {
            by_quadrature(
                &chances,
                |t, p| t * chance(p, d) / (1.0 + t * chance(p, d)),
                |u, p| odds(u) / chance(p, d),
            )
        };
        // How far off the chances of this small pool are, at most, in parts of the chance.
        let cases = [
            (
                &SEQUENTIAL,
                by_quadrature(&chances, |t, p| (t * p).min(1.0), |u, p| u / p),
                0.11,
            ),
            (&PARETO, pareto(|p, _| p / (1.0 - p)), 0.023),
            (&ADJUSTED, pareto(corrected), 0.007),
        ];
        for (method, wanted, off) in cases {
            let key = method.card.key;
            for (unit, found) in frequencies(method, &chances).into_iter().enumerate() {
                let (wanted, stated) = (wanted[unit], chances.of(unit));
                // A standard error is 0.0035 at most; four and a half of them.
                assert!(
                    (found - wanted).abs() < 0.016,
                    "{key} {unit}: {found} is not {wanted}"
                );
                assert!(
                    (wanted / stated - 1.0).abs() < off,
                    "{key} {unit}: {wanted} is not near"
                );
            }
        }
    }

    #[test]
    fn the_sieve_finds_what_sorting_all_keys_finds() {
        for i in 0..100 {
            let chances = trial::random_chances(&format!("sieve {i}"));
            let ids = ids(chances.len());
            let (pool, seed) = (
                Pool::new("all", &ids, &chances),
                seed(&format!("sieve {i}")),
            );
            let numbers = pool.numbers(&seed);
            for (draw, key) in [
                (
                    sequential_poisson as fn(&Pool<'_>, &_) -> _,
                    Key::sequential as fn(u128, f64) -> Key,
                ),
                (pareto, Key::pareto),
            ] {
                let mut all: Vec<(Key, usize)> = chances
                    .open()
                    .into_iter()
                    .map(|k| (key(numbers[k].a(), chances.of(k)), k))
                    .collect();
                all.sort();
                let certain = chances.certain();
                let take = chances.size().expect("whole") - certain.len();
                let mut wanted: Vec<usize> = all[..take].iter().map(|(_, unit)| *unit).collect();
                wanted.extend(certain);
                wanted.sort_unstable();
                let drawn: Result<Vec<usize>, Error> = draw(&pool, &seed);
                assert_eq!(drawn, Ok(wanted), "seed {i}");
            }
        }
    }

    #[test]
    fn with_equal_chances_the_smallest_numbers_are_drawn() {
        let (ids, chances) = (ids(200), Probabilities::equal(200, 31).expect("possible"));
        let (pool, seed) = (Pool::new("all", &ids, &chances), seed("equal"));
        let mut wanted: Vec<usize> = (0..200).collect();
        let numbers = pool.numbers(&seed);
        wanted.sort_by_key(|&unit| numbers[unit]);
        wanted.truncate(31);
        wanted.sort_unstable();
        assert_eq!(sequential_poisson(&pool, &seed), Ok(wanted.clone()));
        assert_eq!(pareto(&pool, &seed), Ok(wanted));
    }

    #[test]
    fn a_sum_that_is_not_whole_is_refused() {
        let (ids, chances) = (
            ids(2),
            Probabilities::given(vec![0.5, 0.25]).expect("chances"),
        );
        let pool = Pool::new("all", &ids, &chances);
        for draw in [sequential_poisson, pareto] {
            assert_eq!(
                draw(&pool, &seed("x")),
                Err(Error::NotWhole { expected: 0.75 })
            );
        }
    }

    #[test]
    fn a_large_list_is_no_trouble() {
        let sizes: Vec<f64> = (0..100_000).map(|i| f64::from(i % 1_000)).collect();
        let (ids, chances) = (
            ids(100_000),
            Probabilities::by_size(&sizes, 30_001).expect("possible"),
        );
        let pool = Pool::new("all", &ids, &chances);
        assert_eq!(
            sequential_poisson(&pool, &seed("large")).map(|drawn| drawn.len()),
            Ok(30_001)
        );
    }
}
