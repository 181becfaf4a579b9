//! The same figures by another program: its text, from the same request.
//!
//! Whoever wants to check figures elsewhere needs no translation by hand: [`script`] writes the design,
//! the filter, the domains and each figure in the words of R's `survey`, Python's `svy`, Stata or SAS.
//! What a program cannot repeat is refused, all at once, and not left out.

mod r;

mod sas;

mod stata;

mod svy;

use super::roles::Roles;
use super::{Asked, By, Error, Figure, Replication};
use crate::files::data;
use crate::notice::Notice;

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

/// Text of a program, what it cannot do, and what it does otherwise.
struct Text {
    lines: Vec<String>,
    cannot: Vec<String>,
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
        let what = what.into();
        if !self.cannot.contains(&what) {
            self.cannot.push(what);
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
/// repeat.
pub fn script(asked: &Asked, program: Program) -> Result<Script, crate::Error> {
    asked.check()?;
    let there = data::columns_of(&asked.data, &asked.choice)?;
    Roles::of(asked, &there)?;
    let text = match program {
        Program::R => r::text(asked),
        Program::Stata => stata::text(asked),
        Program::Sas => sas::text(asked),
        Program::Svy => svy::text(asked),
    };
    let what = [text.cannot, beyond(asked)].concat();
    if !what.is_empty() {
        let program = program.says();
        return Err(Error::Unscripted { program, what }.into());
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

/// What no program is written for.
fn beyond(asked: &Asked) -> Vec<String> {
    let further = &asked.further;
    let all = [
        (
            matches!(asked.replication, Some(Replication::Given(_))),
            "replicate weights",
        ),
        (
            matches!(asked.replication, Some(Replication::Made(_))),
            "replicates that are made here",
        ),
        (!further.tables.is_empty(), "tables"),
        (!further.fits.is_empty(), "goodness of fit"),
        (!further.models.is_empty(), "regressions"),
        (further.correct.is_some(), "corrected p values"),
        (further.ranks.is_some(), "sets of ranks"),
    ];
    let asked_for = all.into_iter().filter(|(asked, _)| *asked);
    asked_for.map(|(_, what)| what.to_owned()).collect()
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
