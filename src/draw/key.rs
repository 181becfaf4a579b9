//! Keys that rank units by number and chance, compared without rounding.
//!
//! A permanent number has 128 bits and a chance 53; their quotients differ by less than a float can
//! tell. So a key stays a fraction of whole numbers, and two keys are compared crosswise. Rounding
//! never decides who is drawn, and every machine finds the same order.

use std::cmp::Ordering;

use super::unequal::poisson::parts;

/// above / below · 2^power, all positive; whole numbers of 192 bits at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    above: Limbs,
    below: Limbs,
    power: i32,
}

/// A whole number of 192 bits, the highest limb first.
type Limbs = [u64; 3];

impl Key {
    /// u / π; π > 0.
    pub(super) fn sequential(a: u128, chance: f64) -> Key {
        let (mantissa, power) = parts(chance);
        Key {
            above: odd(a),
            below: limbs(mantissa),
            power: -power,
        }
    }

    /// u (1 − π) / (π (1 − u)); 0 < π < 1. 1 − π is that of a float, which is exact from π = ½ up and
    /// else off by 2⁻⁵⁴ at most: the same on every machine.
    pub(super) fn pareto(a: u128, chance: f64) -> Key {
        let (mantissa, power) = parts(chance);
        let (other, other_power) = parts(1.0 - chance);
        Key {
            above: times(odd(a), other as u64),
            // 1 − u = (2 (2¹²⁸ − 1 − a) + 1) / 2¹²⁹
            below: times(odd(!a), mantissa as u64),
            power: other_power - power,
        }
    }

    /// u / (1 − u) / odds, for odds of one's own; odds > 0.
    pub(super) fn odds(a: u128, odds: f64) -> Key {
        let (mantissa, power) = parts(odds);
        Key {
            above: odd(a),
            below: times(odd(!a), mantissa as u64),
            power: -power,
        }
    }

    /// The key as a float, up to a constant power of 2 and to 16 ε: for a first sieve.
    pub(super) fn near(&self) -> f64 {
        let float = |limbs: Limbs| {
            limbs
                .iter()
                .fold(0.0, |sum, &limb| sum * TWO_64 + limb as f64)
        };
        // Halves, because a power beyond the range of floats can meet a quotient that brings it back.
        let half = self.power / 2;
        float(self.above) / float(self.below) * power_of_two(half) * power_of_two(self.power - half)
    }
}

