//! A study that draws in stages: branches of two regions, then customers, from the list to the report.

mod changes;

use std::collections::BTreeMap;
use std::fmt::Write;

use canvass::field::CaseKey;
use canvass::files::{Columns, parquet};
use canvass::math::Moments;
use canvass::progress::Silent;
use canvass::study::Study;
use serde_json::Value;

use crate::support::{Bench, EXACT, SUMMED, VS_R, assert_close, reals, refused};

/// All but `[draw]`.
const SURVEY: &str = r#"survey = "Customers of branches"
seed   = "the evening draw of 1 March 2025"

[list]
file      = "customers.csv"
unit      = "customer"
phone     = "telephone"
strata    = ["region"]
cells     = ["region"]
fictional = true

[plan]
pool = 60

[[target]]
margin        = 3.0
spread        = 20.0
design_effect = 1.5

[[funnel]]
working  = 0.9
reached  = 0.8
eligible = 0.9
willing  = 0.5
source   = "assumption"

[weigh]
steps = []

[[figure]]
statistic = "mean"
item      = "satisfaction"
by        = []

[[figure]]
statistic = "total"
item      = "satisfaction"
by        = []

[[figure]]
statistic = "mean"
item      = "satisfaction"
by        = ["region"]

[report]
least = 2

"#;

/// Five customers in each of so many branches as the plan's numbers come to.
const SIMPLE: &str = "[draw]\nwithin = 5\n[[draw.stage]]\ncluster = \"branch\"\n";

/// A customer of the list.
struct Customer {
    id: String,
    region: &'static str,
    branch: String,
    answer: u32,
}

/// 360 customers of 28 branches; labels of the north stand in the south too.
fn customers() -> Vec<Customer> {
    let mut all = Vec::new();
    for (region, branches) in [("north", 12), ("south", 16)] {
        for branch in 0..branches {
            for _ in 0..8 + branch * 7 % 11 {
                let at = all.len() as u32;
                all.push(Customer {
                    id: format!("C-{at:03}"),
                    region,
                    branch: format!("b{branch:02}"),
                    answer: 1 + (branch * 5 % 7 + at * 13 % 4) % 10,
                });
            }
        }
    }
    all
}

fn list() -> String {
    let mut list = "customer,telephone,region,branch,turnover\n".to_owned();
    for (at, one) in customers().iter().enumerate() {
        let turnover = 1 + at * 7 % 13;
        let Customer {
            id, region, branch, ..
        } = one;
        writeln!(list, "{id},1010000{at:04},{region},{branch},{turnover}").expect("memory");
    }
    list
}

/// A study in a folder.
fn study(bench: &Bench, folder: &str, draw: &str) {
    bench.write(&format!("{folder}/survey.toml"), &format!("{SURVEY}{draw}"));
    bench.write(&format!("{folder}/customers.csv"), &list());
}

fn step(bench: &Bench, folder: &str, steps: &[&str]) {
    for step in steps {
        bench.done(&["-C", folder, step]);
    }
}

fn sample(bench: &Bench, folder: &str) -> Columns {
    parquet::read(&bench.path(&format!("{folder}/3-sample.parquet"))).expect("a sample")
}

/// The customers by their case ids.
fn by_case(bench: &Bench, folder: &str) -> BTreeMap<String, Customer> {
    let key = CaseKey::from_hex(&bench.read(&format!("{folder}/case.key"))).expect("a key");
    let all = customers().into_iter();
    all.map(|one| (key.case_id(&one.id), one)).collect()
}

/// Everybody drawn is called, and answers.
fn answer(bench: &Bench, folder: &str) {
    let known = by_case(bench, folder);
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,satisfaction\n".to_owned();
    let calls = bench.read(&format!("{folder}/4-calls/calls.csv"));
    for line in calls.lines().skip(1) {
        let case = line.split(',').next().expect("a case id");
        let at = "2025-03-04T10:00:00";
        writeln!(attempts, "{case},1,{at},300,1.1").expect("memory");
        writeln!(answers, "{case},{at},{}", known[case].answer).expect("memory");
    }
    bench.write("attempts.csv", &attempts);
    bench.write("answers.csv", &answers);
    let files = ["--attempts", "attempts.csv", "--answers", "answers.csv"];
    bench.done(&[&["-C", folder, "ingest"][..], &files].concat());
}

/// The drawn customers as a table for whoever estimates from a bare file.
fn table(bench: &Bench, folder: &str) -> String {
    let known = by_case(bench, folder);
    let sample = sample(bench, folder);
    let Some(canvass::files::Column::Text(cases)) = sample.get("case_id") else {
        panic!("no cases");
    };
    let columns = [
        "probability",
        "probability.1",
        "probability.2",
        "of.1",
        "of.2",
    ];
    let numbers = columns.map(|name| reals(&sample, name));
    let mut table = "id,region,branch,y,w,p1,p2,of1,of2\n".to_owned();
    for (row, case) in cases.iter().enumerate() {
        let one = &known[case];
        let [p, p1, p2, of1, of2] = [0, 1, 2, 3, 4].map(|column| numbers[column][row]);
        writeln!(
            table,
            "{},{},{},{},{},{p1},{p2},{of1},{of2}",
            one.id,
            one.region,
            one.branch,
            one.answer,
            1.0 / p
        )
        .expect("memory");
    }
    table
}

/// Value, standard error and degrees of freedom of each estimate of a study.
fn estimated(bench: &Bench, folder: &str) -> Vec<[f64; 3]> {
    let of = |one: &Value| {
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let variance = number(&one["variance"]["Ok"]);
        [number(&one["value"]), variance.sqrt(), number(&one["df"])]
    };
    let told = bench.json(&format!("{folder}/7-estimates.json"));
    let all = told["estimates"].as_array().expect("estimates");
    all.iter().map(of).collect()
}

