//! Duels between neighbours.
//!
//! Two units at a time fight over the sum of their chances: if it is below 1, one of them leaves and
//! the other carries the sum on; otherwise one of them is drawn and the other carries the rest on. A
//! duel decides one unit, so N units need N − 1 duels, and the chances are exact. In the pool's own
//! order, two neighbours with small chances are never drawn together, and the sample is spread over
//! whatever the list is sorted by. In random order it is a good general method for unequal chances.

use crate::draw::apart::{self, Apart};
use crate::draw::undecided::first_wins;
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "pivotal",
    title: Words::new("Ordered pivotal sampling", "有序枢轴抽样"),
    says: Words::new(
        "Units meet in the order of the list, two at a time; a duel decides about one of them and the \
         other carries the rest of both chances on. The size is fixed, the chances exact, and the \
         sample spread over the order of the list.",
        "单位按名单次序两两对决，每次确定一个单位是否入样，另一单位携带剩余概率继续。样本量固定，\
         入样概率精确，样本沿名单次序均匀分布。",
    ),
    formula: "s = π_i + π_j < 1: (0, s) or (s, 0), i stays with π_i / s;  otherwise (1, s − 1) or (s − 1, 1), \
              i is drawn with (1 − π_j) / (2 − s)",
    sources: &[
        Source::new("Deville, Tillé (1998)"),
        Source::new("Chauvet (2012)"),
    ],
};

/// The method for a pool, in the pool's own order.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool, seed| ordered(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(among),
};

/// What the method in random order says of itself.
pub const SHUFFLED_CARD: Card = Card {
    key: "pivotal-random",
    title: Words::new("Random pivotal sampling", "随机枢轴抽样"),
    says: Words::new(
        "The list is shuffled before units meet in duels. The size is fixed, the chances exact, and the \
         order of the list does not matter: a good general method for unequal chances.",
        "先将名单随机排序，再两两对决。样本量固定，入样概率精确，与名单次序无关，是通用的不等概率抽样方法。",
    ),
    formula: "as pivotal, over a random order of the units",
    sources: &[Source::new("Deville, Tillé (1998)")],
};

/// The method for a pool, in random order.
pub const SHUFFLED: Method = Method {
    card: &SHUFFLED_CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool, seed| shuffled(pool.probabilities(), &mut pool.stream(&SHUFFLED_CARD, seed)),
    joint: None,
};

/// Duels in the order of the units. Time grows with their number.
///
/// # Formula
///
/// ```text
/// s = π_i + π_j < 1:  (π_i, π_j) becomes (s, 0) with chance π_i / s, or (0, s)
/// s ≥ 1:              (π_i, π_j) becomes (1, s − 1) with chance (1 − π_j) / (2 − s), or (s − 1, 1)
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number: the last unit would be left with a fraction.
///
/// # Source
///
/// Deville, Tillé (1998). It is Deville's systematic sampling in other words: Chauvet (2012).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::pivotal::ordered};
/// use canvass::random::Seed;
/// let mut stream = Seed::new("duels").expect("not blank").stream("example");
/// let drawn = ordered(&Probabilities::given(vec![0.25, 0.25, 0.5, 0.5, 0.25, 0.25])?, &mut stream)?;
/// assert!(drawn[0] < 3 && drawn[1] >= 3);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn ordered(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let (apart, take) = Apart::fixed(probabilities)?;
    let drawn = duels(probabilities, &apart.open, take, stream);
    Ok(apart.with(drawn))
}

/// Duels in random order.
///
/// # Formula
///
/// ```text
/// as ordered, over a random order of the units
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Deville, Tillé (1998).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::pivotal::shuffled};
/// use canvass::random::Seed;
/// let mut stream = Seed::new("duels").expect("not blank").stream("example");
/// let drawn = shuffled(&Probabilities::by_size(&[1.0, 5.0, 2.0, 90.0, 2.0], 3)?, &mut stream)?;
/// assert!(drawn.len() == 3 && drawn.contains(&3));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn shuffled(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    let (mut apart, take) = Apart::fixed(probabilities)?;
    stream.shuffle(&mut apart.open);
    let drawn = duels(probabilities, &apart.open, take, stream);
    Ok(apart.with(drawn))
}

