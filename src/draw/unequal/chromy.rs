//! Sequential sampling with minimum replacement.
//!
//! The list is a circle. The walk begins at a unit drawn in proportion to size and passes every unit
//! once; after each, the number of hits so far is the expected number rounded down or up. So every
//! stretch of the list gets its share, as in a systematic draw; yet, as the walk may begin anywhere,
//! every pair has a chance. A unit that expects more than one hit gets the floor or the ceiling of
//! it; with chances up to 1 nobody is drawn twice. This is `METHOD=PPS_SEQ` of SAS.

use crate::draw::apart::Apart;
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "chromy",
    title: Words::new("Sequential sampling after Chromy", "克罗米序贯抽样"),
    says: Words::new(
        "A walk round the ordered list, from a start drawn in proportion to size, keeps the number of \
         hits within one of what is expected so far. The sample is spread over the order of the list, \
         and pairs have chances, which are known.",
        "将有序名单视为一个圆环，以与规模成比例的概率选定起点，逐个单位行进，使累计抽中数与累计期望数相差\
         不到1。样本沿名单次序均匀分布，成对入样概率已知。",
    ),
    formula: "T_k ∈ {I_k, I_k + 1},  I_k + F_k = E_1 + … + E_k;  P(T_k = I_k + 1 | T_{k−1} = I_{k−1}) = \
              (F_k − F_{k−1}) / (1 − F_{k−1}) if F_k > F_{k−1}, otherwise 0;  P(T_k = I_k + 1 | T_{k−1} = \
              I_{k−1} + 1) = 1 if F_k > F_{k−1}, otherwise F_k / F_{k−1}",
    sources: &[
        Source::new("Chromy (1979)"),
        Source::new("Williams, Chromy (1980)"),
        Source::new("Chauvet (2019)"),
    ],
};

/// The method for a pool.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool, seed| chromy(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(|pool, places| Ok(joint(pool)?.among(places))),
};

/// Draws each unit once at most, by its chance. Certain units stand apart and are no part of the
/// circle. Time grows with the number of units.
///
/// # Formula
///
/// That of [`CARD`], with E_k = π_k.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Chromy (1979); Williams, Chromy (1980), for the circular start.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::chromy::chromy};
/// use canvass::random::Seed;
/// let mut stream = Seed::new("round the list").expect("not blank").stream("example");
/// let drawn = chromy(&Probabilities::by_size(&[1.0, 5.0, 2.0, 90.0, 2.0], 3)?, &mut stream)?;
/// assert!(drawn.len() == 3 && drawn.contains(&3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn chromy(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let (apart, take) = Apart::fixed(probabilities)?;
    let expected: Vec<f64> = apart
        .open
        .iter()
        .map(|&unit| probabilities.of(unit))
        .collect();
    let hits = walk(&expected, take as u64, stream);
    let drawn = apart
        .open
        .iter()
        .zip(hits)
        .filter(|(_, hits)| *hits > 0)
        .map(|(&unit, _)| unit)
        .collect();
    Ok(apart.with(drawn))
}

/// How often each unit is hit, when `take` hits are made in proportion to `sizes`: the floor or the
/// ceiling of the number expected.
///
/// # Formula
///
/// That of [`CARD`], with E_k = n x_k / Σx.
///
/// # Errors
///
/// [`Error::BadSizes`] counts sizes that are negative or not numbers; [`Error::TooMany`] if no unit has
/// a size.
///
/// # Source
///
/// Chromy (1979).
///
/// # Example
///
/// ```
/// use canvass::draw::unequal::chromy::hits;
/// use canvass::random::Seed;
/// let mut stream = Seed::new("round the list").expect("not blank").stream("example");
/// let hits = hits(&[10.0, 25.0, 0.0, 65.0], 10, &mut stream)?;
/// assert!(hits[0] == 1 && (hits[1] == 2 || hits[1] == 3) && hits[2] == 0);
/// assert_eq!(hits.iter().sum::<u64>(), 10);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn hits(sizes: &[f64], take: usize, stream: &mut Stream) -> Result<Vec<u64>, Error> {
    let (shares, mut hits) = (shares(sizes, take)?, vec![0; sizes.len()]);
    let open: Vec<usize> = (0..sizes.len())
        .filter(|&unit| shares[unit] > 0.0)
        .collect();
    let expected: Vec<f64> = open
        .iter()
        .map(|&unit| shares[unit] * take as f64)
        .collect();
    let found = walk(&expected, take as u64, stream);
    open.into_iter()
        .zip(found)
        .for_each(|(unit, found)| hits[unit] = found);
    Ok(hits)
}