const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// 2^power, where a normal float is one; beyond that, 0 or infinity.
fn power_of_two(power: i32) -> f64 {
    match power {
        -1022..=1023 => f64::from_bits(((power + 1023) as u64) << 52),
        1024.. => f64::INFINITY,
        _ => 0.0,
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        let mine = Product::of(self.above, other.below, self.power);
        let theirs = Product::of(other.above, self.below, other.power);
        mine.cmp(&theirs)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

/// A positive whole number of 384 bits times a power of 2, its highest bit shifted to the top: the
/// place of that bit decides first, then the bits.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Product {
    top: i32,
    bits: [u64; 6],
}

impl Product {
    fn of(one: Limbs, other: Limbs, power: i32) -> Product {
        let mut bits = [0; 6];
        for (i, &x) in one.iter().enumerate().rev() {
            let mut carried = 0;
            for (j, &y) in other.iter().enumerate().rev() {
                let at = &mut bits[i + j + 1];
                let sum = u128::from(x) * u128::from(y) + u128::from(*at) + carried;
                *at = sum as u64;
                carried = sum >> 64;
            }
            bits[i] = carried as u64;
        }
        let empty = bits.iter().take_while(|limb| **limb == 0).count();
        bits.rotate_left(empty);
        let shift = bits[0].leading_zeros();
        if shift > 0 {
            for i in 0..6 {
                let next = bits.get(i + 1).map_or(0, |next| next >> (64 - shift));
                // A shift by 64 can only be that of a number 0, which no key has.
                bits[i] = bits[i].checked_shl(shift).unwrap_or(0) | next;
            }
        }
        Product {
            top: power - (64 * empty as i32 + shift as i32),
            bits,
        }
    }
}

/// 2a + 1.
fn odd(a: u128) -> Limbs {
    [(a >> 127) as u64, (a >> 63) as u64, (a << 1 | 1) as u64]
}

fn limbs(x: u128) -> Limbs {
    [0, (x >> 64) as u64, x as u64]
}

/// A number of 129 bits times one of 53: it stays within 192.
fn times(number: Limbs, by: u64) -> Limbs {
    let mut carried = 0;
    let mut limbs = number;
    for limb in limbs.iter_mut().rev() {
        let sum = u128::from(*limb) * u128::from(by) + carried;
        *limb = sum as u64;
        carried = sum >> 64;
    }
    limbs
}

#[cfg(test)]
mod tests {
    use super::Key;
    use crate::draw::trial::seed;

    const FLOATS: [f64; 6] = [1e-12, 0.1, 1.0 / 3.0, 0.5, 0.75, 1.0 - 1e-12];

    #[test]
    fn keys_far_apart_sort_as_floats_do() {
        let mut stream = seed("far").stream("test");
        let mut far = 0;
        for _ in 0..20_000 {
            let mut one = || {
                let a = u128::from(stream.word()) << 64 | u128::from(stream.word());
                (a >> stream.below(40), stream.unit().max(1e-9))
            };
            let ((a, p), (b, q)) = (one(), one());
            for (key, other) in [
                (Key::sequential(a, p), Key::sequential(b, q)),
                (Key::pareto(a, p), Key::pareto(b, q)),
            ] {
                let (near, near_other) = (key.near(), other.near());
                if (near - near_other).abs() > 1e-14 * near {
                    far += 1;
                    assert_eq!(key < other, near < near_other, "{a} {p} {b} {q}");
                }
                assert_eq!(key.cmp(&other), other.cmp(&key).reverse());
            }
        }
        assert!(far > 39_000);
    }

    #[test]
    fn floats_of_keys_are_near() {
        let two_129 = 2.0_f64.powi(129);
        for chance in FLOATS {
            for a in [
                1_u128 << 40,
                1 << 90,
                3 << 120,
                u128::MAX / 3,
                u128::MAX - 1,
            ] {
                let u = (2.0 * a as f64 + 1.0) / two_129;
                let near = Key::sequential(a, chance).near() / two_129;
                assert!((near / (u / chance) - 1.0).abs() < 1e-14, "{a} {chance}");
                let v = (2.0 * !a as f64 + 1.0) / two_129;
                let near = Key::pareto(a, chance).near();
                let wanted = u * (1.0 - chance) / (chance * v);
                assert!(
                    (near / wanted - 1.0).abs() < 1e-14,
                    "{a} {chance}: {near} {wanted}"
                );
            }
        }
    }

    #[test]
    fn neighbours_that_no_float_can_tell_apart_are_told_apart() {
        for chance in FLOATS {
            for a in [1_u128, 1 << 70, 1 << 126, u128::MAX - 1] {
                assert!(Key::sequential(a, chance) < Key::sequential(a + 1, chance));
                assert!(Key::pareto(a, chance) < Key::pareto(a + 1, chance));
            }
        }
    }

    #[test]
    fn equal_fractions_are_equal() {
        // (2·1 + 1) / 0.75 = (2·0 + 1) / 0.25, and 3·7 / (0.75·7) likewise.
        assert_eq!(Key::sequential(1, 0.75), Key::sequential(0, 0.25));
        assert_eq!(Key::sequential(10, 0.75), Key::sequential(3, 0.25));
        assert!(Key::sequential(11, 0.75) > Key::sequential(3, 0.25));
        // u = ½ is no number, so the odds of two units are equal only for equal u.
        assert_eq!(Key::pareto(5, 0.5), Key::pareto(5, 0.5));
        assert!(Key::pareto(5, 0.5) > Key::pareto(5, 0.500_000_000_000_000_2));
        // Odds of ¾ are 3.
        assert_eq!(Key::pareto(5, 0.75), Key::odds(5, 3.0));
    }

    #[test]
    fn a_smaller_chance_is_a_larger_key() {
        for pair in FLOATS.windows(2) {
            for a in [0, 1 << 64, u128::MAX] {
                assert!(Key::sequential(a, pair[0]) > Key::sequential(a, pair[1]));
                assert!(Key::pareto(a, pair[0]) > Key::pareto(a, pair[1]));
            }
        }
    }
}
