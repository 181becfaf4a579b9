//! One person, one call.
//!
//! A list of subscriptions can hold the same number several times: one person with a mobile, its data plan
//! and a broadband line stands in three cells of the plan, and may be drawn for each. Nobody should be
//! called three times. So the drawn units that share a number make one call, and a rule says which of
//! them it is about:
//!
//! - [`Rule::AskAll`]: about each of them. Chances stay as they are. Right while the questions are few.
//! - [`Rule::AskOne`]: about one of them, chosen by a known chance. That is a second phase with one
//!   draw per number: weights divide by π and by the chance to be chosen, and totals of every cell stay
//!   unbiased.
//!
//! Figures about *persons* instead of subscriptions have a weight of their own: a person with three
//! subscriptions could have been drawn three ways, and counts a third for each.

use std::collections::BTreeMap;

use super::phases;
use crate::draw::Error;
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "one-call",
    title: Words::new("One person, one call", "一人一呼"),
    says: Words::new(
        "Drawn units that share a telephone number make one call. Either every one of them is asked about, \
         or one that is chosen with a known chance, by which weights divide. Figures about persons share \
         each unit's weight among all units that hold the number.",
        "共用同一号码的入样单位合并为一次呼叫：或逐一询问，或以已知概率随机选取其一询问并据此调整权数。\
         以人为单位的指标，将单位权数按该号码在名单中的单位数分摊。",
    ),
    formula: "ask one: π*_k = π_k P(k | s_j);  evenly P = 1 / |s_j|, by weight P = (1/π_k) / Σ_{s_j} 1/π;  \
              person: w_j = (1 / m_j) Σ_{s_j} 1/π_k",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§9.3, two phases"),
        Source::at("Sirken (1970)", "multiplicity"),
        Source::at("Deville, Lavallée (2006)", "weight sharing"),
    ],
};

/// Which of the drawn units that share a number a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// All of them.
    AskAll,
    /// One of them.
    AskOne(Choice),
}

/// How the one is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Each with the same chance.
    Evenly,
    /// In proportion to 1/π: whoever is chosen then has the same weight, Σ 1/π, and thinly drawn
    /// cells are asked about more often than others.
    ByWeight,
}

/// A drawn unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit<'a> {
    /// Its id.
    pub id: &'a str,
    /// The key of its number; equal for units that share it, and otherwise without meaning.
    pub number: u64,
    /// π.
    pub chance: f64,
}

/// All the calls, and what each drawn unit has to do with them.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    /// One for each drawn unit, in the order of the sample.
    pub units: Vec<Asked>,
    /// One for each number, in the order in which the sample first names it.
    pub calls: Vec<Call>,
}

/// What becomes of a drawn unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// Its call, a place in [`Calls::calls`].
    pub call: usize,
    /// Whether the call is about it. If not, it stays in the sample with weight 0.
    pub asked: bool,
    /// How many units of the list hold its number, itself among them.
    pub multiplicity: u64,
    /// How many drawn units share the call, itself among them.
    pub asked_with: u64,
    /// P(k | s): the chance that the call is about it, given who was drawn.
    pub chance_asked: f64,
    /// π P(k | s), what the weight of an asked unit divides by.
    pub probability: f64,
}

/// One number to call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The key of the number.
    pub number: u64,
    /// The drawn units that hold it, by their place in the sample.
    pub units: Vec<usize>,
    /// How many units of the list hold it.
    pub multiplicity: u64,
    /// Σπ over these: how many of them are drawn on average.
    pub expected: f64,
    /// 1 − Π(1 − π): the chance that the number is called, if its units are drawn independently, as those
    /// of different strata are. For units of one stratum it is near.
    pub chance: f64,
    /// The person's weight, (1/m) Σ 1/π over the drawn units. Unbiased for figures about persons, whatever
    /// the design.
    pub person_weight: f64,
}

