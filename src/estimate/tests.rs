//! Worked by hand, and laws that hold for any seed.

use super::{
    Domain, Error, Estimate, Estimator, Mean, Ratio, Share, Statistic, Test, Total, Unknown,
};
use crate::draw::Sample;
use crate::field::{Class, Item, Outcomes};
use crate::frame::Codes;
use crate::math::sum;
use crate::random::Seed;
use crate::weigh::{Ledger, Margin, Nonresponse, Rake};

/// A sample of strata: label, N_h, and the answers of those drawn; no answer is a refusal.
fn town(strata: &[(&str, u64, &[Option<f64>])]) -> (Sample, Outcomes) {
    let mut labels: Vec<&str> = Vec::new();
    let (mut probability, mut rank, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for (label, population, said) in strata {
        for (place, answer) in said.iter().enumerate() {
            labels.push(label);
            probability.push(said.len() as f64 / *population as f64);
            rank.push(place as u32 + 1);
            answers.push(*answer);
        }
    }
    let stratum = Codes::from_labels(&labels);
    let n = labels.len();
    let class = |answer: &Option<f64>| match answer {
        Some(_) => Class::Interview,
        None => Class::Refusal,
    };
    let outcomes = Outcomes {
        class: answers.iter().map(class).collect(),
        code: vec![None; n],
        attempts: vec![1; n],
        items: vec![
            Item {
                name: "y".into(),
                values: answers.clone(),
            },
            Item {
                name: "one".into(),
                values: answers.iter().map(|a| a.map(|_| 1.0)).collect(),
            },
        ],
    };
    let sample = Sample {
        id: (0..n).map(|i| i.to_string()).collect(),
        row: (0..n as u64).collect(),
        cell: stratum.clone(),
        columns: vec![],
        population: strata
            .iter()
            .map(|(_, population, _)| *population)
            .collect(),
        stratum,
        probability,
        rank,
        replicate: vec![1; n],
        basis: crate::draw::Basis::default(),
    };
    (sample, outcomes)
}

fn estimate(
    sample: &Sample,
    ledger: &Ledger,
    statistic: &dyn Statistic,
    domain: &Domain<'_>,
) -> Estimate {
    Estimator::new(sample, ledger, 0.95)
        .estimate(statistic, domain)
        .expect("somebody answered")
}

fn variance(estimate: &Estimate) -> f64 {
    *estimate.variance.as_ref().expect("no lonely stratum")
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

fn said(answers: &[f64]) -> Vec<Option<f64>> {
    answers.iter().copied().map(Some).collect()
}

#[test]
fn a_stratified_total_agrees_with_the_blackboard() {
    //  stratum    N    n    answers     mean    s²     N²(1 − n/N) s²/n
    //  coast      50   3    10 10 13     11      3          2 350
    //  town      100   4    2 4 6 8       5    20/3        16 000
    //
    //  total = 100·5 + 50·11 = 1 050      variance = 18 350      df = 7 − 2 = 5
    let (coast, inland) = (said(&[10.0, 10.0, 13.0]), said(&[2.0, 4.0, 6.0, 8.0]));
    let (sample, outcomes) = town(&[("coast", 50, &coast), ("town", 100, &inland)]);
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let y = outcomes.item("y").expect("asked");
    let total = estimate(&sample, &ledger, &Total::of(y), &Domain::all());
    near(total.value, 1_050.0);
    near(variance(&total), 18_350.0);
    assert_eq!((total.df, total.n), (5, 7));
    let mean = estimate(&sample, &ledger, &Mean::of(y), &Domain::all());
    near(mean.value, 7.0);
    // N̂ = N here, but the linearised mean does not know it: Σ over strata of (N/150)² …
    near(variance(&mean), 18_350.0 / 150.0_f64.powi(2));
}

#[test]
fn a_census_has_no_variance() {
    let (a, b) = (said(&[1.0, 5.0]), said(&[2.0, 9.0, 4.0]));
    let (sample, outcomes) = town(&[("a", 2, &a), ("b", 3, &b)]);
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let y = outcomes.item("y").expect("asked");
    for statistic in [&Mean::of(y) as &dyn Statistic, &Total::of(y)] {
        assert!(variance(&estimate(&sample, &ledger, statistic, &Domain::all())).abs() < 1e-20);
    }
}

#[test]
fn a_lonely_stratum_is_named_unless_it_was_taken_whole_or_is_elsewhere() {
    let (a, b) = (said(&[1.0, 5.0]), said(&[2.0]));
    let (sample, outcomes) = town(&[("a", 20, &a), ("b", 30, &b)]);
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let y = outcomes.item("y").expect("asked");
    let all = estimate(&sample, &ledger, &Mean::of(y), &Domain::all());
    assert_eq!(
        all.variance,
        Err(Unknown::LonelyStratum {
            strata: vec!["b".into()]
        })
    );
    assert_eq!((all.interval, all.design_effect), (None, None));
    let domains = Domain::each(&sample.cell);
    near(
        variance(&estimate(&sample, &ledger, &Mean::of(y), &domains[0])),
        0.9 * 8.0 / 2.0,
    );

    let (whole, outcomes) = town(&[("a", 20, &a), ("b", 1, &b)]);
    let ledger = Ledger::base(&whole, &outcomes).expect("all released");
    let y = outcomes.item("y").expect("asked");
    assert!(
        estimate(&whole, &ledger, &Mean::of(y), &Domain::all())
            .variance
            .is_ok()
    );
}

#[test]
fn nobody_has_no_mean_rather_than_0() {
    let (a, b) = (said(&[1.0, 5.0]), vec![None, None]);
    let (sample, outcomes) = town(&[("a", 20, &a), ("b", 30, &b)]);
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let y = outcomes.item("y").expect("asked");
    let silent = Estimator::new(&sample, &ledger, 0.95)
        .estimate(&Mean::of(y), &Domain::each(&sample.cell)[1]);
    assert_eq!(
        silent,
        Err(Error::NoAnswers {
            item: "y".into(),
            domain: "b".into()
        })
    );
}

#[test]
fn the_mean_of_one_answer_has_no_variance_that_could_be_known() {
    let (a, b) = (said(&[1.0, 5.0]), vec![Some(2.0), None]);
    let (sample, outcomes) = town(&[("a", 20, &a), ("b", 30, &b)]);
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let y = outcomes.item("y").expect("asked");
    let only = estimate(
        &sample,
        &ledger,
        &Mean::of(y),
        &Domain::each(&sample.cell)[1],
    );
    assert_eq!(
        (only.variance, only.df, only.interval),
        (Err(Unknown::OneAnswer), 0, None)
    );
    let total = estimate(
        &sample,
        &ledger,
        &Total::of(y),
        &Domain::each(&sample.cell)[1],
    );
    // 30² (1 − 2/30) · s²/2 of the answers 2 and 0: one refused, and adds nothing.
    near(variance(&total), 900.0 * (1.0 - 2.0 / 30.0) * 2.0 / 2.0);
}

#[test]
fn a_ratio_over_nothing_is_refused() {
    let zero = said(&[0.0, 0.0]);
    let (sample, outcomes) = town(&[("a", 20, &zero)]);
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let (y, one) = (
        outcomes.item("y").expect("asked"),
        outcomes.item("one").expect("asked"),
    );
    let estimator = Estimator::new(&sample, &ledger, 0.95);
    assert!(
        estimator
            .estimate(&Ratio::of(one, y), &Domain::all())
            .is_err()
    );
    near(
        estimator
            .estimate(&Ratio::of(y, one), &Domain::all())
            .expect("over 2")
            .value,
        0.0,
    );
}

/// A town with refusals, in two classes, drawn from a seed.
fn invented(seed: u32) -> (Sample, Outcomes, Codes) {
    let mut stream = Seed::new(format!("estimate {seed}"))
        .expect("not blank")
        .stream("test");
    let mut stratum = |n: usize| -> Vec<Option<f64>> {
        (0..n)
            .map(|_| (stream.unit() < 0.7).then(|| (stream.unit() * 10.0).round()))
            .collect()
    };
    let (mut a, mut b) = (stratum(30), stratum(20));
    // Both classes of both strata have somebody who answers.
    for answers in [&mut a, &mut b] {
        answers[0] = Some(3.0);
        answers[1] = Some(8.0);
    }
    let (sample, outcomes) = town(&[("a", 200, &a), ("b", 90, &b)]);
    let class = Codes::from_labels((0..50).map(|i| if i % 2 == 0 { "even" } else { "odd" }));
    (sample, outcomes, class)
}

#[test]
fn a_constant_answer_has_a_mean_without_variance_whatever_the_steps() {
    for seed in 0..60 {
        let (sample, outcomes, class) = invented(seed);
        let mut ledger = Ledger::base(&sample, &outcomes).expect("all released");
        ledger
            .take(
                Box::new(Nonresponse::within(class.clone(), &outcomes)),
                &outcomes,
            )
            .expect("possible");
        let totals = [("even".to_owned(), 150.0), ("odd".to_owned(), 140.0)].into();
        let margin = Margin::new("class", class, &totals).expect("a margin");
        let rake = Rake::to(vec![margin], 1e-12, 100).expect("one margin");
        ledger.take(Box::new(rake), &outcomes).expect("possible");
        let one = outcomes.item("one").expect("asked");
        let mean = estimate(&sample, &ledger, &Mean::of(one), &Domain::all());
        near(mean.value, 1.0);
        assert!(variance(&mean).abs() < 1e-20, "seed {seed}");
        // The total of a raked margin is known.
        let total = estimate(&sample, &ledger, &Total::of(one), &Domain::all());
        near(total.value, 290.0);
        assert!(
            variance(&total).abs() < 1e-12,
            "seed {seed}: {}",
            variance(&total)
        );
    }
}

#[test]
fn domains_of_a_partition_add_up() {
    for seed in 0..60 {
        let (sample, outcomes, class) = invented(seed);
        let mut ledger = Ledger::base(&sample, &outcomes).expect("all released");
        ledger
            .take(
                Box::new(Nonresponse::within(class.clone(), &outcomes)),
                &outcomes,
            )
            .expect("possible");
        let y = outcomes.item("y").expect("asked");
        let whole = estimate(&sample, &ledger, &Total::of(y), &Domain::all());
        let parts: Vec<Estimate> = Domain::each(&class)
            .iter()
            .map(|domain| estimate(&sample, &ledger, &Total::of(y), domain))
            .collect();
        near(sum(parts.iter().map(|part| part.value)), whole.value);
        assert_eq!(parts.iter().map(|part| part.n).sum::<u64>(), whole.n);
    }
}

#[test]
fn a_share_is_the_mean_of_zeros_and_ones() {
    for seed in 0..40 {
        let (sample, mut outcomes, _) = invented(seed);
        let passed = outcomes.items[0]
            .values
            .iter()
            .map(|y| y.map(|y| f64::from(u8::from(y >= 5.0))));
        let passed = Item {
            name: "passed".into(),
            values: passed.collect(),
        };
        outcomes.items.push(passed);
        let ledger = Ledger::base(&sample, &outcomes).expect("all released");
        let y = outcomes.item("y").expect("asked");
        let share = estimate(
            &sample,
            &ledger,
            &Share::of(y, Test::AtLeast(5.0)),
            &Domain::all(),
        );
        let passed = outcomes.item("passed").expect("made");
        let mean = estimate(&sample, &ledger, &Mean::of(passed), &Domain::all());
        assert_eq!(
            (share.value.to_bits(), share.interval),
            (mean.value.to_bits(), mean.interval)
        );
        assert_eq!(
            (share.item.as_str(), share.statistic.as_str()),
            ("y ≥ 5", "share")
        );
    }
}

#[test]
fn a_simple_sample_has_design_effect_one() {
    let a = said(&[4.0, 7.0, 1.0, 9.0, 5.0]);
    let (sample, outcomes) = town(&[("a", 60, &a)]);
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    let y = outcomes.item("y").expect("asked");
    for statistic in [&Mean::of(y) as &dyn Statistic, &Total::of(y)] {
        let found = estimate(&sample, &ledger, statistic, &Domain::all());
        near(found.design_effect.expect("five answers"), 1.0);
    }
}
