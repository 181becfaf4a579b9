//! Tillé's elimination: all units are in, and one after another is sent out until n are left.
//!
//! At every stage those that are left are a sample with chances in proportion to size, so one run gives
//! samples of every size, each inside the larger ones. Take it where a sample may have to be cut later.
//! Two small units may never come together (π_kl = 0), and then no unbiased variance exists; look at
//! the pairs before, or take [`sampford`](super::sampford).

use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size, apart};
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "tille",
    title: Words::new("Tillé's elimination procedure", "蒂耶淘汰抽样法"),
    says: Words::new(
        "All units are in at first, and one after another is eliminated, so that those left at every \
         stage are a sample with chances in proportion to size, until n are left. Chances are exact, \
         and so are those of pairs, some of which may be 0. For samples that may have to be cut later.",
        "开始时全部单位均在样本中，随后逐个淘汰，使每一阶段剩余单位都是与规模成比例的样本，直至剩下n个。\
         一阶与二阶入样概率均精确，但某些二阶概率可能为零。适用于日后可能缩减的样本。",
    ),
    formula: "step i = N − 1 … n: k is sent out with chance 1 − π_k(i) / π_k(i + 1),  π(i) in proportion to size for i units",
    sources: &[Source::new("Tillé (1996)")],
};

/// How to draw so.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool: &Pool<'_>, seed| tille(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(|pool, places| among(pool.probabilities(), places)),
};

/// Draws Σπ units by sending out the others, one after another.
///
/// # Formula
///
/// ```text
/// step i = N − 1 … n:  r_k = 1 − π_k(i) / π_k(i + 1)
/// ```
///
/// with π(i) the chances in proportion to size for i units, the largest of them certain, and
/// π(N) = 1. All units that were uncertain at the step before share one r, so a step costs O(1), and
/// the draw O(N log N). Only + − × ÷ and comparison decide.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number.
///
/// # Source
///
/// Tillé (1996).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::tille::tille};
/// use canvass::random::Seed;
/// let chances = Probabilities::by_size(&[1.0, 2.0, 3.0, 4.0], 2)?;
/// let seed = Seed::new("an example").expect("not blank");
/// assert_eq!(tille(&chances, &mut seed.stream("draw"))?.len(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn tille(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    apart::drawn(probabilities, |open, take| {
        Ok(eliminate(open, take, stream))
    })
}

/// π_kl, exactly, at O(1) for each pair.
///
/// # Formula
///
/// ```text
/// π_kl = Π_i (1 − r_k(i) − r_l(i))
/// ```
///
/// Let k be the larger, which is certain down to step i + 1. Until then the product is π_l(i + 1); step i
/// makes it π_l(i + 1) (π_k(i) − 1) + π_l(i); and from there both have the common r: a factor that all
/// such pairs share.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number.
///
/// # Source
///
/// Tillé (1996).
pub fn joint(probabilities: &Probabilities) -> Result<Joint, Error> {
    among(probabilities, &apart::every(probabilities.len()))
}

/// The same, of the units at some places, which stand in order.
///
/// # Errors
///
/// As for [`joint`].
pub fn among(probabilities: &Probabilities, places: &[usize]) -> Result<Joint, Error> {
    apart::among((probabilities, places), |open, take, asked| {
        Ok(pairs(open, take, asked))
    })
}

/// The chances at every stage of an elimination.
struct Stages<'a> {
    open: &'a [f64],
    /// Units from the largest to the smallest.
    order: Vec<usize>,
    take: usize,
    /// From n units to N.
    stages: Vec<Stage>,
}

/// Chances in proportion to size for some number of units.
#[derive(Clone, Copy)]
struct Stage {
    /// How many of the largest units are certain.
    certain: usize,
    /// π of the others, divided by their size.
    rate: f64,
}

