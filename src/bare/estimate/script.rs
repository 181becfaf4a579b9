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
use super::{Asked, Error, Figure, Replication};
use crate::files::data;

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

/// Text of a program, and what it cannot do.
struct Text {
    lines: Vec<String>,
    cannot: Vec<String>,
}

impl Text {
    fn new() -> Text {
        Text {
            lines: Vec::new(),
            cannot: Vec::new(),
        }
    }

    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
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
/// so in a comment.
///
/// # Errors
///
/// [`Error`] names columns that are not there, and [`Error::Unscripted`] all that the program cannot
/// repeat.
pub fn script(asked: &Asked, program: Program) -> Result<String, crate::Error> {
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
    Ok(text.lines.join("\n") + "\n")
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
