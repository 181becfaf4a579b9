//! Step 6: how many people each answer speaks for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check::Checked;
use super::folder::{CHECK, DRAW, OUTCOMES, QUALITY, SAMPLE, SURVEY, WEIGHTS};
use super::study::LIST;
use super::{Artefact, Done, Error, Study};
use crate::draw::Sample;
use crate::field::Outcomes;
use crate::files::{Column, Columns, parquet};
use crate::frame::{Codes, count_by, join};
use crate::method::Card;
use crate::progress::Monitor;
use crate::settings::WeighStep;
use crate::weigh::{self, Ledger, Margin, Nonresponse, Quality, Rake, Unknown};

/// What the weighting steps did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// The weights at first and after each step.
    pub steps: Vec<Quality>,
}

/// The sample, what became of it, and its weights: what estimates are made of.
#[derive(Debug)]
pub(super) struct Answered {
    pub sample: Sample,
    pub outcomes: Outcomes,
    pub ledger: Ledger,
}

impl Study {
    /// Weighs the answers by the steps of survey.toml.
    ///
    /// # Errors
    ///
    /// If a class or level has nobody to take its weight, or raking does not converge: the message
    /// names it. If sample or outcomes have changed since they were made.
    pub fn weigh(&self, monitor: &dyn Monitor) -> Result<Done<Weighed>, crate::Error> {
        let (sample, outcomes) = self.sample_and_outcomes("weigh")?;
        let ledger = self.ledger(&sample, &outcomes, monitor)?;
        parquet::write(&self.path(WEIGHTS), &table(&sample, &ledger))?;
        let weighed = Weighed { steps: ledger.quality() };
        let cards = cards(&ledger);
        self.write(QUALITY, "weights", &cards, &[], &weighed)?;
        let mut read = vec![SURVEY, CHECK, SAMPLE, DRAW, OUTCOMES];
        read.extend((!self.margins_beside_strata().is_empty()).then_some(LIST));
        self.done("weigh", &read, &cards, Vec::new(), weighed)
    }

    /// The sample, its outcomes, and the ledger that its weights were written from.
    pub(super) fn answered(&self, step: &str, monitor: &dyn Monitor) -> Result<Answered, crate::Error> {
        self.need(WEIGHTS, step)?;
        let (sample, outcomes) = self.sample_and_outcomes(step)?;
        self.trust("weigh", &[WEIGHTS, QUALITY])?;
        let ledger = self.ledger(&sample, &outcomes, monitor)?;
        let written = parquet::read(&self.path(WEIGHTS))?;
        let same = match written.get(WEIGHT) {
            Some(Column::Real(weights)) => {
                weights.len() == ledger.weights().len()
                    && weights
                        .iter()
                        .zip(ledger.weights())
                        .all(|(written, made)| written.map(f64::to_bits) == Some(made.to_bits()))
            }
            _ => false,
        };
        if !same {
            return Err(Error::Stale { file: WEIGHTS.to_owned(), writer: "weigh".to_owned() }.into());
        }
        Ok(Answered { sample, outcomes, ledger })
    }

    fn sample_and_outcomes(&self, step: &str) -> Result<(Sample, Outcomes), crate::Error> {
        let sample = self.sample(step)?;
        self.need(OUTCOMES, step)?;
        self.trust("ingest", &[SAMPLE, DRAW, OUTCOMES])?;
        let outcomes = self.outcomes(&sample, step)?;
        Ok((sample, outcomes))
    }

    /// The weights, with every step that survey.toml names.
    fn ledger(
        &self,
        sample: &Sample,
        outcomes: &Outcomes,
        monitor: &dyn Monitor,
    ) -> Result<Ledger, crate::Error> {
        let mut ledger = Ledger::base(sample, outcomes)?;
        for step in &self.settings().weigh.steps {
            let step: Box<dyn weigh::Step> = match step {
                WeighStep::Unknown { by } => {
                    Box::new(Unknown::within(classes(sample, by)?, outcomes))
                }
                WeighStep::Nonresponse { by } => {
                    Box::new(Nonresponse::within(classes(sample, by)?, outcomes))
                }
                WeighStep::Rake { margins, tolerance, rounds } => {
                    let margins: Result<Vec<Margin>, crate::Error> =
                        margins.iter().map(|by| self.margin(sample, by, monitor)).collect();
                    Box::new(Rake::to(margins?, *tolerance, *rounds)?)
                }
            };
            ledger.take(step, outcomes)?;
        }
        Ok(ledger)
    }

    /// A margin with the list's own counts: those of the check where it is made of strata, otherwise
    /// from another reading.
    fn margin(
        &self,
        sample: &Sample,
        by: &[String],
        monitor: &dyn Monitor,
    ) -> Result<Margin, crate::Error> {
        let levels = classes(sample, by)?;
        let mut totals: BTreeMap<String, f64> = BTreeMap::new();
        let strata = &self.settings().list.strata;
        let places: Option<Vec<usize>> =
            by.iter().map(|name| strata.iter().position(|column| column == name)).collect();
        if let Some(places) = places {
            let checked: Artefact<Checked> = self.read(CHECK, "check", "weigh")?;
            for stratum in &checked.content.census.strata {
                let labels: Vec<&String> = places.iter().map(|&i| &stratum.labels[i]).collect();
                *totals.entry(join(&labels)).or_default() += stratum.population as f64;
            }
        } else {
            self.trust("draw", &[LIST])?;
            let columns: Vec<&str> = by.iter().map(String::as_str).collect();
            for (labels, count) in count_by(&self.frame()?.0, &columns, monitor)? {
                *totals.entry(join(&labels)).or_default() += count as f64;
            }
        }
        Ok(Margin::new(by.join(" × "), levels, &totals)?)
    }

    /// Columns of margins that are no strata, so that the list must be read for their counts.
    fn margins_beside_strata(&self) -> Vec<&String> {
        let strata = &self.settings().list.strata;
        let margins = self.settings().weigh.steps.iter().flat_map(|step| match step {
            WeighStep::Rake { margins, .. } => margins.as_slice(),
            _ => &[],
        });
        margins.flatten().filter(|column| !strata.contains(column)).collect()
    }
}

/// The combination of some columns that came along with the sample; one class without any.
pub(super) fn classes(sample: &Sample, by: &[String]) -> Result<Codes, Error> {
    if by.is_empty() {
        return Ok(Codes::new(vec!["all".to_owned()], vec![0; sample.len()]));
    }
    let columns: Vec<&Codes> = by
        .iter()
        .map(|name| {
            sample.column(name).ok_or_else(|| Error::NoColumn {
                column: name.clone(),
                known: sample.columns.iter().map(|(known, _)| known.clone()).collect(),
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Codes::crossed(&columns))
}

fn cards(ledger: &Ledger) -> Vec<&'static Card> {
    let steps = ledger.entries().iter().map(|entry| entry.step().card());
    std::iter::once(&weigh::base::CARD).chain(steps).chain([&weigh::quality::CARD]).collect()
}

/// The column of final weights.
const WEIGHT: &str = "weight";

/// One column for the base weight, one for each factor, and their product.
fn table(sample: &Sample, ledger: &Ledger) -> Columns {
    let real = |values: &[f64]| Column::Real(values.iter().copied().map(Some).collect());
    let mut table = Columns::default();
    table.push("case_id", Column::Text(sample.id.clone()));
    table.push("base", real(ledger.base_weights()));
    for entry in ledger.entries() {
        table.push(format!("factor.{}", entry.key()), real(&entry.adjusted().factor));
    }
    table.push(WEIGHT, real(ledger.weights()));
    table
}
