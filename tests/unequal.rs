//! Unequal chances of a bare file: `canvass estimate --data --chances`, beside R.
//!
//! `tests/data/unequal/make.R` made counties.csv, square.csv, pairs.csv, shops.csv, drawn.csv and, by R 4.2.2
//! with survey 4.1-1, expected.csv.

use std::path::Path;

use serde_json::Value;

use crate::support::{Bench, assert_close};

/// Estimates of other programs, and their standard errors.
const VALUE: f64 = 1e-10;
const SPREAD: f64 = 1e-8;

const COUNTIES: &str = "estimate --data counties.csv --weight weight --chances p";

fn bench() -> Bench {
    let bench = Bench::new();
    for name in ["counties", "square", "pairs", "shops", "drawn", "expected"] {
        let file = format!("{name}.csv");
        let from = Path::new("tests/data/unequal").join(&file);
        std::fs::copy(from, bench.path(&file)).expect("can be copied");
    }
    bench
}

fn json(bench: &Bench, asked: &str) -> Value {
    let asked = format!("{asked} --format json");
    bench
        .done(&asked.split_whitespace().collect::<Vec<_>>())
        .json()
}

fn rows(bench: &Bench, asked: &str) -> Vec<Value> {
    json(bench, asked)["rows"].as_array().expect("rows").clone()
}

/// A row of expected.csv.
struct Wanted {
    case: String,
    statistic: String,
    variable: String,
    domain: String,
    value: f64,
    se: f64,
    df: u64,
    n: u64,
}

fn wanted(bench: &Bench) -> Vec<Wanted> {
    let text = bench.read("expected.csv");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |place: usize| cells[place].parse::<f64>().expect("a number");
        Wanted {
            case: cells[0].to_owned(),
            statistic: cells[1].to_owned(),
            variable: cells[2].to_owned(),
            domain: cells[3].to_owned(),
            value: number(4),
            se: number(5),
            df: number(6) as u64,
            n: number(7) as u64,
        }
    };
    text.lines().skip(1).map(row).collect()
}

/// What each case of expected.csv is asked by.
const CASES: [(&str, &str); 15] = [
    ("brewer", "--formula brewer"),
    ("overton ht", "--formula ht --pairs overton"),
    ("overton yg", "--formula yg --pairs overton"),
    (
        "hartley-rao ht",
        "--formula horvitz-thompson --pairs hartley-rao",
    ),
    (
        "hartley-rao yg",
        "--formula sen-yates-grundy --pairs hartley-rao",
    ),
    ("joint ht", "--formula ht --joint square.csv"),
    ("joint yg", "--formula syg --joint square.csv"),
    ("joint ht", "--formula ht --joint square.csv --id county"),
    ("joint yg", "--formula syg --joint square.csv --id county"),
    ("joint ht", "--formula ht --joint pairs.csv --id county"),
    ("joint yg", "--formula syg --joint pairs.csv --id county"),
    (
        "sampford ht",
        "--formula ht --method sampford --list shops.csv",
    ),
    (
        "sampford yg",
        "--formula syg --method sampford --list shops.csv",
    ),
    ("poisson", "--method poisson"),
    ("hansen-hurwitz", "--formula hansen-hurwitz"),
];

