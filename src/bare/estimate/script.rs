//! The same figures by another program: its text, from the same request.
//!
//! Whoever wants to check figures elsewhere needs no translation by hand: [`script`] writes the design,
//! the filter, the domains and each figure in the words of R's `survey`, Python's `svy`, Stata or SAS.
//! What a program cannot repeat is refused, all at once, and not left out.

mod replicates;

mod models;

mod r;

mod sas;

mod stata;

mod svy;

use super::roles::Roles;
use super::{Asked, By, Error, Figure, Replication, columns};
use crate::estimate::expression::Column;
use crate::estimate::variance::replicate::Method;
use crate::files::data::{self, Data};
use crate::notice::Notice;
use replicates::Set;

/// A program that estimates from samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// R, with `survey`.
    R,
    /// Stata.
    Stata,
    /// SAS.
    Sas,
    /// Python, with `svy`.
    Svy,
}

impl Program {
    const ALL: [Program; 4] = [Program::R, Program::Stata, Program::Sas, Program::Svy];

    /// What a person calls it.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Program::R => "R's survey",
            Program::Stata => "Stata",
            Program::Sas => "SAS",
            Program::Svy => "Python's svy",
        }
    }
}

/// A program that estimates what is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Its text.
    pub text: String,
    /// What it does in its own way.
    pub notices: Vec<Notice>,
}

/// What of the table a program must be told.
struct There {
    /// Replicate weights that came with the table.
    replicates: Option<Set>,
    /// Pairs of columns that are crossed.
    crossed: Vec<[String; 2]>,
    /// What models name.
    named: Vec<(String, Column)>,
}

impl There {
    fn of(asked: &Asked) -> Result<There, crate::Error> {
        let there = data::columns_of(&asked.data, &asked.choice)?;
        let roles = Roles::of(asked, &there)?;
        let replicates = match &asked.replication {
            Some(Replication::Given(given)) => Some(Set::of(given, &roles.replicates, asked)?),
            _ => None,
        };
        let mut named = Vec::new();
        if !asked.further.models.is_empty() {
            let names: Vec<&str> = roles.named.iter().map(String::as_str).collect();
            let table = Data::read_as(&asked.data, &names, &asked.choice)?;
            for name in names {
                named.push((name.to_owned(), columns::column(&table, name)?));
            }
        }
        Ok(There {
            replicates,
            crossed: roles.crossed,
            named,
        })
    }

    /// The column of that name, if a model names it.
    fn column(&self, name: &str) -> Option<&Column> {
        let found = self.named.iter().find(|(known, _)| known == name);
        found.map(|(_, column)| column)
    }
}

/// What a program has no words for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lack {
    what: String,
    /// Why, where that is not plain.
    why: &'static str,
}

impl Lack {
    fn says(&self) -> String {
        match self.why {
            "" => self.what.clone(),
            why => format!("{} ({why})", self.what),
        }
    }
}

/// Text of a program, what it cannot do, and what it does otherwise.
struct Text {
    lines: Vec<String>,
    cannot: Vec<Lack>,
    otherwise: Option<[String; 2]>,
}

impl Text {
    fn new() -> Text {
        Text {
            lines: Vec::new(),
            cannot: Vec::new(),
            otherwise: None,
        }
    }

    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    fn lines(&mut self, lines: &str) {
        self.lines.extend(lines.lines().map(str::to_owned));
    }

    /// That standard errors are made by another formula than the one that is wanted: in a comment.
    fn otherwise(&mut self, marks: [&str; 2], wanted: &str, taken: &str) {
        let [open, close] = marks;
        self.line(format!(
            "{open} There is no {wanted} here: standard errors are those of {taken}.{close}"
        ));
        self.otherwise = Some([wanted, taken].map(str::to_owned));
    }

    /// What the program has no words for, once.
    fn cannot(&mut self, what: impl Into<String>) {
        self.lacks(what, "");
    }

    /// The same, with the reason.
    fn lacks(&mut self, what: impl Into<String>, why: &'static str) {
        let what = what.into();
        if !self.cannot.iter().any(|known| known.what == what) {
            self.cannot.push(Lack { what, why });
        }
    }
}

