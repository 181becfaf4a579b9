//! Against R's `survey`, other statistics, and slopes by small steps.

use super::{Smooth, Term};
use crate::estimate::expression::{Error, Table};
use crate::estimate::regress::api::Api;
use crate::estimate::{Contrast, Domain, Estimate, Estimator, Mean, Ratio, Statistic};
use crate::field::Item;
use crate::frame::Codes;

fn near(what: &str, got: f64, expected: f64, within: f64) {
    let gap = (got - expected).abs();
    assert!(
        gap <= within * expected.abs().max(1e-3),
        "{what}: {got} is not {expected}"
    );
}

#[test]
fn functions_of_totals_agree_with_r() {
    let mut compared = 0;
    for case in ["strat", "clus1", "clus2", "raked"] {
        let api = Api::read(case);
        let ledger = api.ledger();
        let estimator = Estimator::by(api.rule(), &ledger, 0.95);
        for line in Api::expected(case, "smooth") {
            let (text, value, se) = (&line[2], &line[3], &line[4]);
            let estimate = if text == "levels" {
                levels(&api, &estimator)
            } else {
                let smooth = Smooth::of(text, &api.table).expect("an expression");
                let found = estimator.estimate(&smooth, &Domain::all());
                found.expect("somebody answered")
            };
            let number = |text: &str| text.parse::<f64>().expect("a number");
            let what = format!("{case}: {text}");
            near(&what, estimate.value, number(value), 1e-10);
            let error = estimate.standard_error().expect("known");
            near(&what, error, number(se), 1e-8);
            compared += 1;
        }
    }
    assert_eq!(compared, 23);
}

fn levels(api: &Api, estimator: &Estimator<'_>) -> Estimate {
    let codes = Codes::from_labels(api.labels("stype"));
    let domains = Domain::each(&codes);
    let item = Item {
        name: "api00".into(),
        values: api.numbers("api00"),
    };
    let mean = Mean::of(&item);
    let contrast = Contrast::of("levels", &mean, &[1.0, -0.5, -0.5], &domains);
    contrast.estimate(estimator).expect("somebody answered")
}

#[test]
fn a_ratio_written_out_is_the_ratio() {
    let api = Api::read("strat");
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let item = |name: &str| Item {
        name: name.into(),
        values: api.numbers(name),
    };
    let (above, below) = (item("api.stu"), item("acs.core"));
    let ratio = estimator
        .estimate(&Ratio::of(&above, &below), &Domain::all())
        .expect("answers");
    for text in [
        "sum(api.stu) / sum(acs.core)",
        "mean(api.stu) / mean(acs.core)",
        "exp(log(sum(api.stu)) - log(sum(acs.core)))",
        "sum(api.stu) * sum(acs.core)^-1",
    ] {
        let smooth = Smooth::of(text, &api.table).expect("an expression");
        let found = estimator
            .estimate(&smooth, &Domain::all())
            .expect("answers");
        near(text, found.value, ratio.value, 1e-12);
        let errors = [&found, &ratio].map(|estimate| estimate.standard_error().expect("known"));
        near(text, errors[0], errors[1], 1e-11);
        assert_eq!((found.n, found.df), (ratio.n, ratio.df), "{text}");
    }
}

#[test]
fn slopes_are_those_of_small_steps() {
    let table = Table::default()
        .with_numbers("a", vec![Some(1.0)])
        .with_numbers("b", vec![Some(1.0)]);
    for text in [
        "sum(a) / mean(b) - 3 * sum(a)",
        "log(sum(a) + sqrt(mean(b)))^2",
        "sum(a)^mean(b) / exp(mean(b)/5)",
        "-(sum(a) - mean(b))^3 + abs(mean(b)) + log10(sum(a))",
    ] {
        let smooth = Smooth::of(text, &table).expect("an expression");
        let places: Vec<f64> = [2.3, 1.7, 2.9, 1.1, 0.7][..smooth.parts.len()].to_vec();
        let (_, slopes) = Term::value(&smooth.root, &places);
        for (place, slope) in slopes.iter().enumerate() {
            let at = |step: f64| {
                let mut moved = places.clone();
                moved[place] += step;
                smooth.root.value(&moved).0
            };
            near(text, *slope, (at(1e-6) - at(-1e-6)) / 2e-6, 1e-6);
        }
    }
}

#[test]
fn what_is_no_figure_is_refused() {
    let table = Table::default()
        .with_numbers("a", vec![Some(0.0)])
        .with_labels("side", vec![Some("north".into())]);
    let fault = |text: &str| match Smooth::of(text, &table) {
        Err(Error::Unreadable { at, found, .. }) => (at, found),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(fault("sum(a) / a"), (10, "'a'".into()));
    assert_eq!(fault("median(a)"), (1, "'median'".into()));
    assert_eq!(fault("1 + 2"), (6, "the end".into()));
    assert_eq!(fault("mean(a) > 3"), (1, "a comparison of figures".into()));
    assert_eq!(fault("sum(sum(a))"), (5, "'sum'".into()));
    assert!(Smooth::of("sum(side = 'north') / count()", &table).is_ok());
    assert!(matches!(
        Smooth::of("sum(side)", &table),
        Err(Error::NotNumbers { .. })
    ));
}

#[test]
fn the_logarithm_of_nothing_is_no_figure() {
    let table = Table::default().with_numbers("a", vec![Some(0.0), Some(0.0)]);
    let (weights, heard, all) = ([1.0; 2], [true; 2], Domain::all());
    let view = crate::estimate::View::new(&weights, &heard, &all);
    let smooth = Smooth::of("log(sum(a))", &table).expect("an expression");
    assert_eq!(smooth.evaluate(&view), None);
}