/// The same of a bare table.
fn beside(bench: &Bench, args: &[&str]) -> Vec<[f64; 3]> {
    let of =
        |one: &Value| ["estimate", "se", "df"].map(|name| one[name].as_f64().unwrap_or(f64::NAN));
    let told = bench.done(args).json();
    let all = told["rows"].as_array().expect("figures");
    all.iter().map(of).collect()
}

#[test]
fn a_study_of_two_simple_stages_estimates_as_other_programs_do() {
    let bench = Bench::new();
    study(&bench, "two", SIMPLE);
    step(&bench, "two", &["check", "plan", "commit", "draw", "field"]);
    // Of 60 numbers, the north calls for 27 and the south for 33: five and seven branches come to them, within
    // the pool.
    let plan = bench.json("two/2-plan.json");
    let takes: Vec<&Value> = plan["staging"]["strata"]
        .as_array()
        .expect("strata")
        .iter()
        .map(|one| &one["takes"])
        .collect();
    assert_eq!(
        takes,
        [&serde_json::json!([5, 5]), &serde_json::json!([7, 5])]
    );
    let draw = bench.json("two/3-draw.json");
    assert_eq!(
        (&draw["method"], &draw["drawn"]),
        (&"stages".into(), &60.into())
    );
    assert_eq!(draw["stages"][0]["strata"][1]["there"], 16);
    assert_eq!(draw["stages"][0]["labels_again"], 12);
    answer(&bench, "two");
    step(&bench, "two", &["weigh", "estimate", "report", "verify"]);

    bench.write("sample.csv", &table(&bench, "two"));
    let args = [
        "estimate",
        "--data",
        "sample.csv",
        "--weight",
        "w",
        "--strata",
        "region",
        "--psu",
        "branch,id",
        "--fpc",
        "of1,of2",
        "--nest",
        "--format",
        "json",
    ];
    let bare = |more: &[&str]| beside(&bench, &[&args[..], more].concat());
    let found = estimated(&bench, "two");
    let beside = [
        bare(&["--mean", "y"]),
        bare(&["--total", "y"]),
        bare(&["--mean", "y", "--by", "region"]),
    ];
    for (one, other) in found.iter().zip(beside.concat()) {
        for (one, other) in one.iter().zip(other) {
            assert_close(*one, other, SUMMED);
        }
    }
    // R 4.2.2, survey 4.1-1, of the same 60 customers:
    //   d <- svydesign(~branch + id, strata = ~region, fpc = ~of1 + of2, weights = ~w, nest = TRUE, data = s)
    //   svymean(~y, d); svytotal(~y, d); svyby(~y, ~region, d, svymean); degf(d)
    let by_r = [
        [5.237_912_606_098_71, 0.500_087_037_644_525, 10.0],
        [1_904.205_714_285_714, 188.903_316_248_805, 10.0],
        [4.488_524_590_163_93, 0.590_763_198_529_874, 4.0],
        [5.743_157_894_736_84, 0.737_091_226_584_946, 6.0],
    ];
    assert_eq!(found.len(), by_r.len());
    for (one, other) in found.iter().zip(by_r) {
        for (one, other) in one.iter().zip(other) {
            assert_close(*one, other, VS_R);
        }
    }
}

#[test]
fn a_weight_is_told_stage_by_stage_and_the_report_tells_the_stages() {
    let bench = Bench::new();
    let draw = SIMPLE.replace("within = 5", "within = 5\nself_weighting = true");
    study(&bench, "two", &draw);
    let survey = bench.read("two/survey.toml");
    bench.write("two/survey.toml", &format!("language = \"zh\"\n{survey}"));
    step(&bench, "two", &["check", "plan", "draw", "field"]);
    answer(&bench, "two");
    step(&bench, "two", &["weigh", "estimate", "report", "verify"]);
    // All customers of a region weigh the same: 151 / 25 and 209 / 35.
    let sample = sample(&bench, "two");
    for (row, p) in reals(&sample, "probability").iter().enumerate() {
        let region = sample.codes("stratum").expect("strata").label(row) == "north";
        assert_close(*p, if region { 25.0 / 151.0 } else { 35.0 / 209.0 }, SUMMED);
    }
    let weights = parquet::read(&bench.path("two/6-weights.parquet")).expect("weights");
    let [base, first, second] = ["base", "base.1", "base.2"].map(|name| reals(&weights, name));
    for row in 0..base.len() {
        assert_close(first[row] * second[row], base[row], SUMMED);
    }
    let case = by_case(&bench, "two");
    let calls = bench.read("two/4-calls/calls.csv");
    let line = calls.lines().nth(1).expect("a call");
    let drawn = line.split(',').next().expect("a case");
    let told = bench
        .done(&["-C", "two", "why", &case[drawn].id, "--format", "json"])
        .json();
    assert_eq!(told["steps"][0]["step"], "base.1");
    assert_eq!(told["steps"][1]["step"], "base.2");
    let found = told["steps"][0]["finds"][0].as_str().expect("a cluster");
    assert_eq!(
        found,
        format!("branch {} / {}", case[drawn].region, case[drawn].branch)
    );
    assert_close(
        told["steps"][1]["weight"].as_f64().expect("a weight"),
        told["weight"].as_f64().expect("a weight"),
        SUMMED,
    );
    // The same figures as from a bare table, by the chances of each stage.
    bench.write("sample.csv", &table(&bench, "two"));
    let args = [
        "estimate",
        "--data",
        "sample.csv",
        "--weight",
        "w",
        "--strata",
        "region",
        "--psu",
        "branch,id",
        "--chances",
        "p1,p2",
        "--nest",
        "--format",
        "json",
        "--mean",
        "y",
    ];
    let bare = beside(&bench, &args);
    for (one, other) in estimated(&bench, "two")[0].iter().zip(bare[0]) {
        assert_close(*one, other, SUMMED);
    }
    let report = bench.read("two/9-report.html");
    for words in [
        "样本分2个阶段抽取",
        "概率正比于群内单位数",
        "该设计为自加权设计",
        "自加权二阶段抽样",
    ] {
        assert!(report.contains(words), "{words}");
    }
}

