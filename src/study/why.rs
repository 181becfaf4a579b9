//! One case: how its weight came about, from the draw to the end.

use serde::{Deserialize, Serialize};

use super::estimate::READS;
use super::folder::KEY;
use super::study::read_key;
use super::{Done, Error, Study};
use crate::field;
use crate::method::Card;
use crate::progress::Monitor;
use crate::weigh::base;

/// The weight of one case, and every factor in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// Its case id.
    pub case: String,
    /// The stratum it was drawn from.
    pub stratum: String,
    /// N_h, the units of that stratum in the list.
    pub population: u64,
    /// n_h, those drawn.
    pub drawn: u64,
    /// π, the chance it had.
    pub probability: f64,
    /// Its replicate, from 1.
    pub replicate: u32,
    /// How it ended, as an AAPOR code; none if it was never released.
    pub code: Option<String>,
    /// Whether it is an interview. Other cases have no part in figures, whatever their weight.
    pub interview: bool,
    /// The base weight, and then each step.
    pub steps: Vec<WhyStep>,
    /// The weight in the end: the product of all factors.
    pub weight: f64,
}

/// What one step made of the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhyStep {
    /// The key of the step's card.
    pub step: String,
    /// The class, levels and amounts by which the step found the case.
    pub finds: Vec<String>,
    /// What the weight was multiplied by; the base weight itself for the first.
    pub factor: f64,
    /// The weight after it.
    pub weight: f64,
    /// The formula.
    pub formula: String,
    /// Who it is from.
    pub sources: Vec<String>,
}

impl WhyStep {
    fn of(card: &Card, finds: Vec<String>, factor: f64, weight: f64) -> WhyStep {
        WhyStep {
            step: card.key.to_owned(),
            finds,
            factor,
            weight,
            formula: card.formula.to_owned(),
            sources: card.sources.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Study {
    /// Tells how the weight of a case came about. The case is named by its case id or, where case.key
    /// is at hand, by its id in the list. Weights are made anew, and must be those that were written.
    ///
    /// # Errors
    ///
    /// [`Error::NoCase`] if nothing of that name was drawn; as [`Study::estimate`] if the weights are
    /// not there or out of date.
    pub fn why(&self, case: &str, monitor: &dyn Monitor) -> Result<Done<Why>, crate::Error> {
        let answered = self.answered("why", monitor)?;
        let (sample, ledger) = (&answered.sample, &answered.ledger);
        let place = |id: &str| sample.id.iter().position(|known| known == id);
        let mut read: Vec<String> = READS.iter().map(|file| (*file).to_owned()).collect();
        let key = self.path(KEY);
        let mut found = place(&field::tidy(case));
        if found.is_none() && key.exists() {
            read.push(KEY.to_owned());
            found = place(&read_key(&key)?.case_id(case));
        }
        let unit = found.ok_or_else(|| Error::NoCase {
            case: case.to_owned(),
            key: key.exists(),
        })?;
        let stratum = sample.stratum.code(unit);
        let first = ledger.base_weights()[unit];
        let first = WhyStep::of(&base::CARD, vec![], first, first);
        let later = ledger.entries().iter().map(|entry| {
            let (step, adjusted) = (entry.step(), entry.adjusted());
            let (factor, after) = (adjusted.factor[unit], adjusted.after[unit]);
            WhyStep::of(step.card(), step.finds(adjusted, unit), factor, after)
        });
        let why = Why {
            case: sample.id[unit].clone(),
            stratum: sample.stratum.label(unit).to_owned(),
            population: sample.population[stratum],
            drawn: sample.drawn_by_stratum()[stratum],
            probability: sample.probability[unit],
            replicate: sample.replicate[unit],
            code: answered.outcomes.code[unit].clone(),
            interview: ledger.interviewed()[unit],
            steps: std::iter::once(first).chain(later).collect(),
            weight: ledger.weights()[unit],
        };
        Ok(Done {
            value: why,
            notices: Vec::new(),
            read,
            wrote: Vec::new(),
        })
    }
}
