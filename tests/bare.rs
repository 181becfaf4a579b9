//! One file in, one file out: the schools of California, drawn from without a study.
//!
//! The population is the 6 194 schools of `tests/data/api/apipop.csv`, in three strata: elementary, high
//! and middle schools. Sizes are pupils; 37 schools have not told theirs.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use canvass::bare::{self, Many, Request, Sample};
use canvass::draw::walk::Turn;
use canvass::draw::{METHODS, Method, Needs, Probabilities, Size};
use canvass::files::{Column, Columns, parquet};
use canvass::progress::Silent;
use canvass::random::Seed;

use crate::support::{Bench, Said, assert_close};

const COLUMNS: [&str; 8] = [
    "cds", "stype", "sch.wide", "comp.imp", "meals", "api00", "api99", "enroll",
];

type School = [String; 8];

/// The schools as they are.
fn published() -> Vec<School> {
    let mut reader = csv::Reader::from_path("tests/data/api/apipop.csv").expect("the population");
    let row = |row: csv::StringRecord| std::array::from_fn(|at| row[at].to_owned());
    reader
        .records()
        .map(|school| row(school.expect("a school")))
        .collect()
}

/// The schools, where those that have not told their pupils have as many as most.
fn schools() -> Vec<School> {
    let mut schools = published();
    for school in schools.iter_mut().filter(|school| school[7].is_empty()) {
        school[7] = "471".to_owned();
    }
    schools
}

fn text(schools: &[School]) -> String {
    let lines = schools.iter().map(|school| school.join(",") + "\n");
    COLUMNS.join(",") + "\n" + &lines.collect::<String>()
}

fn seed(text: &str) -> Seed {
    Seed::new(text).expect("not blank")
}

/// What a method needs, and nothing else.
fn request(data: PathBuf, method: &'static Method, many: Many) -> Request {
    let columns = |yes: bool, columns: [&str; 2]| match yes {
        true => columns.map(str::to_owned).to_vec(),
        false => vec![],
    };
    let spreads = matches!(method.needs, Needs::Places | Needs::PlacesAndBalance);
    let balances = matches!(method.needs, Needs::Balance | Needs::PlacesAndBalance);
    Request {
        strata: vec!["stype".into()],
        size: (method.needs != Needs::EqualChances).then(|| "enroll".to_owned()),
        method,
        spread: columns(spreads, ["api99", "enroll"]),
        balance: columns(balances, ["api99", "enroll"]),
        ..Request::new(data, "cds", many, seed("the schools"))
    }
}

fn drawn(request: &Request) -> Sample {
    bare::draw(request, &Silent)
        .unwrap_or_else(|error| panic!("{}: {error}", request.method.card.key))
}

/// The rows of a table, by the names of its columns.
fn rows(table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column]
        .parse()
        .unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}

/// The chances of all schools of a type, by id.
fn chances(schools: &[School], kind: &str, request: &Request, take: f64) -> BTreeMap<String, f64> {
    let there: Vec<&School> = schools.iter().filter(|school| school[1] == kind).collect();
    let sizes: Vec<f64> = there
        .iter()
        .map(|school| {
            if request.size.is_some() {
                school[7].parse().expect("pupils")
            } else {
                1.0
            }
        })
        .collect();
    let all = match request.method.size {
        Size::Hits => {
            let total: f64 = sizes.iter().sum();
            sizes.iter().map(|size| take * size / total).collect()
        }
        _ => Probabilities::by_size(&sizes, take as usize)
            .expect("possible")
            .as_slice()
            .to_vec(),
    };
    assert_close(all.iter().sum(), take, 1e-9);
    there
        .iter()
        .map(|school| school[0].clone())
        .zip(all)
        .collect()
}

