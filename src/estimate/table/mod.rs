//! Two questions crossed: how many people gave both answers, and whether one has to do with the other.
//!
//! ```text
//! answers ─ Category ─┬─ Table          people and shares of every cell, each with its error
//!                     ├─ Association    are rows and columns independent?
//!                     └─ Fit            are shares those that were expected?
//! ```
//!
//! - **Who is in a table.** People of the domain who have a row and a column. The others are counted beside it.
//! - **A test takes the design from a covariance** of the cells' totals, and knows nothing else of it:
//!   [`RaoScott`] corrects Pearson's X² by it, the Wald tests measure by it.
//! - **Rows and columns without anybody** are left out, and named.

mod category;

mod cell;

mod mixture;

pub mod rao_scott;

pub mod association;

pub mod fit;

mod untested;

mod told;

pub use association::Association;
pub use category::Category;
pub use cell::{CARD, Cell, Margin, Side, Table};
pub use fit::Fit;
pub use rao_scott::{RaoScott, Tested};
pub use told::{Independence, Tabled};
pub use untested::Untested;

#[cfg(test)]
mod tests;
