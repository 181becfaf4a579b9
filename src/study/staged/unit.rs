//! One unit of a draw in stages: what each stage made of its clusters, and of itself.
//!
//! Which clusters a unit stands in only the list knows, so its stratum is drawn again from the list.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{as_drawn, drawn_from, name, reading};
use crate::bare::stages::town::{Town, label};
use crate::bare::{self, StageBy};
use crate::draw::How;
use crate::draw::equal::simple;
use crate::draw::stages::clusters::{self, Node};
use crate::progress::Silent;
use crate::random::Numbers;
use crate::settings::Stages;
use crate::study::drawn::Drawn;
use crate::study::folder::{DRAW, KEY, SAMPLE, SURVEY};
use crate::study::redraw::{Ready, labels_of, ready};
use crate::study::unit::{UnitIn, UnitPlace, UnitShown, look_up};
use crate::study::{Done, Error};

/// What one stage makes of a unit: of the cluster that it stands in, or of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitStage {
    /// The column of the clusters' labels; that of ids at the last stage.
    pub column: String,
    /// The cluster's label; the unit's id at the last stage.
    pub label: String,
    /// The text that has the number beside the seed's key: the id after the labels of what holds it, with the
    /// character U+001F between them.
    pub name: String,
    /// Its permanent number as 64 hex digits.
    pub digest: String,
    /// The same in (0, 1).
    pub u: f64,
    /// How many there are beside it, itself included.
    pub there: u64,
    /// How many of them are taken; none if all are.
    pub take: Option<u64>,
    /// Its rank among them, from 1, where numbers decide alone.
    pub rank: Option<u64>,
    /// The number of the last one that is taken, where numbers decide alone.
    pub last: Option<String>,
    /// Whether it was drawn.
    pub drawn: bool,
}

/// Shows a unit and its clusters.
///
/// # Errors
///
/// [`Error::NeedsTheList`] without the study and its list; [`Error::NotInList`], [`Error::OtherStratum`];
/// [`Error::UnitDiffers`] if the sample says otherwise than the draw.
pub(in crate::study) fn show(
    folder: &Path,
    drawn: Drawn,
    unit: &str,
    stratum: Option<&str>,
) -> Result<Done<UnitShown>, crate::Error> {
    let needs = || Error::NeedsTheList {
        unit: unit.to_owned(),
    };
    let Ready { study, how } = ready(folder, &drawn)?.ok_or_else(needs)?;
    let stale = || Error::Stale {
        file: SURVEY.to_owned(),
        writer: "draw".to_owned(),
    };
    let stages = study.settings().draw.stages.as_ref().ok_or_else(stale)?;
    let (frame, _) = study.frame()?;
    let labels = labels_of(&frame, unit)?.ok_or_else(|| Error::NotInList {
        unit: unit.to_owned(),
    })?;
    let mut counted = bare::count(&reading(&how, stages), &frame, Some(&labels), &Silent)?;
    let mine = counted.strata.iter_mut().find(|one| one.labels == labels);
    let town = Town::of(mine.ok_or_else(needs)?, stages.clusters.len());
    if let Some(given) = stratum.filter(|given| *given != town.label) {
        return Err(Error::OtherStratum {
            given: given.to_owned(),
            found: town.label,
        }
        .into());
    }
    let seed = study.seed();
    let takes = takes(&drawn, &town.label);
    let paths =
        match takes.first() {
            None | Some(Some(0)) => Vec::new(),
            Some(_) => drawn_from(&town, stages, &as_drawn(&how, stages, &takes), &seed).map_err(
                |error| bare::Error::Stratum {
                    stratum: town.label.clone(),
                    error,
                },
            )?,
        };
    let numbers = Numbers::new(&seed);
    let told = walk(&drawn, (&town, &paths), &takes, unit, &numbers).ok_or_else(needs)?;
    let found = look_up(folder, unit)?;
    let is_drawn = told.last().is_some_and(|stage| stage.drawn);
    let own = told.last().ok_or_else(needs)?;
    let in_draw = drawn.strata.iter().find(|one| one.stratum == town.label);
    let in_draw = in_draw.ok_or_else(stale)?.clone();
    agree(&found, is_drawn, own, &town.label)?;
    first_agrees(&drawn, &town.label, &told)?;
    let shown = UnitShown {
        unit: unit.to_owned(),
        seed_key: drawn.seed_key,
        digest: own.digest.clone(),
        u: own.u,
        drawn: found.as_ref().map(Option::is_some),
        place: found.clone().flatten(),
        strata: vec![UnitIn {
            stratum: in_draw,
            takes: Some(is_drawn),
            turned: None,
        }],
        turn: None,
        redrawn: true,
        stages: told,
    };
    let mut read = vec![DRAW.to_owned()];
    if found.is_some() {
        read.extend([KEY, SAMPLE].map(str::to_owned));
    }
    read.extend([SURVEY.to_owned(), study.list_path().display().to_string()]);
    Ok(Done {
        value: shown,
        notices: Vec::new(),
        read,
        wrote: Vec::new(),
    })
}

