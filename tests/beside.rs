//! What a study may ask beside figures: regressions, changes since an earlier wave, and a file for other programs.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use canvass::files::{Column, parquet};
use serde_json::Value;

use crate::support::survey::{FIRMS, Survey};
use crate::support::{Bench, assert_close};

pub const NONRESPONSE: &str = "steps = [\"nonresponse\"]\nnonresponse_by = [\"branch\"]";

const NONE: &str = "steps = []";

/// A wave of a survey of firms.
fn survey(folder: &str, steps: &str, rest: &str) -> String {
    let firms = Survey {
        carry: r#"["district", "age"]"#,
        margin: "4.0",
        ..FIRMS
    };
    let asked = format!(
        r#"
[weigh]
{steps}

[[figure]]
statistic = "mean"
item      = "overall"
by        = ["branch"]

[[figure]]
statistic = "share"
item      = "complained"
equals    = 1
by        = []

[[figure]]
statistic = "ratio"
items     = ["overall", "ideal"]
by        = ["district"]

[report]
least = 5

{rest}
"#
    );
    let named = format!("Firms {folder}");
    firms.planned().replace(firms.name, &named) + &asked
}

/// A study in a folder, up to its weights. Firms answer alike in both waves, and a little better in the second.
pub fn wave(bench: &Bench, folder: &str, steps: &str, rest: &str) {
    wave_as(bench, folder, &survey(folder, steps, rest));
}

/// The same, as its survey.toml says.
fn wave_as(bench: &Bench, folder: &str, survey: &str) {
    bench.write(&format!("{folder}/survey.toml"), survey);
    let mut list = "firm_id,telephone,branch,district,age\n".to_owned();
    // A list that changed: 600 firms are gone, 500 are new, and some are of another branch.
    let changed = folder.starts_with("new");
    let listed = if changed { 600..12_500 } else { 0..12_000 };
    for i in listed {
        let moved = changed && i % 40 == 7;
        let branch = if (i % 3 == 0) != moved {
            "trade"
        } else {
            "works"
        };
        let district = ["east", "north", "west"][i * 7_919 % 1_013 % 3];
        let age = 1 + i * 5_443 % 983 % 40;
        writeln!(list, "F-{i:05},101000{i:05},{branch},{district},{age}").expect("memory");
    }
    bench.write(&format!("{folder}/firms.csv"), &list);
    for step in ["check", "plan", "draw", "field"] {
        bench.done(&["-C", folder, step]);
    }
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,overall,ideal,complained\n".to_owned();
    let better = usize::from(folder != "one");
    for row in bench
        .read(&format!("{folder}/4-calls/calls.csv"))
        .lines()
        .skip(1)
    {
        let cells: Vec<&str> = row.split(',').collect();
        let (case, i) = (
            cells[0],
            cells[1][6..].parse::<usize>().expect("five digits"),
        );
        let answers_at_all = i * 7_919 % 1_009 % 10 + better < 8;
        let code = if answers_at_all { "1.1" } else { "2.112" };
        let at = "2025-03-04T10:00:00";
        writeln!(attempts, "{case},1,{at},300,{code}").expect("memory");
        if answers_at_all {
            let own = i * 6_151 % 997 % 6;
            let overall = 2 + own + better + (i + 17 * better) * 3_571 % 977 % 3;
            let ideal = 3 + (i * 4_973 + better) % 991 % 7;
            let complained = usize::from(own < 2 && i * 2_903 % 971 % 3 > 0);
            writeln!(answers, "{case},{at},{overall},{ideal},{complained}").expect("memory");
        }
    }
    bench.write(&format!("{folder}/attempts.csv"), &attempts);
    bench.write(&format!("{folder}/answers.csv"), &answers);
    let [attempts, answers] = ["attempts", "answers"].map(|name| format!("{folder}/{name}.csv"));
    bench.done(&[
        "-C",
        folder,
        "ingest",
        "--attempts",
        &attempts,
        "--answers",
        &answers,
    ]);
    bench.done(&["-C", folder, "weigh"]);
}

fn estimated(bench: &Bench, folder: &str) -> Value {
    bench
        .done(&["-C", folder, "estimate", "--format", "json"])
        .json()
}

