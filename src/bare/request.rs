//! What is asked of a bare file.

use std::num::NonZeroU32;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Earlier, Error, InStages, StageTake};
use crate::draw::balance::lands::Lands;
use crate::draw::stages::one_call::{self, Rule};
use crate::draw::walk::Turn;
use crate::draw::{
    How, METHODS, Method, Misfit, Part, Size, approximate::Formula, equal::smallest,
};
use crate::estimate::variance::{Kind, for_method};
use crate::files::data::Choice;
use crate::frame::Roles;
use crate::random::Seed;

/// What is asked of a bare file.
#[derive(Debug, Clone)]
pub struct Request {
    /// The list: a file of CSV, Parquet, SPSS or Stata, a workbook, or a folder of Parquet files.
    pub data: PathBuf,
    /// The sheet of a workbook; the first, unless it is named.
    pub sheet: Option<String>,
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
    /// How a balanced draw lands; by dropping amounts, unless it is said.
    pub landing: Option<Lands>,
    /// Whether whole strata are taken that hold fewer than are asked for, and whole clusters in a draw in
    /// stages.
    pub or_all: bool,
    /// An earlier draw whose units are to be met again or avoided.
    pub before: Option<Earlier>,
    /// A file of units that rest: its column of ids is called as the list's.
    pub rest: Option<PathBuf>,
    /// Into how many random parts the sample is cut.
    pub replicates: Option<NonZeroU32>,
    /// The column of telephone numbers, if each is to be called once.
    pub one_call: Option<String>,
    /// Which of the drawn rows that share a number a call is about.
    pub ask: Rule,
    /// Where the chances of pairs are to be written, if they are wanted.
    pub pairs: Option<WantedPairs>,
    /// The stages before the last, if clusters are drawn before units; [`Many::Within`] says how many units
    /// then, and the method how they are drawn.
    pub stages: Option<InStages>,
}

