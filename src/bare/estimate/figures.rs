//! From a table to rows of figures.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::families::{self, Family};
use super::jobs::{self, Job};
use super::places::{Part, Place, groups, parts, places};
use super::replication::{self, Anew, Known, Told};
use super::row::{Of, Row};
use super::table::Table;
use super::unequal::Prepared;
use super::what::With;
use super::{Asked, Replication, heard, methods, models, tables};
use crate::estimate::variance::replicate::Replicated;
use crate::estimate::variance::{Clusters, Rule};
use crate::estimate::{Estimate, Estimator, Within};
use crate::math::sum;
use crate::notice::Notice;
use crate::progress::{Event, Monitor};
use crate::study::{self, Done};
use crate::weigh::Ledger;

/// The figures of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimates {
    /// Rows of the table.
    pub records: u64,
    /// Σ w.
    pub weights: f64,
    /// Strata of the first stage; none where variances come from replicates.
    pub strata: Option<u64>,
    /// Clusters of the first stage; without columns of clusters, rows.
    pub clusters: Option<u64>,
    /// The replicates that variances come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<Told>,
    /// What strata with a single cluster are taken for.
    pub lonely: String,
    /// Which rows are meant.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// The confidence of intervals.
    pub confidence: f64,
    /// Keys of the cards of the methods used.
    pub methods: Vec<String>,
    /// By figure, domain and level; then tables, fits and models.
    pub rows: Vec<Row>,
    /// Families of figures that were compared, if that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<Family>,
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
    replication::can_be_exported(asked)?;
    let known = Known::asked(asked)?;
    let table = Table::read(asked)?;
    let ledger = Ledger::given(table.weights.clone())?;
    let outcomes = replication::nothing();
    let replicates = replication::replicates(asked, known.as_ref(), &table)?;
    let drawn = match (&asked.drawn, &replicates) {
        (Some(drawn), None) => Some(Prepared::of(asked, drawn, &table)?),
        _ => None,
    };
    let mut notices = table.notices.clone();
    let (mut strata, mut clusters) = (None, None);
    let rule: Box<dyn Rule + '_> = match (&replicates, &drawn) {
        (Some(replicates), _) => {
            let anew = Replicated::new(replicates, &ledger, &outcomes, asked.confidence);
            Box::new(Anew(anew, replicates.card()))
        }
        (None, Some(drawn)) => {
            strata = Some(drawn.strata());
            clusters = Some(drawn.clusters());
            notices.extend(drawn.taken(asked.lonely));
            drawn.rule(asked)?
        }
        (None, None) => {
            let rule = Clusters::of(&table.design(asked)).map_err(super::Error::Design)?;
            strata = Some(rule.strata() as u64);
            clusters = Some(rule.clusters() as u64);
            notices.extend(heard::taken(&rule, asked.lonely));
            Box::new(rule)
        }
    };
    let estimator = Estimator::by(rule, &ledger, asked.confidence);
    let estimator = match asked.deff {
        true => estimator,
        false => estimator.without_effects(),
    };
    let (parts, work) = (parts(&table), jobs::jobs(&table, asked)?);
    let with = With {
        estimator: &estimator,
        ledger: &ledger,
        interval: asked.interval.unwrap_or_default(),
    };
    let Figures {
        mut rows,
        families,
        notices: more,
    } = figures(&with, &table, (&parts, &work), asked, monitor)?;
    notices.extend(more);
    for (others, more) in [
        tables::rows(&estimator, &table, &parts, asked)?,
        models::rows(&estimator, &table, &parts, asked)?,
    ] {
        rows.extend(others);
        notices.extend(more);
    }
    let wrote = replication::export(asked, &table, replicates.as_ref())?;
    let estimates = Estimates {
        records: table.weights.len() as u64,
        weights: sum(table.weights.iter().copied()),
        strata,
        clusters,
        replicates: replicates
            .as_ref()
            .map(|made| replication::told(asked, known.as_ref(), made)),
        lonely: asked.lonely.word().to_owned(),
        filter: asked.filter.as_ref().map(|filter| filter.text().to_owned()),
        confidence: asked.confidence,
        methods: methods::keys(&work, replicates.as_ref(), asked),
        rows,
        families,
    };
    Ok(Done {
        value: estimates,
        notices,
        read: read(asked),
        wrote,
    })
}

