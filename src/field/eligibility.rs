//! How many of the numbers about which nothing is known are in scope.

use super::Class;
use crate::language::Words;
use crate::method::{Card, Source};

/// The share of eligible ones among numbers of unknown eligibility.
pub const CARD: Card = Card {
    key: "casro",
    title: Words::new("Eligibility by CASRO's proportion", "CASRO合格率估计"),
    says: Words::new(
        "Numbers of unknown eligibility are held to be eligible as often as those that could be determined. Usually too often: numbers that nobody answers are more rarely in use.",
        "假定合格性未知的号码与已判明的号码合格比例相同。该假定通常偏高，因为无人接听的号码中停用者更多。",
    ),
    formula: "e = E / (E + NE)",
    sources: &[
        Source::new("CASRO (1982)"),
        Source::at("AAPOR (2016)", "on estimating e"),
    ],
};

/// How e is found.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Eligible {
    /// E / (E + NE): as among those that could be determined.
    #[default]
    Casro,
    /// e = 1: all of them. RR3 is RR1 then.
    All,
    /// e = 0: none of them. RR3 is RR5 then.
    None,
    /// Known from elsewhere, as from an operator's records.
    Given {
        /// e, from 0 to 1.
        share: f64,
        /// Where it comes from.
        source: String,
    },
}

/// Counts or weights by class, in the order of [`Class::ALL`].
pub(super) type Tally = [f64; 9];

pub(super) fn of(tally: &Tally, classes: &[Class]) -> f64 {
    classes.iter().map(|&class| tally[class as usize]).sum()
}

pub(super) const ELIGIBLE: [Class; 5] = [
    Class::Interview,
    Class::Partial,
    Class::Refusal,
    Class::NonContact,
    Class::Other,
];
pub(super) const UNKNOWN: [Class; 2] = [Class::UnknownNumber, Class::UnknownPerson];

pub(super) fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator > 0.0).then(|| numerator / denominator)
}

/// The share of eligible ones among those that could be determined; none if none could.
///
/// # Formula
///
/// ```text
/// e = E / (E + NE),  E = I + P + R + NC + O
/// ```
///
/// # Source
///
/// CASRO (1982).
#[must_use]
pub fn casro(tally: &[f64; 9]) -> Option<f64> {
    let eligible = of(tally, &ELIGIBLE);
    ratio(eligible, eligible + of(tally, &[Class::NotEligible]))
}
