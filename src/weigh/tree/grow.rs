//! How a tree of classes grows.

use crate::frame::Codes;
use crate::math::distribution::normal_below;
use crate::math::{Sum, sum};

/// A column by which a tree may split.
#[derive(Debug, Clone, PartialEq)]
pub struct Branching {
    /// Its name.
    pub name: String,
    /// One label per unit.
    pub levels: Codes,
    /// Whether only neighbouring levels may be put together.
    pub ordered: bool,
}

impl Branching {
    /// The place of each level: that of numbers where all labels are numbers, otherwise that of the
    /// alphabet.
    fn places(&self) -> Vec<usize> {
        let labels = self.levels.labels();
        let numbers: Option<Vec<f64>> = labels
            .iter()
            .map(|label| label.trim().parse().ok().filter(|x: &f64| x.is_finite()))
            .collect();
        let mut order: Vec<usize> = (0..labels.len()).collect();
        if let Some(numbers) = numbers {
            order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]).then(a.cmp(&b)));
        }
        let mut places = vec![0; order.len()];
        for (place, &level) in order.iter().enumerate() {
            places[level] = place;
        }
        places
    }
}

/// When a class is split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Fewest cases in a class.
    pub least: u64,
    /// The largest chance that a split is by chance.
    pub level: f64,
    /// Whether cases count by their weights.
    pub weighted: bool,
}

/// A case that the tree looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Case {
    pub unit: usize,
    pub weight: f64,
    pub yes: bool,
}

/// A class that is split no more.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    pub cases: Vec<Case>,
    /// For each column by which it was split off, its levels, in the column's order.
    pub conditions: Vec<Option<Vec<usize>>>,
}

/// A tree that grows.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub columns: &'a [Branching],
    pub growth: Growth,
}

/// A way to split a class in two.
#[derive(Debug, Clone, PartialEq)]
struct Split {
    column: usize,
    left: Vec<usize>,
    right: Vec<usize>,
    gain: f64,
}

/// What a level has in a class.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    weight: Sum,
    yes: Sum,
    cases: u64,
    answered: u64,
}

impl Level {
    fn join(&mut self, other: &Level) {
        self.weight.add(other.weight.value());
        self.yes.add(other.yes.value());
        self.cases += other.cases;
        self.answered += other.answered;
    }

    /// Σ v (r ln p + (1 − r) ln (1 − p)), with p their own rate.
    fn likelihood(&self) -> f64 {
        let (all, yes) = (self.weight.value(), self.yes.value());
        let term = |part: f64| {
            if part > 0.0 && all > 0.0 {
                part * (part / all).ln()
            } else {
                0.0
            }
        };
        term(yes) + term(all - yes)
    }

    fn rate(&self) -> f64 {
        self.yes.value() / self.weight.value()
    }
}

impl Tree<'_> {
    /// The leaves, those of fewer answers first at each split.
    pub fn grow(&self, cases: Vec<Case>) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        let mut waiting = vec![Leaf {
            cases,
            conditions: vec![None; self.columns.len()],
        }];
        while let Some(class) = waiting.pop() {
            match self.best(&class) {
                None => leaves.push(class),
                Some(split) => {
                    let (left, right) = self.parted(class, &split);
                    waiting.push(right);
                    waiting.push(left);
                }
            }
        }
        leaves
    }

    /// The gain of the first split; 0 if there is none.
    #[cfg(test)]
    pub fn grow_once(&self, cases: Vec<Case>) -> f64 {
        let conditions = vec![None; self.columns.len()];
        let split = self.best(&Leaf { cases, conditions });
        split.map_or(0.0, |split| split.gain)
    }

    fn parted(&self, class: Leaf, split: &Split) -> (Leaf, Leaf) {
        let levels = &self.columns[split.column].levels;
        let (left, right): (Vec<Case>, Vec<Case>) = class
            .cases
            .into_iter()
            .partition(|case| split.left.contains(&levels.code(case.unit)));
        let part = |cases, chosen: &[usize]| {
            let mut conditions = class.conditions.clone();
            conditions[split.column] = Some(chosen.to_vec());
            Leaf { cases, conditions }
        };
        (part(left, &split.left), part(right, &split.right))
    }

    /// The split that tells most, if it tells more than chance would.
    fn best(&self, class: &Leaf) -> Option<Split> {
        let scale = self.scale(class);
        let (mut best, mut ways) = (None::<Split>, 0.0);
        for column in 0..self.columns.len() {
            let (levels, order) = self.levels(class, column, scale);
            if order.len() < 2 {
                continue;
            }
            let cuts = (order.len() - 1) as f64;
            ways += if self.columns[column].ordered {
                cuts
            } else {
                cuts.exp2() - 1.0
            };
            for split in self.splits(column, &levels, &order) {
                if best.as_ref().is_none_or(|best| split.gain > best.gain) {
                    best = Some(split);
                }
            }
        }
        // χ² with one degree of freedom is a squared normal.
        let by_chance = |gain: f64| 2.0 * normal_below(-gain.max(0.0).sqrt()) * ways;
        best.filter(|split| by_chance(split.gain) <= self.growth.level)
    }

    /// What weights are multiplied by, so that a class counts as its effective number of cases.
    fn scale(&self, class: &Leaf) -> f64 {
        if !self.growth.weighted {
            return 1.0;
        }
        let squares = sum(class.cases.iter().map(|case| case.weight * case.weight));
        sum(class.cases.iter().map(|case| case.weight)) / squares
    }

    /// The levels of a column in a class, and those that have cases in the order in which they may be
    /// cut: their own, or that of their rates.
    fn levels(&self, class: &Leaf, column: usize, scale: f64) -> (Vec<Level>, Vec<usize>) {
        let branching = &self.columns[column];
        let mut levels = vec![Level::default(); branching.levels.labels().len()];
        for case in &class.cases {
            let weight = if self.growth.weighted {
                case.weight * scale
            } else {
                1.0
            };
            let level = &mut levels[branching.levels.code(case.unit)];
            level.weight.add(weight);
            level.cases += 1;
            if case.yes {
                level.yes.add(weight);
                level.answered += 1;
            }
        }
        let mut order: Vec<usize> = (0..levels.len()).filter(|&l| levels[l].cases > 0).collect();
        if branching.ordered {
            let places = branching.places();
            order.sort_by_key(|&level| places[level]);
        } else {
            order.sort_by(|&a, &b| {
                levels[a]
                    .rate()
                    .total_cmp(&levels[b].rate())
                    .then(a.cmp(&b))
            });
        }
        (levels, order)
    }

    /// All ways to cut the order, but those that leave a side with too few cases, or without an answer.
    fn splits(&self, column: usize, levels: &[Level], order: &[usize]) -> Vec<Split> {
        let side = |part: &[usize]| {
            let mut side = Level::default();
            for &level in part {
                side.join(&levels[level]);
            }
            side
        };
        let whole = side(order).likelihood();
        let mut splits = Vec::new();
        for cut in 1..order.len() {
            let (left, right) = order.split_at(cut);
            let (low, high) = (side(left), side(right));
            let fits = |side: &Level| side.cases >= self.growth.least && side.answered > 0;
            if fits(&low) && fits(&high) {
                let gain = 2.0 * (low.likelihood() + high.likelihood() - whole);
                splits.push(Split {
                    column,
                    left: left.to_vec(),
                    right: right.to_vec(),
                    gain,
                });
            }
        }
        splits
    }
}
