//! Sets by steps and in one step, beside exact integration.

use super::{Order, Ranks};
use crate::estimate::Joint;
use crate::estimate::compare::tests::{family, near, seed};
use crate::estimate::compare::{Comparison, Correction, MaxT, Pair};
use crate::math::solve::Symmetric;
use crate::random::pretend::Pretend;

/// Figures that are independent, each with variance 1.
fn apart(values: &[f64]) -> Joint {
    let unit = |i: usize| move |j: usize| if i == j { 1.0 } else { 0.0 };
    let count = values.len();
    let rows: Vec<Vec<f64>> = (0..count)
        .map(|i| (0..count).map(unit(i)).collect())
        .collect();
    family(values, &rows, 500)
}

fn sets(ranks: &Ranks) -> Vec<(usize, usize)> {
    ranks.ranks.iter().map(|r| (r.best, r.worst)).collect()
}

/// The sets that the intervals of all differences give in one step.
fn in_one_step(all: &Comparison) -> Vec<(usize, usize)> {
    let count = all.compared.len();
    let surely = |of: &dyn Fn(&Pair) -> Option<usize>, i: usize| {
        all.pairs.iter().filter(|pair| of(pair) == Some(i)).count()
    };
    let less = |pair: &Pair| {
        let other = |larger| pair.this + pair.other - larger;
        pair.larger().map(other)
    };
    (0..count)
        .map(|i| {
            (
                1 + surely(&less, i),
                count - surely(&|pair| pair.larger(), i),
            )
        })
        .collect()
}

#[test]
fn steps_tell_apart_what_one_step_does_not() {
    // The largest of three |t| stays below 2.351. Once 0 is told from both others, chance has only t₁₀, t₂₀
    // and |t₁₂| left: 2.202. Of t₁₂ = 3.2/√2 = 2.263 the second step is sure, and the first is not.
    let three = apart(&[10.0, 3.2, 0.0]);
    let all = Comparison::of(&three, 0.95, Correction::Holm, &seed());
    near(all.critical.expect("pairs"), 2.351, 0.003);
    assert_eq!(in_one_step(&all), [(1, 1), (2, 3), (2, 3)]);
    let ranks = Ranks::by_differences(&three, &all, Order::LargestFirst, &seed());
    assert_eq!(sets(&ranks), [(1, 1), (2, 2), (3, 3)]);
    // By itself, 1 is told from 2 if |t| > 2.218; once 0 is above it, if |t| > 2.112. 3.05/√2 = 2.157.
    let three = apart(&[10.0, 3.05, 0.0]);
    let all = Comparison::of(&three, 0.95, Correction::Holm, &seed());
    let ranks = Ranks::by_differences(&three, &all, Order::LargestFirst, &seed());
    assert_eq!(sets(&ranks), [(1, 1), (2, 3), (2, 3)]);
    let own = Ranks::each_by_differences(&three, &all, Order::LargestFirst, &seed());
    assert_eq!(sets(&own), [(1, 1), (2, 2), (3, 3)]);
}

#[test]
fn in_one_direction_the_largest_t_is_the_blackboards() {
    let mut matrix = Symmetric::zero(3);
    (0..3).for_each(|i| matrix.add(i, i, 1.0));
    let row = |i: usize, j: usize| {
        let mut row = vec![0.0; 3];
        (row[i], row[j]) = (1.0, -1.0);
        row
    };
    // 4 000 000 normal triples by R: 2.2016 and 2.1118.
    let largest = |both: &[Vec<f64>], above: &[Vec<f64>]| {
        MaxT::of_sides(&matrix, (both, above), 500, &seed()).expect("they vary")
    };
    let three = largest(&[row(1, 2)], &[row(1, 0), row(2, 0)]);
    near(three.critical(0.95), 2.2016, 0.003);
    let two = largest(&[row(1, 2)], &[row(1, 0)]);
    near(two.critical(0.95), 2.1118, 0.003);
    // One t in one direction: t(500) at 95 %, and nothing of it is simulated.
    let one = largest(&[], &[row(1, 0)]);
    near(one.critical(0.95), 1.647_906_854, 1e-8);
    assert!(one.beyond_error(1.6) <= 0.0);
}

/// A line of tests/data/ranks/three.csv: three figures, and what exact integration says of them.
struct Exact {
    family: Joint,
    one_step: Vec<(usize, usize)>,
    steps: Vec<(usize, usize)>,
    critical: f64,
    /// Of the second step; none if the first tells nothing.
    second: Option<f64>,
}

fn exact() -> Vec<Exact> {
    let text = include_str!("../../../../tests/data/ranks/three.csv");
    let line = |line: &str| {
        let cells: Vec<Option<f64>> = line.split(',').map(|cell| cell.parse().ok()).collect();
        let at = |place: usize| cells[place].expect("a number");
        let place = [[3, 4, 5], [4, 6, 7], [5, 7, 8]];
        let rows: Vec<Vec<f64>> = place.map(|row| row.map(at).to_vec()).to_vec();
        let set = |place: usize| (at(place) as usize, at(place + 1) as usize);
        Exact {
            family: family(&[at(0), at(1), at(2)], &rows, at(9) as u64),
            one_step: [10, 12, 14].map(set).to_vec(),
            steps: [16, 18, 20].map(set).to_vec(),
            critical: at(22),
            second: cells[23],
        }
    };
    text.lines().skip(1).map(line).collect()
}

