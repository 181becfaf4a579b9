//! A report card for anyone's weights.
//!
//! Nothing is known of how they were made; only what can be seen of them is told. Rows are counted
//! from 1.

use serde::{Deserialize, Serialize};

use super::quality::{kish, quarters};
use super::spencer::spencer;
use crate::frame::Codes;
use crate::math::{Sum, sum};

/// Rows whose weight is no weight, or none to count on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    /// Rows without a weight.
    pub missing: Vec<u64>,
    /// Rows with a weight below 0.
    pub negative: Vec<u64>,
    /// Rows with weight 0.
    pub zero: Vec<u64>,
}

/// The weights of a part of the rows; those above 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The part's label; "all" for all.
    pub label: String,
    /// Rows with a weight above 0.
    pub rows: u64,
    /// The sum of their weights.
    pub total: f64,
    /// The smallest.
    pub smallest: f64,
    /// A quarter of the rows have this weight or less, half of them, three quarters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarters: Option<[f64; 3]>,
    /// The largest.
    pub largest: f64,
    /// The largest over the smallest.
    pub ratio: f64,
    /// Their coefficient of variation, with divisor n.
    pub variation: f64,
    /// Their design effect: 1 + the square of it.
    pub kish: f64,
    /// The number of rows of equal weight that would tell as much.
    pub effective: f64,
    /// Spencer's design effect, where there is an answer and it can be had.
    pub spencer: Option<f64>,
}

/// A row that makes up much of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dominant {
    /// The row.
    pub row: u64,
    /// Its id, where ids are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The part's label.
    pub label: String,
    /// The row's weight.
    pub weight: f64,
    /// Its share of the part's weight.
    pub share: f64,
}

/// A known total, and what the weights make of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Met {
    /// The column or columns.
    pub control: String,
    /// The level, for a count; none for the total of a column of numbers.
    pub level: Option<String>,
    /// What is known; nothing if the level has no known total.
    pub target: Option<f64>,
    /// What the weights make of it; nothing if it cannot be said, since numbers are missing.
    pub reached: Option<f64>,
    /// What the first of the factors makes of it, or equal weights where there are none; both are scaled
    /// so that all rows together weigh as much as by the weights. Nothing if it cannot be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<f64>,
}

impl Met {
    /// By how much it is missed, relative to the target; nothing where it cannot be said.
    #[must_use]
    pub fn off(&self) -> Option<f64> {
        let (target, reached) = self.target.zip(self.reached)?;
        (target.abs() > 0.0).then(|| reached / target - 1.0)
    }

    /// Whether it is met: │T − Σ w x│ / (1 + │T│) is not above `tolerance`.
    #[must_use]
    pub fn holds(&self, tolerance: f64) -> bool {
        self.target
            .zip(self.reached)
            .is_some_and(|(target, reached)| {
                (target - reached).abs() <= tolerance * (1.0 + target.abs())
            })
    }
}

/// Rows whose weight is missing, negative or 0.
///
/// ```
/// use canvass::weigh::review::faults;
/// let found = faults(&[Some(2.0), None, Some(-1.0), Some(0.0)]);
/// assert_eq!((found.missing, found.negative, found.zero), (vec![2], vec![3], vec![4]));
/// ```
#[must_use]
pub fn faults(weights: &[Option<f64>]) -> Faults {
    let rows = |is: &dyn Fn(&Option<f64>) -> bool| {
        (1..)
            .zip(weights)
            .filter(|(_, weight)| is(weight))
            .map(|(row, _)| row)
            .collect()
    };
    Faults {
        missing: rows(&|weight| weight.is_none()),
        negative: rows(&|weight| weight.is_some_and(|weight| weight < 0.0)),
        zero: rows(&|weight| weight.is_some_and(|weight| weight.abs() <= 0.0)),
    }
}

/// The weights of each part, in the order of the labels; a part without a weight above 0 is left out.
/// With answers, Spencer's design effect is told too, over the rows that have one.
///
/// # Panics
///
/// If columns differ in length: our own bug.
#[must_use]
pub fn spreads(
    weights: &[Option<f64>],
    parts: &Codes,
    answers: Option<&[Option<f64>]>,
) -> Vec<Spread> {
    assert_eq!(weights.len(), parts.len(), "a part per row");
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); parts.labels().len()];
    for row in (0..weights.len()).filter(|&row| weights[row].is_some_and(|weight| weight > 0.0)) {
        rows[parts.code(row)].push(row);
    }
    let labels = parts.labels().iter().zip(&rows);
    labels
        .filter_map(|(label, rows)| spread(label, rows, weights, answers))
        .collect()
}

