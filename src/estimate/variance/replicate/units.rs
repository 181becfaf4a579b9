//! Clusters in strata, stage by stage: what replicates are made of.

use super::Error;
use crate::draw::Sample;
use crate::estimate::variance::tree::Tree;
use crate::estimate::variance::{Design, Lonely};

/// The cluster of a row that is in none: it was drawn, and not worked.
const OUT: u32 = u32::MAX;

/// One stratum of one stage, within one cluster of the stage before.
#[derive(Debug, Clone)]
pub(super) struct Stratum {
    /// What a person calls it.
    pub label: String,
    /// Its clusters, in the order of their labels.
    pub clusters: Vec<u32>,
    /// f_h; 0 where the population has no end.
    pub fraction: f64,
    /// Π f of the strata above it.
    pub reach: f64,
    /// Whether another draw would have had the same clusters.
    pub fixed: bool,
}

impl Stratum {
    /// n_h.
    pub fn drawn(&self) -> f64 {
        self.clusters.len() as f64
    }

    /// √(1 − f_h): what is left of a deviation where the population has an end.
    pub fn open(&self) -> f64 {
        (1.0 - self.fraction).sqrt()
    }

    /// "E (3)".
    pub fn counted(&self) -> String {
        format!("{} ({})", self.label, self.clusters.len())
    }
}

/// One stage.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub strata: Vec<Stratum>,
    /// How many clusters it has in all.
    pub clusters: usize,
    /// The stratum of each cluster.
    pub stratum: Vec<u32>,
    /// The cluster of each row.
    pub row: Vec<u32>,
}

impl Stage {
    /// The clusters of rows, of strata that another draw might have filled with other clusters.
    fn moved<'a>(&'a self, rows: &'a [usize]) -> impl Iterator<Item = u32> + 'a {
        let moves = |stratum: &Stratum| !stratum.fixed && stratum.reach > 0.0;
        let clusters = rows.iter().map(|&row| self.row[row]);
        clusters.filter(move |&cluster| {
            cluster != OUT && moves(&self.strata[self.stratum[cluster as usize] as usize])
        })
    }
}

/// The clusters and strata that replicates are made of.
///
/// # Example
///
/// ```
/// use canvass::estimate::variance::replicate::Units;
/// use canvass::estimate::variance::{Design, Stage};
/// use canvass::frame::Codes;
///
/// let village = Codes::from_labels(["a", "a", "b", "c"]);
/// let stage = Stage { clusters: Some(&village), ..Stage::default() };
/// let units = Units::of(&Design { stages: vec![stage], ..Design::of(&[20.0; 4]) })?;
/// assert_eq!((units.clusters(), units.cluster(2)), (3, Some(1)));
/// # Ok::<(), canvass::estimate::variance::replicate::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Units {
    pub(super) stages: Vec<Stage>,
}

impl Units {
    /// Those of a design.
    ///
    /// # Errors
    ///
    /// [`Error::Unfit`] if strata, clusters and populations do not hold together; [`Error::Lonely`]
    /// names strata with a single cluster, unless they are to be taken for certain or collapsed;
    /// [`Error::Remedy`] if they are to be taken for anything else.
    pub fn of(design: &Design<'_>) -> Result<Units, Error> {
        let tree = Tree::of(design)?;
        let wanted = matches!(design.lonely, Lonely::Adjust | Lonely::Average);
        if wanted && !tree.lonely.is_empty() {
            let (remedy, strata) = (design.lonely, tree.lonely);
            return Err(Error::Remedy { remedy, strata });
        }
        let mut row = tree.leaf.clone();
        let mut stages = Vec::new();
        for level in tree.levels.iter().rev() {
            let above =
                |cluster: u32| level.strata[level.stratum[cluster as usize] as usize].parent;
            let mut clusters = vec![Vec::new(); level.strata.len()];
            for (cluster, &stratum) in level.stratum.iter().enumerate() {
                clusters[stratum as usize].push(cluster as u32);
            }
            let strata = level.strata.iter().zip(clusters);
            let strata = strata.map(|(stratum, clusters)| Stratum {
                label: stratum.label.clone(),
                clusters,
                fraction: stratum.fraction,
                reach: stratum.reach,
                fixed: stratum.is_whole()
                    || (stratum.is_lonely() && design.lonely == Lonely::Certainty),
            });
            let next = row.iter().map(|&cluster| above(cluster)).collect();
            stages.push(Stage {
                strata: strata.collect(),
                clusters: level.stratum.len(),
                stratum: level.stratum.clone(),
                row: std::mem::replace(&mut row, next),
            });
        }
        stages.reverse();
        Units { stages }.checked()
    }

