//! Step 6: how many people each answer speaks for.

use serde::{Deserialize, Serialize};

use super::folder::{CHECK, DRAW, FOLLOWED, OUTCOMES, QUALITY, SAMPLE, SURVEY, WEIGHTS};
use super::steps::{Maker, trim};
use super::study::LIST;
use super::{Done, Error, Study};
use crate::bare::weights::{INTERVIEW, NOT_ELIGIBLE};
use crate::draw::Sample;
use crate::field::{Class, Outcomes};
use crate::files::{Column, Columns, parquet};
use crate::frame::Codes;
use crate::language::Language;
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::settings::WeighStep;
use crate::weigh::{self, Alternate, Balance, Ledger, Quality};

/// What the weighting steps did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// The weights at first and after each step.
    pub steps: Vec<Quality>,
    /// Known totals before and after the steps that meet them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balance: Vec<Balance>,
    /// What steps found that a reader should see: propensities, classes of a tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The files of known totals and of their covariances, by what they hold: their SHA-256.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<String>,
}

/// What a step found, in the language of the survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The step's card key.
    pub step: String,
    /// In words.
    pub says: Vec<String>,
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
        parquet::write(&self.path(WEIGHTS), &table(&sample, &outcomes, &ledger))?;
        let totals = self.totals_files();
        let print = |file: &&str| self.print_of(&self.home().join(file));
        let weighed = Weighed {
            totals: totals.iter().map(print).collect::<Result<_, _>>()?,
            steps: ledger.quality(),
            balance: weigh::balance(&ledger),
            notes: notes(&ledger, self.settings().survey.language),
        };
        let cards = cards(&ledger);
        let notices = notices(&ledger);
        self.write(QUALITY, "weights", &cards, &notices, &weighed)?;
        let mut read = vec![SURVEY, CHECK, SAMPLE, DRAW, OUTCOMES];
        read.extend(self.totals_need_the_list().then_some(LIST));
        read.extend(totals);
        read.extend(self.path(FOLLOWED).exists().then_some(FOLLOWED));
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
        self.trust(
            "weigh",
            &[&[WEIGHTS, QUALITY], &self.totals_files()[..]].concat(),
        )?;
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

    /// The files of known totals, if there are any.
    fn totals_files(&self) -> Vec<&str> {
        let weigh = &self.settings().weigh;
        let files = weigh.controls.iter().chain(&weigh.covariance);
        files.map(String::as_str).collect()
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
        let named = &self.settings().weigh.steps;
        // A second phase is never left out: without a word it is taken where the design has it, first.
        let phase = match named.contains(&WeighStep::SecondPhase) {
            true => None,
            false => self.followed(sample)?,
        };
        if let Some(phase) = phase {
            ledger.take(Box::new(phase), outcomes)?;
        }
        let maker = Maker::of(self, sample, outcomes, monitor)?;
        let mut steps = named.iter().peekable();
        while let Some(step) = steps.next() {
            let mut taken = maker.step(step)?;
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
}

fn meets_totals(step: &WeighStep) -> bool {
    matches!(
        step,
        WeighStep::Poststratify { .. } | WeighStep::Rake { .. } | WeighStep::Calibrate { .. }
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
    let of_steps = ledger
        .entries()
        .iter()
        .flat_map(|entry| entry.step().notices(entry.adjusted()));
    notices.into_iter().flatten().chain(of_steps).collect()
}

fn notes(ledger: &Ledger, language: Language) -> Vec<Note> {
    let note = |entry: &weigh::Entry| Note {
        step: entry.key().to_owned(),
        says: entry.step().notes(entry.adjusted(), language),
    };
    let notes = ledger.entries().iter().map(note);
    notes.filter(|note| !note.says.is_empty()).collect()
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

/// Who gave an interview and who is not eligible, one column for the base weight, one for each factor, and
/// their product.
fn table(sample: &Sample, outcomes: &Outcomes, ledger: &Ledger) -> Columns {
    let flags = |flags: Vec<bool>| Column::Whole(flags.into_iter().map(u64::from).collect());
    let ended = outcomes.class.iter();
    let apart = ended.map(|class| *class == Class::NotEligible).collect();
    let real = |values: &[f64]| Column::Real(values.iter().copied().map(Some).collect());
    let mut table = Columns::default();
    table.push("case_id", Column::Text(sample.id.clone()));
    // Weights of 0 are of two kinds, and those above 0 too: numbers that are not eligible keep theirs.
    table.push(INTERVIEW, flags(ledger.interviewed().to_vec()));
    table.push(NOT_ELIGIBLE, flags(apart));
    table.push("base", real(ledger.base_weights()));
    // Where clusters were drawn first, the base weight is the product of these.
    for (place, level) in sample.basis.stages.iter().enumerate() {
        let factors: Vec<f64> = level.chance.iter().map(|chance| 1.0 / chance).collect();
        table.push(format!("base.{}", place + 1), real(&factors));
    }
    for entry in ledger.entries() {
        table.push(
            format!("factor.{}", entry.key()),
            real(&entry.adjusted().factor),
        );
    }
    table.push(WEIGHT, real(ledger.weights()));
    table
}
