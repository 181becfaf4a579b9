//! Figures from a table that came with its weights: no list, no study, no settings.
//!
//! ```text
//! a table, and the roles of its columns → weights given, design or replicates, answers, domains → estimate → rows
//! ```
//!
//! - **Rows** of the table are never dropped. One with weight 0, outside the filter, in no domain or
//!   without an answer is part of no figure, and its cluster still counts.
//! - **Order.** Rows are put in the order of what they hold before anything is summed, and work is
//!   shared out by figure and domain only: no bit depends on the order of rows or on threads.
//! - **What is wrong** with a table is told all at once, and nothing is estimated from it.

mod error;

pub(crate) mod cells;

mod filter;

mod order;

mod table;

mod roles;

mod wanted;

mod asked;

mod drawn;

mod drawn_words;

mod columns;

mod places;

mod row;

pub(crate) mod what;

mod jobs;

pub(crate) mod heard;

mod replication;

mod unequal;

mod staged;

mod pairs;

mod families;

mod tables;

mod models;

mod methods;

mod figures;

mod kept;

mod script;

pub use asked::{Asked, Figure};
pub use drawn::{By, Drawn, PairsFrom};
pub use drawn_words::DrawnWords;
pub use error::Error;
pub use families::Family;
pub use figures::{Estimates, estimate};
pub use filter::Filter;
pub use replication::{Stated, Taken, Told};
pub use row::{Added, Row};
pub use script::{Program, Script, script};
pub use wanted::{Correct, FitTo, Further, GivenWeights, Made, Model, Replication, Resample, kind};
