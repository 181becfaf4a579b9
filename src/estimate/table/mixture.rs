//! How likely a sum of χ²'s, each times its own number, exceeds an independent χ² times a number.

use std::f64::consts::PI;

/// Beyond this part of the whole, a term changes nothing.
const NOTHING: f64 = 1e-18;

/// P( Σ λ_i χ²₁ > x · χ²_ν / ν ).
///
/// The characteristic function is turned back along a line through the saddle point, where all terms are of
/// the size of the result: so it is exact far out as well. In y = c sinh τ the trapezoidal rule doubles its
/// digits with each halving of its step.
///
/// # Formula
///
/// ```text
/// P = 1/π ∫₀^∞ Re[ e^{K(s)} / s ] dy,   s = s₀ + iy,
///
/// K(s) = −½ Σ ln(1 − 2 λ_i s) − ½ ν ln(1 + 2 s x/ν),   K′(s₀) = 1/s₀
/// ```
///
/// # Source
///
/// Rice (1980); what is integrated is that of Imhof (1961).
pub(super) fn above(effects: &[f64], x: f64, df: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let largest = effects.iter().copied().fold(0.0, f64::max);
    let terms: Vec<(f64, f64)> = effects
        .iter()
        .map(|&effect| (effect / largest, 1.0))
        .filter(|&(effect, _)| effect > f64::EPSILON)
        .chain([(-x / df / largest, df)])
        .collect();
    let line = Line::through(&terms);
    let mut step = 1.0;
    let mut integral = step * (0.5 * line.value(0.0).1 + line.sum(step, step));
    for _ in 0..11 {
        // The points between.
        let finer = 0.5 * (integral + step * line.sum(0.5 * step, step));
        let change = (finer - integral).abs();
        (integral, step) = (finer, 0.5 * step);
        if change <= 1e-14 * integral.abs() {
            break;
        }
    }
    (line.height * integral / PI).clamp(0.0, 1.0)
}

/// The line of integration, and the terms of K: −½ d ln(1 − 2 a s) for each (a, d).
struct Line<'t> {
    terms: &'t [(f64, f64)],
    saddle: f64,
    scale: f64,
    /// e^K / s at the saddle.
    height: f64,
}

impl<'t> Line<'t> {
    fn through(terms: &'t [(f64, f64)]) -> Line<'t> {
        let slope = |s: f64| {
            let each = terms.iter().map(|&(a, d)| d * a / (1.0 - 2.0 * a * s));
            each.sum::<f64>() - 1.0 / s
        };
        // The largest a is 1, so s stays below one half. K is convex: there is one root.
        let (mut low, mut high) = (0.0, 0.5);
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            if slope(middle) < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let saddle = f64::midpoint(low, high).min(0.5 * (1.0 - f64::EPSILON));
        let bends = terms
            .iter()
            .map(|&(a, d)| 2.0 * d * (a / (1.0 - 2.0 * a * saddle)).powi(2));
        let bend = bends.sum::<f64>() + 1.0 / (saddle * saddle);
        let logs = terms.iter().map(|&(a, d)| d * (-2.0 * a * saddle).ln_1p());
        Line {
            terms,
            saddle,
            scale: 1.0 / bend.sqrt(),
            height: (-0.5 * logs.sum::<f64>() - saddle.ln()).exp(),
        }
    }

    /// How large the integrand is at τ beside its height at the saddle, and its real part.
    fn value(&self, tau: f64) -> (f64, f64) {
        let y = self.scale * tau.sinh();
        let (mut size, mut angle) = (0.0, 0.0);
        for &(a, d) in self.terms {
            let ratio = -2.0 * a * y / (1.0 - 2.0 * a * self.saddle);
            size -= 0.25 * d * (ratio * ratio).ln_1p();
            angle -= 0.5 * d * ratio.atan();
        }
        let ratio = y / self.saddle;
        size -= 0.5 * (ratio * ratio).ln_1p();
        angle -= ratio.atan();
        let size = size.exp() * self.scale * tau.cosh();
        (size, size * angle.cos())
    }

    /// Over τ = first, first + by, …, as long as it matters.
    fn sum(&self, first: f64, by: f64) -> f64 {
        let (mut total, mut tau) = (0.0, first);
        loop {
            let (size, value) = self.value(tau);
            total += value;
            if size <= NOTHING * self.scale || tau > 700.0 {
                return total;
            }
            tau += by;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::above;
    use crate::math::distribution::f_above;

    #[test]
    fn equal_effects_give_an_f() {
        for (m, df) in [(1, 3.0), (2, 14.0), (6, 1112.5), (30, 0.8), (3, 1e5)] {
            for x in [1e-3, 0.4, 1.0, 3.0, 20.0, 400.0] {
                let effects = vec![2.5; m];
                let got = above(&effects, x * 2.5 * m as f64, df);
                let expected = f_above(x, m as f64, df);
                // Of many degrees of freedom the F itself has ten digits.
                let within = expected * if df > 1e4 { 1e-10 } else { 1e-11 };
                assert!(
                    (got - expected).abs() <= within,
                    "{m} {df} {x}: {got} is not {expected}"
                );
            }
        }
    }

    #[test]
    fn different_effects_agree_with_imhof() {
        // R 4.2.2: integrate() of Imhof's integrand to 1e-12
        for (effects, df, x, expected) in [
            (vec![4.0, 2.0, 0.5], 30.0, 12.0, 0.166_383_191_263_098_58),
            (vec![4.0, 2.0, 0.5], 7.3, 12.0, 0.219_201_326_695_875_05),
            (vec![1.5, 1.2], 360.25, 26.75, 7.889_154_820_461_82e-5),
            (vec![10.0, 1.0, 0.1], 5.5, 2.0, 0.777_645_852_974_588_2),
        ] {
            let got = above(&effects, x, df);
            assert!(
                (got - expected).abs() < 1e-10,
                "{got:?} is not {expected:?}"
            );
        }
    }
}
