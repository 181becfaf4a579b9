//! Draws in stages from a bare file: branches of two regions, streets within them, and customers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use canvass::bare::{
    self, ClusterStage, InStages, Many, Request, Sample, StageBy, StageTake, Stated,
};
use canvass::progress::Silent;
use canvass::random::Seed;

use crate::support::{Bench, EXACT, SUMMED, Said, assert_close};

const HEAD: &str = "customer,region,branch,street,turnover\n";

/// Branches of a region, each with so many streets of five customers.
const TOWN: [(&str, &str, usize); 11] = [
    ("north", "a", 2),
    ("north", "b", 4),
    ("north", "c", 3),
    ("north", "d", 5),
    ("north", "e", 2),
    ("south", "a", 3),
    ("south", "b", 3),
    ("south", "f", 2),
    ("south", "g", 6),
    ("south", "h", 2),
    ("south", "i", 4),
];

/// A line per customer: 80 of the north, 100 of the south.
fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    for (region, branch, streets) in TOWN {
        for street in 0..streets {
            for _ in 0..5 {
                let at = lines.len();
                let turnover = 1 + at * 7 % 13;
                lines.push(format!("{at:03},{region},{branch},s{street},{turnover}\n"));
            }
        }
    }
    lines
}

fn list() -> String {
    HEAD.to_owned() + &lines().concat()
}

fn cluster(text: &str) -> ClusterStage {
    let simple = bare::method("simple").expect("a method");
    ClusterStage::read(text, simple).expect("a stage")
}

/// Stages of clusters, and the take and method of units.
fn request(data: PathBuf, stages: &[&str], (take, method): (&str, &str), seed: &str) -> Request {
    let many = Many::Within(StageTake::read(take).expect("a take"));
    let seed = Seed::new(seed).expect("not blank");
    Request {
        strata: vec!["region".into()],
        method: bare::method(method).expect("a method"),
        stages: Some(InStages {
            clusters: stages.iter().map(|text| cluster(text)).collect(),
            self_weighting: false,
        }),
        ..Request::new(data, "customer", many, seed)
    }
}

fn drawn(request: &Request) -> Sample {
    bare::draw(request, &Silent).unwrap_or_else(|error| panic!("{error}"))
}

type Row = BTreeMap<String, String>;

/// The rows of a table, by the names of its columns.
fn rows(table: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().expect("a number")
}

fn weights(rows: &[Row]) -> f64 {
    rows.iter().map(|row| number(row, "weight")).sum()
}

#[test]
fn chances_multiply_over_stages_and_the_manifest_names_them() {
    let bench = Bench::new();
    bench.write("town.csv", &list());
    let plan = ["branch:2:sampford", "street:1"];
    let sample = drawn(&request(
        bench.path("town.csv"),
        &plan,
        ("2", "simple"),
        "x",
    ));
    let rows = rows(&sample.csv());
    assert_eq!(rows.len(), 2 * 2 * 2);
    for row in &rows {
        let branch = |region: &str, branch: &str| {
            let here = |one: &&(&str, &str, usize)| (one.0, one.1) == (region, branch);
            TOWN.iter().find(here).expect("a branch").2 as f64
        };
        let streets = branch(&row["region"], &row["branch"]);
        let all = if row["region"] == "north" { 16.0 } else { 20.0 };
        // Two branches in proportion to their customers, one of their streets, two of five there.
        assert_close(number(row, "probability.1"), 2.0 * streets / all, SUMMED);
        assert_close(number(row, "probability.2"), 1.0 / streets, SUMMED);
        assert_close(number(row, "probability.3"), 0.4, SUMMED);
        assert_close(number(row, "probability"), 0.8 / all, SUMMED);
        assert_close(number(row, "weight"), all / 0.8, SUMMED);
    }
    let told = &sample.drawn;
    assert_eq!((told.units, told.drawn), (180, 8));
    let columns: Vec<&str> = told.stages.iter().map(|one| one.column.as_str()).collect();
    assert_eq!(columns, ["branch", "street", "customer"]);
    let by: Vec<StageBy> = told.stages.iter().map(|one| one.by).collect();
    assert_eq!(by, [StageBy::Units, StageBy::Count, StageBy::Count]);
    assert!(told.stages.iter().all(|one| one.chances == Stated::Exact));
    let counts: Vec<(u64, u64)> = told
        .stages
        .iter()
        .map(|one| (one.strata[0].there, one.strata[0].drawn))
        .collect();
    assert_eq!(counts, [(5, 2), (16, 2), (80, 4)]);
    // Branches a and b stand in both regions, and each names two.
    assert_eq!(told.stages[0].labels_again, 2);
    assert_close(told.strata[0].expected, 4.0, SUMMED);
    // What decides belongs to the fingerprint.
    assert_eq!(told.columns, ["customer", "region", "branch", "street"]);
}

