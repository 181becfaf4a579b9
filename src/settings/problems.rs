//! Everything that is wrong with a settings file, said at once.

use std::fmt;

use super::origin::{At, Origin};
use crate::advice::Advise;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is written, or where the thing that is missing should be.
    pub origin: Origin,
    /// The key at fault: "plan.pool".
    pub key: String,
    /// What disagrees, in one line.
    pub message: String,
    /// What to write instead, if that can be told.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem with what stands under a key.
    pub(super) fn new(origin: Origin, key: &str, message: impl Into<String>) -> Problem {
        Problem {
            origin,
            key: key.to_string(),
            message: message.into(),
            hint: None,
        }
    }

    /// The same, with a remedy.
    pub(super) fn hint(self, hint: impl Into<String>) -> Problem {
        Problem {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The line in its file; none for a flag.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self.origin {
            Origin::Default { line, .. } | Origin::File { line, .. } => Some(line),
            Origin::Flag => None,
        }
    }

    /// The column in its line; none for a flag.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        match self.origin {
            Origin::Default { column, .. } | Origin::File { column, .. } => Some(column),
            Origin::Flag => None,
        }
    }
}

impl<T> At<T> {
    /// A problem with this value.
    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.origin, &self.key, message)
    }
}

/// All that is wrong with one file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file's name, for messages.
    pub file: String,
    /// What is wrong; never empty.
    pub list: Vec<Problem>,
}

impl Problems {
    /// The problems in the order in which a person meets them.
    pub(super) fn sorted(file: &str, mut list: Vec<Problem>) -> Problems {
        list.sort_by(|a, b| a.origin.cmp(&b.origin).then_with(|| a.key.cmp(&b.key)));
        Problems {
            file: file.to_string(),
            list,
        }
    }
}

/// One line for each problem: place, what is wrong, and the remedy.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            match problem.origin {
                Origin::File { line, column } => write!(f, "{}:{line}:{column}: ", self.file)?,
                Origin::Default { line, column } => write!(f, "default.toml:{line}:{column}: ")?,
                Origin::Flag => f.write_str("flag: ")?,
            }
            f.write_str(&problem.message)?;
            if let Some(hint) = &problem.hint {
                write!(f, "; {hint}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl Advise for Problems {
    fn place(&self) -> Option<String> {
        match self.list.as_slice() {
            [one] => one.line().map(|line| format!("{}, line {line}", self.file)),
            _ => Some(self.file.clone()),
        }
    }

    /// Each line carries its own remedy; what is left to say is only said of several.
    fn hint(&self) -> Option<String> {
        match self.list.len() {
            0 | 1 => None,
            count => Some(format!("these are all {count}; mend them in one go")),
        }
    }
}
