//! Step 6: how many people each answer speaks for.

use serde::{Deserialize, Serialize};

use super::folder::{CHECK, DRAW, OUTCOMES, QUALITY, SAMPLE, SURVEY, WEIGHTS};
use super::study::LIST;
use super::{Done, Error, Study};
use crate::draw::Sample;
use crate::field::Outcomes;
use crate::files::{Column, Columns, parquet};
use crate::frame::Codes;
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::settings::{self, WeighStep};
use crate::weigh::{
    self, Alternate, Bounds, Calibrate, Cap, Controls, Distance, Excess, Ledger, Nonresponse,
    Poststratify, Quality, Rake, Trim, Unknown,
};

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
        let weighed = Weighed {
            steps: ledger.quality(),
        };
        let cards = cards(&ledger);
        let notices = notices(&ledger);
        self.write(QUALITY, "weights", &cards, &notices, &weighed)?;
        let mut read = vec![SURVEY, CHECK, SAMPLE, DRAW, OUTCOMES];
        read.extend(self.totals_need_the_list().then_some(LIST));
        self.done("weigh", &read, &cards, notices, weighed)
    }

    /// The sample, its outcomes, and the ledger that its weights were written from.
    pub(super) fn answered(
        &self,
        step: &str,
        monitor: &dyn Monitor,
    ) -> Result<Answered, crate::Error> {
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
            return Err(Error::Stale {
                file: WEIGHTS.to_owned(),
                writer: "weigh".to_owned(),
            }
            .into());
        }
        Ok(Answered {
            sample,
            outcomes,
            ledger,
        })
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
        let mut steps = self.settings().weigh.steps.iter().peekable();
        while let Some(step) = steps.next() {
            let mut taken = self.step(step, sample, outcomes, monitor)?;
            // Trimming breaks the totals that were just met, so the two take turns.
            let then =
                steps.next_if(|next| meets_totals(step) && matches!(next, WeighStep::Trim { .. }));
            if let Some(WeighStep::Trim {
                cap,
                equal,
                tolerance,
                rounds,
            }) = then
            {
                let trim = trim(*cap, *equal, outcomes)?;
                taken = Box::new(Alternate::between(taken, trim, *tolerance, *rounds));
            }
            ledger.take(taken, outcomes)?;
        }
        Ok(ledger)
    }

    /// A step that survey.toml names.
    fn step(
        &self,
        step: &WeighStep,
        sample: &Sample,
        outcomes: &Outcomes,
        monitor: &dyn Monitor,
    ) -> Result<Box<dyn weigh::Step>, crate::Error> {
        let margins = |margins: &[Vec<String>]| -> Result<Vec<weigh::Margin>, crate::Error> {
            margins
                .iter()
                .map(|by| self.margin(sample, by, monitor))
                .collect()
        };
        Ok(match step {
            WeighStep::Unknown { by } => Box::new(Unknown::within(classes(sample, by)?, outcomes)),
            WeighStep::Nonresponse { by } => {
                Box::new(Nonresponse::within(classes(sample, by)?, outcomes))
            }
            WeighStep::Poststratify { margin } => {
                Box::new(Poststratify::to(self.margin(sample, margin, monitor)?))
            }
            WeighStep::Rake {
                margins: by,
                tolerance,
                rounds,
            } => Box::new(Rake::to(margins(by)?, *tolerance, *rounds)?),
            WeighStep::Calibrate {
                margins: by,
                amounts,
                method,
                tolerance,
                rounds,
            } => {
                let amounts: Result<Vec<weigh::Amount>, crate::Error> = amounts
                    .iter()
                    .map(|name| self.amount(sample, name, monitor))
                    .collect();
                let controls = Controls::new(margins(by)?, amounts?)?;
                Box::new(Calibrate::to(
                    controls,
                    distance(*method)?,
                    *tolerance,
                    *rounds,
                )?)
            }
            WeighStep::Trim { cap, equal, .. } => Box::new(trim(*cap, *equal, outcomes)?),
        })
    }
}

fn meets_totals(step: &WeighStep) -> bool {
    matches!(
        step,
        WeighStep::Poststratify { .. } | WeighStep::Rake { .. } | WeighStep::Calibrate { .. }
    )
}

fn distance(method: settings::Distance) -> Result<Distance, weigh::Error> {
    let limits = |(low, high)| Bounds::new(low, high);
    Ok(match method {
        settings::Distance::Linear => Distance::Linear,
        settings::Distance::Raking { bounds: None } => Distance::Raking,
        settings::Distance::Raking {
            bounds: Some(bounds),
        } => Distance::BoundedRaking(limits(bounds)?),
        settings::Distance::Logit { bounds } => Distance::Logit(limits(bounds)?),
        settings::Distance::Truncated { bounds } => Distance::Truncated(limits(bounds)?),
    })
}

fn trim(cap: settings::Cap, equal: bool, outcomes: &Outcomes) -> Result<Trim, weigh::Error> {
    let cap = match cap {
        settings::Cap::Weight(most) => Cap::Weight(most),
        settings::Cap::Median(times) => Cap::TimesMedian(times),
        settings::Cap::Mean(times) => Cap::TimesMean(times),
    };
    Trim::to(
        cap,
        if equal {
            Excess::Equal
        } else {
            Excess::Proportional
        },
        outcomes,
    )
}

/// What a reader of the weights must hear.
fn notices(ledger: &Ledger) -> Vec<Notice> {
    let negative = ledger
        .weights()
        .iter()
        .filter(|weight| **weight < 0.0)
        .count() as u64;
    let held = ledger
        .entries()
        .last()
        .and_then(|entry| entry.adjusted().held)
        .unwrap_or(0);
    let notices = [
        (negative > 0).then_some(Notice::NegativeWeights { count: negative }),
        (held > 0).then_some(Notice::WeightsHeld { count: held }),
    ];
    notices.into_iter().flatten().collect()
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
                known: sample
                    .columns
                    .iter()
                    .map(|(known, _)| known.clone())
                    .collect(),
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Codes::crossed(&columns))
}

fn cards(ledger: &Ledger) -> Vec<&'static Card> {
    let steps = ledger
        .entries()
        .iter()
        .flat_map(|entry| entry.step().cards());
    std::iter::once(&weigh::base::CARD)
        .chain(steps)
        .chain([&weigh::quality::CARD])
        .collect()
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
        table.push(
            format!("factor.{}", entry.key()),
            real(&entry.adjusted().factor),
        );
    }
    table.push(WEIGHT, real(ledger.weights()));
    table
}
