//! What two waves have in common on which one set of permanent numbers decided.

use std::collections::BTreeSet;

use super::Drawing;
use super::common::{Cell, Elements, Met, corrected};
use crate::draw::waves::coordinate::Turn;
use crate::draw::waves::overlap::arcs;
use crate::math::sum;

/// A chance so near to 1 was certain: chances come from divisions.
const CERTAIN: f64 = 1e-7;

/// A wave's units: their chances, and their scores around the centre of their stratum.
struct Wave {
    chance: Vec<f64>,
    around: Vec<f64>,
    /// Units of each stratum of which chance decided.
    open: Vec<f64>,
}

impl Wave {
    fn of(elements: &Elements, by: Drawing<'_>, totals: &[f64]) -> Wave {
        let chance: Vec<f64> = match by {
            Drawing::Simple => {
                let strata = elements.stratum.iter();
                strata.map(|&h| elements.fraction(h)).collect()
            }
            Drawing::Fixed(chance) | Drawing::Each(chance) => chance.to_vec(),
        };
        let mut open = vec![0.0; elements.drawn.len()];
        for (unit, &stratum) in elements.stratum.iter().enumerate() {
            open[stratum] += f64::from(u8::from(1.0 - chance[unit] > CERTAIN));
        }
        let centre = match by {
            Drawing::Each(_) => vec![0.0; open.len()],
            _ => centres(elements, &chance, totals),
        };
        let units = elements.stratum.iter().zip(totals);
        Wave {
            around: units.map(|(&stratum, t)| t - centre[stratum]).collect(),
            chance,
            open,
        }
    }
}

/// Hájek's centre of each stratum; the mean where chances are equal.
///
/// # Formula
///
/// ```text
/// B = Σ (1 − π) t / Σ (1 − π)
/// ```
///
/// # Source
///
/// Hájek (1964).
fn centres(elements: &Elements, chance: &[f64], totals: &[f64]) -> Vec<f64> {
    let units = |h: usize| (0..totals.len()).filter(move |&unit| elements.stratum[unit] == h);
    let centre = |h: usize| {
        let whole = sum(units(h).map(|unit| 1.0 - chance[unit]));
        let scores = sum(units(h).map(|unit| (1.0 - chance[unit]) * totals[unit]));
        if whole > CERTAIN { scores / whole } else { 0.0 }
    };
    (0..elements.drawn.len()).map(centre).collect()
}

/// Ĉ over these cells, and whether numbers keep some of the units apart.
///
/// # Formula
///
/// ```text
/// Ĉ = Σ_hg a_hg Σ_c (1 − π₁ π₂/π₁₂) e₁ e₂  −  √( Σ π₁ e₁² · Σ π₂ e₂² )
/// ```
///
/// The second part is over units whose windows share less than chance would have them share, π₁₂ < π₁ π₂: they are
/// hardly ever common, and Σ (π₁₂ − π₁ π₂) y₁ y₂/(π₁ π₂) is not below it. Of a unit that was drawn once its chance in the other wave is
/// taken to be the same.
///
/// # Source
///
/// Nordberg (2000); a bound by Cauchy's inequality where no unit can be in both.
pub(super) fn covariance(
    (met, cells): (&Met<'_>, &[&Cell]),
    (turns, by): ([Turn; 2], [Drawing<'_>; 2]),
    totals: [&[f64]; 2],
) -> (f64, bool) {
    let waves = [0, 1].map(|wave| Wave::of(&met.waves[wave], by[wave], totals[wave]));
    let together = |one: f64, other: f64| arcs((turns[0], one), (turns[1], other));
    let apart = |one: f64, other: f64| together(one, other) < one * other * (1.0 - 1e-9);
    let each = by.iter().all(|by| matches!(by, Drawing::Each(_)));
    let of_cell = |cell: &&Cell| {
        let pairs = cell.common.iter().map(|&(a, b)| {
            let chance = [waves[0].chance[a], waves[1].chance[b]];
            let both = together(chance[0], chance[1]);
            match apart(chance[0], chance[1]) {
                true => 0.0,
                false => {
                    (1.0 - chance[0] * chance[1] / both) * waves[0].around[a] * waves[1].around[b]
                }
            }
        });
        let products = sum(pairs);
        if each {
            return products;
        }
        let [h, g] = cell.strata;
        let is_open =
            |&&(a, b): &&(usize, usize)| 1.0 - waves[0].chance[a].min(waves[1].chance[b]) > CERTAIN;
        let common = cell.common.iter().filter(is_open).count() as f64;
        let counts = [waves[0].open[h].max(1.0), waves[1].open[g].max(1.0)];
        corrected(products, counts, common)
    };
    // Strata of one list are told by their counts.
    let counted = |wave: usize| -> BTreeSet<usize> {
        let simple = by.iter().all(|by| *by == Drawing::Simple);
        let whole = met.cells.iter().filter(|cell| cell.whole && simple);
        whole.map(|cell| cell.strata[wave]).collect()
    };
    let squares = |wave: usize| {
        let (of, counted) = (&waves[wave], counted(wave));
        let units = (0..of.chance.len()).filter(|&unit| {
            let chance = of.chance[unit];
            apart(chance, chance) && !counted.contains(&met.waves[wave].stratum[unit])
        });
        sum(units.map(|unit| of.chance[unit] * of.around[unit].powi(2)))
    };
    let kept = (squares(0) * squares(1)).sqrt();
    (sum(cells.iter().map(of_cell)) - kept, kept > 0.0)
}
