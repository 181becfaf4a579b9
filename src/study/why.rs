//! One case: how its weight came about, from the draw to the end.

use serde::{Deserialize, Serialize};

use super::estimate::READS;
use super::folder::KEY;
use super::study::read_key;
use super::{Done, Error, Study};
use crate::draw::stages::Level;
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
    /// The base weight, stage by stage if the draw had some, and then each step.
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
    /// Named and computed as `card` says, from the sources of all `cards` that took part.
    fn of(
        card: &Card,
        cards: &[&Card],
        finds: Vec<String>,
        (factor, weight): (f64, f64),
    ) -> WhyStep {
        let mut sources: Vec<String> = Vec::new();
        for source in cards.iter().flat_map(|card| card.sources) {
            let source = source.to_string();
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        WhyStep {
            step: card.key.to_owned(),
            finds,
            factor,
            weight,
            formula: card.formula.to_owned(),
            sources,
        }
    }
}

/// The base weight of a draw in stages: one factor for each.
fn by_stage(stages: &[Level], unit: usize) -> Vec<WhyStep> {
    let mut weight = 1.0;
    let mut steps = Vec::new();
    for (place, level) in stages.iter().enumerate() {
        let factor = 1.0 / level.chance[unit];
        weight *= factor;
        let clusters = level.column.as_ref().zip(level.clusters.as_ref());
        let cluster = clusters.map(|(column, codes)| format!("{column} {}", codes.label(unit)));
        let finds = cluster
            .into_iter()
            .chain([format!("of {}", level.there[unit])]);
        steps.push(WhyStep {
            step: format!("{}.{}", base::CARD.key, place + 1),
            ..WhyStep::of(
                &base::CARD,
                &[&base::CARD],
                finds.collect(),
                (factor, weight),
            )
        });
    }
    steps
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
        let first = match sample.basis.stages.as_slice() {
            [] => vec![WhyStep::of(
                &base::CARD,
                &[&base::CARD],
                vec![],
                (first, first),
            )],
            stages => by_stage(stages, unit),
        };
        let later = ledger.entries().iter().map(|entry| {
            let (step, adjusted) = (entry.step(), entry.adjusted());
            let weights = (adjusted.factor[unit], adjusted.after[unit]);
            WhyStep::of(
                step.card(),
                &step.cards(),
                step.finds(adjusted, unit),
                weights,
            )
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
            steps: first.into_iter().chain(later).collect(),
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
