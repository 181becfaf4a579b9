//! The draw itself: clusters of every stratum, then units within them, and the sample that they make.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{as_drawn, drawn_from, name, reading};
use crate::bare::stages::town::{Look, Seen, Town};
use crate::bare::{self, Part, Picked, StageBy, Stated};
use crate::draw::equal::simple;
use crate::draw::stages::Level;
use crate::draw::stages::clusters::{By, Drawn, Node};
use crate::draw::stages::dealt::{deal, dealt_in};
use crate::draw::{Accuracy, Chosen, ChosenFrom, How, Method, Sample, Share};
use crate::frame::Codes;
use crate::plan::{StageChance, StagePlan, Staging};
use crate::progress::Monitor;
use crate::random::{Number, Numbers, Seed};
use crate::settings::Stages;
use crate::study::draw::{takes, with_cells};
use crate::study::drawn::{DrawnStage, NEARLY, StageStratum, columns_and_methods};
use crate::study::told::in_first;
use crate::study::{DrawnStratum, Study};

/// How many are taken of a stratum at each stage, none for all; none if nobody is drawn there.
type Takes = Option<Vec<Option<u64>>>;

/// What was drawn in stages; ids are still those of the list.
pub(in crate::study) struct Chose {
    pub sample: Sample,
    pub strata: Vec<DrawnStratum>,
    pub stages: Vec<DrawnStage>,
}

impl Chose {
    pub fn parts(self) -> (Sample, Vec<DrawnStratum>, Vec<DrawnStage>) {
        (self.sample, self.strata, self.stages)
    }
}

impl Study {
    /// Draws clusters, and units within them.
    ///
    /// # Errors
    ///
    /// If the list is not the one that was planned for, or what the methods run into.
    pub(in crate::study) fn choose_in_stages(
        &self,
        (stages, staging): (&Stages, &Staging),
        shares: &[Share],
        monitor: &dyn Monitor,
    ) -> Result<Chose, crate::Error> {
        let how = &self.settings().draw.how;
        let (frame, _) = self.frame()?;
        let seed = self.seed();
        let mut strata = bare::units(&reading(how, stages), &frame, monitor)?;
        let planned = takes(&strata, shares, &frame)?;
        let deep = stages.clusters.len();
        let towns: Vec<Town> = strata
            .iter_mut()
            .map(|stratum| Town::of(stratum, deep))
            .collect();
        let plans: Vec<Takes> = towns
            .iter()
            .map(|town| planned_for(town, staging))
            .collect();
        let drawn = paths(how, stages, (&towns, &plans), &seed)?;
        let carry: Vec<&str> = frame.roles().carry.iter().map(String::as_str).collect();
        let parts = towns
            .iter()
            .zip(&drawn)
            .map(|(town, drawn)| part(town, drawn));
        let parts = with_cells(&frame, &carry, parts.collect())?;
        let mut told = Vec::new();
        for (place, stratum) in strata.iter().enumerate() {
            let (_, without) = look(how, stages, &towns[place], &plans[place]);
            let drawn = drawn[place].len() as u64;
            told.push(DrawnStratum {
                stratum: stratum.label(),
                population: stratum.population,
                drawn,
                expected: Some(planned[place]),
                without_size: how.size.as_ref().map(|_| without),
                size: how.size.as_ref().map(|_| stratum.sizes.total()),
                whole: drawn > 0 && drawn == stratum.population,
                ..DrawnStratum::default()
            });
        }
        told.sort_by(|one, other| one.stratum.cmp(&other.stratum));
        let chosen = strata.iter().zip(parts).map(|(stratum, part)| ChosenFrom {
            labels: &stratum.labels,
            population: stratum.population,
            units: part.units.into_iter().map(chosen).collect(),
        });
        let chosen = chosen.collect();
        let mut sample = Sample::assemble(frame.roles(), chosen, 1, &seed, how.clone());
        sample.basis.walk = None;
        let stages_told = tell(
            how,
            stages,
            staging,
            (&towns, &plans, &drawn),
            &Numbers::new(&seed),
        );
        let kept = kept(&sample, (&towns, &drawn));
        let names = columns_and_methods(&stages_told);
        sample.basis.stages = levels(&sample.stratum, &sample.columns, &names, kept)
            .expect("the columns of clusters came along");
        let replicates = self.settings().draw.replicates;
        if replicates > 1 {
            sample.replicate = deal(dealt_in(&sample), replicates, &seed);
            in_first(&mut told, &sample, replicates);
        }
        Ok(Chose {
            sample,
            strata: told,
            stages: stages_told,
        })
    }
}

