//! From a table to rows of figures.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::roles::in_order;
use super::table::{Answers, Table};
use super::{Asked, Figure, heard};
use crate::estimate::variance::{self, Clusters, Lonely};
use crate::estimate::{
    self, Domain, Estimate, Estimator, Mean, Ratio, Share, Statistic, Test, Total,
};
use crate::math::sum;
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::{Event, Monitor};
use crate::study::{self, Done};
use crate::weigh::Ledger;

/// One figure of one domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// "mean", "total", "share" or "ratio".
    pub statistic: String,
    /// The column, or "a / b".
    pub variable: String,
    /// The level whose share it is.
    pub level: Option<String>,
    /// For whom: "all", the filter, or the labels of the columns crossed.
    pub domain: String,
    /// θ̂.
    pub estimate: f64,
    /// The standard error, if there is one.
    pub se: Option<f64>,
    /// The standard error over the estimate.
    pub cv: Option<f64>,
    /// The lower end of the t interval.
    pub ci_low: Option<f64>,
    /// Its upper end.
    pub ci_high: Option<f64>,
    /// Degrees of freedom.
    pub df: u64,
    /// The design effect, if it was asked for.
    pub deff: Option<f64>,
    /// Rows with a weight that answered.
    pub n: u64,
    /// What must be heard of this figure.
    pub notices: Vec<Notice>,
}

/// The figures of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimates {
    /// Rows of the table.
    pub records: u64,
    /// Σ w.
    pub weights: f64,
    /// Strata of the first stage.
    pub strata: u64,
    /// Clusters of the first stage; without columns of clusters, rows.
    pub clusters: u64,
    /// What strata with a single cluster are taken for.
    pub lonely: String,
    /// Which rows are meant.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// The confidence of intervals.
    pub confidence: f64,
    /// Keys of the cards of the methods used.
    pub methods: Vec<String>,
    /// By figure, domain and level.
    pub rows: Vec<Row>,
}

/// Estimates figures from a table.
///
/// A domain in which nobody answered has no row, and is a notice.
///
/// # Errors
///
/// [`Error`](super::Error) names columns that are not there, cells that are not what they should be,
/// and whatever in the design does not hold together: all at once.
pub fn estimate(asked: &Asked, monitor: &dyn Monitor) -> Result<Done<Estimates>, crate::Error> {
    asked.check()?;
    let table = Table::read(asked)?;
    let rule = Clusters::of(&table.design(asked)).map_err(super::Error::Design)?;
    let (strata, clusters) = (rule.strata() as u64, rule.clusters() as u64);
    let mut notices = table.notices.clone();
    notices.extend(heard::taken(&rule, asked.lonely));
    let ledger = Ledger::given(table.weights.clone())?;
    let estimator = Estimator::by(Box::new(rule), &ledger, asked.confidence);
    let (domains, work) = (domains(&table, asked), work(&table, asked));
    let found = all(&estimator, &work, &domains, monitor)?;
    let mut rows = Vec::new();
    for (job, found) in work.iter().zip(found.chunks(domains.len().max(1))) {
        for (place, (part, found)) in domains.iter().zip(found).enumerate() {
            let row = found
                .as_ref()
                .map(|found| row(job, part, found, asked.deff));
            rows.extend(row.map(|row| ((job.figure, place, job.level_place), row)));
        }
        notices.extend(heard::of_figure(&table, job, &domains, found));
    }
    rows.sort_by_key(|(place, _)| *place);
    notices.extend(heard::lonely(&found));
    let estimates = Estimates {
        records: table.weights.len() as u64,
        weights: sum(table.weights.iter().copied()),
        strata,
        clusters,
        lonely: asked.lonely.word().to_owned(),
        filter: asked.filter.as_ref().map(|filter| filter.text().to_owned()),
        confidence: asked.confidence,
        methods: methods(&work, asked),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    };
    Ok(Done {
        value: estimates,
        notices,
        read: vec![asked.data.display().to_string()],
        wrote: Vec::new(),
    })
}

/// A domain.
pub(super) struct Part<'t> {
    pub domain: Domain<'t>,
    /// Rows of it with a weight.
    pub rows: u64,
}

