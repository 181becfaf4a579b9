//! Clusters drawn with unequal chances, and units within them, stage by stage.

use super::{CARD, Formula};
use crate::estimate::Unknown;
use crate::estimate::variance::chances::less_strata;
use crate::estimate::variance::groups::{self, CERTAIN, Group, Units};
use crate::estimate::variance::{Fault, Lonely, Rule, Unfit};
use crate::frame::Codes;
use crate::math::{Sum, sum};
use crate::method::Card;

/// One stage of drawing with unequal chances.
#[derive(Debug, Clone, Copy)]
pub struct ChanceStage<'a> {
    /// The stratum of each row, within its cluster of the stage before. Without, there is one.
    pub strata: Option<&'a Codes>,
    /// The cluster of each row. Without, each row is its own: only at the last stage.
    pub clusters: Option<&'a Codes>,
    /// For each row, the chance that its cluster had to be drawn from its stratum: the same for all
    /// rows of a cluster. n_h / N_h where clusters were drawn simply.
    pub chances: &'a [f64],
}

/// Clusters in strata with unequal chances, any number of stages.
///
/// Clusters of different strata are different clusters, even where they have the same label.
///
/// # Example
///
/// Two villages, drawn with chances 1/4 and 1/2, and in each one of two people:
///
/// ```
/// use canvass::estimate::variance::{ChanceStage, Formula, Lonely, Rule, Staged};
/// use canvass::frame::Codes;
///
/// let village = Codes::from_labels(["a", "a", "b", "b"]);
/// let stages = [
///     ChanceStage { strata: None, clusters: Some(&village), chances: &[0.25, 0.25, 0.5, 0.5] },
///     ChanceStage { strata: None, clusters: None, chances: &[0.5; 4] },
/// ];
/// let rule = Staged::of(&stages, Formula::Hajek, Lonely::Fail).expect("a design");
/// // Villages come to 3 and 7, B = (0.75 · 3 + 0.5 · 7) / 1.25 = 4.6:
/// // 2 · (0.75 · 1.6² + 0.5 · 2.4²) + 0.25 · (½ · 2 · ½) + 0.5 · (½ · 2 · ½)
/// let variance = rule.variance(&[1.0, 2.0, 3.0, 4.0], &[0, 1, 2, 3]).expect("two villages");
/// assert!((variance - 9.975).abs() < 1e-12);
/// assert_eq!(rule.degrees(&[0, 1, 2, 3]), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Staged {
    levels: Vec<Level>,
    /// The cluster of the last stage that each row is in.
    leaf: Vec<u32>,
    formula: Formula,
    lonely: Lonely,
}

/// One stage: clusters stand in the order of those above, of strata, and of their labels.
#[derive(Debug, Clone, Default)]
struct Level {
    groups: Vec<Group>,
    /// π of each cluster, given that the one above was drawn.
    chance: Vec<f64>,
    /// The cluster above each.
    parent: Vec<u32>,
    /// The stratum of each.
    stratum: Vec<u32>,
    /// What a person calls each; nothing where rows are clusters.
    names: Vec<String>,
}

/// Of what rows add, so much may be left of a sum that is 0: rounding.
const NOTHING: f64 = 1e-12;

/// Where a row stands at a stage: cluster above, stratum, cluster, row.
type Key = (u32, u32, u32, u32);

