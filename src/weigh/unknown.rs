//! Numbers of unknown eligibility hand their weight to the known ones of their class.

use super::phase::{self, Part};
use super::{Adjusted, Error, Step};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "unknown",
    title: Words::new("Unknown eligibility", "合格性未知调整"),
    says: Words::new(
        "Of some numbers nobody learned whether they belong to the population. Within a class they are \
         taken to be eligible as often as those of which it is known, and their weight goes to these, \
         eligible and not eligible alike.",
        "部分号码是否属于调查总体未能查明。在同一调整类内，假定其合格比例与已查明者相同，\
         其权数按比例转给已查明的号码（包括合格与不合格者）。",
    ),
    formula: "f_c = Σ_c w / Σ_{c, known} w;  0 where unknown",
    sources: &[
        Source::at("Valliant, Dever, Kreuter (2018)", "§13.4"),
        Source::at("AAPOR (2016)", "eligibility of unknown cases"),
    ],
};

/// The step.
#[derive(Debug)]
pub struct Unknown {
    class: Codes,
    parts: Vec<Part>,
}

impl Unknown {
    /// Within these classes, one per drawn unit.
    #[must_use]
    pub fn within(class: Codes, outcomes: &Outcomes) -> Unknown {
        let part = |ended: &Class| match ended {
            Class::NotReleased => Part::Keeps,
            unknown if unknown.is_unknown() => Part::Gives,
            _ => Part::Takes,
        };
        Unknown {
            class,
            parts: outcomes.class.iter().map(part).collect(),
        }
    }
}

impl Step for Unknown {
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
