//! Telling combinations of labels apart, without making text of each.

use super::line::Line;

/// Numbers the combinations of some columns' labels, in the order in which they are first seen.
///
/// Each hand has its own, so that threads share nothing; combinations are few beside rows.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    /// By column.
    columns: Vec<Labels>,
    /// How the combinations of the columns before join the labels of the second, third … column.
    joints: Vec<Joint>,
    /// Places of the labels of each combination.
    parts: Vec<Vec<u32>>,
    /// Places of the labels of a row.
    row: Vec<u32>,
}

/// The labels of a column, each once, in the order in which they are first seen.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    /// Those of up to sixteen bytes, which are told apart as numbers: most labels are codes.
    short: Short,
    /// By their hash, or the next number that is free.
    #[expect(
        clippy::disallowed_types,
        reason = "looked up for every row and never iterated"
    )]
    places: std::collections::HashMap<u64, u32, foldhash::fast::FixedState>,
    names: Line,
    /// That of the row before: lists come sorted more often than not.
    last: u32,
}

/// Pairs of a combination and a label.
#[derive(Debug, Default)]
struct Joint {
    #[expect(
        clippy::disallowed_types,
        reason = "looked up for every row and never iterated"
    )]
    places: std::collections::HashMap<u64, u32, foldhash::fast::FixedState>,
    /// That of the row before, and its place.
    last: Option<(u64, u32)>,
}

impl Interner {
    /// The place of a row's combination; none if a label is blank.
    pub(crate) fn place<'a>(
        &mut self,
        labels: impl Iterator<Item = Option<&'a str>>,
    ) -> Option<u32> {
        self.row.clear();
        let mut all = 0;
        for (column, label) in labels.enumerate() {
            if column == self.columns.len() {
                self.columns.push(Labels::default());
                self.joints.push(Joint::default());
            }
            let place = self.columns[column].place(label?);
            self.row.push(place);
            all = match column {
                0 => place,
                _ => self.joints[column].place(all, place),
            };
        }
        if all as usize == self.parts.len() {
            self.parts.push(self.row.clone());
        }
        Some(all)
    }

    /// The labels of the combination at `place`.
    pub(crate) fn combination(&self, place: u32) -> Vec<String> {
        self.parts[place as usize]
            .iter()
            .zip(&self.columns)
            .map(|(&part, column)| column.names.get(part as usize).to_owned())
            .collect()
    }

    /// The labels of all combinations, in the order of their places.
    pub(crate) fn combinations(&self) -> impl Iterator<Item = Vec<String>> {
        (0..self.len() as u32).map(|place| self.combination(place))
    }

    /// How many combinations were seen.
    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }
}

impl Labels {
    /// The place of a label.
    pub(crate) fn place(&mut self, label: &str) -> u32 {
        let code = Code::of(label);
        if let Some(place) = code.and_then(|code| self.short.place(code)) {
            return place;
        }
        let place = self.place_by_hash(label);
        if let Some(code) = code {
            self.short.note(code, place);
        }
        place
    }

    fn place_by_hash(&mut self, label: &str) -> u32 {
        use std::hash::BuildHasher;
        if (self.last as usize) < self.names.len() && self.names.is(self.last as usize, label) {
            return self.last;
        }
        let mut key = foldhash::fast::FixedState::with_seed(0).hash_one(label);
        self.last = loop {
            match self.places.get(&key) {
                Some(&place) if self.names.is(place as usize, label) => break place,
                Some(_) => key = key.wrapping_add(1),
                None => {
                    let place = self.names.len() as u32;
                    self.places.insert(key, place);
                    self.names.push(label);
                    break place;
                }
            }
        };
        self.last
    }

    /// The labels, by their places.
    pub(crate) fn names(&self) -> &Line {
        &self.names
    }
}

/// A text of up to sixteen bytes as three numbers, different for different texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Code {
    first: u64,
    last: u64,
    length: u32,
}

impl Code {
    /// None for a longer text.
    #[inline]
    fn of(text: &str) -> Option<Code> {
        let bytes = text.as_bytes();
        let (first, last) = match bytes.len() {
            8..=16 => (
                u64::from_le_bytes(*bytes.first_chunk()?),
                u64::from_le_bytes(*bytes.last_chunk()?),
            ),
            4..8 => (
                u64::from(u32::from_le_bytes(*bytes.first_chunk()?)),
                u64::from(u32::from_le_bytes(*bytes.last_chunk()?)),
            ),
            0..4 => (
                bytes
                    .iter()
                    .fold(0, |all, &byte| all << 8 | u64::from(byte)),
                0,
            ),
            _ => return None,
        };
        let length = bytes.len() as u32;
        Some(Code {
            first,
            last,
            length,
        })
    }