#[test]
fn one_customer_is_shown_with_its_branch_and_what_was_changed_is_found() {
    let bench = Bench::new();
    study(&bench, "two", SIMPLE);
    step(&bench, "two", &["check", "plan", "draw"]);
    let key = CaseKey::from_hex(&bench.read("two/case.key")).expect("a key");
    let file = sample(&bench, "two");
    let Some(canvass::files::Column::Text(cases)) = file.get("case_id") else {
        panic!("no cases");
    };
    let mut shown = 0;
    for one in customers().iter().step_by(23) {
        let args = ["-C", "two", "verify", "--unit", &one.id, "--format", "json"];
        let told = bench.done(&args).json();
        let drawn = cases.contains(&key.case_id(&one.id));
        shown += u32::from(drawn);
        assert_eq!(told["strata"][0]["takes"], drawn, "{told}");
        let [branch, own] = [0, 1].map(|stage| told["stages"][stage].clone());
        assert_eq!(
            (&branch["label"], &own["label"]),
            (&one.branch.clone().into(), &one.id.clone().into())
        );
        // Where numbers decide, rank and threshold say what was drawn.
        for stage in [&branch, &own] {
            let within = stage["rank"].as_u64() <= stage["take"].as_u64();
            assert_eq!(
                within,
                stage["digest"].as_str() <= stage["last"].as_str(),
                "{stage}"
            );
        }
        assert_eq!(
            branch["rank"].as_u64() <= branch["take"].as_u64(),
            branch["drawn"].as_bool() == Some(true)
        );
        assert_eq!(own["drawn"], drawn);
        let text = format!(
            "canvass1:{}:{}",
            told["seed_key"].as_str().expect("a key"),
            own["name"].as_str().expect("a name")
        );
        assert!(
            text.ends_with(&format!(
                "{}\u{1f}{}\u{1f}{}",
                one.region, one.branch, one.id
            )),
            "{text}"
        );
    }
    assert!(shown > 0);
    let said = bench.done(&["-C", "two", "verify", "--unit", "C-000"]);
    for words in ["branch", "b00", "last number taken", "\\0037"] {
        assert!(
            said.out.contains(words) || said.err.contains(words),
            "{words}: {}{}",
            said.out,
            said.err
        );
    }
    // Without the list nobody can tell.
    bench.write("public/3-draw.json", &bench.read("two/3-draw.json"));
    refused(
        &bench.says(&["-C", "public", "verify", "--unit", "C-000"]),
        5,
        &["depends on its clusters", "survey.toml and the list"],
    );
    // Another threshold, another plan, another sample.
    let draw = bench.read("two/3-draw.json");
    let last = bench.json("two/3-draw.json")["stages"][0]["strata"][0]["last"].clone();
    let last = last.as_str().expect("a threshold").to_owned();
    bench.write("two/3-draw.json", &draw.replace(&last, &"0".repeat(64)));
    refused(&bench.says(&["-C", "two", "verify"]), 3, &["3-draw.json"]);
    let said = bench.says(&["-C", "two", "verify", "--unit", "C-000"]);
    assert_ne!(said.code, Some(0), "{}", said.out);
    bench.write("two/3-draw.json", &draw);
    bench.done(&["-C", "two", "verify"]);
    let survey = bench.read("two/survey.toml");
    bench.write(
        "two/survey.toml",
        &survey.replace("within = 5", "within = 6"),
    );
    refused(
        &bench.says(&["-C", "two", "draw"]),
        3,
        &["survey.toml has changed since 'plan'"],
    );
}

