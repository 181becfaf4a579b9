//! Two waves drawn over and over from lists that changed.

use super::trials::Wave;
use super::{Change, Figure, Shared, together};
use crate::draw::unequal::{order, poisson};
use crate::draw::waves::coordinate::{self, Turn};
use crate::draw::{Method, Pool, Probabilities, equal::smallest};
use crate::estimate::variance::{Chances, Independent, Rule, Unequal};
use crate::estimate::{Domain, Estimator, Total};
use crate::field::Item;
use crate::math::{Moments, sum};
use crate::random::Seed;
use crate::weigh::Ledger;

/// A person: answers, whether in each list, strata, and size.
struct Person {
    said: [f64; 2],
    listed: [bool; 2],
    stratum: [&'static str; 2],
    size: f64,
}

/// People of whom some come, some go, and some move.
fn people() -> Vec<Person> {
    let mut stream = Seed::new("people who move")
        .expect("not blank")
        .stream("test");
    let mut person = |k: usize| {
        let size = 1.0 + 9.0 * stream.unit().powi(2);
        let stable = size * (2.0 + stream.unit());
        let small = size < 4.0;
        let moves = stream.unit() < 0.15;
        let stratum = |small: bool| if small { "small" } else { "large" };
        Person {
            said: [0, 1].map(|wave| stable + f64::from(wave) + 3.0 * stream.unit()),
            listed: [k < 320, k >= 60],
            stratum: [stratum(small), stratum(small != moves)],
            size,
        }
    };
    (0..400).map(&mut person).collect()
}

/// How a wave is drawn, and how many of each stratum.
#[derive(Clone, Copy)]
struct Way {
    method: &'static Method,
    turns: [Turn; 2],
}

/// (change, V̂, without the covariance, bounded) of one pair of waves.
fn trial(people: &[Person], way: Way, seed: &Seed) -> (f64, Option<f64>, f64, bool) {
    let key = way.method.card.key;
    let waves = [0, 1].map(|wave| {
        let (mut units, mut population) = (Vec::new(), Vec::new());
        for label in ["large", "small"] {
            let is_in = |k: &usize| people[*k].listed[wave] && people[*k].stratum[wave] == label;
            let here: Vec<usize> = (0..people.len()).filter(is_in).collect();
            let take = 24 + 6 * wave;
            let sizes: Vec<f64> = here.iter().map(|&k| people[k].size).collect();
            let chances = match key {
                "simple" => Probabilities::equal(here.len(), take),
                _ => Probabilities::by_size(&sizes, take),
            };
            let chances = chances.expect("fewer than there are");
            let ids: Vec<String> = here.iter().map(usize::to_string).collect();
            let pool = Pool::new(label, &ids, &chances);
            let drawn = coordinate::draw(way.method, &pool, way.turns[wave], seed).expect("drawn");
            units.extend(
                drawn
                    .into_iter()
                    .map(|place| (here[place], label, chances.of(place))),
            );
            population.push((label, here.len() as u64));
        }
        (Wave::of(&units, &population), units)
    });
    let found = [0, 1].map(|wave| {
        let (_, units) = &waves[wave];
        let ledger = Ledger::given(units.iter().map(|unit| 1.0 / unit.2).collect());
        let values = units
            .iter()
            .map(|unit| Some(people[unit.0].said[wave]))
            .collect();
        let item = Item {
            name: "y".into(),
            values,
        };
        (ledger.expect("weights"), item)
    });
    let change = changed([&waves[0].0, &waves[1].0], &found, (key, way.turns));
    let alone = [&change.first, &change.second].map(|one| *one.variance.as_ref().expect("many"));
    (
        change.change.value,
        change.change.variance.ok(),
        alone[0] + alone[1],
        !change.bounds.is_empty(),
    )
}

fn changed(
    waves: [&Wave; 2],
    found: &[(Ledger, Item); 2],
    (key, turns): (&str, [Turn; 2]),
) -> Change {
    let totals = [0, 1].map(|wave| Total::of(&found[wave].1));
    let all = Domain::all();
    let rules = waves.map(|wave| {
        let chances = Chances::given(&wave.stratum, &wave.chance).expect("chances");
        match key {
            "poisson" => Box::new(Independent::of(chances)) as Box<dyn Rule>,
            _ => Box::new(Unequal::of(chances)),
        }
    });
    let [one, two] = rules;
    let estimators = [
        Estimator::by(one, &found[0].0, 0.95),
        Estimator::by(two, &found[1].0, 0.95),
    ];
    let figures = [0, 1].map(|wave| Figure {
        ledger: &found[wave].0,
        statistic: &totals[wave],
        domain: &all,
    });
    let drawn = waves.map(|wave| match key {
        "poisson" => wave.each(),
        "simple" => wave.simple(),
        _ => wave.fixed(),
    });
    let change = together(
        [&estimators[0], &estimators[1]],
        [&figures[0], &figures[1]],
        drawn,
        Shared::Numbers(turns),
    );
    change.expect("both waves")
}

/// The mean of variances over the variance of changes, the same without the covariance, and whether any was bounded.
fn ratios(people: &[Person], way: Way, times: u32) -> (f64, f64, bool) {
    let trial = |place: u32| {
        let seed = Seed::new(format!("wave {place}")).expect("not blank");
        trial(people, way, &seed)
    };
    let trials: Vec<_> = (0..times).map(trial).collect();
    let truth: Moments = trials.iter().map(|trial| trial.0).collect();
    let truth = truth.variance().expect("many");
    let known: Vec<f64> = trials.iter().filter_map(|trial| trial.1).collect();
    assert_eq!(known.len(), trials.len(), "none below 0");
    let mean = |values: &mut dyn Iterator<Item = f64>| sum(values) / f64::from(times) / truth;
    (
        mean(&mut known.into_iter()),
        mean(&mut trials.iter().map(|trial| trial.2)),
        trials.iter().any(|trial| trial.3),
    )
}

const METHODS: [&Method; 4] = [
    &smallest::METHOD,
    &order::PARETO,
    &order::SEQUENTIAL,
    &poisson::METHOD,
];

#[test]
fn over_many_waves_of_lists_that_changed_the_variance_is_that_of_the_change() {
    let people = people();
    let moved = Turn::Rotate {
        share: 0.3,
        waves: 1,
    };
    for method in METHODS {
        for turns in [[Turn::Same; 2], [Turn::Same, moved]] {
            let (with, without, bounded) = ratios(&people, Way { method, turns }, 1_500);
            // 1 500 draws give the truth to 3.7 %, one standard error.
            let key = method.card.key;
            assert!((0.89..1.11).contains(&with), "{key} {turns:?}: {with}");
            assert!(without > 1.06 * with, "{key} {turns:?}: {without}");
            assert!(!bounded, "{key} {turns:?}");
        }
    }
}

#[test]
fn waves_that_avoid_each_other_have_a_variance_that_is_no_smaller_than_it_is() {
    let people = people();
    for method in METHODS {
        let turns = [Turn::Same, Turn::Reflect];
        let (with, _, bounded) = ratios(&people, Way { method, turns }, 600);
        let key = method.card.key;
        assert!((0.9..1.7).contains(&with), "{key}: {with}");
        assert!(bounded, "{key}");
    }
}
