//! In how many directions rows of replicate weights differ.

use std::collections::BTreeSet;

/// So much of a row must be new, relative to its length, to count as a direction: R's tolerance.
const NEW: f64 = 1e-5;

/// Rows that agree to so many parts of the largest weight are the same direction.
const SAME: f64 = 1e9;

/// The rank of rows of numbers, each row one vector of `width` numbers.
///
/// # Formula
///
/// ```text
/// x ← x − Σ_k u_k (u_k′ x),  twice;   a direction if │x│ > 10⁻⁵ of what it was
/// ```
///
/// # Source
///
/// Golub, Van Loan (2013), §5.2, Gram and Schmidt's method; the tolerance is that of R's `survey`.
pub(super) fn rank(rows: impl Iterator<Item = Vec<f64>>, width: usize) -> u64 {
    let (mut seen, mut directions): (BTreeSet<u64>, Vec<Vec<f64>>) = Default::default();
    for mut row in rows {
        let length = norm(&row);
        if length <= 0.0 {
            continue;
        }
        row.iter_mut().for_each(|x| *x /= length);
        // Rows of one cluster differ in their weight only.
        if !seen.insert(print(&row)) {
            continue;
        }
        for _ in 0..2 {
            for direction in &directions {
                let along: f64 = direction.iter().zip(&row).map(|(u, x)| u * x).sum();
                row.iter_mut()
                    .zip(direction)
                    .for_each(|(x, u)| *x -= along * u);
            }
        }
        let left = norm(&row);
        if left > NEW {
            row.iter_mut().for_each(|x| *x /= left);
            directions.push(row);
        }
        if directions.len() == width {
            break;
        }
    }
    directions.len() as u64
}

fn norm(row: &[f64]) -> f64 {
    row.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// A number that rows of the same direction share, and others hardly ever.
fn print(row: &[f64]) -> u64 {
    row.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, x| {
        (hash ^ (x * SAME).round() as i64 as u64)
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(29)
    })
}
