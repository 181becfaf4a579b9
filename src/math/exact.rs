//! Sums without any rounding, whatever the order of their terms.

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

/// Bits of a limb that are used; the rest of its 64 holds what has not been carried yet.
const BITS: u32 = 32;

/// Limbs from 2⁻¹⁰⁷⁴, the smallest float, to beyond 2⁶⁴ times the largest.
const LIMBS: usize = 68;

/// Terms that a limb can take before it must be carried: each adds less than 2³².
const ROOM: u32 = 1 << 30;

/// A running sum of finite numbers that is exact: rounded once, when its value is asked for. Parts may be
/// merged in any order, and what was added may be taken away again.
///
/// Many hands that read parts of a list add in an order that nobody knows. [`Sum`](super::Sum) is near
/// enough for a figure; here the last bit is the same too, so that it can decide who is drawn.
///
/// # Formula
///
/// ```text
/// Σ x = Σ_i l_i 2^(32 i − 1074),  l_i whole
/// ```
///
/// # Source
///
/// Kulisch (2013), §8, on the long accumulator.
///
/// # Example
///
/// ```
/// use canvass::math::Exact;
/// let there: Exact = [1e100, 0.1, -1e100, 0.2].into_iter().collect();
/// let back: Exact = [0.2, -1e100, 0.1, 1e100].into_iter().collect();
/// assert_eq!(there.value().to_bits(), back.value().to_bits());
/// ```
#[derive(Debug, Clone)]
pub struct Exact {
    limbs: [i64; LIMBS],
    /// Terms since the limbs were last carried.
    terms: u32,
}

impl Default for Exact {
    fn default() -> Exact {
        Exact {
            limbs: [0; LIMBS],
            terms: 0,
        }
    }
}

impl Exact {
    /// The sum of many numbers, which must be finite, by many hands.
    #[must_use]
    pub(crate) fn of(all: &[f64]) -> Exact {
        const PART: usize = 1 << 16;
        let part = |part: &[f64]| part.iter().copied().collect::<Exact>();
        if all.len() <= PART {
            return part(all);
        }
        let join = |mut one: Exact, other: Exact| {
            one.merge(&other);
            one
        };
        let parts = all.par_chunks(PART).map(part);
        parts.reduce(Exact::default, join)
    }

    /// Adds `x`, which must be finite.
    pub fn add(&mut self, x: f64) {
        debug_assert!(x.is_finite(), "only finite numbers add up");
        let bits = x.to_bits();
        let (exponent, fraction) = ((bits >> 52 & 0x7ff) as u32, bits & ((1 << 52) - 1));
        // x = mantissa · 2^(place − 1074)
        let (mantissa, place) = match exponent {
            0 => (fraction, 0),
            _ => (fraction | 1 << 52, exponent - 1),
        };
        let wide = u128::from(mantissa) << (place % BITS);
        let at = (place / BITS) as usize;
        let negative = x.is_sign_negative();
        for (i, limb) in self.limbs[at..at + 3].iter_mut().enumerate() {
            let part = (wide >> (BITS as usize * i)) as i64 & 0xffff_ffff;
            *limb += if negative { -part } else { part };
        }
        self.terms += 1;
        if self.terms >= ROOM {
            self.carry();
        }
    }

    /// Takes `x` away, which must be finite.
    pub fn take(&mut self, x: f64) {
        self.add(-x);
    }

    /// Adds what another part came to.
    pub fn merge(&mut self, other: &Exact) {
        self.carry();
        let mut other = other.clone();
        other.carry();
        for (mine, theirs) in self.limbs.iter_mut().zip(other.limbs) {
            *mine += theirs;
        }
        self.terms = 2;
    }

    /// Carries what limbs hold beyond their bits to the next; only the last may be negative then.
    fn carry(&mut self) {
        let mut carried = 0;
        for limb in &mut self.limbs[..LIMBS - 1] {
            let whole = *limb + carried;
            carried = whole >> BITS;
            *limb = whole & 0xffff_ffff;
        }
        self.limbs[LIMBS - 1] += carried;
        self.terms = 1;
    }

    /// The sum, rounded to the nearest float, to even between two; infinite if there is none so large.
    #[must_use]
    pub fn value(&self) -> f64 {
        let mut sum = self.clone();
        sum.carry();
        let negative = sum.limbs[LIMBS - 1] < 0;
        if negative {
            sum.limbs.iter_mut().for_each(|limb| *limb = -*limb);
            sum.carry();
        }
        let Some(top) = sum.limbs.iter().rposition(|limb| *limb != 0) else {
            return 0.0;
        };
        // Three limbs have 65 bits or more, unless they are all there are; of what lies below, only
        // whether it is 0 counts.
        let lowest = top.saturating_sub(2);
        let head = (lowest..=top)
            .rev()
            .fold(0_u128, |head, i| head << BITS | sum.limbs[i] as u128);
        let rest = sum.limbs[..lowest].iter().any(|limb| *limb != 0);
        let size = scaled((head | u128::from(rest)) as f64, BITS * lowest as u32);
        if negative { -size } else { size }
    }
}

