//! Why controls cannot be met: which of them contradict each other, and which levels to join.
//!
//! Controls are rarely impossible all together. As a rule a few of them are: no factor within the bounds
//! gives a thin level as many people as it is to have, or two levels that consist of the same people are
//! to have different totals. A person who knows these few knows what to do.

use super::control::Kinds;
use super::{Bounds, Controls};
use crate::language::Words;
use crate::math::programme::{Held, least_misfit};
use crate::math::solve::{Solver, Symmetric};
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "conflict",
    title: Words::new("Controls that contradict each other", "相互矛盾的控制总数"),
    says: Words::new(
        "Where no weights within the bounds meet all controls, a set of them is sought that cannot be met \
         together although it could if any one were left out. Joins of levels are ranked: first those \
         after which the rest can be met, then by how little weights must move.",
        "若在界限内无权数能满足全部控制总数，则找出一组不能同时满足、但去掉其中任一个即可满足的控制总数；\
         并对各层级合并方案排序：先列合并后可满足者，再按权数变动由小到大排列。",
    ),
    formula: "min Σ│s│ / (1 + │T│)  with  Σ w F x + s = T,  L ≤ F ≤ U;  above 0: they conflict",
    sources: &[
        Source::at("Chinneck (2008)", "elastic programmes"),
        Source::new("Junker (2004)"),
    ],
};

/// What misfit counts as none.
const NONE: f64 = 1e-7;

/// Kinds of units and controls beyond which nobody waits for an explanation.
const MOST_KINDS: usize = 5_000;
const MOST_CONTROLS: usize = 400;

/// Controls up to which every two of them are tried.
const MOST_FOR_PAIRS: usize = 60;

/// Joins that are told.
const TOLD: usize = 3;

/// Controls that cannot be met together.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Their names. Without any one of them the others could be met.
    pub controls: Vec<String>,
    /// Whether no smaller set conflicts. Not known of sets of four and more, nor of three among many.
    pub smallest: bool,
    /// Levels to join, the best first.
    pub joins: Vec<Join>,
}

/// Two levels of a margin that could be joined.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The level that conflicts: "age = 18–29".
    pub level: String,
    /// What it would be joined to.
    pub to: String,
    /// Whether all controls could be met then.
    pub met: bool,
    /// The root of the mean square by which factors would differ from 1, without bounds.
    pub moved: f64,
}

/// A control: columns of the matrix that are added up, one unless levels are joined.
type Row = Vec<usize>;

/// The controls, seen from the kinds of units there are.
struct System<'a> {
    controls: &'a Controls,
    kinds: &'a Kinds,
    /// The smallest and the largest factor of a kind.
    within: &'a dyn Fn(usize) -> Bounds,
}

/// The conflict among controls that these units cannot meet within the bounds of their kinds; none if they
/// can be met, or there is too much to look through.
pub(super) fn conflict(
    controls: &Controls,
    kinds: &Kinds,
    within: &dyn Fn(usize) -> Bounds,
) -> Option<Conflict> {
    let count = controls.totals().len();
    if kinds.unit.len() > MOST_KINDS || count > MOST_CONTROLS {
        return None;
    }
    let system = System {
        controls,
        kinds,
        within,
    };
    let all: Vec<Row> = (0..count).map(|column| vec![column]).collect();
    let single = system.out_of_reach(&all);
    let (found, smallest) = match single {
        Some(row) => (vec![row], true),
        None if system.is_met(&all) => return None,
        None => system.few(&all),
    };
    let names = found.iter().map(|row| controls.name(row[0])).collect();
    Some(Conflict {
        controls: names,
        smallest,
        joins: system.joins(&all, &found),
    })
}