#[track_caller]
fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("a number: {value}"))
}

/// The output of a program, if it is installed; words apart by blanks, commas or bars.
fn run(program: &str, script: &Path) -> Option<Vec<String>> {
    let output = Command::new(program).arg(script).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        let lacking = ["there is no package", "No module named", "can't open file"];
        assert!(
            lacking.iter().any(|why| err.contains(why)),
            "{program}: {err}\n{said}"
        );
        return None;
    }
    let apart = |letter: char| letter.is_whitespace() || [',', '|', '│', '┆'].contains(&letter);
    Some(
        said.split(apart)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

/// Whether a number is among the words, to eight digits or as far as it is printed.
#[track_caller]
fn says(words: &[String], wanted: f64, within: f64) {
    let near = |word: &String| {
        word.parse::<f64>()
            .is_ok_and(|found| (found - wanted).abs() <= within * wanted.abs())
    };
    assert!(words.iter().any(near), "no {wanted} in {words:?}");
}

const REGRESSIONS: &str = r#"
[[regression]]
formula = "overall ~ complained + age + district"

[[regression]]
formula = "complained ~ age"
family  = "binomial"
by      = ["branch"]
where   = "ideal >= 4 and not (district = west)"
"#;

#[test]
fn regressions_have_the_designs_variances_as_in_r() {
    let bench = Bench::new();
    wave(&bench, "one", NONE, REGRESSIONS);
    let json = estimated(&bench, "one");
    let linear = &json["regressions"][0]["fits"][0];
    let names: Vec<&str> = linear["coefficients"]
        .as_array()
        .expect("coefficients")
        .iter()
        .map(|found| found["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        names,
        [
            "(intercept)",
            "complained",
            "age",
            "district[north]",
            "district[west]"
        ]
    );
    let logistic = &json["regressions"][1];
    assert_eq!(logistic["where"], "ideal >= 4 and not (district = west)");
    assert_eq!(logistic["fits"][1]["domain"], "works");
    bench.done(&["-C", "one", "report"]);
    let page = bench.read("one/9-report.html");
    for said in [
        "Regressions",
        "overall ~ complained + age + district, linear model",
        "tests of terms",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let said = bench.done(&["-C", "one", "--lang", "zh", "estimate"]);
    assert!(
        said.out.contains("（截距）") && said.out.contains("Logistic 模型"),
        "{}",
        said.out
    );

    bench.done(&["-C", "one", "estimate", "--export", "one/one.csv"]);
    bench.write(
        "fits.R",
        r#"suppressMessages(library(survey)); options(digits = 12, width = 200)
d <- read.csv("one/one.csv")
g <- svydesign(ids = ~1, strata = ~stratum, weights = ~weight, fpc = ~population, data = d)
h <- subset(g, interview == 1)
m <- svyglm(overall ~ complained + age + district, design = h)
cat(coef(m), SE(m), summary(m)$coefficients[, 4], m$df.residual, "\n")
k <- subset(h, branch == "works" & ideal >= 4 & district != "west")
m <- svyglm(complained ~ age, design = k, family = quasibinomial)
cat(coef(m), SE(m), m$df.residual, "\n")
"#,
    );
    let Some(words) = run_in(&bench, "Rscript", "fits.R") else {
        return;
    };
    for found in linear["coefficients"].as_array().expect("coefficients") {
        for field in ["value", "se", "p"] {
            says(&words, number(&found[field]), 1e-7);
        }
    }
    says(&words, number(&linear["df"]), 1e-12);
    for found in logistic["fits"][1]["coefficients"].as_array().expect("two") {
        for field in ["value", "se"] {
            says(&words, number(&found[field]), 1e-7);
        }
    }
}

fn run_in(bench: &Bench, program: &str, script: &str) -> Option<Vec<String>> {
    let text = bench.read(script);
    let home = bench.path("").display().to_string();
    let text = match program {
        "Rscript" => format!("setwd({home:?})\n{text}"),
        _ => format!("import os; os.chdir({home:?})\n{text}"),
    };
    bench.write(script, &text);
    run(program, &bench.path(script))
}

#[test]
fn regressions_go_back_through_weighting_and_through_replicates() {
    let bench = Bench::new();
    let replicates = format!("[estimate]\nvariance = \"jkn\"\n{REGRESSIONS}");
    wave(&bench, "one", NONRESPONSE, REGRESSIONS);
    let scores = estimated(&bench, "one");
    let survey = bench
        .read("one/survey.toml")
        .replace(REGRESSIONS, &replicates);
    bench.write("one/survey.toml", &survey);
    bench.done(&["-C", "one", "run"]);
    let again: Value = serde_json::from_str(&bench.read("one/7-estimates.json")).expect("JSON");
    let of = |json: &Value, place: usize| {
        let found = &json["regressions"][0]["fits"][0]["coefficients"][place];
        (number(&found["value"]), number(&found["se"]))
    };
    for place in 0..5 {
        let ((value, se), (same, other)) = (of(&scores, place), of(&again, place));
        assert_close(same, value, 1e-10);
        assert!(
            (other / se - 1.0).abs() < 0.05,
            "{se} by scores, {other} by the jackknife"
        );
    }
    bench.done(&["-C", "one", "verify"]);
}

#[test]
fn a_model_that_means_nothing_is_refused_with_its_line() {
    let bench = Bench::new();
    let rest = "[[regression]]\nformula = \"overall ~\"\n\n[[regression]]\nformula = \"overall ~ age\"\n\
                family = \"normal\"\nby = [\"brunch\"]\nwhere = \"age >\"\n";
    bench.write("one/survey.toml", &survey("one", NONE, rest));
    bench.write("one/firms.csv", "firm_id,telephone,branch,district,age\n");
    let said = bench.says(&["-C", "one", "check"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    for word in [
        "regression[1].formula",
        "no family is called 'normal'",
        "did you mean 'branch'?",
    ] {
        assert!(said.err.contains(word), "no '{word}' in\n{}", said.err);
    }
    let open = "[[regression]]\nformula = \"overall ~ age\"\nwhere = \"age >\"\n";
    bench.write("one/survey.toml", &survey("one", NONE, open));
    let said = bench.says(&["-C", "one", "check"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    for word in [
        "regression[1].where",
        "'age >' cannot be understood: at 6 stands the end",
        "survey.toml:",
        "write column = value",
    ] {
        assert!(said.err.contains(word), "no '{word}' in\n{}", said.err);
    }
    wave(
        &bench,
        "two",
        NONE,
        "[[regression]]\nformula = \"overall ~ wealth\"\n",
    );
    let said = bench.says(&["-C", "two", "estimate"]);
    assert!(
        said.code == Some(3) && said.err.contains("'wealth'"),
        "{}",
        said.err
    );
}

const CHANGE: &str = "[draw.coordinate]\nwith = \"../one\"\nturn = \"rotate\"\nshare = 0.4\n\n[[change]]\nwith = \"../one\"\nfigures = [1, 2]\n";

#[test]
fn a_change_knows_what_two_waves_share() {
    let bench = Bench::new();
    wave(&bench, "one", NONRESPONSE, "");
    bench.done(&["-C", "one", "estimate"]);
    wave(&bench, "two", NONRESPONSE, CHANGE);
    let json = estimated(&bench, "two");
    let all = json["changes"][0]["changes"].as_array().expect("changes");
    assert_eq!(
        (all.len(), &json["changes"][0]["survey"]),
        (3, &"Firms one".into())
    );
    let draw: Value = serde_json::from_str(&bench.read("two/3-draw.json")).expect("JSON");
    let shared = number(&draw["coordination"]["all"]["found"]);
    for change in all {
        let of = |wave: &str| {
            let one = &change[wave];
            (number(&one["value"]), number(&one["variance"]["Ok"]))
        };
        let ((then, before), (now, after)) = (of("first"), of("second"));
        let (value, variance) = of("change");
        let covariance = number(&change["covariance"]);
        assert_close(value, now - then, 1e-12);
        assert_close(variance, before + after - 2.0 * covariance, 1e-9);
        assert!(covariance > 0.0, "firms answer alike twice: {change}");
    }
    // Each domain has its own; a firm is in the branch of its stratum in both waves.
    let of = |change: &Value| number(&change["common"]);
    let strata = draw["coordination"]["strata"].as_array().expect("strata");
    for change in all {
        let domain = change["change"]["domain"].as_str().expect("a label");
        let mine = strata.iter().find(|stratum| stratum["stratum"] == domain);
        let wanted = mine.map_or(shared, |stratum| number(&stratum["found"]));
        assert_close(of(change), wanted, 1e-12);
    }
    assert!(of(&all[0]) < shared && of(&all[1]) < shared);
    assert_close(of(&all[0]) + of(&all[1]), shared, 1e-12);
    // The share of all: by hand, from the files of both waves.
    let wanted = by_hand(&bench);
    assert_close(number(&all[2]["covariance"]), wanted, 1e-9);
    bench.done(&["-C", "two", "report"]);
    let page = bench.read("two/9-report.html");
    assert!(page.contains("Changes since Firms one") && page.contains("drawn in both"));
    let said = bench.done(&["-C", "two", "--lang", "zh", "estimate"]);
    assert!(said.out.contains("与“Firms one”相比的变化"), "{}", said.out);
    bench.done(&["-C", "two", "verify"]);
    // What it was read from has changed.
    let said = bench.done(&["-C", "two", "run"]);
    assert!(
        !said.out.contains("7-estimates.json") || said.out.contains("up to date"),
        "{}",
        said.out
    );
}

/// A study whose draw goes by another method than a simple one, or by another seed.
fn drawn_by(bench: &Bench, folder: &str, (method, seed): (&str, &str), change: bool) {
    let mut rest = format!("[draw]\n{method}\n\n");
    if change {
        rest += "[[change]]\nwith = \"../one\"\nfigures = [1, 2]\n";
    }
    let text = survey(folder, NONE, &rest);
    let text = text.replace("the evening draw", &format!("the {seed} draw"));
    wave_as(bench, folder, &text);
}

#[test]
fn a_change_is_told_where_the_list_has_changed() {
    let bench = Bench::new();
    let simple = "method = \"simple\"";
    drawn_by(&bench, "one", (simple, "evening"), false);
    bench.done(&["-C", "one", "estimate"]);
    drawn_by(&bench, "new", (simple, "evening"), true);
    drawn_by(&bench, "new-seed", (simple, "morning"), true);
    for (folder, same) in [("new", true), ("new-seed", false)] {
        let json = estimated(&bench, folder);
        let all = json["changes"][0]["changes"].as_array().expect("changes");
        assert_eq!(all.len(), 3);
        for change in all {
            assert!(change.get("bounds").is_none(), "{change}");
            let covariance = number(&change["covariance"]);
            let shared = number(&change["common"]);
            match same {
                true => assert!(covariance > 0.0 && shared > 0.0, "{change}"),
                false => assert!(covariance.abs() <= 0.0, "{change}"),
            }
        }
    }
}

#[test]
fn a_change_knows_what_draws_by_size_share() {
    let pareto = "method = \"pareto\"\nsize = \"age\"";
    let bench = Bench::new();
    drawn_by(&bench, "one", (pareto, "evening"), false);
    bench.done(&["-C", "one", "estimate"]);
    drawn_by(&bench, "new", (pareto, "evening"), true);
    let json = estimated(&bench, "new");
    let all = json["changes"][0]["changes"].as_array().expect("changes");
    for change in all {
        let of = |wave: &str| number(&change[wave]["variance"]["Ok"]);
        let covariance = number(&change["covariance"]);
        assert!(covariance > 0.0, "{change}");
        let wanted = of("first") + of("second") - 2.0 * covariance;
        assert_close(of("change"), wanted, 1e-9);
    }
    bench.done(&["-C", "new", "report"]);
    // One seed, and a method of which nobody knows who comes twice.
    let pivotal = "method = \"pivotal\"\nsize = \"age\"";
    drawn_by(&bench, "new-pivotal", (pivotal, "evening"), true);
    let said = bench.says(&["-C", "new-pivotal", "estimate"]);
    assert!(said.code != Some(0), "{}", said.out);
    for words in ["by 'pivotal'", "a seed of its own"] {
        assert!(said.err.contains(words), "no '{words}' in\n{}", said.err);
    }
    drawn_by(&bench, "new-morning", (pivotal, "morning"), true);
    let json = estimated(&bench, "new-morning");
    let change = &json["changes"][0]["changes"][0];
    assert!(number(&change["covariance"]).abs() <= 0.0, "{change}");
}

/// Ĉ of the share that complained: Σ_h (n_c − n₁ n₂/N) s₁₂ of the scores, corrected for nonresponse by branch:
/// w a (y − p)/Σw, less its mean among those of the branch who answered, which everybody called stands for.
fn by_hand(bench: &Bench) -> f64 {
    let mut waves = Vec::new();
    let key = canvass::field::CaseKey::from_hex(&bench.read("two/case.key")).expect("a key");
    let earlier = canvass::field::CaseKey::from_hex(&bench.read("one/case.key")).expect("a key");
    for (folder, key) in [("one", &earlier), ("two", &key)] {
        bench.done(&[
            "-C",
            folder,
            "estimate",
            "--export",
            &format!("{folder}.parquet"),
        ]);
        let table = parquet::read(&bench.path(&format!("{folder}/{folder}.parquet")))
            .or_else(|_| parquet::read(&bench.path(&format!("{folder}.parquet"))))
            .expect("a table");
        let texts = |name: &str| match table.get(name) {
            Some(Column::Maybe(cells)) => cells.iter().flatten().cloned().collect::<Vec<_>>(),
            Some(Column::Text(cells)) => cells.clone(),
            other => panic!("{name}: {other:?}"),
        };
        let reals = |name: &str| match table.get(name) {
            Some(Column::Real(cells)) => cells.clone(),
            other => panic!("{name}: {other:?}"),
        };
        let units: std::collections::BTreeMap<String, String> = (0..12_000)
            .map(|i| format!("F-{i:05}"))
            .map(|id| (key.case_id(&id), id))
            .collect();
        let (cases, strata) = (texts("case_id"), texts("stratum"));
        let (weight, said) = (reals("weight"), reals("complained"));
        let (base, population) = (reals("base_weight"), reals("population"));
        let people: f64 = weight.iter().flatten().sum();
        let total: f64 = (0..cases.len())
            .map(|i| weight[i].unwrap_or(0.0) * said[i].unwrap_or(0.0))
            .sum();
        let share = total / people;
        let mut rows = Vec::new();
        for i in 0..cases.len() {
            let z = said[i].map(|y| (y - share) / people);
            rows.push((
                units[&cases[i]].clone(),
                strata[i].clone(),
                base[i].expect("drawn"),
                z,
                population[i].expect("N"),
            ));
        }
        waves.push(rows);
    }
    let mut all = 0.0;
    for branch in ["trade", "works"] {
        let scores: Vec<std::collections::BTreeMap<&str, f64>> = waves
            .iter()
            .map(|rows| {
                let mine: Vec<_> = rows.iter().filter(|row| row.1 == branch).collect();
                let heard: Vec<f64> = mine.iter().filter_map(|row| row.3).collect();
                let mean = heard.iter().sum::<f64>() / heard.len() as f64;
                let factor = mine.len() as f64 / heard.len() as f64;
                let score = |z: Option<f64>| mean + z.map_or(0.0, |z| factor * (z - mean));
                mine.iter()
                    .map(|row| (row.0.as_str(), row.2 * score(row.3)))
                    .collect()
            })
            .collect();
        let population = waves[0]
            .iter()
            .find(|row| row.1 == branch)
            .expect("drawn")
            .4;
        let common: Vec<(f64, f64)> = scores[0]
            .iter()
            .filter_map(|(id, a)| Some((*a, *scores[1].get(id)?)))
            .collect();
        let n = common.len() as f64;
        let mean = |f: fn(&(f64, f64)) -> f64| common.iter().map(f).sum::<f64>() / n;
        let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let s: f64 = common
            .iter()
            .map(|pair| (pair.0 - a) * (pair.1 - b))
            .sum::<f64>()
            / (n - 1.0);
        all += (n - scores[0].len() as f64 * scores[1].len() as f64 / population) * s;
    }
    all
}

#[test]
fn without_knowing_who_is_in_both_there_is_no_change() {
    let bench = Bench::new();
    wave(&bench, "one", NONE, "");
    wave(&bench, "two", NONE, CHANGE);
    let refused = |words: &[&str]| {
        let said = bench.says(&["-C", "two", "estimate"]);
        assert_eq!(said.code, Some(2), "{}", said.err);
        for word in words {
            assert!(said.err.contains(word), "no '{word}' in\n{}", said.err);
        }
    };
    refused(&[
        "no change since ../one",
        "7-estimates.json is not there",
        "canvass estimate",
    ]);
    bench.done(&["-C", "one", "estimate"]);
    bench.done(&["-C", "two", "estimate"]);
    let key = bench.read("one/case.key");
    std::fs::remove_file(bench.path("one/case.key")).expect("there");
    refused(&[
        "case.key is not there",
        "nobody can tell whom both waves drew",
        "not independent",
    ]);
    bench.write("one/case.key", &key);
    // Figures that were tampered with are not those of the answers.
    let text = bench.read("one/7-estimates.json");
    bench.write(
        "one/7-estimates.json",
        &text.replacen("\"value\": ", "\"value\": 1", 1),
    );
    let said = bench.says(&["-C", "two", "estimate"]);
    assert_ne!(said.code, Some(0), "{}", said.err);
    bench.write("one/7-estimates.json", &text);
    let survey = bench.read("two/survey.toml");
    bench.write(
        "two/survey.toml",
        &survey.replace("figures = [1, 2]", "figures = [1, 9, 1]"),
    );
    let said = bench.says(&["-C", "two", "estimate"]);
    for word in [
        "change[1].figures[2] is 9, and there are 3 figures",
        "names figure 1 twice",
    ] {
        assert!(said.err.contains(word), "no '{word}' in\n{}", said.err);
    }
    let replicates = format!("{survey}\n[estimate]\nvariance = \"jkn\"\n");
    bench.write("two/survey.toml", &replicates);
    let said = bench.says(&["-C", "two", "estimate"]);
    assert!(
        said.err
            .contains("what two waves share is found from scores"),
        "{}",
        said.err
    );
}

#[test]
fn the_file_for_others_has_no_number_and_no_id_of_the_list() {
    let bench = Bench::new();
    wave(&bench, "one", NONRESPONSE, "");
    for ending in ["csv", "parquet", "xlsx", "sav", "dta"] {
        let file = format!("shared.{ending}");
        let said = bench.done(&["-C", "one", "estimate", "--export", &file]);
        assert!(
            said.out.contains("complained_is_1") && said.out.contains("nonresponse"),
            "{}",
            said.out
        );
    }
    let text = bench.read("shared.csv");
    let header = text.lines().next().expect("a heading");
    for column in [
        "case_id",
        "stratum",
        "population",
        "weight",
        "branch",
        "district",
        "overall",
    ] {
        assert!(
            header.split(',').any(|there| there == column),
            "{column}: {header}"
        );
    }
    assert!(
        !text.contains("F-0") && !text.contains(",101000"),
        "{header}"
    );
    let said = bench.says(&["-C", "one", "estimate", "--export", "7-estimates.json"]);
    assert!(said.code == Some(2), "{}", said.err);
    let said = bench.says(&["-C", "one", "estimate", "--export", "3-sample.parquet"]);
    assert!(
        said.code == Some(2) && said.err.contains("a file of the study itself"),
        "{}",
        said.err
    );
    let said = bench.says(&["-C", "one", "estimate", "--script", "r"]);
    assert!(
        said.code == Some(2) && said.err.contains("--export"),
        "{}",
        said.err
    );
}

/// The figures of a study, by the statistic's place.
fn figures(bench: &Bench) -> Vec<(f64, f64)> {
    let json: Value = serde_json::from_str(&bench.read("one/7-estimates.json")).expect("JSON");
    let all = json["estimates"].as_array().expect("figures").iter();
    all.map(|one| (number(&one["value"]), number(&one["variance"]["Ok"]).sqrt()))
        .collect()
}

/// A program of `svy` that prints every column, and enough digits to compare.
fn with_digits(program: &str) -> String {
    program.replace(
        "import svy",
        "import svy\npl.Config(float_precision=10, tbl_cols=-1, tbl_width_chars=400)",
    )
}

#[test]
fn other_programs_repeat_figures_and_their_errors() {
    let bench = Bench::new();
    wave(&bench, "one", NONE, "");
    bench.done(&["-C", "one", "estimate"]);
    let file = bench.path("answers.csv").display().to_string();
    for (program, word, name) in [
        ("Rscript", "r", "figures.R"),
        ("python3", "svy", "figures.py"),
    ] {
        let said = bench.done(&["-C", "one", "estimate", "--export", &file, "--script", word]);
        assert!(
            said.out.starts_with(
                "# Estimates are those of 7-estimates.json.\n# Standard errors are, too."
            ),
            "{}",
            said.out
        );
        let text = match word {
            "svy" => with_digits(&said.out),
            _ => said.out.clone(),
        };
        bench.write(name, &text);
        let Some(words) = run_in(&bench, program, name) else {
            continue;
        };
        for (value, se) in figures(&bench) {
            says(&words, value, 1e-8);
            says(&words, se, 1e-7);
        }
    }
    for word in ["stata", "sas"] {
        let said = bench.done(&["-C", "one", "estimate", "--export", &file, "--script", word]);
        assert!(
            said.out.contains("complained_is_1") && said.out.contains("population"),
            "{}",
            said.out
        );
    }
}

#[test]
fn replicate_weights_tell_other_programs_of_the_steps() {
    let bench = Bench::new();
    let groups = "[estimate]\nvariance = \"bootstrap\"\nreplicates = 40\n";
    wave(&bench, "one", NONRESPONSE, groups);
    bench.done(&["-C", "one", "estimate"]);
    let file = bench.path("answers.csv").display().to_string();
    let said = bench.done(&["-C", "one", "estimate", "--export", &file, "--script", "r"]);
    assert!(
        said.out.contains("svrepdesign(") && said.out.contains("too."),
        "{}",
        said.out
    );
    let beside: Value = serde_json::from_str(&bench.read("answers.csv.json")).expect("JSON");
    assert_eq!(
        (&beside["count"], &beside["method"]),
        (&40.into(), &"bootstrap".into())
    );
    bench.write("figures.R", &said.out);
    if let Some(words) = run_in(&bench, "Rscript", "figures.R") {
        for (value, se) in figures(&bench) {
            says(&words, value, 1e-8);
            says(&words, se, 1e-7);
        }
    }
    let said = bench.done(&[
        "-C", "one", "estimate", "--export", &file, "--script", "svy",
    ]);
    assert!(said.out.contains("replicate_"), "{}", said.out);
    bench.write("figures.py", &with_digits(&said.out));
    if let Some(words) = run_in(&bench, "python3", "figures.py") {
        for (value, se) in figures(&bench) {
            says(&words, value, 1e-8);
            says(&words, se, 1e-7);
        }
    }
}

#[test]
fn a_study_of_which_a_program_can_nothing_is_refused_with_the_reasons() {
    let bench = Bench::new();
    let median = "[[figure]]\nstatistic = \"quantile\"\nat = [0.5]\nitem = \"overall\"\nby = []\n";
    let all = survey("one", NONE, "");
    let settings = all.split("[[figure]]").next().expect("settings");
    wave_as(&bench, "one", &format!("{settings}{median}"));
    bench.done(&["-C", "one", "estimate"]);
    let file = bench.path("answers.csv").display().to_string();
    let export = ["-C", "one", "estimate", "--export", &file, "--script"];
    let said = bench.says(&[&export[..], &["stata"]].concat());
    assert!(
        said.code == Some(2) && said.err.contains("Stata cannot repeat quantiles"),
        "{}",
        said.err
    );
    bench.done(&[&export[..], &["r"]].concat());
}
