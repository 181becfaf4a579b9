//! Numbers without a story.
//!
//! Sums that do not lose small change, moments that merge, and rounding as a published table does
//! it are ours. Distributions come from a library that only [`distribution`] names.

pub mod sum;

pub mod moments;

pub mod decimal;

pub mod distribution;

pub use moments::Moments;
pub use sum::{Sum, sum};