/// The table, and the file of the replicates' constants.
fn read(asked: &Asked) -> Vec<String> {
    let scales = match &asked.replication {
        Some(Replication::Given(given)) => given.scales.as_ref(),
        _ => None,
    };
    let files = std::iter::once(&asked.data).chain(scales);
    files.map(|path| path.display().to_string()).collect()
}

/// What figures come to.
struct Figures {
    rows: Vec<Row>,
    families: Vec<Family>,
    notices: Vec<Notice>,
}

/// All figures of columns, and their differences.
fn figures(
    with: &With<'_>,
    table: &Table,
    (parts, work): (&[Part<'_>], &[Job<'_>]),
    asked: &Asked,
    monitor: &dyn Monitor,
) -> Result<Figures, crate::Error> {
    let places = places(parts, table, asked)?;
    let groups = groups(parts, table, asked);
    let many = asked.further.correct.is_some() || asked.further.ranks.is_some();
    let found = all(with, work, &places, monitor)?;
    let (mut rows, mut families, mut notices) = (Vec::new(), Vec::new(), Vec::new());
    for (job, found) in work.iter().zip(found.chunks(places.len().max(1))) {
        let each = places.iter().zip(found).enumerate();
        let mut mine: Vec<((usize, usize, usize), Row)> = each
            .filter_map(|(order, (place, found))| {
                let row = row(job, place, found.as_ref()?, asked);
                Some(((job.figure, order, job.level_place), row))
            })
            .collect();
        if many {
            let mut told: Vec<&mut Row> = mine.iter_mut().map(|(_, row)| row).collect();
            let (compared, left_out) = families::compare(
                with.estimator,
                (job, found),
                (parts, &groups),
                asked,
                &mut told,
            );
            families.extend(compared);
            notices.extend(left_out);
        }
        rows.extend(mine);
        notices.extend(heard::of_figure(table, job, parts, found));
    }
    rows.sort_by_key(|(place, _)| *place);
    notices.extend(heard::lonely(&found));
    Ok(Figures {
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        families,
        notices,
    })
}

/// Every statistic in every domain, in that order; none where nobody answered.
fn all(
    with: &With<'_>,
    work: &[Job<'_>],
    places: &[Place<'_>],
    monitor: &dyn Monitor,
) -> Result<Vec<Option<Estimate>>, study::Error> {
    const TASK: &str = "estimating";
    monitor.hear(Event::Began {
        task: TASK,
        of: Some((work.len() * places.len()) as u64),
    });
    let made = AtomicU64::new(0);
    let estimate = |job: &Job<'_>, place: &Place<'_>, within: Option<&Within<'_>>| {
        if monitor.wants_stop() {
            return None;
        }
        let found = job.estimate(with, place, within);
        let done = made.fetch_add(1, Ordering::Relaxed) + 1;
        monitor.hear(Event::Reached { task: TASK, done });
        Some(found)
    };
    // Place by place, so that what a domain's figures have in common is held of few domains at a time.
    let found: Option<Vec<Vec<Option<Estimate>>>> = places
        .par_iter()
        .map(|place| {
            let within = match place {
                Place::Part(part) => Some(with.estimator.within(&part.domain)),
                Place::Pair(..) => None,
            };
            let each = work.par_iter();
            each.map(|job| estimate(job, place, within.as_ref()))
                .collect()
        })
        .collect();
    monitor.hear(Event::Ended { task: TASK });
    let mut each: Vec<_> = found
        .ok_or(study::Error::Stopped)?
        .into_iter()
        .map(Vec::into_iter)
        .collect();
    let by_job = work.iter().flat_map(|_| {
        let next = each.iter_mut().map(|found| found.next().flatten());
        next.collect::<Vec<_>>()
    });
    Ok(by_job.collect())
}

fn row(job: &Job<'_>, place: &Place<'_>, found: &Estimate, asked: &Asked) -> Row {
    let variable = match place {
        Place::Part(_) => job.variable.clone(),
        Place::Pair(..) => format!("{} of {}", job.statistic().card().key, job.variable),
    };
    let of = Of {
        statistic: &found.statistic,
        variable: &variable,
        level: job.level.clone(),
    };
    Row {
        deff: found.design_effect.filter(|_| asked.deff),
        notices: heard::of_row(job, place, found, asked),
        ..Row::of(of, &place.label(), found)
    }
}
