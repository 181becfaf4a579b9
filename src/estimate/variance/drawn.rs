//! Rules for unequal chances, by drawing: what they tell is near what samples differ.

use super::{
    Balanced, Chances, Differences, Estimator, LocalMean, Paired, Pairs, Rule, Strata, Successive,
    Unequal, for_sample,
};
use crate::draw::{Basis, How, Joint, METHODS, Method, Needs, Pool, Probabilities, Sample, Size};
use crate::frame::Codes;
use crate::math::Moments;
use crate::random::Seed;

#[track_caller]
fn near(found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 1e-12 * wanted.abs(),
        "{found} is not {wanted}"
    );
}

fn every(rows: usize) -> Vec<usize> {
    (0..rows).collect()
}

const UNITS: usize = 100;

/// A list whose answers go with size, with the order of the list, with places and with an amount.
struct List {
    number: usize,
    ids: Vec<String>,
    places: Vec<Vec<f64>>,
    amount: Vec<f64>,
    sizes: Vec<f64>,
    answers: Vec<f64>,
}

fn list(number: usize) -> List {
    let seed = Seed::new(format!("list {number}")).expect("not blank");
    let mut stream = seed.stream("answers");
    let mut unit = || stream.unit();
    let sizes: Vec<f64> = (0..UNITS).map(|_| 2.0 + 2.0 * unit()).collect();
    let places: Vec<Vec<f64>> = (0..UNITS).map(|_| vec![unit(), unit()]).collect();
    let amount: Vec<f64> = (0..UNITS).map(|_| 1.0 + unit()).collect();
    let answer = |k: usize| {
        let (place, along) = (&places[k], k as f64 / UNITS as f64);
        3.0 * sizes[k] + 2.0 * amount[k] + 4.0 * (place[0] + place[1]) + 4.0 * along
    };
    let answers = (0..UNITS).map(|k| answer(k) + 3.0 * unit()).collect();
    List {
        number,
        ids: (0..UNITS).map(|k| format!("unit {k:04}")).collect(),
        places,
        amount,
        sizes,
        answers,
    }
}

impl List {
    fn chances(&self, method: &Method, take: usize) -> Probabilities {
        match method.needs {
            Needs::EqualChances => Probabilities::equal(UNITS, take),
            _ => Probabilities::by_size(&self.sizes, take),
        }
        .expect("possible")
    }

    fn drawn(&self, method: &'static Method, take: usize, seed: &Seed) -> Sample {
        let chances = self.chances(method, take);
        let balance = [self.amount.clone()];
        let pool = Pool::new("all", &self.ids, &chances)
            .with_places(&self.places)
            .with_balance(&balance);
        let hits = (method.draw)(&pool, seed).expect("a possible draw");
        let mut units = hits.clone();
        units.dedup();
        let times = |unit: &usize| hits.iter().filter(|hit| *hit == unit).count() as u32;
        let how = How::by(method);
        Sample {
            id: units.iter().map(|&unit| self.ids[unit].clone()).collect(),
            row: units.iter().map(|&unit| unit as u64).collect(),
            stratum: Codes::from_labels(vec!["all"; units.len()]),
            population: vec![UNITS as u64],
            cell: Codes::from_labels(vec!["all"; units.len()]),
            columns: Vec::new(),
            probability: units.iter().map(|&unit| chances.of(unit)).collect(),
            rank: (1..=units.len() as u32).collect(),
            replicate: vec![1; units.len()],
            basis: Basis {
                hits: (method.size == Size::Hits).then(|| units.iter().map(times).collect()),
                walk: Some(units.iter().map(|&unit| unit as u64 + 1).collect()),
                size: None,
                places: units
                    .iter()
                    .map(|&unit| self.places[unit].clone())
                    .collect(),
                balance: vec![units.iter().map(|&unit| self.amount[unit]).collect()],
                asking: None,
                stages: Vec::new(),
                how: Some(how),
            },
        }
    }

