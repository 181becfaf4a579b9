//! The rows that weigh most: in a domain's weight, and in an answer's total.

use serde::{Deserialize, Serialize};

use crate::frame::Codes;
use crate::math::Sum;

/// The row with the largest weight of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heaviest {
    /// The part's label.
    pub label: String,
    /// The row; the first, where several weigh as much.
    pub row: u64,
    /// Its id, where ids are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its weight.
    pub weight: f64,
    /// Its share of the part's weight.
    pub share: f64,
    /// Rows of the part with a weight above 0.
    pub rows: u64,
}

/// A row that makes up much of an answer's total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weighty {
    /// The part's label.
    pub label: String,
    /// The row.
    pub row: u64,
    /// Its id, where ids are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its weight.
    pub weight: f64,
    /// Its answer.
    pub answer: f64,
    /// │w y│ over the sum of them in the part.
    pub share: f64,
}

/// The heaviest row of every part that has one with a weight above 0, in the order of the labels.
///
/// ```
/// use canvass::{frame::Codes, weigh::heavy::heaviest};
/// let parts = Codes::from_labels(["a", "a", "b"]);
/// let told = heaviest(&[Some(1.0), Some(3.0), Some(5.0)], &parts);
/// assert_eq!((told[0].row, told[0].share, told[0].rows), (2, 0.75, 2));
/// ```
///
/// # Panics
///
/// If columns differ in length: our own bug.
#[must_use]
pub fn heaviest(weights: &[Option<f64>], parts: &Codes) -> Vec<Heaviest> {
    let counted = |row: usize| weights[row].filter(|weight| *weight > 0.0);
    let told = by_part(parts, &counted).into_iter().filter_map(|part| {
        let (row, weight) = *part.rows.first()?;
        Some(Heaviest {
            label: part.label,
            row: row as u64 + 1,
            id: None,
            weight,
            share: weight / part.total,
            rows: part.rows.len() as u64,
        })
    });
    told.collect()
}

/// The `most` rows of every part that make up most of an answer's total, the largest share first.
/// Answers below 0 count as those above, since a total may lose by them what it gains by others.
///
/// # Example
///
/// ```
/// use canvass::{frame::Codes, weigh::heavy::weighty};
/// let all = Codes::from_labels(["all"; 3]);
/// let told = weighty(&[2.0, 1.0, 4.0].map(Some), &[Some(3.0), None, Some(-1.0)], &all, 1);
/// assert_eq!((told[0].row, told[0].share), (1, 0.6));
/// ```
///
/// # Panics
///
/// If columns differ in length: our own bug.
#[must_use]
pub fn weighty(
    weights: &[Option<f64>],
    answers: &[Option<f64>],
    parts: &Codes,
    most: usize,
) -> Vec<Weighty> {
    let held = |row: usize| {
        let (weight, answer) = weights[row].zip(answers[row])?;
        Some((weight * answer).abs()).filter(|held| *held > 0.0)
    };
    let mut told = Vec::new();
    for part in by_part(parts, &held) {
        for &(row, held) in part.rows.iter().take(most) {
            if let Some((weight, answer)) = weights[row].zip(answers[row]) {
                told.push(Weighty {
                    label: part.label.clone(),
                    row: row as u64 + 1,
                    id: None,
                    weight,
                    answer,
                    share: held / part.total,
                });
            }
        }
    }
    told
}

/// The rows of a part that hold something.
struct Part {
    label: String,
    /// What each holds, the most first.
    rows: Vec<(usize, f64)>,
    total: f64,
}

fn by_part(parts: &Codes, held: &dyn Fn(usize) -> Option<f64>) -> Vec<Part> {
    let mut all: Vec<(Vec<(usize, f64)>, Sum)> = vec![Default::default(); parts.labels().len()];
    for row in 0..parts.len() {
        if let Some(held) = held(row) {
            let (rows, total) = &mut all[parts.code(row)];
            rows.push((row, held));
            total.add(held);
        }
    }
    let labels = parts.labels().iter().cloned().zip(all);
    labels
        .map(|(label, (mut rows, total))| {
            rows.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let total = total.value();
            Part { label, rows, total }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{heaviest, weighty};
    use crate::frame::Codes;

    #[test]
    fn every_part_has_its_heaviest_row_and_ties_go_to_the_first() {
        let weights = [Some(2.0), Some(6.0), Some(6.0), None, Some(-9.0), Some(5.0)];
        let parts = Codes::from_labels(["a", "a", "a", "c", "c", "b"]);
        let told = heaviest(&weights, &parts);
        assert_eq!(told.len(), 2);
        assert_eq!((told[0].row, told[0].rows), (2, 3));
        assert!((told[0].share - 6.0 / 14.0).abs() < 1e-15);
        assert_eq!((told[1].label.as_str(), told[1].share), ("b", 1.0));
    }

    #[test]
    fn shares_of_a_total_are_as_by_hand() {
        // │w y│: 6, 4, nothing, 10 in all; b: 5 alone.
        let weights = [2.0, 4.0, 9.0, 1.0].map(Some);
        let answers = [Some(3.0), Some(-1.0), None, Some(5.0)];
        let parts = Codes::from_labels(["a", "a", "a", "b"]);
        let told = weighty(&weights, &answers, &parts, 5);
        let rows: Vec<(u64, f64)> = told.iter().map(|one| (one.row, one.share)).collect();
        assert_eq!(rows, [(1, 0.6), (2, 0.4), (4, 1.0)]);
        assert_eq!(weighty(&weights, &answers, &parts, 1).len(), 2);
    }
}
