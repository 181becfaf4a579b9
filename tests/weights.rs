//! Weights that meet known totals in a study, and weights that somebody brings.

use std::fmt::Write;
use std::path::Path;

use crate::beside::{NONRESPONSE, wave};
use crate::support::survey::{CUSTOMERS, Survey};
use crate::support::{Bench, SUMMED, VS_R, assert_close};

/// A study whose list has a kind of customer and a number of lines beside the region.
fn with(steps: &str) -> String {
    let customers = Survey {
        carry: r#"["kind", "lines"]"#,
        ..CUSTOMERS
    };
    let rest = format!(
        r#"
[weigh]
{steps}

[[figure]]
statistic = "mean"
item      = "satisfaction"
by        = ["region"]

[report]
least = 5
"#
    );
    customers.planned() + &rest
}

const CALIBRATE: &str = r#"steps = ["nonresponse", "calibrate"]
nonresponse_by = ["region"]
margins = [["region"], ["kind"]]
amounts = ["lines"]
method = "logit"
bounds = [0.3, 3]"#;

/// 1,000 customers, drawn and called: of three numbers, one is an interview, one a refusal, and one
/// rings out.
fn called(steps: &str) -> Bench {
    ended(steps, &["1.1", "2.112", "3.13"])
}

/// The same, whose calls end by turns as these codes say.
fn ended(steps: &str, codes: &[&str]) -> Bench {
    let bench = Bench::new();
    bench.write("survey.toml", &with(steps));
    let mut list = "customer_id,mobile,region,kind,lines\n".to_owned();
    for i in 0..1_000 {
        let region = if i % 4 == 0 { "coast" } else { "town" };
        let kind = if i % 7 < 2 { "firm" } else { "home" };
        writeln!(
            list,
            "C-{i:04},1010000{i:04},{region},{kind},{}",
            1 + i * i % 5
        )
        .expect("memory");
    }
    bench.write("customers.csv", &list);
    for step in ["check", "plan", "draw", "field"] {
        bench.done(&[step]);
    }
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,satisfaction\n".to_owned();
    for row in bench.read("4-calls/calls.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        // By the customer, since case ids are secret and come in any order.
        let (case, customer) = (
            cells[0],
            cells[1][7..].parse::<usize>().expect("four digits"),
        );
        let code = codes[customer % codes.len()];
        let at = "2025-03-04T10:00:00";
        writeln!(attempts, "{case},1,{at},300,{code}").expect("memory");
        if code == "1.1" {
            writeln!(answers, "{case},{at},{}", 1 + customer % 10).expect("memory");
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
    bench
}

/// The steps of the study as they were weighed.
fn steps(bench: &Bench) -> Vec<serde_json::Value> {
    let json = bench.done(&["weigh", "--format", "json"]).json();
    json["steps"].as_array().expect("steps").clone()
}

#[test]
fn a_study_is_calibrated_to_the_lists_own_counts_and_sums() {
    let bench = called(CALIBRATE);
    let last = steps(&bench).pop().expect("a step");
    assert_eq!(last["step"], "calibrate-logit");
    assert_close(last["total"].as_f64().expect("a sum"), 1_000.0, VS_R);
    assert!(last["misfit"].as_f64().expect("a misfit") < 1e-9);
    bench.done(&["estimate"]);
    let report = bench.done(&["report"]);
    assert!(report.err.contains("9-report.html"));
    assert!(bench.read("9-report.html").contains("Logit calibration"));
    let said = bench.done(&["verify"]);
    assert!(said.out.contains("the same, byte for byte"), "{}", said.out);

    // The same calibration in turns with a cap.
    let both = CALIBRATE.replace(
        "\"calibrate\"]",
        "\"calibrate\", \"trim\"]\ncap = 2\nrule = \"mean\"",
    );
    bench.write("survey.toml", &with(&both));
    let last = steps(&bench).pop().expect("a step");
    assert_eq!(last["step"], "alternate");
    assert!(last["misfit"].as_f64().expect("a misfit") < 1e-9);
    let share =
        last["total"].as_f64().expect("a sum") / last["positive"].as_f64().expect("a count");
    assert!(last["largest"].as_f64().expect("a weight") <= 2.0 * share * (1.0 + 1e-6));
    bench.done(&["estimate"]);
}

#[test]
fn poststratification_and_raking_to_one_margin_give_the_same_weights() {
    let post = "steps = [\"nonresponse\", \"poststratify\"]\nnonresponse_by = []\nmargins = [[\"region\", \"kind\"]]";
    let bench = called(post);
    let one = steps(&bench).pop().expect("a step");
    bench.write("survey.toml", &with(&post.replace("poststratify", "rake")));
    let other = steps(&bench).pop().expect("a step");
    assert_eq!(
        (&one["step"], &other["step"]),
        (&"poststratify".into(), &"rake".into())
    );
    for key in ["total", "smallest", "largest", "kish"] {
        let number = |step: &serde_json::Value| step[key].as_f64().expect("a number");
        assert_close(number(&one), number(&other), SUMMED);
    }
}

#[test]
fn bounds_that_cannot_be_met_are_refused_with_those_that_can() {
    let bench = called(&CALIBRATE.replace("[0.3, 3]", "[0.999, 1.001]"));
    let said = bench.says(&["weigh"]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(
        said.err.contains("with factors between 0.999 and 1.001"),
        "{}",
        said.err
    );
    let hint = said
        .err
        .split("widen [weigh] bounds to ")
        .nth(1)
        .expect("a remedy");
    let bounds = hint.split(" or more").next().expect("bounds");
    bench.write("survey.toml", &with(&CALIBRATE.replace("[0.3, 3]", bounds)));
    bench.done(&["weigh"]);

    let said = called(&CALIBRATE.replace("amounts = [\"lines\"]", "amounts = [\"kind\"]"))
        .says(&["weigh"]);
    assert!(
        said.err
            .contains("'kind' holds 'firm', and its total is to be met"),
        "{}",
        said.err
    );
}

/// A table of the tests' data, put into the bench under its own name.
fn bring(bench: &Bench, name: &str) {
    let text = std::fs::read_to_string(Path::new("tests/data/api").join(name)).expect("the table");
    bench.write(name, &text);
}

fn words(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

#[test]
fn a_report_card_tells_what_can_be_seen_of_weights() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    let controls = "column,level,total\nstype,E,4421\nstype,H,755\nstype,M,1000\nstype / comp.imp,H / Yes,300\nenroll,,3811472\n";
    bench.write("controls.csv", controls);
    let asked = "weigh --check apistrat.csv --weight pw --strata stype --domain comp.imp --controls controls.csv --answer api00 --limit 0.02 --format json";
    let said = bench.done(&words(asked));
    let json = said.json();
    assert_eq!(
        (&json["kind"], &json["rows"]),
        (&"canvass/weights-checked".into(), &200.into())
    );
    // R 4.2.2: w <- apistrat$pw; 200 * sum(w^2) / sum(w)^2, and Spencer's by lm(api00 ~ I(1 / (200 * w)), weights = w)
    let all = &json["all"];
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    assert_close(number(&all["kish"]), KISH, VS_R);
    assert_close(number(&all["effective"]), 200.0 / KISH, VS_R);
    assert_close(number(&all["variation"]), (KISH - 1.0).sqrt(), VS_R);
    assert_close(number(&all["spencer"]), SPENCER, VS_R);
    // Weights are alike within strata, so all of the design effect lies between them.
    assert_close(number(&json["between"]), KISH, VS_R);
    let kish: Vec<f64> = json["strata"]
        .as_array()
        .expect("strata")
        .iter()
        .map(|s| number(&s["kish"]))
        .collect();
    for one in kish {
        assert_close(one, 1.0, SUMMED);
    }
    let domains = json["domains"].as_array().expect("domains");
    assert_eq!(
        domains
            .iter()
            .map(|d| d["label"].as_str().expect("a label"))
            .collect::<Vec<_>>(),
        ["No", "Yes"]
    );
    // 44.21 of some 2,133 is more than a fiftieth, and of 4,061 it is not.
    let rows = json["dominant"].as_array().expect("rows");
    assert!(!rows.is_empty() && rows.iter().all(|row| row["label"] == "No"));
    let told: Vec<(Option<f64>, f64)> = json["controls"]
        .as_array()
        .expect("controls")
        .iter()
        .map(|one| (one["target"].as_f64(), number(&one["reached"])))
        .collect();
    // Levels without a known total are told after those with one.
    assert_eq!(told.len(), 3 + 6 + 1);
    let unknown = told.iter().filter(|(target, _)| target.is_none());
    assert_eq!(unknown.count(), 5);
    // The file has weights in single precision.
    assert_close(told[2].1, 1_018.0, 1e-6);
    assert_close(told[9].1, 3_687_177.532_44, VS_R);
    assert!(
        said.err.contains("3 of 5 known totals are not met"),
        "{}",
        said.err
    );
    let strict = bench.says(&[&words(asked)[..], &["--strict"]].concat());
    assert_eq!(strict.code, Some(6), "a notice is a failure under --strict");
    let shown = bench.done(&words(
        "weigh --check apistrat.csv --weight pw --domain stype",
    ));
    assert!(
        shown.out.contains("design effect of weighting") && shown.out.contains("44.210"),
        "{}",
        shown.out
    );
}

/// Of apistrat's weights.
const KISH: f64 = 1.186_370_984_738_041_3;
const SPENCER: f64 = 7.220_157_825_098_086;

#[test]
fn rows_without_a_weight_to_count_on_are_named() {
    let bench = Bench::new();
    bench.write("w.csv", "id,w,x\na,2,1\nb,,1\nc,-1,2\nd,0,\n");
    let json = bench
        .done(&words(
            "weigh --check w.csv --weight w --domain x --format json",
        ))
        .json();
    let faults = &json["faults"];
    let rows = |key: &str| {
        faults[key]
            .as_array()
            .expect("rows")
            .iter()
            .filter_map(|row| row.as_u64())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (rows("missing"), rows("negative"), rows("zero")),
        (vec![2], vec![3], vec![4])
    );
    let said = bench.done(&words("weigh --check w.csv --weight w"));
    assert!(
        said.err.contains("1 rows have no weight") && said.err.contains("1 weights are below 0"),
        "{}",
        said.err
    );
    let said = bench.says(&words("weigh --check w.csv --weight wt"));
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("has no column 'wt'") && said.err.contains("did you mean 'w'"),
        "{}",
        said.err
    );
    bench.write("twice.csv", "column,level,total\nx,1,5\nx,1,6\n");
    let said = bench.says(&words(
        "weigh --check w.csv --weight w --controls twice.csv",
    ));
    assert!(
        said.err.contains("names the total of 'x = 1' twice"),
        "{}",
        said.err
    );
    bench.write("both.csv", "column,level,total\nx,1,5\nx,,6\n");
    let said = bench.says(&words("weigh --check w.csv --weight w --controls both.csv"));
    assert!(
        said.err.contains("both totals by level and a total"),
        "{}",
        said.err
    );
}

#[test]
fn two_sets_of_weights_are_compared_record_by_record() {
    let bench = Bench::new();
    bench.write("ours.csv", "id,weight\na,1\nb,2\nc,4\nd,5\n");
    bench.write("theirs.csv", "wt,id\n5,c\n2.0000000001,b\n1.01,a\n7,e\n");
    let asked = "weigh --compare ours.csv theirs.csv --id id --weight weight,wt";
    let json = bench.done(&words(&format!("{asked} --format json"))).json();
    assert_eq!((&json["both"], &json["same"]), (&3.into(), &1.into()));
    let order: Vec<&str> = json["differing"]
        .as_array()
        .expect("records")
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(order, ["c", "a"]);
    assert_eq!(
        (&json["only_ours"][0], &json["only_theirs"][0]),
        (&"d".into(), &"e".into())
    );
    let said = bench.done(&words(asked));
    assert!(
        said.err
            .contains("the weights of 2 records differ, and 2 records stand in one file only"),
        "{}",
        said.err
    );
    assert!(said.out.contains("2.000e-1"), "{}", said.out);
    bench.write("twice.csv", "id,weight\na,1\na,2\n");
    let said = bench.says(&words(
        "weigh --compare ours.csv twice.csv --id id --weight weight",
    ));
    assert_eq!(said.code, Some(3));
    assert!(
        said.err
            .contains("twice.csv has ids in more than one row: 'a'"),
        "{}",
        said.err
    );
    let said = bench.done(&words(
        "weigh --compare ours.csv ours.csv --id id --weight weight --strict",
    ));
    assert!(said.out.contains('4'), "{}", said.out);
}

#[test]
fn a_case_tells_how_its_weight_came_about() {
    let bench = called(CALIBRATE);
    bench.done(&["weigh"]);
    let lists = bench.read("4-calls/calls.csv");
    let rows: Vec<&str> = lists.lines().skip(1).collect();
    let mut interviews = 0;
    // case.key is new in every run, and with it who comes first: six cases, and on until an interview is among them.
    for (read, row) in rows.iter().enumerate() {
        if read >= 6 && interviews > 0 {
            break;
        }
        let cells: Vec<&str> = row.split(',').collect();
        let (case, customer) = (cells[0], &cells[1][7..]);
        let why = bench.done(&["why", case, "--format", "json"]).json();
        let number = |value: &serde_json::Value| value.as_f64().expect("a number");
        let factors = why["steps"].as_array().expect("steps");
        let product: f64 = factors.iter().map(|step| number(&step["factor"])).product();
        assert_close(product, number(&why["weight"]), SUMMED);
        let (drawn, population) = (number(&why["drawn"]), number(&why["population"]));
        assert_close(number(&why["probability"]), drawn / population, SUMMED);
        assert_eq!(why["interview"], why["code"] == "1.1", "{why}");
        interviews += u32::from(why["interview"] == true);
        let levels = factors[2]["finds"].as_array().expect("levels");
        assert_eq!(factors[2]["step"], "calibrate-logit");
        assert!(
            levels
                .iter()
                .any(|level| level.as_str().is_some_and(|l| l.starts_with("kind: ")))
        );
        // The same by its id in the list, which case.key knows.
        let same = bench.done(&["why", &format!("C-{customer}"), "--format", "json"]);
        assert_eq!(same.json()["case"], *case);
    }
    assert!(interviews > 0);
    let said = bench.done(&[
        "why",
        rows[0].split(',').next().expect("a case"),
        "--lang",
        "zh",
    ]);
    assert!(said.out.contains("权数的形成过程") && said.out.contains("Deville, Särndal (1992)"));
    let nobody = bench.says(&["why", "C-9999"]);
    assert_eq!(nobody.code, Some(2), "{}", nobody.err);
    assert!(nobody.err.contains("no case is called 'C-9999'"));
}

/// Ten rows whose weights do not meet what is said of them.
const FAULTY: &str = "id,side,w,base,f,rw1,rw2\n\
    a,n,2,1,2,1,3\nb,n,2,1,2,3,1\nc,n,0,0,1,0,0\nd,s,3,1,3,1,5\ne,s,3,1,3,5,1\nf,s,40,1,39,40,40\n";

#[test]
fn whatever_the_report_card_finds_fault_with_fails_under_strict() {
    let bench = Bench::new();
    bench.write("w.csv", FAULTY);
    bench.write(
        "good.csv",
        "id,w,base,f,rw1,rw2\na,2,1,2,1,3\nb,2,1,2,3,1\n",
    );
    bench.write("bad.csv", "id,w\na,2\nb,\nc,-1\nd,2\n");
    let check = |asked: &str| {
        let said = bench.says(&words(&format!("weigh --check {asked} --strict")));
        (said.code, said.err)
    };
    let clean = "good.csv --weight w --factors base,f --replicates rw[0-9] --sum 4 --limit 0.6";
    assert_eq!(check(clean).0, Some(0), "{}", check(clean).1);
    for (asked, wanted) in [
        (
            "w.csv --weight w --factors base,f --limit 0.99",
            "1 weights are not the product of their factors",
        ),
        (
            "good.csv --weight w --replicates rw[0-9] --replicate-type jk1 --psu id --limit 0.6",
            "1 things may be wrong with the replicate weights",
        ),
        ("w.csv --weight w --limit 0.99", "1 weights are 0"),
        ("bad.csv --weight w --limit 0.9", "1 rows have no weight"),
        ("bad.csv --weight w --limit 0.9", "1 weights are below 0"),
        (
            "good.csv --weight w --sum 5 --limit 0.6",
            "1 of 1 known totals are not met",
        ),
        (
            "w.csv --weight w --domain side",
            "rows make up much of the weight of 2 domains",
        ),
    ] {
        let (code, err) = check(asked);
        assert_eq!(code, Some(6), "{asked}: {err}");
        assert!(err.contains(wanted), "{asked}: {err}");
    }
    let said = bench.done(&words(
        "weigh --check w.csv --weight w --factors base,f --replicates rw[0-9] --replicate-type jk1 --psu id --lang zh",
    ));
    assert!(
        said.err.contains("1个权数不等于各因子之积") && said.err.contains("重复权数有"),
        "{}",
        said.err
    );
}

#[test]
fn the_report_card_is_written_as_a_page_with_pictures() {
    let bench = Bench::new();
    bench.write("w.csv", FAULTY);
    bench.write("k.csv", "column,level,total\nside,n,20\nside,s,30\n");
    let asked = "weigh --check w.csv --weight w --factors base,f --controls k.csv --domain side --replicates rw[0-9] -o";
    let written = |file: &str, more: &str| bench.done(&words(&format!("{asked} {file}{more}")));
    let said = written("page.html", "");
    assert!(said.err.contains("page.html"), "{}", said.err);
    let page = bench.read("page.html");
    for part in [
        "figure-distribution",
        "figure-steps",
        "figure-balance",
        "The weights &#39;w&#39; of w.csv",
        "by &#39;base&#39; alone, scaled to the same sum",
        "1 weights are not the product of their factors.",
        "Kish (1965)",
    ] {
        let plain = part.replace("&#39;", "'");
        assert!(page.contains(part) || page.contains(&plain), "no {part}");
    }
    // Base weights of 1 are scaled to 50 in all: 2 rows of 5 make 20 of the north, as known, and weights 4.
    assert!(
        page.contains("side, n: 0.0% → -80.0%") || page.contains("-80"),
        "{page}"
    );
    written("seite.html", " --lang zh");
    let page = bench.read("seite.html");
    assert!(page.contains("zh-CN") && page.contains("逐步加权") && page.contains("已知总量"));
    written("t.md", "");
    assert!(bench.read("t.md").contains("**Weights by domain**"));
    written("t.json", "");
    let json: serde_json::Value = serde_json::from_str(&bench.read("t.json")).expect("JSON");
    assert_eq!(json["title"], "The weights 'w' of w.csv");
    written("t.xlsx", "");
    assert!(bench.path("t.xlsx").metadata().expect("a workbook").len() > 2_000);
    let compared = "weigh --compare w.csv w.csv --id id --weight w,base --domain side -o";
    bench.done(&words(&format!("{compared} both.html")));
    let page = bench.read("both.html");
    assert!(page.contains("figure-ratios") && page.contains("Two sets of weights"));
    for (file, wanted) in [
        (
            "t.pdf",
            "its ending is none of .html, .xlsx, .md, .json, .svg",
        ),
        ("w.csv", "its ending is none of"),
    ] {
        let said = bench.says(&words(&format!("{compared} {file}")));
        assert_eq!(said.code, Some(2), "{}", said.err);
        assert!(said.err.contains(wanted), "{}", said.err);
    }
    assert_eq!(bench.read("w.csv"), FAULTY);
    let said = bench.says(&["weigh", "-o", "x.html"]);
    assert_eq!(said.code, Some(2), "only with --check or --compare");
}

#[test]
fn one_picture_of_weights_is_written_alone() {
    let bench = Bench::new();
    bench.write("w.csv", FAULTY);
    bench.write("k.csv", "column,level,total\nside,n,20\nside,s,30\n");
    let says = |asked: &str| bench.says(&words(&format!("weigh --check w.csv --weight w {asked}")));
    let said = says("-o one.svg");
    assert!(said.err.contains("one.svg"), "{}", said.err);
    let picture = bench.read("one.svg");
    assert!(picture.starts_with("<svg") && picture.trim().ends_with("</svg>"));
    assert!(picture.contains("Weights above 0: smallest, middle half, largest"));
    // Of several it must be named, and is what the page has.
    let three = "--factors base,f --controls k.csv";
    let said = says(&format!("{three} -o two.svg"));
    assert_eq!(said.code, Some(2), "{}", said.err);
    for part in [
        "one file holds one picture, and there are 3: 'distribution', 'balance', 'steps'",
        "add --picture",
    ] {
        assert!(said.err.contains(part), "no '{part}' in {}", said.err);
    }
    assert!(!bench.path("two.svg").exists());
    assert_eq!(says(&format!("{three} -o page.html")).code, Some(0));
    let page = bench.read("page.html");
    for name in ["distribution", "balance", "steps"] {
        let asked = format!("{three} -o {name}.svg --picture {name}");
        assert_eq!(says(&asked).code, Some(0), "{name}");
        assert!(
            page.contains(bench.read(&format!("{name}.svg")).trim()),
            "{name}"
        );
    }
    assert!(
        bench
            .read("steps.svg")
            .contains("Weights after each factor")
    );
    for (asked, wanted) in [
        (
            "-o one.svg --picture steps",
            "there is no picture 'steps' of these weights",
        ),
        ("-o one.svg --picture steps", "'steps' needs --factors"),
        (
            "-o one.md --picture steps",
            "'one.md' is not the picture 'steps' alone",
        ),
        ("--picture steps", "--output"),
    ] {
        let said = says(asked);
        assert_eq!(said.code, Some(2), "{asked}: {}", said.err);
        assert!(said.err.contains(wanted), "{asked}: {}", said.err);
    }
    bench.write("none.csv", "id,w\na,0\nb,0\n");
    let said = bench.says(&words("weigh --check none.csv --weight w -o none.svg"));
    assert!(
        said.err.contains("there is no picture of these weights"),
        "{}",
        said.err
    );
    let compared = "weigh --compare w.csv w.csv --id id --weight w,base --lang zh -o ratios.svg";
    bench.done(&words(compared));
    assert!(bench.read("ratios.svg").contains("本方权数与对方权数之比"));
}

const NUMBERS: [&str; 5] = ["smallest", "largest", "kish", "effective", "variation"];

#[test]
fn our_own_weights_pass_when_it_is_said_who_is_counted() {
    // Lines go by fives too.
    let calibrate = CALIBRATE.replace("amounts = [\"lines\"]\n", "");
    let bench = ended(&calibrate, &["1.1", "2.112", "3.13", "4.7", "1.1"]);
    let steps = steps(&bench);
    let calls = bench.read("4-calls/calls.csv");
    let turn = |row: &str| row.split(',').nth(1)?[7..].parse::<usize>().ok();
    let turns = || calls.lines().skip(1).filter_map(turn).map(|at| at % 5);
    let apart = turns().filter(|turn| *turn == 3).count();
    let interviews = turns().filter(|turn| [0, 4].contains(turn)).count();
    let silent = turns().count() - apart - interviews;
    assert!(apart > 0 && interviews > 0 && silent > 0);
    let weights = "weigh --check 6-weights.parquet --weight weight --strict";
    let says = |asked: &str| bench.says(&words(format!("{weights} {asked}").trim()));
    // A column is not taken for what it is called: the notice names it.
    let said = says("");
    assert_eq!(said.code, Some(6), "{}", said.err);
    for part in [
        format!("{silent} weights are 0").as_str(),
        "if 'interview' says who is counted, add --counted interview",
        "add --counted interview, and --not-eligible not_eligible if",
    ] {
        assert!(said.err.contains(part), "no '{part}' in {}", said.err);
    }
    // Numbers that are not eligible keep their weight, and are not interviews.
    let said = says("--counted interview");
    assert_eq!(said.code, Some(6), "{}", said.err);
    assert!(
        said.err.contains(&format!(
            "{apart} rows are not counted ('interview' is 0) and have a weight"
        )) && said.err.contains("add --not-eligible not_eligible"),
        "{}",
        said.err
    );
    let own = "--counted interview --not-eligible not_eligible";
    let said = says(&format!("{own} --sum 1000"));
    assert_eq!(said.code, Some(0), "{}", said.err);
    for part in [
        "that are counted (interview = 1)",
        "not of the population (not_eligible = 1)",
        "Weights of rows that are counted",
    ] {
        assert!(said.out.contains(part), "no '{part}' in {}", said.out);
    }
    // What is told is what the study tells of its interviews, step by step.
    let factors = "--factors base,factor.nonresponse,factor.calibrate-logit --format json";
    let json = says(&format!("{own} {factors}")).json();
    assert_eq!(
        json["counted"],
        serde_json::json!({
            "column": "interview", "rows": interviews, "not_eligible": "not_eligible", "apart": apart, "weighing": []
        })
    );
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let last = steps.last().expect("a step");
    for key in &NUMBERS[..4] {
        assert_close(number(&json["all"][key]), number(&last[key]), SUMMED);
    }
    let told = json["factors"]["steps"].as_array().expect("steps");
    assert_eq!(told.len(), steps.len());
    for (told, step) in told.iter().zip(&steps) {
        assert_eq!(
            (&told["rows"], &told["missing"]),
            (&interviews.into(), &0.into())
        );
        for key in &NUMBERS[..4] {
            assert_close(number(&told[key]), number(&step[key]), SUMMED);
        }
    }
    let said = says(&format!("{own} --lang zh"));
    assert!(said.out.contains("计入 (interview = 1)") && said.out.contains("计入各行的权数"));
    // The file for analysis has weights for interviews alone: the two are the same for these.
    bench.done(&["estimate", "--export", "answers.csv"]);
    let both =
        "weigh --compare 6-weights.parquet answers.csv --id case_id --weight weight --strict";
    let said = bench.says(&words(both));
    assert_eq!(said.code, Some(6), "{}", said.err);
    assert!(
        said.err
            .contains(&format!("the weights of {apart} records differ")),
        "{}",
        said.err
    );
    let json = bench
        .done(&words(&format!("{both} --counted interview --format json")))
        .json();
    assert_eq!(
        (&json["both"], &json["same"]),
        (&interviews.into(), &interviews.into())
    );
    let aside = serde_json::json!({"column": "interview", "ours": silent + apart, "theirs": silent + apart});
    assert_eq!(json["aside"], aside);
}

#[test]
fn a_rehearsed_survey_has_weights_that_pass() {
    let bench = Bench::new();
    bench.done(&words("rehearse chongqing-2016 --scale 0.001"));
    let asked = "weigh --check chongqing-2016/6-weights.parquet --weight weight --counted interview \
                 --not-eligible not_eligible --strict --format json";
    let asked: Vec<&str> = asked.split_whitespace().collect();
    let json = bench.done(&asked).json();
    let written = bench.read("chongqing-2016/6-weights.json");
    let written: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    let last = written["steps"]
        .as_array()
        .and_then(|steps| steps.last())
        .expect("a step");
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    for key in &NUMBERS[..4] {
        assert_close(number(&json["all"][key]), number(&last[key]), SUMMED);
    }
    assert!(number(&json["counted"]["apart"]) > 0.0);
}

/// Rows that are counted, that are not, and one that is not of the population.
const COUNTED: &str = "id,w,i,n,side\na,2,1,0,n\nb,4,1,0,n\nc,0,0,0,n\nd,0,0,0,s\ne,9,0,1,s\n";

#[test]
fn rows_are_counted_as_a_column_says_and_not_otherwise() {
    let bench = Bench::new();
    bench.write("w.csv", COUNTED);
    let check =
        |asked: &str| bench.says(&words(&format!("weigh --check w.csv --weight w {asked}")));
    let json = check(
        "--counted i --not-eligible n --domain side --sum 15 --limit 0.9 --strict --format json",
    );
    assert_eq!(json.code, Some(0), "{}", json.err);
    let json = json.json();
    // 2 and 4: mean 3, variance 1; known totals go by all weights. Nobody of the south is counted.
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let all = &json["all"];
    for (key, wanted) in NUMBERS.iter().zip([2.0, 4.0, 10.0 / 9.0, 1.8, 1.0 / 3.0]) {
        assert_close(number(&all[key]), wanted, SUMMED);
    }
    assert_eq!(json["domains"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&json["heaviest"][0]["row"], &json["rows"]),
        (&2.into(), &5.into())
    );
    let fails = |table: &str, asked: &str, code: i32, parts: &[&str]| {
        bench.write("w.csv", table);
        let said = check(&format!("{asked} --strict --limit 0.9"));
        assert_eq!(said.code, Some(code), "{asked}: {}", said.err);
        for part in parts {
            assert!(said.err.contains(part), "no '{part}' in {}", said.err);
        }
    };
    let faulty = COUNTED.replace("b,4,1", "b,0,1").replace("d,0,0", "d,3,0");
    fails(
        &faulty,
        "--counted i --not-eligible n",
        6,
        &[
            "1 rows are counted ('i' is 1) and weigh 0",
            "1 rows are not counted ('i' is 0) and have a weight: nobody has taken it over",
        ],
    );
    fails(
        &faulty,
        "--counted i --not-eligible n --lang zh",
        6,
        &[
            "1行应计入（“i”为1）而权数为零",
            "1行不计入（“i”为0）而有权数",
        ],
    );
    let odd = COUNTED
        .replace("a,2,1", "a,2,yes")
        .replace("c,0,0", "c,0,")
        .replace("e,9,0", "e,9,1");
    fails(
        &odd,
        "--counted i --not-eligible n",
        5,
        &[
            "3 cells",
            "line 2, i: 'yes' is not 1 or 0",
            "line 4, i: nothing is not 1 or 0",
            "line 6, n: '1' is not 0, and 'i' is 1",
        ],
    );
    let nobody = COUNTED.replace(",1,0,n", ",0,0,n");
    fails(
        &nobody,
        "--counted i",
        3,
        &["nobody is counted: 'i' is 1 in no row of w.csv"],
    );
    fails(COUNTED, "--counted x", 2, &["has no column 'x'"]);
    fails(COUNTED, "--not-eligible n", 2, &["--counted"]);
    // Theirs need not have the column, and then all of it is compared.
    bench.write("theirs.csv", "id,w\na,2\nb,4\n");
    let asked = "weigh --compare w.csv theirs.csv --id id --weight w --counted i --strict";
    let said = bench.done(&words(asked));
    assert!(
        said.out.contains("set aside of theirs, which has no 'i'"),
        "{}",
        said.out
    );
    // Rows that are set aside are asked for nothing; the others are.
    let aside = format!("{COUNTED},0,0,0,n\n,oops,0,0,s\na,inf,0,0,s\n");
    let compare = "weigh --compare w.csv theirs.csv --id id --weight w --strict";
    bench.write("w.csv", &aside);
    bench.write("theirs.csv", &aside);
    let json = bench.done(&words(&format!("{compare} --counted i --format json")));
    let json = json.json();
    assert_eq!(
        (&json["both"], &json["same"], &json["aside"]["ours"]),
        (&2.into(), &2.into(), &6.into())
    );
    let said = bench.says(&words(compare));
    assert!(
        said.err.contains("4 cells") && said.err.contains("'oops' is not a number"),
        "{}",
        said.err
    );
    bench.write("theirs.csv", &aside.replace("a,2,1", ",two,1"));
    let said = bench.says(&words(&format!("{compare} --counted i")));
    for part in ["2 cells", "line 2, w: 'two' is not a number", "an id"] {
        assert!(said.err.contains(part), "no '{part}' in {}", said.err);
    }
    bench.write("w.csv", COUNTED);
    bench.write("theirs.csv", "id,w\na,2\nb,4\n");
    let said = bench.says(&words(
        "weigh --compare theirs.csv w.csv --id id --weight w --counted i",
    ));
    assert!(
        said.err.contains("theirs.csv has no column 'i'"),
        "{}",
        said.err
    );
}

#[test]
fn replicates_are_held_against_the_weights_of_all_rows() {
    let bench = Bench::new();
    // One of four clusters gave no answer, and e is not of the population; a jackknife left out each of four.
    let table = "id,w,i,n,v,r1,r2,r3,r4\na,3,1,0,p,0,4,4,4\nb,6,1,0,q,8,0,8,8\nc,0,0,0,r,0,0,0,0\n\
                 e,9,0,1,s,12,12,12,0\n";
    bench.write("w.csv", table);
    let check = "weigh --check w.csv --weight w --counted i --not-eligible n --replicates r[0-9] --limit 0.9 \
                 --format json";
    let told = |asked: &str| {
        let json = bench.done(&words(&format!("{check} {asked}"))).json();
        json["replicates"].clone()
    };
    let doubts = |asked: &str| told(asked)["doubts"].to_string();
    let all = told("--replicate-type jk1 --psu v");
    // e has a full weight, and is left out by r4 alone.
    assert_eq!(all["columns"][3]["zero"], 1);
    assert_eq!(all["mean"]["rows"], 3);
    assert!(!doubts("--replicate-type jk1 --psu v").contains("number"));
    bench.write(
        "w.csv",
        &table.replace("e,9,0,1,s,12,12,12,0", "e,9,0,1,s,12,12,12,"),
    );
    assert!(doubts("--replicate-type jk1 --psu v").contains("blank"));
    bench.write("w.csv", &table.replace(",q,", ",p,"));
    assert!(doubts("--replicate-type jk1 --psu v").contains("number"));
}

#[test]
fn a_jackknife_of_a_study_has_a_column_for_everybody_who_was_drawn() {
    let bench = Bench::new();
    wave(&bench, "one", NONRESPONSE, "[estimate]\nvariance = \"jkn\"");
    bench.done(&["-C", "one", "estimate", "--export", "answers.csv"]);
    let check = "weigh --check answers.csv --weight weight --counted interview --replicates replicate_[0-9]+ \
                 --replicate-type jkn --strata stratum --psu case_id --format json";
    let json = bench.done(&words(check)).json();
    let told = &json["replicates"];
    assert_eq!(told["count"], json["rows"]);
    assert!(told["count"].as_u64() > json["counted"]["rows"].as_u64());
    assert!(
        !told["doubts"].to_string().contains("number"),
        "{}",
        told["doubts"]
    );
}

#[test]
fn all_levels_that_nobody_is_in_are_named_at_once_with_what_to_join() {
    let steps = "steps = [\"nonresponse\", \"rake\"]\nnonresponse_by = []\nmargins = [[\"region\"], [\"kind\"]]\n\
                 controls = \"totals.csv\"";
    let bench = called(steps);
    let totals = "column,level,total\nregion,coast,240\nregion,town,700\nregion,island,60\nkind,firm,280\n\
                  kind,home,690\nkind,state,30\n";
    bench.write("totals.csv", totals);
    for method in ["rake", "calibrate\"]\nmethod = \"raking\"\n# \"x"] {
        bench.write("survey.toml", &with(&steps.replace("rake", method)));
        let said = bench.says(&["weigh"]);
        assert_eq!(said.code, Some(4), "{}", said.err);
        assert!(
            said.err
                .contains("'region = island' (60), 'kind = state' (30)"),
            "{}",
            said.err
        );
        assert!(
            said.err.contains(
                "best by joining 'region = island' to 'town' (or 'coast'), 'kind = state' to 'home'"
            ),
            "{}",
            said.err
        );
    }
    // And levels without a total too.
    bench.write(
        "totals.csv",
        "column,level,total\nregion,island,60\nkind,firm,30\nkind,home,30\n",
    );
    let said = bench.says(&["weigh"]);
    assert!(
        said.err
            .contains("margin 'region' has no total for 'coast', 'town'"),
        "{}",
        said.err
    );
}

#[test]
fn margins_that_contradict_each_other_are_named_with_the_fewest_of_them() {
    let steps = "steps = [\"nonresponse\", \"rake\"]\nnonresponse_by = []\n\
                 margins = [[\"region\"], [\"region\", \"kind\"]]\ncontrols = \"totals.csv\"\nrounds = 200";
    let bench = called(steps);
    bench.write(
        "totals.csv",
        "column,level,total\nregion,coast,250\nregion,town,750\nregion / kind,coast / firm,200\n\
         region / kind,coast / home,200\nregion / kind,town / firm,200\nregion / kind,town / home,400\n",
    );
    let said = bench.says(&["weigh"]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    // The worst margin, its target, and what was reached.
    assert!(
        said.err.contains(
            "after 200 rounds of raking, 'coast' of margin 'region' is to hold 250 and holds 400"
        ),
        "{}",
        said.err
    );
    let three = [
        "region = ",
        "region × kind = ",
        "contradict each other",
        "join ",
    ];
    assert!(
        three.iter().all(|part| said.err.contains(part)),
        "{}",
        said.err
    );
    // One level that no factor within the bounds reaches is told by itself, with the bounds that would do.
    bench.write(
        "totals.csv",
        "column,level,total\nregion,coast,600\nregion,town,400\n",
    );
    let bounded = "steps = [\"nonresponse\", \"calibrate\"]\nnonresponse_by = []\nmargins = [[\"region\"]]\n\
                   controls = \"totals.csv\"\nmethod = \"truncated\"\nbounds = [0.9, 1.5]";
    bench.write("survey.toml", &with(bounded));
    let said = bench.says(&["weigh"]);
    assert!(
        said.err.contains("is out of reach by itself")
            && said.err.contains("widen [weigh] bounds to ["),
        "{}",
        said.err
    );
    // Margins of different towns.
    bench.write(
        "totals.csv",
        "column,level,total\nregion,coast,260\nregion,town,700\n",
    );
    let two = bounded.replace("[[\"region\"]]", "[[\"region\"], [\"kind\"]]");
    bench.write("survey.toml", &with(&two));
    let said = bench.says(&["weigh"]);
    assert!(
        said.err
            .contains("margin 'region' adds up to 960 and margin 'kind' to 1000"),
        "{}",
        said.err
    );
}