#[test]
fn the_plan_settles_the_number_that_is_left_out() {
    let bench = Bench::new();
    let planned = |draw: &str, survey: &dyn Fn(String) -> String| {
        study(&bench, "two", draw);
        let text = survey(bench.read("two/survey.toml"));
        bench.write("two/survey.toml", &text);
        step(&bench, "two", &["check", "plan"]);
        let plan = bench.json("two/2-plan.json");
        let strata = plan["staging"]["strata"]
            .as_array()
            .expect("strata")
            .clone();
        let takes = strata
            .iter()
            .map(|one| one["takes"].to_string())
            .collect::<Vec<_>>();
        let numbers: Vec<u64> = plan["strata"]
            .as_array()
            .expect("strata")
            .iter()
            .filter_map(|one| one["numbers"].as_u64())
            .collect();
        (takes, numbers)
    };
    let same = |text: String| text;
    let no_pool = |text: String| text.replace("pool = 60\n", "");
    let stage = "[[draw.stage]]\ncluster = \"branch\"\n";
    // Five branches: 25 / 5 and 35 / 5 customers in each.
    let (takes, numbers) = planned(&format!("[draw]\n{stage}take = 5\n"), &same);
    assert_eq!(
        (takes.join(" "), numbers),
        ("[5,5] [5,7]".into(), vec![25, 35])
    );
    // Whole branches: as many as come to the numbers on average, within the pool.
    let (takes, numbers) = planned(&format!("[draw]\nwithin = \"all\"\n{stage}"), &same);
    assert_eq!(takes.join(" "), "[2,null] [2,null]");
    assert!(numbers.iter().sum::<u64>() <= 60, "{numbers:?}");
    // Without a pool, never fewer than the targets call for.
    let (_, numbers) = planned(&format!("[draw]\nwithin = 4\n{stage}"), &|text| {
        no_pool(text).replace("margin        = 3.0", "margin        = 14.0")
    });
    let plain = {
        study(&bench, "one", "");
        let text = no_pool(bench.read("one/survey.toml"));
        bench.write(
            "one/survey.toml",
            &text.replace("margin        = 3.0", "margin        = 14.0"),
        );
        step(&bench, "one", &["check", "plan"]);
        bench.json("one/2-plan.json")
    };
    for (place, number) in numbers.iter().enumerate() {
        let wanted = plain["strata"][place]["numbers"]
            .as_u64()
            .expect("a number");
        assert!(
            (wanted..wanted + 4).contains(number) && number % 4 == 0,
            "{number} for {wanted}"
        );
    }
    // One stratum, and one customer in each branch.
    study(
        &bench,
        "all",
        "[draw]\nwithin = 1\n[[draw.stage]]\ncluster = \"branch\"\nmethod = \"sampford\"\n",
    );
    let text = bench
        .read("all/survey.toml")
        .replace("[\"region\"]", "[]")
        .replace("pool = 60", "pool = 8");
    bench.write("all/survey.toml", &text);
    bench.done(&["-C", "all", "check"]);
    let said = bench.done(&["-C", "all", "plan"]);
    assert!(
        said.err.contains("one unit is drawn in each cluster"),
        "{}",
        said.err
    );
    step(&bench, "all", &["draw", "field"]);
    answer(&bench, "all");
    step(&bench, "all", &["weigh", "estimate", "report", "verify"]);
    assert_close(estimated(&bench, "all")[0][2], 7.0, EXACT);
}

#[test]
fn numbers_that_contradict_the_plan_are_refused_with_both() {
    let bench = Bench::new();
    let ask = |draw: &str, code: i32, words: &[&str]| {
        study(&bench, "two", draw);
        bench.done(&["-C", "two", "check"]);
        refused(&bench.says(&["-C", "two", "plan"]), code, words);
    };
    let stage = "[[draw.stage]]\ncluster = \"branch\"\n";
    ask(
        &format!("[draw]\nwithin = 4\n{stage}take = 5\n"),
        2,
        &[
            "5 of 'branch', 4 units in each: 20 units in 'north', and the plan calls for 27",
            "leave draw.within",
        ],
    );
    ask(
        &format!("[draw]\nwithin = 1\n{stage}"),
        3,
        &["'north' has 12 clusters of 'branch', and it takes 27"],
    );
    ask(
        &format!("[draw]\n{stage}take = 2\n"),
        3,
        &[
            "in 'north', ",
            "hold fewer than 13 units (the first, 'b00', holds 8)",
        ],
    );
    // Both numbers, and the plan's: what is not contradicted is allowed.
    study(
        &bench,
        "two",
        &format!("[draw]\nwithin = 5\n{stage}take = 6\n"),
    );
    let text = bench
        .read("two/survey.toml")
        .replace("[\"region\"]", "[]")
        .replace("pool = 60", "pool = 30");
    bench.write("two/survey.toml", &text);
    step(&bench, "two", &["check", "plan", "draw", "verify"]);
}

#[test]
fn what_does_not_go_with_stages_is_refused_by_check() {
    let bench = Bench::new();
    let ask = |draw: &str, words: &[&str]| {
        study(&bench, "two", draw);
        refused(&bench.says(&["-C", "two", "check"]), 2, words);
    };
    let stage = "[[draw.stage]]\ncluster = \"branch\"\n";
    let of = |more: &str| format!("[draw]\nwithin = 5\n{more}\n{stage}");
    for (more, words) in [
        (
            "sort = [\"branch\"]",
            "draw.sort is given, and a draw in stages has no use for it",
        ),
        ("turn = \"serpentine\"", "draw.turn is given"),
        ("spread = [\"turnover\"]", "draw.spread is given"),
        ("balance = [\"turnover\"]", "draw.balance is given"),
        (
            "method = \"poisson\"",
            "draws a number that nobody knows beforehand",
        ),
        ("method = \"cube\"", "goes by places or amounts"),
        ("method = \"sampford\"", "draw.size is missing"),
        (
            "size = \"turnover\"",
            "every stage draws with equal chances",
        ),
        (
            "size = \"turnover\"\nself_weighting = true",
            "in proportion to the number of their units",
        ),
        (
            "method = \"pivotal\"\nself_weighting = true",
            "units come with equal chances within their cluster",
        ),
    ] {
        ask(&of(more), &[words, "survey.toml:"]);
    }
    for (more, words) in [
        (
            "[draw.calls]\nnumber = \"one\"\n",
            "draw.calls.number is given",
        ),
        (
            "[draw.coordinate]\nwith = \"../one\"\nturn = \"same\"\n",
            "draw.coordinate.with is given",
        ),
        (
            "[draw.rest]\nfile = \"rest.csv\"\n",
            "draw.rest.file is given",
        ),
        (
            "[estimate]\nvariance = \"bootstrap\"\nreplicates = 50\n",
            "and this one is in stages",
        ),
    ] {
        ask(&format!("{}{more}", of("")), &[words]);
    }
    ask(
        &format!("[draw]\nwithin = 5\n{stage}method = \"simple-with-replacement\"\n"),
        &["draws with replacement"],
    );
    ask(
        &format!("[draw]\nwithin = 5\n{}", stage.replace("branch", "region")),
        &["which is a stratum"],
    );
    ask(
        &format!(
            "[draw]\nwithin = 5\n{}",
            stage.replace("branch", "customer")
        ),
        &["stays in the list"],
    );
    ask(
        &format!("[draw]\n{stage}"),
        &["draw.stage[1].take and draw.within are left out"],
    );
    ask(
        &format!("[draw]\nwithin = \"some\"\n{stage}"),
        &["a whole number of at least 1, or \"all\""],
    );
    ask(
        &format!("[draw]\nwithin = \"all\"\n{stage}take = 3\n"),
        &["leave the take of a stage out"],
    );
    ask(
        &format!("[draw]\nwithin = \"all\"\n{stage}take = \"all\"\n"),
        &["nothing is left to draw"],
    );
    ask("[draw]\nwithin = 5\n", &["no cluster is named"]);
    ask("[draw]\nself_weighting = true\n", &["no cluster is named"]);
    ask(
        "[draw]\nor_all = true\n",
        &["draw.or_all is for a draw in stages"],
    );
    ask(
        &of("or_all = true\nself_weighting = true"),
        &["would not weigh what others do"],
    );
    study(&bench, "two", SIMPLE);
    let exact = bench
        .read("two/survey.toml")
        .replace("pool = 60", "pool = 60\nexact_pool = true");
    bench.write("two/survey.toml", &exact);
    refused(
        &bench.says(&["-C", "two", "check"]),
        2,
        &["plan.exact_pool does not go with"],
    );
    // A customer without a branch, and a column that is not there.
    study(&bench, "two", SIMPLE);
    bench.write("two/customers.csv", &list().replacen(",b00,", ",,", 2));
    let said = bench.done(&["-C", "two", "check"]);
    assert!(
        said.out
            .contains("2 cells of 'branch', which names clusters, are blank (rows 1, 2)"),
        "{}",
        said.out
    );
    refused(
        &bench.says(&["-C", "two", "plan"]),
        3,
        &["cells of 'branch'"],
    );
    study(&bench, "two", &SIMPLE.replace("\"branch\"", "\"brunch\""));
    refused(&bench.says(&["-C", "two", "check"]), 3, &["brunch"]);
}

