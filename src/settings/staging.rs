//! `[[draw.stage]]`: clusters that are drawn before the units in them.

use toml::de::DeValue;

use super::kinds::{method, text};
use super::origin::At;
use super::problems::Problem;
use super::reader::Node;
use super::section::Section;
use crate::draw::Method;
use crate::draw::stages::StageTake;

/// `[[draw.stage]]`, as written.
pub(super) struct Stage {
    pub at: At<()>,
    pub cluster: Option<At<String>>,
    pub take: Option<At<StageTake>>,
    pub method: Option<At<&'static Method>>,
}

impl Stage {
    pub fn read(stage: &mut Section<'_, '_>) -> Stage {
        Stage {
            at: stage.at(),
            cluster: stage.need("cluster", text),
            take: stage.may("take", take),
            method: stage.may("method", method),
        }
    }
}

/// A whole number of at least 1, or "all".
pub(super) fn take(node: &Node<'_>, found: &mut Vec<Problem>) -> Option<StageTake> {
    let taken = match node.value {
        DeValue::String(word) if &**word == "all" => Some(StageTake::All),
        DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .filter(|count| *count > 0)
            .map(StageTake::Count),
        _ => None,
    };
    if taken.is_none() {
        let written = super::render::render(node.value);
        let message = format!(
            "{} is {written}; it must be a whole number of at least 1, or \"all\"",
            node.key
        );
        found.push(node.problem(message));
    }
    taken
}

/// How a sample is drawn in stages: clusters first, then units within them.
#[derive(Debug, Clone, PartialEq)]
pub struct Stages {
    /// From the largest clusters down.
    pub clusters: Vec<StageSpec>,
    /// How many units in each of the last clusters; none if that follows from the plan.
    pub within: Option<StageTake>,
    /// Whether all are taken of a stratum or cluster that holds fewer than that.
    pub or_all: bool,
    /// Whether every unit of a stratum is to have the same chance, and every cluster the same number of
    /// units.
    pub self_weighting: bool,
}

impl Stages {
    /// How many are taken at each stage, units last; none for the one that follows from the plan.
    #[must_use]
    pub fn takes(&self) -> Vec<Option<StageTake>> {
        let clusters = self.clusters.iter().map(|stage| stage.take);
        clusters.chain([self.within]).collect()
    }

    /// The columns of the clusters' labels.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let columns = self.clusters.iter().map(|stage| stage.cluster.clone());
        columns.collect()
    }
}

/// A stage at which clusters are drawn.
#[derive(Debug, Clone)]
pub struct StageSpec {
    /// The column of the clusters' labels.
    pub cluster: String,
    /// How many, in each stratum or cluster of the stage before; none if that follows from the plan.
    pub take: Option<StageTake>,
    /// How. Methods for unequal chances draw clusters in proportion to the units they hold, or to their
    /// sizes.
    pub method: &'static Method,
}

/// Methods are known by the key of their card.
impl PartialEq for StageSpec {
    fn eq(&self, other: &StageSpec) -> bool {
        (&self.cluster, self.take) == (&other.cluster, other.take)
            && self.method.card.key == other.method.card.key
    }
}