impl System<'_> {
    /// The row that is furthest from what it can be by itself, if any is.
    fn out_of_reach(&self, rows: &[Row]) -> Option<Row> {
        let off = |row: &Row| {
            let (total, columns) = (self.total(row), self.columns(std::slice::from_ref(row)));
            let ends = |pick: fn(f64, f64) -> f64| {
                sum(columns.iter().flat_map(|held| {
                    let each = held.entries.iter();
                    each.map(move |(_, x)| pick(x * held.low, x * held.high))
                }))
            };
            let (least, most) = (ends(f64::min), ends(f64::max));
            // Entries are as parts of 1 + │T│ already.
            let wanted = total / (1.0 + total.abs());
            (least - wanted).max(wanted - most)
        };
        let offs = rows.iter().map(|row| (off(row), row));
        let worst = offs.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (worst.0 > NONE).then(|| worst.1.clone())
    }

    /// A set of rows that conflicts and is not too large, and whether no set is smaller.
    fn few(&self, all: &[Row]) -> (Vec<Row>, bool) {
        let found = self.minimal(&[], false, all);
        if found.len() <= 2 {
            return (found, true);
        }
        if all.len() > MOST_FOR_PAIRS {
            return (found, false);
        }
        for (place, first) in all.iter().enumerate() {
            for second in &all[..place] {
                let pair = [second.clone(), first.clone()];
                if !self.is_met(&pair) {
                    return (pair.to_vec(), true);
                }
            }
        }
        let smallest = found.len() == 3;
        (found, smallest)
    }

    /// Those of `rows` that conflict with each other and with what is `given`, and none more: halves are
    /// looked through in turn.
    fn minimal(&self, given: &[Row], news: bool, rows: &[Row]) -> Vec<Row> {
        if news && !self.is_met(given) {
            return Vec::new();
        }
        if rows.len() == 1 {
            return rows.to_vec();
        }
        let (first, second) = rows.split_at(rows.len() / 2);
        let later = self.minimal(&[given, first].concat(), !first.is_empty(), second);
        let earlier = self.minimal(&[given, &later].concat(), !later.is_empty(), first);
        [earlier, later].concat()
    }

    /// Whether factors within the bounds meet these rows. What cannot be told counts as met.
    fn is_met(&self, rows: &[Row]) -> bool {
        let right: Vec<f64> = rows
            .iter()
            .map(|row| self.total(row) / (1.0 + self.total(row).abs()))
            .collect();
        least_misfit(&self.columns(rows), &right).is_none_or(|misfit| misfit < NONE)
    }

    fn total(&self, row: &Row) -> f64 {
        sum(row.iter().map(|&column| self.controls.totals()[column]))
    }

    /// x of a kind in a row.
    fn x(&self, kind: usize, row: &Row) -> f64 {
        let entries = self.controls.row(self.kinds.unit[kind]);
        sum(entries
            .filter(|(column, _)| row.contains(column))
            .map(|(_, x)| x))
    }

    /// One column for each kind: its factor, within the bounds, and what it adds to the rows, as parts of
    /// 1 + │T│.
    fn columns(&self, rows: &[Row]) -> Vec<Held> {
        let scales: Vec<f64> = rows.iter().map(|row| 1.0 + self.total(row).abs()).collect();
        let kind = |kind: usize| Held {
            low: (self.within)(kind).low(),
            high: (self.within)(kind).high(),
            entries: rows
                .iter()
                .enumerate()
                .map(|(at, row)| (at, self.kinds.weight[kind] * self.x(kind, row) / scales[at]))
                .filter(|(_, x)| x.abs() > 0.0)
                .collect(),
        };
        (0..self.kinds.unit.len()).map(kind).collect()
    }

    /// Joins of a level in conflict with another of its margin, the best first.
    fn joins(&self, all: &[Row], found: &[Row]) -> Vec<Join> {
        let mut joins: Vec<Join> = Vec::new();
        for &level in found.iter().flatten() {
            let others = self
                .controls
                .siblings(level)
                .filter(|&other| other != level);
            for other in others {
                let mut rows: Vec<Row> = all.to_vec();
                rows[level.min(other)].push(level.max(other));
                rows.remove(level.max(other));
                let Some(moved) = self.moved(&rows) else {
                    continue;
                };
                joins.push(Join {
                    level: self.controls.name(level),
                    to: self.controls.name(other),
                    met: self.out_of_reach(&rows).is_none() && self.is_met(&rows),
                    moved,
                });
            }
        }
        joins.sort_by(|a, b| b.met.cmp(&a.met).then(a.moved.total_cmp(&b.moved)));
        joins.truncate(TOLD);
        joins
    }

    /// How far linear calibration to these rows moves factors from 1.
    fn moved(&self, rows: &[Row]) -> Option<f64> {
        let mut matrix = Symmetric::zero(rows.len());
        let mut missing: Vec<f64> = rows.iter().map(|row| self.total(row)).collect();
        for (kind, weight) in self.kinds.weight.iter().enumerate() {
            let x: Vec<f64> = rows.iter().map(|row| self.x(kind, row)).collect();
            for row in 0..rows.len() {
                missing[row] -= weight * x[row];
                for column in 0..=row {
                    matrix.add(row, column, weight * x[row] * x[column]);
                }
            }
        }
        let pulls = Solver::new(&matrix)?.solve(&missing);
        let distance = sum(pulls
            .iter()
            .zip(&missing)
            .map(|(pull, missing)| pull * missing));
        let mean = distance / sum(self.kinds.weight.iter().copied());
        (mean >= 0.0).then(|| mean.sqrt())
    }
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.controls.as_slice() {
            [one] => write!(f, "'{one}' is out of reach by itself"),
            several => {
                let names: Vec<String> = several.iter().map(|name| format!("'{name}'")).collect();
                write!(f, "{} contradict each other", names.join(", "))
            }
        }
    }
}