/// Each size's share of all; 0 of nothing.
pub(in crate::draw) fn shares(sizes: &[f64], take: usize) -> Result<Vec<f64>, Error> {
    // Asking for nobody finds out whether the sizes are good.
    Probabilities::by_size(sizes, 0)?;
    let most = sizes.iter().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return match take {
            0 => Ok(vec![0.0; sizes.len()]),
            take => Err(Error::TooMany {
                asked: take as u64,
                there: 0,
            }),
        };
    }
    // Sizes near the largest float would add up to infinity.
    let all = sum(sizes.iter().map(|size| size / most));
    Ok(sizes.iter().map(|size| size / most / all).collect())
}

/// Walks the circle once.
fn walk(expected: &[f64], take: u64, stream: &mut Stream) -> Vec<u64> {
    let mut hits = vec![0; expected.len()];
    let first = start(expected, stream);
    let order = (first..expected.len()).chain(0..first);
    // The most that all units not yet passed can be hit.
    let mut room: u64 = expected.iter().map(|e| e.ceil() as u64).sum();
    let (mut so_far, mut ahead, mut at) = (0, false, Place::default());
    for unit in order {
        let before = at.part();
        at.advance(expected[unit]);
        ahead = step(before, at.part(), ahead, stream);
        let most = expected[unit].ceil() as u64;
        room -= most;
        // Rounding of the sums must cost no hit: what is left is never more than there is room for.
        let total = (at.whole + u64::from(ahead))
            .max(take.saturating_sub(room))
            .max(so_far);
        let total = total.min(so_far + most).min(take);
        ahead = total > at.whole;
        hits[unit] = total - so_far;
        so_far = total;
    }
    hits
}

/// Whether the hits are ahead of the whole part of what is expected, after a unit that moves its
/// fraction from `before` to `after`.
fn step(before: f64, after: f64, ahead: bool, stream: &mut Stream) -> bool {
    match after > before {
        true => ahead || stream.unit() * (1.0 - before) < after - before,
        false => ahead && stream.unit() * before < after,
    }
}

/// Where the walk begins: a unit in proportion to what it expects.
fn start(expected: &[f64], stream: &mut Stream) -> usize {
    let point = stream.unit() * sum(expected.iter().copied());
    let mut reached = Sum::default();
    let passed = expected.iter().take_while(|&&e| {
        reached.add(e);
        reached.value() <= point
    });
    passed.count().min(expected.len().saturating_sub(1))
}

/// How many hits are expected so far, in two parts, so that long lists lose no digits.
#[derive(Default)]
struct Place {
    whole: u64,
    rest: Sum,
}

impl Place {
    fn advance(&mut self, by: f64) {
        self.rest.add(by);
        let whole = self.rest.value().floor().max(0.0);
        self.rest.add(-whole);
        self.whole += whole as u64;
    }

    fn part(&self) -> f64 {
        self.rest.value().max(0.0)
    }
}

