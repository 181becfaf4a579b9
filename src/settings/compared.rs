//! `[[compare]]`: what may be written, and what it means.

use super::kinds::{count, names, text, word};
use super::origin::At;
use super::section::Section;
use crate::estimate::compare::{Corrected, Order};

/// `[[compare]]`, as written.
pub(super) struct Compare {
    pub figure: Option<At<u64>>,
    pub among: Option<At<String>>,
    pub within: Option<At<Vec<At<String>>>>,
    pub correct: Option<At<Corrected>>,
    pub first: Option<At<Order>>,
}

impl Compare {
    pub fn read(compare: &mut Section<'_, '_>) -> Compare {
        Compare {
            figure: compare.need("figure", count),
            among: compare.need("among", text),
            within: compare.may("within", names),
            correct: compare.may("correct", word),
            first: compare.may("first", word),
        }
    }
}

/// A figure to compare among the labels of a column, all pairs at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareSpec {
    /// Which of the figures, counted from 0.
    pub figure: usize,
    /// The column whose labels are compared.
    pub among: String,
    /// Columns within whose combinations they are; none for everybody.
    pub within: Vec<String>,
    /// How p values are corrected for the number of pairs.
    pub correct: Corrected,
    /// Which figure has rank 1, if ranks are wished.
    pub first: Option<Order>,
}
