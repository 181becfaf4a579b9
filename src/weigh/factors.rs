//! Weights that were made in steps: what each factor did, and whether they make the weight.

use serde::{Deserialize, Serialize};

use super::quality::{kish, quarters};
use crate::math::sum;

/// By how much a weight may differ from the product of its factors, relative to the larger of the two.
pub const WITHIN: f64 = 1e-12;

/// The weights after one factor: the product of all factors so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct After {
    /// The factor's name.
    pub factor: String,
    /// Rows with a product above 0.
    pub rows: u64,
    /// Rows without one: this factor or one before it is blank.
    pub missing: u64,
    /// The sum of the products.
    pub total: f64,
    /// The smallest product above 0, if there is one.
    pub smallest: Option<f64>,
    /// The largest.
    pub largest: Option<f64>,
    /// A quarter of the products above 0 are this much or less, half of them, three quarters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarters: Option<[f64; 3]>,
    /// Kish's design effect of the products above 0: the effect of unequal weighting.
    pub kish: Option<f64>,
    /// This one over that of the step before; nothing for the first.
    pub ratio: Option<f64>,
    /// The number of rows of equal weight that would tell as much.
    pub effective: Option<f64>,
    /// Kish's design effect over the rows that still have a product above 0 after the last factor, so
    /// that steps may be compared where some of them drop rows.
    pub kept: Option<f64>,
}

/// A row whose weight is not the product of its factors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unequal {
    /// The row.
    pub row: u64,
    /// Its id, where ids are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its weight, if it has one.
    pub weight: Option<f64>,
    /// The product, if no factor is blank.
    pub product: Option<f64>,
    /// │weight − product│ over the larger of the two; nothing where one is missing.
    pub relative: Option<f64>,
}

/// What factors make of weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// After each factor, in order.
    pub steps: Vec<After>,
    /// Rows whose weight is not the product, those without one of the two first, then by relative
    /// difference, the largest first.
    pub unequal: Vec<Unequal>,
}

/// Multiplies factors, one after another, and compares the last product with the weights. A weight
/// and a product are the same if they differ by no more than [`WITHIN`] of the larger, or if a row
/// has neither.
///
/// # Formula
///
/// ```text
/// w_k = f_1 f_2 … f_k        UWE_k = n Σ w_k² / (Σ w_k)²        ratio_k = UWE_k / UWE_{k−1}
/// ```
///
/// # Source
///
/// Kish (1992), for each product as if it were the weight.
///
/// # Example
///
/// ```
/// use canvass::weigh::factors::factors;
/// let (base, response) = ([2.0, 2.0].map(Some), [1.0, 3.0].map(Some));
/// let told = factors(&[("base", &base), ("response", &response)], &[Some(2.0), Some(5.0)]);
/// assert_eq!(told.steps[1].kish, Some(1.25));
/// assert_eq!(told.steps[1].ratio, Some(1.25));
/// assert_eq!((told.unequal[0].row, told.unequal[0].product), (2, Some(6.0)));
/// ```
///
/// # Panics
///
/// If columns differ in length: our own bug.
#[must_use]
pub fn factors(columns: &[(&str, &[Option<f64>])], weights: &[Option<f64>]) -> Factors {
    let mut products: Vec<Vec<Option<f64>>> = Vec::with_capacity(columns.len());
    for (_, column) in columns {
        assert_eq!(column.len(), weights.len(), "a factor for each weight");
        products.push(match products.last() {
            None => column.to_vec(),
            Some(before) => before
                .iter()
                .zip(*column)
                .map(|(product, factor)| product.zip(*factor).map(|(p, f)| p * f))
                .collect(),
        });
    }
    let Some(last) = products.last() else {
        return Factors {
            steps: Vec::new(),
            unequal: Vec::new(),
        };
    };
    let mut steps: Vec<After> = Vec::with_capacity(columns.len());
    for ((name, _), product) in columns.iter().zip(&products) {
        let before = steps.last().and_then(|step| step.kish);
        steps.push(after(name, product, last, before));
    }
    Factors {
        unequal: unequal(weights, last),
        steps,
    }
}

