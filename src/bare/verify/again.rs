//! From a manifest back to the request that it came of.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::{Kept, Moved, near};
use crate::bare::{
    ClusterStage, Drawn, DrawnPairs, Earlier, Error, InStages, Many, Request, StageTake,
    WantedPairs, formula, method,
};
use crate::draw::stages::one_call::{Choice, Rule};
use crate::draw::walk::Turn;
use crate::draw::{Method, Needs, equal::smallest};
use crate::files::sha256_of;
use crate::random::Seed;

/// What was asked for when a sample was drawn, of a list that stands in `data` now.
///
/// # Errors
///
/// [`Error::Older`] if the manifest does not hold all of it; [`Error::OtherFile`] if a file that the draw
/// went by is not what it was.
pub(super) fn request(kept: &Kept, data: &Path, moved: &Moved) -> Result<Request, crate::Error> {
    let drawn = &kept.drawn;
    let method = method(&drawn.method)?;
    let seed = Seed::new(&drawn.seed).ok_or(crate::study::Error::BlankSeed)?;
    let request = Request::new(data.to_owned(), &drawn.id, many(kept, moved)?, seed);
    Ok(Request {
        sheet: drawn.sheet.clone(),
        strata: drawn.strata_by.clone(),
        size: drawn.size.clone(),
        method,
        sort: drawn.sort.clone(),
        turn: match drawn.serpentine {
            true => Turn::Serpentine,
            false => Turn::Nested,
        },
        spread: drawn.spread_by.clone(),
        balance: balance(kept, method)?,
        landing: drawn.landing,
        or_all: drawn.or_all,
        before: before(kept, moved)?,
        rest: rest(kept, moved)?,
        replicates: drawn.replicates.and_then(NonZeroU32::new),
        one_call: drawn.one_call.as_ref().map(|calls| calls.number.clone()),
        ask: match drawn.one_call.as_ref().map(|calls| calls.ask.as_str()) {
            Some("all") => Rule::AskAll,
            _ => Rule::AskOne(Choice::Evenly),
        },
        pairs: drawn.pairs.as_ref().map(pairs).transpose()?,
        stages: stages(drawn)?,
        ..request
    })
}

/// A file that the draw went by, if it is what it was.
fn same(
    kept: &Kept,
    (flag, given): (&str, &Option<PathBuf>),
    recorded: &Path,
    sha256: &str,
) -> Result<PathBuf, crate::Error> {
    let path = given
        .clone()
        .unwrap_or_else(|| near(recorded, &kept.manifest));
    let found = sha256_of(&path)?;
    match found == sha256 {
        true => Ok(path),
        false => Err(Error::OtherFile {
            file: path.display().to_string(),
            flag: flag.to_owned(),
            found,
            wanted: sha256.to_owned(),
        }
        .into()),
    }
}

/// How many, by a table that is what it was.
fn many(kept: &Kept, moved: &Moved) -> Result<Many, crate::Error> {
    let Many::Allocation(path) = &kept.drawn.asked else {
        return Ok(kept.drawn.asked.clone());
    };
    let sha256 = kept.drawn.allocation_sha256.as_ref();
    let sha256 = sha256.ok_or_else(|| older(kept, "the SHA-256 of the allocation's file"))?;
    let given = ("--allocation", &moved.allocation);
    Ok(Many::Allocation(same(kept, given, path, sha256)?))
}

/// The columns of amounts: older manifests have their names beside what the sample made of them.
fn balance(kept: &Kept, method: &Method) -> Result<Vec<String>, Error> {
    let drawn = &kept.drawn;
    let of_sample = || drawn.balance.iter().map(|one| one.column.clone()).collect();
    let columns: Vec<String> = match drawn.balance_by.is_empty() {
        true => of_sample(),
        false => drawn.balance_by.clone(),
    };
    let needed = matches!(method.needs, Needs::Balance | Needs::PlacesAndBalance);
    match columns.is_empty() && needed {
        true => Err(older(kept, "the columns of amounts")),
        false => Ok(columns),
    }
}

fn before(kept: &Kept, moved: &Moved) -> Result<Option<Earlier>, crate::Error> {
    let Some(wave) = &kept.drawn.coordination else {
        return Ok(None);
    };
    let given = ("--before", &moved.before);
    let path = same(kept, given, Path::new(&wave.before), &wave.sha256)?;
    Earlier::turned(&path, wave.turn).map(Some)
}

fn rest(kept: &Kept, moved: &Moved) -> Result<Option<PathBuf>, crate::Error> {
    let Some(rest) = &kept.drawn.rest else {
        return Ok(None);
    };
    let given = ("--rest", &moved.rest);
    same(kept, given, Path::new(&rest.file), &rest.sha256).map(Some)
}

/// Chances of pairs, by the approximation that was taken where no formula was exact.
fn pairs(pairs: &DrawnPairs) -> Result<WantedPairs, Error> {
    let near = pairs.strata.iter().find(|stratum| !stratum.exact);
    Ok(WantedPairs {
        path: PathBuf::from(&pairs.file),
        near: near.map(|stratum| formula(&stratum.formula)).transpose()?,
    })
}

/// The stages before the last. Where all are taken, no method decides.
fn stages(drawn: &Drawn) -> Result<Option<InStages>, Error> {
    let Some((_, clusters)) = drawn.stages.split_last() else {
        return Ok(None);
    };
    let clusters: Result<Vec<ClusterStage>, Error> = clusters
        .iter()
        .map(|stage| {
            Ok(ClusterStage {
                column: stage.column.clone(),
                take: stage.take,
                method: match (&stage.method, stage.take) {
                    (Some(key), StageTake::Count(_)) => method(key)?,
                    _ => &smallest::METHOD,
                },
            })
        })
        .collect();
    Ok(Some(InStages {
        clusters: clusters?,
        self_weighting: drawn.self_weighting,
    }))
}

fn older(kept: &Kept, lacks: &str) -> Error {
    Error::Older {
        manifest: kept.name(),
        version: kept.drawn.version.clone(),
        lacks: lacks.to_owned(),
    }
}
