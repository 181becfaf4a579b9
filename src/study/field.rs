//! Step 4: call lists.

use serde::{Deserialize, Serialize};

use super::folder::{CALLS, DRAW, KEY, SAMPLE, SURVEY};
use super::study::LIST;
use super::{Done, Error, Study};
use crate::draw::Sample;
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
    /// Numbers on the lists.
    pub numbers: u64,
    /// The sum of 1/π over them.
    pub base_weights: f64,
    /// Columns of the lists.
    pub columns: Vec<String>,
    /// The files.
    pub lists: Vec<ListFile>,
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
        let sample = self.sample("field")?;
        self.trust("draw", &[SAMPLE, DRAW, KEY])?;
        let (frame, _) = self.frame()?;
        let released = self.settings().field.released;
        let (calls, undialable) = self.call_list(&sample, &frame, released, monitor)?;
        let mut notices = calls.notices();
        notices.extend((undialable > 0).then_some(Notice::Undialable { count: undialable }));
        let listed = self.write_lists(&sample, &calls, released)?;
        self.done(
            "field",
            &[SURVEY, LIST, SAMPLE, DRAW, KEY],
            &[],
            notices,
            listed,
        )
    }

    /// The call list of the first replicates, and how many of its numbers are not well formed.
    fn call_list(
        &self,
        sample: &Sample,
        frame: &Frame,
        released: u32,
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
        let on_list: Vec<bool> = sample.replicate.iter().map(|r| *r <= released).collect();
        let list = CallList::new(
            sample.id.clone(),
            numbers,
            self.columns_for_callers(sample),
            sample.replicate.clone(),
            &on_list,
            &self.seed(),
        );
        Ok((list, undialable))
    }

    /// What a caller must know of a case beside its number: the strata. What else came along with the
    /// sample is for weights and figures, and no caller's affair.
    fn columns_for_callers(&self, sample: &Sample) -> Vec<(String, Codes)> {
        let strata = &self.settings().list.strata;
        sample
            .columns
            .iter()
            .filter(|(name, _)| strata.contains(name))
            .cloned()
            .collect()
    }

    fn write_lists(
        &self,
        sample: &Sample,
        calls: &CallList,
        released: u32,
    ) -> Result<Listed, crate::Error> {
        let folder = self.path(CALLS);
        if folder.exists() {
            // Lists of an earlier draw must not lie beside those of this one.
            std::fs::remove_dir_all(&folder)
                .map_err(|why| crate::files::Error::write(&folder, why))?;
        }
        let heading: Vec<String> = calls.header().into_iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> = (0..calls.len())
            .map(|row| {
                calls
                    .row(row)
                    .into_iter()
                    .map(std::borrow::Cow::into_owned)
                    .collect()
            })
            .collect();
        let mut lists = Vec::new();
        for &format in &self.settings().field.formats {
            let format = text_format(format, self.settings().field.encoding);
            for written in texts::write(&folder, "calls", format, &heading, &rows)? {
                let name = written
                    .path
                    .file_name()
                    .map(|n| n.to_string_lossy())
                    .unwrap_or_default();
                lists.push(ListFile {
                    file: format!("{CALLS}/{name}"),
                    rows: written.rows as u64,
                    sha256: self.print_of(&written.path)?,
                });
            }
        }
        let weights = (0..calls.len()).map(|row| 1.0 / sample.probability[calls.unit(row)]);
        let listed = Listed {
            purpose: self.settings().survey.name.clone(),
            expires: self
                .settings()
                .field
                .window
                .as_ref()
                .map(|window| window.end.to_string()),
            replicates: released,
            numbers: calls.len() as u64,
            base_weights: crate::math::sum(weights),
            columns: heading,
            lists,
        };
        self.write(&format!("{CALLS}/{MANIFEST}"), "calls", &[], &[], &listed)?;
        Ok(listed)
    }
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
