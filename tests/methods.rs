//! A study draws by any method: one story per family, from the list to a unit that asks.

use std::collections::BTreeMap;
use std::fmt::Write;

use canvass::draw::{Basis, METHODS, Sample};
use canvass::files::{Column, Columns, parquet};
use canvass::progress::Silent;
use canvass::study::Study;

use crate::support::survey::{FIRMS, call_everyone, ingest};
use crate::support::{Bench, reals, refused};

/// What every survey here has in common, and how units are drawn.
fn survey(draw: &str) -> String {
    format!("{}\n[draw]\n{draw}", FIRMS.whole())
}

/// 600 firms, a third of them in trade; turnovers have a long tail, and a few are 0.
fn firms() -> String {
    let mut list = "firm_id,telephone,branch,turnover,staff,x,y,street\n".to_owned();
    for i in 0..600_u32 {
        let branch = if i % 3 == 0 { "trade" } else { "works" };
        let turnover = match i {
            _ if i % 97 == 5 => 0,
            _ if i % 151 == 7 => 90_000 + i,
            _ => 100 + (i * 7_919) % 900,
        };
        let (x, y) = ((i * 37) % 101, (i * 53) % 89);
        let staff = 1 + turnover / 40;
        writeln!(
            list,
            "F-{i:03},1010000{i:04},{branch},{turnover},{staff},{x},{y},street {}",
            i % 8
        )
        .expect("memory");
    }
    list
}

fn bench(draw: &str) -> Bench {
    let bench = Bench::new();
    bench.write("survey.toml", &survey(draw));
    bench.write("firms.csv", &firms());
    bench
}

fn drawn(draw: &str) -> Bench {
    let bench = bench(draw);
    for step in ["check", "plan", "draw"] {
        bench.done(&[step]);
    }
    bench
}

/// What `[draw]` says for a method, with all that it needs.
fn wish(method: &str) -> String {
    let more = match method {
        "simple" | "bernoulli" | "simple-with-replacement" => "",
        "systematic" => "sort = [\"street\", \"turnover\"]\nturn = \"serpentine\"\n",
        "local-pivotal" | "correlated-poisson" => "spread = [\"x\", \"y\"]\n",
        "cube" => "size = \"turnover\"\nbalance = [\"turnover\", \"staff\"]\n",
        "local-cube" => "spread = [\"x\", \"y\"]\nbalance = [\"staff\"]\n",
        "pps-systematic" | "chromy" | "pivotal" => "size = \"turnover\"\nsort = [\"street\"]\n",
        _ => "size = \"turnover\"\n",
    };
    let replicates = if method.ends_with("with-replacement") {
        1
    } else {
        3
    };
    format!("method = \"{method}\"\n{more}replicates = {replicates}\n")
}

fn unit(bench: &Bench, args: &[&str]) -> serde_json::Value {
    bench
        .done(&[&["verify", "--format", "json", "--unit"], args].concat())
        .json()
}

/// Sorts some firms by whether they were drawn, asking for each what the draw made of it.
fn asked(bench: &Bench) -> [Vec<String>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    for i in (2..600).step_by(23) {
        let id = format!("F-{i:03}");
        let told = unit(bench, &[&id]);
        let is_drawn = told["drawn"].as_bool().expect("the sample is there");
        let strata = told["strata"].as_array().expect("strata");
        // Where the stratum is known, the draw says the same as the sample.
        if let [only] = strata.as_slice() {
            assert_eq!(only["takes"], is_drawn, "{id}: {told}");
        }
        found[usize::from(is_drawn)].push(id);
    }
    assert!(found.iter().all(|ids| !ids.is_empty()), "{found:?}");
    found
}

/// A method's whole story: drawn, verified, and asked about.
fn story(method: &str) -> (Bench, Columns, serde_json::Value) {
    let bench = drawn(&wish(method));
    bench.done(&["verify"]);
    let table = parquet::read(&bench.path("3-sample.parquet")).expect("a sample");
    let draw = bench.json("3-draw.json");
    assert_eq!(draw["method"], method);
    let card = METHODS
        .iter()
        .map(|method| method.card)
        .find(|card| card.key == method)
        .expect("a card");
    assert_eq!(draw["says"], card.says.en);
    asked(&bench);
    (bench, table, draw)
}

