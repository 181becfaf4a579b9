//! Numbers that several units hold, by the strata of these: whoever draws strata at unequal rates must know
//! them, to say how many drawn units will share a number.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

/// So many kinds of holders are kept apart.
pub(super) const MOST: usize = 10_000;

/// The lower bits of a word say which stratum, and the upper ones hold the key of the number, which needs 41.
const BITS: u32 = 20;

/// Stands for a stratum that is not known.
pub(super) const NONE: u64 = (1 << BITS) - 1;

/// Numbers whose units stand in the same strata. Files have each kind as a short text, as there may be
/// thousands: "48725: 331 + 445 x 2" are 48,725 numbers, each of a unit of stratum 331 and two of 445.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Holders {
    /// How many units of each stratum hold such a number: the place of the stratum in
    /// [`Census::strata`](super::Census::strata), from 0, and the units.
    pub units: Vec<(u32, u64)>,
    /// How many numbers of the kind there are.
    pub numbers: u64,
}

impl Holders {
    /// How many units hold each of the numbers.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.units.iter().map(|(_, units)| units).sum()
    }
}

impl From<Holders> for String {
    fn from(holders: Holders) -> String {
        let told = |&(place, units): &(u32, u64)| match units {
            1 => place.to_string(),
            _ => format!("{place} x {units}"),
        };
        let units: Vec<String> = holders.units.iter().map(told).collect();
        format!("{}: {}", holders.numbers, units.join(" + "))
    }
}

impl TryFrom<String> for Holders {
    type Error = String;

    fn try_from(text: String) -> Result<Holders, String> {
        let stratum = |told: &str| {
            let (place, units) = told.split_once(" x ").unwrap_or((told, "1"));
            Some((place.parse().ok()?, units.parse().ok()?))
        };
        let read = || {
            let (numbers, units) = text.split_once(": ")?;
            Some(Holders {
                units: units.split(" + ").map(stratum).collect::<Option<_>>()?,
                numbers: numbers.parse().ok()?,
            })
        };
        read().ok_or_else(|| format!("'{text}' are no numbers and the strata of their units"))
    }
}

/// A number's key and the stratum of a unit that holds it, as one word: those of a number stand together when
/// words are sorted. Strata beyond those that a word has room for are not known.
pub(super) fn word(key: u64, stratum: u64) -> u64 {
    key << BITS | stratum.min(NONE)
}

/// The key in a word.
pub(super) fn key(word: u64) -> u64 {
    word >> BITS
}

/// The strata that all hands have met: each counts them in its own order, and here they have one number.
#[derive(Debug, Default)]
pub(super) struct Met(Mutex<BTreeMap<Vec<String>, u32>>);

impl Met {
    /// The number of a stratum.
    pub fn number(&self, labels: Vec<String>) -> u32 {
        let mut met = self.0.lock().expect("nobody panicked with the lock");
        let next = met.len() as u32;
        *met.entry(labels).or_insert(next)
    }

    /// The place of each stratum, by its number, once all are sorted by their labels. None of any where there are
    /// more strata than words have room for: which came first would be a matter of threads.
    pub fn places(&self) -> Vec<u32> {
        let met = self.0.lock().expect("nobody panicked with the lock");
        if met.len() as u64 > NONE {
            return Vec::new();
        }
        let mut places = vec![0; met.len()];
        met.values()
            .zip(0..)
            .for_each(|(&number, place)| places[number as usize] = place);
        places
    }
}

/// Counts kinds of holders: no more than `most`, those that come first; the others are told nowhere.
pub(super) struct Kinds {
    most: usize,
    /// Two strata to a word: nearly all numbers that are shared have two units.
    pairs: Vec<u64>,
    more: BTreeMap<Vec<(u32, u64)>, u64>,
}

impl Kinds {
    pub fn new(most: usize) -> Kinds {
        Kinds {
            most,
            pairs: Vec::new(),
            more: BTreeMap::new(),
        }
    }

    /// Counts a number by its words, unless a stratum is not known.
    pub fn add(&mut self, words: &[u64], places: &[u32]) {
        let place = |word: &u64| places.get((word & NONE) as usize).copied();
        if let [one, other] = words {
            if let (Some(one), Some(other)) = (place(one), place(other)) {
                let (first, last) = (one.min(other), one.max(other));
                self.pairs.push(u64::from(first) << 32 | u64::from(last));
            }
            return;
        }
        // Equal words stand together.
        let same = words.chunk_by(|one, other| one == other);
        let units: Option<Vec<(u32, u64)>> = same
            .map(|same| Some((place(&same[0])?, same.len() as u64)))
            .collect();
        if let Some(mut units) = units {
            units.sort_unstable();
            self.count(units, 1);
        }
    }

