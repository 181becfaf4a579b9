//! Rules and intervals as R has them, and by hand.

mod against_r;

mod clusters;

use against_r::{SHARES, schools};
use clusters::share_of_districts;

use super::{Quantile, Rule, Woodruff};
use crate::estimate::api::Api;
use crate::estimate::{
    Difference, Domain, Error, Estimate, Estimator, ShareInterval, Statistic, Unknown, View,
};
use crate::field::Item;
use crate::weigh::Ledger;

fn near(what: &str, got: f64, expected: f64, within: f64) {
    let off = (got - expected).abs();
    assert!(
        off <= within * expected.abs(),
        "{what} is {got:?}, not {expected:?}"
    );
}

fn item(answers: &[f64]) -> Item {
    Item {
        name: "y".into(),
        values: answers.iter().copied().map(Some).collect(),
    }
}

fn value(answers: &[f64], weights: &[f64], p: f64, rule: Rule) -> f64 {
    let all = Domain::all();
    let heard = vec![true; answers.len()];
    let item = item(answers);
    let quantile = Quantile::of(&item, p, rule).expect("a share");
    quantile
        .value(&View::new(weights, &heard, &all))
        .expect("answers")
}

#[test]
fn rules_agree_with_r_at_ties_and_between() {
    // R: survey:::qrule_hf1 … qrule_hf9 (x, w, p); the weights add up to 20.
    let x = [3.0, 1.0, 2.0, 2.0, 5.0, 4.0, 4.0, 8.0, 7.0, 6.0];
    let w = [2.0, 1.0, 3.0, 1.0, 2.0, 4.0, 1.0, 2.0, 3.0, 1.0];
    let rows = [
        (
            0.05,
            [
                1.0,
                1.5,
                2.0,
                1.0,
                1.25,
                31.0 / 30.0,
                1.9,
                8.1 / 7.0,
                10.6 / 9.0,
            ],
        ),
        (
            0.1,
            [2.0, 2.0, 2.0, 4.0 / 3.0, 1.75, 1.4, 2.0, 1.6, 4.9 / 3.0],
        ),
        (
            0.25,
            [2.0, 2.5, 2.0, 2.0, 7.0 / 3.0, 2.25, 2.5, 2.3, 30.0 / 13.0],
        ),
        (0.3, [3.0, 3.0, 3.0, 2.5, 3.0, 2.8, 3.2, 2.92, 38.2 / 13.0]),
        (
            0.35,
            [
                3.0,
                3.5,
                4.0,
                3.0,
                10.0 / 3.0,
                3.175,
                3.65,
                3.27,
                42.7 / 13.0,
            ],
        ),
        (0.5, [4.0, 4.0, 4.0, 3.75, 4.0, 4.0, 4.0, 4.0, 4.0]),
        (
            0.6,
            [4.0, 4.5, 4.0, 4.0, 13.0 / 3.0, 4.6, 4.0, 4.44, 57.4 / 13.0],
        ),
        (
            0.65,
            [5.0, 5.0, 5.0, 4.5, 5.0, 5.3, 4.7, 5.075, 55.6 / 11.0],
        ),
        (0.95, [8.0, 8.0, 8.0, 7.5, 8.0, 8.0, 7.7, 8.0, 8.0]),
    ];
    for (p, row) in rows {
        for (rule, expected) in Rule::ALL.into_iter().zip(row) {
            near(
                &format!("{} at {p}", rule.word()),
                value(&x, &w, p, rule),
                expected,
                1e-12,
            );
        }
    }
}

