//! Known totals from a file, and how sure they are.

use std::collections::BTreeMap;
use std::path::Path;

use super::Error;
use crate::files::csv::Sheet;
use crate::math::solve::Symmetric;
use crate::weigh::Controls;

/// What parts the columns and levels of a crossing, as in "region / kind".
pub(super) const CROSS: &str = " / ";

/// A control as the file names it: a column or a crossing, and a level; none for the total of the
/// column's numbers.
type Key = (String, Option<String>);

/// Known totals, and their standard errors where they were estimated.
#[derive(Debug)]
pub(super) struct Totals {
    path: String,
    totals: BTreeMap<Key, f64>,
    /// Standard errors; none where every total is known exactly.
    errors: Option<BTreeMap<Key, f64>>,
    /// Covariances of two different controls, each pair in both orders.
    covariances: BTreeMap<(Key, Key), f64>,
}

impl Totals {
    /// Reads totals: the columns `column`, `total`, where there are levels `level`, and where totals
    /// were estimated `se`, which is 0 for one that was counted.
    ///
    /// # Errors
    ///
    /// All lines that make no sense, at once; [`Error::TotalTwice`].
    pub fn read(path: &Path, covariance: Option<&Path>) -> Result<Totals, crate::Error> {
        let mut sheet = Sheet::read(path, &["column", "total"])?;
        let estimated = sheet.columns().iter().any(|column| column == "se");
        let file = path.display().to_string();
        let (mut totals, mut errors) = (BTreeMap::new(), BTreeMap::new());
        for row in 0..sheet.len() {
            let column = name(&mut sheet, row, "column");
            let total = sheet.need(row, "total", "a number", number);
            let se = if estimated {
                sheet.need(row, "se", "a standard error, 0 or more", |cell| {
                    number(cell).filter(|se| *se >= 0.0)
                })
            } else {
                Some(0.0)
            };
            let level = sheet.cell(row, "level").map(str::to_owned);
            if let (Some(column), Some(total), Some(se)) = (column, total, se) {
                let key = (column, level);
                if totals.insert(key.clone(), total).is_some() {
                    return Err(twice(&file, &key).into());
                }
                errors.insert(key, se);
            }
        }
        sheet.finish()?;
        let covariances = match covariance {
            Some(path) => covariances(path)?,
            None => BTreeMap::new(),
        };
        let any = errors.values().any(|se| *se > 0.0);
        Ok(Totals {
            path: file,
            totals,
            errors: any.then_some(errors),
            covariances,
        })
    }

    /// The totals of a margin's levels, if the file has the margin.
    pub fn levels(&self, by: &[String]) -> Option<BTreeMap<String, f64>> {
        let column = by.join(CROSS);
        let levels = self.totals.iter().filter(|(key, _)| key.0 == column);
        let levels: BTreeMap<String, f64> = levels
            .filter_map(|(key, total)| Some((key.1.clone()?, *total)))
            .collect();
        (!levels.is_empty()).then_some(levels)
    }

    /// The total of a column's numbers, if the file has it.
    pub fn amount(&self, column: &str) -> Option<f64> {
        self.totals.get(&(column.to_owned(), None)).copied()
    }

    /// Whether some totals were estimated.
    pub fn are_estimated(&self) -> bool {
        self.errors.is_some()
    }

    /// The covariance of the controls, in their order; what the list counted has none.
    ///
    /// # Errors
    ///
    /// [`Error::NoControl`] if a covariance is of something that is not controlled.
    pub fn covariance(
        &self,
        controls: &Controls,
        margins: &[Vec<String>],
    ) -> Result<Symmetric, Error> {
        let mut keys: Vec<Key> = Vec::new();
        for (margin, by) in controls.margins().iter().zip(margins) {
            let levels = margin.levels().labels().iter();
            keys.extend(levels.map(|level| (by.join(CROSS), Some(level.clone()))));
        }
        keys.extend(
            controls
                .amounts()
                .iter()
                .map(|amount| (amount.name().to_owned(), None)),
        );
        let stranger = self
            .covariances
            .keys()
            .map(|pair| &pair.0)
            .find(|key| !keys.contains(key));
        if let Some(key) = stranger {
            return Err(Error::NoControl {
                file: self.path.clone(),
                control: shown(key),
            });
        }
        let mut matrix = Symmetric::zero(keys.len());
        for (row, key) in keys.iter().enumerate() {
            let se = self.errors.as_ref().and_then(|errors| errors.get(key));
            matrix.add(row, row, se.map_or(0.0, |se| se * se));
            for (column, other) in keys[..row].iter().enumerate() {
                if let Some(both) = self.covariances.get(&(key.clone(), other.clone())) {
                    matrix.add(row, column, *both);
                }
            }
        }
        Ok(matrix)
    }
}

fn number(cell: &str) -> Option<f64> {
    cell.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// The columns of a control, with one way to write a crossing.
fn name(sheet: &mut Sheet, row: usize, column: &str) -> Option<String> {
    let name = sheet.need(row, column, "the name of a column", |cell| {
        Some(cell.to_owned())
    })?;
    let parts: Vec<&str> = name.split(CROSS).map(str::trim).collect();
    Some(parts.join(CROSS))
}

/// Reads covariances: `column`, `level`, `with_column`, `with_level`, `covariance`; one line for each
/// pair of different controls.
fn covariances(path: &Path) -> Result<BTreeMap<(Key, Key), f64>, crate::Error> {
    let mut sheet = Sheet::read(path, &["column", "with_column", "covariance"])?;
    let file = path.display().to_string();
    let mut found = BTreeMap::new();
    for row in 0..sheet.len() {
        let (first, second) = (
            name(&mut sheet, row, "column"),
            name(&mut sheet, row, "with_column"),
        );
        let covariance = sheet.need(row, "covariance", "a number", number);
        let level = sheet.cell(row, "level").map(str::to_owned);
        let with = sheet.cell(row, "with_level").map(str::to_owned);
        if let (Some(first), Some(second), Some(covariance)) = (first, second, covariance) {
            let pair = ((first, level), (second, with));
            let mirrored = (pair.1.clone(), pair.0.clone());
            let again = found.insert(mirrored, covariance).is_some();
            if again || (pair.0 == pair.1) {
                return Err(twice(&file, &pair.0).into());
            }
            found.insert(pair, covariance);
        }
    }
    sheet.finish()?;
    Ok(found)
}

fn shown(key: &Key) -> String {
    match &key.1 {
        Some(level) => format!("{} = {level}", key.0),
        None => key.0.clone(),
    }
}

fn twice(file: &str, key: &Key) -> Error {
    Error::TotalTwice {
        file: file.to_owned(),
        control: shown(key),
    }
}
