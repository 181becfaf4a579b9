//! The weighting steps of survey.toml as the room's own.

use super::totals::{CROSS, Totals};
use super::weigh::classes;
use super::{Error, FollowUpError, Study};
use crate::draw::Sample;
use crate::field::Outcomes;
use crate::frame::Codes;
use crate::progress::Monitor;
use crate::settings::{self, WeighStep};
use crate::weigh::compose::Together;
use crate::weigh::multiplicity::Counted;
use crate::weigh::propensity::Use;
use crate::weigh::tree::{Branching, Growth};
use crate::weigh::{
    self, Amount, Bounds, ByTree, Calibrate, Cap, Compose, Controls, Distance, Excess, Instruments,
    Margin, Multiplicity, Nonresponse, Poststratify, Predictors, Propensity, Rake, Trim, Uncertain,
    Unknown,
};

/// What a step is made of.
pub(super) struct Maker<'a> {
    study: &'a Study,
    sample: &'a Sample,
    outcomes: &'a Outcomes,
    totals: Option<Totals>,
    monitor: &'a dyn Monitor,
}

impl<'a> Maker<'a> {
    /// For this sample and what became of it; reads known totals that stand in a file.
    pub fn of(
        study: &'a Study,
        sample: &'a Sample,
        outcomes: &'a Outcomes,
        monitor: &'a dyn Monitor,
    ) -> Result<Maker<'a>, crate::Error> {
        let weigh = &study.settings().weigh;
        let path = |file: &String| study.home().join(file);
        let covariance = weigh.covariance.as_ref().map(path);
        let totals = weigh.controls.as_ref().map(path);
        let totals = totals.map(|totals| Totals::read(&totals, covariance.as_deref()));
        Ok(Maker {
            study,
            sample,
            outcomes,
            totals: totals.transpose()?,
            monitor,
        })
    }

    /// A step that survey.toml names.
    pub fn step(&self, step: &WeighStep) -> Result<Box<dyn weigh::Step>, crate::Error> {
        let (sample, outcomes) = (self.sample, self.outcomes);
        Ok(match step {
            WeighStep::Unknown { by } => Box::new(Unknown::within(classes(sample, by)?, outcomes)),
            WeighStep::SecondPhase => {
                let phase = self.study.followed(sample)?;
                Box::new(phase.ok_or(FollowUpError::NobodyFollowedUp)?)
            }
            WeighStep::Nonresponse { by } => {
                Box::new(Nonresponse::within(classes(sample, by)?, outcomes))
            }
            WeighStep::Propensity { .. } => self.propensity(step)?,
            WeighStep::Tree { .. } => self.tree(step)?,
            WeighStep::Compose { .. } => self.compose(step)?,
            WeighStep::Counts {
                people,
                of,
                cap,
                missing,
            } => {
                let counted = if *people {
                    Counted::People
                } else {
                    Counted::Numbers
                };
                let (told, missing) = (self.told(of)?, missing.map(|count| count as f64));
                Box::new(Multiplicity::by(
                    counted, of, &told, *cap, missing, outcomes,
                )?)
            }
            WeighStep::Poststratify { margin } => {
                self.counted("poststratify")?;
                Box::new(Poststratify::to(self.margin(margin)?))
            }
            WeighStep::Rake {
                margins,
                tolerance,
                rounds,
            } => {
                self.counted("rake")?;
                Box::new(Rake::to(self.margins(margins)?, *tolerance, *rounds)?)
            }
            WeighStep::Calibrate { .. } => self.calibrate(step)?,
            WeighStep::Instruments { .. } => self.instruments(step)?,
            WeighStep::Trim { cap, equal, .. } => Box::new(trim(*cap, *equal, outcomes)?),
        })
    }

    fn propensity(&self, step: &WeighStep) -> Result<Box<dyn weigh::Step>, crate::Error> {
        let WeighStep::Propensity {
            by,
            numbers,
            classes,
            weighted,
            least,
        } = step
        else {
            unreachable!("asked for by its name");
        };
        let mut predictors = Predictors::of(Propensity::part(self.outcomes));
        for name in by {
            predictors = predictors.and_levels(name, self.column(name)?.clone());
        }
        for name in numbers {
            predictors = predictors.and_numbers(name, self.numbers(name)?)?;
        }
        let used = classes.map_or(Use::Inverse, Use::Classes);
        let step = Propensity::from(predictors, used, *weighted, *least, self.outcomes)?;
        Ok(Box::new(step))
    }

    fn tree(&self, step: &WeighStep) -> Result<Box<dyn weigh::Step>, crate::Error> {
        let WeighStep::Tree {
            by,
            ordered,
            least,
            level,
            weighted,
        } = step
        else {
            unreachable!("asked for by its name");
        };
        let names = by.iter().map(|name| (name, false));
        let columns = names.chain(ordered.iter().map(|name| (name, true)));
        let columns = columns.map(|(name, ordered)| -> Result<Branching, Error> {
            Ok(Branching {
                name: name.clone(),
                levels: self.column(name)?.clone(),
                ordered,
            })
        });
        let growth = Growth {
            least: *least,
            level: *level,
            weighted: *weighted,
        };
        let columns = columns.collect::<Result<_, _>>()?;
        Ok(Box::new(ByTree::of(columns, growth, self.outcomes)?))
    }

    fn compose(&self, step: &WeighStep) -> Result<Box<dyn weigh::Step>, crate::Error> {
        let WeighStep::Compose {
            list,
            first,
            both,
            equals,
            together,
        } = step
        else {
            unreachable!("asked for by its name");
        };
        let lists = self.column(list)?;
        let labels = lists.labels();
        if labels.len() != 2 || lists.find(first).is_none() {
            return Err(Error::NotTwoLists {
                column: list.clone(),
                first: first.clone(),
                labels: labels.to_vec(),
            }
            .into());
        }
        let of_first: Vec<bool> = (0..lists.len())
            .map(|unit| lists.label(unit) == first)
            .collect();
        let told = self.told(both)?;
        let told: Vec<Option<bool>> = told
            .iter()
            .map(|told| told.map(|told| (told - equals).abs() <= 0.0))
            .collect();
        let together = match *together {
            settings::Together::Share(share) => Together::Share(share),
            settings::Together::Effective => Together::Effective,
            settings::Together::Chances(first, second) => Together::Chances {
                own: self.sample.probability.clone(),
                other: of_first
                    .iter()
                    .map(|&mine| if mine { second } else { first })
                    .collect(),
            },
        };
        Ok(Box::new(Compose::of(
            of_first,
            &told,
            together,
            self.outcomes,
        )?))
    }

    fn calibrate(&self, step: &WeighStep) -> Result<Box<dyn weigh::Step>, crate::Error> {
        let WeighStep::Calibrate {
            margins,
            amounts,
            method,
            limits,
            tolerance,
            rounds,
        } = step
        else {
            unreachable!("asked for by its name");
        };
        let controls = self.controls(margins, amounts)?;
        let covariance = match &self.totals {
            Some(totals) if totals.are_estimated() => Some(totals.covariance(&controls, margins)?),
            _ => None,
        };
        let mut calibrate = Calibrate::to(controls, distance(*method)?, *tolerance, *rounds)?;
        if let Some((low, high)) = *limits {
            calibrate = calibrate.within(low, high)?;
        }
        Ok(match covariance {
            Some(covariance) => Box::new(Uncertain::with(calibrate, covariance)?),
            None => Box::new(calibrate),
        })
    }

    fn instruments(&self, step: &WeighStep) -> Result<Box<dyn weigh::Step>, crate::Error> {
        let WeighStep::Instruments {
            margins,
            amounts,
            by,
            numbers,
            method,
            tolerance,
            rounds,
        } = step
        else {
            unreachable!("asked for by its name");
        };
        self.counted("instruments")?;
        let answered: Vec<bool> = self
            .outcomes
            .class
            .iter()
            .map(|class| class.responds())
            .collect();
        let mut instruments = Predictors::of(answered.clone());
        for name in by {
            let levels = match self.outcomes.item(name) {
                Some(_) => {
                    let told = self.said(name, &answered)?;
                    Codes::from_labels(told.iter().map(f64::to_string))
                }
                None => self.column(name)?.clone(),
            };
            instruments = instruments.and_levels(name, levels);
        }
        for name in numbers {
            instruments = instruments.and_numbers(name, self.said(name, &answered)?)?;
        }
        let (controls, distance) = (self.controls(margins, amounts)?, distance(*method)?);
        let step = Instruments::to(
            controls,
            instruments,
            distance,
            *tolerance,
            *rounds,
            self.outcomes,
        )?;
        Ok(Box::new(step))
    }

    fn controls(
        &self,
        margins: &[Vec<String>],
        amounts: &[String],
    ) -> Result<Controls, crate::Error> {
        let amounts: Result<Vec<Amount>, crate::Error> =
            amounts.iter().map(|name| self.amount(name)).collect();
        Ok(Controls::new(self.margins(margins)?, amounts?)?)
    }

    fn margins(&self, margins: &[Vec<String>]) -> Result<Vec<Margin>, crate::Error> {
        margins.iter().map(|by| self.margin(by)).collect()
    }

    /// A margin with the totals of the file, or, where that has none, with the list's own counts.
    fn margin(&self, by: &[String]) -> Result<Margin, crate::Error> {
        match self.totals.as_ref().and_then(|totals| totals.levels(by)) {
            Some(totals) => {
                let levels = classes(self.sample, by)?;
                Ok(Margin::new(by.join(" × "), levels, &totals)?)
            }
            None => {
                self.units(&by.join(CROSS))?;
                self.study.margin(self.sample, by, self.monitor)
            }
        }
    }

    fn amount(&self, name: &str) -> Result<Amount, crate::Error> {
        match self.totals.as_ref().and_then(|totals| totals.amount(name)) {
            Some(total) => Ok(Amount::new(name, self.numbers(name)?, total)?),
            None => {
                self.units(name)?;
                self.study.amount(self.sample, name, self.monitor)
            }
        }
    }

    /// Refuses the list's own counts where weights speak for persons.
    fn units(&self, control: &str) -> Result<(), Error> {
        let settings = &self.study.settings().weigh;
        let persons = |step: &WeighStep| matches!(step, WeighStep::Counts { .. });
        match &settings.controls {
            Some(file) if settings.steps.iter().any(persons) => Err(Error::NoControl {
                file: file.clone(),
                control: control.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses totals that were estimated, for a step that takes them as known.
    fn counted(&self, step: &str) -> Result<(), Error> {
        match &self.totals {
            Some(totals) if totals.are_estimated() => Err(Error::UncertainTotals {
                step: step.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    fn column(&self, name: &str) -> Result<&Codes, Error> {
        self.sample.column(name).ok_or_else(|| Error::NoColumn {
            column: name.to_owned(),
            known: self.columns(),
        })
    }

    fn columns(&self) -> Vec<String> {
        self.sample
            .columns
            .iter()
            .map(|(known, _)| known.clone())
            .collect()
    }

    /// A column of numbers; a blank is none.
    fn maybe_numbers(&self, name: &str, codes: &Codes) -> Result<Vec<Option<f64>>, weigh::Error> {
        let number = |label: &String| match label.trim() {
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(value)),
                _ => Err(weigh::Error::NoNumber {
                    amount: name.to_owned(),
                    label: label.clone(),
                }),
            },
        };
        let labels: Vec<Option<f64>> = codes
            .labels()
            .iter()
            .map(number)
            .collect::<Result<_, _>>()?;
        Ok(codes
            .codes()
            .iter()
            .map(|&code| labels[code as usize])
            .collect())
    }

    /// A column of numbers without blanks.
    fn numbers(&self, name: &str) -> Result<Vec<f64>, crate::Error> {
        let numbers = self.maybe_numbers(name, self.column(name)?)?;
        let whole: Option<Vec<f64>> = numbers.into_iter().collect();
        let blank = || weigh::Error::NoNumber {
            amount: name.to_owned(),
            label: String::new(),
        };
        Ok(whole.ok_or_else(blank)?)
    }

    /// An answer, or else a column of numbers.
    fn told(&self, name: &str) -> Result<Vec<Option<f64>>, crate::Error> {
        if let Some(item) = self.outcomes.item(name) {
            return Ok(item.values.clone());
        }
        match self.sample.column(name) {
            Some(column) => Ok(self.maybe_numbers(name, column)?),
            None => {
                let items = self.outcomes.items.iter().map(|item| item.name.clone());
                let known = items.chain(self.columns()).collect();
                let item = name.to_owned();
                Err(Error::NoItem { item, known }.into())
            }
        }
    }

    /// The same, of which no interview may lack one; 0 for others.
    fn said(&self, name: &str, answered: &[bool]) -> Result<Vec<f64>, crate::Error> {
        let told = self.told(name)?;
        let lacks = |(told, answered): (&Option<f64>, &bool)| *answered && told.is_none();
        let count = told
            .iter()
            .zip(answered)
            .filter(|&pair| lacks(pair))
            .count() as u64;
        if count > 0 {
            let item = name.to_owned();
            return Err(weigh::Error::NoCount { item, count }.into());
        }
        // A unit without an interview has no part in it, whatever stands here.
        Ok(told.into_iter().map(Option::unwrap_or_default).collect())
    }
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

/// The step "trim".
pub(super) fn trim(
    cap: settings::Cap,
    equal: bool,
    outcomes: &Outcomes,
) -> Result<Trim, weigh::Error> {
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