#[test]
fn of_unequal_chances_by_permanent_numbers_a_size_is_enough_to_judge_a_unit() {
    for method in ["pareto", "sequential-poisson", "poisson"] {
        let (bench, table, draw) = story(method);
        let public = Bench::new();
        public.write("3-draw.json", &bench.read("3-draw.json"));
        let [out, inside] = asked(&bench);
        let list: BTreeMap<String, Vec<String>> = firms()
            .lines()
            .skip(1)
            .map(|row| {
                let cells: Vec<String> = row.split(',').map(str::to_owned).collect();
                (cells[0].clone(), cells)
            })
            .collect();
        for (ids, takes) in [(&out, false), (&inside, true)] {
            for id in ids {
                let (stratum, size) = (&list[id][2], &list[id][3]);
                let told = unit(&public, &[id, "--stratum", stratum, "--size", size]);
                assert_eq!(told["strata"][0]["takes"], takes, "{method} {id}: {told}");
                assert_eq!(told["drawn"], serde_json::Value::Null);
            }
        }
        let told = unit(&public, &[&inside[0], "--stratum", "works"]);
        assert_eq!(
            told["strata"][0]["takes"],
            serde_json::Value::Null,
            "{told}"
        );
        let certain: u64 = (0..2)
            .map(|h| draw["strata"][h]["certain"].as_u64().expect("counted"))
            .sum();
        let chances = reals(&table, "probability");
        let ones = chances.iter().filter(|chance| **chance >= 1.0).count() as u64;
        assert!(
            certain > 0 && certain == ones,
            "{method}: {certain} and {ones}"
        );
        assert_eq!(draw["by"]["size"], "turnover");
        let stated = if method == "poisson" {
            "exact"
        } else {
            "approximate"
        };
        assert_eq!(draw["chances"], stated);
    }
}

#[test]
fn a_walk_keeps_its_order_and_is_made_again_for_a_unit() {
    for method in ["systematic", "pps-systematic", "pivotal", "chromy"] {
        let (bench, table, draw) = story(method);
        let walk = reals(&table, "walk");
        assert!(walk.iter().all(|place| (1.0..=400.0).contains(place)));
        let (strata, rank) = (
            table.codes("stratum").expect("strata"),
            reals(&table, "rank"),
        );
        let trade = |row: &usize| strata.label(*row) == "trade";
        let order: Vec<f64> = (0..rank.len()).filter(trade).map(|row| walk[row]).collect();
        assert!(
            !order.is_sorted(),
            "{method}: the release is in random order"
        );
        let sort = if method == "systematic" { 2 } else { 1 };
        assert_eq!(draw["by"]["sort"].as_array().map(Vec::len), Some(sort));
        let told = unit(&bench, &["F-002"]);
        assert_eq!(told["redrawn"], true, "{told}");
        let said = bench.done(&["verify", "--unit", "F-002"]);
        assert!(
            said.out.contains("drawn again from the list"),
            "{}",
            said.out
        );
    }
}

#[test]
fn without_its_list_nobody_can_say_what_a_walk_made_of_a_unit() {
    let public = Bench::new();
    public.write("3-draw.json", &drawn(&wish("pivotal")).read("3-draw.json"));
    let told = unit(&public, &["F-002", "--stratum", "works"]);
    assert_eq!(told["strata"][0]["takes"], serde_json::Value::Null);
    let bench = drawn(&wish("pivotal"));
    let said = bench.says(&["verify", "--unit", "F-999"]);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(
        said.err.contains("the list has no unit 'F-999'"),
        "{}",
        said.err
    );
}

#[test]
fn every_other_method_of_unequal_chances_draws_what_is_planned() {
    for method in [
        "sampford",
        "brewer",
        "conditional",
        "pareto-adjusted",
        "pivotal-random",
    ] {
        let (_, table, draw) = story(method);
        let planned: u64 = (0..2)
            .map(|h| draw["strata"][h]["expected"].as_u64().expect("planned"))
            .sum();
        assert_eq!(draw["drawn"], planned, "{method}");
        let chances: f64 = reals(&table, "probability").iter().map(|p| 1.0 / p).sum();
        assert!(chances > 300.0 && chances < 1_200.0, "{method}: {chances}");
    }
}

