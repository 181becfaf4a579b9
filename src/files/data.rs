//! A table of data that somebody brings, some columns of it: CSV, Parquet or a folder of Parquet, a
//! workbook, or a file of SPSS or Stata.

use std::path::Path;

use super::csv::Sheet;
use super::labelled::{Labelled, Values, Variable};
use super::typed::{self, Typed};
use super::{Error, lists};
use crate::frame::{Codes, Numbers};

/// What stands for no answer in a column of numbers, beside a blank: as R, SAS and Python write it.
const ABSENT: [&str; 5] = ["NA", ".", "NaN", "nan", "null"];

/// What is to be taken of a table that says more than one thing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The sheet of a workbook; the first, unless it is named.
    pub sheet: Option<String>,
    /// Whether codes are taken for texts, and not their labels.
    pub codes: bool,
}

/// A table, and what was wrong with the cells asked for so far.
pub struct Data {
    path: String,
    rows: usize,
    cells: Cells,
    problems: Vec<String>,
    count: u64,
}

enum Cells {
    Csv(Sheet),
    Parquet(Typed),
    Labelled(Labelled, Choice),
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Data")
            .field("path", &self.path)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// The names of a table's columns.
///
/// # Errors
///
/// As [`lists::open`].
pub fn columns(path: &Path) -> Result<Vec<String>, Error> {
    columns_of(path, &Choice::default())
}

/// The names of the columns of a table that says more than one thing.
///
/// # Errors
///
/// As [`lists::open`].
pub fn columns_of(path: &Path, choice: &Choice) -> Result<Vec<String>, Error> {
    if let Some(names) = Labelled::names_in(path, choice)? {
        return Ok(names);
    }
    let opened = lists::open(path, None)?;
    opened.list.columns().map_err(|why| Error::read(path, why))
}

impl Data {
    /// Reads these columns of a table, which must be there.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] if the ending says nothing; else what reading it runs into.
    pub fn read(path: &Path, columns: &[&str]) -> Result<Data, Error> {
        Data::read_as(path, columns, &Choice::default())
    }

    /// Reads these columns of a table that says more than one thing.
    ///
    /// # Errors
    ///
    /// As [`Data::read`].
    pub fn read_as(path: &Path, columns: &[&str], choice: &Choice) -> Result<Data, Error> {
        let ends = |ending: &str| path.extension().is_some_and(|found| found == ending);
        let (rows, cells) = if path.is_dir() || ends("parquet") {
            let files = if path.is_dir() {
                lists::parquet_files(path)?
            } else {
                vec![path.to_owned()]
            };
            let table = Typed::open(files, columns)?;
            (table.rows(), Cells::Parquet(table))
        } else if let Some(table) = Labelled::read(path, choice, Some(columns))? {
            (table.rows(), Cells::Labelled(table, choice.clone()))
        } else {
            let sheet = Sheet::read(path, columns)?;
            (sheet.len(), Cells::Csv(sheet))
        };
        Ok(Data {
            path: path.display().to_string(),
            rows,
            cells,
            problems: Vec::new(),
            count: 0,
        })
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A column as texts; nothing where a cell is blank. Numbers are written as short as they can be,
    /// so that 637 and 637.0 are the same. A code that has a label is its label, unless codes were asked
    /// for.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if it holds something that has no text, such as a list.
    pub fn texts(&self, column: &str) -> Result<Vec<Option<String>>, Error> {
        match &self.cells {
            Cells::Csv(sheet) => Ok(sheet
                .column(column)
                .into_iter()
                .map(|cell| cell.map(str::to_owned))
                .collect()),
            Cells::Parquet(table) => {
                typed::texts(&table.column(column)?).map_err(|why| self.fail(&why))
            }
            Cells::Labelled(table, choice) => Ok(self.variable(table, column)?.cells(choice.codes)),
        }
    }

    /// A column as codes of its labels, and the rows in which it is blank: these have the label "".
    ///
    /// # Errors
    ///
    /// As [`Data::texts`].
    pub fn labels(&self, column: &str) -> Result<(Codes, Vec<usize>), Error> {
        let mut blank = Vec::new();
        let mut label = |row: usize, text: Option<&str>| {
            if text.is_none() {
                blank.push(row);
            }
        };
        // Texts of a Parquet file are not copied row by row: there may be millions.
        let read = match &self.cells {
            Cells::Parquet(table) => Some(table.column(column)?),
            _ => None,
        };
        if let Some(Ok(cells)) = read.as_ref().map(|column| column.str()) {
            let filled = |text: &&str| !text.is_empty();
            let texts = cells.iter().enumerate().map(|(row, cell)| {
                let text = cell.map(str::trim).filter(filled);
                label(row, text);
                text.unwrap_or_default()
            });
            return Ok((Codes::from_labels(texts), blank));
        }
        let texts = self.texts(column)?;
        for (row, text) in texts.iter().enumerate() {
            label(row, text.as_deref());
        }
        let codes =
            Codes::from_labels(texts.iter().map(|text| text.as_deref().unwrap_or_default()));
        Ok((codes, blank))
    }

    fn variable<'t>(&self, table: &'t Labelled, column: &str) -> Result<&'t Variable, Error> {
        let missing = || self.fail(&format!("it has no column '{column}'"));
        table.get(column).ok_or_else(missing)
    }

