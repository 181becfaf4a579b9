//! What people read: help, tables, errors, exit codes.

use std::fmt::Write;

use crate::support::survey::{CUSTOMERS, call_everyone};
use crate::support::{Bench, EXACT, SUMMED, Said, assert_close};

/// The commands, in the order of a survey.
const COMMANDS: [&str; 18] = [
    "init", "check", "plan", "rehearse", "commit", "draw", "field", "ingest", "weigh", "estimate",
    "index", "report", "run", "verify", "sign", "keys", "explain", "prove",
];

/// 1,000 customers: three quarters in the town.
fn customers() -> String {
    let mut list = "customer_id,mobile,region\n".to_owned();
    for i in 0..1_000 {
        let region = if i % 4 == 0 { "coast" } else { "town" };
        writeln!(list, "C-{i:04},1010000{i:04},{region}").expect("memory");
    }
    list
}

fn study() -> Bench {
    let bench = Bench::new();
    bench.write("survey.toml", &CUSTOMERS.whole());
    bench.write("customers.csv", &customers());
    bench
}

/// The study, drawn.
fn drawn() -> Bench {
    let bench = study();
    for step in ["check", "plan", "draw", "field"] {
        bench.done(&[step]);
    }
    bench
}

/// Asserts that an error has its three parts.
#[track_caller]
fn refused(said: &Said, code: i32, parts: [&str; 3]) {
    assert_eq!(said.code, Some(code), "{}{}", said.out, said.err);
    let [what, place, remedy] = parts;
    let (error, rest) = said.err.split_once('\n').expect("several lines");
    assert!(
        error.starts_with("error: ") && error.contains(what),
        "{}",
        said.err
    );
    assert!(
        rest.lines()
            .any(|line| line.starts_with(" --> ") && line.contains(place)),
        "{}",
        said.err
    );
    assert!(
        rest.lines()
            .any(|line| line.starts_with(" try: ") && line.contains(remedy)),
        "{}",
        said.err
    );
}

#[test]
fn the_help_lists_the_commands_in_the_order_of_a_survey() {
    let help = Bench::new().done(&["--help"]).out;
    let listed: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|word| COMMANDS.contains(word))
        .collect();
    assert_eq!(listed, COMMANDS, "{help}");
    for wish in ["Prepare:", "Call:", "Learn:"] {
        assert!(help.contains(wish), "{help}");
    }
}

#[test]
fn every_command_says_what_it_reads_and_writes_and_what_comes_next() {
    let bench = Bench::new();
    for command in COMMANDS.into_iter().filter(|command| *command != "explain") {
        let help = bench.done(&[command, "--help"]).out;
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["Reads ", "writes ", "Next: "] {
            assert!(
                help.contains(part),
                "canvass {command} --help has no '{part}':\n{help}"
            );
        }
    }
}

