//! How likely two units are drawn together, from their own chances alone.
//!
//! Many methods for unequal chances have no practicable formula for pairs. Where a method leaves as
//! much to chance as its inclusion probabilities allow – random systematic, random pivotal, Pareto,
//! Sampford, conditional Poisson – the pairs' chances hardly depend on the method, and these formulas
//! are close. They are wrong for methods that keep an order: ordered systematic, ordered pivotal.
//!
//! | function        | made for                   | the pairs add up to n (n − 1)                        |
//! |-----------------|----------------------------|------------------------------------------------------|
//! | [`hartley_rao`] | random systematic          | nearly                                               |
//! | [`hajek`]       | conditional Poisson        | nearly                                               |
//! | [`brewer`]      | any method of high entropy | with [`Constant::Own`] and [`Constant::Total`]; else nearly |
//! | [`deville`]     | any method of high entropy | always                                               |
//! | [`overton`]     | random systematic          | nearly                                               |
//!
//! Certain units stand apart: with them, π_kl = π_l exactly, and n is what is left without them.

use super::apart::{Apart, every};
use super::{Error, Joint, Probabilities};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What these formulas say of themselves.
pub const CARD: Card = Card {
    key: "joint-approximations",
    title: Words::new("Approximate chances of pairs", "成对入样概率的近似"),
    says: Words::new(
        "Chances of pairs from the chances of units alone, close for methods that leave as much to \
         chance as possible. Wrong for methods that keep an order.",
        "仅由单位的入样概率近似成对入样概率，适用于高熵（尽可能随机）的抽样方法，不适用于保持名单次序的方法。",
    ),
    formula: "Brewer: π_kl ≈ π_k π_l (c_k + c_l) / 2;  Hájek: π_k π_l (1 − (1 − π_k)(1 − π_l) / Σ π (1 − π));  \
              Overton: π_k π_l (n − 1) / (n − (π_k + π_l) / 2);  Deville: π_k π_l − c_k c_l / Σc;  Hartley–Rao: \
              a series in π / n",
    sources: &[
        Source::at("Hartley, Rao (1962)", "(5.15)"),
        Source::new("Hájek (1964)"),
        Source::new("Overton (1985)"),
        Source::new("Deville (1999)"),
        Source::at("Brewer, Donadio (2003)", "(9), (10), (11), (18)"),
    ],
};

/// The chances of all units, and the places of those whose pairs are asked for.
type Asked<'a> = (&'a Probabilities, &'a [usize]);

/// Sums over the open units.
struct Sums {
    apart: Apart,
    /// How many of them are drawn.
    take: f64,
    squares: f64,
    cubes: f64,
    /// Σ π (1 − π).
    spread: f64,
}

impl Sums {
    fn of(probabilities: &Probabilities) -> Result<Sums, Error> {
        let (apart, take) = Apart::fixed(probabilities)?;
        let over =
            |f: fn(f64) -> f64| sum(apart.open.iter().map(|&unit| f(probabilities.of(unit))));
        let (squares, cubes) = (over(|p| p * p), over(|p| p * p * p));
        let spread = over(|p| p * (1.0 - p));
        Ok(Sums {
            take: take as f64,
            squares,
            cubes,
            spread,
            apart,
        })
    }

    /// A table from the chances of two units.
    fn table(&self, some: Asked<'_>, both: impl Fn(f64, f64) -> f64) -> Joint {
        let chance = |at: usize| some.0.of(self.apart.open[at]);
        self.apart.among(some, |k, l| both(chance(k), chance(l)))
    }
}

