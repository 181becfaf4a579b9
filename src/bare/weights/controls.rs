//! Totals that are known, as a file names them.

use std::path::Path;

use super::{Error, crossed};
use crate::files::csv::Sheet;
use crate::files::data::Data;
use crate::weigh::review::{self, Met};

/// The totals of one column or crossing.
pub(super) struct Control {
    name: String,
    pub columns: Vec<String>,
    totals: Totals,
}

enum Totals {
    Levels(Vec<(String, f64)>),
    Amount(f64),
}

/// What parts columns and levels of a crossing.
const CROSS: &str = " / ";

impl Control {
    /// What weights make of it.
    pub fn met(&self, data: &mut Data, weights: &[Option<f64>]) -> Result<Vec<Met>, crate::Error> {
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
pub(super) fn controls(path: &Path) -> Result<Vec<Control>, crate::Error> {
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
