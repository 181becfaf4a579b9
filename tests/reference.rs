//! Numbers made elsewhere. A case is a folder in `tests/data/reference`; a new one needs no Rust.
//!
//! What a case may say is in `tests/data/README.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use canvass::draw::Sample;
use canvass::draw::approximate::Constant;
use canvass::estimate::variance::{
    ChanceStage, Chances, Clusters, Design, Estimator as By, Formula, Independent, Lonely, Paired,
    Pairs, Rule, Stage, Staged, Unequal,
};
use canvass::estimate::{Domain, Estimate, Estimator, Mean, Ratio, Share, Test, Total, Unknown};
use canvass::field::{Class, Item, Outcomes};
use canvass::frame::Codes;
use canvass::math::solve::Symmetric;
use canvass::weigh::{
    self, Alternate, Amount, Bounds, ByTree, Calibrate, Cap, Compose, Controls, Distance, Excess,
    Instruments, Ledger, Margin, Nonresponse, Poststratify, Predictors, Propensity, Rake, Trim,
    Uncertain, compose::Together, propensity, quality, tree::Branching, tree::Growth,
};
use serde::Deserialize;

const DATA: &str = "tests/data";

/// Relative tolerance of values, and of what is made of squares: standard errors and their kin.
const VALUE: f64 = 1e-10;
const SPREAD: f64 = crate::support::VS_R;

/// What is to be done: case.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    data: Option<PathBuf>,
    unit: Option<String>,
    #[serde(default)]
    strata: Vec<String>,
    population: Option<String>,
    weight: Option<String>,
    #[serde(default)]
    psu: Vec<String>,
    #[serde(default)]
    fpc: Vec<String>,
    #[serde(default)]
    nest: bool,
    #[serde(default)]
    chance: Vec<String>,
    variance: Option<String>,
    lonely: Option<String>,
    class: Option<String>,
    weigh: Option<Weigh>,
    figure: Vec<Figure>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weigh {
    steps: Vec<String>,
    #[serde(default)]
    unknown_by: Vec<String>,
    #[serde(default)]
    nonresponse_by: Vec<String>,
    #[serde(default)]
    margins: Vec<Vec<String>>,
    #[serde(default)]
    totals: Vec<BTreeMap<String, f64>>,
    #[serde(default)]
    amounts: BTreeMap<String, f64>,
    method: Option<String>,
    bounds: Option<[f64; 2]>,
    cap: Option<f64>,
    excess: Option<String>,
    #[serde(default)]
    tolerance: f64,
    #[serde(default)]
    rounds: u32,
    #[serde(default)]
    propensity_by: Vec<String>,
    classes: Option<u32>,
    #[serde(default)]
    weighted: bool,
    #[serde(default)]
    tree_by: Vec<String>,
    #[serde(default)]
    tree_ordered: Vec<String>,
    #[serde(default)]
    least: u64,
    #[serde(default)]
    level: f64,
    #[serde(default)]
    instrument_numbers: Vec<String>,
    #[serde(default)]
    covariance: Vec<Vec<f64>>,
    lists: Option<[String; 2]>,
    both: Option<String>,
    share: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    statistic: String,
    item: Option<String>,
    items: Option<[String; 2]>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    equals: Option<f64>,
    #[serde(default)]
    by: Vec<String>,
}

/// What must come out: expected.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    by: String,
    weights: Option<Weights>,
    row: Vec<Row>,
}

/// Of the final weights, and of the factors of the last step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    sum: f64,
    smallest: f64,
    largest: f64,
    smallest_factor: f64,
    largest_factor: f64,
    kish: Option<f64>,
    effective: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    statistic: String,
    item: String,
    domain: String,
    value: f64,
    se: Option<f64>,
    df: u64,
    n: u64,
    deff: Option<f64>,
    ci_low: Option<f64>,
    ci_high: Option<f64>,
    #[serde(default)]
    lonely: Vec<String>,
}

