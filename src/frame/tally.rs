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
    fn without_columns_there_is_one_combination() {
        let mut interner = Interner::default();
        assert_eq!(place(&mut interner, &[]), Some(0));
        assert_eq!(place(&mut interner, &[]), Some(0));
        assert_eq!(interner.combination(0), [""; 0]);
    }
}
