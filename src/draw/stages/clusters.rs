//! Clusters first, then units within them: a draw in stages.
//!
//! Where people can only be reached through something larger (a branch, a block of numbers, a
//! household), that is drawn first, and then people within it. Each stage has a method and a size of its
//! own, and the next stage takes place only within what was drawn. Chances multiply.
//!
//! Interviews in few clusters are cheaper to make and less worth each, as people of a cluster resemble
//! each other. Two stages that go together: clusters in proportion to their number of units, then the same
//! number of units in each, which gives every unit the same weight and every cluster the same work
//! ([`self_weighting`](super::self_weighting)).

use crate::draw::{Error, Method, Pool, Probabilities};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "stages",
    title: Words::new("Draws in two and more stages", "多阶段抽样"),
    says: Words::new(
        "Clusters are drawn first, then smaller clusters or units within those drawn, each stage by a \
         method of its own and independently in each cluster. The chance of a unit is the product over \
         stages.",
        "先抽群，再在抽中的群内抽更小的群或单位，各阶段方法可不同，各群内独立抽取。单位的入样概率为各阶段概率之积。",
    ),
    formula: "π_k = π_i π_{k|i} …",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§4.3–4.4")],
};

/// A cluster of smaller ones or of units; a unit holds nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its id, unlike any other in the same cluster.
    pub id: String,
    /// Its size, for chances in proportion to it.
    pub size: f64,
    /// What it holds.
    pub inside: Vec<Node>,
}

impl Node {
    /// A unit of size 1.
    #[must_use]
    pub fn unit(id: impl Into<String>) -> Node {
        Node {
            id: id.into(),
            size: 1.0,
            inside: Vec::new(),
        }
    }

    /// A cluster, as large as what it holds.
    #[must_use]
    pub fn cluster(id: impl Into<String>, inside: Vec<Node>) -> Node {
        let size = crate::math::sum(inside.iter().map(|node| node.size));
        Node {
            id: id.into(),
            size,
            inside,
        }
    }

    /// The same with another size: what a unit's revenue is, or what a cluster was thought to hold.
    #[must_use]
    pub fn with_size(self, size: f64) -> Node {
        Node { size, ..self }
    }
}

/// How chances are made at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The same for all.
    Count,
    /// In proportion to size.
    Size,
}

/// How many are drawn from each cluster of the stage before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// So many; a cluster that has fewer is an error.
    Count(usize),
    /// So many, or all there are.
    AtMost(usize),
    /// All.
    All,
}

/// One stage of a draw.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    /// By which method.
    pub method: &'static Method,
    /// With which chances.
    pub by: By,
    /// How many.
    pub take: Take,
}

/// One unit that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The ids of its clusters from the largest down, and its own: one per stage.
    pub ids: Vec<String>,
    /// Where these stand within what holds them.
    pub places: Vec<usize>,
    /// The chance of each, once what holds it is drawn; with replacement, the expected hits.
    pub chances: Vec<f64>,
    /// Which hit of each it is, from 1; above 1 only with replacement.
    pub hits: Vec<u32>,
}

impl Drawn {
    /// π, the product over stages.
    #[must_use]
    pub fn probability(&self) -> f64 {
        self.chances.iter().product()
    }
}

/// Draws clusters, then what they hold, as many stages deep as are stated.
///
/// If clusters are deeper than stages, whole clusters are drawn; [`Take::All`] as a last stage lists what
/// they hold. Draws within clusters are independent of each other, because permanent numbers belong to
/// ids together with those of their clusters. A cluster hit twice is drawn from twice.
///
/// # Formula
///
/// ```text
/// π_k = π_i π_{j|i} π_{k|ij} …
/// ```
///
/// # Arguments
///
/// `label` names the stratum; each stratum is drawn by a call of its own.
///
/// # Errors
///
/// [`Error::ClusterTooSmall`] names a cluster that is drawn from and holds too few; [`Error::Nothing`] if
/// there is no stage; those of the methods, such as [`Error::NotEqual`] where a method for equal chances
/// is given sizes.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §4.3 for two stages, §4.4 for more.
///
/// # Example
///
/// Two of three branches, then two customers in each:
///
/// ```
/// use canvass::draw::{unequal::pivotal, equal::smallest, stages::clusters::{By, Node, Stage, Take, stages}};
/// use canvass::random::Seed;
/// let branch = |name: &str, customers: usize| {
///     Node::cluster(name, (0..customers).map(|i| Node::unit(i.to_string())).collect())
/// };
/// let town = [branch("east", 5), branch("west", 3), branch("north", 4)];
/// let plan = [
///     Stage { method: &pivotal::METHOD, by: By::Size, take: Take::Count(2) },
///     Stage { method: &smallest::METHOD, by: By::Count, take: Take::Count(2) },
/// ];
/// let drawn = stages("town", &town, &plan, &Seed::new("x").expect("not blank"))?;
/// assert_eq!(drawn.len(), 4);
/// assert!((drawn[0].probability() - 1.0 / 3.0).abs() < 1e-12); // 2 · 2 / 12
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn stages(
    label: &str,
    nodes: &[Node],
    stages: &[Stage],
    seed: &Seed,
) -> Result<Vec<Drawn>, Error> {
    let mut all = Vec::new();
    let (stage, rest) = stages.split_first().ok_or(Error::Nothing)?;
    descend(&Here::at(label), nodes, (stage, rest), seed, &mut all)?;
    Ok(all)
}