/// π_kl, from the chain of hits over every start. Time grows with the cube of the number of units: a
/// minute for two thousand.
///
/// # Formula
///
/// ```text
/// π_kl = Σ_s P(s) E(t_k t_l | the walk begins at s),  P(s) = π_s / Σπ
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Chromy (1979); Chauvet (2019).
pub fn joint(pool: &Pool<'_>) -> Result<Joint, Error> {
    let probabilities = pool.probabilities();
    let (apart, take) = Apart::fixed(probabilities)?;
    let open: Vec<f64> = apart
        .open
        .iter()
        .map(|&unit| probabilities.of(unit))
        .collect();
    let units = open.len();
    let mut table = vec![0.0; units * units];
    for first in 0..units {
        let order: Vec<usize> = (first..units).chain(0..first).collect();
        let chances: Vec<f64> = order.iter().map(|&unit| open[unit]).collect();
        let begins = open[first] / take as f64;
        each_pair(&chances, |k, l, both| {
            let (k, l) = (order[k].min(order[l]), order[k].max(order[l]));
            table[k * units + l] += begins * both;
        });
    }
    Ok(apart.joint(probabilities, |k, l| table[k * units + l]))
}

/// One unit's step of the chain: whether the hits are ahead before and after it.
struct Step {
    /// P(ahead after | ahead before).
    ahead: [f64; 2],
    /// How many whole hits are expected within it.
    whole: f64,
}

impl Step {
    /// P(from → to) and the hits of it.
    fn of(&self, from: usize, to: usize) -> (f64, f64) {
        let chance = if to == 1 {
            self.ahead[from]
        } else {
            1.0 - self.ahead[from]
        };
        (chance, self.whole + to as f64 - from as f64)
    }
}

/// E(t_k t_l) of a walk that begins at the first unit, for all k < l.
fn each_pair(chances: &[f64], mut take: impl FnMut(usize, usize, f64)) {
    let (steps, ahead) = chain(chances);
    for k in 0..steps.len() {
        let states = [1.0 - ahead[k], ahead[k]];
        let mut hit = [0.0; 2];
        for (from, to) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let (chance, hits) = steps[k].of(from, to);
            hit[to] += states[from] * chance * hits;
        }
        for (l, step) in steps.iter().enumerate().skip(k + 1) {
            let (mut both, mut next) = (0.0, [0.0; 2]);
            for (from, to) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let (chance, hits) = step.of(from, to);
                both += hit[from] * chance * hits;
                next[to] += hit[from] * chance;
            }
            take(k, l, both);
            hit = next;
        }
    }
}

/// The steps of a walk, and P(ahead) before each.
fn chain(chances: &[f64]) -> (Vec<Step>, Vec<f64>) {
    let (mut at, mut steps, mut ahead) = (Place::default(), Vec::new(), Vec::new());
    let wanted = sum(chances.iter().copied()).round();
    for (k, &chance) in chances.iter().enumerate() {
        let (before, whole) = (at.part(), at.whole as f64);
        at.advance(chance);
        // The last step ends at n exactly.
        let (after, until) = match k + 1 == chances.len() {
            true => (0.0, wanted),
            false => (at.part(), at.whole as f64),
        };
        let moves = match after > before {
            true => [(after - before) / (1.0 - before), 1.0],
            false => [0.0, if before > 0.0 { after / before } else { 0.0 }],
        };
        steps.push(Step {
            ahead: moves,
            whole: until - whole,
        });
        ahead.push(before);
    }
    (steps, ahead)
}

#[cfg(test)]
mod tests {
    use super::{METHOD, chromy, each_pair, hits, joint};
    use crate::draw::trial::{self, eight, ids, seed};
    use crate::draw::{Error, Pool, Probabilities, unequal::pivotal};

    #[test]
    fn it_draws_as_it_says() {
        trial::holds(&METHOD, &eight(), 20_000);
        trial::holds(&METHOD, &trial::six(), 5_000);
    }

    #[test]
    fn it_keeps_the_laws() {
        trial::laws(&METHOD);
    }

