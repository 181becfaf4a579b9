//! By which law an answer differs from what is expected of it, and by which link terms add up.

use std::f64::consts::PI;

use super::Error;
use crate::math::distribution;

/// How the variance of an answer depends on its mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// V = 1: numbers.
    Gaussian,
    /// V = μ (1 − μ): shares, and answers of 0 and 1.
    Binomial,
    /// V = μ: counts.
    Poisson,
    /// V = μ²: amounts above 0.
    Gamma,
}

/// What the terms add up to: g(μ) = x′β.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// μ.
    Identity,
    /// log(μ/(1 − μ)).
    Logit,
    /// Φ⁻¹(μ).
    Probit,
    /// log(−log(1 − μ)).
    Cloglog,
    /// log μ.
    Log,
    /// 1/μ.
    Inverse,
}

/// A law and a link.
///
/// Only the law's variance matters here, and only up to a factor: standard errors come from the design.
/// So a family and its quasi-family are the same, and shares or rates may be explained as 0 and 1 and
/// counts are.
///
/// ```
/// use canvass::estimate::regress::Family;
/// assert_eq!(Family::named("quasibinomial")?, Family::BINOMIAL);
/// assert_eq!(Family::named("gamma(log)")?.to_string(), "gamma(log)");
/// assert!(Family::named("normal").is_err());
/// # Ok::<(), canvass::estimate::regress::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// The law.
    pub law: Law,
    /// The link.
    pub link: Link,
}

impl Law {
    const ALL: [Law; 4] = [Law::Gaussian, Law::Binomial, Law::Poisson, Law::Gamma];

    /// Its word: "gaussian".
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Law::Gaussian => "gaussian",
            Law::Binomial => "binomial",
            Law::Poisson => "poisson",
            Law::Gamma => "gamma",
        }
    }
}

impl Link {
    const ALL: [Link; 6] = [
        Link::Identity,
        Link::Logit,
        Link::Probit,
        Link::Cloglog,
        Link::Log,
        Link::Inverse,
    ];

    /// Its word: "logit".
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Link::Identity => "identity",
            Link::Logit => "logit",
            Link::Probit => "probit",
            Link::Cloglog => "cloglog",
            Link::Log => "log",
            Link::Inverse => "inverse",
        }
    }
}

/// Beyond ±36, e^x is lost beside 1.
const FAR: f64 = 36.0;
/// Beyond ±8.2, Φ is 0 or 1.
const FAR_PROBIT: f64 = 8.2;

impl Family {
    /// A linear model.
    pub const GAUSSIAN: Family = Family {
        law: Law::Gaussian,
        link: Link::Identity,
    };
    /// A logistic model.
    pub const BINOMIAL: Family = Family {
        law: Law::Binomial,
        link: Link::Logit,
    };
    /// A loglinear model of counts.
    pub const POISSON: Family = Family {
        law: Law::Poisson,
        link: Link::Log,
    };
    /// A model of amounts, whose inverses add up.
    pub const GAMMA: Family = Family {
        law: Law::Gamma,
        link: Link::Inverse,
    };

    /// The family that a word means: a law, and its link in parentheses if it is not the usual one.
    ///
    /// # Errors
    ///
    /// [`Error::NoFamily`] if none is called so, or the link leads out of what the law allows.
    pub fn named(word: &str) -> Result<Family, Error> {
        let none = || Error::NoFamily {
            given: word.to_owned(),
        };
        let small = word.trim().to_lowercase();
        let (law, link) = match small
            .strip_suffix(')')
            .and_then(|text| text.split_once('('))
        {
            Some((law, link)) => (law, Some(link)),
            None => (small.as_str(), None),
        };
        let law = law.trim().trim_start_matches("quasi");
        let mut laws = Law::ALL.into_iter();
        let law = laws.find(|known| known.word() == law).ok_or_else(none)?;
        let link = match link {
            None => law.usual(),
            Some(link) => {
                let mut links = Link::ALL.into_iter();
                let found = links.find(|known| known.word() == link.trim());
                found.ok_or_else(none)?
            }
        };
        let unit = matches!(link, Link::Logit | Link::Probit | Link::Cloglog);
        let fits = match law {
            Law::Gaussian => !unit,
            Law::Binomial => unit,
            Law::Poisson | Law::Gamma => !unit,
        };
        fits.then_some(Family { law, link }).ok_or_else(none)
    }

    /// Whether e to the power of a coefficient is a ratio of odds, rates or means.
    #[must_use]
    pub fn has_ratios(self) -> bool {
        matches!(self.link, Link::Logit | Link::Log)
    }

