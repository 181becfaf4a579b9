//! A report card of one set of weights.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Error, crossed, has, once};
use crate::bare::estimate;
use crate::files::csv::Sheet;
use crate::files::data::Data;
use crate::notice::Notice;
use crate::study::Done;
use crate::weigh::review::{self, Dominant, Faults, Met, Spread};

/// What is to be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The table.
    pub data: PathBuf,
    /// Its column of weights.
    pub weight: String,
    /// The columns whose combinations are the strata.
    pub strata: Vec<String>,
    /// The columns whose combinations are the domains.
    pub domains: Vec<String>,
    /// Known totals: a CSV file with the columns `column`, `level` and `total`. Without a level, the
    /// total is that of the column's numbers. Columns may be crossed: "region / sex", "north / f".
    pub controls: Option<PathBuf>,
    /// A column of answers, for Spencer's design effect.
    pub answer: Option<String>,
    /// The share of a domain's weight above which a row is told of.
    pub limit: f64,
    /// Relative difference up to which a total counts as met.
    pub within: f64,
}

/// What can be seen of weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Rows of the table.
    pub rows: u64,
    /// Rows without a weight to count on.
    pub faults: Faults,
    /// All weights above 0; none if there are none.
    pub all: Option<Spread>,
    /// The part of Kish's design effect that lies between strata, where strata were named.
    pub between: Option<f64>,
    /// By stratum.
    pub strata: Vec<Spread>,
    /// By domain.
    pub domains: Vec<Spread>,
    /// Rows that make up much of a domain, or of all.
    pub dominant: Vec<Dominant>,
    /// Known totals.
    pub controls: Vec<Met>,
}

/// The totals of one column or crossing.
struct Control {
    name: String,
    columns: Vec<String>,
    totals: Totals,
}

enum Totals {
    Levels(Vec<(String, f64)>),
    Amount(f64),
}

/// What parts columns and levels of a crossing.
const CROSS: &str = " / ";

/// Looks at weights.
///
/// # Errors
///
/// [`Error`], or what reading the files runs into; columns that are missing are named all at once.
pub fn check(asked: &Check) -> Result<Done<Checked>, crate::Error> {
    if !(asked.limit > 0.0 && asked.limit < 1.0) {
        return Err(Error::BadLimit { limit: asked.limit }.into());
    }
    if !(asked.within >= 0.0 && asked.within.is_finite()) {
        return Err(Error::BadWithin {
            within: asked.within,
        }
        .into());
    }
    let controls = asked
        .controls
        .as_deref()
        .map(controls)
        .transpose()?
        .unwrap_or_default();
    let mut columns: Vec<&str> = vec![&asked.weight];
    columns.extend(
        asked
            .strata
            .iter()
            .chain(&asked.domains)
            .chain(&asked.answer)
            .map(String::as_str),
    );
    columns.extend(
        controls
            .iter()
            .flat_map(|control| &control.columns)
            .map(String::as_str),
    );
    let columns = once(columns);
    has(&asked.data, &columns)?;
    let mut data = Data::read(&asked.data, &columns)?;
    if data.rows() == 0 {
        return Err(estimate::Error::Empty {
            path: asked.data.display().to_string(),
        }
        .into());
    }
    let weights = data.numbers(&asked.weight)?;
    let answers = asked
        .answer
        .as_ref()
        .map(|name| data.numbers(name))
        .transpose()?;
    let met = controls
        .iter()
        .map(|control| control.met(&mut data, &weights))
        .collect::<Result<Vec<_>, crate::Error>>()?
        .concat();
    data.finish()?;
    let checked = look(asked, &data, &weights, answers.as_deref(), met)?;
    let notices = notices(&checked, asked.within);
    let shown = |path: &Path| path.display().to_string();
    let read = std::iter::once(&asked.data)
        .chain(&asked.controls)
        .map(|path| shown(path))
        .collect();
    Ok(Done {
        value: checked,
        notices,
        read,
        wrote: Vec::new(),
    })
}

