//! The two languages canvass speaks to its users.

use serde::{Deserialize, Serialize};

/// A language of screens and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

/// The same words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Words {
    /// Pairs an English text with its Chinese one.
    #[must_use]
    pub const fn new(en: &'static str, zh: &'static str) -> Words {
        Words { en, zh }
    }

    /// The text in `language`.
    ///
    /// ```
    /// use canvass::language::{Language, Words};
    /// let level = Words::new("satisfied", "满意");
    /// assert_eq!(level.say(Language::Chinese), "满意");
    /// ```
    #[must_use]
    pub const fn say(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }
}