/// A table as it was read, its rows sorted by stratum.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: &Path) -> Table {
        let mut reader = csv::Reader::from_path(path).expect("the case's data");
        let texts = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = texts(reader.headers().expect("a header").clone());
        let rows = reader
            .records()
            .map(|row| texts(row.expect("a row")))
            .collect();
        Table { header, rows }
    }

    fn column(&self, name: &str) -> Vec<&str> {
        let place = self.header.iter().position(|known| known == name);
        let place = place.unwrap_or_else(|| panic!("no column '{name}'"));
        self.rows.iter().map(|row| row[place].as_str()).collect()
    }

    fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        let number = |text: &str| {
            (!text.is_empty()).then(|| text.parse().unwrap_or_else(|_| panic!("{name}: '{text}'")))
        };
        self.column(name).into_iter().map(number).collect()
    }

    fn all_numbers(&self, name: &str) -> Vec<f64> {
        self.numbers(name)
            .into_iter()
            .map(|x| x.unwrap_or_else(|| panic!("{name}: blank")))
            .collect()
    }

    /// Columns crossed; without any, everybody is "all".
    fn codes(&self, names: &[String]) -> Codes {
        let columns: Vec<Codes> = names
            .iter()
            .map(|name| Codes::from_labels(self.column(name)))
            .collect();
        if columns.is_empty() {
            return Codes::from_labels(vec!["all"; self.rows.len()]);
        }
        Codes::crossed(&columns.iter().collect::<Vec<_>>())
    }

    fn sort(&mut self, codes: &Codes) {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|&row| codes.code(row));
        self.rows = order.iter().map(|&row| self.rows[row].clone()).collect();
    }
}

/// The sample that the case's data is.
fn sample(case: &Case, table: &mut Table) -> Sample {
    table.sort(&table.codes(&case.strata));
    let stratum = table.codes(&case.strata);
    let mut population = vec![0; stratum.labels().len()];
    let mut drawn = vec![0_u32; stratum.labels().len()];
    let mut rank = Vec::new();
    let counts = case.population.as_ref().expect("a population");
    for (row, count) in table.all_numbers(counts).into_iter().enumerate() {
        let h = stratum.code(row);
        population[h] = count as u64;
        drawn[h] += 1;
        rank.push(drawn[h]);
    }
    let probability = match &case.weight {
        Some(weight) => table
            .all_numbers(weight)
            .into_iter()
            .map(|weight| 1.0 / weight)
            .collect(),
        None => {
            let chance = |h: usize| f64::from(drawn[h]) / population[h] as f64;
            (0..stratum.len())
                .map(|row| chance(stratum.code(row)))
                .collect()
        }
    };
    Sample {
        id: table
            .column(case.unit.as_ref().expect("a unit"))
            .into_iter()
            .map(str::to_owned)
            .collect(),
        row: (0..stratum.len() as u64).collect(),
        cell: Codes::from_labels(vec!["all"; stratum.len()]),
        columns: Vec::new(),
        replicate: vec![1; stratum.len()],
        basis: canvass::draw::Basis::default(),
        probability,
        population,
        stratum,
        rank,
    }
}

/// The design that the case's columns are, where weights came with the data.
fn clusters(case: &Case, table: &Table, weights: &[f64]) -> Clusters {
    let strata = (!case.strata.is_empty()).then(|| table.codes(&case.strata));
    let codes = |name: &String| table.codes(std::slice::from_ref(name));
    let psu: Vec<Codes> = case.psu.iter().map(codes).collect();
    let fpc: Vec<Vec<f64>> = case
        .fpc
        .iter()
        .map(|name| table.all_numbers(name))
        .collect();
    let stage = |place: usize| Stage {
        strata: strata.as_ref().filter(|_| place == 0),
        clusters: psu.get(place),
        population: fpc.get(place).map(Vec::as_slice),
    };
    let lonely = case.lonely.as_deref().map(|word| {
        let mut all = Lonely::ALL.into_iter();
        all.find(|lonely| lonely.word() == word)
            .unwrap_or_else(|| panic!("no rule is called '{word}'"))
    });
    let design = Design {
        stages: (0..psu.len().max(fpc.len()).max(1)).map(stage).collect(),
        nest: case.nest,
        lonely: lonely.unwrap_or_default(),
        weights,
    };
    Clusters::of(&design).unwrap_or_else(|unfit| panic!("{unfit}"))
}

