//! From the variance of a share to an interval: seven ways, one question.
//!
//! The t interval of a rare share leaves 0 to 1, and covers too seldom. The others stay inside. Where
//! everybody answered alike, the variance of 0 is a matter of the answers and not of the design: all but
//! [`ShareInterval::Nchs`] then have no interval.

use std::f64::consts::FRAC_PI_2;

use super::student;
use crate::language::Words;
use crate::math::distribution::{beta_quantile, t_quantile};
use crate::method::{Card, Source};

/// What the logit interval says of itself.
pub const LOGIT: Card = Card {
    key: "logit-interval",
    title: Words::new("Logit interval", "对数几率置信区间"),
    says: Words::new(
        "The t interval of the log odds, taken back to a share. It stays between 0 and 1, and is the \
         usual choice for shares that are neither rare nor nearly all.",
        "先对对数几率求 t 区间，再换算回比例；区间不越出0到1，适用于既不太小也不太大的比例。",
    ),
    formula: "logit⁻¹( logit p ± t √V̂ / (p q) )",
    sources: &[
        Source::new("Franco, Little, Louis, Slud (2019)"),
        Source::new("Lumley (2010)"),
    ],
};

/// What Wilson's interval says of itself.
pub const WILSON: Card = Card {
    key: "wilson-interval",
    title: Words::new("Wilson's interval", "威尔逊置信区间"),
    says: Words::new(
        "The shares that a score test would not reject, with the interviews that the design is worth \
         in place of those made. Good for small samples.",
        "得分检验不予拒绝的全部比例值，样本量以有效样本量代替；适用于小样本。",
    ),
    formula: "│p − π│ ≤ t √(π (1 − π) / n_eff),  n_eff = p q / V̂",
    sources: &[
        Source::new("Wilson (1927)"),
        Source::new("Dean, Pagano (2015)"),
        Source::new("Franco, Little, Louis, Slud (2019)"),
    ],
};

/// What the beta interval says of itself.
pub const BETA: Card = Card {
    key: "korn-graubard",
    title: Words::new("Korn and Graubard's interval", "科恩–格劳巴德置信区间"),
    says: Words::new(
        "The exact binomial interval, with the interviews that the design is worth in place of those \
         made, fewer again where there are few degrees of freedom. Cautious, and made for rare shares.",
        "二项分布的精确区间，样本量以有效样本量代替，自由度不足时再予折减；较为保守，适用于稀有比例。",
    ),
    formula: "Beta(α/2; x, n* − x + 1) … Beta(1 − α/2; x + 1, n* − x);  x = n* p,  n* = (p q / V̂) (t_{n−1} / t_ν)²",
    sources: &[
        Source::new("Korn, Graubard (1998)"),
        Source::new("Clopper, Pearson (1934)"),
    ],
};

/// What the interval of the presentation standards says of itself.
pub const NCHS: Card = Card {
    key: "nchs-interval",
    title: Words::new(
        "Korn and Graubard's interval, cut off",
        "截断的科恩–格劳巴德置信区间",
    ),
    says: Words::new(
        "Korn and Graubard's interval that counts no more interviews than were made, however well the \
         design does, and all of them where everybody answered alike.",
        "科恩–格劳巴德区间，但有效样本量不超过实际样本量；全部回答相同时以实际样本量计。",
    ),
    formula: "n* = min( n, (p q / V̂) (t_{n−1} / t_ν)² );  n* = n where p is 0 or 1",
    sources: &[
        Source::new("Parker et al. (2017)"),
        Source::new("Korn, Graubard (1998)"),
    ],
};

/// What the arcsine interval says of itself.
pub const ARCSINE: Card = Card {
    key: "arcsine-interval",
    title: Words::new("Arcsine interval", "反正弦置信区间"),
    says: Words::new(
        "The t interval of the angle whose squared sine is the share, cut off at 0 and 1.",
        "先对比例的反正弦变换求 t 区间，再换算回比例，并以0和1为界。",
    ),
    formula: "sin²( arcsin √p ± t √V̂ / (2 √(p q)) )",
    sources: &[
        Source::new("Anscombe (1948)"),
        Source::new("Franco, Little, Louis, Slud (2019)"),
    ],
};

