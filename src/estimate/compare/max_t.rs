//! The largest of many t's that hang together.

use std::cmp::Ordering;

use crate::language::Words;
use crate::math::distribution::{f_above, normal_quantile, t_quantile};
use crate::math::solve::Symmetric;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "max-t",
    title: Words::new("Largest of many t", "最大t统计量"),
    says: Words::new(
        "How large the largest of all t's becomes by chance alone, given how the differences hang together. \
         Intervals that wide hold all at once. It is what Tukey's test is for equal and independent groups. \
         Directions are drawn from the survey's seed, and the error of that is stated.",
        "在已知各差异相关结构的前提下，全部t统计量中最大者仅凭机会能有多大；按此临界值构造的区间同时成立。\
         各组独立且等方差时即为 Tukey 检验。方向由调查种子以拟随机点列产生，并说明模拟误差。",
    ),
    formula: "P(max |T| > t) = E_u[ P( F(r, ν) > t² / (r max_j (b_j′u)²) ) ],  u uniform on the sphere",
    sources: &[
        Source::at("Genz, Bretz (2009)", "§4.1"),
        Source::new("Hothorn, Bretz, Westfall (2008)"),
    ],
};

/// Independent lattices of directions, from whose spread the error of simulation is known.
const SHIFTS: usize = 12;

/// Directions of each lattice.
const POINTS: usize = 1_000;

/// Directions that lie side by side in size stand for each other.
const TOGETHER: usize = 8;

/// Directions in which contrasts vary less than this part of the most do not count.
const NOTHING: f64 = 1e-10;

/// A critical value is found to this part of itself, far below what simulation leaves.
const CLOSE: f64 = 1e-12;

/// A dozen rounds find it; as many as would find it by halves.
const ROUNDS: usize = 60;

/// How the largest |t| of many contrasts is distributed if none of them differs from 0.
///
/// A normal vector is a direction times a length. Lengths are integrated exactly, also far out; only
/// directions are simulated, over shifted lattices.
///
/// ```
/// use canvass::estimate::compare::MaxT;
/// use canvass::math::solve::Symmetric;
/// use canvass::random::Seed;
///
/// // Three independent figures, alike in variance: Tukey's studentised range at 30 degrees of freedom.
/// let mut matrix = Symmetric::zero(3);
/// (0..3).for_each(|i| matrix.add(i, i, 4.0));
/// let contrasts = [vec![1.0, -1.0, 0.0], vec![1.0, 0.0, -1.0], vec![0.0, 1.0, -1.0]];
/// let seed = Seed::new("an example").expect("not blank");
/// let largest = MaxT::of(&matrix, &contrasts, 30, &seed).expect("they vary");
/// // qtukey(0.95, 3, 30) / √2
/// assert!((largest.critical(0.95) - 2.465_271).abs() < 0.002);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MaxT {
    /// 1 / (r max_j (b_j′u)²), lattice by lattice.
    lattices: Vec<Vec<f64>>,
    rank: usize,
    contrasts: usize,
    /// Whether some contrasts count in one direction only.
    sided: bool,
    df: f64,
}

impl MaxT {
    /// Of contrasts of figures with these covariances, one row of coefficients per contrast. None if there
    /// is no contrast, one of them does not vary, or there are no degrees of freedom.
    ///
    /// # Formula
    ///
    /// ```text
    /// C Σ C′ → B B′, rows of length 1;   u = z/|z|, z_d = Φ⁻¹(|2 {i √p_d + shift_d} − 1|)
    /// ```
    ///
    /// p_d are the prime numbers, {} what is left of whole numbers.
    ///
    /// # Source
    ///
    /// Genz, Bretz (2009), §4.1 for direction and length, §4.2 for lattices. R's `mvtnorm` integrates the same
    /// in another order.
    #[must_use]
    pub fn of(
        covariance: &Symmetric,
        contrasts: &[Vec<f64>],
        df: u64,
        seed: &Seed,
    ) -> Option<MaxT> {
        MaxT::of_sides(covariance, (contrasts, &[]), df, seed)
    }

