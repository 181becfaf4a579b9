//! `[[regression]]`: what may be written, and what it means.

use super::kinds::{names, text};
use super::origin::At;
use super::section::Section;
use crate::estimate::regress::{Family, Formula};

/// `[[regression]]`, as written.
pub(super) struct Regression {
    pub formula: Option<At<String>>,
    pub family: Option<At<String>>,
    pub by: Option<At<Vec<At<String>>>>,
    pub filter: Option<At<String>>,
}

impl Regression {
    pub fn read(regression: &mut Section<'_, '_>) -> Regression {
        Regression {
            formula: regression.need("formula", text),
            family: regression.may("family", text),
            by: regression.may("by", names),
            filter: regression.may("where", text),
        }
    }
}

/// A model to fit, once for every combination of `by`. What a formula or a filter names is an item, or else a
/// column that came along with the sample.
#[derive(Debug, Clone, PartialEq)]
pub struct RegressionSpec {
    /// What is explained by what.
    pub formula: Formula,
    /// By which law and link.
    pub family: Family,
    /// Columns whose combinations are the domains; none for everybody.
    pub by: Vec<String>,
    /// Who is meant, as an expression; without, everybody.
    pub filter: Option<String>,
}
