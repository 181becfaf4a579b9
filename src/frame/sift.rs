//! Words of ids and numbers, sifted into bags in which those that are alike meet.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::Scratch;
use super::holders::{Holders, Kinds, MOST, key};
use crate::progress::{Event, Monitor};

/// Words sifted into bags by their value, so that equal words meet in one bag.
pub(super) struct Sifted<'a> {
    /// Whether ids may repeat at all.
    ids: bool,
    scratch: &'a dyn Scratch,
    /// Bags for ids; as many again hold numbers.
    bags: usize,
}

/// Words that a hand holds of a bag before it puts them there.
const HANDFUL: usize = 1 << 12;

impl<'a> Sifted<'a> {
    /// Into these bags; nothing is sifted where no id can repeat.
    pub fn into(scratch: &'a dyn Scratch, ids: bool) -> Sifted<'a> {
        Sifted {
            ids,
            scratch,
            bags: scratch.bags() / 2,
        }
    }

    /// Keeps the word of an id in a hand's own bags.
    pub fn keep_id(&self, held: &mut Vec<Vec<u64>>, word: u64) -> Result<(), String> {
        self.keep(held, (0, word), word)
    }

    /// Keeps the word of a number: those of one key meet in one bag, whatever else the word says.
    pub fn keep_number(&self, held: &mut Vec<Vec<u64>>, key: u64, word: u64) -> Result<(), String> {
        self.keep(held, (self.bags, key), word)
    }

    fn keep(
        &self,
        held: &mut Vec<Vec<u64>>,
        (first_bag, by): (usize, u64),
        word: u64,
    ) -> Result<(), String> {
        if !self.ids {
            return Ok(());
        }
        if held.is_empty() {
            held.resize(2 * self.bags, Vec::new());
        }
        // Fibonacci hashing: telephone numbers are anything but spread evenly.
        let spread = by.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let bag = first_bag + ((spread as usize * self.bags) >> 32);
        let words = &mut held[bag];
        words.push(word);
        if words.len() == HANDFUL {
            self.scratch.put(bag, words)?;
            words.clear();
        }
        Ok(())
    }

    /// Empties the bags of a hand.
    pub fn empty(&self, held: &mut Vec<Vec<u64>>) -> Result<(), String> {
        for (bag, words) in std::mem::take(held).iter().enumerate() {
            if !words.is_empty() {
                self.scratch.put(bag, words)?;
            }
        }
        Ok(())
    }

    /// The id words that repeat, and how many numbers are held by 1, 2, 3 … units of which strata: `places`
    /// has the place of each stratum, by its number.
    pub fn settle(&self, places: &[u32], monitor: &dyn Monitor) -> Result<Settled, String> {
        const TASK: &str = "looking for repeats";
        let mut settled = Settled::default();
        if !self.ids {
            return Ok(settled);
        }
        monitor.hear(Event::Began {
            task: TASK,
            of: Some(self.bags as u64),
        });
        let done = std::sync::atomic::AtomicU64::new(0);
        let mut kinds = Kinds::new(MOST);
        // One for each thread at a time: what they tell of strata is not held for all of them.
        let at_a_time = rayon::current_num_threads();
        for from in (0..self.bags).step_by(at_a_time) {
            let parts: Vec<Result<Settled, String>> = (from..self.bags.min(from + at_a_time))
                .into_par_iter()
                .map(|bag| {
                    let part = self.settled(bag, places);
                    let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                    monitor.hear(Event::Reached { task: TASK, done });
                    part
                })
                .collect();
            for part in parts {
                let mut part = part?;
                kinds.join(std::mem::take(&mut part.holders));
                settled.add(part);
            }
        }
        settled.holders = kinds.done();
        monitor.hear(Event::Ended { task: TASK });
        Ok(settled)
    }

    /// What the words of one bag, and of that for numbers, tell.
    fn settled(&self, bag: usize, places: &[u32]) -> Result<Settled, String> {
        let mut settled = Settled::default();
        settled.repeats.extend(repeats(&self.scratch.take(bag)?));
        let mut kinds = Kinds::new(MOST);
        let mut words = self.scratch.take(self.bags + bag)?;
        words.sort_unstable();
        for held in words.chunk_by(|one, other| key(*one) == key(*other)) {
            *settled.shared.entry(held.len() as u64).or_default() += 1;
            if held.len() > 1 {
                kinds.add(held, places);
                if settled.examples.len() < SHARED {
                    settled.examples.insert(key(held[0]));
                }
            }
        }
        settled.holders = kinds.done();
        Ok(settled)
    }
}

/// The words that stand there more than once. Most do not, and one bit of a table tells of nearly all of
/// them; only the others are sorted.
fn repeats(words: &[u64]) -> Vec<u64> {
    const BITS_PER_WORD: usize = 8;
    let bits = (words.len() * BITS_PER_WORD).next_power_of_two().max(64);
    let (mut once, mut again) = (vec![0_u64; bits / 64], vec![0_u64; bits / 64]);
    // All words of a bag share their highest bits once they are spread, so others decide here.
    let place = |word: u64| {
        let at = word as usize & (bits - 1);
        (at / 64, 1_u64 << (at % 64))
    };
    for &word in words {
        let (at, bit) = place(word);
        again[at] |= once[at] & bit;
        once[at] |= bit;
    }
    let met = |word: &u64| {
        let (at, bit) = place(*word);
        again[at] & bit != 0
    };
    let mut repeated = Vec::new();
    runs(
        words.iter().copied().filter(met).collect(),
        |word, length| {
            if length > 1 {
                repeated.push(word);
            }
        },
    );
    repeated
}

/// Calls `each` with every different word and how often it stands there.
fn runs(mut words: Vec<u64>, mut each: impl FnMut(u64, u64)) {
    words.sort_unstable();
    for run in words.chunk_by(|a, b| a == b) {
        each(run[0], run.len() as u64);
    }
}

/// How many shared numbers are looked up again for their rows.
const SHARED: usize = 8;

/// What the sifted words told.
#[derive(Default)]
pub(super) struct Settled {
    /// Words of ids that may repeat.
    pub repeats: BTreeSet<u64>,
    /// How many numbers are held by 1, 2, 3 … units.
    pub shared: BTreeMap<u64, u64>,
    /// A few numbers held by more than one.
    pub examples: BTreeSet<u64>,
    /// Numbers held by more than one, by the strata of these.
    pub holders: Vec<Holders>,
}

impl Settled {
    /// Adds what the next bag told, but for the strata.
    fn add(&mut self, part: Settled) {
        self.repeats.extend(part.repeats);
        for (length, count) in part.shared {
            *self.shared.entry(length).or_default() += count;
        }
        // Bags and words come in their own order, so these do not depend on that of rows.
        let room = SHARED - self.examples.len();
        self.examples.extend(part.examples.into_iter().take(room));
    }
}
