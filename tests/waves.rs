//! Waves of one list: drawn again, left in peace, released bit by bit, followed up.

use std::collections::BTreeSet;
use std::fmt::Write;

use canvass::files::{Column, Columns, parquet};

use crate::support::survey::FIRMS;
use crate::support::{Bench, reals, refused};

/// What every wave has in common, and how it is drawn.
fn wave(draw: &str) -> String {
    format!("{}\n[draw]\n{draw}", FIRMS.whole())
}

/// So many firms, a third of them in trade.
fn firms(count: u32) -> String {
    let mut list = "firm_id,telephone,branch,turnover\n".to_owned();
    for i in 0..count {
        let branch = if i % 3 == 0 { "trade" } else { "works" };
        let turnover = 100 + (i * 7_919) % 900;
        writeln!(list, "F-{i:03},1010000{i:04},{branch},{turnover}").expect("memory");
    }
    list
}

/// A study in a folder, up to its plan.
fn planned(bench: &Bench, folder: &str, draw: &str) {
    bench.write(&format!("{folder}/survey.toml"), &wave(draw));
    bench.write(&format!("{folder}/firms.csv"), &firms(900));
    for step in ["check", "plan"] {
        bench.done(&["-C", folder, step]);
    }
}

/// The ids that were drawn, by the study's own case.key.
fn drawn(bench: &Bench, folder: &str) -> BTreeSet<String> {
    let key = canvass::field::CaseKey::from_hex(&bench.read(&format!("{folder}/case.key")))
        .expect("a key");
    let table = sample(bench, folder);
    let Some(Column::Text(cases)) = table.get("case_id") else {
        panic!("no cases");
    };
    (0..900)
        .map(|i| format!("F-{i:03}"))
        .filter(|id| cases.contains(&key.case_id(id)))
        .collect()
}

fn sample(bench: &Bench, folder: &str) -> Columns {
    parquet::read(&bench.path(&format!("{folder}/3-sample.parquet"))).expect("a sample")
}

/// What `[draw]` says for a method.
fn by(method: &str) -> String {
    match method {
        "simple" | "bernoulli" => format!("method = \"{method}\"\n"),
        _ => format!("method = \"{method}\"\nsize = \"turnover\"\n"),
    }
}

fn after(method: &str, turn: &str) -> String {
    format!(
        "{}[draw.coordinate]\nwith = \"../one\"\n{turn}\n",
        by(method)
    )
}

#[test]
fn waves_share_what_was_expected_of_them() {
    for method in [
        "simple",
        "bernoulli",
        "poisson",
        "sequential-poisson",
        "pareto",
    ] {
        let bench = Bench::new();
        planned(&bench, "one", &by(method));
        bench.done(&["-C", "one", "draw"]);
        let first = drawn(&bench, "one");
        for (folder, turn) in [
            ("same", "turn = \"same\""),
            ("reflect", "turn = \"reflect\""),
            ("shift", "turn = \"shift\"\nshare = 0.5"),
            ("rotate", "turn = \"rotate\"\nshare = 0.25"),
        ] {
            planned(&bench, folder, &after(method, turn));
            bench.done(&["-C", folder, "draw"]);
            let second = drawn(&bench, folder);
            let wave = &bench.json(&format!("{folder}/3-draw.json"))["coordination"];
            let found = first.intersection(&second).count();
            assert_eq!(wave["all"]["found"], found as u64, "{method} {turn}");
            let expected = wave["all"]["expected"].as_f64().expect("known");
            // Rotation and shifts leave something to chance; a few standard deviations.
            let slack = 4.0 * f64::sqrt(first.len() as f64) * 0.5 + 1.0;
            assert!(
                (found as f64 - expected).abs() < slack,
                "{method} {turn}: {found}, not {expected}"
            );
            if folder == "same" {
                assert_eq!(first, second, "{method}");
            }
            if folder == "rotate" {
                let left = expected / first.len() as f64;
                assert!((left - 0.75).abs() < 0.1, "{method}: {left} stay");
            }
            bench.done(&["-C", folder, "verify"]);
            asked(&bench, folder, &second);
        }
    }
}

/// Whoever asks is told what the sample says, also where its number was turned.
fn asked(bench: &Bench, folder: &str, second: &BTreeSet<String>) {
    for i in (5..900).step_by(71) {
        let id = format!("F-{i:03}");
        let args = ["-C", folder, "verify", "--format", "json", "--unit", &id];
        let told = bench.done(&args).json();
        assert_eq!(told["drawn"], second.contains(&id), "{folder} {id}: {told}");
        if let [only] = told["strata"].as_array().expect("strata").as_slice() {
            assert_eq!(only["takes"], second.contains(&id), "{folder} {id}: {told}");
        }
    }
}

