//! The file as a whole: what a good one means, and what is said of a bad one.

mod meaning;

mod writing;

mod fitting;

mod drawing;

mod rules;

mod weighing;

mod steps;

mod values;

use super::{Problems, Settings};

/// Every key that there is, but for a list of numbers, calibration and trimming.
const SAMPLE: &str = include_str!("sample.toml");

/// The least that may be written.
const LEAST: &str = r#"survey = "s"
seed = "a"
[list]
file = "list.csv"
unit = "id"
strata = []
[weigh]
steps = []
"#;

fn read(text: &str) -> Settings {
    Settings::read(text, "survey.toml").expect("a good file")
}

fn complaints(text: &str) -> Problems {
    Settings::read(text, "survey.toml").expect_err("a bad file")
}

/// What is said of the sample with `good` replaced by `bad`.
fn said_of(good: &str, bad: &str) -> String {
    assert_eq!(
        SAMPLE.matches(good).count(),
        1,
        "'{good}' stands in the sample once"
    );
    complaints(&SAMPLE.replace(good, bad)).to_string()
}
