//! The rule for a sample that was drawn in stages.

use super::{ChanceStage, Clusters, Design, Formula, Lonely, Rule, Stage, Staged, Unfit};
use crate::draw::Sample;
use crate::draw::stages::{Level, is_alone};

/// The rule for a sample that was drawn in stages: clusters, and what was drawn within them.
///
/// | stages | rule |
/// |---|---|
/// | each simple, or all taken | [`Clusters`], with the end of every list: it is exact |
/// | some with unequal chances, or along an order | [`Staged`], by the chances of each stage |
/// | somewhere one of several within a cluster | [`Clusters`] of the first stage, as if their list had no end |
///
/// In the last case nobody knows how those within a cluster differ. The first stage then stands for all, and
/// the variance is too large rather than too small: by up to 1/(1 − f), f the fraction of clusters drawn.
///
/// # Errors
///
/// [`Unfit`] if the sample contradicts itself: chances that differ within a cluster, more drawn than there
/// were.
pub fn in_stages(sample: &Sample) -> Result<Box<dyn Rule>, Unfit> {
    let stages = &sample.basis.stages;
    if is_alone(stages) {
        return clusters(sample, &stages[..1], false);
    }
    if stages.iter().all(Level::is_simple) {
        return clusters(sample, stages, true);
    }
    let levels = stages.iter().enumerate();
    let stages: Vec<ChanceStage<'_>> = levels
        .map(|(place, level)| chances(sample, place, level))
        .collect();
    Ok(Box::new(Staged::of(
        &stages,
        Formula::default(),
        Lonely::Fail,
    )?))
}

fn chances<'a>(sample: &'a Sample, place: usize, level: &'a Level) -> ChanceStage<'a> {
    ChanceStage {
        strata: (place == 0).then_some(&sample.stratum),
        clusters: level.clusters.as_ref(),
        chances: &level.chance,
    }
}

/// Clusters drawn simply; with the end of their lists, or without.
fn clusters(sample: &Sample, stages: &[Level], with_end: bool) -> Result<Box<dyn Rule>, Unfit> {
    let real = |level: &Level| level.there.iter().map(|&count| count as f64).collect();
    let there: Vec<Vec<f64>> = stages.iter().map(real).collect();
    let stages = stages.iter().zip(&there).enumerate();
    let stages = stages.map(|(place, (level, there))| Stage {
        strata: (place == 0).then_some(&sample.stratum),
        clusters: level.clusters.as_ref(),
        population: with_end.then_some(there.as_slice()),
    });
    let weights = vec![1.0; sample.len()];
    let design = Design {
        stages: stages.collect(),
        nest: true,
        ..Design::of(&weights)
    };
    Ok(Box::new(Clusters::of(&design)?))
}

#[cfg(test)]
mod tests {
    use super::in_stages;
    use crate::draw::equal::smallest;
    use crate::draw::stages::Level;
    use crate::draw::stages::clusters::{By, Node, Stage, Take, stages};
    use crate::draw::unequal::sampford;
    use crate::draw::{Basis, How, METHODS, Method, Sample};
    use crate::frame::Codes;
    use crate::math::sum;
    use crate::random::Seed;

    /// Branches of a town, each with so many customers, whose answers differ between branches.
    const TOWN: [usize; 12] = [4, 9, 6, 12, 7, 5, 10, 8, 6, 11, 4, 8];

    fn answer(branch: usize, customer: usize) -> f64 {
        20.0 + (branch * 37 % 11) as f64 + (customer * 13 % 7) as f64
    }

    fn town() -> Vec<Node> {
        let units = |count: usize| (0..count).map(|unit| Node::unit(unit.to_string()));
        let cluster =
            |(at, &count): (usize, &usize)| Node::cluster(format!("b{at}"), units(count).collect());
        TOWN.iter().enumerate().map(cluster).collect()
    }

