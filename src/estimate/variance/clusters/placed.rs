//! Units of which several figures are made, put into their clusters once.

use super::Clusters;
use crate::estimate::Unknown;
use crate::estimate::variance::Placed;
use crate::math::sum;

/// Units, cluster by cluster of the last stage.
#[derive(Debug)]
pub(super) struct InClusters<'c> {
    rule: &'c Clusters,
    /// The cluster of each, in order.
    cluster: Vec<u32>,
    /// Where each stands among the units as they were given.
    place: Vec<u32>,
    /// Degrees of freedom of all of them.
    degrees: u64,
}

impl<'c> InClusters<'c> {
    pub fn of(rule: &'c Clusters, units: &[usize]) -> InClusters<'c> {
        let leaf = units.iter().map(|&unit| rule.tree.leaf[unit]);
        // A cluster and a place in one number sort in half the time of a pair.
        let mut keys: Vec<u64> = leaf
            .zip(0_u64..)
            .map(|(leaf, place)| u64::from(leaf) << 32 | place)
            .collect();
        keys.sort_unstable();
        let cluster: Vec<u32> = keys.iter().map(|key| (key >> 32) as u32).collect();
        let mut once = cluster.clone();
        once.dedup();
        InClusters {
            rule,
            cluster,
            place: keys.into_iter().map(|key| key as u32).collect(),
            degrees: rule.degrees_of(once),
        }
    }

    /// What the scores of each cluster come to, from small to large; of those that have any.
    fn leaves(&self, score: impl Fn(usize) -> Option<f64>) -> Vec<(u32, f64)> {
        let mut leaves = Vec::with_capacity(self.cluster.len());
        let (mut rest, mut scores) = (&self.place[..], Vec::new());
        for clusters in self.cluster.chunk_by(|a, b| a == b) {
            let (mine, others) = rest.split_at(clusters.len());
            rest = others;
            scores.clear();
            scores.extend(mine.iter().filter_map(|&place| score(place as usize)));
            if scores.len() > 1 {
                scores.sort_unstable_by(f64::total_cmp);
            }
            if !scores.is_empty() {
                leaves.push((clusters[0], sum(scores.iter().copied())));
            }
        }
        leaves
    }
}

impl Placed for InClusters<'_> {
    fn variance(&self, few: &[f64], some: Option<&[u32]>) -> Result<f64, Unknown> {
        let leaves = match some {
            None => self.leaves(|place| Some(few[place])),
            Some(places) => {
                let mut scores = vec![None; self.place.len()];
                for (&place, score) in places.iter().zip(few) {
                    scores[place as usize] = Some(*score);
                }
                self.leaves(|place| scores[place])
            }
        };
        let size = few.iter().map(|score| score.abs()).sum();
        self.rule.over(&leaves, size, few.len())
    }

    fn degrees(&self, some: Option<&[u32]>) -> u64 {
        let Some(places) = some else {
            return self.degrees;
        };
        let mut there = vec![false; self.place.len()];
        for &place in places {
            there[place as usize] = true;
        }
        let units = self.place.iter().zip(&self.cluster);
        let units = units.filter(|(place, _)| there[**place as usize]);
        let mut units: Vec<u32> = units.map(|(_, cluster)| *cluster).collect();
        units.dedup();
        self.rule.degrees_of(units)
    }
}
