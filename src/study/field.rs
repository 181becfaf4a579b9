//! Step 4: call lists.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::folder::{CALLS, DRAW, FOLLOW_UP, KEY, SAMPLE, SURVEY};
use super::journal::Asked;
use super::study::LIST;
use super::{Done, Error, Study};
use crate::draw::Sample;
use crate::draw::stages::Asking;
use crate::draw::stages::one_call::Rule;
use crate::field::CallList;
use crate::files::texts::{self, TextFormat};
use crate::frame::{Codes, Frame};
use crate::notice::Notice;
use crate::progress::{Event, Monitor};
use crate::settings::{CallEncoding, CallFormat};

/// A call list that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFile {
    /// Its path in the study.
    pub file: String,
    /// Numbers on it.
    pub rows: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// The call lists of a study: the manifest beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// What the lists are for: nothing else.
    pub purpose: String,
    /// Until when they may be used: the last day of fieldwork, if it is known.
    pub expires: Option<String>,
    /// Replicates on the lists, from 1.
    pub replicates: u32,
    /// The releases, where replicates were released one after another: each has lists of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<Released>,
    /// Numbers on the lists.
    pub numbers: u64,
    /// The sum of 1/π over them.
    pub base_weights: f64,
    /// Columns of the lists.
    pub columns: Vec<String>,
    /// The files.
    pub lists: Vec<ListFile>,
}

/// Replicates that were released together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Released {
    /// The first of them.
    pub from: u32,
    /// The last of them.
    pub to: u32,
    /// Numbers on their lists.
    pub numbers: u64,
    /// The files, among those of the manifest.
    pub files: Vec<String>,
}

/// The manifest's name.
const MANIFEST: &str = "manifest.json";

impl Study {
    /// Writes the call lists of the released replicates.
    ///
    /// # Errors
    ///
    /// [`Error::NoPhone`] if the list has no telephone numbers; [`Error::Moved`] if its rows are in
    /// another order than at the draw.
    pub fn field(&self, monitor: &dyn Monitor) -> Result<Done<Listed>, crate::Error> {
        let releases = self.releases()?;
        self.lists(releases, monitor)
    }

    /// Releases replicates up to `first`, and writes call lists of those that were not released before;
    /// lists of earlier releases stay as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Unrelease`] if more are released already; [`Error::NoReplicate`] if there are not so many;
    /// those of [`Study::field`].
    pub fn field_first(
        &self,
        first: u32,
        monitor: &dyn Monitor,
    ) -> Result<Done<Listed>, crate::Error> {
        let mut releases = self.releases()?;
        let (last, most) = (
            releases.last().copied().unwrap_or(0),
            self.settings().draw.replicates,
        );
        if first < last {
            return Err(Error::Unrelease {
                asked: first,
                released: last,
            }
            .into());
        }
        if first == 0 || first > most {
            return Err(Error::NoReplicate { asked: first, most }.into());
        }
        if first > last {
            releases.push(first);
        }
        self.lists(releases, monitor)
    }

    /// How many replicates are released.
    pub(super) fn released(&self) -> Result<u32, crate::Error> {
        let last = self.releases()?.last().copied();
        Ok(last.unwrap_or(self.settings().field.released))
    }

    /// The last replicate of each release of this sample, where replicates are released one after another.
    pub(super) fn releases(&self) -> Result<Vec<u32>, crate::Error> {
        let Some(entry) = self.journal().last("field")? else {
            return Ok(Vec::new());
        };
        if entry.released.is_empty() || !self.path(SAMPLE).exists() {
            return Ok(Vec::new());
        }
        let same = entry.read.get(SAMPLE) == self.prints(&[SAMPLE])?.get(SAMPLE);
        Ok(if same { entry.released } else { Vec::new() })
    }

