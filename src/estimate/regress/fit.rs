//! A fitted model: its coefficients, how sure they are, and which terms matter.

use serde::{Deserialize, Serialize};

use super::matrix::Matrix;
use super::rounds::{self, Fitted};
use super::{CARD, Error, Regression};
use crate::estimate::covariance::{Joint, joint};
use crate::estimate::variance::replicate::Replicated;
use crate::estimate::{Domain, Estimator, Evaluated, Statistic, Unknown, View, interval};
use crate::math::solve::{Solver, Symmetric};
use crate::math::{distribution, sum};
use crate::method::Card;

/// One coefficient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// `(intercept)`, `age`, `region[north]`, `region[north]:age`.
    pub name: String,
    /// Its term; none for the intercept.
    pub term: Option<String>,
    /// β̂, in units of the link for each unit of its column.
    pub value: f64,
    /// The standard error, if the variance is known.
    pub se: Option<f64>,
    /// β̂ over its standard error.
    pub t: Option<f64>,
    /// P(│T│ > │t│) with the degrees of freedom of the fit.
    pub p: Option<f64>,
    /// The t interval.
    pub interval: Option<(f64, f64)>,
    /// e to the power of it, if that is a ratio: of odds with the logit, of means or rates with the log.
    pub ratio: Option<f64>,
    /// The interval of the ratio.
    pub ratio_interval: Option<(f64, f64)>,
}

/// Whether all coefficients of some terms could be 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wald {
    /// The terms.
    pub terms: Vec<String>,
    /// F; none if the covariance is unknown, or does not tell the coefficients apart.
    pub f: Option<f64>,
    /// q, the coefficients tested.
    pub above: u64,
    /// The degrees of freedom of the fit.
    pub below: u64,
    /// P(F > f).
    pub p: Option<f64>,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The formula.
    pub formula: String,
    /// The family: "binomial".
    pub family: String,
    /// For whom.
    pub domain: String,
    /// The coefficients, the intercept first.
    pub coefficients: Vec<Coefficient>,
    /// Why there are no standard errors, if there are none.
    pub unknown: Option<Unknown>,
    /// Ĉ of the coefficients, row by row; none where it is unknown.
    pub covariance: Vec<Vec<Option<f64>>>,
    /// One test for each term.
    pub tests: Vec<Wald>,
    /// The degrees of freedom of the design over the rows that count, + 1 − p; 0 at the least.
    pub df: u64,
    /// Rows that count.
    pub n: u64,
    /// Rows of the domain with a weight that lack an answer the model needs.
    pub left_out: u64,
    /// The variance of answers in units of V(μ), estimated.
    pub dispersion: f64,
    /// Twice what the likelihood lacks, with weights of mean 1 over the rows that count. R's `survey` has
    /// a mean of 1 over all rows.
    pub deviance: f64,
    /// Of the deviance of a model with the intercept alone, the share that the terms explain; for a
    /// linear model that is R². None without an intercept, or with an offset.
    pub explained: Option<f64>,
    /// Rounds it took.
    pub rounds: u32,
    /// The confidence of the intervals.
    pub confidence: f64,
}

