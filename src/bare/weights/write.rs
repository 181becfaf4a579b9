//! What was seen of weights, as a page, a workbook or a text.

use std::path::Path;

use super::Error;
use crate::files::{self, render};
use crate::report::Document;

/// Endings of files that are written.
pub(super) const ENDINGS: [&str; 4] = [".html", ".xlsx", ".md", ".json"];

/// The formats behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Html,
    Xlsx,
    Markdown,
    Json,
}

impl Format {
    fn of(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        Some(match ending.as_str() {
            "html" | "htm" => Format::Html,
            "xlsx" => Format::Xlsx,
            "md" => Format::Markdown,
            "json" => Format::Json,
            _ => return None,
        })
    }
}

/// Whether a page can be written to `path`, by its ending, without writing over any of the files that
/// are `read`. Worth asking before a long job.
///
/// # Errors
///
/// [`Error::BadEnding`] and [`Error::OverItself`].
pub fn ending<P: AsRef<Path>>(path: &Path, read: &[P]) -> Result<(), Error> {
    let shown = || path.display().to_string();
    if Format::of(path).is_none() {
        return Err(Error::BadEnding { path: shown() });
    }
    let same = |one: &P| match (path.canonicalize(), one.as_ref().canonicalize()) {
        (Ok(to), Ok(from)) => to == from,
        _ => false,
    };
    match read.iter().any(same) {
        true => Err(Error::OverItself { path: shown() }),
        false => Ok(()),
    }
}

/// Writes a document: a page with its pictures (.html), a workbook (.xlsx), plain text with tables (.md),
/// or JSON (.json), by the path's ending.
///
/// # Errors
///
/// [`Error::BadEnding`]; [`files::Error`] if it cannot be written.
pub fn write(document: &Document, path: &Path) -> Result<(), crate::Error> {
    let fails = |why: render::Error| files::Error::write(path, why);
    match Format::of(path) {
        Some(Format::Html) => {
            files::write_text(path, &render::html::page(document).map_err(fails)?)?;
        }
        Some(Format::Xlsx) => {
            files::write_bytes(path, &render::sheet::workbook(document).map_err(fails)?)?;
        }
        Some(Format::Markdown) => files::write_text(path, &render::markdown::document(document))?,
        Some(Format::Json) => {
            let mut text = format!("{:#}", render::json::document(document));
            text.push('\n');
            files::write_text(path, &text)?;
        }
        None => {
            let path = path.display().to_string();
            return Err(Error::BadEnding { path }.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Error, ending};

    #[test]
    fn an_ending_says_the_format() {
        let none: [&Path; 0] = [];
        for good in ["a.html", "a.HTM", "b/c.xlsx", "d.md", "e.json"] {
            assert_eq!(ending(Path::new(good), &none), Ok(()), "{good}");
        }
        for bad in ["a.pdf", "a", ".html"] {
            let refused = ending(Path::new(bad), &none);
            assert!(matches!(refused, Err(Error::BadEnding { .. })), "{bad}");
        }
    }
}
