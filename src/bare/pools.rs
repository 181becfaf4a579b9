//! Drawing by methods that must see all units of a stratum.

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::census::Stratum;
use super::takes::Take;
use super::units::Units;
use super::{Error, Repeated};
use crate::draw::balance::lands::Lands;
use crate::draw::balance::stratified_cube::{self, stratified_cube};
use crate::draw::spread::measure::spread;
use crate::draw::spread::neighbours::standardised;
use crate::draw::{self, How, Pool, Probabilities, Size, replacement};
use crate::frame::Codes;
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

/// Draws from every stratum, each by itself and so all at once; or together, if they land so.
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
    if how.landing == Some(Lands::Together) {
        return together(how, seed, numeric, strata, takes);
    }
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

/// Draws from all strata by the cube, and decides together what each leaves open.
fn together(
    how: &How,
    seed: &Seed,
    numeric: &[bool],
    strata: Vec<Stratum>,
    takes: &[Take],
) -> Result<Vec<Part>, Error> {
    let mut all = Vec::new();
    for (stratum, take) in strata.into_iter().zip(takes) {
        let label = stratum.label();
        let take = take.expected(stratum.population);
        let walk = Walk::through(how, numeric, stratum.units);
        match chances(how, &walk, take) {
            Ok(chances) => all.push((label, walk, chances)),
            Err(error) => {
                let stratum = label;
                return Err(Error::Stratum { stratum, error });
            }
        }
    }
    let mut drawn = pooled(how, seed, &all)
        .map_err(|error| Error::Stratum {
            stratum: "all strata together".to_owned(),
            error,
        })?
        .into_iter()
        .peekable();
    let mut before = 0;
    let part = |(_, walk, chances): &(String, Walk, Probabilities)| {
        let next = before + walk.len();
        let own = std::iter::from_fn(|| drawn.next_if(|&unit| unit < next));
        let own: Vec<usize> = own.map(|unit| unit - before).collect();
        before = next;
        let picked = |step: usize| walk.picked(step, chances.of(step));
        Part {
            balance: repeated(how, &walk.balance(how), chances, &own),
            units: walk.by_id(own).into_iter().map(picked).collect(),
            spread: None,
        }
    };
    Ok(all.iter().map(part).collect())
}

/// The units that are drawn, counted through all strata.
fn pooled(
    how: &How,
    seed: &Seed,
    all: &[(String, Walk, Probabilities)],
) -> Result<Vec<usize>, draw::Error> {
    let labels = all
        .iter()
        .flat_map(|(label, walk, _)| std::iter::repeat_n(label.as_str(), walk.len()));
    let labels = Codes::from_labels(labels);
    let chances = all
        .iter()
        .flat_map(|(.., chances)| chances.as_slice().iter().copied());
    let chances = Probabilities::given(chances.collect())?;
    let amounts = |amount: usize| {
        let of = |(_, walk, _): &(String, Walk, Probabilities)| walk.amounts(amount);
        all.iter().flat_map(of).collect()
    };
    let amounts: Vec<Vec<f64>> = (0..how.balance.len()).map(amounts).collect();
    let mut stream = Pool::unnamed("all strata", &chances).stream(&stratified_cube::CARD, seed);
    stratified_cube(&chances, &labels, &amounts, &mut stream)
}

/// The units of a stratum in the order in which a walk meets them.
struct Walk {
    units: Units,
    order: Vec<u32>,
}

impl Walk {
    fn through(how: &How, numeric: &[bool], units: Units) -> Walk {
        let order = units.walk(how.turn, numeric);
        Walk { units, order }
    }

    fn len(&self) -> usize {
        self.order.len()
    }

    /// The unit met at a step.
    fn at(&self, step: usize) -> usize {
        self.order[step] as usize
    }

    fn id(&self, step: usize) -> &str {
        self.units.id(self.at(step))
    }

    fn sizes(&self) -> Vec<f64> {
        let size = |&unit: &u32| self.units.size(unit as usize);
        self.order.par_iter().map(size).collect()
    }

    /// Ids, for a method that asks for them.
    fn ids(&self, how: &How) -> Vec<String> {
        if how.compares().is_none() && !how.is_ranked() {
            return Vec::new();
        }
        (0..self.len())
            .map(|step| self.id(step).to_owned())
            .collect()
    }

