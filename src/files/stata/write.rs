//! Tables out, as Stata 14 and later read them: format 118, UTF-8, little-endian.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::super::labelled::{Labelled, Values, Variable};
use super::super::{Error, Whole};

/// The longest text of a variable with a width, in bytes; longer ones stand apart.
const WIDEST: usize = 2_045;
/// The longest name, in letters.
const NAME: usize = 32;
/// The longest label of a variable, in letters.
const LABEL: usize = 80;

/// Types of variables.
const LONG: u16 = 32_768;
const DOUBLE: u16 = 65_526;

/// Stata's missing value.
const MISSING: u64 = 0x7fe0_0000_0000_0000;

/// A variable as it is written.
struct Out<'t> {
    variable: &'t Variable,
    name: String,
    /// Its type: a width in bytes, or one of those above.
    kind: u16,
}

/// Writes a table as a `.dta` file, whole or not at all.
///
/// Names that Stata does not allow are changed to the nearest that it does, and stand in the label if
/// there is none. Labels of codes are kept where the codes are whole numbers.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written.
///
/// # Source
///
/// Stata's manual, "File formats .dta".
pub fn write(path: &Path, table: &Labelled) -> Result<(), Error> {
    let mut file = Whole::create(path)?;
    file.write_all(&bytes(table))
        .map_err(|why| Error::write(path, why))?;
    file.keep()
}

fn bytes(table: &Labelled) -> Vec<u8> {
    let variables = out(table);
    let mut file = Vec::new();
    let mut places = vec![0];
    header(&mut file, variables.len(), table.rows());
    places.push(file.len());
    section(&mut file, "map", &[0; 14 * 8]);
    let mut part = |file: &mut Vec<u8>, tag: &str, inside: Vec<u8>| {
        places.push(file.len());
        section(file, tag, &inside);
    };
    let each = |of: &dyn Fn(&Out<'_>) -> Vec<u8>| variables.iter().flat_map(of).collect();
    let types = each(&|one| one.kind.to_le_bytes().to_vec());
    part(&mut file, "variable_types", types);
    let names = each(&|one| filled(&one.name, 129));
    part(&mut file, "varnames", names);
    part(&mut file, "sortlist", vec![0; 2 * (variables.len() + 1)]);
    part(&mut file, "formats", each(&|one| filled(&one.format(), 57)));
    let sets = each(&|one| match one.labels().is_empty() {
        true => filled("", 129),
        false => filled(&one.name, 129),
    });
    part(&mut file, "value_label_names", sets);
    part(
        &mut file,
        "variable_labels",
        each(&|one| filled(&one.label(), 321)),
    );
    part(&mut file, "characteristics", Vec::new());
    let (data, long) = data(table, &variables);
    part(&mut file, "data", data);
    part(&mut file, "strls", long);
    part(&mut file, "value_labels", each(&|one| one.set()));
    places.push(file.len());
    file.extend(b"</stata_dta>");
    places.push(file.len());
    let map: Vec<u8> = places
        .iter()
        .flat_map(|place| (*place as u64).to_le_bytes())
        .collect();
    let at = places[1] + "<map>".len();
    file[at..at + map.len()].copy_from_slice(&map);
    file
}

fn header(file: &mut Vec<u8>, variables: usize, rows: usize) {
    file.extend(b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>");
    file.extend((variables as u16).to_le_bytes());
    file.extend(b"</K><N>");
    file.extend((rows as u64).to_le_bytes());
    // Neither label nor time: the same table gives the same bytes.
    file.extend(b"</N><label>\0\0</label><timestamp>\0</timestamp></header>");
}

fn section(file: &mut Vec<u8>, tag: &str, inside: &[u8]) {
    file.extend(format!("<{tag}>").bytes());
    file.extend(inside);
    file.extend(format!("</{tag}>").bytes());
}

fn out(table: &Labelled) -> Vec<Out<'_>> {
    let mut taken = BTreeSet::new();
    let one = |variable| Out {
        variable,
        name: name(&variable.name, &mut taken),
        kind: match &variable.values {
            Values::Numbers(..) => DOUBLE,
            Values::Texts(values, _) => {
                let longest = values.iter().flatten().map(String::len).max().unwrap_or(0);
                if longest > WIDEST {
                    LONG
                } else {
                    longest.max(1) as u16
                }
            }
        },
    };
    table.variables().iter().map(one).collect()
}

/// A name that Stata allows and no other has: letters, digits and _, and no digit first.
fn name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    const WORDS: [&str; 14] = [
        "byte", "double", "float", "if", "in", "int", "long", "using", "with", "str", "strL", "_n",
        "_N", "_all",
    ];
    let allowed = |c: char| if c.is_alphanumeric() { c } else { '_' };
    let mut name: String = wanted.chars().map(allowed).collect();
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') || WORDS.contains(&name.as_str())
    {
        name.insert(0, '_');
    }
    let name: String = name.chars().take(NAME - 4).collect();
    let (mut chosen, mut number) = (name.clone(), 1);
    while !taken.insert(chosen.clone()) {
        number += 1;
        chosen = format!("{name}_{number}");
    }
    chosen
}

