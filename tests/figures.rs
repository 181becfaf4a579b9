//! Figures of a bare file: `canvass estimate --data`.

use std::path::Path;

use canvass::files::{Column, Columns, parquet};

use crate::support::{Bench, VS_R, assert_close};

/// A table of the tests' data, put into the bench under its own name.
fn bring(bench: &Bench, name: &str) -> String {
    let text = std::fs::read_to_string(Path::new("tests/data/api").join(name)).expect("the table");
    bench.write(name, &text);
    text
}

/// What is asked of California's schools, in strata.
const STRATIFIED: [&str; 16] = [
    "estimate",
    "--data",
    "apistrat.csv",
    "--weight",
    "pw",
    "--strata",
    "stype",
    "--fpc",
    "fpc",
    "--mean",
    "api00",
    "--total",
    "enroll",
    "--ratio",
    "api.stu/enroll",
    "--deff",
];

#[test]
fn figures_of_a_bare_file_agree_with_r() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    let said = bench.done(&[&STRATIFIED[..], &["--format", "json"]].concat());
    let json = said.json();
    assert_eq!(
        (&json["kind"], &json["strata"]),
        (&"canvass/figures".into(), &3.into())
    );
    // R 4.2.2, survey 4.1-1, data(api); the file has weights with 15 digits, as R's own data.
    let wanted = [
        (
            "mean",
            "api00",
            662.287_363_2,
            9.408_940_802_78,
            Some(1.204_457_268_538),
        ),
        ("total", "enroll", 3_687_177.532_44, 114_641.716_101, None),
        (
            "ratio",
            "api.stu / enroll",
            0.836_956_886_941,
            0.007_757_103_166_64,
            None,
        ),
    ];
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), wanted.len());
    for (row, (statistic, variable, estimate, se, deff)) in rows.iter().zip(wanted) {
        assert_eq!(
            (&row["statistic"], &row["variable"]),
            (&statistic.into(), &variable.into())
        );
        assert_eq!(
            (&row["df"], &row["n"], &row["domain"]),
            (&197.into(), &200.into(), &"all".into())
        );
        assert_close(row["estimate"].as_f64().expect("a number"), estimate, VS_R);
        assert_close(row["se"].as_f64().expect("a number"), se, VS_R);
        if let Some(deff) = deff {
            assert_close(row["deff"].as_f64().expect("a number"), deff, VS_R);
        }
    }
}

#[test]
fn every_domain_has_its_own_degrees_of_freedom() {
    let bench = Bench::new();
    bring(&bench, "apiclus1.csv");
    let asked = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc --mean api00 --by stype --format json";
    let json = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
    let wanted = [
        ("E", 648.868_055_6, 22.362_408_89, 14),
        ("H", 618.571_428_6, 38.020_249_36, 7),
        ("M", 631.44, 31.609_465_23, 11),
    ];
    for (row, (domain, estimate, se, df)) in
        json["rows"].as_array().expect("rows").iter().zip(wanted)
    {
        assert_eq!((&row["domain"], &row["df"]), (&domain.into(), &df.into()));
        assert_close(row["estimate"].as_f64().expect("a number"), estimate, VS_R);
        assert_close(row["se"].as_f64().expect("a number"), se, VS_R);
    }
    // The filter means the same rows as the domain does, to the last bit.
    let asked = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc --mean api00 --where stype=H --format json";
    let filtered = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
    for key in ["estimate", "se", "ci_low", "ci_high", "df", "n"] {
        assert_eq!(filtered["rows"][0][key], json["rows"][1][key], "{key}");
    }
    assert_eq!(filtered["rows"][0]["domain"], "stype=H");
}

#[test]
fn no_bit_depends_on_threads_or_on_the_order_of_rows() {
    let bench = Bench::new();
    let text = bring(&bench, "apiclus2.csv");
    let (heading, rows) = text.split_once('\n').expect("a heading");
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| row.bytes().rev().collect::<Vec<u8>>());
    bench.write(
        "shuffled/apiclus2.csv",
        &format!("{heading}\n{}\n", rows.join("\n")),
    );
    let asked = "estimate --data apiclus2.csv --weight weight --psu dnum,snum --fpc fpc1,fpc2 --mean api00,enroll \
                 --total enroll --ratio api.stu/enroll --share sch.wide --by stype,comp.imp --deff --format json";
    let asked: Vec<&str> = asked.split_whitespace().collect();
    let said = |folder: &str, threads: &str| {
        let mut command = bench.canvass(&asked);
        command
            .current_dir(bench.path(folder))
            .env("RAYON_NUM_THREADS", threads);
        let output = command.output().expect("canvass can be run");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    };
    let one = said(".", "1");
    assert!(String::from_utf8_lossy(&one).contains("\"sch.wide\""));
    for threads in ["1", "2", "16"] {
        assert_eq!(said(".", threads), one, "{threads} threads");
        assert_eq!(
            said("shuffled", threads),
            one,
            "{threads} threads, another order"
        );
    }
}