#[test]
fn without_the_list_a_turned_number_tells_of_a_simple_draw() {
    let bench = Bench::new();
    planned(&bench, "one", &by("simple"));
    bench.done(&["-C", "one", "draw"]);
    planned(&bench, "two", &by("simple"));
    // Asked for by flags, as seen from the study's folder.
    let said = bench.done(&[
        "-C", "two", "draw", "--with", "../one", "--turn", "rotate", "--share", "0.25",
    ]);
    for words in [
        "Units to be shared with",
        "Units shared with",
        "u′ = (u − 1 × 0.25 π) mod 1",
    ] {
        assert!(said.out.contains(words), "{}", said.out);
    }
    bench.done(&["-C", "two", "verify"]);
    let second = drawn(&bench, "two");
    bench.write("public/3-draw.json", &bench.read("two/3-draw.json"));
    for i in (1..900).step_by(37) {
        let id = format!("F-{i:03}");
        let stratum = if i % 3 == 0 { "trade" } else { "works" };
        let args = [
            "-C",
            "public",
            "verify",
            "--format",
            "json",
            "--unit",
            &id,
            "--stratum",
            stratum,
        ];
        let told = bench.done(&args).json();
        assert_eq!(
            told["strata"][0]["takes"],
            second.contains(&id),
            "{id}: {told}"
        );
        assert!(told["strata"][0]["turned"]["digest"].is_string(), "{told}");
    }
    let said = bench.done(&[
        "-C",
        "public",
        "verify",
        "--unit",
        "F-001",
        "--stratum",
        "works",
    ]);
    assert!(said.out.contains("its number, turned"), "{}", said.out);
}

#[test]
fn a_third_wave_goes_on_from_the_second() {
    let bench = Bench::new();
    planned(&bench, "one", &by("simple"));
    bench.done(&["-C", "one", "draw"]);
    planned(
        &bench,
        "two",
        &after("simple", "turn = \"rotate\"\nshare = 0.5"),
    );
    bench.done(&["-C", "two", "draw"]);
    let third = after("simple", "turn = \"rotate\"\nshare = 0.5").replace("../one", "../two");
    planned(&bench, "three", &third);
    bench.done(&["-C", "three", "draw"]);
    let wave = &bench.json("three/3-draw.json")["coordination"];
    assert_eq!(wave["turn"]["rotate"]["waves"], 2);
    // Half of the second remain, and nearly none of the first.
    let [one, two, three] = ["one", "two", "three"].map(|folder| drawn(&bench, folder));
    let shared = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.intersection(b).count() as f64;
    let n = one.len() as f64;
    assert!((shared(&two, &three) / n - 0.5).abs() < 0.15);
    assert!(shared(&one, &three) / n < 0.15);
    // Another way to turn does not follow on that.
    let other = after("simple", "turn = \"reflect\"").replace("../one", "../two");
    planned(&bench, "four", &other);
    refused(
        &bench.says(&["-C", "four", "draw"]),
        2,
        &[
            "../two drew by u′ = (u − 1 × 0.5 π) mod 1",
            "'reflect' does not follow",
        ],
    );
}

#[test]
fn a_list_that_grew_is_compared_with_the_one_before() {
    let bench = Bench::new();
    planned(&bench, "one", &by("simple"));
    bench.done(&["-C", "one", "draw"]);
    bench.write(
        "two/survey.toml",
        &wave(&after("simple", "turn = \"same\"")),
    );
    bench.write("two/firms.csv", &firms(990));
    for step in ["check", "plan", "draw"] {
        bench.done(&["-C", "two", step]);
    }
    let wave = bench.json("two/3-draw.json")["coordination"].clone();
    assert_eq!(wave["all"]["exact"], false);
    let (expected, found) = (
        wave["all"]["expected"].as_f64().expect("known"),
        wave["all"]["found"].as_f64().expect("known"),
    );
    assert!((expected - found).abs() < 12.0, "{expected} and {found}");
    bench.done(&["-C", "two", "verify"]);
}

