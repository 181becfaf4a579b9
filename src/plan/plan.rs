//! How many interviews and numbers, where, and what precision to expect.

use serde::{Deserialize, Serialize};

use super::Funnel;

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
