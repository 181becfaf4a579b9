//! Makes the plan: chains, the pool's limit, strata, and what precision to expect.

use super::whole::{Divisors, whole};
use super::{CellPlan, CellRequest, Chain, Error, Plan, Request, StratumPlan, size};
use crate::math::sum;
use crate::notice::Notice;

/// Plans how many interviews and numbers each cell and stratum needs.
///
/// Each cell's chain runs from its target to numbers to dial. If the pool is smaller than their sum
/// (or must be drawn whole), cells get numbers in proportion to what they call for: each then loses
/// or gains the same part of its interviews, and its margin changes by the same factor. Within a
/// cell the allocation rule shares the numbers out, in whole numbers that add up.
///
/// Returns the plan, cells and strata sorted by label, and what a statistician must hear of it.
///
/// # Errors
///
/// - [`Error::Nobody`] if no stratum has a unit.
/// - [`Error::PoolTooSmall`] if the pool cannot give every stratum its minimum.
/// - [`Error::SpreadUnknown`], [`Error::NoSpread`] or [`Error::Power`] from the allocation rule.
pub fn plan(request: &Request) -> Result<(Plan, Vec<Notice>), Error> {
    let begun = begin(request)?;
    let cells = begun.cells.iter().zip(&begun.numbers);
    let parts = cells
        .map(|(cell, numbers)| parts(request, cell, *numbers))
        .collect::<Result<_, _>>()?;
    finish(request, begun, parts)
}

/// A plan down to the numbers of its cells.
pub(super) struct Begun {
    /// Cells and strata by label.
    pub cells: Vec<CellRequest>,
    chains: Vec<Chain>,
    /// Numbers of each cell.
    pub numbers: Vec<u64>,
    notices: Vec<Notice>,
}

/// Plans down to the numbers of the cells.
pub(super) fn begin(request: &Request) -> Result<Begun, Error> {
    let cells = sorted(request);
    if cells.iter().all(|cell| cell.population() == 0) {
        return Err(Error::Nobody);
    }
    let mut notices = Vec::new();
    let chains = chains(request, &cells);
    let numbers = numbers(request, &cells, &chains, &mut notices)?;
    Ok(Begun {
        cells,
        chains,
        numbers,
        notices,
    })
}

/// Plans to the end, with the numbers of each cell's strata.
pub(super) fn finish(
    request: &Request,
    begun: Begun,
    parts: Vec<Vec<u64>>,
) -> Result<(Plan, Vec<Notice>), Error> {
    let mut plan = Plan {
        confidence: request.confidence,
        allocation: request.allocation.card().key.to_owned(),
        pool: request.pool,
        cells: Vec::new(),
        strata: Vec::new(),
        rounding: None,
        staging: None,
    };
    for ((cell, chain), parts) in begun.cells.iter().zip(begun.chains).zip(parts) {
        let numbers = parts.iter().sum();
        plan.strata.extend(strata(cell, &parts)?);
        plan.cells.push(cell_plan(request, cell, chain, numbers));
    }
    plan.strata.sort_by(|a, b| a.stratum.cmp(&b.stratum));
    Ok((plan, begun.notices))
}

/// Cells and strata by label, so that nothing depends on the order of the request.
fn sorted(request: &Request) -> Vec<CellRequest> {
    let mut cells = request.cells.clone();
    cells.sort_by(|a, b| a.cell.cmp(&b.cell));
    for cell in &mut cells {
        cell.strata.sort_by(|a, b| a.label().cmp(b.label()));
    }
    cells
}

/// Each cell's chain of sizes; with a total of interviews, chains shrink or grow alike.
fn chains(request: &Request, cells: &[CellRequest]) -> Vec<Chain> {
    let chain = |cell: &CellRequest| {
        size::chain(
            &cell.target,
            cell.population(),
            request.confidence,
            &cell.funnel,
        )
    };
    let mut chains: Vec<Chain> = cells.iter().map(chain).collect();
    let all = sum(chains.iter().map(|chain| chain.finite));
    if let Some(interviews) = request.interviews
        && all > 0.0
    {
        for (chain, cell) in chains.iter_mut().zip(cells) {
            let finite = (chain.finite * interviews as f64 / all).min(cell.population() as f64);
            chain.finite = finite;
            chain.interviews = size::ceil(finite).min(cell.population());
            chain.numbers = cell.funnel.numbers_for(finite);
        }
    }
    chains
}