impl Fit {
    /// Whether all coefficients of these terms could be 0 at once.
    ///
    /// # Formula
    ///
    /// ```text
    /// F = β′ V̂⁻¹ β / q  beside F(q, ν + 1 − p)
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoTerm`] if the model has no such term.
    ///
    /// # Source
    ///
    /// Lumley (2010), as `regTermTest` of R's `survey` has it. Korn, Graubard (1999), §3.4 divide by more.
    pub fn test(&self, terms: &[&str]) -> Result<Wald, Error> {
        let known: Vec<String> = self
            .tests
            .iter()
            .flat_map(|test| test.terms.clone())
            .collect();
        if let Some(term) = terms
            .iter()
            .find(|term| !known.iter().any(|known| known == *term))
        {
            return Err(Error::NoTerm {
                term: (*term).to_owned(),
                terms: known,
            });
        }
        Ok(self.wald(terms))
    }

    fn wald(&self, terms: &[&str]) -> Wald {
        let is_of = |coefficient: &Coefficient| {
            let term = coefficient.term.as_deref();
            term.is_some_and(|term| terms.contains(&term))
        };
        let places: Vec<usize> = (0..self.coefficients.len())
            .filter(|&place| is_of(&self.coefficients[place]))
            .collect();
        let f = self
            .square(&places)
            .map(|square| square / places.len() as f64);
        let (above, below) = (places.len() as u64, self.df);
        let p = f.filter(|_| below > 0);
        Wald {
            terms: terms.iter().map(|term| (*term).to_owned()).collect(),
            f,
            above,
            below,
            p: p.map(|f| distribution::f_above(f, above as f64, below as f64)),
        }
    }

    /// β′ V̂⁻¹ β; none if V̂ is unknown or blind to some direction.
    fn square(&self, places: &[usize]) -> Option<f64> {
        let mut matrix = Symmetric::zero(places.len());
        for (row, &i) in places.iter().enumerate() {
            for (column, &j) in places.iter().enumerate().take(row + 1) {
                matrix.add(row, column, self.covariance[i][j]?);
            }
        }
        let solver = Solver::new(&matrix).filter(|solver| solver.rank() == places.len())?;
        let values: Vec<f64> = places.iter().map(|&i| self.coefficients[i].value).collect();
        let solved = solver.solve(&values);
        Some(sum(values.iter().zip(&solved).map(|(b, x)| b * x)))
    }
}

/// A model fitted by some weights, without their variances.
struct Raw {
    matrix: Matrix,
    fitted: Fitted,
    weights: Vec<f64>,
}

impl Regression<'_> {
    /// What is fitted: a matrix, and a weight for each of its rows.
    fn prepared(&self, view: &View<'_>, domain: &Domain<'_>) -> Result<(Matrix, Vec<f64>), Error> {
        let matrix = Matrix::of(self.formula, self.table, view, domain)?;
        for (&unit, &y) in matrix.units.iter().zip(&matrix.response) {
            if let Some(needs) = self.family.refuses(y) {
                return Err(Error::OutOfRange {
                    response: self.formula.response.1.clone(),
                    value: y.to_string(),
                    row: unit,
                    family: self.family.to_string(),
                    needs,
                });
            }
            if view.weight(unit) < 0.0 {
                return Err(Error::NegativeWeight { row: unit });
            }
        }
        let weights: Vec<f64> = matrix.units.iter().map(|&unit| view.weight(unit)).collect();
        Ok((matrix, weights))
    }

    fn raw(&self, view: &View<'_>, domain: &Domain<'_>) -> Result<Raw, Error> {
        let (matrix, weights) = self.prepared(view, domain)?;
        let fitted = rounds::fit(&matrix, self.formula, &weights, self.family)?;
        Ok(Raw {
            matrix,
            fitted,
            weights,
        })
    }
}

/// One coefficient as a figure like any other.
struct Slope<'a> {
    model: &'a Regression<'a>,
    domain: &'a Domain<'a>,
    raw: &'a Raw,
    /// Units in view when `raw` was fitted, and their weights.
    seen: &'a [(usize, f64)],
    place: usize,
}

fn seen(view: &View<'_>) -> Vec<(usize, f64)> {
    view.units().map(|unit| (unit, view.weight(unit))).collect()
}

impl Raw {
    fn of(&self, place: usize, len: usize) -> Evaluated {
        let mut scores = vec![0.0; len];
        for (&unit, score) in self.matrix.units.iter().zip(&self.fitted.scores[place]) {
            scores[unit] = *score;
        }
        Evaluated {
            value: self.fitted.coefficients[place],
            scores,
            answered: self.matrix.units.clone(),
        }
    }
}

impl Statistic for Slope<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        format!(
            "{}: {}",
            self.model.formula.text, self.raw.matrix.names[self.place]
        )
    }

    /// With other weights, as replicates have them, the model is fitted anew.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let same =
            |(a, b): ((usize, f64), &(usize, f64))| a.0 == b.0 && a.1.to_bits() == b.1.to_bits();
        let now = seen(view);
        if now.len() == self.seen.len() && now.into_iter().zip(self.seen).all(same) {
            return Some(self.raw.of(self.place, view.len()));
        }
        let raw = self.model.raw(view, self.domain).ok()?;
        let known = raw.matrix.names == self.raw.matrix.names;
        known.then(|| raw.of(self.place, view.len()))
    }
}

/// Fits a model to a domain, and takes its variances from the design.
///
/// # Formula
///
/// ```text
/// V̂(β̂) = V_design( back₁( … back_k( w z ) ) ) + Σ extra_j,     ν = degrees of the design + 1 − p
/// ```
///
/// # Source
///
/// Binder (1983); degrees of freedom as `svyglm` of R's `survey` counts them: an intercept costs none.
pub(super) fn fit(
    model: &Regression<'_>,
    estimator: &Estimator<'_>,
    domain: &Domain<'_>,
) -> Result<Fit, Error> {
    let view = estimator.view(domain);
    fitted(model, &view, domain, |figures, raw| {
        let maker = |weights: &[f64], interviewed: &[bool]| {
            anew(model, &View::new(weights, interviewed, domain), domain, raw)
        };
        let made = estimator.anew_jointly(figures, Some(&maker));
        made.unwrap_or_else(|| joint(estimator, figures))
    })
}

/// The coefficients with the weights of a replicate; none if it lacks some, or has no end.
fn anew(
    model: &Regression<'_>,
    view: &View<'_>,
    domain: &Domain<'_>,
    raw: &Raw,
) -> Vec<Option<f64>> {
    let near = &raw.fitted.coefficients;
    let found = model
        .prepared(view, domain)
        .ok()
        .and_then(|(matrix, weights)| {
            let known = matrix.names == raw.matrix.names;
            let refit = || rounds::refit(&matrix, model.formula, &weights, model.family, near).ok();
            known.then(refit).flatten()
        });
    match found {
        Some(coefficients) => coefficients.into_iter().map(Some).collect(),
        None => vec![None; near.len()],
    }
}

/// The same with variances from replicates: the model is fitted anew with the weights of each.
///
/// # Formula
///
/// ```text
/// Ĉ(β̂) = c Σ_r c_r (β̂_r − β̂)(β̂_r − β̂)′
/// ```
///
/// # Source
///
/// Wolter (2007), §2.2 and §6.11.
pub(super) fn fit_anew(
    model: &Regression<'_>,
    replicated: &Replicated<'_>,
    domain: &Domain<'_>,
) -> Result<Fit, Error> {
    let view = replicated.view(domain);
    fitted(model, &view, domain, |figures, raw| {
        replicated.made(figures, &|weights: &[f64], interviewed: &[bool]| {
            anew(model, &View::new(weights, interviewed, domain), domain, raw)
        })
    })
}

/// Some figures, and how they vary together.
type Jointly<'f, 'd> = &'f [(&'f dyn Statistic, &'f Domain<'d>)];