#[test]
fn a_random_size_is_told_beside_the_one_that_was_planned() {
    let (bench, _, draw) = story("bernoulli");
    assert_eq!(draw["strata"][0]["threshold"]["most"], 1.0);
    let planned: u64 = (0..2)
        .map(|h| draw["strata"][h]["expected"].as_u64().expect("planned"))
        .sum();
    let drawn = draw["drawn"].as_u64().expect("a count");
    assert!(drawn.abs_diff(planned) < 60, "{drawn} of {planned}");
    // No list is needed: whoever has u < π was drawn.
    let public = Bench::new();
    public.write("3-draw.json", &bench.read("3-draw.json"));
    let [out, inside] = asked(&bench);
    let stratum = |id: &str| {
        let number: u32 = id[2..].parse().expect("a number");
        if number.is_multiple_of(3) {
            "trade"
        } else {
            "works"
        }
    };
    for (id, takes) in [(&out[0], false), (&inside[0], true)] {
        let told = unit(&public, &[id, "--stratum", stratum(id)]);
        assert_eq!(told["strata"][0]["takes"], takes);
    }
}

#[test]
fn with_replacement_hits_are_weighed() {
    for method in ["simple-with-replacement", "pps-with-replacement"] {
        let (bench, table, draw) = story(method);
        let (hits, expected) = (reals(&table, "hits"), reals(&table, "expected_hits"));
        let all: f64 = hits.iter().sum();
        let told: u64 = (0..2)
            .map(|h| draw["strata"][h]["hits"].as_u64().expect("counted"))
            .sum();
        assert_eq!(all as u64, told);
        assert!(hits.iter().any(|hits| *hits > 1.0), "{method}");
        called(&bench);
        bench.done(&["weigh"]);
        bench.done(&["estimate"]);
        let weights = parquet::read(&bench.path("6-weights.parquet")).expect("weights");
        for (place, base) in reals(&weights, "base").iter().enumerate() {
            assert!((base - hits[place] / expected[place]).abs() < 1e-12 * base);
        }
        let estimates = bench.json("7-estimates.json");
        assert_eq!(rule(&estimates), "replaced", "{method}");
        bench.done(&["verify"]);
    }
}

#[test]
fn places_and_amounts_are_kept_for_the_variance() {
    for method in ["local-pivotal", "correlated-poisson", "cube", "local-cube"] {
        let (bench, _, draw) = story(method);
        let study = Study::open(&bench.path("")).expect("a study");
        let sample = study.sample("test").expect("a sample");
        let Basis {
            places, balance, ..
        } = &sample.basis;
        let spreads = method != "cube";
        assert_eq!(places.len(), if spreads { sample.len() } else { 0 });
        if method.ends_with("cube") {
            assert!(balance.iter().all(|amount| amount.len() == sample.len()));
            assert!(draw["strata"][0]["balance"][0]["total"].as_f64() > Some(0.0));
        }
        assert_eq!(draw["strata"][0]["spread"].is_null(), !spreads);
    }
}

/// The rule that the estimates' variances follow.
fn rule(estimates: &serde_json::Value) -> String {
    let methods = estimates["origin"]["methods"].as_array().expect("methods");
    let known = [
        "taylor",
        "unequal",
        "independent",
        "replaced",
        "successive",
        "local-mean",
        "balanced",
        "balanced-together",
    ];
    methods
        .iter()
        .filter_map(|key| key.as_str())
        .find(|key| known.contains(key))
        .unwrap_or_else(|| panic!("no rule in {methods:?}"))
        .to_owned()
}

/// Of three numbers, one is an interview, one a refusal, and one rings out.
fn called(bench: &Bench) {
    bench.done(&["field"]);
    call_everyone(bench, ["1.1", "2.112", "3.13"]);
    ingest(bench);
}

#[test]
fn figures_have_the_variance_of_the_draw_and_the_report_names_it() {
    for (method, wanted) in [
        ("simple", "taylor"),
        ("pareto", "unequal"),
        ("poisson", "independent"),
        ("pps-systematic", "successive"),
        ("local-pivotal", "local-mean"),
        ("cube", "balanced"),
    ] {
        let bench = drawn(&wish(method));
        called(&bench);
        for step in ["weigh", "estimate", "report"] {
            bench.done(&[step]);
        }
        let estimates = bench.json("7-estimates.json");
        assert_eq!(rule(&estimates), wanted, "{method}");
        for one in estimates["estimates"].as_array().expect("figures") {
            assert!(
                one["variance"]["Ok"].as_f64() > Some(0.0),
                "{method}: {one}"
            );
        }
        let page = bench.read("9-report.html");
        for key in [method, wanted] {
            let card = canvass::cards().into_iter().find(|card| card.key == key);
            let title = card.expect("a card").title.en;
            assert!(page.contains(title), "{method}: no '{title}' in the report");
        }
        bench.done(&["verify"]);
    }
}

