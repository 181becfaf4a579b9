//! A plan whose numbers are rounded by somebody else: by chance, such that margins of the strata are kept.

use super::make::{begin, finish, least_and_most};
use super::real::real;
use super::{Error, Plan, Request, Rounding};
use crate::notice::Notice;

/// How many numbers a stratum is to have, before they are whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Its label.
    pub stratum: String,
    /// The cell it belongs to.
    pub cell: String,
    /// The optimum within its limits.
    pub numbers: f64,
}

/// What became of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounded {
    /// A whole number for each, down or up.
    pub numbers: Vec<u64>,
    /// How they came about.
    pub rounding: Rounding,
}

/// Plans as [`plan`](super::plan()) does, but for the last step: the optimum of each stratum is handed to
/// `round`, which returns whole numbers.
///
/// A cell then has the sum of its strata's numbers.
///
/// # Errors
///
/// As for [`plan`](super::plan()), and what `round` returns.
///
/// # Panics
///
/// If `round` does not return a number for each stratum, or one that is not its optimum rounded down or up:
/// our own bug.
pub fn plan_by<E: From<Error>>(
    request: &Request,
    round: impl FnOnce(&[Wanted]) -> Result<Rounded, E>,
) -> Result<(Plan, Vec<Notice>), E> {
    let begun = begin(request)?;
    let mut wanted = Vec::new();
    for (cell, numbers) in begun.cells.iter().zip(&begun.numbers) {
        let optimum = match cell.population() {
            0 => vec![0.0; cell.strata.len()],
            _ => {
                let pulls = request.allocation.pulls(&cell.strata)?;
                real(*numbers, &pulls, &least_and_most(request, cell))?
            }
        };
        wanted.extend(
            cell.strata
                .iter()
                .zip(optimum)
                .map(|(stratum, numbers)| Wanted {
                    stratum: stratum.label().to_owned(),
                    cell: cell.cell.clone(),
                    numbers,
                }),
        );
    }
    let Rounded { numbers, rounding } = round(&wanted)?;
    let is_near = |(one, &whole): (&Wanted, &u64)| (one.numbers - whole as f64).abs() < 1.0;
    assert!(
        numbers.len() == wanted.len() && wanted.iter().zip(&numbers).all(is_near),
        "a number for each stratum, down or up"
    );
    let mut rest = numbers.as_slice();
    let mut parts = Vec::new();
    for cell in &begun.cells {
        let (mine, others) = rest.split_at(cell.strata.len());
        parts.push(mine.to_vec());
        rest = others;
    }
    let (mut plan, notices) = finish(request, begun, parts)?;
    for stratum in &mut plan.strata {
        let mine = wanted.iter().find(|one| one.stratum == stratum.stratum);
        stratum.optimum = mine.map(|one| one.numbers);
    }
    plan.rounding = Some(rounding);
    Ok((plan, notices))
}

#[cfg(test)]
mod tests {
    use super::{Rounded, plan_by};
    use crate::design::{Stratum, Target};
    use crate::plan::{Allocation, CellRequest, Error, Funnel, Request, Rounding, plan};

    fn request() -> Request {
        let strata = |cell: &str, populations: &[u64]| {
            let stratum = |(i, &n): (usize, &u64)| Stratum::new(format!("{cell} / {i}"), n);
            populations.iter().enumerate().map(stratum).collect()
        };
        let cell = |name: &str, populations: &[u64]| CellRequest {
            cell: name.into(),
            target: Target::new(4.0, 20.0, 1.0).expect("a target"),
            funnel: Funnel::new(1.0, 1.0, 1.0, 0.5).expect("shares"),
            strata: strata(name, populations),
        };
        Request {
            confidence: 0.95,
            allocation: Allocation::Proportional,
            minimum: 1,
            pool: Some(101),
            exact_pool: true,
            interviews: None,
            cells: vec![
                cell("a", &[300, 70, 95]),
                cell("b", &[80, 410]),
                cell("c", &[0]),
            ],
        }
    }

    #[test]
    fn cells_have_the_sum_of_what_their_strata_were_rounded_to() {
        let rounding = Rounding {
            method: "by hand".into(),
            margins: Vec::new(),
        };
        let mut seen = Vec::new();
        let (planned, _) = plan_by::<Error>(&request(), |wanted| {
            seen = wanted.to_vec();
            let numbers = wanted.iter().map(|one| one.numbers.ceil() as u64);
            Ok(Rounded {
                numbers: numbers.collect(),
                rounding: rounding.clone(),
            })
        })
        .expect("possible");
        let (best, _) = plan(&request()).expect("possible");
        for (cell, other) in planned.cells.iter().zip(&best.cells) {
            let mine = seen.iter().filter(|one| one.cell == cell.cell);
            let optimum: f64 = mine.map(|one| one.numbers).sum();
            assert!(
                (optimum - other.numbers as f64).abs() <= 0.0,
                "exactly what the cell was given"
            );
            let strata = planned.strata.iter().filter(|one| one.cell == cell.cell);
            assert_eq!(strata.map(|one| one.numbers).sum::<u64>(), cell.numbers);
        }
        for (stratum, other) in planned.strata.iter().zip(&best.strata) {
            let optimum = stratum.optimum.expect("rounded");
            assert_eq!(stratum.numbers, optimum.ceil() as u64);
            assert!(
                (optimum - other.numbers as f64).abs() < 1.0,
                "{stratum:?} {other:?}"
            );
        }
        assert_eq!(planned.rounding, Some(rounding));
    }
}
