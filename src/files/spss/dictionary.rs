//! What stands before the cases: variables, their names, labels and missing values.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::super::labelled::Values;
use super::bytes::{Bytes, real};

/// How cases are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// Not at all.
    Plain,
    /// A code for each number or part of a text.
    Codes,
    /// That, in blocks of zlib.
    Blocks,
}

/// All that is known before the cases.
#[derive(Debug)]
pub(super) struct Dictionary {
    pub big: bool,
    pub packing: Packing,
    /// What is taken from a code to give a number.
    pub bias: f64,
    /// None if the file does not say.
    pub cases: Option<usize>,
    /// Numbers and parts of texts in a case, of eight bytes each.
    pub parts: usize,
    /// Where the cases begin.
    pub data: usize,
    pub variables: Vec<Described>,
}

/// A variable.
#[derive(Debug)]
pub(super) struct Described {
    pub name: String,
    pub label: String,
    /// Bytes of a text; 0 of a number.
    width: usize,
    /// The parts of a case in which each segment begins, and how many bytes it gives.
    segments: Vec<(usize, usize)>,
    missing: Missing,
    labels: Vec<(Vec<u8>, String)>,
    big: bool,
    encoding: &'static Encoding,
}

/// Values that the file's makers declared as missing.
#[derive(Debug, Default)]
struct Missing {
    range: Option<(f64, f64)>,
    numbers: Vec<f64>,
    texts: Vec<Vec<u8>>,
}

/// A variable as its record has it.
struct Raw<'b> {
    name: &'b [u8],
    width: usize,
    label: &'b [u8],
    declared: i32,
    missing: Vec<[u8; 8]>,
    /// The first part of a case that it fills.
    first: usize,
}

/// Labels, and the parts of a case to whose variables they belong, counted from 1.
type Group<'b> = (Vec<([u8; 8], &'b [u8])>, Vec<usize>);

/// Records as they come.
#[derive(Default)]
struct Records<'b> {
    raw: Vec<Raw<'b>>,
    parts: usize,
    groups: Vec<Group<'b>>,
    /// Extensions that are made use of, by subtype.
    more: BTreeMap<i32, &'b [u8]>,
}

/// Subtypes of extensions.
const MACHINE: i32 = 3;
const LONG_NAMES: i32 = 13;
const VERY_LONG: i32 = 14;
const ENCODING: i32 = 20;
const TEXT_LABELS: i32 = 21;
const TEXT_MISSING: i32 = 22;

/// Bytes of a segment of a very long text that are made use of, and by which segments are counted.
const SEGMENT: usize = 255;
const COUNTED: usize = 252;

impl Dictionary {
    pub fn read(bytes: &[u8]) -> Result<Dictionary, String> {
        let kind = bytes.get(..4).unwrap_or_default();
        if kind != b"$FL2" && kind != b"$FL3" {
            return Err("it is no SPSS file: those begin with $FL2".to_owned());
        }
        let mut from = Bytes::of(bytes, 64, false);
        from.big = match from.whole()? {
            2 | 3 => false,
            other if matches!(other.swap_bytes(), 2 | 3) => true,
            _ => return Err("it is no SPSS file: its layout is unknown".to_owned()),
        };
        from.whole()?;
        let packing = match from.whole()? {
            0 => Packing::Plain,
            1 => Packing::Codes,
            2 => Packing::Blocks,
            other => return Err(format!("it is compressed in a way unknown: {other}")),
        };
        from.whole()?;
        let cases = usize::try_from(from.whole()?).ok();
        let bias = from.real()?;
        from.take(9 + 8 + 64 + 3)?;
        let records = Records::read(&mut from)?;
        let encoding = records.encoding(from.big)?;
        Ok(Dictionary {
            big: from.big,
            packing,
            bias,
            cases,
            parts: records.parts,
            data: from.at,
            variables: records.described(from.big, encoding)?,
        })
    }
}

