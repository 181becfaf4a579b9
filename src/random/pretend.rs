//! Invented chances for rehearsals; never for draws. The one file that names `rand_distr`.

use rand_distr::{Distribution, Normal};

use super::{Seed, Stream};

/// Makes up what people might do and say.
#[derive(Debug)]
pub struct Pretend(Stream);

impl Pretend {
    /// A source of inventions.
    #[must_use]
    pub fn new(stream: Stream) -> Pretend {
        Pretend(stream)
    }

    /// Happens with probability `p`.
    pub fn happens(&mut self, p: f64) -> bool {
        self.0.unit() < p
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        self.0.unit()
    }

    /// A whole number from 0 to n − 1; n > 0.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0.below(n)
    }

    /// A normal number with this mean and spread; spread must be finite and not negative.
    pub fn normal(&mut self, mean: f64, spread: f64) -> f64 {
        Normal::new(mean, spread)
            .expect("a spread of 0 or more")
            .sample(&mut self.0.0)
    }

    /// The place of one of `weights`, with probability in proportion; their sum must be above 0.
    pub fn choice(&mut self, weights: &[f64]) -> usize {
        let mut left = self.0.unit() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights
            .iter()
            .rposition(|&w| w > 0.0)
            .expect("some weight above 0")
    }
}

/// Inventions by place: the same for a place however often and in whatever order one asks.
///
/// A stream gives its words in a row. Where fifty million rows are made by many hands, each row asks
/// for its own word instead.
///
/// # Source
///
/// Steele, Lea & Flood (2014), the mixing function of SplitMix64.
#[derive(Debug, Clone, Copy)]
pub struct Dice(u64);

impl Dice {
    /// The dice of the purpose `name`.
    #[must_use]
    pub fn new(seed: &Seed, name: &str) -> Dice {
        Dice(seed.stream(name).word())
    }

    /// The word at `place`.
    #[must_use]
    pub const fn word(self, place: u64) -> u64 {
        mix(self.0 ^ mix(place))
    }

    /// A number in [0, 1).
    #[must_use]
    pub fn unit(self, place: u64) -> f64 {
        (self.word(place) >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// A whole number from 0 to n − 1; n > 0. Its bias is below n / 2⁶⁴, and no draw depends on it.
    #[must_use]
    pub const fn below(self, place: u64, n: u64) -> u64 {
        scaled(self.word(place), n)
    }

    /// Happens with probability `p`.
    #[must_use]
    pub fn happens(self, place: u64, p: f64) -> bool {
        self.unit(place) < p
    }
}

/// The whole numbers below n in another order, each at once and without a table.
///
/// # Formula
///
/// ```text
/// x = l · b + r,  a · b ≥ n:   l ← l + F(r) mod a,  r ← r + F(l) mod b,  six times in turn;
/// again, as long as the result is n or more
/// ```
///
/// # Source
///
/// Black & Rogaway (2002), generalised Feistel networks and cycle walking.
#[derive(Debug, Clone, Copy)]
pub struct Permutation {
    n: u64,
    high: u64,
    low: u64,
    rounds: [Dice; 6],
}

impl Permutation {
    /// An order of the numbers from 0 to n − 1, for the purpose `name`; n > 0.
    #[must_use]
    pub fn new(n: u64, seed: &Seed, name: &str) -> Permutation {
        assert!(n > 0, "nothing has no order");
        let high = n.isqrt();
        let low = n.div_ceil(high);
        let mut stream = seed.stream(name);
        Permutation {
            n,
            high,
            low,
            rounds: std::array::from_fn(|_| Dice(stream.word())),
        }
    }

    /// The number at `place`; place < n.
    #[must_use]
    pub fn at(&self, place: u64) -> u64 {
        let mut number = place;
        loop {
            number = self.step(number);
            if number < self.n {
                return number;
            }
        }
    }

    fn step(&self, number: u64) -> u64 {
        let (mut high, mut low) = (number / self.low, number % self.low);
        for pair in self.rounds.chunks_exact(2) {
            high = turned(high, pair[0].below(low, self.high), self.high);
            low = turned(low, pair[1].below(high, self.low), self.low);
        }
        high * self.low + low
    }
}

/// `number` + `by` on a circle of `size`.
const fn turned(number: u64, by: u64, size: u64) -> u64 {
    let sum = number + by;
    if sum >= size { sum - size } else { sum }
}

/// A word as a whole number below n.
const fn scaled(word: u64, n: u64) -> u64 {
    ((word as u128 * n as u128) >> 64) as u64
}

/// Spreads a word over all 64 bits.
const fn mix(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Dice, Permutation, mix};
    use crate::random::Seed;

    fn seed() -> Seed {
        Seed::new("pretend").expect("not blank")
    }

    #[test]
    fn the_mixing_function_is_the_published_one() {
        // The first output of SplitMix64 from state 0, in every implementation of it.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn a_permutation_has_every_number_once() {
        for n in (1..200).chain([1_000, 9_999, 65_536]) {
            let order = Permutation::new(n, &seed(), "test");
            let mut seen: Vec<u64> = (0..n).map(|place| order.at(place)).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..n), "{n}");
        }
    }

    #[test]
    fn a_permutation_mixes_near_and_far() {
        let n = 100_000;
        let order = Permutation::new(n, &seed(), "test");
        // Of the first tenth, a tenth stays in the first tenth: 1 000 ± 28.5; five of them.
        let stay = (0..n / 10)
            .filter(|&place| order.at(place) < n / 10)
            .count();
        assert!(stay.abs_diff(1_000) < 143, "{stay}");
        let neighbours = (1..n)
            .filter(|&p| order.at(p).abs_diff(order.at(p - 1)) == 1)
            .count();
        assert!(
            neighbours < 20,
            "{neighbours} pairs of neighbours stay together"
        );
    }

    #[test]
    fn dice_fall_alike_at_one_place_and_evenly_over_many() {
        let dice = Dice::new(&seed(), "test");
        assert_eq!(dice.word(7), dice.word(7));
        let mut seen = [0_u32; 6];
        for place in 0..60_000 {
            seen[dice.below(place, 6) as usize] += 1;
        }
        // Each count is 10 000 ± 91; five standard errors.
        assert!(
            seen.iter().all(|&count| count.abs_diff(10_000) < 456),
            "{seen:?}"
        );
    }
}
