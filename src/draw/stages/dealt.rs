//! Replicates of a sample in stages: units are dealt within what they were drawn from last.
//!
//! Whoever releases the first replicates calls some units of every drawn cluster. Clusters as a whole are not cut
//! off: on the telephone they cost no way, and each that is left out costs more precision than a unit does.

use super::Level;
use crate::draw::Sample;
use crate::frame::Codes;
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "replicates-in-stages",
    title: Words::new("Replicates within clusters", "群内随机子样本"),
    says: Words::new(
        "The units drawn from a cluster are dealt in random order into replicates, as evenly as their number \
         allows; where there are fewer units than replicates, one is in the first. So any first replicates hold \
         units of every drawn cluster, and are a sample in stages of their own, whose last stage drew fewer.",
        "将每个末级群中抽到的单位按随机次序尽可能均匀地分入各子样本；单位数少于子样本数时，其中一个归入第一子样本。\
         因此前任意几个子样本都包含每个入样群的单位，本身就是末级抽取较少单位的多阶段样本。",
    ),
    formula: "released: π_k r_c / n_c,  r_c of the n_c units drawn from its cluster in replicates up to k",
    sources: &[
        Source::new("Lavrakas (1993)"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§4.4 and §9.3"),
    ],
};

/// The replicate, from 1, of every drawn unit; each stands in the cluster that it was drawn from.
///
/// Units come in random order within their cluster, and how many of a cluster any first replicates hold does not
/// depend on which they are. Given these numbers, the released units of a cluster are a simple random sample of
/// those drawn from it.
///
/// # Formula
///
/// ```text
/// r = P((c + j) mod R),  j on from cluster to cluster;   P a random order, c a random start
/// n_c < R:  r = 1 for the first unit of the cluster; for the others P as before, without 1
/// ```
///
/// # Source
///
/// Lavrakas (1993) for releasing replicates; Särndal, Swensson, Wretman (1992), §4.4, for one more stage.
///
/// # Example
///
/// ```
/// use canvass::{draw::stages::dealt::deal, frame::Codes, random::Seed};
/// let branch = Codes::from_labels(["east", "east", "east", "east", "west", "west"]);
/// let seed = Seed::new("the evening draw").expect("not blank");
/// let replicate = deal(&branch, 4, &seed);
/// // Each has one unit of the east, and the first has one of the west.
/// assert_eq!((1..=4).map(|r| replicate[..4].contains(&r)).collect::<Vec<_>>(), [true; 4]);
/// assert!(replicate[4..].contains(&1));
/// ```
#[must_use]
pub fn deal(clusters: &Codes, replicates: u32, seed: &Seed) -> Vec<u32> {
    assert!(replicates > 0, "a sample has at least one replicate");
    let mut stream = seed.stream("draw/replicates/stages");
    let mut order: Vec<u32> = (1..=replicates).collect();
    stream.shuffle(&mut order);
    let mut next = stream.below(u64::from(replicates)) as usize;
    let mut members = vec![Vec::new(); clusters.labels().len()];
    for (unit, &cluster) in clusters.codes().iter().enumerate() {
        members[cluster as usize].push(unit);
    }
    let mut turn = |without_first: bool| loop {
        let replicate = order[next % order.len()];
        next += 1;
        if replicate != 1 || !without_first {
            break replicate;
        }
    };
    let mut dealt = vec![1; clusters.len()];
    for units in &mut members {
        stream.shuffle(units);
        let few = units.len() < replicates as usize;
        for &unit in units.iter().skip(usize::from(few)) {
            dealt[unit] = turn(few);
        }
    }
    dealt
}

/// Within what the units of a sample are dealt into replicates: the clusters of the last stage, or strata.
#[must_use]
pub fn dealt_in(sample: &Sample) -> &Codes {
    within(&sample.basis.stages).unwrap_or(&sample.stratum)
}

/// The clusters that units were drawn from.
fn within(stages: &[Level]) -> Option<&Codes> {
    stages
        .iter()
        .rev()
        .find_map(|level| level.clusters.as_ref())
}

