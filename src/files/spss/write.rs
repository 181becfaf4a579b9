//! Tables out: UTF-8, little-endian, a code for each number or part of a text.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::super::labelled::{Labelled, Values, Variable};
use super::super::{Error, Whole};

/// The longest text of SPSS, in bytes.
const LONGEST: usize = 32_767;
/// The longest text that is no very long one, and how many of its bytes a segment counts for.
const SEGMENT: usize = 255;
const COUNTED: usize = 252;
/// The longest name, and the longest label, in bytes.
const NAME: usize = 64;
const LABEL: usize = 120;
/// What a code is more than its number.
const BIAS: i32 = 100;

/// A variable as it is written.
struct Out<'t> {
    variable: &'t Variable,
    /// From 1.
    place: usize,
    name: String,
    /// Bytes of a text; 0 of a number.
    width: usize,
}

/// Writes a table as a `.sav` file, whole or not at all.
///
/// Names that SPSS does not allow are changed to the nearest that it does, and stand in the label if
/// there is none.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written, or a text is longer than 32 767 bytes.
pub fn write(path: &Path, table: &Labelled) -> Result<(), Error> {
    let bytes = bytes(table).map_err(|why| Error::write(path, why))?;
    let mut file = Whole::create(path)?;
    file.write_all(&bytes)
        .map_err(|why| Error::write(path, why))?;
    file.keep()
}

/// A table as the bytes of a `.sav` file.
fn bytes(table: &Labelled) -> Result<Vec<u8>, String> {
    let variables = out(table)?;
    let mut file = header(table, &variables);
    for one in &variables {
        one.record(&mut file);
    }
    labels(&variables, &mut file);
    extensions(&variables, &mut file);
    whole(&mut file, 999);
    whole(&mut file, 0);
    cases(table, &variables, &mut file);
    Ok(file)
}

fn out(table: &Labelled) -> Result<Vec<Out<'_>>, String> {
    let mut taken = BTreeSet::new();
    let mut variables = Vec::new();
    for (place, variable) in table.variables().iter().enumerate() {
        let width = match &variable.values {
            Values::Numbers(..) => 0,
            Values::Texts(values, _) => {
                let lengths = values.iter().flatten().map(String::len);
                lengths.max().unwrap_or(0).max(1)
            }
        };
        if width > LONGEST {
            let name = &variable.name;
            return Err(format!(
                "'{name}' has a text of {width} bytes, and SPSS keeps {LONGEST}"
            ));
        }
        variables.push(Out {
            variable,
            place: place + 1,
            name: name(&variable.name, &mut taken),
            width,
        });
    }
    Ok(variables)
}

/// A name that SPSS allows and no other has: letters, digits and . _ $ # @, a letter first and no dot
/// last.
fn name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let allowed = |c: char| {
        if c.is_alphanumeric() || "._$#@".contains(c) {
            c
        } else {
            '_'
        }
    };
    let mut name: String = wanted.chars().map(allowed).collect();
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '@') {
        name.insert(0, '@');
    }
    const WORDS: [&str; 13] = [
        "ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH",
    ];
    if WORDS.contains(&name.to_uppercase().as_str()) || name.ends_with('.') {
        name.push('_');
    }
    let name = cut(&name, NAME - 4).to_owned();
    let mut chosen = name.clone();
    let mut number = 1;
    while !taken.insert(chosen.to_uppercase()) {
        number += 1;
        chosen = format!("{name}_{number}");
    }
    chosen
}

/// At most so many bytes of a text, and whole letters.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn header(table: &Labelled, variables: &[Out<'_>]) -> Vec<u8> {
    let mut file = b"$FL2".to_vec();
    padded(
        &mut file,
        concat!("@(#) SPSS DATA FILE canvass ", env!("CARGO_PKG_VERSION")),
        60,
    );
    let parts: usize = variables.iter().map(Out::parts).sum();
    for number in [2, parts as i32, 1, 0, table.rows() as i32] {
        whole(&mut file, number);
    }
    file.extend(f64::from(BIAS).to_le_bytes());
    // The same table gives the same bytes: no clock is read.
    padded(&mut file, "01 Jan 00", 9);
    padded(&mut file, "00:00:00", 8);
    padded(&mut file, "", 64);
    file.extend([0; 3]);
    file
}