    /// Over some draws: the mean of the estimated variances, the variance of the totals, and how many
    /// intervals hold the truth.
    fn tried(&self, method: &'static Method, take: usize, draws: usize) -> (f64, f64, u32) {
        let (mut totals, mut variances) = (Moments::default(), Moments::default());
        let truth: f64 = self.answers.iter().sum();
        let mut covered = 0;
        for i in 0..draws {
            let seed = Seed::new(format!("draw {i} of list {}", self.number)).expect("not blank");
            let sample = self.drawn(method, take, &seed);
            let score =
                |unit: usize| sample.stands_for(unit) * self.answers[sample.row[unit] as usize];
            let scores: Vec<f64> = (0..sample.len()).map(score).collect();
            let worked = vec![true; sample.len()];
            let rule = for_sample(&sample, &worked);
            let variance = rule
                .variance(&scores, &every(scores.len()))
                .expect("many units");
            let total: f64 = scores.iter().sum();
            totals.add(total);
            variances.add(variance);
            // t(24; 0.975)
            covered += u32::from((total - truth).abs() <= 2.064 * variance.sqrt());
        }
        let known = |x: Option<f64>| x.expect("many draws");
        (known(variances.mean()), known(totals.variance()), covered)
    }
}

/// Over 30 lists, so that what one list happens to be does not matter. With 1 200 draws, the ratio of
/// variances is off by a twentieth or so; but a list has only four systematic samples.
#[test]
fn every_method_has_a_rule_that_tells_its_variance() {
    let lists: Vec<List> = (0..30).map(list).collect();
    let mut wrong = Vec::new();
    for method in METHODS {
        let (mut told, mut real, mut covered) = (0.0, 0.0, 0);
        for list in &lists {
            let (estimated, variance, held) = list.tried(method, 25, 40);
            told += estimated;
            real += variance;
            covered += held;
        }
        let (ratio, covered) = (told / real, f64::from(covered) / 1_200.0);
        let key = method.card.key;
        let off = if key.contains("systematic") {
            0.4
        } else {
            0.15
        };
        if (ratio - 1.0).abs() > off || (covered - 0.95).abs() > 0.03 {
            wrong.push(format!(
                "{key}: {ratio:.3} of the variance, {covered:.3} of the intervals"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_released_part_of_a_simple_sample_is_a_simple_sample() {
    // Four of eight were drawn, and two of them called.
    let list = list(0);
    let mut sample = list.drawn(METHODS[0], 4, &Seed::new("part").expect("not blank"));
    (sample.population, sample.probability) = (vec![8], vec![0.5; 4]);
    let worked = [true, false, true, false];
    let scores = [3.0, 0.0, 8.0, 0.0];
    let chances = || Chances::of(&sample, &worked);
    let table = Joint::from_fn(4, |k, l| if k == l { 0.5 } else { 4.0 * 3.0 / (8.0 * 7.0) });
    let amounts = [vec![1.0, 5.0, 2.0, 3.0]];
    let places = [vec![0.0], vec![1.0], vec![2.0], vec![3.0]];
    let (fixed, any) = (Estimator::SenYatesGrundy, Estimator::HorvitzThompson);
    let local = LocalMean::of(chances(), &places, 1).expect("places");
    let rules: [Box<dyn Rule + '_>; 7] = [
        Box::new(Strata::of(&sample, &worked)),
        Box::new(Unequal::of(chances())),
        Box::new(Paired::by(fixed, Pairs::Table(&table), chances())),
        Box::new(Paired::by(any, Pairs::Table(&table), chances())),
        Box::new(Successive::of(
            chances(),
            &[4, 3, 2, 1],
            Differences::Overlapping,
        )),
        Box::new(Balanced::on(&amounts, chances()).expect("amounts")),
        Box::new(local),
    ];
    for rule in &rules {
        // (1 − 2/8) · 2/1 · 2 · 2.5²
        near(rule.variance(&scores, &[0, 2]).expect("two units"), 18.75);
        assert_eq!(rule.degrees(&[0, 2]), 1);
    }
}
