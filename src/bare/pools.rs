//! Drawing by methods that must see all units of a stratum.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::census::{Stratum, Unit, finite};
use super::takes::Take;
use super::{Error, Repeated};
use crate::draw::spread::measure::spread;
use crate::draw::spread::neighbours::standardised;
use crate::draw::walk::{Column, Control, Turn, order};
use crate::draw::{self, How, Pool, Probabilities, replacement};
use crate::math::sum;
use crate::random::Seed;

/// What was drawn from a stratum.
#[derive(Default)]
pub(crate) struct Part {
    /// In order of release, if there is one; else by id.
    pub units: Vec<Picked>,
    /// How well the sample is spread, if it should be.
    pub spread: Option<f64>,
    /// What the sample makes of the amounts it is balanced on.
    pub balance: Vec<Repeated>,
}

/// A unit that was drawn.
pub(crate) struct Picked {
    pub id: String,
    /// Where it stands in the list, counted from 0.
    pub row: u64,
    /// π, or the expected hits.
    pub chance: f64,
    /// How often it was hit.
    pub hits: u64,
    /// Its place in the walk through its stratum, from 1, if the stratum was walked through.
    pub walk: Option<u64>,
    /// The cells of the list's columns, if they are at hand.
    pub cells: Option<Vec<Option<String>>>,
}

/// Draws from every stratum, each by itself and so all at once.
///
/// # Errors
///
/// [`Error::Stratum`] names the first stratum that could not be drawn from.
pub(crate) fn draw(
    how: &How,
    seed: &Seed,
    numeric: &[bool],
    strata: Vec<Stratum>,
    takes: &[Take],
) -> Result<Vec<Part>, Error> {
    let wishes: Vec<(Stratum, Take)> = strata.into_iter().zip(takes.iter().copied()).collect();
    let parts: Vec<Result<Part, Error>> = wishes
        .into_par_iter()
        .map(|(stratum, take)| {
            let label = stratum.label();
            of_stratum(how, seed, numeric, stratum, take).map_err(|error| Error::Stratum {
                stratum: label,
                error,
            })
        })
        .collect();
    parts.into_iter().collect()
}

/// The units in the order in which a walk meets them, and their ids.
fn arranged(turn: Turn, numeric: &[bool], mut units: Vec<Unit>) -> (Vec<String>, Vec<Unit>) {
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
    let order = order(&ids, &controls, turn);
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
    how: &How,
    seed: &Seed,
    numeric: &[bool],
    stratum: Stratum,
    take: Take,
) -> Result<Part, draw::Error> {
    let label = stratum.label();
    let take = take.expected(stratum.population);
    let (ids, units) = arranged(how.turn, numeric, stratum.units);
    if how.hits() {
        return hits(how, seed, &label, &units, &ids, take as usize);
    }
    let chances = match how.size {
        Some(_) => {
            let sizes: Vec<f64> = units.iter().map(|unit| unit.size).collect();
            Probabilities::on_average(&sizes, take)?
        }
        None => Probabilities::equal(units.len(), take as usize)?,
    };
    let (spreads, balances) = (!how.spread.is_empty(), !how.balance.is_empty());
    let places = if spreads { places(&units) } else { Vec::new() };
    let amounts: Vec<Vec<f64>> = (0..how.balance.len())
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
        how.draw(&pool, seed)?
    } else {
        Vec::new()
    };
    let spread = if spreads {
        spread(&chances, &places, &drawn)?
    } else {
        None
    };
    let balance = repeated(how, &amounts, &chances, &drawn);
    let released = if how.is_exchangeable() {
        by_number(how, &pool, seed, drawn)
    } else if how.is_ranked() {
        draw::unequal::order::adjusted_release(&pool, seed, drawn)
    } else {
        by_id(&ids, drawn)
    };
    let picked = |unit: usize| Picked {
        id: ids[unit].clone(),
        row: units[unit].row,
        chance: chances.of(unit),
        hits: 1,
        walk: how.compares().is_none().then_some(unit as u64 + 1),
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
    how: &How,
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
    how.balance.iter().zip(amounts).map(of).collect()
}

/// In the order of their numbers, as they were turned.
fn by_number(how: &How, pool: &Pool<'_>, seed: &Seed, mut drawn: Vec<usize>) -> Vec<usize> {
    let numbers = pool.numbers(seed);
    let key = |unit: usize| {
        let chance = pool.probabilities().of(unit);
        (how.numbers.number(numbers[unit], chance), &pool.ids()[unit])
    };
    drawn.sort_unstable_by(|&one, &other| key(one).cmp(&key(other)));
    drawn
}

fn by_id(ids: &[String], mut drawn: Vec<usize>) -> Vec<usize> {
    drawn.sort_unstable_by(|&one, &other| ids[one].cmp(&ids[other]));
    drawn
}

/// With replacement: expected hits may be above 1, and so may their number be above that of units.
fn hits(
    how: &How,
    seed: &Seed,
    label: &str,
    units: &[Unit],
    ids: &[String],
    take: usize,
) -> Result<Part, draw::Error> {
    let chances = Probabilities::given(vec![0.0; units.len()])?;
    let mut stream = Pool::new(label, ids, &chances).stream(how.method.card, seed);
    let (expected, hits): (Vec<f64>, Vec<usize>) = match how.size {
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
        walk: Some(unit as u64 + 1),
        cells: None,
    };
    let units = by_id(ids, drawn).into_iter().map(picked).collect();
    Ok(Part {
        units,
        ..Part::default()
    })
}
