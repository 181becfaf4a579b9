//! One number per firm and service, and the word for it.
//!
//! ```text
//! answers on a scale → one score per respondent, 0–100 → a weighted mean per cell → a level
//! ```
//!
//! The [`Composite`] turns answers into scores, an [`Item`](crate::field::Item) of the sample's
//! length. Room `estimate` makes a mean and its interval of them, as of any other item. An
//! [`IndexCell`] gives that mean its two published decimals and its [`Level`], and the
//! [`IndexTable`] sets the cells out by firm and service.
//!
//! - **A firm without a service** has no cell there: "n/a", never 0.
//! - **Too few answers**: the figure is left out of the table, not only out of print.
//! - **To add an index**, write a file that gives an item of scores, with its `CARD`, and list it in
//!   [`CARDS`].

mod scale;

mod composite;

mod score;

mod bands;

mod chances;

mod table;

mod error;

pub use bands::{Level, level_of};
pub use chances::chances;
pub use composite::{Composite, Part};
pub use error::{Error, OffScale};
pub use scale::Scale;
pub use score::Scored;
pub use table::{Entry, IndexCell, IndexTable, Withheld};

/// Every method of this room.
pub const CARDS: &[&crate::method::Card] = &[&composite::CARD, &bands::CARD, &chances::CARD];