/// What the likelihood interval says of itself.
pub const LIKELIHOOD: Card = Card {
    key: "likelihood-interval",
    title: Words::new("Likelihood interval", "似然置信区间"),
    says: Words::new(
        "The shares whose binomial likelihood, scaled to the interviews that the design is worth, is not \
         too far below the best one's.",
        "以有效样本量缩放的二项似然中，与最大值相差不超过界限的全部比例值。",
    ),
    formula: "2 n_eff (n − 1)/n · [ p ln(p/π) + q ln(q/(1 − π)) ] ≤ t²,  n_eff = p q / V̂",
    sources: &[
        Source::new("Rao, Scott (1984)"),
        Source::new("Lumley, Scott (2014)"),
    ],
};

/// A share nearer to 0 or 1 than this is there, but for the noise of sums.
const NOISE: f64 = 1e-12;

/// How the interval of a share is made.
///
/// # Example
///
/// Four of 183 schools, from 15 districts:
///
/// ```
/// use canvass::estimate::ShareInterval;
/// let (low, high) = ShareInterval::Logit
///     .of(0.021_857_923_497_267_8, 0.000_511_775_282_964_42, 14, 183, 0.95)
///     .expect("neither none nor all");
/// assert!((low - 0.002_304_691_284).abs() < 1e-11 && (high - 0.177_747_766_822).abs() < 1e-11);
/// assert_eq!(ShareInterval::Logit.of(0.0, 0.0, 14, 183, 0.95), None);
/// assert!(ShareInterval::Nchs.of(0.0, 0.0, 14, 183, 0.95).is_some());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShareInterval {
    /// The share and its standard errors; may leave 0 to 1.
    #[default]
    Student,
    /// On the log odds.
    Logit,
    /// The score test, inverted.
    Wilson,
    /// Korn and Graubard's, as R's `survey` has it.
    Beta,
    /// Korn and Graubard's, as the presentation standards of the NCHS have it.
    Nchs,
    /// On the angle.
    Arcsine,
    /// The working likelihood.
    Likelihood,
}

impl ShareInterval {
    /// Every way, in the order in which they are explained.
    pub const ALL: [ShareInterval; 7] = [
        ShareInterval::Student,
        ShareInterval::Logit,
        ShareInterval::Wilson,
        ShareInterval::Beta,
        ShareInterval::Nchs,
        ShareInterval::Arcsine,
        ShareInterval::Likelihood,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ShareInterval::Student => "t",
            ShareInterval::Logit => "logit",
            ShareInterval::Wilson => "wilson",
            ShareInterval::Beta => "beta",
            ShareInterval::Nchs => "nchs",
            ShareInterval::Arcsine => "arcsine",
            ShareInterval::Likelihood => "likelihood",
        }
    }

    /// The interval of that word, or of R's word for it.
    ///
    /// R's `logit` fits a model with an intercept and its `xlogit` takes the derivative of the log odds:
    /// the same interval, to the digits that the fit has.
    ///
    /// ```
    /// use canvass::estimate::ShareInterval;
    /// assert_eq!(ShareInterval::named("xlogit"), Some(ShareInterval::Logit));
    /// assert_eq!(ShareInterval::named("exact"), None);
    /// ```
    #[must_use]
    pub fn named(word: &str) -> Option<ShareInterval> {
        match word {
            "mean" => Some(ShareInterval::Student),
            "xlogit" => Some(ShareInterval::Logit),
            "asin" => Some(ShareInterval::Arcsine),
            _ => ShareInterval::ALL
                .into_iter()
                .find(|way| way.word() == word),
        }
    }

    /// What it says of itself.
    #[must_use]
    pub fn card(self) -> &'static Card {
        match self {
            ShareInterval::Student => &super::CARD,
            ShareInterval::Logit => &LOGIT,
            ShareInterval::Wilson => &WILSON,
            ShareInterval::Beta => &BETA,
            ShareInterval::Nchs => &NCHS,
            ShareInterval::Arcsine => &ARCSINE,
            ShareInterval::Likelihood => &LIKELIHOOD,
        }
    }

    /// The interval of a share.
    ///
    /// None without degrees of freedom; nor, but for [`Nchs`](ShareInterval::Nchs), for a share of 0
    /// or 1. A variance of 0 between them is known exactly, and the interval is the share; that of the
    /// standards keeps its binomial width.
    ///
    /// # Arguments
    ///
    /// | symbol | argument     | shape | unit                                         |
    /// |--------|--------------|-------|----------------------------------------------|
    /// | p      | `share`      | 1     | –                                            |
    /// | V̂      | `variance`   | 1     | –                                            |
    /// | ν      | `df`         | 1     | –                                            |
    /// | n      | `n`          | 1     | answers *in the domain*, not in the sample   |
    /// | 1 − α  | `confidence` | 1     | –                                            |
    #[must_use]
    pub fn of(
        self,
        share: f64,
        variance: f64,
        df: u64,
        n: u64,
        confidence: f64,
    ) -> Option<(f64, f64)> {
        if df == 0 {
            return None;
        }
        let figure = Figure {
            p: share,
            variance,
            df,
            n,
            confidence,
        };
        let alike = !(NOISE..=1.0 - NOISE).contains(&share);
        match self {
            ShareInterval::Nchs => figure.nchs(alike),
            _ if alike => None,
            _ if variance <= 0.0 => Some((share, share)),
            ShareInterval::Student => student(share, variance, df, confidence),
            ShareInterval::Logit => Some(figure.logit()),
            ShareInterval::Wilson => Some(figure.wilson()),
            ShareInterval::Beta => figure.beta(),
            ShareInterval::Arcsine => Some(figure.arcsine()),
            ShareInterval::Likelihood => figure.likelihood(),
        }
    }
}