impl<'b> Records<'b> {
    fn read(from: &mut Bytes<'b>) -> Result<Records<'b>, String> {
        let mut records = Records::default();
        loop {
            match from.whole()? {
                2 => records.variable(from)?,
                3 => records.labels(from)?,
                6 => {
                    let lines = from.count()?;
                    from.take(lines.saturating_mul(80))?;
                }
                7 => {
                    let (subtype, size, count) = (from.whole()?, from.count()?, from.count()?);
                    let data = from.take(size.saturating_mul(count))?;
                    records.more.insert(subtype, data);
                }
                999 => {
                    from.whole()?;
                    return Ok(records);
                }
                other => return Err(format!("it is damaged: no record is of type {other}")),
            }
        }
    }

    fn variable(&mut self, from: &mut Bytes<'b>) -> Result<(), String> {
        let (width, labelled, declared) = (from.whole()?, from.whole()?, from.whole()?);
        from.take(8)?;
        let name = from.take(8)?;
        let label = match labelled {
            0 => &[][..],
            _ => {
                let length = from.count()?;
                from.padded(length, 4)?
            }
        };
        let mut missing = Vec::new();
        for _ in 0..declared.unsigned_abs().min(3) {
            missing.push(from.eight()?);
        }
        let first = self.parts;
        self.parts += 1;
        // Further parts of a text have records of width −1.
        if width >= 0 {
            let width = width.unsigned_abs() as usize;
            self.raw.push(Raw {
                name,
                width,
                label,
                declared,
                missing,
                first,
            });
        }
        Ok(())
    }

    fn labels(&mut self, from: &mut Bytes<'b>) -> Result<(), String> {
        let mut labels = Vec::new();
        for _ in 0..from.count()? {
            let value = from.eight()?;
            let length = usize::from(from.take(1)?[0]);
            let label = from.take(length)?;
            from.take((length + 1).next_multiple_of(8) - (length + 1))?;
            labels.push((value, label));
        }
        if from.whole()? != 4 {
            return Err("it is damaged: labels belong to no variables".to_owned());
        }
        let mut variables = Vec::new();
        for _ in 0..from.count()? {
            variables.push(from.count()?);
        }
        self.groups.push((labels, variables));
        Ok(())
    }

    /// As the file names it, or else by its code page.
    fn encoding(&self, big: bool) -> Result<&'static Encoding, String> {
        if let Some(name) = self.more.get(&ENCODING) {
            let name = String::from_utf8_lossy(name);
            let name = name.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace());
            return encoding(name).ok_or_else(|| format!("its encoding is unknown: {name}"));
        }
        let Some(machine) = self.more.get(&MACHINE) else {
            return Ok(WINDOWS_1252);
        };
        let mut from = Bytes::of(machine, 16, big);
        if matches!(from.whole()?, 2 | 3) {
            return Err("its numbers are not as today's computers have them".to_owned());
        }
        from.take(8)?;
        match from.whole()? {
            // Older files say no more than that they are of some ASCII.
            0..=3 => Ok(WINDOWS_1252),
            page => encoding(&format!("cp{page}"))
                .ok_or_else(|| format!("its code page is unknown: {page}")),
        }
    }

    fn described(&self, big: bool, encoding: &'static Encoding) -> Result<Vec<Described>, String> {
        let text = |bytes: &[u8]| {
            let text = encoding.decode_without_bom_handling(bytes).0;
            text.trim_end_matches([' ', '\0']).to_owned()
        };
        let long = pairs(&text(self.bytes(LONG_NAMES)));
        let very_long = pairs(&text(self.bytes(VERY_LONG)));
        let mut variables: Vec<Described> = Vec::new();
        let mut rest = self.raw.iter();
        while let Some(raw) = rest.next() {
            let short = text(raw.name);
            let mut width = raw.width;
            let mut segments = vec![(raw.first, raw.width)];
            let written = very_long.get(&short.to_uppercase());
            if let Some(whole) = written.and_then(|digits| digits.trim().parse().ok()) {
                width = whole;
                for _ in 1..width.div_ceil(COUNTED) {
                    let next = rest.next().ok_or("it is damaged: a long text is cut off")?;
                    segments.push((next.first, next.width));
                }
            }
            for (_, bytes) in &mut segments {
                *bytes = (*bytes).min(SEGMENT);
            }
            let name = long.get(&short.to_uppercase()).cloned();
            variables.push(Described {
                name: name.unwrap_or(short),
                label: text(raw.label),
                width,
                segments,
                missing: Missing::of(raw, big),
                labels: Vec::new(),
                big,
                encoding,
            });
        }
        self.name_values(&mut variables, &text);
        self.name_texts(&mut variables, big, &text)?;
        Ok(variables)
    }

    /// An extension's bytes; none if the file lacks it.
    fn bytes(&self, subtype: i32) -> &'b [u8] {
        self.more.get(&subtype).copied().unwrap_or_default()
    }

    /// Labels of values of up to eight bytes.
    fn name_values(&self, variables: &mut [Described], text: &dyn Fn(&[u8]) -> String) {
        for (labels, places) in &self.groups {
            let of = |one: &Described| places.contains(&(one.segments[0].0 + 1));
            for one in variables.iter_mut().filter(|one| of(one)) {
                let labels = labels.iter();
                one.labels
                    .extend(labels.map(|(value, label)| (value.to_vec(), text(label))));
            }
        }
    }

    /// Labels and missing values of longer texts.
    fn name_texts(
        &self,
        variables: &mut [Described],
        big: bool,
        text: &dyn Fn(&[u8]) -> String,
    ) -> Result<(), String> {
        let mut from = Bytes::of(self.bytes(TEXT_LABELS), 0, big);
        while from.left() > 0 {
            let length = from.count()?;
            let name = text(from.take(length)?);
            from.whole()?;
            let mut labels = Vec::new();
            for _ in 0..from.count()? {
                let length = from.count()?;
                let value = from.take(length)?.to_vec();
                let length = from.count()?;
                labels.push((value, text(from.take(length)?)));
            }
            if let Some(one) = variables.iter_mut().find(|one| one.name == name) {
                one.labels.extend(labels);
            }
        }
        let mut from = Bytes::of(self.bytes(TEXT_MISSING), 0, big);
        while from.left() > 0 {
            let length = from.count()?;
            let name = text(from.take(length)?);
            let count = usize::from(from.take(1)?[0]);
            let length = from.count()?;
            let mut missing = Vec::new();
            for _ in 0..count {
                missing.push(trimmed(from.take(length)?).to_vec());
            }
            if let Some(one) = variables.iter_mut().find(|one| one.name == name) {
                one.missing.texts.extend(missing);
            }
        }
        Ok(())
    }
}

