//! Units that rest: who was called lately is left in peace until a stated day.
//!
//! Whoever rests has no chance, and the others share the sample: within each stratum the draw is made from
//! them alone, so their chances are those of a list without the ones who rest. The sample speaks for them
//! and for nobody else; known totals are still those of the whole list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::folder::{JOURNAL, KEY, SAMPLE, SURVEY};
use super::study::read_key;
use super::{Error, Study};
use crate::bare::{self, Stratum};
use crate::draw::waves::rested::Resting;
use crate::field::CaseKey;
use crate::files::csv::Sheet;
use crate::files::{Column, parquet};
use crate::notice::Notice;
use crate::settings::Length;

/// Who rested when a sample was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rested {
    /// The day that counts: who rests until then, or less, does not rest any more.
    pub on: String,
    /// Units of the list that rest.
    pub resting: u64,
    /// Units of the list.
    pub units: u64,
    /// Units that the file names and that rest nowhere in this list.
    pub elsewhere: u64,
    /// Until when the units of earlier studies rest, by their folders.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub until: BTreeMap<String, String>,
    /// SHA-256 of the files that say who rests.
    pub files: BTreeMap<String, String>,
}

/// Who rests.
pub(super) struct RestList {
    on: Date,
    /// By a file, with how many it names that rest.
    named: Option<(Resting, u64)>,
    /// By earlier studies that rest still.
    waves: Vec<Called>,
    until: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

/// Units of an earlier study, by their case ids there.
struct Called {
    key: CaseKey,
    cases: BTreeSet<String>,
}

impl Study {
    /// Who rests, if survey.toml says that anybody does.
    ///
    /// # Errors
    ///
    /// [`Error::NoRest`] if an earlier study lacks its sample or its case.key; everything that is wrong with
    /// the file, at once.
    pub(super) fn resting(&self) -> Result<Option<RestList>, crate::Error> {
        let Some(rest) = &self.settings().draw.rest else {
            return Ok(None);
        };
        let mut list = RestList {
            on: rest.on,
            named: None,
            waves: Vec::new(),
            until: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        if let Some(file) = &rest.file {
            let path = self.home().join(file);
            list.files.insert(file.clone(), self.print_of(&path)?);
            list.named = Some(named(&path, rest.on, rest.length)?);
        }
        for with in &rest.with {
            let folder = self.home().join(with);
            for file in [KEY, SAMPLE] {
                if !folder.join(file).is_file() {
                    let file = format!("{with}/{file}");
                    return Err(Error::NoRest { file }.into());
                }
                let print = self.print_of(&folder.join(file))?;
                list.files.insert(format!("{with}/{file}"), print);
            }
            let last = last_day(&folder)?.ok_or_else(|| Error::NoRest {
                file: format!("{with}/{JOURNAL}"),
            })?;
            let until = rest.length.and_then(|length| length.after(last));
            let until = until.unwrap_or(Date::MAX);
            list.until.insert(with.clone(), until.to_string());
            if rest.on < until {
                list.waves.push(called(&folder)?);
            }
        }
        Ok(Some(list))
    }
}

impl RestList {
    /// Files that say who rests, as a person knows them.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// In a few words, for a promise.
    pub fn words(&self) -> String {
        let files = self
            .files
            .iter()
            .map(|(file, print)| format!("{file} {print}"));
        let all: Vec<String> = std::iter::once(format!("on {}", self.on))
            .chain(files)
            .collect();
        all.join("; ")
    }

    fn rests(&self, id: &str) -> bool {
        let named = |(resting, _): &(Resting, u64)| resting.rests(id);
        self.named.as_ref().is_some_and(named)
            || self
                .waves
                .iter()
                .any(|wave| wave.cases.contains(&wave.key.case_id(id)))
    }

    /// Takes those who rest out of the strata, and tells how many of each did.
    pub fn leave_out(&self, strata: &mut [Stratum], sized: bool) -> Vec<u64> {
        bare::leave_out(strata, sized, &|id| self.rests(id))
    }

