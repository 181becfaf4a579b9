//! `[[change]]`: what may be written, and what it means.

use super::kinds::{count, list, text};
use super::origin::At;
use super::section::Section;

/// `[[change]]`, as written.
pub(super) struct Change {
    pub with: Option<At<String>>,
    pub figures: Option<At<Vec<At<u64>>>>,
}

impl Change {
    pub fn read(change: &mut Section<'_, '_>) -> Change {
        Change {
            with: change.need("with", text),
            figures: change.may("figures", list(count)),
        }
    }
}

/// An earlier study whose figures are taken from those of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSpec {
    /// Its folder, as written: relative to this study's folder.
    pub with: String,
    /// Which of this study's figures, counted from 0.
    pub figures: Vec<usize>,
}

impl ChangeSpec {
    /// Whether a file is one of the earlier study's.
    pub(crate) fn brings(&self, file: &str) -> bool {
        file.strip_prefix(self.with.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
    }
}
