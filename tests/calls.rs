//! Units of several strata share telephone numbers: each number is called once, and weights know it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use canvass::draw::Sample;
use canvass::estimate::{Domain, Estimator, Mean, variance};
use canvass::field::{Class, Item, Outcomes};
use canvass::files::{Column, Columns, parquet};
use canvass::frame::Codes;
use canvass::math::Moments;
use canvass::progress::Silent;
use canvass::study::Study;
use canvass::weigh::Ledger;

use crate::support::Bench;
use crate::support::survey::{LINES, call_everyone, ingest};

fn survey() -> String {
    let calls = r#"
[plan]
pool       = 240
exact_pool = true

[draw]
replicates = 4

[draw.calls]
number = "one"
"#;
    LINES.whole() + calls
}

/// 300 persons: each has a mobile, every second its data plan, every third a fixed line; one number in
/// all of them is not well formed.
fn lines() -> String {
    let mut list = "line_id,telephone,service\n".to_owned();
    for person in 0..300_u32 {
        for (service, every) in [("mobile", 1), ("data", 2), ("fixed", 3)] {
            let phone = match person {
                6 => "none".to_owned(),
                _ => format!("1010000{person:04}"),
            };
            if person % every == 0 {
                writeln!(list, "{service}-{person:03},{phone},{service}").expect("memory");
            }
        }
    }
    list
}

fn bench(survey: &str) -> Bench {
    let bench = Bench::new();
    bench.write("survey.toml", survey);
    bench.write("lines.csv", &lines());
    bench
}

fn whole(table: &Columns, name: &str) -> Vec<u64> {
    match table.get(name) {
        Some(Column::Whole(values)) => values.clone(),
        other => panic!("{name} is {other:?}"),
    }
}

fn real(table: &Columns, name: &str) -> Vec<f64> {
    match table.get(name) {
        Some(Column::Real(values)) => values.iter().map(|value| value.unwrap_or(-1.0)).collect(),
        other => panic!("{name} is {other:?}"),
    }
}

/// Two of three numbers are interviews, and one is a refusal.
fn called(bench: &Bench) {
    call_everyone(bench, ["1.1", "2.112", "1.1"]);
    ingest(bench);
}

#[test]
fn each_number_is_called_once_from_the_list_to_the_report() {
    let bench = bench(&survey());
    let said = bench.done(&["check"]);
    assert!(
        said.err
            .contains("each number that is drawn is called once"),
        "{}",
        said.err
    );
    let check = bench.json("1-check.json");
    // Persons with a data plan or a fixed line or both, but for the one whose number is none.
    let held = &check["census"]["fitness"]["units_per_number"];
    assert_eq!(held, &serde_json::json!([[1, 100], [2, 150], [3, 49]]));
    bench.done(&["plan"]);
    bench.done(&["draw"]);
    bench.done(&["field"]);

    let draw = bench.json("3-draw.json");
    let table = parquet::read(&bench.path("3-sample.parquet")).expect("a sample");
    let (call, asked) = (whole(&table, "call"), whole(&table, "asked"));
    let (chance, held_by) = (real(&table, "chance_asked"), whole(&table, "held_by"));
    let mut drawn_with: BTreeMap<u64, f64> = BTreeMap::new();
    call.iter()
        .for_each(|call| *drawn_with.entry(*call).or_default() += 1.0);
    let about: u64 = asked.iter().sum();
    assert_eq!(about as usize, drawn_with.len(), "one unit of each call");
    for unit in 0..call.len() {
        assert!((chance[unit] * drawn_with[&call[unit]] - 1.0).abs() < 1e-12);
        assert!(
            (1..=3).contains(&held_by[unit]) && held_by[unit] as f64 >= drawn_with[&call[unit]]
        );
    }
    assert_eq!(draw["calls"]["numbers"].as_u64(), Some(about));
    let shared = drawn_with.values().filter(|units| **units > 1.0).count() as u64;
    assert_eq!(draw["calls"]["shared"].as_u64(), Some(shared));
    assert!(shared > 20, "{shared}");

    // Nobody is on the call list twice, and every number drawn is on it.
    let calls = bench.read("4-calls/calls.csv");
    let numbers: Vec<&str> = calls
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').nth(1))
        .collect();
    let mut good = numbers.clone();
    good.retain(|number| *number != "none");
    assert_eq!(good.iter().collect::<BTreeSet<_>>().len(), good.len());
    assert_eq!(numbers.len() as u64, about);

    called(&bench);
    for step in ["weigh", "estimate", "report"] {
        bench.done(&[step]);
    }
    let weights = parquet::read(&bench.path("6-weights.parquet")).expect("weights");
    let (base, factor) = (real(&weights, "base"), real(&weights, "factor.one-call"));
    let probability = real(&table, "probability");
    for unit in 0..call.len() {
        assert!((base[unit] * probability[unit] - 1.0).abs() < 1e-12);
        let wanted = if asked[unit] == 1 {
            1.0 / chance[unit]
        } else {
            0.0
        };
        assert!((factor[unit] - wanted).abs() < 1e-12);
    }
    // The refusals handed their weight on: those of each service add up to about its units.
    let final_weights: f64 = real(&weights, "weight").iter().sum();
    assert!((final_weights - 550.0).abs() < 120.0, "{final_weights}");
    let tally = &bench.json("5-field.json")["rates"][0]["tally"];
    assert_eq!(
        tally[8].as_u64(),
        Some(call.len() as u64 - about),
        "outside every rate"
    );
    assert!(bench.read("9-report.html").contains("One person, one call"));
    bench.done(&["verify"]);
}