impl FromIterator<f64> for Exact {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Exact {
        let mut sum = Exact::default();
        for x in values {
            sum.add(x);
        }
        sum
    }
}

/// x · 2^(place − 1074), without rounding but for what is too large.
fn scaled(x: f64, place: u32) -> f64 {
    // In two steps, as 2^(place − 1074) need not be a float.
    let power = |exponent: i32| f64::from_bits(((exponent + 1023) as u64) << 52);
    let exponent = place as i32 - 1074;
    let half = exponent / 2;
    x * power(half) * power(exponent - half)
}

#[cfg(test)]
mod tests {
    use super::Exact;
    use crate::random::Seed;

    fn exact(values: &[f64]) -> f64 {
        values.iter().copied().collect::<Exact>().value()
    }

    #[test]
    fn one_number_is_itself() {
        let least = f64::from_bits(1);
        for x in [
            0.0,
            1.0,
            0.1,
            -0.1,
            1e300,
            -1e-300,
            least,
            -least,
            f64::MAX,
            f64::MIN_POSITIVE,
        ] {
            assert_eq!(exact(&[x]).to_bits(), (x + 0.0).to_bits(), "{x:e}");
        }
    }

    #[test]
    fn many_hands_find_what_one_finds() {
        let mut stream = Seed::new("hands").expect("not blank").stream("test");
        let number = |_| (stream.unit() - 0.5) * 10_f64.powi(stream.below(30) as i32);
        let all: Vec<f64> = (0..200_003).map(number).collect();
        for many in [0, 1, 65_536, 65_537, all.len()] {
            let found = Exact::of(&all[..many]).value();
            assert_eq!(found.to_bits(), exact(&all[..many]).to_bits(), "{many}");
        }
    }

    #[test]
    fn small_change_is_kept() {
        assert_eq!(
            exact(&[1.0, 1e100, 1.0, -1e100]).to_bits(),
            2.0_f64.to_bits()
        );
        assert_eq!(
            exact(&[f64::MAX, f64::MAX, -f64::MAX]).to_bits(),
            f64::MAX.to_bits()
        );
        assert!(exact(&[f64::MAX, f64::MAX]).is_infinite());
        // Halves go to even, and the least bit below tips them.
        let half = f64::EPSILON / 2.0;
        assert_eq!(exact(&[1.0, half]).to_bits(), 1.0_f64.to_bits());
        assert_eq!(
            exact(&[1.0, half, 1e-300]).to_bits(),
            (1.0 + f64::EPSILON).to_bits()
        );
        assert_eq!(
            exact(&[-1.0, -half, -1e-300]).to_bits(),
            (-1.0 - f64::EPSILON).to_bits()
        );
    }

    #[test]
    fn whole_numbers_add_up_as_whole_numbers_do() {
        for i in 0..100 {
            let mut stream = Seed::new(format!("whole {i}"))
                .expect("not blank")
                .stream("test");
            let mut total = 0_i128;
            let mut sum = Exact::default();
            for _ in 0..300 {
                let x = (stream.word() >> 11) as i64 * if stream.below(2) == 0 { 1 } else { -1 };
                total += i128::from(x);
                sum.add(x as f64);
            }
            assert_eq!(
                sum.value().to_bits(),
                (total as f64 + 0.0).to_bits(),
                "seed {i}"
            );
        }
    }

    #[test]
    fn neither_order_nor_parts_matter() {
        for i in 0..50 {
            let mut stream = Seed::new(format!("parts {i}"))
                .expect("not blank")
                .stream("test");
            let mut values: Vec<f64> = (0..200)
                .map(|_| (stream.unit() - 0.3) * 10.0_f64.powi(stream.below(40) as i32 - 20))
                .collect();
            let wanted = exact(&values).to_bits();
            stream.shuffle(&mut values);
            let mut sum = Exact::default();
            for part in values.chunks(17) {
                sum.merge(&part.iter().copied().collect());
            }
            assert_eq!(sum.value().to_bits(), wanted, "seed {i}");
            for &x in &values[..150] {
                sum.take(x);
            }
            assert_eq!(
                sum.value().to_bits(),
                exact(&values[150..]).to_bits(),
                "seed {i}"
            );
        }
    }
}