    /// The texts of a column in the order of their codes, if these have labels.
    #[must_use]
    pub fn order(&self, column: &str) -> Option<Vec<String>> {
        match &self.cells {
            Cells::Labelled(table, choice) if !choice.codes => table.get(column)?.order(),
            _ => None,
        }
    }

    /// A column of typed numbers; none if it holds texts.
    fn typed(&self, column: &str) -> Result<Option<Numbers>, Error> {
        match &self.cells {
            Cells::Csv(_) => Ok(None),
            Cells::Parquet(table) => {
                typed::numbers(&table.column(column)?).map_err(|why| self.fail(&why))
            }
            Cells::Labelled(table, _) => match &self.variable(table, column)?.values {
                Values::Numbers(values, _) => Ok(Some(values.iter().copied().collect())),
                Values::Texts(..) => Ok(None),
            },
        }
    }

    /// A column of texts that may be numbers: codes, where there are labels.
    fn codes(&self, column: &str) -> Result<Vec<Option<String>>, Error> {
        match &self.cells {
            Cells::Labelled(table, _) => Ok(self.variable(table, column)?.cells(true)),
            _ => self.texts(column),
        }
    }

    /// A column as numbers; nothing where a cell is blank or says that there is no answer. What is no
    /// number is remembered until [`Data::finish`].
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if the whole column is of another kind, such as dates.
    pub fn numbers(&mut self, column: &str) -> Result<Vec<Option<f64>>, Error> {
        Ok(self.column(column)?.iter().collect())
    }