#[test]
fn a_unit_that_no_call_is_about_is_told_so() {
    let bench = bench(&survey());
    for step in ["check", "plan", "draw"] {
        bench.done(&[step]);
    }
    let mut found = [false; 2];
    for person in (0..300).step_by(6) {
        for service in ["mobile", "data", "fixed"] {
            let id = format!("{service}-{person:03}");
            let told = bench
                .done(&["verify", "--format", "json", "--unit", &id])
                .json();
            match told["place"]["asked"].as_bool() {
                Some(asked) => found[usize::from(asked)] = true,
                None => assert_eq!(told["drawn"], false, "{told}"),
            }
        }
        if found == [true; 2] {
            return;
        }
    }
    panic!("{found:?}");
}

#[test]
fn a_replicate_that_waits_is_no_reason_to_call_twice() {
    let one = survey() + "\n[field]\nreleased = 2\n";
    let bench = bench(&one);
    for step in ["check", "plan", "draw", "field"] {
        bench.done(&[step]);
    }
    called(&bench);
    for step in ["weigh", "estimate"] {
        bench.done(&[step]);
    }
    let weights = parquet::read(&bench.path("6-weights.parquet")).expect("weights");
    let sample = parquet::read(&bench.path("3-sample.parquet")).expect("a sample");
    let (release, replicate) = (
        real(&weights, "factor.release"),
        whole(&sample, "replicate"),
    );
    for unit in 0..release.len() {
        assert_eq!(
            release[unit] > 0.0,
            replicate[unit] <= 2,
            "whether or not it is asked about"
        );
    }
    bench.done(&["verify"]);
}

/// What the second of two answers says of the truth: everybody of a service is interviewed.
fn outcomes(sample: &Sample, values: &[f64]) -> Outcomes {
    let asked = |unit: usize| sample.is_asked(unit);
    let class = |unit: usize| match asked(unit) {
        true => Class::Interview,
        false => Class::NotReleased,
    };
    let said = |unit: usize| asked(unit).then(|| values[sample.row[unit] as usize]);
    Outcomes {
        class: (0..sample.len()).map(class).collect(),
        code: vec![None; sample.len()],
        attempts: vec![1; sample.len()],
        items: vec![Item {
            name: "y".into(),
            values: (0..sample.len()).map(said).collect(),
        }],
    }
}

