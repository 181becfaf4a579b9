//! Real shares → whole numbers, within limits, with the same total.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Error;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "whole",
    title: Words::new("Whole numbers by divisors", "除数法取整"),
    says: Words::new(
        "Units are given out one by one, each to the stratum with the strongest claim left, from the \
         lower limits up and never beyond the upper ones. Webster's divisors keep shares \
         proportional without favouring large or small strata; Wright's give the exact optimum.",
        "从下限起逐个分配，每次分给优先值最大的层，且不超过上限。韦伯斯特除数保持比例而不偏向\
         大层或小层；赖特除数给出方差最小的精确整数解。",
    ),
    formula: "claim of the next unit = pull / (k + ½)  (Webster),  pull / √(k(k + 1))  (Wright)",
    sources: &[
        Source::at("Balinski, Young (2001)", "ch. 3"),
        Source::at("Wright (2012)", "exact optimal allocation"),
        Source::at("Wright (2017)", "with bounds"),
    ],
};

/// How the claim on one more unit falls with the units a stratum has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divisors {
    /// k + ½: proportional shares, without favour (Webster, Sainte-Laguë).
    Webster,
    /// √(k(k + 1)): the variance Σ pull²/n falls fastest (Wright; Huntington, Hill).
    Wright,
}

impl Divisors {
    fn divisor(self, k: u64) -> f64 {
        let k = k as f64;
        match self {
            Divisors::Webster => k + 0.5,
            Divisors::Wright => (k * (k + 1.0)).sqrt(),
        }
    }
}

/// A stratum's claim on the next unit; the strongest comes first, of equals the first.
#[derive(Debug, PartialEq)]
struct Claim {
    strength: f64,
    place: usize,
}

impl Eq for Claim {}

impl Ord for Claim {
    fn cmp(&self, other: &Claim) -> Ordering {
        self.strength
            .total_cmp(&other.strength)
            .then(other.place.cmp(&self.place))
    }
}

impl PartialOrd for Claim {
    fn partial_cmp(&self, other: &Claim) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Splits `total` into whole numbers that follow `pulls`, each within its limits.
///
/// # Formula
///
/// ```text
/// n_h ← low_h;  while Σ n < total:  give one to the h with n_h < high_h and the largest pull_h / d(n_h)
/// ```
///
/// With [`Divisors::Wright`] the result minimises Σ pull_h²/n_h over all whole numbers within the
/// limits.
///
/// # Arguments
///
/// `pulls` are 0 or more and finite, H of them; `limits` are (low, high), H of them. Returns n_h, H
/// of them, which add up to `total`.
///
/// # Errors
///
/// [`Error::Limits`] if no split within the limits adds up to `total`.
///
/// # Source
///
/// Balinski, Young (2001), ch. 3; Wright (2012); Wright (2017) with bounds.
///
/// # Example
///
/// ```
/// use canvass::plan::whole::{Divisors, whole};
/// let pulls = [47.0 * 10.0, 61.0 * 6.0, 41.0 * 4.0];
/// let free = [(1, 47), (1, 61), (1, 41)];
/// assert_eq!(whole(10, &pulls, &free, Divisors::Wright)?, [4, 4, 2]);
/// # Ok::<(), canvass::plan::Error>(())
/// ```
pub fn whole(
    total: u64,
    pulls: &[f64],
    limits: &[(u64, u64)],
    divisors: Divisors,
) -> Result<Vec<u64>, Error> {
    assert_eq!(
        pulls.len(),
        limits.len(),
        "a pull and limits for every stratum"
    );
    assert!(
        pulls.iter().all(|p| p.is_finite() && *p >= 0.0),
        "pulls are 0 or more"
    );
    let (low, high) = limits.iter().fold((0, 0_u64), |(l, h), limit| {
        (l + limit.0, h.saturating_add(limit.1))
    });
    let crossed = limits.iter().any(|limit| limit.0 > limit.1);
    if crossed || total < low || total > high {
        return Err(Error::Limits { total, low, high });
    }
    let mut parts: Vec<u64> = limits.iter().map(|limit| limit.0).collect();
    let claim = |place: usize, has: u64| Claim {
        strength: pulls[place] / divisors.divisor(has),
        place,
    };
    let mut claims: BinaryHeap<Claim> = (0..pulls.len())
        .filter(|&place| parts[place] < limits[place].1)
        .map(|place| finite(claim(place, parts[place])))
        .collect();
    for _ in low..total {
        let Claim { place, .. } = claims.pop().expect("upper limits leave room for the total");
        parts[place] += 1;
        if parts[place] < limits[place].1 {
            claims.push(finite(claim(place, parts[place])));
        }
    }
    Ok(parts)
}

/// 0/0, the claim of a stratum that pulls nothing and has nothing, is no claim.
fn finite(claim: Claim) -> Claim {
    if claim.strength.is_nan() {
        Claim {
            strength: 0.0,
            ..claim
        }
    } else {
        claim
    }
}

#[cfg(test)]
mod tests {
    use super::{Divisors, Error, whole};
    use crate::random::Seed;

