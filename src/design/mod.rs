//! How they may be chosen.
//!
//! A design is what a draw must promise before anyone is drawn: which strata there are, how large and
//! how varied each is, how precise the figures must be, and which method draws. Values are checked
//! once, when they are made, and afterwards believed.

mod stratum;

mod target;

mod error;

pub use error::Error;
pub use stratum::Stratum;
pub use target::Target;