/// The stages as those that were worked see them: of each cluster fewer units were drawn. Rows are those that were
/// worked.
///
/// # Formula
///
/// ```text
/// π_k r_c / n_c  for the chance of a unit once its cluster is drawn
/// ```
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §4.4.
#[must_use]
pub fn released(stages: &[Level], worked: &[bool]) -> Vec<Level> {
    let rows: Vec<usize> = (0..worked.len()).filter(|&row| worked[row]).collect();
    let share = shares(stages, worked);
    let last = stages.len().saturating_sub(1);
    let of = |(place, level): (usize, &Level)| Level {
        column: level.column.clone(),
        method: level.method,
        clusters: level.clusters.as_ref().map(|codes| some(codes, &rows)),
        chance: (rows.iter())
            .map(|&row| match place == last {
                true => level.chance[row] * share[row],
                false => level.chance[row],
            })
            .collect(),
        there: rows.iter().map(|&row| level.there[row]).collect(),
    };
    stages.iter().enumerate().map(of).collect()
}

/// r_c / n_c of the cluster of each unit.
fn shares(stages: &[Level], worked: &[bool]) -> Vec<f64> {
    let Some(clusters) = within(stages) else {
        return vec![1.0; worked.len()];
    };
    let mut counts = vec![(0_u64, 0_u64); clusters.labels().len()];
    for (row, &worked) in worked.iter().enumerate() {
        let (released, drawn) = &mut counts[clusters.code(row)];
        *drawn += 1;
        *released += u64::from(worked);
    }
    let share = |row: usize| match counts[clusters.code(row)] {
        (released, drawn) if released == drawn => 1.0,
        (released, drawn) => released as f64 / drawn as f64,
    };
    (0..worked.len()).map(share).collect()
}

/// Some rows of a column of labels.
pub(crate) fn some(codes: &Codes, rows: &[usize]) -> Codes {
    let kept = rows.iter().map(|&row| codes.codes()[row]).collect();
    Codes::new(codes.labels().to_vec(), kept)
}

#[cfg(test)]
mod tests {
    use super::deal;
    use crate::frame::Codes;
    use crate::random::Seed;

    fn branches(sizes: &[usize]) -> Codes {
        let each = sizes.iter().enumerate();
        Codes::from_labels(each.flat_map(|(at, &size)| vec![format!("b{at:02}"); size]))
    }

    #[test]
    fn any_first_replicates_hold_units_of_every_cluster_evenly() {
        let sizes = [5, 2, 8, 1, 6, 5];
        let clusters = branches(&sizes);
        for i in 0..60 {
            let seed = Seed::new(format!("deal {i}")).expect("not blank");
            let dealt = deal(&clusters, 4, &seed);
            for (at, &size) in sizes.iter().enumerate() {
                let own = (0..dealt.len()).filter(|&unit| clusters.code(unit) == at);
                let own: Vec<u32> = own.map(|unit| dealt[unit]).collect();
                assert!(own.contains(&1), "seed {i}, branch {at}: {own:?}");
                let most = size.div_ceil(4);
                assert!((1..=4).all(|r| own.iter().filter(|&&one| one == r).count() <= most));
            }
        }
    }

    #[test]
    fn every_unit_of_a_cluster_is_as_likely_in_the_first_replicate_as_another() {
        let clusters = branches(&[3, 5]);
        let mut first = [0_u32; 8];
        for i in 0..4_000 {
            let seed = Seed::new(format!("first {i}")).expect("not blank");
            let dealt = deal(&clusters, 4, &seed);
            for (unit, replicate) in dealt.into_iter().enumerate() {
                first[unit] += u32::from(replicate == 1);
            }
        }
        // One of three; one of five, or two where the turn comes to it again.
        let near = |unit: usize, wanted: f64| (f64::from(first[unit]) - wanted).abs() < 150.0;
        assert!((0..3).all(|unit| near(unit, 4_000.0 / 3.0)), "{first:?}");
        assert!(
            (3..8).all(|unit| near(unit, 4_000.0 * 1.25 / 5.0)),
            "{first:?}"
        );
    }

    #[test]
    fn one_replicate_holds_all() {
        let seed = Seed::new("all").expect("not blank");
        assert_eq!(deal(&branches(&[2, 3]), 1, &seed), [1; 5]);
    }
}