#[test]
fn typed_numbers_of_parquet_give_the_same_figures() {
    let bench = Bench::new();
    let text = bring(&bench, "apistrat.csv");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heading = lines.next().expect("a heading");
    let rows: Vec<Vec<&str>> = lines.collect();
    let mut columns = Columns::default();
    for (place, name) in heading.into_iter().enumerate() {
        let cells = rows.iter().map(|row| row[place]);
        columns.push(
            name,
            match name {
                "fpc" => Column::Whole(cells.map(|cell| cell.parse().expect("a count")).collect()),
                "pw" | "api00" | "enroll" | "api.stu" => {
                    Column::Real(cells.map(|cell| cell.parse().ok()).collect())
                }
                _ => Column::Text(cells.map(str::to_owned).collect()),
            },
        );
    }
    parquet::write(&bench.path("schools.parquet"), &columns).expect("can be written");
    let mut asked = [&STRATIFIED[..], &["--format", "csv"]].concat();
    let of_csv = bench.done(&asked).out;
    asked[2] = "schools.parquet";
    assert_eq!(bench.done(&asked).out, of_csv);
}

#[test]
fn rows_are_never_dropped_and_what_is_left_out_is_told() {
    let bench = Bench::new();
    // Villages a, b, c with two people each; nobody in c answered, and one weighs nothing.
    bench.write(
        "x.csv",
        "village,w,y,kind\na,10,1,u\na,10,3,v\nb,10,2,u\nb,0,9,u\nc,10,NA,\nc,10,,v\n",
    );
    let asked = "estimate --data x.csv --weight w --psu village --total y --by kind --format json";
    let said = bench.done(&asked.split(' ').collect::<Vec<_>>());
    let json = said.json();
    let u = &json["rows"][0];
    // u: villages come to 10, 20 and 0: 3/2 · (0² + 10² + 10²)
    assert_eq!(
        (&u["domain"], &u["estimate"], &u["n"], &u["df"]),
        (&"u".into(), &30.0.into(), &2.into(), &1.into())
    );
    assert_close(u["se"].as_f64().expect("a number"), 300_f64.sqrt(), 1e-12);
    assert_eq!(json["rows"][1]["notices"][0]["notice"], "missing_answers");
    let notices = json["notices"].as_array().expect("notices");
    let kinds: Vec<&str> = notices
        .iter()
        .map(|notice| notice["notice"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["no_domain", "missing_answers"]);
    assert!(
        said.err.contains("1 rows are in no domain")
            && said.err.contains("1 rows have no answer to 'y'"),
        "{}",
        said.err
    );
}

#[test]
fn a_lonely_stratum_is_named_with_every_remedy() {
    let bench = Bench::new();
    bring(&bench, "apiclus1.csv");
    let asked = |rule: &[&'static str]| {
        let mut words = vec![
            "estimate",
            "--data",
            "apiclus1.csv",
            "--weight",
            "pw",
            "--strata",
            "dnum",
        ];
        words.extend(["--total", "api00", "--format", "json"]);
        words.extend(rule);
        bench.done(&words)
    };
    let failed = asked(&[]);
    assert_eq!(failed.json()["rows"][0]["se"], serde_json::Value::Null);
    for word in ["'413'", "certainty", "adjust", "average", "collapse", "fpc"] {
        assert!(failed.err.contains(word), "{}", failed.err);
    }
    for (rule, wanted) in [
        ("adjust", 36_098.993),
        ("remove", 35_960.988),
        ("average", 37_223.159),
    ] {
        let json = asked(&["--lonely", rule]).json();
        assert_close(
            json["rows"][0]["se"].as_f64().expect("a number"),
            wanted,
            1e-7,
        );
        assert_eq!(json["notices"][0]["notice"], "lonely_taken");
    }
}

#[test]
fn what_is_wrong_with_a_table_is_told_at_once() {
    let bench = Bench::new();
    bring(&bench, "apiclus1.csv");
    bench.write("x.csv", "v,w,y,n\na,-1,1,3\n,2,x,3\nb,,2,0\n");
    let says = |words: &str| bench.says(&words.split(' ').collect::<Vec<_>>());
    let said = says("estimate --data x.csv --weight w --psu v --fpc n --mean y");
    assert_eq!(said.code, Some(3), "{}", said.err);
    for part in [
        "5 cells",
        "line 2, w: '-1'",
        "line 4, w: nothing",
        "line 3, v: nothing",
        "line 4, n: '0'",
        "line 3, y: 'x'",
    ] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    let said = says("estimate --data apiclus1.csv --weight pww --strata dnun --mean api00");
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("no column 'pww', 'dnun'") && said.err.contains("'pw', 'dnum'?"),
        "{}",
        said.err
    );
    let said = says(
        "estimate --data apiclus1.csv --weight pw --strata stype --psu dnum --fpc api00 --mean api00",
    );
    assert_eq!(said.code, Some(3));
    assert!(
        said.err
            .contains("12 clusters of stage 1 are in more than one stratum"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("not the same in all rows of 3 strata") && said.err.contains("--nest"),
        "{}",
        said.err
    );
    for (words, what) in [
        (
            "estimate --data apiclus1.csv --weight pw",
            "no figure was asked for",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --ratio api00",
            "no ratio of two columns",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --confidence 95",
            "not between 0 and 1",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --where api00>",
            "a value is needed",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --fpc fpc,fpc",
            "fpc of 2 stages",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --set plan.pool=3",
            "opens none",
        ),
    ] {
        let said = says(words);
        assert_eq!(said.code, Some(2), "{words}: {}", said.err);
        assert!(said.err.contains(what), "{words}: {}", said.err);
    }
}
