//! Two waves that were drawn in stages, by the clusters that were drawn first.

use super::common::{Cell, Elements, Met, corrected, units};
use super::{
    Bound, Change, Drawing, Drawn, Error, Figure, Grouped, Shared, Side, both, changed, side,
};
use crate::estimate::variance::Rule;
use crate::estimate::{Estimator, Unknown};
use crate::frame::Codes;
use crate::math::{Sum, sum};

/// How the first stage of a wave was drawn. One entry per drawn unit.
#[derive(Debug, Clone, Copy)]
pub struct FirstStage<'a> {
    /// By which a unit is known in both waves.
    pub id: &'a [String],
    /// The stratum of its cluster.
    pub stratum: &'a Codes,
    /// Its cluster, by which that is known in both waves, in whatever stratum it is.
    pub cluster: &'a Codes,
}

/// The change of a figure between two samples that were drawn in stages, of which no more is known than which
/// clusters of the first stage are in both.
///
/// A cluster stands for all that was drawn within it, as if clusters were drawn with replacement: whatever the
/// stages below, and however many. Each wave has its own clusters and its own centre.
///
/// # Formula
///
/// ```text
/// V̂(θ̂₂ − θ̂₁) = Σ_h f_h Σ_c e₁² + Σ_g f_g Σ_c e₂² − 2 Σ_hg ĉ_hg + Σ extra_j,     Ĉ = ( V̂₁ + V̂₂ − V̂(θ̂₂ − θ̂₁) ) / 2
///
/// ĉ = √(f_h f_g) P where P > 0,   a P where P < 0,     P = Σ e₁ e₂ over the clusters of both waves
///
/// e = t − t̄_h,     f = m/(m − 1),     1/a = 1 − 1/m₁ − 1/m₂ + m_c/(m₁ m₂)
/// ```
///
/// t are what the expanded scores of the m clusters of a wave's stratum come to, and m_c are in stratum h of the first
/// wave and in g of the second. V̂₁ and V̂₂, in Ĉ, are those of the waves by their own rules, which may know of the
/// end of a list or of chances.
///
/// - **All clusters common:** Σ_h m/(m − 1) Σ_c (d_c − d̄)², d = t₂ − t₁. None common: the sum of both waves' variances.
/// - **Some common:** a P is right on average for clusters drawn with replacement, given m_c. As √(f_h f_g) is never more
///   than a, and equal where all are common, the variance is too large rather than too small on average. It is never
///   below 0: with P > 0 throughout it is Σ_c (√f_g e₂ − √f_h e₁)² over the clusters of either wave. With m clusters in
///   both waves, of which k m are common, (m − 2 + k)/(m − 1) of a positive covariance is taken off.
/// - **Draws without replacement:** of simple ones the variance is too large by Σ_h (m₁² S₁² + m₂² S₂² − 2 m₁ m₂ S₁₂)/M
///   more, M the clusters of the list, which is never below 0. Of others so much is usual rather than certain.
/// - **A stratum of a single cluster** has the variance that the wave's own rule gives it, 0 or what is drawn within a
///   certain cluster. If its cluster is in the other wave too, ĉ is −√(V̂_h V̂_g), the least there may be, and
///   [`Bound::Few`] says so.
///
/// Degrees of freedom are the fewer of the two waves. [`Bound::FirstStage`] says that all this was done.
///
/// # Errors
///
/// [`Error::Figure`] if nobody answered in one of the waves; [`Error::Split`] if a cluster is in two strata of a wave.
///
/// # Source
///
/// Kish (1965), §12.4 for common clusters; Qualité, Tillé (2008) for each wave's own variance beside a covariance
/// of what is common. That of all clusters is R's `svycontrast` of `svyby(…, covmat = TRUE)` by wave, where both waves
/// are one table; Wood (2008).
///
/// # Panics
///
/// If columns differ in length: our own bug.
pub fn by_first_stage(
    estimators: [&Estimator<'_>; 2],
    figures: [&Figure<'_>; 2],
    waves: [FirstStage<'_>; 2],
) -> Result<Change, Error> {
    let of = |wave: usize| estimators[wave].estimate(figures[wave].statistic, figures[wave].domain);
    let (first, second) = (of(0)?, of(1)?);
    let sides = [side(figures[0])?, side(figures[1])?];
    let worked = figures.map(|figure| figure.ledger.worked());
    let unknown = waves.map(|wave| vec![0; wave.stratum.labels().len()]);
    let drawn = [0, 1].map(|wave| waves[wave].drawn(&unknown[wave]));
    let met = Met::of(drawn, Shared::Counted(&[]), worked)?;
    let extra = sides[0].extra + sides[1].extra;
    let own = both(&first, &second);
    let found = own.clone().and_then(|_| {
        let parts = |wave: usize| {
            Parts::of(
                &met.waves[wave],
                &sides[wave],
                estimators[wave].rule.as_ref(),
            )
        };
        Ok(design([&parts(0)?, &parts(1)?], &met.cells))
    });
    let mut bounds = vec![Bound::FirstStage];
    if found.as_ref().is_ok_and(|(_, few)| *few) {
        bounds.insert(0, Bound::Few);
    }
    let variance = found.map(|(design, _)| design + extra);
    let covariance = own.ok().zip(variance.as_ref().ok());
    let df = first.df.min(second.df);
    Ok(Change {
        covariance: covariance.map(|([one, two], both)| (one + two - both) / 2.0),
        change: changed(&first, &second, variance, df),
        common: Some(units(waves.map(|wave| wave.id), worked, figures)),
        bounds,
        first,
        second,
    })
}

impl<'a> FirstStage<'a> {
    /// Its clusters, of lists of which nobody asks how long they are.
    fn drawn(self, unknown: &'a [u64]) -> Drawn<'a> {
        Drawn {
            id: self.id,
            stratum: self.stratum,
            population: unknown,
            clusters: Some(Grouped {
                cluster: self.cluster,
                units: &[],
            }),
            by: Drawing::Simple,
        }
    }
}

/// A wave's clusters and strata.
struct Parts {
    /// e, by cluster.
    off: Vec<f64>,
    /// m, by stratum.
    clusters: Vec<f64>,
    /// V̂, by stratum.
    variance: Vec<f64>,
}

impl Parts {
    fn of(elements: &Elements, side: &Side, rule: &dyn Rule) -> Result<Parts, Unknown> {
        let mut off = elements.totals(&side.weighted);
        let clusters = elements.drawn.clone();
        let mut totals = vec![Sum::default(); clusters.len()];
        let pairs = || elements.stratum.iter().copied();
        pairs().zip(&off).for_each(|(h, t)| totals[h].add(*t));
        for (h, t) in pairs().zip(&mut off) {
            *t -= totals[h].value() / clusters[h];
        }
        let mut squares = vec![Sum::default(); clusters.len()];
        pairs().zip(&off).for_each(|(h, e)| squares[h].add(e * e));
        let variance = (0..clusters.len()).map(|h| match clusters[h] {
            m if m > 1.0 => Ok(factor(m) * squares[h].value()),
            _ => alone(elements, h, side, rule),
        });
        Ok(Parts {
            variance: variance.collect::<Result<_, _>>()?,
            off,
            clusters,
        })
    }
}

fn factor(clusters: f64) -> f64 {
    clusters / (clusters - 1.0)
}

/// What a stratum of a single cluster adds to the variance of the wave's own figure.
fn alone(
    elements: &Elements,
    stratum: usize,
    side: &Side,
    rule: &dyn Rule,
) -> Result<f64, Unknown> {
    let is_in = |row: usize| elements.of_row[row].is_some_and(|c| elements.stratum[c] == stratum);
    let scores = side.weighted.iter().enumerate();
    let scores: Vec<f64> = scores
        .map(|(row, t)| if is_in(row) { *t } else { 0.0 })
        .collect();
    match scores.iter().any(|t| t.abs() > 0.0) {
        true => rule.variance(&scores, &side.evaluated.answered),
        false => Ok(0.0),
    }
}

/// The variance of the difference without what weighting adds; and whether a covariance is a bound.
fn design(waves: [&Parts; 2], cells: &[Cell]) -> (f64, bool) {
    let mut variance = Sum::default();
    let own = waves.iter().flat_map(|wave| &wave.variance);
    own.for_each(|part| variance.add(*part));
    let mut few = false;
    for cell in cells.iter().filter(|cell| !cell.common.is_empty()) {
        let (shared, least) = covariance(waves, cell);
        variance.add(-2.0 * shared);
        few |= least;
    }
    // Rounding may leave a little less than nothing.
    (variance.value().max(0.0), few)
}

/// ĉ of a stratum of either wave; and whether it is the least there may be.
fn covariance([one, two]: [&Parts; 2], cell: &Cell) -> (f64, bool) {
    let [h, g] = cell.strata;
    let counts = [one.clusters[h], two.clusters[g]];
    if counts.contains(&1.0) {
        let most = (one.variance[h] * two.variance[g]).sqrt();
        return (-most, most > 0.0);
    }
    let pairs = cell.common.iter();
    let products = sum(pairs.map(|&(a, b)| one.off[a] * two.off[b]));
    let shared = match products > 0.0 {
        true => (factor(counts[0]) * factor(counts[1])).sqrt() * products,
        false => corrected(products, counts, cell.common.len() as f64),
    };
    (shared, false)
}

#[cfg(test)]
mod tests;