impl Staged {
    /// The strata and clusters of these stages, the first one first.
    ///
    /// # Errors
    ///
    /// [`Unfit`] with all that is wrong: chances that are not above 0 and up to 1, or differ within a
    /// cluster.
    ///
    /// # Panics
    ///
    /// If there is no stage, one before the last has no clusters, or columns differ in length: our own
    /// bug.
    pub fn of(
        stages: &[ChanceStage<'_>],
        formula: Formula,
        lonely: Lonely,
    ) -> Result<Staged, Unfit> {
        let (last, above) = stages.split_last().expect("a design has a stage");
        assert!(
            above.iter().all(|stage| stage.clusters.is_some()),
            "clusters at every stage but the last"
        );
        let mut leaf = vec![0; last.chances.len()];
        let (mut levels, mut faults) = (Vec::new(), Vec::new());
        for (place, stage) in stages.iter().enumerate() {
            let (mut level, cluster) = cut(stage, place + 1, &leaf, &mut faults);
            if lonely == Lonely::Collapse {
                level.groups = groups::collapse(&level.groups);
            }
            levels.push(level);
            leaf = cluster;
        }
        if faults.is_empty() {
            Ok(Staged {
                levels,
                leaf,
                formula,
                lonely,
            })
        } else {
            Err(Unfit { faults })
        }
    }

    /// Says so if the figure is the mean of a single answer or cluster: it is always where it is.
    fn single(&self, scores: &[f64], answered: &[usize]) -> Result<(), Unknown> {
        let size: f64 = answered.iter().map(|&row| scores[row].abs()).sum();
        let whole: f64 = answered.iter().map(|&row| scores[row]).sum();
        if whole.abs() > NOTHING * size {
            return Ok(());
        }
        let mut units: Vec<u32> = answered.iter().map(|&row| self.leaf[row]).collect();
        // The one open cluster of the first stage that has one, if all above it are certain and alone.
        let mut found = None;
        for level in self.levels.iter().rev() {
            units.sort_unstable();
            units.dedup();
            found = match units[..] {
                [only] if 1.0 - level.chance[only as usize] > CERTAIN => Some((level, only)),
                [_] => found,
                _ => None,
            };
            units = units
                .iter()
                .map(|&unit| level.parent[unit as usize])
                .collect();
        }
        match found {
            None => Ok(()),
            Some((level, only)) => Err(match level.names.get(only as usize) {
                Some(name) if answered.len() > 1 => Unknown::OneCluster {
                    cluster: name.clone(),
                },
                _ => Unknown::OneAnswer,
            }),
        }
    }

    /// How much of the variance within each cluster of each level counts: Π π of itself and those above.
    fn reach(&self) -> Vec<Vec<f64>> {
        let mut all: Vec<Vec<f64>> = Vec::new();
        for level in &self.levels {
            let above = all.last();
            let of = |(chance, &parent): (&f64, &u32)| {
                chance * above.map_or(1.0, |above| above[parent as usize])
            };
            all.push(level.chance.iter().zip(&level.parent).map(of).collect());
        }
        all
    }
}

impl Level {
    /// What those above come to.
    fn above(&self, totals: &[f64], clusters: usize) -> Vec<f64> {
        let mut above = vec![Sum::default(); clusters];
        for (&parent, &total) in self.parent.iter().zip(totals) {
            above[parent as usize].add(total);
        }
        above.iter().map(Sum::value).collect()
    }

    /// Which of those above have to do with the figure.
    fn counting(&self, counts: &[bool], clusters: usize) -> Vec<bool> {
        let mut above = vec![false; clusters];
        for (&parent, &count) in self.parent.iter().zip(counts) {
            above[parent as usize] |= count;
        }
        above
    }

    fn sorted(&self, group: &Group, totals: &[f64]) -> Vec<(f64, f64)> {
        let open = group.open.iter().map(|&unit| unit as usize);
        let mut units: Vec<(f64, f64)> =
            open.map(|unit| (self.chance[unit], totals[unit])).collect();
        units.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        units
    }
}

/// Cuts the rows of one stage into strata and clusters; also gives the cluster of each row.
fn cut(
    stage: &ChanceStage<'_>,
    place: usize,
    above: &[u32],
    faults: &mut Vec<Fault>,
) -> (Level, Vec<u32>) {
    let code = |codes: Option<&Codes>, row: u32, without: u32| {
        codes.map_or(without, |codes| codes.codes()[row as usize])
    };
    let key = |row: u32| {
        let (stratum, cluster) = (code(stage.strata, row, 0), code(stage.clusters, row, row));
        (above[row as usize], stratum, cluster, row)
    };
    let mut keys: Vec<Key> = (0..above.len() as u32).map(key).collect();
    keys.sort_unstable();
    let mut level = Level::default();
    let mut cluster_of = vec![0; keys.len()];
    let mut uneven = Vec::new();
    for stratum in keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let mut group = Group {
            label: label(stage, place, stratum[0]),
            parent: stratum[0].0,
            open: Vec::new(),
            size: 0.0,
            partly: false,
        };
        for cluster in stratum.chunk_by(|a, b| a.2 == b.2) {
            let unit = level.chance.len() as u32;
            let chance = stage.chances[cluster[0].3 as usize];
            let differs = |key: &&Key| (stage.chances[key.3 as usize] - chance).abs() > CERTAIN;
            if let (Some(_), Some(codes)) = (cluster.iter().find(differs), stage.clusters) {
                uneven.push(codes.labels()[cluster[0].2 as usize].clone());
            }
            for key in cluster {
                cluster_of[key.3 as usize] = unit;
            }
            level.chance.push(chance);
            if let Some(codes) = stage.clusters {
                level
                    .names
                    .push(codes.labels()[cluster[0].2 as usize].clone());
            }
            level.parent.push(group.parent);
            level.stratum.push(level.groups.len() as u32);
            group.size += 1.0 / chance;
            if 1.0 - chance > CERTAIN {
                group.open.push(unit);
            }
        }
        level.groups.push(group);
    }
    faults.extend(told(stage, place, uneven));
    (level, cluster_of)
}

