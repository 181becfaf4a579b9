//! What a statistician must hear of figures.

use std::collections::BTreeSet;

use super::figures::{Job, Part};
use super::table::Table;
use crate::estimate::variance::{Clusters, Lonely};
use crate::estimate::{Estimate, Unknown};
use crate::notice::Notice;

/// That strata with a single cluster were taken for something.
pub(super) fn taken(rule: &Clusters, lonely: Lonely) -> Option<Notice> {
    let strata = rule.lonely().to_vec();
    let told = lonely != Lonely::Fail && !strata.is_empty();
    told.then(|| Notice::LonelyTaken {
        strata,
        rule: lonely.word().to_owned(),
    })
}

/// Of one figure in one domain.
pub(super) fn of_row(job: &Job<'_>, part: &Part<'_>, found: &Estimate) -> Vec<Notice> {
    let item = job.variable.clone();
    let mut notices = Vec::new();
    let count = part.rows - found.n;
    if count > 0 {
        notices.push(Notice::MissingAnswers {
            item: item.clone(),
            count,
        });
    }
    notices.extend(
        found
            .variance
            .as_ref()
            .err()
            .and_then(|unknown| match unknown {
                Unknown::LonelyStratum { strata } => Some(Notice::LonelyStrata {
                    strata: strata.clone(),
                }),
                Unknown::OneAnswer | Unknown::OneCluster { .. } => Some(Notice::SingleCluster {
                    item,
                    domains: vec![found.domain.clone()],
                }),
                // Of figures that are not asked for here.
                _ => None,
            }),
    );
    notices
}

/// Of one figure in all domains, each thing once. The levels of a column have the same answers, so the
/// first speaks for all.
pub(super) fn of_figure(
    table: &Table,
    job: &Job<'_>,
    domains: &[Part<'_>],
    found: &[Option<Estimate>],
) -> Vec<Notice> {
    if job.level_place > 0 {
        return Vec::new();
    }
    let item = || job.variable.clone();
    let labels = |is: &dyn Fn(&Option<Estimate>) -> bool| -> Vec<String> {
        let those = domains.iter().zip(found).filter(|(_, found)| is(found));
        those
            .map(|(part, _)| part.domain.label().to_owned())
            .collect()
    };
    let silent = labels(&Option::is_none);
    let single = labels(&|found| {
        let unknown = found
            .as_ref()
            .and_then(|found| found.variance.as_ref().err());
        matches!(
            unknown,
            Some(Unknown::OneAnswer | Unknown::OneCluster { .. })
        )
    });
    let missing = |row: &usize| table.counts(*row) && !job.answers.is_said(*row);
    let count = (0..table.weights.len()).filter(missing).count() as u64;
    let mut notices = Vec::new();
    if count > 0 {
        notices.push(Notice::MissingAnswers {
            item: item(),
            count,
        });
    }
    if !silent.is_empty() {
        notices.push(Notice::NothingSaid {
            item: item(),
            domains: silent,
        });
    }
    if !single.is_empty() {
        notices.push(Notice::SingleCluster {
            item: item(),
            domains: single,
        });
    }
    notices
}

/// All strata because of which some figure has no variance.
pub(super) fn lonely(found: &[Option<Estimate>]) -> Option<Notice> {
    let unknown = found
        .iter()
        .flatten()
        .filter_map(|found| found.variance.as_ref().err());
    let strata: BTreeSet<&String> = unknown
        .filter_map(|unknown| match unknown {
            Unknown::LonelyStratum { strata } => Some(strata),
            _ => None,
        })
        .flatten()
        .collect();
    let strata: Vec<String> = strata.into_iter().cloned().collect();
    (!strata.is_empty()).then_some(Notice::LonelyStrata { strata })
}
