//! What a study may ask beyond single figures: comparisons, and variances from replicates.

use std::fmt::Write;

use serde_json::Value;

use crate::support::{Bench, assert_close};

/// A study of three operators in two services.
const SURVEY: &str = r#"survey = "Operators 2025"
seed   = "the evening draw of 1 March 2025"
LANGUAGE

[list]
file      = "customers.csv"
unit      = "customer_id"
phone     = "mobile"
strata    = ["service", "operator"]
cells     = ["service"]
fictional = true

[[target]]
margin        = 3.0
spread        = 20.0
design_effect = 1.0

[[funnel]]
working  = 0.9
reached  = 0.8
eligible = 0.9
willing  = 0.5
source   = "assumption"

[weigh]
steps = ["nonresponse"]
nonresponse_by = ["service", "operator"]

[[figure]]
statistic = "share"
item      = "complained"
equals    = 1
by        = []

[[figure]]
statistic = "mean"
item      = "overall"
by        = ["service", "operator"]

[index]
items   = ["overall", "ideal"]
low     = 1
high    = 10
firm    = "operator"
service = "service"
compare = "holm"

[report]
least = 5

REST
"#;

const COMPARE: &str = r#"[[compare]]
figure = 2
among  = "operator"
within = ["service"]
first  = "largest"

[[compare]]
figure  = 1
among   = "operator"
correct = "holm"
"#;

fn survey(rest: &str) -> String {
    SURVEY.replace("LANGUAGE\n", "").replace("REST", rest)
}

/// 12,000 customers, drawn and called. East is better than the others, and the others are alike.
fn called(rest: &str) -> Bench {
    called_of(rest, 12_000)
}

fn called_of(rest: &str, customers: usize) -> Bench {
    let bench = Bench::new();
    bench.write("survey.toml", &survey(rest));
    let mut list = "customer_id,mobile,service,operator\n".to_owned();
    for i in 0..customers {
        let service = if i % 2 == 0 { "mobile" } else { "fixed" };
        let operator = ["east", "north", "west"][i / 2 % 3];
        writeln!(list, "C-{i:05},101000{i:05},{service},{operator}").expect("memory");
    }
    bench.write("customers.csv", &list);
    for step in ["check", "plan", "draw", "field"] {
        bench.done(&[step]);
    }
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,overall,ideal,complained\n".to_owned();
    for row in bench.read("4-calls/calls.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let (case, i) = (
            cells[0],
            cells[1][6..].parse::<usize>().expect("five digits"),
        );
        // A number without a pattern in common with the columns.
        let chance = i * 7_919 % 1_009 % 10;
        let code = if chance < 7 { "1.1" } else { "2.112" };
        let at = "2025-03-04T10:00:00";
        writeln!(attempts, "{case},1,{at},300,{code}").expect("memory");
        if code == "1.1" {
            let better = if i / 2 % 3 == 0 { 4 } else { 1 };
            let (overall, ideal) = (better + i * 6_151 % 997 % 7, better + i * 4_973 % 991 % 6);
            let complained = usize::from(i * 5_443 % 983 % 9 < 2);
            writeln!(answers, "{case},{at},{overall},{ideal},{complained}").expect("memory");
        }
    }
    bench.write("attempts.csv", &attempts);
    bench.write("answers.csv", &answers);
    bench.done(&[
        "ingest",
        "--attempts",
        "attempts.csv",
        "--answers",
        "answers.csv",
    ]);
    bench.done(&["weigh"]);
    bench
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("a number: {value}"))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    let list = value[key].as_array();
    list.unwrap_or_else(|| panic!("{key}: {value}"))
}