    /// A sample of the town, and its answers weighted by one over their chances.
    fn sample(first: &'static Method, by: By, take: Take, text: &str) -> (Sample, Vec<f64>) {
        let plan = [
            Stage {
                method: first,
                by,
                take: Take::Count(5),
            },
            Stage {
                method: &smallest::METHOD,
                by: By::Count,
                take,
            },
        ];
        let seed = Seed::new(text).expect("not blank");
        let drawn = stages("all", &town(), &plan, &seed).expect("possible");
        let n = drawn.len();
        let clusters = Codes::from_labels(drawn.iter().map(|unit| &unit.ids[0]));
        let level = |at: usize, method, clusters, there| Level {
            column: None,
            method: Some(method),
            clusters,
            chance: drawn.iter().map(|unit| unit.chances[at]).collect(),
            there,
        };
        let inside = drawn.iter().map(|unit| TOWN[unit.places[0]] as u64);
        let levels = vec![
            level(0, first, Some(clusters), vec![TOWN.len() as u64; n]),
            level(1, &smallest::METHOD, None, inside.collect()),
        ];
        let weighted = drawn
            .iter()
            .map(|unit| answer(unit.places[0], unit.places[1]) / unit.probability());
        let weighted = weighted.collect();
        let one = |count| Codes::new(vec!["all".to_owned()], vec![0; count]);
        let sample = Sample {
            id: drawn.iter().map(|unit| unit.ids.join("/")).collect(),
            row: (0..n as u64).collect(),
            stratum: one(n),
            population: vec![TOWN.iter().sum::<usize>() as u64],
            cell: one(n),
            columns: vec![],
            probability: drawn.iter().map(|unit| unit.probability()).collect(),
            rank: (1..=n as u32).collect(),
            replicate: vec![1; n],
            basis: Basis {
                how: Some(How::by(METHODS[0])),
                stages: levels,
                ..Basis::default()
            },
        };
        (sample, weighted)
    }

    /// Over many draws, the mean of totals is the truth, and the mean of variances is the variance of totals.
    #[track_caller]
    fn proves(first: &'static Method, by: By, take: Take, card: &str, most: f64) {
        const TIMES: u32 = 400;
        let truth = sum(TOWN
            .iter()
            .enumerate()
            .flat_map(|(branch, &count)| (0..count).map(move |customer| answer(branch, customer))));
        let (mut totals, mut variances) = (Vec::new(), Vec::new());
        for i in 0..TIMES {
            let (sample, weighted) = sample(first, by, take, &format!("two stages {i}"));
            let rule = in_stages(&sample).expect("a design");
            assert_eq!(rule.card().key, card);
            let rows: Vec<usize> = (0..sample.len()).collect();
            assert_eq!(rule.degrees(&rows), 4);
            totals.push(sum(weighted.iter().copied()));
            variances.push(rule.variance(&weighted, &rows).expect("five clusters"));
        }
        let times = f64::from(TIMES);
        let mean = sum(totals.iter().copied()) / times;
        let spread = sum(totals.iter().map(|total| (total - mean).powi(2))) / (times - 1.0);
        let off = (mean - truth).abs() / (spread / times).sqrt();
        assert!(off < 4.0, "{mean} is {off} errors from {truth}");
        let ratio = sum(variances.iter().copied()) / times / spread;
        // Variances of 400 draws are themselves known to about a fourteenth.
        assert!((1.0 / 1.15..most).contains(&ratio), "{card}: {ratio}");
    }

    #[test]
    fn variances_are_right_on_average() {
        let simple = &smallest::METHOD;
        proves(simple, By::Count, Take::Count(3), "clusters", 1.15);
        proves(simple, By::Count, Take::All, "clusters", 1.15);
        proves(&sampford::METHOD, By::Size, Take::Count(3), "unequal", 1.15);
    }

    #[test]
    fn one_unit_in_each_leaves_the_variance_to_the_first_stage() {
        // Five of twelve clusters: without their end, up to 12/7 of what it is.
        let simple = &smallest::METHOD;
        proves(
            simple,
            By::Count,
            Take::Count(1),
            "clusters",
            1.15 * 12.0 / 7.0,
        );
    }
}
