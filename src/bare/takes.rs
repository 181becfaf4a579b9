//! How many from each stratum.

use std::collections::BTreeMap;
use std::path::Path;

use super::census::{self, Stratum};
use super::error::named;
use super::{Error, Many, Request, Short};
use crate::draw::Size;
use crate::draw::sieve::{Foreseen, Foresight};
use crate::files::csv::Sheet;
use crate::frame::{Frame, join};
use crate::plan::whole::{Divisors, whole};

/// How many are drawn from a stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Take {
    /// So many; on average, if the size is random.
    Whole(u64),
    /// This share of its units, on average.
    Share(f64),
}

impl Take {
    /// How many are drawn, on average, of so many units.
    pub fn expected(self, population: u64) -> f64 {
        match self {
            Take::Whole(take) => take as f64,
            Take::Share(share) => share * population as f64,
        }
    }
}

/// How many from each stratum, in their order; and which strata are taken whole, because that was asked for
/// where they hold fewer.
///
/// # Errors
///
/// [`Error::TooFew`] names all strata that are too small; [`Error::Allocation`] all that a table names
/// wrongly; [`Error::Nothing`] if nothing is asked for.
pub(super) fn takes(
    request: &Request,
    strata: &[Stratum],
) -> Result<(Vec<Take>, Vec<String>), crate::Error> {
    let mut takes = match &request.many {
        Many::All(total) => shared_out(request, strata, *total)?,
        Many::Each(take) => vec![Take::Whole(*take); strata.len()],
        Many::Allocation(path) => allocated(request, strata, path)?,
        Many::Rate(rate) if request.method.size == Size::Random => {
            vec![Take::Share(*rate); strata.len()]
        }
        Many::Rate(rate) => by_rate(strata, *rate)?,
        Many::Within(_) => return Err(Error::NoStages.into()),
    };
    let mut whole = Vec::new();
    for (take, stratum) in takes.iter_mut().zip(strata).filter(|_| request.or_all) {
        if take.expected(stratum.population) > room(request, stratum) as f64 {
            *take = Take::Whole(room(request, stratum));
            whole.push(stratum.label());
        }
    }
    let short: Vec<Short> = strata
        .iter()
        .zip(&takes)
        .filter_map(|(stratum, take)| short(request, stratum, *take))
        .collect();
    if !short.is_empty() {
        return Err(Error::TooFew { short }.into());
    }
    if strata
        .iter()
        .zip(&takes)
        .all(|(stratum, take)| take.expected(stratum.population) <= 0.0)
    {
        return Err(Error::Nothing.into());
    }
    Ok((takes, whole))
}

/// As [`takes`], of a list in which other `problems` were found: whoever mends it is to hear of all at once.
///
/// # Errors
///
/// [`Error::Unfit`] if there are problems; those of [`takes`].
pub(super) fn takes_of_fit(
    request: &Request,
    frame: &Frame,
    strata: &[Stratum],
    mut problems: Vec<String>,
) -> Result<(Vec<Take>, Vec<String>), crate::Error> {
    let found = takes(request, strata);
    if problems.is_empty() {
        return found;
    }
    if let Err(crate::Error::Bare(error)) = &found
        && matches!(error, Error::TooFew { .. } | Error::Allocation { .. })
    {
        problems.push(error.to_string());
    }
    census::fit(frame, problems)?;
    found
}

/// How many are going to be drawn of each stratum, as far as that can be told before anybody has counted them;
/// none where each number cannot be judged by itself, or only beside the sizes of others.
///
/// What is foreseen may be too little, and then the list is read again.
pub(super) fn foresight(request: &Request, frame: &Frame) -> Option<Box<Foresight<'static>>> {
    if request.how().rule().is_none() || request.size.is_some() || request.needs_units() {
        return None;
    }
    let (share, more) = match &request.many {
        // Shares are rounded to whole numbers.
        Many::All(total) => (*total as f64 / frame.list().rows()? as f64, 1.0),
        Many::Rate(rate) => (*rate, 1.0),
        Many::Each(take) => (0.0, *take as f64),
        Many::Allocation(path) => {
            // Whoever cannot read it says so when the strata are known.
            let (wanted, _) = table(request, path).ok()?;
            return Some(Box::new(move |labels| {
                let more = wanted
                    .get(&trimmed(labels))
                    .map_or(0.0, |take| *take as f64);
                Foreseen { share: 0.0, more }
            }));
        }
        Many::Within(_) => return None,
    };
    Some(Box::new(move |_| Foreseen { share, more }))
}

/// Units that may be drawn at all.
fn with_chance(request: &Request, stratum: &Stratum) -> u64 {
    if request.size.is_some() {
        stratum.sizes.above_zero()
    } else {
        stratum.population
    }
}

/// A stratum that has fewer units than are asked for.
fn short(request: &Request, stratum: &Stratum, take: Take) -> Option<Short> {
    let asked = take.expected(stratum.population);
    (asked > room(request, stratum) as f64 && !request.or_all).then(|| Short {
        stratum: (!request.strata.is_empty()).then(|| stratum.label()),
        there: with_chance(request, stratum),
        asked: asked.ceil() as u64,
        sized: request.size.is_some(),
    })
}

