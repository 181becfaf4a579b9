//! Normal, t, F, χ² and beta: the one file that names `statrs`.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use statrs::function::beta::ln_beta;
use statrs::function::gamma::ln_gamma;

/// The z with P(Z ≤ z) = `p` for a standard normal Z; 0 < p < 1.
///
/// ```
/// let z = canvass::math::distribution::normal_quantile(0.975);
/// assert!((z - 1.959_963_984_540_054).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a probability between 0 and 1, got {p}");
    Normal::standard().inverse_cdf(p)
}

/// P(Z ≤ `z`) for a standard normal Z.
#[must_use]
pub fn normal_below(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// The t with P(T ≤ t) = `p` for Student's t with `df` degrees of freedom; 0 < p < 1, df > 0.
///
/// ```
/// let t = canvass::math::distribution::t_quantile(0.975, 14.0);
/// assert!((t - 2.144_786_687_916_927_7).abs() < 1e-9);
/// ```
#[must_use]
pub fn t_quantile(p: f64, df: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a probability between 0 and 1, got {p}");
    let t = StudentsT::new(0.0, 1.0, df).expect("degrees of freedom above 0");
    polish(t.inverse_cdf(p), p, &t)
}

/// P(T ≤ `t`) for Student's t with `df` degrees of freedom.
#[must_use]
pub fn t_below(t: f64, df: f64) -> f64 {
    StudentsT::new(0.0, 1.0, df)
        .expect("degrees of freedom above 0")
        .cdf(t)
}

/// The x with P(X ≤ x) = `p` for a beta X with shapes `a` and `b`; 0 < p < 1, a > 0, b > 0.
///
/// The library's own inverse never leaves 0.0001 … 0.9999 at its start, and can circle there for
/// small shapes; a rare share needs the ends.
///
/// # Formula
///
/// ```text
/// ln F(eᵘ) = ln p  by Newton's steps in u = ln x, kept between bounds;  q(p; a, b) = 1 − q(1 − p; b, a)
/// ```
///
/// # Source
///
/// The reflection is Abramowitz, Stegun (1972), 26.5.2.
///
/// # Example
///
/// ```
/// let x = canvass::math::distribution::beta_quantile(0.975, 1.3, 19.7);
/// assert!((x - 0.194_551_828_001_162_1).abs() < 1e-12);
/// ```
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a probability between 0 and 1, got {p}");
    assert!(a > 0.0 && b > 0.0, "shapes above 0, got {a} and {b}");
    if beta_below(0.5, a, b) < p {
        1.0 - beta_root(1.0 - p, b, a)
    } else {
        beta_root(p, a, b)
    }
}

/// The root below one half.
fn beta_root(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (f64::MIN_POSITIVE.ln(), 0.0);
    // F(x) is nearly x^a / (a B) far to the left.
    let mut u = (((p * a).ln() + ln_beta(a, b)) / a).clamp(low, -f64::EPSILON);
    for _ in 0..200 {
        let x = u.exp();
        let below = beta_below(x, a, b);
        if below < p {
            low = u;
        } else {
            high = u;
        }
        let slope = (a * u + (b - 1.0) * (-x).ln_1p() - ln_beta(a, b)).exp() / below; // d ln F / du
        let step = u - (below / p).ln() / slope;
        let next = if step > low && step < high {
            step
        } else {
            f64::midpoint(low, high)
        };
        if (next - u).abs() <= 2.0 * f64::EPSILON * u.abs() {
            return next.exp();
        }
        u = next;
    }
    u.exp()
}

