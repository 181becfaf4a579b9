//! Whether a share is sure enough to be published.
//!
//! The standards are those by which the National Center for Health Statistics of the United States
//! prints proportions since 2017. They look at how many answered, what these are worth, and how wide the
//! interval is: absolutely for common shares, and beside the share for rare ones.

use serde::{Deserialize, Serialize};

use super::interval::ShareInterval;
use super::interval::share::effective;
use super::{Estimate, Unknown};
use crate::language::Words;
use crate::math::decimal::rounded;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "presentation",
    title: Words::new("Presentation standards for shares", "比例发布标准"),
    says: Words::new(
        "A share is published if it stands on 30 answers that are worth 30, and its 95 % interval is \
         not wide: narrower than 30 points, and at most 130 % of the share unless it is within 5 points. \
         One of none or of all, or with fewer than 8 degrees of freedom, is for a statistician to look at.",
        "比例须有不少于30个回答且有效样本量不少于30，其95%置信区间宽度须小于30个百分点；\
         宽度超过5个百分点的，还须不超过比例本身的130%，方可发布。比例为0或1、\
         或自由度不足8的，须由统计人员审核。",
    ),
    formula: "min(n, n_eff) ≥ 30;  u − l < 0.30;  u − l ≤ 0.05 or (u − l)/p ≤ 1.30;  0 < p < 1;  ν ≥ 8",
    sources: &[
        Source::new("Parker et al. (2017)"),
        Source::new("Korn, Graubard (1998)"),
    ],
};

/// Answers, and what they are worth, that a share must stand on.
const LEAST: f64 = 30.0;
/// Absolute width from which an interval is too wide, and up to which it is narrow whatever the share.
const WIDE: f64 = 0.30;
const NARROW: f64 = 0.05;
/// Width beside the share beyond which it is too wide.
const RELATIVE: f64 = 1.30;
/// Degrees of freedom that need no second look.
const DEGREES: u64 = 8;

/// What is to become of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Print it.
    Publish,
    /// A statistician looks at it first.
    Review,
    /// Do not print it.
    Suppress,
}

/// What speaks against a share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Doubt {
    /// Suppress: too few answered.
    #[error("{n} people answered, of the 30 that are needed")]
    FewAnswers {
        /// How many did.
        n: u64,
    },
    /// Suppress: the answers are worth too few.
    #[error("the answers are worth {effective:.1} of a simple sample, of the 30 that are needed")]
    FewEffective {
        /// How many they are worth.
        effective: f64,
    },
    /// Suppress: the variance is unknown.
    #[error("{0}")]
    NoVariance(Unknown),
    /// Suppress: there is no interval to judge by.
    #[error("there are no degrees of freedom")]
    NoInterval,
    /// Suppress: the interval is wide.
    #[error("the interval is {:.1} points wide, and must be narrower than 30", 100.0 * .width)]
    Wide {
        /// Its width.
        width: f64,
    },
    /// Suppress: the interval is wide beside the share.
    #[error("the interval is {:.0} % of the share wide, and may be 130 %", 100.0 * .relative)]
    WideBeside {
        /// Its width over the share.
        relative: f64,
    },
    /// Review: everybody answered alike.
    #[error("everybody answered alike")]
    Alike,
    /// Review: few degrees of freedom.
    #[error("there are {df} degrees of freedom, of the 8 that need no second look")]
    FewDegrees {
        /// How many there are.
        df: u64,
    },
    /// A footnote: the share may be printed, that of the others would not be.
    #[error("the share of the others is less sure: its interval is {:.0} % of it wide", 100.0 * .relative)]
    Complement {
        /// The width of the interval over that share.
        relative: f64,
    },
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Publish => "publish",
            Verdict::Review => "review",
            Verdict::Suppress => "suppress",
        }
    }
}

impl Doubt {
    /// The word for it, by which a notice tells of it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Doubt::FewAnswers { .. } => "few_answers",
            Doubt::FewEffective { .. } => "few_effective",
            Doubt::NoVariance(_) => "no_variance",
            Doubt::NoInterval => "no_interval",
            Doubt::Wide { .. } => "wide",
            Doubt::WideBeside { .. } => "wide_beside",
            Doubt::Alike => "alike",
            Doubt::FewDegrees { .. } => "few_degrees",
            Doubt::Complement { .. } => "complement",
        }
    }

    /// What it leads to, alone.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Doubt::Complement { .. } => Verdict::Publish,
            Doubt::Alike | Doubt::FewDegrees { .. } => Verdict::Review,
            _ => Verdict::Suppress,
        }
    }
}