    /// The same, where some contrasts count whichever sign they have, and others only if they are above 0.
    ///
    /// # Formula
    ///
    /// ```text
    /// P(max(|T_j|, T_k) > t) = E_u[ P( F(r, ν) > t² / (r max(|b_j′u|, b_k′u, 0)²) ) ]
    /// ```
    ///
    /// # Source
    ///
    /// Genz, Bretz (2009), §4.1; each direction is looked at both ways.
    #[must_use]
    pub fn of_sides(
        covariance: &Symmetric,
        (both, above): (&[Vec<f64>], &[Vec<f64>]),
        df: u64,
        seed: &Seed,
    ) -> Option<MaxT> {
        let contrasts = [both, above].concat();
        let rows = unit_rows(covariance, &contrasts)?;
        let rank = rows.first()?.len();
        let (two, one) = rows.split_at(both.len());
        if df == 0 {
            return None;
        }
        let mut stream = seed.stream("compare");
        let steps: Vec<f64> = primes(rank).iter().map(|p| f64::from(*p).sqrt()).collect();
        let shifts = if rank == 1 { 1 } else { SHIFTS };
        let lattices = (0..shifts).map(|_| {
            let shift: Vec<f64> = (0..rank).map(|_| stream.unit()).collect();
            match one.is_empty() {
                true => lattice(two, &steps, &shift),
                false => sided((two, one), &steps, &shift),
            }
        });
        Some(MaxT {
            lattices: lattices.collect(),
            rank,
            contrasts: contrasts.len(),
            sided: !one.is_empty(),
            df: df as f64,
        })
    }

    /// How many directions were looked at; of two figures there is but one.
    #[must_use]
    pub fn draws(&self) -> usize {
        match self.rank {
            1 => 1,
            _ => SHIFTS * POINTS,
        }
    }

    /// P(max |T| > `t`).
    #[must_use]
    pub fn beyond(&self, t: f64) -> f64 {
        let parts = self.parts(t);
        sum(parts.iter().copied()) / parts.len() as f64
    }

    /// The standard error that simulation leaves in [`beyond`](MaxT::beyond); 0 where there is none.
    #[must_use]
    pub fn beyond_error(&self, t: f64) -> f64 {
        let parts = self.parts(t);
        let count = parts.len() as f64;
        if parts.len() < 2 {
            return 0.0;
        }
        let mean = sum(parts.iter().copied()) / count;
        let squares = sum(parts.iter().map(|part| (part - mean).powi(2)));
        (squares / (count * (count - 1.0))).sqrt()
    }

    /// The t that the largest |T| stays below with probability `confidence`, between 0 and 1.
    #[must_use]
    pub fn critical(&self, confidence: f64) -> f64 {
        let left = 1.0 - confidence;
        let one = |share: f64| -t_quantile(share / 2.0, self.df);
        let (mut low, mut high) = (one(left), one(left / self.contrasts as f64));
        // Both hold but for rounding and simulation. In one direction alone, chance may well stay below 0.
        low *= if self.sided { 0.0 } else { 0.99 };
        while self.beyond(high) > left {
            high *= 1.1;
        }
        falls_to(|t| self.beyond(t), left, (low, high))
    }

    /// The standard error that simulation leaves in a critical value.
    #[must_use]
    pub fn critical_error(&self, critical: f64) -> f64 {
        let (low, high) = (0.999 * critical, 1.001 * critical);
        let slope = (self.beyond(low) - self.beyond(high)) / (high - low);
        if slope > 0.0 {
            self.beyond_error(critical) / slope
        } else {
            0.0
        }
    }

    fn parts(&self, t: f64) -> Vec<f64> {
        let each = |lattice: &Vec<f64>| {
            let beyond = |over: &f64| match over.is_finite() {
                true => f_above(t * t * over, self.rank as f64, self.df),
                false => 0.0,
            };
            sum(lattice.iter().map(beyond)) / lattice.len() as f64
        };
        self.lattices.iter().map(each).collect()
    }
}

/// B: contrasts in the directions in which they vary, each of length 1.
fn unit_rows(covariance: &Symmetric, contrasts: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let root: Vec<Vec<f64>> = covariance
        .eigen()?
        .into_iter()
        .filter(|(value, _)| *value > 0.0)
        .map(|(value, direction)| direction.iter().map(|u| u * value.sqrt()).collect())
        .collect();
    let along = |row: &[f64], lines: &[Vec<f64>]| -> Vec<f64> {
        let dot = |line: &Vec<f64>| sum(row.iter().zip(line).map(|(a, b)| a * b));
        lines.iter().map(dot).collect()
    };
    let size = |row: &[f64]| sum(row.iter().map(|x| x * x)).sqrt();
    let mut rows = Vec::new();
    for contrast in contrasts {
        let row = along(contrast, &root);
        let length = size(&row);
        if length <= 0.0 || !length.is_finite() {
            return None;
        }
        rows.push(row.iter().map(|x| x / length).collect::<Vec<f64>>());
    }
    let mut square = Symmetric::zero(root.len());
    for row in &rows {
        for i in 0..row.len() {
            (0..=i).for_each(|j| square.add(i, j, row[i] * row[j]));
        }
    }
    let eigen = square.eigen()?;
    let largest = eigen.first()?.0;
    let kept: Vec<Vec<f64>> = eigen
        .into_iter()
        .filter(|(value, _)| *value > NOTHING * largest)
        .map(|(_, direction)| direction)
        .collect();
    let turned = rows.iter().map(|row| along(row, &kept)).map(|row| {
        let length = size(&row);
        row.into_iter().map(|x| x / length).collect()
    });
    Some(turned.collect())
}

