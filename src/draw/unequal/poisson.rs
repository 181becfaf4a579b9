//! Every unit by itself.
//!
//! A unit is drawn if its permanent number lies below its chance. No unit knows of another, so a unit
//! that joins or leaves the list changes nothing for the rest, and the same seed with other chances
//! gives samples that overlap as much as they can. The price is a size that varies; use the
//! [order methods](super::order) where it must not.
//!
//! Number and chance are compared exactly, on all 128 bits.

use crate::draw::apart::every;
use crate::draw::{Accuracy, Error, Joint, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Number;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "poisson",
    title: Words::new("Poisson sampling", "泊松抽样"),
    says: Words::new(
        "Each unit is drawn, or not, by its own permanent number and for itself. The size of the sample \
         is random; samples of the same seed overlap as much as possible from wave to wave.",
        "每个单位依据自己的永久随机数独立决定是否入样。样本量是随机的；同一种子在各期的样本重合度最大。",
    ),
    formula: "k is drawn if u_k < π_k;  n(s) varies by Σ π_k (1 − π_k);  π_kl = π_k π_l",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§3.5"),
        Source::new("Brewer, Early, Joyce (1972)"),
    ],
};

/// The method for a pool.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Random,
    chances: Accuracy::Exact,
    needs: Needs::Chances,
    draw: |pool, seed| Ok(poisson(pool.probabilities(), &pool.numbers(seed))),
    joint: Some(among),
};

/// Draws every unit whose number is below its chance.
///
/// # Formula
///
/// ```text
/// k is drawn if u_k < π_k,  u = (2a + 1) / 2¹²⁹
/// ```
///
/// # Source
///
/// Brewer, Early, Joyce (1972), with permanent random numbers; Särndal, Swensson, Wretman (1992), §3.5.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, unequal::poisson::poisson};
/// use canvass::random::{Numbers, Seed};
/// let numbers = Numbers::new(&Seed::new("each by itself").expect("not blank"));
/// let numbers = ["a", "b", "c"].map(|id| numbers.of(id));
/// let drawn = poisson(&Probabilities::given(vec![0.0, 0.5, 1.0])?, &numbers);
/// assert!(!drawn.contains(&0) && drawn.contains(&2));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[must_use]
pub fn poisson(probabilities: &Probabilities, numbers: &[Number]) -> Vec<usize> {
    let chances = probabilities.as_slice().iter().zip(numbers);
    let drawn = chances
        .enumerate()
        .filter(|(_, (chance, number))| below(number.a(), **chance));
    drawn.map(|(unit, _)| unit).collect()
}

/// π_kl = π_k π_l.
///
/// # Errors
///
/// None; every chance will do.
pub fn joint(pool: &Pool<'_>) -> Result<Joint, Error> {
    among(pool, &every(pool.len()))
}

/// The same, of the units at some places.
///
/// # Errors
///
/// None; every chance will do.
pub fn among(pool: &Pool<'_>, places: &[usize]) -> Result<Joint, Error> {
    let chance = |k: usize| pool.probabilities().of(places[k]);
    Ok(Joint::from_fn(places.len(), |k, l| {
        if k == l {
            chance(k)
        } else {
            chance(k) * chance(l)
        }
    }))
}

/// Whether (2a + 1) / 2¹²⁹ < π, without rounding.
pub(in crate::draw) fn below(a: u128, chance: f64) -> bool {
    if chance >= 1.0 {
        return true;
    }
    // π 2¹²⁸ = m 2^shift with a whole m < 2⁵³; the number is below if a + ½ is below that.
    let (mantissa, power) = parts(chance);
    let shift = power + 128;
    if shift >= 0 {
        return a < mantissa << shift;
    }
    match -shift {
        // Then a ≤ ⌈m / 2^down − ½⌉ − 1.
        down @ 1..=63 => a < (mantissa + (1 << (down - 1)) - 1) >> down,
        _ => false,
    }
}

