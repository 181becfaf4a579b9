//! How much a sum of scores varies between samples: one file per rule.
//!
//! | rule         | serves                                                                  |
//! |--------------|-------------------------------------------------------------------------|
//! | [`strata`]   | simple random sampling in strata, with the list's end                   |
//! | [`clusters`] | clusters in strata, units in clusters: any number of stages             |
//!
//! A [`Rule`] gets one weighted score per drawn unit, corrected for every weighting step, and gives the
//! variance of their sum. It knows neither the statistic nor the steps.
//!
//! - **A stratum with one cluster** has no variance, and is named, unless the person says what it is
//!   to be taken for: [`lonely`].
//! - **To add a rule**, write a file with one `impl Rule` and one `CARD`, and list the card in
//!   [`estimate::CARDS`](super::CARDS).

pub mod strata;

mod design;

mod tree;

pub mod clusters;

pub mod lonely;

mod unfit;

pub use clusters::Clusters;
pub use design::{Design, Stage};
pub use lonely::Lonely;
pub use strata::Strata;
pub use unfit::{Fault, Unfit};

use super::Unknown;
use crate::method::Card;

/// How much a sum of scores varies between the samples that might have been drawn. It knows the
/// design, and neither statistic nor steps.
pub trait Rule: std::fmt::Debug + Sync {
    /// What the rule says of itself.
    fn card(&self) -> &'static Card;

    /// The variance of the sum of `scores`, one weighted score per drawn unit, of a figure that is
    /// made of the units `answered`.
    ///
    /// # Errors
    ///
    /// [`Unknown`] says why there is none.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown>;

    /// Degrees of freedom of a figure that is made of the units `answered`; 0 at the least.
    fn degrees(&self, answered: &[usize]) -> u64;
}

#[cfg(test)]
mod tests;