#[test]
fn a_wave_that_cannot_be_followed_is_refused_with_a_remedy() {
    let bench = Bench::new();
    planned(&bench, "one", &by("simple"));
    planned(&bench, "two", &after("simple", "turn = \"same\""));
    refused(
        &bench.says(&["-C", "two", "draw"]),
        5,
        &["../one holds no 3-draw.json", "[draw.coordinate] with"],
    );
    bench.done(&["-C", "one", "draw"]);
    let survey = bench.read("two/survey.toml");
    bench.write("two/survey.toml", &survey.replace("1 March", "2 March"));
    let said = bench.says(&["-C", "two", "draw"]);
    refused(
        &said,
        2,
        &["was drawn by the seed with the key", "1 March 2025"],
    );
    // Other strata.
    bench.write("three/survey.toml", &survey);
    bench.write("three/firms.csv", &firms(900).replace("works", "mines"));
    for step in ["check", "plan"] {
        bench.done(&["-C", "three", step]);
    }
    let said = bench.says(&["-C", "three", "draw"]);
    refused(&said, 2, &["have not the same strata", "mines", "works"]);
    // Methods that no number decides, and a share without a turn that needs it.
    for (draw, words) in [
        (
            after("sampford", "turn = \"same\""),
            "does not decide by permanent numbers",
        ),
        (
            after("simple", "turn = \"rotate\""),
            "draw.coordinate.share is missing",
        ),
        (
            after("simple", "turn = \"same\"\nshare = 0.5"),
            "draw.coordinate.share is only for",
        ),
    ] {
        bench.write("four/survey.toml", &wave(&draw));
        bench.write("four/firms.csv", &firms(900));
        refused(&bench.says(&["-C", "four", "check"]), 2, &[words]);
    }
}

#[test]
fn who_rests_is_not_drawn_and_the_others_have_the_right_chances() {
    for method in ["simple", "pareto", "systematic", "local-pivotal"] {
        let bench = Bench::new();
        // The first 90 firms rest, 30 of them in trade.
        let mut rested = "unit,until\nelsewhere,2026-01-01\nF-200,2025-03-01\n".to_owned();
        for i in 0..90 {
            writeln!(rested, "F-{i:03},2025-09-01").expect("memory");
        }
        bench.write("one/rested.csv", &rested);
        let draw = match method {
            "systematic" => "method = \"systematic\"\n".to_owned(),
            "local-pivotal" => "method = \"local-pivotal\"\nspread = [\"turnover\"]\n".to_owned(),
            _ => by(method),
        };
        let rest = "[draw.rest]\nfile = \"rested.csv\"\non = 2025-03-01\n";
        planned(&bench, "one", &format!("{draw}{rest}"));
        let said = bench.done(&["-C", "one", "draw"]);
        assert!(said.err.contains("90 of 900 units rest"), "{}", said.err);
        let ids = drawn(&bench, "one");
        assert!(ids.iter().all(|id| id.as_str() >= "F-090"), "{method}");
        let told = bench.json("one/3-draw.json");
        assert_eq!(told["rest"]["resting"], 90);
        assert_eq!(told["rest"]["elsewhere"], 1);
        let strata = &told["strata"];
        assert_eq!(
            (&strata[0]["population"], &strata[0]["resting"]),
            (&270.into(), &30.into())
        );
        let weights: f64 = reals(&sample(&bench, "one"), "probability")
            .iter()
            .map(|chance| 1.0 / chance)
            .sum();
        if method != "pareto" {
            assert!((weights - 810.0).abs() < 1e-6, "{method}: {weights}");
        }
        bench.done(&["-C", "one", "verify"]);
        for id in ["F-004", "F-300", "F-301", "F-899"] {
            let args = ["-C", "one", "verify", "--format", "json", "--unit", id];
            let told = bench.done(&args).json();
            assert_eq!(
                told["strata"][0]["takes"],
                ids.contains(id),
                "{method} {id}: {told}"
            );
        }
    }
}

