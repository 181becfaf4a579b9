//! Leaving people in peace for a while.
//!
//! Who was called lately is not to be called again for some time. Their chance is 0 as long as they rest,
//! and the others share the sample. That has a price, which is always told: the sample then speaks for
//! those who do not rest, and for nobody else. Weights add up to them; whether they stand for the rest is
//! a belief, good where those who rest were themselves drawn by chance, and to be mended by weighting to
//! the whole population's totals.
//!
//! Where waves are drawn by permanent numbers, [turning](super::coordinate) the numbers keeps people in
//! peace without any such price. Prefer it; rest those whom other surveys have called.

use std::collections::BTreeMap;

use crate::draw::{Error, Probabilities};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "rested",
    title: Words::new("Resting units drawn lately", "近期已抽单位的休息期"),
    says: Words::new(
        "Units drawn lately are not drawn again for a stated time: their chance is 0, and the others share \
         the sample. The sample then represents the units that do not rest; how many those are is stated.",
        "近期已抽中的单位在规定时间内不再入样：其入样概率为0，样本由其余单位分担。此时样本只代表未休息的单位，\
         并注明其数量及占比。",
    ),
    formula: "π_k = 0 if now − t_k < rest;  others: π_k ∝ x_k over those who do not rest;  \
              covered = 1 − N_rest / N",
    sources: &[
        Source::new("Ohlsson (1995)"),
        Source::at(
            "Särndal, Swensson, Wretman (1992)",
            "§3.6.2, chances; ch. 14, units without one",
        ),
    ],
};

/// Who rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resting {
    /// When each unit was last drawn.
    last: BTreeMap<String, i64>,
    now: i64,
    rest: u32,
}

impl Resting {
    /// Units with the time at which they were drawn, in waves, days or months; each rests for `rest` of
    /// these, counted from then. One drawn later than now rests too.
    #[must_use]
    pub fn new(drawn: &[(String, i64)], now: i64, rest: u32) -> Resting {
        let mut last: BTreeMap<String, i64> = BTreeMap::new();
        for (id, time) in drawn {
            let latest = last.entry(id.clone()).or_insert(*time);
            *latest = (*latest).max(*time);
        }
        Resting { last, now, rest }
    }

    /// Whether a unit rests.
    #[must_use]
    pub fn rests(&self, id: &str) -> bool {
        let since = |time: &i64| i128::from(self.now) - i128::from(*time);
        self.last
            .get(id)
            .is_some_and(|time| since(time) < i128::from(self.rest))
    }
}

/// What resting does to the population that a sample speaks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// Units of the list that had a chance.
    pub units: u64,
    /// Of these, units that rest: they are not represented.
    pub resting: u64,
    /// Σx over the first.
    pub size: f64,
    /// Σx over those who rest.
    pub size_resting: f64,
    /// Units that rest and are not in the list, or had no chance anyhow.
    pub elsewhere: u64,
}

impl Coverage {
    /// How many units the sample still speaks for.
    #[must_use]
    pub fn covered(&self) -> u64 {
        self.units - self.resting
    }

    /// Their share of all, if there are any.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.units > 0).then(|| self.covered() as f64 / self.units as f64)
    }

    /// Their share of size.
    #[must_use]
    pub fn share_of_size(&self) -> Option<f64> {
        (self.size > 0.0).then(|| (self.size - self.size_resting) / self.size)
    }
}

/// Chances in proportion to size for those who do not rest, of whom `take` are drawn, and what that does
/// to the population covered. With sizes of 1, chances are equal among them.
///
/// # Formula
///
/// ```text
/// x′_k = 0 if k rests, else x_k
/// π_k  = min(1, n x′_k / Σ x′), again and again as for all chances by size
/// ```
///
/// # Arguments
///
/// | symbol | argument  | shape | unit          |
/// |--------|-----------|-------|---------------|
/// | –      | `ids`     | N     | –             |
/// | x      | `sizes`   | N     | 1, or of size |
/// | n      | `take`    | 1     | units         |
///
/// # Errors
///
/// [`Error::Lengths`] if there is not one size per unit; [`Error::BadSizes`] and [`Error::TooMany`] as
/// for [`Probabilities::by_size`]: with everybody at rest, nobody can be drawn.
///
/// # Source
///
/// Ohlsson (1995); Särndal, Swensson, Wretman (1992), §3.6.2 for the chances.
///
/// # Example
///
/// ```
/// use canvass::draw::waves::rested::{Resting, rest};
/// let ids = ["a", "b", "c", "d"].map(String::from);
/// // Waves 5 and 2; whoever was drawn rests for two waves.
/// let resting = Resting::new(&[("a".into(), 5), ("b".into(), 2)], 6, 2);
/// let (chances, coverage) = rest(&ids, &[1.0; 4], 2, &resting)?;
/// assert_eq!(chances.of(0), 0.0);
/// assert_eq!(chances.of(1), 2.0 / 3.0);
/// assert_eq!((coverage.covered(), coverage.share()), (3, Some(0.75)));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn rest(
    ids: &[String],
    sizes: &[f64],
    take: usize,
    resting: &Resting,
) -> Result<(Probabilities, Coverage), Error> {
    if sizes.len() != ids.len() {
        return Err(Error::Lengths {
            what: "sizes",
            found: sizes.len(),
            wanted: ids.len(),
        });
    }
    // Bad sizes are refused wherever they stand.
    Probabilities::by_size(sizes, 0)?;
    let rests: Vec<bool> = ids.iter().map(|id| resting.rests(id)).collect();
    let left: Vec<f64> = sizes
        .iter()
        .zip(&rests)
        .map(|(size, rests)| if *rests { 0.0 } else { *size })
        .collect();
    let chances = Probabilities::by_size(&left, take)?;
    let with = |all: bool| {
        let of = move |(size, rests): &(&f64, &bool)| **size > 0.0 && (all || **rests);
        sizes.iter().zip(&rests).filter(of).map(|(size, _)| *size)
    };
    let known = resting.last.keys().filter(|id| resting.rests(id)).count() as u64;
    let resting = with(false).count() as u64;
    let coverage = Coverage {
        units: with(true).count() as u64,
        resting,
        size: sum(with(true)),
        size_resting: sum(with(false)),
        elsewhere: known.saturating_sub(resting),
    };
    Ok((chances, coverage))
}

