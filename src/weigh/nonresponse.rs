//! Eligible people who gave no interview hand their weight to those of their class who did.

use super::phase::{self, Part};
use super::{Adjusted, Error, Step};
use crate::field::Outcomes;
use crate::frame::Codes;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "nonresponse",
    title: Words::new("Nonresponse classes", "无回答分类调整"),
    says: Words::new(
        "Within a class, those who gave an interview stand for those who were eligible and gave none. \
         Numbers that are not eligible keep their weight: they stand for others like them.",
        "在同一调整类内，由完成访问者代表合格但未完成访问者；不合格号码保留原权数，代表其他不合格号码。",
    ),
    formula: "f_c = Σ_{c, eligible} w / Σ_{c, interviews} w;  0 for eligible without interview",
    sources: &[
        Source::at("Oh, Scheuren (1983)", "weighting classes"),
        Source::new("Shao, Steel (1999)"),
    ],
};

/// The step.
#[derive(Debug)]
pub struct Nonresponse {
    class: Codes,
    parts: Vec<Part>,
}

impl Nonresponse {
    /// Within these classes, one per drawn unit.
    #[must_use]
    pub fn within(class: Codes, outcomes: &Outcomes) -> Nonresponse {
        Nonresponse {
            class,
            parts: phase::answering(outcomes),
        }
    }
}

impl Step for Nonresponse {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        phase::forward(CARD.key, before, &self.parts, &self.class)
    }

    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        phase::back(adjusted, &self.parts, &self.class, scores)
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        vec![self.class.label(unit).to_owned()]
    }
}