#[test]
fn weights_are_right_on_average_and_variances_are_not_too_small() {
    for choice in [
        "choice = \"evenly\"",
        "choice = \"by-weight\"",
        "ask = \"all\"",
    ] {
        let bench = bench(&survey().replace(
            "number = \"one\"\n",
            &format!("number = \"one\"\n{choice}\n"),
        ));
        bench.done(&["check"]);
        bench.done(&["plan"]);
        let services: Vec<String> = lines()
            .lines()
            .skip(1)
            .filter_map(|row| row.split(',').nth(2).map(str::to_owned))
            .collect();
        let values: Vec<f64> = (0..services.len())
            .map(|row| ((row * 37) % 11) as f64)
            .collect();
        let mut sums = [Moments::default(); 3];
        let (mut means, mut variances) = (Moments::default(), Moments::default());
        for draw in 0..160 {
            let seed = ("seed".to_owned(), format!("draw {draw}"));
            let study = Study::open_with_flags(&bench.path(""), &[seed]).expect("a study");
            study.draw(&Silent).expect("a draw");
            let sample = study.sample("test").expect("a sample");
            let outcomes = outcomes(&sample, &values);
            let ledger = Ledger::base(&sample, &outcomes).expect("weights");
            let mut of_strata = [0.0; 3];
            for unit in 0..sample.len() {
                of_strata[sample.stratum.code(unit)] += ledger.weights()[unit];
            }
            sums.iter_mut()
                .zip(of_strata)
                .for_each(|(sum, found)| sum.add(found));
            let rule = variance::for_sample(&sample, ledger.worked());
            let estimator = Estimator::by(rule, &ledger, 0.95);
            let all = Codes::new(vec!["all".to_owned()], vec![0; sample.len()]);
            let domains = Domain::each(&all);
            let item = outcomes.item("y").expect("the item");
            let mean = estimator
                .estimate(&Mean::of(item), &domains[0])
                .expect("answers");
            means.add(mean.value);
            variances.add(mean.variance.expect("a variance"));
        }
        let known = |moment: Option<f64>| moment.expect("many draws");
        for (sum, (service, wanted)) in
            sums.iter()
                .zip([("data", 150.0), ("fixed", 100.0), ("mobile", 300.0)])
        {
            let error = (known(sum.variance()) / 160.0).sqrt();
            let off = known(sum.mean()) - wanted;
            assert!(
                off.abs() < 4.0 * error + 1e-9,
                "{choice} {service}: {off} of {error}"
            );
        }
        let ratio = known(variances.mean()) / known(means.variance());
        assert!((0.75..1.6).contains(&ratio), "{choice}: {ratio}");
    }
}

#[test]
fn a_call_about_all_units_of_its_number_is_one_call_on_the_list() {
    let all = survey().replace("number = \"one\"\n", "number = \"one\"\nask = \"all\"\n");
    let bench = bench(&all);
    for step in ["check", "plan", "draw", "field"] {
        bench.done(&[step]);
    }
    let draw = bench.json("3-draw.json");
    assert_eq!(
        (&draw["calls"]["choice"], &draw["calls"]["passed_over"]),
        (&"all".into(), &0.into())
    );
    let list = bench.read("4-calls/calls.csv");
    assert!(
        list.contains("case_id,phone,service,call,replicate"),
        "{list}"
    );
    let cells = |row: &str| row.split(',').map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = list.lines().skip(1).map(cells).collect();
    assert_eq!(rows.len(), 240, "every drawn unit is a case");
    // The rows of a call follow each other within their replicate, and have one number.
    let mut seen = BTreeSet::new();
    let mut longest = 0;
    for same in rows.chunk_by(|one, other| one[3..] == other[3..]) {
        assert!(seen.insert(same[0][3..].to_vec()), "{same:?}");
        assert!(same.iter().all(|row| row[1] == same[0][1]));
        longest = longest.max(same.len());
    }
    assert!(longest > 1);
    called(&bench);
    for step in ["weigh", "estimate", "report", "verify"] {
        bench.done(&[step]);
    }
    let weights = parquet::read(&bench.path("6-weights.parquet")).expect("weights");
    assert!(
        real(&weights, "factor.one-call")
            .iter()
            .all(|factor| (factor - 1.0).abs() < 1e-12)
    );
    let tally = &bench.json("5-field.json")["rates"][0]["tally"];
    assert_eq!(tally[8].as_u64(), Some(0), "nobody is passed over");
}

