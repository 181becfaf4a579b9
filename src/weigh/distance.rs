//! How far a calibrated weight may be from the weight before, and how distance is counted.
//!
//! Of all weights that meet the controls, calibration takes the nearest ones. Which are nearest
//! depends on how distance is counted, and that comes out as one function: the factor F(u) of a unit
//! whose controls pull at it with the strength u.

use super::Error;
use crate::language::Words;
use crate::method::{Card, Source};

/// Limits of the factors that weights are multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    low: f64,
    high: f64,
}

impl Bounds {
    /// Between `low` and `high`, which has 1 between them.
    ///
    /// # Errors
    ///
    /// [`Error::BadBounds`] unless 0 ≤ low < 1 < high; `high` may be infinite.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::weigh::Bounds;
    /// assert_eq!(Bounds::new(0.5, 2.0)?.low(), 0.5);
    /// assert!(Bounds::new(1.1, 2.0).is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn new(low: f64, high: f64) -> Result<Bounds, Error> {
        if (0.0..1.0).contains(&low) && high > 1.0 {
            Ok(Bounds { low, high })
        } else {
            Err(Error::BadBounds { low, high })
        }
    }

    /// The smallest factor.
    #[must_use]
    pub fn low(self) -> f64 {
        self.low
    }

    /// The largest factor.
    #[must_use]
    pub fn high(self) -> f64 {
        self.high
    }
}

/// A way to count distance.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Distance {
    /// F(u) = 1 + u: generalised regression. Weights may become negative.
    Linear,
    /// F(u) = exp u: what raking comes to. Weights stay above 0, and may become large.
    Raking,
    /// F(u) between two bounds, which it only approaches.
    Logit(Bounds),
    /// F(u) = 1 + u, cut off at two bounds.
    Truncated(Bounds),
    /// F(u) = exp u, cut off at two bounds.
    BoundedRaking(Bounds),
}

