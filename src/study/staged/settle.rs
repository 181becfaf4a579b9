//! How many clusters, and how many units in each, so that whole clusters come to what the plan calls for.
//!
//! The plan says how many units each stratum needs. One of the numbers of a draw in stages may be left out,
//! and is the smallest with which a stratum gets as many; two clusters at least, fewer than which have no
//! variance. If all are written, they must come to the plan's number and nothing else.

use std::collections::BTreeMap;

use super::{as_drawn, number, reading, stage_plans, towns};
use crate::bare::stages::town::{Look, Town, too_large};
use crate::bare::{self, StageTake};
use crate::draw::How;
use crate::draw::stages::clusters::{By, Node};
use crate::math::sum;
use crate::notice::Notice;
use crate::plan::{Plan, Request, StagePlan, StagedStratum, Staging, plan_with};
use crate::progress::Silent;
use crate::settings::Stages;
use crate::study::{Error, Study};

/// Clusters fewer than this have no variance.
const FEWEST: u64 = 2;

/// Problems that are told before the rest is counted.
const SHOWN: usize = 5;

/// Rounding, in units.
const NOTHING: f64 = 1e-6;

/// What survey.toml says of stages, and which of its numbers follows from the plan.
struct Asked<'a> {
    how: &'a How,
    stages: &'a Stages,
    takes: Vec<Option<StageTake>>,
    open: Option<usize>,
}

/// A stratum, and the number that is settled for it.
struct Settled<'a> {
    town: &'a Town,
    wanted: u64,
    least: u64,
    count: u64,
    /// Whether no number gives as many as are wanted.
    short: bool,
}

impl Study {
    /// The plan with the numbers that whole clusters come to.
    ///
    /// # Errors
    ///
    /// [`Error::OverDetermined`] if the stages come to another number than the plan;
    /// [`Error::Clusters`] if clusters hold too few, or too many to weigh alike;
    /// [`Error::PoolOfClusters`] if the pool has not even the fewest.
    pub(in crate::study) fn plan_in_stages(
        &self,
        stages: &Stages,
        request: &Request,
        plan: &Plan,
    ) -> Result<(Plan, Vec<Notice>), crate::Error> {
        let how = &self.settings().draw.how;
        let asked = Asked::of(how, stages);
        let strata = bare::units(&reading(how, stages), &self.frame()?.0, &Silent)?;
        let towns = towns(strata, stages);
        let wanted: BTreeMap<&str, u64> = plan
            .strata
            .iter()
            .map(|stratum| (stratum.stratum.as_str(), stratum.numbers))
            .collect();
        let wanted = |town: &Town| wanted.get(town.label.as_str()).copied().unwrap_or(0);
        let mut settled: Vec<Settled<'_>> = towns
            .iter()
            .filter(|town| wanted(town) > 0)
            .map(|town| asked.settle(town, wanted(town)))
            .collect();
        asked.agrees(&settled)?;
        if let Some(pool) = self.settings().plan.pool {
            asked.within_pool(&mut settled, pool)?;
        }
        asked.possible(&settled)?;
        let units = |one: &Settled<'_>| asked.units(one.town, one.count);
        let numbers = settled
            .iter()
            .map(|one| (one.town.label.clone(), units(one).round() as u64))
            .collect();
        let (mut plan, mut notices) = plan_with(request, &numbers)?;
        let strata: Vec<StagedStratum> = settled
            .iter()
            .map(|one| StagedStratum {
                stratum: one.town.label.clone(),
                takes: asked.numbers(one.count),
                units: units(one),
            })
            .collect();
        let alone = |stratum: &&StagedStratum| stratum.takes[1..].contains(&Some(1));
        let alone = strata.iter().filter(alone).count() as u64;
        notices.extend((alone > 0).then_some(Notice::OneInEach { strata: alone }));
        notices.extend(asked.whole(&settled, &stage_plans(self.settings(), stages)));
        plan.staging = Some(Staging {
            stages: stage_plans(self.settings(), stages),
            size: how.size.clone(),
            self_weighting: stages.self_weighting,
            or_all: stages.or_all,
            strata,
        });
        Ok((plan, notices))
    }
}