#[test]
fn every_method_draws_from_the_schools_as_it_says() {
    let (bench, schools) = (Bench::new(), schools());
    bench.write("schools.csv", &text(&schools));
    for method in METHODS {
        let request = request(bench.path("schools.csv"), method, Many::All(200));
        let (sample, key) = (drawn(&request), method.card.key);
        let told = &sample.drawn;
        let expected: f64 = told.strata.iter().map(|stratum| stratum.expected).sum();
        assert_eq!((told.units, told.strata.len()), (6_194, 3), "{key}");
        assert_close(expected, 200.0, 0.0);
        let rows = rows(&sample.csv());
        assert_eq!(rows.len() as u64, told.drawn, "{key}");
        for stratum in &told.strata {
            let all = chances(&schools, &stratum.stratum, &request, stratum.expected);
            let here: Vec<_> = rows
                .iter()
                .filter(|row| row["stype"] == stratum.stratum)
                .collect();
            assert_eq!(here.len() as u64, stratum.drawn, "{key}");
            let count = match method.size {
                Size::Hits => here.iter().map(|row| number(row, "hits")).sum(),
                _ => here.len() as f64,
            };
            let spread = all.values().map(|p| p * (1.0 - p)).sum::<f64>().sqrt();
            let room = if method.size == Size::Random {
                4.5 * spread
            } else {
                0.0
            };
            assert!((count - stratum.expected).abs() <= room, "{key}: {count}");
            for row in here {
                let chance = if method.size == Size::Hits {
                    "expected_hits"
                } else {
                    "probability"
                };
                assert_close(number(row, chance), all[&row["cds"]], 1e-12);
                let hits = match method.size {
                    Size::Hits => number(row, "hits"),
                    _ => 1.0,
                };
                assert_close(number(row, "weight"), hits / all[&row["cds"]], 1e-12);
                assert_eq!(row["certain"], "0", "{key}");
            }
        }
        // Equal chances stand for every school; others for every pupil.
        if method.size == Size::Fixed {
            let stands_for = |row| {
                if request.size.is_some() {
                    number(row, "enroll")
                } else {
                    1.0
                }
            };
            let estimate: f64 = rows
                .iter()
                .map(|row| number(row, "weight") * stands_for(row))
                .sum();
            let of_all = |school: &School| match request.size {
                Some(_) => school[7].parse().expect("pupils"),
                None => 1.0,
            };
            assert_close(estimate, schools.iter().map(of_all).sum(), 1e-9);
        }
    }
}

#[test]
fn neither_the_order_of_rows_nor_the_format_changes_who_is_drawn() {
    let (bench, mut schools) = (Bench::new(), schools());
    bench.write("schools.csv", &text(&schools));
    seed("rows").stream("test").shuffle(&mut schools);
    let mut table = Columns::default();
    for (at, name) in COLUMNS.iter().enumerate() {
        let cells = || schools.iter().map(|school| school[at].clone());
        table.push(
            *name,
            match *name {
                "enroll" => {
                    Column::Whole(cells().map(|cell| cell.parse().expect("pupils")).collect())
                }
                "api99" => Column::Real(cells().map(|cell| cell.parse().ok()).collect()),
                _ => Column::Text(cells().collect()),
            },
        );
    }
    parquet::write(&bench.path("schools.parquet"), &table).expect("a table");
    for method in METHODS {
        let of = |name: &str| {
            let mut request = request(bench.path(name), method, Many::Each(12));
            if method.size != Size::Hits {
                request.replicates = NonZeroU32::new(3);
            }
            if matches!(
                method.card.key,
                "systematic" | "chromy" | "pivotal" | "pps-systematic"
            ) {
                request.sort = vec!["sch.wide".into(), "meals".into()];
                request.turn = Turn::Serpentine;
            }
            drawn(&request)
        };
        let (there, shuffled) = (of("schools.csv"), of("schools.parquet"));
        let key = method.card.key;
        assert_eq!(there.csv(), shuffled.csv(), "{key}");
        assert_eq!(there.drawn.fingerprint, shuffled.drawn.fingerprint, "{key}");
    }
}

