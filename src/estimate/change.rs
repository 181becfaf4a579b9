//! Change between two waves, some of whose units are the same.
//!
//! Two waves that share units go up and down together, so a change is surer than two independent waves would
//! have it. What they share can be found in two ways:
//!
//! - [`overlap`], for simple samples in the same strata: the covariance of the common units, expanded by how
//!   many there are. Right for any overlap, also for one that came about by permanent numbers, given how
//!   many units it has.
//! - [`stacked`], for any rule: both waves as one table in which the same unit, or the same cluster, is one
//!   cluster. Right where both waves have the same clusters; where they share only some, it takes
//!   the share for a matter of chance, and gives too much unless scores add up to 0 in every stratum.

mod common;

use serde::{Deserialize, Serialize};

use super::variance::Rule;
use super::{Domain, Estimate, Estimator, Evaluated, Statistic, Unknown, View, interval};
use crate::advice::Advise;
use crate::draw::Sample;
use crate::frame::Codes;
use crate::language::Words;
use crate::method::{Card, Source};
use crate::weigh::Ledger;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "change",
    title: Words::new("Change between waves", "两期之间的变化"),
    says: Words::new(
        "A figure of the second wave less that of the first. Units that are in both waves answer alike twice, \
         and what they share is taken off the variance: the more units are common, the surer the change.",
        "第二期估计值减第一期估计值。两期共同单位的回答相关，其协方差从方差中扣除：\
         共同单位越多，变化的估计越精确。",
    ),
    formula: "V̂(θ̂₂ − θ̂₁) = V̂₁ + V̂₂ − 2 Σ_h (n_c − n₁ n₂/N) s₁₂,  n_c common units, s₁₂ their covariance of expanded scores",
    sources: &[
        Source::new("Tam (1984)"),
        Source::new("Qualité, Tillé (2008)"),
        Source::new("Berger, Priam (2016)"),
    ],
};

/// A figure of one wave.
#[derive(Clone, Copy)]
pub struct Figure<'a> {
    /// The wave's weights.
    pub ledger: &'a Ledger,
    /// The figure.
    pub statistic: &'a dyn Statistic,
    /// For whom.
    pub domain: &'a Domain<'a>,
}

/// How a wave was drawn: simply, in strata. One entry per drawn unit.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// By which a unit is known in both waves.
    pub id: &'a [String],
    /// Its stratum.
    pub stratum: &'a Codes,
    /// N_h, one per label of `stratum`.
    pub population: &'a [u64],
}

impl<'a> Drawn<'a> {
    /// As a sample says.
    #[must_use]
    pub fn of(sample: &'a Sample) -> Drawn<'a> {
        Drawn {
            id: &sample.id,
            stratum: &sample.stratum,
            population: &sample.population,
        }
    }
}

/// A change, and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The first wave's figure.
    pub first: Estimate,
    /// The second wave's figure.
    pub second: Estimate,
    /// θ̂₂ − θ̂₁, with its variance and interval.
    pub change: Estimate,
    /// Ĉ(θ̂₁, θ̂₂); none if a variance is unknown.
    pub covariance: Option<f64>,
    /// Units that are in both waves; none where rows were stacked.
    pub common: Option<u64>,
}

/// Why a change could not be estimated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A wave has no such figure.
    #[error(transparent)]
    Figure(#[from] super::Error),
    /// A wave has a unit twice.
    #[error("unit '{unit}' stands twice in one wave")]
    Twice {
        /// The unit.
        unit: String,
    },
    /// A unit is in one stratum first and in another then.
    #[error(
        "unit '{unit}' is of stratum '{first}' in the first wave and of '{second}' in the second"
    )]
    Moved {
        /// The unit.
        unit: String,
        /// Its first stratum.
        first: String,
        /// Its second stratum.
        second: String,
    },
    /// A stratum that has another population.
    #[error("stratum '{stratum}' has {first} units in the first wave and {second} in the second")]
    Population {
        /// The stratum.
        stratum: String,
        /// N_h first.
        first: u64,
        /// N_h then.
        second: u64,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Figure(error) => return error.hint(),
            Error::Twice { .. } => "give each unit of a wave an id of its own".into(),
            Error::Moved { .. } => "put units of both waves in the strata of the first".into(),
            Error::Population { .. } => {
                "draw both waves from one list, or stack them: the same unit is one cluster then"
                    .into()
            }
        })
    }
}

