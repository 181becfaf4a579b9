//! The statistics that figures come to, each to be estimated in every domain.

use super::places::Place;
use super::table::{Answers, Table};
use super::what::{What, With};
use super::{Asked, Error, Figure};
use crate::estimate::{
    Correlation, Estimate, Mean, PopulationVariance, Quantile, Ratio, Share, Smooth, Spread,
    Statistic, Test, Total, Within,
};
use crate::method::Card;

/// One statistic to estimate in every domain.
pub(super) struct Job<'t> {
    /// Its place among the figures asked for.
    pub figure: usize,
    what: What<'t>,
    pub variable: String,
    /// The level whose share it is, or the share at which a quantile lies.
    pub level: Option<String>,
    pub level_place: usize,
    pub answers: &'t Answers,
}

impl Job<'_> {
    pub fn statistic(&self) -> &dyn Statistic {
        self.what.statistic()
    }

    /// "mean of minutes", "share of said = yes".
    pub fn named(&self) -> String {
        let name = format!("{} of {}", self.statistic().card().key, self.variable);
        match &self.level {
            Some(level) if self.is_share() => format!("{name} = {level}"),
            Some(level) => format!("{name} at {level}"),
            None => name,
        }
    }

    pub fn is_share(&self) -> bool {
        self.what.is_share()
    }

    pub fn is_quantile(&self) -> bool {
        self.what.is_quantile()
    }

    /// The figure of a domain, `within` which others are estimated too, or of one less another; none
    /// where nobody answered.
    pub fn estimate(
        &self,
        with: &With<'_>,
        place: &Place<'_>,
        within: Option<&Within<'_>>,
    ) -> Option<Estimate> {
        let found = match place {
            Place::Part(part) => match within {
                Some(within) => self.what.among(with, within),
                None => self.what.estimate(with, &part.domain),
            },
            Place::Pair(this, other) => self.what.difference(with, (&this.domain, &other.domain)),
        };
        found.ok()
    }
}

/// All statistics, figure by figure.
pub(super) fn jobs<'t>(table: &'t Table, asked: &Asked) -> Result<Vec<Job<'t>>, Error> {
    let mut jobs = Vec::new();
    for (figure, (wanted, answers)) in asked.figures.iter().zip(&table.answers).enumerate() {
        for (level_place, (what, level)) in whats(wanted, answers, table, asked)?
            .into_iter()
            .enumerate()
        {
            jobs.push(Job {
                figure,
                what,
                variable: answers.name(),
                level,
                level_place,
                answers,
            });
        }
    }
    Ok(jobs)
}

/// The statistics of one figure, each with its level.
fn whats<'t>(
    wanted: &Figure,
    answers: &'t Answers,
    table: &'t Table,
    asked: &Asked,
) -> Result<Vec<(What<'t>, Option<String>)>, Error> {
    let plain = |what: What<'t>| vec![(what, None)];
    Ok(match (answers, wanted) {
        (Answers::Computed { text, .. }, _) => plain(What::plain(Smooth::of(text, &table.named)?)),
        (Answers::One(item), Figure::Total(_)) => plain(What::plain(Total::of(item))),
        (Answers::One(item), Figure::Variance(_)) => {
            plain(What::plain(PopulationVariance::of(item)))
        }
        (Answers::One(item), Figure::Spread(_)) => plain(What::plain(Spread::of(item))),
        (Answers::One(item), Figure::Quantiles(_, at)) => {
            let rule = asked.rule.unwrap_or_default();
            let quantile = |p: &f64| {
                let quantile = Quantile::of(item, *p, rule)?;
                Some((What::Quantile(quantile), Some(p.to_string())))
            };
            at.iter().filter_map(quantile).collect()
        }
        (Answers::One(item), _) => plain(What::plain(Mean::of(item))),
        (Answers::Two(above, below), _) => plain(What::plain(Ratio::of(above, below))),
        (Answers::Pair(this, other), _) => plain(What::plain(Correlation::of(this, other))),
        (Answers::Levels(item, labels), _) => {
            let share = |code: usize| {
                let share = Share::of(item, Test::Equals(code as f64));
                (What::Share(share), Some(labels[code].clone()))
            };
            (0..labels.len()).map(share).collect()
        }
    })
}

/// The cards of the statistics, each once.
pub(super) fn cards(jobs: &[Job<'_>]) -> Vec<&'static Card> {
    let mut cards: Vec<&'static Card> = Vec::new();
    for job in jobs {
        if !cards.contains(&job.statistic().card()) {
            cards.push(job.statistic().card());
        }
    }
    cards
}
