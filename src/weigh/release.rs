//! Replicates that were never released hand their weight to those that were.

use super::{Adjusted, Error, Step};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "release",
    title: Words::new("Released replicates", "已启用子样本调整"),
    says: Words::new(
        "Replicates are random parts of the sample. If some were never called, those that were are \
         themselves a simple random sample of each stratum, and stand for all of it.",
        "子样本是样本的随机部分；若有子样本未启用，已启用部分在各层仍为简单随机样本，代表整层。",
    ),
    formula: "f_h = n_h drawn / n_h released;  0 for numbers never released",
    sources: &[Source::at("Cochran (1977)", "§5.1")],
};

/// The step.
#[derive(Debug)]
pub struct Release {
    stratum: Codes,
}

impl Release {
    /// For a sample with these strata.
    #[must_use]
    pub fn new(stratum: Codes) -> Release {
        Release { stratum }
    }
}

impl Step for Release {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn forward(&self, before: &[f64], outcomes: &Outcomes) -> Result<Adjusted, Error> {
        let strata = self.stratum.labels().len();
        let (mut drawn, mut released) = (vec![0_u64; strata], vec![0_u64; strata]);
        for (unit, class) in outcomes.class.iter().enumerate() {
            let stratum = self.stratum.code(unit);
            drawn[stratum] += 1;
            released[stratum] += u64::from(*class != Class::NotReleased);
        }
        if let Some(stratum) = (0..strata).find(|&h| drawn[h] > 0 && released[h] == 0) {
            let label = self.stratum.labels()[stratum].clone();
            return Err(Error::NotReleased {
                stratum: label,
                drawn: drawn[stratum],
            });
        }
        let factor = outcomes.class.iter().enumerate().map(|(unit, class)| {
            let stratum = self.stratum.code(unit);
            match class {
                Class::NotReleased => 0.0,
                _ => drawn[stratum] as f64 / released[stratum] as f64,
            }
        });
        Ok(Adjusted::by(before, factor.collect()))
    }

    /// Nothing to correct: the design rule counts the units that were worked as the ones drawn.
    fn back(&self, _: &Adjusted, _: &mut [f64]) -> f64 {
        0.0
    }
}