/// What calibration by the linear distance says of itself.
pub const LINEAR: Card = Card {
    key: "calibrate-linear",
    title: Words::new("Linear calibration (GREG)", "线性校准（广义回归估计）"),
    says: Words::new(
        "The smallest squared changes of weights that meet every known total: the generalised \
         regression estimator. It needs no rounds, and some weights may become negative.",
        "在满足全部已知总量的前提下，使权数变动的平方和最小，即广义回归估计。无需迭代，但个别权数可能为负。",
    ),
    formula: "w = d (1 + u),  u = x′λ,  Σ w x = T",
    sources: &[
        Source::new("Deville, Särndal (1992)"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§6.4"),
    ],
};

/// What calibration by the raking distance says of itself.
pub const RAKING: Card = Card {
    key: "calibrate-raking",
    title: Words::new("Raking calibration", "指数校准（耙平距离）"),
    says: Words::new(
        "Weights are multiplied by a positive factor, the exponential of a sum over the controls. To \
         margins alone it gives what raking gives; totals of numbers may be among the controls.",
        "权数乘以一个正因子，即各控制量线性组合的指数。若控制量只有边际，结果与耙平相同；也可加入数值型控制总量。",
    ),
    formula: "w = d exp(u),  u = x′λ,  Σ w x = T",
    sources: &[
        Source::new("Deville, Särndal (1992)"),
        Source::new("Deville, Särndal, Sautory (1993)"),
    ],
};

/// What calibration by the logit distance says of itself.
pub const LOGIT: Card = Card {
    key: "calibrate-logit",
    title: Words::new("Logit calibration", "Logit校准"),
    says: Words::new(
        "Factors stay between two bounds, and approach them smoothly: no weight becomes negative or \
         very large, and few lie at the bounds. Bounds that are too tight cannot be met.",
        "权数调整因子限制在上下界之间并平滑趋近：权数不会为负，也不会过大，少有因子恰在界上。界限过窄则无解。",
    ),
    formula: "w = d F(u),  F = [L(U − 1) + U(1 − L)e^{Au}] / [U − 1 + (1 − L)e^{Au}],  A = (U − L) / ((U − 1)(1 − L)),  Σ w x = T",
    sources: &[
        Source::new("Deville, Särndal (1992)"),
        Source::new("Deville, Särndal, Sautory (1993)"),
    ],
};

/// What calibration by the truncated linear distance says of itself.
pub const TRUNCATED: Card = Card {
    key: "calibrate-truncated",
    title: Words::new("Truncated linear calibration", "截断线性校准"),
    says: Words::new(
        "The smallest squared changes of weights that meet every known total, with factors between \
         two bounds. Many factors may lie at the bounds. Bounds that are too tight cannot be met.",
        "在满足全部已知总量且调整因子不超出上下界的前提下，使权数变动的平方和最小。\
         可能有较多因子落在界上；界限过窄则无解。",
    ),
    formula: "w = d min(U, max(L, 1 + u)),  u = x′λ,  Σ w x = T",
    sources: &[
        Source::new("Deville, Särndal (1992)"),
        Source::new("Deville, Särndal, Sautory (1993)"),
    ],
};

/// What calibration by the bounded raking distance says of itself.
pub const BOUNDED_RAKING: Card = Card {
    key: "calibrate-bounded-raking",
    title: Words::new("Bounded raking calibration", "有界指数校准"),
    says: Words::new(
        "Raking with factors between two bounds: the exponential is cut off where it would leave them. \
         Bounds that are too tight cannot be met.",
        "调整因子限制在上下界之间的耙平：指数超出界限时取界限值。界限过窄则无解。",
    ),
    formula: "w = d min(U, max(L, exp u)),  u = x′λ,  Σ w x = T",
    sources: &[
        Source::new("Deville, Särndal (1992)"),
        Source::new("Deville, Särndal, Sautory (1993)"),
    ],
};

impl Distance {
    /// What calibration by this distance says of itself.
    #[must_use]
    pub fn card(self) -> &'static Card {
        match self {
            Distance::Linear => &LINEAR,
            Distance::Raking => &RAKING,
            Distance::Logit(_) => &LOGIT,
            Distance::Truncated(_) => &TRUNCATED,
            Distance::BoundedRaking(_) => &BOUNDED_RAKING,
        }
    }

    /// The limits of its factors, if there are any.
    #[must_use]
    pub fn bounds(self) -> Option<Bounds> {
        match self {
            Distance::Linear | Distance::Raking => None,
            Distance::Logit(bounds)
            | Distance::Truncated(bounds)
            | Distance::BoundedRaking(bounds) => Some(bounds),
        }
    }

    /// The same distance with bounds further from 1, or nearer to it, by the factor `widen`: for
    /// raking on the scale of logarithms.
    pub(super) fn widened(self, widen: f64) -> Distance {
        let straight = |Bounds { low, high }| Bounds {
            low: (1.0 - (1.0 - low) * widen).max(0.0),
            high: 1.0 + (high - 1.0) * widen,
        };
        match self {
            Distance::Linear | Distance::Raking => self,
            Distance::Logit(bounds) => Distance::Logit(straight(bounds)),
            Distance::Truncated(bounds) => Distance::Truncated(straight(bounds)),
            Distance::BoundedRaking(Bounds { low, high }) => Distance::BoundedRaking(Bounds {
                low: low.powf(widen),
                high: high.powf(widen),
            }),
        }
    }

    /// The same distance for a unit whose weight is `weight` before, and from `low` to `high` after. These
    /// limits are stronger than bounds of factors. Only for distances that are cut off: others approach
    /// their bounds around 1, and a weight may be beyond its limits before.
    pub(super) fn limited(self, weight: f64, (low, high): (f64, f64)) -> Distance {
        let (low, high) = (low / weight, high / weight);
        let own = |bounds: Bounds| Bounds {
            low: bounds.low.max(low).min(high),
            high: bounds.high.min(high).max(low),
        };
        match self {
            Distance::Truncated(bounds) => Distance::Truncated(own(bounds)),
            Distance::BoundedRaking(bounds) => Distance::BoundedRaking(own(bounds)),
            Distance::Linear | Distance::Raking | Distance::Logit(_) => self,
        }
    }

    /// F(u): what a weight is multiplied by.
    ///
    /// # Formula
    ///
    /// ```text
    /// linear 1 + u     raking exp u     both cut off at L and U, or not
    /// logit  L + (U − L) s,   s = 1 / (1 + (U − 1)/(1 − L) · e^−Au),   A = (U − L) / ((U − 1)(1 − L))
    /// ```
    ///
    /// # Source
    ///
    /// Deville, Särndal (1992), §2, cases 1, 2, 6 and 7.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::weigh::{Bounds, Distance};
    /// let bounds = Bounds::new(0.5, 2.0)?;
    /// assert_eq!(Distance::Linear.factor(0.25), 1.25);
    /// assert_eq!(Distance::Truncated(bounds).factor(7.0), 2.0);
    /// assert!(Distance::Logit(bounds).factor(7.0) < 2.0);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    #[must_use]
    pub fn factor(self, u: f64) -> f64 {
        match self {
            Distance::Linear => 1.0 + u,
            Distance::Raking => u.exp(),
            Distance::Logit(bounds) => {
                let Bounds { low, high } = bounds;
                let odds = (high - 1.0) / (1.0 - low) * (-steep(bounds) * u).exp();
                low + (high - low) / (1.0 + odds)
            }
            Distance::Truncated(Bounds { low, high }) => (1.0 + u).clamp(low, high),
            Distance::BoundedRaking(Bounds { low, high }) => u.exp().clamp(low, high),
        }
    }

    /// F′(u), for Newton's method: 0 where a factor is cut off.
    pub(super) fn slope(self, u: f64) -> f64 {
        let factor = self.factor(u);
        let cut = match self {
            Distance::Truncated(Bounds { low, high }) => !(low..=high).contains(&(1.0 + u)),
            Distance::BoundedRaking(Bounds { low, high }) => !(low..=high).contains(&u.exp()),
            _ => false,
        };
        if cut { 0.0 } else { self.pull(factor) }
    }

    /// The largest F′, if there is one.
    pub(super) fn steepest(self) -> Option<f64> {
        let largest = match self {
            Distance::Linear | Distance::Truncated(_) => 1.0,
            Distance::Raking => f64::INFINITY,
            Distance::Logit(bounds) => steep(bounds) * (bounds.high - bounds.low) / 4.0,
            Distance::BoundedRaking(bounds) => bounds.high,
        };
        largest.is_finite().then_some(largest)
    }

    /// How much the factor of a unit answers when the controls pull: F′ where F is `factor`. Units
    /// at a bound are taken to answer as if there were none; otherwise controls that only they meet
    /// would count as unknown.
    pub(super) fn pull(self, factor: f64) -> f64 {
        match self {
            Distance::Linear | Distance::Truncated(_) => 1.0,
            Distance::Raking | Distance::BoundedRaking(_) => factor,
            Distance::Logit(bounds) => {
                let Bounds { low, high } = bounds;
                steep(bounds) * ((factor - low) * (high - factor) / (high - low)).max(0.0)
            }
        }
    }
}