#[test]
fn schools_that_are_large_enough_are_certain() {
    let bench = Bench::new();
    bench.write("schools.csv", &text(&schools()));
    for key in [
        "sequential-poisson",
        "pareto",
        "poisson",
        "sampford",
        "pps-systematic",
        "pivotal",
    ] {
        let method = bare::method(key).expect("a method");
        let sample = drawn(&request(bench.path("schools.csv"), method, Many::Each(400)));
        let high = &sample.drawn.strata[1];
        assert_eq!(high.stratum, "H");
        let certain: Vec<_> = rows(&sample.csv())
            .into_iter()
            .filter(|row| row["certain"] == "1")
            .collect();
        let all: u64 = sample
            .drawn
            .strata
            .iter()
            .map(|stratum| stratum.certain)
            .sum();
        assert_eq!(certain.len() as u64, all, "{key}");
        assert!(high.certain > 20, "{key}: {}", high.certain);
        assert!(
            certain
                .iter()
                .all(|row| row["probability"] == "1" && row["weight"] == "1"),
            "{key}"
        );
    }
}

#[test]
fn the_sample_is_kept_with_how_it_was_drawn() {
    let bench = Bench::new();
    bench.write("schools.csv", &text(&schools()));
    let args = [
        "draw",
        "--data",
        "schools.csv",
        "--id",
        "cds",
        "--strata",
        "stype",
        "--size",
        "enroll",
        "--n",
        "60",
        "--method",
        "pareto",
        "--seed",
        "lottery 3 14 15",
        "--replicates",
        "4",
    ];
    let said = bench.done(&[&args[..], &["-o", "sample.csv"]].concat());
    for part in ["E ", "H ", "M ", "all", "6,194", "60", "approximate"] {
        assert!(said.out.contains(part), "{part}:\n{}", said.out);
    }
    assert!(said.err.contains("read    schools.csv"), "{}", said.err);
    assert!(
        said.err.contains("wrote   sample.csv, sample.csv.json"),
        "{}",
        said.err
    );

    let manifest: serde_json::Value =
        serde_json::from_str(&bench.read("sample.csv.json")).expect("a manifest");
    assert_eq!(manifest["kind"], "canvass/bare-draw");
    assert_eq!(manifest["method"], "pareto");
    assert_eq!(manifest["chances"], "approximate");
    assert_eq!(manifest["seed"], "lottery 3 14 15");
    assert_eq!(manifest["asked"]["all"], 60);
    assert_eq!(
        (&manifest["units"], &manifest["drawn"]),
        (&6_194.into(), &60.into())
    );
    assert_eq!(
        manifest["columns"],
        serde_json::json!(["cds", "stype", "enroll"])
    );
    let hash = canvass::files::sha256_of(&bench.path("sample.csv")).expect("a file");
    assert_eq!(manifest["sha256"], hash);

    // The same on standard output, and in Parquet.
    let printed = bench.done(&args);
    assert_eq!(printed.out, bench.read("sample.csv"));
    bench.done(&[&args[..], &["-o", "sample.parquet"]].concat());
    let table = parquet::read(&bench.path("sample.parquet")).expect("a table");
    let rows = rows(&printed.out);
    let Some(Column::Real(probability)) = table.get("probability") else {
        panic!("no chances")
    };
    let written: Vec<f64> = rows.iter().map(|row| number(row, "probability")).collect();
    assert_eq!(
        probability.iter().copied().flatten().collect::<Vec<_>>(),
        written
    );
    // Ranks begin anew in each stratum, and each is dealt evenly.
    for kind in ["E", "H", "M"] {
        let ranks: Vec<usize> = rows
            .iter()
            .filter(|row| row["stype"] == kind)
            .map(|row| row["rank"].parse().expect("a rank"))
            .collect();
        assert!(ranks.iter().copied().eq(1..=ranks.len()));
    }
    for replicate in ["1", "2", "3", "4"] {
        assert_eq!(
            rows.iter()
                .filter(|row| row["replicate"] == replicate)
                .count(),
            15
        );
    }
    // As JSON, the table needs a file of its own.
    refused(
        &bench.says(&[&args[..], &["--format", "json"]].concat()),
        2,
        "no file is named",
    );
    let json = bench
        .done(&[&args[..], &["-o", "again.csv", "--format", "json"]].concat())
        .json();
    assert_eq!(
        (&json["kind"], &json["drawn"]),
        (&"canvass/bare-draw".into(), &60.into())
    );
}

