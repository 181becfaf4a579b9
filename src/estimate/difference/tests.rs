//! As R's svycontrast, and laws.

use super::Difference;
use crate::estimate::api::{Api, same};
use crate::estimate::{Domain, Error, Estimator, Mean, Statistic, Total, Unknown};
use crate::frame::Codes;
use crate::weigh::Ledger;

#[test]
fn differences_agree_with_r() {
    // R 4.2.2, survey 4.1-1, data(apistrat): svycontrast(svyby(…, covmat = TRUE), …)
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let mean = Mean::of(api.item("api00"));
    let improved = Domain::each(&api.improved);
    let found = Difference::between(&mean, &improved[1], &improved[0]).estimate(&estimator);
    let found = found.expect("schools on both sides");
    same(&found, 40.989_930_035_176_71, 19.666_576_413_291_384);
    assert_eq!((found.n, found.df), (200, 197));
    assert_eq!(
        (found.item.as_str(), found.domain.as_str()),
        ("mean of api00: Yes − No", "all")
    );

    let total = Total::of(api.item("enroll"));
    let types = Domain::each(&api.sample.stratum);
    let found = Difference::between(&total, &types[0], &types[1]).estimate(&estimator);
    same(
        &found.expect("both"),
        845_455.816_652_298,
        100_310.239_161_462_52,
    );
}

#[test]
fn the_other_way_round_only_the_sign_changes() {
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let (mean, pupils) = (Mean::of(api.item("api00")), Mean::of(api.item("enroll")));
    let domains = Domain::each(&api.improved);
    for (a, b) in [
        (
            (&mean as &dyn Statistic, &domains[0]),
            (&mean as &dyn Statistic, &domains[1]),
        ),
        ((&mean, &domains[0]), (&pupils, &domains[0])),
        ((&mean, &domains[0]), (&pupils, &domains[1])),
    ] {
        let there = Difference::of(a, b).estimate(&estimator).expect("schools");
        let back = Difference::of(b, a).estimate(&estimator).expect("schools");
        assert!((there.value + back.value).abs() < 1e-12);
        let (there, back) = (
            there.variance.expect("known"),
            back.variance.expect("known"),
        );
        assert!((there - back).abs() <= 1e-14 * there);
        let none = Difference::of(a, a).estimate(&estimator).expect("schools");
        assert_eq!((none.value, none.variance), (0.0, Ok(0.0)));
    }
    let name = |a, b| Difference::of(a, b).item();
    assert_eq!(
        name((&mean, &domains[0]), (&pupils, &domains[0])),
        "mean of api00 − mean of enroll: No"
    );
    assert_eq!(
        name((&mean, &domains[0]), (&pupils, &domains[1])),
        "mean of api00: No − mean of enroll: Yes"
    );
}

#[test]
fn a_side_of_one_answer_makes_the_difference_unknown() {
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let mean = Mean::of(api.item("api00"));
    let who = Codes::from_labels((0..200).map(|i| if i == 7 { "one" } else { "rest" }));
    let sides = Domain::each(&who);
    let found = Difference::between(&mean, &sides[0], &sides[1])
        .estimate(&estimator)
        .expect("both");
    assert_eq!(
        (found.variance, found.interval),
        (Err(Unknown::OneAnswer), None)
    );
    assert_eq!(found.design_effect, None);
}

#[test]
fn a_silent_side_is_named() {
    let mut api = Api::read();
    let who = Codes::from_labels((0..200).map(|i| if i < 9 { "few" } else { "rest" }));
    api.outcomes.items[0].values[..9].fill(None);
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let mean = Mean::of(api.item("api00"));
    let sides = Domain::each(&who);
    let found = Difference::between(&mean, &sides[1], &sides[0]).estimate(&estimator);
    assert_eq!(
        found,
        Err(Error::NoAnswers {
            item: "api00".into(),
            domain: "few".into()
        })
    );
}

#[test]
fn within_a_domain_both_sides_are_cut() {
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let mean = Mean::of(api.item("api00"));
    let crossed = Codes::crossed(&[&api.improved, &api.sample.stratum]);
    let (improved, types) = (
        Domain::each(&api.improved),
        Domain::each(&api.sample.stratum),
    );
    let cells = Domain::each(&crossed);
    let cell = |label: &str| {
        cells
            .iter()
            .find(|cell| cell.label() == label)
            .expect("a cell")
    };
    let within = estimator
        .estimate(
            &Difference::between(&mean, &improved[1], &improved[0]),
            &types[0],
        )
        .expect("schools");
    let apart = Difference::between(&mean, cell("Yes / E"), cell("No / E")).estimate(&estimator);
    let apart = apart.expect("schools");
    assert_eq!(
        (within.value, within.variance),
        (apart.value, apart.variance)
    );
    assert_eq!((within.n, within.domain.as_str()), (100, "E"));
}
