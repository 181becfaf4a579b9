//! How much a sum of scores varies between samples: one file per rule.
//!
//! | rule         | serves                                                                  |
//! |--------------|-------------------------------------------------------------------------|
//! | [`strata`]   | simple random sampling in strata, with the list's end                   |
//! | [`clusters`] | clusters in strata, units in clusters: any number of stages             |
//! | [`unequal`]  | unequal chances without replacement, by units, pairs or stages          |
//! | [`independent`] | Poisson and Bernoulli sampling                                       |
//! | [`replaced`] | drawing with replacement                                                |
//! | [`successive`] | systematic draws and others that keep the order of the list           |
//! | [`local`]    | samples spread over places                                              |
//! | [`balanced`] | samples balanced on known amounts                                       |
//! | [`together`] | the same in many strata that landed together                            |
//!
//! A [`Rule`] gets one weighted score per drawn unit, corrected for every weighting step, and gives the
//! variance of their sum. It knows neither the statistic nor the steps. Beside the rules stand
//! [replicates](replicate), which ask for no scores: they do it all again.
//!
//! - **A stratum with one cluster** has no variance, and is named, unless the person says what it is
//!   to be taken for: [`lonely`].
//! - **Which rule for which draw**: [`for_sample`], or [`for_method`] by name; [`in_stages`] where clusters
//!   were drawn first.
//! - **To add a rule**, write a file with one `impl Rule` and one `CARD`, and list the card in
//!   [`estimate::CARDS`](super::CARDS).

pub mod strata;

mod design;

mod tree;

pub mod clusters;

pub mod lonely;

mod groups;

mod chances;

pub mod unequal;

pub mod independent;

pub mod replaced;

pub mod successive;

pub mod local;

pub mod balanced;

pub mod together;

mod choice;

mod gathered;

mod in_stages;

pub mod replicate;

mod unfit;

pub use balanced::Balanced;
pub use chances::Chances;
pub use choice::{Kind, for_method, for_sample};
pub use clusters::Clusters;
pub use design::{Design, Stage};
pub use gathered::Gathered;
pub use in_stages::{in_stages, released_in_stages};
pub use independent::Independent;
pub use local::LocalMean;
pub use lonely::Lonely;
pub use replaced::Replaced;
pub use strata::Strata;
pub use successive::{Differences, Successive};
pub use together::Together;
pub use unequal::{ChanceStage, Estimator, Formula, Paired, Pairs, Staged, Unequal};
pub use unfit::{Fault, Unfit};

use super::{Domain, Error, Estimate, Joint, Statistic, Unknown};
use crate::method::Card;

/// How much a sum of scores varies between the samples that might have been drawn. It knows the
/// design, and neither statistic nor steps.
pub trait Rule: std::fmt::Debug + Sync {
    /// What the rule says of itself.
    fn card(&self) -> &'static Card;

    /// The variance of the sum of `scores`, one weighted score per drawn unit, of a figure that is
    /// made of the units `answered`.
    ///
    /// # Errors
    ///
    /// [`Unknown`] says why there is none.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown>;

    /// The same of weighted scores that are 0 for all units but those `answered`: one score for each of
    /// them, of so many drawn `units`.
    ///
    /// # Errors
    ///
    /// As [`Rule::variance`].
    fn variance_of(&self, few: &[f64], answered: &[usize], units: usize) -> Result<f64, Unknown> {
        let mut scores = vec![0.0; units];
        for (&unit, score) in answered.iter().zip(few) {
            scores[unit] = *score;
        }
        self.variance(&scores, answered)
    }

    /// What the rule must know of `units`, in order, of which several figures are made; none if it has
    /// nothing to gain by knowing it beforehand.
    fn placed(&self, _units: &[usize]) -> Option<Box<dyn Placed + '_>> {
        None
    }

    /// Degrees of freedom of a figure that is made of the units `answered`; 0 at the least.
    fn degrees(&self, answered: &[usize]) -> u64;

    /// Whether figures are made anew, and not by scores.
    fn is_anew(&self) -> bool {
        false
    }

    /// Several figures and how they vary together, of such a rule: one pass gives them all. A maker knows how
    /// to make them of a set of weights at once; without, each is made by itself.
    fn anew_jointly(
        &self,
        _: &[(&dyn Statistic, &Domain<'_>)],
        _: Option<replicate::Maker<'_>>,
    ) -> Option<Result<Joint, Error>> {
        None
    }

    /// The figure itself, of a rule that makes figures anew and asks for no scores, as replicates do.
    fn anew(&self, _: &dyn Statistic, _: &Domain<'_>) -> Option<Result<Estimate, Error>> {
        None
    }
}

/// What a rule knows of units of which several figures are made. A figure may be made of some of them
/// alone: `some` are then their places among all of these.
pub trait Placed: std::fmt::Debug + Send + Sync {
    /// As [`Rule::variance_of`].
    ///
    /// # Errors
    ///
    /// As [`Rule::variance`].
    fn variance(&self, few: &[f64], some: Option<&[u32]>) -> Result<f64, Unknown>;

    /// As [`Rule::degrees`].
    fn degrees(&self, some: Option<&[u32]>) -> u64;
}

#[cfg(test)]
mod drawn;

#[cfg(test)]
mod shops;

#[cfg(test)]
mod tests;
