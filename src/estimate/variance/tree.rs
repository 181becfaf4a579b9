//! The strata and clusters of a design, sorted, stage by stage.

use super::design::{Design, Stage};
use super::lonely::{self, Lonely};
use super::unfit::{Fault, Unfit};
use crate::frame::Codes;
use crate::math::sum;

/// A fraction so near to 1 was taken whole: fractions come from divisions.
const WHOLE: f64 = 1e-7;

/// One stratum of one stage, within one cluster of the stage before.
#[derive(Debug, Clone)]
pub(super) struct Stratum {
    /// What a person calls it.
    pub label: String,
    /// The cluster of the stage before; 0 at the first.
    pub parent: u32,
    /// n_h, clusters drawn.
    pub drawn: u64,
    /// f_h = n_h / N_h; 0 where the population has no end.
    pub fraction: f64,
    /// Σ w of its rows.
    pub size: f64,
    /// Π f of the strata above it: how much of its variance counts.
    pub reach: f64,
}

impl Stratum {
    /// Whether all its clusters were taken.
    pub fn is_whole(&self) -> bool {
        1.0 - self.fraction < WHOLE
    }

    /// Whether its one cluster cannot tell how its clusters differ.
    pub fn is_lonely(&self) -> bool {
        self.drawn == 1 && !self.is_whole()
    }
}

/// One stage.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    /// In the order of their clusters above, then of their labels.
    pub strata: Vec<Stratum>,
    /// The stratum of each cluster; clusters stand in the order of strata, then of their labels.
    pub stratum: Vec<u32>,
    /// What a person calls the clusters; none where rows are their own and nothing is drawn below.
    pub names: Vec<String>,
}

impl Level {
    /// Joins strata: each goes with its leader, whose place is not after its own.
    pub fn join(&mut self, leader: &[usize]) {
        let mut place: Vec<u32> = Vec::with_capacity(leader.len());
        let mut joined: Vec<Stratum> = Vec::new();
        let mut parts: Vec<f64> = Vec::new();
        for (stratum, &leader) in self.strata.iter().zip(leader) {
            let population = stratum.drawn as f64 / stratum.fraction;
            if leader == place.len() {
                place.push(joined.len() as u32);
                joined.push(stratum.clone());
                parts.push(population);
                continue;
            }
            let at = place[leader] as usize;
            place.push(at as u32);
            parts[at] += population;
            let into = &mut joined[at];
            into.label = format!("{} + {}", into.label, stratum.label);
            into.drawn += stratum.drawn;
            into.size += stratum.size;
            into.fraction = into.drawn as f64 / parts[at];
        }
        self.strata = joined;
        self.stratum
            .iter_mut()
            .for_each(|stratum| *stratum = place[*stratum as usize]);
    }
}

/// A design, ready for sums.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    /// The stages, the first one first.
    pub levels: Vec<Level>,
    /// The cluster of the last stage that each row is in.
    pub leaf: Vec<u32>,
    /// Strata that had a single cluster before anything was done about it.
    pub lonely: Vec<String>,
}

impl Tree {
    /// Sorts a design. Only rows of the last stage may be their own clusters: nothing is drawn from
    /// within a row.
    pub fn of(design: &Design<'_>) -> Result<Tree, Unfit> {
        let rows = design.weights.len();
        let mut tree = Tree {
            levels: Vec::new(),
            leaf: vec![0; rows],
            lonely: Vec::new(),
        };
        let mut faults = Vec::new();
        let (_, above) = design.stages.split_last().expect("a design has a stage");
        assert!(
            above.iter().all(|stage| stage.clusters.is_some()),
            "clusters at every stage but the last"
        );
        for (place, stage) in design.stages.iter().enumerate() {
            let mut cut = Cut::new(stage, place, design, &tree);
            faults.append(&mut cut.population.faults);
            let mut level = cut.level(&mut faults);
            tree.leaf = cut.unit;
            reach(&mut level, tree.levels.last());
            let lonely = level
                .strata
                .iter()
                .filter(|stratum| stratum.reach > 0.0 && stratum.is_lonely());
            tree.lonely
                .extend(lonely.map(|stratum| stratum.label.clone()));
            if design.lonely == Lonely::Collapse {
                lonely::collapse(&mut level);
            }
            tree.levels.push(level);
        }
        if faults.is_empty() {
            Ok(tree)
        } else {
            Err(Unfit { faults })
        }
    }
}

