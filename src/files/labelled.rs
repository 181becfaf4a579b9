//! A table that knows what its columns and codes mean: what SPSS and Stata keep, and what goes there.

use std::collections::BTreeSet;
use std::path::Path;

use super::data::Choice;
use super::{Column, Columns, Error, sheet_in, spss, stata};
use crate::frame::{self, Batch, List, Visit};

/// Variables of one length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labelled {
    variables: Vec<Variable>,
    rows: usize,
}

/// A column, and what it and its codes mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it holds, in words; blank if nobody said.
    pub label: String,
    /// What stands in it.
    pub values: Values,
}

/// The cells of a variable. Nothing stands where a value is missing, by the system or by what the
/// file's makers declared.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers, and what codes among them mean, in order.
    Numbers(Vec<Option<f64>>, Vec<(f64, String)>),
    /// Texts, and what codes among them mean, in order.
    Texts(Vec<Option<String>>, Vec<(String, String)>),
}

impl Variable {
    /// Numbers without labels.
    #[must_use]
    pub fn numbers(name: &str, label: &str, values: Vec<Option<f64>>) -> Variable {
        Variable {
            name: name.to_owned(),
            label: label.to_owned(),
            values: Values::Numbers(values, Vec::new()),
        }
    }

    /// Texts without labels.
    #[must_use]
    pub fn texts(name: &str, label: &str, values: Vec<Option<String>>) -> Variable {
        Variable {
            name: name.to_owned(),
            label: label.to_owned(),
            values: Values::Texts(values, Vec::new()),
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Numbers(values, _) => values.len(),
            Values::Texts(values, _) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells as texts: the label of a code that has one, else the code; or codes alone. Where two
    /// codes have one label, the code follows it, so that they stay apart.
    ///
    /// ```
    /// use canvass::files::labelled::{Values, Variable};
    /// let labels = vec![(1.0, "yes".to_owned()), (8.0, "other".into()), (9.0, "other".into())];
    /// let values = vec![Some(1.0), Some(2.0), Some(9.0), None];
    /// let said = Variable { name: "q".into(), label: String::new(), values: Values::Numbers(values, labels) };
    /// let text = |text: &str| Some(text.to_owned());
    /// assert_eq!(said.cells(false), [text("yes"), text("2"), text("other (9)"), None]);
    /// assert_eq!(said.cells(true), [text("1"), text("2"), text("9"), None]);
    /// ```
    #[must_use]
    pub fn cells(&self, codes: bool) -> Vec<Option<String>> {
        match &self.values {
            Values::Numbers(values, labels) => {
                let labels = if codes { Vec::new() } else { apart(labels) };
                let say = |x: f64| {
                    let found = labels.iter().find(|(code, _)| same(*code, x));
                    found.map_or_else(|| x.to_string(), |(_, label)| label.clone())
                };
                values.iter().map(|value| value.map(say)).collect()
            }
            Values::Texts(values, labels) => {
                let labels = if codes { Vec::new() } else { apart(labels) };
                let say = |text: &String| {
                    let found = labels.iter().find(|(code, _)| code == text);
                    found.map_or_else(|| text.clone(), |(_, label)| label.clone())
                };
                values.iter().map(|value| value.as_ref().map(say)).collect()
            }
        }
    }

    /// The labels that [`cells`](Variable::cells) gives, in the order of their codes; codes without a
    /// label among them. None if no code has a label.
    #[must_use]
    pub fn order(&self) -> Option<Vec<String>> {
        let sorted = match &self.values {
            Values::Numbers(_, labels) if labels.is_empty() => return None,
            Values::Texts(_, labels) if labels.is_empty() => return None,
            Values::Numbers(values, labels) => {
                let mut all: Vec<f64> = values.iter().flatten().copied().collect();
                all.sort_by(f64::total_cmp);
                all.dedup_by(|a, b| same(*a, *b));
                let values = all.into_iter().map(Some).collect();
                Values::Numbers(values, labels.clone())
            }
            Values::Texts(values, labels) => {
                let all: BTreeSet<&String> = values.iter().flatten().collect();
                let values = all.into_iter().cloned().map(Some).collect();
                Values::Texts(values, labels.clone())
            }
        };
        let each = Variable {
            values: sorted,
            ..self.clone_without_values()
        };
        Some(each.cells(false).into_iter().flatten().collect())
    }

    fn clone_without_values(&self) -> Variable {
        Variable::texts(&self.name, &self.label, Vec::new())
    }
}

/// Codes that were written down are compared, not results.
#[expect(clippy::float_cmp, reason = "codes were written down, not computed")]
fn same(a: f64, b: f64) -> bool {
    a == b
}

/// Labels that no two codes share, and that are no blank.
fn apart<T: std::fmt::Display + Clone>(labels: &[(T, String)]) -> Vec<(T, String)> {
    let shared = |label: &String| labels.iter().filter(|(_, other)| other == label).count() > 1;
    let filled = labels.iter().filter(|(_, label)| !label.trim().is_empty());
    filled
        .map(|(code, label)| {
            let label = label.trim();
            match shared(&label.to_owned()) {
                true => (code.clone(), format!("{label} ({code})")),
                false => (code.clone(), label.to_owned()),
            }
        })
        .collect()
}

impl Labelled {
    /// A table of these variables.
    ///
    /// # Panics
    ///
    /// If they differ in length: our own bug.
    #[must_use]
    pub fn of(variables: Vec<Variable>) -> Labelled {
        let rows = variables.first().map_or(0, Variable::len);
        assert!(
            variables.iter().all(|variable| variable.len() == rows),
            "variables of one length"
        );
        Labelled { variables, rows }
    }

    /// Reads a file of labels or a workbook; only the variables `wanted`, if they are named. None if the
    /// ending is of neither.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if it is damaged, or not what its ending says.
    pub fn read(
        path: &Path,
        choice: &Choice,
        wanted: Option<&[&str]>,
    ) -> Result<Option<Labelled>, Error> {
        let Some(kind) = Kind::of(path) else {
            return Ok(None);
        };
        let read = match kind {
            Kind::Spss => spss::read(path, wanted),
            Kind::Stata => stata::read(path, wanted),
            Kind::Workbook => sheet_in::read(path, choice.sheet.as_deref(), wanted),
        }?;
        let mut names = BTreeSet::new();
        let mut again = read.variables.iter().map(|variable| &variable.name);
        match again.find(|name| !names.insert(name.as_str())) {
            Some(name) => Err(Error::read(
                path,
                format!("two columns are called '{name}'"),
            )),
            None => Ok(Some(read)),
        }
    }

    /// The names of a file's variables. None if the ending is of no such file.
    ///
    /// # Errors
    ///
    /// As [`Labelled::read`].
    pub fn names_in(path: &Path, choice: &Choice) -> Result<Option<Vec<String>>, Error> {
        Ok(match Kind::of(path) {
            Some(Kind::Spss) => Some(spss::names(path)?),
            Some(Kind::Stata) => Some(stata::names(path)?),
            Some(Kind::Workbook) => Labelled::read(path, choice, None)?.map(|table| table.names()),
            None => None,
        })
    }

    /// The names of the variables, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names = self.variables.iter().map(|variable| variable.name.clone());
        names.collect()
    }

    /// The variables, in order.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The variable of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The same table, in which columns of texts are numbers if every text is one, as short as it can be:
    /// 12 and 0.5, but not 007 or 1.50.
    ///
    /// ```
    /// use canvass::files::labelled::{Labelled, Values, Variable};
    /// let texts = |cells: [&str; 2]| cells.map(|cell| Some(cell.to_owned())).to_vec();
    /// let table = Labelled::of(vec![
    ///     Variable::texts("n", "", texts(["12", "0.5"])),
    ///     Variable::texts("id", "", texts(["007", "8"])),
    /// ]);
    /// let table = table.numbered();
    /// assert_eq!(table.variables()[0].values, Values::Numbers(vec![Some(12.0), Some(0.5)], vec![]));
    /// assert_eq!(table.variables()[1].values, Values::Texts(texts(["007", "8"]), vec![]));
    /// ```
    #[must_use]
    pub fn numbered(mut self) -> Labelled {
        for variable in &mut self.variables {
            if let Values::Texts(texts, labels) = &variable.values
                && labels.is_empty()
                && texts.iter().any(Option::is_some)
                && let Some(numbers) = short_numbers(texts)
            {
                variable.values = Values::Numbers(numbers, Vec::new());
            }
        }
        self
    }

    /// The same table with what a list says of the variables that it has: their kinds, and labels.
    #[must_use]
    pub fn like(mut self, list: &Labelled) -> Labelled {
        for variable in &mut self.variables {
            let Some(known) = list.get(&variable.name) else {
                continue;
            };
            variable.label.clone_from(&known.label);
            variable.values = match (&known.values, &variable.values) {
                (Values::Numbers(_, labels), Values::Numbers(numbers, _)) => {
                    Values::Numbers(numbers.clone(), labels.clone())
                }
                (Values::Texts(_, labels), values) => {
                    Values::Texts(as_texts(values), labels.clone())
                }
                // A column in which nothing stands.
                (Values::Numbers(_, labels), Values::Texts(texts, _))
                    if texts.iter().all(Option::is_none) =>
                {
                    Values::Numbers(vec![None; texts.len()], labels.clone())
                }
                (Values::Numbers(..), texts) => texts.clone(),
            };
        }
        self
    }
}

/// Texts as numbers, if all are, and written as numbers are.
fn short_numbers(texts: &[Option<String>]) -> Option<Vec<Option<f64>>> {
    let number = |text: &Option<String>| match text {
        None => Some(None),
        Some(text) => {
            let number: f64 = text.parse().ok()?;
            (number.is_finite() && number.to_string() == *text).then_some(Some(number))
        }
    };
    texts.iter().map(number).collect()
}

/// The cells of a column as texts, without labels.
fn as_texts(values: &Values) -> Vec<Option<String>> {
    match values {
        Values::Texts(texts, _) => texts.clone(),
        Values::Numbers(numbers, _) => {
            let text = |number: &Option<f64>| number.map(|x| x.to_string());
            numbers.iter().map(text).collect()
        }
    }
}

/// The kinds of file that are read as labelled tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// .sav and .zsav
    Spss,
    /// .dta
    Stata,
    /// .xlsx, .xlsm, .xls and .ods
    Workbook,
}

