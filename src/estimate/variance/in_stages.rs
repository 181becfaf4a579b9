//! The rule for a sample that was drawn in stages.

use super::{ChanceStage, Clusters, Design, Formula, Lonely, Rule, Stage, Staged, Unfit};
use crate::draw::Sample;
use crate::draw::stages::{Level, dealt, is_alone};
use crate::estimate::Unknown;
use crate::frame::Codes;
use crate::method::Card;

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
    of(&sample.stratum, &sample.basis.stages)
}

/// The same where only some units were released: of each cluster, those are a simple sample of the units that
/// were drawn from it, and so the last stage drew fewer. `worked` says which units.
///
/// # Errors
///
/// As [`in_stages`].
pub fn released_in_stages(sample: &Sample, worked: &[bool]) -> Result<Box<dyn Rule>, Unfit> {
    if worked.iter().all(|&worked| worked) {
        return in_stages(sample);
    }
    let rows: Vec<usize> = (0..worked.len()).filter(|&row| worked[row]).collect();
    let stages = dealt::released(&sample.basis.stages, worked);
    let rule = of(&dealt::some(&sample.stratum, &rows), &stages)?;
    Ok(Box::new(Released { rule, rows }))
}

/// A rule for the units that were released, in the place of one for all.
#[derive(Debug)]
struct Released {
    rule: Box<dyn Rule>,
    /// The released units, in order.
    rows: Vec<usize>,
}

impl Released {
    /// The places among those released; a unit that was not has no part in any figure.
    fn places(&self, units: &[usize]) -> Vec<usize> {
        let place = |unit: &usize| self.rows.binary_search(unit).ok();
        units.iter().filter_map(place).collect()
    }
}

impl Rule for Released {
    fn card(&self) -> &'static Card {
        self.rule.card()
    }

    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        let scores: Vec<f64> = self.rows.iter().map(|&row| scores[row]).collect();
        self.rule.variance(&scores, &self.places(answered))
    }

    fn degrees(&self, answered: &[usize]) -> u64 {
        self.rule.degrees(&self.places(answered))
    }
}

fn of(strata: &Codes, stages: &[Level]) -> Result<Box<dyn Rule>, Unfit> {
    if is_alone(stages) {
        return clusters(strata, &stages[..1], false);
    }
    if stages.iter().all(Level::is_simple) {
        return clusters(strata, stages, true);
    }
    let levels = stages.iter().enumerate();
    let stages: Vec<ChanceStage<'_>> = levels
        .map(|(place, level)| chances(strata, place, level))
        .collect();
    Ok(Box::new(Staged::of(
        &stages,
        Formula::default(),
        Lonely::Fail,
    )?))
}

fn chances<'a>(strata: &'a Codes, place: usize, level: &'a Level) -> ChanceStage<'a> {
    ChanceStage {
        strata: (place == 0).then_some(strata),
        clusters: level.clusters.as_ref(),
        chances: &level.chance,
    }
}

/// Clusters drawn simply; with the end of their lists, or without.
fn clusters(strata: &Codes, stages: &[Level], with_end: bool) -> Result<Box<dyn Rule>, Unfit> {
    let real = |level: &Level| level.there.iter().map(|&count| count as f64).collect();
    let there: Vec<Vec<f64>> = stages.iter().map(real).collect();
    let stages = stages.iter().zip(&there).enumerate();
    let stages = stages.map(|(place, (level, there))| Stage {
        strata: (place == 0).then_some(strata),
        clusters: level.clusters.as_ref(),
        population: with_end.then_some(there.as_slice()),
    });
    let weights = vec![1.0; strata.len()];
    let design = Design {
        stages: stages.collect(),
        nest: true,
        ..Design::of(&weights)
    };
    Ok(Box::new(Clusters::of(&design)?))
}