/// How many were taken of a stratum at each stage.
fn takes(drawn: &Drawn, stratum: &str) -> Vec<Option<u64>> {
    let of = |stage: &crate::study::drawn::DrawnStage| {
        let mut strata = stage.strata.iter();
        strata
            .find(|one| one.stratum == stratum)
            .map_or(Some(0), |one| one.take)
    };
    drawn.stages.iter().map(of).collect()
}

/// From the stratum down to the unit.
fn walk(
    drawn: &Drawn,
    (town, paths): (&Town, &[clusters::Drawn]),
    takes: &[Option<u64>],
    unit: &str,
    numbers: &Numbers,
) -> Option<Vec<UnitStage>> {
    let cells = town.units.iter().find(|one| one.id == unit)?;
    let mut nodes: &[Node] = &town.nodes;
    let (mut ids, mut places): (Vec<String>, Vec<usize>) = Default::default();
    let mut told = Vec::new();
    for (level, stage) in drawn.stages.iter().enumerate() {
        let wanted = match cells.sort.get(level) {
            Some(cell) => cell.as_deref().unwrap_or_default(),
            None => unit,
        };
        let is_last = level + 1 == drawn.stages.len();
        let is_mine = |node: &Node| match is_last {
            true => node.id == wanted,
            false => label(node) == wanted,
        };
        let place = nodes.iter().position(is_mine)?;
        places.push(place);
        let name_of = |node: &Node| name(&[&ids[..], std::slice::from_ref(&node.id)].concat());
        let own = name_of(&nodes[place]);
        let number = numbers.of(&own);
        let by_number = stage.method.as_deref() == Some(simple::CARD.key);
        let mut all: Vec<_> = match by_number {
            true => nodes
                .iter()
                .map(|node| numbers.of(&name_of(node)))
                .collect(),
            false => Vec::new(),
        };
        all.sort_unstable();
        // Where there are fewer, all of them are taken.
        let possible = |node: &&Node| stage.by == StageBy::Count || node.size > 0.0;
        let there = nodes.iter().filter(possible).count() as u64;
        let take = takes[level].filter(|&take| !drawn.or_all || take < there);
        let taken = takes[level].map(|take| all.len().min(take as usize));
        let last = taken.and_then(|taken| all.get(taken.checked_sub(1)?));
        told.push(UnitStage {
            column: stage.column.clone(),
            label: wanted.to_owned(),
            name: own,
            digest: number.text(),
            u: number.u(),
            there: nodes.len() as u64,
            take,
            rank: by_number.then(|| all.partition_point(|one| *one < number) as u64 + 1),
            last: last.map(|number| number.text()),
            drawn: paths.iter().any(|path| path.places.starts_with(&places)),
        });
        ids.push(nodes[place].id.clone());
        nodes = &nodes[place].inside;
    }
    Some(told)
}

/// Refuses a sample that says otherwise than the draw.
fn agree(
    found: &Option<Option<UnitPlace>>,
    is_drawn: bool,
    own: &UnitStage,
    stratum: &str,
) -> Result<(), Error> {
    match found {
        Some(place) if place.is_some() != is_drawn => Err(Error::UnitDiffers {
            stratum: stratum.to_owned(),
            digest: own.digest.clone(),
            last: own.last.clone().unwrap_or_default(),
            rank: place.as_ref().map(|place| place.rank),
        }),
        _ => Ok(()),
    }
}

/// Refuses a 3-draw.json whose last cluster is not the one that the list gives.
fn first_agrees(drawn: &Drawn, stratum: &str, told: &[UnitStage]) -> Result<(), Error> {
    let stage = drawn.stages.first();
    let written = stage.and_then(|stage| stage.strata.iter().find(|one| one.stratum == stratum));
    let written = written.and_then(|one| one.last.clone());
    match (written, told.first()) {
        (Some(written), Some(first)) if first.last.as_ref() != Some(&written) => {
            Err(Error::UnitDiffers {
                stratum: stratum.to_owned(),
                digest: first.digest.clone(),
                last: written,
                rank: None,
            })
        }
        _ => Ok(()),
    }
}

/// Whether survey.toml draws by the same stages as 3-draw.json says.
pub(in crate::study) fn same_stages(drawn: &Drawn, how: &How, stages: Option<&Stages>) -> bool {
    let (Some(stages), Some(last)) = (stages, drawn.stages.last()) else {
        return stages.is_none() && drawn.stages.is_empty();
    };
    let columns = stages.columns();
    let columns = columns.iter().chain([&last.column]);
    let methods = stages
        .clusters
        .iter()
        .map(|stage| stage.method)
        .chain([how.method]);
    drawn.stages.len() == stages.clusters.len() + 1
        && drawn.self_weighting == stages.self_weighting
        && drawn.or_all == stages.or_all
        && drawn
            .stages
            .iter()
            .zip(columns)
            .zip(methods)
            .all(|((told, column), method)| {
                let key = told.method.as_deref();
                told.column == *column && key.is_none_or(|key| key == method.card.key)
            })
}
