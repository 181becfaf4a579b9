//! Two stages that give every unit the same chance, and every cluster the same work.
//!
//! Clusters come in proportion to the number of units they hold, and in each the same number of units is
//! drawn. Use it where a cluster is an interviewer's day: nobody's weight differs from another's by design.

use super::clusters::{By, Drawn, Node, Stage, Take, stages, too_small};
use crate::draw::{Error, Method};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the self-weighting design says of itself.
pub const CARD: Card = Card {
    key: "self-weighting",
    title: Words::new("Self-weighting two-stage draw", "自加权二阶段抽样"),
    says: Words::new(
        "Clusters are drawn in proportion to their number of units, and then the same number of units in \
         each: every unit has the same chance.",
        "按群内单位数成比例抽取群，再在每个抽中的群内抽取相同数量的单位：每个单位的入样概率相等。",
    ),
    formula: "π_k = (a M_i / M) (b / M_i) = a b / M",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§4.3"),
        Source::at("Kish (1965)", "ch. 7"),
    ],
};

/// A two-stage draw that gives every unit the same chance.
#[derive(Debug, Clone, Copy)]
pub struct SelfWeighting {
    /// How clusters are drawn: any method for unequal chances.
    pub clusters_by: &'static Method,
    /// How many clusters.
    pub clusters: usize,
    /// How units are drawn within: any method for equal chances.
    pub units_by: &'static Method,
    /// How many units in each.
    pub units: usize,
}

/// Draws clusters in proportion to the number of units they hold, then the same number of units in each.
/// Sizes are not looked at: what counts is what is there.
///
/// # Formula
///
/// ```text
/// π_k = (a M_i / M) (b / M_i) = a b / M
/// ```
///
/// # Errors
///
/// [`Error::ClusterTooSmall`] names the first cluster that holds units, but fewer than are to be drawn
/// in it, whether or not it would be drawn; [`Error::ClusterTooLarge`] one that is more than certain, and
/// whose units would have a smaller chance than others; [`Error::TooMany`] if there are fewer clusters
/// with units than are to be drawn.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §4.3; Kish (1965), ch. 7.
///
/// # Example
///
/// ```
/// use canvass::draw::{unequal::sampford, equal::smallest, stages::{clusters::Node, self_weighting::{SelfWeighting, self_weighting}}};
/// use canvass::random::Seed;
/// let branch = |name: &str, customers: usize| {
///     Node::cluster(name, (0..customers).map(|i| Node::unit(i.to_string())).collect())
/// };
/// let town = [branch("east", 5), branch("west", 3), branch("north", 4)];
/// let plan = SelfWeighting {
///     clusters_by: &sampford::METHOD, clusters: 2, units_by: &smallest::METHOD, units: 3,
/// };
/// let drawn = self_weighting("town", &town, &plan, &Seed::new("x").expect("not blank"))?;
/// assert!(drawn.iter().all(|unit| (unit.probability() - 0.5).abs() < 1e-12)); // 2 · 3 / 12
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn self_weighting(
    label: &str,
    clusters: &[Node],
    plan: &SelfWeighting,
    seed: &Seed,
) -> Result<Vec<Drawn>, Error> {
    let counts: Vec<f64> = clusters
        .iter()
        .map(|node| node.inside.len() as f64)
        .collect();
    let all = crate::math::sum(counts.iter().copied());
    for (node, count) in clusters.iter().zip(&counts) {
        let units = node.inside.len();
        if (1..plan.units).contains(&units) {
            return Err(too_small(node.id.clone(), units, plan.units));
        }
        if count * plan.clusters as f64 > all {
            let (cluster, units) = (node.id.clone(), units as u64);
            let most = all as u64 / plan.clusters as u64;
            return Err(Error::ClusterTooLarge {
                cluster,
                units,
                most,
            });
        }
    }
    let counted: Vec<Node> = clusters
        .iter()
        .map(|node| node.clone().with_size(node.inside.len() as f64))
        .collect();
    let first = Stage {
        method: plan.clusters_by,
        by: By::Size,
        take: Take::Count(plan.clusters),
    };
    let second = Stage {
        method: plan.units_by,
        by: By::Count,
        take: Take::Count(plan.units),
    };
    stages(label, &counted, &[first, second], seed)
}

#[cfg(test)]
mod tests {
    use super::{SelfWeighting, self_weighting};
    use crate::draw::Error;
    use crate::draw::equal::smallest;
    use crate::draw::stages::clusters::Node;
    use crate::draw::stages::trial::{proves, town};
    use crate::draw::trial::seed;
    use crate::draw::unequal::sampford;

    #[test]
    fn a_self_weighting_draw_gives_all_the_same_chance() {
        let town = town();
        let plan = SelfWeighting {
            clusters_by: &sampford::METHOD,
            clusters: 2,
            units_by: &smallest::METHOD,
            units: 3,
        };
        let draw = |text: &str| self_weighting("all", &town, &plan, &seed(text)).expect("possible");
        for i in 0..100 {
            let drawn = draw(&format!("self {i}"));
            assert_eq!(drawn.len(), 6);
            assert!(
                drawn
                    .iter()
                    .all(|unit| (unit.probability() - 6.0 / 30.0).abs() < 1e-12)
            );
        }
        proves(&town, draw);
    }

    #[test]
    fn what_cannot_weigh_alike_is_refused() {
        let town = town();
        let plan = |clusters, units| SelfWeighting {
            clusters_by: &sampford::METHOD,
            clusters,
            units_by: &smallest::METHOD,
            units,
        };
        let draw =
            |clusters, units| self_weighting("all", &town, &plan(clusters, units), &seed("x"));
        let cluster = "cluster 0".to_owned();
        assert_eq!(
            draw(2, 4),
            Err(Error::ClusterTooSmall {
                cluster,
                units: 3,
                asked: 4
            })
        );
        // With three clusters of thirty units, one of ten is just certain; with four, one of eight is
        // more than that.
        assert!(draw(3, 2).is_ok());
        let cluster = "cluster 1".to_owned();
        assert_eq!(
            draw(4, 2),
            Err(Error::ClusterTooLarge {
                cluster,
                units: 8,
                most: 7
            })
        );
        // An empty cluster is never drawn, and in nobody's way.
        let mut town = town.clone();
        town.push(Node::cluster("empty", Vec::new()));
        let drawn = self_weighting("all", &town, &plan(2, 3), &seed("x")).expect("possible");
        assert_eq!(drawn.len(), 6);
    }
}
