//! 64-bit words → [0, 1), → below n, → a shuffled list. Ours, and frozen by `tests/streams.rs`:
//! libraries change such things between versions, and then the same seed draws other people.

use super::Stream;

impl Stream {
    /// A number in [0, 1), a multiple of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// A whole number from 0 to n − 1, each equally likely; n > 0.
    ///
    /// # Source
    ///
    /// Lemire (2019), with rejection, so without bias.
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "a number below 0 does not exist");
        let reject_under = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.word()) * u128::from(n);
            if wide as u64 >= reject_under {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Puts `items` into an order in which every permutation is equally likely.
    ///
    /// # Source
    ///
    /// Durstenfeld (1964).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::random::Seed;

    #[test]
    fn every_remainder_is_as_likely_as_another() {
        let mut stream = Seed::new("below").expect("not blank").stream("test");
        let mut seen = [0_u32; 6];
        for _ in 0..60_000 {
            seen[stream.below(6) as usize] += 1;
        }
        // Each count is 10 000 ± 91; five standard errors.
        assert!(seen.iter().all(|&c| c.abs_diff(10_000) < 456), "{seen:?}");
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Seed::new("shuffle")
            .expect("not blank")
            .stream("test")
            .shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
