//! The sample cut into random parts of equal composition, released one after another.

use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "replicates",
    title: Words::new("Replicates of equal composition", "等构成随机子样本"),
    says: Words::new(
        "The sample is dealt, stratum by stratum in its random order, into parts that hold the floor \
         or the ceiling of their share of every stratum. Any parts taken together are a probability \
         sample of their own.",
        "样本按各层的随机次序轮流分入若干子样本，每个子样本在各层的数量相差不超过一个；任意几个\
         子样本合起来仍是概率样本。",
    ),
    formula: "replicate of the j-th drawn unit of all strata = P((c + j) mod R),  P a random order, c a random start",
    sources: &[
        Source::new("Lavrakas (1993)"),
        Source::at("Wolter (2007)", "§2.4, random groups"),
    ],
};

/// The replicate, from 1, of every drawn unit: strata in order, and units in rank order within.
///
/// # Formula
///
/// ```text
/// r = P((c + j) mod R),  j = 0 … n − 1
/// ```
///
/// Units of a stratum are in random order, so its share of each replicate is a simple random sample
/// of floor or ceiling size; and counting on from stratum to stratum keeps whole replicates within
/// one unit of each other.
///
/// # Source
///
/// Wolter (2007), §2.4.
#[must_use]
pub fn assign(takes: &[u64], replicates: u32, seed: &Seed) -> Vec<u32> {
    assert!(replicates > 0, "a sample has at least one replicate");
    let mut stream = seed.stream("draw/replicates");
    let mut order: Vec<u32> = (1..=replicates).collect();
    stream.shuffle(&mut order);
    let start = stream.below(u64::from(replicates));
    let drawn: u64 = takes.iter().sum();
    (0..drawn)
        .map(|j| order[((start + j) % u64::from(replicates)) as usize])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::assign;
    use crate::random::Seed;

    #[test]
    fn every_stratum_is_dealt_evenly() {
        for i in 0..50 {
            let seed = Seed::new(format!("deal {i}")).expect("not blank");
            let takes = [7, 20, 1, 33];
            let replicate = assign(&takes, 6, &seed);
            let mut from = 0;
            for take in takes {
                let mut counts = [0_u64; 6];
                for &r in &replicate[from..from + take as usize] {
                    counts[r as usize - 1] += 1;
                }
                assert!(
                    counts
                        .iter()
                        .all(|&c| c == take / 6 || c == take.div_ceil(6)),
                    "seed {i}"
                );
                from += take as usize;
            }
        }
    }

    #[test]
    fn every_unit_is_as_likely_in_the_first_replicate_as_another() {
        let mut first = [0_u32; 10];
        for i in 0..4_000 {
            let seed = Seed::new(format!("first {i}")).expect("not blank");
            for (unit, r) in assign(&[3, 7], 4, &seed).into_iter().enumerate() {
                first[unit] += u32::from(r == 1);
            }
        }
        // 1 000 ± 27 each; five standard errors.
        assert!(first.iter().all(|&c| c.abs_diff(1_000) < 137), "{first:?}");
    }
}