/// P(X ≤ `x`) for a beta X with shapes `a` and `b`; a > 0, b > 0.
///
/// The library stops after 140 terms, too soon for shapes of many thousands; here terms are added
/// until they change nothing.
///
/// # Formula
///
/// ```text
/// F(x) = xᵃ (1 − x)ᵇ / (a B(a, b)) · 1/(1 + d₁/(1 + d₂/(1 + …)))
///
/// d_{2m+1} = −(a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1)),   d_{2m} = m (b − m) x / ((a + 2m − 1)(a + 2m))
/// ```
///
/// # Source
///
/// Abramowitz, Stegun (1972), 26.5.8; summed as Lentz (1976) does.
#[must_use]
pub fn beta_below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return f64::from(u8::from(x >= 1.0));
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_fraction(1.0 - x, b, a);
    }
    beta_fraction(x, a, b)
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TERMS: u32 = 1_000_000;
    const TINY: f64 = 1e-300;
    let lift = |y: f64| if y.abs() < TINY { TINY } else { y };
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp() / a;
    let (mut c, mut d) = (1.0, 1.0 / lift(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    let mut turn = |part: f64| {
        d = 1.0 / lift(1.0 + part * d);
        c = lift(1.0 + part / c);
        c * d
    };
    for term in 1..TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let change = turn(even) * turn(odd);
        fraction *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    front * fraction
}

/// P(|T| > |`t`|) for Student's t with `df` degrees of freedom, exact far out as well; df > 0.
///
/// ```
/// let p = canvass::math::distribution::t_beyond(-2.144_786_687_916_927_7, 14.0);
/// assert!((p - 0.05).abs() < 1e-12);
/// ```
#[must_use]
pub fn t_beyond(t: f64, df: f64) -> f64 {
    assert!(df > 0.0, "degrees of freedom above 0, got {df}");
    beta_below(df / (df + t * t), df / 2.0, 0.5)
}

/// P(X > `x`) for an F with `df1` and `df2` degrees of freedom, exact far out as well; both above 0.
///
/// # Formula
///
/// ```text
/// P(F > x) = I_y(ν₂/2, ν₁/2),  y = ν₂ / (ν₂ + ν₁ x)
/// ```
///
/// # Source
///
/// Abramowitz, Stegun (1972), 26.6.2.
///
/// # Example
///
/// ```
/// let p = canvass::math::distribution::f_above(4.0, 1.0, 14.0);
/// assert!((p - canvass::math::distribution::t_beyond(2.0, 14.0)).abs() < 1e-14);
/// ```
#[must_use]
pub fn f_above(x: f64, df1: f64, df2: f64) -> f64 {
    assert!(
        df1 > 0.0 && df2 > 0.0,
        "degrees of freedom above 0, got {df1} and {df2}"
    );
    if x <= 0.0 {
        return 1.0;
    }
    beta_below(df2 / (df2 + df1 * x), df2 / 2.0, df1 / 2.0)
}

/// P(X > `x`) for a χ² with `df` degrees of freedom, exact far out as well; df > 0.
///
/// # Formula
///
/// ```text
/// P(χ² > x) = Q(a, y),  a = ν/2,  y = x/2
///
/// y < a + 1:  1 − yᵃ e⁻ʸ / Γ(a + 1) · Σ_k yᵏ / ((a + 1) … (a + k))
/// otherwise:  yᵃ e⁻ʸ / Γ(a) · 1/(y + 1 − a − 1(1 − a)/(y + 3 − a − 2(2 − a)/(y + 5 − a − …)))
/// ```
///
/// # Source
///
/// Abramowitz, Stegun (1972), 6.5.29 and 6.5.31; the fraction is summed as Lentz (1976) does.
///
/// # Example
///
/// ```
/// // With two degrees of freedom it is e^(−x/2).
/// let p = canvass::math::distribution::chi_above(60.0, 2.0);
/// assert!((p / (-30.0_f64).exp() - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn chi_above(x: f64, df: f64) -> f64 {
    assert!(df > 0.0, "degrees of freedom above 0, got {df}");
    let (a, y) = (df / 2.0, x / 2.0);
    if y <= 0.0 {
        return 1.0;
    }
    let front = (a * y.ln() - y - ln_gamma(a)).exp();
    if y < a + 1.0 {
        return 1.0 - front * gamma_series(a, y);
    }
    front * gamma_fraction(a, y)
}

/// Σ_k yᵏ / (a (a + 1) … (a + k)).
fn gamma_series(a: f64, y: f64) -> f64 {
    let (mut term, mut total, mut k) = (1.0 / a, 1.0 / a, a);
    while term > f64::EPSILON * total {
        k += 1.0;
        term *= y / k;
        total += term;
    }
    total
}

