//! Between equal precision for every stratum and the best precision for the whole.

use super::{Error, shares};
use crate::design::Stratum;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "power",
    title: Words::new("Power allocation", "幂分配"),
    says: Words::new(
        "A compromise: with power 1 the whole is estimated best, with power 0 every stratum gets the \
         same, and values between give small strata more than their share.",
        "折中办法：幂为1时总体估计最精确，幂为0时各层样本量相同，介于其间时小层得到高于其规模\
         比例的样本。",
    ),
    formula: "n_h = n · N_h^q S_h / Σ N_k^q S_k",
    sources: &[Source::at("Bankier (1988)", "with means taken as equal")],
};

/// N_h^q S_h, H of them; without spreads, all are taken as equal.
pub(super) fn pulls(strata: &[Stratum], q: f64) -> Result<Vec<f64>, Error> {
    if !(0.0..=1.0).contains(&q) {
        return Err(Error::Power { power: q });
    }
    let known: Vec<f64> = strata.iter().filter_map(Stratum::spread).collect();
    if !known.is_empty() && known.len() < strata.len() {
        let unknown = strata.iter().filter(|stratum| stratum.spread().is_none());
        let strata = unknown.map(|stratum| stratum.label().to_owned()).collect();
        return Err(Error::SpreadUnknown { strata });
    }
    let pull = |stratum: &Stratum| match stratum.population() {
        0 => 0.0,
        population => (population as f64).powf(q) * stratum.spread().unwrap_or(1.0),
    };
    let pulls: Vec<f64> = strata.iter().map(pull).collect();
    if pulls.iter().all(|pull| *pull <= 0.0) {
        return Err(if known.is_empty() {
            Error::Nobody
        } else {
            Error::NoSpread
        });
    }
    Ok(pulls)
}

/// Splits `total` interviews over strata by a power of their population.
///
/// # Formula
///
/// ```text
/// n_h = n · N_h^q S_h / Σ_k N_k^q S_k,   0 ≤ q ≤ 1
/// ```
///
/// Bankier's rule has X_h^q · CV_h; a plan knows no means, so they are taken as equal, and X_h as N_h.
///
/// # Errors
///
/// [`Error::Power`]; [`Error::SpreadUnknown`] if only some strata have a spread; [`Error::NoSpread`];
/// [`Error::Nobody`].
///
/// # Source
///
/// Bankier (1988).
///
/// # Example
///
/// ```
/// use canvass::{design::Stratum, plan::allocate::power::power};
/// let strata = [Stratum::new("town", 8_100), Stratum::new("coast", 100)];
/// assert_eq!(power(100.0, 0.5, &strata)?, [90.0, 10.0]);
/// assert_eq!(power(100.0, 0.0, &strata)?, [50.0, 50.0]);
/// # Ok::<(), canvass::plan::Error>(())
/// ```
pub fn power(total: f64, q: f64, strata: &[Stratum]) -> Result<Vec<f64>, Error> {
    Ok(shares(total, &pulls(strata, q)?))
}

#[cfg(test)]
mod tests {
    use super::{Error, power};
    use crate::design::Stratum;
    use crate::plan::allocate::{neyman::neyman, proportional::proportional};

    fn strata(spreads: [f64; 3]) -> Vec<Stratum> {
        [5_000, 700, 60]
            .into_iter()
            .zip(spreads)
            .map(|(n, s)| {
                Stratum::new(format!("{n}"), n)
                    .with_spread(s)
                    .expect("a spread")
            })
            .collect()
    }

    #[test]
    fn power_one_is_neyman_and_with_equal_spreads_proportional() {
        let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        let varied = strata([10.0, 20.0, 5.0]);
        let (one, other) = (power(90.0, 1.0, &varied), neyman(90.0, &varied));
        assert!(near(&one.expect("possible"), &other.expect("possible")));
        let alike = strata([7.0; 3]);
        let (one, other) = (power(90.0, 1.0, &alike), proportional(90.0, &alike));
        assert!(near(&one.expect("possible"), &other.expect("possible")));
    }

    #[test]
    fn a_power_beyond_its_limits_is_refused() {
        assert_eq!(
            power(9.0, 1.5, &strata([1.0; 3])),
            Err(Error::Power { power: 1.5 })
        );
        assert!(power(9.0, f64::NAN, &strata([1.0; 3])).is_err());
    }
}
