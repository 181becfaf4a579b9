//! Whether a method draws with the chances it states: by drawing, many times.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::{Accuracy, Error, Method, Pool, Probabilities, Size};
use crate::math::distribution::normal_quantile;
use crate::progress::{Event, Monitor};
use crate::random::Seed;

/// What many draws from a small pool showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The method's card key.
    pub method: String,
    /// How many times it drew.
    pub draws: u64,
    /// Whether it states exact chances; otherwise z is shown and not judged.
    pub exact: bool,
    /// The units: stated and found chance.
    pub units: Vec<Frequency>,
    /// The pairs, where the method knows their chance.
    pub pairs: Vec<Frequency>,
    /// The fewest and the most units that were drawn, hits counted each.
    pub sizes: (u64, u64),
    /// The fewest and the most that the method states: the whole numbers around Σπ. None if its size is
    /// random.
    pub stated_sizes: Option<(u64, u64)>,
    /// Whether every draw had a size that is stated.
    pub size_holds: bool,
    /// The |z| that one of all units and pairs exceeds by chance once in a thousand proofs.
    pub limit: f64,
}

/// How often something happened that was stated to happen with some chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frequency {
    /// The unit, or both of a pair; counted from 1.
    pub units: Vec<usize>,
    /// π, or π_kl.
    pub stated: f64,
    /// How often it was found, as a share of the draws.
    pub found: f64,
    /// How far that is off, in standard errors. 0 where it must be exact and is; infinite, written as
    /// none, where it must be and is not.
    pub z: Option<f64>,
}

impl Proof {
    /// Whether nothing contradicts what the method states.
    #[must_use]
    pub fn holds(&self) -> bool {
        let within = |one: &Frequency| one.z.is_some_and(|z| z.abs() <= self.limit);
        self.size_holds && (!self.exact || self.units.iter().chain(&self.pairs).all(within))
    }

    /// The largest |z| of the units, or of the pairs; none if something certain failed.
    #[must_use]
    pub fn worst(of: &[Frequency]) -> Option<f64> {
        of.iter()
            .try_fold(0.0_f64, |worst, one| Some(worst.max(one.z?.abs())))
    }
}

/// Draws `draws` times from `pool`, and compares how often each unit and each pair came with the
/// chances stated. Each draw has a seed of its own.
///
/// # Formula
///
/// ```text
/// z = (f − π) / √(π (1 − π) / R)
/// limit: Φ⁻¹(1 − 0.0005 / m) over all m units and pairs
/// size: Σπ if that is a whole number, else ⌊Σπ⌋ or ⌈Σπ⌉
/// ```
///
/// For hits, which are counts, the variance is that of a binomial count of n draws.
///
/// # Errors
///
/// What the method runs into.
///
/// # Source
///
/// The normal limit of the binomial law, and Bonferroni's inequality: Miller (1981), ch. 1.
pub fn prove(
    method: &Method,
    pool: &Pool<'_>,
    draws: u64,
    seed: &Seed,
    monitor: &dyn Monitor,
) -> Result<Proof, Error> {
    const TASK: &str = "drawing again and again";
    const CHUNKS: u64 = 64;
    monitor.hear(Event::Began {
        task: TASK,
        of: Some(draws),
    });
    let done = std::sync::atomic::AtomicU64::new(0);
    let counts: Vec<Counts> = (0..CHUNKS)
        .into_par_iter()
        .map(|chunk| {
            let (from, to) = (chunk * draws / CHUNKS, (chunk + 1) * draws / CHUNKS);
            let counts = count(method, pool, seed, from..to)?;
            let done = done.fetch_add(to - from, std::sync::atomic::Ordering::Relaxed) + to - from;
            monitor.hear(Event::Reached { task: TASK, done });
            Ok(counts)
        })
        .collect::<Result<_, Error>>()?;
    monitor.hear(Event::Ended { task: TASK });
    let counts = counts
        .into_iter()
        .fold(Counts::new(pool.len()), Counts::merge);
    judge(method, pool, draws, &counts)
}

/// How often each unit and pair came.
struct Counts {
    units: Vec<u64>,
    pairs: Vec<u64>,
    fewest: u64,
    most: u64,
}

impl Counts {
    fn new(units: usize) -> Counts {
        Counts {
            units: vec![0; units],
            pairs: vec![0; units * units],
            fewest: u64::MAX,
            most: 0,
        }
    }

    fn merge(mut self, other: Counts) -> Counts {
        self.units
            .iter_mut()
            .zip(other.units)
            .for_each(|(a, b)| *a += b);
        self.pairs
            .iter_mut()
            .zip(other.pairs)
            .for_each(|(a, b)| *a += b);
        self.fewest = self.fewest.min(other.fewest);
        self.most = self.most.max(other.most);
        self
    }
}

