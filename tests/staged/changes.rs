//! Changes between two waves that were drawn in stages.

use std::collections::BTreeMap;
use std::fmt::Write;

use canvass::field::CaseKey;
use canvass::files::Column;
use serde_json::Value;

use super::{Customer, SIMPLE, SURVEY, customers, list, sample, step};
use crate::support::{Bench, SUMMED, assert_close, reals, refused};

const EVENING: &str = "evening";
const CHANGE: &str = "\n[[change]]\nwith = \"../one\"\n";

/// A wave from list to weights; answers are by so much better than those of customers().
fn wave(bench: &Bench, folder: &str, drawn: (&str, &str), better: impl Fn(&Customer) -> u32) {
    wave_of(bench, folder, drawn, &list(), better);
}

/// The same from a list of one's own.
fn wave_of(
    bench: &Bench,
    folder: &str,
    (draw, seed): (&str, &str),
    list: &str,
    better: impl Fn(&Customer) -> u32,
) {
    let text = format!("{SURVEY}{draw}").replace("the evening draw", &format!("the {seed} draw"));
    let text = text.replace("Customers of branches", &format!("Customers {folder}"));
    bench.write(&format!("{folder}/survey.toml"), &text);
    bench.write(&format!("{folder}/customers.csv"), list);
    step(bench, folder, &["check", "plan", "draw", "field"]);
    let known = known(bench, folder);
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,satisfaction\n".to_owned();
    for (case, one) in drawn(bench, folder, &known) {
        let at = "2025-03-04T10:00:00";
        writeln!(attempts, "{case},1,{at},300,1.1").expect("memory");
        writeln!(answers, "{case},{at},{}", one.answer + better(one)).expect("memory");
    }
    bench.write("attempts.csv", &attempts);
    bench.write("answers.csv", &answers);
    let files = ["--attempts", "attempts.csv", "--answers", "answers.csv"];
    bench.done(&[&["-C", folder, "ingest"][..], &files].concat());
    step(bench, folder, &["weigh"]);
}

fn known(bench: &Bench, folder: &str) -> BTreeMap<String, Customer> {
    let key = CaseKey::from_hex(&bench.read(&format!("{folder}/case.key"))).expect("a key");
    let all = customers().into_iter();
    all.map(|one| (key.case_id(&one.id), one)).collect()
}

