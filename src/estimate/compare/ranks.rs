//! Between which ranks each figure of a family lies.
//!
//! A league table prints one rank per figure, as if it were known. Here each has the ranks that the sample does
//! not rule out.

use super::pairs::{carry, largest_of};
use super::{Comparison, MaxT, Pair};
use crate::estimate::Joint;
use crate::language::Words;
use crate::math::distribution::t_quantile;
use crate::math::solve::Symmetric;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the sets from differences say of themselves.
pub const DIFFERENCES: Card = Card {
    key: "ranks",
    title: Words::new("Sets of ranks from differences", "名次置信集（差异法）"),
    says: Words::new(
        "A figure's best rank is one more than how many are surely above it, its worst one less than how \
         many are not surely below it. What is sure is found by steps: once some are told apart, chance \
         has fewer ways left, and the next step asks for less. Sets hold for all figures at once, or each \
         for its own.",
        "最好名次等于显著高于它者的个数加一，最差名次等于总数减去显著低于它者的个数。\
         是否显著按逐步法判定：已能区分者不再占用误差概率，下一步的临界值随之降低。\
         可要求对所有估计量同时成立，也可只对单个成立。",
    ),
    formula: "1 + #{j: θ_j > θ_i surely} ≤ rank_i ≤ K − #{j: θ_j < θ_i surely};  P(max over what is not yet sure > c_s) = 1 − confidence",
    sources: &[
        Source::new("Mogstad, Romano, Shaikh, Wilhelm (2024)"),
        Source::new("Romano, Wolf (2005)"),
    ],
};

/// What the sets from intervals say of themselves.
pub const INTERVALS: Card = Card {
    key: "ranks-intervals",
    title: Words::new("Sets of ranks from intervals", "名次置信集（区间法）"),
    says: Words::new(
        "The same from one interval per figure, all of which hold at once: another figure is above if its \
         interval is. A reader can check it with a ruler; sets from differences are never told so easily, \
         and are smaller.",
        "由各估计量的同时置信区间推出名次：区间整体在上者名次在前。便于读者自行核对，\
         但通常比差异法得到的集合宽。",
    ),
    formula: "1 + #{j: L_j > U_i} ≤ rank_i ≤ K − #{j: U_j < L_i}",
    sources: &[Source::new("Klein, Wright, Wieczorek (2020)")],
};

/// Which figure has rank 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The largest.
    #[default]
    LargestFirst,
    /// The smallest.
    SmallestFirst,
}

/// The ranks that one figure may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// The place of the figure in its family.
    pub figure: usize,
    /// Its rank in the sample; figures that are alike share the better one.
    pub rank: usize,
    /// The best rank that is not ruled out.
    pub best: usize,
    /// The worst rank that is not ruled out.
    pub worst: usize,
}

/// The ranks of all figures that can be compared, in the order of the family.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranks {
    /// One per figure.
    pub ranks: Vec<Rank>,
    /// What they rest on.
    pub card: &'static Card,
    /// How sure they are.
    pub confidence: f64,
    /// Whether they hold for all figures at once, or each for its own.
    pub together: bool,
}

