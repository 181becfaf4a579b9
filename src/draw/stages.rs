//! Clusters first, then units within them: a draw in stages.
//!
//! Where people can only be reached through something larger (a branch, a block of numbers, a
//! household), that is drawn first, and then people within it. Each stage has a method and a size of its
//! own, and the next stage takes place only within what was drawn. Chances multiply.
//!
//! Interviews in few clusters are cheaper to make and less worth each, as people of a cluster resemble
//! each other. Two stages that go together: clusters in proportion to their number of units, then the same
//! number of units in each, which gives every unit the same weight and every cluster the same work
//! ([`self_weighting`]).

use super::{Error, Method, Pool, Probabilities};
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

/// What the self-weighting design says of itself.
pub const SELF_WEIGHTING_CARD: Card = Card {
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
/// use canvass::draw::{pivotal, smallest, stages::{By, Node, Stage, Take, stages}};
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
    let path = Drawn {
        ids: Vec::new(),
        places: Vec::new(),
        chances: Vec::new(),
        hits: Vec::new(),
    };
    let (stage, rest) = stages.split_first().ok_or(Error::Nothing)?;
    descend(&Here { label, path }, nodes, (stage, rest), seed, &mut all)?;
    Ok(all)
}

/// A stratum, and how one came to a cluster in it.
struct Here<'a> {
    label: &'a str,
    path: Drawn,
}