    /// Counts what was found elsewhere, the most frequent first.
    pub fn join(&mut self, found: Vec<Holders>) {
        for holders in found {
            self.count(holders.units, holders.numbers);
        }
    }

    fn count(&mut self, units: Vec<(u32, u64)>, numbers: u64) {
        let room = self.more.len() < self.most;
        if let Some(count) = self.more.get_mut(&units) {
            *count += numbers;
        } else if room {
            self.more.insert(units, numbers);
        }
    }

    /// What was counted, the most frequent kind first.
    pub fn done(mut self) -> Vec<Holders> {
        self.pairs.sort_unstable();
        let of_pair = |same: &[u64]| Holders {
            units: match ((same[0] >> 32) as u32, same[0] as u32) {
                (one, other) if one == other => vec![(one, 2)],
                (one, other) => vec![(one, 1), (other, 1)],
            },
            numbers: same.len() as u64,
        };
        let pairs = self.pairs.chunk_by(|one, other| one == other).map(of_pair);
        let more = self
            .more
            .into_iter()
            .map(|(units, numbers)| Holders { units, numbers });
        let mut all: Vec<Holders> = pairs.chain(more).collect();
        all.sort_unstable_by(|one, other| {
            (other.numbers.cmp(&one.numbers)).then_with(|| one.units.cmp(&other.units))
        });
        all.truncate(self.most);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{BITS, Holders, Kinds, Met, NONE, key, word};
    use crate::frame::Numbering;

    #[test]
    fn the_longest_number_leaves_room_for_a_stratum() {
        let longest = Numbering::Chinese.key("099999999999").expect("a number");
        assert!(longest >> (u64::BITS - BITS) == 0);
        let both = word(longest, NONE);
        assert_eq!((key(both), both & NONE), (longest, NONE));
    }

    #[test]
    fn a_kind_is_a_short_text_in_files() {
        let kind = Holders {
            units: vec![(331, 1), (445, 2)],
            numbers: 48_725,
        };
        let text = serde_json::to_string(&kind).expect("text");
        assert_eq!(text, r#""48725: 331 + 445 x 2""#);
        assert_eq!(
            serde_json::from_str::<Holders>(&text).expect("a kind"),
            kind
        );
        for bad in ["48725", "x: 1", "1: ", "1: 2 + y", "1: 2 x"] {
            let error = Holders::try_from(bad.to_owned()).expect_err("no kind");
            assert!(error.contains(bad), "{error}");
        }
    }

    #[test]
    fn strata_have_one_number_and_places_by_their_labels() {
        let met = Met::default();
        let number = |label: &str| met.number(vec![label.to_owned()]);
        assert_eq!(["c", "a", "c", "b"].map(number), [0, 1, 0, 2]);
        assert_eq!(met.places(), [2, 0, 1]);
    }

    #[test]
    fn kinds_are_counted_and_no_more_than_there_is_room_for() {
        let places = [1, 0, 2];
        let words = |strata: &[u64]| strata.iter().map(|&one| word(7, one)).collect::<Vec<_>>();
        let counted = |most: usize| {
            let mut kinds = Kinds::new(most);
            for strata in [
                &[0, 1][..],
                &[0, 0],
                &[0, 1],
                &[0, 1, 1, 2],
                // Nobody knows the stratum of one of these.
                &[0, NONE],
                &[0, 1, NONE],
            ] {
                kinds.add(&words(strata), &places);
            }
            kinds.done()
        };
        let found: Vec<(Vec<(u32, u64)>, u64)> = counted(9)
            .into_iter()
            .map(|kind| (kind.units, kind.numbers))
            .collect();
        let wanted = [
            (vec![(0, 1), (1, 1)], 2),
            (vec![(0, 2), (1, 1), (2, 1)], 1),
            (vec![(1, 2)], 1),
        ];
        assert_eq!(found, wanted);
        // The most frequent stays; and what there is no room for does not take another's place.
        let one = counted(1);
        assert_eq!((one.len(), one[0].numbers, one[0].held()), (1, 2, 2));
        let mut all = Kinds::new(2);
        all.join(counted(1));
        all.join(counted(9));
        let all = all.done();
        assert_eq!((all[0].numbers, all[1].numbers, all.len()), (4, 1, 2));
    }
}