    /// What is published of it.
    pub fn told(&self, resting: u64, drawn_from: u64) -> Rested {
        let named = self.named.as_ref().map_or(0, |(_, named)| *named);
        let by_waves = !self.waves.is_empty();
        Rested {
            on: self.on.to_string(),
            resting,
            units: resting + drawn_from,
            // Of those who rest by an earlier study nobody can say who is named by the file too.
            elsewhere: if by_waves {
                0
            } else {
                named.saturating_sub(resting)
            },
            until: self.until.clone(),
            files: self.files.clone(),
        }
    }
}

impl Rested {
    /// What a reader of the sample must hear.
    pub(super) fn notice(&self) -> Option<Notice> {
        (self.resting > 0).then_some(Notice::Resting {
            count: self.resting,
            units: self.units,
        })
    }
}

/// The units that a file names: the columns `unit`, and `until`, or else `drawn`, from which day they rest
/// for a stated time. A unit named twice rests until the later day.
fn named(path: &Path, on: Date, length: Option<Length>) -> Result<(Resting, u64), crate::Error> {
    let mut sheet = Sheet::read(path, &["unit"])?;
    let has = |name: &str| sheet.columns().iter().any(|column| column == name);
    let counted = length.filter(|_| has("drawn") && !has("until"));
    let column = if counted.is_some() { "drawn" } else { "until" };
    let mut days = Vec::new();
    for row in 0..sheet.len() {
        let unit = sheet.need(row, "unit", "a unit's id", |cell| Some(cell.to_owned()));
        let day = sheet.need(row, column, "a date such as 2016-01-04", |cell| {
            let day: Date = cell.parse().ok()?;
            match counted {
                Some(length) => length.after(day),
                None => Some(day),
            }
        });
        days.extend(unit.zip(day));
    }
    sheet.finish()?;
    // In days before the one that counts: whoever rests until tomorrow was last drawn today.
    let before = |(unit, until): (String, Date)| {
        let left = on.until(until).map_or(0, |span| i64::from(span.get_days()));
        (unit, left - 1)
    };
    let drawn: Vec<(String, i64)> = days.into_iter().map(before).collect();
    let resting = Resting::new(&drawn, 0, 1);
    let units: BTreeSet<&String> = drawn.iter().map(|(unit, _)| unit).collect();
    let count = units.into_iter().filter(|unit| resting.rests(unit)).count() as u64;
    Ok((resting, count))
}

/// The last day on which the units of an earlier study may have been called: the last of its fieldwork, or
/// else the one on which it was drawn.
fn last_day(folder: &Path) -> Result<Option<Date>, crate::Error> {
    if folder.join(SURVEY).is_file() {
        let study = Study::open(folder)?;
        if let Some(window) = &study.settings().field.window {
            return Ok(Some(window.end));
        }
    }
    let journal = super::Journal::at(folder.join(JOURNAL));
    let drawn = journal.last("draw")?;
    Ok(drawn.and_then(|entry| entry.at.get(..10)?.parse().ok()))
}

/// The cases of an earlier study.
fn called(folder: &Path) -> Result<Called, crate::Error> {
    let table = parquet::read(&folder.join(SAMPLE))?;
    let cases = match table.get("case_id") {
        Some(Column::Text(cases)) => cases.iter().cloned().collect(),
        _ => BTreeSet::new(),
    };
    let key = read_key(&folder.join(KEY))?;
    Ok(Called { key, cases })
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::settings::Length;
    use jiff::civil::date;

    #[test]
    fn a_unit_rests_until_its_day_and_not_on_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("rested.csv");
        std::fs::write(
            &path,
            "unit,until\na,2025-03-02\nb,2025-03-01\nc,2025-02-01\nc,2026-01-01\n",
        )
        .expect("writes");
        let (resting, count) = named(&path, date(2025, 3, 1), None).expect("a list");
        let rests = ["a", "b", "c", "d"].map(|unit| resting.rests(unit));
        assert_eq!((rests, count), ([true, false, true, false], 2));
    }

    #[test]
    fn a_rest_is_counted_from_the_day_of_the_draw() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("rested.csv");
        std::fs::write(&path, "unit,drawn\na,2024-09-02\nb,2024-09-01\n").expect("writes");
        let half = Some(Length::Months(6));
        let (resting, _) = named(&path, date(2025, 3, 1), half).expect("a list");
        assert!(resting.rests("a") && !resting.rests("b"));
        std::fs::write(&path, "unit,drawn\na,soon\n").expect("writes");
        named(&path, date(2025, 3, 1), half).expect_err("no date");
    }
}
