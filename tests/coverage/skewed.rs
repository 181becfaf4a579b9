//! Where a few spend much: strata, villages, and shops by size.

use canvass::estimate::{
    Domain, Estimate, Estimator, Mean, Quantile, Ratio, Share, ShareInterval, Test, Total, quantile,
};
use canvass::random::Seed;
use canvass::weigh::{Distance, Ledger, Step};
use rayon::prelude::*;

use super::region::{Drawn, Population};

/// Of 2 000 intervals of 95 %, 95 % ± 0.49 % hold the truth.
pub const COVERED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

/// Who spends at least so much is counted.
pub const MUCH: f64 = 15.0;

/// All that is estimated from a draw: a name, which truth it is of, and the figure.
type Figures = Vec<(&'static str, &'static str, Estimate)>;

/// All figures of a draw.
fn figures(population: &Population, drawn: &Drawn) -> Figures {
    let outcomes = population.outcomes(drawn);
    let (spent, before) = (&outcomes.items[0], &outcomes.items[1]);
    let columns = drawn.columns();
    let sex = population.sex(drawn);
    let everybody = Domain::all();
    let ledger = Ledger::given(drawn.weights.clone()).expect("weights");
    let estimator = Estimator::by(drawn.rule(&columns), &ledger, 0.95);
    let estimate = |statistic: &dyn canvass::estimate::Statistic, domain: &Domain<'_>| {
        estimator.estimate(statistic, domain).expect("answers")
    };
    let at = |p: f64| {
        let quantile = Quantile::of(spent, p, quantile::Rule::default()).expect("between");
        let by = ShareInterval::Student;
        quantile
            .estimate(&estimator, &ledger, &everybody, by)
            .expect("answers")
    };
    let share = Share::of(spent, Test::AtLeast(MUCH));
    let mut found = vec![
        ("mean", "mean", estimate(&Mean::of(spent), &everybody)),
        ("share", "share", estimate(&share, &everybody)),
        (
            "ratio",
            "ratio",
            estimate(&Ratio::of(spent, before), &everybody),
        ),
        (
            "domain",
            "domain",
            estimate(&Mean::of(spent), &Domain::each(&sex)[1]),
        ),
        ("median", "median", at(0.5)),
        ("upper quarter", "upper quarter", at(0.75)),
    ];
    let steps: [(&str, Box<dyn Step>); 3] = [
        (
            "linear",
            Box::new(population.calibration(drawn, Distance::Linear)),
        ),
        (
            "raking",
            Box::new(population.calibration(drawn, Distance::Raking)),
        ),
        ("margins", Box::new(population.rake(drawn))),
    ];
    for (name, step) in steps {
        let mut ledger = Ledger::given(drawn.weights.clone()).expect("weights");
        ledger.take(step, &outcomes).expect("it converges");
        let estimator = Estimator::by(drawn.rule(&columns), &ledger, 0.95);
        let total = estimator.estimate(&Total::of(spent), &everybody);
        found.push((name, "total", total.expect("answers")));
    }
    found
}

/// What all draws together say of a figure.
#[derive(Debug)]
pub struct Verdict {
    pub name: &'static str,
    /// The share of intervals that hold the truth.
    pub covered: f64,
    /// The mean of estimates less the truth, in standard deviations of an estimate.
    pub bias: f64,
    /// The mean of variances over the variance between estimates, and its standard error.
    pub honesty: (f64, f64),
}

impl Verdict {
    pub fn of(name: &'static str, truth: f64, estimates: &[&Estimate]) -> Verdict {
        let n = estimates.len() as f64;
        let mean = |of: &dyn Fn(&Estimate) -> f64| estimates.iter().map(|e| of(e)).sum::<f64>() / n;
        let variance = |e: &Estimate| *e.variance.as_ref().expect("a variance");
        let middle = mean(&|e| e.value);
        let between = mean(&|e| (e.value - middle).powi(2)) * n / (n - 1.0);
        let told = mean(&variance);
        // Of a ratio of means: the parts of it that each draw contributes.
        let off = |e: &Estimate| variance(e) / told - (e.value - middle).powi(2) / between;
        let honesty = told / between;
        let covers = |e: &Estimate| e.interval.is_some_and(|(l, u)| l <= truth && truth <= u);
        Verdict {
            name,
            covered: mean(&|e| f64::from(u8::from(covers(e)))),
            bias: (middle - truth) / between.sqrt(),
            honesty: (honesty, honesty * (mean(&|e| off(e).powi(2)) / n).sqrt()),
        }
    }

