//! What the steps of a study share that draws in stages: the list as clusters, and how they are drawn.
//!
//! A cluster is known by its label together with those of its stratum and of what holds it, so that a label
//! that stands in two strata names two clusters; and so is a unit, by its id after those. All units are held
//! in memory.

mod choose;

mod look;

mod settle;

mod unit;

use super::Error;
use super::folder::SURVEY;
use crate::bare::stages::town::Town;
use crate::bare::{StageTake, Stratum};
use crate::draw::stages::clusters::{By, Stage, Take, stages as drawn_by};
use crate::draw::stages::self_weighting::{SelfWeighting, self_weighting};
use crate::draw::stages::{clusters, self_weighting as alike};
use crate::draw::{How, Needs, probability};
use crate::method::Card;
use crate::plan::{Plan, StageChance, StagePlan, Staging};
use crate::random::Seed;
use crate::settings::{Draw, Settings, Stages};

pub(super) use choose::{Kept, levels};
pub use look::CheckedStage;
pub(super) use look::Looked;
pub use unit::UnitStage;
pub(super) use unit::{same_stages, show};

/// How the list is read: the labels of clusters stand where the order of a walk would.
pub(super) fn reading(how: &How, stages: &Stages) -> How {
    How {
        sort: stages.columns(),
        ..how.clone()
    }
}

/// Strata as clusters within clusters.
fn towns(mut strata: Vec<Stratum>, stages: &Stages) -> Vec<Town> {
    let levels = stages.clusters.len();
    strata
        .iter_mut()
        .map(|stratum| Town::of(stratum, levels))
        .collect()
}

/// With which chances clusters and, last, units are drawn.
fn chances_by(how: &How, stages: &Stages) -> Vec<By> {
    let clusters = stages
        .clusters
        .iter()
        .map(|stage| match stage.method.needs {
            Needs::EqualChances => By::Count,
            _ => By::Size,
        });
    let units = match (how.method.needs, &how.size) {
        (Needs::EqualChances, _) | (_, None) => By::Count,
        _ => By::Size,
    };
    clusters.chain([units]).collect()
}

/// The stages as the room draws them; none takes all.
fn as_drawn(how: &How, stages: &Stages, takes: &[Option<u64>]) -> Vec<Stage> {
    let clusters = stages.clusters.iter().map(|stage| stage.method);
    let methods = clusters.chain([how.method]);
    let each = methods.zip(chances_by(how, stages)).zip(takes);
    each.map(|((method, by), take)| Stage {
        method,
        by,
        take: match take.map(|take| usize::try_from(take).unwrap_or(usize::MAX)) {
            Some(take) if stages.or_all => Take::AtMost(take),
            Some(take) => Take::Count(take),
            None => Take::All,
        },
    })
    .collect()
}

/// Draws from a stratum: the clusters and units drawn, by the places of their labels and ids.
fn drawn_from(
    town: &Town,
    stages: &Stages,
    plan: &[Stage],
    seed: &Seed,
) -> Result<Vec<clusters::Drawn>, crate::draw::Error> {
    let mut drawn = match (stages.self_weighting, plan) {
        (true, [first, second]) => {
            let count = |take| match take {
                Take::Count(take) | Take::AtMost(take) => take,
                Take::All => usize::MAX,
            };
            let alike = SelfWeighting {
                clusters_by: first.method,
                clusters: count(first.take),
                units_by: second.method,
                units: count(second.take),
            };
            self_weighting(&town.label, &town.nodes, &alike, seed)?
        }
        _ => drawn_by(&town.label, &town.nodes, plan, seed)?,
    };
    drawn.sort_unstable_by(|one, other| one.places.cmp(&other.places));
    Ok(drawn)
}

/// The name by which a cluster or unit has its permanent number: its id after those of what holds it.
fn name(ids: &[String]) -> String {
    ids.join("\u{1f}")
}

/// A take as a plan knows it: none is all.
fn number(take: StageTake) -> Option<u64> {
    match take {
        StageTake::Count(take) => Some(take),
        StageTake::All => None,
    }
}

/// The card that says most of a draw: that of its stages, or of its method.
pub(super) fn card(draw: &Draw) -> &'static Card {
    match &draw.stages {
        Some(stages) if stages.self_weighting => &alike::CARD,
        Some(_) => &clusters::CARD,
        None => draw.how.method.card,
    }
}

