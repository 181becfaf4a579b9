//! What a check finds of clusters: how many there are, how large, and units that have none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{chances_by, towns};
use crate::bare::Stratum;
use crate::bare::stages::town::{Town, label};
use crate::draw::How;
use crate::draw::stages::clusters::{By, Node};
use crate::settings::Stages;

/// The clusters of a stage, as a check finds them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CheckedStage {
    /// The column of their labels.
    pub column: String,
    /// How many there are.
    pub clusters: u64,
    /// Units in the smallest.
    pub smallest: u64,
    /// Units in the largest.
    pub largest: u64,
    /// Labels that stand in several strata, or clusters of the stage before: each names several clusters.
    #[serde(default, skip_serializing_if = "is_none")]
    pub labels_again: u64,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// What was found of a list of clusters.
pub(in crate::study) struct Looked {
    /// By stage.
    pub stages: Vec<CheckedStage>,
    /// Units that may be drawn, by stratum: those of a size above 0, where sizes decide.
    pub reached: Vec<u64>,
    /// Cells that name no cluster.
    pub problems: Vec<String>,
}

impl Looked {
    /// Looks at all units, which are used up.
    pub fn at(how: &How, stages: &Stages, strata: Vec<Stratum>) -> Looked {
        let columns = stages.columns();
        let problems = blanks(&columns, &strata);
        let by = chances_by(how, stages);
        let mut counts: Vec<Counts> = columns.iter().map(|_| Counts::default()).collect();
        let mut reached = Vec::new();
        for town in towns(strata, stages) {
            reached.push(within(&town.nodes, &by));
            for (level, counts) in counts.iter_mut().enumerate() {
                at_level(&town, level, counts);
            }
        }
        let told = |(column, counts): (String, Counts)| CheckedStage {
            column,
            labels_again: counts.labels.values().filter(|times| **times > 1).count() as u64,
            ..counts.found
        };
        Looked {
            stages: columns.into_iter().zip(counts).map(told).collect(),
            reached,
            problems,
        }
    }
}

#[derive(Default)]
struct Counts {
    found: CheckedStage,
    labels: BTreeMap<String, u64>,
}

fn at_level(town: &Town, level: usize, counts: &mut Counts) {
    let mut nodes: Vec<&Node> = town.nodes.iter().collect();
    for _ in 0..level {
        nodes = nodes.into_iter().flat_map(|node| &node.inside).collect();
    }
    for node in nodes
        .into_iter()
        .filter(|node| !is_blank(Some(label(node))))
    {
        let units = leaves(node);
        let found = &mut counts.found;
        found.smallest = match found.clusters {
            0 => units,
            _ => found.smallest.min(units),
        };
        found.largest = found.largest.max(units);
        found.clusters += 1;
        *counts.labels.entry(label(node).to_owned()).or_default() += 1;
    }
}

fn leaves(node: &Node) -> u64 {
    match node.inside.is_empty() {
        true => 1,
        false => node.inside.iter().map(leaves).sum(),
    }
}

/// Units with a chance: no cluster above them, nor themselves, of size 0 where sizes decide.
fn within(nodes: &[Node], by: &[By]) -> u64 {
    let Some((by, rest)) = by.split_first() else {
        return 1;
    };
    let drawn = nodes
        .iter()
        .filter(|node| *by == By::Count || node.size > 0.0);
    drawn.map(|node| within(&node.inside, rest)).sum()
}

fn is_blank(cell: Option<&str>) -> bool {
    cell.unwrap_or_default().trim().is_empty()
}

/// How many rows are shown.
const SHOWN: usize = 5;

/// Units that have no cluster.
fn blanks(columns: &[String], strata: &[Stratum]) -> Vec<String> {
    let mut problems = Vec::new();
    for (level, column) in columns.iter().enumerate() {
        let mut rows: Vec<u64> = Vec::new();
        for units in strata.iter().map(|stratum| &stratum.units) {
            let blank = |unit: &usize| is_blank(units.sort_cell(*unit, level));
            let blanks = (0..units.len()).filter(blank);
            rows.extend(blanks.map(|unit| units.row(unit) + 1));
        }
        rows.sort_unstable();
        if !rows.is_empty() {
            let shown: Vec<String> = rows.iter().take(SHOWN).map(u64::to_string).collect();
            let more = if rows.len() > SHOWN { " …" } else { "" };
            problems.push(format!(
                "{} cells of '{column}', which names clusters, are blank (rows {}{more})",
                rows.len(),
                shown.join(", ")
            ));
        }
    }
    problems
}
