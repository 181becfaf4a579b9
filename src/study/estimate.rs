//! Step 7: what the population says, and how sure we are.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::changes::Changed;
use super::figures::{self, Asked, Told, retell};
use super::folder::{CHECK, DRAW, ESTIMATES, OUTCOMES, QUALITY, SAMPLE, SURVEY, WEIGHTS};
use super::regressions::{self, Regressed};
use super::tables::{self, Crossed};
use super::weigh::Answered;
use super::{Done, Error, Study};
use crate::advice::Advise;
use crate::draw::Sample;
use crate::estimate::compare::Compared;
use crate::estimate::variance::replicate::{self, Replicated, Replicates, Units};
use crate::estimate::variance::{self, Rule};
use crate::estimate::{self, Domain, Estimate, Estimator, Statistic};
use crate::frame::Codes;
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::{Event, Monitor};
use crate::settings::WeighStep;
use crate::weigh::Ledger;

/// The figures of a survey.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Estimated {
    /// In the order of survey.toml, and of the domains' labels.
    pub estimates: Vec<Estimate>,
    /// In the order of survey.toml: a figure, compared within every combination of columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comparisons: Vec<Compared>,
    /// In the order of survey.toml: figures less those of an earlier study.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Changed>,
    /// In the order of survey.toml: two questions crossed, in every domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Crossed>,
    /// In the order of survey.toml: a model, fitted in every domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regressions: Vec<Regressed>,
}

/// What the survey's seed decides in comparisons.
pub(super) const COMPARE: &str = "compare";

/// What estimates read.
pub(super) const READS: &[&str] = &[SURVEY, CHECK, SAMPLE, DRAW, OUTCOMES, WEIGHTS, QUALITY];

impl Study {
    /// Estimates every figure that survey.toml names, in every domain it names.
    ///
    /// # Errors
    ///
    /// [`Error::NoItem`] if a figure is of something that was not asked. A domain in which nobody
    /// answered is a notice.
    pub fn estimate(&self, monitor: &dyn Monitor) -> Result<Done<Estimated>, crate::Error> {
        let answered = self.answered("estimate", monitor)?;
        let settings = self.settings();
        let columns = figures::columns(&settings.figures, &answered)?;
        let asked: Vec<Asked<'_>> = settings
            .figures
            .iter()
            .map(|figure| Asked::of(figure, &answered, &columns))
            .collect::<Result<_, _>>()?;
        let replicates = self.replicates(&answered)?;
        let replicated = replicated(&answered, replicates.as_ref(), settings.plan.confidence);
        let replicated = replicated.as_ref();
        let mut told = Told::of(&asked, &answered, replicated, settings, monitor)?;
        let seed = self.seed().purpose(COMPARE);
        for spec in &settings.compares {
            told.compare(
                (&answered, replicated),
                spec,
                (self, &seed, &columns),
                monitor,
            )?;
        }
        let beside = self.beside((&answered, replicated), &mut told.notices, monitor)?;
        let Told {
            estimates,
            comparisons,
            notices,
            mut cards,
            sureness,
        } = told;
        let estimated = Estimated {
            estimates,
            comparisons,
            ..beside
        };
        cards.extend(beside_cards(&estimated));
        cards.extend(variance_cards(&answered, replicates.as_ref()));
        cards.extend(sureness);
        cards.push(&estimate::effect::CARD);
        self.write(ESTIMATES, "estimates", &cards, &notices, &estimated)?;
        let of_waves = self.read_for_changes();
        let read: Vec<&str> = (READS.iter().copied())
            .chain(of_waves.iter().map(String::as_str))
            .collect();
        self.done("estimate", &read, &cards, notices, estimated)
    }