/// The rule for unequal chances that the case names; `strata` are those of the first stage.
fn unequal<'a>(case: &Case, word: &str, table: &Table, strata: &'a Codes) -> Box<dyn Rule + 'a> {
    let columns = || case.chance.iter().map(|name| table.all_numbers(name));
    let chances: Vec<Vec<f64>> = columns().collect();
    let brewer = Formula::Brewer(Constant::Own);
    if !case.psu.is_empty() {
        assert_eq!(word, "brewer", "no other rule has stages");
        let codes = |name: &String| table.codes(std::slice::from_ref(name));
        let psu: Vec<Codes> = case.psu.iter().map(codes).collect();
        let stage = |place: usize| ChanceStage {
            strata: (place == 0).then_some(strata),
            clusters: psu.get(place),
            chances: &chances[place],
        };
        let stages: Vec<ChanceStage<'_>> = (0..chances.len()).map(stage).collect();
        return Box::new(Staged::of(&stages, brewer, Lonely::Fail).expect("a design"));
    }
    let one = Chances::given(strata, &chances[0]).expect("chances");
    match word {
        "brewer" => Box::new(Unequal::by(brewer, one)),
        "overton" => Box::new(Paired::by(By::HorvitzThompson, Pairs::Overton, one)),
        "hartley-rao" => Box::new(Paired::by(By::SenYatesGrundy, Pairs::HartleyRao, one)),
        "independent" => Box::new(Independent::of(one)),
        other => panic!("no rule is called '{other}'"),
    }
}

fn outcomes(case: &Case, table: &Table) -> Outcomes {
    let letters = case
        .class
        .as_ref()
        .map_or(vec!["I"; table.rows.len()], |class| table.column(class));
    let class: Vec<Class> = letters
        .iter()
        .map(|letters| Class::from_letters(letters).unwrap_or_else(|| panic!("class '{letters}'")))
        .collect();
    let mut names: Vec<&String> = case
        .figure
        .iter()
        .flat_map(|figure| figure.item.iter().chain(figure.items.iter().flatten()))
        .collect();
    names.sort();
    names.dedup();
    let item = |name: &String| {
        let said = table.numbers(name).into_iter().zip(&class);
        Item {
            name: name.clone(),
            values: said
                .map(|(y, class)| y.filter(|_| class.responds()))
                .collect(),
        }
    };
    Outcomes {
        code: vec![None; class.len()],
        attempts: vec![1; class.len()],
        items: names.into_iter().map(item).collect(),
        class,
    }
}

/// The ledger after all steps of the case.
fn weighed(
    case: &Case,
    table: &Table,
    mut ledger: Ledger,
    outcomes: &Outcomes,
) -> Result<Ledger, weigh::Error> {
    let Some(weigh) = &case.weigh else {
        return Ok(ledger);
    };
    for step in &weigh.steps {
        ledger.take(weigh.step(step, table, outcomes)?, outcomes)?;
    }
    Ok(ledger)
}

impl Weigh {
    fn step(
        &self,
        name: &str,
        table: &Table,
        outcomes: &Outcomes,
    ) -> Result<Box<dyn weigh::Step>, weigh::Error> {
        let codes = |names: &[String]| table.codes(names);
        Ok(match name {
            "unknown" => Box::new(weigh::Unknown::within(codes(&self.unknown_by), outcomes)),
            "nonresponse" => Box::new(Nonresponse::within(codes(&self.nonresponse_by), outcomes)),
            "poststratify" => Box::new(Poststratify::to(self.known(table)?.remove(0))),
            "rake" => Box::new(Rake::to(self.known(table)?, self.tolerance, self.rounds)?),
            "calibrate" => Box::new(self.calibrate(table)?),
            "trim" => Box::new(self.trim(outcomes)?),
            "propensity" => self.propensity(table, outcomes)?,
            "tree" => self.tree(table, outcomes)?,
            "instruments" => self.instruments(table, outcomes)?,
            "compose" => self.compose(table, outcomes)?,
            "estimated controls" => {
                let mut covariance = Symmetric::zero(self.covariance.len());
                for (i, row) in self.covariance.iter().enumerate() {
                    for (j, x) in row.iter().enumerate().take(i + 1) {
                        covariance.add(i, j, *x);
                    }
                }
                Box::new(Uncertain::with(self.calibrate(table)?, covariance)?)
            }
            "calibrate and trim" => {
                let meet = self.step("calibrate", table, outcomes)?;
                let trim = self.trim(outcomes)?;
                Box::new(Alternate::between(meet, trim, self.tolerance, self.rounds))
            }
            other => panic!("no step is called '{other}'"),
        })
    }

    fn controls(&self, table: &Table) -> Result<Controls, weigh::Error> {
        let amount =
            |(name, total): (&String, &f64)| Amount::new(name, table.all_numbers(name), *total);
        let amounts = self.amounts.iter().map(amount).collect::<Result<_, _>>()?;
        Controls::new(self.known(table)?, amounts)
    }