impl Kind {
    /// By the path's ending.
    ///
    /// ```
    /// use canvass::files::labelled::Kind;
    /// assert_eq!(Kind::of("wave 3.sav".as_ref()), Some(Kind::Spss));
    /// assert_eq!(Kind::of("wave 3.csv".as_ref()), None);
    /// ```
    #[must_use]
    pub fn of(path: &Path) -> Option<Kind> {
        match path.extension()?.to_str()? {
            "sav" | "zsav" => Some(Kind::Spss),
            "dta" => Some(Kind::Stata),
            "xlsx" | "xlsm" | "xls" | "ods" => Some(Kind::Workbook),
            _ => None,
        }
    }

    /// What a person calls it.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Kind::Spss => "SPSS",
            Kind::Stata => "Stata",
            Kind::Workbook => "a workbook",
        }
    }
}

impl From<&Columns> for Labelled {
    /// The same table without labels; blanks are nothing.
    fn from(columns: &Columns) -> Labelled {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let variable = |(name, column): &(String, Column)| match column {
            Column::Text(values) => {
                Variable::texts(name, "", values.iter().map(|text| filled(text)).collect())
            }
            Column::Coded(codes) => {
                let values = (0..codes.len()).map(|row| filled(codes.label(row)));
                Variable::texts(name, "", values.collect())
            }
            Column::Maybe(values) => Variable::texts(name, "", values.clone()),
            Column::Whole(values) => {
                let values = values.iter().map(|value| Some(*value as f64));
                Variable::numbers(name, "", values.collect())
            }
            Column::Real(values) => Variable::numbers(name, "", values.clone()),
        };
        Labelled::of(columns.0.iter().map(variable).collect())
    }
}