/// Sets how much of each stratum's variance counts.
fn reach(level: &mut Level, above: Option<&Level>) {
    for stratum in &mut level.strata {
        stratum.reach = above.map_or(1.0, |above| {
            let over = &above.strata[above.stratum[stratum.parent as usize] as usize];
            over.reach * over.fraction
        });
    }
}

/// Where a row stands at a stage: cluster above, stratum, cluster, row.
type Key = (u32, u32, u32, u32);

/// Cuts the rows of one stage into strata and clusters.
struct Cut<'d> {
    design: &'d Design<'d>,
    stage: &'d Stage<'d>,
    /// Counted from 0.
    place: usize,
    above: Option<&'d Level>,
    population: Population<'d>,
    keys: Vec<Key>,
    /// The cluster of each row.
    unit: Vec<u32>,
}

impl<'d> Cut<'d> {
    fn new(stage: &'d Stage<'d>, place: usize, design: &'d Design<'d>, tree: &'d Tree) -> Cut<'d> {
        let code = |codes: Option<&Codes>, row: u32, without: u32| {
            codes.map_or(without, |codes| codes.codes()[row as usize])
        };
        let mut keys: Vec<Key> = (0..design.weights.len() as u32)
            .map(|row| {
                let above = tree.leaf[row as usize];
                (
                    above,
                    code(stage.strata, row, 0),
                    code(stage.clusters, row, row),
                    row,
                )
            })
            .collect();
        keys.sort_unstable();
        Cut {
            design,
            stage,
            place,
            above: tree.levels.last(),
            population: Population::of(stage, place + 1),
            unit: vec![0; keys.len()],
            keys,
        }
    }

    fn level(&mut self, faults: &mut Vec<Fault>) -> Level {
        let mut level = Level::default();
        let keys = std::mem::take(&mut self.keys);
        let mut clusters: Vec<(u32, u32)> = Vec::new();
        for rows in keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let before = level.stratum.len();
            for cluster in rows.chunk_by(|a, b| a.2 == b.2) {
                for key in cluster {
                    self.unit[key.3 as usize] = level.stratum.len() as u32;
                }
                level.stratum.push(level.strata.len() as u32);
                clusters.push((cluster[0].0, cluster[0].2));
                level.names.extend(self.name(cluster[0]));
            }
            let drawn = (level.stratum.len() - before) as u64;
            level.strata.push(self.stratum(rows, drawn));
        }
        faults.extend(self.astride(clusters));
        faults.extend(self.population.told());
        level
    }

    fn stratum(&mut self, rows: &[Key], drawn: u64) -> Stratum {
        let mut weights: Vec<f64> = rows
            .iter()
            .map(|key| self.design.weights[key.3 as usize])
            .collect();
        weights.sort_unstable_by(f64::total_cmp);
        let label = self.label(rows[0]);
        let fraction = self.population.fraction(rows, drawn, &label);
        Stratum {
            label,
            parent: rows[0].0,
            drawn,
            fraction,
            size: sum(weights),
            reach: 1.0,
        }
    }

    /// What a person calls the stratum of a row: "E"; below the first stage "637 / E, stage 2".
    fn label(&self, key: Key) -> String {
        let mine = self
            .stage
            .strata
            .map(|codes| codes.labels()[key.1 as usize].as_str());
        match (self.above, mine) {
            (None, mine) => mine.unwrap_or("all").to_owned(),
            (Some(above), mine) => {
                let within = mine.map(|label| format!(" / {label}")).unwrap_or_default();
                format!(
                    "{}{within}, stage {}",
                    above.names[key.0 as usize],
                    self.place + 1
                )
            }
        }
    }

