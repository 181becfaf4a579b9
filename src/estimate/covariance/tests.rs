//! Contrasts by the covariances, and by scores.

use super::joint;
use crate::estimate::regress::api::Api;
use crate::estimate::{Contrast, Domain, Estimator, Mean, Statistic, Total};
use crate::field::Item;
use crate::frame::Codes;

#[test]
fn a_contrast_by_covariances_is_the_one_by_scores() {
    for case in ["strat", "clus1", "clus2", "raked"] {
        let api = Api::read(case);
        let ledger = api.ledger();
        let estimator = Estimator::by(api.rule(), &ledger, 0.95);
        let item = Item {
            name: "api00".into(),
            values: api.numbers("api00"),
        };
        let (mean, codes) = (Mean::of(&item), Codes::from_labels(api.labels("stype")));
        let domains = Domain::each(&codes);
        let numbers = [1.0, -0.25, -0.75];
        let figures: Vec<(&dyn Statistic, &Domain<'_>)> = domains
            .iter()
            .map(|domain| (&mean as &dyn Statistic, domain))
            .collect();
        let (value, variance) = joint(&estimator, &figures)
            .expect("answers")
            .contrast(&numbers);
        let direct = Contrast::of("levels", &mean, &numbers, &domains);
        let direct = direct.estimate(&estimator).expect("answers");
        let known = direct.variance.expect("known");
        assert!((value - direct.value).abs() < 1e-10, "{case}");
        assert!(
            (variance.expect("known") / known - 1.0).abs() < 1e-10,
            "{case}"
        );
    }
}

#[test]
fn covariances_agree_with_r() {
    // R 4.2.2, survey 4.1-1: vcov(svyby(~api00, ~stype, dclus1, svymean, covmat = TRUE)); svyrecvar of both scores
    let near = |got: Option<f64>, expected: f64| {
        let got = got.expect("known");
        assert!(
            (got / expected - 1.0).abs() < 1e-8,
            "{got:?} is not {expected:?}"
        );
    };
    let all = Domain::all();
    let item = |api: &Api, name: &str| Item {
        name: name.into(),
        values: api.numbers(name),
    };
    let api = Api::read("clus1");
    let (ledger, score) = (api.ledger(), item(&api, "api00"));
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let (mean, codes) = (Mean::of(&score), Codes::from_labels(api.labels("stype")));
    let types = Domain::each(&codes);
    let figures: Vec<_> = types.iter().map(|d| (&mean as &dyn Statistic, d)).collect();
    let found = joint(&estimator, &figures).expect("schools of each type");
    near(found.covariance[1][0], 521.979_779_636_952_8);
    near(found.covariance[2][0], 646.837_432_379_580_7);
    near(found.covariance[2][1], 658.330_933_383_657_3);

    let api = Api::read("strat");
    let (ledger, score, pupils) = (api.ledger(), item(&api, "api00"), item(&api, "enroll"));
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let (mean, total) = (Mean::of(&score), Total::of(&pupils));
    let both: [(&dyn Statistic, &Domain<'_>); 2] = [(&mean, &all), (&total, &all)];
    let found = joint(&estimator, &both).expect("schools");
    near(found.covariance[0][1], -260_609.283_163_002_3);
    assert_eq!(found.df, 197);
}

#[test]
fn two_names_of_one_figure_vary_as_one() {
    let api = Api::read("clus1");
    let (ledger, all) = (api.ledger(), Domain::all());
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let item = Item {
        name: "api00".into(),
        values: api.numbers("api00"),
    };
    let mean = Mean::of(&item);
    let twice = joint(&estimator, &[(&mean, &all), (&mean, &all)]).expect("schools");
    let known = twice.covariance[0][0].expect("known");
    assert!((twice.covariance[0][1].expect("known") / known - 1.0).abs() < 1e-12);
    // Their difference is nothing, and nobody is told apart by it.
    let (value, variance) = twice.contrast(&[1.0, -1.0]);
    assert!(value.abs() < 1e-12 && variance.expect("known") < 1e-9 * known);
}
