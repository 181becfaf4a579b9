//! p values of many tests, corrected for their number.

use crate::language::Words;
use crate::method::{Card, Source};

/// What Bonferroni's correction says of itself.
pub const BONFERRONI: Card = Card {
    key: "bonferroni",
    title: Words::new("Bonferroni's correction", "Bonferroni 校正"),
    says: Words::new(
        "Every p times the number of tests. The chance of one or more false finds stays below the level; \
         Holm's does the same and finds more.",
        "每个p值乘以检验次数，使出现任何一次误报的概率不超过给定水平；Holm 方法保证相同而检出更多。",
    ),
    formula: "p̃_i = min(1, m p_i)",
    sources: &[Source::new("Holm (1979)")],
};

/// What Holm's correction says of itself.
pub const HOLM: Card = Card {
    key: "holm",
    title: Words::new("Holm's correction", "Holm 校正"),
    says: Words::new(
        "The smallest p times the number of tests, the next times one less, and so on. The chance of one \
         or more false finds stays below the level, however the tests hang together.",
        "最小的p值乘以检验次数，次小者乘以次数减一，依此类推。无论各检验如何相关，\
         出现任何一次误报的概率都不超过给定水平。",
    ),
    formula: "p̃_(i) = max_{j ≤ i} min(1, (m − j + 1) p_(j))",
    sources: &[Source::new("Holm (1979)")],
};

/// What Benjamini's and Hochberg's correction says of itself.
pub const BENJAMINI_HOCHBERG: Card = Card {
    key: "benjamini-hochberg",
    title: Words::new("Benjamini–Hochberg correction", "Benjamini–Hochberg 校正"),
    says: Words::new(
        "Of what is found, no more than the level is false, on average. That is less than that nothing is \
         false: for a first look at many differences. Tests must not hang together the wrong way.",
        "控制全部检出中误报的平均比例（FDR），要求低于“一次误报也没有”，适用于初步筛查大量差异；\
         各检验之间应独立或正相关。",
    ),
    formula: "p̃_(i) = min_{j ≥ i} min(1, m p_(j) / j)",
    sources: &[Source::new("Benjamini, Hochberg (1995)")],
};

/// How p values of many tests are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Correction {
    /// Times their number.
    Bonferroni,
    /// Times how many are left.
    #[default]
    Holm,
    /// By the false among the found.
    BenjaminiHochberg,
}

impl Correction {
    /// All of them.
    pub const ALL: [Correction; 3] = [
        Correction::Bonferroni,
        Correction::Holm,
        Correction::BenjaminiHochberg,
    ];

    /// What the correction says of itself.
    #[must_use]
    pub fn card(self) -> &'static Card {
        match self {
            Correction::Bonferroni => &BONFERRONI,
            Correction::Holm => &HOLM,
            Correction::BenjaminiHochberg => &BENJAMINI_HOCHBERG,
        }
    }

    /// The word a person types: the card's key.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.card().key
    }

    /// Corrects p values, and leaves them in their order.
    ///
    /// # Formula
    ///
    /// ```text
    /// Bonferroni: min(1, m p);   Holm: max_{j ≤ i} (m − j + 1) p_(j);   Benjamini–Hochberg: min_{j ≥ i} m p_(j) / j
    /// ```
    ///
    /// # Source
    ///
    /// Holm (1979); Benjamini, Hochberg (1995). As R's `p.adjust`.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::estimate::compare::Correction;
    /// let p = [0.01, 0.04, 0.03];
    /// assert_eq!(Correction::Holm.adjust(&p), [0.03, 0.06, 0.06]);
    /// assert_eq!(Correction::BenjaminiHochberg.adjust(&p), [0.03, 0.04, 0.04]);
    /// ```
    #[must_use]
    pub fn adjust(self, p: &[f64]) -> Vec<f64> {
        let count = p.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
        let mut adjusted = vec![0.0; count];
        match self {
            Correction::Bonferroni => {
                let all = |p: &f64| (p * count as f64).min(1.0);
                return p.iter().map(all).collect();
            }
            Correction::Holm => {
                let mut largest = 0.0_f64;
                for (before, &test) in order.iter().enumerate() {
                    largest = largest.max((p[test] * (count - before) as f64).min(1.0));
                    adjusted[test] = largest;
                }
            }
            Correction::BenjaminiHochberg => {
                let mut smallest = 1.0_f64;
                for (before, &test) in order.iter().enumerate().rev() {
                    let place = (before + 1) as f64;
                    smallest = smallest.min(count as f64 / place * p[test]);
                    adjusted[test] = smallest;
                }
            }
        }
        adjusted
    }
}
