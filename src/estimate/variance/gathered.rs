//! Clusters of one stage that were taken whole: what their rows come to is the score of a unit.

use super::Rule;
use crate::estimate::Unknown;
use crate::math::Sum;
use crate::method::Card;

/// Of what rows add, so much may be left of a cluster that comes to 0: rounding.
const NOTHING: f64 = 1e-12;

/// A rule for units, where the rows of a table stand in them.
///
/// # Example
///
/// Two villages were drawn, and everybody in them was asked:
///
/// ```
/// use canvass::estimate::variance::{Chances, Gathered, Rule, Unequal};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["coast"; 2]);
/// let villages = Unequal::of(Chances::given(&stratum, &[0.5, 0.5])?);
/// let names = ["a", "b"].map(String::from).to_vec();
/// let rule = Gathered::of(Box::new(villages), vec![0, 0, 1], names, vec![true; 2]);
/// // Villages come to 1 and 5: (1 − 2/4) · 2/1 · (2² + 2²)
/// assert_eq!(rule.variance(&[0.5, 0.5, 5.0], &[0, 1, 2]), Ok(8.0));
/// assert_eq!(rule.degrees(&[0, 1, 2]), 1);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug)]
pub struct Gathered<'a> {
    rule: Box<dyn Rule + 'a>,
    unit: Vec<u32>,
    names: Vec<String>,
    open: Vec<bool>,
}

impl<'a> Gathered<'a> {
    /// For rows, each in the unit of that place; `names` are what a person calls the units, and `open` are
    /// those of which chance decided.
    ///
    /// # Panics
    ///
    /// If a row is in a unit that has no name: our own bug.
    #[must_use]
    pub fn of(
        rule: Box<dyn Rule + 'a>,
        unit: Vec<u32>,
        names: Vec<String>,
        open: Vec<bool>,
    ) -> Gathered<'a> {
        let named = |unit: &u32| (*unit as usize) < names.len();
        assert!(unit.iter().all(named), "every unit has a name");
        assert_eq!(names.len(), open.len(), "every unit is open or not");
        Gathered {
            rule,
            unit,
            names,
            open,
        }
    }

    /// The units of rows, in order, each once.
    fn units(&self, rows: &[usize]) -> Vec<usize> {
        let mut units: Vec<usize> = rows.iter().map(|&row| self.unit[row] as usize).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Says so if a figure is the mean of a single unit: it is always where it is.
    fn single(&self, units: &[usize], scores: &[f64], answered: &[usize]) -> Result<(), Unknown> {
        let [only] = *units else { return Ok(()) };
        let size: f64 = answered.iter().map(|&row| scores[row].abs()).sum();
        let whole: f64 = answered.iter().map(|&row| scores[row]).sum();
        if !self.open[only] || whole.abs() > NOTHING * size {
            return Ok(());
        }
        Err(match answered.len() {
            1 => Unknown::OneAnswer,
            _ => Unknown::OneCluster {
                cluster: self.names[only].clone(),
            },
        })
    }
}

impl Rule for Gathered<'_> {
    fn card(&self) -> &'static Card {
        self.rule.card()
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂(Σ t) = V̂_units(t_c),   t_c = Σ_{i∈c} t_i
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unknown::OneAnswer`] and [`Unknown::OneCluster`] if the figure is the mean of one answer or of one
    /// cluster; else those of the rule for units.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §4.2.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        let units = self.units(answered);
        self.single(&units, scores, answered)?;
        let mut totals = vec![Sum::default(); self.names.len()];
        for (&unit, &score) in self.unit.iter().zip(scores) {
            totals[unit as usize].add(score);
        }
        let totals: Vec<f64> = totals.iter().map(Sum::value).collect();
        self.rule.variance(&totals, &units)
    }

    /// Those of the rule for units, over the units that count.
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.rule.degrees(&self.units(answered))
    }
}
