//! Steps of weighting with a table of their own, through a whole study.

use std::fmt::Write;

use crate::support::survey::{CUSTOMERS, Survey};
use crate::support::{Bench, SUMMED, VS_R, assert_close};

/// A study whose list has a kind of customer, a number of lines and the list it came from.
fn survey(steps: &str) -> String {
    let customers = Survey {
        carry: r#"["kind", "lines", "origin"]"#,
        ..CUSTOMERS
    };
    let rest = format!(
        r#"
[weigh]
{steps}

[[figure]]
statistic = "mean"
item      = "satisfaction"
by        = []

[[figure]]
statistic = "total"
item      = "satisfaction"
by        = []

[report]
least = 5
"#
    );
    customers.planned() + &rest
}

/// 1,000 customers, drawn and called. Firms answer less often than homes, and the coast less than the
/// town; those who answer tell how many numbers they have, how many adults there are, whether they have
/// both kinds of telephone, and how many lines.
fn called() -> Bench {
    let bench = Bench::new();
    weigh(&bench, "steps = []");
    let mut list = "customer_id,mobile,region,kind,lines,origin\n".to_owned();
    for i in 0..1_000 {
        let region = if i % 4 == 0 { "coast" } else { "town" };
        let kind = if i % 7 < 2 { "firm" } else { "home" };
        let origin = if i % 3 == 0 { "landline" } else { "mobile" };
        let lines = 1 + i * i % 5;
        writeln!(
            list,
            "C-{i:04},1010000{i:04},{region},{kind},{lines},{origin}"
        )
        .expect("memory");
    }
    bench.write("customers.csv", &list);
    for step in ["check", "plan", "draw", "field"] {
        bench.done(&[step]);
    }
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,satisfaction,sims,adults,both,said\n".to_owned();
    for row in bench.read("4-calls/calls.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        // By the customer, since case ids are secret and come in any order.
        let (case, i) = (
            cells[0],
            cells[1][7..].parse::<usize>().expect("four digits"),
        );
        let willing = if i % 7 < 2 { 3 } else { 6 } + usize::from(i % 4 > 0);
        // A number without a pattern in common with the columns.
        let chance = i * 7_919 % 1_009 % 10;
        let code = if chance < willing { "1.1" } else { "2.112" };
        let at = "2025-03-04T10:00:00";
        writeln!(attempts, "{case},1,{at},300,{code}").expect("memory");
        if code == "1.1" {
            let (satisfaction, sims, adults) = (1 + i % 10, 1 + i % 5, 1 + i % 3);
            let (both, said) = (
                usize::from(i % 5 < 2),
                1 + i * i % 5 + usize::from(i % 9 == 0),
            );
            writeln!(
                answers,
                "{case},{at},{satisfaction},{sims},{adults},{both},{said}"
            )
            .expect("memory");
        }
    }
    bench.write("attempts.csv", &attempts);
    bench.write("answers.csv", &answers);
    let files = ["--attempts", "attempts.csv", "--answers", "answers.csv"];
    bench.done(&[&["ingest"], &files[..]].concat());
    bench
}

fn weigh(bench: &Bench, steps: &str) {
    bench.write("survey.toml", &survey(steps));
}

/// What `canvass weigh` says of these steps.
fn weighed(bench: &Bench, steps: &str) -> serde_json::Value {
    weigh(bench, steps);
    bench.done(&["weigh", "--format", "json"]).json()
}

/// What is said of steps that cannot be taken.
#[track_caller]
fn fails(bench: &Bench) -> String {
    let said = bench.says(&["weigh"]);
    assert!(said.code != Some(0), "{}", said.out);
    said.err
}

fn last(weighed: &serde_json::Value) -> serde_json::Value {
    weighed["steps"]
        .as_array()
        .expect("steps")
        .last()
        .expect("a step")
        .clone()
}

fn number(value: &serde_json::Value) -> f64 {
    value.as_f64().expect("a number")
}

