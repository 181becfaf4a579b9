//! Files of SPSS, Stata and Excel, in and out of commands that need no study.

use std::path::Path;

use canvass::files::data::Choice;
use canvass::files::labelled::Labelled;

use crate::support::Bench;

/// The village of tests/data/labelled, in all its formats.
const VILLAGE: [&str; 6] = [
    "village.sav",
    "village-plain.sav",
    "village.zsav",
    "village-14.dta",
    "village-15.dta",
    "village.xlsx",
];

fn bench() -> Bench {
    let bench = Bench::new();
    for name in VILLAGE {
        let from = Path::new("tests/data/labelled").join(name);
        std::fs::copy(from, bench.path(name)).expect("can be copied");
    }
    bench
}

fn words(asked: &str) -> Vec<&str> {
    asked.split_whitespace().collect()
}

fn table(bench: &Bench, name: &str) -> Labelled {
    Labelled::read(&bench.path(name), &Choice::default(), None)
        .expect("can be read")
        .expect("a labelled file")
}

#[test]
fn figures_are_the_same_from_every_format() {
    let bench = bench();
    let mut all = Vec::new();
    for name in VILLAGE {
        let asked = format!(
            "estimate --data {name} --weight weight_final --mean minutes --total minutes --format json"
        );
        all.push((name, bench.done(&words(&asked)).json()["rows"].clone()));
    }
    // (12.5 + 3.25) · 10 + (200 + 0.1 − 7) · 20 over 80, without the one that is missing.
    let mean = all[0].1[0]["estimate"].as_f64().expect("a number");
    assert!((mean - 50.243_75).abs() < 1e-12, "{mean}");
    for (name, rows) in &all {
        assert_eq!(*rows, all[0].1, "{name}");
    }
}

#[test]
fn labels_are_the_names_of_categories_in_the_order_of_their_codes() {
    let bench = bench();
    let levels = |asked: &str| {
        let json = bench.done(&words(&format!("{asked} --format json"))).json();
        let rows = json["rows"].as_array().expect("rows").clone();
        rows.iter()
            .map(|row| row["level"].as_str().expect("a level").to_owned())
            .collect::<Vec<_>>()
    };
    let asked = "estimate --data village.sav --weight weight_final --share Satisfied";
    assert_eq!(levels(asked), ["yes", "no", "3"], "9 and −5 are missing");
    assert_eq!(levels(&format!("{asked} --labels codes")), ["1", "2", "3"]);
    assert_eq!(
        levels(&format!("{asked} --where region=South")),
        ["yes", "no", "3"]
    );
    let total = |filter: &str| {
        let asked = format!(
            "estimate --data village-15.dta --weight weight_final --total weight_final --where {filter} --format json"
        );
        bench.done(&words(&asked)).json()["rows"][0]["estimate"].clone()
    };
    assert_eq!(
        total("region=South"),
        total("region=2"),
        "a filter names labels or codes"
    );
    let asked = "estimate --data village-15.dta --weight weight_final --mean minutes --by region --format json";
    let json = bench.done(&words(asked)).json();
    assert_eq!(
        [0, 1, 2].map(|row| json["rows"][row]["domain"].clone()),
        ["North", "South", "渝中区"]
    );
}

#[test]
fn a_sheet_is_named_or_the_first() {
    let bench = bench();
    let asked =
        "estimate --data village.xlsx --sheet schools --weight pupils --total pupils --format json";
    let json = bench.done(&words(asked)).json();
    assert_eq!(json["records"], 2);
    assert_eq!(json["weights"], 1_234_567_890_140.0);
    let said = bench.says(&words(
        "estimate --data village.xlsx --sheet school --weight pupils --total pupils",
    ));
    assert_eq!(said.code, Some(5), "{}", said.err);
    assert!(
        said.err
            .contains("no sheet 'school'; there are 'answers', 'schools'"),
        "{}",
        said.err
    );
}