    #[test]
    fn from_a_fixed_start_it_is_pivotal_sampling() {
        // Chauvet (2019): the duels say it in other words.
        for i in 0..100 {
            let chances = trial::random_chances(&format!("pivotal {i}"));
            let open: Vec<f64> = chances
                .open()
                .iter()
                .map(|&unit| chances.of(unit))
                .collect();
            let all: Vec<usize> = (0..open.len()).collect();
            let wanted = pivotal::pairs(&open, &all);
            each_pair(&open, |k, l, both| {
                let wanted = wanted[k * open.len() + l];
                assert!(
                    (both - wanted).abs() < 1e-9,
                    "seed {i}, {k} {l}: {both} is not {wanted}"
                );
            });
        }
    }

    #[test]
    fn pairs_of_a_unit_add_up_and_all_have_a_chance() {
        for i in 0..100 {
            let chances = trial::random_chances(&format!("pairs {i}"));
            let ids = ids(chances.len());
            let found = joint(&Pool::new("all", &ids, &chances)).expect("whole");
            trial::assert_adds_up(&found, &chances);
        }
        let (ids, chances) = (ids(8), eight());
        let found = joint(&Pool::new("all", &ids, &chances)).expect("whole");
        assert!((0..8).all(|k| (0..8).all(|l| found.of(k, l) > 1e-6)));
    }

    #[test]
    fn hits_are_floor_or_ceiling_and_as_many_as_expected_on_average() {
        let sizes = [10.0, 0.0, 37.0, 3.0, 50.0, 25.0];
        let expected = sizes.map(|size| size / 125.0 * 7.0);
        let mut found = [0_u64; 6];
        for i in 0..20_000 {
            let hits =
                hits(&sizes, 7, &mut seed(&format!("hits {i}")).stream("test")).expect("sizes");
            assert_eq!(hits.iter().sum::<u64>(), 7);
            for (unit, &count) in hits.iter().enumerate() {
                assert!((count as f64 - expected[unit]).abs() < 1.0, "{hits:?}");
                found[unit] += count;
            }
        }
        // A unit's hits vary by ½ at most: 71 over all; five of them.
        for (unit, &count) in found.iter().enumerate() {
            assert!(
                (count as f64 - 20_000.0 * expected[unit]).abs() < 354.0,
                "{found:?}"
            );
        }
    }

    #[test]
    fn hits_of_bad_sizes_are_refused() {
        let mut stream = seed("x").stream("test");
        let refused = hits(&[1.0, f64::NAN], 1, &mut stream);
        assert!(matches!(
            refused,
            Err(Error::BadSizes {
                count: 1,
                row: 2,
                ..
            })
        ));
        assert_eq!(
            hits(&[0.0], 1, &mut stream),
            Err(Error::TooMany { asked: 1, there: 0 })
        );
        assert_eq!(hits(&[0.0, 3.0], 0, &mut stream), Ok(vec![0, 0]));
        assert_eq!(hits(&[], 0, &mut stream), Ok(vec![]));
        assert_eq!(hits(&[0.0, 0.1], 5, &mut stream), Ok(vec![0, 5]));
        assert_eq!(hits(&[1e308, 1e308], 4, &mut stream), Ok(vec![2, 2]));
    }

    #[test]
    fn a_large_list_is_no_trouble() {
        let sizes: Vec<f64> = (0..100_000).map(|i| f64::from(i % 1_000)).collect();
        let chances = Probabilities::by_size(&sizes, 30_001).expect("possible");
        let drawn = chromy(&chances, &mut seed("large").stream("test")).expect("whole");
        assert_eq!(drawn.len(), 30_001);
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_sum_that_is_not_whole_is_refused() {
        let chances = Probabilities::given(vec![0.5, 0.25]).expect("chances");
        let refused = chromy(&chances, &mut seed("x").stream("test"));
        assert_eq!(refused, Err(Error::NotWhole { expected: 0.75 }));
    }
}