/// Twelve customers in each branch, or all where a branch has fewer.
const OR_ALL: &str = "[draw]\nwithin = 12\nor_all = true\n[[draw.stage]]\ncluster = \"branch\"\n";

#[test]
fn all_are_taken_of_a_branch_that_holds_fewer() {
    let bench = Bench::new();
    study(&bench, "two", &OR_ALL.replace("or_all = true\n", ""));
    step(&bench, "two", &["check"]);
    refused(
        &bench.says(&["-C", "two", "plan"]),
        3,
        &["hold fewer than 12 units"],
    );
    study(&bench, "two", OR_ALL);
    step(&bench, "two", &["check"]);
    let said = bench.done(&["-C", "two", "plan"]);
    // Branches hold 8 + 7b mod 11 customers: 8, 15, 11, 18, 14, 10, 17, 13, 9, 16, 12, and so again.
    let told = "11 clusters or strata hold fewer of 'customer' than are asked for";
    assert!(said.err.contains(told), "{}", said.err);
    let said = bench.done(&["-C", "two", "draw"]);
    let (sample, draw) = (sample(&bench, "two"), bench.json("two/3-draw.json"));
    let [chance, first, second, of] =
        ["probability", "probability.1", "probability.2", "of.2"].map(|name| reals(&sample, name));
    let mut small = 0.0;
    for row in 0..chance.len() {
        assert_close(second[row], f64::min(12.0, of[row]) / of[row], EXACT);
        assert_close(chance[row], first[row] * second[row], SUMMED);
        // Each of a branch's customers counts a share of it.
        small += if of[row] < 12.0 { 1.0 / of[row] } else { 0.0 };
    }
    let whole = draw["stages"][1]["whole"].as_f64().expect("branches");
    assert!(whole > 0.0);
    assert_close(small, whole, SUMMED);
    let told = format!("{whole} strata or drawn clusters hold fewer of 'customer'");
    assert!(said.err.contains(&told), "{}", said.err);
    step(&bench, "two", &["field"]);
    answer(&bench, "two");
    step(&bench, "two", &["weigh", "estimate", "report", "verify"]);
    let report = bench.read("two/9-report.html");
    assert!(report.contains("all in it were taken"), "{report}");
    // The same figures as from a bare table.
    bench.write("sample.csv", &table(&bench, "two"));
    let args = "estimate --data sample.csv --weight w --strata region --psu branch,id --fpc of1,of2 --nest --format json";
    let args: Vec<&str> = args.split(' ').collect();
    let bare = |more: &[&str]| beside(&bench, &[&args[..], more].concat());
    let beside = [
        bare(&["--mean", "y"]),
        bare(&["--total", "y"]),
        bare(&["--mean", "y", "--by", "region"]),
    ];
    for (one, other) in estimated(&bench, "two").iter().zip(beside.concat()) {
        for (one, other) in one.iter().zip(other) {
            assert_close(*one, other, SUMMED);
        }
    }
    // One customer, drawn again from the list.
    for one in customers().iter().step_by(7) {
        let told = bench.done(&["-C", "two", "verify", "--format", "json", "--unit", &one.id]);
        let stages = told.json()["stages"].clone();
        let there = stages[1]["there"].as_u64().expect("customers");
        assert_eq!(stages[1]["take"].as_u64(), (there > 12).then_some(12));
    }
    // The plan was made for a draw that takes all.
    let survey = bench.read("two/survey.toml");
    bench.write("two/survey.toml", &survey.replace("or_all = true\n", ""));
    refused(
        &bench.says(&["-C", "two", "draw"]),
        3,
        &["survey.toml has changed since 'plan'"],
    );
}