    fn calibrate(&self, table: &Table) -> Result<Calibrate, weigh::Error> {
        let (controls, distance) = (self.controls(table)?, self.distance()?);
        Calibrate::to(controls, distance, self.tolerance, self.rounds)
    }

    fn propensity(
        &self,
        table: &Table,
        outcomes: &Outcomes,
    ) -> Result<Box<dyn weigh::Step>, weigh::Error> {
        let mut predictors = Predictors::of(Propensity::part(outcomes));
        for name in &self.propensity_by {
            predictors = predictors.and_levels(name, table.codes(std::slice::from_ref(name)));
        }
        let used = self
            .classes
            .map_or(propensity::Use::Inverse, propensity::Use::Classes);
        let step = Propensity::from(predictors, used, self.weighted, 0.01, outcomes)?;
        Ok(Box::new(step))
    }

    fn tree(
        &self,
        table: &Table,
        outcomes: &Outcomes,
    ) -> Result<Box<dyn weigh::Step>, weigh::Error> {
        let column = |name: &String, ordered| Branching {
            name: name.clone(),
            levels: table.codes(std::slice::from_ref(name)),
            ordered,
        };
        let free = self.tree_by.iter().map(|name| column(name, false));
        let columns = free.chain(self.tree_ordered.iter().map(|name| column(name, true)));
        let growth = Growth {
            least: self.least,
            level: self.level,
            weighted: self.weighted,
        };
        Ok(Box::new(ByTree::of(columns.collect(), growth, outcomes)?))
    }

    fn instruments(
        &self,
        table: &Table,
        outcomes: &Outcomes,
    ) -> Result<Box<dyn weigh::Step>, weigh::Error> {
        let answered = outcomes.class.iter().map(|class| class.responds());
        let mut instruments = Predictors::of(answered.collect());
        for name in &self.instrument_numbers {
            let numbers = table
                .numbers(name)
                .into_iter()
                .map(Option::unwrap_or_default);
            instruments = instruments.and_numbers(name, numbers.collect())?;
        }
        let (controls, distance) = (self.controls(table)?, self.distance()?);
        let (tolerance, rounds) = (self.tolerance, self.rounds);
        let step = Instruments::to(controls, instruments, distance, tolerance, rounds, outcomes)?;
        Ok(Box::new(step))
    }

    fn compose(
        &self,
        table: &Table,
        outcomes: &Outcomes,
    ) -> Result<Box<dyn weigh::Step>, weigh::Error> {
        let [column, label] = self.lists.as_ref().expect("lists");
        let first = table
            .column(column)
            .iter()
            .map(|list| list == label)
            .collect();
        let told = table.numbers(self.both.as_ref().expect("both"));
        let both: Vec<Option<bool>> = told.iter().map(|x| x.map(|x| x > 0.5)).collect();
        let together = self.share.map_or(Together::Effective, Together::Share);
        Ok(Box::new(Compose::of(first, &both, together, outcomes)?))
    }

    fn known(&self, table: &Table) -> Result<Vec<Margin>, weigh::Error> {
        let margins = self.margins.iter().zip(&self.totals);
        margins
            .map(|(columns, totals)| Margin::new(columns.join(" × "), table.codes(columns), totals))
            .collect()
    }

    fn distance(&self) -> Result<Distance, weigh::Error> {
        let bounds = self
            .bounds
            .map(|[low, high]| Bounds::new(low, high))
            .transpose()?;
        Ok(match (self.method.as_deref(), bounds) {
            (Some("linear"), None) => Distance::Linear,
            (Some("raking"), None) => Distance::Raking,
            (Some("raking"), Some(bounds)) => Distance::BoundedRaking(bounds),
            (Some("logit"), Some(bounds)) => Distance::Logit(bounds),
            (Some("truncated"), Some(bounds)) => Distance::Truncated(bounds),
            other => panic!("no method is {other:?}"),
        })
    }

    fn trim(&self, outcomes: &Outcomes) -> Result<Trim, weigh::Error> {
        let excess = match self.excess.as_deref() {
            Some("equal") => Excess::Equal,
            Some("proportional") => Excess::Proportional,
            other => panic!("the excess goes to {other:?}"),
        };
        Trim::to(Cap::Weight(self.cap.expect("a cap")), excess, outcomes)
    }
}

