//! Of a plan, those that no call will be about.

use std::collections::BTreeMap;

use super::Study;
use super::check::Checked;
use crate::draw::simple;
use crate::draw::stages::one_call::{InStratum, Rule};
use crate::draw::stages::passed_over::{Law, passed_over};
use crate::math::Sum;
use crate::notice::Notice;
use crate::plan::Plan;

impl Study {
    /// Takes off a plan's expected interviews, cell by cell, those of units that no call will be about, because
    /// another drawn unit shares their number.
    ///
    /// Of numbers whose holders' strata are not known apart, as if all units had the same chance; the
    /// notice says of how many. For methods that are not simple, [`passed_over`] says how far it goes. Where sizes
    /// decide, a unit counts with the mean chance of its stratum.
    ///
    /// # Errors
    ///
    /// [`TooMany`](crate::draw::Error::TooMany) if the plan asks for more than the list has.
    pub(super) fn pass_over(
        &self,
        checked: &Checked,
        plan: &mut Plan,
    ) -> Result<Option<Notice>, crate::Error> {
        let Some(Rule::AskOne(choice)) = self.settings().draw.calls else {
            return Ok(None);
        };
        let law = match self.settings().draw.how.method.card.key {
            key if key == simple::CARD.key => Law::Simple,
            _ => Law::Independent,
        };
        let strata = strata(checked, plan);
        let mut passed = vec![Sum::default(); strata.len()];
        let fitness = &checked.census.fitness;
        let mut rest = fitness.units_per_number.clone();
        for kind in fitness.holders.iter().flatten() {
            let held = |&(place, held): &(u32, u64)| {
                let stratum = strata.get(place as usize)?;
                Some(InStratum { held, ..*stratum })
            };
            let Some(holders) = kind.units.iter().map(held).collect::<Option<Vec<_>>>() else {
                continue;
            };
            let each = passed_over(&holders, choice, law)?;
            for (&(place, _), each) in kind.units.iter().zip(each) {
                passed[place as usize].add(kind.numbers as f64 * each);
            }
            if let Some(rest) = rest.get_mut(&kind.held()) {
                *rest = rest.saturating_sub(kind.numbers);
            }
        }
        let by_mean = at_the_mean(&rest, &strata, &mut passed);
        let all = passed.iter().fold(0.0, |all, passed| all + passed.value());
        let units = all.round() as u64;
        if units == 0 {
            return Ok(None);
        }
        take_off(checked, plan, &passed);
        Ok(Some(Notice::PassedOver {
            units,
            numbers: plan.numbers(),
            by_mean,
        }))
    }
}

/// The strata in the order of the census, with what is drawn from each.
fn strata(checked: &Checked, plan: &Plan) -> Vec<InStratum> {
    let takes: BTreeMap<&str, u64> = plan
        .strata
        .iter()
        .map(|stratum| (stratum.stratum.as_str(), stratum.numbers))
        .collect();
    let of = |stratum: &crate::frame::StratumCount| InStratum {
        population: stratum.population,
        take: takes.get(stratum.label().as_str()).copied().unwrap_or(0),
        held: 0,
    };
    checked.census.strata.iter().map(of).collect()
}

/// Adds numbers that 2, 3 … units hold of whom nobody knows the strata, as if all units of the list had the
/// same chance; gives how many numbers these are.
fn at_the_mean(rest: &BTreeMap<u64, u64>, strata: &[InStratum], passed: &mut [Sum]) -> u64 {
    let drawn: u64 = strata.iter().map(|stratum| stratum.take).sum();
    let all: u64 = strata.iter().map(|stratum| stratum.population).sum();
    let f = (drawn as f64 / all.max(1) as f64).min(1.0);
    let mut numbers = 0;
    for (&units, &count) in rest
        .iter()
        .filter(|&(&units, &count)| units > 1 && count > 0)
    {
        let nobody = (0..units).fold(1.0, |nobody, _| nobody * (1.0 - f));
        let of_these = count as f64 * (units as f64 * f - (1.0 - nobody));
        for (passed, stratum) in passed.iter_mut().zip(strata) {
            passed.add(of_these * stratum.take as f64 / drawn.max(1) as f64);
        }
        numbers += count;
    }
    numbers
}

/// Takes off the interviews of each cell.
fn take_off(checked: &Checked, plan: &mut Plan, passed: &[Sum]) {
    let mut of_cells: BTreeMap<&str, Sum> = BTreeMap::new();
    for (stratum, passed) in checked.census.strata.iter().zip(passed) {
        let cell = of_cells.entry(&stratum.cell).or_default();
        cell.add(passed.value());
    }
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for stratum in &plan.strata {
        *numbers.entry(stratum.cell.clone()).or_default() += stratum.numbers;
    }
    for cell in &mut plan.cells {
        let drawn = numbers.get(&cell.cell).copied().unwrap_or(0);
        if let (Some(passed), 1..) = (of_cells.get(cell.cell.as_str()), drawn) {
            // Of the rest at the mean, more may be taken off than the cell has left.
            let asked = (1.0 - passed.value() / drawn as f64).max(0.0);
            cell.expect(cell.expected_interviews * asked, plan.confidence);
        }
    }
}
