//! What calibration and its variances cost, on the table that `benches/peers.py` makes for all.
//!
//! ```text
//! cargo bench --bench weigh -- rake TABLE         rake five margins to 1e-9, then 20 means
//! cargo bench --bench weigh -- bootstrap TABLE    500 replicates, each raked again, then 20 means
//! cargo bench --bench weigh -- greg TABLE         calibrate on all columns of numbers, then a mean
//! cargo bench --bench weigh -- domains TABLE      the mean of every column of numbers in every domain
//! ```
//!
//! Prints the seconds of the work alone, after reading; the last line is nothing else.

#![expect(clippy::print_stdout, reason = "a benchmark prints its times")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use canvass::estimate::variance::replicate::{Method, Replicated, Replicates, Units};
use canvass::estimate::variance::{Clusters, Design, Stage};
use canvass::estimate::{Answers, Domain, Estimate, Estimator, Mean, Statistic};
use canvass::field::{Class, Outcomes};
use canvass::files::data::{Data, columns};
use canvass::frame::Codes;
use canvass::math::sum;
use canvass::random::Seed;
use canvass::weigh::{Amount, Calibrate, Controls, Distance, Ledger, Margin, Rake};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let [task, path] = words.as_slice() else {
        println!("which task, and which table?");
        return;
    };
    let table = Table::read(Path::new(path));
    let began = Instant::now();
    match task.as_str() {
        "rake" => println!("{:?}", rake(&table).value),
        "bootstrap" => println!("{:?}", bootstrap(&table)),
        "greg" => println!("{:?}", greg(&table).value),
        "domains" => println!("{:?}", domains(&table).len()),
        other => println!("no task is called {other}"),
    }
    println!("{:.6}", began.elapsed().as_secs_f64());
}

/// A column of numbers, which calibration borrows.
struct Item {
    name: String,
    values: Arc<Vec<f64>>,
}

impl<'a> From<&'a Item> for Answers<'a> {
    fn from(item: &'a Item) -> Answers<'a> {
        (item.name.as_str(), item.values.as_slice()).into()
    }
}

/// What the tasks need of the table.
struct Table {
    weights: Vec<f64>,
    strata: Codes,
    clusters: Codes,
    domains: Codes,
    margins: Vec<(String, Codes)>,
    items: Vec<Item>,
    outcomes: Outcomes,
}

impl Table {
    fn read(path: &Path) -> Table {
        let names = columns(path).expect("a table");
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut data = Data::read(path, &all).expect("a table");
        let codes = |data: &Data, name: &str| data.labels(name).expect("a column of labels").0;
        let of = |letter: char| {
            let is_number = |rest: &str| rest.parse::<u32>().is_ok();
            let named = move |name: &&String| name.strip_prefix(letter).is_some_and(is_number);
            names.iter().filter(named).cloned()
        };
        let weights = numbers(&mut data, "w");
        let (strata, clusters) = (codes(&data, "h"), codes(&data, "psu"));
        let margins = of('m').map(|name| (name.clone(), codes(&data, &name)));
        let margins = margins.collect();
        let domains = codes(&data, "d");
        let item = |name: String| Item {
            values: Arc::new(numbers(&mut data, &name)),
            name,
        };
        Table {
            strata,
            clusters,
            domains,
            margins,
            items: of('y').map(item).collect(),
            outcomes: Outcomes {
                class: vec![Class::Interview; weights.len()],
                code: vec![None; weights.len()],
                attempts: vec![1; weights.len()],
                items: vec![],
            },
            weights,
        }
    }

    fn ledger(&self) -> Ledger {
        Ledger::given(self.weights.clone()).expect("weights above 0")
    }

    /// The margins, each with a tenth more people than the weights give.
    fn margins(&self) -> Vec<Margin> {
        let margin = |(name, levels): &(String, Codes)| {
            let mut totals = vec![0.0; levels.labels().len()];
            for (&level, weight) in levels.codes().iter().zip(&self.weights) {
                totals[level as usize] += weight * 1.1;
            }
            let totals: BTreeMap<String, f64> =
                levels.labels().iter().cloned().zip(totals).collect();
            Margin::new(name.as_str(), levels.clone(), &totals).expect("all levels are there")
        };
        self.margins.iter().map(margin).collect()
    }

