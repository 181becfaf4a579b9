//! How many of independent units come: the exact chance of each number.
//!
//! Units that come on their own, each with a chance p, come as a number S of them. P(S = m) is a
//! coefficient of Π (1 − p + p z); it is read off the values of that product on a circle. Few points
//! suffice, whether the units are a hundred or a million, because the product dies away fast on
//! both sides of z = 1. The points are made by + − × ÷ and √ alone, which every machine rounds alike.

use crate::math::sum;

/// −ln of what is left out as too small to matter: e⁻⁴⁵ < 3 · 10⁻²⁰.
const NOTHING: f64 = 45.0;

/// A complex number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Complex {
    pub re: f64,
    pub im: f64,
}

impl Complex {
    pub(super) const ONE: Complex = Complex { re: 1.0, im: 0.0 };

    pub(super) fn times(self, other: Complex) -> Complex {
        Complex {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }

    pub(super) fn over(self, other: Complex) -> Complex {
        let size = other.re * other.re + other.im * other.im;
        let turned = self.times(Complex {
            re: other.re,
            im: -other.im,
        });
        Complex {
            re: turned.re / size,
            im: turned.im / size,
        }
    }

    pub(super) fn plus(self, other: Complex) -> Complex {
        Complex {
            re: self.re + other.re,
            im: self.im + other.im,
        }
    }

    /// 1 − p + p z, for z this number.
    pub(super) fn mixed(self, p: f64) -> Complex {
        Complex {
            re: (1.0 - p) + p * self.re,
            im: p * self.im,
        }
    }

    /// By squaring.
    fn power(self, mut exponent: u64) -> Complex {
        let (mut base, mut all) = (self, Complex::ONE);
        while exponent > 0 {
            if exponent % 2 == 1 {
                all = all.times(base);
            }
            base = base.times(base);
            exponent /= 2;
        }
        all
    }
}

/// The law of the number of units that come.
///
/// # Formula
///
/// ```text
/// P(S = m) = (2 / M) Σ_j Re φ(z_j) z_j⁻ᵐ,  φ(z) = Π (1 − p + p z),  z_j = exp(iπ (2j + 1) / M),  j < M / 2
/// ```
///
/// The sum is exact if M > N. Otherwise it is P(S = m) − P(S = m ± M) + …, and M is so large that
/// Bernstein's inequality keeps what lies beyond under e⁻⁴⁵; and as |φ(z)| ≤ exp(−d (1 − Re z)) with
/// d = Σ p (1 − p), points at which this is less than e⁻⁴⁵ are left out. No z_j is −1, where a unit of
/// p = ½ would make φ vanish.
///
/// # Source
///
/// Fernández, Williams (2010); Hong (2013). Bernstein's inequality: Boucheron, Lugosi, Massart (2013),
/// §2.8.
pub(super) struct Count {
    /// M.
    circle: u64,
    /// exp(iπ / M).
    root: Complex,
    /// z_j.
    pub(super) points: Vec<Complex>,
    /// φ(z_j).
    products: Vec<Complex>,
    mean: f64,
    /// How far from the mean there is anything.
    reach: f64,
}

impl Count {
    /// The law for units with these chances.
    pub(super) fn new(chances: &[f64]) -> Count {
        let spread = sum(chances.iter().map(|p| p * (1.0 - p)));
        let circle = circle(chances.len() as u64, spread);
        let root = root(circle);
        let step = root.times(root);
        let mut points = vec![root];
        while (points.len() as u64) < circle / 2 {
            let next = points[points.len() - 1].times(step);
            if spread * (1.0 - next.re) > NOTHING {
                break;
            }
            points.push(next);
        }
        let mut products = vec![Complex::ONE; points.len()];
        for &p in chances {
            for (product, point) in products.iter_mut().zip(&points) {
                *product = product.times(point.mixed(p));
            }
        }
        let exact = circle > chances.len() as u64;
        let reach = if exact {
            f64::INFINITY
        } else {
            circle as f64 / 2.0
        };
        Count {
            circle,
            root,
            points,
            products,
            mean: sum(chances.iter().copied()),
            reach,
        }
    }

    /// φ(z_j) z_j⁻ᵐ.
    pub(super) fn turned(&self, m: usize) -> Vec<Complex> {
        // z_j⁻ᵐ is a power of the root, which is 1 again after 2M.
        let around = 2 * self.circle;
        let back = |power: u64| self.root.power((around - power % around) % around);
        let mut turn = back(m as u64 % around);
        let step = back(2 * (m as u64 % around));
        let turned = |product: &Complex| {
            let now = product.times(turn);
            turn = turn.times(step);
            now
        };
        self.products.iter().map(turned).collect()
    }

    /// P(S = m).
    pub(super) fn chance(&self, m: usize) -> f64 {
        if (m as f64 - self.mean).abs() > self.reach {
            return 0.0;
        }
        let all = sum(self.turned(m).iter().map(|one| one.re));
        (2.0 / self.circle as f64 * all).max(0.0)
    }

