//! A document as a page, a workbook, Markdown, CSV or JSON.
//!
//! Every file here turns the same [`Document`](crate::report::Document) into one format, and adds
//! nothing to it: what a value says is decided once, by [`Value::say`](crate::report::Value::say)
//! for people and [`Value::plain`](crate::report::Value::plain) for programs. Nothing here touches
//! the disk; texts and bytes are handed back.
//!
//! | file       | gives                                           | named library     |
//! |------------|-------------------------------------------------|-------------------|
//! | `html`     | one page, complete in itself, without scripts   | `maud`            |
//! | `svg`      | a picture                                       | `plotters`        |
//! | `sheet`    | a workbook with a sheet per table               | `rust_xlsxwriter` |
//! | `markdown` | plain text with tables                          |                   |
//! | `csv`      | one table                                       | `csv`             |
//! | `json`     | one table or a whole document, with its schema  | `serde_json`      |

pub mod html;

pub mod svg;

pub mod sheet;

pub mod markdown;

pub mod csv;

pub mod json;

mod width;

mod error;

pub use error::Error;