/// Who was drawn, in the sample's order.
fn drawn<'a>(
    bench: &Bench,
    folder: &str,
    known: &'a BTreeMap<String, Customer>,
) -> Vec<(String, &'a Customer)> {
    let sample = sample(bench, folder);
    let Some(Column::Text(cases)) = sample.get("case_id") else {
        panic!("no cases");
    };
    cases
        .iter()
        .map(|case| (case.clone(), &known[case]))
        .collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// The changes of a wave: of the mean, of the total, and of the mean in the north and in the south.
fn changes(bench: &Bench, folder: &str) -> Vec<Value> {
    bench.done(&["-C", folder, "estimate"]);
    let told = bench.json(&format!("{folder}/7-estimates.json"));
    let all = told["changes"][0]["changes"].as_array().expect("changes");
    assert_eq!(all.len(), 4);
    for change in all {
        let of = |one: &str| (number(&change[one]["value"]), variance(change, one));
        let ((then, before), (now, after)) = (of("first"), of("second"));
        assert_close(number(&change["change"]["value"]), now - then, SUMMED);
        let wanted = before + after - 2.0 * number(&change["covariance"]);
        assert!((variance(change, "change") - wanted).abs() <= 1e-9 * (before + after));
    }
    all.clone()
}

fn variance(change: &Value, one: &str) -> f64 {
    number(&change[one]["variance"]["Ok"])
}

/// How many customers both waves drew; of a region, or of all.
fn both(bench: &Bench, folders: [&str; 2], region: Option<&str>) -> f64 {
    let ids = folders.map(|folder| {
        let known = known(bench, folder);
        let drawn = drawn(bench, folder, &known).into_iter();
        let mine = drawn.filter(|(_, one)| region.is_none_or(|region| one.region == region));
        mine.map(|(_, one)| one.id.clone())
            .collect::<std::collections::BTreeSet<_>>()
    });
    ids[0].intersection(&ids[1]).count() as f64
}

#[test]
fn a_change_of_branches_drawn_simply_knows_what_both_waves_share() {
    let bench = Bench::new();
    wave(&bench, "one", (SIMPLE, EVENING), |_| 0);
    bench.done(&["-C", "one", "estimate"]);
    // The same branches and customers, all of whom are happier by one: of the mean nothing is left to chance.
    wave(
        &bench,
        "same",
        (&format!("{SIMPLE}{CHANGE}"), EVENING),
        |_| 1,
    );
    let all = changes(&bench, "same");
    for mean in [&all[0], &all[2], &all[3]] {
        assert_close(number(&mean["change"]["value"]), 1.0, SUMMED);
        assert!(variance(mean, "change") <= 1e-9 * variance(mean, "first"));
        assert!(mean.get("bounds").is_none(), "{mean}");
    }
    // More branches of the same numbers, and others who answer: a part of the first wave comes again.
    let more = SIMPLE.replace("within = 5", "within = 4");
    wave(&bench, "more", (&format!("{more}{CHANGE}"), EVENING), |_| 2);
    let all = changes(&bench, "more");
    for (change, region) in all.iter().zip([None, None, Some("north"), Some("south")]) {
        let shared = both(&bench, ["one", "more"], region);
        assert!(shared > 0.0);
        assert_close(number(&change["common"]), shared, SUMMED);
    }
    assert!(number(&all[0]["covariance"]) > 0.0, "{}", all[0]);
    step(&bench, "more", &["report", "verify"]);
    let page = bench.read("more/9-report.html");
    assert!(page.contains("Changes since Customers one") && page.contains("drawn in both"));
}

#[test]
fn a_change_of_branches_drawn_by_size_goes_by_the_branches() {
    let bench = Bench::new();
    let sampford = format!("[draw]\nwithin = 5\n{STAGE}");
    let better = |one: &Customer| 1 + one.answer % 3;
    wave(&bench, "one", (&sampford, EVENING), |_| 0);
    bench.done(&["-C", "one", "estimate"]);
    wave(
        &bench,
        "same",
        (&format!("{sampford}{CHANGE}"), EVENING),
        better,
    );
    let all = changes(&bench, "same");
    let total = &all[1];
    assert_eq!(total["bounds"], serde_json::json!(["first_stage"]));
    // The same customers: a branch's part in the change of the total is by how much they are happier.
    let known = known(&bench, "same");
    let weights = reals(&sample(&bench, "same"), "probability")
        .into_iter()
        .map(|p| 1.0 / p);
    let mut branches: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for ((_, one), weight) in drawn(&bench, "same", &known).into_iter().zip(weights) {
        let region = branches.entry(one.region).or_default();
        *region.entry(one.branch.as_str()).or_default() += weight * f64::from(better(one));
    }
    let of_region = |parts: &BTreeMap<&str, f64>| {
        let n = parts.len() as f64;
        let mean = parts.values().sum::<f64>() / n;
        n / (n - 1.0)
            * parts
                .values()
                .map(|part| (part - mean).powi(2))
                .sum::<f64>()
    };
    let wanted: f64 = branches.values().map(of_region).sum();
    let found = variance(total, "change");
    let scale = variance(total, "first");
    assert!(
        (found - wanted).abs() <= 1e-9 * scale,
        "{found} is not {wanted}"
    );
    step(&bench, "same", &["report", "verify"]);
    let page = bench.read("same/9-report.html");
    assert!(page.contains("clusters of the first stage stand for all that was drawn within them"));
    let said = bench.done(&["-C", "same", "--lang", "zh", "estimate"]);
    assert!(
        said.out.contains("与“Customers one”相比的变化"),
        "{}",
        said.out
    );
}

const STAGE: &str = "[[draw.stage]]\ncluster = \"branch\"\nmethod = \"sampford\"\n";

#[test]
fn waves_in_stages_by_seeds_of_their_own_share_what_chance_lets_them() {
    let bench = Bench::new();
    wave(&bench, "one", (SIMPLE, EVENING), |_| 0);
    bench.done(&["-C", "one", "estimate"]);
    wave(
        &bench,
        "morning",
        (&format!("{SIMPLE}{CHANGE}"), "morning"),
        |_| 1,
    );
    for change in changes(&bench, "morning") {
        assert!(number(&change["covariance"]).abs() <= 0.0, "{change}");
        assert!(change.get("bounds").is_none(), "{change}");
    }
    // Drawn at once, by a seed of its own, and by the same.
    wave(&bench, "at-once", (CHANGE, "morning"), |_| 1);
    for change in changes(&bench, "at-once") {
        assert!(number(&change["covariance"]).abs() <= 0.0, "{change}");
    }
    wave(&bench, "evening-at-once", (CHANGE, EVENING), |_| 1);
    refused(
        &bench.says(&["-C", "evening-at-once", "estimate"]),
        2,
        &["at once and the other in stages", "a seed of its own"],
    );
}

/// The branches that a wave drew, after their regions.
fn branches(bench: &Bench, folder: &str) -> std::collections::BTreeSet<(String, String)> {
    let known = known(bench, folder);
    let drawn = drawn(bench, folder, &known).into_iter();
    drawn
        .map(|(_, one)| (one.region.to_owned(), one.branch.clone()))
        .collect()
}

#[test]
fn branches_of_other_strata_are_drawn_anew_and_shared_by_chance_alone() {
    // Labels of the north stand in the south too; a branch's number is that of its label after its stratum's.
    let bench = Bench::new();
    let renamed = list()
        .replace(",north,", ",upper,")
        .replace(",south,", ",lower,");
    for (draw, at) in [
        (SIMPLE.to_owned(), 1),
        (format!("[draw]\nwithin = 5\n{STAGE}"), 2),
    ] {
        let folders = ["one", "same", "renamed"].map(|folder| format!("{folder}-{at}"));
        let with = CHANGE.replace("../one", &format!("../one-{at}"));
        wave(&bench, &folders[0], (&draw, EVENING), |_| 0);
        bench.done(&["-C", &folders[0], "estimate"]);
        let again = format!("{draw}{with}");
        wave(&bench, &folders[1], (&again, EVENING), |one| one.answer % 3);
        wave_of(&bench, &folders[2], (&again, EVENING), &renamed, |one| {
            one.answer % 3
        });
        let [one, same, anew] = folders.each_ref().map(|folder| branches(&bench, folder));
        assert_eq!(one, same);
        assert_ne!(one, anew);
        let shared = |folder: &str| -> Vec<f64> {
            bench.done(&["-C", folder, "estimate"]);
            let told = bench.json(&format!("{folder}/7-estimates.json"));
            let all = told["changes"][0]["changes"].as_array().expect("changes");
            let covariance = |change: &Value| number(&change["covariance"]);
            all[..2].iter().map(covariance).collect()
        };
        assert!(shared(&folders[1])[1] > 0.0);
        // By branches of the first stage the variance is no smaller than that of two independent waves.
        for covariance in shared(&folders[2]) {
            assert!(covariance <= 1e-9, "{draw}: {covariance}");
        }
    }
}

#[test]
fn clusters_of_another_column_are_refused() {
    let bench = Bench::new();
    wave(&bench, "one", (SIMPLE, EVENING), |_| 0);
    bench.done(&["-C", "one", "estimate"]);
    let cities = list().replacen(",branch,", ",city,", 1);
    let draw = SIMPLE.replace("branch", "city");
    let again = format!("{draw}{CHANGE}");
    wave_of(&bench, "cities", (&again, EVENING), &cities, |_| 1);
    refused(
        &bench.says(&["-C", "cities", "estimate"]),
        2,
        &[
            "../one by clusters of 'branch'",
            "by clusters of 'city'",
            "a seed of its own",
        ],
    );
    // By a seed of its own nothing has to be known of them.
    wave_of(&bench, "own", (&again, "morning"), &cities, |_| 1);
    bench.done(&["-C", "own", "estimate"]);
}

#[test]
fn a_stratum_of_one_certain_branch_has_a_change() {
    // All customers of the north are of one branch, which no wave can miss.
    let bench = Bench::new();
    let of_one_branch = |line: &str| match line.split_once(",north,") {
        Some((before, after)) => {
            let turnover = after.rsplit(',').next().unwrap_or_default();
            format!("{before},north,b00,{turnover}\n")
        }
        None => format!("{line}\n"),
    };
    let list: String = list().lines().map(of_one_branch).collect();
    let draw = format!("[draw]\nor_all = true\n{STAGE}take = 6\n");
    wave_of(&bench, "one", (&draw, EVENING), &list, |_| 0);
    bench.done(&["-C", "one", "estimate"]);
    let again = format!("{draw}{CHANGE}");
    wave_of(&bench, "two", (&again, EVENING), &list, |_| 1);
    let all = changes(&bench, "two");
    let north = &all[2];
    assert_eq!(north["second"]["domain"], "north");
    // The same customers of it, all of whom are happier by one.
    assert_close(number(&north["change"]["value"]), 1.0, SUMMED);
    assert!(variance(north, "first") > 0.0);
    assert!(variance(north, "change") <= 1e-9 * variance(north, "first"));
    for change in &all {
        assert_eq!(change["bounds"], serde_json::json!(["first_stage"]));
        assert!(number(&change["covariance"]) > 0.0, "{change}");
    }
    step(&bench, "two", &["report", "verify"]);
}