#[test]
fn units_of_an_earlier_study_rest_for_a_stated_time() {
    let bench = Bench::new();
    planned(&bench, "one", &by("simple"));
    let survey = bench.read("one/survey.toml");
    let window = "[field]\nstart = 2025-03-03\nend = 2025-03-31\ntime_zone = \"Asia/Shanghai\"\n";
    bench.write("one/survey.toml", &format!("{survey}{window}"));
    for step in ["check", "plan", "draw"] {
        bench.done(&["-C", "one", step]);
    }
    let first = drawn(&bench, "one");
    let rest = |on: &str| {
        format!(
            "method = \"simple\"\n[draw.rest]\nwith = [\"../one\"]\nfor = \"6 months\"\non = {on}\n"
        )
    };
    planned(
        &bench,
        "two",
        &format!("{}\n", rest("2025-09-29")).replace("../one", "../one"),
    );
    let few = bench.says(&["-C", "two", "draw"]);
    if few.code == Some(0) {
        assert!(drawn(&bench, "two").is_disjoint(&first));
        bench.done(&["-C", "two", "verify"]);
    } else {
        refused(&few, 3, &["there"]);
    }
    // After six months nobody rests any more.
    planned(&bench, "three", &rest("2025-09-30"));
    bench.done(&["-C", "three", "draw"]);
    assert_eq!(bench.json("three/3-draw.json")["rest"]["resting"], 0);
    assert_eq!(drawn(&bench, "three"), first);
    // Without a day that counts, or a time, it is refused.
    planned(&bench, "one", &by("simple"));
    for (rest, words) in [
        (
            "with = [\"../one\"]\non = 2025-01-01",
            "draw.rest.for is missing",
        ),
        ("file = \"rested.csv\"", "draw.rest.on is missing"),
        (
            "file = \"rested.csv\"\non = 2025-01-01\nfor = \"soon\"",
            "no length of time",
        ),
    ] {
        let draw = wave(&format!("method = \"simple\"\n[draw.rest]\n{rest}\n"));
        bench.write("four/survey.toml", &draw);
        bench.write("four/firms.csv", &firms(900));
        refused(&bench.says(&["-C", "four", "check"]), 2, &[words]);
    }
}

/// Of three numbers, one is an interview, one a refusal, and one rings out; of files of calls there may be
/// several.
fn call(bench: &Bench, folder: &str, lists: &[&str], name: &str, codes: [&str; 3]) {
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,satisfaction\n".to_owned();
    let rows = lists.iter().flat_map(|list| {
        let text = bench.read(&format!("{folder}/{list}"));
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    });
    for (place, row) in rows.enumerate() {
        let case = row.split(',').next().expect("a case id");
        let code = codes[place % 3];
        let at = format!("2025-03-04T{name}:00:00");
        writeln!(attempts, "{case},1,{at},300,{code}").expect("memory");
        if code == "1.1" {
            writeln!(answers, "{case},{at},{}", 1 + place % 10).expect("memory");
        }
    }
    bench.write(&format!("attempts-{name}.csv"), &attempts);
    bench.write(&format!("answers-{name}.csv"), &answers);
    let files = [
        format!("attempts-{name}.csv"),
        format!("answers-{name}.csv"),
    ];
    bench.done(&[
        "-C",
        folder,
        "ingest",
        "--attempts",
        &files[0],
        "--answers",
        &files[1],
    ]);
}

#[test]
fn replicates_are_released_one_after_another_and_never_taken_back() {
    for method in ["simple", "pareto", "systematic", "poisson"] {
        let bench = Bench::new();
        let draw = match method {
            "systematic" => "method = \"systematic\"\n".to_owned(),
            _ => by(method),
        };
        planned(&bench, "one", &format!("{draw}replicates = 5\n"));
        bench.done(&["-C", "one", "draw"]);
        bench.done(&["-C", "one", "field", "--first", "2"]);
        let before = bench.read("one/4-calls/calls.csv");
        call(
            &bench,
            "one",
            &["4-calls/calls.csv"],
            "10",
            ["1.1", "2.112", "3.13"],
        );
        bench.done(&["-C", "one", "weigh"]);
        chances(&bench, 2);
        bench.done(&["-C", "one", "field", "--first", "4"]);
        assert_eq!(bench.read("one/4-calls/calls.csv"), before, "{method}");
        let more = bench.read("one/4-calls/calls-3-4.csv");
        let (old, new) = (replicates(&before), replicates(&more));
        assert_eq!((old, new), (BTreeSet::from([1, 2]), BTreeSet::from([3, 4])));
        let manifest = bench.json("one/4-calls/manifest.json");
        assert_eq!(manifest["replicates"], 4);
        assert_eq!(manifest["releases"][1]["from"], 3);
        // A later run keeps what is released, and takes in what came back of it.
        call(
            &bench,
            "one",
            &["4-calls/calls-3-4.csv"],
            "11",
            ["1.1", "2.112", "3.13"],
        );
        bench.done(&["-C", "one", "run"]);
        chances(&bench, 4);
        bench.done(&["-C", "one", "verify"]);
        refused(
            &bench.says(&["-C", "one", "field", "--first", "3"]),
            2,
            &["4 replicates are released", "--first 4"],
        );
        refused(
            &bench.says(&["-C", "one", "field", "--first", "9"]),
            2,
            &["has 5 replicates"],
        );
    }
}

