//! Several figures of one sample, and how they vary together.
//!
//! Figures of the same people share strata, clusters and weighting steps. What two of them share is found
//! without knowing how: the variance of their sum less that of their difference is four covariances.

use super::{Contrast, Domain, Error, Estimate, Estimator, Statistic};
use crate::language::Words;
use crate::math::solve::Symmetric;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "covariance",
    title: Words::new("Covariance of figures", "估计量的协方差"),
    says: Words::new(
        "How two figures of one sample vary together: the variance of their sum less that of their \
         difference, over four. Strata, clusters and weighting steps enter as they do into any variance.",
        "同一样本的两个估计量如何共同变动：两者之和的方差减去两者之差的方差，再除以4。\
         分层、整群与各加权步骤的影响与普通方差的处理相同。",
    ),
    formula: "Ĉ(θ̂₁, θ̂₂) = ( V̂(θ̂₁ + θ̂₂) − V̂(θ̂₁ − θ̂₂) ) / 4",
    sources: &[
        Source::at("Wolter (2007)", "§6.2"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§5.5"),
    ],
};

/// Figures of one sample with their covariances.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// The figures, in the order in which they were asked for.
    pub figures: Vec<Estimate>,
    /// Ĉ, one row per figure, symmetric. None where the variance of one of the two is unknown; why, the
    /// figure says.
    pub covariance: Vec<Vec<Option<f64>>>,
    /// Degrees of freedom of two figures together, one row per figure; of a figure with itself, its own.
    pub degrees: Vec<Vec<u64>>,
    /// Degrees of freedom of all figures together: over everybody who is part of any.
    pub df: u64,
}

impl Joint {
    /// The places of figures that can be compared: their variance is known and above 0, and they have
    /// degrees of freedom.
    #[must_use]
    pub fn known(&self) -> Vec<usize> {
        (0..self.figures.len())
            .filter(|&i| self.covariance[i][i].is_some_and(|variance| variance > 0.0))
            .filter(|&i| self.degrees[i][i] > 0)
            .collect()
    }

    /// Σ c θ̂ with its variance; the variance is none if that of a figure with c ≠ 0 is unknown.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂(Σ c θ̂) = Σ_i Σ_j c_i c_j Ĉ_ij
    /// ```
    ///
    /// # Source
    ///
    /// Wolter (2007), §6.2.
    ///
    /// # Panics
    ///
    /// If there is not one coefficient per figure: our own bug.
    #[must_use]
    pub fn contrast(&self, coefficients: &[f64]) -> (f64, Option<f64>) {
        assert_eq!(
            coefficients.len(),
            self.figures.len(),
            "a coefficient per figure"
        );
        let used: Vec<usize> = (0..coefficients.len())
            .filter(|&i| coefficients[i].abs() > 0.0)
            .collect();
        let value = sum(used
            .iter()
            .map(|&i| coefficients[i] * self.figures[i].value));
        let mut variance = Some(Sum::default());
        for &i in &used {
            for &j in &used {
                let term = self.covariance[i][j].map(|c| coefficients[i] * coefficients[j] * c);
                variance = variance.zip(term).map(|(mut total, term)| {
                    total.add(term);
                    total
                });
            }
        }
        // Rounding may leave a variance of nothing a little below 0.
        (value, variance.map(|variance| variance.value().max(0.0)))
    }

    /// The covariances of some figures; none if one of them is unknown.
    #[must_use]
    pub fn matrix(&self, figures: &[usize]) -> Option<Symmetric> {
        let mut matrix = Symmetric::zero(figures.len());
        for (row, &i) in figures.iter().enumerate() {
            for (column, &j) in figures.iter().enumerate().take(row + 1) {
                matrix.add(row, column, self.covariance[i][j]?);
            }
        }
        Some(matrix)
    }
}