/// Runs a reader that may panic on a file that is not what it says.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

/// A labelled table as a list to draw from: codes are its cells, as the file has them.
pub struct LabelledList {
    name: String,
    columns: Vec<String>,
    cells: Vec<Vec<Option<String>>>,
    rows: usize,
}

/// Rows handed on at a time.
const BATCH: usize = 1 << 15;

impl LabelledList {
    /// The list of this name.
    #[must_use]
    pub fn of(name: String, table: &Labelled) -> LabelledList {
        LabelledList {
            name,
            columns: table.names(),
            cells: table.variables.iter().map(|v| v.cells(true)).collect(),
            rows: table.rows,
        }
    }
}

impl List for LabelledList {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns(&self) -> Result<Vec<String>, frame::Error> {
        Ok(self.columns.clone())
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows as u64)
    }

    fn scan(&self, columns: &[&str], visit: &Visit<'_>) -> Result<(), frame::Error> {
        let mut chosen = Vec::new();
        for name in columns {
            let place = self.columns.iter().position(|known| known == name);
            let place = place.ok_or_else(|| frame::Error::NoColumns {
                list: self.name.clone(),
                missing: vec![(*name).to_owned()],
                there: self.columns.clone(),
            })?;
            chosen.push(&self.cells[place]);
        }
        for first in (0..self.rows).step_by(BATCH) {
            let last = (first + BATCH).min(self.rows);
            let cut: Vec<Vec<Option<&str>>> = chosen
                .iter()
                .map(|cells| cells[first..last].iter().map(Option::as_deref).collect())
                .collect();
            visit(&Batch {
                first_row: first as u64,
                columns: &cut,
            })?;
        }
        Ok(())
    }
}