fn estimates(
    figure: &Figure,
    estimator: &Estimator<'_>,
    table: &Table,
    outcomes: &Outcomes,
) -> Vec<Estimate> {
    let answers = |name: &String| outcomes.item(name).expect("an item of the case");
    let item = || answers(figure.item.as_ref().expect("an item"));
    let both = || {
        figure
            .items
            .as_ref()
            .expect("two items")
            .each_ref()
            .map(answers)
    };
    let test = || {
        let tests = [
            figure.at_least.map(Test::AtLeast),
            figure.at_most.map(Test::AtMost),
            figure.equals.map(Test::Equals),
        ];
        tests.into_iter().flatten().next().expect("a test")
    };
    let codes = table.codes(&figure.by);
    let domains = if figure.by.is_empty() {
        vec![Domain::all()]
    } else {
        Domain::each(&codes)
    };
    let estimate = |domain: &Domain<'_>| match figure.statistic.as_str() {
        "mean" => estimator.estimate(&Mean::of(item()), domain),
        "total" => estimator.estimate(&Total::of(item()), domain),
        "share" => estimator.estimate(&Share::of(item(), test()), domain),
        "ratio" => {
            let [above, below] = both();
            estimator.estimate(&Ratio::of(above, below), domain)
        }
        other => panic!("no statistic is called '{other}'"),
    };
    domains
        .iter()
        .map(|domain| estimate(domain).expect("somebody answered"))
        .collect()
}

/// What was got against what was expected, as complaints.
struct Comparison<'a> {
    case: &'a str,
    complaints: Vec<String>,
}

impl Comparison<'_> {
    fn close(&mut self, what: &str, got: f64, expected: f64, within: f64) {
        if (got - expected).is_nan() || (got - expected).abs() > within {
            let case = self.case;
            self.complaints
                .push(format!("{case}: {what} is {got:?}, expected {expected:?}"));
        }
    }

    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, got: T, expected: T) {
        if got != expected {
            let case = self.case;
            self.complaints
                .push(format!("{case}: {what} is {got:?}, expected {expected:?}"));
        }
    }

    /// A number that may be absent, but not unknown where it is expected.
    fn close_if_any(&mut self, what: &str, got: Option<f64>, expected: Option<f64>, within: f64) {
        match (got, expected) {
            (Some(got), Some(expected)) => self.close(what, got, expected, within),
            (None, Some(_)) => self.same(what, got, expected),
            (_, None) => {}
        }
    }

    fn weights(&mut self, ledger: &Ledger, expected: Option<&Weights>) {
        let Some(expected) = expected else { return };
        let ends = |values: &[f64]| {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            (
                least,
                values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            )
        };
        let weights = ledger.weights();
        let (smallest, largest) = ends(weights);
        let factors = ledger
            .entries()
            .last()
            .map(|entry| ends(&entry.adjusted().factor));
        let (smallest_factor, largest_factor) = factors.expect("a step");
        for (what, got, wanted) in [
            ("the sum of weights", weights.iter().sum(), expected.sum),
            ("the smallest weight", smallest, expected.smallest),
            ("the largest weight", largest, expected.largest),
            (
                "the smallest factor",
                smallest_factor,
                expected.smallest_factor,
            ),
            (
                "the largest factor",
                largest_factor,
                expected.largest_factor,
            ),
        ] {
            self.close(what, got, wanted, VALUE * wanted.abs());
        }
        let unequal = quality::kish(weights.iter().copied());
        let effective = unequal.map(|unequal| weights.len() as f64 / unequal);
        for (what, got, wanted) in [
            ("the design effect of weights", unequal, expected.kish),
            ("their effective number", effective, expected.effective),
        ] {
            self.close_if_any(what, got, wanted, VALUE * wanted.unwrap_or(0.0));
        }
    }

    fn row(&mut self, got: &Estimate, expected: &Row) {
        let what = |part: &str| {
            format!(
                "{part} of {} {} for {}",
                got.statistic, got.item, got.domain
            )
        };
        let size = expected.value.abs();
        self.close(&what("value"), got.value, expected.value, VALUE * size);
        self.same(&what("df"), got.df, expected.df);
        self.same(&what("n"), got.n, expected.n);
        if expected.se.is_none() {
            let lonely = Unknown::LonelyStratum {
                strata: expected.lonely.clone(),
            };
            self.same(&what("variance"), got.variance.clone(), Err(lonely));
            self.same(&what("deff"), got.design_effect, None);
            self.same(&what("interval"), got.interval, None);
        }
        // Beside a standard error of exactly 0 nothing is relative but the value.
        let se = expected
            .se
            .map_or(0.0, |se| if se > 0.0 { se } else { size });
        self.close_if_any(&what("se"), got.standard_error(), expected.se, SPREAD * se);
        self.close_if_any(
            &what("deff"),
            got.design_effect,
            expected.deff,
            SPREAD * expected.deff.unwrap_or(0.0),
        );
        let (low, high) = got.interval.unzip();
        self.close_if_any(
            &what("lower end"),
            low,
            expected.ci_low,
            SPREAD * size.max(se),
        );
        self.close_if_any(
            &what("upper end"),
            high,
            expected.ci_high,
            SPREAD * size.max(se),
        );
    }
}