/// Estimates several figures, each a statistic in its domain, with their covariances.
///
/// Any variance that is a square of scores will do, so nothing is asked of the design but variances. Figures
/// are put on one scale first: beside the variance of a total, that of a share would be rounded away.
/// Replicates know covariances themselves: see [`Replicated::jointly`](super::variance::replicate::Replicated::jointly).
///
/// # Formula
///
/// ```text
/// Ĉ_ij = σ_i σ_j ( V̂(θ̂_i/σ_i + θ̂_j/σ_j) − V̂(θ̂_i/σ_i − θ̂_j/σ_j) ) / 4,   σ = √V̂
/// ```
///
/// # Errors
///
/// [`Error::NoAnswers`] names the first domain in which nobody answered.
///
/// # Source
///
/// Wolter (2007), §6.2, for the linear part; that a square can be taken apart like this is polarisation,
/// Golub, Van Loan (2013), §2.1. Agrees with `svyby(…, covmat = TRUE)` and `svymean` of R's `survey`.
///
/// # Example
///
/// Two of four answered 1, and two did not: the shares of both sides go up and down together.
///
/// ```
/// use canvass::estimate::variance::{Clusters, Design};
/// use canvass::estimate::{Domain, Estimator, Mean, Share, Statistic, Test, joint};
/// use canvass::field::Item;
/// use canvass::weigh::Ledger;
///
/// let ledger = Ledger::given(vec![10.0; 4])?;
/// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
/// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
/// let said = Item { name: "said".into(), values: [1.0, 1.0, 0.0, 0.0].map(Some).to_vec() };
/// let all = Domain::all();
/// let (yes, no) = (Share::of(&said, Test::Equals(1.0)), Share::of(&said, Test::Equals(0.0)));
///
/// let both = joint(&estimator, &[(&yes as &dyn Statistic, &all), (&no, &all)]).expect("answers");
/// let variance = both.covariance[0][0].expect("four answers");
/// assert!((variance - 1.0 / 12.0).abs() < 1e-15);
/// assert!((both.covariance[0][1].expect("known") + variance).abs() < 1e-15);
/// # Ok::<(), canvass::Error>(())
/// ```
pub fn joint(
    estimator: &Estimator<'_>,
    figures: &[(&dyn Statistic, &Domain<'_>)],
) -> Result<Joint, Error> {
    if let Some(anew) = estimator.anew_jointly(figures, None) {
        return anew;
    }
    let estimates: Vec<Estimate> = figures
        .iter()
        .map(|&(statistic, domain)| estimator.estimate(statistic, domain))
        .collect::<Result<_, _>>()?;
    let errors: Vec<Option<f64>> = estimates.iter().map(Estimate::standard_error).collect();
    let mut covariance = vec![vec![None; figures.len()]; figures.len()];
    let mut degrees = vec![vec![0; figures.len()]; figures.len()];
    for i in 0..figures.len() {
        covariance[i][i] = estimates[i].variance.as_ref().ok().copied();
        degrees[i][i] = estimates[i].df;
        for j in 0..i {
            let pair = [figures[i], figures[j]];
            let (shared, df) = shared(estimator, pair, errors[i].zip(errors[j]))?;
            (covariance[i][j], covariance[j][i]) = (shared, shared);
            (degrees[i][j], degrees[j][i]) = (df, df);
        }
    }
    let df = match estimates.is_empty() {
        true => 0,
        false => added(estimator, figures, &vec![1.0; figures.len()])?.df,
    };
    Ok(Joint {
        figures: estimates,
        covariance,
        degrees,
        df,
    })
}

/// The covariance of two figures with these standard errors, and their degrees of freedom.
fn shared(
    estimator: &Estimator<'_>,
    pair: [(&dyn Statistic, &Domain<'_>); 2],
    errors: Option<(f64, f64)>,
) -> Result<(Option<f64>, u64), Error> {
    let (a, b) = match errors {
        Some((a, b)) if a > 0.0 && b > 0.0 => (a, b),
        // What does not vary does not vary together with anything.
        known => return Ok((known.map(|_| 0.0), added(estimator, &pair, &[1.0, 1.0])?.df)),
    };
    let plus = added(estimator, &pair, &[1.0 / a, 1.0 / b])?;
    let minus = added(estimator, &pair, &[1.0 / a, -1.0 / b])?;
    // Two names of one figure leave nothing to take a variance of, and then that one is not known.
    let four = match (plus.variance, minus.variance) {
        (Ok(plus), Ok(minus)) => Some(plus - minus),
        (Ok(plus), Err(_)) => Some(2.0 * plus - 4.0),
        (Err(_), Ok(minus)) => Some(4.0 - 2.0 * minus),
        (Err(_), Err(_)) => None,
    };
    Ok((four.map(|four| a * b * four / 4.0), plus.df))
}

/// The sum of figures, each times a number.
fn added(
    estimator: &Estimator<'_>,
    figures: &[(&dyn Statistic, &Domain<'_>)],
    numbers: &[f64],
) -> Result<Estimate, Error> {
    let parts = numbers.iter().zip(figures);
    let parts = parts
        .map(|(number, (statistic, domain))| (*number, *statistic, *domain))
        .collect();
    estimator.estimate(&Contrast::between("sum", parts), &Domain::all())
}

#[cfg(test)]
mod tests;
