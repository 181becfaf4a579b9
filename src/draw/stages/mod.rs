//! One draw after another: within what was drawn, or from what was drawn.
//!
//! - [`clusters`]: clusters first, then units within them; chances are known beforehand.
//!   [`self_weighting`] makes them the same for all, and [`pairs`] gives those of pairs.
//! - [`phases`]: a sample of the sample, whose chances may look at all that the first one found.
//! - [`one_call`]: drawn units that share a number make one call, about one of them or about each;
//!   [`Asking`] is what is kept of it, and [`passed_over`] how many no call will be about.
//! - [`dealt`]: replicates of a sample in stages, dealt within clusters.
//! - [`Level`] is what is kept of a stage beside a sample.

pub mod clusters;

pub mod self_weighting;

pub mod pairs;

pub mod phases;

pub mod one_call;

pub mod passed_over;

pub mod dealt;

mod asking;

mod level;

mod take;

#[cfg(test)]
mod trial;

pub use asking::Asking;
pub use level::{Level, is_alone};
pub use take::StageTake;
