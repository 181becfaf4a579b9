//! Step 7: what the population says, and how sure we are.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::folder::{CHECK, DRAW, ESTIMATES, OUTCOMES, QUALITY, SAMPLE, SURVEY, WEIGHTS};
use super::weigh::{Answered, classes};
use super::{Done, Error, Study};
use crate::estimate::{
    self, Domain, Estimate, Estimator, Mean, Ratio, Share, Statistic, Test, Total,
};
use crate::field::{Item, Outcomes};
use crate::frame::Codes;
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::{Event, Monitor};
use crate::settings::{self, FigureSpec, ShareTest};

/// The figures of a survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimated {
    /// In the order of survey.toml, and of the domains' labels.
    pub estimates: Vec<Estimate>,
}

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
        let mut cards: Vec<&'static Card> = Vec::new();
        let mut estimates = Vec::new();
        let mut notices = Vec::new();
        for figure in &self.settings().figures {
            let statistic = statistic(figure, &answered.outcomes)?;
            let column = classes(&answered.sample, &figure.by)?;
            let (found, silent) = figures(
                &answered,
                statistic.as_ref(),
                &column,
                self.settings().plan.confidence,
                monitor,
            )?;
            estimates.extend(found);
            if !silent.is_empty() {
                notices.push(Notice::NothingSaid {
                    item: statistic.item(),
                    domains: silent,
                });
            }
            if !cards.contains(&statistic.card()) {
                cards.push(statistic.card());
            }
        }
        cards.extend([
            &estimate::variance::strata::CARD,
            &estimate::interval::CARD,
            &estimate::effect::CARD,
        ]);
        let estimated = Estimated { estimates };
        self.write(ESTIMATES, "estimates", &cards, &notices, &estimated)?;
        self.done("estimate", READS, &cards, notices, estimated)
    }
}

/// One estimate per domain, and the domains in which nobody answered.
pub(super) fn figures(
    answered: &Answered,
    statistic: &dyn Statistic,
    column: &Codes,
    confidence: f64,
    monitor: &dyn Monitor,
) -> Result<(Vec<Estimate>, Vec<String>), Error> {
    const TASK: &str = "estimating";
    let estimator = Estimator::new(&answered.sample, &answered.ledger, confidence);
    let domains = Domain::each(column);
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
            let result = estimator.estimate(statistic, domain);
            let done = made.fetch_add(1, Ordering::Relaxed) + 1;
            monitor.hear(Event::Reached { task: TASK, done });
            Some(result)
        })
        .collect();
    monitor.hear(Event::Ended { task: TASK });
    let (mut found, mut silent) = (Vec::new(), Vec::new());
    for result in results {
        match result.ok_or(Error::Stopped)? {
            Ok(estimate) => found.push(estimate),
            Err(estimate::Error::NoAnswers { domain, .. }) => silent.push(domain),
        }
    }
    Ok((found, silent))
}

/// The statistic of a figure, over the answers.
fn statistic<'a>(
    figure: &FigureSpec,
    outcomes: &'a Outcomes,
) -> Result<Box<dyn Statistic + 'a>, Error> {
    use settings::Statistic as Spec;
    Ok(match &figure.statistic {
        Spec::Mean { item } => Box::new(Mean::of(answers(outcomes, item)?)),
        Spec::Total { item } => Box::new(Total::of(answers(outcomes, item)?)),
        Spec::Share { item, test } => Box::new(Share::of(answers(outcomes, item)?, passing(*test))),
        Spec::Ratio {
            numerator,
            denominator,
        } => Box::new(Ratio::of(
            answers(outcomes, numerator)?,
            answers(outcomes, denominator)?,
        )),
    })
}

fn passing(test: ShareTest) -> Test {
    match test {
        ShareTest::AtLeast(least) => Test::AtLeast(least),
        ShareTest::AtMost(most) => Test::AtMost(most),
        ShareTest::Equals(wanted) => Test::Equals(wanted),
    }
}

fn answers<'a>(outcomes: &'a Outcomes, item: &str) -> Result<&'a Item, Error> {
    outcomes.item(item).ok_or_else(|| Error::NoItem {
        item: item.to_owned(),
        known: outcomes
            .items
            .iter()
            .map(|item| item.name.clone())
            .collect(),
    })
}
