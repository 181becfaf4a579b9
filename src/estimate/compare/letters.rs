//! Letters that show at a glance who cannot be told from whom.

use super::Comparison;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "letters",
    title: Words::new("Letters of groups", "字母标记法"),
    says: Words::new(
        "Figures that share a letter cannot be told apart. A letter stands for a group as large as it can \
         be, and there are no more letters than are needed.",
        "含有相同字母的估计量之间差异不显著。每个字母对应一个尽可能大的组，字母数不多于所需。",
    ),
    formula: "start with one group of all; split every group that holds a pair told apart; drop groups within others",
    sources: &[Source::new("Piepho (2004)")],
};

/// Groups of figures of which no two can be told apart, by their places; each as large as it can be.
///
/// # Formula
///
/// ```text
/// {all};   for each pair (i, j) told apart: g ∋ i, j → g∖{i}, g∖{j};   drop g ⊆ another
/// ```
///
/// # Source
///
/// Piepho (2004): insert and absorb.
#[must_use]
pub fn groups(comparison: &Comparison) -> Vec<Vec<usize>> {
    let mut groups = vec![comparison.compared.clone()];
    for pair in comparison
        .pairs
        .iter()
        .filter(|pair| pair.larger().is_some())
    {
        let (split, kept): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.contains(&pair.this) && group.contains(&pair.other));
        groups = kept;
        for group in split {
            for without in [pair.other, pair.this] {
                let part = group.iter().copied().filter(|&figure| figure != without);
                groups.push(part.collect());
            }
        }
        groups = absorbed(groups);
    }
    groups.sort();
    groups
}

/// Those that are in no other, each once.
fn absorbed(groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let within = |small: &Vec<usize>, large: &Vec<usize>| small.iter().all(|f| large.contains(f));
    let mut kept: Vec<Vec<usize>> = Vec::new();
    for group in groups {
        if kept.iter().any(|other| within(&group, other)) {
            continue;
        }
        kept.retain(|other| !within(other, &group));
        kept.push(group);
    }
    kept
}

/// The letters of each figure of the family, in its order; none for those that were not compared.
///
/// # Example
///
/// See [`Comparison::of`].
#[must_use]
pub fn letters(comparison: &Comparison) -> Vec<String> {
    let groups = groups(comparison);
    let count = comparison.compared.len() + comparison.left_out.len();
    let of = |figure: usize| {
        let mine = (0..groups.len()).filter(|&group| groups[group].contains(&figure));
        mine.map(letter).collect()
    };
    (0..count).map(of).collect()
}

/// a … z, then (27), (28), …
fn letter(group: usize) -> String {
    match u8::try_from(group) {
        Ok(place) if place < 26 => char::from(b'a' + place).to_string(),
        _ => format!("({})", group + 1),
    }
}