/// A of the logit distance, by which F′(0) is 1.
fn steep(Bounds { low, high }: Bounds) -> f64 {
    (high - low) / ((high - 1.0) * (1.0 - low))
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Distance};

    fn all() -> [Distance; 5] {
        let bounds = Bounds::new(0.4, 2.5).expect("1 lies between");
        [
            Distance::Linear,
            Distance::Raking,
            Distance::Logit(bounds),
            Distance::Truncated(bounds),
            Distance::BoundedRaking(bounds),
        ]
    }

    #[test]
    fn nothing_pulls_and_nothing_moves() {
        for distance in all() {
            assert!((distance.factor(0.0) - 1.0).abs() < 1e-15, "{distance:?}");
            assert!((distance.slope(0.0) - 1.0).abs() < 1e-14, "{distance:?}");
        }
    }

    #[test]
    fn the_slope_is_that_of_the_factor_and_never_above_the_steepest() {
        const STEP: f64 = 1e-6;
        for distance in all() {
            for u in [-3.0, -0.55, -0.2, 0.1, 0.7, 1.3, 4.0] {
                let slope = (distance.factor(u + STEP) - distance.factor(u - STEP)) / (2.0 * STEP);
                assert!(
                    (slope - distance.slope(u)).abs() < 1e-7 * slope.max(1.0),
                    "{distance:?} at {u}"
                );
                assert!(
                    distance
                        .steepest()
                        .is_none_or(|most| distance.slope(u) <= most * (1.0 + 1e-12))
                );
            }
        }
    }

    #[test]
    fn the_logit_is_the_one_that_was_published() {
        let (l, h) = (0.4_f64, 2.5_f64);
        let a = (h - l) / ((h - 1.0) * (1.0 - l));
        let logit = Distance::Logit(Bounds::new(l, h).expect("1 lies between"));
        for u in [-2.0_f64, -0.3, 0.4, 2.0] {
            let e = (a * u).exp();
            let published = (l * (h - 1.0) + h * (1.0 - l) * e) / (h - 1.0 + (1.0 - l) * e);
            assert!((logit.factor(u) - published).abs() < 1e-14);
        }
        // Far out it stays finite and within its bounds.
        assert!((logit.factor(-1e6) - l).abs() < 1e-15 && (logit.factor(1e6) - h).abs() < 1e-15);
    }

    #[test]
    fn bounds_that_do_not_hold_1_are_refused() {
        for (low, high) in [
            (1.0, 2.0),
            (0.5, 1.0),
            (-0.1, 2.0),
            (f64::NAN, 2.0),
            (0.5, f64::NAN),
        ] {
            assert!(Bounds::new(low, high).is_err(), "{low} to {high}");
        }
        assert!(Bounds::new(0.0, f64::INFINITY).is_ok());
    }
}