#[test]
fn the_order_of_rows_decides_nothing() {
    let bench = Bench::new();
    let mut lines = lines();
    bench.write("town.csv", &list());
    let seed = Seed::new("rows").expect("not blank");
    seed.stream("test").shuffle(&mut lines);
    bench.write("other.csv", &(HEAD.to_owned() + &lines.concat()));
    let mut samples = BTreeSet::new();
    for method in [
        "simple",
        "systematic",
        "sampford",
        "pps-systematic",
        "pivotal",
        "pareto",
        "poisson",
        "brewer",
    ] {
        let plan = format!("branch:3:{method}");
        let of = |name: &str| {
            drawn(&request(
                bench.path(name),
                &[&plan],
                ("4", "systematic"),
                "x",
            ))
        };
        let (one, other) = (of("town.csv"), of("other.csv"));
        assert_eq!(one.csv(), other.csv(), "{method}");
        assert_eq!(one.drawn.fingerprint, other.drawn.fingerprint, "{method}");
        assert_eq!(one.drawn.stages, other.drawn.stages, "{method}");
        samples.insert(one.csv());
    }
    assert!(samples.len() > 4);
}

#[test]
fn weights_add_up_to_all_customers_on_average() {
    const TIMES: u32 = 120;
    let bench = Bench::new();
    bench.write("town.csv", &list());
    // Branches with equal chances, and as many customers in each: weights differ, and so do their sums.
    for (stages, take) in [
        (["branch:2"].as_slice(), "3"),
        (&["branch:3:sampford", "street:1"], "all"),
    ] {
        let sums: Vec<f64> = (0..TIMES)
            .map(|at| {
                let request = request(
                    bench.path("town.csv"),
                    stages,
                    (take, "simple"),
                    &format!("sum {at}"),
                );
                weights(&rows(&drawn(&request).csv()))
            })
            .collect();
        let mean = sums.iter().sum::<f64>() / f64::from(TIMES);
        let spread =
            sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>() / f64::from(TIMES - 1);
        let error = (spread / f64::from(TIMES)).sqrt();
        assert!(
            (mean - 180.0).abs() < 4.0 * error + 1e-9,
            "{mean} ± {error}"
        );
    }
}

#[test]
fn regions_are_drawn_apart_though_branches_share_labels() {
    const TIMES: u32 = 100;
    let bench = Bench::new();
    // Two regions with branches of the same labels.
    let line = |region: &str, branch: usize, unit: usize| {
        format!("{region}{branch}{unit},{region},{branch},s,1\n")
    };
    let all = ["north", "south"].map(|region| {
        let branches = (0..4).flat_map(|branch| (0..2).map(move |unit| (branch, unit)));
        branches
            .map(|(branch, unit)| line(region, branch, unit))
            .collect::<String>()
    });
    bench.write("twins.csv", &(HEAD.to_owned() + &all.concat()));
    let same = (0..TIMES).filter(|at| {
        let request = request(
            bench.path("twins.csv"),
            &["branch:1"],
            ("1", "simple"),
            &format!("twin {at}"),
        );
        let rows = rows(&drawn(&request).csv());
        rows[0]["branch"] == rows[1]["branch"]
    });
    // One in four by chance, ± 4.3 of 100.
    let same = same.count();
    assert!(same.abs_diff(25) < 20, "{same}");
}

fn draw(bench: &Bench, more: &[&str]) -> Said {
    let args = [
        "draw", "--data", "town.csv", "--id", "customer", "--seed", "x",
    ];
    bench.says(&[&args[..], more].concat())
}

