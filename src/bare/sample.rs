//! The sample as a table and a file.

use std::path::{Path, PathBuf};

use super::pools::Picked;
use super::{Drawn, Error, Request, calls, commitment};
use crate::draw::Size;
use crate::draw::stages::Asking;
use crate::files::data::Choice;
use crate::files::labelled::Labelled;
use crate::files::tables::{self, Ending};
use crate::files::{Column, Columns, json, parquet, plain, sha256_of, write_text};
use crate::notice::Notice;
use crate::study::Done;

/// What stands beside a manifest: its kind.
pub(super) const KIND: &str = "bare-draw";

/// The version of its fields.
pub(super) const SCHEMA: u32 = 1;

/// A sample drawn from a bare file: the rows drawn, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// How it was drawn.
    pub drawn: Drawn,
    /// The list's columns as they are, then those of the draw; a row per unit.
    pub table: Columns,
    /// The chances of pairs of its units, if they were wanted.
    pub pairs: Option<Columns>,
    /// What a statistician must hear.
    pub notices: Vec<Notice>,
    /// The files that were read.
    pub read: Vec<String>,
}

impl Sample {
    /// The table as CSV.
    #[must_use]
    pub fn csv(&self) -> String {
        plain::csv(&self.table)
    }

    /// Whether a sample can be written to `path`, before it is drawn.
    ///
    /// # Errors
    ///
    /// [`Error::Ending`] if the ending says nothing; [`Error::OverList`] if the list stands there.
    pub fn can_be_kept(request: &Request, path: &Path) -> Result<(), Error> {
        let pairs = request.pairs.as_ref().map(|wanted| wanted.path.as_path());
        for path in [Some(path), pairs].into_iter().flatten() {
            can_be_written(request, path)?;
        }
        Ok(())
    }

    /// Writes the table to `path`, by its ending, and the manifest beside it. Where there is room for
    /// labels, and the list has some, they come along.
    ///
    /// # Errors
    ///
    /// [`Error::Ending`] if the ending says nothing; [`Error::Broken`] if another draw was promised there;
    /// [`files::Error::Write`](crate::files::Error::Write) if it cannot be written.
    pub fn keep(mut self, path: &Path) -> Result<Done<Drawn>, crate::Error> {
        let ending = ending(path)?;
        self.drawn.commitment = commitment::kept(path, &self.drawn)?;
        match ending {
            Ending::Csv | Ending::Parquet => plainly(path, &self.table)?,
            _ => tables::write(path, &self.labelled()?)?,
        }
        self.drawn.sample = Some(path.display().to_string());
        self.drawn.sha256 = Some(sha256_of(path)?);
        let manifest = beside(path);
        if let (Some(table), Some(told)) = (&self.pairs, &mut self.drawn.pairs) {
            let path = PathBuf::from(&told.file);
            plainly(&path, table)?;
            told.sha256 = Some(sha256_of(&path)?);
        }
        json::write(&manifest, KIND, SCHEMA, &self.drawn)?;
        let mut wrote = vec![path.display().to_string(), manifest.display().to_string()];
        wrote.extend(self.drawn.pairs.as_ref().map(|pairs| pairs.file.clone()));
        Ok(Done {
            value: self.drawn,
            notices: self.notices,
            read: self.read,
            wrote,
        })
    }
}

impl Sample {
    /// The table with numbers where all cells of a column are, and with the labels of the list.
    fn labelled(&self) -> Result<Labelled, crate::Error> {
        let table = Labelled::from(&self.table).numbered();
        let list = Labelled::read(self.drawn.data.as_ref(), &Choice::default(), None);
        Ok(match list {
            Ok(Some(list)) => table.like(&list),
            _ => table,
        })
    }
}

/// The manifest of the sample in `path`: the same name, and `.json` behind it.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

/// Writes a table by the path's ending.
fn plainly(path: &Path, table: &Columns) -> Result<(), crate::Error> {
    match ending(path)? {
        Ending::Csv => write_text(path, &plain::csv(table))?,
        Ending::Parquet => parquet::write(path, table)?,
        _ => tables::write(path, &Labelled::from(table).numbered())?,
    }
    Ok(())
}