#[test]
fn equal_weights_give_the_rules_of_hyndman_and_fan() {
    // R: quantile(c(1:9, 20), p, type = 1 … 9); the third differs, see `Rule`.
    let x: Vec<f64> = (1..10).map(f64::from).chain([20.0]).collect();
    let rows = [
        (0.13, [2.0, 2.0, 1.3, 1.8, 1.43, 2.17, 5.03 / 3.0, 1.7075]),
        (0.25, [3.0, 3.0, 2.5, 3.0, 2.75, 3.25, 8.75 / 3.0, 2.9375]),
        (0.5, [5.0, 5.5, 5.0, 5.5, 5.5, 5.5, 5.5, 5.5]),
        (0.73, [8.0, 8.0, 7.3, 7.8, 8.03, 7.57, 23.63 / 3.0, 7.8575]),
        (0.9, [9.0, 14.5, 9.0, 14.5, 18.9, 10.1, 47.9 / 3.0, 15.6]),
        // Where R's survey goes astray, and its quantile does not.
        (0.05, [1.0, 1.0, 1.0, 1.0, 1.0, 1.45, 1.0, 1.0]),
    ];
    for (p, row) in rows {
        for weight in [1.0, 33.847, 1.0 / 3.0] {
            let rules = Rule::ALL.into_iter().filter(|rule| *rule != Rule::Hf3);
            for (rule, expected) in rules.zip(row) {
                let got = value(&x, &[weight; 10], p, rule);
                near(&format!("{} at {p}", rule.word()), got, expected, 1e-12);
            }
        }
    }
    for rule in Rule::ALL {
        near("one answer", value(&[4.0], &[2.5], 0.3, rule), 4.0, 0.0);
        near(
            "all alike",
            value(&[4.1; 3], &[2.5, 0.1, 7.0], 0.3, rule),
            4.1,
            0.0,
        );
    }
}

#[test]
fn a_quantile_grows_with_its_share_and_stays_among_the_answers() {
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let all = Domain::all();
    let view = View::new(ledger.weights(), ledger.interviewed(), &all);
    for rule in Rule::ALL {
        let mut last = 0.0;
        for step in 1..500 {
            let p = f64::from(step) / 500.0;
            let quantile = Quantile::of(api.item("api00"), p, rule).expect("a share");
            let value = quantile.value(&view).expect("schools");
            assert!(
                value >= last && (350.0..=950.0).contains(&value),
                "{rule:?} at {p}: {value}"
            );
            last = value;
        }
    }
    for p in [0.0, 1.0, -0.1, f64::NAN] {
        assert!(Quantile::of(api.item("api00"), p, Rule::Hf1).is_none());
    }
}

#[test]
fn scores_come_near_woodruff() {
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    for p in SHARES {
        for rule in [Rule::Hf1, Rule::Hf5, Rule::Hf7] {
            let quantile = Quantile::of(api.item("api00"), p, rule).expect("a share");
            let scores = estimator
                .estimate(&quantile, &Domain::all())
                .expect("schools");
            let woodruff = schools(&api, p, rule, ShareInterval::Student, &Domain::all());
            near("value", scores.value, woodruff.value, 0.0);
            let error = |estimate: &Estimate| estimate.standard_error().expect("known");
            let over = error(&scores) / error(&woodruff);
            assert!((0.8..1.25).contains(&over), "{rule:?} at {p}: {over}");
        }
    }
}

#[test]
fn medians_of_two_parts_can_be_compared() {
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let median = Quantile::median(api.item("api00"));
    let domains = Domain::each(&api.improved);
    let (no, yes) = (&domains[0], &domains[1]);
    let found = Difference::between(&median, yes, no)
        .estimate(&estimator)
        .expect("schools");
    assert_eq!(found.item, "quantile of api00 at 0.5: Yes − No");
    let part = |domain| {
        median
            .estimate(&estimator, &ledger, domain, ShareInterval::Student)
            .expect("schools")
    };
    near(
        "value",
        found.value,
        part(yes).value - part(no).value,
        1e-15,
    );
    assert!(found.variance.expect("known") > 0.0);
}