/// 1 / (r max_j (b_j′u)²) over one lattice of directions, sorted, those side by side as one.
fn lattice(rows: &[Vec<f64>], steps: &[f64], shift: &[f64]) -> Vec<f64> {
    if steps.len() == 1 {
        return vec![1.0];
    }
    let mut over: Vec<f64> = (1..=POINTS)
        .map(|i| {
            let at = |(step, shift): (&f64, &f64)| normal((i as f64 * step + shift).fract());
            let z: Vec<f64> = steps.iter().zip(shift).map(at).collect();
            let length: f64 = z.iter().map(|z| z * z).sum();
            let square = |row: &Vec<f64>| {
                let along: f64 = row.iter().zip(&z).map(|(b, z)| b * z).sum();
                along * along
            };
            let largest = rows.iter().map(square).fold(0.0, f64::max);
            length / (steps.len() as f64 * largest)
        })
        .collect();
    over.sort_unstable_by(f64::total_cmp);
    over.chunks(TOGETHER)
        .map(|near| near.iter().sum::<f64>() / near.len() as f64)
        .collect()
}

/// The same where some rows count in one direction only; of a direction in which none is above 0, no length
/// is enough.
fn sided((both, above): (&[Vec<f64>], &[Vec<f64>]), steps: &[f64], shift: &[f64]) -> Vec<f64> {
    // A direction and the one against it.
    let part = |z: &[f64]| {
        let along = |row: &Vec<f64>| -> f64 { row.iter().zip(z).map(|(b, z)| b * z).sum() };
        let two = both.iter().map(|row| along(row).abs()).fold(0.0, f64::max);
        let (mut up, mut down) = (two, two);
        for along in above.iter().map(along) {
            (up, down) = (up.max(along), down.max(-along));
        }
        let length: f64 = z.iter().map(|z| z * z).sum();
        [up, down].map(|largest| steps.len() as f64 * largest * largest / length)
    };
    if steps.len() == 1 {
        return part(&[1.0]).map(|part| 1.0 / part).to_vec();
    }
    let mut parts: Vec<f64> = Vec::with_capacity(2 * POINTS);
    for i in 1..=POINTS {
        let at = |(step, shift): (&f64, &f64)| normal((i as f64 * step + shift).fract());
        let z: Vec<f64> = steps.iter().zip(shift).map(at).collect();
        parts.extend(part(&z));
    }
    parts.sort_unstable_by(f64::total_cmp);
    parts
        .chunks(TOGETHER)
        .map(|near| near.len() as f64 / near.iter().sum::<f64>())
        .collect()
}

/// Where a probability that falls from `low` to `high` is `left`: along the chord, and an end that stays twice
/// counts by half.
///
/// # Source
///
/// Dowell, Jarratt (1971), who call it the Illinois algorithm.
fn falls_to(beyond: impl Fn(f64) -> f64, left: f64, (mut low, mut high): (f64, f64)) -> f64 {
    let (mut over, mut under) = (beyond(low) - left, beyond(high) - left);
    let mut before = 0.0;
    for _ in 0..ROUNDS {
        if high - low <= CLOSE * high {
            break;
        }
        let chord = high - under * (high - low) / (under - over);
        let inside = low < chord && chord < high;
        let next = if inside {
            chord
        } else {
            f64::midpoint(low, high)
        };
        let off = beyond(next) - left;
        let stays = before * off > 0.0;
        match off.partial_cmp(&0.0) {
            Some(Ordering::Greater) => {
                (low, over) = (next, off);
                under *= if stays { 0.5 } else { 1.0 };
            }
            Some(Ordering::Less) => {
                (high, under) = (next, off);
                over *= if stays { 0.5 } else { 1.0 };
            }
            _ => return next,
        }
        before = off;
    }
    f64::midpoint(low, high)
}

/// A normal number from one in [0, 1), folded so that its ends meet.
fn normal(unit: f64) -> f64 {
    let folded = (2.0 * unit - 1.0).abs();
    normal_quantile(folded.clamp(f64::EPSILON, 1.0 - f64::EPSILON))
}

/// The first prime numbers.
fn primes(count: usize) -> Vec<u32> {
    let mut primes: Vec<u32> = Vec::with_capacity(count);
    let mut next = 2;
    while primes.len() < count {
        if primes.iter().all(|prime| next % prime != 0) {
            primes.push(next);
        }
        next += 1;
    }
    primes
}
