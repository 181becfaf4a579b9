//! What is said of weighting steps that have a table of their own.

use super::{LEAST, complaints, read};
use crate::settings::{Together, WeighStep};

/// The least file, with these lines under `[weigh]`, and a region to name.
fn with(lines: &str) -> String {
    let least = LEAST.replace(
        "strata = []",
        "strata = [\"region\"]\ncarry = [\"lines\", \"age\", \"list\"]",
    );
    least.replace("steps = []\n", lines)
}

fn steps(lines: &str) -> Vec<WeighStep> {
    read(&with(lines)).weigh.steps
}

fn said(lines: &str) -> String {
    complaints(&with(lines)).to_string()
}

#[test]
fn a_propensity_has_its_columns_and_the_rest_by_default() {
    let lines =
        "steps = [\"propensity\"]\n[weigh.propensity]\nby = [\"region\"]\nnumbers = [\"lines\"]\n";
    let plain = WeighStep::Propensity {
        by: vec!["region".into()],
        numbers: vec!["lines".into()],
        classes: None,
        weighted: true,
        least: 0.02,
    };
    assert_eq!(steps(lines), [plain]);
    assert!(matches!(
        steps(&format!(
            "{lines}use = \"classes\"\nclasses = 4\nweighted = false\n"
        ))[..],
        [WeighStep::Propensity {
            classes: Some(4),
            weighted: false,
            ..
        }]
    ));
    assert_eq!(
        said("steps = [\"propensity\"]\n[weigh.propensity]\nby = [\"reigon\"]\n"),
        "survey.toml:11:7: weigh.propensity.by[1] names the column 'reigon', which is neither in \
         list.strata nor in list.carry; did you mean 'region'?"
    );
    assert_eq!(
        said("steps = [\"propensity\"]\n"),
        "survey.toml:8:2: weigh.propensity.by is missing; write by = … under [weigh.propensity]"
    );
    assert_eq!(
        said(&format!("{lines}use = \"classes\"\nclasses = 1\n")),
        "survey.toml:14:11: weigh.propensity.classes is 1; it must be at least 2"
    );
}

#[test]
fn a_tree_tells_ordered_columns_from_others() {
    let lines =
        "steps = [\"tree\"]\n[weigh.tree]\nby = [\"region\"]\nordered = [\"age\"]\nleast = 30\n";
    assert!(matches!(
        &steps(lines)[..],
        [WeighStep::Tree { by, ordered, least: 30, weighted: true, .. }]
            if by[..] == ["region"] && ordered[..] == ["age"]
    ));
    assert_eq!(
        said(&lines.replace("\"age\"", "\"region\"")),
        "survey.toml:12:12: weigh.tree.ordered[1] names 'region', which weigh.tree.by names too; name \
         it in one of the two"
    );
    assert_eq!(
        said(
            "steps = [\"nonresponse\", \"tree\"]\nnonresponse_by = []\n[weigh.tree]\nby = [\"age\"]\n"
        ),
        "survey.toml:9:25: weigh.steps adjusts for nonresponse twice, and after the first such step \
         nobody is left to hand weight on; take one of nonresponse, propensity and tree"
    );
}

#[test]
fn after_counts_of_persons_the_lists_own_counts_will_not_do() {
    let lines = "steps = [\"multiplicity\", \"rake\"]\nmargins = [[\"region\"]]\ncontrols = \"totals.csv\"\n\
                 [weigh.multiplicity]\nof = \"sims\"\ncap = 4\n";
    let weigh = read(&with(lines)).weigh;
    assert_eq!(weigh.controls.as_deref(), Some("totals.csv"));
    assert!(matches!(
        &weigh.steps[..],
        [WeighStep::Counts { people: false, of, cap: Some(_), missing: None }, WeighStep::Rake { .. }]
            if of == "sims"
    ));
    assert_eq!(
        said(&lines.replace("controls = \"totals.csv\"\n", "")),
        "survey.toml:9:10: after the steps \"multiplicity\" and \"household\" weights speak for persons, \
         and the list counts its units; give the totals of persons: write controls = … under [weigh]"
    );
    assert_eq!(
        said("steps = []\n[weigh.household]\nof = \"adults\"\n"),
        "survey.toml:11:6: weigh.household.of is only for the step \"household\", which weigh.steps \
         leaves out; leave it out"
    );
    assert_eq!(
        said("steps = [\"rake\"]\nmargins = [[\"region\"]]\ncovariance = \"v.csv\"\n"),
        "survey.toml:11:14: weigh.covariance is only for totals from a file, weigh.controls; leave it out"
    );
}

#[test]
fn two_lists_are_put_together_by_one_rule() {
    let lines = "steps = [\"compose\"]\n[weigh.compose]\nlist = \"list\"\nfirst = \"landline\"\nboth = \"has_both\"\n";
    let together = |rule: &str| match steps(&format!("{lines}{rule}"))[..] {
        [WeighStep::Compose { together, .. }] => together,
        ref other => panic!("{other:?}"),
    };
    assert_eq!(
        together("rule = \"share\"\nshare = 0.4\n"),
        Together::Share(0.4)
    );
    assert_eq!(together("rule = \"effective\"\n"), Together::Effective);
    assert_eq!(
        together("rule = \"chances\"\nchances = [0.01, 0.002]\n"),
        Together::Chances(0.01, 0.002)
    );
    assert_eq!(
        said(&format!("{lines}rule = \"effective\"\nshare = 0.4\n")),
        "survey.toml:15:9: weigh.compose.share is only for rule = \"share\"; leave it out"
    );
    assert_eq!(
        said(&format!("{lines}rule = \"chances\"\nchances = [0.01]\n")),
        "survey.toml:15:11: weigh.compose.chances must be two chances, above 0 and at most 1; write \
         the chance to be drawn from the first list and from the second, such as [0.01, 0.002]"
    );
    assert_eq!(
        said(lines),
        "survey.toml:10:8: weigh.compose.rule is missing; write rule = … under [weigh.compose]"
    );
}

#[test]
fn instruments_need_what_calibration_needs_and_columns_of_their_own() {
    let lines = "steps = [\"instruments\"]\nmargins = [[\"region\"]]\nmethod = \"linear\"\n\
                 [weigh.instruments]\nby = [\"q1\"]\n";
    assert!(matches!(
        &steps(lines)[..],
        [WeighStep::Instruments { by, numbers, .. }] if by[..] == ["q1"] && numbers.is_empty()
    ));
    assert_eq!(
        said(&lines.replace(
            "[\"instruments\"]",
            "[\"instruments\", \"trim\"]\ncap = 3\nrule = \"mean\""
        )),
        "survey.toml:9:25: weigh.steps trims weights that meet totals through instruments, and would \
         break them; leave \"trim\" out, and keep factors within bounds: method = \"logit\""
    );
    assert_eq!(
        said(&lines.replace("by = [\"q1\"]\n", "")),
        "survey.toml:12:8: weigh.instruments.by is missing; write by = … under [weigh.instruments]"
    );
}