/// The approximation of Hartley and Rao, for systematic sampling in random order.
///
/// # Formula
///
/// ```text
/// π_kl = (n−1)/n π_k π_l + (n−1)/n² (π_k² π_l + π_k π_l²) − (n−1)/n³ π_k π_l Σπ²
///      + 2(n−1)/n³ (π_k³ π_l + π_k π_l³ + π_k² π_l²) − 3(n−1)/n⁴ (π_k² π_l + π_k π_l²) Σπ²
///      + 3(n−1)/n⁵ π_k π_l (Σπ²)² − 2(n−1)/n⁴ π_k π_l Σπ³
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Hartley, Rao (1962), (5.15).
///
/// # Example
///
/// Equal chances give simple random sampling, nearly:
///
/// ```
/// use canvass::draw::{Probabilities, approximate::hartley_rao};
/// let pairs = hartley_rao(&Probabilities::equal(100, 10)?)?;
/// assert!((pairs.of(3, 7) - 10.0 / 100.0 * 9.0 / 99.0).abs() < 1e-7);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn hartley_rao(probabilities: &Probabilities) -> Result<Joint, Error> {
    Formula::HartleyRao.pairs(probabilities)
}

fn hartley_rao_of(some: Asked<'_>) -> Result<Joint, Error> {
    let sums = Sums::of(some.0)?;
    let (n, squares, cubes) = (sums.take, sums.squares, sums.cubes);
    Ok(sums.table(some, |p, q| {
        let first = 1.0 + (p + q) / n - squares / (n * n);
        let second = 2.0 * (p * p + q * q + p * q) / (n * n)
            - 3.0 * (p + q) * squares / (n * n * n)
            + 3.0 * squares * squares / (n * n * n * n)
            - 2.0 * cubes / (n * n * n);
        (n - 1.0) / n * p * q * (first + second)
    }))
}

/// The approximation of Hájek, for conditional Poisson sampling.
///
/// # Formula
///
/// ```text
/// π_kl = π_k π_l (1 − (1 − π_k)(1 − π_l) / d),  d = Σ π (1 − π)
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Hájek (1964).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, approximate::hajek};
/// let pairs = hajek(&Probabilities::equal(100, 10)?)?;
/// assert!((pairs.of(3, 7) - 10.0 / 100.0 * 9.0 / 99.0).abs() < 1e-5);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn hajek(probabilities: &Probabilities) -> Result<Joint, Error> {
    Formula::Hajek.pairs(probabilities)
}

fn hajek_of(some: Asked<'_>) -> Result<Joint, Error> {
    let sums = Sums::of(some.0)?;
    let spread = sums.spread;
    Ok(sums.table(some, |p, q| p * q * (1.0 - (1.0 - p) * (1.0 - q) / spread)))
}

/// Which constants Brewer's approximation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// c_k = (n − 1) / (n − π_k): (9) of the paper. The pairs add up to n (n − 1).
    Own,
    /// c = (n − 1) / (n − Σπ² / n), alike for all: (10) of the paper. The pairs add up to
    /// n (n − 1).
    Total,
    /// c_k = (n − 1) / (n − 2 π_k + Σπ² / n): (11) of the paper.
    HartleyRao,
    /// c_k = (n − 1) / (n − (2n − 1) / (n − 1) π_k + Σπ² / (n − 1)): (18) of the paper, the closest for
    /// methods of high entropy.
    HighEntropy,
}

/// The approximation of Brewer.
///
/// # Formula
///
/// ```text
/// π_kl = π_k π_l (c_k + c_l) / 2,  c as [`Constant`] says
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Brewer, Donadio (2003), (9), (10), (11) and (18).
///
/// # Example
///
/// Equal chances give simple random sampling:
///
/// ```
/// use canvass::draw::{Probabilities, approximate::{Constant, brewer}};
/// let pairs = brewer(&Probabilities::equal(100, 10)?, Constant::HighEntropy)?;
/// assert!((pairs.of(3, 7) - 10.0 / 100.0 * 9.0 / 99.0).abs() < 1e-15);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn brewer(probabilities: &Probabilities, constant: Constant) -> Result<Joint, Error> {
    Formula::Brewer(constant).pairs(probabilities)
}