    /// Clusters in strata, drawn from populations without end.
    fn design(&self) -> Design<'_> {
        let stage = Stage {
            strata: Some(&self.strata),
            clusters: Some(&self.clusters),
            population: None,
        };
        Design {
            stages: vec![stage],
            ..Design::of(&self.weights)
        }
    }

    /// The ledger, raked to the margins.
    fn raked(&self) -> Ledger {
        let mut ledger = self.ledger();
        let step = Rake::to(self.margins(), 1e-9, 1_000).expect("margins that agree");
        let taken = ledger.take(Box::new(step), &self.outcomes);
        taken.expect("margins can be met");
        ledger
    }

    fn mean(&self, ledger: &Ledger, items: &[Item]) -> Estimate {
        let rule = Clusters::of(&self.design()).expect("a design");
        let estimator = Estimator::by(Box::new(rule), ledger, 0.95);
        let mean = |item: &Item| {
            estimator
                .estimate(&Mean::of(item), &Domain::all())
                .expect("everybody answered")
        };
        let mut means: Vec<Estimate> = items.par_iter().map(mean).collect();
        means.pop().expect("one item at least")
    }
}

fn numbers(data: &mut Data, name: &str) -> Vec<f64> {
    let column = data.column(name).expect("a column of numbers");
    column.into_all().expect("numbers in all rows")
}

/// Every mean in every domain, from codes and numbers to intervals.
fn domains(table: &Table) -> Vec<Estimate> {
    let ledger = table.ledger();
    let rule = Clusters::of(&table.design()).expect("a design");
    let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    let domains = Domain::each(&table.domains);
    let means = |domain: &Domain<'_>| {
        let within = estimator.within(domain);
        let mean = |item| within.estimate(&Mean::of(item)).expect("answers");
        table.items.iter().map(mean).collect::<Vec<Estimate>>()
    };
    let found: Vec<Vec<Estimate>> = domains.par_iter().map(means).collect();
    found.concat()
}

/// Rakes to the margins, and estimates every item with what raking leaves of its scores.
fn rake(table: &Table) -> Estimate {
    table.mean(&table.raked(), &table.items)
}

/// The standard error of the last mean, by 500 bootstrap replicates that are all raked again.
fn bootstrap(table: &Table) -> Option<f64> {
    let ledger = table.raked();
    let units = Units::of(&table.design()).expect("a design");
    let method = Method::Bootstrap { replicates: 500 };
    let seed = Seed::new("bench").expect("not blank");
    let replicates = Replicates::made(method, units, &seed).expect("two clusters each");
    let replicated = Replicated::new(&replicates, &ledger, &table.outcomes, 0.95);
    let means: Vec<Mean<'_>> = table.items.iter().map(Mean::of).collect();
    let all = Domain::all();
    let figures: Vec<(&dyn Statistic, &Domain<'_>)> = means
        .iter()
        .map(|mean| (mean as &dyn Statistic, &all))
        .collect();
    let found = replicated.estimates(&figures).pop().expect("a figure");
    found.expect("everybody answered").standard_error()
}

/// Calibrates on every column of numbers, to a tenth more than the weights give, and estimates the last.
fn greg(table: &Table) -> Estimate {
    let amount = |item: &Item| {
        let total = 1.1 * sum(item.values.iter().zip(&table.weights).map(|(y, w)| y * w));
        Amount::new(item.name.as_str(), Arc::clone(&item.values), total).expect("numbers")
    };
    let (last, rest) = table.items.split_last().expect("items");
    let controls = Controls::new(vec![], rest.iter().map(amount).collect()).expect("controls");
    let mut ledger = table.ledger();
    let step = Calibrate::to(controls, Distance::Linear, 1e-9, 100).expect("a distance");
    ledger
        .take(Box::new(step), &table.outcomes)
        .expect("controls can be met");
    table.mean(&ledger, std::slice::from_ref(last))
}
