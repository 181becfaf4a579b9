//! A draw in stages from a bare file: clusters, then clusters or units within them.
//!
//! Each stratum is drawn by itself, and so many clusters are taken in each. A cluster is known by its label
//! together with those of what holds it: a label that stands in two strata names two clusters. Neither the
//! order of rows nor another stratum has a part in who is drawn. All units are held in memory.

mod plan;

pub(crate) mod town;

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

pub use plan::{ClusterStage, InStages, StageTake};
use town::{Look, Misfits, Seen, Town, too_large};

use super::census::{self, Stratum};
use super::draw::rows;
use super::manifest::{Drawn, DrawnStratum, Stated};
use super::pools::{Part, Picked};
use super::rest::RestFile;
use super::sample::Rows;
use super::{BareRested, Error, Many, Request, Sample, pairs};
use crate::draw::stages::clusters::{self, By, Stage};
use crate::draw::stages::self_weighting::{SelfWeighting, self_weighting};
use crate::draw::{self, Accuracy, Method};
use crate::files::{Column, Columns, lists};
use crate::frame::{Finding, Frame, Numbering};
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::settings::nearest;

/// What was drawn at a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnStage {
    /// The column of the clusters' labels; that of ids at the last stage.
    pub column: String,
    /// The key of the method's card; none where all are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What chances are in proportion to.
    pub by: StageBy,
    /// How many are taken, in each stratum or cluster of the stage before.
    pub take: StageTake,
    /// Whether the chances stated are exact.
    pub chances: Stated,
    /// Labels that stand in several strata, or clusters of the stage before: each names several clusters.
    #[serde(default, skip_serializing_if = "is_none")]
    pub labels_again: u64,
    /// The strata, in order of their labels.
    pub strata: Vec<DrawnClusters>,
}

/// What chances at a stage are in proportion to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageBy {
    /// Nothing: they are equal.
    Count,
    /// The number of units that a cluster holds.
    Units,
    /// The column of sizes: its sum in a cluster.
    Size,
}

/// What was drawn of a stratum at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnClusters {
    /// The stratum's label; "all" if there is but one.
    pub stratum: String,
    /// Clusters it has, or units at the last stage; of the clusters that may be drawn at the stage before.
    pub there: u64,
    /// Those that were drawn.
    pub drawn: u64,
    /// Drawn ones that had to be drawn, once what holds them was.
    pub certain: u64,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Draws what is asked for in stages.
///
/// # Errors
///
/// As [`bare::draw`](super::draw()), and [`Error::Clusters`] for clusters that hold too few.
pub(super) fn draw(
    request: &Request,
    plan: &InStages,
    monitor: &dyn Monitor,
) -> Result<Sample, crate::Error> {
    let opened = lists::open_chosen(&request.data, &request.texts(), &request.choice())?;
    let columns = opened.list.columns()?;
    no_strangers(plan, opened.list.name(), &columns)?;
    let frame = Frame::new(opened.list, request.roles(), Numbering::default())?;
    let stages = plan.stages(request)?;
    let added = added(stages.len());
    no_clash(&frame, &columns, &added)?;
    let (mut census, mut problems) = census::look(request, &frame, None, monitor)?;
    problems.extend(blanks(plan, &census.strata));
    census::fit(&frame, problems)?;
    let rest = RestFile::of(request)?
        .map(|file| file.leave_out(&mut census.strata, request.size.is_some()));
    let levels = plan.clusters.len();
    let of = |stratum: &mut Stratum| Town::of(stratum, levels);
    let towns: Vec<Town> = census.strata.iter_mut().map(of).collect();
    let mut look = Look::at(&stages);
    let seen: Vec<Seen> = towns.iter().map(|town| look.see(town)).collect();
    enough(request, plan, &stages, &look, &towns)?;
    let paths = paths(request, plan, &stages, &towns)?;

    let mut drawn = Drawn::of(request, opened.says, census.fingerprint);
    let strata = census.strata.iter().zip(&seen).zip(&paths);
    strata.for_each(|((stratum, seen), paths)| drawn.add(told(request, stratum, seen, paths)));
    drawn.self_weighting = plan.self_weighting;
    drawn.stages = (0..stages.len())
        .map(|level| {
            stage(
                request,
                plan,
                (&stages, level, &look),
                (&towns, &seen, &paths),
            )
        })
        .collect();
    if drawn
        .stages
        .iter()
        .any(|one| one.chances == Stated::Approximate)
    {
        drawn.chances = Stated::Approximate;
    }
    let pairs = request
        .pairs
        .as_ref()
        .map(|_| pairs::in_stages(request, &stages, &towns, &paths))
        .transpose()?;
    let parts: Vec<Part> = towns
        .iter()
        .zip(&paths)
        .map(|(town, paths)| part(town, paths))
        .collect();
    let rows = rows(request, &frame, parts, &columns)?;
    let mut read = vec![request.data.display().to_string()];
    read.extend(rest.as_ref().map(|rest| rest.file.clone()));
    let mut notices = notices(&drawn, &look);
    notices.extend(rest.as_ref().and_then(BareRested::notice));
    drawn.rest = rest;
    Ok(Sample {
        pairs: pairs.map(|pairs| pairs.told(request, &mut drawn)),
        drawn,
        table: table(&columns, &added, rows, &paths),
        notices,
        read,
    })
}

