//! Units of several strata share telephone numbers: each number is called once, and weights know it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::num::NonZeroU32;

use canvass::bare::{self, Many, Request};
use canvass::draw::Sample;
use canvass::estimate::{Domain, Estimator, Mean, variance};
use canvass::field::{Class, Item, Outcomes};
use canvass::files::{Column, Columns, parquet};
use canvass::frame::Codes;
use canvass::math::Moments;
use canvass::progress::Silent;
use canvass::random::Seed;
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

/// The same, but that a call is about all the units of its number: then nothing is held back.
fn about_all() -> String {
    let all = "number = \"one\"\nask = \"all\"\n";
    survey()
        .replace("number = \"one\"\n", all)
        .replace("replicates = 4\n", "replicates = 1\n")
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

#[test]
fn no_release_calls_a_number_that_another_has_called() {
    let bench = bench(&survey());
    for step in ["check", "plan", "draw"] {
        bench.done(&[step]);
    }
    for first in ["1", "3", "4"] {
        bench.done(&["field", "--first", first]);
    }
    let mut called = BTreeSet::new();
    let mut lists = 0;
    for name in ["calls", "calls-2-3", "calls-4-4"] {
        for row in bench.read(&format!("4-calls/{name}.csv")).lines().skip(1) {
            let number = row.split(',').nth(1).expect("a number").to_owned();
            assert!(called.insert(number.clone()) || number == "none", "{row}");
        }
        lists += 1;
    }
    let numbers = bench.json("3-draw.json")["calls"]["numbers"].as_u64();
    assert_eq!((lists, numbers), (3, Some(called.len() as u64)));
}

/// Everybody who is called while so many replicates are released is interviewed, and answers as `values` say.
fn outcomes(sample: &Sample, values: &[f64], released: u32) -> Outcomes {
    let called = sample.called(released);
    let class = |unit: usize| match called[unit] {
        true => Class::Interview,
        false => Class::NotReleased,
    };
    let said = |unit: usize| called[unit].then(|| values[sample.row[unit] as usize]);
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

const DRAWS: u32 = 160;

/// Samples of a study, each by a seed of its own.
fn samples(bench: &Bench) -> impl Iterator<Item = Sample> {
    (0..DRAWS).map(|draw| {
        let seed = ("seed".to_owned(), format!("draw {draw}"));
        let study = Study::open_with_flags(&bench.path(""), &[seed]).expect("a study");
        study.draw(&Silent).expect("a draw");
        study.sample("test").expect("a sample")
    })
}

/// Whether what was found is, on average, what it should be.
#[track_caller]
fn right_on_average(found: &Moments, wanted: f64, what: &str) {
    let known = |moment: Option<f64>| moment.expect("many draws");
    let error = (known(found.variance()) / f64::from(DRAWS)).sqrt();
    let off = known(found.mean()) - wanted;
    assert!(off.abs() < 4.0 * error + 1e-9, "{what}: {off} of {error}");
}

/// The services of the list, and an answer of each line.
fn truth() -> Vec<(String, f64)> {
    let list = lines();
    let services = list.lines().skip(1).filter_map(|row| row.split(',').nth(2));
    services
        .zip(0..)
        .map(|(service, row)| (service.to_owned(), f64::from((row * 37) % 11)))
        .collect()
}

const SERVICES: [&str; 3] = ["data", "fixed", "mobile"];

#[test]
fn weights_are_right_on_average_and_variances_are_not_too_small() {
    let truth = truth();
    let values: Vec<f64> = truth.iter().map(|(_, value)| *value).collect();
    let one = |choice: &str| {
        let more = format!("number = \"one\"\nchoice = \"{choice}\"\n");
        survey().replace("number = \"one\"\n", &more)
    };
    for (survey, replicates) in [(one("evenly"), 4), (one("by-weight"), 4), (about_all(), 1)] {
        let bench = bench(&survey);
        bench.done(&["check"]);
        bench.done(&["plan"]);
        // Units and answers of each stratum, after each release.
        let mut sums = vec![[[Moments::default(); 3]; 2]; replicates];
        let mut means = vec![[Moments::default(); 2]; replicates];
        for sample in samples(&bench) {
            for (first, (sums, means)) in sums.iter_mut().zip(&mut means).enumerate() {
                let outcomes = outcomes(&sample, &values, first as u32 + 1);
                let ledger = Ledger::base(&sample, &outcomes).expect("weights");
                let mut of_strata = [[0.0; 3]; 2];
                for unit in 0..sample.len() {
                    let (stratum, weight) = (sample.stratum.code(unit), ledger.weights()[unit]);
                    of_strata[0][stratum] += weight;
                    of_strata[1][stratum] += weight * values[sample.row[unit] as usize];
                }
                for (sums, found) in sums.iter_mut().flatten().zip(of_strata.as_flattened()) {
                    sums.add(*found);
                }
                let rule = variance::for_sample(&sample, ledger.worked());
                let estimator = Estimator::by(rule, &ledger, 0.95);
                let all = Codes::new(vec!["all".to_owned()], vec![0; sample.len()]);
                let domains = Domain::each(&all);
                let item = outcomes.item("y").expect("the item");
                let mean = estimator
                    .estimate(&Mean::of(item), &domains[0])
                    .expect("answers");
                means[0].add(mean.value);
                means[1].add(mean.variance.expect("a variance"));
            }
        }
        for (first, (sums, means)) in sums.iter().zip(&means).enumerate() {
            for (stratum, service) in SERVICES.iter().enumerate() {
                let of = truth.iter().filter(|(of, _)| of == service);
                let (units, total) = of.fold((0.0, 0.0), |(units, total), (_, value)| {
                    (units + 1.0, total + value)
                });
                let what = format!("{survey}{service}, {} released", first + 1);
                right_on_average(&sums[0][stratum], units, &what);
                right_on_average(&sums[1][stratum], total, &what);
            }
            let known = |moment: Option<f64>| moment.expect("many draws");
            let ratio = known(means[1].mean()) / known(means[0].variance());
            assert!((0.75..1.6).contains(&ratio), "{survey} {first}: {ratio}");
        }
    }
}

#[test]
fn as_many_units_are_passed_over_in_each_cell_as_the_plan_expects() {
    for choice in ["evenly", "by-weight"] {
        let more = format!("number = \"one\"\nchoice = \"{choice}\"\n");
        let planned = |survey: &str| {
            let bench = bench(survey);
            bench.done(&["check"]);
            bench.done(&["plan"]);
            let plan = bench.json("2-plan.json");
            let known = |of: &serde_json::Value, key: &str| of[key].as_f64().expect("known");
            let cells = [0, 1, 2].map(|cell| {
                let expected = known(&plan["cells"][cell], "expected_interviews");
                (expected, known(&plan["strata"][cell], "numbers"))
            });
            (bench, cells)
        };
        let (_, any) = planned(&survey().replace("number = \"one\"\n", ""));
        let (bench, one) = planned(&survey().replace("number = \"one\"\n", &more));
        let mut passed = [Moments::default(); 3];
        for sample in samples(&bench) {
            let mut found = [0.0; 3];
            for unit in (0..sample.len()).filter(|&unit| !sample.is_asked(unit)) {
                found[sample.stratum.code(unit)] += 1.0;
            }
            passed
                .iter_mut()
                .zip(found)
                .for_each(|(all, found)| all.add(found));
        }
        for cell in 0..3 {
            let ((any, numbers), (one, _)) = (any[cell], one[cell]);
            let wanted = numbers * (1.0 - one / any);
            right_on_average(&passed[cell], wanted, SERVICES[cell]);
        }
    }
}

#[test]
fn a_check_that_keeps_no_strata_of_shared_numbers_is_told() {
    let bench = bench(&survey());
    bench.done(&["check"]);
    let said = bench.done(&["plan"]);
    assert!(
        !said.err.contains("the check keeps no strata"),
        "{}",
        said.err
    );
    let mut check = bench.json("1-check.json");
    let fitness = check["census"]["fitness"].as_object_mut();
    let kept = fitness.expect("findings").remove("holders");
    // How many numbers, and the places of data, fixed and mobile.
    let wanted = serde_json::json!(["100: 0 + 2", "50: 1 + 2", "49: 0 + 1 + 2"]);
    assert_eq!(kept, Some(wanted));
    bench.write("1-check.json", &check.to_string());
    std::fs::remove_file(bench.path("journal.jsonl")).expect("a journal");
    let said = bench.done(&["plan"]);
    let told = "of 199 shared numbers the check keeps no strata, and the mean chance";
    assert!(said.err.contains(told), "{}", said.err);
    // 240 of 550 units: 150 numbers have two, and 49 three.
    assert!(said.err.contains("about 52 of the 240"), "{}", said.err);
}

#[test]
fn a_call_about_all_units_of_its_number_is_one_call_on_the_list() {
    let bench = bench(&about_all());
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
    // The rows of a call follow each other, and have a number that no other call has.
    let (mut calls, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let mut longest = 0;
    for same in rows.chunk_by(|one, other| one[3] == other[3]) {
        assert!(calls.insert(&same[0][3]), "{same:?}");
        assert!(same.iter().all(|row| row[1] == same[0][1]));
        assert!(numbers.insert(&same[0][1]) || same[0][1] == "none");
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

/// n / N of each service once it is planned: data, fixed, mobile.
fn rates(bench: &Bench) -> [f64; 3] {
    bench.done(&["check"]);
    bench.done(&["plan"]);
    let plan = bench.json("2-plan.json");
    [0, 1, 2].map(|stratum| {
        let known = |key: &str| plan["strata"][stratum][key].as_f64().expect("known");
        known("numbers") / known("population")
    })
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
    // Strata are drawn at rates of their own. 100 numbers have a mobile and its data plan, 50 a mobile and a
    // fixed line, and 49 all three (and one is none).
    let [data, fixed, mobile] = rates(&bench(&survey()));
    let all_but_one = |rates: &[f64]| {
        let none: f64 = rates.iter().map(|rate| 1.0 - rate).product();
        rates.iter().sum::<f64>() - (1.0 - none)
    };
    let passed = 100.0 * all_but_one(&[mobile, data])
        + 50.0 * all_but_one(&[mobile, fixed])
        + 49.0 * all_but_one(&[mobile, data, fixed]);
    let told = format!("about {passed:.0} of the 240 units to be drawn will share a number");
    assert!(err.contains(&told), "{told}\n{err}");
    assert!(
        (one / any - (1.0 - passed / 240.0)).abs() < 1e-9,
        "{one} of {any}"
    );
    assert!(wider > margin);
    let (all, ..) = expected(&about_all());
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
            "number = \"one\"\nask = \"all\"\n",
            "draw.calls.ask is 'all', and draw.replicates is 4: units that share a number come into different",
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

#[test]
fn first_replicates_of_a_bare_draw_are_a_sample_that_calls_no_number_twice() {
    let bench = bench(&survey());
    let truth = truth();
    let answers: BTreeMap<String, f64> = lines()
        .lines()
        .skip(1)
        .filter_map(|row| Some(row.split(',').next()?.to_owned()))
        .zip(truth.iter().map(|(_, value)| *value))
        .collect();
    let wanted: f64 = answers.values().sum();
    let mut totals = [Moments::default(); 4];
    for draw in 0..DRAWS {
        let seed = Seed::new(format!("draw {draw}")).expect("not blank");
        let request = Request {
            strata: vec!["service".into()],
            one_call: Some("telephone".into()),
            replicates: NonZeroU32::new(4),
            ..Request::new(bench.path("lines.csv"), "line_id", Many::Each(41), seed)
        };
        let sample = bare::draw(&request, &Silent).expect("a draw");
        let text = sample.csv();
        let heading: Vec<&str> = text.lines().next().expect("a heading").split(',').collect();
        let rows: Vec<Vec<&str>> = text
            .lines()
            .skip(1)
            .map(|row| row.split(',').collect())
            .collect();
        let place = |name: &str| {
            heading
                .iter()
                .position(|known| *known == name)
                .expect("there")
        };
        let [replicate, weight, asked] = ["replicate", "weight", "asked"].map(place);
        let mut numbers = BTreeSet::new();
        for row in rows.iter().filter(|row| row[asked] == "1") {
            assert!(numbers.insert(row[1]), "{row:?}");
        }
        for (total, first) in totals.iter_mut().zip(1..) {
            let released =
                |row: &&Vec<&str>| row[replicate].parse::<u32>().expect("a part") <= first;
            let found = rows.iter().filter(released).map(|row| {
                let of_stratum = rows.iter().filter(|other| other[2] == row[2]);
                let shown = of_stratum.filter(released).count() as f64;
                row[weight].parse::<f64>().expect("a weight") * 41.0 / shown * answers[row[0]]
            });
            total.add(found.sum());
        }
    }
    for (total, first) in totals.iter().zip(1..) {
        right_on_average(total, wanted, &format!("{first} released"));
    }
}