    /// The same, where only some rows are asked: whatever stands in others is nobody's fault.
    ///
    /// # Errors
    ///
    /// As [`Data::numbers`].
    pub fn numbers_of(
        &mut self,
        column: &str,
        asked: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<Option<f64>>, Error> {
        Ok(self.column_of(column, asked)?.iter().collect())
    }

    /// A column as numbers, held more tightly.
    ///
    /// # Errors
    ///
    /// As [`Data::numbers`].
    pub fn column(&mut self, column: &str) -> Result<Numbers, Error> {
        self.column_of(column, &|_| true)
    }

    fn column_of(&mut self, column: &str, asked: &dyn Fn(usize) -> bool) -> Result<Numbers, Error> {
        if let Some(values) = self.typed(column)? {
            for (row, value) in values.iter().enumerate() {
                if value.is_some_and(f64::is_infinite) && asked(row) {
                    self.problem(row, column, Some("inf"), "a number");
                }
            }
            return Ok(values);
        }
        let mut values = Numbers::with_room(self.rows);
        for (row, cell) in self.codes(column)?.into_iter().enumerate() {
            let value = cell.as_deref().map_or(Ok(None), number);
            if value.is_err() && asked(row) {
                self.problem(row, column, cell.as_deref(), "a number");
            }
            values.extend([value.unwrap_or_default()]);
        }
        Ok(values)
    }

    /// A column of numbers, if all of its filled cells are; else none. Nothing is remembered.
    ///
    /// # Errors
    ///
    /// As [`Data::texts`].
    pub fn numbers_if_any(&self, column: &str) -> Result<Option<Vec<Option<f64>>>, Error> {
        if let Ok(Some(values)) = self.typed(column) {
            return Ok(Some(values.iter().collect()));
        }
        let cells = self.codes(column)?;
        Ok(cells
            .iter()
            .map(|cell| cell.as_deref().map_or(Ok(None), number).ok())
            .collect())
    }

    /// A column as numbers; nothing where a cell holds none. Nothing is remembered: who must have a
    /// number in every row says so with [`Data::problem`].
    ///
    /// # Errors
    ///
    /// As [`Data::numbers`].
    pub fn numbers_each(&self, column: &str) -> Result<Vec<Option<f64>>, Error> {
        Ok(self.column_each(column)?.iter().collect())
    }

    /// The same, held more tightly.
    ///
    /// # Errors
    ///
    /// As [`Data::numbers`].
    pub fn column_each(&self, column: &str) -> Result<Numbers, Error> {
        if let Some(values) = self.typed(column)? {
            return Ok(values.passing(f64::is_finite));
        }
        let cells = self.codes(column)?;
        Ok(cells
            .iter()
            .map(|cell| number(cell.as_deref()?).ok().flatten())
            .collect())
    }

    /// Remembers that a cell is not what it should be.
    pub fn problem(&mut self, row: usize, column: &str, cell: Option<&str>, what: &str) {
        const SHOWN: u64 = 20;
        self.count += 1;
        if self.count <= SHOWN {
            let cell = cell.map_or("nothing".to_owned(), |cell| format!("'{cell}'"));
            self.problems.push(format!(
                "{}, {column}: {cell} is not {what}",
                self.place(row)
            ));
        }
    }

    /// Where a row stands, for a person: by line in CSV, where line 1 is the heading.
    fn place(&self, row: usize) -> String {
        match &self.cells {
            Cells::Csv(sheet) => format!("line {}", sheet.line(row)),
            Cells::Parquet(_) | Cells::Labelled(..) => format!("row {}", row + 1),
        }
    }

    /// All that went wrong in the cells asked for.
    ///
    /// # Errors
    ///
    /// [`Error::Cells`] if anything did.
    pub fn finish(&self) -> Result<(), Error> {
        if self.count == 0 {
            return Ok(());
        }
        let first = self.problems.clone();
        Err(Error::Cells {
            path: self.path.clone(),
            count: self.count,
            first,
        })
    }

    fn fail(&self, why: &str) -> Error {
        Error::Read {
            path: self.path.clone(),
            why: why.to_owned(),
        }
    }
}

/// A cell's number; nothing if it says that there is no answer.
fn number(cell: &str) -> Result<Option<f64>, ()> {
    if ABSENT.contains(&cell) {
        return Ok(None);
    }
    match cell.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Data, columns};
    use crate::files::{Column, Columns, parquet};

    fn written(name: &str, write: impl Fn(&PathBuf)) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        write(&path);
        (folder, path)
    }

    #[test]
    fn what_is_no_number_is_told_with_its_line_and_what_is_absent_is_not() {
        let text = "y,n,x\n1.5,NA,\n x ,.,y\n-2,3,z\n";
        let (_folder, path) = written("x.csv", |path| std::fs::write(path, text).expect("written"));
        assert_eq!(columns(&path).expect("readable"), ["y", "n", "x"]);
        let mut data = Data::read(&path, &["n", "y"]).expect("readable");
        assert_eq!(data.numbers("n"), Ok(vec![None, None, Some(3.0)]));
        assert_eq!(data.finish(), Ok(()));
        assert_eq!(data.numbers("y"), Ok(vec![Some(1.5), None, Some(-2.0)]));
        let said = data.finish().expect_err("a letter").to_string();
        assert!(
            said.contains("1 cells") && said.contains("line 3, y: 'x' is not a number"),
            "{said}"
        );
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(data.texts("x"), Ok(vec![None, some("y"), some("z")]));
        assert_eq!(data.numbers_if_any("y"), Ok(None));
    }

    #[test]
    fn typed_numbers_are_numbers_and_labels() {
        let mut table = Columns::default();
        table.push("id", Column::Whole(vec![9_007_199_254_740_993, 2]));
        table.push("y", Column::Real(vec![Some(637.0), None]));
        table.push("t", Column::Text(vec!["1".into(), "2.5".into()]));
        let (_folder, path) = written("x.parquet", |path| {
            parquet::write(path, &table).expect("written")
        });
        let mut data = Data::read(&path, &["id", "y", "t"]).expect("readable");
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(data.rows(), 2);
        assert_eq!(
            data.texts("id"),
            Ok(vec![some("9007199254740993"), some("2")])
        );
        assert_eq!(data.texts("y"), Ok(vec![some("637"), None]));
        assert_eq!(data.numbers("y"), Ok(vec![Some(637.0), None]));
        assert_eq!(data.numbers("t"), Ok(vec![Some(1.0), Some(2.5)]));
        assert_eq!(
            data.numbers_if_any("id"),
            Ok(Some(vec![Some(9_007_199_254_740_992.0), Some(2.0)]))
        );
    }
}
