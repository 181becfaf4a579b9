//! One stratum drawn again from the list, for whoever asks about a unit of it.

use std::path::Path;
use std::sync::Mutex;

use super::drawn::Drawn;
use super::folder::SURVEY;
use super::staged::same_stages;
use super::study::LIST;
use super::{Error, Study};
use crate::bare::{self, Take};
use crate::draw::How;
use crate::draw::balance::lands::Lands;
use crate::draw::waves::coordinate::Turn;
use crate::frame::{Frame, stratum_label};
use crate::progress::Silent;

/// What a second draw of a unit's stratum found.
pub(super) struct Again {
    /// The unit's stratum.
    pub stratum: String,
    /// Whether it was drawn.
    pub takes: bool,
    /// The list, as a person knows it.
    pub list: String,
}

impl Drawn {
    /// Whether it takes the list to tell of a unit whether it was drawn: where more decides than the unit's
    /// own number.
    pub(super) fn needs_the_list(&self) -> bool {
        let list = self.rest.is_some() || !self.stages.is_empty();
        list || self
            .how()
            .is_none_or(|how| how.compares().is_none() || how.size.is_some())
    }
}

/// A study that can be drawn from again, and how it was.
pub(super) struct Ready {
    pub study: Study,
    pub how: How,
}

/// The study, if it is there with its list.
///
/// # Errors
///
/// [`Error::Stale`] if survey.toml or the list are not those that were drawn from.
pub(super) fn ready(folder: &Path, drawn: &Drawn) -> Result<Option<Ready>, crate::Error> {
    if !folder.join(SURVEY).is_file() {
        return Ok(None);
    }
    let study = Study::open(folder)?;
    // With the flags that it was drawn with.
    let flags = study.journal().last("draw")?.map(|entry| entry.flags);
    let study = Study::open_with_flags(folder, &flags.unwrap_or_default())?;
    if !study.list_path().exists() {
        return Ok(None);
    }
    study.trust("draw", &[LIST])?;
    // How numbers were turned stands in 3-draw.json: the earlier wave may be gone.
    let unturned = |how: How| How {
        numbers: Turn::Same,
        ..how
    };
    let wanted = &study.settings().draw;
    let same = drawn.how().map(unturned).as_ref() == Some(&wanted.how)
        && same_stages(drawn, &wanted.how, wanted.stages.as_ref());
    let how = drawn
        .how()
        .filter(|_| same && study.seed().key() == drawn.seed_key);
    let how = how.ok_or_else(|| Error::Stale {
        file: SURVEY.to_owned(),
        writer: "draw".to_owned(),
    })?;
    Ok(Some(Ready { study, how }))
}

/// Draws the stratum of a unit again, by what 3-draw.json says; nothing if there is no study with its list.
/// Streams of chance are named by the stratum, so no other stratum need be drawn, unless all landed together.
///
/// # Errors
///
/// [`Error::Stale`] if survey.toml or the list are not those that were drawn from; [`Error::NotInList`].
pub(super) fn redraw(
    folder: &Path,
    drawn: &Drawn,
    unit: &str,
) -> Result<Option<Again>, crate::Error> {
    let Some(Ready { study, how }) = ready(folder, drawn)? else {
        return Ok(None);
    };
    let how = &how;
    let (frame, _) = study.frame()?;
    let labels = labels_of(&frame, unit)?.ok_or_else(|| Error::NotInList {
        unit: unit.to_owned(),
    })?;
    let stratum = stratum_label(&labels);
    if !drawn.strata.iter().any(|one| one.stratum == stratum) {
        return Err(Error::NoStratum {
            stratum,
            known: drawn.strata.iter().map(|one| one.stratum.clone()).collect(),
        }
        .into());
    }
    // Strata that land together are drawn together.
    let together = how.lands() == Some(Lands::Together);
    let only = (!together).then_some(&labels[..]);
    let mut counted = bare::count(how, &frame, only, &Silent)?;
    if let Some(resting) = study.resting()? {
        resting.leave_out(&mut counted.strata, how.size.is_some());
    }
    let take = |one: &bare::Stratum| {
        let told = drawn.strata.iter().find(|told| told.stratum == one.label());
        Take::Whole(told.map_or(0, |told| told.expected.unwrap_or(told.drawn)))
    };
    let takes: Vec<Take> = counted.strata.iter().map(take).collect();
    let (seed, numeric) = (study.seed(), &counted.numeric);
    let parts = bare::draw_from(how, &seed, numeric, counted.strata, &takes)?;
    let takes = parts
        .iter()
        .any(|part| part.units.iter().any(|one| one.id == unit));
    Ok(Some(Again {
        stratum,
        takes,
        list: study.list_path().display().to_string(),
    }))
}

/// The labels of a unit's stratum; none if the list has no such unit.
pub(crate) fn labels_of(frame: &Frame, unit: &str) -> Result<Option<Vec<String>>, crate::Error> {
    let roles = frame.roles();
    let columns: Vec<&str> = std::iter::once(&roles.unit)
        .chain(&roles.strata)
        .map(String::as_str)
        .collect();
    let found = Mutex::new(None);
    frame.list().scan(&columns, &|batch| {
        let Some((ids, strata)) = batch.columns.split_first() else {
            return Ok(());
        };
        if let Some(row) = ids.iter().position(|id| *id == Some(unit)) {
            let label = |column: &Vec<Option<&str>>| column[row].unwrap_or_default().to_owned();
            let labels = strata.iter().map(label).collect();
            *found.lock().expect("no visitor panicked") = Some(labels);
        }
        Ok(())
    })?;
    Ok(found.into_inner().expect("no visitor panicked"))
}
