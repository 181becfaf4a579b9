//! Reading the list once: how many units, how large, and what is wrong with them.

use super::reading::{Counted, Reading};
use super::units::Units;
use super::{Error, Request};
use crate::draw::sieve::Ahead;
use crate::draw::{How, Sizes};
use crate::files::DiskScratch;
use crate::frame::{self, Batch, Beside, Frame, Watched, check_with};
use crate::progress::Monitor;

/// What one reading finds.
pub(crate) struct Census {
    /// Over ids, strata, and all columns that decide.
    pub fingerprint: String,
    /// In the order of their labels.
    pub strata: Vec<Stratum>,
    /// Whether a column of the order is sorted as numbers.
    pub numeric: Vec<bool>,
}

/// A stratum of the list.
#[derive(Default)]
pub(crate) struct Stratum {
    pub labels: Vec<String>,
    /// N_h.
    pub population: u64,
    /// Empty if there is no column of sizes.
    pub sizes: Sizes,
    /// All units, if the method must see them; in any order.
    pub units: Units,
}

impl Stratum {
    /// The label that a person knows it by.
    pub fn label(&self) -> String {
        if self.labels.is_empty() {
            "all".to_owned()
        } else {
            frame::join(&self.labels)
        }
    }

    /// All its units, in a stratum of the same name; none are left in it.
    pub fn take_units(&mut self) -> Stratum {
        Stratum {
            labels: self.labels.clone(),
            population: self.population,
            sizes: self.sizes.clone(),
            units: std::mem::take(&mut self.units),
        }
    }

    /// Another like it, with all its units.
    pub fn copy(&self) -> Stratum {
        Stratum {
            labels: self.labels.clone(),
            population: self.population,
            sizes: self.sizes.clone(),
            units: self.units.clone(),
        }
    }

    /// Adds what another hand found of it.
    pub(super) fn merge(&mut self, part: Stratum) {
        self.labels = part.labels;
        self.population += part.population;
        self.sizes.merge(&part.sizes);
        self.units.append(part.units);
    }
}

/// Reads the list, and refuses it if anything in it is wrong.
///
/// # Errors
///
/// [`Error::Unfit`] tells all that is wrong; else what reading runs into.
pub(super) fn read(
    request: &Request,
    frame: &Frame,
    monitor: &dyn Monitor,
) -> Result<Census, crate::Error> {
    let (census, problems) = look(request, frame, None, monitor)?;
    fit(frame, problems)?;
    Ok(census)
}

/// Refuses a list with problems, and tells them all.
pub(super) fn fit(frame: &Frame, problems: Vec<String>) -> Result<(), Error> {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::Unfit {
            list: frame.list().name(),
            problems,
        }),
    }
}

/// Reads the list, and says what is wrong in it: with counts and the first rows. Who may be drawn is kept
/// `ahead`, if that is foreseen.
///
/// # Errors
///
/// What reading runs into.
pub(super) fn look(
    request: &Request,
    frame: &Frame,
    ahead: Option<&Ahead<'_>>,
    monitor: &dyn Monitor,
) -> Result<(Census, Vec<String>), crate::Error> {
    let scratch = DiskScratch::new().map_err(|why| frame::Error::Unreadable {
        list: frame.list().name(),
        why: format!("no room for temporary files: {why}"),
    })?;
    let how = request.how();
    let keep = how.rule().is_none() || request.needs_units();
    let reading = Reading::new(&how, frame.roles(), frame.roles().columns(), keep);
    // Where nothing but their number decides, the check has counted the units already.
    let counts = keep || !how.columns().is_empty();
    // Nothing is kept ahead where sizes stand beside.
    let companion = |batch: &Batch<'_>, beside: &dyn Beside, strata: &[Option<u32>]| {
        if counts {
            reading.hear_beside(batch, beside, strata)?;
        }
        match ahead {
            Some(ahead) => ahead.hear(batch, beside, strata),
            None => Ok(()),
        }
    };
    let further = ahead.map_or(reading.further(), |ahead| ahead.further().to_vec());
    let census = check_with(frame, &scratch, &further, &companion, monitor)?;
    let Counted {
        mut strata,
        numeric,
        problems: found,
    } = reading.done();
    if !counts {
        let counted = |one: frame::StratumCount| Stratum {
            labels: one.labels,
            population: one.population,
            ..Stratum::default()
        };
        strata = census.strata.into_iter().map(counted).collect();
    }
    let mut problems: Vec<String> = census
        .fitness
        .obstacles()
        .into_iter()
        .map(|(words, finding)| format!("{} {} ({})", finding.count, words.en, rows(&finding.rows)))
        .collect();
    problems.extend(found);
    let census = Census {
        fingerprint: census.fingerprint,
        numeric,
        strata,
    };
    Ok((census, problems))
}

/// What a draw must know of the list, from one reading of the columns that it goes by; of one stratum
/// only, if `only` names it. Ids and strata are supposed to be checked.
///
/// # Errors
///
/// [`Error::Unfit`] tells all cells that should be numbers and are not; else what reading runs into.
pub(crate) fn count(
    how: &How,
    frame: &Frame,
    only: Option<&[String]>,
    monitor: &dyn Monitor,
) -> Result<Counted, crate::Error> {
    let keep = how.rule().is_none() || only.is_some();
    reading(how, frame, only, keep, monitor)
}

/// The same with all units, whatever the method.
///
/// # Errors
///
/// As [`count`].
pub(crate) fn units(
    how: &How,
    frame: &Frame,
    monitor: &dyn Monitor,
) -> Result<Vec<Stratum>, crate::Error> {
    Ok(reading(how, frame, None, true, monitor)?.strata)
}

fn reading(
    how: &How,
    frame: &Frame,
    only: Option<&[String]>,
    keep: bool,
    monitor: &dyn Monitor,
) -> Result<Counted, crate::Error> {
    let mut columns = vec![frame.roles().unit.as_str()];
    for column in frame
        .roles()
        .strata
        .iter()
        .map(String::as_str)
        .chain(how.columns())
    {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let reading = Reading::new(how, frame.roles(), columns.clone(), keep).of(only);
    let watched = Watched::new(frame, "reading what the draw goes by", monitor);
    frame.list().scan(&columns, &|batch| {
        reading.hear(batch);
        watched.step(batch.rows() as u64)
    })?;
    watched.end();
    let counted = reading.done();
    if counted.problems.is_empty() {
        return Ok(counted);
    }
    Err(Error::Unfit {
        list: frame.list().name(),
        problems: counted.problems,
    }
    .into())
}

/// "rows 4, 17 …"
pub(super) fn rows(rows: &[u64]) -> String {
    const SHOWN: usize = 5;
    let first: Vec<String> = rows.iter().take(SHOWN).map(u64::to_string).collect();
    let more = if rows.len() > SHOWN { " …" } else { "" };
    format!("rows {}{more}", first.join(", "))
}