#[test]
fn sets_of_ranks_are_those_of_exact_integration() {
    let all = exact();
    assert_eq!(all.len(), 8);
    for (place, exact) in all.iter().enumerate() {
        let all = Comparison::of(&exact.family, 0.95, Correction::Holm, &seed());
        // What simulation leaves is stated; no t lies nearer to a critical value than 0.015.
        let (critical, error) = all.critical.zip(all.critical_error).expect("pairs");
        assert!(error < 0.000_5, "{error}");
        near(critical, exact.critical, 5.0 * error + 1e-4);
        assert_eq!(in_one_step(&all), exact.one_step, "line {place}");
        let ranks = Ranks::by_differences(&exact.family, &all, Order::LargestFirst, &seed());
        assert_eq!(sets(&ranks), exact.steps, "line {place}");
        let told = |pair: &&Pair| pair.larger().is_some();
        let (sure, open): (Vec<_>, Vec<_>) = all.pairs.iter().partition(told);
        let open: Vec<(usize, usize)> = open.iter().map(|p| (p.this, p.other)).collect();
        let against = |pair: &&Pair| {
            let larger = pair.larger().expect("told apart");
            (pair.this + pair.other - larger, larger)
        };
        let against: Vec<(usize, usize)> = sure.iter().map(against).collect();
        if let Some(second) = exact.second {
            let largest = crate::estimate::compare::pairs::largest_of(
                &exact.family,
                &[0, 1, 2],
                (&open, &against),
                &seed(),
            );
            let largest = largest.expect("they vary");
            let critical = largest.critical(0.95);
            near(
                critical,
                second,
                5.0 * largest.critical_error(critical) + 1e-4,
            );
        }
    }
}

#[test]
fn steps_help_as_often_as_a_noncentral_t_says() {
    // One figure far above two that are 2.7 standard errors of their difference apart. Steps tell the two
    // apart, and one step does not, if |t| is in (2.575 212, 2.792 006]; R's pt(…, 9, 2.7): 7.12 %.
    const EXACT: (f64, f64, f64) = (2.575_212, 2.792_006, 0.071_223_7);
    const TRIALS: u32 = 150;
    let (second, first, expected) = EXACT;
    let mut pretend = Pretend::new(seed().stream("steps"));
    let mut smaller = 0;
    for _ in 0..TRIALS {
        let squares: f64 = (0..9).map(|_| pretend.normal(0.0, 1.0).powi(2)).sum();
        let scale = squares / 9.0;
        let truth = [100.0, 2.7 * 2.0_f64.sqrt(), 0.0];
        let values = truth.map(|truth| pretend.normal(truth, 1.0));
        let row = |i: usize| (0..3).map(|j| if i == j { scale } else { 0.0 }).collect();
        let three = family(&values, &[row(0), row(1), row(2)], 9);
        let all = Comparison::of(&three, 0.95, Correction::Holm, &seed());
        let ranks = Ranks::by_differences(&three, &all, Order::LargestFirst, &seed());
        let one_step = in_one_step(&all);
        let within =
            |(set, one): (&(usize, usize), &(usize, usize))| set.0 >= one.0 && set.1 <= one.1;
        assert!(sets(&ranks).iter().zip(&one_step).all(within));
        let t = all.pairs[2].t.abs();
        let is_near = [second, first].iter().any(|c| (t - c).abs() < 0.003);
        let is_smaller = sets(&ranks) != one_step;
        assert!(is_near || is_smaller == (second < t && t <= first), "{t}");
        smaller += u32::from(is_smaller);
    }
    let share = f64::from(smaller) / f64::from(TRIALS);
    let error = (expected * (1.0 - expected) / f64::from(TRIALS)).sqrt();
    assert!((share - expected).abs() < 4.0 * error, "{share}");
}

#[test]
fn intervals_that_hold_at_once_are_as_wide_as_exact_integration_says() {
    // R: the c with ∫ (2 Φ(c s) − 1)^K dP(s) = 0.95, s² a χ² over its degrees of freedom.
    for (count, df, expected) in [(3, 9, 2.885_234_8), (6, 234, 2.652_494_3)] {
        let mut matrix = Symmetric::zero(count);
        (0..count).for_each(|i| matrix.add(i, i, 1.0 + i as f64));
        let alone = |i: usize| (0..count).map(|j| f64::from(u8::from(i == j))).collect();
        let contrasts: Vec<Vec<f64>> = (0..count).map(alone).collect();
        let largest = MaxT::of(&matrix, &contrasts, df, &seed()).expect("they vary");
        let critical = largest.critical(0.95);
        near(
            critical,
            expected,
            5.0 * largest.critical_error(critical) + 1e-4,
        );
    }
}