/// Whether a file can be written to `path`, and is not the list.
fn can_be_written(request: &Request, path: &Path) -> Result<(), Error> {
    ending(path)?;
    let place = |path: &Path| std::fs::canonicalize(path).ok();
    match (place(path), place(&request.data)) {
        (Some(out), Some(data)) if out == data => Err(Error::OverList {
            list: path.display().to_string(),
        }),
        _ => Ok(()),
    }
}

/// How a sample is written, by the path's ending.
fn ending(path: &Path) -> Result<Ending, Error> {
    Ending::of(path).ok_or_else(|| Error::Ending {
        path: path.display().to_string(),
    })
}

/// The names of the columns that the draw adds, in order.
pub(super) fn added(request: &Request) -> Vec<&'static str> {
    let hits = request.method.size == Size::Hits;
    let mut names = vec![if hits { "expected_hits" } else { "probability" }, "weight"];
    if hits {
        names.push("hits");
    }
    names.push("certain");
    if request.one_call.is_some() {
        names.extend(calls::ADDED);
    }
    if request.tells_walk() {
        names.push("walk");
    }
    if request.is_ranked() {
        names.push("rank");
    }
    if request.replicates.is_some() {
        names.push("replicate");
    }
    names
}

/// The rows of a sample, in order, with the list's cells.
pub(super) struct Rows {
    pub units: Vec<Picked>,
    pub rank: Vec<u64>,
    pub replicate: Vec<u64>,
    /// Whom calls are about, if each number is called once.
    pub asking: Option<Asking>,
    /// By column of the list, then row.
    pub cells: Vec<Vec<Option<String>>>,
}

/// The table of a sample: the list's columns, then the draw's.
pub(super) fn table(request: &Request, columns: &[String], rows: Rows) -> Columns {
    let Rows {
        units,
        rank,
        replicate,
        asking,
        cells,
    } = rows;
    let mut table = Columns::default();
    for (name, cells) in columns.iter().zip(cells) {
        table.push(name.clone(), Column::Maybe(cells));
    }
    let real =
        |of: fn(&Picked) -> f64| Column::Real(units.iter().map(|unit| Some(of(unit))).collect());
    for name in added(request) {
        let column = match name {
            "weight" => weights(&units, asking.as_ref()),
            "hits" => Column::Whole(units.iter().map(|unit| unit.hits).collect()),
            "certain" => Column::Whole(
                units
                    .iter()
                    .map(|unit| u64::from(is_certain(request, unit)))
                    .collect(),
            ),
            "walk" => Column::Whole(units.iter().filter_map(|unit| unit.walk).collect()),
            "rank" => Column::Whole(rank.clone()),
            "replicate" => Column::Whole(replicate.clone()),
            "probability" | "expected_hits" => real(|unit| unit.chance),
            of_calls => called(asking.as_ref(), of_calls),
        };
        table.push(name, column);
    }
    table
}

/// 1/π, or hits over expected hits; and where each number is called once 1 over the chance to be drawn and
/// asked about, or 0.
fn weights(units: &[Picked], asking: Option<&Asking>) -> Column {
    let weight = |(place, unit): (usize, &Picked)| match asking {
        None => unit.hits as f64 / unit.chance,
        Some(asking) if asking.asked[place] => 1.0 / (unit.chance * asking.chance_asked[place]),
        Some(_) => 0.0,
    };
    Column::Real(units.iter().enumerate().map(weight).map(Some).collect())
}

/// A column of what calls make of drawn units.
fn called(asking: Option<&Asking>, name: &str) -> Column {
    let asking = asking.cloned().unwrap_or_default();
    match name {
        "call" => Column::Whole(asking.call.into_iter().map(u64::from).collect()),
        "asked" => Column::Whole(asking.asked.into_iter().map(u64::from).collect()),
        "held_by" => Column::Whole(asking.held_by),
        _ => Column::Real(asking.chance_asked.into_iter().map(Some).collect()),
    }
}

/// Whether a unit had to be drawn. With replacement, an expected hit is no certainty.
pub(super) fn is_certain(request: &Request, unit: &Picked) -> bool {
    const NEARLY: f64 = 1.0 - 1e-12;
    request.method.size != Size::Hits && unit.chance >= NEARLY
}