/// What a reader must hear of the clusters.
fn notices(drawn: &Drawn, look: &Look<'_>) -> Vec<Notice> {
    let count = look.without;
    let without = (count > 0).then_some(Notice::WithoutSize { count });
    let of_stage = |(stage, level): (&DrawnStage, &town::Level)| {
        let column = || stage.column.clone();
        let again = (stage.labels_again > 0).then(|| Notice::LabelsAgain {
            column: column(),
            count: stage.labels_again,
        });
        let whole = (level.whole > 0).then(|| Notice::ClustersWhole {
            column: column(),
            count: level.whole,
        });
        [again, whole]
    };
    let stages = drawn.stages.iter().zip(&look.levels).flat_map(of_stage);
    without.into_iter().chain(stages.flatten()).collect()
}

/// The columns that the draw adds: the chance of a unit, that of each stage, and the weight.
fn added(stages: usize) -> Vec<String> {
    let of_stages = (1..=stages).map(|stage| format!("probability.{stage}"));
    std::iter::once("probability".to_owned())
        .chain(of_stages)
        .chain(["weight".to_owned()])
        .collect()
}

/// Refuses columns of clusters that the list does not have.
fn no_strangers(plan: &InStages, list: String, columns: &[String]) -> Result<(), Error> {
    let missing: Vec<String> = plan
        .columns()
        .filter(|column| !columns.contains(column))
        .cloned()
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let near = |name: &String| nearest(name, columns.iter().map(String::as_str)).map(str::to_owned);
    Err(Error::NoClusters {
        near: missing.iter().filter_map(near).collect(),
        there: columns.to_vec(),
        list,
        missing,
    })
}

fn no_clash(frame: &Frame, columns: &[String], added: &[String]) -> Result<(), Error> {
    let there = |name: &&String| columns.contains(name);
    let columns: Vec<String> = added.iter().filter(there).cloned().collect();
    match columns.is_empty() {
        true => Ok(()),
        false => Err(Error::Clash {
            list: frame.list().name(),
            columns,
        }),
    }
}

/// Units that have no cluster.
fn blanks(plan: &InStages, strata: &[Stratum]) -> Vec<String> {
    let mut problems = Vec::new();
    for (level, column) in plan.columns().enumerate() {
        let mut finding = Finding::default();
        for units in strata.iter().map(|stratum| &stratum.units) {
            let blank = |unit: &usize| {
                let text = units.sort_cell(*unit, level).unwrap_or_default();
                text.trim().is_empty()
            };
            let blanks = (0..units.len()).filter(blank);
            blanks.for_each(|unit| finding.add(units.row(unit)));
        }
        if finding.count > 0 {
            problems.push(format!(
                "{} cells of '{column}' are blank ({})",
                finding.count,
                census::rows(&finding.rows)
            ));
        }
    }
    problems
}