#[test]
fn a_stratum_with_fewer_branches_is_taken_whole() {
    let bench = Bench::new();
    let stage = "[[draw.stage]]\ncluster = \"branch\"\ntake = 14\n";
    study(&bench, "two", &format!("[draw]\nor_all = true\n{stage}"));
    step(&bench, "two", &["check", "plan"]);
    let said = bench.done(&["-C", "two", "draw"]);
    let told = "1 strata or drawn clusters hold fewer of 'branch'";
    assert!(said.err.contains(told), "{}", said.err);
    let sample = sample(&bench, "two");
    let strata = sample.codes("stratum").expect("strata");
    for (row, chance) in reals(&sample, "probability.1").iter().enumerate() {
        let north = strata.label(row) == "north";
        assert_close(*chance, if north { 1.0 } else { 14.0 / 16.0 }, EXACT);
    }
    step(&bench, "two", &["field"]);
    answer(&bench, "two");
    step(&bench, "two", &["weigh", "estimate", "report", "verify"]);
    let unit = &customers()[3].id;
    bench.done(&["-C", "two", "verify", "--unit", unit]);
}

#[test]
fn totals_are_right_on_average_where_all_of_some_branches_are_taken() {
    const DRAWS: u32 = 200;
    let bench = Bench::new();
    study(&bench, "two", OR_ALL);
    step(&bench, "two", &["check", "plan"]);
    let known = customers();
    let wanted: f64 = known.iter().map(|one| f64::from(one.answer)).sum();
    let mut totals = [Moments::default(); 2];
    let mut drawn = Moments::default();
    for draw in 0..DRAWS {
        let seed = ("seed".to_owned(), format!("draw {draw}"));
        let study = Study::open_with_flags(&bench.path("two"), &[seed]).expect("a study");
        study.draw(&Silent).expect("a draw");
        let sample = sample(&bench, "two");
        let (chance, row) = (reals(&sample, "probability"), reals(&sample, "row"));
        let each = |of: &dyn Fn(&Customer) -> f64| -> f64 {
            let rows = row.iter().zip(&chance);
            rows.map(|(row, chance)| of(&known[*row as usize]) / chance)
                .sum()
        };
        totals[0].add(each(&|_| 1.0));
        totals[1].add(each(&|one| f64::from(one.answer)));
        drawn.add(chance.len() as f64);
    }
    let plan = bench.json("two/2-plan.json");
    let planned = plan["staging"]["strata"].as_array().expect("strata").iter();
    let planned: f64 = planned.filter_map(|one| one["units"].as_f64()).sum();
    for (found, wanted) in [
        (totals[0], known.len() as f64),
        (totals[1], wanted),
        (drawn, planned),
    ] {
        let (mean, spread) = (found.mean().expect("many"), found.spread().expect("many"));
        let error = spread / f64::from(DRAWS).sqrt();
        let off = mean - wanted;
        assert!(off.abs() < 4.0 * error, "{off} of {error} from {wanted}");
    }
}

/// What a program says of the figures, if it is there.
fn run_in(bench: &Bench, program: &str, name: &str, text: &str) -> Option<Vec<f64>> {
    let home = bench.path("").display().to_string();
    bench.write(name, &format!("setwd({home:?})\n{text}"));
    let said = std::process::Command::new(program)
        .arg(bench.path(name))
        .output()
        .ok()?;
    if !said.status.success() {
        let why = String::from_utf8_lossy(&said.stderr);
        assert!(why.contains("there is no package"), "{why}");
        return None;
    }
    let words = String::from_utf8_lossy(&said.stdout).into_owned();
    Some(
        words
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect(),
    )
}

#[test]
fn other_programs_repeat_figures_of_two_stages() {
    let bench = Bench::new();
    study(&bench, "two", SIMPLE);
    step(&bench, "two", &["check", "plan", "draw", "field"]);
    answer(&bench, "two");
    step(&bench, "two", &["weigh", "estimate"]);
    let file = bench.path("answers.csv").display().to_string();
    let export = ["-C", "two", "estimate", "--export", &file];
    let script = |word: &str| bench.done(&[&export[..], &["--script", word]].concat()).out;
    let by_r = script("r");
    assert!(
        by_r.contains(
            "svydesign(ids = ~`cluster_1` + .row, strata = ~`stratum`, weights = ~`weight`, \
             fpc = ~`population_1` + `population_2`, nest = TRUE, data = data)"
        ) && by_r.contains("# Standard errors are, too."),
        "{by_r}"
    );
    let header = bench.read("answers.csv");
    let header: Vec<&str> = header
        .lines()
        .next()
        .expect("a heading")
        .split(',')
        .collect();
    for column in [
        "cluster_1",
        "population_1",
        "chance_1",
        "population_2",
        "chance_2",
    ] {
        assert!(header.contains(&column), "{column}: {header:?}");
    }
    assert!(!header.contains(&"cluster_2"), "{header:?}");
    let there = |said: &[f64], wanted: f64| {
        let near = |one: &&f64| (**one - wanted).abs() <= 1e-8 * wanted.abs();
        assert!(said.iter().any(|one| near(&one)), "no {wanted} in {said:?}");
    };
    if let Some(said) = run_in(&bench, "Rscript", "figures.R", &by_r) {
        for [value, se, _] in estimated(&bench, "two") {
            there(&said, value);
            there(&said, se);
        }
    }
    let stata = script("stata");
    assert!(
        stata.contains("svyset cluster_1 [pweight = weight], strata(stratum) fpc(population_1)")
            && stata.contains("|| _n, fpc(population_2)"),
        "{stata}"
    );
    let svy = script("svy");
    assert!(
        svy.contains("psu=\"cluster_1\", ssu=\"case_id\"")
            && svy.contains("svy.PopSize(psu=\"population_1\", ssu=\"population_2\")"),
        "{svy}"
    );
    let sas = script("sas");
    assert!(
        sas.contains("cluster cluster_1") && sas.contains("SAS knows no stage below the first"),
        "{sas}"
    );
}