#[test]
fn every_formula_of_survey_agrees_with_it() {
    let bench = bench();
    let wanted = wanted(&bench);
    for (case, how) in CASES {
        let design = match case.split(' ').next() {
            Some("sampford") => {
                "estimate --data drawn.csv --weight weight --strata region --chances pi --total staff --mean staff"
            }
            Some("hansen-hurwitz") => {
                "estimate --data counties.csv --weight weight --total kerry --ratio nader/votes"
            }
            Some("poisson") => {
                "estimate --data counties.csv --weight weight --chances p --total kerry --mean votes"
            }
            _ => {
                "estimate --data counties.csv --weight weight --chances p --total kerry --mean votes --ratio nader/votes --regress kerry~votes"
            }
        };
        let mut found = rows(&bench, &format!("{design} {how}"));
        if !case.starts_with(['s', 'p']) && case != "hansen-hurwitz" {
            found.extend(rows(&bench, &format!("{design} {how} --by side")));
        }
        let mut seen = 0;
        for wanted in wanted.iter().filter(|wanted| wanted.case == case) {
            let is = |row: &&Value| {
                let name = match wanted.statistic.as_str() {
                    "coefficient" => row["level"].as_str().map(str::to_lowercase),
                    _ => row["variable"].as_str().map(str::to_owned),
                };
                row["statistic"] == *wanted.statistic
                    && row["domain"] == *wanted.domain
                    && name == Some(wanted.variable.to_lowercase())
            };
            let row = found.iter().find(is).unwrap_or_else(|| {
                panic!(
                    "{case}: {} of {} in {}",
                    wanted.statistic, wanted.variable, wanted.domain
                )
            });
            assert_close(
                row["estimate"].as_f64().expect("a number"),
                wanted.value,
                VALUE,
            );
            assert_close(row["se"].as_f64().expect("a number"), wanted.se, SPREAD);
            assert_eq!(
                (&row["df"], &row["n"]),
                (&wanted.df.into(), &wanted.n.into()),
                "{case}"
            );
            seen += 1;
        }
        assert!(seen > 1, "{case}");
    }
}

#[test]
fn stages_have_chances_or_populations() {
    let bench = bench();
    let from = "tests/data/reference/unequal-two-stages";
    std::fs::copy(Path::new(from).join("data.csv"), bench.path("two.csv")).expect("can be copied");
    // As expected.toml of that case has it: svydesign(id = ~village + person, strata = ~region, fpc = ~pi1 + pi2,
    // pps = "brewer")
    let two = "estimate --data two.csv --weight weight --strata region --psu village --formula brewer --mean minutes --total calls";
    for stages in [
        "--chances pi1,pi2",
        "--chances pi1 --fpc pi2",
        "--chances pi1 --fpc houses",
    ] {
        let found = rows(&bench, &format!("{two} {stages}"));
        assert_close(
            found[0]["se"].as_f64().expect("a number"),
            1.052_329_503_691_388_4,
            SPREAD,
        );
        assert_close(
            found[1]["se"].as_f64().expect("a number"),
            416.272_487_107_511_95,
            SPREAD,
        );
        assert_eq!(found[0]["df"], 7);
    }
    let told = json(&bench, &format!("{two} --chances pi1,pi2"));
    assert_eq!((&told["strata"], &told["clusters"]), (&2.into(), &9.into()));
    assert!(
        told["methods"]
            .as_array()
            .expect("keys")
            .contains(&"unequal".into())
    );
}