/// How many may be drawn: any number, if a unit may be hit more than once.
fn room(request: &Request, stratum: &Stratum) -> u64 {
    match (with_chance(request, stratum), request.method.size) {
        (1.., Size::Hits) => u64::MAX,
        (there, _) => there,
    }
}

/// In proportion to the strata's units, or to their Σx.
fn shared_out(
    request: &Request,
    strata: &[Stratum],
    total: u64,
) -> Result<Vec<Take>, crate::Error> {
    let limits: Vec<(u64, u64)> = strata.iter().map(|one| (0, room(request, one))).collect();
    let there = limits
        .iter()
        .fold(0_u64, |all, limit| all.saturating_add(limit.1));
    if total > there {
        let sized = request.size.is_some();
        return Err(Error::TooFew {
            short: vec![Short {
                stratum: None,
                there,
                asked: total,
                sized,
            }],
        }
        .into());
    }
    let pull = |one: &Stratum| match request.size {
        Some(_) => one.sizes.total(),
        None => one.population as f64,
    };
    let pulls: Vec<f64> = strata.iter().map(pull).collect();
    let takes = whole(total, &pulls, &limits, Divisors::Webster)?;
    Ok(takes.into_iter().map(Take::Whole).collect())
}

/// The share of each stratum's units, rounded down or up; the nearest whole number in all.
fn by_rate(strata: &[Stratum], rate: f64) -> Result<Vec<Take>, crate::Error> {
    /// Products of floats that are so near to a whole number are meant to be one.
    const NEAR: f64 = 1e-9;
    let shares: Vec<f64> = strata
        .iter()
        .map(|one| rate * one.population as f64)
        .collect();
    let limits: Vec<(u64, u64)> = shares
        .iter()
        .map(|share| {
            (
                (share + NEAR).floor() as u64,
                (share - NEAR).ceil().max(0.0) as u64,
            )
        })
        .collect();
    let (low, high) = limits
        .iter()
        .fold((0, 0), |(low, high), one| (low + one.0, high + one.1));
    let population: u64 = strata.iter().map(|one| one.population).sum();
    let total = ((rate * population as f64).round() as u64).clamp(low, high);
    let takes = whole(total, &shares, &limits, Divisors::Webster)?;
    Ok(takes.into_iter().map(Take::Whole).collect())
}

/// What a table says by labels, and which labels it names again.
type Wanted = (BTreeMap<Vec<String>, u64>, Vec<String>);

/// A table of how many from each stratum.
fn table(request: &Request, path: &Path) -> Result<Wanted, crate::Error> {
    const COUNT: &str = "n";
    let columns: Vec<&str> = request.strata.iter().map(String::as_str).collect();
    let mut sheet = Sheet::read(path, &[columns.as_slice(), &[COUNT]].concat())?;
    let (mut wanted, mut twice) = (BTreeMap::new(), Vec::new());
    for row in 0..sheet.len() {
        let labels: Option<Vec<String>> = columns
            .iter()
            .map(|column| sheet.need(row, column, "a label", |cell| Some(cell.to_owned())))
            .collect();
        let take = sheet.need(row, COUNT, "a whole number", |cell| {
            cell.parse::<u64>().ok()
        });
        if let (Some(labels), Some(take)) = (labels, take)
            && wanted.insert(labels.clone(), take).is_some()
        {
            twice.push(join(&labels));
        }
    }
    sheet.finish()?;
    Ok((wanted, twice))
}

fn trimmed(labels: &[String]) -> Vec<String> {
    let trimmed = labels.iter().map(|label| label.trim().to_owned());
    trimmed.collect()
}

/// As a table says. Strata are known by their labels, and never by their order.
fn allocated(
    request: &Request,
    strata: &[Stratum],
    path: &Path,
) -> Result<Vec<Take>, crate::Error> {
    let (mut wanted, twice) = table(request, path)?;
    let take = |stratum: &Stratum| wanted.remove(&trimmed(&stratum.labels));
    let takes: Vec<Option<u64>> = strata.iter().map(take).collect();
    let missing: Vec<String> = strata
        .iter()
        .zip(&takes)
        .filter(|(_, take)| take.is_none())
        .map(|(stratum, _)| stratum.label())
        .collect();
    let unknown: Vec<String> = wanted.keys().map(|labels| join(labels)).collect();
    let mut problems: Vec<String> = [
        named("strata are missing", &missing),
        named("strata are not in the list", &unknown),
        named("lines name a stratum again", &twice),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !problems.is_empty() {
        let asked = strata.iter().zip(&takes);
        let short =
            asked.filter_map(|(stratum, take)| short(request, stratum, Take::Whole((*take)?)));
        problems.extend(short.map(|short| short.says()));
        return Err(Error::Allocation {
            path: path.display().to_string(),
            problems,
        }
        .into());
    }
    Ok(takes.into_iter().flatten().map(Take::Whole).collect())
}
