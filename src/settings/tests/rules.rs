//! What rules say of cells.

use super::{SAMPLE, read};

#[test]
fn later_rules_override_earlier_ones_value_by_value() {
    let settings = read(SAMPLE);
    let fixed = settings
        .target_for(&[("service", "fixed phone"), ("operator", "telecom")])
        .expect("complete");
    assert_eq!(
        (fixed.margin, fixed.spread, fixed.design_effect),
        (1.5, 20.0, 1.2)
    );
    let mobile = settings
        .target_for(&[("service", "mobile phone"), ("operator", "telecom")])
        .expect("complete");
    assert_eq!(
        (mobile.margin, mobile.spread, mobile.design_effect),
        (1.0, 20.0, 1.2)
    );
    let yields = settings
        .funnel_for(&[("service", "mobile phone")])
        .expect("complete");
    assert_eq!((yields.working, yields.willing), (0.9, 0.3));
    assert_eq!(yields.source.as_deref(), Some("assumption"));
}

#[test]
fn a_cell_of_which_not_everything_is_said_is_named_with_the_missing_keys() {
    let settings = read(
        &SAMPLE
            .replace("spread = 20.0\n", "")
            .replace("willing = 0.3\n", ""),
    );
    let cell = [("service", "fixed phone"), ("operator", "telecom")];
    let target = settings.target_for(&cell).expect_err("no spread");
    assert_eq!(
        target.to_string(),
        "no [[target]] says 'spread' of the cell 'fixed phone / telecom'"
    );
    let funnel = settings.funnel_for(&[]).expect_err("no willing");
    assert_eq!(
        funnel.to_string(),
        "no [[funnel]] says 'willing' of the cell 'all'"
    );
}

#[test]
fn a_rule_for_a_label_that_the_list_does_not_have_is_named() {
    let strata = vec![
        vec![("service", "fixed phone"), ("operator", "telecom")],
        vec![("service", "mobile phone"), ("operator", "unicom")],
    ];
    assert_eq!(read(SAMPLE).check_rules(&strata), Ok(()));
    let slip = read(&SAMPLE.replace("fixed phone", "fixd phone"));
    assert_eq!(
        slip.check_rules(&strata).expect_err("a slip").to_string(),
        "survey.toml:29:1: no stratum of the list has 'fixd phone' in its column 'service'; did \
         you mean 'fixed phone'?"
    );
    let never = SAMPLE.replace(
        "\"fixed phone\" }",
        "\"fixed phone\", operator = \"unicom\" }",
    );
    assert_eq!(
        read(&never)
            .check_rules(&strata)
            .expect_err("no such cell")
            .to_string(),
        "survey.toml:29:1: no stratum of the list is 'unicom', 'fixed phone' at once"
    );
}