#[test]
fn how_many_can_be_said_in_four_ways() {
    let bench = Bench::new();
    bench.write("schools.csv", &text(&schools()));
    bench.write("takes.csv", "n,stype\n3,M\n5,E\n0,H\n");
    let counts = |many: &[&str], method: &str| {
        let args = [
            "draw",
            "--data",
            "schools.csv",
            "--id",
            "cds",
            "--strata",
            "stype",
            "--seed",
            "x",
        ];
        let said = bench.done(&[&args[..], many, &["--method", method]].concat());
        let rows = rows(&said.out);
        let count = |kind| rows.iter().filter(|row| row["stype"] == kind).count();
        (["E", "H", "M"].map(count), said.err)
    };
    // 71.4, 12.2 and 16.4; of 4421 / 71.5, 755 / 12.5 and 1018 / 16.5 the first is the largest.
    assert_eq!(counts(&["--n", "100"], "simple").0, [72, 12, 16]);
    assert_eq!(counts(&["--each", "7"], "systematic").0, [7, 7, 7]);
    let (drawn, err) = counts(&["--allocation", "takes.csv"], "simple");
    assert_eq!(drawn, [5, 0, 3]);
    assert!(
        err.contains("1 strata have no draw") && err.contains("takes.csv"),
        "{err}"
    );
    assert_eq!(counts(&["--rate", "0.01"], "simple").0, [44, 8, 10]);
    let (bernoulli, _) = counts(&["--rate", "0.01"], "bernoulli");
    // 44.2 ± 6.6; four and a half of them.
    assert!(bernoulli[0].abs_diff(44) < 30, "{bernoulli:?}");
    // Hits may be more than there are schools.
    let args = [
        "draw",
        "--data",
        "schools.csv",
        "--id",
        "cds",
        "--seed",
        "x",
        "--n",
        "9000",
    ];
    let said = bench.done(&[&args[..], &["--method", "simple-with-replacement"]].concat());
    let hits: f64 = rows(&said.out).iter().map(|row| number(row, "hits")).sum();
    assert_close(hits, 9_000.0, 0.0);
}

#[track_caller]
fn refused(said: &Said, code: i32, part: &str) {
    assert_eq!(said.code, Some(code), "{}{}", said.out, said.err);
    assert!(said.err.contains(part), "no '{part}' in\n{}", said.err);
    assert_eq!(said.out, "");
}

#[test]
fn a_list_that_is_not_fit_is_refused_with_all_that_is_wrong() {
    let bench = Bench::new();
    let draw = |name: &str, more: &[&str]| {
        let args = [
            "draw", "--data", name, "--id", "cds", "--strata", "stype", "--seed", "x",
        ];
        bench.says(&[&args[..], more].concat())
    };
    bench.write("published.csv", &text(&published()));
    let pps = ["--n", "50", "--size", "enroll", "--method", "sampford"];
    refused(
        &draw("published.csv", &pps),
        3,
        "37 cells of 'enroll' are no sizes of 0 or more",
    );

    let mut schools = schools();
    schools[3][0] = String::new();
    schools[9][0] = schools[8][0].clone();
    schools[11][1] = String::new();
    schools[20][7] = "-4".into();
    schools[21][7] = "many".into();
    bench.write("bad.csv", &text(&schools));
    let said = draw("bad.csv", &pps);
    for part in [
        "1 units without an id (rows 4)",
        "2 rows whose id is not unique (rows 9, 10)",
        "1 rows without a stratum (rows 12)",
        "2 cells of 'enroll' are no sizes of 0 or more (row 21: '-4', row 22: 'many')",
    ] {
        refused(&said, 3, part);
    }
    refused(
        &draw("published.csv", &["--n", "50", "--strata", "county"]),
        3,
        "no column 'county'",
    );
    bench.write("clash.csv", "cds,stype,weight\n1,E,2\n");
    refused(&draw("clash.csv", &["--n", "1"]), 3, "'weight'");
}

