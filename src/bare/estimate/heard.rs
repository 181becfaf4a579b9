//! What a statistician must hear of figures.

use std::collections::BTreeSet;

use super::Asked;
use super::jobs::Job;
use super::places::{Part, Place};
use super::table::Table;
use crate::advice::Advise;
use crate::estimate::variance::{Clusters, Lonely};
use crate::estimate::{Estimate, Unknown, Untested, publish, regress};
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

/// Of one figure for one place.
pub(super) fn of_row(
    job: &Job<'_>,
    place: &Place<'_>,
    found: &Estimate,
    asked: &Asked,
) -> Vec<Notice> {
    let item = job.variable.clone();
    let mut notices = Vec::new();
    let count = place.rows().saturating_sub(found.n);
    if count > 0 {
        let item = item.clone();
        notices.push(Notice::MissingAnswers { item, count });
    }
    let domains = || vec![place.label()];
    notices.extend(
        found
            .variance
            .as_ref()
            .err()
            .and_then(|unknown| unsure(unknown, item, domains)),
    );
    if let Place::Part(_) = place
        && asked.nchs
        && job.is_share()
    {
        let item = match &job.level {
            Some(level) => format!("{} = {level}", job.variable),
            None => job.variable.clone(),
        };
        notices.extend(doubted(item, found));
    }
    notices
}

/// Why a figure has no variance.
pub(super) fn unsure(
    unknown: &Unknown,
    item: String,
    domains: impl Fn() -> Vec<String>,
) -> Option<Notice> {
    match unknown {
        Unknown::LonelyStratum { strata } => Some(Notice::LonelyStrata {
            strata: strata.clone(),
        }),
        Unknown::OneAnswer | Unknown::OneCluster { .. } => Some(Notice::SingleCluster {
            item,
            domains: domains(),
        }),
        Unknown::NoDegrees | Unknown::BeyondAnswers => Some(Notice::OpenQuantile {
            item,
            domains: domains(),
        }),
        Unknown::Undefined {
            undefined,
            replicates,
        } => Some(Notice::NotInReplicates {
            item,
            domains: domains(),
            undefined: *undefined,
            replicates: *replicates,
        }),
        Unknown::NotWeighed {
            failed,
            replicates,
            reason,
            ..
        } => Some(Notice::NotWeighedAnew {
            item,
            failed: *failed,
            replicates: *replicates,
            reason: reason.clone(),
        }),
        Unknown::Negative | Unknown::PairImpossible | Unknown::TooFew { .. } => {
            let reason = match unknown {
                Unknown::Negative => "negative",
                Unknown::PairImpossible => "pair_impossible",
                _ => "too_few",
            };
            Some(Notice::FormulaFailed {
                item,
                domains: domains(),
                reason: reason.to_owned(),
            })
        }
        Unknown::Still => Some(Notice::NothingMoves {
            item,
            domains: domains(),
        }),
    }
}

/// That a table or a fit was not tested.
pub(super) fn untested(item: &str, domain: &str, why: &Untested) -> Notice {
    let reason = match why {
        Untested::OneCategory { .. } => "one_category",
        Untested::NoDegrees { .. } => "no_degrees",
        Untested::NothingVaries { .. } => "nothing_varies",
        Untested::Shares { .. } => "shares",
        _ => "unknown",
    };
    Notice::NotTested {
        item: item.to_owned(),
        domain: domain.to_owned(),
        reason: reason.to_owned(),
        why: told(why),
    }
}

/// That a model was not fitted.
pub(crate) fn unfitted(item: &str, domain: &str, why: &regress::Error) -> Notice {
    Notice::NotFitted {
        item: item.to_owned(),
        domain: domain.to_owned(),
        why: told(why),
    }
}

/// What is wrong, and what may be done about it.
fn told<E: std::fmt::Display + Advise>(why: &E) -> String {
    match why.hint() {
        Some(hint) => format!("{why}; {hint}"),
        None => why.to_string(),
    }
}

/// What the standards have against a share, if they have anything.
pub(crate) fn doubted(item: String, found: &Estimate) -> Option<Notice> {
    let standing = publish::judge(found);
    let doubts = standing.doubts.iter().map(|doubt| doubt.key().to_owned());
    let doubts: Vec<String> = doubts.collect();
    (!doubts.is_empty()).then(|| Notice::Doubted {
        item,
        domain: found.domain.clone(),
        standards: "nchs".to_owned(),
        verdict: standing.verdict.word().to_owned(),
        doubts,
    })
}

/// Of one figure in all domains, each thing once. The levels of a column have the same answers, so the
/// first speaks for all; but quantiles are open one by one.
pub(super) fn of_figure(
    table: &Table,
    job: &Job<'_>,
    domains: &[Part<'_>],
    found: &[Option<Estimate>],
) -> Vec<Notice> {
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
    let open = labels(&|found| {
        let unknown = found
            .as_ref()
            .and_then(|found| found.variance.as_ref().err());
        matches!(unknown, Some(Unknown::NoDegrees | Unknown::BeyondAnswers))
    });
    let open = (!open.is_empty()).then(|| Notice::OpenQuantile {
        item: match &job.level {
            Some(level) => format!("{} at {level}", job.variable),
            None => item(),
        },
        domains: open,
    });
    if job.level_place > 0 {
        return open.into_iter().collect();
    }
    let anew = anew(job, domains, found);
    let count = job.answers.missing(|row| table.counts(row));
    let mut notices: Vec<Notice> = open.into_iter().collect();
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
    notices.extend(anew);
    notices
}

/// Why replicates, or a formula, make no variance of a figure, each reason once with all its domains.
fn anew(job: &Job<'_>, domains: &[Part<'_>], found: &[Option<Estimate>]) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    for (part, found) in domains.iter().zip(found) {
        let unknown = found
            .as_ref()
            .and_then(|found| found.variance.as_ref().err());
        let is_anew = |why: &&Unknown| {
            matches!(
                why,
                Unknown::Undefined { .. }
                    | Unknown::NotWeighed { .. }
                    | Unknown::Still
                    | Unknown::Negative
                    | Unknown::PairImpossible
                    | Unknown::TooFew { .. }
            )
        };
        let Some(why) = unknown.filter(is_anew) else {
            continue;
        };
        let label = || vec![part.domain.label().to_owned()];
        let Some(notice) = unsure(why, job.variable.clone(), label) else {
            continue;
        };
        let alike = |known: &&mut Notice| {
            std::mem::discriminant(&**known) == std::mem::discriminant(&notice)
        };
        match notices.iter_mut().find(alike) {
            Some(
                Notice::NotInReplicates { domains, .. }
                | Notice::NothingMoves { domains, .. }
                | Notice::FormulaFailed { domains, .. },
            ) => domains.extend(label()),
            Some(_) => {}
            None => notices.push(notice),
        }
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
