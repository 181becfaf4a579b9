//! A plan's numbers are rounded by chance, and margins in two or three directions are kept.

use std::fmt::Write;

use canvass::math::Moments;
use canvass::study::Study;

use crate::support::Bench;

fn survey(round: &str) -> String {
    format!(
        r#"survey = "Regions 2025"
seed   = "the evening draw of 1 March 2025"
[list]
file      = "list.csv"
unit      = "id"
strata    = ["service", "operator", "district"]
cells     = ["service"]
[plan]
pool       = 137
exact_pool = true
minimum    = 1
round      = {{ {round} }}
[[target]]
margin        = 4.0
spread        = 20.0
design_effect = 1.0
[[funnel]]
working  = 1.0
reached  = 1.0
eligible = 1.0
willing  = 1.0
[weigh]
steps = []
"#
    )
}

/// Two services of three operators in five districts, of uneven sizes; one operator is not everywhere.
fn list() -> String {
    let mut list = "id,service,operator,district\n".to_owned();
    let mut id = 0;
    for (s, service) in ["mobile", "fixed"].iter().enumerate() {
        for operator in 0..3 {
            for district in 0..5 {
                let units = match (operator, district) {
                    (2, 4) => 0,
                    _ => 17 + (s * 31 + operator * 13 + district * 7) % 40,
                };
                for _ in 0..units {
                    id += 1;
                    writeln!(
                        list,
                        "{id},{service},operator {operator},district {district}"
                    )
                    .expect("memory");
                }
            }
        }
    }
    list
}

fn bench(round: &str) -> Bench {
    let bench = Bench::new();
    bench.write("survey.toml", &survey(round));
    bench.write("list.csv", &list());
    bench.done(&["check"]);
    bench
}

fn plan(bench: &Bench) -> serde_json::Value {
    serde_json::from_str(&bench.read("2-plan.json")).expect("JSON")
}

const TABLE: &str = r#"rows = ["service", "operator"], columns = ["district"]"#;

#[test]
fn cells_and_margins_are_rounded_down_or_up_and_verify_makes_them_again() {
    // The reporting cell is neither rows nor columns: it is a direction of its own.
    let bench = bench(
        &TABLE
            .replace("[\"service\", \"operator\"]", "[\"service\"]")
            .replace("[\"district\"]", "[\"operator\", \"district\"]"),
    );
    let said = bench.done(&["plan"]);
    assert!(said.out.contains("Margins of the plan"), "{}", said.out);
    let plan = plan(&bench);
    assert_eq!(plan["rounding"]["method"], "controlled");
    let mut all = 0;
    for stratum in plan["strata"].as_array().expect("strata") {
        let numbers = stratum["numbers"].as_u64().expect("whole");
        let optimum = stratum["optimum"].as_f64().expect("real");
        assert!((numbers as f64 - optimum).abs() < 1.0, "{stratum}");
        all += numbers;
    }
    assert_eq!(all, 137);
    let margins = plan["rounding"]["margins"].as_array().expect("margins");
    assert_eq!(margins.len(), 2 + 14);
    for margin in margins {
        let off =
            margin["numbers"].as_f64().expect("whole") - margin["optimum"].as_f64().expect("real");
        assert!(off.abs() < 1.0, "{margin}");
    }
    for cell in plan["cells"].as_array().expect("cells") {
        let margin = margins.iter().find(|one| one["label"] == cell["cell"]);
        let margin = margin.expect("cells are rows");
        assert_eq!(margin["numbers"], cell["numbers"]);
        assert_eq!(
            margin["optimum"].as_f64(),
            cell["numbers"].as_f64(),
            "whole margins are met"
        );
    }
    bench.done(&["draw"]);
    bench.done(&["verify"]);
    let refused = bench.says(&["commit", "--seed-later"]);
    assert_ne!(refused.code, Some(0));
}

#[test]
fn a_seed_to_come_is_no_promise_for_a_rounded_plan() {
    let bench = bench(TABLE);
    bench.done(&["plan"]);
    let said = bench.says(&["commit", "--seed-later"]);
    assert!(
        said.err.contains("the seed rounds the plan's numbers"),
        "{}",
        said.err
    );
    bench.done(&["commit"]);
    bench.done(&["draw"]);
    bench.done(&["verify"]);
}

#[test]
fn numbers_are_right_on_average_over_seeds() {
    let layers = r#"rows = ["service"], columns = ["district"], layers = ["operator"]"#;
    let table = r#"rows = ["service"], columns = ["operator", "district"]"#;
    for (round, method) in [
        (table, "controlled"),
        (layers, "controlled-cube"),
        (TABLE, "controlled-cube"),
    ] {
        let bench = bench(round);
        let mut found: Vec<Moments> = Vec::new();
        let mut optima = Vec::new();
        for draw in 0..400 {
            let seed = ("seed".to_owned(), format!("seed {draw}"));
            let study = Study::open_with_flags(&bench.path(""), &[seed]).expect("a study");
            let plan = study.plan(None, false).expect("a plan").value;
            found.resize(plan.strata.len(), Moments::default());
            for (moments, stratum) in found.iter_mut().zip(&plan.strata) {
                moments.add(stratum.numbers as f64);
            }
            optima = plan
                .strata
                .iter()
                .map(|one| one.optimum.expect("rounded"))
                .collect();
            let rounding = plan.rounding.expect("rounded");
            assert_eq!(rounding.method, method);
            let missed = rounding
                .margins
                .iter()
                .filter(|margin| !margin.is_kept())
                .count();
            assert!(
                missed == 0 || method != "controlled",
                "{missed} margins are missed"
            );
            let cells = rounding
                .margins
                .iter()
                .filter(|margin| margin.direction == "service");
            assert!(
                cells
                    .into_iter()
                    .all(|margin| (margin.numbers as f64 - margin.optimum).abs() <= 0.0)
            );
        }
        for (moments, optimum) in found.iter().zip(optima) {
            let up = optimum - optimum.floor();
            let error = (up * (1.0 - up) / 400.0_f64).sqrt();
            let mean = moments.mean().expect("many");
            assert!(
                (mean - optimum).abs() < 4.5 * error + 1e-6,
                "{method}: {mean} is not {optimum}"
            );
        }
    }
}

#[test]
fn a_direction_that_is_no_stratum_is_refused() {
    let bench = Bench::new();
    bench.write(
        "survey.toml",
        &survey(r#"rows = ["service"], columns = ["distrct"]"#),
    );
    bench.write("list.csv", &list());
    let said = bench.says(&["check"]);
    assert!(
        said.err.contains("did you mean 'district'?"),
        "{}",
        said.err
    );
    bench.write("survey.toml", &survey(r#"rows = ["service"]"#));
    let said = bench.says(&["check"]);
    assert!(
        said.err.contains("plan.round.columns is missing"),
        "{}",
        said.err
    );
}