#[test]
fn a_draw_keeps_labels_on_their_way() {
    let bench = bench();
    for (list, out) in [
        ("village.sav", "drawn.sav"),
        ("village-15.dta", "drawn.dta"),
        ("village.xlsx", "drawn.xlsx"),
    ] {
        let asked =
            format!("draw --data {list} --id id --strata weight_final --each 2 --seed x -o {out}");
        bench.done(&words(&asked));
        let drawn = table(&bench, out);
        assert_eq!(drawn.rows(), 4, "{out}");
        assert!(
            drawn.get("probability").is_some() && drawn.get("weight").is_some(),
            "{out}"
        );
        let known = table(&bench, list);
        if list != "village.xlsx" {
            for name in ["id", "region", "Satisfied", "minutes"] {
                let of = |table: &Labelled| table.get(name).expect("there").label.clone();
                assert_eq!(of(&drawn), of(&known), "{out}, {name}");
            }
            let said = |table: &Labelled| table.get("Satisfied").expect("there").cells(false);
            assert!(
                said(&drawn)
                    .iter()
                    .flatten()
                    .all(|cell| ["yes", "no", "3"].contains(&cell.as_str()))
            );
        }
    }
    let said = bench
        .done(&words(
            "weigh --check village.sav --weight weight_final --domain region --format json",
        ))
        .json();
    assert_eq!(said["rows"], 6);
    assert!(said["domains"].to_string().contains("North"));
}

#[test]
fn figures_are_kept_in_every_format() {
    let bench = bench();
    let asked = "estimate --data village.sav --weight weight_final --mean minutes --share Satisfied --by region";
    let shown = bench.done(&words(&format!("{asked} --format json"))).json();
    for name in ["f.json", "f.csv", "f.parquet", "f.xlsx", "f.sav", "f.dta"] {
        let said = bench.done(&words(&format!("{asked} -o {name}")));
        assert!(said.err.contains(name), "{}", said.err);
    }
    let kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(bench.path("f.json")).expect("there"))
            .expect("JSON");
    assert_eq!(kept["rows"], shown["rows"]);
    let rows = shown["rows"].as_array().expect("rows");
    for name in ["f.xlsx", "f.sav", "f.dta"] {
        let table = table(&bench, name);
        assert_eq!(table.rows(), rows.len(), "{name}");
        for (column, of) in [("estimate", "estimate"), ("se", "se"), ("n", "n")] {
            let cells = table.get(column).expect("there").cells(false);
            for (cell, row) in cells.iter().zip(rows) {
                let cell: Option<f64> = cell.as_ref().map(|cell| cell.parse().expect("a number"));
                assert_eq!(cell, row[of].as_f64(), "{name}, {column}");
            }
        }
    }
    let text = std::fs::read_to_string(bench.path("f.csv")).expect("there");
    assert!(
        text.starts_with(
            "statistic,variable,level,domain,estimate,se,cv,ci_low,ci_high,df,deff,n,notices\n"
        ),
        "{text}"
    );
}

#[test]
fn files_that_are_not_what_they_say_are_refused() {
    let bench = bench();
    for (name, what) in [
        ("x.sav", "no SPSS file"),
        ("x.dta", "no Stata file"),
        ("x.xlsx", "cannot be read"),
    ] {
        bench.write(name, "id,w\n1,2\n");
        let said = bench.says(&words(&format!(
            "estimate --data {name} --weight w --total w"
        )));
        assert_eq!(said.code, Some(5), "{}", said.err);
        assert!(said.err.contains(what), "{}", said.err);
    }
    for name in [
        "village.sav",
        "village.zsav",
        "village-15.dta",
        "village.xlsx",
    ] {
        let whole = std::fs::read(bench.path(name)).expect("there");
        std::fs::write(bench.path(name), &whole[..whole.len() / 2]).expect("can be written");
        let said = bench.says(&words(&format!(
            "estimate --data {name} --weight weight_final --total minutes"
        )));
        assert_eq!(said.code, Some(5), "{name}: {}", said.err);
        assert!(!said.err.contains("bug"), "{}", said.err);
    }
    bench.write("x.pdf", "");
    let said = bench.says(&words("estimate --data x.pdf --weight w --total w"));
    assert!(
        said.err
            .contains("ends in none of .csv, .parquet, .xlsx, .sav and .dta"),
        "{}",
        said.err
    );
}
