//! Replicates that were never released hand their weight to those that were.

use std::collections::BTreeSet;

use super::{Adjusted, Error, Step};
use crate::draw::Sample;
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
         themselves a simple random sample of each stratum, and stand for all of it; of a draw in stages, of \
         each cluster that units were drawn from.",
        "子样本是样本的随机部分；若有子样本未启用，已启用部分在各层仍为简单随机样本，代表整层；多阶段抽样时在各末级群内如此。",
    ),
    formula: "f_h = n_h drawn / n_h released;  0 for numbers never released",
    sources: &[Source::at("Cochran (1977)", "§5.1")],
};

/// The step.
#[derive(Debug)]
pub struct Release {
    stratum: Codes,
    /// Whether each unit's replicate was released, where its outcome does not tell.
    worked: Option<Vec<bool>>,
}

impl Release {
    /// For a sample with these strata, or clusters that units were drawn from.
    #[must_use]
    pub fn new(stratum: Codes) -> Release {
        Release {
            stratum,
            worked: None,
        }
    }

    /// For a sample of which these units were released: a unit that no call was about has no outcome that
    /// tells.
    ///
    /// # Panics
    ///
    /// If there is not one of them per stratum's code: our own bug.
    #[must_use]
    pub fn of(stratum: Codes, worked: Vec<bool>) -> Release {
        assert_eq!(stratum.len(), worked.len(), "released or not, per unit");
        Release {
            stratum,
            worked: Some(worked),
        }
    }

    fn is_released(&self, unit: usize, class: Class) -> bool {
        match &self.worked {
            Some(worked) => worked[unit],
            None => class != Class::NotReleased,
        }
    }
}

/// Whether each drawn unit's replicate was released. Where each number is called once, units that no call
/// is about go with the others of their replicate.
pub(super) fn worked(sample: &Sample, outcomes: &Outcomes) -> Vec<bool> {
    let heard = |unit: usize| outcomes.class[unit] != Class::NotReleased;
    let units = 0..outcomes.class.len();
    if sample.basis.asking.is_none() {
        return units.map(heard).collect();
    }
    let of = |unit: &usize| sample.replicate[*unit];
    let asked: Vec<usize> = units
        .clone()
        .filter(|&unit| sample.is_asked(unit))
        .collect();
    let told: BTreeSet<u32> = asked.iter().map(of).collect();
    let released: BTreeSet<u32> = asked.iter().filter(|unit| heard(**unit)).map(of).collect();
    // A replicate of which nobody is asked about goes with those before it: they are released in turn.
    let last = released.last().copied().unwrap_or(0);
    let is_released = |replicate: u32| match told.contains(&replicate) {
        true => released.contains(&replicate),
        false => replicate < last,
    };
    units
        .map(|unit| match sample.is_asked(unit) {
            true => heard(unit),
            false => is_released(sample.replicate[unit]),
        })
        .collect()
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
            released[stratum] += u64::from(self.is_released(unit, *class));
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
            match self.is_released(unit, *class) {
                false => 0.0,
                true => drawn[stratum] as f64 / released[stratum] as f64,
            }
        });
        Ok(Adjusted::by(before, factor.collect()))
    }

    /// Nothing to correct: the design rule counts the units that were worked as the ones drawn.
    fn back(&self, _: &Adjusted, _: &mut [f64]) -> f64 {
        0.0
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        vec![self.stratum.label(unit).to_owned()]
    }
}
