//! A total over strata in real numbers, within limits: the optimum before anything is rounded.

use super::Error;
use crate::math::{Sum, sum};

/// Real numbers are whole parts of 2⁻²⁰, so that sums of them are exact and whole totals are met.
const GRID: f64 = 1_048_576.0;

/// Splits `total` into real numbers that follow `pulls`, each within its limits.
///
/// # Formula
///
/// ```text
/// x_h = min(high_h, max(low_h, λ pull_h)),   λ such that Σ x_h = total
/// ```
///
/// That is proportional to the pulls as far as limits allow, and minimises Σ pull_h² / x_h. Numbers are
/// rounded to 2⁻²⁰, and add up to the total exactly.
///
/// # Arguments
///
/// As for [`whole`](super::whole::whole).
///
/// # Errors
///
/// [`Error::Limits`] if no split within the limits adds up to `total`.
///
/// # Source
///
/// Wesołowski, Wieczorkowski, Wójciak (2021); Wójciak (2023): the optimum under both limits has this form.
///
/// # Example
///
/// ```
/// use canvass::plan::real::real;
/// let split = real(10, &[1.0, 1.0, 2.0], &[(4, 9), (0, 9), (0, 9)])?;
/// assert_eq!(split, [4.0, 2.0, 4.0]);
/// # Ok::<(), canvass::plan::Error>(())
/// ```
pub fn real(total: u64, pulls: &[f64], limits: &[(u64, u64)]) -> Result<Vec<f64>, Error> {
    let low: u64 = limits.iter().map(|limit| limit.0).sum();
    let high = limits
        .iter()
        .fold(0_u64, |all, limit| all.saturating_add(limit.1));
    if total < low || total > high || limits.iter().any(|limit| limit.0 > limit.1) {
        return Err(Error::Limits { total, low, high });
    }
    Ok(on_the_grid(
        total,
        &level(total as f64, pulls, limits),
        limits,
    ))
}

/// The split by the level λ that gives the total.
fn level(total: f64, pulls: &[f64], limits: &[(u64, u64)]) -> Vec<f64> {
    let at = |level: f64| -> Vec<f64> {
        let part = |(pull, limit): (&f64, &(u64, u64))| {
            (level * pull).clamp(limit.0 as f64, limit.1 as f64)
        };
        pulls.iter().zip(limits).map(part).collect()
    };
    // Where a stratum leaves its lower limit, or reaches its upper one.
    let mut turns: Vec<f64> = pulls
        .iter()
        .zip(limits)
        .filter(|(pull, _)| **pull > 0.0)
        .flat_map(|(pull, limit)| [limit.0 as f64 / pull, limit.1 as f64 / pull])
        .collect();
    turns.sort_unstable_by(f64::total_cmp);
    let below = turns.partition_point(|&turn| sum(at(turn)) <= total);
    let Some(from) = below.checked_sub(1).map(|place| turns[place]) else {
        return filled(total, at(0.0), limits);
    };
    let start = at(from);
    let Some(&to) = turns.get(below) else {
        return filled(total, start, limits);
    };
    // Between two turns the sum is straight in λ.
    let (start_sum, end_sum) = (sum(start.iter().copied()), sum(at(to)));
    let part = (total - start_sum) / (end_sum - start_sum);
    at(from + part * (to - from))
}

/// Gives what is left to strata that pull nothing, in proportion to their room: nothing else has any.
fn filled(total: f64, parts: Vec<f64>, limits: &[(u64, u64)]) -> Vec<f64> {
    let rooms: Vec<f64> = parts
        .iter()
        .zip(limits)
        .map(|(part, limit)| limit.1 as f64 - part)
        .collect();
    let (left, room) = (
        total - sum(parts.iter().copied()),
        sum(rooms.iter().copied()),
    );
    if left <= 0.0 || room <= 0.0 {
        return parts;
    }
    let more = parts.iter().zip(&rooms);
    more.map(|(part, mine)| part + left / room * mine).collect()
}