/// How a share stands against the standards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// What is to become of it: the worst of its doubts.
    pub verdict: Verdict,
    /// All that speaks against it.
    pub doubts: Vec<Doubt>,
    /// How many answers of a simple sample it is worth, at most as many as there are.
    pub effective: Option<f64>,
    /// The 95 % interval by which it was judged.
    pub interval: Option<(f64, f64)>,
}

/// Judges a share by the standards, whatever the confidence of its own interval: theirs is 95 %.
///
/// A share of 0 or 1 is judged with as many effective answers as there are. Widths are compared to
/// eight decimals, so that the noise of a subtraction does not decide.
///
/// # Formula
///
/// ```text
/// suppress   min(n, n_eff) < 30,  u − l ≥ 0.30,  or u − l > 0.05 and (u − l)/p > 1.30
/// review     p = 0 or 1,  or ν < 8
/// footnote   u − l > 0.05 and (u − l)/(1 − p) > 1.30
/// ```
///
/// with n_eff = p (1 − p)/V̂, without regard to degrees of freedom, and [`ShareInterval::Nchs`].
///
/// # Panics
///
/// If `share` is no share: its value is not within 0 to 1.
///
/// # Source
///
/// Parker et al. (2017), as their macro for SAS applies them.
///
/// # Example
///
/// ```
/// use canvass::estimate::{Estimate, publish::{Verdict, judge}};
/// let mut share = Estimate {
///     statistic: "share".into(),
///     item: "complained = 1".into(),
///     domain: "north".into(),
///     value: 0.04,
///     variance: Ok(0.04 * 0.96 / 400.0),
///     df: 390,
///     n: 400,
///     design_effect: None,
///     confidence: 0.95,
///     interval: None,
/// };
/// assert_eq!(judge(&share).verdict, Verdict::Publish);
/// share.n = 29;
/// assert_eq!(judge(&share).verdict, Verdict::Suppress);
/// ```
#[must_use]
pub fn judge(share: &Estimate) -> Standing {
    let (p, answers) = (share.value, share.n as f64);
    assert!(
        (-1e-9..=1.0 + 1e-9).contains(&p),
        "a share, got {p} of '{}'",
        share.item
    );
    let variance = match &share.variance {
        Ok(variance) => *variance,
        Err(reason) => return standing(vec![Doubt::NoVariance(reason.clone())], None, None),
    };
    let worth = effective(p, variance).map_or(answers, |worth| worth.min(answers));
    let interval = ShareInterval::Nchs.of(p, variance, share.df, share.n, 0.95);
    let mut doubts = Vec::new();
    if answers < LEAST {
        doubts.push(Doubt::FewAnswers { n: share.n });
    } else if worth < LEAST {
        doubts.push(Doubt::FewEffective { effective: worth });
    }
    match interval {
        None => doubts.push(Doubt::NoInterval),
        Some((low, high)) => doubts.extend(width(p, high - low)),
    }
    if p.min(1.0 - p) < 1e-12 {
        doubts.push(Doubt::Alike);
    }
    if interval.is_some() && share.df < DEGREES {
        doubts.push(Doubt::FewDegrees { df: share.df });
    }
    standing(doubts, Some(worth), interval)
}

/// What is to be said of an interval this wide. A share of none, or of all, has no width beside it.
fn width(p: f64, width: f64) -> Vec<Doubt> {
    let (width, mut doubts) = (rounded(width, 8), Vec::new());
    let beside = |share: f64| (share > 1e-12).then(|| rounded(width / share, 8));
    if width >= WIDE {
        doubts.push(Doubt::Wide { width });
    }
    if width > NARROW {
        let over = |relative: &f64| *relative > RELATIVE;
        doubts.extend(
            beside(p)
                .filter(over)
                .map(|relative| Doubt::WideBeside { relative }),
        );
        doubts.extend(
            beside(1.0 - p)
                .filter(over)
                .map(|relative| Doubt::Complement { relative }),
        );
    }
    doubts
}

/// A footnote is for shares that are printed.
fn standing(
    mut doubts: Vec<Doubt>,
    effective: Option<f64>,
    interval: Option<(f64, f64)>,
) -> Standing {
    let verdict = doubts
        .iter()
        .map(Doubt::verdict)
        .max()
        .unwrap_or(Verdict::Publish);
    if verdict == Verdict::Suppress {
        doubts.retain(|doubt| doubt.verdict() != Verdict::Publish);
    }
    Standing {
        verdict,
        doubts,
        effective,
        interval,
    }
}

#[cfg(test)]
mod tests;
