//! How likely two units are drawn together in a draw in stages.
//!
//! Units of one cluster come together if the cluster comes and then both; units of two clusters if both
//! clusters come and then each. Variances of draws in stages need these chances, and they show what a
//! design costs: how much oftener units of one cluster come together than others.

use super::clusters::{Here, Node, Stage, Take, chances};
use crate::draw::apart::Apart;
use crate::draw::approximate::Formula;
use crate::draw::{Error, Joint, Probabilities, Size};
use crate::language::Words;
use crate::method::{Card, Source};

/// What it says of itself.
pub const CARD: Card = Card {
    key: "stage-pairs",
    title: Words::new("Chances of pairs in stages", "多阶段抽样的二阶入样概率"),
    says: Words::new(
        "The chance that two units are drawn together: within a cluster that of the cluster times that of \
         the pair in it, across clusters that of the pair of clusters times those of the units. Exact where \
         the methods of all stages know their pairs, and by a named formula where one does not.",
        "两个单位同时入样的概率：同群时为群的入样概率乘以群内单位对的概率，异群时为群对的概率乘以两单位各自的群内概率。\
         各阶段方法均有精确公式时结果精确，否则采用指定的近似公式。",
    ),
    formula: "π_kl = π_i π_{kl|i} within cluster i;  π_ij π_{k|i} π_{l|j} across",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§4.3")],
};

/// The units that a draw may reach, and the chance of each pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    /// Where each unit stands, as in [`Drawn::places`](super::clusters::Drawn): one place per stage.
    /// Units without a chance are left out.
    pub places: Vec<Vec<usize>>,
    /// π_kl of these units; the diagonal holds π_k.
    pub joint: Joint,
    /// How the pairs of each stage are known.
    pub known: Vec<Known>,
}

/// How the chances of pairs at a stage are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Exactly, everywhere at this stage.
    Exact,
    /// Somewhere at this stage only by this formula.
    Near(Formula),
}

/// The chance of each pair of units to be drawn together by [`stages`](super::clusters::stages).
///
/// Where the method of a stage does not know its pairs, those come from the formula `near`; the result says
/// at which stages. One unit or cluster drawn makes no pair, which is exact by any method. Draws within
/// clusters know nothing of each other. Room grows with the square of the number of units.
///
/// # Formula
///
/// ```text
/// π_kl = π_i π_{kl|i}              both in cluster i
/// π_kl = π_ij π_{k|i} π_{l|j}      in clusters i and j
/// ```
///
/// from the last stage up.
///
/// # Errors
///
/// [`Error::NoPairs`] for a method with replacement; [`Error::ClusterTooSmall`] names a cluster that may be
/// drawn and holds too few; [`Error::Nothing`] if there is no stage; those of the methods and of the
/// formula.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §4.3.
///
/// # Example
///
/// Two of three branches, then one of two customers in each:
///
/// ```
/// use canvass::draw::approximate::Formula;
/// use canvass::draw::equal::smallest;
/// use canvass::draw::stages::clusters::{By, Node, Stage, Take};
/// use canvass::draw::stages::pairs::pairs;
/// let branch = |name: &str| Node::cluster(name, vec![Node::unit("a"), Node::unit("b")]);
/// let town = [branch("east"), branch("west"), branch("north")];
/// let stage = |take| Stage { method: &smallest::METHOD, by: By::Count, take: Take::Count(take) };
/// let pairs = pairs("town", &town, &[stage(2), stage(1)], Formula::Deville)?;
/// assert_eq!(pairs.joint.of(0, 1), 0.0); // both of the east: never
/// assert!((pairs.joint.of(0, 2) - 1.0 / 3.0 * 0.25).abs() < 1e-15);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn pairs(label: &str, nodes: &[Node], stages: &[Stage], near: Formula) -> Result<Pairs, Error> {
    found((label, nodes), stages, (near, usize::MAX), None)
}

/// The same of some units, by their places: those of a sample, whose table has room however many others there
/// are. Of each cluster that holds some, the chances of all its members are looked at, and no others.
///
/// Where a method finds a pair only with all other members of a cluster, as
/// [`Method::sees_all`](crate::draw::Method::sees_all) says, and a cluster has more than `longest`, the formula
/// `near` stands in as well. `known` then says how the pairs of these clusters are known.
///
/// # Errors
///
/// As for [`pairs`].
pub fn pairs_among(
    (label, nodes): (&str, &[Node]),
    stages: &[Stage],
    (near, longest): (Formula, usize),
    units: &[&[usize]],
) -> Result<Pairs, Error> {
    let mut units = units.to_vec();
    units.sort_unstable();
    units.dedup();
    found((label, nodes), stages, (near, longest), Some(&units))
}

