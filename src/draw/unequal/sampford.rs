//! Sampford's method: unequal chances, exactly, with pair chances in closed form.
//!
//! One unit is drawn with chances π, and n − 1 more with replacement and chances in proportion to
//! π / (1 − π); the sample counts only if all are different. So Sampford told it, and in long lists hardly
//! ever are all different. Here the same law is drawn without waiting: first the unit that his first step
//! would yield in a sample that counts, then the others by conditional Poisson sampling.
//!
//! Take it where exact chances and exact variances are asked for. It is close to conditional Poisson
//! sampling, and nothing has to be solved for. It costs O(N).

use super::conditional::{given, odds, share, shares};
use super::count::{Complex, Count};
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size, apart};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "sampford",
    title: Words::new("Sampford's method", "桑福德抽样法"),
    says: Words::new(
        "One unit is drawn with chances π and n − 1 with chances in proportion to π / (1 − π), and the \
         sample counts only if all differ; the same law is drawn here without waiting for that. Chances \
         are exact, and so are those of pairs. For unequal chances where variances are to be exact.",
        "先以概率π抽取一个单位，再以正比于π/(1−π)的概率有放回抽取n−1个，仅当全部不同时样本有效；\
         本程序不经反复舍弃而直接得到同一分布。一阶与二阶入样概率均精确，适用于需要精确方差的不等概率抽样。",
    ),
    formula: "P(s) ∝ Π_{i∈s} π_i / (1 − π_i) · Σ_{i∈s} (1 − π_i),  |s| = n",
    sources: &[
        Source::new("Sampford (1967)"),
        Source::new("Grafström (2009)"),
    ],
};

/// How to draw so.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool: &Pool<'_>, seed| sampford(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(|pool, places| among(pool.probabilities(), places)),
};

/// Draws Σπ units by Sampford's law.
///
/// # Formula
///
/// ```text
/// P(s) ∝ Σ_{k∈s} π_k Π_{l∈s, l≠k} π_l / (1 − π_l)
/// ```
///
/// Read as a law of k and the rest of s: k is drawn with chances in proportion to
/// π_k (1 − π_k) P(S − X_k = n − 1), where S − X_k is how many of the others come if each comes on its
/// own with chance π; and given k, the rest is a conditional Poisson sample of n − 1.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number.
///
/// # Source
///
/// Sampford (1967). Grafström (2009) for drawing without rejection; differs in the second step, which is
/// that of [`conditional`](super::conditional::conditional).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::sampford::sampford};
/// use canvass::random::Seed;
/// let chances = Probabilities::by_size(&[1.0, 2.0, 3.0, 4.0], 2)?;
/// let seed = Seed::new("an example").expect("not blank");
/// assert_eq!(sampford(&chances, &mut seed.stream("draw"))?.len(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn sampford(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    apart::drawn(probabilities, |open, take| {
        let count = Count::new(open);
        let firsts: Vec<f64> = (open.iter().zip(count.others(open, take)))
            .map(|(p, (fewer, _))| p * (1.0 - p) * fewer.max(0.0))
            .collect();
        let first = one_of(&firsts, stream);
        let mut odds = odds(open);
        odds.remove(first);
        let mut drawn = given(&mut odds, take - 1, stream)?;
        drawn
            .iter_mut()
            .filter(|place| **place >= first)
            .for_each(|place| *place += 1);
        drawn.push(first);
        Ok(drawn)
    })
}

/// A place, with chances in proportion to `shares`.
fn one_of(shares: &[f64], stream: &mut Stream) -> usize {
    let mut left = stream.unit() * sum(shares.iter().copied());
    for (place, share) in shares.iter().enumerate() {
        left -= share;
        if left < 0.0 {
            return place;
        }
    }
    // Rounding has left a hair.
    shares.iter().rposition(|&share| share > 0.0).unwrap_or(0)
}

/// π_kl, exactly, at O(1) for each pair.
///
/// # Formula
///
/// ```text
/// π_kl ∝ [zⁿ] φ(z) a_k a_l (G + b_k + b_l)
/// φ = Π (1 − π + π z),  a = π z / (1 − π + π z),  G = Σ (1 − π) a,  b = (1 − π) (1 − a)
/// ```
///
/// in proportion such that `[zⁿ] φ G` is 1: Sampford's sum over t, written as a coefficient.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number.
///
/// # Source
///
/// Sampford (1967).
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
        let count = Count::new(open);
        // φ z⁻ⁿ, and G, at each point.
        let terms: Vec<(Complex, Complex)> = (count.turned(take).into_iter().zip(&count.points))
            .map(|(turned, point)| (turned, whole(open, *point)))
            .collect();
        let all = sum(terms.iter().map(|(turned, whole)| turned.times(*whole).re));
        let asked: Vec<f64> = asked.iter().map(|&unit| open[unit]).collect();
        let shares = shares(&count, &asked);
        let rest = |k: usize, a: Complex| {
            let out = 1.0 - asked[k];
            Complex {
                re: out * (1.0 - a.re),
                im: -out * a.im,
            }
        };
        Ok(Joint::from_fn(asked.len(), |k, l| {
            let both = sum(terms.iter().enumerate().map(|(j, (turned, whole))| {
                let (a, b) = (shares[k][j], shares[l][j]);
                let inner = whole.plus(rest(k, a)).plus(rest(l, b));
                turned.times(a.times(b)).times(inner).re
            }));
            (both / all).max(0.0)
        }))
    })
}

/// G at a point.
fn whole(open: &[f64], point: Complex) -> Complex {
    let (mut re, mut im) = (Sum::default(), Sum::default());
    for &p in open {
        let one = share(p, point);
        re.add((1.0 - p) * one.re);
        im.add((1.0 - p) * one.im);
    }
    Complex {
        re: re.value(),
        im: im.value(),
    }
}

#[cfg(test)]
mod tests {
    use super::METHOD;
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
        // R sampling 2.9: UPsampfordpi2(c(.2, .7, .8, .5, .4, .4))
        let known = [
            (1, 2, 0.108_181_818_182),
            (2, 3, 0.532_954_545_455),
            (3, 4, 0.363_409_090_909),
            (5, 6, 0.102_727_272_727),
        ];
        check::pairs(&METHOD, &six(), &known, 1e-12);
        // UPsampfordpi2(inclusionprobabilities(1:8, 4))
        let known = [
            (1, 2, 0.013_955_415_997_4),
            (1, 8, 0.091_522_747_279_7),
            (4, 5, 0.193_848_750_783),
            (7, 8, 0.680_622_082_664),
        ];
        check::pairs(&METHOD, &eight(), &known, 1e-12);
    }

    #[test]
    fn many_units_of_a_long_list_are_drawn() {
        // All 400 of Sampford's draws differ once in e⁴ tries with equal chances of 1 in 50, and in more
        // where chances are unequal; 1,000 of 20,000 differ once in e²⁵.
        check::large(&METHOD, 20_000, 400);
        check::large(&METHOD, 20_000, 1_000);
    }
}
