//! Chances on their way to 0 and 1: what the methods share that decide one unit after another.

use super::probability::CERTAIN;
use crate::random::Stream;

/// Whether chance still has to decide.
pub(super) fn is_open(chance: f64) -> bool {
    chance > CERTAIN && chance < 1.0 - CERTAIN
}

/// Whether the first of two wins their duel: of chances that make `both` together, it takes over as much
/// of the other's as fits.
///
/// # Formula
///
/// ```text
/// s = π_i + π_j < 1:  (π_i, π_j) becomes (s, 0) with chance π_i / s, or (0, s)
/// s ≥ 1:              (π_i, π_j) becomes (1, s − 1) with chance (1 − π_j) / (2 − s), or (s − 1, 1)
/// ```
///
/// # Source
///
/// Deville, Tillé (1998).
pub(super) fn first_wins(first: f64, second: f64, both: f64, stream: &mut Stream) -> bool {
    if both < 1.0 {
        stream.unit() * both < first
    } else {
        stream.unit() * (2.0 - both) < 1.0 - second
    }
}

/// Takes a decided unit off the list of the open ones, at once wherever it stands.
pub(super) fn leave(unit: usize, open: &mut Vec<usize>, stands: &mut [usize]) {
    let place = stands[unit];
    open.swap_remove(place);
    if let Some(&moved) = open.get(place) {
        stands[moved] = place;
    }
}

/// The units that are in. At most one may be undecided still: what rounding has left of a whole size,
/// which the `size` decides, or of a size that is not whole, which chance decides.
pub(super) fn settle(now: &[f64], size: Option<usize>, stream: &mut Stream) -> Vec<usize> {
    let mut drawn: Vec<usize> = (0..now.len())
        .filter(|&unit| now[unit] >= 1.0 - CERTAIN)
        .collect();
    for last in (0..now.len()).filter(|&unit| is_open(now[unit])) {
        let is_in = match size {
            Some(size) => drawn.len() < size,
            None => stream.unit() < now[last],
        };
        if is_in {
            drawn.push(last);
        }
    }
    drawn.sort_unstable();
    drawn
}