/// How often each of the given firms is released first.
fn first_released(samples: &[Sample], size: impl Fn(&Sample, usize) -> f64) -> (f64, f64) {
    let (mut ours, mut all) = (0.0, 0.0);
    for sample in samples {
        let mean = (0..sample.len())
            .map(|unit| size(sample, unit))
            .sum::<f64>();
        let mean = mean / sample.len() as f64;
        for unit in (0..sample.len()).filter(|&unit| size(sample, unit) > mean) {
            all += 1.0;
            ours += f64::from(u8::from(sample.replicate[unit] == 1));
        }
    }
    (ours, all)
}

#[test]
fn large_units_come_in_the_first_replicate_as_often_as_small_ones() {
    let bench = bench(&wish("pareto"));
    bench.done(&["check"]);
    bench.done(&["plan"]);
    let samples: Vec<Sample> = (0..40)
        .map(|i| {
            let flag = ("seed".to_owned(), format!("\"evening {i}\""));
            let study = Study::open_with_flags(&bench.path(""), &[flag]).expect("a study");
            study.draw(&Silent).expect("a draw");
            study.sample("test").expect("a sample")
        })
        .collect();
    let turnover =
        |sample: &Sample, unit: usize| sample.basis.size.as_ref().expect("sizes were kept")[unit];
    let (first, all) = first_released(&samples, turnover);
    let error = (all / 3.0 * 2.0 / 3.0).sqrt();
    assert!((first - all / 3.0).abs() < 4.5 * error, "{first} of {all}");
    // Any first replicates have weights that add up to the list, nearly.
    for sample in &samples {
        let (mut now, mut whole) = (0.0, 0.0);
        for unit in 0..sample.len() {
            whole += sample.stands_for(unit);
            now += f64::from(u8::from(sample.replicate[unit] == 1)) * 3.0 * sample.stands_for(unit);
        }
        assert!((now / whole - 1.0).abs() < 0.6, "{now} and {whole}");
    }
}

#[test]
fn a_balanced_draw_says_how_it_landed() {
    let lp = wish("cube").replace("replicates", "landing = \"lp\"\nreplicates");
    let (drop, best) = (drawn(&wish("cube")), drawn(&lp));
    assert_eq!(drop.json("3-draw.json")["by"]["landing"], "drop");
    assert_eq!(best.json("3-draw.json")["by"]["landing"], "lp");
    best.done(&["verify"]);
    asked(&best);
    let told = best.done(&["explain", "cube"]);
    assert!(told.out.contains("lp"), "{}", told.out);
    let pareto = wish("pareto").replace("replicates", "landing = \"lp\"\nreplicates");
    let said = bench(&pareto).says(&["check"]);
    refused(
        &said,
        2,
        &["draw.landing is given, and 'pareto' has no use for it"],
    );
    let pooled = wish("local-cube").replace("replicates", "landing = \"pooled\"\nreplicates");
    refused(
        &bench(&pooled).says(&["check"]),
        2,
        &["draw.landing is 'pooled'", "write drop or lp"],
    );
    let soft = wish("cube").replace("replicates", "landing = \"soft\"\nreplicates");
    refused(
        &bench(&soft).says(&["check"]),
        2,
        &["draw.landing is 'soft'; it must be"],
    );
}