fn count(
    method: &Method,
    pool: &Pool<'_>,
    seed: &Seed,
    draws: std::ops::Range<u64>,
) -> Result<Counts, Error> {
    let units = pool.len();
    let mut counts = Counts::new(units);
    for draw in draws {
        let drawn = (method.draw)(pool, &seed.purpose(&format!("prove/{draw}")))?;
        counts.fewest = counts.fewest.min(drawn.len() as u64);
        counts.most = counts.most.max(drawn.len() as u64);
        for (place, &k) in drawn.iter().enumerate() {
            counts.units[k] += 1;
            for &l in &drawn[place + 1..] {
                counts.pairs[k.min(l) * units + k.max(l)] += 1;
            }
        }
    }
    Ok(counts)
}

fn judge(method: &Method, pool: &Pool<'_>, draws: u64, counts: &Counts) -> Result<Proof, Error> {
    let stated = pool.probabilities();
    let times = draws as f64;
    let hits = stated.expected();
    let unit = |k: usize| {
        let (stated, found) = (stated.of(k), counts.units[k] as f64 / times);
        let variance = match method.size {
            Size::Hits => stated * (1.0 - stated / hits),
            Size::Fixed | Size::Random => stated * (1.0 - stated),
        };
        Frequency {
            units: vec![k + 1],
            stated,
            found,
            z: z(found, stated, variance, times),
        }
    };
    let units: Vec<Frequency> = (0..pool.len()).map(unit).collect();
    let mut pairs = Vec::new();
    if let Some(joint) = method.all_pairs(pool) {
        let joint = joint?;
        for k in 0..pool.len() {
            for l in k + 1..pool.len() {
                let (both, found) = (
                    joint.of(k, l),
                    counts.pairs[k * pool.len() + l] as f64 / times,
                );
                let z = z(found, both, both * (1.0 - both), times);
                pairs.push(Frequency {
                    units: vec![k + 1, l + 1],
                    stated: both,
                    found,
                    z,
                });
            }
        }
    }
    let sizes = (counts.fewest, counts.most);
    let stated_sizes = stated_sizes(method, stated);
    let judged = (units.len() + pairs.len()).max(1) as f64;
    Ok(Proof {
        method: method.card.key.to_owned(),
        draws,
        exact: method.chances == Accuracy::Exact,
        units,
        pairs,
        sizes,
        stated_sizes,
        size_holds: stated_sizes.is_none_or(|(fewest, most)| fewest <= sizes.0 && sizes.1 <= most),
        limit: normal_quantile(1.0 - 0.000_5 / judged),
    })
}

/// The fewest and the most units that a draw may have.
fn stated_sizes(method: &Method, stated: &Probabilities) -> Option<(u64, u64)> {
    let expected = stated.expected();
    match (method.size, stated.size()) {
        (Size::Random, _) => None,
        (_, Some(size)) => Some((size as u64, size as u64)),
        (_, None) => Some((expected.floor() as u64, expected.ceil() as u64)),
    }
}

/// Chances of 0 and 1, up to the rounding of their sums, allow no error at all.
fn z(found: f64, stated: f64, variance: f64, times: f64) -> Option<f64> {
    if variance * times < 1e-6 {
        return ((found - stated).abs() < 1e-9).then_some(0.0);
    }
    Some((found - stated) / (variance / times).sqrt())
}

#[cfg(test)]
mod tests {
    use super::{Proof, prove};
    use crate::draw::equal::{bernoulli, systematic};
    use crate::draw::trial::{ids, seed};
    use crate::draw::{Method, Pool, Probabilities};
    use crate::progress::Silent;

    fn proof(method: &Method, chances: &Probabilities) -> Proof {
        let ids = ids(chances.len());
        let pool = Pool::new("all", &ids, chances);
        prove(method, &pool, 5_000, &seed("proof"), &Silent).expect("a possible draw")
    }

    fn tenths(units: usize) -> Probabilities {
        Probabilities::given(vec![0.3; units]).expect("chances")
    }

    #[test]
    fn a_size_between_two_whole_numbers_is_either() {
        let proof = proof(&systematic::METHOD, &tenths(7));
        assert_eq!(proof.stated_sizes, Some((2, 3)));
        assert_eq!(proof.sizes, (2, 3));
        assert!(proof.holds());
    }

    #[test]
    fn a_whole_size_is_met_every_time() {
        let proof = proof(&systematic::METHOD, &tenths(10));
        assert_eq!((proof.stated_sizes, proof.sizes), (Some((3, 3)), (3, 3)));
        assert!(proof.holds());
    }

    #[test]
    fn a_random_size_is_not_judged() {
        let proof = proof(&bernoulli::METHOD, &tenths(10));
        assert_eq!(proof.stated_sizes, None);
        assert!(proof.sizes.1 > 4 && proof.holds());
    }

    #[test]
    fn one_unit_too_few_is_seen() {
        let short = Method {
            draw: |pool, seed| {
                let drawn = (systematic::METHOD.draw)(pool, seed)?;
                Ok(drawn.into_iter().skip(1).collect())
            },
            ..systematic::METHOD
        };
        let proof = proof(&short, &tenths(7));
        assert_eq!(proof.sizes, (1, 2));
        assert!(!proof.size_holds && !proof.holds());
    }
}
