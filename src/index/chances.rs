//! How sure the word is.

use super::bands::{Level, PLACES, level_of};
use crate::language::Words;
use crate::math::distribution;
use crate::method::{Card, Source};

/// The chance of each level.
pub const CARD: Card = Card {
    key: "level-chances",
    title: Words::new("Chance of each level", "各等级的可能性"),
    says: Words::new(
        "How likely each level is, given the index, its standard error and degrees of freedom. An index whose interval reaches into another band is marked: its word might have been another.",
        "根据指数、标准误和自由度，按 t 分布计算指数落入各等级区间的可能性。置信区间跨越等级界限的，在表中予以标注。",
    ),
    formula: "P(k) = F_ν((c_{k+1} − I)/se) − F_ν((c_k − I)/se)      c = 29.995, 49.995, …, 89.995",
    sources: &[Source::at("Cochran (1977)", "§2.8")],
};

/// Gives the chance of each level, in the order of [`Level::ALL`], by Student's t over the bands'
/// limits; nothing without degrees of freedom.
///
/// A band begins half a hundredth below its floor, since that is where rounding begins to lift an
/// index into it. Without any error, the level of `value` is certain.
///
/// # Formula
///
/// ```text
/// P(k) = F_ν((c_{k+1} − I)/se) − F_ν((c_k − I)/se)     c = 29.995, 49.995, …, 89.995
/// ```
///
/// # Source
///
/// Cochran (1977), §2.8.
///
/// # Example
///
/// ```
/// use canvass::index::{Level, chances};
/// let chances = chances(79.995, 1.0, 500).expect("degrees of freedom");
/// assert!((chances[Level::Satisfied as usize] - 0.5).abs() < 1e-9);
/// ```
#[must_use]
pub fn chances(value: f64, standard_error: f64, df: u64) -> Option<[f64; 7]> {
    let mut chances = [0.0; 7];
    if standard_error <= 0.0 {
        chances[level_of(value) as usize] = 1.0;
        return Some(chances);
    }
    if df == 0 || !standard_error.is_finite() {
        return None;
    }
    let half = 0.5 / 10_f64.powi(PLACES as i32);
    let below =
        |limit: f64| distribution::t_below((limit - half - value) / standard_error, df as f64);
    let mut reached = 0.0;
    for (k, chance) in chances.iter_mut().enumerate() {
        let next = Level::ALL
            .get(k + 1)
            .map_or(1.0, |level| below(level.floor()));
        *chance = (next - reached).max(0.0);
        reached = next;
    }
    Some(chances)
}

#[cfg(test)]
mod tests {
    use super::{Level, chances};
    use crate::math::sum;

    #[test]
    fn chances_agree_with_r() {
        // R: d <- diff(c(0, pt((c(30, 50, 60, 70, 80, 90) - .005 - 79) / 1.5, 40), 1)); d[5:6]; R 4
        let found = chances(79.0, 1.5, 40).expect("degrees of freedom");
        assert!((found[4] - FAIRLY).abs() < 1e-9, "{found:?}");
        assert!((found[5] - SATISFIED).abs() < 1e-9, "{found:?}");
    }

    const FAIRLY: f64 = 0.744_538_701_598_174;
    const SATISFIED: f64 = 0.255_461_061_347_505;

    #[test]
    fn chances_add_up_to_one() {
        for i in 0..200 {
            let (value, error) = (f64::from(i) * 0.5, 0.1 + f64::from(i % 17));
            let found = chances(value, error, 1 + u64::from(i as u32)).expect("df");
            assert!(
                (sum(found) - 1.0).abs() < 1e-12,
                "{value} ± {error}: {found:?}"
            );
        }
    }

    #[test]
    fn without_error_the_level_is_certain() {
        let found = chances(89.995, 0.0, 0).expect("certain");
        assert!((found[Level::VerySatisfied as usize] - 1.0).abs() < f64::EPSILON);
        assert!((sum(found) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn without_degrees_of_freedom_the_chance_is_unknown() {
        assert_eq!(chances(75.0, 2.0, 0), None);
    }
}