fn spread(
    label: &str,
    rows: &[usize],
    weights: &[Option<f64>],
    answers: Option<&[Option<f64>]>,
) -> Option<Spread> {
    let mine: Vec<f64> = rows.iter().filter_map(|&row| weights[row]).collect();
    let kish = kish(mine.iter().copied())?;
    let smallest = mine.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = mine.iter().copied().fold(0.0, f64::max);
    let spencer = answers.and_then(|answers| {
        let said = rows
            .iter()
            .filter_map(|&row| weights[row].zip(answers[row]));
        let (weights, answers): (Vec<f64>, Vec<f64>) = said.unzip();
        spencer(&weights, &answers)
    });
    Some(Spread {
        label: label.to_owned(),
        rows: mine.len() as u64,
        total: sum(mine.iter().copied()),
        smallest,
        quarters: quarters(mine.clone()),
        largest,
        ratio: largest / smallest,
        variation: (kish - 1.0).max(0.0).sqrt(),
        kish,
        effective: mine.len() as f64 / kish,
        spencer,
    })
}

/// The part of Kish's design effect that lies between strata: what it would be, had every row the
/// mean weight of its stratum. None without weights above 0.
///
/// # Formula
///
/// ```text
/// deff = n Σ_h (Σ_h w)² / n_h  /  (Σ w)²
/// ```
///
/// # Source
///
/// Kish (1965), §11.7. A design that takes more from small strata has it on purpose; the rest is what
/// weighting cost within strata.
///
/// # Example
///
/// ```
/// use canvass::{frame::Codes, weigh::review::between};
/// let strata = Codes::from_labels(["a", "a", "b", "b"]);
/// let weights = [1.0, 1.0, 3.0, 3.0].map(Some);
/// assert_eq!(between(&weights, &strata), Some(1.25));
/// ```
#[must_use]
pub fn between(weights: &[Option<f64>], strata: &Codes) -> Option<f64> {
    let mut sums = vec![(0.0, Sum::default()); strata.labels().len()];
    for (row, weight) in weights.iter().enumerate() {
        if let Some(weight) = weight.filter(|weight| *weight > 0.0) {
            let (count, sum) = &mut sums[strata.code(row)];
            *count += 1.0;
            sum.add(weight);
        }
    }
    let held = || sums.iter().filter(|(count, _)| *count > 0.0);
    let n = sum(held().map(|(count, _)| *count));
    let total = sum(held().map(|(_, sum)| sum.value()));
    let squares = sum(held().map(|(count, sum)| sum.value().powi(2) / count));
    (total > 0.0).then(|| n * squares / total.powi(2))
}

/// Rows whose share of their part's weight is above `limit`, the largest share first. A part of one
/// row is not told of: nobody is dominated there.
#[must_use]
pub fn dominant(weights: &[Option<f64>], parts: &Codes, limit: f64) -> Vec<Dominant> {
    let mut sums = vec![(0_u64, Sum::default()); parts.labels().len()];
    let positive = |row: usize| weights[row].filter(|weight| *weight > 0.0);
    for row in 0..weights.len() {
        if let Some(weight) = positive(row) {
            let (count, sum) = &mut sums[parts.code(row)];
            *count += 1;
            sum.add(weight);
        }
    }
    let mut found: Vec<Dominant> = (0..weights.len())
        .filter_map(|row| {
            let weight = positive(row)?;
            let (count, sum) = sums[parts.code(row)];
            let share = weight / sum.value();
            let tells = count > 1 && share > limit;
            tells.then(|| Dominant {
                row: row as u64 + 1,
                id: None,
                label: parts.label(row).to_owned(),
                weight,
                share,
            })
        })
        .collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.row.cmp(&b.row)));
    found
}

/// The sum of all weights against what is known.
#[must_use]
pub fn whole(control: &str, weights: &[Option<f64>], total: f64) -> Met {
    amount(control, weights, &vec![Some(1.0); weights.len()], total)
}

/// The levels of a column against their known totals: every level that is known, then those that are
/// not and have a weight.
#[must_use]
pub fn levels(
    control: &str,
    weights: &[Option<f64>],
    column: &Codes,
    totals: &[(String, f64)],
) -> Vec<Met> {
    let mut held = vec![Sum::default(); column.labels().len()];
    for (row, weight) in weights.iter().enumerate() {
        held[column.code(row)].add(weight.unwrap_or(0.0));
    }
    let met = |level: &str, target: Option<f64>, reached: f64| Met {
        control: control.to_owned(),
        level: Some(level.to_owned()),
        target,
        reached: Some(reached),
        before: None,
    };
    let known = totals.iter().map(|(level, total)| {
        met(
            level,
            Some(*total),
            column.find(level).map_or(0.0, |code| held[code].value()),
        )
    });
    let others = column.labels().iter().zip(&held).filter(|(label, held)| {
        held.value().abs() > 0.0 && totals.iter().all(|(level, _)| level != *label)
    });
    known
        .chain(others.map(|(label, held)| met(label, None, held.value())))
        .collect()
}

