//! What a method says of itself.
//!
//! Every method is described once, by a constant [`Card`] beside its code. The same card is shown
//! by `canvass explain`, listed in the guide, and cited in the report of a survey that used it.

use crate::language::Words;

/// A work that a formula comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Short name, as in "Neyman (1934)". It is a heading of the guide's references.
    pub key: &'static str,
    /// Where in the work: "§5.5", or "" for the whole.
    pub at: &'static str,
}

impl Source {
    /// A work as a whole.
    #[must_use]
    pub const fn new(key: &'static str) -> Source {
        Source { key, at: "" }
    }

    /// A place in a work.
    #[must_use]
    pub const fn at(key: &'static str, at: &'static str) -> Source {
        Source { key, at }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.at {
            "" => f.write_str(self.key),
            at => write!(f, "{}, {at}", self.key),
        }
    }
}

/// A method's name, formula, source and use.
///
/// ```
/// let card = &canvass::plan::allocate::neyman::CARD;
/// assert_eq!(card.key, "neyman");
/// assert!(!card.sources.is_empty());
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Card {
    /// The word a person types: `canvass explain KEY`.
    pub key: &'static str,
    /// The method's usual name.
    pub title: Words,
    /// What it does and when to use it, in one or two sentences.
    pub says: Words,
    /// The formula, in plain Unicode.
    pub formula: &'static str,
    /// Where it comes from.
    pub sources: &'static [Source],
}
