//! Default < file < flag, remembering where each value came from.

use serde::Serialize;
use toml::Spanned;
use toml::de::DeTable;

use super::origin::{Layer, Origin, Text};
use super::problems::{Problem, Problems};
use super::reader::{Flag, Reader};
use super::sense;
use super::settings::Settings;
use super::wire::Wire;

/// The defaults, each with the sentence that explains it.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// One value in force, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// `plan.pool`, `target[2].margin`.
    pub key: String,
    /// The value as it would be written.
    pub value: String,
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// What settings were read from, so that a flag can be laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub text: String,
    pub file: String,
    pub flags: Vec<(String, String)>,
}

impl Settings {
    /// Reads the text of a `survey.toml`.
    ///
    /// # Errors
    ///
    /// [`Problems`]: everything that is wrong with it, each with line and column.
    pub fn read(text: &str, file_name: &str) -> Result<Settings, Problems> {
        let source = Source {
            text: text.to_string(),
            file: file_name.to_string(),
            flags: Vec::new(),
        };
        read(source, DEFAULTS)
    }

    /// The same settings with one value laid over them: `("plan.pool", "5000")`. A text needs no
    /// quotes; of two flags with one key the later holds.
    ///
    /// # Errors
    ///
    /// [`Problems`], if there is no such setting or the whole no longer makes sense.
    pub fn with_flag(&self, key: &str, value: &str) -> Result<Settings, Problems> {
        self.with_flags(&[(key.to_string(), value.to_string())])
    }

    /// The same with several values laid over them, of which each may make sense only with the others.
    ///
    /// # Errors
    ///
    /// As [`Settings::with_flag`].
    pub fn with_flags(&self, flags: &[(String, String)]) -> Result<Settings, Problems> {
        if flags.is_empty() {
            return Ok(self.clone());
        }
        let mut source = self.source.clone();
        source.flags.extend_from_slice(flags);
        read(source, DEFAULTS)
    }

    /// Every value in force, in the order of the sections, with where it comes from.
    #[must_use]
    pub fn values(&self) -> &[Provenance] {
        &self.values
    }
}

/// Settings from a file, its flags and the defaults.
pub(super) fn read(source: Source, defaults: &str) -> Result<Settings, Problems> {
    let flags: Vec<Flag<'_>> = source
        .flags
        .iter()
        .map(|(key, text)| Flag::new(key, text))
        .collect();
    let default = Text {
        layer: Layer::Default,
        text: defaults,
    };
    let file = Text {
        layer: Layer::File,
        text: &source.text,
    };
    let (default_table, mut broken) = parse(default);
    let (file_table, more) = parse(file);
    broken.extend(more);

    let mut reader = Reader::new(&flags, &broken, file);
    let layers = vec![
        (file_table.get_ref(), file),
        (default_table.get_ref(), default),
    ];
    let wire = reader.read(layers, Wire::read);
    let Reader {
        problems, values, ..
    } = reader;

    if !broken.is_empty() {
        return Err(Problems::sorted(&source.file, beside(broken, problems)));
    }
    sense::settings(wire, problems, values, source)
}

/// A document as far as it can be read, and what is no TOML in it.
pub(super) fn parse(text: Text<'_>) -> (Spanned<DeTable<'_>>, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text.text);
    let broken = errors.into_iter().map(|error| {
        let span = error.span().unwrap_or_default();
        let origin = text.origin(span.start);
        let word = text.text.get(span).unwrap_or_default();
        match error.message() {
            "duplicate key" => Problem::new(origin, word, format!("{word} is written twice"))
                .hint("keep one of the two"),
            message => Problem::new(origin, word, format!("this is not TOML: {message}")),
        }
    });
    (table, broken.collect())
}

/// What is no TOML, and what else is wrong on lines that are.
pub(super) fn beside(broken: Vec<Problem>, others: Vec<Problem>) -> Vec<Problem> {
    let torn: Vec<Option<usize>> = broken.iter().map(Problem::line).collect();
    let readable = others
        .into_iter()
        .filter(|other| !torn.contains(&other.line()));
    broken.iter().cloned().chain(readable).collect()
}
