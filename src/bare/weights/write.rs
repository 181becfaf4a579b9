//! What was seen of weights, as a page, a workbook, a text, or one picture of it.

use std::path::Path;

use super::Error;
use crate::files::{self, render};
use crate::report::{Block, Document, Figure};

/// Endings of files that are written.
pub(super) const ENDINGS: [&str; 5] = [".html", ".xlsx", ".md", ".json", ".svg"];

/// The formats behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Html,
    Xlsx,
    Markdown,
    Json,
    Svg,
}

impl Format {
    fn of(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        Some(match ending.as_str() {
            "html" | "htm" => Format::Html,
            "xlsx" => Format::Xlsx,
            "md" => Format::Markdown,
            "json" => Format::Json,
            "svg" => Format::Svg,
            _ => return None,
        })
    }
}

/// Whether a page can be written to `path`, by its ending, without writing over any of the files that
/// are `read`. A `picture` is named for one that is written alone. Worth asking before a long job.
///
/// # Errors
///
/// [`Error::BadEnding`], [`Error::OverItself`] and [`Error::NotAlone`].
pub fn ending<P: AsRef<Path>>(path: &Path, picture: Option<&str>, read: &[P]) -> Result<(), Error> {
    let shown = || path.display().to_string();
    match (Format::of(path), picture) {
        (None, _) => return Err(Error::BadEnding { path: shown() }),
        (Some(Format::Svg), _) | (_, None) => {}
        (_, Some(picture)) => {
            return Err(Error::NotAlone {
                path: shown(),
                picture: picture.to_owned(),
            });
        }
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
/// or JSON (.json), by the path's ending; or one of its pictures (.svg), which must be named where there
/// are several.
///
/// # Errors
///
/// [`Error::BadEnding`]; [`Error::NoPicture`] and [`Error::WhichPicture`] name the pictures there are;
/// [`files::Error`] if it cannot be written.
pub fn write(document: &Document, picture: Option<&str>, path: &Path) -> Result<(), crate::Error> {
    let fails = |why: render::Error| files::Error::write(path, why);
    match Format::of(path) {
        Some(Format::Html) => {
            files::write_text(path, &render::html::page(document).map_err(fails)?)?;
        }
        Some(Format::Xlsx) => {
            files::write_bytes(path, &render::sheet::workbook(document).map_err(fails)?)?;
        }
        Some(Format::Svg) => {
            let drawn = render::svg::picture(alone(document, picture)?).map_err(fails)?;
            files::write_text(path, &(drawn + "\n"))?;
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

/// The picture that is asked for, or the only one.
fn alone<'d>(document: &'d Document, wanted: Option<&str>) -> Result<&'d Figure, Error> {
    let figures: Vec<&Figure> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
        .collect();
    let there = || figures.iter().map(|figure| figure.name.clone()).collect();
    match (wanted, &figures[..]) {
        (None, [only]) => Ok(only),
        (None, [_, ..]) => Err(Error::WhichPicture { there: there() }),
        (wanted, _) => figures
            .iter()
            .find(|figure| Some(figure.name.as_str()) == wanted)
            .copied()
            .ok_or_else(|| Error::NoPicture {
                wanted: wanted.map(str::to_owned),
                there: there(),
            }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Error, alone, ending};
    use crate::language::Language;
    use crate::report::{Block, Document, Figure, Kind};

    #[test]
    fn an_ending_says_the_format() {
        let none: [&Path; 0] = [];
        for good in ["a.html", "a.HTM", "b/c.xlsx", "d.md", "e.json", "f.svg"] {
            assert_eq!(ending(Path::new(good), None, &none), Ok(()), "{good}");
        }
        for bad in ["a.pdf", "a", ".html"] {
            let refused = ending(Path::new(bad), None, &none);
            assert!(matches!(refused, Err(Error::BadEnding { .. })), "{bad}");
        }
        let svg = Path::new("a.svg");
        assert_eq!(ending(svg, Some("steps"), &none), Ok(()));
        let refused = ending(Path::new("a.html"), Some("steps"), &none);
        assert!(matches!(refused, Err(Error::NotAlone { .. })));
    }

    #[test]
    fn one_picture_needs_no_name_and_of_several_one_is_named() {
        let figure = |name: &str| {
            Block::Figure(Figure {
                name: name.to_owned(),
                caption: String::new(),
                kind: Kind::Ranges { rows: Vec::new() },
            })
        };
        let document = |names: &[&str]| Document {
            title: String::new(),
            language: Language::English,
            blocks: names.iter().map(|name| figure(name)).collect(),
        };
        let chosen = |names: &[&str], wanted: Option<&str>| {
            alone(&document(names), wanted).map(|figure| figure.name.clone())
        };
        assert_eq!(chosen(&["a"], None), Ok("a".to_owned()));
        assert_eq!(chosen(&["a", "b"], Some("b")), Ok("b".to_owned()));
        let there = || vec!["a".to_owned(), "b".to_owned()];
        let which = Error::WhichPicture { there: there() };
        assert_eq!(chosen(&["a", "b"], None), Err(which));
        let none = Error::NoPicture {
            wanted: Some("c".to_owned()),
            there: there(),
        };
        assert_eq!(chosen(&["a", "b"], Some("c")), Err(none));
        assert!(chosen(&[], None).is_err());
    }
}
