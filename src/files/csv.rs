//! CSV: lists in, whatever their encoding and delimiter; small tables in and out.

use std::io::Read;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use pieces::{Pieces, Turns};

use super::encoding::{self, Found};
use super::{Error, workers};
use crate::frame::{self, Batch, Hands, List, Visit};

mod pieces;

/// A list in a CSV file.
#[derive(Debug, Clone)]
pub struct CsvList {
    name: String,
    path: PathBuf,
    found: Found,
    delimiter: u8,
    columns: Vec<String>,
}

impl CsvList {
    /// The list in `path`. The delimiter is the most frequent of comma, semicolon, tab and pipe in
    /// the heading.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`], or [`Error::Read`] if it cannot be read or columns repeat.
    pub fn open(
        name: String,
        path: &Path,
        declared: Option<&'static Encoding>,
    ) -> Result<CsvList, Error> {
        let found = encoding::find(path, declared)?;
        let delimiter = delimiter(path, found)?;
        let mut list = CsvList {
            name,
            path: path.to_owned(),
            found,
            delimiter,
            columns: Vec::new(),
        };
        list.columns = headings(path, &mut list.reader()?)?;
        Ok(list)
    }

    /// In which encoding it is written, and by which delimiter its cells are parted, for a person.
    #[must_use]
    pub fn says(&self) -> String {
        let delimiter = match self.delimiter {
            b',' => "comma",
            b';' => "semicolon",
            b'\t' => "tab",
            _ => "pipe",
        };
        format!("{}, cells parted by {delimiter}", self.found.says())
    }

    fn reader(&self) -> Result<csv::Reader<impl Read + use<>>, Error> {
        Ok(csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .buffer_capacity(1 << 18)
            .from_reader(encoding::open(&self.path, self.found)?))
    }

    /// What is wrong with its text. Whoever parses a piece does not know in which line of the file it begins,
    /// so the text is parsed again from its beginning.
    fn wrong(&self, piece: &str) -> frame::Error {
        let first = self.reader().ok().and_then(|reader| {
            let mut rows = reader.into_records();
            rows.find_map(Result::err)
        });
        match first {
            Some(why) => self.fail(why),
            None => self.fail(piece),
        }
    }

    fn fail(&self, why: impl std::fmt::Display) -> frame::Error {
        frame::Error::Unreadable {
            list: self.name.clone(),
            why: why.to_string(),
        }
    }
}

/// The most frequent delimiter in the first line.
fn delimiter(path: &Path, found: Found) -> Result<u8, Error> {
    let mut head = Vec::new();
    encoding::open(path, found)?
        .take(1 << 16)
        .read_to_end(&mut head)
        .map_err(|why| Error::read(path, why))?;
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|&&byte| byte == wanted).count();
    let mut best = b',';
    for other in [b';', b'\t', b'|'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    Ok(best)
}

fn headings<R: Read>(path: &Path, reader: &mut csv::Reader<R>) -> Result<Vec<String>, Error> {
    let headings = reader.headers().map_err(|why| Error::read(path, why))?;
    let columns: Vec<String> = headings.iter().map(|name| name.trim().to_owned()).collect();
    for (place, name) in columns.iter().enumerate() {
        if columns[..place].contains(name) {
            return Err(Error::read(
                path,
                format!("two columns are called '{name}'"),
            ));
        }
    }
    Ok(columns)
}

impl List for CsvList {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns(&self) -> Result<Vec<String>, frame::Error> {
        Ok(self.columns.clone())
    }

    fn rows(&self) -> Option<u64> {
        None
    }

    fn scan(&self, columns: &[&str], visit: &Visit<'_>) -> Result<(), frame::Error> {
        let places: Vec<usize> = columns
            .iter()
            .map(|name| {
                self.columns
                    .iter()
                    .position(|known| known == name)
                    .ok_or_else(|| frame::Error::NoColumns {
                        list: self.name.clone(),
                        missing: vec![(*name).to_owned()],
                        there: self.columns.clone(),
                    })
            })
            .collect::<Result<_, _>>()?;
        let text = encoding::open(&self.path, self.found).map_err(|why| self.fail(why))?;
        let turns = Turns::default();
        let rooms: Hands<Vec<csv::StringRecord>> = Hands::default();
        workers::all(Pieces::of(text, self.delimiter), |place, piece| {
            rooms.with(|room| {
                let rows = piece.and_then(|piece| piece.rows(self.delimiter, room));
                // Those behind it wait to be told where they stand, whatever becomes of this one.
                let first_row = turns.first_row(place, rows.as_ref().map_or(0, |rows| rows.len()));
                let rows = rows.map_err(|why| self.wrong(&why.to_string()))?;
                match rows.first() {
                    None => Ok(()),
                    Some(row) if row.len() != self.columns.len() => {
                        Err(self.wrong("rows differ in length"))
                    }
                    Some(_) => visit(&Batch {
                        first_row,
                        columns: &cut(rows, &places),
                    }),
                }
            })
        })
    }
}

