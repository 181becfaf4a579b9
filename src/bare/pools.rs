//! Drawing by methods that must see all units of a stratum.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::census::{Stratum, Unit, finite};
use super::takes::Take;
use super::{Error, Repeated, Request};
use crate::draw::neighbours::standardised;
use crate::draw::spread::spread;
use crate::draw::walk::{Column, Control, order};
use crate::draw::{self, Pool, Probabilities, Size, replacement};
use crate::math::sum;
use crate::random::Numbers;

/// What was drawn from a stratum.
#[derive(Default)]
pub(super) struct Part {
    /// In order of release, if there is one; else by id.
    pub units: Vec<Picked>,
    /// How well the sample is spread, if it should be.
    pub spread: Option<f64>,
    /// What the sample makes of the amounts it is balanced on.
    pub balance: Vec<Repeated>,
}

/// A unit that was drawn.
pub(super) struct Picked {
    pub id: String,
    /// Where it stands in the list, counted from 0.
    pub row: u64,
    /// π, or the expected hits.
    pub chance: f64,
    /// How often it was hit.
    pub hits: u64,
    /// The cells of the list's columns, if they are at hand.
    pub cells: Option<Vec<Option<String>>>,
}

/// Draws from every stratum, each by itself and so all at once.
///
/// # Errors
///
/// [`Error::Stratum`] names the first stratum that could not be drawn from.
pub(super) fn draw(
    request: &Request,
    numeric: &[bool],
    strata: Vec<Stratum>,
    takes: &[Take],
) -> Result<Vec<Part>, Error> {
    let wishes: Vec<(Stratum, Take)> = strata.into_iter().zip(takes.iter().copied()).collect();
    let parts: Vec<Result<Part, Error>> = wishes
        .into_par_iter()
        .map(|(stratum, take)| {
            let label = stratum.label();
            of_stratum(request, numeric, stratum, take).map_err(|error| Error::Stratum {
                stratum: label,
                error,
            })
        })
        .collect();
    parts.into_iter().collect()
}

/// The units in the order in which a walk meets them, and their ids.
fn arranged(request: &Request, numeric: &[bool], mut units: Vec<Unit>) -> (Vec<String>, Vec<Unit>) {
    let mut ids: Vec<String> = units
        .iter_mut()
        .map(|unit| std::mem::take(&mut unit.id))
        .collect();
    let texts: Vec<Vec<Option<String>>> = (0..numeric.len())
        .map(|place| {
            units
                .iter_mut()
                .map(|unit| unit.sort[place].take())
                .collect()
        })
        .collect();
    let number = |text: &Option<String>| text.as_deref().and_then(finite);
    let numbers: Vec<Vec<Option<f64>>> = texts
        .iter()
        .map(|column| column.iter().map(number).collect())
        .collect();
    let controls: Vec<Control<'_>> = (0..numeric.len())
        .map(|place| Control {
            column: match numeric[place] {
                true => Column::Number(&numbers[place]),
                false => Column::Text(&texts[place]),
            },
            falling: false,
        })
        .collect();
    let order = order(&ids, &controls, request.turn);
    let mut slots: Vec<Option<Unit>> = units.into_iter().map(Some).collect();
    let arranged = order
        .iter()
        .filter_map(|&place| slots[place].take())
        .collect();
    let ids = order
        .iter()
        .map(|&place| std::mem::take(&mut ids[place]))
        .collect();
    (ids, arranged)
}