    /// What stands beside figures and their comparisons: changes, tables, regressions.
    fn beside(
        &self,
        sure: (&Answered, Option<&Replicated<'_>>),
        notices: &mut Vec<Notice>,
        monitor: &dyn Monitor,
    ) -> Result<Estimated, crate::Error> {
        let (settings, confidence) = (self.settings(), self.settings().plan.confidence);
        let mut beside = Estimated::default();
        for spec in &settings.changes {
            let (changed, heard) = self.changed(sure.0, spec, monitor)?;
            beside.changes.push(changed);
            notices.extend(heard);
        }
        for spec in &settings.tables {
            let (crossed, heard) = tables::crossed(sure.0, spec, confidence, monitor)?;
            beside.tables.push(crossed);
            notices.extend(heard);
        }
        for spec in &settings.regressions {
            let (regressed, heard) = regressions::regressed(sure, spec, confidence, monitor)?;
            beside.regressions.push(regressed);
            notices.extend(heard);
        }
        Ok(beside)
    }
}

/// The cards of what stands beside figures.
fn beside_cards(estimated: &Estimated) -> Vec<&'static Card> {
    let changed = !estimated.changes.is_empty();
    let crossed = !estimated.tables.is_empty();
    let fitted = !estimated.regressions.is_empty();
    let mut cards: Vec<&'static Card> = Vec::new();
    cards.extend(changed.then_some(&estimate::change::CARD));
    cards.extend(crossed.then_some(tables::CARDS).into_iter().flatten());
    cards.extend(fitted.then_some(regressions::CARDS).into_iter().flatten());
    cards
}

/// The rule for the variance of a sample that was drawn so: the one place where it is chosen. Where the walk,
/// the places or the amounts are not at hand, the rule that does without them.
pub(super) fn rule_of<'a>(sample: &'a Sample, ledger: &'a Ledger) -> Box<dyn Rule + 'a> {
    variance::for_sample(sample, ledger.worked())
}

/// One estimate per domain, and the domains in which nobody answered.
pub(super) fn figures(
    (answered, replicated): (&Answered, Option<&Replicated<'_>>),
    statistic: &dyn Statistic,
    column: &Codes,
    confidence: f64,
    monitor: &dyn Monitor,
) -> Result<(Vec<Estimate>, Vec<String>), Error> {
    let rule = rule_of(&answered.sample, &answered.ledger);
    let estimator = Estimator::by(rule, &answered.ledger, confidence);
    let domains = Domain::each(column);
    let places: Vec<usize> = (0..domains.len()).collect();
    let (mut ones, silent) = each(&places, monitor, |&place| {
        estimator.estimate(statistic, &domains[place])
    })?;
    if let Some(replicated) = replicated {
        let wanted: Vec<_> = (ones.iter())
            .map(|(place, _)| (statistic, &domains[*place]))
            .collect();
        for ((_, one), found) in ones.iter_mut().zip(replicated.estimates(&wanted)) {
            let found = found.expect("each was estimated from scores");
            retell(one, &found, None);
        }
    }
    Ok((ones.into_iter().map(|(_, one)| one).collect(), silent))
}

impl Study {
    fn adjusts_for_nonresponse(&self) -> bool {
        let steps = &self.settings().weigh.steps;
        steps.iter().any(|step| {
            matches!(
                step,
                WeighStep::Unknown { .. }
                    | WeighStep::Nonresponse { .. }
                    | WeighStep::Propensity { .. }
                    | WeighStep::Tree { .. }
            )
        })
    }

    /// The replicates that survey.toml asks for, if it asks for any.
    pub(super) fn replicates(
        &self,
        answered: &Answered,
    ) -> Result<Option<Replicates<'static>>, Error> {
        let Some(method) = self.settings().variances.method() else {
            return Ok(None);
        };
        let rule = rule_of(&answered.sample, &answered.ledger).card().key;
        if rule != variance::strata::CARD.key {
            return Err(Error::NotReplicated {
                rule: rule.to_owned(),
            });
        }
        if self.adjusts_for_nonresponse()
            && let Some((stratum, percent)) = large(&answered.sample, answered.ledger.worked())
        {
            return Err(Error::LargeShare {
                stratum,
                percent,
                most: MOST_PERCENT,
            });
        }
        let fail = |why: replicate::Error| Error::NoReplicates {
            why: why.to_string(),
            hint: why.hint(),
        };
        let units = Units::of_sample(&answered.sample, answered.ledger.worked()).map_err(fail)?;
        let seed = self.seed().purpose("replicates");
        let replicates = Replicates::made(method, units, &seed).map_err(fail)?;
        if replicates.count() > MOST_REPLICATES {
            return Err(Error::ManyReplicates {
                count: replicates.count(),
                most: MOST_REPLICATES,
            });
        }
        Ok(Some(replicates))
    }
}