/// How many interviews of a simple sample would tell as much of this share; none where everybody
/// answered alike, or the variance is 0.
///
/// # Formula
///
/// ```text
/// n_eff = p (1 − p) / V̂
/// ```
///
/// # Source
///
/// Korn, Graubard (1998).
///
/// # Example
///
/// ```
/// use canvass::estimate::interval::share::effective;
/// assert_eq!(effective(0.5, 0.0025), Some(100.0));
/// assert_eq!(effective(1.0, 0.0), None);
/// ```
#[must_use]
pub fn effective(share: f64, variance: f64) -> Option<f64> {
    let mixed = (NOISE..=1.0 - NOISE).contains(&share);
    (mixed && variance > 0.0).then(|| share * (1.0 - share) / variance)
}

/// A share between 0 and 1 and all that an interval asks for.
struct Figure {
    p: f64,
    variance: f64,
    df: u64,
    n: u64,
    confidence: f64,
}

impl Figure {
    /// t(ν; 1 − α/2).
    fn t(&self, df: u64) -> f64 {
        t_quantile(f64::midpoint(1.0, self.confidence), df as f64)
    }

    /// p q.
    fn mixed(&self) -> f64 {
        self.p * (1.0 - self.p)
    }

    /// # Formula
    ///
    /// ```text
    /// logit⁻¹( logit p ± t √V̂ / (p q) )
    /// ```
    ///
    /// # Source
    ///
    /// Lumley (2010).
    fn logit(&self) -> (f64, f64) {
        let half = self.t(self.df) * self.variance.sqrt() / self.mixed();
        let odds = log_odds(self.p);
        (share_of(odds - half), share_of(odds + half))
    }

    /// The roots of (p − π)² = t² π (1 − π) / n_eff. Student's t is used once: to shrink n_eff by t²
    /// as well would count the degrees of freedom twice.
    ///
    /// # Formula
    ///
    /// ```text
    /// ( p + c/2 ± √(c p q + c²/4) ) / (1 + c),   c = t² / n_eff
    /// ```
    ///
    /// # Source
    ///
    /// Wilson (1927); Dean, Pagano (2015) for n_eff.
    fn wilson(&self) -> (f64, f64) {
        let c = self.t(self.df).powi(2) * self.variance / self.mixed();
        let half = (c * self.mixed() + c * c / 4.0).sqrt();
        let middle = self.p + c / 2.0;
        ((middle - half) / (1.0 + c), (middle + half) / (1.0 + c))
    }

    /// (t_{n−1} / t_ν)² n_eff; none for a single answer.
    fn adjusted(&self) -> Option<f64> {
        let all = self.n.checked_sub(1).filter(|all| *all > 0)?;
        Some(self.mixed() / self.variance * (self.t(all) / self.t(self.df)).powi(2))
    }