/// A float x ≥ 0 as m and e with x = m 2^e, exactly.
pub(in crate::draw) const fn parts(x: f64) -> (u128, i32) {
    let bits = x.to_bits();
    let (exponent, fraction) = (
        (bits >> 52 & 0x7ff) as i32,
        (bits & ((1 << 52) - 1)) as u128,
    );
    match exponent {
        0 => (fraction, -1074),
        _ => (fraction | 1 << 52, exponent - 1075),
    }
}

#[cfg(test)]
mod tests {
    use super::{METHOD, below, parts};
    use crate::draw::trial::{self, eight, ids, seed};
    use crate::draw::{Pool, Probabilities};

    #[test]
    fn it_draws_as_it_says() {
        trial::holds(&METHOD, &eight(), 20_000);
        let chances =
            Probabilities::given(vec![0.01, 0.5, 0.999, 1.0, 0.0, 0.25]).expect("chances");
        trial::holds(&METHOD, &chances, 20_000);
    }

    #[test]
    fn it_keeps_the_laws() {
        trial::laws(&METHOD);
    }

    #[test]
    fn a_number_and_a_chance_are_compared_to_the_last_bit() {
        // u = (2a + 1) / 2¹²⁹ lies in the middle of its cell [a, a + 1) / 2¹²⁸.
        assert!(below((1 << 127) - 1, 0.5) && !below(1 << 127, 0.5));
        assert!(below(u128::MAX, 1.0) && !below(0, 0.0));
        assert!(!below(u128::MAX, 1.0 - f64::EPSILON / 2.0));
        let just_under = u128::MAX - (1 << 75);
        assert!(
            below(just_under, 1.0 - f64::EPSILON / 2.0)
                && !below(just_under + 1, 1.0 - f64::EPSILON / 2.0)
        );
        // The least number is 2⁻¹²⁹: not below itself, but below the next float.
        let least = 2.0_f64.powi(-129);
        assert!(!below(0, least) && below(0, f64::from_bits(least.to_bits() + 1)));
        assert!(!below(1, 3.0 * least) && below(1, 4.0 * least) && below(0, 3.0 * least));
        assert!(!below(0, f64::MIN_POSITIVE) && !below(0, f64::from_bits(1)));
    }

    #[test]
    fn floats_come_apart_exactly() {
        for x in [
            1.0,
            0.1,
            0.75,
            1e-300,
            f64::MIN_POSITIVE,
            f64::from_bits(1),
            0.0,
            1e16,
        ] {
            let (mantissa, power) = parts(x);
            let back = mantissa as f64 * 2.0_f64.powi(power / 2) * 2.0_f64.powi(power - power / 2);
            assert_eq!(back.to_bits(), x.to_bits(), "{x}");
        }
    }

    #[test]
    fn larger_chances_keep_everybody_drawn_before() {
        for i in 0..100 {
            let chances = trial::random_chances(&format!("larger {i}"));
            let larger = chances
                .as_slice()
                .iter()
                .map(|&chance| (chance + 0.1).min(1.0))
                .collect();
            let larger = Probabilities::given(larger).expect("chances");
            let few = trial::draw(&METHOD, &chances, "wave");
            let many = trial::draw(&METHOD, &larger, "wave");
            assert!(few.iter().all(|unit| many.contains(unit)), "seed {i}");
        }
    }

    #[test]
    fn another_order_of_the_list_draws_the_same_units() {
        let mut ids = ids(500);
        let chances = Probabilities::given(vec![0.3; 500]).expect("chances");
        let drawn = |ids: &[String]| {
            let pool = Pool::new("all", ids, &chances);
            let mut drawn: Vec<String> = (METHOD.draw)(&pool, &seed("order"))
                .expect("any")
                .into_iter()
                .map(|unit| ids[unit].clone())
                .collect();
            drawn.sort();
            drawn
        };
        let before = drawn(&ids);
        ids.reverse();
        assert_eq!(before, drawn(&ids));
    }
}
