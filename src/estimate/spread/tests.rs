//! As R's svyvar, and by hand.

use super::{Correlation, PopulationVariance, Spread};
use crate::estimate::api::{Api, same};
use crate::estimate::{Domain, Estimator, Statistic, View};
use crate::field::Item;
use crate::weigh::Ledger;

#[test]
fn spreads_agree_with_r() {
    // R 4.2.2, survey 4.1-1, data(apistrat): svyvar(~api00), svyvar(~enroll), and its square root and
    // svyvar(~api00 + enroll) by the delta method.
    let api = Api::read();
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("all released");
    let estimator = Estimator::new(&api.sample, &ledger, 0.95);
    let (score, pupils) = (api.item("api00"), api.item("enroll"));
    let of = |statistic: &dyn Statistic| {
        estimator
            .estimate(statistic, &Domain::all())
            .expect("schools")
    };
    same(
        &of(&PopulationVariance::of(score)),
        15_190.586_205_827_334,
        1_255.739_978_680_980_4,
    );
    same(
        &of(&PopulationVariance::of(pupils)),
        195_567.690_662_789_62,
        23_231.894_997_320_935,
    );
    same(
        &of(&Spread::of(score)),
        123.250_096_169_647_4,
        5.094_275_857_409_957,
    );
    let together = of(&Correlation::of(score, pupils));
    same(
        &together,
        -0.243_080_798_328_416_9,
        0.052_631_598_616_354_455,
    );
    assert_eq!(
        (together.df, together.item.as_str()),
        (197, "api00, enroll")
    );

    let domains = Domain::each(&api.improved);
    let yes = estimator
        .estimate(&PopulationVariance::of(score), &domains[1])
        .expect("schools");
    same(&yes, 14_307.904_942_794_783, 1_467.328_843_296_173_8);
    assert_eq!((yes.n, yes.df), (116, 113));
}

fn item(answers: &[f64]) -> Item {
    Item {
        name: "y".into(),
        values: answers.iter().copied().map(Some).collect(),
    }
}

#[test]
fn a_spread_agrees_with_the_blackboard() {
    // Weights 1 1 2, answers 1 3 4: mean 3, squares 4 0 1, so 3/2 · (4 + 0 + 2) / 4 = 2.25
    let y = item(&[1.0, 3.0, 4.0]);
    let (weights, heard, all) = ([1.0, 1.0, 2.0], [true; 3], Domain::all());
    let view = View::new(&weights, &heard, &all);
    let found = Spread::of(&y).evaluate(&view).expect("three answers");
    assert!((found.value - 1.5).abs() < 1e-15);
    // z_V = (1.5 · square − 2.25) / 4, and z = z_V / 3
    for (score, expected) in found.scores.iter().zip([3.75, -2.25, -0.75]) {
        assert!((score - expected / 12.0).abs() < 1e-15);
    }
}

#[test]
fn nothing_is_said_of_one_answer_or_of_a_correlation_with_what_is_constant() {
    let (weights, heard, all) = ([1.0, 1.0, 2.0], [true; 3], Domain::all());
    let alone = [true, false, false];
    let (y, flat) = (item(&[1.0, 3.0, 4.0]), item(&[2.0; 3]));
    assert_eq!(
        Spread::of(&y).evaluate(&View::new(&weights, &alone, &all)),
        None
    );
    let view = View::new(&weights, &heard, &all);
    assert_eq!(Correlation::of(&y, &flat).evaluate(&view), None);
    let same = Spread::of(&flat).evaluate(&view).expect("three answers");
    assert!(same.value.abs() <= 0.0 && same.scores.iter().all(|score| score.abs() <= 0.0));
    // Everything goes with itself, surely.
    let itself = Correlation::of(&y, &y)
        .evaluate(&view)
        .expect("three answers");
    assert!((itself.value - 1.0).abs() < 1e-15);
    assert!(itself.scores.iter().all(|score| score.abs() < 1e-15));
}

#[test]
fn missing_answers_count_in_neither_n_nor_the_correlation() {
    let (weights, heard, all) = ([1.0, 1.0, 2.0, 5.0], [true; 4], Domain::all());
    let mut y = item(&[1.0, 3.0, 4.0, 9.0]);
    y.values[3] = None;
    let view = View::new(&weights, &heard, &all);
    assert!((Spread::of(&y).evaluate(&view).expect("three").value - 1.5).abs() < 1e-15);
    let x = item(&[2.0, 6.0, 8.0, 1.0]);
    let both = Correlation::of(&x, &y).evaluate(&view).expect("three");
    assert!((both.value - 1.0).abs() < 1e-15);
    assert_eq!(both.answered, [0, 1, 2]);
}
