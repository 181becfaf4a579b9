//! A permanent number for each unit, the same in every wave, on every machine, in every tool that
//! knows SHA-256.

use super::{Seed, digest::Start, seed::hex};

/// The permanent random numbers of one seed.
///
/// # Formula
///
/// ```text
/// key    = first 32 hex digits of SHA-256(seed)
/// digest = SHA-256("canvass1:" + key + ":" + unit id)
/// u      = (2a + 1) / 2¹²⁹,  a = the first 128 bits of the digest
/// ```
///
/// # Source
///
/// Ohlsson (1995), on permanent random numbers; FIPS 180-4 for the hash.
///
/// # Example
///
/// ```
/// use canvass::random::{Numbers, Seed};
/// let numbers = Numbers::new(&Seed::new("wave 1").expect("not blank"));
/// let u = numbers.of("customer 17").u();
/// assert!(0.0 < u && u < 1.0);
/// assert_eq!(numbers.of("customer 17"), numbers.of("customer 17"));
/// ```
#[derive(Debug, Clone)]
pub struct Numbers {
    /// How the message of every unit begins.
    start: Start,
}

impl Numbers {
    /// The numbers that `seed` gives.
    #[must_use]
    pub fn new(seed: &Seed) -> Numbers {
        Numbers::of_key(&seed.key())
    }

    /// The numbers of the seed with this key: all that somebody needs who has not got the seed.
    #[must_use]
    pub fn of_key(key: &str) -> Numbers {
        Numbers {
            start: Start::new(format!("canvass1:{key}:").as_bytes()),
        }
    }

    /// The number of the unit with this id, exactly as it stands in the list.
    #[must_use]
    pub fn of(&self, unit: &str) -> Number {
        Number(self.start.digest(unit.as_bytes()))
    }
}

/// One unit's permanent number: 256 bits that sort as their hex text does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number([u8; 32]);

impl Number {
    /// The first 64 bits: enough to rank all but the closest.
    #[must_use]
    pub fn head(&self) -> u64 {
        u64::from_be_bytes(self.0[..8].try_into().expect("eight bytes"))
    }

    /// The first 128 bits.
    #[must_use]
    pub fn a(&self) -> u128 {
        u128::from_be_bytes(self.0[..16].try_into().expect("sixteen bytes"))
    }

    /// The number in (0, 1), to the 53 bits of a float. For reports and approximate keys; ranking
    /// compares the digests themselves.
    #[must_use]
    pub fn u(&self) -> f64 {
        // The 53 highest bits and a half step: never 0, never 1.
        ((self.a() >> 75) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// The same number with other first 128 bits; the rest still tells ties apart.
    #[must_use]
    pub(crate) fn with_a(self, a: u128) -> Number {
        let mut bits = self.0;
        bits[..16].copy_from_slice(&a.to_be_bytes());
        Number(bits)
    }

    /// The digest as 64 hex digits.
    #[must_use]
    pub fn text(&self) -> String {
        hex(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use crate::random::Seed;

    #[test]
    fn a_number_agrees_with_a_shell() {
        // key=$(printf 'wave 1' | sha256sum | cut -c1-32)
        // printf "canvass1:$key:A-17" | sha256sum
        let numbers = Numbers::new(&Seed::new("wave 1").expect("not blank"));
        assert_eq!(
            numbers.of("A-17").text(),
            "57d37924aad70c065536b056c62f763f97825363203c4e5719b708358a92ede6"
        );
    }

    #[test]
    fn numbers_look_uniform() {
        let numbers = Numbers::new(&Seed::new("uniform").expect("not blank"));
        let n = 20_000;
        let mean: f64 = (0..n).map(|i| numbers.of(&i.to_string()).u()).sum::<f64>() / f64::from(n);
        // Standard error 0.289 / √20 000 = 0.002; four of them.
        assert!((mean - 0.5).abs() < 0.008, "mean {mean}");
    }
}