#[test]
fn propensities_and_trees_are_told_in_words_and_go_into_the_report() {
    let bench = called();
    let propensity = "steps = [\"propensity\"]\n[weigh.propensity]\nby = [\"region\", \"kind\"]\nnumbers = [\"lines\"]";
    let told = weighed(&bench, propensity);
    assert_eq!(last(&told)["step"], "propensity");
    assert_close(number(&last(&told)["total"]), 1_000.0, 0.02);
    let note = told["notes"][0]["says"][0].as_str().expect("words");
    assert!(
        note.starts_with("propensities to answer lie between 0.")
            && note.ends_with("3 columns: region = town, kind = home, lines"),
        "{note}"
    );
    bench.done(&["estimate"]);
    bench.done(&["report"]);
    assert!(
        bench
            .read("9-report.html")
            .contains("Response propensities")
    );

    let classes = weighed(
        &bench,
        &format!("{propensity}\nuse = \"classes\"\nclasses = 3"),
    );
    assert_eq!(last(&classes)["step"], "propensity-classes");
    assert_close(number(&last(&classes)["total"]), 1_000.0, SUMMED);

    let tree = weighed(
        &bench,
        "steps = [\"tree\"]\n[weigh.tree]\nby = [\"kind\", \"region\"]\nordered = [\"lines\"]\nleast = 40",
    );
    assert_eq!(last(&tree)["step"], "tree");
    assert_close(number(&last(&tree)["total"]), 1_000.0, SUMMED);
    let words: Vec<&str> = tree["notes"][0]["says"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line.as_str().expect("words"))
        .collect();
    assert!(
        words.len() > 1 && words[0].starts_with("kind = firm"),
        "{words:?}"
    );
    bench.done(&["estimate"]);
    bench.done(&["report"]);
    let said = bench.done(&["verify"]);
    assert!(said.out.contains("the same, byte for byte"), "{}", said.out);
}