impl Ranks {
    /// From all differences, for all figures at once. What the differences say in one step is the first of
    /// several, so that sets are never larger than from the intervals of differences.
    ///
    /// # Formula
    ///
    /// ```text
    /// 1 + #{j: θ_j > θ_i surely} ≤ rank_i ≤ K − #{j: θ_j < θ_i surely}
    ///
    /// step s:  θ_j > θ_i surely, if T_ji > c_s;   P(max T over all (j, i) that are not sure yet > c_s) = 1 − confidence
    /// ```
    ///
    /// A pair is two statements, one for each direction. The one that is told is no longer looked at, and the
    /// other still is.
    ///
    /// # Source
    ///
    /// Mogstad, Romano, Shaikh, Wilhelm (2024), §3.1, with the steps of Romano, Wolf (2005). As `csranks` of
    /// R's `csranks` with `stepdown = TRUE`, with t in the place of their bootstrap.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::estimate::compare::{Comparison, Correction, Order, Ranks};
    /// use canvass::estimate::variance::{Clusters, Design};
    /// use canvass::estimate::{Domain, Estimator, Mean, Statistic, joint};
    /// use canvass::field::Item;
    /// use canvass::frame::Codes;
    /// use canvass::random::Seed;
    /// use canvass::weigh::Ledger;
    ///
    /// let ledger = Ledger::given(vec![10.0; 9])?;
    /// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
    /// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    /// let operator = Codes::from_labels(["a", "a", "a", "b", "b", "b", "c", "c", "c"]);
    /// let score = [7.0, 8.0, 9.0, 7.0, 7.0, 9.0, 2.0, 3.0, 2.0];
    /// let score = Item { name: "score".into(), values: score.map(Some).to_vec() };
    /// let (mean, operators) = (Mean::of(&score), Domain::each(&operator));
    /// let family: Vec<_> = operators.iter().map(|d| (&mean as &dyn Statistic, d)).collect();
    ///
    /// let family = joint(&estimator, &family).expect("all answered");
    /// let seed = Seed::new("an example").expect("not blank");
    /// let all = Comparison::of(&family, 0.95, Correction::Holm, &seed);
    /// let ranks = Ranks::by_differences(&family, &all, Order::LargestFirst, &seed);
    /// // a and b cannot be told apart; c is surely the last.
    /// let sets: Vec<_> = ranks.ranks.iter().map(|r| (r.rank, r.best, r.worst)).collect();
    /// assert_eq!(sets, [(1, 1, 2), (2, 1, 2), (3, 3, 3)]);
    /// assert_eq!(ranks.perhaps_first(), [0, 1]);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    #[must_use]
    pub fn by_differences(
        family: &Joint,
        comparison: &Comparison,
        order: Order,
        seed: &Seed,
    ) -> Ranks {
        let first: Vec<_> = comparison
            .pairs
            .iter()
            .filter_map(Pair::larger_of)
            .collect();
        // Where the first step tells nothing, a second would ask the same again.
        let sure = match first.is_empty() {
            true => first,
            false => {
                let all = comparison.pairs.iter().collect();
                told_apart(family, comparison, (all, first), seed)
            }
        };
        let above = |one: usize, other: usize| sure.contains(&order.sort(one, other));
        Ranks {
            ranks: ranks(family, &comparison.compared, order, above),
            card: &DIFFERENCES,
            confidence: comparison.confidence,
            together: true,
        }
    }

    /// From the differences of each figure to all others, for each figure by itself: smaller sets, of which some
    /// will be wrong if many are read.
    ///
    /// # Formula
    ///
    /// ```text
    /// P(max T over (i, j) and (j, i) that are not sure yet > c_s) = 1 − confidence, for each i;   sets as for all at once
    /// ```
    ///
    /// # Source
    ///
    /// Mogstad, Romano, Shaikh, Wilhelm (2024), §3.1.
    #[must_use]
    pub fn each_by_differences(
        family: &Joint,
        comparison: &Comparison,
        order: Order,
        seed: &Seed,
    ) -> Ranks {
        let mut found = Vec::new();
        for &figure in &comparison.compared {
            let is_mine = |pair: &&Pair| pair.this == figure || pair.other == figure;
            let mine = comparison.pairs.iter().filter(is_mine).collect();
            let sure = told_apart(family, comparison, (mine, Vec::new()), seed);
            let above = |one: usize, other: usize| sure.contains(&order.sort(one, other));
            let all = ranks(family, &comparison.compared, order, above);
            found.extend(all.into_iter().filter(|rank| rank.figure == figure));
        }
        Ranks {
            ranks: found,
            card: &DIFFERENCES,
            confidence: comparison.confidence,
            together: false,
        }
    }

    /// From one interval per figure, for all figures at once.
    ///
    /// # Formula
    ///
    /// ```text
    /// [L_i, U_i] = θ̂_i ± c √V̂_i,   P(max_i |T_i| > c) = 1 − confidence
    ///
    /// 1 + #{j: L_j > U_i} ≤ rank_i ≤ K − #{j: U_j < L_i}
    /// ```
    ///
    /// # Source
    ///
    /// Klein, Wright, Wieczorek (2020), with c from the largest |t|, which is smaller than theirs for
    /// independent figures if these hang together.
    #[must_use]
    pub fn by_intervals(family: &Joint, confidence: f64, order: Order, seed: &Seed) -> Ranks {
        let compared = family.known();
        let intervals = intervals(family, &compared, confidence, seed);
        let place = |figure: usize| compared.iter().position(|known| *known == figure);
        let above = |one: usize, other: usize| {
            let (upper, lower) = order.sort(one, other);
            let ends = place(upper).zip(place(lower));
            ends.is_some_and(|(upper, lower)| intervals[upper].0 > intervals[lower].1)
        };
        Ranks {
            ranks: ranks(family, &compared, order, above),
            card: &INTERVALS,
            confidence,
            together: true,
        }
    }