/// What the plan takes of a stratum.
fn planned_for(town: &Town, staging: &Staging) -> Takes {
    let mut known = staging.strata.iter();
    let found = known.find(|one| one.stratum == town.label);
    found.map(|one| one.takes.clone())
}

/// What a stratum holds at each stage, and how many of its units no sample can contain.
fn look(how: &How, stages: &Stages, town: &Town, takes: &Takes) -> (Seen, u64) {
    let all = vec![None; stages.clusters.len() + 1];
    let plan = as_drawn(how, stages, takes.as_ref().unwrap_or(&all));
    let mut look = Look::at(&plan);
    let seen = look.see(town);
    (seen, look.without)
}

/// The paths to the drawn units, each stratum by itself and so all at once, in their order of release: by the
/// numbers of clusters, and then by their own.
fn paths(
    how: &How,
    stages: &Stages,
    (towns, plans): (&[Town], &[Takes]),
    seed: &Seed,
) -> Result<Vec<Vec<Drawn>>, bare::Error> {
    let numbers = Numbers::new(seed);
    let drawn: Vec<Result<Vec<Drawn>, bare::Error>> = (0..towns.len())
        .into_par_iter()
        .map(|place| {
            let (town, Some(takes)) = (&towns[place], &plans[place]) else {
                return Ok(Vec::new());
            };
            let plan = as_drawn(how, stages, takes);
            let mut drawn =
                drawn_from(town, stages, &plan, seed).map_err(|error| bare::Error::Stratum {
                    stratum: town.label.clone(),
                    error,
                })?;
            drawn.sort_by_cached_key(|path| key(path, &numbers));
            Ok(drawn)
        })
        .collect();
    drawn.into_iter().collect()
}

fn key(path: &Drawn, numbers: &Numbers) -> Vec<Number> {
    (1..=path.ids.len())
        .map(|level| numbers.of(&name(&path.ids[..level])))
        .collect()
}

/// The drawn units of a stratum, with their rows.
fn part(town: &Town, drawn: &[Drawn]) -> Part {
    let rows: BTreeMap<&str, u64> = town
        .units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.row))
        .collect();
    let picked = |path: &Drawn| {
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
        units: drawn.iter().filter_map(picked).collect(),
        ..Part::default()
    }
}

fn chosen(unit: Picked) -> Chosen {
    Chosen {
        id: unit.id,
        row: unit.row,
        chance: unit.chance,
        hits: 1,
        walk: None,
        carried: unit.cells.unwrap_or_default(),
    }
}

/// The chance of each stage and out of how many, by stage and drawn unit.
pub(in crate::study) struct Kept {
    pub chance: Vec<Vec<f64>>,
    pub there: Vec<Vec<u64>>,
}

/// In the order of the sample, which is that of strata by label and of release within.
fn kept(sample: &Sample, (towns, drawn): (&[Town], &[Vec<Drawn>])) -> Kept {
    let mut order: Vec<usize> = (0..towns.len()).collect();
    order.sort_by(|&one, &other| towns[one].label.cmp(&towns[other].label));
    let paths = || {
        let strata = order.iter();
        strata.flat_map(|&place| drawn[place].iter().map(move |path| (&towns[place], path)))
    };
    let levels = drawn
        .iter()
        .flatten()
        .next()
        .map_or(0, |path| path.ids.len());
    assert_eq!(paths().count(), sample.len(), "a path to every unit");
    Kept {
        chance: (0..levels)
            .map(|level| paths().map(|(_, path)| path.chances[level]).collect())
            .collect(),
        there: (0..levels)
            .map(|level| {
                paths()
                    .map(|(town, path)| there(town, path, level))
                    .collect()
            })
            .collect(),
    }
}

/// Out of how many a path was drawn at a stage.
fn there(town: &Town, path: &Drawn, level: usize) -> u64 {
    let mut nodes: &[Node] = &town.nodes;
    for &place in &path.places[..level] {
        nodes = &nodes[place].inside;
    }
    nodes.len() as u64
}