/// The text of a program that estimates what is asked.
///
/// Estimates and standard errors are the same; where a program makes intervals in its own way, it says
/// so in a comment. Where it has no formula for unequal chances, estimates are the same alone, which is a
/// comment and a notice.
///
/// # Errors
///
/// [`Error`] names columns that are not there, and [`Error::Unscripted`] all that the program cannot
/// repeat, why, and which programs can.
pub fn script(asked: &Asked, program: Program) -> Result<Script, crate::Error> {
    asked.check()?;
    let there = There::of(asked)?;
    let text = text(asked, &there, program);
    if !text.cannot.is_empty() {
        return Err(Error::Unscripted {
            program: program.says(),
            what: text.cannot.iter().map(Lack::says).collect(),
            others: others(asked, &there),
        }
        .into());
    }
    let notices = text.otherwise.map(|[wanted, taken]| Notice::OtherFormula {
        program: program.says().to_owned(),
        wanted,
        taken,
    });
    Ok(Script {
        text: text.lines.join("\n") + "\n",
        notices: notices.into_iter().collect(),
    })
}

fn text(asked: &Asked, there: &There, program: Program) -> Text {
    let mut text = match program {
        Program::R => r::text(asked, there),
        Program::Stata => stata::text(asked, there),
        Program::Sas => sas::text(asked, there),
        Program::Svy => svy::text(asked, there),
    };
    beyond(asked, program, &mut text);
    text
}

/// The programs that lack nothing of what is asked.
fn others(asked: &Asked, there: &There) -> Vec<&'static str> {
    let all = Program::ALL.into_iter();
    let able = all.filter(|other| text(asked, there, *other).cannot.is_empty());
    able.map(Program::says).collect()
}

/// What no program, or R alone, is written for.
fn beyond(asked: &Asked, program: Program, text: &mut Text) {
    let further = &asked.further;
    if let Some(Replication::Made(made)) = &asked.replication {
        let is_plain = matches!(made.resample.method(), Method::Jk1 | Method::Jkn)
            && asked.clusters.len() < 2
            && asked.populations.len() < 2
            && asked.strata.len() < 2;
        if !(is_plain && program == Program::R) {
            text.lacks(
                "replicates that are made here",
                "it would make others: write them with --export, and give that file with --replicates",
            );
        }
    }
    if !further.tables.is_empty() && further.all_tests {
        let why = "it has not all of them: ask for one, --tests one";
        text.lacks("all tests of tables", why);
    }
    if !further.fits.is_empty() && program != Program::R {
        text.lacks(
            "goodness of fit",
            "it has no such test with shares of one's own",
        );
    }
    if !further.fits.is_empty() && further.all_tests && program == Program::R {
        text.lacks("all tests of fits", "it has one of them");
    }
    if further.correct.is_some() {
        text.lacks("corrected p values", "they are of all pairs at once");
    }
    if further.ranks.is_some() {
        text.lacks("sets of ranks", "they rest on chance of our own");
    }
}

/// Says that a program draws as if with replacement, where units had chances of their own.
fn with_replacement(asked: &Asked, marks: [&str; 2], text: &mut Text) {
    match &asked.drawn {
        None => {}
        Some(drawn) if drawn.by == By::Replaced(None) => {}
        Some(drawn) => text.otherwise(marks, drawn.says(), "drawing with replacement"),
    }
}

/// The first words of every program, without the sign of a comment.
fn head(asked: &Asked, program: Program) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "Figures of {} once more, by {}: written by canvass {version}.",
        asked.data.display(),
        program.says()
    )
}

/// The file's ending; "" of a folder.
fn ending(asked: &Asked) -> &str {
    let ending = asked.data.extension();
    ending
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
}

/// What a person calls a kind of figure.
fn kind(figure: &Figure) -> &'static str {
    match figure {
        Figure::Mean(_) => "means",
        Figure::Total(_) => "totals",
        Figure::Share(_) => "shares",
        Figure::Ratio(..) => "ratios",
        Figure::Quantiles(..) => "quantiles",
        Figure::Variance(_) => "variances",
        Figure::Spread(_) => "standard deviations",
        Figure::Correlation(..) => "correlations",
        Figure::Function(_) => "functions of totals",
    }
}

/// A text in quotes, for programs that mask quotes and strokes by strokes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests;
