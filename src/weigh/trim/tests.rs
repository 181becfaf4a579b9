//! By hand, and laws.

use super::{Cap, Excess, Trim};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::sum;
use crate::random::Seed;
use crate::weigh::{Alternate, Calibrate, Controls, Distance, Error, Margin, Rake, Step};

fn outcomes(class: Vec<Class>) -> Outcomes {
    let n = class.len();
    Outcomes {
        class,
        code: vec![None; n],
        attempts: vec![1; n],
        items: vec![],
    }
}

fn everybody(n: usize) -> Outcomes {
    outcomes(vec![Class::Interview; n])
}

fn trimmed(cap: Cap, excess: Excess, before: &[f64]) -> Result<Vec<f64>, Error> {
    let all = everybody(before.len());
    Trim::to(cap, excess, &all)?
        .forward(before, &all)
        .map(|adjusted| adjusted.after)
}

fn all_near(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!(
            (got - expected).abs() <= 1e-12 * expected.abs().max(1.0),
            "{got} is not {expected}"
        );
    }
}

#[test]
fn the_excess_is_shared_out_in_equal_parts_once() {
    // 20 above 40, to two others: 10 each, one of which ends above the cap. R survey, trimWeights(upper = 40).
    let after =
        trimmed(Cap::Weight(40.0), Excess::Equal, &[60.0, 35.0, 10.0]).expect("35 on average");
    all_near(&after, &[40.0, 45.0, 20.0]);
}

#[test]
fn the_excess_is_shared_out_in_proportion_until_none_is_above_the_cap() {
    // 20 above 40: 35 and 10 would grow by 65/45, 35 past the cap. So it is held too, and 10 gets the rest.
    let after = trimmed(Cap::Weight(40.0), Excess::Proportional, &[60.0, 35.0, 10.0])
        .expect("35 on average");
    all_near(&after, &[40.0, 40.0, 25.0]);
    let after = trimmed(Cap::Weight(50.0), Excess::Proportional, &[60.0, 20.0, 10.0])
        .expect("30 on average");
    all_near(&after, &[50.0, 80.0 / 3.0, 40.0 / 3.0]);
}

#[test]
fn a_cap_may_be_so_many_medians_or_means() {
    let before = [1.0, 2.0, 3.0, 10.0];
    let after = |cap| trimmed(cap, Excess::Equal, &before).expect("a cap above the mean");
    all_near(
        &after(Cap::TimesMedian(2.0)),
        &[8.0 / 3.0, 11.0 / 3.0, 14.0 / 3.0, 5.0],
    );
    all_near(
        &after(Cap::TimesMean(2.0)),
        &[1.0 + 2.0 / 3.0, 2.0 + 2.0 / 3.0, 3.0 + 2.0 / 3.0, 8.0],
    );
    all_near(&after(Cap::Weight(10.0)), &before);
}

#[test]
fn a_cap_below_the_mean_is_refused() {
    for excess in [Excess::Equal, Excess::Proportional] {
        let refused = trimmed(Cap::Weight(20.0), excess, &[60.0, 35.0, 10.0]);
        assert_eq!(
            refused,
            Err(Error::CapTooLow {
                cap: 20.0,
                mean: 35.0,
                interviews: 3
            })
        );
        // At the mean itself all are alike.
        all_near(
            &trimmed(
                Cap::TimesMean(1.0),
                Excess::Proportional,
                &[60.0, 35.0, 10.0],
            )
            .expect("at the mean"),
            &[35.0; 3],
        );
    }
    assert!(matches!(
        trimmed(Cap::Weight(f64::NAN), Excess::Equal, &[1.0]),
        Err(Error::BadCap { .. })
    ));
}

#[test]
fn numbers_without_an_interview_neither_give_nor_take() {
    let all = outcomes(vec![
        Class::Interview,
        Class::NotEligible,
        Class::Interview,
        Class::Refusal,
    ]);
    let trim = Trim::to(Cap::Weight(40.0), Excess::Proportional, &all).expect("a cap");
    let adjusted = trim
        .forward(&[60.0, 90.0, 10.0, 0.0], &all)
        .expect("35 on average");
    all_near(&adjusted.after, &[40.0, 90.0, 30.0, 0.0]);
    assert_eq!(adjusted.held, Some(1));
}

