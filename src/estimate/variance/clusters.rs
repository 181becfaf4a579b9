//! The variance of a sum of scores over clusters that were drawn in strata, and what was drawn in them.

mod placed;

use super::lonely::Lonely;
use super::tree::{Level, Stratum, Tree};
use super::{Design, Placed, Rule, Unfit};
use crate::estimate::Unknown;
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};
use placed::InClusters;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "clusters",
    title: Words::new("Linearised variance over clusters", "整群多阶段线性化方差"),
    says: Words::new(
        "Every answer is replaced by how much it moves the figure; scores are summed by cluster, and the \
         variance is that of clusters drawn simply in strata. Where it is known how many clusters there \
         are, what was drawn within clusters adds its part, stage by stage; where it is not, the first \
         stage stands for all of them.",
        "以每个回答对估计量的影响（得分）代替回答本身并按群合计，方差即各层简单随机抽群的方差。\
         已知总体群数时，逐阶段加入群内抽样的方差；未知时由第一阶段代表全部阶段。",
    ),
    formula: "V̂ = Σ_h (1 − f_h) · n_h/(n_h − 1) · Σ_{c∈h} (t_c − t̄_h)² + Σ_h f_h Σ_{c∈h} V̂_c,  f_h = n_h/N_h",
    sources: &[
        Source::new("Bellhouse (1985)"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§4.4"),
    ],
};

/// Of the whole, what may be left of a sum that is 0: rounding.
const NOTHING: f64 = 1e-9;

/// Clusters in strata, any number of stages.
///
/// All sums run over sorted numbers, so that no bit depends on the order of rows.
///
/// # Example
///
/// Two of eight villages of a valley were drawn, and two people in each:
///
/// ```
/// use canvass::estimate::variance::{Clusters, Design, Rule, Stage};
/// use canvass::frame::Codes;
///
/// let village = Codes::from_labels(["a", "a", "b", "b"]);
/// let stage = Stage { clusters: Some(&village), population: Some(&[8.0; 4]), ..Stage::default() };
/// let design = Design { stages: vec![stage], ..Design::of(&[20.0; 4]) };
/// let rule = Clusters::of(&design).expect("a design");
/// // Villages come to 3 and 7: (1 − 2/8) · 2/1 · (2² + 2²)
/// assert_eq!(rule.variance(&[1.0, 2.0, 3.0, 4.0], &[0, 1, 2, 3]), Ok(12.0));
/// assert_eq!(rule.degrees(&[0, 1, 2, 3]), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Clusters {
    tree: Tree,
    remedy: Lonely,
}

impl Clusters {
    /// The strata and clusters of a design.
    ///
    /// # Errors
    ///
    /// [`Unfit`] with all that does not hold together: clusters in two strata, populations that
    /// differ within a stratum or are smaller than what was drawn from them.
    ///
    /// # Panics
    ///
    /// If a stage before the last has no clusters, or columns differ in length: our own bug.
    pub fn of(design: &Design<'_>) -> Result<Clusters, Unfit> {
        Ok(Clusters {
            tree: Tree::of(design)?,
            remedy: design.lonely,
        })
    }

    /// How many strata the first stage has.
    #[must_use]
    pub fn strata(&self) -> usize {
        self.tree.levels[0].strata.len()
    }

