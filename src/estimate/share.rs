//! The share of people whose answer passes a test.

use super::{Answers, Evaluated, Few, Statistic, View, mean};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "share",
    title: Words::new("Share", "比例"),
    says: Words::new(
        "The share of people whose answer is what was asked about: the mean of 1 for those and 0 for \
         the others who answered.",
        "回答符合条件者所占比例：符合者记1、其余作答者记0后的加权均值。",
    ),
    formula: "θ̂ = Σ w δ 1[y passes] / Σ w δ;  z = δ (1[y passes] − θ̂) / Σ w δ",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§5.7")],
};

/// Which answers count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
    /// Exactly this.
    Equals(f64),
}

impl Test {
    /// Whether an answer passes.
    ///
    /// ```
    /// use canvass::estimate::Test;
    /// assert!(Test::AtLeast(8.0).passes(8.0) && !Test::Equals(1.0).passes(0.0));
    /// ```
    #[must_use]
    #[expect(
        clippy::float_cmp,
        reason = "answers are codes that were written down, not results"
    )]
    pub fn passes(self, answer: f64) -> bool {
        match self {
            Test::AtLeast(least) => answer >= least,
            Test::AtMost(most) => answer <= most,
            Test::Equals(wanted) => answer == wanted,
        }
    }
}

impl std::fmt::Display for Test {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Test::AtLeast(least) => write!(f, "≥ {least}"),
            Test::AtMost(most) => write!(f, "≤ {most}"),
            Test::Equals(wanted) => write!(f, "= {wanted}"),
        }
    }
}

/// The share of those who answered an item whose answer passes a test.
#[derive(Debug, Clone, Copy)]
pub struct Share<'a> {
    item: Answers<'a>,
    test: Test,
}

impl<'a> Share<'a> {
    /// Of this item, by this test.
    #[must_use]
    pub fn of(item: impl Into<Answers<'a>>, test: Test) -> Share<'a> {
        let item = item.into();
        Share { item, test }
    }

    /// 1 if a unit's answer passes, else 0.
    fn passed(&self, unit: usize) -> Option<f64> {
        self.item
            .of(unit)
            .map(|y| f64::from(u8::from(self.test.passes(y))))
    }
}

impl Statistic for Share<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        format!("{} {}", self.item.name(), self.test)
    }

    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        Some(self.few(view)?.among(view.len()))
    }

    fn few(&self, view: &View<'_>) -> Option<Few> {
        mean::average(view, |unit| self.passed(unit))
    }

    fn value(&self, view: &View<'_>) -> Option<f64> {
        mean::level(view, |unit| self.passed(unit))
    }
}
