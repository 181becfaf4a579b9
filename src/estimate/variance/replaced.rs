//! Units drawn with replacement.

use super::groups::Group;
use super::{Chances, Lonely, Rule};
use crate::estimate::Unknown;
use crate::frame::Codes;
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "replaced",
    title: Words::new("Variance with replacement", "有放回抽样的方差"),
    says: Words::new(
        "Every hit is a draw of its own from the whole stratum, so that hits vary around their mean as if \
         the list had no end. For units drawn with replacement; too much rather than too little for units \
         drawn without.",
        "每次命中都是对整层的一次独立抽取，方差由各次命中围绕其均值的离散程度得到，不作有限总体校正。\
         适用于有放回抽样；用于不放回抽样时偏保守。",
    ),
    formula: "V̂ = Σ_h n/(n − 1) Σ (t − t̄)²,  over hits",
    sources: &[
        Source::new("Hansen, Hurwitz (1943)"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§2.9"),
    ],
};

/// Hits from strata, drawn with replacement.
///
/// # Example
///
/// The second unit was hit twice, and its score is what both hits come to:
///
/// ```
/// use canvass::estimate::variance::{Replaced, Rule};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town"; 2]);
/// let rule = Replaced::of(&stratum, &[true; 2]).hit(vec![1, 2]);
/// // Hits of 1, 4, 4: 3/2 · (2² + 1² + 1²)
/// assert_eq!(rule.variance(&[1.0, 8.0], &[0, 1]), Ok(9.0));
/// assert_eq!(rule.degrees(&[0, 1]), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Replaced<'a> {
    chances: Chances<'a>,
    hits: Vec<u32>,
}

impl<'a> Replaced<'a> {
    /// Rows with these strata, one for each hit; `worked` says which were released.
    ///
    /// # Panics
    ///
    /// If columns differ in length: our own bug.
    #[must_use]
    pub fn of(stratum: &'a Codes, worked: &[bool]) -> Replaced<'a> {
        Replaced {
            hits: vec![1; worked.len()],
            chances: Chances::of_hits(stratum, worked),
        }
    }

    /// Where a row stands for several hits: how many. Its score is what all of them come to.
    ///
    /// # Panics
    ///
    /// If there is not a number above 0 for each row: our own bug.
    #[must_use]
    pub fn hit(self, hits: Vec<u32>) -> Replaced<'a> {
        assert!(
            hits.len() == self.hits.len() && hits.iter().all(|&hits| hits > 0),
            "every row was hit"
        );
        Replaced { hits, ..self }
    }

    /// What strata with a single row are taken for.
    #[must_use]
    pub fn taking(self, lonely: Lonely) -> Replaced<'a> {
        Replaced {
            chances: self.chances.taking(lonely),
            ..self
        }
    }

    fn part(&self, group: &Group, scores: &[f64]) -> f64 {
        let hits = |unit: usize| f64::from(self.hits[unit]);
        let mut each: Vec<(f64, f64)> = (group.open.iter())
            .map(|&unit| unit as usize)
            .map(|unit| (hits(unit), scores[unit] / hits(unit)))
            .collect();
        each.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let n = sum(each.iter().map(|(hits, _)| *hits));
        let mean = sum(each.iter().map(|(hits, t)| hits * t)) / n;
        n / (n - 1.0) * sum(each.iter().map(|(hits, t)| hits * (t - mean).powi(2)))
    }
}

impl Rule for Replaced<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    ///            n_h
    /// V̂ = Σ_h ─────── Σ_hits (t − t̄_h)²
    ///          n_h − 1
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unknown::LonelyStratum`] names strata with a single row, unless they are to be taken for
    /// something; [`Unknown::OneAnswer`] if the figure is the mean of one answer.
    ///
    /// # Source
    ///
    /// Hansen, Hurwitz (1943); Särndal, Swensson, Wretman (1992), §2.9.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        self.chances
            .variance(scores, answered, &|group| Ok(self.part(group, scores)))
    }

    /// Hits less strata, over rows that count.
    ///
    /// # Formula
    ///
    /// ```text
    /// ν = n − H
    /// ```
    ///
    /// # Source
    ///
    /// Korn, Graubard (1999), §5.2.
    fn degrees(&self, answered: &[usize]) -> u64 {
        let again: u64 = answered
            .iter()
            .map(|&row| u64::from(self.hits[row]) - 1)
            .sum();
        self.chances.degrees(answered) + again
    }
}