/// The change of a figure between two simple samples in the same strata.
///
/// # Formula
///
/// ```text
/// V̂(θ̂₂ − θ̂₁) = V̂₁ + V̂₂ − 2 Ĉ,     Ĉ = Σ_h (n_c − n₁ n₂/N) s₁₂
/// ```
///
/// n₁ and n₂ are the units of stratum h in the two waves, n_c those in both, and s₁₂ is the covariance of
/// their expanded scores, corrected for every weighting step. For means of strata that is Tam's
/// (n_c/(n₁ n₂) − 1/N) S₁₂. In a stratum with fewer than two common units s₁₂ is made of the correlation
/// that the others have; where none has two, it is set to whatever makes the variance greatest.
///
/// It is the variance given n_c. Under permanent numbers n_c is a matter of chance, but every set of
/// common units of one size is equally likely, and the figures are right whatever n_c is, so that it holds there
/// too. That people answer at all is taken to be independent between waves.
///
/// # Errors
///
/// [`Error`] names the unit or stratum for which the two waves do not fit together.
///
/// # Source
///
/// Tam (1984); Qualité, Tillé (2008).
pub fn overlap(
    estimators: [&Estimator<'_>; 2],
    figures: [&Figure<'_>; 2],
    drawn: [Drawn<'_>; 2],
) -> Result<Change, Error> {
    let [first, second] =
        [0, 1].map(|wave| estimators[wave].estimate(figures[wave].statistic, figures[wave].domain));
    let (first, second) = (first?, second?);
    let strata = common::matched(figures.map(|figure| figure.ledger), drawn)?;
    let (these, those) = (side(figures[0])?, side(figures[1])?);
    let covariance = common::covariance(&strata, [&these.weighted, &those.weighted]);
    let variances = both(&first, &second);
    let df = first.df.min(second.df);
    let variance = variances.clone().and_then(|[first, second]| {
        let variance = first + second - 2.0 * covariance;
        // Rounding may leave a little less than nothing.
        let nothing = 1e-12 * (first + second);
        match variance {
            variance if variance >= -nothing => Ok(variance.max(0.0)),
            _ => Err(Unknown::Negative),
        }
    });
    Ok(Change {
        change: changed(&first, &second, variance, df),
        covariance: variances.ok().map(|_| covariance),
        common: Some(
            strata
                .iter()
                .map(|stratum| stratum.common.len() as u64)
                .sum(),
        ),
        first,
        second,
    })
}

/// The change of a figure by a rule over both waves: the first wave's rows, then the second's, with the same
/// strata and with the same label for what is the same cluster.
///
/// # Formula
///
/// ```text
/// V̂(θ̂₂ − θ̂₁) = V_design(t₂ − t₁) + Σ extra_j,   Ĉ = ( V̂₁ + V̂₂ − V̂(θ̂₂ − θ̂₁) ) / 2
/// ```
///
/// # Errors
///
/// [`Error::Figure`] if nobody answered in one of the waves.
///
/// # Source
///
/// Wood (2008), for waves that share clusters; Berger, Priam (2016) for what a fixed share of common units
/// adds to it.
pub fn stacked(
    first: &Figure<'_>,
    second: &Figure<'_>,
    rule: &dyn Rule,
    confidence: f64,
) -> Result<Change, Error> {
    let sides = [side(first)?, side(second)?];
    let lengths = [first, second].map(|figure| figure.ledger.weights().len());
    let place = |wave: usize, signs: f64| {
        let mut all = vec![0.0; lengths[0] + lengths[1]];
        let begin = if wave == 0 { 0 } else { lengths[0] };
        let pairs = all[begin..].iter_mut().zip(&sides[wave].weighted);
        pairs.for_each(|(place, t)| *place = signs * t);
        all
    };
    let answered = |wave: usize| -> Vec<usize> {
        let begin = if wave == 0 { 0 } else { lengths[0] };
        let units = sides[wave].evaluated.answered.iter();
        units.map(|unit| begin + unit).collect()
    };
    let alone = |wave: usize, figure: &Figure<'_>| {
        let answered = answered(wave);
        let variance = rule.variance(&place(wave, 1.0), &answered);
        let variance = variance.map(|design| design + sides[wave].extra);
        estimated(
            figure,
            &sides[wave],
            variance,
            rule.degrees(&answered),
            confidence,
        )
    };
    let (one, two) = (alone(0, first), alone(1, second));
    let scores: Vec<f64> = place(0, -1.0)
        .iter()
        .zip(place(1, 1.0))
        .map(|(a, b)| a + b)
        .collect();
    let all = [answered(0), answered(1)].concat();
    let variances = both(&one, &two);
    let extra = sides[0].extra + sides[1].extra;
    let variance = variances
        .clone()
        .and_then(|_| rule.variance(&scores, &all))
        .map(|design| design + extra);
    let covariance = variances.ok().zip(variance.as_ref().ok());
    Ok(Change {
        covariance: covariance.map(|([a, b], both)| (a + b - both) / 2.0),
        change: changed(&one, &two, variance, rule.degrees(&all)),
        common: None,
        first: one,
        second: two,
    })
}

/// A wave's figure with its scores, as the draw has them.
struct Side {
    evaluated: Evaluated,
    weighted: Vec<f64>,
    extra: f64,
}

fn side(figure: &Figure<'_>) -> Result<Side, Error> {
    let ledger = figure.ledger;
    let view = View::new(ledger.weights(), ledger.interviewed(), figure.domain);
    let none = || super::Error::NoAnswers {
        item: figure.statistic.item(),
        domain: figure.domain.label().to_owned(),
    };
    let evaluated = figure.statistic.evaluate(&view).ok_or_else(none)?;
    let (weighted, extra) = ledger.back(&evaluated.scores);
    Ok(Side {
        evaluated,
        weighted,
        extra,
    })
}

fn both(first: &Estimate, second: &Estimate) -> Result<[f64; 2], Unknown> {
    Ok([first.variance.clone()?, second.variance.clone()?])
}

fn changed(
    first: &Estimate,
    second: &Estimate,
    variance: Result<f64, Unknown>,
    df: u64,
) -> Estimate {
    let value = second.value - first.value;
    let confidence = first.confidence;
    let known = variance.as_ref().ok().copied();
    Estimate {
        statistic: CARD.key.to_owned(),
        item: format!("{} of {}", second.statistic, second.item),
        domain: second.domain.clone(),
        value,
        variance,
        df,
        n: first.n + second.n,
        design_effect: None,
        confidence,
        interval: known.and_then(|v| interval::student(value, v, df, confidence)),
    }
}

fn estimated(
    figure: &Figure<'_>,
    side: &Side,
    variance: Result<f64, Unknown>,
    df: u64,
    confidence: f64,
) -> Estimate {
    let value = side.evaluated.value;
    let known = variance.as_ref().ok().copied();
    Estimate {
        statistic: figure.statistic.card().key.to_owned(),
        item: figure.statistic.item(),
        domain: figure.domain.label().to_owned(),
        value,
        variance,
        df,
        n: side.evaluated.answered.len() as u64,
        design_effect: None,
        confidence,
        interval: known.and_then(|v| interval::student(value, v, df, confidence)),
    }
}

#[cfg(test)]
mod tests;