/// Joins drawn units that share a number into calls.
///
/// `held` says, for every number drawn, the chance of each unit of the list that holds it. The choice
/// within a call has a stream named by the smallest id in it, so neither the order of the sample nor
/// other calls have a part in it.
///
/// # Formula
///
/// ```text
/// s_j the drawn units of number j, out of m_j in the list
/// ask all            P(k | s_j) = 1
/// ask one, evenly    P(k | s_j) = 1 / |s_j|
/// ask one, by weight P(k | s_j) = (1 / π_k) / Σ_{l ∈ s_j} 1 / π_l
/// total of any cell  Σ_{asked} y_k / (π_k P(k | s_j));  its expectation given s is Σ_s y_k / π_k
/// total of persons   Σ_j w_j y_j,  w_j = (1 / m_j) Σ_{k ∈ s_j} 1 / π_k,  E(w_j) = 1
/// ```
///
/// # Errors
///
/// [`Error::BadChances`] if a chance of a drawn unit is not above 0 and up to 1, or one of `held` not from
/// 0 to 1; [`Error::Holders`] if `held` counts fewer units of a number than were drawn.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §9.3, for the second phase; Sirken (1970) and Deville, Lavallée
/// (2006) for persons.
///
/// # Example
///
/// ```
/// use canvass::draw::stages::one_call::{Choice, Rule, Unit, one_call};
/// use canvass::random::Seed;
/// let unit = |id, number, chance| Unit { id, number, chance };
/// let drawn = [unit("mobile 1", 7, 0.1), unit("line 9", 8, 0.5), unit("data 1", 7, 0.2)];
/// // Number 7 also holds a line that was not drawn.
/// let held = [(7, vec![0.1, 0.2, 0.5]), (8, vec![0.5])].into();
/// let seed = Seed::new("x").expect("not blank");
/// let calls = one_call(&drawn, &held, Rule::AskOne(Choice::Evenly), &seed)?;
/// assert_eq!(calls.calls.len(), 2);
/// assert_ne!(calls.units[0].asked, calls.units[2].asked);
/// assert_eq!((calls.units[2].multiplicity, calls.units[2].asked_with), (3, 2));
/// assert_eq!((calls.units[2].chance_asked, calls.units[2].probability), (0.5, 0.1));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn one_call(
    drawn: &[Unit<'_>],
    held: &BTreeMap<u64, Vec<f64>>,
    rule: Rule,
    seed: &Seed,
) -> Result<Calls, Error> {
    let chances: Vec<f64> = drawn.iter().map(|unit| unit.chance).collect();
    phases::drawn_with(&chances)?;
    let calls = by_number(drawn, held)?;
    let mut units: Vec<Option<Asked>> = vec![None; drawn.len()];
    for (at, call) in calls.iter().enumerate() {
        let asked_with = call.units.len() as u64;
        let weights = call.person_weight * call.multiplicity as f64;
        let chosen = chosen(&call.units, drawn, rule, seed);
        for &place in &call.units {
            let chance = drawn[place].chance;
            let chance_asked = match rule {
                Rule::AskAll => 1.0,
                Rule::AskOne(Choice::Evenly) => 1.0 / asked_with as f64,
                Rule::AskOne(Choice::ByWeight) => 1.0 / chance / weights,
            };
            units[place] = Some(Asked {
                call: at,
                asked: chosen.is_none_or(|chosen| chosen == place),
                multiplicity: call.multiplicity,
                asked_with,
                chance_asked,
                probability: chance * chance_asked,
            });
        }
    }
    Ok(Calls {
        units: units.into_iter().flatten().collect(),
        calls,
    })
}

