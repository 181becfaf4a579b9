//! Whether shares are those that were expected.

use super::association::{Totals, image};
use super::cell::{Grid, Part};
use super::{Category, RaoScott, Untested};
use crate::estimate::{Domain, Estimator};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "fit",
    title: Words::new("Goodness of fit", "拟合优度检验"),
    says: Words::new(
        "Whether the shares of a question's categories are those that were expected: Pearson's X², \
         corrected by the design effects of what the categories differ by.",
        "检验某题各类别的比例是否与预期一致：计算Pearson X²，并以各类别偏差的设计效应加以校正。",
    ),
    formula: "X² = n Σ (p_k − π_k)² / π_k;  λ the eigenvalues of n V̂( (N̂_k − N̂ π_k) / √(N̂ π_k) ) / N̂",
    sources: &[
        Source::new("Rao, Scott (1984)"),
        Source::new("Thomas, Rao (1987)"),
    ],
};

/// The test of whether shares are those that were expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The question.
    pub question: String,
    /// For whom: the domain's label.
    pub domain: String,
    /// Respondents.
    pub answers: u64,
    /// What was found and expected, category by category.
    pub shares: Vec<(f64, f64)>,
    /// Pearson's X².
    pub pearson: RaoScott,
}

impl Fit {
    /// Tests the shares of a question's categories, among people of a domain. `expected` has a number
    /// above 0 per category, in their order; they are taken in proportion to their sum.
    ///
    /// # Formula
    ///
    /// ```text
    /// X² = n Σ_k (p_k − π_k)² / π_k
    ///
    /// λ = eigenvalues of n/N̂ · V̂(Y),   Y_k = (N̂_k − N̂ π_k) / √(N̂ π_k)
    /// ```
    ///
    /// # Errors
    ///
    /// [`Untested`] says why there is no test.
    ///
    /// # Source
    ///
    /// Rao, Scott (1984). As `svygofchisq` of R's `survey`, whose X² and λ are those here times N̂ / n: it
    /// takes the people for respondents. Its p is that of [`RaoScott::satterthwaite`].
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::estimate::variance::{Clusters, Design};
    /// use canvass::estimate::{Category, Domain, Estimator, Fit};
    /// use canvass::frame::Codes;
    /// use canvass::weigh::Ledger;
    ///
    /// let ledger = Ledger::given(vec![10.0; 8])?;
    /// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
    /// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    /// let said = Codes::from_labels(["no", "no", "yes", "yes", "yes", "yes", "yes", "yes"]);
    /// let said = Category::column("said", &said);
    ///
    /// let fit = Fit::of(&estimator, &said, &[0.5, 0.5], &Domain::all()).expect("two categories");
    /// // 8 · 2 · (1/4)² / (1/2)
    /// assert!((fit.pearson.statistic - 2.0).abs() < 1e-12);
    /// assert_eq!(fit.pearson.effects.len(), 1);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn of(
        estimator: &Estimator<'_>,
        question: &Category,
        expected: &[f64],
        domain: &Domain<'_>,
    ) -> Result<Fit, Untested> {
        let categories = question.labels().len();
        let given = expected.iter().filter(|share| **share > 0.0).count();
        if given != categories || expected.len() != categories {
            return Err(Untested::Shares {
                question: question.name().to_owned(),
                categories,
                given,
            });
        }
        let grid = Grid::of(estimator, [question, question], domain);
        if categories < 2 || grid.rows.is_empty() {
            return Err(Untested::OneCategory {
                question: question.name().to_owned(),
                domain: domain.label().to_owned(),
                levels: grid.rows.len(),
            });
        }
        let cells: Vec<_> = (0..categories)
            .map(|k| grid.indicator(Part::People, (Some(k), None)))
            .collect();
        let Totals {
            people: totals,
            covariance,
            df,
        } = Totals::of(estimator, &cells, domain)?;
        let whole = sum(expected.iter().copied());
        let expected: Vec<f64> = expected.iter().map(|share| share / whole).collect();
        let answers = grid.answers.iter().flatten().sum();
        let people = sum(totals.iter().copied());
        let lines = lines(&totals, &expected, answers as f64 / people);
        let mut effects: Vec<f64> = image(&covariance, &lines)
            .eigen()
            .unwrap_or_default()
            .into_iter()
            .map(|(value, _)| value.max(0.0))
            .collect();
        // Shares add up to 1, so one direction does not vary.
        effects.pop();
        if effects.first().is_none_or(|largest| *largest <= 1e-12) {
            return Err(Untested::NothingVaries {
                rows: question.name().to_owned(),
                columns: "expected".to_owned(),
            });
        }
        let shares: Vec<(f64, f64)> = totals.iter().map(|n| n / people).zip(expected).collect();
        let each = |&(found, expected): &(f64, f64)| (found - expected).powi(2) / expected;
        Ok(Fit {
            question: question.name().to_owned(),
            domain: domain.label().to_owned(),
            answers,
            pearson: RaoScott {
                statistic: answers as f64 * sum(shares.iter().map(each)),
                effects,
                df,
            },
            shares,
        })
    }
}

/// What Y asks of totals, times √(n/N̂).
///
/// # Formula
///
/// ```text
/// ∂Y_k/∂N̂_j = ( 1[j = k] − (N̂_k + E_k) / (2 N̂) ) / √E_k,   E_k = N̂ π_k
/// ```
///
/// # Source
///
/// Rao, Scott (1984); R's `survey` takes E_k for uncertain too, and so it is here.
fn lines(totals: &[f64], expected: &[f64], scale: f64) -> Vec<Vec<f64>> {
    let people = sum(totals.iter().copied());
    (0..totals.len())
        .map(|k| {
            let wanted = people * expected[k];
            let common = (totals[k] + wanted) / (2.0 * people);
            let entry = |j: usize| f64::from(u8::from(j == k)) - common;
            (0..totals.len())
                .map(|j| scale.sqrt() * entry(j) / wanted.sqrt())
                .collect()
        })
        .collect()
}
