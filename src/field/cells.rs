//! The rates of the whole and of every cell.

use serde::{Deserialize, Serialize};

use super::eligibility::{Eligible, Tally, casro, ratio};
use super::{Class, Outcomes, Rate, rates};
use crate::frame::Codes;
use crate::math::Sum;

/// The rates of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellRates {
    /// The cell, or "all".
    pub cell: String,
    /// How many cases ended in each class, in the order of [`Class::ALL`]; never weighted.
    pub tally: [u64; 9],
    /// e: the share of eligible ones that was assumed among numbers of unknown eligibility.
    pub eligible_share: Option<f64>,
    /// How it was found.
    pub e_method: String,
    /// The rates, in the order of [`rates`].
    pub rates: Vec<Rate>,
}

impl CellRates {
    /// What stands in `e_method` between how e was found and the reason for which rates with e = 0 are printed.
    pub(crate) const PRINTED: &str = "; e = 0 printed because ";
}

/// What the rates are based on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Basis<'a> {
    /// How e is found.
    pub eligible: Eligible,
    /// Groups within which e is held to be the same, as services: it is found once in each. Without
    /// them, once for the whole.
    pub homogeneous: Option<(&'a str, &'a Codes)>,
    /// Why RR5, RR6, REF3 and CON3 may be printed although eligibility of some numbers is unknown.
    pub none_eligible_because: Option<&'a str>,
}

/// The rates of the whole, called "all", and then of each cell.
///
/// With `weights` (base weights, one per unit) numerators and denominators are weighted, and so is
/// e. It is found once for the whole, or once in each homogeneous group, and never cell by cell:
/// small cells have too few determined numbers. A group without any takes the e of the whole, and
/// the method says so.
///
/// # Panics
///
/// If the columns differ in length: our own bug.
///
/// # Source
///
/// AAPOR (2016), Standard Definitions, 9th edition; CASRO (1982) for e.
#[must_use]
pub fn rates_by(
    cell: &Codes,
    outcomes: &Outcomes,
    weights: Option<&[f64]>,
    basis: &Basis<'_>,
) -> Vec<CellRates> {
    let class = outcomes.class.as_slice();
    assert_eq!(cell.len(), class.len(), "a cell per unit");
    assert!(
        weights.is_none_or(|weights| weights.len() == class.len()),
        "a weight per unit"
    );
    let whole = Codes::new(vec!["all".into()], vec![0; class.len()]);
    let groups = basis.homogeneous.map_or(&whole, |(_, groups)| groups);
    assert_eq!(groups.len(), class.len(), "a group per unit");

    let shares = shares(groups, class, weights, basis);
    let mut all = summarise(&whole, groups, class, weights, basis, &shares);
    all.extend(summarise(cell, groups, class, weights, basis, &shares));
    all
}

/// e of each group, and what to say of it.
struct Shares {
    e: Vec<Option<f64>>,
    method: String,
}

fn shares(groups: &Codes, class: &[Class], weights: Option<&[f64]>, basis: &Basis<'_>) -> Shares {
    let count = groups.labels().len();
    let same = |share: f64, method: &str| Shares {
        e: vec![Some(share); count],
        method: method.into(),
    };
    let mut shares = match &basis.eligible {
        Eligible::All => same(1.0, "max"),
        Eligible::None => same(0.0, "min"),
        Eligible::Given { share, source } => same(*share, &format!("given: {source}")),
        Eligible::Casro => by_casro(groups, class, weights, basis),
    };
    if let Some(reason) = basis.none_eligible_because {
        shares
            .method
            .push_str(&format!("{}{reason}", CellRates::PRINTED));
    }
    shares
}

fn by_casro(groups: &Codes, class: &[Class], weights: Option<&[f64]>, basis: &Basis<'_>) -> Shares {
    let tallies = tallies(groups, groups.labels().len(), class, weights);
    let mut total = [0.0; 9];
    for tally in &tallies {
        for (sum, value) in total.iter_mut().zip(tally) {
            *sum += value;
        }
    }
    let whole = casro(&total);
    let own: Vec<Option<f64>> = tallies.iter().map(casro).collect();
    let without = own.iter().filter(|e| e.is_none()).count();
    let mut method = String::from("casro");
    if let Some((name, _)) = basis.homogeneous {
        method.push_str(&format!(" within {name}"));
        if without > 0 && whole.is_some() {
            method.push_str(&format!(", {without} with e of the whole"));
        }
    }
    Shares {
        e: own.into_iter().map(|e| e.or(whole)).collect(),
        method,
    }
}

/// Sums of weights, or counts, by code and class.
fn tallies(codes: &Codes, count: usize, class: &[Class], weights: Option<&[f64]>) -> Vec<Tally> {
    let mut sums = vec![[Sum::default(); 9]; count];
    for (unit, &class) in class.iter().enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[unit]);
        sums[codes.code(unit)][class as usize].add(weight);
    }
    sums.into_iter()
        .map(|tally| tally.map(|sum| sum.value()))
        .collect()
}

/// The rates of each label of `cell` that has units.
fn summarise(
    cell: &Codes,
    groups: &Codes,
    class: &[Class],
    weights: Option<&[f64]>,
    basis: &Basis<'_>,
    shares: &Shares,
) -> Vec<CellRates> {
    let count = cell.labels().len();
    let mut counts = vec![[0; 9]; count];
    for (unit, &class) in class.iter().enumerate() {
        counts[cell.code(unit)][class as usize] += 1;
    }
    let weighted = tallies(cell, count, class, weights);
    let e = mean_shares(cell, groups, class, weights, shares);
    (0..count)
        .filter(|&place| counts[place].iter().any(|&count| count > 0))
        .map(|place| CellRates {
            cell: cell.labels()[place].clone(),
            tally: counts[place],
            eligible_share: e[place],
            e_method: shares.method.clone(),
            rates: rates(
                &weighted[place],
                e[place],
                basis.none_eligible_because.is_some(),
            ),
        })
        .collect()
}

/// e of each label of `cell`: the mean over its numbers of unknown eligibility. None if it has
/// none of them, unless e is the same everywhere.
fn mean_shares(
    cell: &Codes,
    groups: &Codes,
    class: &[Class],
    weights: Option<&[f64]>,
    shares: &Shares,
) -> Vec<Option<f64>> {
    let count = cell.labels().len();
    if let [everywhere] = shares.e[..] {
        return vec![everywhere; count];
    }
    let mut unknown = vec![Sum::default(); count];
    let mut eligible = vec![Some(Sum::default()); count];
    for (unit, _) in class
        .iter()
        .enumerate()
        .filter(|(_, class)| class.is_unknown())
    {
        let weight = weights.map_or(1.0, |weights| weights[unit]);
        let place = cell.code(unit);
        unknown[place].add(weight);
        match (&mut eligible[place], shares.e[groups.code(unit)]) {
            (Some(sum), Some(e)) => sum.add(e * weight),
            (sum, _) => *sum = None,
        }
    }
    let mean = |(eligible, unknown): (Option<Sum>, Sum)| ratio(eligible?.value(), unknown.value());
    eligible.into_iter().zip(unknown).map(mean).collect()
}

#[cfg(test)]
mod tests;