#[test]
fn a_request_that_makes_no_sense_is_refused() {
    let bench = Bench::new();
    bench.write("schools.csv", &text(&schools()));
    let draw = |more: &[&str]| {
        let args = [
            "draw",
            "--data",
            "schools.csv",
            "--id",
            "cds",
            "--strata",
            "stype",
            "--seed",
            "x",
        ];
        bench.says(&[&args[..], more].concat())
    };
    refused(
        &draw(&["--each", "800"]),
        3,
        "stratum 'H' has 755 units, and 800 are asked for",
    );
    refused(
        &draw(&["--n", "7000"]),
        3,
        "the list has 6194 units, and 7000 are asked for",
    );
    refused(&draw(&["--n", "0"]), 2, "no units are asked for");
    refused(
        &draw(&["--n", "9", "--method", "sampford"]),
        2,
        "no column of sizes is named",
    );
    refused(
        &draw(&["--n", "9", "--size", "enroll"]),
        2,
        "'simple' draws with equal chances",
    );
    refused(
        &draw(&["--n", "9", "--method", "samford"]),
        2,
        "no drawing method is called 'samford'",
    );
    refused(
        &draw(&["--n", "9", "--method", "local-pivotal"]),
        2,
        "needs a place for each unit",
    );
    refused(
        &draw(&["--n", "9", "--balance", "meals"]),
        2,
        "has no use for --balance",
    );
    refused(
        &draw(&["--n", "9", "--sort", "meals"]),
        2,
        "has no use for --sort",
    );
    refused(&draw(&["--rate", "1.5"]), 2, "a rate of 1.5");
    refused(
        &draw(&["--n", "9", "-o", "sample.xls"]),
        2,
        "ends in none of",
    );
    refused(&draw(&["--n", "9", "-o", "schools.csv"]), 2, "is the list");
    refused(&draw(&["--n", "9", "--set", "plan.pool=9"]), 2, "--set");
    bench.write("takes.csv", "stype,n\nE,1\nE,2\nX,3\n");
    let said = draw(&["--allocation", "takes.csv"]);
    for part in [
        "'H', 'M'",
        "are not in the list: 'X'",
        "name a stratum again: 'E'",
    ] {
        refused(&said, 3, part);
    }
    // What belongs together.
    refused(&bench.says(&["draw", "--n", "9"]), 2, "--data");
    refused(&bench.says(&["draw", "--method", "simple"]), 2, "--data");
    refused(
        &bench.says(&["draw", "--data", "schools.csv", "--id", "cds", "--n", "9"]),
        2,
        "--seed",
    );
    refused(
        &bench.says(&[
            "draw",
            "--data",
            "schools.csv",
            "--id",
            "cds",
            "--seed",
            "x",
        ]),
        2,
        "--n",
    );
    refused(&draw(&["--n", "9", "--each", "9"]), 2, "--each");
}

#[test]
fn walks_spread_and_balance_draw_with_equal_chances_where_no_size_is_named() {
    let bench = Bench::new();
    bench.write("schools.csv", &text(&schools()));
    for key in [
        "pivotal",
        "chromy",
        "local-pivotal",
        "correlated-poisson",
        "cube",
        "local-cube",
    ] {
        let method = bare::method(key).expect("a method");
        let mut request = request(bench.path("schools.csv"), method, Many::Each(30));
        request.size = None;
        let sample = drawn(&request);
        for stratum in &sample.drawn.strata {
            assert_eq!((stratum.drawn, stratum.certain), (30, 0), "{key}");
        }
        for row in rows(&sample.csv()) {
            let chance = number(&row, "probability");
            let there = sample
                .drawn
                .strata
                .iter()
                .find(|one| one.stratum == row["stype"]);
            let wanted = 30.0 / there.expect("a stratum").units as f64;
            assert!(
                (chance - wanted).abs() < 1e-12,
                "{key}: {chance} is not {wanted}"
            );
        }
    }
}