fn found(
    (label, nodes): (&str, &[Node]),
    stages: &[Stage],
    near: (Formula, usize),
    units: Option<&[&[usize]]>,
) -> Result<Pairs, Error> {
    if stages.is_empty() {
        return Err(Error::Nothing);
    }
    let mut known = vec![Known::Exact; stages.len()];
    let part = part(&Here::at(label), (nodes, units), stages, near, &mut known)?;
    Ok(Pairs {
        places: part.places,
        joint: part.joint,
        known,
    })
}

/// The units within a cluster, and their pairs once it is drawn.
struct Part {
    places: Vec<Vec<usize>>,
    joint: Joint,
}

/// `units` are the places of those that are asked for, sorted, from these nodes down; all, if there are none.
/// `near` is the formula, and how many members a method is asked for all pairs of.
fn part(
    here: &Here<'_>,
    (nodes, units): (&[Node], Option<&[&[usize]]>),
    stages: &[Stage],
    near: (Formula, usize),
    known: &mut [Known],
) -> Result<Part, Error> {
    // Nothing more is drawn: what is here is a unit itself.
    let (Some((stage, rest)), Some((how, deeper))) =
        (stages.split_first(), known.split_first_mut())
    else {
        return Ok(Part {
            places: vec![Vec::new()],
            joint: Joint::from_fn(1, |_, _| 1.0),
        });
    };
    let chances = chances(here, nodes, stage)?;
    let asked = asked(nodes.len(), units);
    let places: Vec<usize> = asked.iter().map(|(place, _)| *place).collect();
    let among = among(here, (nodes, &places), stage, &chances, (near, how))?;
    let mut inside = Vec::new();
    for (at, (place, units)) in asked.into_iter().enumerate() {
        let (node, chance) = (&nodes[place], chances.of(place));
        if chance > 0.0 {
            let below = here.within(node, place, chance, 1);
            let below_it = (node.inside.as_slice(), units.as_deref());
            inside.push(Inside {
                at,
                place,
                part: part(&below, below_it, rest, near, deeper)?,
            });
        }
    }
    Ok(together(&among, &inside))
}