#[cfg(test)]
mod tests {
    use super::{in_stages, released_in_stages};
    use crate::draw::equal::smallest;
    use crate::draw::stages::Level;
    use crate::draw::stages::clusters::{By, Node, Stage, Take, stages};
    use crate::draw::stages::dealt::{deal, dealt_in};
    use crate::draw::unequal::sampford;
    use crate::draw::{Basis, How, METHODS, Method, Sample};
    use crate::field::{Class, Outcomes};
    use crate::frame::Codes;
    use crate::math::sum;
    use crate::random::Seed;
    use crate::weigh::second_phase::Follow;
    use crate::weigh::{SecondPhase, Step as _};

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
    fn of_a_released_part_variances_are_right_on_average() {
        const TIMES: u32 = 400;
        let simple = &smallest::METHOD;
        let (mut totals, mut variances) = (Vec::new(), Vec::new());
        for i in 0..TIMES {
            let text = format!("release {i}");
            let (sample, weighted) = sample(simple, By::Count, Take::Count(4), &text);
            let seed = Seed::new(text).expect("not blank");
            let branches = dealt_in(&sample);
            let replicate = deal(branches, 2, &seed);
            let worked: Vec<bool> = replicate.iter().map(|one| *one == 1).collect();
            let of = |row: usize| branches.code(row);
            let count = |row: usize, all: bool| {
                let own = (0..sample.len()).filter(|&other| of(other) == of(row));
                own.filter(|&other| all || worked[other]).count() as f64
            };
            let scores: Vec<f64> = (0..sample.len())
                .map(|row| match worked[row] {
                    true => weighted[row] * count(row, true) / count(row, false),
                    false => 0.0,
                })
                .collect();
            let rule = released_in_stages(&sample, &worked).expect("a design");
            let rows: Vec<usize> = (0..sample.len()).filter(|&row| worked[row]).collect();
            assert_eq!(rule.degrees(&rows), 4);
            totals.push(sum(scores.iter().copied()));
            variances.push(rule.variance(&scores, &rows).expect("five clusters"));
        }
        let times = f64::from(TIMES);
        let mean = sum(totals.iter().copied()) / times;
        let spread = sum(totals.iter().map(|total| (total - mean).powi(2))) / (times - 1.0);
        let ratio = sum(variances.iter().copied()) / times / spread;
        assert!((1.0 / 1.15..1.15).contains(&ratio), "{ratio}");
    }

    /// Over many draws, and second phases of those who were silent in them.
    #[track_caller]
    fn proves_second_phase(first: &'static Method, by: By, follow: usize) {
        const TIMES: u32 = 600;
        let truth = sum(TOWN
            .iter()
            .enumerate()
            .flat_map(|(branch, &count)| (0..count).map(move |customer| answer(branch, customer))));
        let (mut totals, mut variances) = (Vec::new(), Vec::new());
        for i in 0..TIMES {
            let text = format!("follow-up {i}");
            let (sample, weighted) = sample(first, by, Take::Count(4), &text);
            // Who answers late differs: every third customer, and all of two branches.
            let silent = |unit: &usize| {
                let mut places = sample.id[*unit].split('/');
                let branch = places.next().unwrap_or_default();
                let customer: usize = places.next().and_then(|one| one.parse().ok()).unwrap_or(0);
                customer.is_multiple_of(3) || branch == "b3" || branch == "b6"
            };
            let mut late: Vec<usize> = (0..sample.len()).filter(silent).collect();
            let mut parts = vec![Follow::Outside; sample.len()];
            late.iter().for_each(|&unit| parts[unit] = Follow::NotDrawn);
            let seed = Seed::new(text).expect("not blank");
            seed.stream("second phase").shuffle(&mut late);
            late.iter()
                .take(follow)
                .for_each(|&unit| parts[unit] = Follow::Drawn);
            let step = SecondPhase::within(sample.stratum.clone(), parts);
            let before: Vec<f64> = sample.probability.iter().map(|p| 1.0 / p).collect();
            let outcomes = Outcomes {
                class: vec![Class::Interview; sample.len()],
                code: vec![None; sample.len()],
                attempts: vec![1; sample.len()],
                items: vec![],
            };
            let adjusted = step
                .forward(&before, &outcomes)
                .expect("some are followed up");
            let factor = |unit: usize| adjusted.after[unit] / before[unit];
            let mut scores: Vec<f64> = (0..sample.len())
                .map(|unit| weighted[unit] * factor(unit))
                .collect();
            totals.push(sum(scores.iter().copied()));
            let extra = step.back(&adjusted, &mut scores);
            let rule = in_stages(&sample).expect("a design");
            let rows: Vec<usize> = (0..sample.len()).collect();
            variances.push(extra + rule.variance(&scores, &rows).expect("five clusters"));
        }
        let times = f64::from(TIMES);
        let mean = sum(totals.iter().copied()) / times;
        let spread = sum(totals.iter().map(|total| (total - mean).powi(2))) / (times - 1.0);
        let off = (mean - truth).abs() / (spread / times).sqrt();
        assert!(off < 4.0, "{mean} is {off} errors from {truth}");
        let ratio = sum(variances.iter().copied()) / times / spread;
        assert!((1.0 / 1.15..1.15).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_second_phase_of_those_who_were_silent_has_its_variance() {
        proves_second_phase(&smallest::METHOD, By::Count, 4);
        proves_second_phase(&smallest::METHOD, By::Count, 3);
        proves_second_phase(&sampford::METHOD, By::Size, 4);
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