    /// What a person calls the cluster of a row, where it may have to be named.
    fn name(&self, key: Key) -> Option<String> {
        let clusters = self.stage.clusters?;
        let label = &clusters.labels()[key.2 as usize];
        Some(match self.above {
            None => label.clone(),
            Some(above) => format!("{} / {label}", above.names[key.0 as usize]),
        })
    }

    /// Clusters that are in several strata, unless equal labels mean different clusters.
    fn astride(&self, mut clusters: Vec<(u32, u32)>) -> Option<Fault> {
        let codes = self.stage.clusters.filter(|_| !self.design.nest)?;
        clusters.sort_unstable();
        let mut twice: Vec<(u32, u32)> = clusters
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0])
            .collect();
        twice.dedup();
        let name = |&(_, code): &(u32, u32)| codes.labels()[code as usize].clone();
        let clusters: Vec<String> = twice.iter().map(name).collect();
        (!clusters.is_empty()).then_some(Fault::Astride {
            stage: self.place + 1,
            clusters,
        })
    }
}

/// How populations of one stage are given, and what is wrong with them.
struct Population<'d> {
    values: Option<&'d [f64]>,
    counts: bool,
    /// Counted from 1.
    stage: usize,
    faults: Vec<Fault>,
    varies: Vec<String>,
    beyond: Vec<String>,
}

impl<'d> Population<'d> {
    fn of(stage: &Stage<'d>, place: usize) -> Population<'d> {
        let values = stage.population;
        let mut faults = Vec::new();
        let tally = |test: &dyn Fn(f64) -> bool| {
            values.map_or(0, |v| v.iter().filter(|x| test(**x)).count() as u64)
        };
        let (counts, bad) = (tally(&|x| x > 1.0), tally(&|x| x.is_nan() || x <= 0.0));
        let fractions = tally(&|x| x > 0.0 && x < 1.0);
        if bad > 0 {
            faults.push(Fault::NotPositive {
                stage: place,
                rows: bad,
            });
        }
        if counts > 0 && fractions > 0 {
            faults.push(Fault::Mixed {
                stage: place,
                counts,
                fractions,
            });
        }
        // Where nothing can be told of strata, their further faults would mislead.
        let values = values.filter(|_| faults.is_empty());
        Population {
            values,
            counts: counts > 0,
            stage: place,
            faults,
            varies: Vec::new(),
            beyond: Vec::new(),
        }
    }

    /// f_h of a stratum with these rows.
    #[expect(
        clippy::float_cmp,
        reason = "populations are written down, not computed"
    )]
    fn fraction(&mut self, rows: &[Key], drawn: u64, label: &str) -> f64 {
        let Some(values) = self.values else {
            return 0.0;
        };
        let value = |key: &Key| values[key.3 as usize];
        let given = rows.iter().map(value).fold(f64::INFINITY, f64::min);
        let other = rows.iter().map(value).fold(0.0, f64::max);
        if given != other {
            self.varies.push(format!("{label} ({given}, {other})"));
        }
        if !self.counts {
            return given;
        }
        if (drawn as f64) > given {
            self.beyond.push(format!("{label} ({drawn} of {given})"));
        }
        drawn as f64 / given
    }

    /// What was found wrong in strata.
    fn told(&mut self) -> Vec<Fault> {
        let (stage, mut faults) = (self.stage, Vec::new());
        if !self.varies.is_empty() {
            faults.push(Fault::Varies {
                stage,
                strata: std::mem::take(&mut self.varies),
            });
        }
        if !self.beyond.is_empty() {
            faults.push(Fault::Beyond {
                stage,
                strata: std::mem::take(&mut self.beyond),
            });
        }
        faults
    }
}
