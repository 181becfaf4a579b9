//! Thousands of samples from a population that is known: as many intervals must hold the truth as
//! are said to.
//!
//! The population is the 6 194 schools of `tests/data/api/apipop.csv`, and in [`skewed`] and [`replicated`] a
//! region that does not exist, in which a few spend much; in [`ranks`] it is firms whose order is known. Seeds
//! are fixed, so a test that passes once passes always; its bounds are far enough for other seeds too.

mod ranks;

mod region;

mod replicated;

mod skewed;

use std::collections::BTreeMap;

use canvass::draw::{self, Sample};
use canvass::estimate::{Domain, Estimate, Estimator, Mean};
use canvass::field::{Class, Item, Outcomes};
use canvass::frame::{Codes, Frame, Numbering, Roles, Rows};
use canvass::progress::Silent;
use canvass::random::{Seed, Stream};
use canvass::weigh::{Ledger, Margin, Nonresponse, Rake, Unknown};
use rayon::prelude::*;

const DRAWS: u32 = 2_000;

/// Of 2 000 intervals of 95 %, 95 % ± 0.49 % hold the truth; four standard errors.
const COVERED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

/// All schools, as a list to draw from and as what is true of them. Rows are those of the file.
struct Population {
    frame: Frame,
    types: Codes,
    improved: Codes,
    /// How many pupils get free meals: few, some or many.
    meals: Codes,
    scores: Vec<f64>,
}

impl Population {
    fn read() -> Population {
        let mut reader =
            csv::Reader::from_path("tests/data/api/apipop.csv").expect("the population");
        let header = reader.headers().expect("a header").clone();
        let rows: Vec<csv::StringRecord> =
            reader.records().map(|row| row.expect("a row")).collect();
        let column = |name: &str| -> Vec<&str> {
            let place = header
                .iter()
                .position(|known| known == name)
                .expect("a known column");
            rows.iter().map(|row| &row[place]).collect()
        };
        let meals = |percent: &str| match percent.parse().expect("a percentage") {
            0..30 => "few",
            30..65 => "some",
            65_u32.. => "many",
        };
        let listed: Vec<[&str; 2]> = column("cds")
            .into_iter()
            .zip(column("stype"))
            .map(<[&str; 2]>::from)
            .collect();
        let roles = Roles {
            unit: "cds".into(),
            strata: vec!["stype".into()],
            cells: vec!["stype".into()],
            ..Roles::default()
        };
        let list = Box::new(Rows::new("schools", &["cds", "stype"], &listed));
        Population {
            frame: Frame::new(list, roles, Numbering::Chinese).expect("all columns are there"),
            types: Codes::from_labels(column("stype")),
            improved: Codes::from_labels(column("comp.imp")),
            meals: Codes::from_labels(column("meals").into_iter().map(meals)),
            scores: column("api00")
                .iter()
                .map(|text| text.parse().expect("a score"))
                .collect(),
        }
    }

    fn truth(&self) -> f64 {
        self.scores.iter().sum::<f64>() / self.scores.len() as f64
    }

    fn draw(&self, takes: [(&str, u64); 3], seed: &Seed) -> Sample {
        let totals = totals(&self.types);
        let shares = takes.map(|(label, take)| draw::Share {
            labels: vec![label.to_owned()],
            population: totals[label] as u64,
            take,
        });
        draw::simple(&self.frame, &shares, 1, seed, &Silent).expect("a possible draw")
    }

    /// What is known after the calls.
    fn outcomes(&self, sample: &Sample, class: Vec<Class>) -> Outcomes {
        let said = sample
            .row
            .iter()
            .map(|&row| self.scores[row as usize])
            .zip(&class);
        let values = said
            .map(|(score, class)| Some(score).filter(|_| class.responds()))
            .collect();
        Outcomes {
            code: vec![None; class.len()],
            attempts: vec![1; class.len()],
            items: vec![Item {
                name: "api00".into(),
                values,
            }],
            class,
        }
    }

    /// Calls go as they go: some lines stay dead, more of them in high schools, and where many
    /// pupils get free meals few answer.
    fn call(&self, sample: &Sample, stream: &mut Stream) -> Vec<Class> {
        let call = |&row: &u64| {
            let (reached, willing) = (stream.unit(), stream.unit());
            let reachable = if self.types.label(row as usize) == "H" {
                0.75
            } else {
                0.9
            };
            if reached >= reachable {
                return Class::UnknownNumber;
            }
            let answers = match self.meals.label(row as usize) {
                "few" => 0.8,
                "some" => 0.6,
                _ => 0.45,
            };
            if willing < answers {
                Class::Interview
            } else {
                Class::Refusal
            }
        };
        sample.row.iter().map(call).collect()
    }

    /// Weights with steps for both ways in which a call may fail.
    fn weigh(&self, sample: &Sample, outcomes: &Outcomes) -> Ledger {
        let mut ledger = Ledger::base(sample, outcomes).expect("released");
        let unknown = Unknown::within(drawn(&self.types, sample), outcomes);
        ledger
            .take(Box::new(unknown), outcomes)
            .expect("some are known");
        let nonresponse = Nonresponse::within(drawn(&self.meals, sample), outcomes);
        ledger
            .take(Box::new(nonresponse), outcomes)
            .expect("some answer");
        ledger
    }