/// The same in whole parts of the grid, which add up to the total: what rounding left over goes to the
/// first strata that have room for it.
fn on_the_grid(total: u64, parts: &[f64], limits: &[(u64, u64)]) -> Vec<f64> {
    let mut steps: Vec<f64> = parts.iter().map(|part| (part * GRID).round()).collect();
    let mut all = Sum::default();
    steps.iter().for_each(|step| all.add(*step));
    let mut off = total as f64 * GRID - all.value();
    for (step, limit) in steps.iter_mut().zip(limits) {
        let (low, high) = (limit.0 as f64 * GRID, limit.1 as f64 * GRID);
        let more = off.clamp(low - *step, high - *step);
        // No stratum takes more than a few steps, unless it is the only one with room.
        *step += more;
        off -= more;
    }
    steps.iter().map(|step| step / GRID).collect()
}

#[cfg(test)]
mod tests {
    use super::real;
    use crate::math::sum;
    use crate::plan::Error;
    use crate::random::Seed;

    #[test]
    fn the_optimum_is_met_within_limits() {
        // λ = 2: 2, 4, 6, and nothing is at a limit; with at most 5 in the last, λ = 7/3.
        let pulls = [1.0, 2.0, 3.0];
        assert_eq!(real(12, &pulls, &[(0, 9); 3]), Ok(vec![2.0, 4.0, 6.0]));
        let bound = real(12, &pulls, &[(0, 9), (0, 9), (0, 5)]).expect("possible");
        for (found, wanted) in bound.iter().zip([7.0 / 3.0, 14.0 / 3.0, 5.0]) {
            assert!((found - wanted).abs() < 2e-6, "{bound:?}");
        }
    }

    #[test]
    fn totals_are_exact_and_no_small_move_is_better() {
        for i in 0..300 {
            let mut stream = Seed::new(format!("real {i}"))
                .expect("not blank")
                .stream("test");
            let strata = 2 + stream.below(12) as usize;
            let pulls: Vec<f64> = (0..strata).map(|_| 0.01 + 99.0 * stream.unit()).collect();
            let limits: Vec<(u64, u64)> = (0..strata)
                .map(|_| (1 + stream.below(3), 5 + stream.below(400)))
                .collect();
            let low: u64 = limits.iter().map(|limit| limit.0).sum();
            let high: u64 = limits.iter().map(|limit| limit.1).sum();
            let total = low + stream.below(high - low + 1);
            let parts = real(total, &pulls, &limits).expect("possible");
            let off = sum(parts.iter().copied()) - total as f64;
            assert!(off.abs() <= 0.0, "seed {i}: {off}");
            let cost = |from: usize, by: f64| pulls[from].powi(2) / (parts[from] + by);
            for from in 0..strata {
                assert!(
                    parts[from] >= limits[from].0 as f64 && parts[from] <= limits[from].1 as f64
                );
                for to in (0..strata).filter(|&to| to != from) {
                    let roomy = parts[from] - 0.01 >= limits[from].0 as f64
                        && parts[to] + 0.01 <= limits[to].1 as f64;
                    let now = cost(from, 0.0) + cost(to, 0.0);
                    let then = cost(from, -0.01) + cost(to, 0.01);
                    assert!(!roomy || then >= now * (1.0 - 1e-9), "seed {i}");
                }
            }
        }
    }

    #[test]
    fn edges() {
        assert_eq!(real(0, &[], &[]), Ok(vec![]));
        assert_eq!(real(4, &[1.0, 0.0], &[(0, 3), (0, 9)]), Ok(vec![3.0, 1.0]));
        let filled = real(3, &[0.0, 0.0], &[(1, 2), (1, 3)]).expect("possible");
        assert!((filled[0] - 4.0 / 3.0).abs() < 1e-6, "{filled:?}");
        let refused = real(9, &[1.0, 1.0], &[(0, 3), (1, 4)]);
        assert_eq!(
            refused,
            Err(Error::Limits {
                total: 9,
                low: 1,
                high: 7
            })
        );
    }
}
