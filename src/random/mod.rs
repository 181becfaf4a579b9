//! Chance, on the record.
//!
//! What is promised, and to whom:
//!
//! - **To the auditor**: a [`Seed`] is a text that a person chose and published. Nothing here takes
//!   chance from anywhere else; without a seed there is no draw.
//! - **To the statistician**: a unit's [permanent number](number) depends on the seed and its own
//!   id. Row order, other units, threads and machines cannot move it.
//! - **To the next release**: [streams](Seed::stream) have names, never positions, and numbers are
//!   made from 64-bit words by our own few lines ([`uniform`]), frozen by tests.
//!
//! [`pretend`] invents answers for rehearsals; no draw may use it.

pub mod seed;

pub mod number;

pub mod uniform;

pub mod pretend;

pub(crate) mod digest;

mod entropy;

pub use entropy::entropy;
pub use number::{Number, Numbers};
pub use seed::{Seed, Stream};
