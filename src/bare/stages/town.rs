//! A stratum's units as clusters within clusters, and whether every cluster holds enough.

use std::collections::BTreeMap;

use crate::bare::census::Stratum;
use crate::bare::units::Unit;
use crate::draw::Probabilities;
use crate::draw::stages::clusters::{By, Node, Stage, Take};

/// Between a stratum's labels and a cluster's: a character that no label has.
pub(crate) const BETWEEN: char = '\u{1f}';

/// A stratum's units as clusters within clusters.
pub(crate) struct Town {
    /// The stratum's label.
    pub label: String,
    /// By the labels of their clusters, and then by id.
    pub units: Vec<Unit>,
    /// The largest clusters.
    pub nodes: Vec<Node>,
}

impl Town {
    /// The units of a stratum, moved out of it. A cluster belongs to its stratum: where another stratum has
    /// one with the same label, their permanent numbers differ.
    pub fn of(stratum: &mut Stratum, levels: usize) -> Town {
        let mut units = std::mem::take(&mut stratum.units).each();
        units.sort_unstable_by(|one, other| (&one.sort, &one.id).cmp(&(&other.sort, &other.id)));
        let mut before = stratum.labels.join("\u{1f}");
        if !before.is_empty() {
            before.push(BETWEEN);
        }
        let nodes = nodes(&units, (0, levels), &before);
        Town {
            label: stratum.label(),
            units,
            nodes,
        }
    }
}

/// Clusters of units that are sorted by their labels.
fn nodes(units: &[Unit], (level, levels): (usize, usize), before: &str) -> Vec<Node> {
    if level == levels {
        let unit = |unit: &Unit| Node::unit(unit.id.clone()).with_size(unit.size);
        return units.iter().map(unit).collect();
    }
    units
        .chunk_by(|one, other| one.sort[level] == other.sort[level])
        .map(|inside| {
            let label = inside[0].sort[level].as_deref().unwrap_or_default();
            let inside = nodes(inside, (level + 1, levels), "");
            Node::cluster(format!("{before}{label}"), inside)
        })
        .collect()
}

/// The label of a cluster, as it stands in the list.
pub(crate) fn label(node: &Node) -> &str {
    node.id.rsplit(BETWEEN).next().unwrap_or_default()
}

/// Clusters that are too small or too large: how many, and the first.
#[derive(Default)]
pub(crate) struct Misfits {
    pub count: u64,
    /// Its name, and how many it holds.
    pub first: Option<(String, u64)>,
}

impl Misfits {
    fn add(&mut self, name: &str, holds: u64) {
        self.count += 1;
        self.first.get_or_insert_with(|| (name.to_owned(), holds));
    }
}

/// What one stage has to draw from.
#[derive(Default)]
pub(crate) struct Level {
    /// Those that would hold too few, of the stage before: a stratum at the first.
    pub small: Misfits,
    /// Those that hold fewer than asked for, where all are taken then.
    pub whole: u64,
    /// In how many places each label stands.
    labels: BTreeMap<String, u64>,
}

impl Level {
    /// Labels that stand in more than one cluster of the stage before, or stratum.
    pub fn again(&self) -> u64 {
        self.labels.values().filter(|times| **times > 1).count() as u64
    }
}

/// A look at all strata before anything is drawn.
pub(crate) struct Look<'a> {
    stages: &'a [Stage],
    /// By stage.
    pub levels: Vec<Level>,
    /// Units that no sample can contain.
    pub without: u64,
}

/// What a stratum is found to hold.
pub(crate) struct Seen {
    /// Clusters, and units last, by stage.
    pub there: Vec<u64>,
    /// How many units are drawn, on average.
    pub expected: f64,
}

impl<'a> Look<'a> {
    /// Before the first stratum.
    pub fn at(stages: &'a [Stage]) -> Look<'a> {
        Look {
            stages,
            levels: stages.iter().map(|_| Level::default()).collect(),
            without: 0,
        }
    }

    /// Takes a stratum into account.
    pub fn see(&mut self, town: &Town) -> Seen {
        let mut there = vec![0; self.stages.len()];
        let mut above = vec![town.label.clone()];
        let expected = self.within(&mut above, &town.nodes, &mut there);
        Seen { there, expected }
    }

    /// How many units of these are drawn, on average, once what holds them is.
    fn within(&mut self, above: &mut Vec<String>, nodes: &[Node], there: &mut [u64]) -> f64 {
        let level = above.len() - 1;
        let Some(stage) = self.stages.get(level) else {
            return 1.0;
        };
        there[level] += nodes.len() as u64;
        let chances = self.chances(above, nodes, stage);
        let is_last = level + 1 == self.stages.len();
        let mut expected = 0.0;
        for (node, chance) in nodes.iter().zip(chances) {
            let reached = chance > 0.0;
            if is_last {
                self.without += u64::from(!reached);
                expected += chance;
                continue;
            }
            *self.levels[level]
                .labels
                .entry(label(node).to_owned())
                .or_default() += 1;
            if !reached {
                self.without += leaves(node);
                continue;
            }
            above.push(label(node).to_owned());
            expected += chance * self.within(above, &node.inside, there);
            above.pop();
        }
        expected
    }

    fn chances(&mut self, above: &[String], nodes: &[Node], stage: &Stage) -> Vec<f64> {
        let size = |node: &Node| match stage.by {
            By::Count => 1.0,
            By::Size => node.size,
        };
        let sizes: Vec<f64> = nodes.iter().map(size).collect();
        let with_chance = sizes.iter().filter(|size| **size > 0.0).count();
        let take = match stage.take {
            Take::All => return vec![1.0; nodes.len()],
            Take::Count(take) | Take::AtMost(take) => take,
        };
        if take > with_chance && matches!(stage.take, Take::AtMost(_)) {
            self.levels[above.len() - 1].whole += 1;
        } else if take > with_chance {
            let name = match above {
                [stratum] => stratum.clone(),
                [_, clusters @ ..] => clusters.join(" / "),
                [] => String::new(),
            };
            self.levels[above.len() - 1]
                .small
                .add(&name, with_chance as u64);
        }
        match Probabilities::by_size(&sizes, take.min(with_chance)) {
            Ok(chances) => chances.as_slice().to_vec(),
            // The draw itself says why.
            Err(_) => vec![0.0; nodes.len()],
        }
    }
}

/// Units that a cluster holds.
fn leaves(node: &Node) -> u64 {
    match node.inside.is_empty() {
        true => 1,
        false => node.inside.iter().map(leaves).sum(),
    }
}

/// Clusters that hold more than one of so many of all units of their stratum: such a one is more than certain.
pub(crate) fn too_large(towns: &[Town], clusters: u64) -> Misfits {
    let mut found = Misfits::default();
    for town in towns {
        let all = town.units.len() as u64;
        for node in &town.nodes {
            let holds = node.inside.len() as u64;
            if holds.saturating_mul(clusters) > all {
                found.add(label(node), holds);
            }
        }
    }
    found
}