fn of_stratum(
    request: &Request,
    numeric: &[bool],
    stratum: Stratum,
    take: Take,
) -> Result<Part, draw::Error> {
    let label = stratum.label();
    let take = take.expected(stratum.population);
    let (ids, units) = arranged(request, numeric, stratum.units);
    if request.method.size == Size::Hits {
        return hits(request, &label, &units, &ids, take as usize);
    }
    let chances = match request.size {
        Some(_) => {
            let sizes: Vec<f64> = units.iter().map(|unit| unit.size).collect();
            Probabilities::on_average(&sizes, take)?
        }
        None => Probabilities::equal(units.len(), take as usize)?,
    };
    let (spreads, balances) = (!request.spread.is_empty(), !request.balance.is_empty());
    let places = if spreads { places(&units) } else { Vec::new() };
    let amounts: Vec<Vec<f64>> = (0..request.balance.len())
        .map(|amount| units.iter().map(|unit| unit.balance[amount]).collect())
        .collect();
    let mut pool = Pool::new(&label, &ids, &chances);
    if spreads {
        pool = pool.with_places(&places);
    }
    if balances {
        pool = pool.with_balance(&amounts);
    }
    let drawn = if take > 0.0 {
        (request.method.draw)(&pool, &request.seed)?
    } else {
        Vec::new()
    };
    let spread = if spreads {
        spread(&chances, &places, &drawn)?
    } else {
        None
    };
    let balance = repeated(request, &amounts, &chances, &drawn);
    let released = match request.is_ranked() {
        true => draw::order::adjusted_release(&pool, &request.seed, drawn),
        false => by_id(&ids, drawn),
    };
    let picked = |unit: usize| Picked {
        id: ids[unit].clone(),
        row: units[unit].row,
        chance: chances.of(unit),
        hits: 1,
        cells: None,
    };
    Ok(Part {
        units: released.into_iter().map(picked).collect(),
        spread,
        balance,
    })
}

/// Places of one scale: no coordinate counts for more than another because of its unit.
fn places(units: &[Unit]) -> Vec<Vec<f64>> {
    let places: Vec<Vec<f64>> = units.iter().map(|unit| unit.place.clone()).collect();
    standardised(&places)
}

/// Known totals, and what the sample makes of them.
fn repeated(
    request: &Request,
    amounts: &[Vec<f64>],
    chances: &Probabilities,
    drawn: &[usize],
) -> Vec<Repeated> {
    let of = |(column, amounts): (&String, &Vec<f64>)| Repeated {
        column: column.clone(),
        // Of units without a chance, no sample can make anything.
        total: sum((0..amounts.len())
            .filter(|&unit| chances.of(unit) > 0.0)
            .map(|unit| amounts[unit])),
        estimate: sum(drawn.iter().map(|&unit| amounts[unit] / chances.of(unit))),
    };
    request.balance.iter().zip(amounts).map(of).collect()
}

fn by_id(ids: &[String], mut drawn: Vec<usize>) -> Vec<usize> {
    drawn.sort_unstable_by(|&one, &other| ids[one].cmp(&ids[other]));
    drawn
}

/// With replacement: expected hits may be above 1, and so may their number be above that of units.
fn hits(
    request: &Request,
    label: &str,
    units: &[Unit],
    ids: &[String],
    take: usize,
) -> Result<Part, draw::Error> {
    let chances = Probabilities::given(vec![0.0; units.len()])?;
    let mut stream = Pool::new(label, ids, &chances).stream(request.method.card, &request.seed);
    let (expected, hits): (Vec<f64>, Vec<usize>) = match request.size {
        Some(_) => {
            let all = sum(units.iter().map(|unit| unit.size));
            let share = |unit: &Unit| {
                if all > 0.0 {
                    take as f64 * unit.size / all
                } else {
                    0.0
                }
            };
            let expected: Vec<f64> = units.iter().map(share).collect();
            let hits = replacement::by_size(&expected, take, &mut stream)?;
            (expected, hits)
        }
        None => {
            let each = take as f64 / units.len().max(1) as f64;
            (
                vec![each; units.len()],
                replacement::evenly(units.len(), take, &mut stream)?,
            )
        }
    };
    let mut counts = vec![0_u64; units.len()];
    hits.into_iter().for_each(|unit| counts[unit] += 1);
    let drawn = (0..units.len()).filter(|&unit| counts[unit] > 0).collect();
    let picked = |unit: usize| Picked {
        id: ids[unit].clone(),
        row: units[unit].row,
        chance: expected[unit],
        hits: counts[unit],
        cells: None,
    };
    let units = by_id(ids, drawn).into_iter().map(picked).collect();
    Ok(Part {
        units,
        ..Part::default()
    })
}

/// Drawn units in an order of chance that has no part in the draw: that of their permanent numbers.
pub(super) fn shuffled(request: &Request, units: &[Picked]) -> Vec<usize> {
    let numbers = Numbers::new(&request.seed);
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_cached_key(|&unit| (numbers.of(&units[unit].id), units[unit].id.clone()));
    order
}
