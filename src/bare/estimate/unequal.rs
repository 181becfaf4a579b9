//! The rule for rows that were drawn with chances of their own.

use std::collections::BTreeMap;

use super::drawn::{By, Drawn};
use super::staged::{CERTAIN, Stages};
use super::table::Table;
use super::{Asked, Error, pairs};
use crate::draw::Joint;
use crate::draw::spread::neighbours::standardised;
use crate::estimate::variance::{
    Balanced, ChanceStage, Chances, Differences, Fault, Gathered, Independent, LocalMean, Lonely,
    Paired, Pairs, Replaced, Rule, Staged, Successive, Together, Unfit, local,
};
use crate::frame::Codes;
use crate::notice::Notice;

/// A chance differs within a cluster if it differs by more than divisions leave.
const SAME: f64 = 1e-9;

/// What the rule for rows that were drawn with chances of their own borrows from.
#[derive(Debug)]
pub(super) struct Prepared<'t> {
    drawn: &'t Drawn,
    units: Units,
    chance: Vec<f64>,
    more: More,
    lonely: Vec<String>,
}

/// What formulas have beside chances.
#[derive(Debug)]
enum More {
    Stages(Box<Staged>),
    Pairs(Option<Joint>),
    Order(Vec<u64>),
    /// Places, one vector per unit, and amounts, one vector per amount.
    Places(Vec<Vec<f64>>, Vec<Vec<f64>>),
    Hits(Vec<u32>),
    Nothing,
}

/// What was drawn in the first stage: clusters, or rows.
#[derive(Debug)]
pub(super) struct Units {
    pub stratum: Codes,
    /// The unit of each row.
    pub of: Vec<u32>,
    /// A row of each unit.
    pub row: Vec<usize>,
    pub names: Vec<String>,
    pub are_rows: bool,
}

impl<'t> Prepared<'t> {
    /// Of a table; all that is wrong with its chances is an error.
    pub fn of(
        asked: &Asked,
        drawn: &'t Drawn,
        table: &'t Table,
    ) -> Result<Prepared<'t>, crate::Error> {
        let units = Units::of(asked, table)?;
        let column = |name: &String| units.each(name, table.beside.number(name));
        let columns = |names: &[String]| -> Result<Vec<Vec<f64>>, Error> {
            names.iter().map(column).collect()
        };
        let chance = match (drawn.chances.first(), drawn.is_staged()) {
            (Some(name), false) => column(name)?,
            _ => Vec::new(),
        };
        let mut lonely = match drawn.by {
            By::Units(_) | By::Independent => Vec::new(),
            _ => units.lonely(&chance),
        };
        let more = match &drawn.by {
            By::Units(formula) => {
                let known = Stages::of(asked, drawn, table)?;
                lonely = known.lonely;
                let design = table.design(asked);
                let stages: Vec<ChanceStage<'_>> = (design.stages.iter().zip(&known.chances))
                    .map(|(stage, chances)| ChanceStage {
                        strata: stage.strata,
                        clusters: stage.clusters,
                        chances,
                    })
                    .collect();
                let staged = Staged::of(&stages, *formula, asked.lonely).map_err(Error::Design)?;
                More::Stages(Box::new(staged))
            }
            By::Pairs(_, from) => More::Pairs(pairs::table(
                (drawn, from),
                &units,
                &chance,
                (asked, table),
            )?),
            By::Successive(name) => More::Order(order(name, &column(name)?)?),
            By::LocalMean(places, amounts) => {
                let each = columns(places)?;
                let place = |unit: usize| each.iter().map(|x| x[unit]).collect();
                let places: Vec<Vec<f64>> = (0..units.len()).map(place).collect();
                More::Places(standardised(&places), columns(amounts)?)
            }
            By::Balanced(amounts) | By::Together(amounts) => {
                More::Places(Vec::new(), columns(amounts)?)
            }
            By::Replaced(Some(name)) => {
                More::Hits(column(name)?.into_iter().map(|hits| hits as u32).collect())
            }
            By::Independent | By::Replaced(None) => More::Nothing,
        };
        Ok(Prepared {
            drawn,
            units,
            chance,
            more,
            lonely,
        })
    }

    /// Strata of the first stage.
    pub fn strata(&self) -> u64 {
        self.units.stratum.labels().len() as u64
    }

    /// What was drawn in it: clusters, or rows.
    pub fn clusters(&self) -> u64 {
        self.units.len() as u64
    }

    /// That strata with a single unit of which chance decided were taken for something.
    pub fn taken(&self, lonely: Lonely) -> Option<Notice> {
        // A table knows nothing of pairs across strata: they are not joined there.
        let apart = lonely == Lonely::Collapse && matches!(self.more, More::Pairs(Some(_)));
        let told = lonely != Lonely::Fail && !apart && !self.lonely.is_empty();
        told.then(|| Notice::LonelyTaken {
            strata: self.lonely.clone(),
            rule: lonely.word().to_owned(),
        })
    }

    /// The rule.
    pub fn rule(&self, asked: &Asked) -> Result<Box<dyn Rule + '_>, crate::Error> {
        let chances = || -> Result<Chances<'_>, crate::draw::Error> {
            Ok(Chances::given(&self.units.stratum, &self.chance)?.taking(asked.lonely))
        };
        let rule: Box<dyn Rule + '_> = match (&self.drawn.by, &self.more) {
            (_, More::Stages(staged)) => return Ok(staged.clone()),
            (By::Pairs(estimator, from), More::Pairs(joint)) => {
                let pairs = match joint {
                    Some(joint) => Pairs::Table(joint),
                    None => from.near(),
                };
                Box::new(Paired::by(*estimator, pairs, chances()?))
            }
            (_, More::Order(order)) => {
                Box::new(Successive::of(chances()?, order, Differences::Overlapping))
            }
            (By::LocalMean(..), More::Places(places, amounts)) => {
                let rule = LocalMean::of(chances()?, places, local::NEIGHBOURS)?;
                match amounts.is_empty() {
                    true => Box::new(rule),
                    false => Box::new(rule.balanced(amounts)?),
                }
            }
            (By::Together(_), More::Places(_, amounts)) => {
                Box::new(Together::on(amounts, chances()?)?)
            }
            (_, More::Places(_, amounts)) => Box::new(Balanced::on(amounts, chances()?)?),
            (By::Replaced(_), more) => {
                let worked = vec![true; self.units.len()];
                let rule = Replaced::of(&self.units.stratum, &worked);
                let rule = match more {
                    More::Hits(hits) => rule.hit(hits.clone()),
                    _ => rule,
                };
                Box::new(rule.taking(asked.lonely))
            }
            _ => Box::new(Independent::of(chances()?)),
        };
        if self.units.are_rows {
            return Ok(rule);
        }
        let open = match self.chance.is_empty() {
            true => vec![true; self.units.len()],
            false => self.chance.iter().map(|p| 1.0 - p > CERTAIN).collect(),
        };
        let (of, names) = (self.units.of.clone(), self.units.names.clone());
        Ok(Box::new(Gathered::of(rule, of, names, open)))
    }
}

