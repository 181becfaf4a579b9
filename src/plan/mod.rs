//! How many, and where.
//!
//! From a wish (so precise, for these) to numbers to dial:
//!
//! ```text
//! margin → simple sample → × design effect → the list has an end → interviews → ÷ yield → numbers
//! ```
//!
//! The chain is kept, so that a reader sees where the interviews went; it is rounded up once, at its
//! end. Then the pool's limit is shared out over the cells so that each loses the same part of its
//! interviews, and each cell's numbers over its strata by the allocation rule, in whole numbers that
//! add up. Where margins of several directions are to be kept, [`plan_by`] lets chance round them; where
//! clusters are drawn first, [`plan_with`] takes numbers that whole clusters come to.
//!
//! - **To add an allocation rule**, write a file in `allocate/` with its pulls and `CARD`, and a line
//!   in [`Allocation`].

pub mod size;

pub mod funnel;

pub mod allocate;

pub mod whole;

pub mod real;

mod plan;

mod request;

mod make;

mod rounded;

mod staging;

mod error;

pub use allocate::Allocation;
pub use error::Error;
pub use funnel::Funnel;
pub use make::plan;
pub use plan::{CellPlan, Chain, Margin, Plan, Rounding, StratumPlan};
pub use request::{CellRequest, Request};
pub use rounded::{Rounded, Wanted, plan_by};
pub use staging::{StageChance, StagePlan, StagedStratum, Staging, plan_with};

use crate::method::Card;

/// The cards of all methods of planning.
pub const CARDS: &[&Card] = &[
    &size::CARD,
    &funnel::CARD,
    &allocate::proportional::CARD,
    &allocate::neyman::CARD,
    &allocate::power::CARD,
    &whole::CARD,
];
