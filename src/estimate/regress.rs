//! What an answer goes together with: linear and generalised linear models, with the design's variances.
//!
//! ```text
//! minutes ~ age + C(region) + age:region
//! ```
//!
//! A model is fitted to the population that the weights stand for; its coefficients are figures of that
//! population, and have one score for each drawn unit like any other. So every design rule and every
//! weighting step serves a regression too, and a subgroup is a mask.
//!
//! - [`Formula`] says what is explained by what; [`Family`] by which law and link.
//! - [`Regression::fit`] gives a [`Fit`]: coefficients, tests of terms, and their covariance.
//! - Terms that are made of others, levels that decide the answer alone, and fits that do not settle are
//!   errors that name the term.

mod elsewhere;

mod error;

mod family;

mod fit;

mod formula;

mod matrix;

mod rounds;

pub(crate) use elsewhere::{Tongue, Variable};
pub use error::Error;
pub use family::{Family, Law, Link};
pub use fit::{Coefficient, Fit, Wald};
pub use formula::Formula;

use super::expression::Table;
use super::variance::replicate::Replicated;
use super::{Domain, Estimator};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "regression",
    title: Words::new("Regression", "回归"),
    says: Words::new(
        "What an answer goes together with, each term while the others are held fixed: a linear model, or \
         one for shares, counts or amounts. Weights make it a model of the population; standard errors come \
         from the design, and do not rest on the model being right.",
        "在其他项不变的条件下，某项回答与各项的关系：可为线性模型，也可为比例、计数或金额的广义线性模型。\
         加权后拟合的是总体的模型；标准误由抽样设计得出，不以模型正确为前提。",
    ),
    formula: "Σ w x μ′ (y − μ)/V(μ) = 0,  μ = g⁻¹(x′β);  z = A⁻¹ x μ′ (y − μ)/V(μ),  A = Σ w x x′ μ′²/V(μ)",
    sources: &[
        Source::new("Binder (1983)"),
        Source::new("McCullagh, Nelder (1989)"),
        Source::at("Lumley (2010)", "ch. 5 and 6"),
    ],
};

/// What the test of a term says of itself.
pub const WALD: Card = Card {
    key: "wald",
    title: Words::new("Test of a term", "项的 Wald 检验"),
    says: Words::new(
        "Whether all coefficients of a term could be 0 at once. A term of several levels has one such test; \
         looking at its levels one by one finds differences too often.",
        "检验某项的全部系数是否可能同时为0。含多个水平的项应作一次整体检验，逐个水平查看会过多地发现差异。",
    ),
    formula: "F = β′ V̂⁻¹ β / q  beside F(q, ν + 1 − p)",
    sources: &[
        Source::new("Lumley (2010)"),
        Source::at("Korn, Graubard (1999)", "§3.4"),
    ],
};

/// A model that is to be fitted.
///
/// # Example
///
/// ```
/// use canvass::estimate::expression::Table;
/// use canvass::estimate::regress::{Family, Formula, Regression};
/// use canvass::estimate::variance::{Clusters, Design};
/// use canvass::estimate::{Domain, Estimator};
/// use canvass::weigh::Ledger;
///
/// let table = Table::default()
///     .with_numbers("minutes", [1.0, 3.0, 4.0, 8.0].map(Some).to_vec())
///     .with_numbers("age", [20.0, 30.0, 40.0, 50.0].map(Some).to_vec());
/// let ledger = Ledger::given(vec![10.0; 4])?;
/// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
/// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
///
/// let formula = Formula::parse("minutes ~ age").expect("a formula");
/// let model = Regression::of(&formula, &table, Family::GAUSSIAN);
/// let fit = model.fit(&estimator, &Domain::all()).expect("four answers");
/// assert_eq!(fit.coefficients[1].name, "age");
/// assert!((fit.coefficients[1].value - 0.22).abs() < 1e-12);
/// # Ok::<(), canvass::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Regression<'a> {
    formula: &'a Formula,
    table: &'a Table,
    family: Family,
}

impl<'a> Regression<'a> {
    /// Of a formula over the columns of a table.
    #[must_use]
    pub fn of(formula: &'a Formula, table: &'a Table, family: Family) -> Regression<'a> {
        Regression {
            formula,
            table,
            family,
        }
    }

    /// Fits the model to a part of the population. Rows that lack an answer it needs are left out and
    /// counted; they stay in the design, as rows outside the domain do.
    ///
    /// # Errors
    ///
    /// [`Error`] names the column, the term or the row at fault.
    pub fn fit(&self, estimator: &Estimator<'_>, domain: &Domain<'_>) -> Result<Fit, Error> {
        fit::fit(self, estimator, domain)
    }

    /// The same with variances from replicates: weighting steps are taken again for each, and the model is
    /// fitted anew with the weights that they give.
    ///
    /// # Errors
    ///
    /// As [`Regression::fit`].
    pub fn fit_anew(&self, replicated: &Replicated<'_>, domain: &Domain<'_>) -> Result<Fit, Error> {
        fit::fit_anew(self, replicated, domain)
    }
}

#[cfg(test)]
pub(super) mod api;

#[cfg(test)]
mod tests;