impl Units {
    /// Rows are units where there are no clusters. Clusters stand in the order of their first rows.
    fn of(asked: &Asked, table: &Table) -> Result<Units, Error> {
        let design = table.design(asked);
        let stage = design.stages[0];
        let rows = table.weights.len();
        let one;
        let strata = match stage.strata {
            Some(strata) => strata,
            None => {
                one = Codes::new(vec!["all".to_owned()], vec![0; rows]);
                &one
            }
        };
        let Some(clusters) = stage.clusters else {
            return Ok(Units {
                stratum: strata.clone(),
                of: (0..rows as u32).collect(),
                row: (0..rows).collect(),
                names: Vec::new(),
                are_rows: true,
            });
        };
        let mut places: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let (mut of, mut row) = (Vec::with_capacity(rows), Vec::new());
        for place in 0..rows {
            let key = (clusters.codes()[place], strata.codes()[place]);
            let next = places.len() as u32;
            of.push(*places.entry(key).or_insert_with(|| {
                row.push(place);
                next
            }));
        }
        let astride: Vec<String> = (places.keys().zip(places.keys().skip(1)))
            .filter(|(this, next)| this.0 == next.0)
            .map(|(this, _)| clusters.labels()[this.0 as usize].clone())
            .collect();
        if !asked.nest && !astride.is_empty() {
            let mut clusters = astride;
            clusters.dedup();
            return Err(Error::Design(Unfit {
                faults: vec![Fault::Astride { stage: 1, clusters }],
            }));
        }
        let codes = row.iter().map(|&row| strata.codes()[row]).collect();
        Ok(Units {
            stratum: Codes::new(strata.labels().to_vec(), codes),
            names: row
                .iter()
                .map(|&row| clusters.label(row).to_owned())
                .collect(),
            of,
            row,
            are_rows: false,
        })
    }

    /// Strata with a single unit of which chance decided; without chances, of any.
    fn lonely(&self, chance: &[f64]) -> Vec<String> {
        let mut open = vec![0; self.stratum.labels().len()];
        for unit in 0..self.len() {
            let is_open = chance.get(unit).is_none_or(|p| 1.0 - p > CERTAIN);
            open[self.stratum.code(unit)] += u64::from(is_open);
        }
        let labels = self.stratum.labels().iter().zip(open);
        let single = labels.filter(|(_, open)| *open == 1);
        single.map(|(label, _)| label.clone()).collect()
    }

    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// What a column holds of each unit: all its rows say the same.
    fn each(&self, name: &str, values: &[f64]) -> Result<Vec<f64>, Error> {
        let first: Vec<f64> = self.row.iter().map(|&row| values[row]).collect();
        let differs = |row: &usize| {
            let first = first[self.of[*row] as usize];
            (values[*row] - first).abs() > SAME * first.abs()
        };
        let mut clusters: Vec<String> = (0..values.len())
            .filter(differs)
            .map(|row| self.names[self.of[row] as usize].clone())
            .collect();
        if clusters.is_empty() {
            return Ok(first);
        }
        clusters.sort_unstable();
        clusters.dedup();
        let column = name.to_owned();
        Err(Error::Differs { column, clusters })
    }
}

/// The place of each unit in the order of the walk.
fn order(name: &str, values: &[f64]) -> Result<Vec<u64>, Error> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let same = places
        .windows(2)
        .filter(|pair| (values[pair[0]] - values[pair[1]]).abs() <= 0.0)
        .count();
    if same > 0 {
        let (column, count) = (name.to_owned(), same as u64);
        return Err(Error::Ties { column, count });
    }
    let mut order = vec![0; values.len()];
    for (place, unit) in places.into_iter().enumerate() {
        order[unit] = place as u64;
    }
    Ok(order)
}
