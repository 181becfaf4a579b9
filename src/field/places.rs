//! Which drawn unit a line of a file is about.

use super::{check, tidy};

/// Case ids, and where each stands in the sample.
#[derive(Debug)]
pub(super) struct Places<'a> {
    /// The first eight bytes of each id, sorted: small enough to stay near the processor while
    /// millions of lines are looked up.
    heads: Vec<u64>,
    /// The ids in the same order, and their places.
    ids: Vec<(&'a str, usize)>,
}

/// Why a line belongs to no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stray {
    /// Its case id does not agree with its check character.
    Malformed,
    /// Its case id is sound, but another survey's.
    Unknown,
}

impl<'a> Places<'a> {
    /// # Panics
    ///
    /// If an id is there twice: our own bug.
    pub(super) fn new(case_ids: &'a [String]) -> Places<'a> {
        // Bytes compare as the numbers they make, so heads are sorted as their ids are.
        let mut ids: Vec<(&str, usize)> = case_ids.iter().map(String::as_str).zip(0..).collect();
        ids.sort_unstable();
        let twice = ids.windows(2).find(|pair| pair[0].0 == pair[1].0);
        assert!(twice.is_none(), "case ids are unique");
        Places {
            heads: ids.iter().map(|(id, _)| head(id)).collect(),
            ids,
        }
    }

    /// The place of the case that a line names, also if a hand wrote it.
    pub(super) fn find(&self, case: &str) -> Result<usize, Stray> {
        let found = self.exact(case).or_else(|| self.exact(&tidy(case)));
        found.ok_or_else(|| {
            if check(case) {
                Stray::Unknown
            } else {
                Stray::Malformed
            }
        })
    }

    fn exact(&self, case: &str) -> Option<usize> {
        let wanted = head(case);
        let first = self.heads.partition_point(|&head| head < wanted);
        // Our own ids share eight bytes once in 2⁴⁰ pairs; ids of other kinds may all share them.
        let alike = self.heads[first..].partition_point(|&head| head == wanted);
        let alike = &self.ids[first..first + alike];
        let place = alike.binary_search_by(|(id, _)| (*id).cmp(case)).ok()?;
        Some(alike[place].1)
    }
}

/// The first eight bytes; shorter texts end in zeros.
fn head(text: &str) -> u64 {
    let mut bytes = [0; 8];
    for (byte, &found) in bytes.iter_mut().zip(text.as_bytes()) {
        *byte = found;
    }
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Places, Stray};
    use crate::field::CaseKey;

    #[test]
    fn ids_that_begin_alike_are_told_apart() {
        let ids = ["unit 000001", "unit 000003", "unit", "unit 000002"].map(String::from);
        let places = Places::new(&ids);
        for (place, id) in ids.iter().enumerate() {
            assert_eq!(places.find(id), Ok(place));
        }
        assert_eq!(places.find("unit 000004"), Err(Stray::Malformed));
        assert_eq!(places.find(""), Err(Stray::Malformed));
    }

    #[test]
    fn a_sound_id_of_another_survey_is_a_stranger() {
        let mine = CaseKey::new([1; 32]).case_id("1");
        let other = CaseKey::new([2; 32]).case_id("1");
        let ids = [mine.clone()];
        let places = Places::new(&ids);
        assert_eq!(places.find(&mine.to_lowercase()), Ok(0));
        assert_eq!(places.find(&other), Err(Stray::Unknown));
        assert_eq!(places.find(&other[1..]), Err(Stray::Malformed));
    }
}
