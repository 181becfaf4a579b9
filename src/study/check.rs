//! Step 1: is the list fit to draw from?

use serde::{Deserialize, Serialize};

use super::folder::{CHECK, SURVEY};
use super::study::LIST;
use super::{Done, Error, Study};
use crate::files::DiskScratch;
use crate::frame::{self, Census};
use crate::notice::Notice;
use crate::progress::Monitor;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// How the list is written, as it was found.
    pub format: String,
    /// Its columns with a role.
    pub columns: Vec<String>,
    /// What it holds and what is wrong with it.
    pub census: Census,
}

impl Study {
    /// Reads the whole list once: counts its strata and finds what is wrong with it.
    ///
    /// # Errors
    ///
    /// If the list cannot be read. What is wrong *in* it is a finding.
    pub fn check(&self, monitor: &dyn Monitor) -> Result<Done<Checked>, crate::Error> {
        let (frame, format) = self.frame()?;
        let scratch = DiskScratch::new().map_err(|why| frame::Error::Unreadable {
            list: "the folder for temporary files".to_owned(),
            why: why.to_string(),
        })?;
        let census = frame::check(&frame, &scratch, monitor)?;
        let notices = notices(&census);
        let columns = frame
            .roles()
            .columns()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let checked = Checked {
            format,
            columns,
            census,
        };
        self.write(CHECK, "check", &[], &notices, &checked)?;
        self.done("check", &[SURVEY, LIST], &[], notices, checked)
    }
}

fn notices(census: &Census) -> Vec<Notice> {
    let mut notices = Vec::new();
    let malformed: u64 = census
        .fitness
        .malformed_numbers
        .values()
        .map(|found| found.count)
        .sum();
    if malformed > 0 {
        notices.push(Notice::MalformedNumbers { count: malformed });
    }
    let (numbers, units) = census.fitness.shared();
    if numbers > 0 {
        notices.push(Notice::SharedNumbers { numbers, units });
    }
    if !census.fitness.empty_strata.is_empty() {
        notices.push(Notice::EmptyStrata {
            strata: census.fitness.empty_strata.clone(),
        });
    }
    notices
}

impl Checked {
    /// Refuses a list that no probability sample can be drawn from.
    pub(super) fn must_be_fit(&self) -> Result<(), Error> {
        let obstacles: Vec<String> = self
            .census
            .fitness
            .obstacles()
            .into_iter()
            .map(|(words, finding)| {
                let rows: Vec<String> = finding.rows.iter().take(5).map(u64::to_string).collect();
                format!(
                    "{} {} (rows {} …)",
                    finding.count,
                    words.en,
                    rows.join(", ")
                )
            })
            .collect();
        if obstacles.is_empty() {
            Ok(())
        } else {
            Err(Error::Unfit { obstacles })
        }
    }
}
