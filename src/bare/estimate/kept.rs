//! Rows of figures as a file.

use std::path::Path;

use serde::Serialize;

use super::{Added, Error, Estimates};
use crate::files::labelled::{Labelled, Variable};
use crate::files::{json, tables};
use crate::language::Language;
use crate::notice::Notice;
use crate::study::Done;

/// What stands beside figures that are kept as JSON: their kind, and the version of its fields.
const KIND: &str = "figures";
const SCHEMA: u32 = 1;

/// Figures, and what must be heard of all of them.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    value: &'a Estimates,
    notices: &'a [Notice],
}

impl Estimates {
    /// Whether rows can be kept in `path`, before they are estimated.
    ///
    /// # Errors
    ///
    /// [`Error::Ending`] if the ending says nothing.
    pub fn can_be_kept(path: &Path) -> Result<(), Error> {
        let json = path.extension().is_some_and(|ending| ending == "json");
        if json || tables::Ending::of(path).is_some() {
            return Ok(());
        }
        let path = path.display().to_string();
        Err(Error::Ending { path })
    }

    /// The rows as a table; notices are sentences.
    #[must_use]
    pub fn table(&self, language: Language) -> Labelled {
        let rows = &self.rows;
        let texts = |name: &str, label: &str, of: &dyn Fn(&super::Row) -> Option<String>| {
            Variable::texts(name, label, rows.iter().map(of).collect())
        };
        let numbers = |name: &str, label: &str, of: &dyn Fn(&super::Row) -> Option<f64>| {
            Variable::numbers(name, label, rows.iter().map(of).collect())
        };
        let say = |notices: &[Notice]| {
            let all: Vec<String> = notices.iter().map(|notice| notice.say(language)).collect();
            (!all.is_empty()).then(|| all.join("; "))
        };
        let mut all = vec![
            texts("statistic", "What was estimated", &|row| {
                Some(row.statistic.clone())
            }),
            texts("variable", "Of which column", &|row| {
                Some(row.variable.clone())
            }),
            texts(
                "level",
                "The level, or the share at which a quantile lies",
                &|row| row.level.clone(),
            ),
            texts("domain", "For whom", &|row| Some(row.domain.clone())),
            numbers("estimate", "The estimate", &|row| Some(row.estimate)),
            numbers("se", "Its standard error", &|row| row.se),
            numbers("cv", "The standard error over the estimate", &|row| row.cv),
            numbers("ci_low", "The lower end of the interval", &|row| row.ci_low),
            numbers("ci_high", "The upper end of the interval", &|row| {
                row.ci_high
            }),
            numbers("df", "Degrees of freedom", &|row| Some(row.df as f64)),
            numbers("deff", "The design effect", &|row| row.deff),
            numbers("n", "Rows that answered", &|row| Some(row.n as f64)),
        ];
        // What no row has is no column.
        for (name, of) in Added::NUMBERS {
            if rows.iter().any(|row| of(&row.added).is_some()) {
                all.push(numbers(name, "", &|row| of(&row.added)));
            }
        }
        if rows.iter().any(|row| row.added.letters.is_some()) {
            all.push(texts("letters", "Letters of groups", &|row| {
                row.added.letters.clone()
            }));
        }
        all.push(texts("notices", "What must be heard", &|row| {
            say(&row.notices)
        }));
        Labelled::of(all)
    }

    /// Writes the figures to `path`, by its ending: all of them as JSON, or the rows as a table.
    ///
    /// # Errors
    ///
    /// [`Error::Ending`] if the ending says nothing;
    /// [`files::Error::Write`](crate::files::Error::Write) if it cannot be written.
    pub fn keep(
        done: Done<Estimates>,
        path: &Path,
        language: Language,
    ) -> Result<Done<Estimates>, crate::Error> {
        Estimates::can_be_kept(path)?;
        match tables::Ending::of(path) {
            Some(_) => tables::write(path, &done.value.table(language))?,
            None => {
                let Done { value, notices, .. } = &done;
                json::write(path, KIND, SCHEMA, &Whole { value, notices })?;
            }
        }
        let mut done = done;
        done.wrote.push(path.display().to_string());
        Ok(done)
    }
}