fn replicates(list: &str) -> BTreeSet<u32> {
    let last = |row: &str| row.rsplit(',').next()?.parse().ok();
    list.lines().skip(1).filter_map(last).collect()
}

/// Weights after the release are those of the chances that 3-draw.json tells for the first replicates.
fn chances(bench: &Bench, first: usize) {
    let draw = bench.json("one/3-draw.json");
    let table = sample(bench, "one");
    let weights = parquet::read(&bench.path("one/6-weights.parquet")).expect("weights");
    let (probability, replicate) = (reals(&table, "probability"), reals(&table, "replicate"));
    let (base, factor) = (reals(&weights, "base"), reals(&weights, "factor.release"));
    let strata = table.codes("stratum").expect("strata");
    for unit in 0..base.len() {
        let of = |one: &&serde_json::Value| one["stratum"] == strata.label(unit);
        let told = draw["strata"].as_array().expect("strata").iter().find(of);
        let told = told.expect("its stratum");
        let released = told["in_first"][first - 1].as_f64().expect("counted");
        let share = released / told["drawn"].as_f64().expect("counted");
        let wanted = match replicate[unit] <= first as f64 {
            true => 1.0 / (probability[unit] * share),
            false => 0.0,
        };
        assert!((base[unit] * factor[unit] - wanted).abs() < 1e-9 * wanted.max(1.0));
    }
}

#[test]
fn who_is_followed_up_speaks_for_all_who_did_not_answer() {
    let bench = Bench::new();
    planned(&bench, "one", &by("pareto"));
    for step in ["draw", "field"] {
        bench.done(&["-C", "one", step]);
    }
    let first = ["1.1", "2.112", "2.2"];
    call(&bench, "one", &["4-calls/calls.csv"], "10", first);
    bench.done(&["-C", "one", "weigh"]);
    let said = bench.done(&["-C", "one", "follow-up", "--take", "60"]);
    assert!(said.out.contains("without an interview"), "{}", said.out);
    let manifest = bench.json("one/4-follow-up/manifest.json");
    let list = bench.read("one/4-follow-up/calls.csv");
    assert_eq!(list.lines().count(), 61);
    assert!(
        list.contains("case_id,phone,branch,chance,replicate"),
        "{list}"
    );
    for one in manifest["strata"].as_array().expect("strata") {
        let chance =
            one["drawn"].as_f64().expect("drawn") / one["silent"].as_f64().expect("silent");
        assert!((one["chance"].as_f64().expect("a chance") - chance).abs() < 1e-15);
    }
    // It is drawn once, and no more than there are.
    let again = bench.says(&["-C", "one", "follow-up", "--take", "60"]);
    refused(&again, 2, &["a second phase is drawn once"]);
    let half = ["1.1", "1.1", "2.112"];
    call(&bench, "one", &["4-follow-up/calls.csv"], "15", half);
    for step in ["weigh", "estimate", "report", "verify"] {
        bench.done(&["-C", "one", step]);
    }
    spoken_for(&bench);
    let estimates = bench.json("one/7-estimates.json");
    for one in estimates["estimates"].as_array().expect("figures") {
        assert!(one["variance"]["Ok"].as_f64() > Some(0.0), "{one}");
    }
    let page = bench.read("one/9-report.html");
    assert!(page.contains("Second phase"), "the report names the step");
    // Another choice of whom to follow up is found out.
    tampered(&bench);
}