#[test]
fn clusters_taken_whole_are_units_of_every_formula() {
    let bench = bench();
    // What rows come to is 0.5 + 0.5, 2, 1 + 2 and 4: four units of t = 1, 2, 3, 4.
    bench.write(
        "clusters.csv",
        "w,y,p,c,at,x\n2,0.25,0.5,a,1,0\n2,0.25,0.5,a,1,0\n2,1,0.5,b,2,1\n2,0.5,0.5,c,3,10\n2,1,0.5,c,3,10\n2,2,0.5,d,4,11\n",
    );
    let asked = "estimate --data clusters.csv --weight w --psu c --chances p --total y";
    let root = f64::sqrt;
    for (how, variance) in [
        // ½ · 4/3 · 5
        ("", 10.0 / 3.0),
        ("--formula ht --pairs brewer", 10.0 / 3.0),
        // ½ · 4/(2 · 3) · 3
        ("--method pps-systematic --order at", 1.0),
        // ½ (1 + 4 + 9 + 16)
        ("--method poisson", 15.0),
        // x explains: the next test has the numbers
        ("--formula local-mean --spread x", f64::NAN),
        ("--method cube --balance x", f64::NAN),
    ] {
        let row = &rows(&bench, &format!("{asked} {how}"))[0];
        let se = row["se"].as_f64().expect("a number");
        if variance.is_finite() {
            assert_close(se, root(variance), SPREAD);
        }
        assert_eq!((&row["df"], &row["n"]), (&3.into(), &6.into()), "{how}");
    }
    let replaced =
        "estimate --data clusters.csv --weight w --psu c --total y --formula hansen-hurwitz";
    let se = |asked: &str| rows(&bench, asked)[0]["se"].as_f64().expect("a number");
    // 4/3 · 5
    assert_close(se(replaced), root(20.0 / 3.0), SPREAD);
    assert_close(
        se(&replaced.replace(" --formula hansen-hurwitz", "")),
        root(20.0 / 3.0),
        SPREAD,
    );
    // Hits of 1, 1, 2 and 1, of 3/2 each: 5/4 · Σ hits (t − 2)²
    bench.write("hits.csv", "w,y,h\n1,1,1\n1,2,1\n1,3,2\n1,4,1\n");
    let hits = "estimate --data hits.csv --weight w --total y --formula hansen-hurwitz --hits h";
    assert_close(
        se(hits),
        root(5.0 / 4.0 * (1.0 + 0.0 + 2.0 * 0.25 + 4.0)),
        SPREAD,
    );
    // The mean of a single village tells nothing of how villages differ.
    let told = json(
        &bench,
        "estimate --data clusters.csv --weight w --psu c --chances p --mean y --by c",
    );
    assert_eq!(told["rows"][0]["se"], Value::Null);
    assert_eq!(told["rows"][0]["notices"][0]["notice"], "single_cluster");
}

#[test]
fn neighbours_stand_for_what_might_have_been_drawn() {
    let bench = bench();
    bench.write(
        "places.csv",
        "w,y,p,x\n2,1,0.5,3\n2,2,0.5,1\n2,4,0.5,2\n2,5,0.5,5\n2,7,0.5,4\n",
    );
    let of = |how: &str| {
        let asked = format!("estimate --data places.csv --weight w --chances p --total y {how}");
        rows(&bench, &asked)[0]["se"].as_f64().expect("a number")
    };
    // In the order of x, t is 4, 8, 2, 14, 10: ½ · 5/(2 · 4) · (4² + 6² + 12² + 4²)
    assert_close(
        of("--formula successive --order x"),
        f64::sqrt(66.25),
        SPREAD,
    );
    // Each with its three nearest: of five in a line, 1 to 4 for 1 and 2, all for 3, 2 to 5 for 4 and 5.
    let four = |t: f64, mean: f64| 0.5 * 4.0 / 3.0 * (t - mean) * (t - mean);
    let wanted = four(4.0, 7.0)
        + four(8.0, 7.0)
        + 0.5 * 5.0 / 4.0 * 5.6 * 5.6
        + four(14.0, 8.5)
        + four(10.0, 8.5);
    assert_close(
        of("--method local-pivotal --spread x"),
        wanted.sqrt(),
        SPREAD,
    );
}

#[test]
fn certain_units_add_nothing_and_lonely_ones_are_taken_as_is_said() {
    let bench = bench();
    bench.write(
        "certain.csv",
        "w,y,p,s\n1,50,1,a\n2,1,0.5,a\n2,5,0.5,a\n2,3,0.5,b\n",
    );
    let asked = "estimate --data certain.csv --weight w --chances p --strata s --total y";
    let told = json(&bench, asked);
    assert_eq!(told["rows"][0]["se"], Value::Null);
    assert_eq!(told["rows"][0]["notices"][0]["notice"], "lonely_strata");
    let taken = json(&bench, &format!("{asked} --lonely certainty"));
    assert_eq!(taken["notices"][0]["notice"], "lonely_taken");
    assert_eq!(taken["notices"][0]["strata"], serde_json::json!(["b"]));
    let row = &taken["rows"][0];
    // ½ · 2 · (4² + 4²)
    assert_close(
        row["se"].as_f64().expect("a number"),
        f64::sqrt(32.0),
        SPREAD,
    );
    assert_eq!(row["df"], 1);
}

