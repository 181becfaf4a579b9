//! `[estimate]`: how variances are made.

use super::kinds::{count, word};
use super::origin::At;
use super::section::Section;
use crate::estimate::variance::replicate::{Form, Method};

/// `[estimate]`, as written.
pub(super) struct Estimating {
    pub at: At<()>,
    pub variance: Option<At<VarianceWord>>,
    pub replicates: Option<At<u32>>,
}

impl Estimating {
    pub fn read(estimate: &mut Section<'_, '_>) -> Estimating {
        Estimating {
            at: estimate.at(),
            variance: estimate.need("variance", word),
            replicates: estimate.may("replicates", count),
        }
    }
}

/// How variances are made, as a word: that of the method's card, where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VarianceWord {
    Taylor,
    Jackknife,
    Bootstrap,
    Generalised,
    Groups,
}

/// How variances are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variances {
    /// From scores, and each weighting step read backwards.
    Taylor,
    /// One unit after another left out, and each weighting step taken again.
    Jackknife,
    /// From so many samples of the sample, and each weighting step taken again.
    Bootstrap {
        /// How many.
        replicates: u32,
    },
    /// The same, by random numbers with the variance's own quadratic form.
    Generalised {
        /// How many.
        replicates: u32,
    },
    /// From so many random parts of the sample, and each weighting step taken again.
    Groups {
        /// How many.
        groups: u32,
    },
}

impl Variances {
    /// The method that makes replicates; none for variances from scores.
    #[must_use]
    pub fn method(self) -> Option<Method> {
        Some(match self {
            Variances::Taylor => return None,
            Variances::Jackknife => Method::Jkn,
            Variances::Bootstrap { replicates } => Method::Bootstrap {
                replicates: replicates as usize,
            },
            Variances::Generalised { replicates } => Method::Generalised {
                form: Form::Strata,
                replicates: replicates as usize,
            },
            Variances::Groups { groups } => Method::Groups { groups },
        })
    }
}
