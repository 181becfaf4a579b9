//! When a figure is not printed.
//!
//! A figure of a handful of people says little about the many and much about the few. Below a
//! number of completes that the survey states, tables show "too few" and how many there were.

use crate::language::{Language, Words};

/// Whether a figure of `n` completes stays unprinted when `least` are asked for.
#[must_use]
pub fn withholds(n: u64, least: u64) -> bool {
    n < least
}

/// What stands in place of the figure.
#[must_use]
pub fn instead(language: Language) -> String {
    Words::new("too few", "样本不足").say(language).to_owned()
}

/// The rule, as a sentence for the foot of a table.
#[must_use]
pub fn rule(least: u64, language: Language) -> String {
    match language {
        Language::English => {
            format!("Figures from fewer than {least} completed interviews are not published.")
        }
        Language::Chinese => format!("完成访问不足{least}个的，不公布其数值。"),
    }
}

#[cfg(test)]
mod tests {
    use super::withholds;

    #[test]
    fn exactly_as_many_as_asked_are_enough() {
        assert!(withholds(29, 30));
        assert!(!withholds(30, 30));
        assert!(!withholds(0, 0));
    }
}
