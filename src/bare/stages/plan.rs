//! What is asked of a draw in stages.

use crate::bare::{Error, Many, Request, method};
pub use crate::draw::stages::StageTake;
use crate::draw::stages::clusters::{By, Stage, Take};
use crate::draw::{Method, Needs, Size};

/// A stage at which clusters are drawn.
#[derive(Debug, Clone)]
pub struct ClusterStage {
    /// The column of the clusters' labels.
    pub column: String,
    /// How many.
    pub take: StageTake,
    /// How. Methods for unequal chances draw clusters in proportion to the units they hold, or to their
    /// sizes.
    pub method: &'static Method,
}

/// Stages at which clusters are drawn, before the units in them.
#[derive(Debug, Clone)]
pub struct InStages {
    /// From the largest clusters down.
    pub clusters: Vec<ClusterStage>,
    /// Whether every unit is to have the same chance, and every cluster the same number of units.
    pub self_weighting: bool,
}

impl StageTake {
    /// As stages take it; `or_all` says whether all are taken of a cluster that has fewer.
    fn of_library(self, or_all: bool) -> Take {
        match self {
            StageTake::All => Take::All,
            StageTake::Count(take) => {
                let take = usize::try_from(take).unwrap_or(usize::MAX);
                if or_all {
                    Take::AtMost(take)
                } else {
                    Take::Count(take)
                }
            }
        }
    }
}

impl ClusterStage {
    /// COLUMN:TAKE, or COLUMN:TAKE:METHOD; `default` is the method where none is named.
    ///
    /// # Errors
    ///
    /// [`Error::Stage`] if it is written otherwise; [`Error::NoMethod`] names the methods there are.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::{self, ClusterStage, StageTake};
    /// let stage = ClusterStage::read("branch:20:sampford", bare::method("simple")?)?;
    /// assert_eq!((stage.column.as_str(), stage.take), ("branch", StageTake::Count(20)));
    /// assert_eq!(stage.method.card.key, "sampford");
    /// # Ok::<(), canvass::bare::Error>(())
    /// ```
    pub fn read(text: &str, default: &'static Method) -> Result<ClusterStage, Error> {
        let stage = |column: &str, take, method| ClusterStage {
            column: column.trim().to_owned(),
            take,
            method,
        };
        let (before, last) = text.rsplit_once(':').unwrap_or(("", text));
        let found = match StageTake::read(last) {
            Some(take) => stage(before, take, default),
            None => {
                let (column, take) = before.rsplit_once(':').unwrap_or(("", before));
                let take = StageTake::read(take).ok_or_else(|| misread(text))?;
                if take == StageTake::All {
                    let why = "all are taken, and a method has nothing to decide";
                    return Err(refused(text, why, "leave the method out"));
                }
                stage(column, take, method(last.trim())?)
            }
        };
        match found.column.is_empty() {
            true => Err(misread(text)),
            false => Ok(found),
        }
    }
}

fn misread(text: &str) -> Error {
    let hint = "write --stage branch:20, --stage branch:20:pps-systematic or --stage branch:all";
    refused(text, "it is not COLUMN:TAKE or COLUMN:TAKE:METHOD", hint)
}

fn refused(stage: &str, why: &str, hint: &str) -> Error {
    Error::Stage {
        stage: stage.to_owned(),
        why: why.to_owned(),
        hint: hint.to_owned(),
    }
}

/// How many units are asked for in each last cluster.
fn within(request: &Request) -> Result<StageTake, Error> {
    match request.many {
        Many::Within(take) => Ok(take),
        _ => Err(refused(
            "units",
            "how many units are to be drawn in each last cluster is not said",
            "say it: --take 10, or --take all",
        )),
    }
}

impl InStages {
    /// The columns of clusters.
    pub(in crate::bare) fn columns(&self) -> impl Iterator<Item = &String> {
        self.clusters.iter().map(|stage| &stage.column)
    }

    /// The stages, units last.
    pub(super) fn stages(&self, request: &Request) -> Result<Vec<Stage>, Error> {
        let of = |stage: &ClusterStage| Stage {
            method: stage.method,
            by: match stage.method.needs {
                Needs::EqualChances => By::Count,
                _ => By::Size,
            },
            take: stage.take.of_library(request.or_all),
        };
        let units = Stage {
            method: request.method,
            by: match (request.method.needs, &request.size) {
                (Needs::EqualChances, _) | (_, None) => By::Count,
                _ => By::Size,
            },
            take: within(request)?.of_library(request.or_all),
        };
        Ok(self.clusters.iter().map(of).chain([units]).collect())
    }

