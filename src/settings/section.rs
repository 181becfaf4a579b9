//! One table of the layered documents, asked key by key.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::origin::{At, Layer, Origin, Text};
use super::problems::Problem;
use super::reader::{Node, Reader, join};
use super::resolve::Provenance;

/// A table, in each document that has it.
pub(super) struct Section<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// "", "plan", "target[2]".
    path: String,
    /// Where its heading stands.
    origin: Origin,
    /// The documents that have it, the strongest first.
    layers: Vec<(&'a DeTable<'a>, Text<'a>)>,
    /// Keys that may be written here.
    asked: BTreeSet<&'static str>,
}

impl<'r, 'a> Section<'r, 'a> {
    /// A table of which nothing was asked yet.
    pub fn new(
        reader: &'r mut Reader<'a>,
        path: String,
        origin: Origin,
        layers: Vec<(&'a DeTable<'a>, Text<'a>)>,
    ) -> Section<'r, 'a> {
        Section {
            reader,
            path,
            origin,
            layers,
            asked: BTreeSet::new(),
        }
    }

    /// Where its heading stands, for what is missing in it.
    pub fn at(&self) -> At<()> {
        At {
            value: (),
            key: self.path.clone(),
            origin: self.origin,
        }
    }

    /// A value that must be there.
    pub fn need<T>(
        &mut self,
        key: &'static str,
        kind: impl Fn(&Node<'a>, &mut Vec<Problem>) -> Option<T>,
    ) -> Option<At<T>> {
        if self.find(key).is_none() && !self.reader.torn {
            self.reader.problems.push(missing(&self.at(), key));
        }
        self.may(key, kind)
    }

    /// A value that may be left out.
    pub fn may<T>(
        &mut self,
        key: &'static str,
        kind: impl Fn(&Node<'a>, &mut Vec<Problem>) -> Option<T>,
    ) -> Option<At<T>> {
        self.ask(key);
        let node = self.find(key)?;
        let value = super::render::render(node.value);
        self.reader.values.push(Provenance {
            key: node.key.clone(),
            value,
            origin: node.origin,
        });
        let value = kind(&node, &mut self.reader.problems)?;
        Some(At {
            value,
            key: node.key,
            origin: node.origin,
        })
    }

    /// A table; one that stands nowhere is read as an empty one.
    pub fn table<T>(&mut self, key: &'static str, read: fn(&mut Section<'_, 'a>) -> T) -> T {
        self.ask(key);
        let path = self.path_of(key);
        let mut layers = Vec::new();
        let mut origin = self.origin;
        for &(table, text) in self.layers.iter().rev() {
            let Some((name, value)) = table.get_key_value(key) else {
                continue;
            };
            let start = text.origin(name.span().start);
            match value.get_ref() {
                DeValue::Table(inner) => {
                    layers.insert(0, (inner, text));
                    // The file's heading, not the defaults', is where a person looks.
                    if text.layer == Layer::File {
                        origin = start;
                    }
                }
                other => self.reader.problems.push(not_a_table(start, &path, other)),
            }
        }
        self.child(path, origin, layers, read)
    }

    /// A table that may be left out as a whole.
    pub fn table_if_any<T>(
        &mut self,
        key: &'static str,
        read: fn(&mut Section<'_, 'a>) -> T,
    ) -> Option<T> {
        self.ask(key);
        let written = self.layers.iter().any(|(table, _)| table.contains_key(key));
        written.then(|| self.table(key, read))
    }

    /// A list of tables, in the file's order; empty if there are none.
    pub fn tables<T>(&mut self, key: &'static str, read: fn(&mut Section<'_, 'a>) -> T) -> Vec<T> {
        self.ask(key);
        let Some(node) = self.find(key) else {
            return Vec::new();
        };
        let path = self.path_of(key);
        let mut values = Vec::new();
        for (index, entry) in node.value.as_array().into_iter().flatten().enumerate() {
            let Some(table) = entry.get_ref().as_table() else {
                break;
            };
            let origin = node.text.origin(entry.span().start);
            let path = format!("{path}[{}]", index + 1);
            values.push(self.child(path, origin, vec![(table, node.text)], read));
        }
        if node
            .value
            .as_array()
            .is_none_or(|entries| entries.len() != values.len())
        {
            let message = format!("{path} must be a list of tables");
            let hint = format!("head each with [[{path}]]");
            self.reader.problems.push(node.problem(message).hint(hint));
        }
        values
    }

    fn child<T>(
        &mut self,
        path: String,
        origin: Origin,
        layers: Vec<(&'a DeTable<'a>, Text<'a>)>,
        read: fn(&mut Section<'_, 'a>) -> T,
    ) -> T {
        let mut child = Section::new(self.reader, path, origin, layers);
        let value = read(&mut child);
        child.close();
        value
    }

    /// Takes down the keys that nobody asked for.
    pub fn close(self) {
        for (table, text) in &self.layers {
            for name in table
                .keys()
                .filter(|name| !self.asked.contains(name.get_ref().as_ref()))
            {
                let key = join(&self.path, name.get_ref());
                let origin = text.origin(name.span().start);
                self.reader.strangers.push(At {
                    value: (),
                    key,
                    origin,
                });
            }
        }
    }

    fn ask(&mut self, key: &'static str) {
        self.asked.insert(key);
        let path = self.path_of(key);
        self.reader.known.insert(path);
    }

    fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// The strongest value of a key: the last flag, else the file's, else the default.
    fn find(&self, key: &str) -> Option<Node<'a>> {
        let key_path = self.path_of(key);
        if let Some(flag) = self.reader.flags.iter().rfind(|flag| flag.key == key_path) {
            let text = Text {
                layer: Layer::Flag,
                text: flag.text,
            };
            return Some(Node {
                value: &flag.value,
                text,
                key: key_path,
                origin: Origin::Flag,
            });
        }
        self.layers.iter().find_map(|&(table, text)| {
            let value = table.get(key)?;
            let origin = text.origin(value.span().start);
            Some(Node {
                value: value.get_ref(),
                text,
                key: key_path.clone(),
                origin,
            })
        })
    }
}

/// A key that must be there and is not.
pub(super) fn missing(section: &At<()>, key: &str) -> Problem {
    let path = join(&section.key, key);
    let place = match section.key.as_str() {
        "" => format!("write {key} = … at the top"),
        section if section.ends_with(']') => format!("write {key} = … there"),
        section => format!("write {key} = … under [{section}]"),
    };
    Problem::new(section.origin, &path, format!("{path} is missing")).hint(place)
}

/// Something else where a table should stand.
fn not_a_table(origin: Origin, path: &str, value: &DeValue<'_>) -> Problem {
    let message = format!("{path} must be a table");
    Problem::new(origin, path, message).hint(match value {
        DeValue::Array(_) => format!("head it with [{path}], in single brackets, once"),
        _ => format!("head it with [{path}]"),
    })
}
