//! How many are taken at a stage, as a person writes it.

use serde::{Deserialize, Serialize};

/// How many are taken at a stage, in each cluster of the stage before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageTake {
    /// So many.
    Count(u64),
    /// All there are.
    All,
}

impl StageTake {
    /// A whole number, or `all`.
    ///
    /// ```
    /// use canvass::draw::stages::StageTake;
    /// assert_eq!(StageTake::read("20"), Some(StageTake::Count(20)));
    /// assert_eq!(StageTake::read("all"), Some(StageTake::All));
    /// assert_eq!(StageTake::read("half"), None);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<StageTake> {
        match text.trim() {
            "all" => Some(StageTake::All),
            text => text.parse().ok().map(StageTake::Count),
        }
    }
}
