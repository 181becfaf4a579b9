//! Calling them, and what came of it.
//!
//! ```text
//! sample → call list → (a telephone centre) → calls and answers → one outcome per drawn unit
//! ```
//!
//! - **Privacy.** A centre gets an opaque [case id](CaseKey), a number and what the script needs.
//!   Nothing here prints a key or a number.
//! - **Nothing is passed over.** Whatever [`ingest`] leaves out, corrects or doubts is a
//!   [`Finding`], with its count and its lines. Lines that come twice, or in another order, change
//!   no outcome.
//! - **Rows.** One entry per *drawn* unit, in sample order, also for numbers never released.
//! - **A number of unknown eligibility is neither eligible nor not.** It stays a class of its own
//!   until a weighting step or a [rate](rates()) says, by name, what it assumes.
//! - **To add a code**, add a line to [`DISPOSITIONS`].

mod outcome;

mod disposition;

mod case;

mod calendar;

mod call;

mod attempt;

mod rules;

mod resolve;

mod finding;

mod places;

mod audit;

mod ingest;

mod eligibility;

mod in_use;

mod rates;

mod cells;

mod error;

pub use attempt::{Answer, Answers, Attempt};
pub use calendar::{Almanac, Calendar, Day, DayKind, FieldDay, Hours, Outside};
pub use call::{CallList, Manifest, ROWS_PER_FILE, neutralise};
pub use case::{CaseKey, check, tidy};
pub use cells::{Basis, CellRates, rates_by};
pub use disposition::{DISPOSITIONS, Disposition};
pub use eligibility::{Eligible, casro};
pub use error::Error;
pub use finding::{File, Finding, FindingKind, Severity};
pub use in_use::in_use;
pub use ingest::{Ingested, ingest};
pub use outcome::{Class, Item, Outcomes};
pub use rates::{Rate, rates};
pub use resolve::{Call, Resolution, resolve};
pub use rules::Rules;

use crate::method::Card;

/// The cards of this room.
pub const CARDS: &[&Card] = &[
    &case::CARD,
    &resolve::CARD,
    &eligibility::CARD,
    &rates::CARD,
    &in_use::CARD,
];
