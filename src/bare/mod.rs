//! One file in, one file out: canvass without a study.
//!
//! Whoever has a list and wants a sample of it, now, needs no folder and no settings. [`draw`] reads a
//! CSV or Parquet file, draws by any of [`METHODS`](crate::draw::METHODS), and gives the rows drawn with
//! their chances, and a manifest that says how: method, seed, and the list's fingerprint. The same list
//! and seed give the same sample, whatever the order of rows.
//!
//! - **Long lists.** Methods that decide by permanent numbers hold no more than the sample
//!   ([`sieve`](crate::draw::sieve)); the others hold ids, sizes and whatever else they decide by.
//! - **What is wrong** with a list is told all at once, and nothing is drawn from it.

mod error;

mod request;

mod census;

mod reading;

mod units;

mod takes;

mod calls;

mod before;

mod rest;

mod pairs;

mod pools;

mod manifest;

mod reach;

mod sample;

mod draw;

pub(crate) mod stages;

mod commitment;

pub mod verify;

pub mod estimate;

pub mod weights;

pub use before::{Coordinated, Earlier};
pub use calls::BareCalls;
pub(crate) use census::{Stratum, count, units};
pub use draw::{draw, draw_telling};
pub(crate) use draw::{parts, release};
pub use error::{Error, Short};
pub(crate) use pools::{Part, Picked, draw as draw_from};
pub(crate) use reading::{Counted, Reading};
pub(crate) use takes::Take;

pub use pairs::{DrawnPairs, PairsOf, formula};
pub use rest::BareRested;
pub(crate) use rest::leave_out;

pub use commitment::{BareCommitted, commit};
pub use manifest::{Drawn, DrawnStratum, Repeated, Stated};
pub use request::{Many, Request, WantedPairs, method};
pub use sample::Sample;
pub use verify::{Compared, Moved, Verified, What, show_unit, verify};

pub use stages::{ClusterStage, DrawnClusters, DrawnStage, InStages, StageBy, StageTake};