#[test]
fn whoever_refused_may_be_left_in_peace_and_stays_a_nonrespondent() {
    let bench = Bench::new();
    planned(&bench, "one", &by("simple"));
    for step in ["draw", "field"] {
        bench.done(&["-C", "one", step]);
    }
    // An interview, a refusal, and one that was never reached.
    let first = ["1.1", "2.112", "2.2"];
    call(&bench, "one", &["4-calls/calls.csv"], "10", first);
    let follow = ["-C", "one", "follow-up", "--take", "30"];
    let said = bench.says(&[&follow[..], &["--of", "interview"]].concat());
    refused(&said, 2, &["'interview' is no way", "noncontact"]);
    let said = bench.done(&[&follow[..], &["--of", "noncontact,unknown"]].concat());
    assert!(said.out.contains("left out"), "{}", said.out);
    let manifest = bench.json("one/4-follow-up/manifest.json");
    assert_eq!(manifest["of"], serde_json::json!(["NC", "UH", "UO"]));
    // A third refused, and a third was not reached.
    let third = manifest["left_out"].as_u64().expect("counted");
    let silent = manifest["silent"].as_u64().expect("counted");
    assert!(silent.abs_diff(third) <= 1, "{manifest}");
    let half = ["1.1", "1.1", "2.112"];
    call(&bench, "one", &["4-follow-up/calls.csv"], "15", half);
    for step in ["weigh", "estimate", "report", "verify"] {
        bench.done(&["-C", "one", step]);
    }
    spoken_for(&bench);
    // Who refused kept its weight in the second phase, and gave it up in the step for nonresponse.
    let weights = parquet::read(&bench.path("one/6-weights.parquet")).expect("weights");
    let phase = parquet::read(&bench.path("one/5-follow-up.parquet")).expect("a phase");
    let outcomes = parquet::read(&bench.path("one/5-outcomes.parquet")).expect("outcomes");
    let (part, class) = (
        phase.codes("part").expect("parts"),
        outcomes.codes("class").expect("classes"),
    );
    let (second, weight) = (
        reals(&weights, "factor.second-phase"),
        reals(&weights, "weight"),
    );
    let mut left = 0;
    for unit in 0..weight.len() {
        if class.label(unit) == "R" && part.label(unit) == "outside" {
            left += 1;
            assert_eq!((second[unit], weight[unit]), (1.0, 0.0));
        }
    }
    assert_eq!(left, third);
    let all: f64 = weight.iter().sum();
    assert!((all - 900.0).abs() < 1e-6, "{all}");
}

/// Those followed up stand for all of their stratum who gave no interview at first.
fn spoken_for(bench: &Bench) {
    let weights = parquet::read(&bench.path("one/6-weights.parquet")).expect("weights");
    let phase = parquet::read(&bench.path("one/5-follow-up.parquet")).expect("a phase");
    let (part, stratum) = (
        phase.codes("part").expect("parts"),
        phase.codes("stratum").expect("strata"),
    );
    let (factor, chance) = (
        reals(&weights, "factor.second-phase"),
        reals(&phase, "probability"),
    );
    for unit in 0..factor.len() {
        let wanted = match part.label(unit) {
            "outside" => 1.0,
            "drawn" => 1.0 / chance[unit],
            _ => 0.0,
        };
        assert!(
            (factor[unit] - wanted).abs() < 1e-12,
            "{}",
            part.label(unit)
        );
    }
    for label in ["trade", "works"] {
        let of = |word: &str| {
            let is_one = |unit: &usize| stratum.label(*unit) == label && part.label(*unit) == word;
            (0..factor.len())
                .filter(is_one)
                .map(|unit| factor[unit])
                .sum::<f64>()
        };
        let not_drawn = (0..factor.len())
            .filter(|unit| stratum.label(*unit) == label && part.label(*unit) == "not drawn")
            .count() as f64;
        let drawn = (0..factor.len())
            .filter(|unit| stratum.label(*unit) == label && part.label(*unit) == "drawn")
            .count() as f64;
        assert!((of("drawn") - drawn - not_drawn).abs() < 1e-9, "{label}");
    }
}

/// Swaps a unit that was drawn for one that was not, in the file and the journal.
fn tampered(bench: &Bench) {
    let path = bench.path("one/5-follow-up.parquet");
    let phase = parquet::read(&path).expect("a phase");
    let part = phase.codes("part").expect("parts");
    let label = |unit: usize| match part.label(unit) {
        "drawn" => "not drawn".to_owned(),
        "not drawn" => "drawn".to_owned(),
        other => other.to_owned(),
    };
    let labels: Vec<String> = (0..part.len()).map(label).collect();
    let mut other = Columns::default();
    for (name, column) in &phase.0 {
        let swapped = canvass::frame::Codes::from_labels(labels.clone());
        match name == "part" {
            true => other.push(name, Column::Coded(swapped)),
            false => other.push(name, column.clone()),
        }
    }
    parquet::write(&path, &other).expect("writes");
    refused(
        &bench.says(&["-C", "one", "verify"]),
        3,
        &["5-follow-up.parquet"],
    );
}
