//! How many interviews and numbers, where, and what precision to expect.

use serde::{Deserialize, Serialize};

use super::{Funnel, Staging};
use crate::design::Target;

/// How a cell's interviews came about: the chain of sizes. Rounded up once, at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// For the margin, by simple sampling from an endless list.
    pub base: f64,
    /// After the design effect.
    pub design: f64,
    /// After the list's end (finite population).
    pub finite: f64,
    /// Whole interviews.
    pub interviews: u64,
    /// Numbers to dial for them, at the funnel's yield.
    pub numbers: u64,
}

/// The plan of one reporting cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellPlan {
    /// "mobile phone / telecom".
    pub cell: String,
    /// Units in the list.
    pub population: u64,
    /// The wished half-width of the interval, in points of the answer.
    pub margin: f64,
    /// S, the expected spread of the answer, in points.
    pub spread: f64,
    /// The expected design effect.
    pub design_effect: f64,
    /// Shares from number to interview.
    pub funnel: Funnel,
    /// The chain of sizes for the wished margin.
    pub chain: Chain,
    /// Numbers in the pool, after the pool's limit and the list's end.
    pub numbers: u64,
    /// Interviews to expect from them.
    pub expected_interviews: f64,
    /// The half-width to expect from those interviews; none where no interview is expected.
    pub expected_margin: Option<f64>,
}

/// The plan of one stratum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StratumPlan {
    /// "mobile phone / telecom / 渝中区".
    pub stratum: String,
    /// The cell it belongs to.
    pub cell: String,
    /// N_h.
    pub population: u64,
    /// Interviews wished for here.
    pub interviews: u64,
    /// Numbers to draw here.
    pub numbers: u64,
    /// The optimum before it was rounded by chance; it was rounded up with its fraction as the chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimum: Option<f64>,
}

/// How the numbers of strata were rounded by chance, and what became of margins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rounding {
    /// The method's card key.
    pub method: String,
    /// The margins of each direction.
    pub margins: Vec<Margin>,
}

/// A sum over strata that is kept when they are rounded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// The columns that make up its direction: "service / operator".
    pub direction: String,
    /// Its labels there.
    pub label: String,
    /// What the optima of its strata add up to.
    pub optimum: f64,
    /// What their numbers add up to.
    pub numbers: u64,
}

impl Margin {
    /// Whether it is its optimum rounded down or up; where that is whole, the same.
    ///
    /// ```
    /// use canvass::plan::Margin;
    /// let margin = |optimum, numbers| {
    ///     let (direction, label) = ("side".to_owned(), "north".to_owned());
    ///     Margin { direction, label, optimum, numbers }
    /// };
    /// assert!(margin(7.3, 8).is_kept() && !margin(7.3, 9).is_kept() && !margin(7.0, 8).is_kept());
    /// ```
    #[must_use]
    pub fn is_kept(&self) -> bool {
        // Optima are exact parts of a grid, and so are their sums.
        (self.numbers as f64 - self.optimum).abs() < 1.0
    }
}

/// A whole plan: cells and strata in the order of their labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The confidence that margins are stated at: 0.95.
    pub confidence: f64,
    /// The allocation rule's card key.
    pub allocation: String,
    /// The most numbers that may be drawn, if there is a limit.
    pub pool: Option<u64>,
    /// The reporting cells.
    pub cells: Vec<CellPlan>,
    /// The strata.
    pub strata: Vec<StratumPlan>,
    /// How their numbers were rounded, where chance did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// How they are drawn in stages, where clusters are drawn first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staging: Option<Staging>,
}

impl CellPlan {
    /// Expects so many interviews, and the half-width that comes of them.
    pub(crate) fn expect(&mut self, interviews: f64, confidence: f64) {
        self.expected_interviews = interviews;
        let target = Target::new(self.margin, self.spread, self.design_effect);
        self.expected_margin = target.ok().and_then(|target| {
            super::size::margin(&target, interviews, self.population, confidence)
        });
    }
}

impl Plan {
    /// Numbers to draw in all.
    #[must_use]
    pub fn numbers(&self) -> u64 {
        self.strata.iter().map(|s| s.numbers).sum()
    }

    /// Interviews to expect in all.
    #[must_use]
    pub fn expected_interviews(&self) -> f64 {
        crate::math::sum(self.cells.iter().map(|c| c.expected_interviews))
    }
}
