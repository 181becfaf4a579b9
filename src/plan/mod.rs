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
//! add up.
//!
//! - **To add an allocation rule**, write a file in `allocate/` with its pulls and `CARD`, and a line
//!   in [`Allocation`].

pub mod size;

pub mod funnel;

pub mod allocate;

pub mod whole;

mod plan;

mod request;

mod make;

mod error;

pub use allocate::Allocation;
pub use error::Error;
pub use funnel::Funnel;
pub use make::plan;
pub use plan::{CellPlan, Chain, Plan, StratumPlan};
pub use request::{CellRequest, Request};

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
