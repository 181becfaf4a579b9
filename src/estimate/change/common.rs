//! What two waves have in common, stratum by stratum.

use std::collections::BTreeMap;

use super::{Drawn, Error};
use crate::math::{Sum, sum};
use crate::weigh::Ledger;

/// A stratum of both waves: the places of its units in each, and of those in both.
#[derive(Default)]
pub(super) struct Stratum {
    units: [Vec<usize>; 2],
    pub common: Vec<(usize, usize)>,
    population: u64,
}

/// The strata that both waves have, of the units that were worked.
pub(super) fn matched(ledgers: [&Ledger; 2], drawn: [Drawn<'_>; 2]) -> Result<Vec<Stratum>, Error> {
    let [first, second] = drawn;
    let mut strata: BTreeMap<&str, Stratum> = BTreeMap::new();
    for (code, label) in first.stratum.labels().iter().enumerate() {
        let Some(other) = second.stratum.find(label) else {
            continue;
        };
        let (here, there) = (first.population[code], second.population[other]);
        if here != there {
            return Err(Error::Population {
                stratum: label.clone(),
                first: here,
                second: there,
            });
        }
        let population = here;
        let stratum = Stratum {
            population,
            ..Stratum::default()
        };
        strata.insert(label, stratum);
    }
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (wave, ledger) in ledgers.iter().enumerate() {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let worked = ledger.worked();
        for unit in (0..worked.len()).filter(|&unit| worked[unit]) {
            let (id, label) = (
                drawn[wave].id[unit].as_str(),
                drawn[wave].stratum.label(unit),
            );
            if seen.insert(id, unit).is_some() {
                return Err(Error::Twice {
                    unit: id.to_owned(),
                });
            }
            let before = known.get(id).copied();
            if let Some(before) = before.filter(|&before| first.stratum.label(before) != label) {
                return Err(Error::Moved {
                    unit: id.to_owned(),
                    first: first.stratum.label(before).to_owned(),
                    second: label.to_owned(),
                });
            }
            if let Some(stratum) = strata.get_mut(label) {
                stratum.units[wave].push(unit);
                stratum.common.extend(before.map(|before| (before, unit)));
            }
        }
        known = seen;
    }
    Ok(strata.into_values().collect())
}

/// Sums of squares and products around means, and how many pairs they are of.
fn moments(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> ([f64; 3], f64) {
    let n = pairs.clone().count() as f64;
    let mean = |f: fn((f64, f64)) -> f64| sum(pairs.clone().map(f)) / n;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let about = |f: &dyn Fn(f64, f64) -> f64| sum(pairs.clone().map(|(a, b)| f(a - x, b - y)));
    (
        [
            about(&|a, _| a * a),
            about(&|a, b| a * b),
            about(&|_, b| b * b),
        ],
        n,
    )
}

/// Σ_h (n_c − n₁ n₂/N) s₁₂ of the expanded scores of two waves.
///
/// # Formula
///
/// ```text
/// Ĉ = Σ_h (n_c − n₁ n₂/N) s₁₂,   s₁₂ = Σ_c (t₁ − t̄₁)(t₂ − t̄₂) / (n_c − 1);   s₁₂ = ρ s₁ s₂ where n_c < 2
/// ```
///
/// # Source
///
/// Tam (1984); that a correlation of the common units may stand in is Qualité, Tillé (2008).
pub(super) fn covariance(strata: &[Stratum], scores: [&[f64]; 2]) -> f64 {
    let products = |stratum: &Stratum| {
        let pairs = stratum.common.iter();
        moments(pairs.map(|&(a, b)| (scores[0][a], scores[1][b])))
    };
    let mut whole = [0.0; 3].map(|_| Sum::default());
    for stratum in strata.iter().filter(|stratum| stratum.common.len() > 1) {
        let pairs = whole.iter_mut().zip(products(stratum).0);
        pairs.for_each(|(total, part)| total.add(part));
    }
    let [here, shared, there] = whole.map(|total| total.value());
    let correlation = (here * there > 0.0).then(|| shared / (here * there).sqrt());
    let spread = |stratum: &Stratum, wave: usize| {
        let units = stratum.units[wave].iter();
        let ([squares, ..], n) = moments(units.map(|&unit| (scores[wave][unit], 0.0)));
        if n > 1.0 {
            (squares / (n - 1.0)).sqrt()
        } else {
            0.0
        }
    };
    let each = strata.iter().map(|stratum| {
        let [first, second] = [0, 1].map(|wave| stratum.units[wave].len() as f64);
        let more = stratum.common.len() as f64 - first * second / stratum.population as f64;
        let ([_, shared, _], common) = products(stratum);
        if common > 1.0 {
            return more * shared / (common - 1.0);
        }
        // Where nothing is known of ρ, what makes the variance greatest.
        let correlation = correlation.unwrap_or(-more.signum());
        more * correlation * spread(stratum, 0) * spread(stratum, 1)
    });
    sum(each)
}