impl<'a> Stages<'a> {
    fn new(open: &'a [f64], take: usize) -> Stages<'a> {
        let units = open.len();
        let mut order: Vec<usize> = (0..units).collect();
        order.sort_by(|&a, &b| open[b].total_cmp(&open[a]));
        // Σ of the sizes from each rank on, from the smallest up.
        let mut rest = vec![0.0; units + 1];
        let mut total = Sum::default();
        for rank in (0..units).rev() {
            total.add(open[order[rank]]);
            rest[rank] = total.value();
        }
        let all = Stage {
            certain: units,
            rate: 0.0,
        };
        let mut stages = vec![all; units - take + 1];
        let mut certain = units;
        for size in (take..units).rev() {
            // Fewer units: who was uncertain stays so, and the smallest of the certain may follow.
            let open_to_chance = |certain: usize| {
                let next = certain - 1;
                next > size || (size - next) as f64 * open[order[next]] < rest[next]
            };
            while certain > 0 && open_to_chance(certain) {
                certain -= 1;
            }
            let rate = if certain < units {
                (size - certain) as f64 / rest[certain]
            } else {
                0.0
            };
            stages[size - take] = Stage { certain, rate };
        }
        Stages {
            open,
            order,
            take,
            stages,
        }
    }

    fn stage(&self, size: usize) -> Stage {
        self.stages[size - self.take]
    }

    /// π of the unit at `rank` when there are `size` units.
    fn chance(&self, rank: usize, size: usize) -> f64 {
        let stage = self.stage(size);
        if rank < stage.certain {
            1.0
        } else {
            stage.rate * self.open[self.order[rank]]
        }
    }
}

/// The places of `take` open units that are left when all others have been sent out.
pub(super) fn eliminate(open: &[f64], take: usize, stream: &mut Stream) -> Vec<usize> {
    let stages = Stages::new(open, take);
    // Ranks of units that are in and uncertain. Each of them has the same chance to be next.
    let mut uncertain: Vec<usize> = Vec::new();
    for size in (take..open.len()).rev() {
        let fresh = stages.stage(size).certain..stages.stage(size + 1).certain;
        let mut out = None;
        if !fresh.is_empty() {
            let mut left = stream.unit();
            out = fresh.clone().find(|&rank| {
                left -= 1.0 - stages.chance(rank, size);
                left < 0.0
            });
            // Rounding has left a hair, and there is nobody else.
            if out.is_none() && uncertain.is_empty() {
                out = fresh.clone().last();
            }
        }
        if out.is_none() && !uncertain.is_empty() {
            uncertain.swap_remove(stream.below(uncertain.len() as u64) as usize);
        }
        uncertain.extend(fresh.filter(|&rank| Some(rank) != out));
    }
    let certain = 0..stages.stage(take).certain;
    certain
        .chain(uncertain)
        .map(|rank| stages.order[rank])
        .collect()
}

/// π_kl of some of the open units.
pub(super) fn pairs(open: &[f64], take: usize, asked: &[usize]) -> Joint {
    let stages = Stages::new(open, take);
    let units = open.len();
    // At which size each unit is uncertain for the first time; and what becomes, from each size down
    // to n, of a pair that is uncertain already: Π (1 − 2r).
    let mut first = vec![take; units];
    let mut common = vec![1.0; units - take + 1];
    for size in take..units {
        let (now, before) = (stages.stage(size), stages.stage(size + 1));
        first[now.certain..before.certain].fill(size);
        if before.rate > 0.0 {
            let stay = 2.0 * now.rate / before.rate - 1.0;
            common[size + 1 - take] = common[size - take] * stay;
        }
    }
    let mut rank = vec![0; units];
    stages
        .order
        .iter()
        .enumerate()
        .for_each(|(at, &unit)| rank[unit] = at);
    Joint::from_fn(asked.len(), |k, l| {
        let (k, l) = (asked[k], asked[l]);
        let (large, small) = (rank[k].min(rank[l]), rank[k].max(rank[l]));
        if k == l || large < stages.stage(take).certain {
            return open[k] * if k == l { 1.0 } else { open[l] };
        }
        let size = first[large];
        let before = stages.chance(small, size + 1);
        let both = before * (stages.chance(large, size) - 1.0) + stages.chance(small, size);
        (both * common[size - take]).max(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::{METHOD, Stages};
    use crate::draw::Probabilities;
    use crate::draw::trial::{check, eight, six};

    #[test]
    fn many_draws_have_the_stated_chances() {
        check::proves(&METHOD);
    }

    #[test]
    fn laws_hold_for_any_pool() {
        check::keeps_laws(&METHOD);
    }

    #[test]
    fn pairs_agree_with_r() {
        // R sampling 2.9: UPtillepi2(c(.2, .7, .8, .5, .4, .4))
        let known = [
            (1, 2, 0.118_787_878_788),
            (2, 3, 0.509_090_909_091),
            (2, 4, 0.296_969_696_970),
            (5, 6, 0.101_818_181_818),
        ];
        check::pairs(&METHOD, &six(), &known, 1e-12);
        // UPtillepi2(inclusionprobabilities(1:8, 4)); the two smallest never come together.
        let known = [
            (1, 2, 0.0),
            (1, 8, 2.0 / 21.0),
            (4, 5, 4.0 / 21.0),
            (7, 8, 2.0 / 3.0),
        ];
        check::pairs(&METHOD, &eight(), &known, 1e-12);
    }

    #[test]
    fn every_stage_has_chances_in_proportion_to_size() {
        let sizes: Vec<f64> = (1..=30).map(|x| f64::from(x * x * x)).collect();
        let chances = Probabilities::by_size(&sizes, 5).expect("possible");
        let stages = Stages::new(chances.as_slice(), 5);
        for take in 5..30 {
            let wanted = Probabilities::by_size(chances.as_slice(), take).expect("possible");
            for rank in 0..30 {
                let (found, wanted) = (stages.chance(rank, take), wanted.of(stages.order[rank]));
                assert!((found - wanted).abs() < 1e-12, "{take} units, rank {rank}");
            }
        }
    }

    #[test]
    fn a_long_list_takes_moments() {
        check::large(&METHOD, 50_000, 5_000);
    }
}