    /// Places of one scale: no coordinate counts for more than another because of its unit.
    fn places(&self) -> Vec<Vec<f64>> {
        let place = |&unit: &u32| self.units.place(unit as usize);
        let places: Vec<Vec<f64>> = self.order.iter().map(place).collect();
        standardised(&places)
    }

    fn amounts(&self, amount: usize) -> Vec<f64> {
        let amounts = self.units.amounts(amount);
        let amount = |&unit: &u32| amounts[unit as usize];
        self.order.iter().map(amount).collect()
    }

    /// Of every amount that the sample is balanced on.
    fn balance(&self, how: &How) -> Vec<Vec<f64>> {
        (0..how.balance.len())
            .map(|amount| self.amounts(amount))
            .collect()
    }

    fn by_id(&self, mut drawn: Vec<usize>) -> Vec<usize> {
        drawn.sort_unstable_by(|&one, &other| self.id(one).cmp(self.id(other)));
        drawn
    }

    /// The unit met at a step, as one that was drawn once.
    fn picked(&self, step: usize, chance: f64) -> Picked {
        Picked {
            id: self.id(step).to_owned(),
            row: self.units.row(self.at(step)),
            chance,
            hits: 1,
            walk: Some(step as u64 + 1),
            cells: None,
        }
    }
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
    let walk = Walk::through(how, numeric, stratum.units);
    if how.hits() {
        return hits(how, seed, &label, &walk, take as usize);
    }
    let chances = chances(how, &walk, take)?;
    let (spreads, balances) = (!how.spread.is_empty(), !how.balance.is_empty());
    let places = if spreads { walk.places() } else { Vec::new() };
    let amounts = walk.balance(how);
    let ids = walk.ids(how);
    let mut pool = match ids.is_empty() {
        true => Pool::unnamed(&label, &chances),
        false => Pool::new(&label, &ids, &chances),
    };
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
        walk.by_id(drawn)
    };
    let picked = |step: usize| {
        let picked = walk.picked(step, chances.of(step));
        Picked {
            walk: picked.walk.filter(|_| how.compares().is_none()),
            ..picked
        }
    };
    Ok(Part {
        units: released.into_iter().map(picked).collect(),
        spread,
        balance,
    })
}

/// π of the units of a stratum, so many of which are drawn.
fn chances(how: &How, walk: &Walk, take: f64) -> Result<Probabilities, draw::Error> {
    match how.size {
        Some(_) => Probabilities::on_average(&walk.sizes(), take),
        None if how.method.size == Size::Random => {
            Probabilities::given(vec![take / walk.len().max(1) as f64; walk.len()])
        }
        None => Probabilities::equal(walk.len(), take as usize),
    }
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

/// With replacement: expected hits may be above 1, and so may their number be above that of units.
fn hits(
    how: &How,
    seed: &Seed,
    label: &str,
    walk: &Walk,
    take: usize,
) -> Result<Part, draw::Error> {
    let chances = Probabilities::given(vec![0.0; walk.len()])?;
    let mut stream = Pool::unnamed(label, &chances).stream(how.method.card, seed);
    let (expected, hits): (Vec<f64>, Vec<usize>) = match how.size {
        Some(_) => {
            let sizes = walk.sizes();
            let all = sum(sizes.iter().copied());
            let share = |size: &f64| {
                if all > 0.0 {
                    take as f64 * size / all
                } else {
                    0.0
                }
            };
            let expected: Vec<f64> = sizes.iter().map(share).collect();
            let hits = replacement::by_size(&expected, take, &mut stream)?;
            (expected, hits)
        }
        None => {
            let each = take as f64 / walk.len().max(1) as f64;
            (
                vec![each; walk.len()],
                replacement::evenly(walk.len(), take, &mut stream)?,
            )
        }
    };
    let mut counts = vec![0_u64; walk.len()];
    hits.into_iter().for_each(|unit| counts[unit] += 1);
    let drawn = (0..walk.len()).filter(|&step| counts[step] > 0).collect();
    let picked = |step: usize| Picked {
        hits: counts[step],
        ..walk.picked(step, expected[step])
    };
    let units = walk.by_id(drawn).into_iter().map(picked).collect();
    Ok(Part {
        units,
        ..Part::default()
    })
}