fn gamma_fraction(a: f64, y: f64) -> f64 {
    const TERMS: u32 = 1_000_000;
    let mut b = y + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut fraction = d;
    for term in 1..TERMS {
        let k = f64::from(term);
        b += 2.0;
        d = 1.0 / (b - k * (k - a) * d);
        c = b - k * (k - a) / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

/// Newton steps on the distribution function: the library's inverse alone is good to 1e-9 or so.
fn polish(start: f64, p: f64, t: &StudentsT) -> f64 {
    use statrs::distribution::Continuous;
    let mut x = start;
    for _ in 0..3 {
        let density = t.pdf(x);
        if density <= 0.0 {
            break;
        }
        x -= (t.cdf(x) - p) / density;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::{beta_below, beta_quantile, normal_quantile, t_quantile};
    use super::{chi_above, f_above, t_beyond};

    fn close(got: f64, expected: f64) {
        assert!(
            (got - expected).abs() <= 1e-10 * expected,
            "{got:?} is not {expected:?}"
        );
    }

    #[test]
    fn tails_agree_with_r() {
        // R 4.2: 2 * pt(-t, df), pf(x, df1, df2, lower.tail = FALSE), pchisq(x, df, lower.tail = FALSE)
        close(t_beyond(2.5, 14.0), 0.025_466_664_614_062_152);
        close(t_beyond(-40.0, 3.0), 3.438_068_078_915_854e-5);
        close(t_beyond(12.0, 197.0), 2.931_110_396_167_097_4e-25);
        close(t_beyond(0.01, 5.5), 0.992_374_019_899_552_6);
        close(t_beyond(5.0, 0.7), 0.200_273_669_641_822_86);
        close(
            f_above(17.247_443_963_9, 1.828_671_5, 360.248),
            2.035_047_421_109_201e-7,
        );
        close(
            f_above(31.723_922_2, 5.647, 1_112.46),
            1.413_939_713_431_696_4e-33,
        );
        close(f_above(0.2, 3.0, 9.0), 0.893_787_891_910_577_5);
        close(f_above(1e4, 2.0, 12.0), 4.648_839_055_576_992e-20);
        close(f_above(3.0, 0.4, 2.2), 0.171_161_732_302_714_86);
        close(f_above(1.5, 40.0, 1e5), 0.021_902_978_252_242_58);
        close(chi_above(26.75, 2.0), 1.553_500_167_954_034_7e-6);
        close(chi_above(500.0, 6.0), 8.408_216_097_976_576e-105);
        close(chi_above(1e-3, 3.0), 0.999_991_592_080_942);
        close(chi_above(7.0, 7.3), 0.461_586_124_597_847_26);
        close(chi_above(1_200.0, 1_100.0), 0.018_546_742_246_570_654);
        close(chi_above(9.0, 0.3), 4.281_431_390_526_465_5e-4);
        close(chi_above(0.5, 0.02), 0.010_448_418_226_994_893);
    }

    #[test]
    fn quantiles_agree_with_r() {
        // R 4.2: qnorm(.975), qnorm(.995), qt(.975, c(1, 5, 14, 197)), qt(.95, 5)
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-10 * b.abs(), "{a} is not {b}");
        near(normal_quantile(0.975), 1.959_963_984_540_05);
        near(normal_quantile(0.995), 2.575_829_303_548_90);
        near(t_quantile(0.975, 1.0), 12.706_204_736_174_7);
        near(t_quantile(0.975, 5.0), 2.570_581_835_636_31);
        near(t_quantile(0.975, 14.0), 2.144_786_687_916_93);
        near(t_quantile(0.975, 197.0), 1.972_079_033_849_97);
        near(t_quantile(0.95, 5.0), 2.015_048_373_333_02);
    }

    #[test]
    fn beta_quantiles_agree_with_r() {
        // R 4.2: qbeta(p, a, b), pbeta(x, a, b)
        for (p, a, b, expected) in [
            (0.025, 0.3, 20.0, 1.621_051_447_953_789_7e-07),
            (0.975, 1.3, 19.7, 0.194_551_828_001_162_1),
            (0.025, 4.0, 179.0, 0.006_019_983_244_410_736),
            (0.975, 5.0, 178.0, 0.055_313_799_030_137_22),
            (0.5, 100.0, 3.0, 0.973_870_161_816_584_4),
            (0.005, 0.01, 5.0, 9.892_240_424_112_818e-232),
            (0.995, 1e3, 2e3, 0.355_700_732_202_487_1),
            (0.025, 0.5, 0.5, 0.001_541_333_133_436_012_4),
            (0.025, 0.012, 3.2, 6.513_841_953_880_59e-135),
            (0.975, 1.012, 2.2, 0.814_475_460_050_990_5),
            (0.025, 20_000.5, 31_000.25, 0.387_927_694_175_752_46),
        ] {
            let got = beta_quantile(p, a, b);
            let within = if b > 1e4 { 1e-10 } else { 1e-11 };
            assert!(
                (got - expected).abs() <= within * expected,
                "{got:?} is not {expected:?}"
            );
        }
        for (x, a, b, expected) in [(0.1, 2.0, 3.0, 0.0523), (0.5, 0.5, 0.5, 0.5)] {
            assert!((beta_below(x, a, b) - expected).abs() < 1e-14);
        }
        assert!((beta_below(0.9, 30.0, 4.0) - 0.576_943_664_125_692_9).abs() < 1e-13);
    }

    #[test]
    fn beta_quantiles_come_back() {
        for a in [0.05, 0.4, 1.0, 7.5, 120.0, 40_000.0] {
            for b in [0.07, 0.9, 1.0, 33.0, 2_500.0, 90_000.0] {
                for p in [0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999] {
                    let x = beta_quantile(p, a, b);
                    assert!((0.0..=1.0).contains(&x), "{p} {a} {b}: {x}");
                    // Near 1 the numbers lie too far apart.
                    if x > 1e-300 && x < 1.0 - 1e-6 {
                        let back = beta_below(x, a, b);
                        assert!((back - p).abs() < 1e-8, "{p} {a} {b}: {back}");
                    }
                }
            }
        }
    }
}