    /// Those of a sample that was drawn simply in strata: every unit that was worked is its own
    /// cluster. Of any other draw, give the [`Design`].
    ///
    /// # Errors
    ///
    /// [`Error::Lonely`] names strata of several units of which one was worked.
    pub fn of_sample(sample: &Sample, worked: &[bool]) -> Result<Units, Error> {
        let mut clusters = vec![Vec::new(); sample.population.len()];
        let (mut stratum, mut row) = (Vec::new(), vec![OUT; worked.len()]);
        for (place, _) in worked.iter().enumerate().filter(|(_, worked)| **worked) {
            let (cluster, code) = (stratum.len() as u32, sample.stratum.code(place));
            stratum.push(code as u32);
            clusters[code].push(cluster);
            row[place] = cluster;
        }
        let strata = clusters.into_iter().enumerate().map(|(h, clusters)| {
            let fraction = clusters.len() as f64 / sample.population[h] as f64;
            Stratum {
                label: sample.stratum.labels()[h].clone(),
                fixed: clusters.is_empty() || fraction >= 1.0,
                clusters,
                fraction,
                reach: 1.0,
            }
        });
        let stage = Stage {
            strata: strata.collect(),
            clusters: stratum.len(),
            stratum,
            row,
        };
        Units {
            stages: vec![stage],
        }
        .checked()
    }

    fn checked(self) -> Result<Units, Error> {
        let alone = |stratum: &&Stratum| {
            stratum.clusters.len() == 1 && !stratum.fixed && stratum.reach > 0.0
        };
        let mut strata: Vec<String> = (self.stages.iter())
            .flat_map(|stage| stage.strata.iter().filter(alone))
            .map(|stratum| stratum.label.clone())
            .collect();
        strata.sort_unstable();
        if strata.is_empty() {
            Ok(self)
        } else {
            Err(Error::Lonely { strata })
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.stages[0].row.len()
    }

    /// How many clusters the first stage has.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.stages[0].clusters
    }

    /// The cluster of the first stage that a row is in, counted from 0 in the order of strata and
    /// then of labels; none if the row was not worked.
    #[must_use]
    pub fn cluster(&self, row: usize) -> Option<usize> {
        let cluster = self.stages[0].row[row];
        (cluster != OUT).then_some(cluster as usize)
    }

    /// The strata of the first stage that another draw might have filled with other clusters.
    pub(super) fn moving(&self) -> impl Iterator<Item = &Stratum> {
        self.stages[0]
            .strata
            .iter()
            .filter(|stratum| !stratum.fixed)
    }

    /// These units, for a method that sees the first stage only.
    ///
    /// # Errors
    ///
    /// [`Error::LaterStages`] if later stages add to the variance beside the first.
    pub(super) fn first_stage(self, method: &'static str) -> Result<Units, Error> {
        let adds = |stage: &Stage| {
            let mut strata = stage.strata.iter();
            strata.any(|stratum| stratum.reach > 0.0 && !stratum.fixed)
        };
        if self.stages[1..].iter().any(adds) {
            return Err(Error::LaterStages { method });
        }
        Ok(self)
    }

    /// Multiplies the weights of rows by the factors of their clusters.
    pub(super) fn multiply(&self, stage: usize, factors: &[f64], weights: &mut [f64]) {
        for (weight, &cluster) in weights.iter_mut().zip(&self.stages[stage].row) {
            if cluster != OUT {
                *weight *= factors[cluster as usize];
            }
        }
    }

    /// For each cluster of the first stage, its first row.
    pub(super) fn first_rows(&self) -> Vec<u32> {
        let mut first = vec![OUT; self.clusters()];
        for (row, &cluster) in self.stages[0].row.iter().enumerate().rev() {
            if cluster != OUT {
                first[cluster as usize] = row as u32;
            }
        }
        first
    }

    /// Clusters less strata of the first stage, over rows that count, where another draw might have
    /// had other clusters.
    pub(super) fn degrees(&self, answered: &[usize]) -> u64 {
        let mut clusters: Vec<u32> = self.stages[0].moved(answered).collect();
        clusters.sort_unstable();
        clusters.dedup();
        let mut strata: Vec<u32> = clusters
            .iter()
            .map(|&cluster| self.stages[0].stratum[cluster as usize])
            .collect();
        strata.sort_unstable();
        strata.dedup();
        (clusters.len() - strata.len()) as u64
    }

    /// Whether any of these rows might not have been drawn.
    pub(super) fn moves(&self, answered: &[usize]) -> bool {
        let mut stages = self.stages.iter();
        stages.any(|stage| stage.moved(answered).next().is_some())
    }
}
