//! What was found, told to those who asked.
//!
//! ```text
//! plan, rates, weights, estimates, index, cards → Document → a page, a workbook, a screen
//! ```
//!
//! A [`Document`] is headings, texts, tables and figures as values, in one language. It knows
//! nothing of HTML, spreadsheets or terminals; those render it (`files/render/`, `cli/`). A number in
//! a sentence and the same number in a table come from the same value.
//!
//! - **Unknown and absent are words.** "n/a" where there is no such thing, "—" where it cannot be
//!   said, "too few" where [`discretion`] forbids it; never 0.
//! - **Every method used is told**, from its own card, with its source.
//! - **To add a chapter**, write a file that gives blocks, and a line in [`document`]. It appears
//!   only if what it tells of is there.

mod document;

mod picture;

mod phrases;

pub mod discretion;

mod words;

mod planned;

mod staging;

mod fieldwork;

mod in_use;

mod weights;

mod results;

mod compared;

mod changes;

mod regressions;

mod tables;

mod notice;

mod paragraph;

mod methods;

mod whole;

mod page;

pub use changes::{Changes, table as changes_table};
pub use compared::tables as compared_tables;
pub use document::{Block, Column, Document, Table, Value};
pub use fieldwork::{Fieldwork, Finding, tables as fieldwork_tables};
pub use in_use::InUse;
pub use methods::Provenance;
pub use notice::{Index, tables as notice_tables};
pub use page::page;
pub use picture::{Band, Bar, Dot, Figure, Kind, Range, Shift};
pub use planned::tables as plan_tables;
pub use regressions::{Model, tables as regression_tables};
pub use results::table as estimates_table;
pub use tables::tables as crossed_tables;
pub use weights::table as weights_table;
pub use whole::{Everything, document};
