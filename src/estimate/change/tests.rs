//! By hand, and by drawing two waves that share units over and over.

use super::{Change, Drawn, Error, Figure, overlap, stacked};
use crate::estimate::variance::{Clusters, Design, Stage};
use crate::estimate::{Domain, Estimator, Mean, Statistic, Total};
use crate::field::{Class, Item, Outcomes};
use crate::frame::Codes;
use crate::math::Moments;
use crate::random::Seed;
use crate::weigh::Ledger;

/// A wave: ids, strata, and what was said.
struct Wave {
    sample: crate::draw::Sample,
    outcomes: Outcomes,
    ledger: Ledger,
}

fn wave(units: &[(usize, &str, f64)], population: &[(&str, u64)]) -> Wave {
    let stratum = Codes::from_labels(units.iter().map(|unit| unit.1));
    let size = |label: &str| {
        let found = population.iter().find(|(known, _)| *known == label);
        found.expect("a stratum").1
    };
    let drawn = |label: &str| units.iter().filter(|unit| unit.1 == label).count() as f64;
    let n = units.len();
    let sample = crate::draw::Sample {
        id: units.iter().map(|unit| unit.0.to_string()).collect(),
        row: (0..n as u64).collect(),
        cell: stratum.clone(),
        columns: vec![],
        probability: units
            .iter()
            .map(|unit| drawn(unit.1) / size(unit.1) as f64)
            .collect(),
        population: stratum.labels().iter().map(|label| size(label)).collect(),
        stratum,
        rank: (1..=n as u32).collect(),
        replicate: vec![1; n],
        basis: crate::draw::Basis::default(),
    };
    let outcomes = Outcomes {
        class: vec![Class::Interview; n],
        code: vec![None; n],
        attempts: vec![1; n],
        items: vec![Item {
            name: "y".into(),
            values: units.iter().map(|unit| Some(unit.2)).collect(),
        }],
    };
    let ledger = Ledger::base(&sample, &outcomes).expect("all released");
    Wave {
        sample,
        outcomes,
        ledger,
    }
}