    /// μ at η.
    pub(super) fn mean(self, eta: f64) -> f64 {
        match self.link {
            Link::Identity => eta,
            Link::Logit => 1.0 / (1.0 + (-eta.clamp(-FAR, FAR)).exp()),
            Link::Probit => distribution::normal_below(eta.clamp(-FAR_PROBIT, FAR_PROBIT)),
            Link::Cloglog => -(-eta.clamp(-FAR, FAR.ln()).exp()).exp_m1(),
            Link::Log => eta.exp(),
            Link::Inverse => 1.0 / eta,
        }
    }

    /// dμ/dη at η.
    pub(super) fn slope(self, eta: f64) -> f64 {
        match self.link {
            Link::Identity => 1.0,
            Link::Logit => {
                let small = (-eta.abs().min(FAR)).exp();
                small / (1.0 + small).powi(2)
            }
            Link::Probit => {
                let eta = eta.clamp(-FAR_PROBIT, FAR_PROBIT);
                (-eta * eta / 2.0).exp() / (2.0 * PI).sqrt()
            }
            Link::Cloglog => {
                let eta = eta.clamp(-FAR, FAR.ln());
                (eta - eta.exp()).exp()
            }
            Link::Log => eta.exp(),
            Link::Inverse => -1.0 / (eta * eta),
        }
    }

    /// η at μ.
    pub(super) fn link(self, mu: f64) -> f64 {
        match self.link {
            Link::Identity => mu,
            Link::Logit => (mu / (1.0 - mu)).ln(),
            Link::Probit => distribution::normal_quantile(mu),
            Link::Cloglog => (-(-mu).ln_1p()).ln(),
            Link::Log => mu.ln(),
            Link::Inverse => 1.0 / mu,
        }
    }

    /// V(μ).
    pub(super) fn variance(self, mu: f64) -> f64 {
        match self.law {
            Law::Gaussian => 1.0,
            Law::Binomial => mu * (1.0 - mu),
            Law::Poisson => mu,
            Law::Gamma => mu * mu,
        }
    }

    /// What the answer `y` is thought to be expected of at first.
    pub(super) fn start(self, y: f64) -> f64 {
        match self.law {
            Law::Binomial => (y + 0.5) / 2.0,
            Law::Poisson => y + 0.1,
            Law::Gaussian if self.link != Link::Identity => y.max(0.1),
            Law::Gaussian | Law::Gamma => y,
        }
    }

    /// Whether an answer may be expected to be `mu`.
    pub(super) fn allows(self, mu: f64) -> bool {
        mu.is_finite()
            && match self.law {
                Law::Gaussian => true,
                Law::Binomial => (0.0..=1.0).contains(&mu),
                Law::Poisson | Law::Gamma => mu > 0.0,
            }
    }

    /// What an answer must be, if `y` is not that.
    pub(super) fn refuses(self, y: f64) -> Option<&'static str> {
        match self.law {
            Law::Binomial if !(0.0..=1.0).contains(&y) => Some("answers from 0 to 1"),
            Law::Poisson if y < 0.0 => Some("answers of 0 or more"),
            Law::Gamma if y <= 0.0 => Some("answers above 0"),
            _ => None,
        }
    }

    /// Twice what the likelihood of `y` lacks if `mu` is expected.
    ///
    /// # Formula
    ///
    /// ```text
    /// (y − μ)²;   2 (y log(y/μ) + (1 − y) log((1 − y)/(1 − μ)));   2 (y log(y/μ) − (y − μ));   2 ((y − μ)/μ − log(y/μ))
    /// ```
    ///
    /// # Source
    ///
    /// McCullagh, Nelder (1989), §2.3.
    pub(super) fn deviance(self, y: f64, mu: f64) -> f64 {
        let part = |y: f64, mu: f64| if y > 0.0 { y * (y / mu).ln() } else { 0.0 };
        match self.law {
            Law::Gaussian => (y - mu).powi(2),
            Law::Binomial => 2.0 * (part(y, mu) + part(1.0 - y, 1.0 - mu)),
            Law::Poisson => 2.0 * (part(y, mu) - (y - mu)),
            Law::Gamma => 2.0 * ((y - mu) / mu - (y / mu).ln()),
        }
    }
}

impl Law {
    fn usual(self) -> Link {
        match self {
            Law::Gaussian => Link::Identity,
            Law::Binomial => Link::Logit,
            Law::Poisson => Link::Log,
            Law::Gamma => Link::Inverse,
        }
    }
}

impl std::fmt::Display for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.law.word())?;
        if self.link == self.law.usual() {
            return Ok(());
        }
        write!(f, "({})", self.link.word())
    }
}