    /// Whether variances are right on average, as far as so many draws can tell. The interval of a quantile
    /// is made to cover; the square of its width is on average above the variance, by up to a fifth here.
    pub fn honest(&self) -> bool {
        let (honesty, unsure) = self.honesty;
        let wide = match self.name {
            "median" | "upper quarter" => 0.2,
            _ => 0.0,
        };
        (-4.0 * unsure..4.0 * unsure + wide).contains(&(honesty - 1.0))
    }
}

pub fn seed(name: &str, draw: u32) -> Seed {
    Seed::new(format!("{name} {draw}")).expect("not blank")
}

/// Draws again and again, and judges every figure.
fn verdicts(
    name: &str,
    draws: u32,
    population: &Population,
    draw: impl Fn(&Seed) -> Drawn + Sync,
) -> Vec<Verdict> {
    let truths = population.truths(MUCH);
    let all: Vec<Figures> = (0..draws)
        .into_par_iter()
        .map(|i| figures(population, &draw(&seed(name, i))))
        .collect();
    let judge = |place: usize| {
        let (name, truth, _) = all[0][place];
        let estimates: Vec<&Estimate> = all.iter().map(|found| &found[place].2).collect();
        Verdict::of(name, truths[truth], &estimates)
    };
    (0..all[0].len()).map(judge).collect()
}

#[track_caller]
fn hold(verdicts: &[Verdict]) {
    let holds = |v: &&Verdict| COVERED.contains(&v.covered) && v.bias.abs() < 0.15 && v.honest();
    let fails: Vec<&Verdict> = verdicts.iter().filter(|v| !holds(v)).collect();
    assert!(fails.is_empty(), "{fails:#?}");
}

#[test]
fn stratified_samples() {
    let people = Population::people();
    let draw = |seed: &Seed| people.simple([160, 120, 120], seed);
    hold(&verdicts("stratified", 2_000, &people, draw));
}

#[test]
fn villages_and_people_of_them() {
    let people = Population::people();
    let draw = |seed: &Seed| people.villages([42, 42, 42], 5, seed);
    hold(&verdicts("villages", 2_000, &people, draw));
}

#[test]
fn shops_by_size() {
    let shops = Population::shops();
    let draw = |seed: &Seed| shops.by_size([90, 80, 80], seed);
    hold(&verdicts("shops", 2_000, &shops, draw));
}

/// What the guide says of intervals of 95 % where few are asked, in parts of a thousand.
const FEW: [(&str, [u32; 2]); 6] = [
    ("mean", [928, 938]),
    ("share", [942, 912]),
    ("ratio", [944, 936]),
    ("median", [955, 941]),
    ("linear", [919, 929]),
    ("raking", [913, 920]),
];

#[test]
fn small_samples_hold_a_little_less_as_the_guide_says() {
    let people = Population::people();
    let shops = Population::shops();
    let draw = |seed: &Seed| people.simple([20; 3], seed);
    let of_people = verdicts("simple 20", 2_000, &people, draw);
    let draw = |seed: &Seed| shops.by_size([15; 3], seed);
    let of_shops = verdicts("shops 15", 2_000, &shops, draw);
    for (name, said) in FEW {
        for (verdicts, said) in [&of_people, &of_shops].into_iter().zip(said) {
            let verdict = verdicts.iter().find(|verdict| verdict.name == name);
            let verdict = verdict.expect("it is estimated");
            // Four standard errors.
            let off = verdict.covered - f64::from(said) / 1_000.0;
            assert!(off.abs() < 0.024, "{said} {verdict:?}");
        }
    }
}