    /// Writes the call lists of these releases; of the first replicates, if there are none.
    pub(super) fn lists(
        &self,
        releases: Vec<u32>,
        monitor: &dyn Monitor,
    ) -> Result<Done<Listed>, crate::Error> {
        let sample = self.sample("field")?;
        self.trust("draw", &[SAMPLE, DRAW, KEY])?;
        let (frame, _) = self.frame()?;
        let once = [self.settings().field.released];
        let ends: &[u32] = if releases.is_empty() {
            &once
        } else {
            &releases
        };
        let (mut calls, mut undialable) = (Vec::new(), 0);
        let mut from = 1;
        for &to in ends {
            let on_list = released(&sample, from, to);
            let wish = (on_list.as_slice(), self.columns_for_callers(&sample));
            let (list, bad) = self.call_list(&sample, &frame, wish, monitor)?;
            calls.push(((from, to), list));
            // Each reading finds those of the whole sample.
            undialable = bad;
            from = to + 1;
        }
        let mut notices: Vec<Notice> = Vec::new();
        let without = calls.iter().map(|(_, list)| list.without_phone()).sum();
        notices.extend((without > 0).then_some(Notice::WithoutNumber { count: without }));
        notices.extend((undialable > 0).then_some(Notice::Undialable { count: undialable }));
        let listed = self.write_lists(&sample, &calls, !releases.is_empty())?;
        let asked = Asked {
            released: releases,
            ..Asked::default()
        };
        let read = [SURVEY, LIST, SAMPLE, DRAW, KEY];
        self.done_asked("field", asked, &read, &[], notices, listed)
    }

    /// The call list of some units with the columns that callers see, and how many numbers of the sample are
    /// not well formed.
    fn call_list(
        &self,
        sample: &Sample,
        frame: &Frame,
        (on_list, carried): (&[bool], Vec<(String, Codes)>),
        monitor: &dyn Monitor,
    ) -> Result<(CallList, u64), crate::Error> {
        const TASK: &str = "fetching numbers";
        let roles = frame.roles();
        let phone = roles.phone.as_deref().ok_or(Error::NoPhone)?;
        monitor.hear(Event::Began {
            task: TASK,
            of: None,
        });
        let mut cells = frame.list().gather(&sample.row, &[&roles.unit, phone])?;
        monitor.hear(Event::Ended { task: TASK });
        let phones = cells.pop().unwrap_or_default();
        let units = cells.pop().unwrap_or_default();
        let key = self.case_key()?;
        let moved = units
            .iter()
            .zip(&sample.id)
            .filter(|(unit, case)| {
                unit.as_deref().map(|unit| key.case_id(unit)).as_ref() != Some(*case)
            })
            .count();
        if moved > 0 {
            return Err(Error::Moved { count: moved }.into());
        }
        let mut undialable = 0;
        let numbers: Vec<String> = phones
            .into_iter()
            .map(|text| {
                let text = text.unwrap_or_default();
                match frame.numbering().read(&text) {
                    Ok(number) => number.digits().to_owned(),
                    Err(_) => {
                        undialable += 1;
                        text
                    }
                }
            })
            .collect();
        let list = CallList::new(
            sample.id.clone(),
            numbers,
            carried,
            sample.replicate.clone(),
            on_list,
            &self.seed(),
        );
        let list = match self.asks_all(sample) {
            Some(asking) => list.together(&asking.call),
            None => list,
        };
        Ok((list, undialable))
    }

    /// What a caller must know of a case beside its number: the strata, and the call where it is about
    /// several cases. What else came along with the
    /// sample is for weights and figures, and no caller's affair.
    fn columns_for_callers(&self, sample: &Sample) -> Vec<(String, Codes)> {
        let strata = &self.settings().list.strata;
        let of_strata = sample.columns.iter();
        let mut columns: Vec<(String, Codes)> = of_strata
            .filter(|(name, _)| strata.contains(name))
            .cloned()
            .collect();
        // Rows of one call are cases of their own, and the caller must see that they are one call.
        columns.extend(self.asks_all(sample).map(|asking| {
            let calls = asking.call.iter().map(u32::to_string);
            ("call".to_owned(), Codes::from_labels(calls))
        }));
        columns
    }

