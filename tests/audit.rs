//! What a third party can find out about a draw, and what it cannot be talked into.

use std::fmt::Write;
use std::fs;

use crate::support::survey::{CUSTOMERS, call_everyone};
use crate::support::{Bench, refused};

/// Customers of two regions and of an island that is taken whole.
fn survey() -> String {
    CUSTOMERS.planned() + "\n[draw]\nreplicates = 4\n\n[weigh]\nsteps = []\n"
}

/// 1,000 customers, the last ten of them on the island.
fn customers() -> String {
    let mut list = "customer_id,mobile,region\n".to_owned();
    for i in 0..1_000 {
        writeln!(list, "C-{i:04},1010000{i:04},{}", region(i)).expect("memory");
    }
    list
}

fn region(i: usize) -> &'static str {
    match i {
        990.. => "island",
        _ if i.is_multiple_of(4) => "coast",
        _ => "town",
    }
}

/// The study, checked and planned.
fn planned() -> Bench {
    let bench = Bench::new();
    bench.write("survey.toml", &survey());
    bench.write("customers.csv", &customers());
    bench.done(&["check"]);
    bench.done(&["plan"]);
    bench
}

fn drawn() -> Bench {
    let bench = planned();
    bench.done(&["draw"]);
    bench
}

fn reseed(bench: &Bench, seed: &str) {
    bench.write(
        "survey.toml",
        &survey().replace("the evening draw of 1 March 2025", seed),
    );
}

fn unit(bench: &Bench, args: &[&str]) -> serde_json::Value {
    bench
        .done(&[&["verify", "--format", "json", "--unit"], args].concat())
        .json()
}

fn draw(bench: &Bench) -> serde_json::Value {
    serde_json::from_str(&bench.read("3-draw.json")).expect("JSON")
}