#[test]
fn small_propensities_and_large_counts_are_told_of() {
    let bench = called();
    let steps = "steps = [\"propensity\", \"multiplicity\", \"household\"]\n\
                 [weigh.propensity]\nby = [\"kind\"]\nleast = 0.5\n\
                 [weigh.multiplicity]\nof = \"sims\"\ncap = 3\n\
                 [weigh.household]\nof = \"adults\"";
    let told = weighed(&bench, steps);
    let keys: Vec<&str> = told["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| step["step"].as_str().expect("a key"))
        .collect();
    assert_eq!(keys, ["base", "propensity", "multiplicity", "household"]);
    let artefact = bench.read("6-weights.json");
    for notice in ["extreme_propensities", "counts_capped"] {
        assert!(artefact.contains(notice), "{notice} is not told of");
    }
    bench.done(&["estimate"]);
    let missing = steps.replace("\"sims\"", "\"simms\"");
    weigh(&bench, &missing);
    assert!(fails(&bench).contains("'simms' is not among the answers"));
}

#[test]
fn totals_of_a_file_are_met_and_what_they_lack_is_part_of_the_variance() {
    let bench = called();
    let totals = |se: &str| {
        format!(
            "column,level,total,se\nregion,coast,260,{se}\nregion,town,740,{se}\nlines,,2100,{se}\n"
        )
    };
    let steps = "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = [\"kind\"]\nmargins = [[\"region\"]]\n\
                 amounts = [\"lines\"]\nmethod = \"linear\"\ncontrols = \"totals.csv\"";
    let total = || {
        bench.done(&["estimate"]);
        let json: serde_json::Value =
            serde_json::from_str(&bench.read("7-estimates.json")).expect("JSON");
        let all = json["estimates"].as_array().expect("figures");
        all.iter()
            .find(|figure| figure["statistic"] == "total")
            .expect("a total")
            .clone()
    };
    bench.write("totals.csv", &totals("0"));
    let known = last(&weighed(&bench, steps));
    assert_close(number(&known["total"]), 1_000.0, VS_R);
    let known = total();
    bench.write("totals.csv", &totals("12"));
    let told = weighed(&bench, steps);
    assert_close(number(&last(&told)["total"]), 1_000.0, VS_R);
    let estimated = total();
    assert_eq!(known["value"], estimated["value"]);
    let variance = |figure: &serde_json::Value| {
        number(figure["variance"].get("Ok").unwrap_or(&figure["variance"]))
    };
    assert!(
        variance(&estimated) > variance(&known) + 100.0,
        "{estimated}"
    );
    assert!(bench.read("6-weights.json").contains("estimated-controls"));
    // The file belongs to the step, and to what is made of the weights.
    bench.write("totals.csv", &totals("13"));
    assert!(
        bench
            .says(&["estimate"])
            .err
            .contains("totals.csv has changed since 'weigh' read it")
    );
    bench.write("totals.csv", &totals("12"));
    let said = bench.done(&["verify"]);
    assert!(said.out.contains("the same, byte for byte"), "{}", said.out);

    weigh(
        &bench,
        &steps
            .replace("\"calibrate\"", "\"rake\"")
            .replace("amounts = [\"lines\"]\nmethod = \"linear\"\n", ""),
    );
    let said = fails(&bench);
    assert!(
        said.contains("the totals have standard errors, and 'rake' takes them as known"),
        "{said}"
    );
    bench.write(
        "totals.csv",
        "column,level,total\nregion,coast,260\nregion,coast,740\n",
    );
    weigh(&bench, steps);
    assert!(fails(&bench).contains("names 'region = coast' twice"));
}

#[test]
fn instruments_are_answers_and_two_lists_are_put_together() {
    let bench = called();
    let steps = "steps = [\"instruments\"]\nmargins = [[\"region\"]]\namounts = [\"lines\"]\nmethod = \"raking\"\n\
                 [weigh.instruments]\nby = [\"region\"]\nnumbers = [\"said\"]";
    let told = last(&weighed(&bench, steps));
    assert_eq!(told["step"], "instruments");
    assert_close(number(&told["total"]), 1_000.0, VS_R);
    assert!(number(&told["misfit"]) < 1e-9);
    bench.done(&["estimate"]);
    weigh(&bench, &steps.replace("\nnumbers = [\"said\"]", ""));
    let said = fails(&bench);
    assert!(
        said.contains("3 controls are to be met through 2 instruments"),
        "{said}"
    );

    let steps = "steps = [\"nonresponse\", \"compose\"]\nnonresponse_by = [\"kind\"]\n[weigh.compose]\nlist = \"origin\"\n\
                 first = \"landline\"\nboth = \"both\"\nrule = \"effective\"";
    let told = weighed(&bench, steps);
    assert_eq!(last(&told)["step"], "hartley");
    assert!(
        told["notes"][0]["says"][0]
            .as_str()
            .expect("words")
            .starts_with("of people on both lists, the first counts for 0.")
    );
    bench.done(&["estimate"]);
    weigh(&bench, &steps.replace("\"landline\"", "\"fixed\""));
    let said = fails(&bench);
    assert!(said.contains("it has 'landline', 'mobile'"), "{said}");
}

/// Every kind of step, in the order in which it may be taken, and the keys by which it is told.
const KINDS: &[(&str, &[&str])] = &[
    (
        "steps = [\"unknown\", \"nonresponse\", \"poststratify\", \"trim\"]\nunknown_by = []\nnonresponse_by = [\"kind\"]\n\
         margins = [[\"region\", \"kind\"]]\ncap = 3\nrule = \"mean\"",
        &["unknown", "nonresponse", "alternate"],
    ),
    (
        "steps = [\"propensity\", \"multiplicity\", \"household\", \"trim\"]\ncap = 30\nrule = \"median\"\nexcess = \"equal\"\n\
         [weigh.propensity]\nby = [\"kind\"]\n[weigh.multiplicity]\nof = \"sims\"\ncap = 4\n[weigh.household]\nof = \"adults\"",
        &["propensity", "multiplicity", "household", "trim"],
    ),
    (
        "steps = [\"propensity\", \"rake\"]\nmargins = [[\"region\"], [\"kind\"]]\n\
         [weigh.propensity]\nby = [\"kind\", \"region\"]\nuse = \"classes\"\nclasses = 2",
        &["propensity-classes", "rake"],
    ),
    (
        "steps = [\"tree\", \"compose\"]\n[weigh.tree]\nby = [\"kind\", \"region\"]\nleast = 40\n\
         [weigh.compose]\nlist = \"origin\"\nfirst = \"landline\"\nboth = \"both\"\nrule = \"share\"\nshare = 0.4",
        &["tree", "hartley"],
    ),
    (
        "steps = [\"nonresponse\", \"compose\"]\nnonresponse_by = []\n[weigh.compose]\nlist = \"origin\"\n\
         first = \"landline\"\nboth = \"both\"\nrule = \"chances\"\nchances = [0.4, 0.2]",
        &["nonresponse", "single-frame"],
    ),
    (
        "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"], [\"kind\"]]\n\
         amounts = [\"lines\"]\nmethod = \"linear\"",
        &["nonresponse", "calibrate-linear"],
    ),
    (
        "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\namounts = [\"lines\"]\n\
         method = \"raking\"",
        &["nonresponse", "calibrate-raking"],
    ),
    (
        "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\namounts = [\"lines\"]\n\
         method = \"raking\"\nbounds = [0.2, 5]",
        &["nonresponse", "calibrate-bounded-raking"],
    ),
    (
        "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\namounts = [\"lines\"]\n\
         method = \"truncated\"\nbounds = [0.2, 5]",
        &["nonresponse", "calibrate-truncated"],
    ),
    (
        "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\namounts = [\"lines\"]\n\
         method = \"raking\"\nlimits = [1, 10]",
        &["nonresponse", "calibrate-bounded-raking"],
    ),
    (
        "steps = [\"nonresponse\", \"calibrate\", \"trim\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\n\
         amounts = [\"lines\"]\nmethod = \"logit\"\nbounds = [0.2, 5]\ncap = 3\nrule = \"mean\"",
        &["nonresponse", "alternate"],
    ),
    (
        "steps = [\"instruments\"]\nmargins = [[\"region\"]]\namounts = [\"lines\"]\nmethod = \"linear\"\n\
         [weigh.instruments]\nby = [\"region\"]\nnumbers = [\"said\"]",
        &["instruments"],
    ),
    (
        "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\nmethod = \"linear\"\n\
         controls = \"totals.csv\"",
        &["nonresponse", "calibrate-linear"],
    ),
];

#[test]
fn every_factor_is_a_column_and_a_case_tells_whose_each_is() {
    use canvass::files::{Column, parquet};
    let bench = called();
    bench.write(
        "totals.csv",
        "column,level,total,se\nregion,coast,260,10\nregion,town,740,10\n",
    );
    let lists = bench.read("4-calls/calls.csv");
    let cases: Vec<&str> = lists
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    for (steps, wanted) in KINDS {
        weighed(&bench, steps);
        let table = parquet::read(&bench.path("6-weights.parquet")).expect("weights");
        let column = |name: &str| match table.get(name) {
            Some(Column::Real(values)) => values
                .iter()
                .map(|x| x.expect("every unit has one"))
                .collect::<Vec<f64>>(),
            other => panic!("{name}: {other:?}"),
        };
        let mut product = column("base");
        for key in *wanted {
            let factor = column(&format!("factor.{key}"));
            product
                .iter_mut()
                .zip(factor)
                .for_each(|(product, factor)| *product *= factor);
        }
        for (product, weight) in product.iter().zip(column("weight")) {
            assert_close(*product, weight, SUMMED);
        }
        for case in &cases[..2] {
            let why = bench.done(&["why", case, "--format", "json"]).json();
            let told = why["steps"].as_array().expect("steps");
            let keys: Vec<&str> = told
                .iter()
                .filter_map(|step| step["step"].as_str())
                .collect();
            assert_eq!(keys, [&["base"], *wanted].concat());
            let all: f64 = told.iter().map(|step| number(&step["factor"])).product();
            assert_close(all, number(&why["weight"]), SUMMED);
            for step in told {
                let sources = step["sources"].as_array().expect("sources");
                assert!(!sources.is_empty() && step["formula"] != "", "{step}");
            }
        }
    }
}

#[test]
fn a_second_phase_has_its_place_among_the_steps() {
    let bench = called();
    let word = "steps = [\"second-phase\", \"nonresponse\"]\nnonresponse_by = []";
    weigh(&bench, word);
    assert!(fails(&bench).contains("names \"second-phase\", and nobody was followed up"));
    bench.done(&["follow-up", "--take", "60"]);
    let keys = |steps: &str| -> Vec<String> {
        let told = weighed(&bench, steps);
        let steps = told["steps"].as_array().expect("steps");
        steps
            .iter()
            .filter_map(|one| Some(one["step"].as_str()?.to_owned()))
            .collect()
    };
    // Without the word it is taken where the design has it.
    let silent = "steps = [\"unknown\", \"nonresponse\"]\nunknown_by = []\nnonresponse_by = []";
    assert_eq!(
        keys(silent),
        ["base", "second-phase", "unknown", "nonresponse"]
    );
    let first = std::fs::read(bench.path("6-weights.parquet")).expect("weights");
    assert_eq!(
        keys(&silent.replace("[\"unknown\"", "[\"second-phase\", \"unknown\"")),
        ["base", "second-phase", "unknown", "nonresponse"]
    );
    assert_eq!(
        first,
        std::fs::read(bench.path("6-weights.parquet")).expect("weights")
    );
    assert_eq!(
        keys(&silent.replace("[\"unknown\"", "[\"unknown\", \"second-phase\"")),
        ["base", "unknown", "second-phase", "nonresponse"]
    );
    assert_eq!(keys(word), ["base", "second-phase", "nonresponse"]);
    bench.done(&["estimate"]);
    weigh(
        &bench,
        "steps = [\"nonresponse\", \"second-phase\"]\nnonresponse_by = []",
    );
    let said = fails(&bench);
    assert!(
        said.contains("not in the order")
            && said.contains("second-phase and unknown, either first"),
        "{said}"
    );
}

#[test]
fn what_a_step_cannot_do_with_is_said_clearly() {
    let bench = called();
    let lists = "steps = [\"compose\"]\n[weigh.compose]\nlist = \"origin\"\nfirst = \"landline\"\nboth = \"both\"\n";
    let totals = "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\n\
                  method = \"linear\"\ncontrols = \"totals.csv\"";
    bench.write(
        "totals.csv",
        "column,level,total,se\nregion,coast,260,-1\nregion,town,x,0\n",
    );
    for (steps, wanted) in [
        (format!("{lists}rule = \"share\"\nshare = 1.5"), "weigh.compose.share is 1.5"),
        (format!("{lists}rule = \"chances\"\nchances = [0.1, 2]"), "must be two chances"),
        (
            format!("{lists}rule = \"effective\"").replace("\"both\"\n", "\"has\"\n"),
            "'has' is not among the answers",
        ),
        (
            "steps = [\"multiplicity\"]\n[weigh.multiplicity]\nof = \"kind\"".into(),
            "'kind' holds 'firm'",
        ),
        (
            "steps = [\"household\"]\n[weigh.household]\nof = \"adults\"\ncap = 0".into(),
            "weigh.household.cap is 0",
        ),
        (
            "steps = [\"nonresponse\", \"trim\"]\nnonresponse_by = []\ncap = 0.5\nrule = \"weight\"".into(),
            "no weight is to be above 0.5",
        ),
        (
            "steps = [\"instruments\"]\nmargins = [[\"region\"]]\nmethod = \"linear\"\n[weigh.instruments]\nnumbers = [\"sad\"]".into(),
            "'sad' is not among the answers",
        ),
        (totals.into(), "totals.csv"),
        (
            totals.replace("\"linear\"\ncontrols = \"totals.csv\"", "\"truncated\"\nlimits = [0.1, 0.2]"),
            "with weights between 0.1 and 0.2, 'region = ",
        ),
        (
            totals.replace("controls = \"totals.csv\"", "limits = [0.1, 9]"),
            "weigh.limits is only for method = \"truncated\" and method = \"raking\"",
        ),
        (
            totals.replace("\"linear\"\ncontrols = \"totals.csv\"", "\"raking\"\nlimits = [9, 1]"),
            "weigh.limits must be a smallest and a larger weight",
        ),
        (
            "steps = [\"rake\"]\nmargins = [[\"region\"]]\nlimits = [1, 9]".into(),
            "weigh.limits is only for the step \"calibrate\"",
        ),
    ] {
        weigh(&bench, &steps);
        let said = fails(&bench);
        assert!(said.contains(wanted), "{steps}\n{said}");
    }
}