    /// The largest P(S = m). It lies next to the mean: Darroch (1964).
    pub(super) fn most(&self) -> f64 {
        let below = self.mean as usize;
        self.chance(below).max(self.chance(below + 1))
    }

    /// For each unit: P(m − 1 of the others come) and P(m of the others come), for m next to the mean.
    pub(super) fn others<'a>(
        &'a self,
        chances: &'a [f64],
        m: usize,
    ) -> impl Iterator<Item = (f64, f64)> + 'a {
        // At each point: 1 / M φ z⁻ᵐ, and the same once more times z.
        let scale = 2.0 / self.circle as f64;
        let scaled = |one: Complex| Complex {
            re: scale * one.re,
            im: scale * one.im,
        };
        let terms: Vec<(Complex, Complex, Complex)> =
            (self.turned(m).into_iter().zip(&self.points))
                .map(|(turned, &point)| (point, scaled(turned), scaled(turned.times(point))))
                .collect();
        chances.iter().map(move |&p| {
            let (mut fewer, mut same) = (0.0, 0.0);
            for (point, here, next) in &terms {
                let one = point.mixed(p);
                let size = one.re * one.re + one.im * one.im;
                same += (here.re * one.re + here.im * one.im) / size;
                fewer += (next.re * one.re + next.im * one.im) / size;
            }
            (fewer, same)
        })
    }
}

/// M: 4, 6, 8, 12, 16, 24 … whichever first exceeds the number of units, or twice the distance R from
/// the mean beyond which there is nothing: R² ≥ 2 · 45 (d + R / 3).
fn circle(units: u64, spread: f64) -> u64 {
    let enough = |circle: u64| {
        let reach = circle as f64 / 2.0;
        circle > units || reach * reach >= 2.0 * NOTHING * (spread + reach / 3.0)
    };
    (2..62)
        .flat_map(|k| [1 << k, 3 << (k - 1)])
        .find(|&circle| enough(circle))
        .unwrap_or(1 << 62)
}

/// exp(iπ / M) for such an M, by halving the angles of i and of exp(iπ / 6).
fn root(circle: u64) -> Complex {
    let (mut at, mut root) = match circle % 3 {
        0 => (
            6,
            Complex {
                re: 0.75_f64.sqrt(),
                im: 0.5,
            },
        ),
        _ => (2, Complex { re: 0.0, im: 1.0 }),
    };
    while at < circle {
        let re = (0.5 * (1.0 + root.re)).sqrt();
        root = Complex {
            re,
            im: root.im / (2.0 * re),
        };
        at *= 2;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::{Count, circle, root};
    use crate::random::Seed;

    /// The law by adding one unit after another.
    fn slowly(chances: &[f64]) -> Vec<f64> {
        let mut law = vec![1.0];
        for p in chances {
            law.push(0.0);
            for m in (0..law.len()).rev() {
                law[m] = law[m] * (1.0 - p) + if m > 0 { law[m - 1] * p } else { 0.0 };
            }
        }
        law
    }

    #[test]
    fn roots_are_those_of_the_library() {
        for circle in [4, 6, 8, 12, 96, 1024, 3 << 20] {
            let (sin, cos) = (std::f64::consts::PI / circle as f64).sin_cos();
            let found = root(circle);
            assert!(
                (found.re - cos).abs() < 1e-15 && (found.im / sin - 1.0).abs() < 1e-15,
                "{circle}"
            );
        }
        assert_eq!([circle(0, 0.0), circle(5, 1.0), circle(8, 1.0)], [4, 6, 12]);
    }

    #[test]
    fn the_law_is_that_of_adding_unit_after_unit() {
        let mut stream = Seed::new("count").expect("not blank").stream("test");
        for units in [1, 2, 3, 8, 40, 300, 2_000] {
            let mut chances: Vec<f64> = (0..units).map(|_| stream.unit().powi(3)).collect();
            chances[0] = 0.5;
            let (law, count) = (slowly(&chances), Count::new(&chances));
            for (m, wanted) in law.iter().enumerate() {
                let found = count.chance(m);
                assert!(
                    (found - wanted).abs() < 1e-14,
                    "{units} units, {m}: {found} is not {wanted}"
                );
            }
            let most = law.iter().fold(0.0_f64, |a, &b| a.max(b));
            assert!((count.most() - most).abs() < 1e-14, "{units} units");
        }
    }

    #[test]
    fn one_unit_is_left_out_without_counting_again() {
        let chances = [0.5, 0.1, 0.9, 0.5, 0.999_999, 1e-9];
        let count = Count::new(&chances);
        for (k, (fewer, same)) in count.others(&chances, 3).enumerate() {
            let rest: Vec<f64> = (0..6).filter(|&l| l != k).map(|l| chances[l]).collect();
            let law = slowly(&rest);
            assert!(
                (fewer - law[2]).abs() < 1e-15 && (same - law[3]).abs() < 1e-15,
                "unit {k}"
            );
        }
    }
}