#[test]
fn every_unit_of_the_list_is_judged_alike_with_the_sample_and_without() {
    let (bench, public) = (drawn(), Bench::new());
    // The public has 3-draw.json and nothing else.
    public.write("3-draw.json", &bench.read("3-draw.json"));
    let mut seen = [0, 0];
    for i in (0..1_000).step_by(40).chain([991]) {
        let id = format!("C-{i:04}");
        let known = unit(&bench, &[&id]);
        let told = unit(&public, &[&id, "--stratum", region(i)]);
        assert_eq!(known["digest"], told["digest"]);
        assert_eq!(told["drawn"], serde_json::Value::Null);
        let is_drawn = known["drawn"].as_bool().expect("the sample is there");
        assert_eq!(told["strata"][0]["takes"], is_drawn, "{id}");
        seen[usize::from(is_drawn)] += 1;
        if is_drawn {
            assert_eq!(known["place"]["stratum"], region(i));
            assert!(known["place"]["rank"].as_u64() >= Some(1));
            assert!((1..=4).contains(&known["place"]["replicate"].as_u64().expect("a number")));
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    assert_eq!(
        unit(&public, &["C-0991", "--stratum", "island"])["strata"][0]["whole"],
        true
    );
}

#[test]
fn without_a_stratum_every_one_is_shown() {
    let public = Bench::new();
    public.write("3-draw.json", &drawn().read("3-draw.json"));
    let told = unit(&public, &["C-0040"]);
    let strata: Vec<&str> = told["strata"]
        .as_array()
        .expect("strata")
        .iter()
        .filter_map(|stratum| stratum["stratum"].as_str())
        .collect();
    assert_eq!(strata, ["coast", "island", "town"]);
    let said = public.done(&["verify", "--unit", "it's me", "--lang", "zh"]);
    assert!(
        said.out.contains("若在下列各层") && said.out.contains("全部抽取"),
        "{}",
        said.out
    );
    assert!(
        said.err.contains(r"it'\''s me' | sha256sum"),
        "{}",
        said.err
    );
}

#[test]
fn the_draw_tells_no_id() {
    let bench = drawn();
    let text = bench.read("3-draw.json");
    assert!(!text.contains("C-0"), "{text}");
    for stratum in draw(&bench)["strata"].as_array().expect("strata") {
        assert_eq!(stratum["last"].as_str().map(str::len), Some(64));
        assert_eq!(stratum["whole"], stratum["stratum"] == "island");
    }
    let said = bench.done(&["verify", "--unit", "C-0991"]);
    let sample = fs::read(bench.path("case.key")).expect("a key");
    assert!(!said.out.contains(String::from_utf8_lossy(&sample).trim()));
}

#[test]
fn a_stratum_that_is_not_the_units_is_refused() {
    let bench = drawn();
    refused(
        &bench.says(&["verify", "--unit", "C-0991", "--stratum", "town"]),
        2,
        &["was drawn from 'island', not from 'town'"],
    );
    refused(
        &bench.says(&["verify", "--unit", "nobody", "--stratum", "moon"]),
        2,
        &["no stratum 'moon'", "'coast', 'island', 'town'"],
    );
    assert_eq!(bench.says(&["verify", "--stratum", "town"]).code, Some(2));
    let said = Bench::new().says(&["verify", "--unit", "C-0991"]);
    refused(&said, 5, &["3-draw.json is not there", "canvass draw"]);
}

#[test]
fn a_threshold_that_was_moved_contradicts_the_sample() {
    let bench = drawn();
    let (mut first, mut out) = (None, None);
    for i in 1..990 {
        let id = format!("C-{i:04}");
        let shown = unit(&bench, &[&id]);
        if region(i) != "town" {
            continue;
        }
        if shown["drawn"] == true && shown["place"]["rank"] != 1 {
            first = first.or(Some(shown));
        } else if shown["drawn"] == false {
            out = out.or(Some(shown));
        }
        if first.is_some() && out.is_some() {
            break;
        }
    }
    let (first, out) = (first.expect("a drawn unit"), out.expect("another"));
    let text = bench.read("3-draw.json");
    let last = first["strata"][0]["last"]
        .as_str()
        .expect("a threshold")
        .to_owned();
    let id = |shown: &serde_json::Value| shown["unit"].as_str().expect("an id").to_owned();

    bench.write("3-draw.json", &text.replace(&last, &"0".repeat(64)));
    refused(
        &bench.says(&["verify", "--unit", &id(&first)]),
        3,
        &["is in the sample at rank", "canvass verify"],
    );
    bench.write("3-draw.json", &text.replace(&last, &"f".repeat(64)));
    refused(
        &bench.says(&["verify", "--unit", &id(&out), "--stratum", "town"]),
        3,
        &["is not in the sample"],
    );
}

#[test]
fn a_commitment_is_kept_by_the_draw_and_carried_with_it() {
    let bench = planned();
    let said = bench.done(&["commit"]);
    let line = said
        .err
        .lines()
        .find(|line| line.starts_with("publish "))
        .expect("a line");
    assert!(
        said.err.contains("wrote   3-commitment.json"),
        "{}",
        said.err
    );
    let text = bench.read("3-commitment.json");
    for name in ["1-check.json", "2-plan.json", "3-commitment.json"] {
        let text = bench.read(name);
        assert!(
            !text.contains("the evening draw"),
            "{name} tells the seed:\n{text}"
        );
    }
    let again = bench.done(&["commit", "--format", "json"]).json();
    assert_eq!(
        bench.read("3-commitment.json"),
        text,
        "the same promise is the same file"
    );
    let sha256 = again["sha256"].as_str().expect("a hash");
    assert!(
        line.ends_with(sha256) && line.contains("Coffee 2025: canvass "),
        "{line}"
    );

    bench.done(&["run"]);
    let drawn = draw(&bench);
    assert_eq!(drawn["commitment"]["sha256"], sha256);
    let key = drawn["seed_key"].as_str().expect("a key");
    assert!(
        !text.contains(key),
        "the commitment tells who will be drawn"
    );
    let replayed = bench.done(&["verify"]).out;
    assert!(replayed.contains("commit"), "{replayed}");
    let ran = bench.done(&["run", "--format", "json"]).json();
    assert!(
        ran["steps"]
            .as_array()
            .expect("steps")
            .iter()
            .all(|step| step["taken"] == false)
    );
    refused(
        &bench.says(&["commit"]),
        2,
        &["3-sample.parquet is there already"],
    );
}

#[test]
fn the_report_cites_the_commitment() {
    let bench = Bench::new();
    let figure = "\n[[figure]]\nstatistic = \"mean\"\nitem = \"satisfaction\"\nby = []\n";
    bench.write("survey.toml", &(survey() + figure));
    bench.write("customers.csv", &customers());
    bench.done(&["check"]);
    bench.done(&["plan"]);
    let committed = bench.done(&["commit", "--format", "json"]).json();
    bench.done(&["run"]);
    call_everyone(&bench, ["1.1"; 3]);
    bench.done(&[
        "ingest",
        "--attempts",
        "attempts.csv",
        "--answers",
        "answers.csv",
    ]);
    bench.done(&["run"]);
    let sha256 = committed["sha256"].as_str().expect("a hash");
    let report = bench.read("9-report.html");
    assert!(report.contains(sha256), "no commitment in the report");
    assert!(report.contains("the commitment before the draw"));
    bench.done(&["verify"]);
}

#[test]
fn a_draw_that_breaks_a_promise_is_refused_and_says_how() {
    let bench = planned();
    bench.done(&["commit"]);
    reseed(&bench, "a luckier one");
    refused(
        &bench.says(&["draw"]),
        3,
        &["the seed's seal is ", "canvass commit"],
    );
    refused(&bench.says(&["run"]), 3, &["the seed's seal is "]);

    bench.write("survey.toml", &survey());
    bench.done(&["plan", "--interviews", "60"]);
    refused(
        &bench.says(&["draw"]),
        3,
        &["2-plan.json is ", "the numbers per stratum is "],
    );
    bench.done(&["plan"]);

    bench.write(
        "customers.csv",
        &(customers() + "C-1000,10100001000,town\n"),
    );
    let said = bench.says(&["run"]);
    refused(
        &said,
        3,
        &[
            "the list's file is ",
            "the number of its rows is 1001, not 1000",
        ],
    );
    assert!(!said.err.contains("seal"), "{}", said.err);

    bench.write("customers.csv", &customers());
    let text = bench.read("3-commitment.json");
    bench.write(
        "3-commitment.json",
        &text.replace("\"replicates\": 4", "\"replicates\": 5"),
    );
    refused(&bench.says(&["run"]), 3, &["the journal shows "]);
    fs::remove_file(bench.path("3-commitment.json")).expect("a file");
    refused(&bench.says(&["draw"]), 3, &["3-commitment.json is none"]);

    bench.write("3-commitment.json", &text);
    bench.done(&["run"]);
    bench.done(&["verify"]);
    assert!(!bench.path("3-commitment.json.sig").exists());
}

#[test]
fn another_promise_names_the_one_it_replaces() {
    let bench = planned();
    let first = bench.done(&["commit", "--format", "json"]).json();
    bench.done(&["plan", "--interviews", "60"]);
    let second = bench.done(&["commit", "--format", "json"]).json();
    assert_eq!(first["commitment"]["replaces"], serde_json::Value::Null);
    assert_eq!(second["commitment"]["replaces"], first["sha256"]);
    let third = bench.done(&["commit", "--format", "json"]).json();
    assert_eq!(third["commitment"], second["commitment"]);
    bench.done(&["draw"]);
    bench.done(&["verify"]);
}

#[test]
fn a_seed_may_come_later_and_the_journal_keeps_the_order() {
    let bench = planned();
    assert_eq!(bench.says(&["commit", "--rule", "a lottery"]).code, Some(2));
    let rule = [
        "commit",
        "--seed-later",
        "--rule",
        "the evening draw of 2 March 2025",
    ];
    let said = bench.done(&rule);
    assert!(
        said.out.contains("later: the evening draw of 2 March 2025"),
        "{}",
        said.out
    );
    reseed(&bench, "12 03 33 41 07 28");
    bench.done(&["run"]);
    bench.done(&["verify"]);
    assert_eq!(draw(&bench)["origin"]["seed"], "12 03 33 41 07 28");
    let journal = bench.read("journal.jsonl");
    let at = |step: &str| {
        journal
            .find(&format!("{{\"step\":\"{step}\""))
            .expect("a line")
    };
    assert!(at("commit") < at("draw"));

    // A commitment whose line comes after the draw's proves nothing.
    let mut lines: Vec<&str> = journal.lines().collect();
    let place = lines
        .iter()
        .position(|line| line.contains("\"step\":\"commit\""))
        .expect("a line");
    let line = lines.remove(place);
    lines.push(line);
    bench.write("journal.jsonl", &(lines.join("\n") + "\n"));
    refused(
        &bench.says(&["verify"]),
        3,
        &["the journal shows none before the draw"],
    );
}

#[test]
fn a_signature_holds_for_one_file_and_one_key() {
    let bench = drawn();
    let keys = bench
        .done(&["keys", "-o", "office", "--format", "json"])
        .json();
    let public = keys["public_key"].as_str().expect("a key");
    assert_eq!(bench.read("office.pub").trim(), public);
    let secret = bench.read("office.key");
    assert!(!keys.to_string().contains(secret.trim()));
    refused(
        &bench.says(&["keys", "-o", "office"]),
        2,
        &["office.key is there already"],
    );

    let missing = bench.says(&["verify", "--signed", "3-draw.json", "--public", public]);
    refused(
        &missing,
        5,
        &["3-draw.json.sig is not there", "canvass sign"],
    );
    let wrong = bench.says(&["sign", "3-draw.json", "--key", "office.pub"]);
    refused(&wrong, 2, &["office.pub is no secret key"]);
    let said = bench.done(&["sign", "3-draw.json", "survey.toml", "--key", "office.key"]);
    assert!(
        said.err
            .contains("wrote   3-draw.json.sig, survey.toml.sig"),
        "{}",
        said.err
    );
    assert!(!(said.out + &bench.read("3-draw.json.sig")).contains(secret.trim()));

    for key in [public, "office.pub"] {
        let args = ["verify", "--signed", "3-draw.json", "--public", key];
        let said = bench.done(&[&args[..], &["--lang", "zh"]].concat());
        assert!(said.out.contains("签名有效"), "{}", said.out);
        assert_eq!(
            bench
                .done(&[&args[..], &["--format", "json"]].concat())
                .json()["kind"],
            "canvass/signed"
        );
    }
    bench.done(&["keys", "-o", "other"]);
    let other = bench.says(&["verify", "--signed", "3-draw.json", "--public", "other.pub"]);
    refused(&other, 3, &["was not made with the key", public]);
    bench.write("survey.toml", &(survey() + "\n"));
    let changed = bench.says(&["verify", "--signed", "survey.toml", "--public", public]);
    refused(
        &changed,
        3,
        &["survey.toml is not the file that was signed"],
    );
    let nonsense = bench.says(&[
        "verify",
        "--signed",
        "3-draw.json",
        "--public",
        "survey.toml",
    ]);
    refused(&nonsense, 2, &["survey.toml is no public key"]);
    assert_eq!(
        bench.says(&["verify", "--signed", "3-draw.json"]).code,
        Some(2)
    );
}

#[test]
fn audits_speak_both_languages_and_json() {
    let bench = planned();
    let said = bench.done(&["commit", "--lang", "zh"]);
    assert!(
        said.out.contains("种子封印") && said.err.contains("公布"),
        "{}{}",
        said.out,
        said.err
    );
    bench.done(&["keys", "-o", "k"]);
    bench.done(&["draw"]);
    for (args, kind) in [
        (&["verify", "--unit", "C-0001"][..], "canvass/unit"),
        (
            &["sign", "3-draw.json", "--key", "k.key"],
            "canvass/signatures",
        ),
        (&["keys", "-o", "l"], "canvass/keys"),
        (
            &["verify", "--signed", "3-draw.json", "--public", "k.pub"],
            "canvass/signed",
        ),
    ] {
        let json = bench.done(&[args, &["--format", "json"]].concat()).json();
        assert_eq!(json["kind"], kind);
    }
}