    /// How many clusters were drawn at the first stage.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.tree.levels[0].stratum.len()
    }

    /// Strata with a single cluster, of several, before anything was done about them.
    #[must_use]
    pub fn lonely(&self) -> &[String] {
        &self.tree.lonely
    }

    /// The units of the last stage that have to do with a figure, in order, and what their scores
    /// come to.
    fn leaves(&self, scored: impl Iterator<Item = (usize, f64)>) -> Vec<(u32, f64)> {
        let mut pairs: Vec<(u32, f64)> = scored
            .map(|(row, score)| (self.tree.leaf[row], score))
            .collect();
        sort(&mut pairs);
        pairs
            .chunk_by(|a, b| a.0 == b.0)
            .map(|rows| (rows[0].0, total(rows)))
            .collect()
    }

    /// The variance from what the last stage's units come to; `size` is what their scores come to
    /// without signs.
    fn over(&self, leaves: &[(u32, f64)], size: f64, answers: usize) -> Result<f64, Unknown> {
        let (mut units, mut lonely) = (leaves, Vec::new());
        let mut above;
        let mut variance = Sum::default();
        for level in self.tree.levels.iter().rev() {
            let (share, found) = self.stage(level, units, &mut lonely);
            variance.add(share);
            above = found;
            units = &above;
        }
        if !lonely.is_empty() {
            lonely.sort_unstable();
            return Err(Unknown::LonelyStratum { strata: lonely });
        }
        self.single(leaves, size, answers)
            .map_or(Ok(variance.value()), Err)
    }

    /// The variance that one stage adds, and what its clusters above come to.
    fn stage(
        &self,
        level: &Level,
        units: &[(u32, f64)],
        lonely: &mut Vec<String>,
    ) -> (f64, Vec<(u32, f64)>) {
        let mut pairs: Vec<(u32, f64)> = units
            .iter()
            .map(|&(unit, total)| (level.stratum[unit as usize], total))
            .collect();
        sort(&mut pairs);
        let parts: Vec<Part<'_>> = pairs
            .chunk_by(|a, b| a.0 == b.0)
            .map(|clusters| Part::of(&level.strata[clusters[0].0 as usize], clusters))
            .collect();
        let (mut variance, mut above) = (Sum::default(), Vec::new());
        for group in parts.chunk_by(|a, b| a.stratum.parent == b.stratum.parent) {
            let Stratum { parent, reach, .. } = *group[0].stratum;
            above.push((parent, sum(group.iter().map(|part| part.total))));
            if reach > 0.0 {
                variance.add(reach * self.within(group, lonely));
            }
        }
        (variance.value(), above)
    }

    /// The variance that strata within one cluster add; those that have none go to `lonely`.
    ///
    /// # Formula
    ///
    /// ```text
    /// average:  Σ_h V̂_h · H / (H − lonely)
    /// ```
    ///
    /// # Source
    ///
    /// Lumley (2010), §3.2.1.
    fn within(&self, strata: &[Part<'_>], lonely: &mut Vec<String>) -> f64 {
        let clusters: u64 = strata.iter().map(|part| part.stratum.drawn).sum();
        let centre = sum(strata.iter().map(|part| part.total)) / clusters as f64;
        let mut without: Vec<&Stratum> = Vec::new();
        let mut variance = Sum::default();
        for part in strata {
            match part
                .variance()
                .or_else(|| self.remedy.share(part.stratum, part.total, centre))
            {
                Some(share) => variance.add(share),
                None => without.push(part.stratum),
            }
        }
        let with = strata.len() - without.len();
        if self.remedy == Lonely::Average && with > 0 {
            return variance.value() * strata.len() as f64 / with as f64;
        }
        lonely.extend(without.into_iter().map(|stratum| stratum.label.clone()));
        variance.value()
    }

    /// Why the figure has no variance, if all of it comes from a single cluster, of several, in which
    /// scores add up to 0: as those of a mean do. A variance of 0 would say that clusters do not differ.
    fn single(&self, leaves: &[(u32, f64)], size: f64, answers: usize) -> Option<Unknown> {
        if leaves.len() > 1 && self.tree.levels.len() == 1 {
            return None;
        }
        let mut units: Vec<u32> = leaves.iter().map(|&(unit, _)| unit).collect();
        let mut found = None;
        for (place, level) in self.tree.levels.iter().enumerate().rev() {
            if let [only] = units[..] {
                let stratum = &level.strata[level.stratum[only as usize] as usize];
                let certain = stratum.is_lonely() && self.remedy == Lonely::Certainty;
                if !stratum.is_whole() && !certain && stratum.reach > 0.0 {
                    found = Some((place, only));
                }
            }
            units = level.above(units);
        }
        let (place, only) = found?;
        let rest = sum(leaves.iter().map(|&(_, total)| total));
        if rest.abs() > NOTHING * size {
            return None;
        }
        match self.tree.levels[place].names.get(only as usize) {
            Some(cluster) if answers > 1 => Some(Unknown::OneCluster {
                cluster: cluster.clone(),
            }),
            _ => Some(Unknown::OneAnswer),
        }
    }
}

impl Level {
    /// The clusters of the stage before that hold these, in order, each once.
    fn above(&self, units: Vec<u32>) -> Vec<u32> {
        let mut above: Vec<u32> = units
            .into_iter()
            .map(|unit| self.strata[self.stratum[unit as usize] as usize].parent)
            .collect();
        above.dedup();
        above
    }
}

/// A stratum, and what those of its clusters that have to do with the figure come to.
struct Part<'t> {
    stratum: &'t Stratum,
    total: f64,
    /// Σ (t − t̄)² over all its clusters.
    squares: f64,
}

