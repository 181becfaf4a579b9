//! Variances from the chances of single units: nothing of pairs needs to be known.

use crate::draw::approximate::Constant;
use crate::math::sum;

/// How the variance of a stratum is found from the chances of its units.
///
/// Where chances are alike, all of them are (1 − f) n/(n − 1) Σ (t − t̄)², as for a simple sample; but
/// for [`Constant::HartleyRao`], which comes near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formula {
    /// n/(n − 1) Σ (1 − π)(t − B)², B the mean of t weighted by 1 − π. Hájek (1964).
    #[default]
    Hajek,
    /// The same with 1/(1 − Σ a²), a = (1 − π) / Σ (1 − π), instead of n/(n − 1). Deville (1999).
    Deville,
    /// Σ (1/c − π)(t − t̄)². Brewer, Donadio (2003). With [`Constant::Own`] this is
    /// n/(n − 1) Σ (1 − π)(t − t̄)²: `pps = "brewer"` of R's `survey`. The other constants take Σπ² of the
    /// population, which is estimated by Σπ of those drawn.
    Brewer(Constant),
}

impl Formula {
    /// The variance of a stratum of which these units, two or more, were drawn: π and t of each.
    ///
    /// # Formula
    ///
    /// ```text
    /// Hájek     n/(n − 1) Σ (1 − π)(t − B)²,       B = Σ (1 − π) t / Σ (1 − π)
    /// Deville   Σ (1 − π)(t − B)² / (1 − Σ a²),    a = (1 − π) / Σ (1 − π)
    /// Brewer    Σ (1/c − π)(t − t̄)²
    /// ```
    ///
    /// # Source
    ///
    /// Hájek (1964); Deville (1999), §3; Brewer, Donadio (2003), (9) to (11), (18) and (19).
    pub(in crate::estimate::variance) fn part(self, units: &[(f64, f64)]) -> f64 {
        let n = units.len() as f64;
        let over = |f: &dyn Fn(f64, f64) -> f64| sum(units.iter().map(|&(p, t)| f(p, t)));
        if let Formula::Brewer(constant) = self {
            let mean = over(&|_, t| t) / n;
            let squares = over(&|p, _| p); // estimates Σπ² of the population
            return over(&|p, t| (inverse(constant, n, p, squares) - p) * (t - mean).powi(2));
        }
        let rest = over(&|p, _| 1.0 - p);
        let centre = over(&|p, t| (1.0 - p) * t) / rest;
        let squares = over(&|p, t| (1.0 - p) * (t - centre).powi(2));
        match self {
            Formula::Deville => squares / (1.0 - over(&|p, _| ((1.0 - p) / rest).powi(2))),
            _ => squares * n / (n - 1.0),
        }
    }
}

/// 1 / c_k.
pub(super) fn inverse(constant: Constant, n: f64, p: f64, squares: f64) -> f64 {
    let above = match constant {
        Constant::Own => n - p,
        Constant::Total => n - squares / n,
        Constant::HartleyRao => n - 2.0 * p + squares / n,
        Constant::HighEntropy => n - (2.0 * n - 1.0) / (n - 1.0) * p + squares / (n - 1.0),
    };
    above / (n - 1.0)
}
