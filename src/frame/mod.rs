//! Who could be called.
//!
//! A frame is a list and the roles of its columns: which one names the unit, which holds its
//! telephone number, which divide it into strata. The list may have fifty million rows, so it is
//! never held: it is [scanned](List::scan) in batches, and only tallies and drawn units stay.
//!
//! What is promised: after [`check`], ids are known to be present and unique or the findings say
//! which are not; [`Census::fingerprint`] covers ids, roles and content, and does not depend on the
//! order of rows.
//!
//! - **To add a kind of list**, implement [`List`]: files do it in `files/`, blocks of telephone
//!   numbers in [`Blocks`].

mod codes;

mod numbers;

mod list;

mod frame;

mod phone;

mod fiction;

mod blocks;

mod rows;

mod tally;

mod hands;

mod line;

mod fingerprint;

mod fitness;

mod holders;

mod sift;

mod again;

mod watched;

mod check;

mod count;

mod error;

pub use blocks::{Block, Blocks};
pub use check::{Census, Companion, StratumCount, check, check_with};
pub use codes::{Codes, join, stratum_label};
pub use count::count_by;
pub use error::Error;
pub use fiction::fictional_block;
pub use fingerprint::Fingerprint;
pub use fitness::{Finding, Fitness, Scratch};
pub use frame::{Frame, Roles};
pub(crate) use hands::Hands;
pub use holders::Holders;
pub(crate) use line::Line;
pub(crate) use list::number;
pub use list::{Batch, Beside, List, Visit, VisitBeside};
pub use numbers::Numbers;
pub use phone::{Malformed, Number, Numbering};
pub use rows::Rows;
pub(crate) use tally::{Interner, Labels};
pub(crate) use watched::Watched;
