//! Interviews in proportion to population.

use super::{Error, shares};
use crate::design::Stratum;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "proportional",
    title: Words::new("Proportional allocation", "按比例分配"),
    says: Words::new(
        "Every unit of the cell has the same chance. Weights are equal, and no stratum is favoured.",
        "单元内每个单位入样机会相同，权数相等，不偏向任何一层。",
    ),
    formula: "n_h = n · N_h / N",
    sources: &[Source::at("Cochran (1977)", "§5.2")],
};

/// N_h, H of them.
pub(super) fn pulls(strata: &[Stratum]) -> Vec<f64> {
    strata
        .iter()
        .map(|stratum| stratum.population() as f64)
        .collect()
}

/// Splits `total` interviews over strata in proportion to their population.
///
/// # Formula
///
/// ```text
/// n_h = n · N_h / N
/// ```
///
/// Returns n_h, H of them, in the order of `strata`.
///
/// # Errors
///
/// [`Error::Nobody`] if all strata are empty.
///
/// # Source
///
/// Cochran (1977), §5.2.
///
/// # Example
///
/// ```
/// use canvass::{design::Stratum, plan::allocate::proportional::proportional};
/// let strata = [Stratum::new("town", 4_000), Stratum::new("coast", 1_000)];
/// assert_eq!(proportional(300.0, &strata)?, [240.0, 60.0]);
/// # Ok::<(), canvass::plan::Error>(())
/// ```
pub fn proportional(total: f64, strata: &[Stratum]) -> Result<Vec<f64>, Error> {
    let pulls = pulls(strata);
    if pulls.iter().all(|pull| *pull <= 0.0) {
        return Err(Error::Nobody);
    }
    Ok(shares(total, &pulls))
}
