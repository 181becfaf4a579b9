//! Change between two waves, some of whose units are the same.
//!
//! Two waves that share units go up and down together, so a change is surer than two independent waves would
//! have it. What is known of how they came to share units decides on the formula:
//!
//! - [`together`], for simple draws of units or clusters, and for draws by permanent numbers: the covariance of
//!   the common units, expanded by how many there are, or by the chance to be in both. Lists may have changed
//!   between waves, and units may have moved from stratum to stratum.
//! - [`overlap`], for simple draws of units of which nothing is known but who is in both: a case of it.
//! - [`by_first_stage`], for draws in stages of which it is known which clusters are in both: clusters stand for
//!   all that was drawn within them, and the variance is on average too large rather than too small.
//! - [`stacked`], for any rule: both waves as one table in which the same unit, or the same cluster, is one
//!   cluster. Right where both waves have the same clusters; where they share only some, it takes
//!   the share for a matter of chance, and gives too much unless scores add up to 0 in every stratum.

mod common;

mod drawn;

mod error;

mod first_stage;

mod inside;

mod numbers;

pub use drawn::{Both, Drawing, Drawn, Grouped, Shared};
pub use error::Error;
pub use first_stage::{FirstStage, by_first_stage};

use serde::{Deserialize, Serialize};

use super::variance::Rule;
use super::{Domain, Estimate, Estimator, Evaluated, Statistic, Unknown, View, interval};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::weigh::Ledger;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "change",
    title: Words::new("Change between waves", "两期之间的变化"),
    says: Words::new(
        "A figure of the second wave less that of the first. Units that are in both waves answer alike twice, \
         and what they share is taken off the variance: the more units are common, the surer the change. Lists \
         may differ between waves, and draws by permanent numbers may have unequal chances. Of draws in stages, \
         clusters that both waves drew count as units do, or stand for all that was drawn within them.",
        "第二期估计值减第一期估计值。两期共同单位的回答相关，其协方差从方差中扣除：\
         共同单位越多，变化的估计越精确。两期名单可以不同；按永久随机数抽取时，入样概率可以不等。\
         多阶段抽取时，两期共同的群视同单位，或由第一阶段的群代表其内全部抽取。",
    ),
    formula: "V̂(θ̂₂ − θ̂₁) = V̂₁ + V̂₂ − 2 Ĉ;  Ĉ = Σ_h (n_c − n₁ n₂/N) s₁₂,  n_c common units, s₁₂ their covariance of expanded scores;  \
              by numbers Ĉ = Σ_c (1 − π₁ π₂/π₁₂)(t₁ − B₁)(t₂ − B₂)",
    sources: &[
        Source::new("Tam (1984)"),
        Source::new("Wood (2008)"),
        Source::new("Nordberg (2000)"),
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
    /// Units that both waves drew and that are in the domain in both; none where rows were stacked.
    pub common: Option<u64>,
    /// Where the covariance is not known, and was taken to be what makes the variance greatest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
}

/// Why a covariance is taken to be what makes the variance greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Bound {
    /// Fewer than two units, or clusters, of a stratum are in both waves.
    Few,
    /// The lists differ, and who is in both is not known.
    Lists,
    /// Permanent numbers keep units of one wave out of the other.
    KeptApart,
    /// Of draws in stages, clusters of the first stage stand for all, as if drawn with replacement.
    FirstStage,
}

/// The change of a figure between two simple samples, of which nothing is known but who is in both.
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
/// Strata whose list changed go as [`together`] says of [`Shared::Counted`].
///
/// # Errors
///
/// [`Error`] names the unit for which the two waves do not fit together.
///
/// # Source
///
/// Tam (1984); Qualité, Tillé (2008).
pub fn overlap(
    estimators: [&Estimator<'_>; 2],
    figures: [&Figure<'_>; 2],
    drawn: [Drawn<'_>; 2],
) -> Result<Change, Error> {
    together(estimators, figures, drawn, Shared::Counted(&[]))
}

/// The change of a figure between two samples of which it is known how they came to share units.
///
/// # Formula
///
/// ```text
/// V̂(θ̂₂ − θ̂₁) = V̂₁ + V̂₂ − 2 Ĉ
///
/// one list         Ĉ = Σ_h (n_c − n₁ n₂/N) s₁₂                                          simple draws
/// lists differ     Ĉ = Σ_hg (n_c − N_hg f₁ f₂) s_hg,  f₁ = n₁/N₁, f₂ = n₂/N₂            simple draws
/// by numbers       Ĉ = Σ_hg a_hg Σ_c (1 − π₁ π₂/π₁₂)(t₁ − B₁)(t₂ − B₂)
///
/// s_hg = a_hg/n_c Σ_c (t₁ − t̄₁)(t₂ − t̄₂),     1/a_hg = 1 − 1/n₁ − 1/n₂ + n_c/(n₁ n₂)
/// ```
///
/// Sums Σ_c go over the units that both waves drew, from stratum h in the first and from g in the second. N_hg
/// are the units that both lists have there. t̄ is the mean of a wave's stratum and B its centre, as in
/// the variance of the wave: Hájek's for a fixed size, 0 where each unit was drawn on its own, and then a is 1.
/// π₁₂ is the length of what the two windows of a unit's number have in common.
///
/// - **Births, deaths and moves** need no more than that: a unit that is in one list alone is never common.
/// - **Clusters.** Scores are summed by cluster, and n, N and n_c count clusters. Units within a common cluster
///   add N_hg f₁ f₂/n_c times the same formula within it.
/// - **What is not known** is taken to be whatever makes the variance greatest, and [`Change::bounds`] says so:
///   N_hg, of which no more is known than that it lies between n_c and the smaller N, and the
///   covariance of units that permanent numbers keep apart, which is at the most √(Σ π₁ e₁² Σ π₂ e₂²), e = t − B.
/// - **Independent draws** share units by chance alone: Ĉ is 0, but given n_c where there is one list.
///
/// # Errors
///
/// [`Error`] names the unit, or the draw, for which there is no formula.
///
/// # Source
///
/// Tam (1984) for one list; Laniel (1987) and Nordberg (2000) for lists that changed, and for numbers; for
/// fixed sizes with the linear form of Rosén (1997), that thresholds move with all units of a stratum.
pub fn together(
    estimators: [&Estimator<'_>; 2],
    figures: [&Figure<'_>; 2],
    drawn: [Drawn<'_>; 2],
    shared: Shared<'_>,
) -> Result<Change, Error> {
    let worked = figures.map(|figure| figure.ledger.worked());
    drawn::fit(&drawn, shared, worked)?;
    let [first, second] =
        [0, 1].map(|wave| estimators[wave].estimate(figures[wave].statistic, figures[wave].domain));
    let (first, second) = (first?, second?);
    let met = common::Met::of(drawn, shared, worked)?;
    let (these, those) = (side(figures[0])?, side(figures[1])?);
    let (covariance, bounds) = met.covariance([&these.weighted, &those.weighted]);
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
        common: Some(common::units(drawn.map(|wave| wave.id), worked, figures)),
        bounds,
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
        bounds: Vec::new(),
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
mod over_and_over;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod trials;
