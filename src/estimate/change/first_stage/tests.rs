//! As R's `svycontrast` of `svyby` by wave where all clusters are common, or none; and over many draws where some are.

use std::collections::BTreeMap;

use super::{FirstStage, by_first_stage};
use crate::estimate::change::{Bound, Change, Error, Figure};
use crate::estimate::variance::{Clusters, Design, Stage};
use crate::estimate::{Domain, Estimator, Mean, Statistic, Total, Unknown};
use crate::field::Item;
use crate::frame::Codes;
use crate::math::sum;
use crate::random::Seed;
use crate::random::pretend::Pretend;
use crate::weigh::Ledger;

/// A wave, whose clusters have a population or none.
struct Wave {
    id: Vec<String>,
    region: Codes,
    branch: Codes,
    age: Codes,
    answer: Item,
    ledger: Ledger,
    /// Out of how many branches and customers, by row.
    there: Option<[Vec<f64>; 2]>,
}

fn lines(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect()
}

/// A wave of tests/data/change/waves.csv.
fn wave(number: &str) -> Wave {
    let all = lines(include_str!("../../../../tests/data/change/waves.csv"));
    let mine: Vec<_> = all.into_iter().filter(|line| line[0] == number).collect();
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let rows = mine.iter().map(|line| Row {
        region: line[1],
        branch: line[2].to_owned(),
        customer: line[3].to_owned(),
        age: line[5],
        weight: number(line[4]),
        answer: number(line[6]),
    });
    of(rows.collect())
}

struct Row<'a> {
    region: &'a str,
    branch: String,
    customer: String,
    age: &'a str,
    weight: f64,
    answer: f64,
}

fn of(rows: Vec<Row<'_>>) -> Wave {
    Wave {
        id: rows.iter().map(|row| row.customer.clone()).collect(),
        region: Codes::from_labels(rows.iter().map(|row| row.region)),
        branch: Codes::from_labels(rows.iter().map(|row| &row.branch)),
        age: Codes::from_labels(rows.iter().map(|row| row.age)),
        answer: Item {
            name: "y".into(),
            values: rows.iter().map(|row| Some(row.answer)).collect(),
        },
        ledger: Ledger::given(rows.iter().map(|row| row.weight).collect()).expect("weights"),
        there: None,
    }
}