/// A stratum, and how one came to a cluster in it.
pub(super) struct Here<'a> {
    label: &'a str,
    path: Drawn,
}

impl<'a> Here<'a> {
    /// Before the first step.
    pub(super) fn at(label: &'a str) -> Here<'a> {
        let path = Drawn {
            ids: Vec::new(),
            places: Vec::new(),
            chances: Vec::new(),
            hits: Vec::new(),
        };
        Here { label, path }
    }

    /// The name of a node in the whole tree: its ids, told apart by a character that no id has.
    fn name(&self, id: &str) -> String {
        const BETWEEN: &str = "\u{1f}";
        let above = self.path.ids.iter().flat_map(|id| [id.as_str(), BETWEEN]);
        above.chain([id]).collect()
    }

    /// Does something with the members of a cluster, under names that hold good in the whole tree.
    pub(super) fn with_pool<T>(
        &self,
        nodes: &[Node],
        chances: &Probabilities,
        run: impl FnOnce(&Pool<'_>) -> T,
    ) -> T {
        let names: Vec<String> = nodes.iter().map(|node| self.name(&node.id)).collect();
        run(&Pool::new(&self.name(self.label), &names, chances))
    }

    /// One step down.
    pub(super) fn within(&self, node: &Node, place: usize, chance: f64, hit: u32) -> Self {
        let mut path = self.path.clone();
        path.ids.push(node.id.clone());
        path.places.push(place);
        path.chances.push(chance);
        path.hits.push(hit);
        Here {
            label: self.label,
            path,
        }
    }
}

/// Draws among `nodes` and then within those drawn.
fn descend(
    here: &Here<'_>,
    nodes: &[Node],
    (stage, rest): (&Stage, &[Stage]),
    seed: &Seed,
    all: &mut Vec<Drawn>,
) -> Result<(), Error> {
    let chances = chances(here, nodes, stage)?;
    let drawn = match stage.take {
        Take::All => (0..nodes.len()).collect(),
        Take::Count(_) | Take::AtMost(_) => {
            here.with_pool(nodes, &chances, |pool| (stage.method.draw)(pool, seed))?
        }
    };
    let mut before = None;
    let mut hit = 0;
    for place in drawn {
        hit = if before == Some(place) { hit + 1 } else { 1 };
        before = Some(place);
        let inside = here.within(&nodes[place], place, chances.of(place), hit);
        let Some((stage, rest)) = rest.split_first() else {
            all.push(inside.path);
            continue;
        };
        descend(
            &inside,
            &nodes[place].inside,
            (stage, rest),
            &of_hit(seed, hit),
            all,
        )?;
    }
    Ok(())
}

/// Another hit on the same cluster is another draw, of another seed.
fn of_hit(seed: &Seed, hit: u32) -> Seed {
    match hit {
        0 | 1 => seed.clone(),
        hit => seed.purpose(&format!("draw/stages/hit/{hit}")),
    }
}

/// The chances of a cluster's members.
pub(super) fn chances(
    here: &Here<'_>,
    nodes: &[Node],
    stage: &Stage,
) -> Result<Probabilities, Error> {
    let sizes: Vec<f64> = match stage.by {
        By::Count => vec![1.0; nodes.len()],
        By::Size => nodes.iter().map(|node| node.size).collect(),
    };
    let there = sizes.iter().filter(|size| **size > 0.0).count();
    let take = match stage.take {
        Take::All => return Probabilities::given(vec![1.0; sizes.len()]),
        Take::AtMost(most) => most.min(there),
        Take::Count(take) if take > there => {
            return Err(match here.path.ids.is_empty() {
                true => Error::TooMany {
                    asked: take as u64,
                    there: there as u64,
                },
                false => too_small(here.path.ids.join(" / "), there, take),
            });
        }
        Take::Count(take) => take,
    };
    Probabilities::by_size(&sizes, take)
}

pub(super) fn too_small(cluster: String, units: usize, asked: usize) -> Error {
    Error::ClusterTooSmall {
        cluster,
        units: units as u64,
        asked: asked as u64,
    }
}

#[cfg(test)]
mod tests;
