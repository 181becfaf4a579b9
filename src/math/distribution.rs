//! Normal and t quantiles: the one file that names `statrs`.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

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
    use super::{normal_quantile, t_quantile};

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
}
