//! When a figure is not printed.
//!
//! A figure of a handful of people says little about the many and much about the few. Below a
//! number of completes that the survey states, tables show "too few" and how many there were. A survey
//! may keep to standards of publication as well: a share that these suppress is "too unsure".

use crate::estimate::{Estimate, publish};
use crate::language::{Language, Words};

/// What a survey does not print.
///
/// ```
/// use canvass::report::discretion::Discretion;
/// assert_eq!(Discretion::from(30), Discretion { least: 30, nchs: false });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Discretion {
    /// Completes below which a figure is not printed.
    pub least: u64,
    /// Whether shares must meet the presentation standards of the NCHS.
    pub nchs: bool,
}

impl From<u64> for Discretion {
    fn from(least: u64) -> Discretion {
        Discretion { least, nchs: false }
    }
}

impl Discretion {
    /// What stands in place of a figure, if it is not printed.
    #[must_use]
    pub fn instead(self, estimate: &Estimate, language: Language) -> Option<String> {
        if withholds(estimate.n, self.least) {
            return Some(instead(language));
        }
        let words = Words::new("too unsure", "精度不足");
        let suppressed = self.verdict(estimate) == Some(publish::Verdict::Suppress);
        suppressed.then(|| words.say(language).to_owned())
    }

    /// What is to become of a share by the standards; none of other figures, or without standards.
    #[must_use]
    pub fn verdict(self, estimate: &Estimate) -> Option<publish::Verdict> {
        let judged = self.nchs && estimate.statistic == "share";
        judged.then(|| publish::judge(estimate).verdict)
    }
}

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

/// The standards, as a sentence for the foot of a table.
#[must_use]
pub fn standards(language: Language) -> String {
    match language {
        Language::English => {
            "Shares are judged by the presentation standards of the NCHS: those that \
             these suppress are not published."
                .to_owned()
        }
        Language::Chinese => "比例按NCHS发布标准审核；依标准不得发布的，不公布其数值。".to_owned(),
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