impl Out<'_> {
    fn format(&self) -> String {
        match self.kind {
            DOUBLE => "%10.0g".to_owned(),
            LONG => "%9s".to_owned(),
            width => format!("%{width}s"),
        }
    }

    fn label(&self) -> String {
        let label = if self.variable.label.is_empty() && self.name != self.variable.name {
            &self.variable.name
        } else {
            &self.variable.label
        };
        label.chars().take(LABEL).collect()
    }

    /// Labels of codes that are whole numbers.
    fn labels(&self) -> Vec<(i32, &str)> {
        let Values::Numbers(_, labels) = &self.variable.values else {
            return Vec::new();
        };
        let whole = |x: f64| (x.fract().abs() <= 0.0 && x.abs() < 2e9).then_some(x as i32);
        labels
            .iter()
            .filter_map(|(code, label)| Some((whole(*code)?, label.as_str())))
            .collect()
    }

    /// Its labels as a table of their own.
    fn set(&self) -> Vec<u8> {
        let labels = self.labels();
        if labels.is_empty() {
            return Vec::new();
        }
        let (mut offsets, mut codes, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (code, label) in &labels {
            offsets.extend((texts.len() as u32).to_le_bytes());
            codes.extend(code.to_le_bytes());
            texts.extend(label.bytes().chain([0]));
        }
        let mut inside = Vec::new();
        inside.extend((labels.len() as u32).to_le_bytes());
        inside.extend((texts.len() as u32).to_le_bytes());
        inside.extend([offsets, codes, texts].concat());
        let mut set = (inside.len() as u32).to_le_bytes().to_vec();
        set.extend(filled(&self.name, 129));
        set.extend([0; 3]);
        set.extend(inside);
        let mut file = Vec::new();
        section(&mut file, "lbl", &set);
        file
    }
}

/// The rows, and the texts that are too long to stand in them.
fn data(table: &Labelled, variables: &[Out<'_>]) -> (Vec<u8>, Vec<u8>) {
    let (mut data, mut long) = (Vec::new(), Vec::new());
    for row in 0..table.rows() {
        for (place, one) in variables.iter().enumerate() {
            match &one.variable.values {
                Values::Numbers(values, _) => {
                    let there = values[row].filter(|x| x.is_finite() && x.abs() < 8.9e307);
                    data.extend(there.map_or(MISSING, f64::to_bits).to_le_bytes());
                }
                Values::Texts(values, _) => {
                    let text = values[row].as_deref().unwrap_or_default();
                    match one.kind {
                        LONG => apart(text, (place + 1, row + 1), &mut data, &mut long),
                        width => data.extend(filled(text, usize::from(width))),
                    }
                }
            }
        }
    }
    (data, long)
}

/// A long text by the variable and row in which it stands, both from 1.
fn apart(text: &str, (variable, row): (usize, usize), data: &mut Vec<u8>, long: &mut Vec<u8>) {
    if text.is_empty() {
        data.extend([0; 8]);
        return;
    }
    data.extend((variable as u16).to_le_bytes());
    data.extend(&(row as u64).to_le_bytes()[..6]);
    long.extend(b"GSO");
    long.extend((variable as u32).to_le_bytes());
    long.extend((row as u64).to_le_bytes());
    // Text, and a 0 behind it.
    long.push(130);
    long.extend((text.len() as u32 + 1).to_le_bytes());
    long.extend(text.bytes().chain([0]));
}

/// A text and zeros, so many bytes in all; whole letters only.
fn filled(text: &str, length: usize) -> Vec<u8> {
    let mut end = text.len().min(length);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut bytes = text.as_bytes()[..end].to_vec();
    bytes.resize(length, 0);
    bytes
}