#[test]
fn other_programs_come_near_where_branches_had_unequal_chances() {
    let bench = Bench::new();
    let stage = "[[draw.stage]]\ncluster = \"branch\"\nmethod = \"sampford\"\n";
    study(&bench, "two", &format!("[draw]\nwithin = 5\n{stage}"));
    step(&bench, "two", &["check", "plan", "draw", "field"]);
    answer(&bench, "two");
    step(&bench, "two", &["weigh", "estimate"]);
    let file = bench.path("answers.csv").display().to_string();
    let said = bench.done(&["-C", "two", "estimate", "--export", &file, "--script", "r"]);
    assert!(
        said.out
            .contains("fpc = ~`chance_1` + `chance_2`, nest = TRUE, pps = \"brewer\"")
            && said.out.contains("# There is no formula of Hájek here"),
        "{}",
        said.out
    );
    // The columns of the file state the design: they give the study's errors by its own formula, and R's by R's.
    let bare = |more: &str| {
        let words = format!(
            "estimate --data {file} --weight weight --strata stratum --psu cluster_1,case_id --chances \
             chance_1,chance_2 --nest --format json {more}"
        );
        beside(&bench, &words.split_whitespace().collect::<Vec<_>>())
    };
    let all = |formula: &str| {
        ["--mean satisfaction", "--total satisfaction"]
            .map(|figure| bare(&format!("--formula {formula} {figure}")))
            .concat()
    };
    let own = estimated(&bench, "two");
    for (one, other) in own.iter().zip(all("hajek")) {
        for (one, other) in one.iter().zip(other) {
            assert_close(*one, other, SUMMED);
        }
    }
    if let Some(found) = run_in(&bench, "Rscript", "figures.R", &said.out) {
        for [value, se, _] in all("brewer") {
            for wanted in [value, se] {
                assert!(
                    found
                        .iter()
                        .any(|one| (one - wanted).abs() <= 1e-7 * wanted),
                    "{wanted} in {found:?}"
                );
            }
        }
    }
    // Of one customer in each branch, the branches stand for all.
    study(
        &bench,
        "one",
        "[draw]\nwithin = 1\n[[draw.stage]]\ncluster = \"branch\"\n",
    );
    let survey = bench.read("one/survey.toml");
    bench.write("one/survey.toml", &survey.replace("pool = 60", "pool = 14"));
    step(&bench, "one", &["check", "plan", "draw", "field"]);
    answer(&bench, "one");
    step(&bench, "one", &["weigh", "estimate"]);
    let said = bench.done(&["-C", "one", "estimate", "--export", &file, "--script", "r"]);
    assert!(
        said.out.contains(
            "svydesign(ids = ~`cluster_1`, strata = ~`stratum`, weights = ~`weight`, nest = TRUE"
        ),
        "{}",
        said.out
    );
    if let Some(found) = run_in(&bench, "Rscript", "figures.R", &said.out) {
        for wanted in estimated(&bench, "one")
            .into_iter()
            .flat_map(|[value, se, _]| [value, se])
        {
            assert!(
                found
                    .iter()
                    .any(|one| (one - wanted).abs() <= 1e-8 * wanted),
                "{wanted} in {found:?}"
            );
        }
    }
}

