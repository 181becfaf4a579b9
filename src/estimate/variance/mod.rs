//! How much a sum of scores varies between samples: one file per rule.
//!
//! | rule       | serves                                                  |
//! |------------|---------------------------------------------------------|
//! | [`strata`] | simple random sampling in strata, with the list's end   |
//!
//! A rule gets one weighted score per drawn unit, corrected for every weighting step, and gives the
//! variance of their sum. It knows neither the statistic nor the steps.

pub mod strata;

pub use strata::Strata;
