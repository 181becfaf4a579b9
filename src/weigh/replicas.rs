//! Replicate weights beside the weights that they are replicates of.

use serde::{Deserialize, Serialize};

use crate::math::{Sum, sum};

/// One column of replicate weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replica {
    /// The column.
    pub column: String,
    /// Rows with a full weight above 0 and no replicate weight.
    pub missing: u64,
    /// Rows with a full weight above 0 and replicate weight 0.
    pub zero: u64,
    /// Rows with a replicate weight below 0.
    pub negative: u64,
    /// Rows with a replicate weight other than 0, and a full weight that is blank, 0 or less.
    pub beyond: u64,
    /// The sum of the replicate weights over that of the full weights, over rows that have both.
    pub ratio: Option<f64>,
    /// The smallest replicate weight over its full weight.
    pub least: Option<f64>,
    /// The largest.
    pub most: Option<f64>,
    /// Whether it is the full weight, row by row.
    pub as_full: bool,
    /// The first column before it that is the same, row by row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
}

/// The mean over replicates beside the full weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// Rows with a full weight above 0 and all replicate weights.
    pub rows: u64,
    /// The sum of the means over that of the full weights.
    pub ratio: f64,
    /// The spread of the columns' own ratios: their standard deviation. Nothing for a single column.
    pub spread: Option<f64>,
    /// Rows whose mean is another than the full weight, within a tolerance.
    pub off: u64,
    /// The largest relative difference of a row's mean.
    pub largest: f64,
    /// The row that has it.
    pub row: u64,
    /// Its id, where ids are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// All columns of replicate weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replicas {
    /// Each, in their order.
    pub columns: Vec<Replica>,
    /// Their mean; nothing without a row that has all of them.
    pub mean: Option<Mean>,
}

/// Looks at replicate weights. A row's mean is the full weight if it differs by no more than `within`
/// of it.
///
/// ```
/// use canvass::weigh::replicas::replicas;
/// let full = [2.0, 2.0].map(Some);
/// let (one, other) = ([4.0, 0.0].map(Some), [0.0, 4.0].map(Some));
/// let told = replicas(&full, &[("r1", &one), ("r2", &other)], 1e-9);
/// assert_eq!((told.columns[0].zero, told.columns[0].ratio), (1, Some(1.0)));
/// assert_eq!(told.mean.expect("rows").off, 0);
/// ```
///
/// # Panics
///
/// If columns differ in length: our own bug.
#[must_use]
pub fn replicas(full: &[Option<f64>], columns: &[(&str, &[Option<f64>])], within: f64) -> Replicas {
    let mut told: Vec<Replica> = Vec::with_capacity(columns.len());
    for (place, (name, column)) in columns.iter().enumerate() {
        assert_eq!(
            column.len(),
            full.len(),
            "a replicate weight for each weight"
        );
        let twin = columns[..place].iter().find(|(_, before)| before == column);
        let same_as = twin.map(|(name, _)| (*name).to_owned());
        told.push(Replica {
            same_as,
            ..replica(name, full, column)
        });
    }
    let mean = mean_of(full, columns, within);
    Replicas {
        columns: told,
        mean,
    }
}

fn replica(name: &str, full: &[Option<f64>], column: &[Option<f64>]) -> Replica {
    let above = |weight: Option<f64>| weight.filter(|weight| *weight > 0.0);
    let pairs = || full.iter().copied().zip(column.iter().copied());
    let count = |is: &dyn Fn(Option<f64>, Option<f64>) -> bool| {
        pairs().filter(|(full, mine)| is(*full, *mine)).count() as u64
    };
    let both = || pairs().filter_map(|(full, mine)| above(full).zip(mine));
    let (of_full, of_mine) = (
        sum(both().map(|(full, _)| full)),
        sum(both().map(|(_, mine)| mine)),
    );
    let factors = || both().map(|(full, mine)| mine / full);
    Replica {
        column: name.to_owned(),
        missing: count(&|full, mine| above(full).is_some() && mine.is_none()),
        zero: count(&|full, mine| {
            above(full).is_some() && mine.is_some_and(|mine| mine.abs() <= 0.0)
        }),
        negative: count(&|_, mine| mine.is_some_and(|mine| mine < 0.0)),
        beyond: count(&|full, mine| {
            above(full).is_none() && mine.is_some_and(|mine| mine.abs() > 0.0)
        }),
        ratio: (of_full > 0.0).then(|| of_mine / of_full),
        least: factors().reduce(f64::min),
        most: factors().reduce(f64::max),
        as_full: full == column,
        same_as: None,
    }
}

