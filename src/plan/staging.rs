//! A plan whose units are drawn in stages: how many clusters, and how many units in each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::make::{begin, finish};
use super::{Error, Plan, Request};
use crate::notice::Notice;

/// How the numbers of a plan are drawn in stages: clusters first, then units within them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Staging {
    /// The stages, units last.
    pub stages: Vec<StagePlan>,
    /// The column of sizes, where chances go by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Whether every unit of a stratum has the same chance, and every cluster the same number of units.
    pub self_weighting: bool,
    /// Whether all are taken of a stratum or cluster that holds fewer than its take.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_all: bool,
    /// The strata that anybody is drawn from, in order of their labels.
    pub strata: Vec<StagedStratum>,
}

/// One stage of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagePlan {
    /// The column of the clusters' labels; that of ids at the last stage.
    pub column: String,
    /// The key of the method's card; none where all are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What chances are in proportion to.
    pub by: StageChance,
}

/// What chances at a stage are in proportion to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageChance {
    /// Nothing: they are equal.
    Equal,
    /// The number of units that a cluster holds.
    Units,
    /// The column of sizes: its sum in a cluster.
    Size,
}

/// How many are drawn in a stratum, stage by stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StagedStratum {
    /// Its label.
    pub stratum: String,
    /// How many in each cluster of the stage before, units last; none where all are taken. With
    /// [`or_all`](Staging::or_all) at most so many.
    pub takes: Vec<Option<u64>>,
    /// Units that are drawn, on average.
    pub units: f64,
}

/// Plans as [`plan`](super::plan()) does, but for the last step: each stratum gets the numbers given by its
/// label, or none. Whole clusters do not add up to any number.
///
/// # Errors
///
/// As for [`plan`](super::plan()).
pub fn plan_with(
    request: &Request,
    numbers: &BTreeMap<String, u64>,
) -> Result<(Plan, Vec<Notice>), Error> {
    let begun = begin(request)?;
    let of = |label: &str| numbers.get(label).copied().unwrap_or_default();
    let parts = begun.cells.iter().map(|cell| {
        let strata = cell.strata.iter();
        strata.map(|stratum| of(stratum.label())).collect()
    });
    let parts = parts.collect();
    finish(request, begun, parts)
}