    fn beta(&self) -> Option<(f64, f64)> {
        self.adjusted().map(|n| self.binomial(n))
    }

    /// Where everybody answered alike, n is not adjusted: the standards set it to the answers.
    fn nchs(&self, alike: bool) -> Option<(f64, f64)> {
        let answers = self.n as f64;
        if alike {
            let tail = ((1.0 - self.confidence) / 2.0).powf(1.0 / answers);
            let ends = if self.p < 0.5 {
                (0.0, 1.0 - tail)
            } else {
                (tail, 1.0)
            };
            return (self.n > 0).then_some(ends);
        }
        let least = if self.variance > 0.0 {
            self.adjusted()?.min(answers)
        } else {
            answers
        };
        Some(self.binomial(least))
    }

    /// The exact interval of n p of n.
    ///
    /// # Formula
    ///
    /// ```text
    /// Beta(α/2; x, n − x + 1) … Beta(1 − α/2; x + 1, n − x),   x = n p
    /// ```
    ///
    /// # Source
    ///
    /// Clopper, Pearson (1934).
    fn binomial(&self, n: f64) -> (f64, f64) {
        let (tail, x) = ((1.0 - self.confidence) / 2.0, n * self.p);
        let others = n * (1.0 - self.p);
        (
            beta_quantile(tail, x, others + 1.0),
            beta_quantile(1.0 - tail, x + 1.0, others),
        )
    }

    /// R's takes sin² of an angle below 0 as well, which folds the end back above 0.
    ///
    /// # Formula
    ///
    /// ```text
    /// sin²( arcsin √p ± t √V̂ / (2 √(p q)) ),   angles kept within 0 and π/2
    /// ```
    ///
    /// # Source
    ///
    /// Anscombe (1948).
    fn arcsine(&self) -> (f64, f64) {
        let half = self.t(self.df) * (self.variance / self.mixed()).sqrt() / 2.0;
        let angle = self.p.sqrt().asin();
        (
            (angle - half).max(0.0).sin().powi(2),
            (angle + half).min(FRAC_PI_2).sin().powi(2),
        )
    }

    /// # Formula
    ///
    /// ```text
    /// p ln(p/π) + q ln(q/(1 − π)) = t² V̂ n / (2 p q (n − 1))
    /// ```
    ///
    /// # Source
    ///
    /// Rao, Scott (1984) for the scale; n / (n − 1) is the dispersion that R's `svyglm` finds.
    fn likelihood(&self) -> Option<(f64, f64)> {
        let n = self.n as f64;
        let dispersion = (self.n > 1).then(|| n / (n - 1.0))?;
        let allowed = self.t(self.df).powi(2) * self.variance * dispersion / (2.0 * self.mixed());
        let (low, high) = self.logit();
        Some((
            self.reach(log_odds(low), allowed),
            self.reach(log_odds(high), allowed),
        ))
    }

    /// The share on this side whose divergence is as much as allowed. In the log odds the divergence is
    /// convex, so that Newton's steps come from outside and never turn.
    fn reach(&self, start: f64, allowed: f64) -> f64 {
        const STEPS: u32 = 100;
        let mut odds = start.clamp(-700.0, 700.0);
        for _ in 0..STEPS {
            let (share, rest) = (share_of(odds), share_of(-odds));
            let divergence =
                self.p * (self.p / share).ln() + (1.0 - self.p) * ((1.0 - self.p) / rest).ln();
            let step = (divergence - allowed) / (share - self.p);
            odds = (odds - step).clamp(-700.0, 700.0);
            if step.abs() <= 1e-14 * odds.abs().max(1.0) {
                break;
            }
        }
        share_of(odds)
    }
}

/// ln(p / (1 − p)).
fn log_odds(share: f64) -> f64 {
    share.ln() - (-share).ln_1p()
}

/// The share of these log odds.
fn share_of(odds: f64) -> f64 {
    if odds < 0.0 {
        odds.exp() / (1.0 + odds.exp())
    } else {
        1.0 / (1.0 + (-odds).exp())
    }
}

#[cfg(test)]
mod tests;
