//! Where values come from: default, file and flag.

use std::collections::BTreeSet;

use super::{LEAST, SAMPLE, read};
use crate::settings::resolve::{self, Source};
use crate::settings::{CallFormat, DEFAULTS, Origin};

#[test]
fn every_value_in_force_says_where_it_comes_from() {
    let settings = read(LEAST)
        .with_flag("plan.pool", "5000")
        .expect("a good flag");
    let origin = |key: &str| {
        settings
            .values()
            .iter()
            .find(|value| value.key == key)
            .map(|value| value.origin)
    };
    assert_eq!(
        origin("list.unit"),
        Some(Origin::File { line: 5, column: 8 })
    );
    assert!(matches!(
        origin("plan.confidence"),
        Some(Origin::Default { .. })
    ));
    assert_eq!(origin("plan.pool"), Some(Origin::Flag));
    assert_eq!(origin("plan.power"), None);
}

#[test]
fn the_list_of_values_is_complete() {
    let settings = read(SAMPLE);
    let said: BTreeSet<(usize, String)> = settings
        .values()
        .iter()
        .filter_map(|value| match value.origin {
            Origin::File { line, .. } => Some((
                line,
                value.key.rsplit('.').next().unwrap_or_default().to_string(),
            )),
            _ => None,
        })
        .collect();
    let written: BTreeSet<(usize, String)> = SAMPLE
        .lines()
        .enumerate()
        .filter_map(|(index, line)| Some((index + 1, line.split_once('=')?.0.trim().to_string())))
        .collect();
    assert_eq!(said, written);
    let pool = settings
        .values()
        .iter()
        .find(|value| value.key == "plan.pool")
        .expect("pool");
    assert_eq!(pool.value, "290000");
}

#[test]
fn a_flag_overrides_the_file_and_the_last_flag_the_others() {
    let settings = read(SAMPLE)
        .with_flag("seed", "2016")
        .and_then(|settings| settings.with_flag("list.file", "other.csv"))
        .and_then(|settings| settings.with_flag("plan.pool", "1000"))
        .and_then(|settings| settings.with_flag("plan.pool", "2000"))
        .and_then(|settings| settings.with_flag("field.formats", "[\"csv\", \"xlsx\"]"))
        .expect("good flags");
    assert_eq!(settings.survey.seed, "2016");
    assert_eq!(settings.list.file, "other.csv");
    assert_eq!(settings.plan.pool, Some(2_000));
    assert_eq!(settings.field.formats, [CallFormat::Csv, CallFormat::Xlsx]);
}

#[test]
fn a_bad_flag_is_named_as_a_flag() {
    let settings = read(SAMPLE);
    assert_eq!(
        settings
            .with_flag("plan.poool", "1")
            .expect_err("unknown")
            .to_string(),
        "flag: there is no setting plan.poool; did you mean pool?"
    );
    assert_eq!(
        settings
            .with_flag("plan.pool", "many")
            .expect_err("no number")
            .to_string(),
        "flag: plan.pool must be a whole number, not a text"
    );
}

#[test]
fn every_default_is_known_and_explained() {
    let lines: Vec<&str> = DEFAULTS.lines().collect();
    let mut defaults = 0;
    for (index, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.contains(" = "))
    {
        if line.starts_with('#') {
            continue;
        }
        let before = lines[index - 1];
        assert!(
            before.starts_with("# ") && before.ends_with('.'),
            "no sentence above '{line}'"
        );
        defaults += 1;
    }
    let settings = read(LEAST);
    let used = settings
        .values()
        .iter()
        .filter(|v| matches!(v.origin, Origin::Default { .. }));
    assert_eq!(used.count(), defaults, "a default that no setting uses");
}

#[test]
fn nothing_that_decides_a_figure_has_a_default() {
    let settings = read(LEAST);
    for value in settings
        .values()
        .iter()
        .filter(|v| matches!(v.origin, Origin::Default { .. }))
    {
        for never in [
            "seed",
            "list.file",
            "list.unit",
            "list.strata",
            "target",
            "funnel",
        ] {
            assert!(!value.key.starts_with(never), "{} has a default", value.key);
        }
    }
}

#[test]
fn a_wrong_default_is_caught_and_named_as_one() {
    let settings = |defaults: &str| {
        let source = Source {
            text: LEAST.to_string(),
            file: "survey.toml".to_string(),
            flags: Vec::new(),
        };
        resolve::read(source, defaults).map(|settings| settings.plan.minimum)
    };
    assert_eq!(settings(DEFAULTS), Ok(2));
    let wrong = DEFAULTS.replace("minimum = 2", "minimun = 2");
    let said = settings(&wrong).expect_err("a slip").to_string();
    assert!(said.contains("default.toml:"), "{said}");
    assert!(
        said.contains("there is no setting plan.minimun; did you mean minimum?"),
        "{said}"
    );
}