/// Refuses clusters that hold too few, or too many to weigh alike.
fn enough(
    request: &Request,
    plan: &InStages,
    stages: &[Stage],
    look: &Look<'_>,
    towns: &[Town],
) -> Result<(), Error> {
    let mut problems = Vec::new();
    for (level, found) in look.levels.iter().enumerate() {
        problems.extend(small(request, plan, (level, &stages[level]), &found.small));
    }
    if let (true, Some(first)) = (plan.self_weighting, plan.clusters.first())
        && let StageTake::Count(clusters) = first.take
    {
        let found = too_large(towns, clusters);
        if let Some((name, holds)) = found.first {
            problems.push(format!(
                "{} clusters of '{}' hold more than one in {clusters} of the units of their stratum, so that \
                 theirs cannot weigh alike (the first, '{name}', holds {holds})",
                found.count, first.column
            ));
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::Clusters { problems }),
    }
}

/// What is said of those that hold too few for a stage.
fn small(
    request: &Request,
    plan: &InStages,
    (level, stage): (usize, &Stage),
    found: &Misfits,
) -> Option<String> {
    let (name, holds) = found.first.as_ref()?;
    let asked = match stage.take {
        clusters::Take::Count(take) | clusters::Take::AtMost(take) => take,
        clusters::Take::All => return None,
    };
    let what = match plan.clusters.get(level) {
        Some(stage) => format!("clusters of '{}'", stage.column),
        None => "units".to_owned(),
    };
    let sized = match stage.by == By::Size && request.size.is_some() {
        true => " of a size above 0",
        false => "",
    };
    let count = found.count;
    Some(match (level, request.strata.is_empty()) {
        (0, true) => format!("the list has {holds} {what}{sized}, and {asked} are asked for"),
        (0, false) => format!(
            "{count} strata hold fewer than {asked} {what}{sized} (the first, '{name}', holds {holds})"
        ),
        (level, _) => format!(
            "{count} clusters of '{}' hold fewer than {asked} {what}{sized} (the first, '{name}', holds {holds})",
            plan.clusters[level - 1].column
        ),
    })
}

/// The draw itself, each stratum by itself and so all at once; by the labels of clusters and ids.
fn paths(
    request: &Request,
    plan: &InStages,
    stages: &[Stage],
    towns: &[Town],
) -> Result<Vec<Vec<clusters::Drawn>>, Error> {
    let drawn: Vec<Result<Vec<clusters::Drawn>, Error>> = towns
        .into_par_iter()
        .map(|town| {
            let mut drawn =
                of_town(request, plan, stages, town).map_err(|error| Error::Stratum {
                    stratum: town.label.clone(),
                    error,
                })?;
            drawn.sort_unstable_by(|one, other| one.places.cmp(&other.places));
            Ok(drawn)
        })
        .collect();
    drawn.into_iter().collect()
}

fn of_town(
    request: &Request,
    plan: &InStages,
    stages: &[Stage],
    town: &Town,
) -> Result<Vec<clusters::Drawn>, draw::Error> {
    if let (true, [first, second]) = (plan.self_weighting, stages)
        && let (clusters::Take::Count(clusters), clusters::Take::Count(units)) =
            (first.take, second.take)
    {
        let alike = SelfWeighting {
            clusters_by: first.method,
            clusters,
            units_by: second.method,
            units,
        };
        return self_weighting(&town.label, &town.nodes, &alike, &request.seed);
    }
    clusters::stages(&town.label, &town.nodes, stages, &request.seed)
}

const NEARLY: f64 = 1.0 - 1e-12;