    /// A rake to the numbers of schools by type, and by whether they improved.
    fn rake(&self, sample: &Sample) -> Rake {
        let margin = |name: &str, codes: &Codes| {
            Margin::new(name, drawn(codes, sample), &totals(codes)).expect("every level is drawn")
        };
        let margins = vec![
            margin("type", &self.types),
            margin("improved", &self.improved),
        ];
        Rake::to(margins, 1e-9, 1_000).expect("one population")
    }
}

/// The labels of the drawn schools.
fn drawn(codes: &Codes, sample: &Sample) -> Codes {
    let picked = sample.row.iter().map(|&row| codes.codes()[row as usize]);
    Codes::new(codes.labels().to_vec(), picked.collect())
}

/// How many schools have each label.
fn totals(codes: &Codes) -> BTreeMap<String, f64> {
    let mut totals = vec![0.0; codes.labels().len()];
    for &code in codes.codes() {
        totals[code as usize] += 1.0;
    }
    codes.labels().iter().cloned().zip(totals).collect()
}

fn mean(sample: &Sample, ledger: &Ledger, outcomes: &Outcomes) -> Estimate {
    let mean = Mean::of(&outcomes.items[0]);
    Estimator::new(sample, ledger, 0.95)
        .estimate(&mean, &Domain::all())
        .expect("some answered")
}

/// What all draws together say.
#[derive(Debug)]
struct Verdict {
    /// The share of intervals that hold the truth.
    covered: f64,
    /// The mean of estimates less the truth, in standard errors of that mean.
    bias: f64,
    /// The mean of variances over the variance between estimates.
    honesty: f64,
}

/// Surveys the population again and again, each time with another seed.
fn again_and_again(truth: f64, survey: impl Fn(&Seed) -> Estimate + Sync) -> Verdict {
    let estimates: Vec<Estimate> = (0..DRAWS)
        .into_par_iter()
        .map(|i| survey(&Seed::new(format!("coverage {i}")).expect("not blank")))
        .collect();
    let n = f64::from(DRAWS);
    let average = |value: &dyn Fn(&Estimate) -> f64| estimates.iter().map(value).sum::<f64>() / n;
    let middle = average(&|estimate| estimate.value);
    let between = average(&|estimate| (estimate.value - middle).powi(2)) * n / (n - 1.0);
    let covers = |estimate: &Estimate| {
        estimate
            .interval
            .is_some_and(|(low, high)| low <= truth && truth <= high)
    };
    Verdict {
        covered: average(&|estimate| f64::from(u8::from(covers(estimate)))),
        bias: (middle - truth) / (between / n).sqrt(),
        honesty: average(&|estimate| *estimate.variance.as_ref().expect("no stratum is lonely"))
            / between,
    }
}

#[track_caller]
fn holds(verdict: &Verdict) {
    assert!(COVERED.contains(&verdict.covered), "{verdict:?}");
    assert!(verdict.bias.abs() < 4.0, "{verdict:?}");
    // The variance between 2 000 estimates is known to √(2/2 000), 3.2 %; four standard errors.
    assert!((verdict.honesty - 1.0).abs() < 0.127, "{verdict:?}");
}

#[test]
fn intervals_of_stratified_samples_cover_the_truth() {
    let population = Population::read();
    assert!((population.truth() - 664.712_6).abs() < 5e-5);
    holds(&again_and_again(population.truth(), |seed| {
        let sample = population.draw([("E", 100), ("H", 50), ("M", 50)], seed);
        let outcomes = population.outcomes(&sample, vec![Class::Interview; sample.len()]);
        mean(
            &sample,
            &Ledger::base(&sample, &outcomes).expect("released"),
            &outcomes,
        )
    }));
}

#[test]
fn intervals_cover_the_truth_through_all_weighting_steps() {
    let population = Population::read();
    holds(&again_and_again(population.truth(), |seed| {
        let sample = population.draw([("E", 400), ("H", 150), ("M", 150)], seed);
        let class = population.call(&sample, &mut seed.stream("calls"));
        let outcomes = population.outcomes(&sample, class);
        let mut ledger = population.weigh(&sample, &outcomes);
        ledger
            .take(Box::new(population.rake(&sample)), &outcomes)
            .expect("it converges");
        mean(&sample, &ledger, &outcomes)
    }));
}

#[test]
fn intervals_of_a_census_cover_the_truth_although_not_all_answer() {
    // All middle and high schools, and no others: nothing is left to the draw, and all uncertainty
    // is in who answers.
    let population = Population::read();
    let seed = Seed::new("census").expect("not blank");
    let sample = population.draw([("E", 0), ("H", 755), ("M", 1_018)], &seed);
    let scores = sample
        .row
        .iter()
        .map(|&row| population.scores[row as usize]);
    holds(&again_and_again(
        scores.sum::<f64>() / sample.len() as f64,
        |seed| {
            let class = population.call(&sample, &mut seed.stream("calls"));
            let outcomes = population.outcomes(&sample, class);
            mean(&sample, &population.weigh(&sample, &outcomes), &outcomes)
        },
    ));
}