impl std::fmt::Display for Join {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Join {
            level, to, moved, ..
        } = self;
        write!(f, "'{level}' to '{to}'")?;
        match self.met {
            true => write!(f, " (all is met then; factors differ from 1 by {moved:.2})"),
            false => write!(f, " (not enough by itself)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Conflict, conflict};
    use crate::frame::Codes;
    use crate::weigh::{Amount, Bounds, Controls, Margin};

    fn margin(name: &str, levels: &[&str], totals: &[(&str, f64)]) -> Margin {
        let totals: BTreeMap<String, f64> = totals
            .iter()
            .map(|&(level, total)| (level.to_owned(), total))
            .collect();
        Margin::new(name, Codes::from_labels(levels), &totals).expect("a margin")
    }

    fn found(controls: &Controls, weights: &[f64], bounds: (f64, f64)) -> Option<Conflict> {
        let active: Vec<usize> = (0..weights.len()).collect();
        let bounds = Bounds::new(bounds.0, bounds.1).expect("bounds");
        conflict(controls, &controls.kinds(weights, &active), &|_| bounds)
    }

    /// Ages and sides of four people who speak for ten each; every old one lives in the south.
    fn town(old: f64, south: f64) -> Controls {
        let age = margin(
            "age",
            &["young", "middle", "middle", "old"],
            &[("young", 12.0), ("middle", 28.0 - old), ("old", old)],
        );
        let side = margin(
            "side",
            &["north", "north", "south", "south"],
            &[("north", 40.0 - south), ("south", south)],
        );
        Controls::new(vec![age, side], vec![]).expect("controls")
    }

    #[test]
    fn what_can_be_met_is_no_conflict() {
        assert_eq!(found(&town(10.0, 20.0), &[10.0; 4], (0.5, 2.0)), None);
    }

    #[test]
    fn a_level_out_of_reach_is_named_alone() {
        // Old: 10 · 2 at the most, and 22 are wanted.
        let told = found(&town(22.0, 25.0), &[10.0; 4], (0.2, 2.0)).expect("a conflict");
        assert_eq!(told.controls, ["age = old"]);
        assert!(told.smallest);
        // Joined to the middle: 28 of three people, north and south 18 and 22 with the young's 12.
        assert_eq!(told.joins[0].level, "age = old");
        assert!(told.joins[0].met, "{told:?}");
        assert_eq!(told.joins.len(), 2);
        assert!(told.joins.iter().all(|join| join.moved.is_finite()));
    }

    #[test]
    fn two_that_contradict_each_other_are_named_together() {
        // All the old live in the south, which is to hold fewer than they are.
        let told = found(&town(18.0, 15.0), &[10.0; 4], (0.1, 4.0)).expect("a conflict");
        assert_eq!(told.controls.len(), 2, "{told:?}");
        assert!(told.smallest);
        let has = |name: &str| told.controls.iter().any(|control| control == name);
        assert!(
            has("age = old") && (has("side = south") || has("side = north")),
            "{told:?}"
        );
        assert!(told.to_string().contains("contradict each other"));
    }

    #[test]
    fn amounts_conflict_too() {
        let side = margin("side", &["a", "a", "b"], &[("a", 20.0), ("b", 10.0)]);
        let lines = Amount::new("lines", vec![1.0, 2.0, 3.0], 300.0).expect("an amount");
        let controls = Controls::new(vec![side], vec![lines]).expect("controls");
        // 3 · 30 = 90 lines at the most.
        let told = found(&controls, &[10.0; 3], (0.0, f64::INFINITY)).expect("a conflict");
        assert!(told.controls.contains(&"lines".to_owned()), "{told:?}");
        assert!(told.controls.len() <= 3);
    }
}