/// What the manifest says of a stratum.
fn told(
    request: &Request,
    stratum: &Stratum,
    seen: &Seen,
    paths: &[clusters::Drawn],
) -> DrawnStratum {
    let sized = request.size.is_some();
    let certain = paths.iter().filter(|path| path.probability() >= NEARLY);
    DrawnStratum {
        stratum: stratum.label(),
        units: stratum.population,
        expected: seen.expected,
        drawn: paths.len() as u64,
        hits: None,
        certain: certain.count() as u64,
        without_size: sized.then(|| stratum.population - stratum.sizes.above_zero()),
        size: sized.then(|| stratum.sizes.total()),
        spread: None,
        balance: Vec::new(),
        last: None,
        threshold: None,
    }
}

/// What the manifest says of a stage.
fn stage(
    request: &Request,
    plan: &InStages,
    (stages, level, look): (&[Stage], usize, &Look<'_>),
    (towns, seen, paths): (&[Town], &[Seen], &[Vec<clusters::Drawn>]),
) -> DrawnStage {
    let (column, take) = match (plan.clusters.get(level), &request.many) {
        (Some(stage), _) => (&stage.column, stage.take),
        (None, Many::Within(take)) => (&request.id, *take),
        (None, _) => (&request.id, StageTake::All),
    };
    let all = take == StageTake::All;
    let method = stages[level].method;
    let strata = towns.iter().zip(seen).zip(paths);
    DrawnStage {
        column: column.clone(),
        method: (!all).then(|| method.card.key.to_owned()),
        by: match (all, stages[level].by, &request.size) {
            (true, ..) | (_, By::Count, _) => StageBy::Count,
            (_, By::Size, Some(_)) => StageBy::Size,
            (_, By::Size, None) => StageBy::Units,
        },
        take,
        chances: if all { Stated::Exact } else { stated(method) },
        labels_again: look.levels[level].again(),
        strata: strata
            .map(|((town, seen), paths)| of_stratum(level, town, seen, paths))
            .collect(),
    }
}

/// What was drawn of a stratum at a stage.
fn of_stratum(level: usize, town: &Town, seen: &Seen, paths: &[clusters::Drawn]) -> DrawnClusters {
    let drawn: BTreeMap<&[usize], f64> = paths
        .iter()
        .map(|path| (&path.places[..=level], path.chances[level]))
        .collect();
    let certain = drawn.values().filter(|chance| **chance >= NEARLY);
    DrawnClusters {
        stratum: town.label.clone(),
        there: seen.there[level],
        drawn: drawn.len() as u64,
        certain: certain.count() as u64,
    }
}

fn stated(method: &Method) -> Stated {
    match method.chances {
        Accuracy::Exact => Stated::Exact,
        Accuracy::Approximate => Stated::Approximate,
    }
}

/// The drawn units of a stratum.
fn part(town: &Town, paths: &[clusters::Drawn]) -> Part {
    let rows: BTreeMap<&str, u64> = town
        .units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.row))
        .collect();
    let picked = |path: &clusters::Drawn| {
        let id = path.ids.last()?;
        Some(Picked {
            id: id.clone(),
            row: *rows.get(id.as_str())?,
            chance: path.probability(),
            hits: 1,
            walk: None,
            cells: None,
        })
    };
    Part {
        units: paths.iter().filter_map(picked).collect(),
        ..Part::default()
    }
}

/// The table of a sample: the list's columns, then the chances and the weight.
fn table(
    columns: &[String],
    added: &[String],
    rows: Rows,
    paths: &[Vec<clusters::Drawn>],
) -> Columns {
    let mut table = Columns::default();
    for (name, cells) in columns.iter().zip(rows.cells) {
        table.push(name.clone(), Column::Maybe(cells));
    }
    let real = |of: &dyn Fn(&clusters::Drawn) -> f64| {
        Column::Real(paths.iter().flatten().map(|path| Some(of(path))).collect())
    };
    for (place, name) in added.iter().enumerate() {
        let column = match place {
            0 => real(&clusters::Drawn::probability),
            last if last + 1 == added.len() => real(&|path| 1.0 / path.probability()),
            stage => real(&|path| path.chances[stage - 1]),
        };
        table.push(name.clone(), column);
    }
    table
}
