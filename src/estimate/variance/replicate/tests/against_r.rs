//! Figures that R's `survey` makes of the same replicates: `tests/data/replicates/make.R`.

use std::collections::BTreeMap;

use super::*;
use crate::estimate::variance::replicate::Centre;
use crate::estimate::{Domain, Mean, Ratio, Statistic, Total};
use crate::weigh::{Margin, Rake};

/// A file of the tests, by column.
struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
}

impl Table {
    fn of(text: &'static str) -> Table {
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        Table {
            header: lines.next().expect("a header"),
            rows: lines.collect(),
        }
    }

    fn column(&self, name: &str) -> Vec<&'static str> {
        let place = self.header.iter().position(|known| *known == name);
        let place = place.unwrap_or_else(|| panic!("no column '{name}'"));
        self.rows.iter().map(|row| row[place]).collect()
    }

    fn item(&self, name: &str) -> Item {
        let number =
            |text: &'static str| (!text.is_empty()).then(|| text.parse().expect("a number"));
        Item {
            name: name.into(),
            values: self.column(name).into_iter().map(number).collect(),
        }
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        let values = self.item(name).values.into_iter();
        values.map(|value| value.expect("a number")).collect()
    }

    fn codes(&self, name: &str) -> Codes {
        Codes::from_labels(self.column(name))
    }

    /// Columns of replicates of one kind.
    fn replicates(&self, kind: &str) -> Vec<Vec<f64>> {
        let names = self.header.iter().filter(|name| {
            name.strip_prefix(kind)
                .is_some_and(|rest| rest.starts_with('_'))
        });
        names.map(|name| self.numbers(name)).collect()
    }
}

/// What R says of a case measured from a centre: value, standard error and degrees of freedom by
/// statistic and domain.
fn expected(case: &str, centre: Centre) -> BTreeMap<(String, String), (f64, f64, u64)> {
    let table = Table::of(include_str!(
        "../../../../../tests/data/replicates/expected.csv"
    ));
    let word = match centre {
        Centre::Full => "full",
        Centre::Mean => "mean",
    };
    let rows = table
        .rows
        .iter()
        .filter(|row| row[0] == case && row[1] == word);
    rows.map(|row| {
        let number = |place: usize| row[place].parse::<f64>().expect("a number");
        let key = (row[2].to_owned(), row[3].to_owned());
        (key, (number(4), number(5), number(6) as u64))
    })
    .collect()
}