/// The total of a column of numbers against what is known. It cannot be said if a row with a weight
/// has no number.
#[must_use]
pub fn amount(control: &str, weights: &[Option<f64>], numbers: &[Option<f64>], total: f64) -> Met {
    let mut reached = Some(Sum::default());
    for (weight, number) in weights.iter().zip(numbers) {
        let weight = weight.unwrap_or(0.0);
        if weight.abs() > 0.0 {
            reached = reached.zip(*number).map(|(mut sum, number)| {
                sum.add(weight * number);
                sum
            });
        }
    }
    Met {
        control: control.to_owned(),
        level: None,
        target: Some(total),
        reached: reached.map(|sum| sum.value()),
        before: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{amount, between, dominant, levels, spreads};
    use crate::frame::Codes;

    #[test]
    fn parts_are_told_as_by_hand() {
        // a: 1 and 3: mean 2, variance 1, CV 1/2. b: 5 alone. c: nobody with a weight.
        let weights = [Some(1.0), Some(3.0), Some(5.0), None, Some(0.0), Some(-2.0)];
        let parts = Codes::from_labels(["a", "a", "b", "a", "c", "c"]);
        let told = spreads(&weights, &parts, None);
        assert_eq!(told.len(), 2);
        let a = &told[0];
        assert_eq!((a.rows, a.total, a.smallest, a.largest), (2, 4.0, 1.0, 3.0));
        assert_eq!(
            (a.ratio, a.variation, a.kish, a.effective),
            (3.0, 0.5, 1.25, 1.6)
        );
        assert_eq!((told[1].kish, told[1].spencer), (1.0, None));
    }

    #[test]
    fn between_strata_is_never_more_than_all() {
        let strata = Codes::from_labels(["a", "a", "b", "b", "b"]);
        let weights = [1.0, 2.0, 4.0, 9.0, 1.0].map(Some);
        let all = spreads(&weights, &Codes::from_labels(["all"; 5]), None)[0].kish;
        let between = between(&weights, &strata).expect("weights");
        // 5 · (9/2 + 196/3) / 17²
        assert!((between - 5.0 * (4.5 + 196.0 / 3.0) / 289.0).abs() < 1e-15);
        assert!(between < all);
    }

    #[test]
    fn rows_that_dominate_are_named_the_largest_first() {
        let weights = [6.0, 2.0, 2.0, 90.0, 10.0, 7.0].map(Some);
        let parts = Codes::from_labels(["a", "a", "a", "b", "b", "c"]);
        let found = dominant(&weights, &parts, 0.5);
        let told: Vec<(u64, &str, f64)> = found
            .iter()
            .map(|d| (d.row, d.label.as_str(), d.share))
            .collect();
        assert_eq!(told, [(4, "b", 0.9), (1, "a", 0.6)]);
    }

    #[test]
    fn totals_stand_against_what_is_known() {
        let weights = [Some(4.0), Some(6.0), None, Some(5.0)];
        let side = Codes::from_labels(["n", "s", "s", "w"]);
        let known = [
            ("n".to_owned(), 5.0),
            ("s".to_owned(), 6.0),
            ("e".to_owned(), 3.0),
        ];
        let met = levels("side", &weights, &side, &known);
        let told: Vec<(Option<f64>, Option<f64>)> =
            met.iter().map(|m| (m.target, m.reached)).collect();
        assert_eq!(
            told,
            [
                (Some(5.0), Some(4.0)),
                (Some(6.0), Some(6.0)),
                (Some(3.0), Some(0.0)),
                (None, Some(5.0)),
            ]
        );
        assert!((met[0].off().expect("known") + 0.2).abs() < 1e-15);
        assert!(met[1].holds(1e-9) && !met[0].holds(1e-9) && !met[3].holds(1e-9));
        // The third row has no weight, so its missing number does not matter; the last one's does.
        let numbers = [Some(1.0), Some(2.0), None, Some(0.0)];
        assert_eq!(amount("lines", &weights, &numbers, 16.0).off(), Some(0.0));
        assert_eq!(
            amount("lines", &weights, &[Some(1.0), Some(2.0), None, None], 16.0).reached,
            None
        );
    }
}
