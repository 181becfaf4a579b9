//! What is wrong with a list, as findings: counted, with examples and rows.

use serde::{Deserialize, Serialize};

use super::{Holders, Malformed};
use crate::language::{Language, Words};

/// How many rows of a finding are kept as examples.
pub(crate) const EXAMPLES: usize = 20;

/// One kind of trouble with a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Finding {
    /// How often it was found.
    pub count: u64,
    /// The first rows it was found in, counted from 1 without the heading.
    pub rows: Vec<u64>,
}

impl Finding {
    /// Notes one more row, counted from 0.
    pub(crate) fn add(&mut self, row: u64) {
        self.count += 1;
        self.rows.push(row + 1);
        // Rows come from several threads in any order: the smallest are kept, whoever finds them.
        if self.rows.len() > 4 * EXAMPLES {
            self.trim();
        }
    }

    /// Joins what two threads found.
    pub(crate) fn merge(&mut self, other: Finding) {
        self.count += other.count;
        self.rows.extend(other.rows);
        self.trim();
    }

    /// The same with its examples in order of rows.
    pub(crate) fn sorted(mut self) -> Finding {
        self.trim();
        self
    }

    fn trim(&mut self) {
        self.rows.sort_unstable();
        self.rows.truncate(EXAMPLES);
    }
}

/// Whether a list is fit to draw from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fitness {
    /// Units without an id.
    pub blank_ids: Finding,
    /// Rows whose id another row has too.
    pub repeated_ids: Finding,
    /// Rows without a label in some stratum column.
    pub blank_strata: Finding,
    /// Numbers that are not well formed, by what is wrong with them.
    pub malformed_numbers: std::collections::BTreeMap<Malformed, Finding>,
    /// How many numbers are held by 1, 2, 3 … units. Empty where there are no numbers, or where
    /// every unit is a number.
    #[serde(with = "pairs")]
    pub units_per_number: std::collections::BTreeMap<u64, u64>,
    /// Numbers held by several units, by the strata of these, the most frequent kind first: no more than
    /// 10,000 kinds, and numbers of further ones are told in `units_per_number` alone; so are all of more than a
    /// million strata. None if a version that did not look for them made the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holders: Option<Vec<Holders>>,
    /// Rows that share a number, as examples: those of a few such numbers, counted from 1. The numbers
    /// themselves are told nowhere.
    pub shared_rows: Vec<u64>,
    /// Strata that one would expect from the other labels and that have no rows.
    pub empty_strata: Vec<String>,
}

/// A map with whole numbers for keys, as pairs: keys of JSON objects are texts.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(map: &BTreeMap<u64, u64>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<BTreeMap<u64, u64>, D::Error> {
        Ok(Vec::<(u64, u64)>::deserialize(from)?.into_iter().collect())
    }
}

impl Fitness {
    /// What makes the list unfit: a draw from it would not be the sample it says it is.
    #[must_use]
    pub fn obstacles(&self) -> Vec<(Words, &Finding)> {
        [
            (
                Words::new("units without an id", "缺少编号的单位"),
                &self.blank_ids,
            ),
            (
                Words::new("rows whose id is not unique", "编号重复的行"),
                &self.repeated_ids,
            ),
            (
                Words::new("rows without a stratum", "缺少分层标识的行"),
                &self.blank_strata,
            ),
        ]
        .into_iter()
        .filter(|(_, finding)| finding.count > 0)
        .collect()
    }

    /// Whether a probability sample can be drawn. Malformed and shared numbers do not hinder that.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        self.obstacles().is_empty()
    }

    /// Numbers held by two or more units, and the units that hold them.
    #[must_use]
    pub fn shared(&self) -> (u64, u64) {
        self.units_per_number
            .iter()
            .filter(|(units, _)| **units > 1)
            .fold((0, 0), |(numbers, held), (units, count)| {
                (numbers + count, held + units * count)
            })
    }

    /// Every finding in words, with its count and rows, for a table.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<(String, u64, Vec<u64>)> {
        let obstacles = self.obstacles().into_iter().map(|(words, found)| {
            (
                words.say(language).to_owned(),
                found.count,
                found.rows.clone(),
            )
        });
        let malformed = self.malformed_numbers.iter().map(|(wrong, found)| {
            (
                wrong.words().say(language).to_owned(),
                found.count,
                found.rows.clone(),
            )
        });
        let (numbers, _) = self.shared();
        let shared = (numbers > 0).then(|| {
            let words = Words::new("numbers shared by several units", "多个单位共用的号码");
            (
                words.say(language).to_owned(),
                numbers,
                self.shared_rows.clone(),
            )
        });
        obstacles.chain(malformed).chain(shared).collect()
    }
}

/// A place for what does not fit memory: bags of 64-bit words, written once and read once.
///
/// A check of any length needs a constant amount of memory; where the words lie meanwhile is the
/// caller's affair.
pub trait Scratch: Sync {
    /// How many bags there are.
    fn bags(&self) -> usize;

    /// Puts words into a bag.
    ///
    /// # Errors
    ///
    /// What went wrong, in words.
    fn put(&self, bag: usize, words: &[u64]) -> Result<(), String>;

    /// Takes all words out of a bag.
    ///
    /// # Errors
    ///
    /// What went wrong, in words.
    fn take(&self, bag: usize) -> Result<Vec<u64>, String>;
}