#[test]
fn what_cannot_be_known_of_a_quantile_is_not_0() {
    let all = Domain::all();
    let by = ShareInterval::Student;
    let quantile_of = |answers: &[f64], p: f64, share: &dyn Fn(f64) -> Estimate| {
        let item = item(answers);
        let quantile = Quantile::of(&item, p, Rule::Hf1).expect("a share");
        let (weights, heard) = (vec![1.0; answers.len()], vec![true; answers.len()]);
        let view = View::new(&weights, &heard, &all);
        let value = quantile.value(&view).expect("answers");
        Woodruff::of(&quantile, &view, &share(value), by).expect("answers")
    };
    let share = |value: f64, variance: Result<f64, Unknown>, df: u64| Estimate {
        value,
        variance,
        df,
        n: 4,
        ..share_of_districts(1.0)
    };
    let four = [1.0, 2.0, 3.0, 4.0];
    // 0.25 ± 3.18 · 0.2: only the upper end is an answer.
    let low = quantile_of(&four, 0.25, &|_| share(0.25, Ok(0.04), 3));
    assert_eq!(
        (low.low, low.high, low.variance),
        (None, Some(4.0), Err(Unknown::BeyondAnswers))
    );
    // Everybody is at or below the greatest answer.
    let top = quantile_of(&four, 0.99, &|_| share(1.0, Ok(0.0), 3));
    assert_eq!(
        (top.value, top.high, top.variance),
        (4.0, None, Err(Unknown::BeyondAnswers))
    );
    // What is more than the share at or below 3 is of the next point.
    let scale = [1.0, 3.0, 3.0, 3.0, 3.0, 5.0];
    let step = quantile_of(&scale, 0.5, &|_| share(5.0 / 6.0, Ok(1e-6), 5));
    assert_eq!(
        (step.value, step.low, step.high),
        (3.0, Some(3.0), Some(5.0))
    );
    // A census knows its share.
    let census = quantile_of(&four, 0.5, &|_| share(0.5, Ok(0.0), 3));
    assert_eq!(
        (census.low, census.high, census.variance),
        (Some(2.0), Some(2.0), Ok(0.0))
    );
    let alone = quantile_of(&four, 0.5, &|_| share(0.5, Ok(0.01), 0));
    assert_eq!(alone.variance, Err(Unknown::NoDegrees));
    let one = quantile_of(&[2.0], 0.5, &|_| share(1.0, Err(Unknown::OneAnswer), 0));
    assert_eq!((one.value, one.variance), (2.0, Err(Unknown::OneAnswer)));
}

#[test]
fn nobody_has_no_quantile() {
    let mut api = Api::read();
    api.outcomes.items[0].values = vec![None; 200];
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let median = Quantile::median(api.item("api00"));
    let silent = median.estimate(&estimator, &ledger, &Domain::all(), ShareInterval::Student);
    let expected = Error::NoAnswers {
        item: "api00 at 0.5".into(),
        domain: "all".into(),
    };
    assert_eq!(silent, Err(expected));
}

#[test]
fn scores_at_the_greatest_answer_and_on_a_scale_are_not_all_0() {
    let all = Domain::all();
    let scores = |answers: &[f64], p: f64| {
        let item = item(answers);
        let quantile = Quantile::of(&item, p, Rule::Hf1).expect("a share");
        let (weights, heard) = (vec![2.0; answers.len()], vec![true; answers.len()]);
        quantile
            .evaluate(&View::new(&weights, &heard, &all))
            .expect("answers")
            .scores
    };
    for (answers, p) in [
        (vec![1.0, 2.0, 5.0, 9.0], 0.99),
        ([vec![3.0; 60], vec![4.0]].concat(), 0.5),
    ] {
        let found = scores(&answers, p);
        assert!(found.iter().any(|score| score.abs() > 0.0), "{found:?}");
        assert!(found.iter().sum::<f64>().abs() < 1e-12);
    }
    assert!(
        scores(&[7.0; 5], 0.5)
            .iter()
            .all(|score| score.abs() <= 0.0)
    );
}
