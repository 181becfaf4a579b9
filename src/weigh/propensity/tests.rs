//! Against R, by hand, and laws that hold for any seed.

use super::{Propensity, Use, quantile};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::sum;
use crate::notice::Notice;
use crate::random::{Seed, Stream};
use crate::weigh::{Adjusted, Error, Nonresponse, Predictors, Step};

fn outcomes(class: Vec<Class>) -> Outcomes {
    let n = class.len();
    Outcomes {
        class,
        code: vec![None; n],
        attempts: vec![1; n],
        items: vec![],
    }
}

/// A town where firms, the coast and old accounts answer less.
struct Town {
    kind: Codes,
    side: Codes,
    years: Vec<f64>,
    before: Vec<f64>,
    answers: Vec<f64>,
    outcomes: Outcomes,
}

fn town(seed: u64, n: usize) -> Town {
    let mut stream: Stream = Seed::new(format!("propensity {seed}"))
        .expect("not blank")
        .stream("test");
    let (mut kind, mut side, mut years, mut class) = (vec![], vec![], vec![], vec![]);
    for unit in 0..n {
        let (k, s, y) = (stream.below(2), stream.below(3), stream.below(12));
        kind.push(["firm", "home"][k as usize]);
        side.push(["coast", "hills", "town"][s as usize]);
        years.push(y as f64 / 2.0);
        let willing = 30 + 25 * k + 10 * s;
        class.push(match stream.below(100 + 4 * y) {
            _ if unit % 11 == 10 => Class::NotEligible,
            chance if chance < willing => Class::Interview,
            chance if chance % 2 == 0 => Class::Refusal,
            _ => Class::NonContact,
        });
    }
    Town {
        kind: Codes::from_labels(kind),
        side: Codes::from_labels(side),
        years,
        before: (0..n)
            .map(|_| 5.0 + stream.below(60) as f64 / 10.0)
            .collect(),
        answers: (0..n).map(|_| stream.below(100) as f64 / 10.0).collect(),
        outcomes: outcomes(class),
    }
}

impl Town {
    fn step(&self, used: Use, weighted: bool) -> Propensity {
        let predictors = Predictors::of(Propensity::part(&self.outcomes))
            .and_levels("kind", self.kind.clone())
            .and_levels("side", self.side.clone())
            .and_numbers("years", self.years.clone())
            .expect("numbers");
        Propensity::from(predictors, used, weighted, 0.02, &self.outcomes).expect("classes")
    }

    fn weighted(&self, adjusted: &Adjusted) -> Vec<f64> {
        adjusted
            .after
            .iter()
            .zip(&self.answers)
            .map(|(w, y)| w * y)
            .collect()
    }
}

#[test]
fn scores_are_derivatives_of_the_total_through_the_regression() {
    const STEP: f64 = 1e-6;
    for seed in 0..3 {
        let town = town(seed, 150);
        for weighted in [true, false] {
            let step = town.step(Use::Inverse, weighted);
            let adjusted = step.forward(&town.before, &town.outcomes).expect("a fit");
            let mut scores = town.weighted(&adjusted);
            step.back(&adjusted, &mut scores);
            // A unit that is in the sample a little more: its weight, and its part in the regression.
            let total = |unit: usize, by: f64| {
                let mut before = town.before.clone();
                before[unit] *= 1.0 + by;
                let step = town.step(Use::Inverse, weighted).counting(unit, 1.0 + by);
                let adjusted = step.forward(&before, &town.outcomes).expect("a fit");
                sum(town.weighted(&adjusted))
            };
            for unit in (0..150).step_by(7) {
                let slope = (total(unit, STEP) - total(unit, -STEP)) / (2.0 * STEP);
                assert!(
                    (slope - scores[unit]).abs() < 1e-5 * slope.abs().max(1.0),
                    "seed {seed}, {weighted}, unit {unit}: {slope} is not {}",
                    scores[unit]
                );
            }
        }
    }
}

#[test]
fn with_one_category_it_is_what_classes_are() {
    for seed in 0..20 {
        let town = town(seed, 200);
        let predictors =
            Predictors::of(Propensity::part(&town.outcomes)).and_levels("side", town.side.clone());
        let step =
            Propensity::from(predictors, Use::Inverse, true, 0.02, &town.outcomes).expect("one");
        let classes = Nonresponse::within(town.side.clone(), &town.outcomes);
        let (a, b) = (
            step.forward(&town.before, &town.outcomes).expect("a fit"),
            classes
                .forward(&town.before, &town.outcomes)
                .expect("answers"),
        );
        let (mut mine, mut theirs) = (town.weighted(&a), town.weighted(&b));
        let (extra, other) = (step.back(&a, &mut mine), classes.back(&b, &mut theirs));
        assert!(
            (extra / other - 1.0).abs() < 1e-9,
            "seed {seed}: {extra} is not {other}"
        );
        for unit in 0..200 {
            assert!((a.after[unit] - b.after[unit]).abs() < 1e-9 * b.after[unit].max(1.0));
            assert!((mine[unit] - theirs[unit]).abs() < 1e-8 * theirs[unit].abs().max(1.0));
        }
    }
}