fn change(waves: [&Wave; 2], total: bool) -> Result<Change, Error> {
    let items = waves.map(|wave| wave.outcomes.item("y").expect("asked"));
    let (means, totals) = (items.map(Mean::of), items.map(Total::of));
    let all = Domain::all();
    let estimators = waves.map(|wave| Estimator::new(&wave.sample, &wave.ledger, 0.95));
    let figures = [0, 1].map(|place| Figure {
        ledger: &waves[place].ledger,
        statistic: if total {
            &totals[place] as &dyn Statistic
        } else {
            &means[place]
        },
        domain: &all,
    });
    overlap(
        [&estimators[0], &estimators[1]],
        [&figures[0], &figures[1]],
        waves.map(|wave| Drawn::of(&wave.sample)),
    )
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

const TOWN: &[(&str, u64)] = &[("town", 40)];

#[test]
fn two_of_three_in_both_waves_agree_with_the_blackboard() {
    // N = 40, n₁ = n₂ = 3, n_c = 2. Common: (2, 3) and (6, 9): s₁₂ = 2·2·… = (4·6)/2 = 12 of y,
    // of expanded totals 12 (40/3)². Ĉ = (2 − 9/40) · 12 · (40/3)²
    let first = wave(
        &[(1, "town", 2.0), (2, "town", 6.0), (3, "town", 4.0)],
        TOWN,
    );
    let second = wave(
        &[(1, "town", 3.0), (2, "town", 9.0), (4, "town", 6.0)],
        TOWN,
    );
    let found = change([&first, &second], true).expect("one town");
    let scale = (40.0_f64 / 3.0).powi(2);
    near(
        found.covariance.expect("known"),
        (2.0 - 9.0 / 40.0) * 12.0 * scale,
    );
    let [v1, v2] = [4.0, 9.0].map(|square| 1600.0 * (1.0 - 3.0 / 40.0) * square / 3.0);
    near(found.first.variance.expect("three"), v1);
    let expected = v1 + v2 - 2.0 * (2.0 - 9.0 / 40.0) * 12.0 * scale;
    assert_eq!(found.common, Some(2));
    assert!(expected < 0.0 && found.change.variance.is_err());
    near(found.change.value, 40.0 * 2.0);
}

#[test]
fn a_domain_counts_its_own_units_of_both_waves() {
    // 1 to 4 are in both; 3 went from the old to the young, and 5 and 6 are in one wave each.
    let units = |last: usize| [1, 2, 3, 4, last].map(|unit| (unit, "town", unit as f64));
    let waves = [wave(&units(5), TOWN), wave(&units(6), TOWN)];
    let ages = [
        Codes::from_labels(["old", "old", "old", "young", "young"]),
        Codes::from_labels(["old", "old", "young", "young", "old"]),
    ];
    let found = |label: Option<usize>| {
        let item = |wave: usize| waves[wave].outcomes.item("y").expect("asked");
        let means = [0, 1].map(|wave| Mean::of(item(wave)));
        let domains = [0, 1].map(|wave| match label {
            Some(label) => Domain::each(&ages[wave]).swap_remove(label),
            None => Domain::all(),
        });
        let estimators =
            [0, 1].map(|wave| Estimator::new(&waves[wave].sample, &waves[wave].ledger, 0.95));
        let figures = [0, 1].map(|wave| Figure {
            ledger: &waves[wave].ledger,
            statistic: &means[wave],
            domain: &domains[wave],
        });
        let drawn = [0, 1].map(|wave| Drawn::of(&waves[wave].sample));
        let change = overlap(
            [&estimators[0], &estimators[1]],
            [&figures[0], &figures[1]],
            drawn,
        );
        change.expect("one town").common
    };
    assert_eq!(
        [Some(0), Some(1), None].map(found),
        [Some(2), Some(1), Some(4)]
    );
}

#[test]
fn a_panel_is_the_differences_of_its_units() {
    let said = [(2.0, 3.0), (6.0, 5.0), (4.0, 8.0), (7.0, 7.0)];
    let units = |second: bool| -> Vec<(usize, &str, f64)> {
        let pairs = said.iter().enumerate();
        pairs
            .map(|(id, y)| (id, "town", if second { y.1 } else { y.0 }))
            .collect()
    };
    let (first, second) = (wave(&units(false), TOWN), wave(&units(true), TOWN));
    let found = change([&first, &second], false).expect("one town");
    // d = 1, −1, 4, 0: s² = 14/3
    near(
        found.change.variance.expect("four"),
        (1.0 - 4.0 / 40.0) * (14.0 / 3.0) / 4.0,
    );
    assert_eq!(found.change.df, 3);
}

#[test]
fn waves_without_common_units_give_the_greatest_variance_there_may_be() {
    let first = wave(&[(1, "town", 2.0), (2, "town", 6.0)], TOWN);
    let second = wave(&[(3, "town", 3.0), (4, "town", 9.0)], TOWN);
    let found = change([&first, &second], false).expect("one town");
    // −1/N · s₁ s₂ at the most: s₁² = 8, s₂² = 18
    near(found.covariance.expect("known"), -12.0 / 40.0);
}

#[test]
fn waves_that_do_not_fit_together_are_named() {
    let first = wave(&[(1, "town", 2.0), (2, "town", 6.0)], TOWN);
    let twice = wave(&[(1, "town", 2.0), (1, "town", 6.0)], TOWN);
    assert!(matches!(
        change([&first, &twice], false),
        Err(Error::Twice { .. })
    ));
}

/// One of many pairs of waves that were drawn by permanent numbers.
struct Trial {
    value: f64,
    variance: Option<f64>,
    alone: f64,
    stacked: f64,
}

fn trial(people: &[(&'static str, f64, f64)], n: [usize; 2], seed: u32) -> Trial {
    let mut stream = Seed::new(format!("change {seed}"))
        .expect("not blank")
        .stream("test");
    let numbers: Vec<f64> = people.iter().map(|_| stream.unit()).collect();
    let pick = |from: f64, take: usize, label: &str, then: bool| {
        let mut order: Vec<usize> = (0..people.len())
            .filter(|&i| people[i].0 == label)
            .collect();
        let key = |i: usize| (numbers[i] - from).rem_euclid(1.0);
        order.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
        let mut taken = order[..take].to_vec();
        taken.sort_unstable();
        let said = |i: usize| if then { people[i].2 } else { people[i].1 };
        taken
            .into_iter()
            .map(|i| (i, label.to_owned(), said(i)))
            .collect::<Vec<_>>()
    };
    let draw = |from: f64, n: usize, then: bool| {
        let both = [pick(from, n, "a", then), pick(from, n / 2, "b", then)].concat();
        let units: Vec<(usize, &str, f64)> = both
            .iter()
            .map(|(i, label, y)| (*i, label.as_str(), *y))
            .collect();
        let size = |label: &str| people.iter().filter(|person| person.0 == label).count() as u64;
        wave(&units, &[("a", size("a")), ("b", size("b"))])
    };
    let (first, second) = (draw(0.0, n[0], false), draw(0.05, n[1], true));
    let found = change([&first, &second], true).expect("two strata");
    let variances = [&found.first, &found.second].map(|e| *e.variance.as_ref().expect("many"));
    Trial {
        value: found.change.value,
        variance: found.change.variance.ok(),
        alone: variances[0] + variances[1],
        stacked: as_one(&first, &second),
    }
}

/// The variance of the change with both waves as one table, by units.
fn as_one(first: &Wave, second: &Wave) -> f64 {
    let waves = [first, second];
    let labels = |of: fn(&Wave, usize) -> String| {
        let rows = waves
            .iter()
            .flat_map(|wave| (0..wave.sample.len()).map(move |row| of(wave, row)));
        Codes::from_labels(rows)
    };
    let strata = labels(|wave, row| wave.sample.stratum.label(row).to_owned());
    let ids = labels(|wave, row| wave.sample.id[row].clone());
    let weights: Vec<f64> = waves
        .iter()
        .flat_map(|wave| wave.ledger.weights().to_vec())
        .collect();
    let stage = Stage {
        strata: Some(&strata),
        clusters: Some(&ids),
        population: None,
    };
    let design = Design {
        stages: vec![stage],
        ..Design::of(&weights)
    };
    let rule = Clusters::of(&design).expect("a design");
    let items = waves.map(|wave| wave.outcomes.item("y").expect("asked"));
    let totals = items.map(Total::of);
    let all = Domain::all();
    let [one, two] = [0, 1].map(|place| Figure {
        ledger: &waves[place].ledger,
        statistic: &totals[place],
        domain: &all,
    });
    let found = stacked(&one, &two, &rule, 0.95).expect("answers");
    assert_eq!(found.common, None);
    found.change.variance.expect("many units")
}

#[test]
fn over_many_waves_the_variance_is_that_of_the_change() {
    let mut stream = Seed::new("people").expect("not blank").stream("test");
    let people: Vec<(&'static str, f64, f64)> = (0..300)
        .map(|i| {
            let (stable, then, now) = (stream.unit() * 10.0, stream.unit(), stream.unit());
            let label = if i < 200 { "a" } else { "b" };
            let level = if i < 200 { 5.0 } else { 20.0 };
            (
                label,
                level + stable + 3.0 * then,
                level + 1.0 + stable + 3.0 * now,
            )
        })
        .collect();
    const TRIALS: u32 = 3_000;
    let trials: Vec<Trial> = (0..TRIALS)
        .map(|seed| trial(&people, [40, 50], seed))
        .collect();
    let mean = |f: &dyn Fn(&Trial) -> f64| trials.iter().map(f).sum::<f64>() / f64::from(TRIALS);
    let truth: Moments = trials.iter().map(|trial| trial.value).collect();
    let truth = truth.variance().expect("many");
    let known: Vec<f64> = trials.iter().filter_map(|trial| trial.variance).collect();
    assert_eq!(known.len(), trials.len(), "none below 0");
    let estimated = known.iter().sum::<f64>() / f64::from(TRIALS);
    // 3 000 draws give the truth to 2.6 %, one standard error.
    assert!(
        (estimated / truth - 1.0).abs() < 0.08,
        "{estimated} beside {truth}"
    );
    assert!(
        mean(&|trial| trial.alone) > 2.0 * truth,
        "the overlap counts"
    );
    assert!(
        mean(&|trial| trial.stacked) > 1.2 * truth,
        "a fixed overlap is no chance"
    );
}

#[test]
fn a_stacked_panel_is_its_differences_without_an_end() {
    let said = [(2.0, 3.0), (6.0, 5.0), (4.0, 8.0), (7.0, 7.0)];
    let units = |second: bool| -> Vec<(usize, &str, f64)> {
        let pairs = said.iter().enumerate();
        pairs
            .map(|(id, y)| (id, "town", if second { y.1 } else { y.0 }))
            .collect()
    };
    let (first, second) = (wave(&units(false), TOWN), wave(&units(true), TOWN));
    // Of totals: 40² · s²/4, s² = 14/3 of the differences
    near(as_one(&first, &second), 1600.0 * (14.0 / 3.0) / 4.0);
}