impl<'a> Asked<'a> {
    fn of(how: &'a How, stages: &'a Stages) -> Asked<'a> {
        let takes = stages.takes();
        Asked {
            how,
            stages,
            open: takes.iter().position(Option::is_none),
            takes,
        }
    }

    /// How many are taken at each stage, if so many at the open one; none takes all.
    fn numbers(&self, count: u64) -> Vec<Option<u64>> {
        let of = |take: &Option<StageTake>| take.map_or(Some(count), number);
        self.takes.iter().map(of).collect()
    }

    /// How many units are drawn then, on average.
    fn units(&self, town: &Town, count: u64) -> f64 {
        let numbers = self.numbers(count);
        let product: Option<u64> = numbers
            .iter()
            .try_fold(1_u64, |all, take| take.map(|take| all.saturating_mul(take)));
        match product.filter(|_| !self.stages.or_all) {
            Some(product) => product as f64,
            None => {
                let stages = as_drawn(self.how, self.stages, &numbers);
                Look::at(&stages).see(town).expected
            }
        }
    }

    /// The smallest number that gives a stratum the units wanted.
    fn settle<'t>(&self, town: &'t Town, wanted: u64) -> Settled<'t> {
        let least = match self.open {
            Some(0) => FEWEST.min(self.clusters(town)).max(1),
            _ => 1,
        };
        let enough = |count: u64| self.units(town, count) + NOTHING >= wanted as f64;
        let (mut low, mut high) = (least, least);
        if self.open.is_some() {
            // What is taken of a list of all clusters or units grows with the number, up to the longest list.
            let most = wanted.max(least);
            while !enough(high) && high < most {
                low = high + 1;
                high = (2 * high).min(most);
            }
            while low < high {
                let middle = low + (high - low) / 2;
                match enough(middle) {
                    true => high = middle,
                    false => low = middle + 1,
                }
            }
        }
        Settled {
            town,
            wanted,
            least,
            count: high,
            short: self.open.is_some() && !enough(high),
        }
    }

    /// Clusters of the first stage that may be drawn.
    fn clusters(&self, town: &Town) -> u64 {
        let by = super::chances_by(self.how, self.stages)[0];
        let drawn = |node: &&Node| by == By::Count || node.size > 0.0;
        town.nodes.iter().filter(drawn).count() as u64
    }

    /// What must be heard of those that hold fewer than their take, and are taken whole where they are drawn.
    fn whole(&self, settled: &[Settled<'_>], plans: &[StagePlan]) -> Vec<Notice> {
        let mut counts = vec![0; self.takes.len()];
        for one in settled.iter().filter(|_| self.stages.or_all) {
            let stages = as_drawn(self.how, self.stages, &self.numbers(one.count));
            let mut look = Look::at(&stages);
            look.see(one.town);
            let levels = counts.iter_mut().zip(&look.levels);
            levels.for_each(|(count, level)| *count += level.whole);
        }
        let told = counts.into_iter().zip(plans);
        told.filter(|(count, _)| *count > 0)
            .map(|(count, stage)| Notice::ClustersWhole {
                column: stage.column.clone(),
                count,
            })
            .collect()
    }

    /// Refuses numbers of which none is open, and which come to other units than the plan.
    fn agrees(&self, settled: &[Settled<'_>]) -> Result<(), Error> {
        if self.open.is_some() {
            return Ok(());
        }
        let differs = |one: &&Settled<'_>| {
            let units = self.units(one.town, one.count);
            (units - one.wanted as f64).abs() >= 0.5
        };
        let others: Vec<&Settled<'_>> = settled.iter().filter(differs).collect();
        let Some(first) = others.first() else {
            return Ok(());
        };
        Err(Error::OverDetermined {
            stratum: first.town.label.clone(),
            takes: self.words(),
            units: self.units(first.town, first.count).round() as u64,
            planned: first.wanted,
            others: others.len() as u64 - 1,
        })
    }

    /// "20 of 'branch', 10 units in each".
    fn words(&self) -> String {
        let many = |take: &Option<StageTake>| match take {
            Some(StageTake::Count(count)) => count.to_string(),
            _ => "all".to_owned(),
        };
        let columns = self.stages.columns();
        let clusters = self.takes.iter().zip(&columns);
        let clusters = clusters.map(|(take, column)| format!("{} of '{column}'", many(take)));
        let units = format!("{} units in each", many(&self.stages.within));
        clusters.chain([units]).collect::<Vec<_>>().join(", ")
    }

    /// Takes one back, stratum by stratum, while there are more units than the pool has numbers: first where
    /// the last one brought the least that was wanted.
    fn within_pool(&self, settled: &mut [Settled<'_>], pool: u64) -> Result<(), Error> {
        let units = |one: &Settled<'_>| self.units(one.town, one.count);
        let mut all: Vec<f64> = settled.iter().map(units).collect();
        let mut open: Vec<(f64, usize, f64)> = Vec::new();
        for (place, one) in settled.iter().enumerate() {
            if self.open.is_some() && one.count > one.least {
                let fewer = self.units(one.town, one.count - 1);
                let wanted = (one.wanted as f64 - fewer) / (all[place] - fewer).max(NOTHING);
                open.push((wanted, place, fewer));
            }
        }
        open.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
        while sum(all.iter().map(|units| units.round())) > pool as f64 {
            let Some((_, place, fewer)) = open.pop() else {
                return Err(Error::PoolOfClusters {
                    pool,
                    least: sum(all.iter().map(|units| units.round())) as u64,
                });
            };
            all[place] = fewer;
            settled[place].count -= 1;
        }
        Ok(())
    }

    /// Refuses strata whose clusters are too few, too small, or too large to weigh alike.
    fn possible(&self, settled: &[Settled<'_>]) -> Result<(), Error> {
        let mut problems: Vec<String> = settled.iter().flat_map(|one| self.problems(one)).collect();
        if problems.is_empty() {
            return Ok(());
        }
        let more = problems.len().saturating_sub(SHOWN);
        problems.truncate(SHOWN);
        problems.extend((more > 0).then(|| format!("and {more} more")));
        Err(Error::Clusters { problems })
    }

    fn problems(&self, one: &Settled<'_>) -> Vec<String> {
        let numbers = self.numbers(one.count);
        let stages = as_drawn(self.how, self.stages, &numbers);
        let mut look = Look::at(&stages);
        let seen = look.see(one.town);
        let stratum = &one.town.label;
        if one.short {
            return vec![format!(
                "all that can be taken in '{stratum}' comes to {} units, and the plan calls for {}",
                seen.expected.floor(),
                one.wanted
            )];
        }
        let mut problems = Vec::new();
        for (level, found) in look.levels.iter().enumerate() {
            let (Some((name, holds)), Some(take)) = (&found.small.first, numbers[level]) else {
                continue;
            };
            let what = match self.stages.clusters.get(level) {
                Some(stage) => format!("clusters of '{}'", stage.cluster),
                None => "units".to_owned(),
            };
            let sized = match stages[level].by == By::Size && self.how.size.is_some() {
                true => " of a size above 0",
                false => "",
            };
            problems.push(match level.checked_sub(1) {
                None => format!("'{stratum}' has {holds} {what}{sized}, and it takes {take}"),
                Some(above) => format!(
                    "in '{stratum}', {} clusters of '{}' hold fewer than {take} {what}{sized} (the first, \
                     '{name}', holds {holds})",
                    found.small.count, self.stages.clusters[above].cluster
                ),
            });
        }
        problems.extend(self.uneven(one, &numbers));
        problems
    }

    /// Clusters that would have to come more often than always.
    fn uneven(&self, one: &Settled<'_>, numbers: &[Option<u64>]) -> Option<String> {
        let clusters = numbers[0].filter(|_| self.stages.self_weighting)?;
        let found = too_large(std::slice::from_ref(one.town), clusters);
        let (name, holds) = found.first?;
        Some(format!(
            "in '{}', {} clusters of '{}' hold more than one in {clusters} of the units, so that theirs cannot \
             weigh alike (the first, '{name}', holds {holds})",
            one.town.label, found.count, self.stages.clusters[0].cluster
        ))
    }
}