#[test]
fn a_folder_without_a_survey_is_refused_in_three_parts() {
    let said = Bench::new().says(&["check"]);
    refused(&said, 2, ["is no study", "survey.toml", "canvass init"]);
    assert_eq!(said.out, "");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_one_and_its_place() {
    let bench = study();
    bench.write(
        "survey.toml",
        &CUSTOMERS.whole().replace("unit  ", "untt  "),
    );
    let said = bench.says(&["check"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err
            .contains("survey.toml:6:1: there is no setting list.untt; did you mean unit?"),
        "{}",
        said.err
    );
    let said = study().says(&["plan", "--set", "plan.pol=100"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err
            .contains("flag: there is no setting plan.pol; did you mean pool?"),
        "{}",
        said.err
    );
}

#[test]
fn an_unknown_template_is_refused_with_those_there_are() {
    for command in ["init", "rehearse"] {
        let said = Bench::new().says(&[command, "coffee"]);
        assert_eq!(said.code, Some(2));
        assert!(
            said.err.contains("no template is called 'coffee'"),
            "{}",
            said.err
        );
        assert!(
            said.err.contains(" try: templates are 'chongqing-2016'"),
            "{}",
            said.err
        );
    }
    let said = Bench::new().says(&["rehearse", "simple"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("does not say how to invent"),
        "{}",
        said.err
    );
}

#[test]
fn templates_are_listed_in_the_language_asked_for() {
    let bench = Bench::new();
    let english = bench.done(&["init"]).out;
    assert!(
        english.contains("One list, one simple random sample."),
        "{english}"
    );
    assert_eq!(bench.done(&["init", "simple", "--list"]).out, english);
    assert!(!bench.path("simple").exists());
    let chinese = bench.done(&["init", "--list", "--lang", "zh"]).out;
    assert!(
        chinese.contains("模板一览") && chinese.contains("重庆市2016年"),
        "{chinese}"
    );
}

#[test]
fn a_new_study_has_a_seed_of_its_own_and_is_not_overwritten() {
    let bench = Bench::new();
    let said = bench.done(&["init", "simple"]);
    assert!(
        said.err
            .contains("taken from the system once, and written into survey.toml"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("next    canvass check -C simple"),
        "{}",
        said.err
    );
    bench.done(&["init", "simple", "-C", "other"]);
    let seed = |name: &str| {
        let line = bench
            .read(name)
            .lines()
            .find(|line| line.starts_with("seed"))
            .map(str::to_owned);
        line.expect("a seed")
    };
    assert_ne!(seed("simple/survey.toml"), seed("other/survey.toml"));
    bench.done(&[
        "init",
        "simple",
        "--seed",
        "lottery 12 03 33",
        "-C",
        "third",
    ]);
    assert_eq!(seed("third/survey.toml"), "seed = \"lottery 12 03 33\"");
    let said = bench.says(&["init", "simple"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("simple holds a survey.toml already"),
        "{}",
        said.err
    );
}

#[test]
fn blank_and_repeated_ids_are_found_and_then_refused() {
    let bench = study();
    let list = customers()
        .replace("C-0001,", ",")
        .replace("C-0003,", "C-0002,");
    bench.write("customers.csv", &list);
    let found = bench.done(&["check"]);
    assert!(found.out.contains("units without an id"), "{}", found.out);
    assert!(
        found.out.contains("rows whose id is not unique"),
        "{}",
        found.out
    );
    assert!(found.err.contains("next    canvass plan"), "{}", found.err);
    bench.done(&["plan"]);
    let said = bench.says(&["draw"]);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(
        said.err.contains("1 units without an id (rows 2 …)"),
        "{}",
        said.err
    );
    assert!(said.err.contains(" try: mend these rows"), "{}", said.err);
}

#[test]
fn a_step_too_early_names_the_step_before() {
    let said = study().says(&["draw"]);
    assert_eq!(said.code, Some(5));
    assert!(said.err.contains(" try: canvass check"), "{}", said.err);
    let said = drawn().says(&["ingest"]);
    assert_eq!(said.code, Some(3));
    assert!(
        said.err.contains(" try: canvass ingest --attempts FILE"),
        "{}",
        said.err
    );
}

#[test]
fn json_says_what_it_is_and_what_was_done() {
    let bench = study();
    for (args, kind) in [
        (&["init"][..], "canvass/templates"),
        (&["check"], "canvass/check"),
        (&["check", "--settings"], "canvass/settings"),
        (&["plan"], "canvass/plan"),
        (&["commit"], "canvass/commitment"),
        (&["draw"], "canvass/draw"),
        (&["field"], "canvass/calls"),
        (&["run"], "canvass/run"),
        (&["verify"], "canvass/verified"),
        (&["explain"], "canvass/methods"),
        (&["explain", "neyman"], "canvass/method"),
    ] {
        let json = bench.done(&[args, &["--format", "json"]].concat()).json();
        assert_eq!(json["kind"], kind);
        assert_eq!(json["schema"], 1);
    }
    let json = bench.done(&["plan", "--format", "json"]).json();
    assert_eq!(json["wrote"][0], "2-plan.json");
    assert_eq!(json["read"][0], "survey.toml");
    assert_close(json["confidence"].as_f64().expect("a number"), 0.95, EXACT);
    assert!(
        json["cells"].is_array() && json["notices"].is_array(),
        "{json}"
    );
}

#[test]
fn other_formats_hold_the_same_table() {
    let bench = study();
    let csv = bench.done(&["check", "--format", "csv"]).out;
    assert!(
        csv.starts_with("cell,strata,units\ncoast,1,250\ntown,1,750\nall,2,1000\n"),
        "{csv}"
    );
    let markdown = bench
        .done(&["check", "--format", "markdown", "--lang", "zh"])
        .out;
    assert!(markdown.contains("| 报告单元"), "{markdown}");
}

#[test]
fn a_number_of_interviews_is_planned_for_shown_and_remembered() {
    let bench = study();
    bench.done(&["check"]);
    let tried = bench.done(&["plan", "--interviews", "60", "--dry-run"]);
    assert!(!bench.path("2-plan.json").exists());
    assert!(!tried.err.contains("wrote"), "{}", tried.err);

    let said = bench.done(&["plan", "--interviews", "60"]);
    assert!(
        said.out
            .contains("From the wished margin to the numbers it calls for"),
        "{}",
        said.out
    );
    assert!(said.err.contains("60 because you said so"), "{}", said.err);
    assert!(said.err.contains("wrote   2-plan.json"), "{}", said.err);
    assert!(said.err.contains("next    canvass draw"), "{}", said.err);
    let asked = bench.read("2-plan.json");

    // What a person asked for is up to date, is replayed, and outlives a change of the list.
    let ran = bench.done(&["run", "--format", "json"]).json();
    assert_eq!(
        (&ran["steps"][1]["step"], &ran["steps"][1]["taken"]),
        (&"plan".into(), &false.into())
    );
    bench.done(&["verify"]);
    bench.write(
        "customers.csv",
        &(customers() + "C-1000,10100001000,town\n"),
    );
    let ran = bench.done(&["run", "--format", "json"]).json();
    assert_eq!(ran["steps"][1]["taken"], true);
    // One customer more moves a rounding, not the number asked for.
    let numbers = |text: &str| {
        let plan: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let cells = plan["cells"].as_array().expect("cells").clone();
        cells
            .iter()
            .filter_map(|cell| cell["numbers"].as_u64())
            .sum::<u64>()
    };
    assert!(numbers(&bench.read("2-plan.json")).abs_diff(numbers(&asked)) <= 1);
    bench.done(&["verify"]);

    bench.done(&["plan"]);
    assert!(numbers(&bench.read("2-plan.json")) > numbers(&asked));
}

#[test]
fn three_hundred_interviews_of_a_thousand_customers_are_too_many() {
    let bench = study();
    bench.done(&["check"]);
    let said = bench.done(&["plan", "--interviews", "300"]);
    assert!(
        said.err
            .contains("notice  'coast' has 250 units in its list"),
        "{}",
        said.err
    );
    assert_eq!(
        bench
            .says(&["plan", "--interviews", "300", "--strict"])
            .code,
        Some(6)
    );
    assert_eq!(bench.says(&["plan", "--interviews", "0"]).code, Some(2));
}

#[test]
fn a_method_is_explained_with_its_formula_and_source() {
    let bench = Bench::new();
    let said = bench.done(&["explain", "neyman"]).out;
    assert!(
        said.contains("Neyman (1934)") && said.contains("N_h S_h"),
        "{said}"
    );
    assert!(bench.done(&["explain"]).out.contains("neyman"));
    let said = bench.says(&["explain", "newman"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("no method is called 'newman'"),
        "{}",
        said.err
    );
}

#[test]
fn settings_in_force_are_shown_with_where_they_come_from() {
    let said = study()
        .done(&[
            "check",
            "--settings",
            "--set",
            "plan.pool=500",
            "--format",
            "csv",
        ])
        .out;
    for line in [
        "plan.pool,500,flag",
        "plan.confidence,0.95,default",
        "list.fictional,true,line 10",
    ] {
        assert!(said.lines().any(|found| found == line), "{line}:\n{said}");
    }
}

#[test]
fn call_lists_are_shown_by_file_and_hold_every_number() {
    let bench = drawn();
    let json = bench.done(&["field", "--format", "json"]).json();
    let rows = bench.read("4-calls/calls.csv").lines().count() as u64 - 1;
    assert_eq!(json["numbers"], rows);
    // In every stratum n_h numbers stand for N_h / n_h customers each.
    assert_close(
        json["base_weights"].as_f64().expect("a number"),
        1_000.0,
        SUMMED,
    );
    let said = bench.done(&["field"]);
    assert!(said.out.contains("4-calls/calls.csv"), "{}", said.out);
    assert!(
        said.err
            .contains("next    canvass ingest --attempts FILE --answers FILE"),
        "{}",
        said.err
    );
}

#[test]
fn returned_calls_become_weights_figures_and_a_report() {
    let bench = drawn();
    call_everyone(&bench, ["1.1", "2.112", "3.13"]);
    let said = bench.done(&[
        "ingest",
        "--attempts",
        "attempts.csv",
        "--answers",
        "answers.csv",
    ]);
    assert!(said.out.contains("Final classes by cell"), "{}", said.out);
    assert!(
        said.err
            .contains("wrote   5-outcomes.parquet, 5-field.json"),
        "{}",
        said.err
    );

    let said = bench.done(&["weigh"]);
    assert!(said.out.contains("Weights after each step"), "{}", said.out);
    let said = bench.done(&["estimate"]);
    assert!(
        said.out.contains("coast") && said.out.contains("satisfaction"),
        "{}",
        said.out
    );
    assert!(said.err.contains("next    canvass report"), "{}", said.err);
    let said = bench.says(&["index"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("survey.toml has no [index]"),
        "{}",
        said.err
    );

    let said = bench.done(&["report", "--lang", "zh"]);
    assert!(said.out.contains("中文"), "{}", said.out);
    assert!(said.err.contains("9-report.html"), "{}", said.err);
    assert!(bench.read("9-report.html").contains("估计结果"));
    // The journal remembers the language, so that the replay writes the same page.
    let said = bench.done(&["verify"]);
    assert!(said.out.contains("the same, byte for byte"), "{}", said.out);

    bench.done(&["run"]);
    assert!(
        !bench.read("9-report.html").contains("估计结果"),
        "survey.toml says English"
    );
    let ran = bench.done(&["run", "--format", "json"]).json();
    let steps = ran["steps"].as_array().expect("steps");
    assert!(steps.iter().all(|step| step["taken"] == false), "{ran}");

    bench.write("9-notice.csv", "nobody is satisfied\n");
    let said = bench.says(&["verify"]);
    assert_eq!(said.code, Some(3));
    assert!(
        said.err
            .contains("9-notice.csv is not what its inputs make it"),
        "{}",
        said.err
    );
}