/// The cells of some columns; blank ones are none.
fn cut<'r>(rows: &'r [csv::StringRecord], places: &[usize]) -> Vec<Vec<Option<&'r str>>> {
    let cell = |row: &'r csv::StringRecord, place: usize| Some(&row[place]);
    let column = |&place: &usize| {
        let cells = rows.iter().map(|row| cell(row, place));
        cells
            .map(|cell| cell.filter(|cell| !cell.is_empty()))
            .collect()
    };
    places.iter().map(column).collect()
}

/// A small CSV table, read whole: its columns, and its rows with their line numbers.
#[derive(Debug, Clone)]
pub struct Sheet {
    path: String,
    columns: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
    problems: Vec<String>,
    count: u64,
}

impl Sheet {
    /// Reads a table that must have `needed` columns.
    ///
    /// # Errors
    ///
    /// [`Error::Columns`] names all that are missing; else as [`CsvList::open`].
    pub fn read(path: &Path, needed: &[&str]) -> Result<Sheet, Error> {
        let list = CsvList::open(path.display().to_string(), path, None)?;
        let is_missing = |name: &&&str| !list.columns.iter().any(|known| known == **name);
        let missing: Vec<String> = needed
            .iter()
            .filter(is_missing)
            .map(|&name| name.to_owned())
            .collect();
        if !missing.is_empty() {
            return Err(Error::Columns {
                path: list.name,
                missing,
                there: list.columns,
            });
        }
        let mut rows = Vec::new();
        for row in list.reader()?.into_records() {
            let row = row.map_err(|why| Error::read(path, why))?;
            let line = row.position().map_or(0, csv::Position::line);
            rows.push((line, row));
        }
        let path = path.display().to_string();
        Ok(Sheet {
            path,
            columns: list.columns,
            rows,
            problems: Vec::new(),
            count: 0,
        })
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The line that a row stands in; the heading is line 1.
    #[must_use]
    pub fn line(&self, row: usize) -> u64 {
        self.rows[row].0
    }

    /// A cell, trimmed; nothing if it is blank or there is no such column.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|known| known == column)?;
        self.rows[row]
            .1
            .get(place)
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
    }

    /// A whole column, trimmed; nothing where a cell is blank. Empty if there is no such column.
    #[must_use]
    pub fn column(&self, column: &str) -> Vec<Option<&str>> {
        let Some(place) = self.columns.iter().position(|known| known == column) else {
            return Vec::new();
        };
        let rows = self
            .rows
            .iter()
            .map(|(_, row)| row.get(place).map(str::trim));
        rows.map(|cell| cell.filter(|cell| !cell.is_empty()))
            .collect()
    }

    /// A cell that must be filled and be understood by `read`; what is wrong is remembered until
    /// [`Sheet::finish`], so that all problems are told at once.
    pub fn need<T>(
        &mut self,
        row: usize,
        column: &str,
        what: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let cell = self.cell(row, column).map(str::to_owned);
        let value = cell.as_deref().and_then(read);
        if value.is_none() {
            self.problem(row, column, cell.as_deref(), what);
        }
        value
    }

    /// A cell that may be blank, and else must be understood by `read`.
    pub fn maybe<T>(
        &mut self,
        row: usize,
        column: &str,
        what: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.cell(row, column)?;
        self.need(row, column, what, read)
    }

    fn problem(&mut self, row: usize, column: &str, cell: Option<&str>, what: &str) {
        const SHOWN: u64 = 20;
        self.count += 1;
        if self.count <= SHOWN {
            let line = self.line(row);
            let cell = cell.map_or("nothing".to_owned(), |cell| format!("'{cell}'"));
            self.problems
                .push(format!("line {line}, {column}: {cell} is not {what}"));
        }
    }

    /// All that went wrong in the cells read so far.
    ///
    /// # Errors
    ///
    /// [`Error::Cells`] if anything did.
    pub fn finish(self) -> Result<(), Error> {
        if self.count == 0 {
            return Ok(());
        }
        Err(Error::Cells {
            path: self.path,
            count: self.count,
            first: self.problems,
        })
    }
}

#[cfg(test)]
mod tests;