    /// Whether it makes sense before anything is read.
    pub(in crate::bare) fn check(&self, request: &Request) -> Result<(), Error> {
        let take = within(request)?;
        self.names(request)?;
        applies(request)?;
        let clusters = self
            .clusters
            .iter()
            .map(|stage| (stage.column.as_str(), stage.take, stage.method));
        for (name, take, method) in clusters.chain([(request.id.as_str(), take, request.method)]) {
            if take == StageTake::Count(0) {
                return Err(refused(name, "it takes none", "take one at least, or all"));
            }
            draws_alone(name, method)?;
        }
        self.sizes(request)?;
        match self.self_weighting {
            true => self.weighs_alike(request, take),
            false => Ok(()),
        }
    }

    /// Whether every column has one part to play.
    fn names(&self, request: &Request) -> Result<(), Error> {
        if self.clusters.is_empty() {
            let hint = "name the clusters: --stage branch:20";
            return Err(refused("units", "no clusters are drawn before units", hint));
        }
        let mut before: Vec<&String> = request.strata.iter().chain([&request.id]).collect();
        for column in self.columns() {
            if before.contains(&column) {
                let why = "the column is the id, a stratum or another stage already";
                let hint = "name every column once; strata are never drawn from one another";
                return Err(refused(column, why, hint));
            }
            before.push(column);
        }
        Ok(())
    }

    /// Whether sizes are there where they are needed, and of use where they are there.
    fn sizes(&self, request: &Request) -> Result<(), Error> {
        let equal = |method: &Method| method.needs == Needs::EqualChances;
        let walks = ["pivotal", "chromy"].contains(&request.method.card.key);
        let method = request.method.card.key.to_owned();
        match &request.size {
            None if !equal(request.method) && !walks => Err(Error::NoSize { method }),
            Some(_) if self.self_weighting => Err(Error::Unused {
                method: "self-weighting".to_owned(),
                flag: "--size COL".to_owned(),
                why: "clusters come in proportion to the number of their units".to_owned(),
            }),
            Some(size)
                if equal(request.method)
                    && self.clusters.iter().all(|stage| equal(stage.method)) =>
            {
                let size = size.clone();
                Err(Error::SizeUnused { method, size })
            }
            _ => Ok(()),
        }
    }

    fn weighs_alike(&self, request: &Request, take: StageTake) -> Result<(), Error> {
        let refuse = |why, hint| Err(refused("--self-weighting", why, hint));
        if request.or_all {
            return refuse(
                "units of a cluster that is taken whole would not weigh what others do",
                "leave --or-all out, or --self-weighting",
            );
        }
        let [first] = self.clusters.as_slice() else {
            return refuse(
                "it has one stage of clusters, and then units",
                "name one --stage",
            );
        };
        if first.take == StageTake::All || take == StageTake::All {
            return refuse(
                "it draws a number of clusters, and a number of units in each",
                "give numbers: --stage branch:20 --take 10",
            );
        }
        if first.method.needs == Needs::EqualChances {
            return refuse(
                "clusters come in proportion to their units, and this method draws with equal chances",
                "leave the method of the stage out, or take pps-systematic, sampford or pivotal",
            );
        }
        if request.method.needs != Needs::EqualChances {
            return refuse(
                "units come with equal chances within their cluster",
                "leave --method out, or take simple or systematic",
            );
        }
        Ok(())
    }
}

/// Whether a method can draw at a stage: by chances alone, and each unit once.
fn draws_alone(name: &str, method: &Method) -> Result<(), Error> {
    let key = method.card.key;
    let hint = "take simple, systematic, pps-systematic, sampford, pivotal …";
    if method.size == Size::Hits {
        let why = format!("'{key}' draws with replacement, which a draw in stages does not");
        return Err(refused(name, &why, hint));
    }
    match method.needs {
        Needs::Chances | Needs::EqualChances => Ok(()),
        _ => {
            let why = format!("'{key}' goes by places or amounts, which stages have none of");
            Err(refused(name, &why, hint))
        }
    }
}

/// Refuses what a draw in stages has no use for.
fn applies(request: &Request) -> Result<(), Error> {
    let given = [
        (
            !request.sort.is_empty(),
            "--sort",
            "clusters are ordered by their labels, and units by their ids",
        ),
        (
            !request.spread.is_empty(),
            "--spread X,Y",
            "no method that spreads draws in stages",
        ),
        (
            !request.balance.is_empty(),
            "--balance A,B",
            "no method that balances draws in stages",
        ),
        (
            request.replicates.is_some(),
            "--replicates",
            "a part of the units would be no part of the clusters",
        ),
        (
            request.one_call.is_some(),
            "--one-call",
            "units that share a number would have to have the same chance",
        ),
    ];
    match given.into_iter().find(|(given, ..)| *given) {
        None => Ok(()),
        Some((_, flag, why)) => Err(Error::Unused {
            method: "stages".to_owned(),
            flag: flag.to_owned(),
            why: why.to_owned(),
        }),
    }
}