/// A larger part of a stratum is refused, in percent: who answers is left to chance in all of the stratum, and
/// replicates that know its end leave out that much of the variance of it.
const MOST_PERCENT: u64 = 10;

/// A stratum of which a larger part was worked, and which part, in percent.
fn large(sample: &Sample, worked: &[bool]) -> Option<(String, u64)> {
    let mut counts = vec![0_u64; sample.population.len()];
    for (unit, _) in worked.iter().enumerate().filter(|(_, worked)| **worked) {
        counts[sample.stratum.code(unit)] += 1;
    }
    let percent = |(h, count): (usize, &u64)| (h, 100 * count / sample.population[h].max(1));
    let (h, most) = (counts.iter().enumerate())
        .map(percent)
        .max_by_key(|(_, percent)| *percent)?;
    (most >= MOST_PERCENT).then(|| (sample.stratum.labels()[h].clone(), most))
}

/// More replicates than this are refused: every weighting step is taken again for each.
const MOST_REPLICATES: usize = 10_000;

/// Estimates from replicates, if there are any.
pub(super) fn replicated<'a>(
    answered: &'a Answered,
    replicates: Option<&'a Replicates<'a>>,
    confidence: f64,
) -> Option<Replicated<'a>> {
    let Answered {
        ledger, outcomes, ..
    } = answered;
    replicates.map(|replicates| Replicated::new(replicates, ledger, outcomes, confidence))
}

/// The cards of how variances were made.
pub(super) fn variance_cards(
    answered: &Answered,
    replicates: Option<&Replicates<'_>>,
) -> Vec<&'static Card> {
    match replicates {
        Some(replicates) => vec![&replicate::CARD, replicates.card()],
        None => vec![rule_of(&answered.sample, &answered.ledger).card()],
    }
}

/// What was found in each of some places, and the domains in which nobody answered.
type Found<T> = (Vec<(T, Estimate)>, Vec<String>);

/// One estimate for each of some domains, or pairs of them, and those in which nobody answered.
pub(super) fn each<T: Sync + Copy>(
    domains: &[T],
    monitor: &dyn Monitor,
    estimate: impl Fn(&T) -> Result<Estimate, estimate::Error> + Sync,
) -> Result<Found<T>, Error> {
    const TASK: &str = "estimating";
    if domains.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    monitor.hear(Event::Began {
        task: TASK,
        of: Some(domains.len() as u64),
    });
    let made = AtomicU64::new(0);
    let results: Vec<Option<Result<Estimate, estimate::Error>>> = domains
        .par_iter()
        .map(|domain| {
            if monitor.wants_stop() {
                return None;
            }
            let result = estimate(domain);
            let done = made.fetch_add(1, Ordering::Relaxed) + 1;
            monitor.hear(Event::Reached { task: TASK, done });
            Some(result)
        })
        .collect();
    monitor.hear(Event::Ended { task: TASK });
    let (mut found, mut silent) = (Vec::new(), Vec::new());
    for (&domain, result) in domains.iter().zip(results) {
        match result.ok_or(Error::Stopped)? {
            Ok(estimate) => found.push((domain, estimate)),
            Err(estimate::Error::NoAnswers { domain, .. }) => silent.push(domain),
        }
    }
    Ok((found, silent))
}