/// The calls, in the order in which the sample first names their numbers.
fn by_number(drawn: &[Unit<'_>], held: &BTreeMap<u64, Vec<f64>>) -> Result<Vec<Call>, Error> {
    let mut calls: Vec<Call> = Vec::new();
    let mut known: BTreeMap<u64, usize> = BTreeMap::new();
    for (place, unit) in drawn.iter().enumerate() {
        let call = *known.entry(unit.number).or_insert(calls.len());
        if call == calls.len() {
            calls.push(new_call(unit.number, held)?);
        }
        calls[call].units.push(place);
    }
    for call in &mut calls {
        let (number, held, found) = (call.number, call.multiplicity, call.units.len() as u64);
        if found > held {
            return Err(Error::Holders {
                number,
                held,
                drawn: found,
            });
        }
        let weights = sum(call.units.iter().map(|&place| 1.0 / drawn[place].chance));
        call.person_weight = weights / held as f64;
    }
    Ok(calls)
}

/// A call to a number, before anybody is known to be drawn.
fn new_call(number: u64, held: &BTreeMap<u64, Vec<f64>>) -> Result<Call, Error> {
    let chances = held.get(&number).map_or(&[][..], Vec::as_slice);
    Ok(Call {
        number,
        units: Vec::new(),
        multiplicity: chances.len() as u64,
        expected: sum(chances.iter().copied()),
        chance: chance_of_any(chances)?,
        person_weight: 0.0,
    })
}

/// The chance that at least one of several units is drawn, if they are drawn independently.
///
/// # Formula
///
/// ```text
/// 1 − Π (1 − π_k)
/// ```
///
/// # Errors
///
/// [`Error::BadChances`] if a chance is not from 0 to 1.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §2.4, for independent draws.
pub fn chance_of_any(chances: &[f64]) -> Result<f64, Error> {
    crate::draw::Probabilities::given(chances.to_vec())?;
    Ok(chances
        .iter()
        .fold(0.0, |any, chance| any + (1.0 - any) * chance))
}

/// Units of one number in a stratum from which a simple sample is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InStratum {
    /// N_h.
    pub population: u64,
    /// n_h.
    pub take: u64,
    /// a_h, how many of its units hold the number.
    pub held: u64,
}

/// The exact chance that at least one unit of a number is drawn, by simple samples of several strata.
///
/// # Formula
///
/// ```text
/// 1 − Π_h C(N_h − a_h, n_h) / C(N_h, n_h) = 1 − Π_h Π_{i < a_h} (N_h − n_h − i) / (N_h − i)
/// ```
///
/// # Errors
///
/// [`Error::TooMany`] if a stratum has fewer units than are drawn from it or hold the number.
///
/// # Source
///
/// Cochran (1977), §2.2: all samples of a stratum are equally likely.
///
/// # Example
///
/// ```
/// use canvass::draw::stages::one_call::{InStratum, chance_by_simple};
/// // Two of ten units hold the number, five are drawn: none of both with chance 5/10 · 4/9.
/// let chance = chance_by_simple(&[InStratum { population: 10, take: 5, held: 2 }])?;
/// assert!((chance - 7.0 / 9.0).abs() < 1e-15);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn chance_by_simple(strata: &[InStratum]) -> Result<f64, Error> {
    let mut none = 1.0;
    for &InStratum {
        population,
        take,
        held,
    } in strata
    {
        for asked in [take, held] {
            if asked > population {
                return Err(Error::TooMany {
                    asked,
                    there: population,
                });
            }
        }
        for i in 0..held {
            none *= (population - take).saturating_sub(i) as f64 / (population - i) as f64;
        }
    }
    Ok(1.0 - none)
}

/// The one unit that a call is about, by its place in the sample; none if it is about all.
fn chosen(units: &[usize], drawn: &[Unit<'_>], rule: Rule, seed: &Seed) -> Option<usize> {
    let Rule::AskOne(choice) = rule else {
        return None;
    };
    let mut units = units.to_vec();
    units.sort_unstable_by_key(|&place| drawn[place].id);
    let (first, last) = (*units.first()?, *units.last()?);
    let mut stream = seed.stream(&format!("draw/{}/{}", CARD.key, drawn[first].id));
    match choice {
        Choice::Evenly => Some(units[stream.below(units.len() as u64) as usize]),
        Choice::ByWeight => {
            let weight = |place: usize| 1.0 / drawn[place].chance;
            let at = stream.unit() * sum(units.iter().map(|&place| weight(place)));
            let mut before = Sum::default();
            let reached = units.iter().find(|&&place| {
                before.add(weight(place));
                at < before.value()
            });
            Some(reached.copied().unwrap_or(last))
        }
    }
}

#[cfg(test)]
mod tests;