fn after(name: &str, product: &[Option<f64>], last: &[Option<f64>], before: Option<f64>) -> After {
    let above = |weight: &Option<f64>| weight.filter(|weight| *weight > 0.0);
    let mine: Vec<f64> = product.iter().filter_map(above).collect();
    let kept = product
        .iter()
        .zip(last)
        .filter(|(_, last)| above(last).is_some());
    let kish_of = kish(mine.iter().copied());
    After {
        factor: name.to_owned(),
        rows: mine.len() as u64,
        missing: product.iter().filter(|weight| weight.is_none()).count() as u64,
        total: sum(product.iter().flatten().copied()),
        smallest: mine.iter().copied().reduce(f64::min),
        largest: mine.iter().copied().reduce(f64::max),
        effective: kish_of.map(|kish| mine.len() as f64 / kish),
        quarters: quarters(mine),
        kish: kish_of,
        ratio: kish_of.zip(before).map(|(now, before)| now / before),
        kept: kish(kept.filter_map(|(weight, _)| *weight)),
    }
}

fn unequal(weights: &[Option<f64>], products: &[Option<f64>]) -> Vec<Unequal> {
    let mut found: Vec<Unequal> = (1..)
        .zip(weights.iter().zip(products))
        .filter_map(|(row, (&weight, &product))| {
            let relative = weight
                .zip(product)
                .map(|(a, b)| super::differ::relative(a, b));
            let same = match relative {
                Some(relative) => relative <= WITHIN,
                None => weight.is_none() && product.is_none(),
            };
            (!same).then_some(Unequal {
                row,
                id: None,
                weight,
                product,
                relative,
            })
        })
        .collect();
    let size = |one: &Unequal| one.relative.unwrap_or(f64::INFINITY);
    found.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.row.cmp(&b.row)));
    found
}

#[cfg(test)]
mod tests {
    use super::factors;

    const BASE: [f64; 5] = [10.0, 10.0, 20.0, 20.0, 40.0];
    const RESPONSE: [f64; 5] = [1.5, 0.0, 1.2, 1.5, 1.25];
    const KNOWN: [f64; 5] = [0.9, 1.0, 1.1, 1.05, 0.8];

    #[test]
    fn each_factor_tells_what_it_cost_as_in_r() {
        let [base, response, known] = [BASE, RESPONSE, KNOWN].map(|column| column.map(Some));
        let weights = [Some(13.5), Some(0.0), Some(26.4), Some(31.5), Some(40.0)];
        let named: [(&str, &[Option<f64>]); 3] =
            [("base", &base), ("nr", &response), ("cal", &known)];
        let told = factors(&named, &weights);
        // R 4.2.2: tests/data/cards/make.R
        let kish = [1.3, 1.186_639_361_627_003_7, 1.118_927_055_365_206_6];
        let total = [100.0, 119.0, 111.4];
        for ((step, kish), total) in told.steps.iter().zip(kish).zip(total) {
            assert!((step.kish.expect("weights") - kish).abs() < 1e-14);
            assert!((step.total - total).abs() < 1e-12);
        }
        let ratio = told.steps[2].ratio.expect("a step before");
        assert!((ratio - kish[2] / kish[1]).abs() < 1e-14);
        assert!((told.steps[0].kept.expect("weights") - 1.234_567_901_234_567_8).abs() < 1e-14);
        assert_eq!((told.steps[0].rows, told.steps[1].rows), (5, 4));
        assert!(told.unequal.is_empty(), "{:?}", told.unequal);
    }

    #[test]
    fn rows_whose_weight_is_another_are_named_blanks_first() {
        let base = [Some(2.0), Some(2.0), None, None, Some(3.0)];
        let more = [Some(1.5), Some(1.5), Some(1.0), Some(1.0), Some(1.0)];
        let weights = [Some(3.0), Some(3.0 + 1e-11), Some(2.0), None, Some(6.0)];
        let told = factors(&[("base", &base), ("more", &more)], &weights);
        let rows: Vec<(u64, Option<f64>)> = told
            .unequal
            .iter()
            .map(|one| (one.row, one.product))
            .collect();
        assert_eq!(rows, [(3, None), (5, Some(3.0)), (2, Some(3.0))]);
        assert_eq!(told.unequal[1].relative, Some(0.5));
        assert_eq!((told.steps[0].missing, told.steps[1].missing), (2, 2));
    }
}
