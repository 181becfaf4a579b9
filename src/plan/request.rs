//! What a plan is asked for.

use super::{Allocation, Funnel};
use crate::design::{Stratum, Target};

/// Everything that decides a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The confidence that margins are stated at: 0.95.
    pub confidence: f64,
    /// How a cell's numbers are shared out over its strata.
    pub allocation: Allocation,
    /// Fewest interviews to expect in a stratum.
    pub minimum: u64,
    /// The most numbers that may be drawn, if there is a limit.
    pub pool: Option<u64>,
    /// Whether the whole pool is drawn even if the targets need fewer.
    pub exact_pool: bool,
    /// Interviews in all, instead of what the targets call for.
    pub interviews: Option<u64>,
    /// The reporting cells.
    pub cells: Vec<CellRequest>,
}

/// What is asked for in one reporting cell.
#[derive(Debug, Clone, PartialEq)]
pub struct CellRequest {
    /// Its name.
    pub cell: String,
    /// How precise its figure must be.
    pub target: Target,
    /// What becomes of numbers there.
    pub funnel: Funnel,
    /// Its strata.
    pub strata: Vec<Stratum>,
}

impl CellRequest {
    /// Units in the cell's list.
    #[must_use]
    pub fn population(&self) -> u64 {
        self.strata.iter().map(Stratum::population).sum()
    }

    /// The fewest numbers of each stratum: enough for the minimum of interviews, two where there
    /// are two (one number has no variance), and never more than there are.
    pub(super) fn least_numbers(&self, minimum: u64) -> Vec<u64> {
        let wanted = self.funnel.numbers_for(minimum as f64).max(2);
        self.strata
            .iter()
            .map(|stratum| wanted.min(stratum.population()))
            .collect()
    }
}