/// Chances of pairs that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedPairs {
    /// The file, by whose ending they are written.
    pub path: PathBuf,
    /// The formula where no exact one is known; by default one that suits the method.
    pub near: Option<Formula>,
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
    /// So many from each of the last clusters of a draw in stages.
    Within(StageTake),
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
    /// So many units of a list, by their ids, of one stratum and with equal chances; all else is said by
    /// its field.
    ///
    /// ```
    /// use canvass::bare::{Many, Request};
    /// use canvass::random::Seed;
    /// let seed = Seed::new("the evening draw").expect("not blank");
    /// let request = Request::new("town.csv".into(), "id", Many::All(20), seed);
    /// assert_eq!(request.method.card.key, "simple");
    /// ```
    #[must_use]
    pub fn new(data: PathBuf, id: &str, many: Many, seed: Seed) -> Request {
        Request {
            data,
            sheet: None,
            id: id.to_owned(),
            strata: Vec::new(),
            size: None,
            many,
            method: &smallest::METHOD,
            seed,
            sort: Vec::new(),
            turn: Turn::Nested,
            spread: Vec::new(),
            balance: Vec::new(),
            landing: None,
            or_all: false,
            before: None,
            rest: None,
            replicates: None,
            one_call: None,
            ask: Rule::AskOne(one_call::Choice::Evenly),
            pairs: None,
            stages: None,
        }
    }

    /// Whether it makes sense before anything is read.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.fits_together()?;
        if let Some(stages) = &self.stages {
            return stages.check(self);
        }
        if matches!(self.many, Many::Within(_)) {
            return Err(Error::NoStages);
        }
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
        self.suits_calls()?;
        self.fits_the_method()
    }

    /// Whether what is asked for beside a draw goes with how many it is to draw, and with each other.
    fn fits_together(&self) -> Result<(), Error> {
        let method = self.method.card.key.to_owned();
        let unused = |flag: &str, why: &str| {
            Err(Error::Unused {
                method: method.clone(),
                flag: flag.to_owned(),
                why: why.to_owned(),
            })
        };
        if self.landing == Some(Lands::Together) && self.method.card.key != "cube" {
            return unused(
                "--landing pooled",
                "only the cube lands in all strata together",
            );
        }
        if self.landing == Some(Lands::Together) && self.strata.is_empty() {
            return unused(
                "--landing pooled",
                "the list is one stratum, and lands together anyway; or name its strata with --strata A,B",
            );
        }
        if self.landing == Some(Lands::Together) && self.pairs.is_some() {
            return unused(
                "--joint beside --landing pooled",
                "units of different strata are not drawn apart then, and no formula tells their chances",
            );
        }
        if self.landing == Some(Lands::Together) && self.stages.is_some() {
            return unused("--landing pooled", "clusters are drawn stratum by stratum");
        }
        if self.or_all && matches!(self.many, Many::All(_) | Many::Rate(_)) {
            return unused(
                "--or-all",
                "no stratum is asked for more units than it has; it belongs to --each, --allocation and --take",
            );
        }
        if self.or_all && self.method.size == Size::Hits {
            return unused("--or-all", "a unit may be hit more than once");
        }
        if self.one_call.is_some() && self.rest.is_some() {
            return unused(
                "--one-call beside --rest",
                "some of those who share a number would rest, and the list counts them all",
            );
        }
        if self.one_call.is_some() && self.ask == Rule::AskAll && self.replicates.is_some() {
            return unused(
                "--replicates beside --ask all",
                "units that share a number come into different replicates, and it would be called again with each; \
                 --ask one calls every number once",
            );
        }
        if let Some(before) = &self.before {
            before.suits(self)?;
        }
        match &self.pairs {
            Some(_) => self.knows_pairs(),
            None => Ok(()),
        }
    }

    fn fits_the_method(&self) -> Result<(), Error> {
        let replicates = self.replicates.map_or(1, NonZeroU32::get);
        // Asked for by name, one replicate is of no use either where units may be hit more than once.
        let asked = if self.replicates.is_some() {
            replicates.max(2)
        } else {
            1
        };
        match self.how().misfits(asked).first() {
            None => Ok(()),
            Some(misfit) => Err(self.refused(*misfit)),
        }
    }

    fn refused(&self, misfit: Misfit) -> Error {
        let method = self.method.card.key.to_owned();
        let flag = |part: Part| {
            match part {
                Part::Size => "--size COL",
                Part::Sort => "--sort",
                Part::Spread => "--spread X,Y",
                Part::Balance => "--balance A,B",
                Part::Landing => "--landing",
                Part::Replicates => "--replicates",
            }
            .to_owned()
        };
        match (misfit, &self.size) {
            (Misfit::Lacks(Part::Size), _) => Error::NoSize { method },
            (Misfit::Unused(Part::Size), Some(size)) => Error::SizeUnused {
                method,
                size: size.clone(),
            },
            (Misfit::Lacks(part), _) => Error::Lacks {
                method,
                what: part.what().to_owned(),
                flag: flag(part),
            },
            (Misfit::Unused(part), _) => Error::Unused {
                method,
                flag: flag(part),
                why: part.why().to_owned(),
            },
        }
    }

    /// The method, and the columns that it goes by.
    pub(super) fn how(&self) -> How {
        How {
            method: self.method,
            size: self.size.clone(),
            // What is read of a unit beside its size: its clusters, where a draw is in stages.
            sort: match &self.stages {
                Some(stages) => stages.columns().cloned().collect(),
                None => self.sort.clone(),
            },
            turn: self.turn,
            spread: self.spread.clone(),
            balance: self.balance.clone(),
            landing: self.landing,
            numbers: self.before.as_ref().map(Earlier::turn).unwrap_or_default(),
            rests: self.rest.is_some(),
        }
    }

    /// Whether all units must be at hand, whatever the method.
    pub(super) fn needs_units(&self) -> bool {
        self.stages.is_some() || self.before.is_some() || self.pairs.is_some()
    }

    /// Whether the sample tells the order in which a walk met its units: figures of some methods go by it.
    pub(super) fn tells_walk(&self) -> bool {
        for_method(self.method.card.key) == Some(Kind::Successive)
    }

    /// Whether drawn units come in an order of release.
    pub(super) fn is_ranked(&self) -> bool {
        self.how().is_ranked()
    }

    /// The roles of the list's columns. Those that a draw depends on beside ids and strata come along,
    /// and so belong to the fingerprint.
    pub(super) fn roles(&self) -> Roles {
        Roles {
            unit: self.id.clone(),
            strata: self.strata.clone(),
            carry: self
                .how()
                .columns()
                .into_iter()
                .map(str::to_owned)
                .chain(self.one_call.clone())
                .collect(),
            ..Roles::default()
        }
    }

    /// What is to be taken of a list that says more than one thing: its codes, as they are.
    pub(super) fn choice(&self) -> Choice {
        Choice {
            sheet: self.sheet.clone(),
            codes: true,
        }
    }

    /// Columns that must be text: a float has lost digits.
    pub(super) fn texts(&self) -> Vec<&str> {
        std::iter::once(&self.id)
            .chain(&self.strata)
            .chain(&self.one_call)
            .chain(self.stages.iter().flat_map(InStages::columns))
            .map(String::as_str)
            .collect()
    }
}