#[test]
fn a_formula_over_pairs_may_come_out_below_nothing_and_says_so() {
    let bench = bench();
    bench.write("two.csv", "w,y,p\n2,1,0.5\n2,-1,0.5\n");
    bench.write("near.csv", "a,b\n0.5,0.45\n0.45,0.5\n");
    let asked =
        "estimate --data two.csv --weight w --chances p --total y --formula ht --joint near.csv";
    let told = json(&bench, &asked.replace("--formula ht", "--formula yg"));
    assert_eq!(told["rows"][0]["se"], Value::Null);
    assert_eq!(told["notices"][0]["reason"], "negative");
    assert_eq!(told["rows"][0]["notices"][0]["reason"], "negative");
    let said = bench.done(
        &asked
            .replace("--formula ht", "--formula yg")
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert!(
        said.err
            .contains("the formula over pairs comes out below 0"),
        "{}",
        said.err
    );
    bench.write("never.csv", "a,b\n0.5,0\n0,0.5\n");
    let never = json(&bench, &asked.replace("near.csv", "never.csv"));
    assert_eq!(never["rows"][0]["notices"][0]["reason"], "pair_impossible");
}

#[test]
fn no_bit_depends_on_the_order_of_rows() {
    let bench = bench();
    let text = bench.read("counties.csv");
    let (heading, lines) = text.split_once('\n').expect("a heading");
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_by_key(|line| line.bytes().rev().collect::<Vec<u8>>());
    bench.write(
        "counties.csv",
        &format!("{heading}\n{}\n", lines.join("\n")),
    );
    let shuffled = bench;
    let bench = self::bench();
    for how in [
        "",
        "--formula yg --pairs overton",
        "--formula ht --joint pairs.csv --id county",
    ] {
        let asked = format!("{COUNTIES} --total kerry --mean votes --by side {how}");
        assert_eq!(json(&bench, &asked), json(&shuffled, &asked), "{how}");
    }
}

#[test]
fn what_a_formula_lacks_or_has_no_use_for_is_refused() {
    let bench = bench();
    bench.write("half.csv", "a,b\n1,0.5\n0.5,1\n");
    bench.write(
        "wrong.csv",
        &bench
            .read("square.csv")
            .replace("0.287091367872411", "0.387091367872411"),
    );
    bench.write("shops2.csv", "region,pi\ncoast,0.5\ntown,0.5\n");
    bench.write(
        "two.csv",
        "w,y,p,c,s\n2,1,0.5,a,n\n2,1,0.4,a,n\n2,1,0.5,b,n\n2,1,0.5,b,s\n",
    );
    let all = format!("{COUNTIES} --total kerry");
    let two = "estimate --data two.csv --weight w --total y";
    let drawn =
        "estimate --data drawn.csv --weight weight --strata region --chances pi --total staff";
    for (asked, what) in [
        (format!("{all} --formula hajeck"), "no formula 'hajeck'"),
        (
            format!("{all} --method coin"),
            "no method of drawing 'coin'",
        ),
        (
            format!("{all} --formula ht"),
            "ht needs --pairs, --joint, or --method and --list",
        ),
        (
            format!("{all} --formula ht --pairs near"),
            "no formula of pairs 'near'",
        ),
        (format!("{all} --pairs overton"), "no use for --pairs"),
        (
            format!("{all} --formula yg --pairs overton --joint square.csv"),
            "more than one of --pairs",
        ),
        (format!("{all} --method pivotal"), "pivotal needs --order"),
        (
            format!("{all} --method local-pivotal"),
            "local-pivotal needs --spread",
        ),
        (format!("{all} --method cube"), "cube needs --balance"),
        (format!("{all} --order votes"), "no use for --order"),
        (format!("{all} --spread votes"), "no use for --spread"),
        (format!("{all} --hits votes"), "no use for --hits"),
        (
            format!("{all} --method sampford --formula deville"),
            "no use for --method",
        ),
        (
            format!("{all} --formula hansen-hurwitz"),
            "no use for --chances",
        ),
        (
            "estimate --data counties.csv --weight weight --total kerry --formula brewer".into(),
            "brewer needs --chances",
        ),
        (
            format!("{all} --formula ht --joint half.csv"),
            "half.csv has 2 columns and 2 rows, and 40 units were drawn",
        ),
        (
            format!("{all} --formula ht --joint half.csv --id county"),
            "does not tell the chances of all pairs of",
        ),
        (
            format!("{all} --formula ht --joint square.csv --id side"),
            "'side' says the same of",
        ),
        (
            format!("{all} --formula ht --joint pairs.csv"),
            "needs --id",
        ),
        (
            format!("{all} --formula ht --joint wrong.csv"),
            "and its chance is",
        ),
        (
            format!("{all} --formula successive --order nader"),
            "'nader' says the same of",
        ),
        (
            format!("{drawn} --formula ht --method sampford --list shops2.csv"),
            "no unit of stratum 'coast' in shops2.csv",
        ),
        (
            format!("{drawn} --formula ht --method brewer --list shops.csv"),
            "no table of pairs for the method 'brewer'",
        ),
        (
            format!("{drawn} --formula ht --method sampford --list counties.csv"),
            "no column",
        ),
        (format!("{all} --fpc votes"), "fpc of 1 stages were given"),
        (format!("{all} --resample jkn"), "no use for --chances"),
        (
            format!("{all} --replicates p --replicate-type jk1"),
            "no use for --chances",
        ),
        (
            format!("{two} --chances p --psu c --nest"),
            "the chance of stage 1 is not the same in all rows of 1 clusters: 'a'",
        ),
        (
            format!("{two} --chances p --psu c --nest --method poisson"),
            "'p' is not the same in all rows of 1 clusters: 'a'",
        ),
        (format!("{two} --chances w"), "a chance above 0 and up to 1"),
        (
            format!("{two} --chances p --psu c --strata s"),
            "more than one stratum",
        ),
        (
            format!("{two} --chances p --psu c,s"),
            "every stage of --psu needs --chances, or --fpc after those",
        ),
        (
            format!("{two} --chances p,p --psu c,s --method poisson"),
            "no use for --psu and --strata of a second stage",
        ),
    ] {
        let said = bench.says(&asked.split(' ').collect::<Vec<_>>());
        assert!(
            matches!(said.code, Some(2 | 3)),
            "{asked}: {:?} {}",
            said.code,
            said.err
        );
        assert!(said.err.contains(what), "{asked}: {}", said.err);
    }
}

#[test]
fn programs_without_the_formula_say_so() {
    let bench = bench();
    let asked = |how: &str| {
        let asked = format!("{COUNTIES} --total kerry {how}");
        bench.done(&asked.split(' ').collect::<Vec<_>>())
    };
    let r = asked("--formula yg --joint square.csv --id county --script r");
    assert!(
        r.out
            .contains("pps = ppsmat(as.matrix(unname(joint))), variance = \"YG\""),
        "{}",
        r.out
    );
    assert!(!r.err.contains("notice"), "{}", r.err);
    for (program, comment) in [
        ("stata", "// There"),
        ("sas", "/* There"),
        ("svy", "# There"),
        ("r", "# There"),
    ] {
        let said = asked(&format!("--script {program}"));
        assert!(
            said.out
                .contains(&format!("{comment} is no formula of Hájek here")),
            "{}",
            said.out
        );
        assert!(
            said.err
                .contains("has no formula of Hájek: its standard errors are those of"),
            "{}",
            said.err
        );
    }
}
