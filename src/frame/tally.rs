//! Counting combinations of labels in a batch, without making text of each.

use std::collections::BTreeMap;

use super::Batch;

/// Numbers the combinations of some columns' labels, in the order in which they are first seen.
///
/// Made anew for each batch, so that threads share nothing; combinations are few beside rows.
#[derive(Debug)]
pub(crate) struct Interner<'a> {
    /// One lookup per column: label → its place. Never iterated, so its order cannot matter.
    #[expect(
        clippy::disallowed_types,
        reason = "looked up for every row and never iterated"
    )]
    labels: Vec<std::collections::HashMap<&'a str, u32, foldhash::fast::FixedState>>,
    /// Labels by column and place.
    names: Vec<Vec<&'a str>>,
    /// The label of the row before: lists come sorted more often than not.
    last: Vec<Option<(&'a str, u32)>>,
    #[expect(
        clippy::disallowed_types,
        reason = "looked up for every row and never iterated"
    )]
    combinations: std::collections::HashMap<u128, u32, foldhash::fast::FixedState>,
    /// Places of the labels of each combination.
    parts: Vec<Vec<u32>>,
}

/// Bits of a label's place in the 128-bit key of a combination.
const BITS: u32 = 16;

impl<'a> Interner<'a> {
    /// For combinations of so many columns; eight at most fit.
    pub(crate) fn new(columns: usize) -> Interner<'a> {
        Interner {
            labels: (0..columns).map(|_| Default::default()).collect(),
            names: vec![Vec::new(); columns],
            last: vec![None; columns],
            combinations: Default::default(),
            parts: Vec::new(),
        }
    }

    /// The place of a row's combination; none if a label is blank.
    pub(crate) fn place(&mut self, labels: impl Iterator<Item = Option<&'a str>>) -> Option<u32> {
        let mut key = 0_u128;
        for (column, label) in labels.enumerate() {
            let place = self.label(column, label?);
            key = (key << BITS) | u128::from(place);
        }
        let next = self.parts.len() as u32;
        let place = *self.combinations.entry(key).or_insert(next);
        if place == next {
            let columns = self.names.len() as u32;
            let part = |column: u32| ((key >> (BITS * (columns - 1 - column))) & 0xffff) as u32;
            self.parts.push((0..columns).map(part).collect());
        }
        Some(place)
    }

    fn label(&mut self, column: usize, label: &'a str) -> u32 {
        if let Some((last, place)) = self.last[column]
            && last == label
        {
            return place;
        }
        let next = self.names[column].len() as u32;
        let place = *self.labels[column].entry(label).or_insert(next);
        if place == next {
            assert!(
                next < 1 << BITS,
                "more than 65 536 labels in one batch of a stratum column"
            );
            self.names[column].push(label);
        }
        self.last[column] = Some((label, place));
        place
    }

    /// The labels of the combination at `place`.
    pub(crate) fn combination(&self, place: u32) -> Vec<String> {
        self.parts[place as usize]
            .iter()
            .zip(&self.names)
            .map(|(&part, names)| names[part as usize].to_owned())
            .collect()
    }

    /// How many combinations were seen.
    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }
}

/// Rows per combination of labels, over all batches.
pub(crate) type Tally = BTreeMap<Vec<String>, u64>;

/// Adds a batch's counts to a tally; `from` is where its stratum columns begin.
pub(crate) fn count<'a>(batch: &'a Batch<'a>, columns: &[usize], tally: &mut Tally) -> Vec<u64> {
    let mut interner = Interner::new(columns.len());
    let mut counts: Vec<u64> = Vec::new();
    let mut blank = Vec::new();
    for row in 0..batch.rows() {
        match interner.place(columns.iter().map(|&column| batch.columns[column][row])) {
            Some(place) => {
                counts.resize(interner.len(), 0);
                counts[place as usize] += 1;
            }
            None => blank.push(batch.first_row + row as u64),
        }
    }
    for (place, count) in counts.into_iter().enumerate() {
        *tally.entry(interner.combination(place as u32)).or_default() += count;
    }
    blank
}