#[test]
fn classes_keep_the_sum_of_weights() {
    let town = town(5, 300);
    let step = town.step(Use::Classes(5), true);
    let adjusted = step.forward(&town.before, &town.outcomes).expect("answers");
    let all = |weights: &[f64]| sum(weights.iter().copied());
    assert!((all(&adjusted.after) / all(&town.before) - 1.0).abs() < 1e-12);
    let factors: std::collections::BTreeSet<u64> = adjusted
        .factor
        .iter()
        .filter(|f| **f > 1.0)
        .map(|f| f.to_bits())
        .collect();
    assert_eq!(factors.len(), 5);
    assert_eq!(step.card().key, "propensity-classes");
}

#[test]
fn a_level_where_all_or_none_answered_is_named() {
    let kind = Codes::from_labels(["firm", "firm", "home", "home"]);
    let said = |class: [Class; 4]| {
        let outcomes = outcomes(class.to_vec());
        let predictors =
            Predictors::of(Propensity::part(&outcomes)).and_levels("kind", kind.clone());
        let step = Propensity::from(predictors, Use::Inverse, true, 0.02, &outcomes).expect("one");
        step.forward(&[1.0; 4], &outcomes)
    };
    use Class::{Interview as I, Refusal as R};
    assert_eq!(
        said([I, I, I, R]).expect_err("foretold"),
        Error::Foretold {
            step: "propensity",
            column: "kind = firm".into(),
            cases: 2,
            answered: 2
        }
    );
    assert!(matches!(
        said([I, R, R, R]),
        Err(Error::Foretold { answered: 0, .. })
    ));
    assert!(matches!(
        said([R; 4]),
        Err(Error::EmptyClass { cases: 4, .. })
    ));
    assert_eq!(said([I; 4]).expect("everybody answered").factor, [1.0; 4]);
}

#[test]
fn columns_that_say_the_same_or_too_much_are_named() {
    let town = town(1, 100);
    let with = |name: &str, numbers: Vec<f64>| {
        let predictors = Predictors::of(Propensity::part(&town.outcomes))
            .and_levels("kind", town.kind.clone())
            .and_numbers(name, numbers)
            .expect("numbers");
        Propensity::from(predictors, Use::Inverse, true, 0.02, &town.outcomes)
            .expect("one")
            .forward(&town.before, &town.outcomes)
    };
    let twice = (0..100)
        .map(|unit| 3.0 - 2.0 * town.kind.code(unit) as f64)
        .collect();
    assert_eq!(
        with("twice", twice).expect_err("nothing new"),
        Error::Collinear {
            step: "propensity",
            column: "twice".into()
        }
    );
    let known = (0..100)
        .map(|unit| f64::from(u8::from(town.outcomes.class[unit].responds())) + unit as f64 / 1e3)
        .collect();
    assert_eq!(
        with("known", known).expect_err("foretold"),
        Error::Separated {
            step: "propensity",
            column: "known".into()
        }
    );
}

#[test]
fn very_small_propensities_are_told_of() {
    let town = town(2, 200);
    let step = Propensity {
        least: 0.35,
        ..town.step(Use::Inverse, true)
    };
    let adjusted = step.forward(&town.before, &town.outcomes).expect("a fit");
    let few = adjusted
        .factor
        .iter()
        .filter(|factor| **factor > 1.0 / 0.35)
        .count() as u64;
    assert!(few > 0);
    assert!(matches!(
        step.notices(&adjusted)[..],
        [Notice::ExtremePropensities { count, smallest, .. }] if count == few && smallest < 0.35
    ));
}

#[test]
fn quantiles_are_those_of_r() {
    // quantile(c(1, 2, 4, 8), c(0.2, 0.5, 1/3))
    let sorted = [1.0, 2.0, 4.0, 8.0];
    for (p, wanted) in [(0.2, 1.6), (0.5, 3.0), (1.0 / 3.0, 2.0), (1.0, 8.0)] {
        assert!((quantile(&sorted, p) - wanted).abs() < 1e-14);
    }
    assert_eq!(quantile(&[], 0.5).to_bits(), 0);
}