fn fitted<'d>(
    model: &Regression<'_>,
    view: &View<'_>,
    domain: &Domain<'d>,
    jointly: impl Fn(Jointly<'_, 'd>, &Raw) -> Result<Joint, crate::estimate::Error>,
) -> Result<Fit, Error> {
    let raw = model.raw(view, domain)?;
    let seen = seen(view);
    let slopes: Vec<Slope<'_>> = (0..raw.matrix.names.len())
        .map(|place| Slope {
            model,
            domain,
            raw: &raw,
            seen: &seen,
            place,
        })
        .collect();
    let figures: Vec<(&dyn Statistic, &Domain<'_>)> = slopes
        .iter()
        .map(|slope| (slope as &dyn Statistic, domain))
        .collect();
    let too_few = |_| Error::TooFew {
        formula: model.formula.text.clone(),
        domain: domain.label().to_owned(),
        answers: raw.matrix.units.len(),
        coefficients: slopes.len(),
    };
    let joint = jointly(&figures, &raw).map_err(too_few)?;
    let df = (joint.df + 1).saturating_sub(slopes.len() as u64);
    let confidence = joint.figures[0].confidence;
    let coefficients = joint.figures.iter().enumerate().map(|(place, figure)| {
        let term = raw.matrix.term[place].map(|_| raw.matrix.term_of(place, model.formula));
        let ratios = model.family.has_ratios();
        let variance = figure.variance.as_ref().ok().copied();
        let name = raw.matrix.names[place].clone();
        coefficient(
            (name, term),
            figure.value,
            variance,
            (df, confidence),
            ratios,
        )
    });
    let unknown = joint
        .figures
        .iter()
        .find_map(|figure| figure.variance.clone().err());
    let mut fit = Fit {
        formula: model.formula.text.clone(),
        family: model.family.to_string(),
        domain: domain.label().to_owned(),
        coefficients: coefficients.collect(),
        unknown,
        covariance: joint.covariance,
        tests: Vec::new(),
        df,
        n: raw.matrix.units.len() as u64,
        left_out: raw.matrix.left_out,
        dispersion: dispersion(model, &raw),
        deviance: raw.fitted.deviance,
        explained: explained(model, &raw),
        rounds: raw.fitted.rounds,
        confidence,
    };
    fit.tests = model
        .formula
        .terms()
        .iter()
        .map(|term| fit.wald(&[term]))
        .collect();
    Ok(fit)
}

fn coefficient(
    (name, term): (String, Option<String>),
    value: f64,
    variance: Option<f64>,
    (df, confidence): (u64, f64),
    ratios: bool,
) -> Coefficient {
    let se = variance.map(f64::sqrt);
    let t = se.filter(|se| *se > 0.0).map(|se| value / se);
    let interval = variance.and_then(|v| interval::student(value, v, df, confidence));
    Coefficient {
        name,
        term,
        value,
        se,
        t,
        p: t.filter(|_| df > 0)
            .map(|t| distribution::t_beyond(t, df as f64)),
        interval,
        ratio: ratios.then(|| value.exp()),
        ratio_interval: interval
            .filter(|_| ratios)
            .map(|(low, high)| (low.exp(), high.exp())),
    }
}

/// The variance of (y − μ)/√V(μ) among people.
///
/// # Formula
///
/// ```text
/// φ̂ = n/(n − 1) · Σ w (r − r̄)² / Σ w,   r = (y − μ)/√V(μ)
/// ```
///
/// # Source
///
/// McCullagh, Nelder (1989), §9.2; centred as `summary` of R's `svyglm` has it, which lets the weights of
/// rows without an answer count in their mean.
fn dispersion(model: &Regression<'_>, raw: &Raw) -> f64 {
    let pairs = raw.matrix.response.iter().zip(&raw.fitted.mean);
    let gaps: Vec<f64> = pairs
        .map(|(y, mu)| (y - mu) / model.family.variance(*mu).sqrt())
        .collect();
    let people = sum(raw.weights.iter().copied());
    let weighed = |f: &dyn Fn(f64) -> f64| {
        sum(gaps.iter().zip(&raw.weights).map(|(r, w)| w * f(*r))) / people
    };
    let centre = weighed(&|r| r);
    let n = gaps.len() as f64;
    n / (n - 1.0) * weighed(&|r| (r - centre).powi(2))
}

/// 1 − D/D₀, D₀ the deviance with everybody expected at the mean.
fn explained(model: &Regression<'_>, raw: &Raw) -> Option<f64> {
    if !(model.formula.intercept && model.formula.offsets.is_empty()) {
        return None;
    }
    let people = sum(raw.weights.iter().copied());
    let answers = || raw.matrix.response.iter().zip(&raw.weights);
    let mean = sum(answers().map(|(y, w)| w * y)) / people;
    let each = answers().map(|(y, w)| w * model.family.deviance(*y, mean));
    let scale = people / raw.weights.len() as f64;
    let none = sum(each) / scale;
    (none > 0.0).then(|| 1.0 - raw.fitted.deviance / none)
}