    /// Which calls there are, if a call is about all the drawn units of its number.
    fn asks_all<'a>(&self, sample: &'a Sample) -> Option<&'a Asking> {
        let all = self.settings().draw.calls == Some(Rule::AskAll);
        sample.basis.asking.as_ref().filter(|_| all)
    }

    fn write_lists(
        &self,
        sample: &Sample,
        calls: &[((u32, u32), CallList)],
        one_by_one: bool,
    ) -> Result<Listed, crate::Error> {
        let folder = self.path(CALLS);
        if folder.exists() {
            // Lists of an earlier draw must not lie beside those of this one.
            std::fs::remove_dir_all(&folder)
                .map_err(|why| crate::files::Error::write(&folder, why))?;
        }
        let (mut lists, mut releases, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for ((from, to), list) in calls {
            let name = match from {
                1 => "calls".to_owned(),
                _ => format!("calls-{from}-{to}"),
            };
            columns = list.header().into_iter().map(str::to_owned).collect();
            let files = self.write_list((CALLS, &name), list, &columns)?;
            releases.push(Released {
                from: *from,
                to: *to,
                numbers: list.len() as u64,
                files: files.iter().map(|file| file.file.clone()).collect(),
            });
            lists.extend(files);
        }
        let weights = calls
            .iter()
            .flat_map(|(_, list)| (0..list.len()).map(|row| sample.stands_for(list.unit(row))));
        let listed = Listed {
            purpose: self.settings().survey.name.clone(),
            expires: self
                .settings()
                .field
                .window
                .as_ref()
                .map(|window| window.end.to_string()),
            replicates: calls.last().map_or(0, |((_, to), _)| *to),
            numbers: calls.iter().map(|(_, list)| list.len() as u64).sum(),
            base_weights: crate::math::sum(weights),
            releases: if one_by_one { releases } else { Vec::new() },
            columns,
            lists,
        };
        self.write(&format!("{CALLS}/{MANIFEST}"), "calls", &[], &[], &listed)?;
        Ok(listed)
    }

    /// Writes one call list, as all kinds of file that are wished.
    fn write_list(
        &self,
        (folder, name): (&str, &str),
        list: &CallList,
        heading: &[String],
    ) -> Result<Vec<ListFile>, crate::Error> {
        let cells = |row| list.row(row).into_iter().map(Cow::into_owned).collect();
        let rows: Vec<Vec<String>> = (0..list.len()).map(cells).collect();
        let mut lists = Vec::new();
        for &format in &self.settings().field.formats {
            let format = text_format(format, self.settings().field.encoding);
            for written in texts::write(&self.path(folder), name, format, heading, &rows)? {
                let name = written
                    .path
                    .file_name()
                    .map(|n| n.to_string_lossy())
                    .unwrap_or_default();
                lists.push(ListFile {
                    file: format!("{folder}/{name}"),
                    rows: written.rows as u64,
                    sha256: self.print_of(&written.path)?,
                });
            }
        }
        Ok(lists)
    }

    /// Writes the call list of those who are followed up, with the chance of each.
    pub(super) fn follow_list(
        &self,
        sample: &Sample,
        called: &[bool],
        chance: &[f64],
        monitor: &dyn Monitor,
    ) -> Result<Vec<ListFile>, crate::Error> {
        let (frame, _) = self.frame()?;
        let mut carried = self.columns_for_callers(sample);
        let chances = Codes::from_labels(chance.iter().map(f64::to_string));
        carried.push(("chance".to_owned(), chances));
        let (list, _) = self.call_list(sample, &frame, (called, carried), monitor)?;
        let heading: Vec<String> = list.header().into_iter().map(str::to_owned).collect();
        self.write_list((FOLLOW_UP, "calls"), &list, &heading)
    }
}

/// The units of some replicates that are called.
fn released(sample: &Sample, from: u32, to: u32) -> Vec<bool> {
    let mut on_list = sample.called(to);
    for (on_list, replicate) in on_list.iter_mut().zip(&sample.replicate) {
        *on_list &= *replicate >= from;
    }
    on_list
}

fn text_format(format: CallFormat, encoding: CallEncoding) -> TextFormat {
    match (format, encoding) {
        (CallFormat::Xlsx, _) => TextFormat::Xlsx,
        (CallFormat::Parquet, _) => TextFormat::Parquet,
        (CallFormat::Csv, CallEncoding::Utf8) => TextFormat::CsvUtf8,
        (CallFormat::Csv, CallEncoding::Utf8Bom) => TextFormat::CsvMarked,
        (CallFormat::Csv, CallEncoding::Gb18030) => TextFormat::CsvGb18030,
    }
}