    /// Where among [`Short::SLOTS`] it is looked for: there, or a few steps on.
    fn slots(self) -> impl Iterator<Item = usize> {
        // Fibonacci hashing: codes are anything but spread evenly.
        let mixed = (self.first ^ self.last.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let first = (mixed >> (u64::BITS - Short::SLOTS.ilog2())) as usize;
        (0..Short::STEPS).map(move |step| (first + step) % Short::SLOTS)
    }
}

/// Short labels where they were met last. More may want a slot than it has steps: a later one has it then, and
/// the other is found the long way.
#[derive(Debug, Default)]
struct Short {
    /// One more than a place in `codes`; 0 where no label was met.
    slots: Vec<u32>,
    /// With the place of the label.
    codes: Vec<(Code, u32)>,
}

impl Short {
    const SLOTS: usize = 1 << 12;
    const STEPS: usize = 4;

    #[inline]
    fn place(&self, code: Code) -> Option<u32> {
        for slot in code.slots() {
            let at = self.slots.get(slot)?.checked_sub(1)?;
            let (met, place) = self.codes[at as usize];
            if met == code {
                return Some(place);
            }
        }
        None
    }

    fn note(&mut self, code: Code, place: u32) {
        if self.slots.is_empty() {
            self.slots.resize(Short::SLOTS, 0);
        }
        let (mut slots, free) = (code.slots(), |slot: &usize| self.slots[*slot] == 0);
        let last = code.slots().last();
        let Some(slot) = slots.find(free).or(last) else {
            return;
        };
        match self.slots[slot].checked_sub(1) {
            Some(at) => self.codes[at as usize] = (code, place),
            None => {
                self.codes.push((code, place));
                self.slots[slot] = self.codes.len() as u32;
            }
        }
    }
}

impl Joint {
    fn place(&mut self, before: u32, label: u32) -> u32 {
        let pair = u64::from(before) << 32 | u64::from(label);
        if let Some((last, place)) = self.last
            && last == pair
        {
            return place;
        }
        let next = self.places.len() as u32;
        let place = *self.places.entry(pair).or_insert(next);
        self.last = Some((pair, place));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::Interner;

    fn place(interner: &mut Interner, labels: &[&str]) -> Option<u32> {
        let label = |label: &&str| !label.is_empty();
        interner.place(labels.iter().map(|one| Some(*one).filter(label)))
    }

    #[test]
    fn combinations_are_numbered_as_they_come() {
        let mut interner = Interner::default();
        let rows = [
            ["a", "b", "a"],
            ["a", "b", "a"],
            ["b", "b", ""],
            ["a", "a", "a"],
            ["b", "b", "a"],
            ["a", "b", "c"],
            ["a", "b", "a"],
        ];
        let places: Vec<Option<u32>> = rows.iter().map(|row| place(&mut interner, row)).collect();
        let (first, second, third, fourth) = (Some(0), Some(1), Some(2), Some(3));
        assert_eq!(places, [first, first, None, second, third, fourth, first]);
        assert_eq!(interner.combination(2), ["b", "b", "a"]);
        assert_eq!(interner.combinations().count(), 4);
    }

    #[test]
    fn labels_of_every_length_are_told_apart() {
        let mut labels = super::Labels::default();
        let text = "\0aé渝中区0123456789abcdefgh";
        let mut all: Vec<String> = Vec::new();
        for from in 0..text.len() {
            for to in from..=text.len() {
                all.extend(text.get(from..to).map(str::to_owned));
            }
        }
        // More than there are slots, so that some share one.
        all.extend((0..9_000).map(|one| one.to_string()));
        all.extend(["", "\0", "\0\0", "\0\0\0", "\0\0\0\0", "abcd", "abcde"].map(String::from));
        let places: Vec<u32> = all.iter().map(|one| labels.place(one)).collect();
        for (one, &place) in all.iter().zip(&places).rev() {
            assert_eq!(labels.place(one), place, "{one}");
            assert_eq!(labels.names().get(place as usize), one);
        }
    }

    #[test]
    fn without_columns_there_is_one_combination() {
        let mut interner = Interner::default();
        assert_eq!(place(&mut interner, &[]), Some(0));
        assert_eq!(place(&mut interner, &[]), Some(0));
        assert_eq!(interner.combination(0), [""; 0]);
    }
}