fn mean_of(full: &[Option<f64>], columns: &[(&str, &[Option<f64>])], within: f64) -> Option<Mean> {
    let count = columns.len() as f64;
    let (mut of_full, mut of_means) = (Sum::default(), Sum::default());
    let mut each = vec![Sum::default(); columns.len()];
    let (mut rows, mut off, mut worst) = (0, 0, (0.0, 0));
    for (row, weight) in full.iter().enumerate() {
        let all: Option<Vec<f64>> = columns.iter().map(|(_, column)| column[row]).collect();
        let Some((weight, all)) = weight.filter(|weight| *weight > 0.0).zip(all) else {
            continue;
        };
        let mean = sum(all.iter().copied()) / count;
        let apart = (mean / weight - 1.0).abs();
        rows += 1;
        off += u64::from(apart > within);
        if rows == 1 || apart > worst.0 {
            worst = (apart, row as u64 + 1);
        }
        of_full.add(weight);
        of_means.add(mean);
        each.iter_mut()
            .zip(&all)
            .for_each(|(sum, mine)| sum.add(*mine));
    }
    let ratio = of_means.value() / of_full.value();
    let squares = sum(each
        .iter()
        .map(|sum| (sum.value() / of_full.value() - ratio).powi(2)));
    (rows > 0 && !columns.is_empty()).then(|| Mean {
        rows,
        ratio,
        spread: (columns.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
        off,
        largest: worst.0,
        row: worst.1,
        id: None,
    })
}

#[cfg(test)]
mod tests {
    use super::replicas;

    #[test]
    fn what_is_wrong_with_a_column_is_counted() {
        let full = [Some(2.0), Some(4.0), Some(0.0), None, Some(4.0)];
        let odd = [Some(-1.0), None, Some(3.0), Some(1.0), Some(0.0)];
        let told = replicas(
            &full,
            &[("full", &full), ("odd", &odd), ("again", &odd)],
            1e-9,
        );
        assert!(told.columns[0].as_full && !told.columns[1].as_full);
        let odd = &told.columns[1];
        assert_eq!(
            (odd.missing, odd.zero, odd.negative, odd.beyond),
            (1, 1, 1, 2)
        );
        // −1 of 6: the second row has no replicate weight.
        assert_eq!(
            (odd.ratio, odd.least, odd.most),
            (Some(-1.0 / 6.0), Some(-0.5), Some(0.0))
        );
        assert_eq!(told.columns[2].same_as.as_deref(), Some("odd"));
    }

    #[test]
    fn the_mean_of_a_jackknife_is_the_weight_and_of_a_bootstrap_need_not_be() {
        let full = [2.0, 4.0, 6.0].map(Some);
        let left_out = |out: usize| {
            let mut column = full;
            for (row, weight) in column.iter_mut().enumerate() {
                *weight = weight.map(|w| if row == out { 0.0 } else { 1.5 * w });
            }
            column
        };
        let [a, b, c] = [0, 1, 2].map(left_out);
        let told = replicas(&full, &[("a", &a), ("b", &b), ("c", &c)], 1e-12)
            .mean
            .expect("rows");
        assert_eq!((told.rows, told.off), (3, 0));
        assert!((told.ratio - 1.0).abs() < 1e-15);
        // Ratios 15/12, 12/12 and 9/12.
        assert!((told.spread.expect("three columns") - 0.25).abs() < 1e-15);
        let told = replicas(&full, &[("a", &a), ("b", &b)], 1e-12)
            .mean
            .expect("rows");
        // Means 1.5, 3 and 9 of 2, 4 and 6.
        assert_eq!((told.off, told.row, told.largest), (3, 3, 0.5));
        assert!((told.ratio - 13.5 / 12.0).abs() < 1e-15);
    }
}
