//! Opens a list: a CSV file, a Parquet file, a folder of Parquet files, a workbook, a file of SPSS or
//! Stata, or blocks of numbers.

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::Error;
use super::csv::{CsvList, Sheet};
use super::data::Choice;
use super::labelled::{Kind, Labelled, LabelledList};
use super::parquet::ParquetList;
use crate::frame::{Block, Blocks, List};

/// An open list and what was found out about its format, for a person.
pub struct Opened {
    /// The list.
    pub list: Box<dyn List>,
    /// "Parquet, 3 files" or "UTF-8 (byte-order mark), cells parted by comma".
    pub says: String,
}

/// Opens the list at `path`, by its ending.
///
/// # Errors
///
/// [`Error::Format`] if the ending says nothing; else what reading it runs into.
pub fn open(path: &Path, declared: Option<&'static Encoding>) -> Result<Opened, Error> {
    open_any(path, declared, None, &Choice::default())
}

/// Opens a list in which only `texts` must be text; other columns may hold floats.
///
/// # Errors
///
/// As [`open`].
pub fn open_with_numbers(path: &Path, texts: &[&str]) -> Result<Opened, Error> {
    open_any(path, None, Some(texts), &Choice::default())
}

/// As [`open_with_numbers`], of a file that says more than one thing.
///
/// # Errors
///
/// As [`open`].
pub fn open_chosen(path: &Path, texts: &[&str], choice: &Choice) -> Result<Opened, Error> {
    open_any(path, None, Some(texts), choice)
}

fn open_any(
    path: &Path,
    declared: Option<&'static Encoding>,
    texts: Option<&[&str]>,
    choice: &Choice,
) -> Result<Opened, Error> {
    let parquet = |name: String, files: &[PathBuf]| -> Result<Box<dyn List>, Error> {
        let list = ParquetList::open(name, files)?;
        Ok(Box::new(match texts {
            Some(texts) => list.with_numbers(texts),
            None => list,
        }))
    };
    let name = path.display().to_string();
    if path.is_dir() {
        let files = parquet_files(path)?;
        if files.is_empty() {
            return Err(Error::Format { path: name });
        }
        let says = format!("Parquet, {} files", files.len());
        return Ok(Opened {
            list: parquet(name, &files)?,
            says,
        });
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("parquet") => Ok(Opened {
            list: parquet(name, &[path.to_owned()])?,
            says: "Parquet".to_owned(),
        }),
        Some("csv" | "txt" | "tsv") => {
            let list = CsvList::open(name, path, declared)?;
            Ok(Opened {
                says: list.says(),
                list: Box::new(list),
            })
        }
        _ => match Labelled::read(path, choice, None)? {
            Some(table) => Ok(Opened {
                says: Kind::of(path).map_or("", Kind::says).to_owned(),
                list: Box::new(LabelledList::of(name, &table)),
            }),
            None => Err(Error::Format { path: name }),
        },
    }
}

/// The Parquet files of a folder, in the order of their names.
///
/// # Errors
///
/// [`Error::Read`] if the folder cannot be read.
pub fn parquet_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
        .map_err(|why| Error::read(folder, why))?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "parquet"));
    files.sort_unstable();
    Ok(files)
}

/// Which blocks of numbers to leave out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Leading digits.
    pub prefixes: Vec<String>,
    /// Labels by column: blocks that have all of them are left out.
    pub matching: Vec<(String, String)>,
    /// The reason, for the report.
    pub reason: String,
}

impl Exclusion {
    fn covers(&self, block: &Block, columns: &[String]) -> bool {
        let by_prefix = self
            .prefixes
            .iter()
            .any(|prefix| block.prefix.starts_with(prefix));
        let has = |(column, label): &(String, String)| {
            columns
                .iter()
                .position(|c| c == column)
                .is_some_and(|i| block.labels[i] == *label)
        };
        by_prefix || (!self.matching.is_empty() && self.matching.iter().all(has))
    }
}

/// Opens a table of number blocks as the list of all their numbers.
///
/// `block` names the column with the seven leading digits; `columns` those whose labels come along.
///
/// # Errors
///
/// As [`Sheet::read`]; [`Error::Read`] with the frame's complaint if blocks repeat or are malformed.
pub fn open_blocks(
    path: &Path,
    block: &str,
    columns: &[String],
    exclusions: &[Exclusion],
    fictional: bool,
) -> Result<Opened, Error> {
    let needed: Vec<&str> = std::iter::once(block)
        .chain(columns.iter().map(String::as_str))
        .collect();
    let mut sheet = Sheet::read(path, &needed)?;
    let mut blocks = Vec::with_capacity(sheet.len());
    for row in 0..sheet.len() {
        let prefix = sheet.need(row, block, "a block", |cell| Some(cell.to_owned()));
        let labels: Option<Vec<String>> = columns
            .iter()
            .map(|c| sheet.need(row, c, "a label", |cell| Some(cell.to_owned())))
            .collect();
        if let (Some(prefix), Some(labels)) = (prefix, labels) {
            blocks.push(Block { prefix, labels });
        }
    }
    sheet.finish()?;
    let all = blocks.len();
    blocks.retain(|block| {
        !exclusions
            .iter()
            .any(|exclusion| exclusion.covers(block, columns))
    });
    let kept = blocks.len();
    let name = path.display().to_string();
    let list = Blocks::new(name, columns.to_vec(), blocks, fictional)
        .map_err(|why| Error::read(path, why))?;
    let netcodes = if fictional {
        ", with netcodes that cannot be dialled"
    } else {
        ""
    };
    let says = format!("{kept} of {all} blocks of 10 000 numbers{netcodes}");
    Ok(Opened {
        list: Box::new(list),
        says,
    })
}