impl Missing {
    fn of(raw: &Raw<'_>, big: bool) -> Missing {
        let mut missing = Missing::default();
        if raw.width > 0 {
            missing.texts = raw.missing.iter().map(|v| trimmed(v).to_vec()).collect();
            return missing;
        }
        let mut numbers = raw.missing.iter().map(|eight| real(*eight, big));
        if raw.declared < -1 {
            missing.range = numbers.next().zip(numbers.next());
        }
        missing.numbers = numbers.collect();
        missing
    }

    fn holds(&self, x: f64) -> bool {
        let inside = self.range.is_some_and(|(low, high)| low <= x && x <= high);
        inside || self.numbers.contains(&x)
    }
}

impl Described {
    /// A column of it without cells.
    pub fn values(&self) -> Values {
        let text = |bytes: &[u8]| {
            let text = self.encoding.decode_without_bom_handling(trimmed(bytes)).0;
            text.into_owned()
        };
        if self.width > 0 {
            let labels = self.labels.iter();
            let labels = labels.map(|(value, label)| (text(value), label.clone()));
            return Values::Texts(Vec::new(), labels.collect());
        }
        let number = |value: &[u8]| Some(real(value.try_into().ok()?, self.big));
        let labels = self.labels.iter();
        let labels = labels.filter_map(|(value, label)| Some((number(value)?, label.clone())));
        let mut labels: Vec<(f64, String)> = labels.collect();
        labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        Values::Numbers(Vec::new(), labels)
    }

    /// Its number in a case.
    pub fn number(&self, case: &[u8]) -> Option<f64> {
        let at = self.segments[0].0 * 8;
        let eight = case.get(at..at + 8)?.try_into().ok()?;
        let value = real(eight, self.big);
        // The system's missing value is the lowest number there is.
        let there = value.is_finite() && value > f64::MIN;
        (there && !self.missing.holds(value)).then_some(value)
    }

    /// Its text in a case.
    pub fn text(&self, case: &[u8]) -> Option<String> {
        let mut bytes = Vec::with_capacity(self.width);
        for &(part, length) in &self.segments {
            bytes.extend_from_slice(case.get(part * 8..part * 8 + length)?);
        }
        bytes.truncate(self.width);
        let bytes = trimmed(&bytes);
        if bytes.is_empty() || self.missing.texts.iter().any(|missing| missing == bytes) {
            return None;
        }
        let text = self.encoding.decode_without_bom_handling(bytes).0;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// Without blanks at the end.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let blank = |byte: &u8| *byte == b' ' || *byte == 0;
    let last = bytes.iter().rposition(|byte| !blank(byte));
    &bytes[..last.map_or(0, |last| last + 1)]
}

/// "A=x", "B=y", parted by tabs; names in capitals.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('\t');
    let pairs = pairs.filter_map(|pair| pair.trim_matches('\0').split_once('='));
    pairs
        .map(|(name, value)| {
            (
                name.trim().to_uppercase(),
                value.trim_matches('\0').to_owned(),
            )
        })
        .collect()
}

/// The encoding that SPSS calls so.
fn encoding(name: &str) -> Option<&'static Encoding> {
    let lower = name.to_lowercase();
    match lower
        .trim_start_matches("cp")
        .trim_start_matches("windows-")
    {
        "65001" => Some(UTF_8),
        "936" => Some(encoding_rs::GBK),
        "54936" => Some(encoding_rs::GB18030),
        "950" => Some(encoding_rs::BIG5),
        "932" => Some(encoding_rs::SHIFT_JIS),
        "949" => Some(encoding_rs::EUC_KR),
        "20127" | "28591" => Some(WINDOWS_1252),
        _ => Encoding::for_label(name.as_bytes()),
    }
}
