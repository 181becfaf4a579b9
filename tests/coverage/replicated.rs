//! Replicates beside scores: the same samples, and the same variance but for chance.

use canvass::estimate::variance::replicate::{Method, Replicated, Replicates, Units};
use canvass::estimate::{Domain, Estimate, Estimator, Mean, Quantile, Ratio, Statistic, Total};
use canvass::random::Seed;
use canvass::weigh::{Distance, Ledger};
use rayon::prelude::*;

use super::region::{Drawn, Population};
use super::skewed::{COVERED, MUCH, Verdict, seed};

const BOTH: [(&str, Distance); 2] = [("linear", Distance::Linear), ("raking", Distance::Raking)];

/// A figure by replicates and by scores.
struct Both {
    name: &'static str,
    truth: &'static str,
    anew: Estimate,
    scores: Estimate,
}

/// What is asked of replicates.
struct Asked {
    draws: u32,
    method: Method,
    /// By which distances totals are calibrated.
    distances: &'static [(&'static str, Distance)],
}

impl Asked {
    /// Whether intervals cover as they should. A few hundred draws tell it to a few hundredths only: four
    /// standard errors.
    fn covers(&self, covered: f64) -> bool {
        if self.draws >= 1_000 {
            return COVERED.contains(&covered);
        }
        (covered - 0.95).abs() < 4.0 * (0.95 * 0.05 / f64::from(self.draws)).sqrt()
    }
}

/// The figures of a draw, by scores and by replicates.
fn figures(population: &Population, drawn: &Drawn, asked: &Asked, seed: &Seed) -> Vec<Both> {
    let method = &asked.method;
    let outcomes = population.outcomes(drawn);
    let (spent, before) = (&outcomes.items[0], &outcomes.items[1]);
    let columns = drawn.columns();
    let units = Units::of(&drawn.design(&columns)).expect("a design");
    let replicates = Replicates::made(method.clone(), units, seed).expect("it fits");
    let all = Domain::all();
    let (mean, ratio, total) = (Mean::of(spent), Ratio::of(spent, before), Total::of(spent));
    let median = Quantile::median(spent);
    let mut found = Vec::new();
    let mut add = |distance: Option<Distance>, figures: &[(&'static str, &dyn Statistic)]| {
        let mut ledger = Ledger::given(drawn.weights.clone()).expect("weights");
        if let Some(distance) = distance {
            let step = Box::new(population.calibration(drawn, distance));
            ledger.take(step, &outcomes).expect("it converges");
        }
        let estimator = Estimator::by(drawn.rule(&columns), &ledger, 0.95);
        let replicated = Replicated::new(&replicates, &ledger, &outcomes, 0.95);
        let asked: Vec<(&dyn Statistic, &Domain<'_>)> = figures
            .iter()
            .map(|(_, statistic)| (*statistic, &all))
            .collect();
        for ((name, statistic), anew) in figures.iter().zip(replicated.estimates(&asked)) {
            found.push(Both {
                name,
                truth: match *name {
                    "linear" | "raking" => "total",
                    name => name,
                },
                anew: anew.expect("answers"),
                scores: estimator.estimate(*statistic, &all).expect("answers"),
            });
        }
    };
    let plain: [(&str, &dyn Statistic); 3] =
        [("mean", &mean), ("ratio", &ratio), ("median", &median)];
    // The jackknife of a median does not settle down.
    let settles = if matches!(method, Method::Jkn) { 2 } else { 3 };
    add(None, &plain[..settles]);
    for &(name, distance) in asked.distances {
        add(Some(distance), &[(name, &total)]);
    }
    found
}

/// By so much more or less than chance allows may variances by replicates and by scores differ on average:
/// by terms of the next order in 1/n. Replicates fit a calibration anew and see what its fit costs, which
/// scores do not: with 60 villages, or 200 people, up to a tenth.
fn apart(name: &str) -> f64 {
    match name {
        "mean" => 0.005,
        "ratio" => 0.015,
        "median" => 0.05,
        _ => 0.1,
    }
}

/// Draws again and again. Intervals by replicates must cover, and variances be those of scores on average.
#[track_caller]
fn agree(name: &str, asked: &Asked, population: &Population, draw: impl Fn(&Seed) -> Drawn + Sync) {
    let truths = population.truths(MUCH);
    let all: Vec<Vec<Both>> = (0..asked.draws)
        .into_par_iter()
        .map(|i| {
            let seed = seed(name, i);
            figures(population, &draw(&seed), asked, &seed)
        })
        .collect();
    let mut fails = Vec::new();
    for place in 0..all[0].len() {
        let column: Vec<&Both> = all.iter().map(|found| &found[place]).collect();
        let first = column[0];
        let anew: Vec<&Estimate> = column.iter().map(|both| &both.anew).collect();
        let verdict = Verdict::of(first.name, truths[first.truth], &anew);
        let variance = |estimate: &Estimate| *estimate.variance.as_ref().expect("a variance");
        let sum = |of: &dyn Fn(&Both) -> f64| column.iter().map(|both| of(both)).sum::<f64>();
        let scores = sum(&|both| variance(&both.scores));
        let ratio = sum(&|both| variance(&both.anew)) / scores;
        let off = |both: &Both| variance(&both.anew) - ratio * variance(&both.scores);
        let unsure = sum(&|both| off(both).powi(2)).sqrt() / scores;
        let alike = (ratio - 1.0).abs() < 4.0 * unsure + apart(first.name);
        if !alike || !asked.covers(verdict.covered) || !verdict.honest() {
            fails.push((verdict, ratio, unsure));
        }
    }
    assert!(fails.is_empty(), "{fails:#?}");
}

#[test]
fn the_jackknife_of_people_in_strata() {
    let people = Population::people();
    let asked = Asked {
        draws: 2_000,
        method: Method::Jkn,
        distances: &[],
    };
    let draw = |seed: &Seed| people.simple([160, 120, 120], seed);
    agree("jackknife", &asked, &people, draw);
}

#[test]
fn the_jackknife_calibrates_again_and_again() {
    let people = Population::people();
    let asked = Asked {
        draws: 600,
        method: Method::Jkn,
        distances: &BOTH[..1],
    };
    let draw = |seed: &Seed| people.simple([80, 60, 60], seed);
    agree("jackknife", &asked, &people, draw);
}

#[test]
fn half_samples_of_pairs_of_villages() {
    let people = Population::people();
    let asked = Asked {
        draws: 1_000,
        method: Method::Brr,
        distances: &BOTH,
    };
    let draw = |seed: &Seed| people.pairs(6, seed);
    agree("half-samples", &asked, &people, draw);
}

#[test]
fn the_bootstrap_of_villages_and_people() {
    let people = Population::people();
    let asked = Asked {
        draws: 1_000,
        method: Method::Bootstrap { replicates: 20 },
        distances: &BOTH,
    };
    let draw = |seed: &Seed| people.villages([25, 25, 25], 5, seed);
    agree("bootstrap", &asked, &people, draw);
}