impl Here<'_> {
    /// The name of a node in the whole tree: its ids, told apart by a character that no id has.
    fn name(&self, id: &str) -> String {
        const BETWEEN: &str = "\u{1f}";
        let above = self.path.ids.iter().flat_map(|id| [id.as_str(), BETWEEN]);
        above.chain([id]).collect()
    }

    /// One step down.
    fn within(&self, node: &Node, place: usize, chance: f64, hit: u32) -> Self {
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
    let sizes: Vec<f64> = match stage.by {
        By::Count => vec![1.0; nodes.len()],
        By::Size => nodes.iter().map(|node| node.size).collect(),
    };
    let chances = chances(here, &sizes, stage.take)?;
    let drawn = match stage.take {
        Take::All => (0..nodes.len()).collect(),
        Take::Count(_) | Take::AtMost(_) => among(here, nodes, &chances, stage.method, seed)?,
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
fn chances(here: &Here<'_>, sizes: &[f64], take: Take) -> Result<Probabilities, Error> {
    let there = sizes.iter().filter(|size| **size > 0.0).count();
    let take = match take {
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
    Probabilities::by_size(sizes, take)
}

fn too_small(cluster: String, units: usize, asked: usize) -> Error {
    Error::ClusterTooSmall {
        cluster,
        units: units as u64,
        asked: asked as u64,
    }
}

/// Draws among nodes, under names that hold good in the whole tree.
fn among(
    here: &Here<'_>,
    nodes: &[Node],
    chances: &Probabilities,
    method: &Method,
    seed: &Seed,
) -> Result<Vec<usize>, Error> {
    let names: Vec<String> = nodes.iter().map(|node| here.name(&node.id)).collect();
    (method.draw)(&Pool::new(&here.name(here.label), &names, chances), seed)
}

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
/// use canvass::draw::{sampford, smallest, stages::{Node, SelfWeighting, self_weighting}};
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
    use super::{By, Drawn, Node, SelfWeighting, Stage, Take, self_weighting, stages};
    use crate::draw::trial::seed;
    use crate::draw::{
        Error, METHODS, Needs, bernoulli, brewer, order, pivotal, poisson, replacement, sampford,
        smallest, systematic,
    };
    use crate::math::sum;

    const CLUSTERS: [usize; 5] = [3, 8, 5, 4, 10];

    fn town() -> Vec<Node> {
        let units = |count: usize| {
            (0..count)
                .map(|unit| Node::unit(unit.to_string()))
                .collect()
        };
        CLUSTERS
            .iter()
            .enumerate()
            .map(|(cluster, &count)| Node::cluster(format!("cluster {cluster}"), units(count)))
            .collect()
    }

    fn stage(method: &'static crate::draw::Method, by: By, take: Take) -> Stage {
        Stage { method, by, take }
    }

    /// How often each unit, by cluster and place, came in many draws, and its stated chance.
    fn proves(town: &[Node], draw: impl Fn(&str) -> Vec<Drawn>) {
        const TIMES: u32 = 4_000;
        let mut found: std::collections::BTreeMap<Vec<usize>, (f64, f64)> =
            std::collections::BTreeMap::new();
        for i in 0..TIMES {
            for unit in draw(&format!("stages {i}")) {
                let entry = found
                    .entry(unit.places.clone())
                    .or_insert((0.0, unit.probability()));
                entry.0 += 1.0;
                assert!((entry.1 - unit.probability()).abs() < 1e-12, "{unit:?}");
            }
        }
        for (places, (times, chance)) in &found {
            let (mean, error) = (
                times / f64::from(TIMES),
                (chance * (1.0 - chance) / f64::from(TIMES)).sqrt(),
            );
            assert!(
                (mean - chance).abs() < 4.5 * error + 1e-9,
                "{places:?}: {mean} is not {chance}"
            );
        }
        // Nobody with a chance is left out: all units of all clusters came.
        let units: usize = town.iter().map(|node| node.inside.len()).sum();
        assert_eq!(found.len(), units);
    }

    #[test]
    fn chances_multiply() {
        let town = town();
        for plan in [
            [
                stage(&sampford::METHOD, By::Size, Take::Count(2)),
                stage(&smallest::METHOD, By::Count, Take::Count(2)),
            ],
            [
                stage(&smallest::METHOD, By::Count, Take::Count(3)),
                stage(&systematic::METHOD, By::Count, Take::AtMost(4)),
            ],
            [
                stage(&poisson::METHOD, By::Size, Take::Count(2)),
                stage(&bernoulli::METHOD, By::Count, Take::Count(1)),
            ],
            [
                stage(&brewer::METHOD, By::Size, Take::Count(2)),
                stage(&smallest::METHOD, By::Count, Take::All),
            ],
        ] {
            proves(&town, |text| {
                stages("all", &town, &plan, &seed(text)).expect("possible")
            });
        }
    }

    #[test]
    fn every_method_for_chances_serves_every_stage() {
        let town = town();
        for method in METHODS {
            let by = match method.needs {
                Needs::Chances => By::Size,
                Needs::EqualChances => By::Count,
                _ => continue,
            };
            let plan = [
                stage(method, by, Take::Count(2)),
                stage(method, By::Count, Take::Count(2)),
            ];
            let drawn = stages("all", &town, &plan, &seed("every")).expect("possible");
            for unit in &drawn {
                let node = &town[unit.places[0]];
                assert_eq!(
                    (&node.id, &node.inside[unit.places[1]].id),
                    (&unit.ids[0], &unit.ids[1])
                );
                assert!((unit.chances[1] - 2.0 / node.inside.len() as f64).abs() < 1e-12);
            }
            assert_eq!(Ok(drawn), stages("all", &town, &plan, &seed("every")));
        }
    }

    #[test]
    fn draws_within_clusters_know_nothing_of_each_other() {
        // Units of the same id in two clusters: together as often as chance has it.
        let pair = |name: &str| Node::cluster(name, vec![Node::unit("a"), Node::unit("b")]);
        let town = [pair("one"), pair("two")];
        let plan = [
            stage(&smallest::METHOD, By::Count, Take::All),
            stage(&smallest::METHOD, By::Count, Take::Count(1)),
        ];
        let mut alike = 0;
        for i in 0..2_000 {
            let drawn = stages("all", &town, &plan, &seed(&format!("pair {i}"))).expect("possible");
            alike += i32::from(drawn[0].ids[1] == drawn[1].ids[1]);
        }
        // 1 000 ± 22.4; four and a half of them.
        assert!((alike - 1_000).abs() < 101, "{alike}");
    }

    #[test]
    fn three_stages() {
        let district = |name: &str, sizes: &[usize]| {
            let branch = |(place, &count): (usize, &usize)| {
                let units = (0..count)
                    .map(|unit| Node::unit(unit.to_string()))
                    .collect();
                Node::cluster(format!("branch {place}"), units)
            };
            Node::cluster(name, sizes.iter().enumerate().map(branch).collect())
        };
        let land = [
            district("a", &[2, 3]),
            district("b", &[4, 2, 2]),
            district("c", &[3, 5, 2]),
        ];
        let plan = [
            stage(&pivotal::METHOD, By::Size, Take::Count(2)),
            stage(&order::PARETO, By::Count, Take::Count(2)),
            stage(&smallest::METHOD, By::Count, Take::Count(2)),
        ];
        for i in 0..100 {
            let drawn =
                stages("all", &land, &plan, &seed(&format!("three {i}"))).expect("possible");
            assert_eq!(drawn.len(), 8);
            for unit in drawn {
                let district = &land[unit.places[0]];
                let branch = &district.inside[unit.places[1]];
                let wanted = 2.0 * district.size / 23.0 * 2.0 / district.inside.len() as f64 * 2.0
                    / branch.inside.len() as f64;
                assert!(
                    (unit.probability() - wanted).abs() < 1e-12,
                    "seed {i}: {unit:?}"
                );
            }
        }
    }

    #[test]
    fn a_cluster_hit_twice_is_drawn_from_twice() {
        let town = town();
        let plan = [
            stage(&replacement::METHOD, By::Size, Take::Count(3)),
            stage(&smallest::METHOD, By::Count, Take::Count(1)),
        ];
        let (mut twice, mut alike, mut total) = (0_u32, 0.0, 0.0);
        const TIMES: u32 = 3_000;
        for i in 0..TIMES {
            let drawn = stages("all", &town, &plan, &seed(&format!("hit {i}"))).expect("possible");
            assert_eq!(drawn.len(), 3);
            total += sum(drawn.iter().map(|unit| 1.0 / unit.probability())) / f64::from(TIMES);
            for pair in drawn
                .windows(2)
                .filter(|pair| pair[0].places[0] == pair[1].places[0])
            {
                assert_eq!(pair[1].hits[0], pair[0].hits[0] + 1);
                if pair[0].places[0] == 1 {
                    twice += 1;
                    alike += f64::from(u8::from(pair[0].places[1] == pair[1].places[1]));
                }
            }
        }
        // Weights divide by expected hits and add up to all 30 units, whatever is drawn.
        assert!((total - 30.0).abs() < 1e-9, "{total}");
        // Cluster 1 has eight units: one in eight pairs is alike.
        let error = (f64::from(twice) / 8.0 * 7.0 / 8.0).sqrt();
        assert!(
            (alike - f64::from(twice) / 8.0).abs() < 4.5 * error,
            "{alike} of {twice}"
        );
    }

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

    #[test]
    fn edges() {
        let town = town();
        let first = stage(&smallest::METHOD, By::Count, Take::Count(5));
        let draw = |plan: &[Stage]| stages("all", &town, plan, &seed("x"));
        assert_eq!(draw(&[]), Err(Error::Nothing));
        // Fewer stages than the tree is deep: clusters themselves.
        assert_eq!(draw(&[first]).map(|drawn| drawn.len()), Ok(5));
        let cluster = "cluster 0".to_owned();
        let refused = draw(&[
            first,
            Stage {
                take: Take::Count(4),
                ..first
            },
        ]);
        assert_eq!(
            refused,
            Err(Error::ClusterTooSmall {
                cluster,
                units: 3,
                asked: 4
            })
        );
        let refused = draw(&[Stage {
            take: Take::Count(6),
            ..first
        }]);
        assert_eq!(refused, Err(Error::TooMany { asked: 6, there: 5 }));
        let all = draw(&[
            first,
            Stage {
                take: Take::All,
                ..first
            },
        ])
        .expect("a census");
        assert_eq!(all.len(), 30);
        assert!(all.iter().all(|unit| unit.probability() >= 1.0));
        let few = draw(&[
            first,
            Stage {
                take: Take::AtMost(4),
                ..first
            },
        ])
        .expect("possible");
        assert_eq!(few.len(), 3 + 4 * 4);
        let none = draw(&[
            first,
            Stage {
                take: Take::Count(0),
                ..first
            },
        ])
        .expect("possible");
        assert!(none.is_empty());
        let refused = draw(&[Stage {
            by: By::Size,
            take: Take::Count(2),
            ..first
        }]);
        assert!(matches!(refused, Err(Error::NotEqual { .. })));
        let bad = [Node::unit("a").with_size(f64::NAN), Node::unit("b")];
        let by_size = stage(&pivotal::METHOD, By::Size, Take::Count(1));
        assert!(matches!(
            stages("all", &bad, &[by_size], &seed("x")),
            Err(Error::BadSizes { .. })
        ));
    }
}