#[test]
fn every_pair_of_a_family_is_compared_with_what_both_share() {
    let bench = called(&format!(
        "{COMPARE}\n[[figure]]\nstatistic = \"mean\"\nitem = \"overall\"\nby = [\"service\"]\ncompare = \"operator\""
    ));
    let json = bench.done(&["estimate", "--format", "json"]).json();
    let [mean, share] = list(&json, "comparisons") else {
        panic!("two comparisons: {json}")
    };
    assert_eq!(
        (&mean["statistic"], &mean["item"], &mean["correction"]),
        (&"mean".into(), &"overall".into(), &"max-t".into())
    );
    assert_eq!(
        (list(mean, "families").len(), list(share, "families").len()),
        (2, 1)
    );
    assert_eq!(share["families"][0]["within"], "all");
    let mut pairs = 0;
    for family in list(mean, "families") {
        let within = family["within"].as_str().expect("a label");
        let letters: Vec<&Value> = list(family, "members")
            .iter()
            .map(|m| &m["letters"])
            .collect();
        assert_eq!(letters, ["a", "b", "b"], "{family}");
        let ranks: Vec<String> = list(family, "members")
            .iter()
            .map(|m| format!("{}–{}", m["ranks"]["best"], m["ranks"]["worst"]))
            .collect();
        assert_eq!(ranks, ["1–1", "2–3", "2–3"]);
        assert_eq!(family["alike"], serde_json::json!([["north", "west"]]));
        for pair in list(family, "pairs") {
            pairs += 1;
            // The same difference as [[figure]] compare makes, one by one.
            let domain = format!(
                "{within} / {} − {within} / {}",
                pair["this"].as_str().expect("a label"),
                pair["other"].as_str().expect("a label")
            );
            let alone = list(&json, "estimates")
                .iter()
                .find(|one| one["domain"] == domain.as_str())
                .unwrap_or_else(|| panic!("{domain}"));
            let se = number(&pair["standard_error"]);
            assert_close(number(&pair["difference"]), number(&alone["value"]), 1e-9);
            assert_close(se * se, number(&alone["variance"]["Ok"]), 1e-8);
            assert_eq!(pair["df"], alone["df"]);
            assert_close(
                number(&pair["interval"][0]),
                number(&alone["interval"][0]),
                1e-8,
            );
            assert!(number(&pair["corrected"]) >= number(&pair["p"]));
            assert!(number(&pair["simultaneous"][0]) < number(&pair["interval"][0]));
        }
    }
    assert_eq!(pairs, 6);
    let family = &share["families"][0];
    assert!(
        family["members"][0]["ranks"].is_null(),
        "no order, no ranks"
    );
    // Holm: the smallest of three p, times three.
    let p: Vec<f64> = list(family, "pairs")
        .iter()
        .map(|pair| number(&pair["p"]))
        .collect();
    let smallest = p.iter().copied().fold(1.0, f64::min);
    let corrected = list(family, "pairs")
        .iter()
        .map(|pair| number(&pair["corrected"]));
    assert_close(
        corrected.fold(1.0, f64::min),
        (3.0 * smallest).min(1.0),
        1e-12,
    );
}

