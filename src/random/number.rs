//! A permanent number for each unit, the same in every wave, on every machine, in every tool that
//! knows SHA-256.

use super::Seed;
use super::digest::{ABREAST, Hash, digest, digests};
use super::seed::hex;

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
    start: String,
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
            start: format!("canvass1:{key}:"),
        }
    }

    /// The number of the unit with this id, exactly as it stands in the list.
    #[must_use]
    pub fn of(&self, unit: &str) -> Number {
        Number(digest(self.start.as_bytes(), unit.as_bytes()))
    }

    /// The [heads](Number::head) of the numbers of many units, in their order, behind those in `heads`; much
    /// faster than one by one.
    ///
    /// ```
    /// use canvass::random::{Numbers, Seed};
    /// let numbers = Numbers::new(&Seed::new("wave 1").expect("not blank"));
    /// let ids = ["customer 17", "customer 18"];
    /// let mut heads = Vec::new();
    /// numbers.heads(ids, &mut heads);
    /// assert_eq!(heads, ids.map(|id| numbers.of(id).head()));
    /// ```
    pub fn heads<'u>(&self, units: impl IntoIterator<Item = &'u str>, heads: &mut Vec<u64>) {
        self.each(units, |number| heads.push(number.head()));
    }

    /// The numbers of many units, in their order.
    #[must_use]
    pub fn of_all<'u>(&self, units: impl IntoIterator<Item = &'u str>) -> Vec<Number> {
        let mut numbers = Vec::new();
        self.each(units, |number| numbers.push(number));
        numbers
    }

    fn each<'u>(&self, units: impl IntoIterator<Item = &'u str>, mut take: impl FnMut(Number)) {
        let mut units = units.into_iter();
        let mut hashes = [Hash::default(); ABREAST];
        let mut ids: [&[u8]; ABREAST] = [&[]; ABREAST];
        loop {
            let mut count = 0;
            for (place, id) in ids.iter_mut().zip(units.by_ref()) {
                *place = id.as_bytes();
                count += 1;
            }
            if count == 0 {
                return;
            }
            digests(self.start.as_bytes(), &ids[..count], &mut hashes[..count]);
            hashes[..count].iter().for_each(|hash| take(Number(*hash)));
        }
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
    fn many_units_have_the_numbers_that_each_has() {
        let numbers = Numbers::new(&Seed::new("many").expect("not blank"));
        for count in [0, 1, 63, 64, 65, 300] {
            let ids: Vec<String> = (0..count).map(|i| "x".repeat(i % 90)).collect();
            let expected: Vec<_> = ids.iter().map(|id| numbers.of(id)).collect();
            assert_eq!(numbers.of_all(ids.iter().map(String::as_str)), expected);
            let mut heads = vec![7];
            numbers.heads(ids.iter().map(String::as_str), &mut heads);
            assert_eq!(heads.len(), count + 1);
            let both = expected.iter().zip(&heads[1..]);
            assert!(
                both.into_iter()
                    .all(|(number, head)| number.head() == *head)
            );
        }
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