fn brewer_of(some: Asked<'_>, constant: Constant) -> Result<Joint, Error> {
    let sums = Sums::of(some.0)?;
    let (n, squares) = (sums.take, sums.squares);
    let c = |p: f64| match constant {
        Constant::Own => (n - 1.0) / (n - p),
        Constant::Total => (n - 1.0) / (n - squares / n),
        Constant::HartleyRao => (n - 1.0) / (n - 2.0 * p + squares / n),
        // At n = 1 the last two terms are infinite, and no two units are drawn.
        Constant::HighEntropy if n <= 1.0 => 0.0,
        Constant::HighEntropy => {
            (n - 1.0) / (n - (2.0 * n - 1.0) / (n - 1.0) * p + squares / (n - 1.0))
        }
    };
    Ok(sums.table(some, |p, q| p * q * (c(p) + c(q)) / 2.0))
}

/// The approximation that Deville's variance estimator stands for, his constants summed over all units.
///
/// # Formula
///
/// ```text
/// π_kl = π_k π_l − c_k c_l / Σc
/// c_k  = π_k (1 − π_k) / (1 − Σ a²),  a_k = π_k (1 − π_k) / Σ π (1 − π)
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Deville (1999); in this notation, Matei, Tillé (2005).
///
/// # Example
///
/// Equal chances give simple random sampling:
///
/// ```
/// use canvass::draw::{Probabilities, approximate::deville};
/// let pairs = deville(&Probabilities::equal(100, 10)?)?;
/// assert!((pairs.of(3, 7) - 10.0 / 100.0 * 9.0 / 99.0).abs() < 1e-15);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn deville(probabilities: &Probabilities) -> Result<Joint, Error> {
    Formula::Deville.pairs(probabilities)
}

fn deville_of(some: Asked<'_>) -> Result<Joint, Error> {
    let sums = Sums::of(some.0)?;
    let spread = sums.spread;
    let open = || sums.apart.open.iter().map(|&unit| some.0.of(unit));
    let rest = 1.0 - sum(open().map(|p| (p * (1.0 - p) / spread).powi(2)));
    // c_k c_l / Σc, with Σc = Σ π (1 − π) / rest.
    Ok(sums.table(some, |p, q| {
        p * q - p * (1.0 - p) * q * (1.0 - q) / (rest * spread)
    }))
}

/// The approximation of Overton.
///
/// # Formula
///
/// ```text
/// π_kl = π_k π_l (n − 1) / (n − (π_k + π_l) / 2)
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Overton (1985).
///
/// # Example
///
/// Equal chances give simple random sampling:
///
/// ```
/// use canvass::draw::{Probabilities, approximate::overton};
/// let pairs = overton(&Probabilities::equal(100, 10)?)?;
/// assert!((pairs.of(3, 7) - 10.0 / 100.0 * 9.0 / 99.0).abs() < 1e-15);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn overton(probabilities: &Probabilities) -> Result<Joint, Error> {
    Formula::Overton.pairs(probabilities)
}

fn overton_of(some: Asked<'_>) -> Result<Joint, Error> {
    let sums = Sums::of(some.0)?;
    let n = sums.take;
    Ok(sums.table(some, |p, q| p * q * (n - 1.0) / (n - (p + q) / 2.0)))
}

/// One of the formulas, by name: for callers that need one where a method has none of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// [`hartley_rao`].
    HartleyRao,
    /// [`hajek`].
    Hajek,
    /// [`brewer`].
    Brewer(Constant),
    /// [`deville`].
    Deville,
    /// [`overton`].
    Overton,
}

impl Formula {
    /// π_kl by this formula.
    ///
    /// # Errors
    ///
    /// [`Error::NotWhole`] if Σπ is not a whole number.
    pub fn pairs(self, probabilities: &Probabilities) -> Result<Joint, Error> {
        self.among(probabilities, &every(probabilities.len()))
    }