fn domains<'t>(table: &'t Table, asked: &Asked) -> Vec<Part<'t>> {
    let codes = &table.domain;
    let mut rows = vec![0; codes.labels().len()];
    for row in (0..codes.len()).filter(|&row| table.weights[row] > 0.0) {
        rows[codes.code(row)] += 1;
    }
    let each = Domain::each(codes);
    let order = if asked.by.len() == 1 {
        in_order(codes.labels())
    } else {
        (0..each.len()).collect()
    };
    let parts = order.into_iter().map(|code| Part {
        domain: each[code].clone(),
        rows: rows[code],
    });
    // The label of rows that are in no domain is blank.
    parts
        .filter(|part| !part.domain.label().is_empty())
        .collect()
}

/// One statistic to estimate in every domain.
pub(super) struct Job<'t> {
    /// Its place among the figures asked for.
    figure: usize,
    statistic: Box<dyn Statistic + 't>,
    pub variable: String,
    level: Option<String>,
    pub level_place: usize,
    pub answers: &'t Answers,
}

fn work<'t>(table: &'t Table, asked: &Asked) -> Vec<Job<'t>> {
    let mut jobs = Vec::new();
    for (figure, (wanted, answers)) in asked.figures.iter().zip(&table.answers).enumerate() {
        let mut push =
            |statistic: Box<dyn Statistic + 't>, level: Option<String>, level_place: usize| {
                jobs.push(Job {
                    figure,
                    statistic,
                    variable: answers.name(),
                    level,
                    level_place,
                    answers,
                });
            };
        match answers {
            Answers::One(item) if matches!(wanted, Figure::Total(_)) => {
                push(Box::new(Total::of(item)), None, 0);
            }
            Answers::One(item) => push(Box::new(Mean::of(item)), None, 0),
            Answers::Two(above, below) => push(Box::new(Ratio::of(above, below)), None, 0),
            Answers::Levels(item, labels) => {
                for (place, code) in in_order(labels).into_iter().enumerate() {
                    let share = Share::of(item, Test::Equals(code as f64));
                    push(Box::new(share), Some(labels[code].clone()), place);
                }
            }
        }
    }
    jobs
}

/// Every statistic in every domain, in that order; none where nobody answered.
fn all(
    estimator: &Estimator<'_>,
    work: &[Job<'_>],
    domains: &[Part<'_>],
    monitor: &dyn Monitor,
) -> Result<Vec<Option<Estimate>>, study::Error> {
    const TASK: &str = "estimating";
    let pairs: Vec<(&Job<'_>, &Part<'_>)> = work
        .iter()
        .flat_map(|job| domains.iter().map(move |part| (job, part)))
        .collect();
    monitor.hear(Event::Began {
        task: TASK,
        of: Some(pairs.len() as u64),
    });
    let made = AtomicU64::new(0);
    let found: Option<Vec<Option<Estimate>>> = pairs
        .par_iter()
        .map(|(job, part)| {
            if monitor.wants_stop() {
                return None;
            }
            let found = estimator
                .estimate(job.statistic.as_ref(), &part.domain)
                .ok();
            let done = made.fetch_add(1, Ordering::Relaxed) + 1;
            monitor.hear(Event::Reached { task: TASK, done });
            Some(found)
        })
        .collect();
    monitor.hear(Event::Ended { task: TASK });
    found.ok_or(study::Error::Stopped)
}

fn row(job: &Job<'_>, part: &Part<'_>, found: &Estimate, deff: bool) -> Row {
    let se = found.standard_error();
    let (ci_low, ci_high) = found.interval.unzip();
    Row {
        statistic: found.statistic.clone(),
        variable: job.variable.clone(),
        level: job.level.clone(),
        domain: found.domain.clone(),
        estimate: found.value,
        se,
        cv: se
            .map(|se| se / found.value.abs())
            .filter(|cv| cv.is_finite()),
        ci_low,
        ci_high,
        df: found.df,
        deff: found.design_effect.filter(|_| deff),
        n: found.n,
        notices: heard::of_row(job, part, found),
    }
}

fn methods(work: &[Job<'_>], asked: &Asked) -> Vec<String> {
    let mut cards: Vec<&'static Card> = Vec::new();
    for job in work {
        if !cards.contains(&job.statistic.card()) {
            cards.push(job.statistic.card());
        }
    }
    cards.push(&variance::clusters::CARD);
    cards.extend((asked.lonely != Lonely::Fail).then_some(&variance::lonely::CARD));
    cards.push(&estimate::interval::CARD);
    cards.extend(asked.deff.then_some(&estimate::effect::CARD));
    cards.into_iter().map(|card| card.key.to_owned()).collect()
}