#[test]
fn strata_that_land_together_have_the_variance_of_that() {
    let pooled = wish("cube").replace("replicates = 3", "landing = \"pooled\"");
    let bench = drawn(&pooled);
    bench.done(&["verify"]);
    asked(&bench);
    let draw = bench.json("3-draw.json");
    assert_eq!(draw["by"]["landing"], "pooled");
    let methods = draw["origin"]["methods"].as_array().expect("methods");
    assert!(methods.contains(&"stratified-cube".into()), "{methods:?}");
    // Staff of both branches together comes to its total, and the branches alone do not.
    let staff = |h: usize| {
        let told = &draw["strata"][h]["balance"][1];
        ["estimate", "total"].map(|name| told[name].as_f64().expect("a number"))
    };
    let [works, trade] = [0, 1].map(staff);
    let off = (works[0] + trade[0]) / (works[1] + trade[1]) - 1.0;
    assert!(off.abs() < 0.02, "{off}");
    called(&bench);
    for step in ["weigh", "estimate", "report", "verify"] {
        bench.done(&[step]);
    }
    let estimates = bench.json("7-estimates.json");
    assert_eq!(rule(&estimates), "balanced-together");
    let page = bench.read("9-report.html");
    for key in ["stratified-cube", "balanced-together"] {
        let card = canvass::cards().into_iter().find(|card| card.key == key);
        let title = card.expect("a card").title.en;
        assert!(page.contains(title), "no '{title}' in the report");
        assert!(bench.done(&["explain", key]).out.contains(title));
    }
    // Whoever answers anew is drawn by another landing no more.
    let survey = bench.read("survey.toml");
    bench.write("survey.toml", &survey.replace("pooled", "drop"));
    let said = bench.says(&["verify", "--unit", "F-002"]);
    assert_ne!(said.code, Some(0), "{}", said.out);
}

#[test]
fn a_bare_sample_that_landed_together_is_estimated_so() {
    let bench = Bench::new();
    bench.write("firms.csv", &firms());
    let words = "draw --data firms.csv --id firm_id --strata branch --each 30 --method cube --size turnover \
                 --balance turnover,staff --seed evening --landing pooled -o out.csv";
    let said = bench.done(
        &words
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>(),
    );
    let next = said
        .err
        .lines()
        .find_map(|line| line.split_once("canvass estimate "));
    let (_, next) = next.expect("what comes next");
    assert!(next.contains("--method stratified-cube"), "{next}");
    let next = next.replace("COLUMN", "staff --format json");
    let args: Vec<&str> = next.split_whitespace().collect();
    let told = bench.done(&[&["estimate"], &args[..]].concat()).json();
    let methods = told["methods"].as_array().expect("methods");
    assert!(methods.contains(&"balanced-together".into()), "{methods:?}");
    let se = |told: &serde_json::Value| told["rows"][0]["se"].as_f64().expect("an error");
    let named = |formula: &str| {
        let next = next.replace("--method stratified-cube", &format!("--formula {formula}"));
        let args: Vec<&str> = next.split_whitespace().collect();
        se(&bench.done(&[&["estimate"], &args[..]].concat()).json())
    };
    assert!((named("balanced-together") - se(&told)).abs() < 1e-12);
    assert!(se(&told) > named("balanced"));
    let simple = next
        .replace("--method stratified-cube", "--formula hajek")
        .replace("--balance turnover,staff", "");
    let args: Vec<&str> = simple.split_whitespace().collect();
    let simple = se(&bench.done(&[&["estimate"], &args[..]].concat()).json());
    assert!(se(&told) < simple, "{told} {simple}");
    let less = next.replace("--balance turnover,staff", "");
    let args: Vec<&str> = less.split_whitespace().collect();
    refused(
        &bench.says(&[&["estimate"], &args[..]].concat()),
        2,
        &["--balance"],
    );
}

