//! As R's `svycontrast` of `svyby` by wave, and the bound on what a part of common clusters adds.

use super::{FirstStage, by_first_stage};
use crate::estimate::change::{Bound, Change, Figure};
use crate::estimate::variance::{Clusters, Design, Stage};
use crate::estimate::{Domain, Estimator, Mean, Statistic, Total};
use crate::field::Item;
use crate::frame::Codes;
use crate::weigh::Ledger;

/// A wave of tests/data/change/waves.csv.
struct Wave {
    id: Vec<String>,
    region: Codes,
    branch: Codes,
    age: Codes,
    answer: Item,
    ledger: Ledger,
}

fn lines(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect()
}

fn wave(number: &str) -> Wave {
    let all = lines(include_str!("../../../../tests/data/change/waves.csv"));
    let mine: Vec<_> = all.into_iter().filter(|line| line[0] == number).collect();
    let codes = |place: usize| Codes::from_labels(mine.iter().map(|line| line[place]));
    let number = |text: &str| text.parse::<f64>().expect("a number");
    Wave {
        id: mine.iter().map(|line| line[3].to_owned()).collect(),
        region: codes(1),
        branch: codes(2),
        age: codes(5),
        answer: Item {
            name: "y".into(),
            values: mine.iter().map(|line| Some(number(line[6]))).collect(),
        },
        ledger: Ledger::given(mine.iter().map(|line| number(line[4])).collect()).expect("weights"),
    }
}

/// The change of a statistic; of one of the ages, or of all.
fn change(waves: &[Wave; 2], statistic: &str, domain: &str) -> Change {
    let statistics = [0, 1].map(|place| -> Box<dyn Statistic + '_> {
        match statistic {
            "mean" => Box::new(Mean::of(&waves[place].answer)),
            _ => Box::new(Total::of(&waves[place].answer)),
        }
    });
    let domains = [0, 1].map(|place| {
        let each = Domain::each(&waves[place].age);
        each.into_iter()
            .find(|one| one.label() == domain)
            .unwrap_or_else(Domain::all)
    });
    let estimators = [0, 1].map(|place| {
        let wave = &waves[place];
        let design = Design {
            stages: vec![Stage {
                strata: Some(&wave.region),
                clusters: Some(&wave.branch),
                population: None,
            }],
            nest: true,
            ..Design::of(wave.ledger.weights())
        };
        let rule = Clusters::of(&design).expect("branches of regions");
        Estimator::by(Box::new(rule), &wave.ledger, 0.95)
    });
    let figures = [0, 1].map(|place| Figure {
        ledger: &waves[place].ledger,
        statistic: statistics[place].as_ref(),
        domain: &domains[place],
    });
    let stages = [0, 1].map(|place| FirstStage {
        id: &waves[place].id,
        stratum: &waves[place].region,
        cluster: &waves[place].branch,
    });
    let found = by_first_stage(
        [&estimators[0], &estimators[1]],
        [&figures[0], &figures[1]],
        stages,
    );
    found.expect("answers")
}

#[test]
fn changes_by_the_first_stage_agree_with_r() {
    // R 4.2.2, survey 4.1-1: tests/data/change/make.R
    let waves = [wave("1"), wave("2")];
    let expected = lines(include_str!("../../../../tests/data/change/expected.csv"));
    assert_eq!(expected.len(), 6);
    for line in &expected {
        let found = change(&waves, line[0], line[1]);
        let near = |got: f64, place: usize, within: f64| {
            let wanted: f64 = line[place].parse().expect("a number");
            let off = (got - wanted).abs();
            assert!(
                off <= within * wanted.abs(),
                "{line:?}: {got} is not {wanted}"
            );
        };
        near(found.first.value, 2, 1e-10);
        near(found.second.value, 3, 1e-10);
        near(found.change.value, 4, 1e-10);
        near(found.change.standard_error().expect("branches"), 5, 1e-8);
        near(found.change.df as f64, 9, 0.0);
        assert_eq!(found.bounds, [Bound::FirstStage]);
        // Less what both share, the waves have the variances that they have by themselves.
        let variance = |one: &crate::estimate::Estimate| one.variance.clone().expect("branches");
        let own = variance(&found.first) + variance(&found.second);
        let twice = own - variance(&found.change);
        let covariance = found.covariance.expect("known");
        assert!((2.0 * covariance - twice).abs() <= 1e-9 * own);
    }
}

#[test]
fn a_part_of_common_clusters_adds_what_the_formula_says() {
    // Of totals, T is what a region comes to, and where all branches are common nothing is added. In the north 6 of 9
    // are: beside Σ n/(n − 1) Σ (d − d̄)² with centres of each wave's own.
    let waves = [wave("1"), wave("2")];
    let found = change(&waves, "total", "all");
    let mut centred = 0.0;
    let mut added = 0.0;
    for region in ["north", "south"] {
        let totals = waves.each_ref().map(|wave| {
            let mut totals = std::collections::BTreeMap::new();
            for row in 0..wave.id.len() {
                if wave.region.label(row) == region {
                    let score = wave.ledger.weights()[row] * wave.answer.values[row].expect("said");
                    *totals.entry(wave.branch.label(row)).or_insert(0.0) += score;
                }
            }
            totals
        });
        let sum = |place: usize| totals[place].values().sum::<f64>();
        let (n, t) = (totals[0].len() as f64, [sum(0), sum(1)]);
        let common: Vec<_> = totals[0]
            .keys()
            .filter(|b| totals[1].contains_key(*b))
            .collect();
        let k = common.len() as f64 / n;
        let squares = |place: usize| totals[place].values().map(|t| t * t).sum::<f64>();
        let products: f64 = common.iter().map(|b| totals[0][**b] * totals[1][**b]).sum();
        let union = n * (2.0 - k);
        let parts = [squares(0) - t[0] * t[0] / n, squares(1) - t[1] * t[1] / n];
        let shared = products - k * t[0] * t[1] / n;
        centred += (parts[0] + parts[1] - 2.0 * shared) * union / (union - 1.0);
        let more = t[0] * t[0] + t[1] * t[1] + 2.0 * (1.0 - k) * t[0] * t[1];
        added += (1.0 - k) * more / (n * (2.0 - k)) * union / (union - 1.0);
    }
    let variance = found.change.variance.expect("branches");
    assert!((variance - centred - added).abs() <= 1e-10 * variance);
    assert!(added > 0.0);
    // Customers of common branches have ids of their own where another number of them was drawn.
    assert!(found.common.is_some_and(|common| common > 20));
}