fn read(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs a case, and returns what is wrong with it.
fn run(folder: &Path) -> Vec<String> {
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a folder with a name");
    let case: Case =
        toml::from_str(&read(folder, "case.toml")).unwrap_or_else(|e| panic!("{name}: {e}"));
    let expected: Expected =
        toml::from_str(&read(folder, "expected.toml")).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(
        expected.by.contains("R ") && !read(folder, "note.md").is_empty(),
        "{name}: made by whom, and why?"
    );
    assert!(folder.join("make.R").exists(), "{name} has no make.R");

    let path = case
        .data
        .as_ref()
        .map_or(folder.join("data.csv"), |path| Path::new(DATA).join(path));
    let mut table = Table::read(&path);
    let figures =
        |estimator: &Estimator<'_>, table: &Table, outcomes: &Outcomes| -> Vec<Estimate> {
            let each = |figure| estimates(figure, estimator, table, outcomes);
            case.figure.iter().flat_map(each).collect()
        };
    let mut comparison = Comparison {
        case: name,
        complaints: Vec::new(),
    };
    let got = if case.population.is_some() {
        let sample = sample(&case, &mut table);
        let outcomes = outcomes(&case, &table);
        let ledger = Ledger::base(&sample, &outcomes)
            .and_then(|ledger| weighed(&case, &table, ledger, &outcomes))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        comparison.weights(&ledger, expected.weights.as_ref());
        let estimator = Estimator::new(&sample, &ledger, 0.95);
        figures(&estimator, &table, &outcomes)
    } else {
        let weights = table.all_numbers(case.weight.as_ref().expect("a weight"));
        let strata = table.codes(&case.strata);
        let rule: Box<dyn Rule + '_> = match &case.variance {
            Some(word) => unequal(&case, word, &table, &strata),
            None => Box::new(clusters(&case, &table, &weights)),
        };
        let outcomes = outcomes(&case, &table);
        let ledger = Ledger::given(weights)
            .and_then(|ledger| weighed(&case, &table, ledger, &outcomes))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        comparison.weights(&ledger, expected.weights.as_ref());
        let estimator = Estimator::by(rule, &ledger, 0.95);
        figures(&estimator, &table, &outcomes)
    };

    let key = |row: &Row| (row.statistic.clone(), row.item.clone(), row.domain.clone());
    let mut rows: BTreeMap<_, &Row> = expected.row.iter().map(|row| (key(row), row)).collect();
    assert_eq!(
        rows.len(),
        expected.row.len(),
        "{name}: two rows of expected.toml are of one figure"
    );
    for estimate in &got {
        let key = (
            estimate.statistic.clone(),
            estimate.item.clone(),
            estimate.domain.clone(),
        );
        match rows.remove(&key) {
            Some(row) => comparison.row(estimate, row),
            None => comparison
                .complaints
                .push(format!("{name}: nothing is expected for {key:?}")),
        }
    }
    comparison.complaints.extend(
        rows.keys()
            .map(|key| format!("{name}: nothing was estimated for {key:?}")),
    );
    comparison.complaints
}

#[test]
fn figures_agree_with_those_made_elsewhere() {
    let mut folders: Vec<PathBuf> = fs::read_dir(Path::new(DATA).join("reference"))
        .expect("the cases")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(
        folders.len() >= 9,
        "only {} cases were found",
        folders.len()
    );
    let complaints: Vec<String> = folders.iter().flat_map(|folder| run(folder)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