    /// The places of figures that may be the first: those that cannot be told from the best.
    #[must_use]
    pub fn perhaps_first(&self) -> Vec<usize> {
        let first = self.ranks.iter().filter(|rank| rank.best == 1);
        first.map(|rank| rank.figure).collect()
    }
}

impl Order {
    /// (larger, smaller) of a figure that ranks before another.
    fn sort(self, one: usize, other: usize) -> (usize, usize) {
        match self {
            Order::LargestFirst => (one, other),
            Order::SmallestFirst => (other, one),
        }
    }
}

impl Pair {
    /// (larger, smaller), as the sample has it.
    fn downwards(&self) -> (usize, usize) {
        if self.difference > 0.0 {
            (self.this, self.other)
        } else {
            (self.other, self.this)
        }
    }

    /// (larger, smaller), if that can be said of all pairs at once.
    fn larger_of(&self) -> Option<(usize, usize)> {
        self.larger().map(|_| self.downwards())
    }
}

/// (larger, smaller) of the pairs that are told apart, by steps; the first step may have been taken already.
fn told_apart(
    family: &Joint,
    comparison: &Comparison,
    (mut open, mut sure): (Vec<&Pair>, Vec<(usize, usize)>),
    seed: &Seed,
) -> Vec<(usize, usize)> {
    let mut least = f64::INFINITY;
    open.retain(|pair| !sure.contains(&pair.downwards()));
    while !open.is_empty() {
        let both: Vec<(usize, usize)> = open.iter().map(|p| (p.this, p.other)).collect();
        // Of what is sure, the other direction may still be wrong by chance.
        let above: Vec<(usize, usize)> =
            sure.iter().map(|&(larger, less)| (less, larger)).collect();
        let largest = largest_of(family, &comparison.compared, (&both, &above), seed);
        let Some(largest) = largest else { break };
        least = least.min(largest.critical(comparison.confidence));
        let is_sure = |pair: &Pair| pair.t.abs() > carry(least, family.df, pair.df);
        let before = sure.len();
        let told = open.iter().filter(|pair| is_sure(pair));
        sure.extend(told.map(|pair| pair.downwards()));
        if sure.len() == before {
            break;
        }
        open.retain(|pair| !is_sure(pair));
    }
    sure
}

/// One interval per figure; all of them hold at once.
fn intervals(family: &Joint, compared: &[usize], confidence: f64, seed: &Seed) -> Vec<(f64, f64)> {
    let single = |place: usize| {
        let entry = |other: usize| f64::from(u8::from(other == place));
        (0..compared.len()).map(entry).collect::<Vec<f64>>()
    };
    let contrasts: Vec<Vec<f64>> = (0..compared.len()).map(single).collect();
    let matrix = family
        .matrix(compared)
        .unwrap_or_else(|| Symmetric::zero(compared.len()));
    let critical =
        MaxT::of(&matrix, &contrasts, family.df, seed).map(|largest| largest.critical(confidence));
    let interval = |&figure: &usize| {
        let estimate = &family.figures[figure];
        let alone = || t_quantile((1.0 + confidence) / 2.0, estimate.df as f64);
        let factor = critical.map_or_else(alone, |c| carry(c, family.df, estimate.df));
        let half = factor * estimate.standard_error().unwrap_or(f64::INFINITY);
        (estimate.value - half, estimate.value + half)
    };
    compared.iter().map(interval).collect()
}

/// Ranks, given which figures are surely before which.
fn ranks(
    family: &Joint,
    compared: &[usize],
    order: Order,
    before: impl Fn(usize, usize) -> bool,
) -> Vec<Rank> {
    let value = |figure: usize| family.figures[figure].value;
    let ahead = |one: usize, other: usize| match order {
        Order::LargestFirst => value(one) > value(other),
        Order::SmallestFirst => value(one) < value(other),
    };
    let count = |test: &dyn Fn(usize) -> bool| compared.iter().filter(|&&j| test(j)).count();
    let rank = |&figure: &usize| Rank {
        figure,
        rank: 1 + count(&|j| ahead(j, figure)),
        best: 1 + count(&|j| before(j, figure)),
        worst: compared.len() - count(&|j| before(figure, j)),
    };
    compared.iter().map(rank).collect()
}

#[cfg(test)]
mod tests;