impl Out<'_> {
    /// Segments of a text, and the width of each: very long ones have several.
    fn segments(&self) -> Vec<usize> {
        if self.width <= SEGMENT {
            return vec![self.width];
        }
        let all = self.width.div_ceil(COUNTED);
        let mut segments = vec![SEGMENT; all - 1];
        segments.push(self.width - (all - 1) * COUNTED);
        segments
    }

    /// Numbers and parts of a text, of eight bytes each.
    fn parts(&self) -> usize {
        let of = |width: &usize| width.div_ceil(8).max(1);
        self.segments().iter().map(of).sum()
    }

    fn label(&self) -> &str {
        let label = if self.variable.label.is_empty() && self.name != self.variable.name {
            &self.variable.name
        } else {
            &self.variable.label
        };
        cut(label, LABEL)
    }

    fn record(&self, file: &mut Vec<u8>) {
        for (place, width) in self.segments().into_iter().enumerate() {
            let label = if place == 0 { self.label() } else { "" };
            // F8.2, or A of the width: kind, width and decimals.
            let format = match width {
                0 => 5 << 16 | 8 << 8 | 2,
                width => 1 << 16 | (width as i32) << 8,
            };
            let labelled = i32::from(!label.is_empty());
            for number in [2, width as i32, labelled, 0, format, format] {
                whole(file, number);
            }
            let short = match place {
                0 => format!("V{:07}", self.place),
                segment => format!("W{:04}{segment:03}", self.place),
            };
            padded(file, &short, 8);
            if labelled == 1 {
                whole(file, label.len() as i32);
                padded(file, label, label.len().next_multiple_of(4));
            }
            for _ in 1..width.div_ceil(8) {
                for number in [2, -1, 0, 0, 0, 0] {
                    whole(file, number);
                }
                padded(file, "", 8);
            }
        }
    }
}

impl Out<'_> {
    /// What codes mean that fill eight bytes: numbers, and short texts.
    fn short_labels(&self) -> Vec<([u8; 8], &str)> {
        match &self.variable.values {
            Values::Numbers(_, labels) => labels
                .iter()
                .map(|(code, label)| (code.to_le_bytes(), label.as_str()))
                .collect(),
            Values::Texts(_, labels) if self.width <= 8 => labels
                .iter()
                .filter_map(|(code, label)| Some((eight(code)?, label.as_str())))
                .collect(),
            Values::Texts(..) => Vec::new(),
        }
    }

    /// What longer texts mean.
    fn long_labels(&self) -> &[(String, String)] {
        match &self.variable.values {
            Values::Texts(_, labels) if self.width > 8 => labels,
            _ => &[],
        }
    }
}

/// A short text and blanks; none if it is longer.
fn eight(text: &str) -> Option<[u8; 8]> {
    let mut eight = [b' '; 8];
    eight
        .get_mut(..text.len())?
        .copy_from_slice(text.as_bytes());
    Some(eight)
}