fn look(
    asked: &Check,
    data: &Data,
    weights: &[Option<f64>],
    answers: Option<&[Option<f64>]>,
    controls: Vec<Met>,
) -> Result<Checked, crate::Error> {
    let (strata, domains) = (
        crossed(data, &asked.strata)?,
        crossed(data, &asked.domains)?,
    );
    let spreads = |columns: &[String], codes| match columns.is_empty() {
        true => Vec::new(),
        false => review::spreads(weights, codes, answers),
    };
    let all = crossed(data, &[])?;
    Ok(Checked {
        rows: data.rows() as u64,
        faults: review::faults(weights),
        all: review::spreads(weights, &all, answers).pop(),
        between: if asked.strata.is_empty() {
            None
        } else {
            review::between(weights, &strata)
        },
        strata: spreads(&asked.strata, &strata),
        domains: spreads(&asked.domains, &domains),
        dominant: review::dominant(weights, &domains, asked.limit),
        controls,
    })
}

impl Control {
    fn met(&self, data: &mut Data, weights: &[Option<f64>]) -> Result<Vec<Met>, crate::Error> {
        Ok(match &self.totals {
            Totals::Levels(totals) => {
                review::levels(&self.name, weights, &crossed(data, &self.columns)?, totals)
            }
            Totals::Amount(total) => {
                vec![review::amount(
                    &self.name,
                    weights,
                    &data.numbers(&self.name)?,
                    *total,
                )]
            }
        })
    }
}

/// Known totals, in the order in which their columns are first named.
fn controls(path: &Path) -> Result<Vec<Control>, crate::Error> {
    let mut sheet = Sheet::read(path, &["column", "total"])?;
    let at = path.display().to_string();
    let mut controls: Vec<Control> = Vec::new();
    for row in 0..sheet.len() {
        let name = sheet.need(row, "column", "the name of a column", |cell| {
            Some(cell.to_owned())
        });
        let number = |cell: &str| cell.parse::<f64>().ok().filter(|total| total.is_finite());
        let total = sheet.need(row, "total", "a number", number);
        let level = sheet.cell(row, "level").map(str::to_owned);
        if let (Some(name), Some(total)) = (name, total) {
            take(&mut controls, &at, name, level, total)?;
        }
    }
    sheet.finish()?;
    Ok(controls)
}

/// Takes one line of the controls.
fn take(
    controls: &mut Vec<Control>,
    path: &str,
    name: String,
    level: Option<String>,
    total: f64,
) -> Result<(), Error> {
    let (path, column) = (path.to_owned(), name.clone());
    match (
        controls.iter_mut().find(|control| control.name == name),
        level,
    ) {
        (None, None) => {
            controls.push(Control {
                columns: vec![column],
                name,
                totals: Totals::Amount(total),
            });
        }
        (None, Some(level)) => {
            let columns = name
                .split(CROSS)
                .map(|part| part.trim().to_owned())
                .collect();
            controls.push(Control {
                columns,
                name,
                totals: Totals::Levels(vec![(level, total)]),
            });
        }
        (Some(known), level) => match (&mut known.totals, level) {
            (Totals::Levels(totals), Some(level)) => {
                if totals.iter().any(|(known, _)| *known == level) {
                    return Err(Error::TotalTwice {
                        path,
                        control: format!("{name} = {level}"),
                    });
                }
                totals.push((level, total));
            }
            (Totals::Amount(_), None) => {
                return Err(Error::TotalTwice {
                    path,
                    control: name,
                });
            }
            _ => return Err(Error::BothKinds { path, column }),
        },
    }
    Ok(())
}

/// What a reader of these weights must hear.
fn notices(checked: &Checked, within: f64) -> Vec<Notice> {
    let count = |rows: &[u64]| rows.len() as u64;
    let Faults {
        missing, negative, ..
    } = &checked.faults;
    let known = || checked.controls.iter().filter(|met| met.target.is_some());
    let missed = known().filter(|met| !met.holds(within)).count() as u64;
    let dominated = checked
        .dominant
        .iter()
        .map(|row| &row.label)
        .collect::<std::collections::BTreeSet<_>>();
    let found = [
        (count(missing) > 0).then(|| Notice::MissingWeights {
            count: count(missing),
        }),
        (count(negative) > 0).then(|| Notice::NegativeWeights {
            count: count(negative),
        }),
        (missed > 0).then_some(Notice::TotalsMissed {
            count: missed,
            of: known().count() as u64,
        }),
        (!dominated.is_empty()).then(|| Notice::Dominated {
            rows: checked.dominant.len() as u64,
            domains: dominated.into_iter().cloned().collect(),
        }),
    ];
    found.into_iter().flatten().collect()
}