/// The places of a cluster's members that are asked for, and of what is asked for within each.
fn asked<'a>(
    members: usize,
    units: Option<&[&'a [usize]]>,
) -> Vec<(usize, Option<Vec<&'a [usize]>>)> {
    let Some(units) = units else {
        return (0..members).map(|place| (place, None)).collect();
    };
    let paths = units.iter().filter_map(|path| path.split_first());
    let mut asked: Vec<(usize, Option<Vec<&'a [usize]>>)> = Vec::new();
    for (&place, below) in paths.filter(|(place, _)| **place < members) {
        match asked.last_mut() {
            Some((last, Some(within))) if *last == place => within.push(below),
            _ => asked.push((place, Some(vec![below]))),
        }
    }
    asked
}

/// A member of a cluster, and the pairs within it.
struct Inside {
    /// Where it stands in the table of the cluster's members.
    at: usize,
    place: usize,
    part: Part,
}

/// The pairs of a whole from those among its clusters, and those within each.
fn together(among: &Joint, inside: &[Inside]) -> Part {
    let (mut places, mut stands) = (Vec::new(), Vec::new());
    for (cluster, Inside { place, part, .. }) in inside.iter().enumerate() {
        for (unit, below) in part.places.iter().enumerate() {
            places.push([&[*place], below.as_slice()].concat());
            stands.push((cluster, unit));
        }
    }
    let joint = Joint::from_fn(places.len(), |k, l| {
        let ((i, k), (j, l)) = (stands[k], stands[l]);
        let (one, other) = (&inside[i], &inside[j]);
        let both = match i == j {
            true => one.part.joint.of(k, l),
            false => one.part.joint.of(k, k) * other.part.joint.of(l, l),
        };
        among.of(one.at, other.at) * both
    });
    Part { places, joint }
}

/// π_ij of some of a cluster's members. Notes down if only a formula knows them.
fn among(
    here: &Here<'_>,
    (nodes, places): (&[Node], &[usize]),
    stage: &Stage,
    chances: &Probabilities,
    ((near, longest), how): ((Formula, usize), &mut Known),
) -> Result<Joint, Error> {
    if stage.take == Take::All {
        return Ok(Joint::from_fn(places.len(), |_, _| 1.0));
    }
    let method = stage.method;
    if method.size == Size::Hits {
        return Err(Error::NoPairs {
            method: method.card.key,
        });
    }
    let is_short = !method.sees_all() || nodes.len() <= longest;
    if let Some(joint) = method.joint.filter(|_| is_short) {
        return here.with_pool(nodes, chances, |pool| joint(pool, places));
    }
    let (apart, take) = Apart::fixed(chances)?;
    if method.size == Size::Fixed && take <= 1 {
        return Ok(apart.among((chances, places), |_, _| 0.0));
    }
    *how = Known::Near(near);
    near.among(chances, places)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Known, Pairs, pairs, pairs_among};
    use crate::draw::approximate::Formula;
    use crate::draw::equal::smallest;
    use crate::draw::stages::clusters::{By, Node, Stage, Take, stages};
    use crate::draw::stages::trial::{stage, town};
    use crate::draw::trial::{assert_same, seed};
    use crate::draw::unequal::{chromy, pivotal, sampford};
    use crate::draw::{Error, replacement};
    use crate::math::sum;

    fn found(town: &[Node], plan: &[Stage]) -> Pairs {
        pairs("all", town, plan, Formula::Deville).expect("possible")
    }

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
    }

    fn clusters(counts: &[usize], sizes: &[f64]) -> Vec<Node> {
        let units = |count: usize| {
            (0..count)
                .map(|unit| Node::unit(unit.to_string()))
                .collect()
        };
        counts
            .iter()
            .zip(sizes)
            .enumerate()
            .map(|(at, (&count, &size))| {
                Node::cluster(at.to_string(), units(count)).with_size(size)
            })
            .collect()
    }

    #[test]
    fn two_of_three_clusters_and_two_of_each_by_hand() {
        // Clusters of 2, 3 and 4; π_i = 2/3, π_ij = 1/3; within, 2 · 1 / (M (M − 1)).
        let plan = [
            stage(&smallest::METHOD, By::Count, Take::Count(2)),
            stage(&smallest::METHOD, By::Count, Take::Count(2)),
        ];
        let Pairs {
            places,
            joint,
            known,
        } = found(&clusters(&[2, 3, 4], &[1.0; 3]), &plan);
        assert_eq!(places.len(), 9);
        assert_eq!((&places[1], &places[2]), (&vec![0, 1], &vec![1, 0]));
        assert_eq!(known, [Known::Exact, Known::Exact]);
        close(joint.of(0, 0), 2.0 / 3.0);
        close(joint.of(0, 1), 2.0 / 3.0);
        close(joint.of(2, 2), 2.0 / 3.0 * 2.0 / 3.0);
        close(joint.of(2, 4), 2.0 / 3.0 / 3.0);
        close(joint.of(5, 8), 2.0 / 3.0 / 6.0);
        close(joint.of(0, 3), 1.0 / 3.0 * 2.0 / 3.0);
        close(joint.of(4, 5), 1.0 / 3.0 * 2.0 / 3.0 * 0.5);
    }

    #[test]
    fn unequal_clusters_come_by_their_own_pairs() {
        // Sampford's π₁₂ of these chances is .10818182 (R sampling 2.9, UPsampfordpi2), π₂₃ .53295455.
        let chances = [0.2, 0.7, 0.8, 0.5, 0.4, 0.4];
        let plan = [
            stage(&sampford::METHOD, By::Size, Take::Count(3)),
            stage(&smallest::METHOD, By::Count, Take::Count(1)),
        ];
        let all = found(&clusters(&[2, 3, 5, 1, 1, 1], &chances), &plan);
        assert_eq!(all.known, [Known::Exact, Known::Exact]);
        assert!((all.joint.of(1, 3) - 0.108_181_82 / 6.0).abs() < 1e-8);
        assert!((all.joint.of(2, 9) - 0.532_954_55 / 15.0).abs() < 1e-8);
        close(all.joint.of(2, 3), 0.0);
        close(all.joint.of(2, 2), 0.7 / 3.0);
    }

    #[test]
    fn pairs_come_as_often_as_stated() {
        const TIMES: u32 = 6_000;
        let town = town();
        let plan = [
            stage(&sampford::METHOD, By::Size, Take::Count(2)),
            stage(&smallest::METHOD, By::Count, Take::Count(2)),
        ];
        let all = found(&town, &plan);
        let at: BTreeMap<&Vec<usize>, usize> = all.places.iter().zip(0..).collect();
        let units = all.places.len();
        let mut times = vec![0_u32; units * units];
        for i in 0..TIMES {
            let drawn = stages("all", &town, &plan, &seed(&format!("pair {i}"))).expect("possible");
            let drawn: Vec<usize> = drawn.iter().map(|unit| at[&unit.places]).collect();
            for &k in &drawn {
                drawn.iter().for_each(|&l| times[k * units + l] += 1);
            }
        }
        for k in 0..units {
            for l in k..units {
                let (stated, times) = (all.joint.of(k, l), f64::from(times[k * units + l]));
                let error = (stated * (1.0 - stated) / f64::from(TIMES)).sqrt();
                let off = times / f64::from(TIMES) - stated;
                assert!(off.abs() < 5.0 * error + 1e-9, "{k} {l}: {off} at {stated}");
            }
        }
    }

    #[test]
    fn pairs_of_some_units_are_those_of_the_whole_table() {
        let land = [
            Node::cluster("a", clusters(&[2, 4, 3], &[2.0, 4.0, 3.0])),
            Node::cluster("b", clusters(&[3, 2, 5], &[3.0, 2.0, 5.0])),
            Node::cluster("c", clusters(&[1, 6], &[1.0, 6.0])),
        ];
        let plan = [
            stage(&sampford::METHOD, By::Size, Take::Count(2)),
            stage(&pivotal::SHUFFLED, By::Size, Take::Count(1)),
            stage(&smallest::METHOD, By::Count, Take::AtMost(2)),
        ];
        let all = found(&land, &plan);
        for i in 0..20 {
            let text = format!("some {i}");
            let drawn = stages("all", &land, &plan, &seed(&text)).expect("possible");
            let units: Vec<&[usize]> = drawn.iter().map(|unit| unit.places.as_slice()).collect();
            let some = pairs_among(("all", &land), &plan, (Formula::Deville, 1), &units);
            let some = some.expect("possible");
            let stands = |places: &Vec<usize>| all.places.binary_search(places).expect("there");
            let at: Vec<usize> = some.places.iter().map(stands).collect();
            assert_eq!(at.len(), units.len());
            assert_same(&some.joint, &all.joint.among(&at), 1e-12);
        }
    }

    #[test]
    fn a_formula_stands_in_for_a_method_that_would_have_to_see_too_many() {
        let plan = [
            stage(&chromy::METHOD, By::Size, Take::Count(2)),
            stage(&chromy::METHOD, By::Count, Take::Count(1)),
        ];
        let town = clusters(&[4, 3, 2], &[2.0, 3.0, 4.0]);
        let units: [&[usize]; 2] = [&[0, 1], &[2, 0]];
        let known = |longest| {
            let found = pairs_among(("all", &town), &plan, (Formula::Deville, longest), &units);
            found.expect("possible").known
        };
        assert_eq!(known(4), [Known::Exact, Known::Exact]);
        assert_eq!(known(3), [Known::Exact, Known::Exact]);
        // One unit makes no pair, however many there are.
        assert_eq!(known(2), [Known::Near(Formula::Deville), Known::Exact]);
    }

    #[test]
    fn a_formula_stands_in_and_is_named() {
        let plan = [
            stage(&pivotal::SHUFFLED, By::Size, Take::Count(2)),
            stage(&pivotal::SHUFFLED, By::Count, Take::Count(1)),
        ];
        let all = found(&town(), &plan);
        // One unit makes no pair: exact without a formula.
        assert_eq!(all.known, [Known::Near(Formula::Deville), Known::Exact]);
        // Deville's pairs add up to n (n − 1), as all pairs of a sample of two do.
        let units = 0..all.joint.len();
        let each = |k: usize| {
            let others = units.clone().filter(move |l| *l != k);
            sum(others.map(|l| all.joint.of(k, l)))
        };
        let total = sum(units.clone().map(each));
        assert!((total - 2.0).abs() < 1e-12, "{total}");
    }

    #[test]
    fn three_stages_multiply() {
        let land = [
            Node::cluster("a", clusters(&[2, 2], &[1.0; 2])),
            Node::cluster("b", clusters(&[3, 2], &[1.0; 2])),
        ];
        let one = stage(&smallest::METHOD, By::Count, Take::Count(1));
        let all = Stage {
            take: Take::All,
            ..one
        };
        let found = found(&land, &[all, one, one]);
        assert_eq!(found.places[4], [1, 0, 0]);
        close(found.joint.of(0, 0), 0.25);
        close(found.joint.of(0, 1), 0.0);
        close(found.joint.of(0, 2), 0.0);
        close(found.joint.of(0, 4), 0.25 / 6.0);
    }

    #[test]
    fn what_has_no_pairs_is_refused() {
        let ask = |plan: &[Stage]| pairs("all", &town(), plan, Formula::Deville);
        assert_eq!(ask(&[]), Err(Error::Nothing));
        let hits = stage(&replacement::METHOD, By::Size, Take::Count(2));
        assert!(matches!(ask(&[hits]), Err(Error::NoPairs { .. })));
        let many = stage(&smallest::METHOD, By::Count, Take::Count(4));
        assert!(matches!(
            ask(&[many, many]),
            Err(Error::ClusterTooSmall { .. })
        ));
        // Clusters of size 0 are not reached, whatever they hold.
        let mut town = clusters(&[4, 1], &[1.0, 0.0]);
        town[0].size = 1.0;
        let first = stage(&sampford::METHOD, By::Size, Take::Count(1));
        assert_eq!(found(&town, &[first, many]).places.len(), 4);
    }
}
