//! What is said of steps that meet known totals, and of trimming.

use super::{LEAST, complaints, read};
use crate::settings::{Cap, Distance, WeighStep};

/// The least file, with these steps and lines under `[weigh]`, and a region to name.
fn with(lines: &str) -> String {
    let least = LEAST.replace(
        "strata = []",
        "strata = [\"region\"]\ncarry = [\"lines\", \"age\"]",
    );
    least.replace("steps = []\n", lines)
}

fn steps(lines: &str) -> Vec<WeighStep> {
    read(&with(lines)).weigh.steps
}

fn said(lines: &str) -> String {
    complaints(&with(lines)).to_string()
}

const CALIBRATE: &str = "steps = [\"calibrate\"]\nmargins = [[\"region\"], [\"age\"]]\n";

#[test]
fn calibration_has_a_method_and_the_bounds_it_needs() {
    let method = |lines: &str| match &steps(&format!("{CALIBRATE}{lines}"))[..] {
        [
            WeighStep::Calibrate {
                method,
                tolerance,
                rounds: 1_000,
                ..
            },
        ] if *tolerance < 1e-8 => *method,
        other => panic!("{other:?}"),
    };
    assert_eq!(method("method = \"linear\"\n"), Distance::Linear);
    assert_eq!(
        method("method = \"raking\"\n"),
        Distance::Raking { bounds: None }
    );
    let bounds = "bounds = [0.5, 2]\n";
    let both = (0.5, 2.0);
    assert_eq!(
        method(&format!("method = \"raking\"\n{bounds}")),
        Distance::Raking { bounds: Some(both) }
    );
    assert_eq!(
        method(&format!("method = \"logit\"\n{bounds}")),
        Distance::Logit { bounds: both }
    );
    assert_eq!(
        method(&format!("method = \"truncated\"\n{bounds}")),
        Distance::Truncated { bounds: both }
    );
}

#[test]
fn amounts_are_columns_that_come_along() {
    let lines = format!("{CALIBRATE}method = \"linear\"\namounts = [\"lines\"]\n");
    assert!(
        matches!(&steps(&lines)[..], [WeighStep::Calibrate { amounts, .. }] if amounts[..] == ["lines"])
    );
    assert_eq!(
        said(&lines.replace("[\"lines\"]", "[\"lanes\"]")),
        "survey.toml:12:12: weigh.amounts[1] names the column 'lanes', which is neither in \
         list.strata nor in list.carry; did you mean 'lines'?"
    );
}

#[test]
fn what_calibration_lacks_or_has_too_much_of_is_named() {
    for (lines, wanted) in [
        (
            "",
            "8:2: weigh.method is missing; write method = … under [weigh]",
        ),
        (
            "method = \"logit\"\n",
            "8:2: weigh.bounds is missing; write bounds = … under [weigh]",
        ),
        (
            "method = \"linear\"\nbounds = [0.5, 2]\n",
            "12:10: weigh.bounds is not for method = \"linear\", which has none; leave it out, or \
             write method = \"truncated\"",
        ),
        (
            "method = \"logit\"\nbounds = [0.5, 0.9]\n",
            "12:10: weigh.bounds are 0.5 and 0.9; 1 must lie between them; a factor of 1 leaves a \
             weight as it is",
        ),
        (
            "method = \"logit\"\nbounds = [0.5]\n",
            "12:10: weigh.bounds has 1 numbers; it must have two; write the smallest and the largest \
             factor, such as [0.5, 2.0]",
        ),
        (
            "method = \"logit\"\nbounds = [-0.5, 2]\n",
            "12:11: weigh.bounds[1] is -0.5; it must be at least 0",
        ),
        (
            "method = \"greg\"\n",
            "11:10: weigh.method is 'greg'; it must be linear, raking, logit or truncated",
        ),
        (
            "method = \"linear\"\ncap = 5\n",
            "12:7: weigh.cap is only for the step \"trim\", which weigh.steps leaves out; leave it out",
        ),
    ] {
        assert_eq!(
            said(&format!("{CALIBRATE}{lines}")),
            format!("survey.toml:{wanted}")
        );
    }
}

#[test]
fn poststratification_meets_one_margin_and_totals_are_met_once() {
    let one = "steps = [\"poststratify\"]\nmargins = [[\"region\", \"age\"]]\n";
    assert_eq!(
        steps(one),
        [WeighStep::Poststratify {
            margin: vec!["region".into(), "age".into()]
        }]
    );
    assert_eq!(
        said(&one.replace("\", \"", "\"], [\"")),
        "survey.toml:10:11: weigh.margins has 2 margins, and \"poststratify\" meets one; cross the \
         columns in one margin, or take the step \"rake\""
    );
    assert_eq!(
        said("steps = [\"poststratify\", \"rake\"]\nmargins = [[\"region\"]]\n"),
        "survey.toml:9:26: weigh.steps meets known totals twice, and the second step breaks what the \
         first met; take one of poststratify, rake, calibrate and instruments"
    );
}

#[test]
fn a_cap_says_what_it_counts() {
    let trim = "steps = [\"trim\"]\ncap = 5\nrule = \"median\"\n";
    assert!(matches!(
        steps(trim)[..],
        [WeighStep::Trim { cap: Cap::Median(cap), equal: false, .. }] if cap.to_bits() == 5.0_f64.to_bits()
    ));
    assert!(matches!(
        steps(&format!(
            "{}excess = \"equal\"\n",
            trim.replace("median", "weight")
        ))[..],
        [WeighStep::Trim {
            cap: Cap::Weight(_),
            equal: true,
            ..
        }]
    ));
    assert_eq!(
        said(&trim.replace("rule = \"median\"\n", "")),
        "survey.toml:8:2: weigh.rule is missing; write rule = … under [weigh]"
    );
    assert_eq!(
        said(&trim.replace('5', "1")),
        "survey.toml:10:7: weigh.cap is 1; it must be above 1 where it counts medians or means"
    );
    assert_eq!(
        said("steps = []\nmargins = [[\"region\"]]\n"),
        "survey.toml:10:11: weigh.margins is only for the steps \"poststratify\", \"rake\", \
         \"calibrate\" and \"instruments\", which weigh.steps leaves out; leave it out"
    );
}