#[cfg(test)]
mod tests {
    use super::{Resting, rest};
    use crate::draw::trial::{ids, seed};
    use crate::draw::{Error, Pool, equal::smallest};
    use crate::random::Seed;

    #[test]
    fn who_rests_is_counted_from_the_last_draw() {
        let drawn = [("a", 1), ("a", 4), ("b", 2), ("later", 9)];
        let resting = Resting::new(&drawn.map(|(id, time)| (id.to_owned(), time)), 5, 3);
        let rests = ["a", "b", "later", "never"].map(|id| resting.rests(id));
        // a: 5 − 4 = 1 < 3. b: 5 − 2 = 3, just rested.
        assert_eq!(rests, [true, false, true, false]);
        let none = Resting::new(&drawn.map(|(id, time)| (id.to_owned(), time)), 9, 0);
        assert!(!none.rests("later"));
        let far = Resting::new(&[("a".to_owned(), i64::MIN)], i64::MAX, u32::MAX);
        assert!(!far.rests("a"));
    }

    #[test]
    fn what_is_not_covered_is_told() {
        let ids = ids(6);
        let list = [
            ids[0].clone(),
            ids[3].clone(),
            ids[5].clone(),
            "moved away".to_owned(),
        ];
        let resting = Resting::new(&list.map(|id| (id, 1)), 1, 1);
        let sizes = [5.0, 1.0, 2.0, 3.0, 4.0, 0.0];
        let (chances, coverage) = rest(&ids, &sizes, 2, &resting).expect("possible");
        // The last had no chance anyhow. 2 · 4/7 > 1, so it is certain; 1 and 2 share one draw.
        let wanted = [0.0, 1.0 / 3.0, 2.0 / 3.0, 0.0, 1.0, 0.0];
        for (found, wanted) in chances.as_slice().iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-15);
        }
        assert_eq!(
            (coverage.units, coverage.resting, coverage.covered()),
            (5, 2, 3)
        );
        assert_eq!(coverage.elsewhere, 2);
        assert_eq!(
            (coverage.share(), coverage.share_of_size()),
            (Some(0.6), Some(7.0 / 15.0))
        );
    }

    #[test]
    fn nobody_at_rest_is_drawn_and_weights_add_up_to_the_covered() {
        for i in 0..100 {
            let text = format!("rest {i}");
            let mut stream = seed(&text).stream("test");
            let ids = ids(20 + stream.below(30) as usize);
            let drawn: Vec<(String, i64)> = ids
                .iter()
                .filter(|_| stream.below(3) == 0)
                .map(|id| {
                    (
                        id.clone(),
                        id.len() as i64 + i64::from(id.ends_with('7')) - 4,
                    )
                })
                .collect();
            let resting = Resting::new(&drawn, 6, 1 + stream.below(6) as u32);
            let sizes = vec![1.0; ids.len()];
            let (chances, coverage) = rest(&ids, &sizes, 5, &resting).expect("possible");
            // Equal chances among those who do not rest.
            let open: Vec<usize> = (0..ids.len())
                .filter(|&unit| !resting.rests(&ids[unit]))
                .collect();
            let awake: Vec<String> = open.iter().map(|&unit| ids[unit].clone()).collect();
            let equal = crate::draw::Probabilities::equal(awake.len(), 5).expect("possible");
            let seed: Seed = seed(&text);
            let drawn =
                smallest::smallest(&Pool::new("all", &awake, &equal), &seed).expect("equal");
            assert!(
                drawn.iter().all(|&unit| !resting.rests(&awake[unit])),
                "{text}"
            );
            let speaks = crate::math::sum(drawn.iter().map(|&unit| 1.0 / chances.of(open[unit])));
            assert!((speaks - coverage.covered() as f64).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn edges() {
        let ids = ids(3);
        let all = Resting::new(&[0, 1, 2].map(|unit| (ids[unit].clone(), 0)), 0, 1);
        let refused = rest(&ids, &[1.0; 3], 1, &all);
        assert_eq!(refused, Err(Error::TooMany { asked: 1, there: 0 }));
        let (chances, coverage) = rest(&ids, &[1.0; 3], 0, &all).expect("nobody");
        assert_eq!((chances.expected(), coverage.covered()), (0.0, 0));
        let refused = rest(&ids, &[1.0], 1, &all);
        assert_eq!(
            refused,
            Err(Error::Lengths {
                what: "sizes",
                found: 1,
                wanted: 3
            })
        );
        // A bad size is refused even where it rests.
        assert!(matches!(
            rest(&ids, &[-1.0, 1.0, 1.0], 0, &all),
            Err(Error::BadSizes { .. })
        ));
        let (_, nobody) = rest(&[], &[], 0, &all).expect("nobody");
        assert_eq!(
            (nobody.share(), nobody.share_of_size(), nobody.elsewhere),
            (None, None, 3)
        );
    }
}
