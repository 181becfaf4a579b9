//! Where a value was written.

use std::fmt;

use serde::Serialize;

/// Where a value in force comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "from", rename_all = "lowercase")]
pub enum Origin {
    /// `config/default.toml`.
    Default {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// The study's own file.
    File {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// A flag of the command.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default { .. } => f.write_str("default"),
            Origin::File { line, .. } => write!(f, "line {line}"),
            Origin::Flag => f.write_str("flag"),
        }
    }
}

/// A value, the key it was written under, and where that was.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct At<T> {
    /// What was written.
    pub value: T,
    /// "plan.pool", "target[2].where.service".
    pub key: String,
    /// Where.
    pub origin: Origin,
}

/// Which of the layered documents a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// The defaults.
    Default,
    /// The study's own file.
    File,
    /// The flag of this number.
    Flag,
}

/// A text, and where in it things stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    /// Which document it is.
    pub layer: Layer,
    /// What it says.
    pub text: &'a str,
}

impl Text<'_> {
    /// The place of a byte of the text.
    pub fn origin(&self, byte: usize) -> Origin {
        let (line, column) = position(self.text, byte);
        match self.layer {
            Layer::Default => Origin::Default { line, column },
            Layer::File => Origin::File { line, column },
            Layer::Flag => Origin::Flag,
        }
    }
}

/// The line and the column in characters, both from 1, of a byte of `text`.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    // Editors do not show the mark with which some begin a file.
    let shown = before[start..].trim_start_matches('\u{feff}');
    (line, shown.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn columns_count_characters_from_one() {
        let text = "a = 1\n# 重庆 b\n";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 4), (1, 5));
        // "# 重庆 " is 2 + 3 + 3 + 1 = 9 bytes and 5 characters.
        assert_eq!(position(text, 6 + 9), (2, 6));
        assert_eq!(position(text, text.len()), (3, 1));
        assert_eq!(position("", 0), (1, 1));
    }
}
