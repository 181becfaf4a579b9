//! Conditional Poisson sampling: every unit comes or not on its own, given that n of them come.
//!
//! Of all ways to draw a fixed number with given chances, this leaves most to chance: its entropy is the
//! largest. Variances are then well told by simple formulas, and every pair has a chance. Take it where
//! nothing calls for another method, and nothing is to be spread or balanced.
//!
//! The chances p with which units would come on their own are not the π that they have once n must
//! come. They are found in turns, each of which costs O(N), and the draw costs O(N) as well: about a
//! second in all for a list of a million.

use super::count::{Complex, Count};
use crate::draw::apart::{self, level};
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "conditional",
    title: Words::new(
        "Conditional Poisson sampling, of largest entropy",
        "条件泊松抽样（最大熵抽样）",
    ),
    says: Words::new(
        "Units come on their own, and a sample counts only if exactly n of them came. The chances are \
         found so that each unit is in the sample with exactly its π; nothing else is arranged, so as \
         much as can be is left to chance. For unequal chances where neither list order nor place \
         matters.",
        "各单位独立入样，仅当恰有n个单位入样时该样本才有效；工作概率经求解，使每个单位的入样概率恰为π。\
         除此之外不作任何安排，随机性（熵）最大。适用于不等概率、且不要求按名单次序或地域分散的情形。",
    ),
    formula: "P(s) ∝ Π_{i∈s} p_i / (1 − p_i),  |s| = n,  p such that P(i ∈ s) = π_i and Σp = n",
    sources: &[
        Source::new("Hájek (1964)"),
        Source::new("Chen, Dempster, Liu (1994)"),
        Source::new("Deville (2000)"),
    ],
};

/// How to draw so.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool: &Pool<'_>, seed| conditional(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(|pool, places| among(pool.probabilities(), places)),
};

/// Draws so that units come on their own, given that Σπ of them come.
///
/// # Formula
///
/// ```text
/// P(s) ∝ Π_{i∈s} p_i / (1 − p_i),  |s| = n
/// ```
///
/// Small pools draw each unit with p until n have come. In larger ones, only the first part, of half the
/// variance Σ p (1 − p), is drawn so; it is kept with a chance in proportion to that of the other part
/// yielding just what is missing, which then is all that is left to draw. That is the same law for a
/// few words per unit.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number; [`Error::NotFound`] if no p is found, which has not
/// been seen.
///
/// # Source
///
/// Hájek (1964); Chen, Dempster, Liu (1994).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::conditional::conditional};
/// use canvass::random::Seed;
/// let chances = Probabilities::by_size(&[1.0, 2.0, 3.0, 4.0], 2)?;
/// let seed = Seed::new("an example").expect("not blank");
/// assert_eq!(conditional(&chances, &mut seed.stream("draw"))?.len(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn conditional(
    probabilities: &Probabilities,
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    apart::drawn(probabilities, |open, take| {
        let p = solve(open, take)?;
        given(&mut odds(&p), take, stream)
    })
}

/// The chances p, adding up to n, with which units come before it is asked that n come; 1 and 0 where π
/// is.
///
/// # Formula
///
/// ```text
/// p_k / (1 − p_k)  =  π_k / (1 − π_k) · P(S − X_k = n) / P(S − X_k = n − 1)
/// ```
///
/// in turns from p = π, where S − X_k is how many of the others come: the fixed point of Chen, Dempster
/// and Liu, in odds and with a shortened step that converges for two units as well. It ends when every
/// π / (1 − π) is met to 10⁻¹¹ of itself, or to 10⁻¹⁴ n / Σ π (1 − π) where that is more: chances that
/// are floats say no more than that where hardly anything is left to chance.
///
/// # Errors
///
/// [`Error::NotWhole`]; [`Error::NotFound`] after a thousand turns.
///
/// # Source
///
/// Chen, Dempster, Liu (1994); Deville (2000). Differs from both because the chances of S come from
/// its characteristic function, where their recursion over n = 1, 2, … loses all digits in long lists.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::conditional::working};
/// let p = working(&Probabilities::given(vec![0.1, 0.9])?)?;
/// // Given that one comes: 0.25 · 0.25 against 0.75 · 0.75, one to nine.
/// assert!((p[0] - 0.25).abs() < 1e-12);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn working(probabilities: &Probabilities) -> Result<Vec<f64>, Error> {
    let mut working = probabilities.as_slice().to_vec();
    let mut found = Vec::new();
    apart::drawn(probabilities, |open, take| {
        found = solve(open, take)?;
        Ok(Vec::new())
    })?;
    if !found.is_empty() {
        probabilities
            .open()
            .into_iter()
            .zip(found)
            .for_each(|(unit, p)| working[unit] = p);
    }
    Ok(working)
}