#[test]
fn the_first_replicates_of_two_stages_are_a_sample_of_their_own() {
    let bench = Bench::new();
    let draw = SIMPLE.replace("within = 5", "within = 5\nreplicates = 2");
    study(&bench, "two", &draw);
    step(
        &bench,
        "two",
        &["check", "plan", "commit", "draw", "verify"],
    );
    let told = bench.json("two/3-draw.json");
    let methods = told["origin"]["methods"].as_array().expect("methods");
    assert!(
        methods.contains(&"replicates-in-stages".into()),
        "{methods:?}"
    );
    assert!(
        bench
            .done(&["explain", "replicates-in-stages"])
            .out
            .contains("π_k r_c / n_c")
    );
    let drawn = sample(&bench, "two");
    let replicate = reals(&drawn, "replicate");
    // Of five customers of a branch, two or three are in the first replicate.
    let first: f64 = replicate.iter().filter(|one| **one < 2.0).count() as f64;
    let in_first = |h: usize| told["strata"][h]["in_first"][0].as_f64().expect("a count");
    assert_close(in_first(0) + in_first(1), first, EXACT);
    assert!((24.0..=36.0).contains(&first), "{first}");
    bench.done(&["-C", "two", "field", "--first", "1"]);
    answer(&bench, "two");
    step(&bench, "two", &["weigh", "estimate", "report", "verify"]);
    let found = estimated(&bench, "two");
    // Whoever takes the released ones for a draw of two or three customers of each branch finds the same.
    let known = by_case(&bench, "two");
    let Some(canvass::files::Column::Text(cases)) = drawn.get("case_id") else {
        panic!("no cases");
    };
    let [p1, of1, of2] = ["probability.1", "of.1", "of.2"].map(|name| reals(&drawn, name));
    let branch = |row: usize| (known[&cases[row]].region, known[&cases[row]].branch.clone());
    let released: Vec<usize> = (0..cases.len())
        .filter(|&row| replicate[row] < 2.0)
        .collect();
    let mut table = "id,region,branch,y,w,of1,of2\n".to_owned();
    for &row in &released {
        let own = released
            .iter()
            .filter(|&&other| branch(other) == branch(row))
            .count();
        assert!((2..=3).contains(&own));
        let weight = of2[row] / own as f64 / p1[row];
        let (one, (region, branch)) = (&known[&cases[row]], branch(row));
        writeln!(
            table,
            "{},{region},{branch},{},{weight},{},{}",
            one.id, one.answer, of1[row], of2[row]
        )
        .expect("memory");
    }
    bench.write("released.csv", &table);
    let words = "estimate --data released.csv --weight w --strata region --psu branch,id --fpc of1,of2 --nest \
                 --format json";
    let bare = |more: &str| {
        let words = format!("{words} {more}");
        beside(&bench, &words.split_whitespace().collect::<Vec<_>>())
    };
    let wanted = [
        bare("--mean y"),
        bare("--total y"),
        bare("--mean y --by region"),
    ]
    .concat();
    assert_eq!(found.len(), wanted.len());
    for (one, other) in found.iter().zip(wanted) {
        for (one, other) in one.iter().zip(other) {
            assert_close(*one, other, SUMMED);
        }
    }
    // And so does R, by the file for others.
    let file = bench.path("answers.csv").display().to_string();
    let said = bench.done(&["-C", "two", "estimate", "--export", &file, "--script", "r"]);
    assert_eq!(
        bench.read("answers.csv").lines().count(),
        released.len() + 1
    );
    if let Some(said) = run_in(&bench, "Rscript", "figures.R", &said.out) {
        for wanted in found.iter().flat_map(|[value, se, _]| [*value, *se]) {
            assert!(
                said.iter().any(|one| (one - wanted).abs() <= 1e-8 * wanted),
                "{wanted} in {said:?}"
            );
        }
    }
    // A weight is told by its branch too.
    let case = &cases[released[0]];
    let why = bench
        .done(&["-C", "two", "why", case, "--format", "json"])
        .json();
    let release = why["steps"].as_array().expect("steps");
    let release = release
        .iter()
        .find(|one| one["step"] == "release")
        .expect("the release");
    let told = release["finds"][0].as_str().expect("a branch");
    assert!(told.contains(&branch(released[0]).1), "{told}");
}

/// What was heard in the field.
struct Heard {
    attempts: String,
    answers: String,
}

impl Heard {
    /// A call, and an answer if it was an interview.
    fn say(&mut self, case: &str, answer: u32, attempt: u32, code: &str) {
        let at = format!("2025-03-0{}T10:00:00", 3 + attempt);
        writeln!(self.attempts, "{case},{attempt},{at},300,{code}").expect("memory");
        if code == "1.1" {
            writeln!(self.answers, "{case},{at},{answer}").expect("memory");
        }
    }

    fn ingest(&self, bench: &Bench) {
        bench.write("attempts.csv", &self.attempts);
        bench.write("answers.csv", &self.answers);
        let files = ["--attempts", "attempts.csv", "--answers", "answers.csv"];
        bench.done(&[&["-C", "two", "ingest"][..], &files].concat());
    }
}

#[test]
fn some_who_gave_no_interview_are_followed_up_in_all_branches() {
    let bench = Bench::new();
    study(&bench, "two", SIMPLE);
    step(&bench, "two", &["check", "plan", "draw", "field"]);
    // Every third customer rings out at first.
    let known = by_case(&bench, "two");
    let late = |case: &str| {
        let number: u32 = known[case].id[2..].parse().expect("a number");
        number.is_multiple_of(3)
    };
    let mut heard = Heard {
        attempts: "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned(),
        answers: "case_id,started_at,satisfaction\n".to_owned(),
    };
    let calls = bench.read("two/4-calls/calls.csv");
    let cases: Vec<&str> = calls
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    for case in &cases {
        let code = if late(case) { "3.13" } else { "1.1" };
        heard.say(case, known[*case].answer, 1, code);
    }
    heard.ingest(&bench);
    let silent = cases.iter().filter(|case| late(case)).count();
    bench.done(&["-C", "two", "follow-up", "--take", "8"]);
    let manifest = bench.json("two/4-follow-up/manifest.json");
    assert_eq!(
        (&manifest["drawn"], &manifest["silent"]),
        (&8.into(), &silent.into())
    );
    let file = manifest["lists"][0]["file"].as_str().expect("a list");
    let list = bench.read(&format!("two/{file}"));
    for line in list.lines().skip(1) {
        let case = line.split(',').next().expect("a case id");
        assert!(late(case));
        heard.say(case, known[case].answer, 2, "1.1");
    }
    heard.ingest(&bench);
    step(&bench, "two", &["weigh", "estimate", "report", "verify"]);
    let weights = parquet::read(&bench.path("two/6-weights.parquet")).expect("weights");
    let [base, last] = ["base", "weight"].map(|name| reals(&weights, name));
    let sums = [&base, &last].map(|column| column.iter().sum::<f64>());
    // Chances of customers differ, so the sum is kept on average alone.
    assert!((sums[1] / sums[0] - 1.0).abs() < 0.2, "{sums:?}");
    let all = estimated(&bench, "two");
    assert!(all.iter().all(|[_, se, _]| *se > 0.0), "{all:?}");
    let again = bench.says(&["-C", "two", "follow-up", "--take", "8"]);
    refused(&again, 2, &["a second phase is drawn once"]);
}

#[test]
fn a_template_starts_from_two_stages() {
    let bench = Bench::new();
    bench.done(&["init", "two-stage", "-C", "new"]);
    let text = bench.read("new/survey.toml");
    assert!(text.contains("[[draw.stage]]"), "{text}");
    bench.done(&["-C", "new", "check", "--settings"]);
}
