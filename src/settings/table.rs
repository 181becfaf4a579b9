//! `[[table]]`: what may be written, and what it means.

use super::kinds::{names, text};
use super::origin::At;
use super::section::Section;

/// `[[table]]`, as written.
pub(super) struct Table {
    pub rows: Option<At<String>>,
    pub columns: Option<At<String>>,
    pub by: Option<At<Vec<At<String>>>>,
}

impl Table {
    pub fn read(table: &mut Section<'_, '_>) -> Table {
        Table {
            rows: table.need("rows", text),
            columns: table.need("columns", text),
            by: table.need("by", names),
        }
    }
}

/// Two questions to cross, once for every combination of `by`. A question is a column that came along with the
/// sample, or else an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// The question down the side.
    pub rows: String,
    /// The question along the top.
    pub columns: String,
    /// Columns whose combinations are the domains; none for everybody.
    pub by: Vec<String>,
}
