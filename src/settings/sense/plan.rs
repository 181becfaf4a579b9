//! `[plan]`

use super::shared;
use super::whole::{blamed, need, refuse, value};
use crate::settings::problems::Problem;
use crate::settings::settings::{Allocation, Plan};
use crate::settings::wire;
use crate::settings::words::AllocationWord;

/// How many, and where.
pub(super) fn plan(plan: &wire::Plan, list: &wire::List, found: &mut Vec<Problem>) -> Option<Plan> {
    let round = plan.round.as_ref();
    let round = round.map(|round| shared::round(round, list, found));
    let allocate = allocation(plan, found);
    if let (Some(exact), None) = (&plan.exact_pool, &plan.pool)
        && exact.value
        && !blamed(&plan.at, "pool", found)
    {
        let message = "plan.exact_pool asks for the whole pool, and plan.pool is not given";
        found.push(
            exact
                .problem(message)
                .hint("write pool = …, or exact_pool = false"),
        );
    }
    Some(Plan {
        confidence: value(&plan.confidence)?,
        allocate: allocate?,
        minimum: value(&plan.minimum)?,
        pool: value(&plan.pool),
        exact_pool: value(&plan.exact_pool)?,
        round: round.map_or(Some(None), |round| round.map(Some))?,
    })
}

fn allocation(plan: &wire::Plan, found: &mut Vec<Problem>) -> Option<Allocation> {
    let word = plan.allocate.as_ref()?.value;
    if word != AllocationWord::Power {
        refuse(&plan.power, "allocate = \"power\"", found);
    }
    Some(match word {
        AllocationWord::Proportional => Allocation::Proportional,
        AllocationWord::Neyman => Allocation::Neyman,
        AllocationWord::Power => Allocation::Power {
            power: need(&plan.power, &plan.at, "power", found)?,
        },
    })
}
