//! Laws of calibration, for any seed.

use super::{bounds, everybody, margin, near};
use crate::math::sum;
use crate::random::Seed;
use crate::weigh::{Adjusted, Amount, Calibrate, Controls, Distance, Margin, Step};

/// A small town: margins of 3 and 2 levels and an amount, with totals that can be met.
struct Town {
    margins: Vec<Margin>,
    amount: Amount,
    before: Vec<f64>,
    answers: Vec<f64>,
}

fn town(seed: u64) -> Town {
    let mut stream = Seed::new(format!("calibrate {seed}"))
        .expect("not blank")
        .stream("test");
    let n = 80;
    let side: Vec<usize> = (0..n)
        .map(|unit| {
            if unit < 3 {
                unit
            } else {
                stream.below(3) as usize
            }
        })
        .collect();
    let age: Vec<usize> = (0..n)
        .map(|unit| {
            if unit < 2 {
                unit
            } else {
                stream.below(2) as usize
            }
        })
        .collect();
    let lines: Vec<f64> = (0..n).map(|_| 1.0 + stream.below(5) as f64).collect();
    let before: Vec<f64> = (0..n)
        .map(|_| 5.0 + stream.below(100) as f64 / 10.0)
        .collect();
    let answers: Vec<f64> = (0..n)
        .map(|unit| lines[unit] + side[unit] as f64 + stream.below(60) as f64 / 10.0)
        .collect();
    // The totals of weights near those before.
    let wanted: Vec<f64> = (0..n)
        .map(|unit| before[unit] * (0.8 + stream.below(60) as f64 / 100.0))
        .collect();
    let of = |levels: &[usize], level: usize| {
        sum((0..n)
            .filter(|&unit| levels[unit] == level)
            .map(|unit| wanted[unit]))
    };
    let totals =
        |levels: &[usize], count: usize| (0..count).map(|l| of(levels, l)).collect::<Vec<_>>();
    let all = sum(lines.iter().zip(&wanted).map(|(x, w)| x * w));
    Town {
        margins: vec![
            margin("side", &side, &totals(&side, 3)),
            margin("age", &age, &totals(&age, 2)),
        ],
        amount: Amount::new("lines", lines, all).expect("numbers"),
        before,
        answers,
    }
}

impl Town {
    fn step(&self, distance: Distance) -> Calibrate {
        let controls =
            Controls::new(self.margins.clone(), vec![self.amount.clone()]).expect("equal totals");
        Calibrate::to(controls, distance, 1e-12, 200).expect("good bounds")
    }

    fn met(&self, step: &Calibrate, before: &[f64]) -> Adjusted {
        step.forward(before, &everybody(before.len()))
            .expect("it can be met")
    }
}

#[test]
fn calibrated_weights_meet_every_control_keep_their_bounds_and_stay_when_calibrated_again() {
    let limits = bounds(0.6, 1.7);
    for seed in 0..60 {
        let town = town(seed);
        for distance in [
            Distance::Linear,
            Distance::Raking,
            Distance::Logit(limits),
            Distance::Truncated(limits),
            Distance::BoundedRaking(limits),
        ] {
            let step = town.step(distance);
            let met = town.met(&step, &town.before);
            let held = step.controls().held(met.after.iter().copied().enumerate());
            for (held, total) in held.iter().zip(step.controls().totals()) {
                near(*held, *total, 1e-11);
            }
            if let Some(limits) = distance.bounds() {
                let inside = limits.low() - 1e-12..=limits.high() + 1e-12;
                assert!(
                    met.factor.iter().all(|factor| inside.contains(factor)),
                    "seed {seed}"
                );
            }
            let again = town.met(&step, &met.after);
            assert_eq!(
                again.after, met.after,
                "seed {seed}: calibrating twice changes nothing"
            );
            assert_eq!(again.rounds, Some(0));
        }
    }
}

#[test]
fn the_total_of_a_control_has_no_variance() {
    for seed in 0..20 {
        let town = town(seed);
        for distance in [
            Distance::Linear,
            Distance::Raking,
            Distance::Logit(bounds(0.6, 1.7)),
            Distance::Truncated(bounds(0.75, 1.4)),
        ] {
            let step = town.step(distance);
            let met = town.met(&step, &town.before);
            let mut scores: Vec<f64> = town
                .amount
                .values()
                .iter()
                .zip(&met.after)
                .map(|(x, w)| x * w)
                .collect();
            let largest = scores
                .iter()
                .fold(0.0_f64, |largest, score| largest.max(score.abs()));
            step.back(&met, &mut scores);
            for score in scores {
                assert!(
                    score.abs() <= 1e-12 * largest,
                    "seed {seed}, {distance:?}: {score}"
                );
            }
        }
    }
}

#[test]
fn scores_are_the_derivatives_of_the_calibrated_total() {
    // Central differences of Σ w y, unit by unit, for the distances without corners.
    const STEP: f64 = 1e-4;
    for seed in 0..4 {
        let town = town(seed);
        for distance in [
            Distance::Linear,
            Distance::Raking,
            Distance::Logit(bounds(0.6, 1.7)),
        ] {
            let step = town.step(distance);
            let met = town.met(&step, &town.before);
            let mut scores: Vec<f64> = town
                .answers
                .iter()
                .zip(&met.after)
                .map(|(y, w)| y * w)
                .collect();
            step.back(&met, &mut scores);
            let total = |unit: usize, by: f64| {
                let mut before = town.before.clone();
                before[unit] += by;
                sum(town
                    .met(&step, &before)
                    .after
                    .iter()
                    .zip(&town.answers)
                    .map(|(w, y)| w * y))
            };
            for unit in (0..town.before.len()).step_by(9) {
                let slope = (total(unit, STEP) - total(unit, -STEP)) / (2.0 * STEP);
                let score = scores[unit] / town.before[unit];
                assert!(
                    (slope - score).abs() < 1e-6,
                    "{distance:?}, unit {unit}: {slope} is not {score}"
                );
            }
        }
    }
}

#[test]
fn far_away_totals_are_met_without_overflow() {
    // The list is a million times what the weights add up to.
    for distance in [Distance::Linear, Distance::Raking] {
        let town = town(1);
        let small: Vec<f64> = town.before.iter().map(|weight| weight * 1e-6).collect();
        let met = town.met(&town.step(distance), &small);
        near(
            sum(met.after.iter().copied()),
            town.margins[0].grand_total(),
            1e-10,
        );
    }
}