    /// The same, of the units at some places, which stand in order.
    ///
    /// # Errors
    ///
    /// [`Error::NotWhole`] if Σπ is not a whole number.
    pub fn among(self, probabilities: &Probabilities, places: &[usize]) -> Result<Joint, Error> {
        let some = (probabilities, places);
        match self {
            Formula::HartleyRao => hartley_rao_of(some),
            Formula::Hajek => hajek_of(some),
            Formula::Brewer(constant) => brewer_of(some, constant),
            Formula::Deville => deville_of(some),
            Formula::Overton => overton_of(some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Constant, brewer, deville, hajek, hartley_rao, overton};
    use crate::draw::trial::{self, ids, six};
    use crate::draw::{Error, Joint, Pool, Probabilities, unequal::pps_systematic};

    type Formula = fn(&Probabilities) -> Result<Joint, Error>;

    const ALL: [Formula; 8] = [
        hartley_rao,
        hajek,
        |p| brewer(p, Constant::Own),
        |p| brewer(p, Constant::Total),
        |p| brewer(p, Constant::HartleyRao),
        |p| brewer(p, Constant::HighEntropy),
        deville,
        overton,
    ];

    #[test]
    fn formulas_agree_with_r() {
        // R 4.2.2, p <- c(.2, .7, .8, .5, .4, .4); n <- 3; pp <- outer(p, p); s2 <- sum(p^2); f <- 2/3
        // for Brewer: pp * outer(c, c, "+") / 2 with c <- (n-1) / (n - p), (n-1) / (n - s2/n),
        //   (n-1) / (n - 2*p + s2/n), (n-1) / (n - (2*n-1)/(n-1)*p + s2/(n-1))
        // Hájek: pp * (1 - outer(1-p, 1-p) / sum(p*(1-p))); Overton: pp * (n-1) / (n - outer(p,p,"+")/2)
        // Deville: d <- p*(1-p); c <- d / (1 - sum((d/sum(d))^2)); pp - outer(c, c) / sum(c)
        // Hartley-Rao: f*pp + f/n*(outer(p^2,p) + outer(p,p^2)) - f/n^2*pp*s2
        //   + 2*f/n^2*(outer(p^3,p) + outer(p,p^3) + outer(p^2,p^2)) - 3*f/n^3*(outer(p^2,p)
        //   + outer(p,p^2))*s2 + 3*f/n^4*pp*s2^2 - 2*f/n^3*pp*sum(p^3)
        // each [1, 2], [2, 3] and [5, 6]
        let wanted = [
            [0.103_695_407_407, 0.530_763_851_852, 0.112_512_000_000],
            [0.113_333_333_333, 0.533_333_333_333, 0.114_285_714_286],
            [0.110_869_565_217, 0.498_023_715_415, 0.123_076_923_077],
            [0.115_702_479_339, 0.462_809_917_355, 0.132_231_404_959],
            [0.108_245_340_719, 0.539_709_016_773, 0.115_107_913_669],
            [0.107_580_762_555, 0.563_616_184_038, 0.111_498_257_840],
            [0.107_795_527_157, 0.527_795_527_157, 0.104_792_332_268],
            [0.109_803_921_569, 0.497_777_777_778, 0.123_076_923_077],
        ];
        for (place, (formula, wanted)) in ALL.iter().zip(wanted).enumerate() {
            let found = formula(&six()).expect("whole");
            for ((k, l), wanted) in [(0, 1), (1, 2), (4, 5)].into_iter().zip(wanted) {
                assert!(
                    (found.of(k, l) - wanted).abs() < 1e-11,
                    "{place}: {k} {l} {}",
                    found.of(k, l)
                );
                assert!((found.of(l, k) - found.of(k, l)).abs() < 1e-15);
            }
            assert!((0..6).all(|k| (found.of(k, k) - six().of(k)).abs() < 1e-15));
        }
    }

    #[test]
    fn pairs_add_up_where_it_is_promised() {
        for i in 0..100 {
            let chances = trial::random_chances(&format!("pairs {i}"));
            let size = chances.expected();
            for formula in [ALL[2], ALL[3], ALL[6]] {
                let found = formula(&chances).expect("whole");
                let pairs = (0..found.len()).flat_map(|k| (0..found.len()).map(move |l| (k, l)));
                let all: f64 = pairs
                    .filter(|(k, l)| k != l)
                    .map(|(k, l)| found.of(k, l))
                    .sum();
                assert!(
                    (all - size * (size - 1.0)).abs() < 1e-6,
                    "seed {i}: {all}, n = {size}"
                );
            }
        }
    }

    #[test]
    fn hartley_and_rao_are_close_to_systematic_sampling_in_random_order() {
        // R sampling 2.9: the mean of UPsystematicpi2(p[o]) over all 720 orders o: [1, 2], [2, 3], [5, 6]
        // are 0.106 666 7, 0.54 and 0.106 666 7.
        let mut orders = vec![Vec::new()];
        for _ in 0..6 {
            let longer = |order: &Vec<usize>| -> Vec<Vec<usize>> {
                let rest = (0..6).filter(|unit| !order.contains(unit));
                rest.map(|unit| [order.clone(), vec![unit]].concat())
                    .collect()
            };
            orders = orders.iter().flat_map(longer).collect();
        }
        let (ids, chances) = (ids(6), six());
        let mut mean = [0.0; 36];
        for order in &orders {
            let shuffled = order.iter().map(|&unit| chances.of(unit)).collect();
            let shuffled = Probabilities::given(shuffled).expect("chances");
            let pairs = pps_systematic::joint(&Pool::new("all", &ids, &shuffled)).expect("whole");
            for (k, &one) in order.iter().enumerate() {
                for (l, &other) in order.iter().enumerate() {
                    mean[one * 6 + other] += pairs.of(k, l) / 720.0;
                }
            }
        }
        let exact = Joint::from_fn(6, |k, l| mean[k * 6 + l]);
        for ((k, l), wanted) in [((0, 1), 0.32 / 3.0), ((1, 2), 0.54), ((4, 5), 0.32 / 3.0)] {
            assert!(
                (exact.of(k, l) - wanted).abs() < 1e-12,
                "{}",
                exact.of(k, l)
            );
        }
        // Six units are few for a series in 1 / N; still it is right to a digit.
        trial::assert_same(&exact, &hartley_rao(&chances).expect("whole"), 0.03);
    }

    #[test]
    fn what_hartley_and_rao_leave_out_falls_with_the_cube_of_the_list() {
        // By how much Σ π_kl misses (n − 1) π_k, for the unit it is worst for: pairs miss N⁻⁴ each.
        let off = |times: usize| {
            let sizes: Vec<f64> = (0..8 * times).map(|i| (i % 8 + 1) as f64).collect();
            let chances = Probabilities::by_size(&sizes, 4).expect("possible");
            let found = hartley_rao(&chances).expect("whole");
            let row = |k: usize| {
                let all: f64 = (0..8 * times)
                    .filter(|&l| l != k)
                    .map(|l| found.of(k, l))
                    .sum();
                (all - 3.0 * chances.of(k)).abs()
            };
            (0..8 * times).map(row).fold(0.0, f64::max)
        };
        for times in [2, 4, 8] {
            let ratio = off(times) / off(2 * times);
            assert!((7.0..20.0).contains(&ratio), "{times}: {ratio}");
        }
    }

    #[test]
    fn certain_units_are_drawn_with_everybody() {
        let chances =
            Probabilities::given(vec![1.0, 0.25, 0.5, 0.0, 0.25, 1.0, 0.5, 0.5]).expect("chances");
        for formula in ALL {
            let found = formula(&chances).expect("whole");
            for l in 0..8 {
                assert!((found.of(0, l) - chances.of(l)).abs() < 1e-15);
                assert!(found.of(3, l).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn one_unit_of_many_makes_no_pairs() {
        let chances = Probabilities::by_size(&[1.0, 2.0, 3.0], 1).expect("possible");
        for formula in [ALL[0], ALL[2], ALL[3], ALL[4], ALL[5], ALL[7]] {
            assert!(formula(&chances).expect("whole").of(0, 1).abs() < 1e-15);
        }
        for formula in ALL {
            for chances in [vec![], vec![0.0], vec![1.0], vec![0.5, 0.5], vec![1.0, 1.0]] {
                let chances = Probabilities::given(chances).expect("chances");
                let found = formula(&chances).expect("whole");
                assert!(
                    (0..found.len()).all(|k| (0..found.len()).all(|l| found.of(k, l).is_finite()))
                );
            }
            let refused = formula(&Probabilities::given(vec![0.3]).expect("chances"));
            assert_eq!(refused, Err(Error::NotWhole { expected: 0.3 }));
        }
    }
}
