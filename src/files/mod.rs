//! Formats in and out.
//!
//! Text becomes values here and values text. What a file holds is complained of here, with its name,
//! line and column, and all at once; what it *means* is for the rooms.

mod error;

mod whole;

mod hash;

pub mod signature;

pub mod encoding;

mod columns;

mod cells;

pub mod parquet;

pub mod csv;

pub mod labelled;

pub mod spss;

pub mod stata;

mod sheet_in;

pub mod tables;

mod typed;

pub mod data;

pub mod lists;

pub mod json;

pub mod texts;

pub mod plain;

pub mod returns;

pub mod render;

mod scratch;

pub mod workers;

pub use columns::{Column, Columns};
pub use error::Error;
pub use hash::sha256_of;
pub use scratch::DiskScratch;
pub use whole::{Whole, read_text, write_bytes, write_text};
