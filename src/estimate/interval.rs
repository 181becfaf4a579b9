//! From a variance to an interval.
//!
//! [`student`] serves every figure; a share may have one that stays between 0 and 1: [`ShareInterval`].

pub mod share;

pub use share::ShareInterval;

use crate::language::Words;
use crate::math::distribution;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "t-interval",
    title: Words::new("t interval", "t 置信区间"),
    says: Words::new(
        "The estimate and as many standard errors to each side as Student's t asks for at the degrees \
         of freedom of the figure: answers less strata. Without degrees of freedom there is no interval.",
        "估计值两侧各取若干个标准误，倍数由自由度（样本量减层数）对应的 t 分布确定；没有自由度则不给出区间。",
    ),
    formula: "θ̂ ± t(ν; (1 + confidence)/2) · √V̂",
    sources: &[Source::at("Korn, Graubard (1999)", "§5.2")],
};

/// The interval of `value`; none without degrees of freedom.
///
/// # Formula
///
/// ```text
/// θ̂ ± t(ν; (1 + c)/2) · √V̂
/// ```
///
/// # Source
///
/// Korn, Graubard (1999), §5.2.
///
/// # Example
///
/// ```
/// use canvass::estimate::interval::student;
/// let (low, high) = student(10.0, 4.0, 14, 0.95).expect("degrees of freedom");
/// assert!((high - 10.0 - 2.0 * 2.144_786_687_916_928).abs() < 1e-9);
/// assert!((10.0 - low - (high - 10.0)).abs() < 1e-12);
/// assert_eq!(student(10.0, 4.0, 0, 0.95), None);
/// ```
#[must_use]
pub fn student(value: f64, variance: f64, df: u64, confidence: f64) -> Option<(f64, f64)> {
    if df == 0 {
        return None;
    }
    let half = distribution::t_quantile((1.0 + confidence) / 2.0, df as f64) * variance.sqrt();
    Some((value - half, value + half))
}