/// What is wrong with the chances of a stage.
fn told(stage: &ChanceStage<'_>, place: usize, uneven: Vec<String>) -> Vec<Fault> {
    let good = |chance: &f64| *chance > 0.0 && *chance <= 1.0;
    let bad = stage.chances.iter().filter(|chance| !good(chance)).count();
    let mut faults = Vec::new();
    if bad > 0 {
        faults.push(Fault::NoChance {
            stage: place,
            rows: bad as u64,
        });
    }
    if !uneven.is_empty() {
        faults.push(Fault::Uneven {
            stage: place,
            clusters: uneven,
        });
    }
    faults
}

/// What a person calls a stratum: "E"; below the first stage "E, stage 2".
fn label(stage: &ChanceStage<'_>, place: usize, key: Key) -> String {
    let mine = stage
        .strata
        .map_or("all", |codes| codes.labels()[key.1 as usize].as_str());
    match place {
        1 => mine.to_owned(),
        _ => format!("{mine} in cluster {}, stage {place}", key.0 + 1),
    }
}

impl Rule for Staged {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂ = Σ_h V̂_h + Σ_c π_c V̂_c,     V̂_h as [`Formula`] says, over what clusters come to
    /// ```
    ///
    /// V̂_c is the same over what was drawn within cluster c. A certain cluster adds only that.
    ///
    /// # Errors
    ///
    /// As for [`Unequal`](super::Unequal), of strata of any stage; [`Unknown::OneCluster`] if the figure is the
    /// mean of one cluster of which chance decided: R's `survey` gives it a variance of 0, or of what its own
    /// rows differ.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §4.3.2; as R's `survey` with `pps = "brewer"`.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        let reach = self.reach();
        let size = sum(scores.iter().map(|t| t * t));
        let rows = groups::counting(scores, answered);
        let leaves = self.levels.last().map_or(0, |level| level.chance.len());
        let rows_to_leaves = Level {
            parent: self.leaf.clone(),
            ..Level::default()
        };
        let mut totals = rows_to_leaves.above(scores, leaves);
        let mut counts = rows_to_leaves.counting(&rows, leaves);
        let (mut variance, mut lonely) = (Sum::default(), Vec::new());
        for (place, level) in self.levels.iter().enumerate().rev() {
            let units = Units {
                chance: &level.chance,
                total: &totals,
                counts: &counts,
            };
            let part = |group: &Group| Ok(self.formula.part(&level.sorted(group, &totals)));
            for siblings in level.groups.chunk_by(|a, b| a.parent == b.parent) {
                let above = place.checked_sub(1).map(|above| &reach[above]);
                let reach = above.map_or(1.0, |above| above[siblings[0].parent as usize]);
                let share = groups::settle(siblings, &units, self.lonely, &mut lonely, &part)?;
                variance.add(reach * share);
            }
            let clusters = place
                .checked_sub(1)
                .map_or(1, |above| self.levels[above].chance.len());
            (totals, counts) = (
                level.above(&totals, clusters),
                level.counting(&counts, clusters),
            );
        }
        if !lonely.is_empty() {
            lonely.sort_unstable();
            return Err(Unknown::LonelyStratum { strata: lonely });
        }
        self.single(scores, answered)?;
        groups::no_less_than_nothing(variance.value(), size)
    }

    /// Clusters of the first stage that were not certain less strata, over rows that count. If all were
    /// certain, clusters less strata.
    ///
    /// # Formula
    ///
    /// ```text
    /// ν = clusters − strata
    /// ```
    ///
    /// # Source
    ///
    /// Korn, Graubard (1999), §5.2.
    fn degrees(&self, answered: &[usize]) -> u64 {
        let mut units: Vec<u32> = answered.iter().map(|&row| self.leaf[row]).collect();
        for level in self.levels[1..].iter().rev() {
            units = units
                .into_iter()
                .map(|unit| level.parent[unit as usize])
                .collect();
        }
        units.sort_unstable();
        units.dedup();
        let first = &self.levels[0];
        let open: Vec<u32> = (units.iter().copied())
            .filter(|&unit| 1.0 - first.chance[unit as usize] > CERTAIN)
            .collect();
        let counted = if open.is_empty() { units } else { open };
        less_strata(
            counted
                .iter()
                .map(|&unit| first.stratum[unit as usize])
                .collect(),
        )
    }
}
