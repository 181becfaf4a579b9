//! What units within common clusters have in common.

use std::collections::BTreeMap;

use super::Drawn;
use super::common::{Cell, Met, moments, spread};

/// The rows of each element, by element.
fn rows(of_row: &[Option<usize>], elements: usize) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); elements];
    for (row, element) in of_row.iter().enumerate() {
        if let Some(element) = *element {
            rows[element].push(row);
        }
    }
    rows
}

/// Σ over common clusters of the covariance of what was drawn within them.
///
/// # Formula
///
/// ```text
/// Σ_c (m_c − m₁ m₂/M_c) s₁₂,  m₁ and m₂ units of cluster c in the waves, m_c in both, M_c in the list
/// ```
///
/// With fewer than two common units it is whatever makes the variance greatest; 0 where a cluster was taken whole in a wave.
/// Of a cluster that has another M_c in the second wave, the larger is taken.
///
/// # Source
///
/// Tam (1984), within the clusters of Bellhouse (1985).
pub(super) fn covariance(
    (met, drawn): (&Met<'_>, [Drawn<'_>; 2]),
    cell: &Cell,
    scores: [&[f64]; 2],
) -> f64 {
    let all = [0, 1].map(|wave| {
        let elements = &met.waves[wave];
        rows(&elements.of_row, elements.stratum.len())
    });
    let size = |wave: usize, row: usize| {
        let grouped = drawn[wave].clusters;
        grouped.map_or(0, |grouped| grouped.units[row])
    };
    let one = |&(a, b): &(usize, usize)| {
        let [these, those] = [&all[0][a], &all[1][b]];
        let known: BTreeMap<&str, usize> = (these.iter())
            .map(|&row| (drawn[0].id[row].as_str(), row))
            .collect();
        let pairs: Vec<(f64, f64)> = (those.iter())
            .filter_map(|&row| {
                let before = known.get(drawn[1].id[row].as_str())?;
                Some((scores[0][*before], scores[1][row]))
            })
            .collect();
        let units = size(0, these[0]).max(size(1, those[0])) as f64;
        let more = pairs.len() as f64 - these.len() as f64 * those.len() as f64 / units;
        if more.abs() <= 1e-12 * units {
            return 0.0;
        }
        let ([_, shared, _], common) = moments(pairs.into_iter());
        if common > 1.0 {
            return more * shared / (common - 1.0);
        }
        let of = |wave: usize, rows: &[usize]| {
            let values: Vec<f64> = rows.iter().map(|&row| scores[wave][row]).collect();
            spread(&values)
        };
        -more.abs() * of(0, these) * of(1, those)
    };
    crate::math::sum(cell.common.iter().map(one))
}