#[test]
fn a_self_weighting_draw_gives_equal_weights_and_equal_work() {
    let bench = Bench::new();
    bench.write("town.csv", &list());
    let args = [
        "--stage",
        "branch:3",
        "--take",
        "4",
        "--self-weighting",
        "--strata",
        "region",
    ];
    let said = draw(&bench, &[&args[..], &["-o", "sample.csv"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    for part in [
        "branch",
        "pps-systematic",
        "units",
        "customer",
        "nothing",
        "24",
        "2 labels stand in several strata",
    ] {
        assert!(said.out.contains(part), "{part}:\n{}", said.out);
    }
    let rows = rows(&bench.read("sample.csv"));
    let head = bench.read("sample.csv");
    let added = "probability,probability.1,probability.2,weight\n";
    assert!(
        head.starts_with(&(HEAD.trim_end().to_owned() + "," + added)),
        "{head}"
    );
    assert_eq!(rows.len(), 24);
    let mut work: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in &rows {
        // 80 or 100 customers, twelve of them drawn.
        let all = if row["region"] == "north" {
            80.0
        } else {
            100.0
        };
        assert_close(number(row, "weight"), all / 12.0, SUMMED);
        *work
            .entry((row["region"].as_str(), row["branch"].as_str()))
            .or_default() += 1;
    }
    assert_eq!(work.into_values().collect::<Vec<_>>(), [4; 6]);
    assert_close(weights(&rows), 180.0, SUMMED);
    let manifest: serde_json::Value =
        serde_json::from_str(&bench.read("sample.csv.json")).expect("a manifest");
    assert_eq!(manifest["kind"], "canvass/bare-draw");
    assert_eq!(manifest["self_weighting"], true);
    assert_eq!(manifest["asked"]["within"]["count"], 4);
    let first = &manifest["stages"][0];
    assert_eq!(
        (&first["column"], &first["by"]),
        (&"branch".into(), &"units".into())
    );
    assert_eq!(
        (&first["take"]["count"], &first["chances"]),
        (&3.into(), &"exact".into())
    );
    assert_eq!(first["strata"][1]["there"], 6);
    assert_eq!(first["strata"][1]["drawn"], 3);
    // The same on standard output.
    assert_eq!(draw(&bench, &args).out, bench.read("sample.csv"));
}

#[test]
fn sizes_stand_for_clusters_and_all_may_be_taken() {
    let bench = Bench::new();
    bench.write("town.csv", &list());
    let whole = [
        "--stage",
        "branch:2:pivotal",
        "--take",
        "all",
        "--size",
        "turnover",
    ];
    let said = draw(&bench, &whole);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let turnover = |rows: &[Row]| rows.iter().map(|row| number(row, "turnover")).sum::<f64>();
    let all = turnover(&rows(&list()));
    let found = rows(&said.out);
    // Without strata, a label is one branch: a of the north and a of the south are the same.
    let of = |branch: &str| {
        let here = |row: &Row| row["branch"] == branch;
        turnover(&rows(&list()).into_iter().filter(here).collect::<Vec<_>>())
    };
    for row in &found {
        assert_close(
            number(row, "probability.1"),
            2.0 * of(&row["branch"]) / all,
            SUMMED,
        );
        assert_close(number(row, "probability.2"), 1.0, EXACT);
    }
    let branches: BTreeSet<&str> = found.iter().map(|row| row["branch"].as_str()).collect();
    assert_eq!(branches.len(), 2);
    // Poisson and Pareto say what their chances are.
    let args = [
        "--stage",
        "branch:2:pareto",
        "--take",
        "3",
        "-o",
        "near.csv",
    ];
    let said = draw(&bench, &args);
    assert!(said.out.contains("approximate"), "{}{}", said.out, said.err);
}

#[track_caller]
fn refused(said: &Said, code: i32, parts: &[&str]) {
    assert_eq!(said.code, Some(code), "{}{}", said.out, said.err);
    for part in parts {
        assert!(said.err.contains(part), "no '{part}' in\n{}", said.err);
    }
    assert_eq!(said.out, "");
}

#[test]
fn clusters_that_hold_too_few_are_counted_and_the_first_is_shown() {
    let bench = Bench::new();
    bench.write("town.csv", &list());
    let north = ["--strata", "region"];
    let ask = |args: &[&str]| draw(&bench, &[args, &north].concat());
    refused(
        &ask(&["--stage", "branch:6", "--take", "11"]),
        3,
        &[
            "1 strata hold fewer than 6 clusters of 'branch' (the first, 'north', holds 5)",
            "4 clusters of 'branch' hold fewer than 11 units (the first, 'a', holds 10)",
        ],
    );
    refused(
        &ask(&["--stage", "branch:2", "--stage", "street:3", "--take", "6"]),
        3,
        &[
            "4 clusters of 'branch' hold fewer than 3 clusters of 'street' (the first, 'a', holds 2)",
            "36 clusters of 'street' hold fewer than 6 units (the first, 'a / s0', holds 5)",
        ],
    );
    refused(
        &draw(&bench, &["--stage", "branch:10", "--take", "2"]),
        3,
        &["the list has 9 clusters of 'branch', and 10 are asked for"],
    );
    refused(
        &ask(&["--stage", "branch:4", "--take", "5", "--self-weighting"]),
        3,
        &[
            "2 clusters of 'branch' hold more than one in 4 of the units",
            "'d', holds 25",
        ],
    );
}

#[test]
fn what_is_wrong_with_the_list_is_told() {
    let bench = Bench::new();
    let mut lines = lines();
    lines[2] = "002,north,,s0,1\n".into();
    lines[9] = "009,north,,s1,1\n".into();
    lines[11] = "011,north,b,,1\n".into();
    bench.write("town.csv", &(HEAD.to_owned() + &lines.concat()));
    let args = ["--stage", "branch:2", "--stage", "street:1", "--take", "1"];
    refused(
        &draw(&bench, &args),
        3,
        &[
            "2 cells of 'branch' are blank (rows 3, 10)",
            "1 cells of 'street' are blank (rows 12)",
        ],
    );
    refused(
        &draw(&bench, &["--stage", "brunch:2", "--take", "1"]),
        3,
        &["no column 'brunch'", "did you mean 'branch'?"],
    );
    bench.write("town.csv", "customer,branch,probability.1\n1,a,1\n");
    refused(
        &draw(&bench, &["--stage", "branch:1", "--take", "1"]),
        3,
        &["'probability.1'"],
    );
}

#[test]
fn a_plan_that_makes_no_sense_is_refused() {
    let bench = Bench::new();
    bench.write("town.csv", &list());
    let ask = |more: &str, parts: &[&str]| {
        let args: Vec<&str> = more.split(' ').collect();
        refused(&draw(&bench, &args), 2, parts);
    };
    ask(
        "--stage branch --take 2",
        &["branch: it is not COLUMN:TAKE", "--stage branch:20"],
    );
    ask(
        "--stage branch:2:paret --take 2",
        &["no drawing method is called 'paret'", "pareto"],
    );
    ask(
        "--stage branch:all:simple --take 2",
        &["leave the method out"],
    );
    ask("--stage branch:0 --take 2", &["branch: it takes none"]);
    ask(
        "--stage branch:2 --take few",
        &["--take few: it is neither"],
    );
    ask(
        "--stage branch:2 --stage branch:2 --take 2",
        &["branch: the column is"],
    );
    ask(
        "--stage region:2 --take 2 --strata region",
        &["region: the column is"],
    );
    ask(
        "--stage branch:2:simple-with-replacement --take 2",
        &["draws with replacement"],
    );
    ask(
        "--stage branch:2 --take 2 --method cube",
        &["goes by places or amounts"],
    );
    ask(
        "--stage branch:2 --take 2 --method sampford",
        &["no column of sizes"],
    );
    ask(
        "--stage branch:2 --take 2 --size turnover",
        &["'turnover' is named as size"],
    );
    for (flag, name) in [
        ("--sort turnover", "--sort"),
        ("--spread turnover,branch", "--spread"),
        ("--balance turnover", "--balance"),
        ("--replicates 2", "--replicates"),
        ("--one-call turnover", "--one-call"),
    ] {
        ask(
            &format!("--stage branch:2 --take 2 {flag}"),
            &["'stages' has no use for", name],
        );
    }
    let alike = "--take 2 --self-weighting";
    ask(
        &format!("--stage branch:2:simple {alike}"),
        &["draws with equal chances"],
    );
    ask(
        &format!("--stage branch:2 --stage street:1 {alike}"),
        &["one stage of clusters"],
    );
    ask(
        &format!("--stage branch:all {alike}"),
        &["a number of clusters"],
    );
    ask(
        &format!("--stage branch:2 --size turnover {alike}"),
        &["number of their units"],
    );
    // What belongs together.
    ask("--stage branch:2 --n 9", &["--take"]);
    ask("--take 9", &["--stage"]);
    ask("--n 9 --self-weighting", &["--stage"]);
}