/// π_kl, exactly, at O(1) for each pair.
///
/// # Formula
///
/// ```text
/// π_kl = p_k p_l P(S − X_k − X_l = n − 2) / P(S = n)
/// ```
///
/// # Errors
///
/// As for [`working`].
///
/// # Source
///
/// Chen, Dempster, Liu (1994).
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
        let p = solve(open, take)?;
        let count = Count::new(&p);
        let terms = count.turned(take);
        let asked: Vec<f64> = asked.iter().map(|&unit| p[unit]).collect();
        let shares = shares(&count, &asked);
        let all = sum(terms.iter().map(|term| term.re));
        Ok(Joint::from_fn(asked.len(), |k, l| {
            let pairs = shares[k].iter().zip(&shares[l]).zip(&terms);
            let both = sum(pairs.map(|((a, b), term)| term.times(a.times(*b)).re));
            (both / all).max(0.0)
        }))
    })
}

/// For each unit, p z / (1 − p + p z) at each point: what takes its place in φ if it is in the sample.
pub(super) fn shares(count: &Count, p: &[f64]) -> Vec<Vec<Complex>> {
    p.iter()
        .map(|&p| count.points.iter().map(|point| share(p, *point)).collect())
        .collect()
}

/// p z / (1 − p + p z).
pub(super) fn share(p: f64, point: Complex) -> Complex {
    Complex {
        re: p * point.re,
        im: p * point.im,
    }
    .over(point.mixed(p))
}

/// p / (1 − p).
pub(super) fn odds(p: &[f64]) -> Vec<f64> {
    p.iter().map(|p| p / (1.0 - p)).collect()
}

/// p for open units; 0 < `take` < their number.
fn solve(chances: &[f64], take: usize) -> Result<Vec<f64>, Error> {
    const TURNS: u64 = 1_000;
    let wanted = odds(chances);
    let mut odds = wanted.clone();
    let near = 1e-14 * take as f64 / sum(chances.iter().map(|p| p * (1.0 - p)));
    for _ in 0..TURNS {
        let p = level(&mut odds, take);
        let variances = || p.iter().map(|p| p * (1.0 - p));
        let spread = sum(variances());
        // Errors shrink by 1 − step times 1 to 1 + excess, the spectrum of the chain that swaps one unit
        // for another. The excess is 1 for two units, or two groups of which one is all but certain and
        // one all but impossible; where much is left to chance, it goes.
        let largest = variances().fold(0.0, f64::max);
        let excess = (largest / (spread - largest))
            .min(1.0)
            .max(1.0 / (1.0 + 0.25 * spread * spread));
        let step = 2.0 / (2.0 + excess);
        let count = Count::new(&p);
        let mut worst = 0.0_f64;
        for ((odd, wanted), (fewer, same)) in
            odds.iter_mut().zip(&wanted).zip(count.others(&p, take))
        {
            let change = wanted * same / (*odd * fewer);
            // What rounding makes of an all but impossible count must not throw a unit out.
            let change = if change.is_finite() {
                change.clamp(0.1, 10.0)
            } else {
                10.0
            };
            worst = worst.max((change - 1.0).abs());
            *odd *= 1.0 + step * (change - 1.0);
        }
        if worst <= near.max(1e-11) {
            return Ok(p);
        }
    }
    Err(Error::NotFound {
        method: CARD.key,
        steps: TURNS,
    })
}

/// Draws `take` units with chances in proportion to the product of their `odds`, which it rescales.
pub(super) fn given(
    odds: &mut [f64],
    take: usize,
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    let mut drawn = Vec::with_capacity(take);
    let mut from = 0;
    while drawn.len() < take {
        let left = take - drawn.len();
        if left >= odds.len() - from {
            drawn.extend(from..odds.len());
            break;
        }
        let p = level(&mut odds[from..], left);
        let head = head(&p);
        let tail = (head < p.len()).then(|| Count::new(&p[head..]));
        let chosen = part(&p[..head], left, p.len() - head, tail.as_ref(), stream)?;
        drawn.extend(chosen.into_iter().map(|place| from + place));
        from += head;
    }
    Ok(drawn)
}

/// How many units to draw first: those with half of the variance; or all, where so little is left that
/// n come soon enough by themselves.
fn head(p: &[f64]) -> usize {
    // One try in 2.5 √100 succeeds, and tries are cheaper than chances of the rest.
    const LITTLE: f64 = 100.0;
    let variances = || p.iter().map(|p| p * (1.0 - p));
    let spread = sum(variances());
    if spread <= LITTLE {
        return p.len();
    }
    let mut half = 0.5 * spread;
    let over = |variance: f64| {
        half -= variance;
        half <= 0.0
    };
    variances().position(over).map_or(p.len(), |last| last + 1)
}

