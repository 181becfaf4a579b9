//! What is asked of a bare file.

use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::draw::sieve::Rule;
use crate::draw::walk::Turn;
use crate::draw::{METHODS, Method, Needs, Size};
use crate::frame::Roles;
use crate::random::Seed;

/// What is asked of a bare file.
#[derive(Debug, Clone)]
pub struct Request {
    /// The list: a CSV or Parquet file, or a folder of Parquet files.
    pub data: PathBuf,
    /// The column of the units' ids.
    pub id: String,
    /// The columns whose combinations are the strata; none for one stratum.
    pub strata: Vec<String>,
    /// The column of sizes, for chances in proportion to them.
    pub size: Option<String>,
    /// How many to draw.
    pub many: Many,
    /// How to draw.
    pub method: &'static Method,
    /// The text that decides who is drawn.
    pub seed: Seed,
    /// Columns by which the list is ordered before a walk through it.
    pub sort: Vec<String>,
    /// What that order does where a group ends.
    pub turn: Turn,
    /// The columns of each unit's place, for methods that spread.
    pub spread: Vec<String>,
    /// The columns of amounts to balance on.
    pub balance: Vec<String>,
    /// Into how many random parts the sample is cut.
    pub replicates: Option<NonZeroU32>,
}

/// How many to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Many {
    /// So many in all, shared out in proportion to the strata's units, or to their Σx.
    All(u64),
    /// So many from each stratum.
    Each(u64),
    /// As a table says: the strata's columns, and `n`.
    Allocation(PathBuf),
    /// This share of each stratum.
    Rate(f64),
}

/// The method with this key.
///
/// # Errors
///
/// [`Error::NoMethod`] names those there are.
///
/// # Example
///
/// ```
/// assert_eq!(canvass::bare::method("sampford")?.card.key, "sampford");
/// assert!(canvass::bare::method("samford").is_err());
/// # Ok::<(), canvass::bare::Error>(())
/// ```
pub fn method(key: &str) -> Result<&'static Method, Error> {
    METHODS
        .iter()
        .copied()
        .find(|method| method.card.key == key)
        .ok_or_else(|| Error::NoMethod {
            key: key.to_owned(),
            known: METHODS
                .iter()
                .map(|method| method.card.key.to_owned())
                .collect(),
        })
}

impl Request {
    /// Whether it makes sense before anything is read.
    pub(super) fn check(&self) -> Result<(), Error> {
        if let Many::Rate(rate) = self.many
            && !(rate > 0.0 && rate <= 1.0)
        {
            return Err(Error::BadRate {
                rate: rate.to_string(),
            });
        }
        if matches!(self.many, Many::Allocation(_)) && self.strata.is_empty() {
            return Err(Error::NoStrata);
        }
        self.fits_the_method()
    }

    fn fits_the_method(&self) -> Result<(), Error> {
        let method = || self.method.card.key.to_owned();
        match (self.method.needs, &self.size) {
            (Needs::Chances, None) => return Err(Error::NoSize { method: method() }),
            (Needs::EqualChances, Some(size)) => {
                return Err(Error::SizeUnused {
                    method: method(),
                    size: size.clone(),
                });
            }
            _ => {}
        }
        let spreads = matches!(self.method.needs, Needs::Places | Needs::PlacesAndBalance);
        let balances = matches!(self.method.needs, Needs::Balance | Needs::PlacesAndBalance);
        for (columns, needed, what, flag, why) in [
            (
                &self.spread,
                spreads,
                "a place for each unit",
                "--spread X,Y",
                "it does not spread its sample",
            ),
            (
                &self.balance,
                balances,
                "amounts to balance on",
                "--balance A,B",
                "it does not balance its sample",
            ),
        ] {
            if needed && columns.is_empty() {
                return Err(Error::Lacks {
                    method: method(),
                    what: what.into(),
                    flag: flag.into(),
                });
            }
            if !needed && !columns.is_empty() {
                return Err(self.unused(flag, why));
            }
        }
        if self.rule().is_some() && !self.sort.is_empty() {
            return Err(self.unused(
                "--sort",
                "permanent numbers decide, and no order of the list",
            ));
        }
        if self.method.size == Size::Hits && self.replicates.is_some() {
            return Err(self.unused("--replicates", "a unit may be hit more than once"));
        }
        Ok(())
    }

    fn unused(&self, flag: &str, why: &str) -> Error {
        Error::Unused {
            method: self.method.card.key.to_owned(),
            flag: flag.to_owned(),
            why: why.to_owned(),
        }
    }

    /// How the method draws from a list of any length; none if it must see all units of a stratum.
    pub(super) fn rule(&self) -> Option<Rule> {
        match self.method.card.key {
            "simple" | "sequential-poisson" => Some(Rule::Smallest),
            "pareto" => Some(Rule::Pareto),
            "bernoulli" | "poisson" => Some(Rule::Below),
            _ => None,
        }
    }

    /// Whether drawn units come in an order of release.
    pub(super) fn is_ranked(&self) -> bool {
        self.rule().is_some() || self.method.card.key == "pareto-adjusted"
    }

    /// The roles of the list's columns. Those that a draw depends on beside ids and strata come along,
    /// and so belong to the fingerprint.
    pub(super) fn roles(&self) -> Roles {
        let carry = self
            .size
            .iter()
            .chain(&self.sort)
            .chain(&self.spread)
            .chain(&self.balance);
        Roles {
            unit: self.id.clone(),
            strata: self.strata.clone(),
            carry: carry.cloned().collect(),
            ..Roles::default()
        }
    }

    /// Columns that must be text: a float has lost digits.
    pub(super) fn texts(&self) -> Vec<&str> {
        std::iter::once(&self.id)
            .chain(&self.strata)
            .map(String::as_str)
            .collect()
    }
}
