//! The chances of all stages: those of columns, then n/N of populations.

use std::collections::BTreeMap;

use super::drawn::Drawn;
use super::table::Table;
use super::{Asked, Error};
use crate::estimate::variance::{Fault, Stage, Unfit};

/// A chance so near to 1 was certain.
pub(super) const CERTAIN: f64 = 1e-7;

/// What is known of the stages of a table.
pub(super) struct Stages {
    /// The chance of each row's cluster, stage by stage.
    pub chances: Vec<Vec<f64>>,
    /// Strata with a single cluster of which chance decided.
    pub lonely: Vec<String>,
}

impl Stages {
    /// Of a table; all that is wrong with its strata and populations is an error.
    pub fn of(asked: &Asked, drawn: &Drawn, table: &Table) -> Result<Stages, Error> {
        let (mut faults, mut lonely) = (Vec::new(), Vec::new());
        let mut chances: Vec<Vec<f64>> = Vec::new();
        let mut above = vec![0; table.weights.len()];
        for (place, stage) in table.design(asked).stages.into_iter().enumerate() {
            let cut = Cut::of(stage, place + 1, above);
            if !asked.nest {
                faults.extend(cut.astride());
            }
            let column = drawn.chances.get(place);
            let mine = match (column, stage.population) {
                (Some(name), _) => table.beside.number(name).to_vec(),
                (None, Some(population)) => cut.fractions(population, &mut faults),
                (None, None) => Vec::new(),
            };
            lonely.extend(cut.lonely(&mine));
            chances.push(mine);
            above = cut.clusters();
        }
        match faults.is_empty() {
            true => Ok(Stages { chances, lonely }),
            false => Err(Error::Design(Unfit { faults })),
        }
    }
}

/// The strata of one stage, each within a cluster of the stage before, and a row of each of their clusters.
struct Cut<'a> {
    columns: Stage<'a>,
    stage: usize,
    /// The cluster of the stage before that each row is in.
    above: Vec<u32>,
    strata: BTreeMap<(u32, u32), BTreeMap<u32, usize>>,
}

impl<'a> Cut<'a> {
    fn of(columns: Stage<'a>, stage: usize, above: Vec<u32>) -> Cut<'a> {
        let mut cut = Cut {
            columns,
            stage,
            above,
            strata: BTreeMap::new(),
        };
        for row in 0..cut.above.len() {
            let (key, cluster) = (cut.key(row), cut.cluster(row));
            let clusters = cut.strata.entry(key).or_default();
            clusters.entry(cluster).or_insert(row);
        }
        cut
    }

    fn key(&self, row: usize) -> (u32, u32) {
        let stratum = self.columns.strata.map_or(0, |codes| codes.codes()[row]);
        (self.above[row], stratum)
    }

    fn cluster(&self, row: usize) -> u32 {
        let codes = self.columns.clusters;
        codes.map_or(row as u32, |codes| codes.codes()[row])
    }

    fn label(&self, row: usize) -> String {
        let codes = self.columns.strata;
        codes.map_or("all", |codes| codes.label(row)).to_owned()
    }

    /// Clusters with rows in several strata, of one cluster above.
    fn astride(&self) -> Option<Fault> {
        let codes = self.columns.clusters?;
        let mut seen: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        for (key, clusters) in &self.strata {
            for cluster in clusters.keys() {
                *seen.entry((key.0, *cluster)).or_default() += 1;
            }
        }
        let several = seen.into_iter().filter(|(_, strata)| *strata > 1);
        let clusters = several.map(|((_, cluster), _)| codes.labels()[cluster as usize].clone());
        let clusters = once(clusters.collect());
        (!clusters.is_empty()).then_some(Fault::Astride {
            stage: self.stage,
            clusters,
        })
    }

    /// Which part of each row's stratum was drawn, of counts or of fractions.
    fn fractions(&self, population: &[f64], faults: &mut Vec<Fault>) -> Vec<f64> {
        let stage = self.stage;
        let counts = population.iter().filter(|x| **x > 1.0).count() as u64;
        let fractions = population.iter().filter(|x| **x < 1.0).count() as u64;
        if counts > 0 && fractions > 0 {
            faults.push(Fault::Mixed {
                stage,
                counts,
                fractions,
            });
        }
        let (mut varies, mut beyond) = (Vec::new(), Vec::new());
        let mut all = Vec::with_capacity(population.len());
        for (row, &x) in population.iter().enumerate() {
            let clusters = &self.strata[&self.key(row)];
            let drawn = clusters.len() as f64;
            let first = clusters.values().min().map_or(x, |&row| population[row]);
            if (first - x).abs() > 0.0 {
                varies.push(format!("'{}' ({first}, {x})", self.label(row)));
            }
            if counts > 0 && drawn > x {
                beyond.push(format!("{} ({drawn} of {x})", self.label(row)));
            }
            all.push(if counts > 0 { drawn / x } else { x });
        }
        let (varies, beyond) = (once(varies), once(beyond));
        let varies = (!varies.is_empty()).then_some(Fault::Varies {
            stage,
            strata: varies,
        });
        let beyond = (!beyond.is_empty()).then_some(Fault::Beyond {
            stage,
            strata: beyond,
        });
        faults.extend(varies.into_iter().chain(beyond));
        all
    }

    /// What a person calls the strata of a single cluster of which chance decided.
    fn lonely(&self, chances: &[f64]) -> Vec<String> {
        if chances.is_empty() {
            return Vec::new();
        }
        let is_open = |row: &&usize| 1.0 - chances[**row] > CERTAIN;
        let single = self.strata.values().filter_map(|clusters| {
            let mut open = clusters.values().filter(is_open);
            open.next().filter(|_| open.next().is_none())
        });
        let name = |&row: &usize| match self.stage {
            1 => self.label(row),
            stage => format!("{}, stage {stage}", self.label(row)),
        };
        once(single.map(name).collect())
    }

    /// The cluster of each row, counted over all of the stage.
    fn clusters(&self) -> Vec<u32> {
        let mut places: BTreeMap<((u32, u32), u32), u32> = BTreeMap::new();
        (0..self.above.len())
            .map(|row| {
                let next = places.len() as u32;
                let key = (self.key(row), self.cluster(row));
                *places.entry(key).or_insert(next)
            })
            .collect()
    }
}

/// Sorted, each once.
fn once(mut all: Vec<String>) -> Vec<String> {
    all.sort_unstable();
    all.dedup();
    all
}