/// The change of a statistic; of one of the ages, or of all.
fn change(waves: [&Wave; 2], statistic: &str, domain: &str) -> Result<Change, Error> {
    let statistics = waves.map(|wave| -> Box<dyn Statistic + '_> {
        match statistic {
            "mean" => Box::new(Mean::of(&wave.answer)),
            _ => Box::new(Total::of(&wave.answer)),
        }
    });
    let domains = waves.map(|wave| {
        let each = Domain::each(&wave.age);
        each.into_iter()
            .find(|one| one.label() == domain)
            .unwrap_or_else(Domain::all)
    });
    let estimators = waves.map(|wave| {
        let mut stages = vec![Stage {
            strata: Some(&wave.region),
            clusters: Some(&wave.branch),
            population: wave.there.as_ref().map(|there| there[0].as_slice()),
        }];
        stages.extend(wave.there.as_ref().map(|there| Stage {
            strata: None,
            clusters: None,
            population: Some(&there[1]),
        }));
        let design = Design {
            stages,
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
    let stages = waves.map(|wave| FirstStage {
        id: &wave.id,
        stratum: &wave.region,
        cluster: &wave.branch,
    });
    by_first_stage(
        [&estimators[0], &estimators[1]],
        [&figures[0], &figures[1]],
        stages,
    )
}

fn variance(one: &crate::estimate::Estimate) -> f64 {
    one.variance.clone().expect("branches")
}

#[test]
fn changes_by_the_first_stage_agree_with_r_where_all_clusters_are_common_or_none() {
    // R 4.2.2, survey 4.1-1: tests/data/change/make.R
    let waves = ["1", "2", "3"].map(wave);
    let expected = lines(include_str!("../../../../tests/data/change/expected.csv"));
    assert_eq!(expected.len(), 12);
    for line in &expected {
        let other = if line[0] == "2" { &waves[1] } else { &waves[2] };
        let found = change([&waves[0], other], line[1], line[2]).expect("answers");
        let near = |got: f64, place: usize, within: f64| {
            let wanted: f64 = line[place].parse().expect("a number");
            let off = (got - wanted).abs();
            assert!(
                off <= within * wanted.abs(),
                "{line:?}: {got} is not {wanted}"
            );
        };
        near(found.first.value, 3, 1e-10);
        near(found.second.value, 4, 1e-10);
        near(found.change.value, 5, 1e-10);
        near(found.change.standard_error().expect("branches"), 6, 1e-8);
        near(variance(&found.first).sqrt(), 7, 1e-8);
        near(variance(&found.second).sqrt(), 8, 1e-8);
        near(found.change.df as f64, 10, 0.0);
        assert_eq!(found.bounds, [Bound::FirstStage]);
        let covariance = found.covariance.expect("known");
        let wanted: f64 = line[9].parse().expect("a number");
        let own = variance(&found.first) + variance(&found.second);
        assert!((covariance - wanted).abs() <= 1e-9 * own, "{line:?}");
    }
}

/// What a wave's branches of a region come to, less their mean.
fn off(wave: &Wave, region: &str) -> BTreeMap<String, f64> {
    let mut totals: BTreeMap<String, f64> = BTreeMap::new();
    for row in (0..wave.id.len()).filter(|&row| wave.region.label(row) == region) {
        let score = wave.ledger.weights()[row] * wave.answer.values[row].expect("said");
        *totals.entry(wave.branch.label(row).to_owned()).or_default() += score;
    }
    let mean = sum(totals.values().copied()) / totals.len() as f64;
    totals.values_mut().for_each(|total| *total -= mean);
    totals
}

/// What two waves of totals come to, and on which side of 0 their regions go together.
fn by_hand(waves: [&Wave; 2]) -> (f64, Vec<bool>) {
    let (mut wanted, mut signs) = (0.0, Vec::new());
    for (region, drawn, shared) in [("north", [9, 10], 6), ("south", [7, 7], 3)] {
        let off = waves.map(|wave| off(wave, region));
        assert_eq!(drawn, off.each_ref().map(BTreeMap::len));
        let counts = drawn.map(|m| m as f64);
        let factor = counts.map(|m| m / (m - 1.0));
        let squares = |place: usize| sum(off[place].values().map(|e| e * e));
        let common = off[0].keys().filter(|branch| off[1].contains_key(*branch));
        let common: Vec<&String> = common.collect();
        assert_eq!(common.len(), shared);
        let products = sum(common.iter().map(|b| off[0][*b] * off[1][*b]));
        let [m, n] = counts;
        let by = match products > 0.0 {
            true => (factor[0] * factor[1]).sqrt(),
            false => 1.0 / (1.0 - 1.0 / m - 1.0 / n + shared as f64 / (m * n)),
        };
        signs.push(products > 0.0);
        wanted += factor[0] * squares(0) + factor[1] * squares(1) - 2.0 * by * products;
    }
    (wanted, signs)
}

#[test]
fn some_common_clusters_take_off_what_the_formula_says() {
    let waves = [wave("1"), wave("4")];
    let mut against = wave("4");
    let values = against.answer.values.iter_mut().flatten();
    values.for_each(|value| *value = -*value);
    let mut sides = Vec::new();
    for second in [&waves[1], &against] {
        let found = change([&waves[0], second], "total", "all").expect("answers");
        let (wanted, signs) = by_hand([&waves[0], second]);
        sides.extend(signs);
        assert!((variance(&found.change) - wanted).abs() <= 1e-10 * wanted);
        assert_eq!(found.change.df, found.first.df.min(found.second.df));
        // Customers of common branches have ids of their own where another number of them was drawn.
        assert!(found.common.is_some_and(|common| common > 15));
    }
    assert!(sides.contains(&true) && sides.contains(&false));
}

/// Two waves of one stratum whose first branches are common, and whose levels go together by `alike`.
fn simulated(counts: [usize; 2], common: usize, alike: f64, chance: &mut Pretend) -> [Wave; 2] {
    let apart = (1.0 - alike * alike).sqrt();
    let mut rows = [Vec::new(), Vec::new()];
    let mut row = |wave: usize, name: String, answer: f64| {
        rows[wave].push(Row {
            region: "all",
            customer: name.clone(),
            branch: name,
            age: "young",
            weight: 10.0,
            answer,
        });
    };
    for branch in 0..common {
        let level = chance.normal(0.0, 1.0);
        row(0, format!("both {branch}"), level);
        row(
            1,
            format!("both {branch}"),
            alike * level + apart * chance.normal(0.0, 1.0),
        );
    }
    for (wave, count) in counts.into_iter().enumerate() {
        for branch in common..count {
            row(wave, format!("{wave} {branch}"), chance.normal(0.0, 1.0));
        }
    }
    rows.map(of)
}

#[test]
fn intervals_cover_and_variances_are_no_smaller_than_they_should_be() {
    // Of a mean in one stratum, scores add up to 0.
    const TIMES: usize = 400;
    let seed = Seed::new("common clusters").expect("not blank");
    let mut chance = Pretend::new(seed.stream("test"));
    for (counts, common, alike) in [
        ([2, 2], 0, 0.0),
        ([2, 2], 1, 0.8),
        ([3, 3], 0, 0.0),
        ([3, 3], 2, 0.8),
        ([3, 3], 2, -0.8),
        ([5, 5], 0, 0.0),
        ([5, 5], 3, 0.8),
        ([5, 5], 5, 0.8),
        ([3, 6], 2, 0.8),
        ([3, 6], 3, -0.8),
    ] {
        let (mut covered, mut squares, mut variances) = (0_u32, Vec::new(), Vec::new());
        for _ in 0..TIMES {
            let waves = simulated(counts, common, alike, &mut chance);
            let found = change([&waves[0], &waves[1]], "mean", "all").expect("answers");
            let (low, high) = found.change.interval.expect("branches");
            covered += u32::from(low <= 0.0 && 0.0 <= high);
            squares.push(found.change.value.powi(2));
            let own = variance(&found.first) + variance(&found.second);
            let added = (variance(&found.change) - own).abs();
            assert!(common > 0 || added <= 1e-12 * own);
            variances.push(variance(&found.change));
        }
        let cover = f64::from(covered) / TIMES as f64;
        let ratio = sum(variances) / sum(squares);
        // 95 % of 400 are known to 1.1 %, and a variance to a fourteenth.
        let case = format!("{counts:?}, {common} common, {alike}: {cover}, {ratio}");
        assert!(cover >= 0.93, "{case}");
        assert!(ratio >= 1.0 / 1.2, "{case}");
    }
}

/// Branches of a region, each with three customers of ten.
fn region<'a>(region: &'a str, branches: &[&str], add: f64) -> Vec<Row<'a>> {
    let customers = branches
        .iter()
        .flat_map(|branch| (0..3).map(move |at| (branch, at)));
    let row = |(place, (branch, at)): (usize, (&&str, usize))| Row {
        region,
        branch: (*branch).to_owned(),
        customer: format!("{branch} {at}"),
        age: "young",
        weight: 10.0 / 3.0,
        answer: add + (place * 7 % 5) as f64 + (at * at) as f64,
    };
    customers.enumerate().map(row).collect()
}

