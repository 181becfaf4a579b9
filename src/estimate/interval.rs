//! From a variance to an interval.
//!
//! [`student`] serves every figure; a share may have one that stays between 0 and 1: [`ShareInterval`].

pub mod share;

pub use share::ShareInterval;

use std::collections::BTreeMap;
use std::sync::Mutex;

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
    Some(around(value, variance, quantile(df, confidence)))
}

fn around(value: f64, variance: f64, t: f64) -> (f64, f64) {
    let half = t * variance.sqrt();
    (value - half, value + half)
}

/// t(ν; (1 + c)/2).
fn quantile(df: u64, confidence: f64) -> f64 {
    distribution::t_quantile((1.0 + confidence) / 2.0, df as f64)
}

/// Intervals of many figures: the same degrees of freedom come again and again, and t is found once for
/// each.
#[derive(Debug)]
pub(super) struct Students {
    confidence: f64,
    known: Mutex<BTreeMap<u64, f64>>,
}

impl Students {
    pub fn at(confidence: f64) -> Students {
        Students {
            confidence,
            known: Mutex::default(),
        }
    }

    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// As [`student`].
    pub fn interval(&self, value: f64, variance: f64, df: u64) -> Option<(f64, f64)> {
        if df == 0 {
            return None;
        }
        let known = || self.known.lock().expect("nobody panicked with the lock");
        let found = known().get(&df).copied();
        let t = found.unwrap_or_else(|| quantile(df, self.confidence));
        if found.is_none() {
            known().insert(df, t);
        }
        Some(around(value, variance, t))
    }
}