fn duels(
    probabilities: &Probabilities,
    order: &[usize],
    take: usize,
    stream: &mut Stream,
) -> Vec<usize> {
    let mut drawn = Vec::with_capacity(take);
    let Some((&first, rest)) = order.split_first() else {
        return drawn;
    };
    let mut carrier = first;
    // What the carrier carries is Σπ so far less the drawn: one sum, so that no rounding piles up.
    let mut carried = Sum::default();
    carried.add(probabilities.of(first));
    for &next in rest {
        let (held, chance) = (carried.value(), probabilities.of(next));
        carried.add(chance);
        let both = carried.value();
        let holds = first_wins(held, chance, both, stream);
        if both < 1.0 {
            carrier = if holds { carrier } else { next };
        } else {
            carried.add(-1.0);
            let winner = match holds {
                true => std::mem::replace(&mut carrier, next),
                false => next,
            };
            drawn.push(winner);
        }
    }
    // The last carries 0 or 1, up to rounding; which of them, the count knows exactly.
    if drawn.len() < take {
        drawn.push(carrier);
    }
    drawn
}

/// π_kl of the duels in the pool's own order.
///
/// Until the duel of l, unit k has left, is drawn, or carries the sum a. If it is drawn, l's chance is
/// untouched; if it carries, both can be drawn only where their sum exceeds 1.
///
/// # Formula
///
/// ```text
/// π_kl = P(k is drawn before l) π_l + P(k carries a to l) max(0, a + π_l − 1),  k < l
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is not a whole number.
///
/// # Source
///
/// Chauvet (2012).
pub fn joint(pool: &Pool<'_>) -> Result<Joint, Error> {
    among(pool, &apart::every(pool.len()))
}

/// The same, of the units at some places, which stand in order. Time grows with their number times that of all
/// units.
///
/// # Errors
///
/// As for [`joint`].
pub fn among(pool: &Pool<'_>, places: &[usize]) -> Result<Joint, Error> {
    let probabilities = pool.probabilities();
    let (apart, _) = Apart::fixed(probabilities)?;
    let open: Vec<f64> = apart
        .open
        .iter()
        .map(|&unit| probabilities.of(unit))
        .collect();
    let stands = |unit: &usize| apart.open.binary_search(unit).ok();
    let asked: Vec<usize> = places.iter().filter_map(stands).collect();
    let pairs = pairs(&open, &asked);
    let mut rank = vec![0; open.len()];
    (asked.iter().zip(0..)).for_each(|(&unit, at)| rank[unit] = at);
    Ok(apart.among((probabilities, places), |k, l| {
        pairs[rank[k] * asked.len() + rank[l]]
    }))
}

/// π_kl above the diagonal, row by row, of some of the units with chances between 0 and 1, in order.
pub(super) fn pairs(chances: &[f64], asked: &[usize]) -> Vec<f64> {
    let carried = carried(chances);
    let mut table = vec![0.0; asked.len() * asked.len()];
    for (row, &k) in asked.iter().enumerate() {
        // After its own duel.
        let (mut drawn, mut carries) = entered(chances, &carried, k);
        let mut next = row + 1;
        for l in k + 1..asked.last().map_or(0, |last| last + 1) {
            let both = carried[l] + chances[l];
            if asked[next] == l {
                table[row * asked.len() + next] =
                    drawn * chances[l] + carries * (both - 1.0).max(0.0);
                next += 1;
            }
            if both < 1.0 {
                carries *= carried[l] / both;
            } else {
                let wins = (1.0 - chances[l]) / (2.0 - both);
                drawn += carries * wins;
                carries *= 1.0 - wins;
            }
        }
    }
    table
}

/// How likely unit k is drawn in its own duel, and how likely it carries on from it.
fn entered(chances: &[f64], carried: &[f64], k: usize) -> (f64, f64) {
    let both = carried[k] + chances[k];
    if k == 0 {
        (0.0, 1.0)
    } else if both < 1.0 {
        (0.0, chances[k] / both)
    } else {
        let loses = (1.0 - chances[k]) / (2.0 - both);
        (1.0 - loses, loses)
    }
}

