//! What may be written of weighting steps that have a table of their own.

use super::kinds::{any_number, count, list, names, number, positive, text, word, yes_or_no};
use super::origin::At;
use super::section::Section;
use super::words::{TogetherWord, UseWord};

type Maybe<T> = Option<At<T>>;

type Many<T> = Option<At<Vec<At<T>>>>;

/// `[weigh.propensity]`
pub(super) struct Propensity {
    pub at: At<()>,
    pub by: Many<String>,
    pub numbers: Many<String>,
    pub use_: Maybe<UseWord>,
    pub classes: Maybe<u32>,
    pub weighted: Maybe<bool>,
    pub least: Maybe<f64>,
}

impl Propensity {
    pub fn read(step: &mut Section<'_, '_>) -> Propensity {
        Propensity {
            at: step.at(),
            by: step.may("by", names),
            numbers: step.may("numbers", names),
            use_: step.need("use", word),
            classes: step.need("classes", count),
            weighted: step.need("weighted", yes_or_no),
            least: step.need(
                "least",
                number("above 0 and below 1", |x| x > 0.0 && x < 1.0),
            ),
        }
    }
}

/// `[weigh.tree]`
pub(super) struct Tree {
    pub at: At<()>,
    pub by: Many<String>,
    pub ordered: Many<String>,
    pub least: Maybe<u64>,
    pub level: Maybe<f64>,
    pub weighted: Maybe<bool>,
}

impl Tree {
    pub fn read(step: &mut Section<'_, '_>) -> Tree {
        Tree {
            at: step.at(),
            by: step.may("by", names),
            ordered: step.may("ordered", names),
            least: step.need("least", count),
            level: step.need(
                "level",
                number("above 0 and below 1", |x| x > 0.0 && x < 1.0),
            ),
            weighted: step.need("weighted", yes_or_no),
        }
    }
}

/// `[weigh.multiplicity]` and `[weigh.household]`
pub(super) struct Counts {
    pub at: At<()>,
    pub of: Maybe<String>,
    pub cap: Maybe<f64>,
    pub missing: Maybe<u64>,
}

impl Counts {
    pub fn read(step: &mut Section<'_, '_>) -> Counts {
        Counts {
            at: step.at(),
            of: step.may("of", text),
            cap: step.may("cap", number("at least 1", |x| x >= 1.0)),
            missing: step.may("missing", count),
        }
    }
}

/// `[weigh.compose]`
pub(super) struct Compose {
    pub at: At<()>,
    pub list: Maybe<String>,
    pub first: Maybe<String>,
    pub both: Maybe<String>,
    pub equals: Maybe<f64>,
    pub rule: Maybe<TogetherWord>,
    pub share: Maybe<f64>,
    pub chances: Many<f64>,
}

impl Compose {
    pub fn read(step: &mut Section<'_, '_>) -> Compose {
        Compose {
            at: step.at(),
            list: step.may("list", text),
            first: step.may("first", text),
            both: step.may("both", text),
            equals: step.need("equals", any_number),
            rule: step.may("rule", word),
            share: step.may("share", number("from 0 to 1", |x| (0.0..=1.0).contains(&x))),
            chances: step.may("chances", list(positive)),
        }
    }
}

/// `[weigh.instruments]`
pub(super) struct Instruments {
    pub at: At<()>,
    pub by: Many<String>,
    pub numbers: Many<String>,
}

impl Instruments {
    pub fn read(step: &mut Section<'_, '_>) -> Instruments {
        Instruments {
            at: step.at(),
            by: step.may("by", names),
            numbers: step.may("numbers", names),
        }
    }
}