/// How the stages of a plan are drawn, by what survey.toml says.
fn stage_plans(settings: &Settings, stages: &Stages) -> Vec<StagePlan> {
    let unit = match &settings.list.kind {
        crate::settings::ListKind::Register { unit, .. } => unit.clone(),
        crate::settings::ListKind::Numbers { .. } => "number".to_owned(),
    };
    let how = &settings.draw.how;
    let clusters = stages.clusters.iter();
    let clusters = clusters.map(|stage| (stage.cluster.clone(), stage.take, stage.method));
    let all = clusters.chain([(unit, stages.within, how.method)]);
    all.zip(chances_by(how, stages))
        .map(|((column, take, method), by)| {
            let all = take == Some(StageTake::All);
            StagePlan {
                column,
                method: (!all).then(|| method.card.key.to_owned()),
                by: match (all, by, &how.size) {
                    (true, ..) | (_, By::Count, _) => StageChance::Equal,
                    (_, By::Size, Some(_)) => StageChance::Size,
                    (_, By::Size, None) => StageChance::Units,
                },
            }
        })
        .collect()
}

/// The stages in a few words: "branch by sampford in proportion to units, customer by simple".
pub(super) fn words(settings: &Settings) -> Option<String> {
    let stages = settings.draw.stages.as_ref()?;
    let plans = stage_plans(settings, stages);
    let told = plans.iter().map(|stage| {
        let by = match (stage.by, &settings.draw.how.size) {
            (StageChance::Equal, _) => String::new(),
            (StageChance::Units, _) => " in proportion to units".to_owned(),
            (StageChance::Size, size) => {
                format!(" in proportion to {}", size.as_deref().unwrap_or("size"))
            }
        };
        match &stage.method {
            Some(method) => format!("{} by {method}{by}", stage.column),
            None => format!("all of {}", stage.column),
        }
    });
    let told: Vec<String> = told.collect();
    let more = match (stages.self_weighting, stages.or_all) {
        (true, _) => "; self-weighting",
        (_, true) => "; all where there are fewer",
        _ => "",
    };
    Some(told.join(", ") + more)
}

/// The stages of a plan, if it was made for those of survey.toml.
///
/// # Errors
///
/// [`Error::Stale`] if it was made for others, or for none.
pub(super) fn planned<'a>(
    settings: &Settings,
    plan: &'a Plan,
) -> Result<Option<&'a Staging>, Error> {
    let stale = || Error::Stale {
        file: SURVEY.to_owned(),
        writer: "plan".to_owned(),
    };
    let (stages, staging) = match (&settings.draw.stages, &plan.staging) {
        (None, None) => return Ok(None),
        (Some(stages), Some(staging)) => (stages, staging),
        _ => return Err(stale()),
    };
    let takes = stages.takes();
    let keeps = |found: &Vec<Option<u64>>| {
        let mut pairs = found.iter().zip(&takes);
        found.len() == takes.len()
            && pairs.all(|(found, take)| take.is_none_or(|take| number(take) == *found))
    };
    let same = staging.stages == stage_plans(settings, stages)
        && staging.size == settings.draw.how.size
        && staging.self_weighting == stages.self_weighting
        && staging.or_all == stages.or_all
        && staging.strata.iter().all(|stratum| keeps(&stratum.takes));
    if same {
        Ok(Some(staging))
    } else {
        Err(stale())
    }
}

/// The cards of a draw in stages.
pub(super) fn cards(how: &How, stages: &Stages) -> Vec<&'static Card> {
    let mut cards = vec![&clusters::CARD];
    if stages.self_weighting {
        cards.push(&alike::CARD);
    }
    let drawn = |take: &Option<StageTake>| *take != Some(StageTake::All);
    let of_stages = stages.clusters.iter();
    let of_stages = of_stages.filter(|stage| drawn(&stage.take));
    let methods = of_stages.map(|stage| stage.method);
    let units = drawn(&stages.within).then_some(how.method);
    for method in methods.chain(units) {
        if !cards.iter().any(|card| card.key == method.card.key) {
            cards.push(method.card);
        }
    }
    if chances_by(how, stages).contains(&By::Size) {
        cards.push(&probability::CARD);
    }
    cards
}