/// What the carrier brings to the duel with each unit.
fn carried(chances: &[f64]) -> Vec<f64> {
    let mut sum = Sum::default();
    chances
        .iter()
        .map(|&chance| {
            let brought = sum.value();
            sum.add(chance);
            if sum.value() >= 1.0 {
                sum.add(-1.0);
            }
            brought
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{METHOD, SHUFFLED, joint, ordered, shuffled};
    use crate::draw::trial::{self, eight, ids, seed};
    use crate::draw::{Error, Pool, Probabilities};

    #[test]
    fn both_draw_as_they_say() {
        trial::holds(&METHOD, &eight(), 20_000);
        trial::holds(&METHOD, &trial::six(), 5_000);
        trial::holds(&SHUFFLED, &eight(), 20_000);
    }

    #[test]
    fn both_keep_the_laws() {
        trial::laws(&METHOD);
        trial::laws(&SHUFFLED);
    }

    /// Every way the duels can go, with its chance, followed one by one.
    fn all_ways(chances: &[f64]) -> Vec<(f64, Vec<usize>)> {
        let mut ways = vec![(1.0, 0_usize, chances[0], Vec::new())];
        for (j, &chance) in chances.iter().enumerate().skip(1) {
            ways = ways
                .into_iter()
                .flat_map(|(way, i, held, drawn)| {
                    let both: f64 = held + chance;
                    let with = |unit: usize| [drawn.clone(), vec![unit]].concat();
                    if both < 1.0 - 1e-12 {
                        let stays = held / both;
                        [
                            (way * stays, i, both, drawn.clone()),
                            (way * (1.0 - stays), j, both, drawn.clone()),
                        ]
                    } else {
                        let wins = (1.0 - chance) / (2.0 - both);
                        [
                            (way * wins, j, both - 1.0, with(i)),
                            (way * (1.0 - wins), i, both - 1.0, with(j)),
                        ]
                    }
                })
                .collect();
        }
        let last = |(way, i, held, drawn): (f64, usize, f64, Vec<usize>)| match held > 0.5 {
            true => (way, [drawn, vec![i]].concat()),
            false => (way, drawn),
        };
        ways.into_iter().map(last).collect()
    }

    #[test]
    fn pairs_agree_with_all_ways_the_duels_can_go() {
        for chances in [trial::six(), eight()] {
            let ids = ids(chances.len());
            let found = joint(&Pool::new("all", &ids, &chances)).expect("whole");
            let wanted = trial::table(chances.len(), &all_ways(chances.as_slice()));
            trial::assert_same(&found, &wanted, 1e-12);
        }
    }

    #[test]
    fn pairs_of_a_unit_add_up() {
        for i in 0..100 {
            let chances = trial::random_chances(&format!("pairs {i}"));
            let ids = ids(chances.len());
            let found = joint(&Pool::new("all", &ids, &chances)).expect("whole");
            trial::assert_adds_up(&found, &chances);
        }
    }

    #[test]
    fn small_neighbours_are_never_drawn_together() {
        let (ids, chances) = (ids(8), eight());
        let found = joint(&Pool::new("all", &ids, &chances)).expect("whole");
        assert!(found.of(0, 1) < 1e-15 && found.of(2, 3) > 0.0);
    }

    #[test]
    fn a_sum_that_is_not_whole_is_refused() {
        let chances = Probabilities::given(vec![0.5, 0.25]).expect("chances");
        for draw in [ordered, shuffled] {
            let refused = draw(&chances, &mut seed("x").stream("test"));
            assert_eq!(refused, Err(Error::NotWhole { expected: 0.75 }));
        }
    }

    #[test]
    fn a_large_list_is_no_trouble() {
        let sizes: Vec<f64> = (0..100_000).map(|i| f64::from(i % 1_000)).collect();
        let chances = Probabilities::by_size(&sizes, 30_001).expect("possible");
        for draw in [ordered, shuffled] {
            let drawn = draw(&chances, &mut seed("large").stream("test")).expect("whole");
            assert_eq!(drawn.len(), 30_001);
            assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