/// Draws units on their own until `left` of them have come or, if a `tail` of so many units follows,
/// until chance agrees that the tail is to yield what is missing.
fn part(
    p: &[f64],
    left: usize,
    after: usize,
    tail: Option<&Count>,
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    // The chance of success is 1 / 30 or more, so this many tries never fail.
    const TRIES: u64 = 100_000;
    let most = tail.map_or(1.0, Count::most);
    let mut chosen = Vec::with_capacity(left + 1);
    for _ in 0..TRIES {
        chosen.clear();
        for (place, &p) in p.iter().enumerate() {
            if stream.unit() < p {
                chosen.push(place);
            }
        }
        let Some(missing) = left
            .checked_sub(chosen.len())
            .filter(|&missing| missing <= after)
        else {
            continue;
        };
        let kept = match tail {
            Some(tail) => stream.unit() * most < tail.chance(missing),
            None => missing == 0,
        };
        if kept {
            return Ok(chosen);
        }
    }
    Err(Error::NotFound {
        method: CARD.key,
        steps: TRIES,
    })
}

#[cfg(test)]
mod tests {
    use super::{METHOD, given, joint, odds, working};
    use crate::draw::Probabilities;
    use crate::draw::trial::{check, eight, seed, six};
    use crate::math::{Moments, sum};

    #[test]
    fn many_draws_have_the_stated_chances() {
        check::proves(&METHOD);
    }

    #[test]
    fn laws_hold_for_any_pool() {
        check::keeps_laws(&METHOD);
    }

    #[test]
    fn pairs_and_working_chances_agree_with_r() {
        // R sampling 2.9: UPmaxentropypi2(c(.2, .7, .8, .5, .4, .4)); it stops at 1e-6.
        let known = [
            (1, 2, 0.106_984_40),
            (2, 3, 0.534_539_08),
            (5, 6, 0.103_357_18),
        ];
        check::pairs(&METHOD, &six(), &known, 1e-6);
        // UPMEpikfromq and its inverse, scaled so that Σp = 3.
        let wanted = [
            0.237_599_84,
            0.665_203_43,
            0.761_205_94,
            0.498_480_02,
            0.418_755_39,
            0.418_755_39,
        ];
        for (found, wanted) in working(&six()).expect("possible").iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
        }
        // UPmaxentropypi2(inclusionprobabilities(1:8, 4))
        let known = [
            (1, 2, 0.014_708_42),
            (1, 8, 0.090_877_38),
            (4, 5, 0.192_696_95),
            (7, 8, 0.681_375_09),
        ];
        check::pairs(&METHOD, &eight(), &known, 1e-6);
    }

    #[test]
    fn chances_are_those_of_all_samples_counted_out() {
        // All 70 samples of 4 out of 8, each with the product of its odds.
        let chances = eight();
        let odds = odds(&working(&chances).expect("possible"));
        let pairs = joint(&chances).expect("possible");
        let (mut all, mut both) = (0.0, [[0.0; 8]; 8]);
        for sample in (0_u32..256).filter(|sample| sample.count_ones() == 4) {
            let has = |k: usize| sample >> k & 1 == 1;
            let weight: f64 = (0..8).filter(|&k| has(k)).map(|k| odds[k]).product();
            all += weight;
            for (_, row) in both.iter_mut().enumerate().filter(|(k, _)| has(*k)) {
                (0..8).filter(|&l| has(l)).for_each(|l| row[l] += weight);
            }
        }
        for (k, row) in both.iter().enumerate() {
            for (l, weight) in row.iter().enumerate() {
                let off = weight / all - pairs.of(k, l);
                assert!(off.abs() < 1e-11, "{k} and {l} are off by {off}");
            }
        }
    }

    #[test]
    fn chances_are_found_where_hardly_anything_is_left_to_chance() {
        // Two groups: swaps of one unit for another are all that happens, and plain turns go on for ever.
        let mut chances: Vec<f64> = (1..=150).map(|k| 1e-8 * f64::from(k)).collect();
        chances.extend((1..=150).map(|k| 1.0 - 1e-8 * f64::from(k)));
        let chances = Probabilities::given(chances).expect("chances");
        let p = working(&chances).expect("found");
        assert!((sum(p.iter().copied()) - 150.0).abs() < 1e-9);
        assert!(p[0] < p[149] && p[299] < p[150]);
        check::pairs(&METHOD, &chances, &[], 0.0);
    }

    #[test]
    fn halves_are_drawn_by_the_same_law_as_wholes() {
        // 500 equal units, 250 drawn: variance 125, so a half is drawn first. What it yields is
        // hypergeometric: mean 125, variance 250 · 0.5 · 0.5 · 250 / 499 = 31.3.
        const TIMES: u32 = 300;
        let mut stream = seed("halves").stream("test");
        let mut found = Moments::default();
        for _ in 0..TIMES {
            let drawn = given(&mut vec![1.0; 500], 250, &mut stream).expect("possible");
            assert_eq!(drawn.len(), 250);
            found.add(drawn.iter().filter(|&&place| place < 250).count() as f64);
        }
        // Five standard errors: √(31.3 / 300) and 31.3 √(2 / 300).
        let (mean, variance) = (found.mean().expect("some"), found.variance().expect("some"));
        assert!((mean - 125.0).abs() < 1.62, "{mean}");
        assert!((variance - 31.3).abs() < 12.8, "{variance}");
    }

    #[test]
    fn a_long_list_takes_moments() {
        check::large(&METHOD, 20_000, 1_000);
    }
}
