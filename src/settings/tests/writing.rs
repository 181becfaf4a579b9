//! What is said of a file that is badly written.

use super::{SAMPLE, complaints, said_of};
use crate::settings::Settings;

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    assert_eq!(
        said_of("pool     = 290000", "poool    = 290000"),
        "survey.toml:21:1: there is no setting plan.poool; did you mean pool?\n\
         survey.toml:22:14: plan.exact_pool asks for the whole pool, and plan.pool is not given; \
         write pool = …, or exact_pool = false"
    );
    assert_eq!(
        said_of("[report]", "[reprot]"),
        "survey.toml:74:2: there is no setting reprot; did you mean report?"
    );
    assert_eq!(
        said_of("where = { service", "where = { servise"),
        "survey.toml:30:11: target[2].where.servise names the column 'servise', which is not in \
         list.cells; did you mean 'service'?"
    );
}

#[test]
fn a_key_in_the_wrong_section_is_shown_its_place() {
    assert_eq!(
        said_of(
            "method = \"simple\"",
            "method = \"simple\"\nconfidence = 0.9"
        ),
        "survey.toml:42:1: there is no setting draw.confidence; confidence belongs in [plan]"
    );
    assert_eq!(
        said_of("[report]", "[report]\nseed = \"b\""),
        "survey.toml:75:1: there is no setting report.seed; seed belongs at the top, above the \
         first heading"
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_named() {
    for (good, bad, said) in [
        (
            "290000",
            "\"290000\"",
            "21:12: plan.pool must be a whole number, not a text; leave out the quotes",
        ),
        (
            "290000",
            "290000.5",
            "21:12: plan.pool must be a whole number, not a number with a decimal point",
        ),
        (
            "unit   = \"unit_id\"",
            "unit   = 7",
            "8:10: list.unit must be a text in quotes, not a whole number",
        ),
        (
            "fictional = true",
            "fictional = 1",
            "14:13: list.fictional must be true or false, not a whole number",
        ),
        (
            "start = 2016-01-04",
            "start = \"2016-01-04\"",
            "45:9: field.start must be a date such as 2016-01-04, not a text; leave out the quotes",
        ),
        (
            "start = 2016-01-04",
            "start = 2016-01-04T09:00:00",
            "45:9: field.start must be a date such as 2016-01-04, not a date or time",
        ),
        (
            "formats = [\"csv\"]",
            "formats = \"csv\"",
            "50:11: field.formats must be a list in square brackets, not a text",
        ),
        (
            "margin = 1.5",
            "margin = [1.5]",
            "31:10: target[2].margin must be a number, not a list",
        ),
        (
            "where = { service = \"fixed phone\" }",
            "where = \"fixed phone\"",
            "30:9: target[2].where must be a table such as { column = \"label\" }, not a text",
        ),
    ] {
        assert_eq!(said_of(good, bad), format!("survey.toml:{said}"));
    }
}

#[test]
fn a_value_outside_its_limits_is_named_with_them() {
    for (good, bad, said) in [
        (
            "confidence = 0.95",
            "confidence = 95",
            "17:14: plan.confidence is 95; it must be above 0 and below 1",
        ),
        (
            "working = 0.9",
            "working = 0",
            "34:11: funnel[1].working is 0; it must be above 0 and at most 1",
        ),
        (
            "290000",
            "-5",
            "21:12: plan.pool is -5; it must be at least 1",
        ),
        (
            "290000",
            "0",
            "21:12: plan.pool is 0; it must be at least 1",
        ),
        (
            "spread = 20.0",
            "spread = inf",
            "26:10: target[1].spread is inf; it must be above 0",
        ),
        (
            "spread = 20.0",
            "spread = nan",
            "26:10: target[1].spread is nan; it must be above 0",
        ),
        (
            "replicates = 20",
            "replicates = 5000000000",
            "42:14: draw.replicates is 5000000000; it must be smaller",
        ),
        (
            "\"the evening draw of 1 March 2016\"",
            "\" \"",
            "2:12: seed is blank",
        ),
        (
            "strata = [\"service\", \"operator\", \"district\"]",
            "strata = [\"service\", \"operator\", \"district\", \"service\"]",
            "10:46: list.strata names 'service' twice",
        ),
    ] {
        assert_eq!(said_of(good, bad), format!("survey.toml:{said}"));
    }
}

#[test]
fn a_word_of_a_closed_list_is_shown_the_list() {
    assert_eq!(
        said_of("encoding = \"utf-8-bom\"", "encoding = \"utf8-bom\""),
        "survey.toml:51:12: field.encoding is 'utf8-bom'; it must be utf-8, utf-8-bom or gb18030; \
         did you mean 'utf-8-bom'?"
    );
    assert_eq!(
        said_of("allocate = \"power\"", "allocate = \"equal\""),
        "survey.toml:18:12: plan.allocate is 'equal'; it must be proportional, neyman or power"
    );
}

#[test]
fn what_is_missing_is_said_where_it_belongs() {
    assert_eq!(
        said_of("unit   = \"unit_id\"\n", ""),
        "survey.toml:5:2: list.unit is missing; write unit = … under [list]"
    );
    assert_eq!(
        complaints("").to_string(),
        "survey.toml:1:1: list.file is missing; write file = … under [list]\n\
         survey.toml:1:1: list.strata is missing; write strata = … under [list]\n\
         survey.toml:1:1: list.unit is missing; write unit = … under [list]\n\
         survey.toml:1:1: seed is missing; write seed = … at the top\n\
         survey.toml:1:1: survey is missing; write survey = … at the top\n\
         survey.toml:1:1: weigh.steps is missing; write steps = … under [weigh]"
    );
}

#[test]
fn everything_is_said_at_once_in_the_order_of_the_lines() {
    let text = SAMPLE
        .replace("seed     =", "sede     =")
        .replace("confidence = 0.95", "confidence = 95")
        .replace("least = 30", "least = \"thirty\"")
        .replace("\nby = [\"service\", \"operator\"]", "\nby = [\"sex\"]");
    let problems = complaints(&text);
    let keys: Vec<&str> = problems
        .list
        .iter()
        .map(|problem| problem.key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "seed",
            "sede",
            "plan.confidence",
            "figure[1].by[1]",
            "report.least"
        ]
    );
    assert_eq!(problems.list[2].line(), Some(17));
    assert_eq!(problems.list[2].column(), Some(14));
}

#[test]
fn what_is_no_toml_is_said_beside_what_else_is_wrong() {
    let text = SAMPLE
        .replace("unit   = \"unit_id\"", "unit   =")
        .replace("pool     = 290000", "pool     = 1\npool = 2")
        .replace("start = 2016-01-04", "start = 2016-02-31")
        .replace("least = 30", "leest = 30");
    assert_eq!(
        complaints(&text).to_string(),
        "survey.toml:8:9: this is not TOML: string values must be quoted, expected literal \
         string\n\
         survey.toml:22:1: pool is written twice; keep one of the two\n\
         survey.toml:46:9: this is not TOML: invalid date, expected day between 01 and 29\n\
         survey.toml:76:1: there is no setting report.leest; did you mean least?"
    );
}

#[test]
fn a_broken_heading_does_not_make_its_keys_strangers() {
    let said = said_of("[plan]", "[plan");
    assert!(said.starts_with("survey.toml:16:"), "{said}");
    assert!(!said.contains("there is no setting"), "{said}");
}

#[test]
fn a_table_with_the_wrong_brackets_is_told_the_right_ones() {
    assert_eq!(
        said_of("[report]", "[[report]]"),
        "survey.toml:74:3: report must be a table; head it with [report], in single brackets, once"
    );
    assert_eq!(
        said_of("[[figure]]", "[figure]"),
        "survey.toml:61:1: figure must be a list of tables; head each with [[figure]]"
    );
}

#[test]
fn no_line_can_be_left_out_or_doubled_with_a_panic() {
    let lines: Vec<&str> = SAMPLE.lines().collect();
    let (mut good, mut bad) = (0, 0);
    for left_out in 0..lines.len() {
        for put in [
            "",
            "x = 1",
            "[draw]",
            "seed = 3",
            "[[target]]",
            "= \"",
            "[plan.pool]",
        ] {
            let mut lines = lines.clone();
            lines[left_out] = put;
            match Settings::read(&lines.join("\n"), "survey.toml") {
                Ok(_) => good += 1,
                Err(problems) => {
                    assert!(!problems.list.is_empty());
                    bad += 1;
                }
            }
        }
    }
    assert!(good > 20 && bad > 200, "{good} read, {bad} refused");
}
