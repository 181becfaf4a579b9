//! Midzuno's method: one unit is drawn with unequal chances, and the others with equal ones.
//!
//! In its first form this works only if no π is below (n − 1) / (N − 1). It is also an elimination told
//! from the other side: Tillé's procedure on the chances 1 − π, and in is who was sent out. So told it
//! works for any chances, and where Midzuno's condition holds it is Midzuno's method.
//!
//! The sample grows unit by unit, and at each stage it is a sample with chances of the same kind; take
//! it where a sample may have to grow later. Two units may never come together (π_kl = 0), and then no
//! unbiased variance exists; look at the pairs before, or take [`sampford`](super::sampford).

use super::tille::{eliminate, pairs};
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size, apart};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "midzuno",
    title: Words::new("Midzuno's method, for any chances", "推广的水野抽样法"),
    says: Words::new(
        "One unit is drawn with unequal chances and the others with equal ones, where that can give \
         each unit its π; elsewhere more of the first units are drawn unequally. It is Tillé's \
         elimination of those that are not in the sample. Chances are exact, and so are those of pairs, \
         some of which may be 0. For samples that may have to grow later.",
        "在可行时先以不等概率抽取一个单位，其余以等概率抽取；不可行时，前几个单位也以不等概率抽取，\
         相当于对未入样单位实施蒂耶淘汰法。一阶与二阶入样概率均精确，但某些二阶概率可能为零。\
         适用于日后可能扩充的样本。",
    ),
    formula: "s = U ∖ t,  t drawn by elimination with chances 1 − π;  π_kl = π_k + π_l − 1 + P(k, l ∈ t)",
    sources: &[
        Source::new("Midzuno (1952)"),
        Source::new("Deville, Tillé (1998)"),
        Source::at("Tillé (2006)", "§6.3"),
    ],
};

/// How to draw so.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool: &Pool<'_>, seed| midzuno(pool.probabilities(), &mut pool.stream(&CARD, seed)),
    joint: Some(|pool, places| among(pool.probabilities(), places)),
};

/// Draws Σπ units: those that an elimination with chances 1 − π sends out.
///
/// # Formula
///
/// ```text
/// first:  k with chance 1 − (1 − π_k) (N − 1) / (N − n);  then n − 1 with equal chances
/// ```
///
/// where all these chances are 0 or more, which is to say that π ≥ (n − 1) / (N − 1); elsewhere the steps
/// are those of [`tille`](super::tille::tille). O(N log N). Only + − × ÷ and comparison decide.
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number.
///
/// # Source
///
/// Midzuno (1952); Deville, Tillé (1998) for any chances.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::midzuno::midzuno};
/// use canvass::random::Seed;
/// let chances = Probabilities::by_size(&[1.0, 2.0, 3.0, 4.0], 2)?;
/// let seed = Seed::new("an example").expect("not blank");
/// assert_eq!(midzuno(&chances, &mut seed.stream("draw"))?.len(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn midzuno(probabilities: &Probabilities, stream: &mut Stream) -> Result<Vec<usize>, Error> {
    apart::drawn(probabilities, |open, take| {
        let mut inside = vec![true; open.len()];
        for unit in eliminate(&outside(open), open.len() - take, stream) {
            inside[unit] = false;
        }
        Ok((0..open.len()).filter(|&unit| inside[unit]).collect())
    })
}

/// π_kl, exactly, at O(1) for each pair.
///
/// # Formula
///
/// ```text
/// π_kl = π_k + π_l − 1 + P(k ∉ s, l ∉ s)
/// ```
///
/// # Errors
///
/// [`Error::NotWhole`] if Σπ is no whole number.
///
/// # Source
///
/// Deville, Tillé (1998).
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
        let neither = pairs(&outside(open), open.len() - take, asked);
        Ok(Joint::from_fn(asked.len(), |k, l| {
            let (one, other) = (open[asked[k]], open[asked[l]]);
            if k == l {
                one
            } else {
                (one + other - 1.0 + neither.of(k, l)).max(0.0)
            }
        }))
    })
}

/// The chances not to be drawn.
fn outside(open: &[f64]) -> Vec<f64> {
    open.iter().map(|p| 1.0 - p).collect()
}

#[cfg(test)]
mod tests {
    use super::METHOD;
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
        // R sampling 2.9: UPmidzunopi2(c(.2, .7, .8, .5, .4, .4))
        let known = [
            (1, 2, 0.118_181_818_182),
            (2, 3, 0.5),
            (2, 4, 0.301_818_181_818),
            (5, 6, 0.096_969_696_970),
        ];
        check::pairs(&METHOD, &six(), &known, 1e-12);
        // UPmidzunopi2(inclusionprobabilities(1:8, 4))
        let known = [
            (1, 2, 0.0),
            (1, 8, 2.0 / 21.0),
            (4, 5, 4.0 / 21.0),
            (7, 8, 2.0 / 3.0),
        ];
        check::pairs(&METHOD, &eight(), &known, 1e-12);
    }

    #[test]
    fn where_midzunos_condition_holds_it_is_midzunos_method() {
        // N = 5, n = 3: no π is below 2 / 4. One unit with chances (4π − 2) / 2 = 0 … .4, the others with
        // equal chances: π_kl = [(f_k + f_l) · 2 / 4 + (1 − f_k − f_l) · (2 · 1) / (4 · 3)].
        let chances = Probabilities::given(vec![0.5, 0.55, 0.6, 0.65, 0.7]).expect("chances");
        let first = |k: usize| 0.1 * k as f64;
        let pair = |k: usize, l: usize| {
            let either = first(k) + first(l);
            (k + 1, l + 1, either / 2.0 + (1.0 - either) / 6.0)
        };
        check::pairs(
            &METHOD,
            &chances,
            &[pair(0, 1), pair(1, 3), pair(3, 4)],
            1e-12,
        );
    }

    #[test]
    fn a_long_list_takes_moments() {
        check::large(&METHOD, 50_000, 5_000);
    }
}
