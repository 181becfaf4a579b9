//! Walks layered documents and takes everything down: values, their places, and problems.
//!
//! A key that is asked for is a key that may be written. So there is no second list of known keys:
//! [`Section::close`] knows which keys nobody asked for, and names the nearest one that somebody
//! did.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::origin::{At, Origin, Text};
use super::problems::Problem;
use super::resolve::Provenance;
use super::section::Section;

/// A setting given on the command line.
pub(super) struct Flag<'a> {
    /// "plan.pool".
    pub key: &'a str,
    /// As typed.
    pub text: &'a str,
    /// As TOML, or as a text where it is none.
    pub value: DeValue<'a>,
}

impl<'a> Flag<'a> {
    /// Reads what was typed; `--set plan.allocate=power` needs no quotes.
    pub fn new(key: &'a str, text: &'a str) -> Flag<'a> {
        let value =
            DeValue::parse(text).map_or_else(|_| DeValue::String(text.into()), Spanned::into_inner);
        Flag { key, text, value }
    }
}

/// One value of one document.
#[derive(Clone)]
pub(super) struct Node<'a> {
    /// What is written.
    pub value: &'a DeValue<'a>,
    /// The document.
    pub text: Text<'a>,
    /// Under which key.
    pub key: String,
    /// Where.
    pub origin: Origin,
}

impl<'a> Node<'a> {
    /// A problem with this value.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.origin, &self.key, message)
    }

    /// A part of this value, under a name of its own.
    pub fn part(&self, value: &'a Spanned<DeValue<'a>>, key: String) -> Node<'a> {
        let origin = self.text.origin(value.span().start);
        Node {
            value: value.get_ref(),
            text: self.text,
            key,
            origin,
        }
    }
}

/// What a walk has found.
#[derive(Default)]
pub(super) struct Reader<'a> {
    /// Settings given on the command line, in the order given.
    pub flags: &'a [Flag<'a>],
    /// Whether the document could only be read in part, so that what seems missing may be there.
    pub torn: bool,
    /// Whether a heading could not be read, so that keys may stand in the wrong table.
    adrift: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What is in force.
    pub values: Vec<Provenance>,
    /// Every key that may be written, by its full path.
    pub known: BTreeSet<String>,
    /// Keys that nobody asked for.
    pub strangers: Vec<At<()>>,
}

impl<'a> Reader<'a> {
    /// A reader of a document in which these things are no TOML.
    pub fn new(flags: &'a [Flag<'a>], broken: &[Problem], text: Text<'_>) -> Reader<'a> {
        let lines: Vec<&str> = text.text.lines().collect();
        let line = |problem: &Problem| lines.get(problem.line()?.checked_sub(1)?).copied();
        let headings = broken
            .iter()
            .filter_map(line)
            .any(|line| line.trim_start().starts_with('['));
        Reader {
            flags,
            torn: !broken.is_empty(),
            adrift: headings,
            ..Reader::default()
        }
    }

    /// Reads the whole of the layered documents, the strongest first.
    pub fn read<T>(
        &mut self,
        layers: Vec<(&'a DeTable<'a>, Text<'a>)>,
        read: fn(&mut Section<'_, 'a>) -> T,
    ) -> T {
        let origin = layers
            .first()
            .map_or(Origin::Flag, |(_, text)| text.origin(0));
        let mut root = Section::new(self, String::new(), origin, layers);
        let value = read(&mut root);
        root.close();
        if !self.adrift {
            self.name_strangers();
        }
        value
    }

    /// Turns keys and flags that nobody asked for into problems, once everything was asked.
    fn name_strangers(&mut self) {
        for flag in self
            .flags
            .iter()
            .filter(|flag| !self.known.contains(flag.key))
        {
            let key = flag.key.to_string();
            self.strangers.push(At {
                value: (),
                key,
                origin: Origin::Flag,
            });
        }
        for stranger in std::mem::take(&mut self.strangers) {
            let message = format!("there is no setting {}", stranger.key);
            let hint = self.nearest(&stranger.key);
            self.problems.push(stranger.problem(message).hint(hint));
        }
    }

    /// What may have been meant by `key`: the nearest key of its own section, or the same key of
    /// another section, or else all keys of its section.
    fn nearest(&self, key: &str) -> String {
        let (section, word) = split(key);
        let here = || {
            self.known
                .iter()
                .map(|k| split(k))
                .filter(|k| k.0 == section)
                .map(|k| k.1)
        };
        if let Some(near) = nearest(word, here()) {
            return format!("did you mean {near}?");
        }
        let elsewhere = self.known.iter().map(|k| split(k)).find(|k| k.1 == word);
        match elsewhere {
            Some(("", word)) => format!("{word} belongs at the top, above the first heading"),
            Some((section, word)) => format!("{word} belongs in [{section}]"),
            None => format!("there are {}", here().collect::<Vec<_>>().join(", ")),
        }
    }
}

/// "plan.pool" as section and last word.
fn split(key: &str) -> (&str, &str) {
    key.rsplit_once('.').unwrap_or(("", key))
}

pub(super) fn join(section: &str, word: &str) -> String {
    match section {
        "" => word.to_string(),
        section => format!("{section}.{word}"),
    }
}

/// The word most like `typed`, if one is so near that it may have been meant: one slip in three
/// letters.
pub(crate) fn nearest<'w>(typed: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let slips = |word: &str| strsim::damerau_levenshtein(&typed.to_lowercase(), word);
    let allowed = typed.chars().count().div_ceil(3);
    words
        .map(|word| (slips(word), word))
        .filter(|(slips, _)| *slips <= allowed)
        .min()
        .map(|w| w.1)
}