/// Whether degrees of freedom are compared as well.
#[derive(Clone, Copy)]
enum Degrees {
    Of(&'static str),
    All,
}

fn compare(
    case: &str,
    replicated: &Replicated<'_>,
    centre: Centre,
    figures: &[(&dyn Statistic, &Domain<'_>)],
    degrees: Degrees,
) {
    let mut wanted = expected(case, centre);
    for ((statistic, domain), found) in figures.iter().zip(replicated.estimates(figures)) {
        let found = found.expect("answers");
        let key = (statistic.card().key.to_owned(), domain.label().to_owned());
        let (value, se, df) = wanted.remove(&key).expect("a row of R's");
        near(found.value, value, 1e-11);
        near(found.standard_error().expect("a variance"), se, 1e-9);
        let compared = match degrees {
            Degrees::All => true,
            Degrees::Of(label) => label == domain.label(),
        };
        if compared {
            assert_eq!(found.df, df, "{case} {key:?}");
        }
    }
    assert!(wanted.is_empty(), "{case}: {wanted:?}");
}

#[test]
fn replicates_that_came_with_the_data_give_the_figures_of_r() {
    let table = Table::of(include_str!(
        "../../../../../tests/data/replicates/data.csv"
    ));
    let (y, x, side) = (table.item("y"), table.item("x"), table.codes("side"));
    let ledger = Ledger::given(table.numbers("weight")).expect("weights");
    let outcomes = all_answered(y.values.len());
    let (all, sides) = (Domain::all(), Domain::each(&side));
    let (mean, total, ratio) = (Mean::of(&y), Total::of(&y), Ratio::of(&y, &x));
    let figures: [(&dyn Statistic, &Domain<'_>); 4] = [
        (&mean, &all),
        (&total, &all),
        (&ratio, &all),
        (&mean, &sides[1]),
    ];
    let cases = [
        (Kind::Brr, "brr"),
        (Kind::Fay { rho: 0.3 }, "fay"),
        (Kind::Jkn, "jkn"),
        (Kind::Jk1, "jk1"),
        (Kind::Jk2, "jk2"),
        (Kind::Bootstrap { average: 1 }, "boot"),
        (Kind::Acs, "sdr"),
        (Kind::Successive, "sdr"),
        (Kind::Other, "boot"),
    ];
    for (kind, prefix) in cases {
        let columns = table.replicates(prefix);
        let count = columns.len();
        for centre in [Centre::Full, Centre::Mean] {
            let given = Given {
                combined: kind != Kind::Jk1,
                scale: (kind == Kind::Other).then_some(0.04),
                scales: match kind {
                    Kind::Jkn => Some(vec![0.5; count]),
                    Kind::Other => Some((0..25).map(|r| 0.8 + 0.4 * f64::from(r) / 24.0).collect()),
                    _ => None,
                },
                centre,
                ..Given::of(kind, columns.iter().map(Vec::as_slice).collect())
            };
            let read = Replicates::given(given).expect("columns");
            let replicated = Replicated::new(&read, &ledger, &outcomes, 0.95);
            compare(kind.word(), &replicated, centre, &figures, Degrees::All);
        }
    }
}

#[test]
fn jackknives_of_schools_give_the_figures_of_r() {
    let clusters = Table::of(include_str!("../../../../../tests/data/api/apiclus1.csv"));
    let strata = Table::of(include_str!("../../../../../tests/data/api/apistrat.csv"));
    for (case, table) in [("made-jk1", clusters), ("made-jkn", strata)] {
        let (stype, dnum) = (
            table.codes("stype"),
            (case == "made-jk1").then(|| table.codes("dnum")),
        );
        let population = table.numbers("fpc");
        let stage = Stage {
            strata: dnum.is_none().then_some(&stype),
            clusters: dnum.as_ref(),
            population: Some(&population),
        };
        let ledger = Ledger::given(table.numbers("pw")).expect("weights");
        let design = Design {
            stages: vec![stage],
            ..Design::of(ledger.weights())
        };
        schools(
            case,
            &table,
            &design,
            &ledger,
            &all_answered(table.rows.len()),
        );
    }
}

fn schools(case: &str, table: &Table, design: &Design<'_>, ledger: &Ledger, outcomes: &Outcomes) {
    let item = |name| table.item(name);
    let (api, enroll, tested) = (item("api00"), item("enroll"), item("api.stu"));
    let improved = table.codes("comp.imp");
    let (all, parts) = (Domain::all(), Domain::each(&improved));
    let mean = Mean::of(&api);
    let (total, ratio) = (Total::of(&enroll), Ratio::of(&tested, &enroll));
    let mut figures: Vec<(&dyn Statistic, &Domain<'_>)> =
        vec![(&mean, &all), (&total, &all), (&ratio, &all)];
    parts.iter().for_each(|part| figures.push((&mean, part)));
    // Where enrolment is missing, R's figures of it are as well; these tables have all of it.
    for centre in [Centre::Full, Centre::Mean] {
        let units = Units::of(design).expect("a design");
        let method = if case == "made-jk1" {
            Method::Jk1
        } else {
            Method::Jkn
        };
        let made = Replicates::made(method, units, &seed(20)).expect("clusters");
        let made = made.centred(centre);
        let replicated = Replicated::new(&made, ledger, outcomes, 0.95);
        // R counts the rank of raked weights, and in domains clusters that are alone in their stratum.
        let degrees = match case {
            "made-jk1" => Degrees::All,
            "made-jkn" => Degrees::Of("all"),
            _ => Degrees::Of("none"),
        };
        compare(case, &replicated, centre, &figures, degrees);
    }
}

#[test]
fn a_jackknife_that_is_raked_again_gives_the_figures_of_r() {
    let table = Table::of(include_str!("../../../../../tests/data/api/apistrat.csv"));
    let (stype, wide, population) = (
        table.codes("stype"),
        table.codes("sch.wide"),
        table.numbers("fpc"),
    );
    let outcomes = all_answered(table.rows.len());
    let mut ledger = Ledger::given(table.numbers("pw")).expect("weights");
    let margin = |name: &str, codes: &Codes, totals: &[(&str, f64)]| {
        let totals = totals
            .iter()
            .map(|&(level, total)| (level.to_owned(), total));
        Margin::new(name, codes.clone(), &totals.collect()).expect("a margin")
    };
    let margins = vec![
        margin(
            "stype",
            &stype,
            &[("E", 4421.0), ("H", 755.0), ("M", 1018.0)],
        ),
        margin("sch.wide", &wide, &[("No", 1072.0), ("Yes", 5122.0)]),
    ];
    let step = Rake::to(margins, 1e-13, 1_000).expect("one grand total");
    ledger.take(Box::new(step), &outcomes).expect("raked");
    let stage = Stage {
        strata: Some(&stype),
        population: Some(&population),
        ..Stage::default()
    };
    let base = ledger.base_weights().to_vec();
    let design = Design {
        stages: vec![stage],
        ..Design::of(&base)
    };
    schools("raked-jkn", &table, &design, &ledger, &outcomes);
}

#[test]
fn half_samples_give_the_total_of_r() {
    let table = Table::of(include_str!(
        "../../../../../tests/data/replicates/data.csv"
    ));
    let (stratum, village, y) = (
        table.codes("stratum"),
        table.codes("village"),
        table.item("y"),
    );
    let ledger = Ledger::given(table.numbers("weight")).expect("weights");
    let stage = Stage {
        strata: Some(&stratum),
        clusters: Some(&village),
        population: None,
    };
    let design = Design {
        stages: vec![stage],
        ..Design::of(ledger.weights())
    };
    let (all, total) = (Domain::all(), Total::of(&y));
    for centre in [Centre::Full, Centre::Mean] {
        let units = Units::of(&design).expect("a design");
        let made = Replicates::made(Method::Brr, units, &seed(21)).expect("pairs");
        let made = made.centred(centre);
        let outcomes = all_answered(y.values.len());
        let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
        compare(
            "made-brr",
            &replicated,
            centre,
            &[(&total, &all)],
            Degrees::All,
        );
    }
}

#[test]
fn a_sample_has_the_jackknife_of_its_worked_units() {
    use crate::estimate::Estimator;
    use crate::estimate::api::Api;
    let mut api = Api::read();
    api.outcomes.class[..20].fill(Class::NotReleased);
    let ledger = Ledger::base(&api.sample, &api.outcomes).expect("weights");
    let units = Units::of_sample(&api.sample, ledger.worked()).expect("strata");
    assert_eq!(
        (units.rows(), units.clusters(), units.cluster(3)),
        (200, 180, None)
    );
    let made = Replicates::made(Method::Jkn, units, &seed(23)).expect("strata");
    let total = Total::of(api.item("enroll"));
    let all = Domain::all();
    let replicated = Replicated::new(&made, &ledger, &api.outcomes, 0.95);
    let found = replicated.estimate(&total, &all).expect("answers");
    let linear = Estimator::new(&api.sample, &ledger, 0.95);
    let linear = linear.estimate(&total, &all).expect("answers");
    assert_eq!(
        (found.value, found.df, found.n),
        (linear.value, linear.df, linear.n)
    );
    near(
        found.variance.expect("strata"),
        linear.variance.expect("strata"),
        1e-11,
    );
}