impl<'t> Part<'t> {
    /// Clusters that have nothing to do with the figure come to 0, and count.
    fn of(stratum: &'t Stratum, clusters: &[(u32, f64)]) -> Part<'t> {
        let total = total(clusters);
        let mean = total / stratum.drawn as f64;
        let others = (stratum.drawn - clusters.len() as u64) as f64;
        let squares = clusters.iter().map(|&(_, t)| (t - mean).powi(2));
        Part {
            stratum,
            total,
            squares: sum(squares.chain([others * mean * mean])),
        }
    }

    /// The variance that the stratum adds; none if it has a single cluster of several.
    ///
    /// # Formula
    ///
    /// ```text
    ///              n_h
    /// (1 − f_h) ─────── Σ_{c∈h} (t_c − t̄_h)²,     f_h = n_h / N_h
    ///            n_h − 1
    /// ```
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §4.2.
    fn variance(&self) -> Option<f64> {
        if self.stratum.is_whole() {
            return Some(0.0);
        }
        let n = self.stratum.drawn as f64;
        (self.stratum.drawn > 1)
            .then(|| (1.0 - self.stratum.fraction) * n / (n - 1.0) * self.squares)
    }
}

impl Rule for Clusters {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    ///                   n_h
    /// V̂ = Σ_h (1 − f_h) ─────── Σ_{c∈h} (t_c − t̄_h)² + Σ_h f_h Σ_{c∈h} V̂_c
    ///                 n_h − 1
    /// ```
    ///
    /// t_c is what the scores of cluster c come to, and V̂_c the same of the strata and clusters that
    /// were drawn within it. Where the population of a stage has no end, f_h is 0 and nothing is added
    /// below it.
    ///
    /// # Arguments
    ///
    /// | symbol | argument | shape | unit                              |
    /// |--------|----------|-------|-----------------------------------|
    /// | t      | `scores` | n     | weighted: of the figure           |
    ///
    /// `answered` are the rows that the figure is made of.
    ///
    /// # Errors
    ///
    /// [`Unknown::LonelyStratum`] names strata with a single cluster, of several, unless they are to be
    /// taken for something; [`Unknown::OneAnswer`] and [`Unknown::OneCluster`] if the figure is the mean
    /// of one answer or of one cluster.
    ///
    /// # Source
    ///
    /// Bellhouse (1985), and R's `survey` after it. `survey` gives the mean of a single cluster a
    /// variance of 0, or of what its own rows differ; here it has none.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        let mut counts: Vec<bool> = scores.iter().map(|score| score.abs() > 0.0).collect();
        answered.iter().for_each(|&row| counts[row] = true);
        let rows = (0..scores.len()).filter(|&row| counts[row]);
        let leaves = self.leaves(rows.map(|row| (row, scores[row])));
        let size = scores.iter().map(|score| score.abs()).sum();
        self.over(&leaves, size, answered.len())
    }

    fn variance_of(&self, few: &[f64], answered: &[usize], _: usize) -> Result<f64, Unknown> {
        let leaves = self.leaves(answered.iter().copied().zip(few.iter().copied()));
        let size = few.iter().map(|score| score.abs()).sum();
        self.over(&leaves, size, answered.len())
    }

    /// Clusters less strata of the first stage, over rows that count.
    ///
    /// # Formula
    ///
    /// ```text
    /// ν = clusters − strata
    /// ```
    ///
    /// # Source
    ///
    /// Korn, Graubard (1999), §5.2; as R's `survey` counts for domains.
    fn degrees(&self, answered: &[usize]) -> u64 {
        let mut units: Vec<u32> = answered.iter().map(|&row| self.tree.leaf[row]).collect();
        units.sort_unstable();
        units.dedup();
        self.degrees_of(units)
    }

    fn placed(&self, units: &[usize]) -> Option<Box<dyn Placed + '_>> {
        Some(Box::new(InClusters::of(self, units)))
    }
}

impl Clusters {
    /// Clusters less strata of the first stage, over units of the last: each once, in order.
    fn degrees_of(&self, mut units: Vec<u32>) -> u64 {
        for level in self.tree.levels[1..].iter().rev() {
            units = level.above(units);
        }
        let mut strata: Vec<u32> = units
            .iter()
            .map(|&unit| self.tree.levels[0].stratum[unit as usize])
            .collect();
        strata.sort_unstable();
        strata.dedup();
        units.len().saturating_sub(strata.len()) as u64
    }
}

/// Sorts by place, then by size, so that sums do not depend on the order of rows.
fn sort(pairs: &mut [(u32, f64)]) {
    if pairs.is_sorted_by_key(|pair| pair.0) {
        // Whole numbers sort in half the time of numbers in pairs.
        let mut keys: Vec<i64> = Vec::new();
        for run in pairs.chunk_by_mut(|a, b| a.0 == b.0) {
            keys.clear();
            keys.extend(run.iter().map(|pair| turned(pair.1.to_bits() as i64)));
            keys.sort_unstable();
            for (pair, key) in run.iter_mut().zip(&keys) {
                pair.1 = f64::from_bits(turned(*key) as u64);
            }
        }
        return;
    }
    pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
}

/// The bits of a number as a whole one that sorts as it does, by `total_cmp`; and back again.
fn turned(bits: i64) -> i64 {
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

fn total(pairs: &[(u32, f64)]) -> f64 {
    sum(pairs.iter().map(|&(_, x)| x))
}
