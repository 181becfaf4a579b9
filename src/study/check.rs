//! Step 1: is the list fit to draw from?

use serde::{Deserialize, Serialize};

use super::folder::{CHECK, SURVEY};
use super::staged::{self, CheckedStage, Looked};
use super::study::LIST;
use super::{Done, Error, Study};
use crate::bare::{Counted, Reading, Stratum};
use crate::draw::How;
use crate::files::DiskScratch;
use crate::frame::{self, Batch, Beside, Census};
use crate::math::sum;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::settings::{Draw, Stages};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// How the list is written, as it was found.
    pub format: String,
    /// Its columns with a role.
    pub columns: Vec<String>,
    /// What it holds and what is wrong with it.
    pub census: Census,
    /// What was found in the columns that the draw goes by, if it goes by any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_by: Option<GoesBy>,
}

/// What was found in the columns that a draw goes by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoesBy {
    /// The column of sizes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Σx over the whole list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
    /// Sizes by stratum, in the order of the census; none if there is no column of sizes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strata: Vec<SizedStratum>,
    /// Clusters by stage, if some are drawn before units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<CheckedStage>,
    /// Cells that should be numbers and are not, or should name a cluster.
    pub problems: Vec<String>,
}

/// How large a stratum is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SizedStratum {
    /// Its label.
    pub stratum: String,
    /// Units of a size above 0: the others are never drawn.
    pub units: u64,
    /// Σx.
    pub size: f64,
}

impl GoesBy {
    /// What was found; of a draw in stages all units.
    fn of(draw: &Draw, mut counted: Counted) -> GoesBy {
        let looked = draw.stages.as_ref().map(|stages| {
            let units = counted.strata.iter_mut().map(Stratum::take_units);
            Looked::at(&draw.how, stages, units.collect())
        });
        let mut found = GoesBy::sizes(&draw.how, counted);
        if let Some(looked) = looked {
            found.stages = looked.stages;
            found.problems.extend(looked.problems);
            let reached = found.strata.iter_mut().zip(looked.reached);
            reached.for_each(|(stratum, units)| stratum.units = units);
        }
        found
    }

    fn sizes(how: &How, counted: Counted) -> GoesBy {
        let sized = how.size.is_some();
        let strata = counted.strata.iter().map(|stratum| SizedStratum {
            stratum: stratum.label(),
            units: stratum.sizes.above_zero(),
            size: stratum.sizes.total(),
        });
        let strata: Vec<SizedStratum> = strata.filter(|_| sized).collect();
        GoesBy {
            size: how.size.clone(),
            total: sized.then(|| sum(strata.iter().map(|stratum| stratum.size))),
            strata,
            stages: Vec::new(),
            problems: counted.problems,
        }
    }
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
        let draw = &self.settings().draw;
        let how = &match &draw.stages {
            Some(stages) => staged::reading(&draw.how, stages),
            None => draw.how.clone(),
        };
        let goes = !how.columns().is_empty();
        let columns = frame.roles().columns();
        let reading = Reading::new(how, frame.roles(), columns, draw.stages.is_some());
        let companion = |batch: &Batch<'_>, beside: &dyn Beside, strata: &[Option<u32>]| match goes
        {
            true => reading.hear_beside(batch, beside, strata),
            false => Ok(()),
        };
        let further = reading.further();
        let census = frame::check_with(&frame, &scratch, &further, &companion, monitor)?;
        let goes_by = goes.then(|| GoesBy::of(draw, reading.done()));
        let once = self.settings().draw.calls.is_some();
        let notices = notices(&census, goes_by.as_ref(), once);
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
            goes_by,
        };
        self.write(CHECK, "check", &[], &notices, &checked)?;
        self.done("check", &[SURVEY, LIST], &[], notices, checked)
    }
}

fn notices(census: &Census, goes_by: Option<&GoesBy>, once: bool) -> Vec<Notice> {
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
        notices.push(match once {
            true => Notice::SharedOnce { numbers, units },
            false => Notice::SharedNumbers { numbers, units },
        });
    }
    if !census.fitness.empty_strata.is_empty() {
        notices.push(Notice::EmptyStrata {
            strata: census.fitness.empty_strata.clone(),
        });
    }
    if let Some(sized) = goes_by.filter(|found| found.size.is_some()) {
        let with: u64 = sized.strata.iter().map(|stratum| stratum.units).sum();
        let all: u64 = census.strata.iter().map(|stratum| stratum.population).sum();
        if let Some(count @ 1..) = all.checked_sub(with) {
            notices.push(Notice::WithoutSize { count });
        }
    }
    notices
}

impl Checked {
    /// Refuses a list that no probability sample can be drawn from.
    pub(super) fn must_be_fit(&self) -> Result<(), Error> {
        let mut obstacles: Vec<String> = self
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
        let goes_by = self.goes_by.iter();
        obstacles.extend(goes_by.flat_map(|found| found.problems.clone()));
        if obstacles.is_empty() {
            Ok(())
        } else {
            Err(Error::Unfit { obstacles })
        }
    }

    /// Refuses a check that did not look at what the draw goes by.
    pub(super) fn must_suit(&self, draw: &Draw) -> Result<(), Error> {
        let how = &draw.how;
        let clusters = draw.stages.as_ref().map(Stages::columns);
        let found = self.goes_by.iter().flat_map(|found| &found.stages);
        let same = clusters
            .iter()
            .flatten()
            .eq(found.map(|stage| &stage.column));
        let seen = |column: &&str| self.columns.iter().any(|known| known == column);
        let sized = self.goes_by.as_ref().and_then(|found| found.size.as_ref());
        if same && how.columns().iter().all(seen) && how.size.as_ref() == sized {
            return Ok(());
        }
        Err(Error::Stale {
            file: SURVEY.to_owned(),
            writer: "check".to_owned(),
        })
    }

    /// How many units of a stratum can be drawn: those of a size above 0, where sizes decide.
    pub(super) fn drawable(&self, stratum: &str) -> Option<u64> {
        let found = self.goes_by.as_ref().filter(|found| found.size.is_some())?;
        let mut strata = found.strata.iter();
        Some(
            strata
                .find(|one| one.stratum == stratum)
                .map_or(0, |one| one.units),
        )
    }
}