    fn variance(pulls: &[f64], parts: &[u64]) -> f64 {
        pulls
            .iter()
            .zip(parts)
            .map(|(p, &n)| p * p / n as f64)
            .sum()
    }

    #[test]
    fn wrights_example_is_met() {
        // Wright (2017): N = (47, 61, 41), S² = (100, 36, 16), n = 10
        let pulls = [470.0, 366.0, 164.0];
        let free = [(1, 47), (1, 61), (1, 41)];
        let bound = [(1, 5), (2, 6), (3, 4)];
        let here = whole(10, &pulls, &free, Divisors::Wright).expect("possible");
        assert_eq!(here, [4, 4, 2]);
        assert_eq!(
            whole(10, &pulls, &bound, Divisors::Wright),
            Ok(vec![4, 3, 3])
        );
        // V = Σ N²S²/n − Σ N S²
        let without: f64 = 47.0 * 100.0 + 61.0 * 36.0 + 41.0 * 16.0;
        assert!((variance(&pulls, &here) - without - 94_610.0).abs() < 1e-6);
        assert!((variance(&pulls, &[4, 3, 3]) - without - 101_290.333_3).abs() < 1e-3);
    }

    #[test]
    fn no_single_move_improves_wrights_split() {
        for i in 0..200 {
            let mut stream = Seed::new(format!("swap {i}"))
                .expect("not blank")
                .stream("test");
            let pulls: Vec<f64> = (0..6).map(|_| 1.0 + 99.0 * stream.unit()).collect();
            let limits: Vec<(u64, u64)> = (0..6)
                .map(|_| (1 + stream.below(3), 8 + stream.below(20)))
                .collect();
            let parts = whole(40, &pulls, &limits, Divisors::Wright).expect("possible");
            assert_eq!(parts.iter().sum::<u64>(), 40);
            let best = variance(&pulls, &parts);
            for from in 0..6 {
                for to in 0..6 {
                    if from != to && parts[from] > limits[from].0 && parts[to] < limits[to].1 {
                        let mut other = parts.clone();
                        other[from] -= 1;
                        other[to] += 1;
                        assert!(variance(&pulls, &other) >= best - 1e-9, "seed {i}");
                    }
                }
            }
        }
    }

    #[test]
    fn webster_stays_near_the_quota_and_within_limits() {
        for i in 0..200 {
            let mut stream = Seed::new(format!("quota {i}"))
                .expect("not blank")
                .stream("test");
            let pulls: Vec<f64> = (0..9).map(|_| 1.0 + 999.0 * stream.unit()).collect();
            let all: f64 = pulls.iter().sum();
            let parts = whole(500, &pulls, &[(0, 500); 9], Divisors::Webster).expect("possible");
            assert_eq!(parts.iter().sum::<u64>(), 500);
            for (pull, part) in pulls.iter().zip(&parts) {
                assert!(
                    (pull / all * 500.0 - *part as f64).abs() < 1.5,
                    "seed {i}: {parts:?}"
                );
            }
        }
    }

    #[test]
    fn strata_without_pull_are_filled_only_when_nothing_else_is_left() {
        let limits = [(0, 3), (0, 9)];
        assert_eq!(
            whole(5, &[1.0, 0.0], &limits, Divisors::Webster),
            Ok(vec![3, 2])
        );
        assert_eq!(
            whole(5, &[1.0, 0.0], &limits, Divisors::Wright),
            Ok(vec![3, 2])
        );
    }

    #[test]
    fn a_total_outside_the_limits_is_refused_with_all_numbers() {
        let error = whole(9, &[1.0, 1.0], &[(0, 3), (1, 4)], Divisors::Webster);
        assert_eq!(
            error,
            Err(Error::Limits {
                total: 9,
                low: 1,
                high: 7
            })
        );
    }
}