#[test]
fn the_total_is_kept_and_none_is_above_the_cap() {
    for seed in 0..100 {
        let mut stream = Seed::new(format!("trim {seed}"))
            .expect("not blank")
            .stream("test");
        let n = 2 + stream.below(60) as usize;
        let before: Vec<f64> = (0..n)
            .map(|_| 1.0 + (stream.below(1_000) as f64 / 100.0).powi(3))
            .collect();
        let cap = Cap::TimesMean(1.0 + stream.below(30) as f64 / 10.0);
        let all = everybody(n);
        for excess in [Excess::Equal, Excess::Proportional] {
            let trim = Trim::to(cap, excess, &all).expect("a cap");
            let Ok(adjusted) = trim.forward(&before, &all) else {
                continue;
            };
            let (was, is) = (
                sum(before.iter().copied()),
                sum(adjusted.after.iter().copied()),
            );
            assert!(
                (was - is).abs() <= 1e-12 * was,
                "seed {seed}: {is} of {was}"
            );
            let most = trim.cap(&before).expect("above the mean");
            if excess == Excess::Proportional {
                assert!(
                    adjusted.after.iter().all(|w| *w <= most * (1.0 + 1e-12)),
                    "seed {seed}"
                );
            }
            // The number of people is as uncertain as it was.
            let mut scores = adjusted.after.clone();
            trim.back(&adjusted, &mut scores);
            all_near(&scores, &before);
        }
    }
}

#[test]
fn totals_and_cap_hold_together_when_they_take_turns() {
    let n = 40;
    let mut stream = Seed::new("turns").expect("not blank").stream("test");
    let before: Vec<f64> = (0..n)
        .map(|unit| {
            if unit % 10 == 0 {
                60.0
            } else {
                8.0 + stream.below(5) as f64
            }
        })
        .collect();
    let side = Codes::from_labels((0..n).map(|unit| if unit % 3 == 0 { "n" } else { "s" }));
    let age = Codes::from_labels((0..n).map(|unit| if unit % 4 < 2 { "o" } else { "y" }));
    let margin = |name: &str, codes: &Codes, totals: [(&str, f64); 2]| {
        Margin::new(
            name,
            codes.clone(),
            &totals.map(|(l, t)| (l.to_owned(), t)).into(),
        )
        .expect("both levels")
    };
    let margins = || {
        vec![
            margin("side", &side, [("n", 200.0), ("s", 440.0)]),
            margin("age", &age, [("o", 340.0), ("y", 300.0)]),
        ]
    };
    let linear = || {
        Calibrate::to(
            Controls::new(margins(), vec![]).expect("640"),
            Distance::Linear,
            1e-10,
            50,
        )
    };
    let meets: [&dyn Fn() -> Box<dyn Step>; 2] =
        [&|| Box::new(linear().expect("no bounds")), &|| {
            Box::new(Rake::to(margins(), 1e-10, 1_000).expect("640"))
        }];
    let all = everybody(n);
    for meet in meets {
        for excess in [Excess::Equal, Excess::Proportional] {
            let trim = Trim::to(Cap::Weight(25.0), excess, &all).expect("a cap");
            let both = Alternate::between(meet(), trim, 1e-9, 1_000);
            let adjusted = both.forward(&before, &all).expect("they come together");
            assert!(adjusted.after.iter().all(|w| *w <= 25.0 * (1.0 + 1e-9)));
            for margin in margins() {
                for (level, total) in margin.totals().iter().enumerate() {
                    let here = (0..n).filter(|&unit| margin.levels().code(unit) == level);
                    let held = sum(here.map(|unit| adjusted.after[unit]));
                    assert!((held - total).abs() <= 1e-8 * total, "{held} for {total}");
                }
            }
            assert!(adjusted.rounds > Some(0));
            // A level of a margin is known exactly.
            let mut scores: Vec<f64> = (0..n)
                .map(|unit| {
                    if side.code(unit) == 0 {
                        adjusted.after[unit]
                    } else {
                        0.0
                    }
                })
                .collect();
            both.back(&adjusted, &mut scores);
            assert!(scores.iter().all(|score| score.abs() < 1e-9));
        }
    }
}

#[test]
fn a_cap_that_totals_do_not_allow_is_told() {
    let all = everybody(4);
    let side = Codes::from_labels(["n", "s", "s", "s"]);
    let totals = [("n".to_owned(), 30.0), ("s".to_owned(), 30.0)].into();
    let side = Margin::new("side", side, &totals).expect("both levels");
    let trim = Trim::to(Cap::Weight(20.0), Excess::Proportional, &all).expect("a cap");
    let both = Alternate::between(
        Box::new(Rake::to(vec![side], 1e-9, 100).expect("60")),
        trim,
        1e-9,
        50,
    );
    let refused = both.forward(&[10.0; 4], &all);
    assert_eq!(
        refused,
        Err(Error::NotBoth {
            largest: 30.0,
            cap: 20.0,
            rounds: 50
        })
    );
}