/// Labels of numbers and short texts.
fn labels(variables: &[Out<'_>], file: &mut Vec<u8>) {
    let mut first = 1;
    for one in variables {
        let labels = one.short_labels();
        if !labels.is_empty() {
            whole(file, 3);
            whole(file, labels.len() as i32);
            for (value, label) in labels {
                let label = cut(label, LABEL);
                file.extend(value);
                file.push(label.len() as u8);
                padded(file, label, (label.len() + 1).next_multiple_of(8) - 1);
            }
            for number in [4, 1, first as i32] {
                whole(file, number);
            }
        }
        first += one.parts();
    }
}

/// Labels of longer texts, as one extension; codes are as wide as the variable.
fn text_labels(variables: &[Out<'_>]) -> Vec<u8> {
    let mut data = Vec::new();
    for one in variables.iter().filter(|one| !one.long_labels().is_empty()) {
        let fits = |(code, _): &&(String, String)| code.len() <= one.width;
        let labels: Vec<_> = one.long_labels().iter().filter(fits).collect();
        whole(&mut data, one.name.len() as i32);
        data.extend(one.name.bytes());
        whole(&mut data, one.width as i32);
        whole(&mut data, labels.len() as i32);
        for (code, label) in labels {
            let label = cut(label, LABEL);
            whole(&mut data, one.width as i32);
            padded(&mut data, code, one.width);
            whole(&mut data, label.len() as i32);
            data.extend(label.bytes());
        }
    }
    data
}

fn extensions(variables: &[Out<'_>], file: &mut Vec<u8>) {
    let mut extension = |subtype: i32, size: i32, data: &[u8]| {
        for number in [7, subtype, size, data.len() as i32 / size] {
            whole(file, number);
        }
        file.extend(data);
    };
    // Of version 22.0.0, IEEE numbers, little-endian, UTF-8.
    let machine = [22, 0, 0, -1, 1, 1, 2, 65_001]
        .map(i32::to_le_bytes)
        .concat();
    extension(3, 4, &machine);
    let least = f64::from_bits(0xffef_ffff_ffff_fffe);
    let limits = [f64::MIN, f64::MAX, least].map(f64::to_le_bytes).concat();
    extension(4, 8, &limits);
    let names: Vec<String> = variables
        .iter()
        .map(|one| format!("V{:07}={}", one.place, one.name))
        .collect();
    extension(13, 1, names.join("\t").as_bytes());
    let long = variables.iter().filter(|one| one.width > SEGMENT);
    let long: String = long
        .map(|one| format!("V{:07}={:05}\0\t", one.place, one.width))
        .collect();
    if !long.is_empty() {
        extension(14, 1, long.as_bytes());
    }
    extension(20, 1, b"UTF-8");
    let labels = text_labels(variables);
    if !labels.is_empty() {
        extension(21, 1, &labels);
    }
}

/// The cases, packed: eight codes, then what they do not tell themselves.
struct Pack<'f> {
    file: &'f mut Vec<u8>,
    codes: Vec<u8>,
    beside: Vec<u8>,
}

impl Pack<'_> {
    fn code(&mut self, code: u8, beside: &[u8]) {
        self.codes.push(code);
        self.beside.extend(beside);
        if self.codes.len() == 8 {
            self.file.append(&mut self.codes);
            self.file.append(&mut self.beside);
        }
    }

    fn number(&mut self, value: Option<f64>) {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return self.code(255, &[]);
        };
        let code = value + f64::from(BIAS);
        let is_code = code.fract().abs() <= 0.0 && (1.0..=251.0).contains(&code);
        // A zero below nothing is no code.
        if is_code && value.to_bits() != (-0.0_f64).to_bits() {
            return self.code(code as u8, &[]);
        }
        self.code(253, &value.to_le_bytes());
    }

    fn text(&mut self, bytes: &[u8], parts: usize) {
        for part in 0..parts {
            let mut eight = [b' '; 8];
            let rest = bytes.get(part * 8..).unwrap_or_default();
            let length = rest.len().min(8);
            eight[..length].copy_from_slice(&rest[..length]);
            match eight == [b' '; 8] {
                true => self.code(254, &[]),
                false => self.code(253, &eight),
            }
        }
    }
}

fn cases(table: &Labelled, variables: &[Out<'_>], file: &mut Vec<u8>) {
    let mut pack = Pack {
        file,
        codes: Vec::new(),
        beside: Vec::new(),
    };
    for row in 0..table.rows() {
        for one in variables {
            match &one.variable.values {
                Values::Numbers(values, _) => pack.number(values[row]),
                Values::Texts(values, _) => {
                    let text = values[row].as_deref().unwrap_or_default().as_bytes();
                    for (place, width) in one.segments().into_iter().enumerate() {
                        let from = (place * SEGMENT).min(text.len());
                        let to = (from + SEGMENT).min(text.len());
                        pack.text(&text[from..to], width.div_ceil(8));
                    }
                }
            }
        }
    }
    while !pack.codes.is_empty() {
        pack.code(0, &[]);
    }
}

fn whole(file: &mut Vec<u8>, number: i32) {
    file.extend(number.to_le_bytes());
}

/// A text and blanks, so many bytes in all.
fn padded(file: &mut Vec<u8>, text: &str, length: usize) {
    file.extend(text.bytes().chain(std::iter::repeat(b' ')).take(length));
}
