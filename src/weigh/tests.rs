//! Worked by hand, and laws that hold for any seed.

use super::{Error, Ledger, Margin, Nonresponse, Rake, Step, Unknown};
use crate::draw::Sample;
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::sum;
use crate::random::Seed;

/// One stratum of `population` units, of which these were drawn, by how they ended.
fn drawn(population: u64, class: &[Class]) -> (Sample, Outcomes) {
    let n = class.len();
    let stratum = Codes::from_labels(vec!["town"; n]);
    let sample = Sample {
        id: (0..n).map(|i| i.to_string()).collect(),
        row: (0..n as u64).collect(),
        cell: stratum.clone(),
        columns: vec![],
        population: vec![population],
        stratum,
        probability: vec![n as f64 / population as f64; n],
        rank: (1..=n as u32).collect(),
        replicate: vec![1; n],
        basis: crate::draw::Basis::default(),
    };
    let outcomes = Outcomes {
        class: class.to_vec(),
        code: vec![None; n],
        attempts: vec![1; n],
        items: vec![],
    };
    (sample, outcomes)
}

fn one_class(n: usize) -> Codes {
    Codes::from_labels(vec!["all"; n])
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

use Class::{
    Interview as I, NotEligible as NE, NotReleased as ND, Refusal as R, UnknownNumber as UH,
};

#[test]
fn weight_is_handed_on_as_on_the_blackboard() {
    // d = 80/8 = 10. Unknown: 8 cases, 6 known: f = 80/60. Eligible: I I R R, f = 2. NE keeps 13⅓.
    let (sample, outcomes) = drawn(80, &[I, I, R, R, NE, NE, UH, UH]);
    let mut ledger = Ledger::base(&sample, &outcomes).expect("all released");
    ledger
        .take(
            Box::new(Unknown::within(one_class(8), &outcomes)),
            &outcomes,
        )
        .expect("six are known");
    ledger
        .take(
            Box::new(Nonresponse::within(one_class(8), &outcomes)),
            &outcomes,
        )
        .expect("two answered");
    let third = 40.0 / 3.0;
    let wanted = [2.0 * third, 2.0 * third, 0.0, 0.0, third, third, 0.0, 0.0];
    for (weight, wanted) in ledger.weights().iter().zip(wanted) {
        near(*weight, wanted);
    }
    let quality = ledger.quality();
    assert_eq!(
        quality.iter().map(|q| q.step.as_str()).collect::<Vec<_>>(),
        ["base", "unknown", "nonresponse"]
    );
    for step in &quality {
        near(step.total, 80.0);
    }
    assert_eq!(quality[2].kish, Some(1.0));
}

#[test]
fn replicates_never_released_hand_their_weight_to_the_others() {
    let (sample, outcomes) = drawn(80, &[I, R, ND, ND]);
    let ledger = Ledger::base(&sample, &outcomes).expect("two released");
    assert_eq!(ledger.weights(), [40.0, 40.0, 0.0, 0.0]);
    assert_eq!(ledger.worked(), [true, true, false, false]);
    let (sample, outcomes) = drawn(80, &[ND, ND]);
    let refused = Ledger::base(&sample, &outcomes).expect_err("none released");
    assert_eq!(
        refused,
        Error::NotReleased {
            stratum: "town".into(),
            drawn: 2
        }
    );
}

#[test]
fn a_class_without_anybody_to_take_over_is_named() {
    let (sample, outcomes) = drawn(80, &[I, R, R, R]);
    let class = Codes::from_labels(["x", "x", "y", "y"]);
    let mut ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let refused = ledger.take(Box::new(Nonresponse::within(class, &outcomes)), &outcomes);
    assert_eq!(
        refused,
        Err(Error::EmptyClass {
            step: "nonresponse",
            class: "y".into(),
            cases: 2
        })
    );
}

fn margin(name: &str, levels: &Codes, totals: &[(&str, f64)]) -> Result<Margin, Error> {
    let totals = totals
        .iter()
        .map(|(level, total)| ((*level).to_owned(), *total))
        .collect();
    Margin::new(name, levels.clone(), &totals)
}

#[test]
fn margins_that_cannot_be_met_are_refused_by_name() {
    let side = Codes::from_labels(["n", "n", "s", "s"]);
    let age = Codes::from_labels(["o", "y", "o", "y"]);
    let refused = margin("side", &side, &[("n", 40.0)]);
    assert_eq!(
        refused,
        Err(Error::NoTotal {
            margin: "side".into(),
            levels: vec!["s".into()]
        })
    );
    let (_, outcomes) = drawn(80, &[I, I, I, I]);
    let west = margin("side", &side, &[("n", 40.0), ("s", 30.0), ("w", 10.0)]).expect("a margin");
    let refused = Rake::to(vec![west], 1e-9, 100)
        .expect("one margin")
        .forward(&[20.0; 4], &outcomes);
    assert!(matches!(refused, Err(Error::EmptyLevels { empty }) if empty[0].level == "w"));
    assert!(matches!(
        margin("side", &side, &[("n", f64::NAN), ("s", 1.0)]),
        Err(Error::BadTotal { .. })
    ));
    let sides = margin("side", &side, &[("n", 40.0), ("s", 40.0)]).expect("a margin");
    let ages = margin("age", &age, &[("o", 50.0), ("y", 31.0)]).expect("a margin");
    assert!(matches!(
        Rake::to(vec![sides, ages], 1e-9, 100),
        Err(Error::Totals { .. })
    ));
}

#[test]
fn raking_that_does_not_converge_names_the_worst_margin() {
    // Only the diagonal answered, so the two margins say different things of the same people.
    let (sample, outcomes) = drawn(80, &[I, I]);
    let codes = Codes::from_labels(["x", "y"]);
    let first = margin("first", &codes, &[("x", 40.0), ("y", 40.0)]).expect("a margin");
    let second = margin("second", &codes, &[("x", 50.0), ("y", 30.0)]).expect("a margin");
    let mut ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let rake = Rake::to(vec![first, second], 1e-9, 50).expect("equal totals");
    let refused = ledger.take(Box::new(rake), &outcomes);
    assert!(
        matches!(refused, Err(Error::NotConverged { margin, rounds: 50, target, .. })
            if margin == "first" && target > 0.0)
    );
}

#[test]
fn raked_weights_meet_every_margin_and_factors_multiply_to_the_weight() {
    for i in 0..100 {
        let mut stream = Seed::new(format!("weigh {i}"))
            .expect("not blank")
            .stream("test");
        let n = 60;
        let mut class: Vec<Class> = (0..n)
            .map(|_| [I, I, I, R, NE, UH, ND][stream.below(7) as usize])
            .collect();
        let side: Vec<u64> = (0..n).map(|_| stream.below(3)).collect();
        let age: Vec<u64> = (0..n).map(|_| stream.below(2)).collect();
        class[0] = I;
        let (side, age) = (
            Codes::from_labels(side.iter().map(u64::to_string)),
            Codes::from_labels(age.iter().map(u64::to_string)),
        );
        let (sample, outcomes) = drawn(900, &class);
        let mut ledger = Ledger::base(&sample, &outcomes).expect("one released");
        ledger
            .take(
                Box::new(Unknown::within(one_class(n), &outcomes)),
                &outcomes,
            )
            .expect("one known");
        ledger
            .take(
                Box::new(Nonresponse::within(one_class(n), &outcomes)),
                &outcomes,
            )
            .expect("one answered");
        // Totals near what is there already, so that they can be met.
        let totals = |codes: &Codes| -> Vec<(String, f64)> {
            let held = |level: usize| {
                sum((0..n)
                    .filter(|&u| codes.code(u) == level)
                    .map(|u| ledger.weights()[u]))
            };
            let moved = |level: usize| held(level) * (1.0 + 0.2 * level as f64);
            let all = sum((0..codes.labels().len()).map(moved));
            codes
                .labels()
                .iter()
                .enumerate()
                .map(|(l, label)| (label.clone(), moved(l) * 900.0 / all))
                .collect()
        };
        let (sides, ages) = (totals(&side), totals(&age));
        let of = |name: &str, codes: &Codes, totals: &[(String, f64)]| {
            Margin::new(name, codes.clone(), &totals.iter().cloned().collect())
                .expect("levels are held")
        };
        let rake = Rake::to(
            vec![of("side", &side, &sides), of("age", &age, &ages)],
            1e-10,
            1_000,
        );
        ledger
            .take(Box::new(rake.expect("equal totals")), &outcomes)
            .expect("it converges");
        for (codes, totals) in [(&side, &sides), (&age, &ages)] {
            for (level, (_, total)) in totals.iter().enumerate() {
                let held = sum((0..n)
                    .filter(|&u| codes.code(u) == level)
                    .map(|u| ledger.weights()[u]));
                assert!(
                    (held - total).abs() <= 1e-9 * total,
                    "seed {i}: {held} for {total}"
                );
            }
        }
        for unit in 0..n {
            let product = ledger
                .entries()
                .iter()
                .fold(ledger.base_weights()[unit], |weight, entry| {
                    weight * entry.adjusted().factor[unit]
                });
            near(product, ledger.weights()[unit]);
        }
        let again = Rake::to(
            vec![of("side", &side, &sides), of("age", &age, &ages)],
            1e-9,
            1_000,
        );
        let before = ledger.weights().to_vec();
        ledger
            .take(Box::new(again.expect("equal totals")), &outcomes)
            .expect("it has converged");
        assert_eq!(
            ledger.weights(),
            before,
            "seed {i}: raking twice changes nothing"
        );
    }
}