fn drawn_of(rows: Vec<Row<'_>>, branches: impl Fn(&str) -> f64) -> Wave {
    let there = rows.iter().map(|row| branches(row.region)).collect();
    let inside = vec![10.0; rows.len()];
    Wave {
        there: Some([there, inside]),
        ..of(rows)
    }
}

#[test]
fn a_stratum_of_a_single_certain_cluster_has_the_variance_of_its_own_rule() {
    let rows = |alone: &str, add: f64| {
        let mut rows = region("centre", &[alone], add);
        rows.extend(region("north", &["a", "b", "c"], 2.0 * add));
        rows
    };
    let certain = |region: &str| if region == "centre" { 1.0 } else { 300.0 };
    let one = drawn_of(rows("head office", 3.0), certain);
    let two = drawn_of(rows("head office", 4.0), certain);
    let other = drawn_of(rows("another", 4.0), certain);
    // Of the centre alone: 10² (1 − 3/10) s²/3.
    let centre = |wave: &Wave| {
        let values: Vec<f64> = (0..3)
            .map(|row| wave.answer.values[row].expect("said"))
            .collect();
        let mean = sum(values.iter().copied()) / 3.0;
        100.0 * 0.7 * sum(values.iter().map(|y| (y - mean).powi(2))) / 2.0 / 3.0
    };
    let north = |first: &Wave, second: &Wave| {
        let [these, those] = [first, second].map(|wave| off(wave, "north"));
        1.5 * sum(these.iter().map(|(branch, e)| (those[branch] - e).powi(2)))
    };
    let apart = change([&one, &other], "total", "all").expect("answers");
    let wanted = centre(&one) + centre(&other) + north(&one, &other);
    let found = variance(&apart.change);
    assert!(
        (found - wanted).abs() <= 1e-10 * wanted,
        "{found} is not {wanted}"
    );
    assert_eq!(apart.bounds, [Bound::FirstStage]);
    let both = change([&one, &two], "total", "all").expect("answers");
    let wanted = (centre(&one).sqrt() + centre(&two).sqrt()).powi(2) + north(&one, &two);
    let found = variance(&both.change);
    assert!(
        (found - wanted).abs() <= 1e-10 * wanted,
        "{found} is not {wanted}"
    );
    assert_eq!(both.bounds, [Bound::Few, Bound::FirstStage]);
    // One of several: the figure itself has no variance.
    let one = drawn_of(rows("head office", 3.0), |_| 300.0);
    let lonely = change([&one, &two], "total", "all").expect("answers");
    let is_named = |why: &Result<f64, Unknown>| matches!(why, Err(Unknown::LonelyStratum { .. }));
    assert!(is_named(&lonely.first.variance) && is_named(&lonely.change.variance));
}

#[test]
fn clusters_are_known_in_whatever_stratum_they_are() {
    let north = of(region("north", &["a", "b", "c", "d"], 3.0));
    let moved = of(region("upper", &["a", "b", "c", "d"], 4.0));
    let same = of(region("north", &["a", "b", "c", "d"], 4.0));
    let of_moved = change([&north, &moved], "total", "all").expect("answers");
    let of_same = change([&north, &same], "total", "all").expect("answers");
    assert!(of_same.covariance.is_some_and(|shared| shared > 0.0));
    assert_eq!(of_moved.change.variance, of_same.change.variance);
    // In two strata of a wave.
    let mut rows = region("north", &["a", "b"], 3.0);
    rows.extend(region("south", &["a", "c"], 3.0));
    let split = change([&of(rows), &same], "total", "all");
    assert!(matches!(split, Err(Error::Split { .. })), "{split:?}");
}
