//! Numbers without a story.
//!
//! Sums that do not lose small change, sums without any rounding, moments that merge, and rounding
//! as a published table does it are ours. Distributions come from a library that only [`distribution`]
//! names, solutions of systems from one that only [`solve`] names, and linear programmes from one that only
//! [`programme`] names.

pub mod sum;

mod exact;

pub mod moments;

pub mod decimal;

pub mod distribution;

pub mod solve;

pub mod square;

pub mod logistic;

pub mod programme;

pub use exact::Exact;
pub use moments::Moments;
pub use sum::{Sum, column, products, sum};