#[test]
fn the_index_says_who_cannot_be_told_apart_on_every_page() {
    let bench = called(COMPARE);
    bench.done(&["estimate"]);
    let said = bench.done(&["index"]).out;
    assert!(
        said.contains("rank 2–3") && said.contains("letters"),
        "{said}"
    );
    let json = bench.done(&["index", "--format", "json"]).json();
    assert_eq!(json["compared"]["correction"], "holm");
    assert_eq!(list(&json["compared"], "families").len(), 2);
    bench.done(&["report"]);
    let page = bench.read("9-report.html");
    for words in [
        "Comparisons",
        "mobile: not told apart are north and west.",
        "share a letter",
        "Largest of many t",
        "Holm's correction",
        "Letters of groups",
        "every pair",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(bench.read("9-notice.csv").contains("rank 2–3"));
    let said = bench.done(&["verify"]);
    assert!(said.out.contains("the same, byte for byte"), "{}", said.out);
    // And in Chinese.
    let chinese = SURVEY
        .replace("LANGUAGE", "language = \"zh\"")
        .replace("REST", COMPARE);
    bench.write("survey.toml", &chinese);
    bench.done(&["run"]);
    let page = bench.read("9-report.html");
    assert!(page.contains("以下各组内差异不显著：north、west") && page.contains("名次2–3"));
}

#[test]
fn what_is_not_published_is_in_no_comparison() {
    let bench = called(COMPARE);
    let survey = survey(COMPARE).replace("least = 5", "least = 100000");
    bench.write("survey.toml", &survey);
    let json = bench.done(&["estimate", "--format", "json"]).json();
    let family = &json["comparisons"][0]["families"][0];
    assert_eq!(
        list(family, "pairs").len() + list(family, "members").len(),
        0
    );
    assert_eq!(list(family, "left_out").len(), 3);
    assert_eq!(family["left_out"][0]["why"], "not_published");
    assert!(family["critical"].is_null());
}

#[test]
fn what_does_not_fit_a_comparison_is_refused_all_at_once() {
    let bench = Bench::new();
    let rest = "[[compare]]\nfigure = 7\namong = \"operator\"\nwithin = [\"operator\"]\n\
                [[compare]]\namong = \"oprator\"\ncorrect = \"tukey\"\nfirst = \"best\"\n";
    bench.write("survey.toml", &survey(rest));
    let said = bench.says(&["check"]);
    assert_eq!(said.code, Some(2));
    for part in [
        "compare[1].figure is 7, and there are 2 figures",
        "compare[1].within[1] names 'operator', which is compared",
        "compare[2].figure is missing",
        "did you mean 'operator'?",
        "compare[2].correct is 'tukey'",
        "compare[2].first is 'best'",
    ] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
}

const TOTALS: &str = r#"[[figure]]
statistic = "total"
item      = "overall"
by        = ["service"]
compare   = "operator"

[[figure]]
statistic = "quantile"
item      = "overall"
by        = []
"#;

/// The figures of the study with these variances.
fn estimated(bench: &Bench, rest: &str, steps: bool) -> Value {
    let mut text = survey(rest);
    if !steps {
        let taken = "steps = [\"nonresponse\"]\nnonresponse_by = [\"service\", \"operator\"]";
        text = text.replace(taken, "steps = []");
    }
    bench.write("survey.toml", &text);
    bench.done(&["weigh"]);
    bench.done(&["estimate", "--format", "json"]).json()
}

fn variance(estimate: &Value) -> f64 {
    number(&estimate["variance"]["Ok"])
}

#[test]
fn replicates_take_every_step_again_and_agree_where_they_must() {
    let totals = TOTALS.split("\n\n").next().expect("a figure");
    let bench = called(totals);
    let taylor = estimated(&bench, totals, false);
    let jackknife = format!("[estimate]\nvariance = \"jkn\"\n{totals}");
    let jackknife = estimated(&bench, &jackknife, false);
    // The jackknife of a sum of simple draws is its variance, digit by digit; that of a mean nearly.
    for (one, again) in list(&taylor, "estimates")
        .iter()
        .zip(list(&jackknife, "estimates"))
    {
        assert_eq!((&one["value"], &one["n"]), (&again["value"], &again["n"]));
        let total = one["statistic"] == "total" || one["item"] == "total of overall";
        assert_close(
            variance(again),
            variance(one),
            if total { 1e-9 } else { 0.1 },
        );
    }
    let bootstrap =
        format!("[estimate]\nvariance = \"bootstrap\"\nreplicates = 400\n{totals}\n{COMPARE}");
    let again = estimated(&bench, &bootstrap, true);
    let plain = estimated(&bench, &format!("{totals}\n{COMPARE}"), true);
    assert_eq!(
        list(&plain, "estimates").len(),
        list(&again, "estimates").len()
    );
    for (one, again) in list(&plain, "estimates")
        .iter()
        .zip(list(&again, "estimates"))
    {
        assert_eq!((&one["value"], &one["n"]), (&again["value"], &again["n"]));
        assert_close(variance(again), variance(one), 0.35);
        assert!(number(&again["interval"][0]) < number(&again["value"]));
    }
    // Families come from the same replicates as the figures.
    let pair = &again["comparisons"][0]["families"][0]["pairs"][0];
    assert_close(
        number(&pair["standard_error"]),
        number(&plain["comparisons"][0]["families"][0]["pairs"][0]["standard_error"]),
        0.2,
    );
    bench.write("survey.toml", &survey(&bootstrap));
    bench.done(&["run"]);
    let page = bench.read("9-report.html");
    assert!(page.contains("bootstrap") && page.contains("Comparisons"));
    let said = bench.done(&["verify"]);
    assert!(said.out.contains("the same, byte for byte"), "{}", said.out);
}

#[test]
fn replicates_that_do_not_fit_are_refused() {
    let bench = Bench::new();
    let says = |rest: &str| {
        bench.write("survey.toml", &survey(rest));
        let said = bench.says(&["check"]);
        assert_eq!(said.code, Some(2), "{}", said.err);
        said.err
    };
    let jackknife = says(&format!(
        "[estimate]\nvariance = \"jkn\"\nreplicates = 5\n[draw]\nmethod = \"systematic\"\n{TOTALS}"
    ));
    for part in [
        "made for a simple draw in strata, and draw.method is 'systematic'",
        "estimate.replicates is only for the bootstrap",
        "figure[4].statistic is 'quantile', of which replicates do not know the variance",
    ] {
        assert!(jackknife.contains(part), "{part}: {jackknife}");
    }
    let none = says("[estimate]\nvariance = \"bootstrap\"");
    assert!(none.contains("estimate.replicates is missing"), "{none}");
    let odd = says("[estimate]\nvariance = \"brr\"");
    assert!(odd.contains("it must be"), "{odd}");
}

const TABLE: &str = r#"[[table]]
rows    = "operator"
columns = "complained"
by      = ["service"]

[[figure]]
statistic = "share"
item      = "complained"
equals    = 1
by        = ["service", "operator"]
"#;

#[test]
fn a_table_has_the_shares_of_its_rows_and_a_test() {
    let bench = called(TABLE);
    let json = bench.done(&["estimate", "--format", "json"]).json();
    let crossed = &json["tables"][0];
    assert_eq!(crossed["by"], serde_json::json!(["service"]));
    for tabled in list(crossed, "tables") {
        let table = &tabled["table"];
        assert_eq!(
            table["rows"]["labels"],
            serde_json::json!(["east", "north", "west"])
        );
        assert_eq!(table["columns"]["labels"], serde_json::json!(["0", "1"]));
        for (row, operator) in ["east", "north", "west"].iter().enumerate() {
            // The same share as [[figure]] makes, one by one.
            let domain = format!(
                "{} / {operator}",
                table["domain"].as_str().expect("a label")
            );
            let alone = list(&json, "estimates").iter();
            let alone = alone
                .filter(|one| one["statistic"] == "share")
                .find(|one| one["domain"] == domain.as_str())
                .expect("a share");
            let share = &table["cells"][row][1]["row_share"];
            assert_close(number(&share["value"]), number(&alone["value"]), 1e-12);
            assert_close(variance(share), variance(alone), 1e-9);
        }
        let test = &tabled["test"]["Ok"];
        let p = number(&test["rao_scott"]["p"]);
        assert!(
            number(&test["pearson"]) > 0.0 && p > 0.0 && p < 1.0,
            "{test}"
        );
        assert!(number(&test["rao_scott"]["df1"]) <= 2.0 + 1e-9);
    }
    bench.done(&["index"]);
    bench.done(&["report"]);
    let page = bench.read("9-report.html");
    for words in [
        "Tables",
        "operator by complained: mobile",
        "Rao–Scott",
        "F(",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let said = bench.done(&["verify"]);
    assert!(said.out.contains("the same, byte for byte"), "{}", said.out);
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let bench = Bench::new();
    let rest = "[estimate]\nvariance = \"bootstrap\"\nreplicates = 50\n\
                [[table]]\nrows = \"operator\"\ncolumns = \"operator\"\nby = [\"operator\"]\n\
                [[table]]\nrows = \"operator\"\nby = [\"servise\"]\n";
    bench.write("survey.toml", &survey(rest));
    let said = bench.says(&["check"]);
    assert_eq!(said.code, Some(2));
    for part in [
        "estimate.variance asks for replicates, and a [[table]]",
        "table[1].rows and table[1].columns are both 'operator'",
        "table[1].by[1] names 'operator'",
        "table[2].columns is missing",
        "did you mean 'service'?",
    ] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
}

#[test]
fn replicates_of_a_large_part_of_a_stratum_are_refused() {
    let bench = called_of("", 1_200);
    bench.write(
        "survey.toml",
        &survey("[estimate]\nvariance = \"bootstrap\"\nreplicates = 50"),
    );
    bench.done(&["weigh"]);
    let said = bench.says(&["estimate"]);
    assert!(said.code != Some(0));
    assert!(
        said.err.contains("of the variance of nonresponse out") && said.err.contains("taylor"),
        "{}",
        said.err
    );
}

const FUNCTION: &str = r#"[[figure]]
statistic = "function"
of        = "sum(overall) / sum(ideal)"
by        = ["service"]

[[figure]]
statistic = "ratio"
items     = ["overall", "ideal"]
by        = ["service"]
"#;

#[test]
fn a_function_of_totals_is_a_figure_like_any_other() {
    let bench = called(FUNCTION);
    let json = bench.done(&["estimate", "--format", "json"]).json();
    let of = |statistic: &str| -> Vec<Value> {
        let all = list(&json, "estimates").iter();
        all.filter(|one| one["statistic"] == statistic)
            .cloned()
            .collect()
    };
    let (functions, ratios) = (of("function"), of("ratio"));
    assert_eq!((functions.len(), ratios.len()), (2, 2));
    for (function, ratio) in functions.iter().zip(&ratios) {
        assert_eq!(function["item"], "sum(overall) / sum(ideal)");
        assert_close(number(&function["value"]), number(&ratio["value"]), 1e-12);
        assert_close(variance(function), variance(ratio), 1e-9);
    }
    bench.write(
        "survey.toml",
        &survey(&FUNCTION.replace("sum(ideal)\"", "sum(idael)\"")),
    );
    bench.done(&["weigh"]);
    let said = bench.says(&["estimate"]);
    assert!(
        said.err.contains("'idael' is not among the answers"),
        "{}",
        said.err
    );
    let odd = FUNCTION.replace("sum(ideal)\"", "\"\nitem = \"ideal\"");
    bench.write("survey.toml", &survey(&odd));
    let said = bench.says(&["check"]).err;
    assert!(
        said.contains("cannot be understood") && said.contains("figure[3].item is only for"),
        "{said}"
    );
}