/// What the sample keeps of each stage: column and method, and what was drawn there. None if a column of
/// clusters did not come along.
pub(in crate::study) fn levels(
    stratum: &Codes,
    columns: &[(String, Codes)],
    stages: &[(Option<String>, Option<&'static Method>)],
    kept: Kept,
) -> Option<Vec<Level>> {
    let mut above = vec![stratum];
    let each = stages.iter().zip(kept.chance).zip(kept.there);
    each.map(|(((column, method), chance), there)| {
        let clusters = match column {
            Some(column) => {
                let (_, codes) = columns.iter().find(|(known, _)| known == column)?;
                above.push(codes);
                Some(Codes::crossed(&above))
            }
            None => None,
        };
        Some(Level {
            column: column.clone(),
            method: *method,
            clusters,
            chance,
            there,
        })
    })
    .collect()
}

/// What is published of the stages.
fn tell(
    how: &How,
    stages: &Stages,
    staging: &Staging,
    (towns, plans, drawn): (&[Town], &[Takes], &[Vec<Drawn>]),
    numbers: &Numbers,
) -> Vec<DrawnStage> {
    let mut told: Vec<DrawnStage> = staging.stages.iter().map(of_plan).collect();
    let mut labels = vec![BTreeMap::<String, u64>::new(); told.len()];
    for ((town, takes), drawn) in towns.iter().zip(plans).zip(drawn) {
        let (seen, _) = look(how, stages, town, takes);
        count_labels(&town.nodes, &mut labels);
        for (level, stage) in told.iter_mut().enumerate() {
            let clusters: BTreeMap<&[usize], &Drawn> = drawn
                .iter()
                .map(|path| (&path.places[..=level], path))
                .collect();
            let certain = clusters
                .values()
                .filter(|path| path.chances[level] >= NEARLY);
            if let Some(take) = takes.as_ref().and_then(|takes| takes[level]) {
                let by = super::chances_by(how, stages)[level];
                stage.whole += whole(town, &clusters, level, (by, take));
            }
            let simple = stage.method.as_deref() == Some(simple::CARD.key);
            let last = clusters
                .values()
                .map(|path| numbers.of(&name(&path.ids[..=level])));
            let last = last.max().filter(|_| simple && level == 0);
            stage.strata.push(StageStratum {
                stratum: town.label.clone(),
                take: takes.as_ref().map_or(Some(0), |takes| takes[level]),
                there: seen.there[level],
                drawn: clusters.len() as u64,
                certain: certain.count() as u64,
                last: last.map(|number| number.text()),
            });
        }
    }
    for (stage, labels) in told.iter_mut().zip(labels) {
        stage.labels_again = labels.values().filter(|times| **times > 1).count() as u64;
        stage
            .strata
            .sort_by(|one, other| one.stratum.cmp(&other.stratum));
    }
    told
}

/// How many of those that hold these clusters or units, and are drawn, hold fewer than the take.
fn whole(
    town: &Town,
    drawn: &BTreeMap<&[usize], &Drawn>,
    level: usize,
    (by, take): (By, u64),
) -> u64 {
    let above: BTreeSet<&[usize]> = drawn.keys().map(|places| &places[..level]).collect();
    let short = |places: &&&[usize]| {
        let mut nodes: &[Node] = &town.nodes;
        for &place in **places {
            nodes = &nodes[place].inside;
        }
        let with_chance = |node: &&Node| by == By::Count || node.size > 0.0;
        (nodes.iter().filter(with_chance).count() as u64) < take
    };
    above.iter().filter(short).count() as u64
}

fn of_plan(stage: &StagePlan) -> DrawnStage {
    let method = stage
        .method
        .as_deref()
        .and_then(|key| bare::method(key).ok());
    DrawnStage {
        column: stage.column.clone(),
        method: stage.method.clone(),
        by: match stage.by {
            StageChance::Equal => StageBy::Count,
            StageChance::Units => StageBy::Units,
            StageChance::Size => StageBy::Size,
        },
        chances: match method.map(|method| method.chances) {
            Some(Accuracy::Approximate) => Stated::Approximate,
            _ => Stated::Exact,
        },
        labels_again: 0,
        whole: 0,
        strata: Vec::new(),
    }
}

/// In how many places each label of a cluster stands.
fn count_labels(nodes: &[Node], labels: &mut [BTreeMap<String, u64>]) {
    let Some((own, below)) = labels.split_first_mut() else {
        return;
    };
    // Ids of units stand nowhere twice.
    if below.is_empty() {
        return;
    }
    for node in nodes {
        let label = bare::stages::town::label(node).to_owned();
        *own.entry(label).or_default() += 1;
        count_labels(&node.inside, below);
    }
}