#[test]
fn the_order_of_the_list_does_not_matter() {
    for method in ["pareto", "pps-systematic", "cube"] {
        let there = drawn(&wish(method));
        let here = bench(&wish(method));
        let list = firms();
        let (heading, rows) = list.split_once('\n').expect("a heading");
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        here.write("firms.csv", &format!("{heading}\n{}\n", rows.join("\n")));
        std::fs::copy(there.path("case.key"), here.path("case.key")).expect("a key");
        for step in ["check", "plan", "draw"] {
            here.done(&[step]);
        }
        let ids = |bench: &Bench| match parquet::read(&bench.path("3-sample.parquet"))
            .expect("a sample")
            .get("case_id")
        {
            Some(Column::Text(ids)) => ids.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(ids(&there), ids(&here), "{method}");
    }
}

#[test]
fn a_promise_names_the_method_and_what_it_goes_by() {
    let bench = bench(&wish("pps-systematic"));
    bench.done(&["check"]);
    bench.done(&["plan"]);
    let said = bench.done(&["commit"]);
    for part in ["pps-systematic", "size turnover; sort street"] {
        assert!(said.out.contains(part), "{}", said.out);
    }
    let other = wish("pps-systematic").replace("[\"street\"]", "[\"street\", \"x\"]");
    bench.write("survey.toml", &survey(&other));
    // Another order needs another check first: the list's fingerprint must cover it.
    refused(&bench.says(&["draw"]), 3, &["survey.toml has changed"]);
    bench.done(&["check"]);
    bench.done(&["plan"]);
    refused(
        &bench.says(&["draw"]),
        3,
        &["sort street, x, not size turnover; sort street"],
    );
    bench.write("survey.toml", &survey(&wish("pps-systematic")));
    for step in ["check", "plan", "draw", "verify"] {
        bench.done(&[step]);
    }
}

#[test]
fn what_does_not_fit_the_method_is_refused_with_its_place_and_a_remedy() {
    for (draw, words) in [
        (
            "method = \"paretto\"\n",
            vec![
                "survey.toml:38:10: draw.method is 'paretto', and no drawing method is called so; did you mean 'pareto'?",
            ],
        ),
        (
            "method = \"pareto\"\nsort = [\"street\"]\nbalance = [\"staff\"]\n",
            vec![
                "'pareto' draws in proportion to size, and draw.size is missing; write size = … under [draw]",
                "39:8: draw.sort is given, and 'pareto' has no use for it: permanent numbers decide",
                "40:11: draw.balance is given, and 'pareto' has no use for it: it does not balance its sample; leave it out, or take cube, local-cube",
                "these are all 3",
            ],
        ),
        (
            "method = \"simple\"\nsize = \"turnover\"\n",
            vec!["draw.size is given, and 'simple' has no use for it: it draws with equal chances"],
        ),
        (
            "method = \"local-pivotal\"\n",
            vec!["'local-pivotal' needs a place for each unit, and draw.spread is missing"],
        ),
        (
            "method = \"pps-with-replacement\"\nsize = \"turnover\"\nreplicates = 4\n",
            vec!["draw.replicates is given, and 'pps-with-replacement' has no use for it"],
        ),
        (
            "method = \"systematic\"\nturn = \"serpentine\"\n",
            vec!["draw.turn is given, and draw.sort, the order that would turn, is not"],
        ),
        (
            "method = \"systematic\"\nsort = [\"telephone\"]\n",
            vec!["draw.sort[1] names 'telephone', which stays in the list"],
        ),
        (
            "method = \"systematic\"\nsort = [\"street\"]\nturn = \"round\"\n",
            vec!["draw.turn is 'round'; it must be nested or serpentine"],
        ),
    ] {
        refused(&bench(draw).says(&["check"]), 2, &words);
    }
    let said = bench("method = \"pareto\"\nsize = \"sales\"\n").says(&["check"]);
    assert!(
        said.code != Some(0) && said.err.contains("'sales'"),
        "{}",
        said.err
    );
}

#[test]
fn sizes_that_are_none_are_found_when_the_list_is_checked() {
    let bench = bench(&wish("pareto"));
    bench.write(
        "firms.csv",
        &firms().replace("F-001,10100000001,works,", "F-001,10100000001,works,-"),
    );
    let said = bench.done(&["check"]);
    assert!(
        said.out.contains("What the draw cannot go by"),
        "{}",
        said.out
    );
    let checked = bench.json("1-check.json");
    let problem = checked["goes_by"]["problems"][0]
        .as_str()
        .expect("a problem");
    assert!(
        problem.contains("1 cells of 'turnover' are no sizes of 0 or more (row 2: '-"),
        "{problem}"
    );
    bench.done(&["plan"]);
    refused(
        &bench.says(&["draw"]),
        3,
        &["is not fit to draw from", "turnover"],
    );
}

#[test]
fn firms_without_turnover_are_told_and_not_planned_for() {
    let bench = drawn(&wish("sampford"));
    let draw = bench.json("3-draw.json");
    let without = |h: usize| draw["strata"][h]["without_size"].as_u64().expect("counted");
    assert_eq!(without(0) + without(1), 7);
    assert_eq!(draw["notices"][0]["count"], 7);
    let plan = bench.json("2-plan.json");
    assert_eq!(
        plan["strata"][0]["population"].as_u64(),
        Some(200 - without(0)),
        "{}",
        plan["strata"][0]
    );
}