#[test]
fn a_plan_expects_no_interviews_of_units_that_no_call_is_about() {
    let expected = |survey: &str| {
        let bench = bench(survey);
        bench.done(&["check"]);
        let said = bench.done(&["plan"]);
        let plan = bench.json("2-plan.json");
        let cells = plan["cells"].as_array().expect("cells").clone();
        let sum = |key: &str| {
            cells
                .iter()
                .map(|cell| cell[key].as_f64().expect("known"))
                .sum::<f64>()
        };
        (sum("expected_interviews"), sum("expected_margin"), said.err)
    };
    let (any, margin, err) = expected(&survey().replace("number = \"one\"\n", ""));
    assert!(!err.contains("will share a number"), "{err}");
    let (one, wider, err) = expected(&survey());
    // 240 of 550 units: of 100 numbers with one, 150 with two and 49 with three (and one that is none).
    let f: f64 = 240.0 / 550.0;
    let passed = [(100.0, 1.0), (150.0, 2.0), (49.0, 3.0)]
        .map(|(count, units): (f64, f64)| count * (units * f - 1.0 + (1.0 - f).powf(units)))
        .iter()
        .sum::<f64>();
    let told = format!("about {passed:.0} of the 240 units to be drawn will share a number");
    assert!(err.contains(&told), "{told}\n{err}");
    assert!(
        (one / any - (1.0 - passed / 240.0)).abs() < 1e-9,
        "{one} of {any}"
    );
    assert!(wider > margin);
    let (all, ..) =
        expected(&survey().replace("number = \"one\"\n", "number = \"one\"\nask = \"all\"\n"));
    assert!((all - any).abs() < 1e-9);
}

#[test]
fn what_cannot_be_called_once_is_refused_with_its_line() {
    for (from, to, why) in [
        (
            "phone     = \"telephone\"\n",
            "",
            "list.phone, the column of numbers, is missing",
        ),
        (
            "[draw]\nreplicates = 4\n",
            "[draw]\nmethod = \"simple-with-replacement\"\n",
            "hit more than once",
        ),
        (
            "number = \"one\"\n",
            "choice = \"by-weight\"\n",
            "draw.calls.choice is only for number = \"one\"",
        ),
        (
            "number = \"one\"\n",
            "ask = \"all\"\n",
            "draw.calls.ask is only for number = \"one\"",
        ),
        (
            "number = \"one\"\n",
            "number = \"one\"\nask = \"all\"\nchoice = \"evenly\"\n",
            "draw.calls.choice is only for ask = \"one\"",
        ),
    ] {
        let bench = bench(&survey().replace(from, to));
        let said = bench.says(&["check"]);
        assert!(
            said.err.contains(why) && said.code != Some(0),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_bare_file_is_called_once_too() {
    let bench = bench(&survey());
    let args = [
        "draw",
        "--data",
        "lines.csv",
        "--id",
        "line_id",
        "--strata",
        "service",
        "--rate",
        "0.5",
        "--method",
        "bernoulli",
        "--seed",
        "a lottery number",
        "--one-call",
        "telephone",
        "-o",
        "out.csv",
    ];
    let said = bench.done(&args);
    assert!(said.err.contains("each is called once"), "{}", said.err);
    let out = bench.read("out.csv");
    let heading: Vec<&str> = out.lines().next().expect("a heading").split(',').collect();
    assert_eq!(
        heading[3..],
        [
            "probability",
            "weight",
            "certain",
            "call",
            "asked",
            "held_by",
            "chance_asked",
            "rank"
        ]
    );
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    for row in out.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let number = |place: usize| cells[place].parse::<f64>().expect("a number");
        let wanted = match cells[7] {
            "1" => 1.0 / (number(3) * number(9)),
            _ => 0.0,
        };
        assert!((number(4) - wanted).abs() < 1e-9, "{row}");
        *asked.entry(cells[1].to_owned()).or_default() += u32::from(cells[7] == "1");
    }
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
    let manifest = bench.json("out.csv.json");
    assert_eq!(
        manifest["one_call"]["numbers"].as_u64(),
        Some(asked.len() as u64)
    );
    let refused = bench.says(
        &[
            &args[..10],
            &[
                "simple-with-replacement",
                "--seed",
                "a",
                "--one-call",
                "telephone",
            ],
        ]
        .concat(),
    );
    assert_ne!(refused.code, Some(0));
}