/// Numbers of each cell, within its list and the pool.
fn numbers(
    request: &Request,
    cells: &[CellRequest],
    chains: &[Chain],
    notices: &mut Vec<Notice>,
) -> Result<Vec<u64>, Error> {
    let mut limits = Vec::new();
    for (cell, chain) in cells.iter().zip(chains) {
        let (population, asked) = (cell.population(), chain.numbers);
        if asked > population {
            notices.push(Notice::CellTooSmall {
                cell: cell.cell.clone(),
                population,
                asked,
            });
        }
        limits.push((cell.least_numbers(request.minimum).iter().sum(), population));
    }
    let within: Vec<u64> = chains
        .iter()
        .zip(&limits)
        .map(|(c, limit): (_, &(u64, u64))| c.numbers.clamp(limit.0, limit.1))
        .collect();
    let asked: u64 = within.iter().sum();
    let least: u64 = limits.iter().map(|limit| limit.0).sum();
    let list: u64 = limits.iter().map(|limit| limit.1).sum();
    let total = match request.pool {
        None => return Ok(within),
        Some(pool) if request.exact_pool || asked > pool => pool,
        Some(_) => return Ok(within),
    };
    if total < least {
        return Err(Error::PoolTooSmall {
            pool: total,
            minimum: least,
        });
    }
    let called_for: u64 = chains.iter().map(|chain| chain.numbers).sum();
    if called_for > total {
        notices.push(Notice::PoolCut {
            asked: called_for,
            pool: total,
        });
    }
    if total > list {
        notices.push(Notice::PoolBeyondList {
            pool: total,
            units: list,
        });
    }
    let pulls: Vec<f64> = chains.iter().map(|chain| chain.numbers as f64).collect();
    whole(total.min(list), &pulls, &limits, Divisors::Webster)
}

/// The fewest and the most numbers of each stratum.
pub(super) fn least_and_most(request: &Request, cell: &CellRequest) -> Vec<(u64, u64)> {
    cell.least_numbers(request.minimum)
        .into_iter()
        .zip(&cell.strata)
        .map(|(least, stratum)| (least, stratum.population()))
        .collect()
}

/// A cell's numbers over its strata.
fn parts(request: &Request, cell: &CellRequest, numbers: u64) -> Result<Vec<u64>, Error> {
    if cell.population() == 0 {
        return Ok(vec![0; cell.strata.len()]);
    }
    let limits = least_and_most(request, cell);
    let pulls = request.allocation.pulls(&cell.strata)?;
    whole(numbers, &pulls, &limits, request.allocation.divisors())
}

/// The strata of a cell with these numbers, and the interviews to wish for.
fn strata(cell: &CellRequest, parts: &[u64]) -> Result<Vec<StratumPlan>, Error> {
    let numbers: u64 = parts.iter().sum();
    let expected = (numbers as f64 * cell.funnel.interviews_per_number()).round() as u64;
    let pulls: Vec<f64> = parts.iter().map(|&part| part as f64).collect();
    let room: Vec<(u64, u64)> = parts.iter().map(|&part| (0, part)).collect();
    let interviews = whole(expected, &pulls, &room, Divisors::Webster)?;
    let each = cell.strata.iter().zip(parts).zip(interviews);
    Ok(each
        .map(|((stratum, part), wished)| stratum_plan(cell, stratum, wished, *part))
        .collect())
}

fn stratum_plan(
    cell: &CellRequest,
    stratum: &crate::design::Stratum,
    interviews: u64,
    numbers: u64,
) -> StratumPlan {
    StratumPlan {
        stratum: stratum.label().to_owned(),
        cell: cell.cell.clone(),
        population: stratum.population(),
        interviews,
        numbers,
        optimum: None,
    }
}

fn cell_plan(request: &Request, cell: &CellRequest, chain: Chain, numbers: u64) -> CellPlan {
    let expected = numbers as f64 * cell.funnel.interviews_per_number();
    let population = cell.population();
    CellPlan {
        cell: cell.cell.clone(),
        population,
        margin: cell.target.margin(),
        spread: cell.target.spread(),
        design_effect: cell.target.design_effect(),
        funnel: cell.funnel,
        chain,
        numbers,
        expected_interviews: expected,
        expected_margin: size::margin(&cell.target, expected, population, request.confidence),
    }
}

#[cfg(test)]
mod tests {
    use super::plan;
    use crate::design::{Stratum, Target};
    use crate::notice::Notice;
    use crate::plan::{Allocation, CellRequest, Error, Funnel, Request};
    use crate::random::Seed;

    fn cell(name: &str, populations: &[u64]) -> CellRequest {
        CellRequest {
            cell: name.into(),
            target: Target::new(1.5, 18.0, 1.1).expect("a target"),
            funnel: Funnel::new(0.8, 0.5, 0.9, 0.25).expect("shares"),
            strata: populations
                .iter()
                .enumerate()
                .map(|(i, &n)| {
                    let stratum = Stratum::new(format!("{name} / {i}"), n);
                    stratum.with_spread(15.0 + i as f64).expect("a spread")
                })
                .collect(),
        }
    }

    fn request(cells: Vec<CellRequest>) -> Request {
        Request {
            confidence: 0.95,
            allocation: Allocation::Power { q: 0.5 },
            minimum: 2,
            pool: None,
            exact_pool: false,
            interviews: None,
            cells,
        }
    }

