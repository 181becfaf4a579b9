//! Who is better than whom, when many are compared at once.
//!
//! Among ten operators there are forty-five differences, and at 5 % each some will look real that are not.
//! Everything here keeps that in mind:
//!
//! ```text
//! Joint ─┬─ Comparison   every difference: t, p, corrected p, an interval that holds for all of them
//!        │     └─ letters  who cannot be told from whom
//!        └─ Ranks        between which ranks each figure lies
//! ```
//!
//! - **From a [`Joint`](super::Joint).** Figures of one sample share strata, clusters and weights; differences
//!   take account of it.
//! - **Who can be compared.** A figure without a variance, or without degrees of freedom, is left out and named.
//! - **Chance.** The largest of many t's has no table. It is found by seeded quasi-random directions, and the
//!   error of that is told: [`MaxT`].

mod adjust;

mod max_t;

mod pairs;

pub mod ranks;

mod letters;

mod family;

pub use adjust::{BENJAMINI_HOCHBERG, BONFERRONI, Correction, HOLM};
pub use family::{Apart, Compared, Corrected, Family, LeftOut, Member, RankSet, Why};
pub use letters::{CARD as LETTERS, groups, letters};
pub use max_t::{CARD as MAX_T, MaxT};
pub use pairs::{CARD, Comparison, Pair};
pub use ranks::{Order, Rank, Ranks};

#[cfg(test)]
mod tests;