    #[test]
    fn without_a_limit_every_cell_expects_what_it_wished_for() {
        let (plan, notices) = plan(&request(vec![
            cell("a", &[90_000, 10_000]),
            cell("b", &[50_000]),
        ]))
        .expect("possible");
        assert_eq!(notices, []);
        for cell in &plan.cells {
            let got = cell.expected_margin.expect("interviews");
            assert!(got <= 1.5 && got > 1.499, "{got}");
            assert_eq!(cell.numbers, cell.chain.numbers);
        }
    }

    #[test]
    fn every_sum_adds_up_and_every_limit_holds() {
        for i in 0..100 {
            let seed = Seed::new(format!("plan {i}")).expect("not blank");
            let mut stream = seed.stream("test");
            let cells: Vec<CellRequest> = (0..4)
                .map(|c| {
                    let sizes: Vec<u64> = (0..5).map(|_| 60 + stream.below(9_000)).collect();
                    cell(&format!("c{c}"), &sizes)
                })
                .collect();
            for allocation in [
                Allocation::Proportional,
                Allocation::Neyman,
                Allocation::Power { q: 0.3 },
            ] {
                let mut request = request(cells.clone());
                request.allocation = allocation;
                request.pool = Some(5_000);
                request.exact_pool = true;
                let (plan, _) = plan(&request).expect("possible");
                assert_eq!(plan.numbers(), 5_000, "seed {i}");
                assert_eq!(plan.cells.iter().map(|c| c.numbers).sum::<u64>(), 5_000);
                for cell in &plan.cells {
                    let mine = plan.strata.iter().filter(|s| s.cell == cell.cell);
                    let (numbers, interviews) =
                        mine.fold((0, 0), |(n, i), s| (n + s.numbers, i + s.interviews));
                    assert_eq!(numbers, cell.numbers, "seed {i}");
                    assert_eq!(
                        interviews,
                        cell.expected_interviews.round() as u64,
                        "seed {i}"
                    );
                }
                for stratum in &plan.strata {
                    assert!(stratum.numbers <= stratum.population && stratum.numbers >= 2);
                    assert!(stratum.interviews <= stratum.numbers);
                }
            }
        }
    }

    #[test]
    fn the_order_of_cells_and_strata_does_not_matter() {
        let one = request(vec![cell("a", &[900, 5_000]), cell("b", &[700, 800, 90])]);
        let mut other = one.clone();
        other.cells.reverse();
        for cell in &mut other.cells {
            cell.strata.reverse();
        }
        assert_eq!(plan(&one), plan(&other));
    }

    #[test]
    fn a_pool_that_is_cut_widens_every_margin_alike() {
        let mut request = request(vec![cell("a", &[9_000_000]), cell("b", &[5_000_000])]);
        request.pool = Some(5_000);
        let (plan, notices) = plan(&request).expect("possible");
        assert!(
            matches!(notices[0], Notice::PoolCut { pool: 5_000, .. }),
            "{notices:?}"
        );
        let margins: Vec<f64> = plan
            .cells
            .iter()
            .filter_map(|c| c.expected_margin)
            .collect();
        assert!((margins[0] - margins[1]).abs() < 0.001, "{margins:?}");
        assert!(margins[0] > 1.5);
    }

    #[test]
    fn a_cell_smaller_than_its_demand_is_heard_and_taken_whole() {
        let mut request = request(vec![cell("small", &[500]), cell("large", &[900_000])]);
        request.pool = Some(12_000);
        request.exact_pool = true;
        let (plan, notices) = plan(&request).expect("possible");
        let small = plan
            .cells
            .iter()
            .find(|c| c.cell == "small")
            .expect("the cell");
        assert_eq!(small.numbers, 500);
        assert_eq!(plan.numbers(), 12_000);
        assert!(notices.iter().any(|n| matches!(
            n,
            Notice::CellTooSmall {
                population: 500,
                ..
            }
        )));
    }

    #[test]
    fn a_pool_below_the_minimums_is_refused_with_both_numbers() {
        let mut request = request(vec![cell("a", &[900, 5_000])]);
        request.pool = Some(30);
        // Two interviews at 9 % take 23 numbers, in each of two strata.
        assert_eq!(
            plan(&request),
            Err(Error::PoolTooSmall {
                pool: 30,
                minimum: 46
            })
        );
    }

    #[test]
    fn a_total_of_interviews_replaces_the_targets() {
        let mut request = request(vec![cell("a", &[90_000, 10_000]), cell("b", &[50_000])]);
        request.interviews = Some(300);
        let (plan, _) = plan(&request).expect("possible");
        assert!(
            (plan.expected_interviews() - 300.0).abs() < 0.2,
            "{}",
            plan.expected_interviews()
        );
    }

    #[test]
    fn an_empty_stratum_gets_nothing_and_an_empty_list_is_refused() {
        let (plan_, _) = plan(&request(vec![cell("a", &[90_000, 0])])).expect("possible");
        assert_eq!(plan_.strata[1].numbers, 0);
        assert_eq!(plan(&request(vec![cell("a", &[0])])), Err(Error::Nobody));
    }
}
