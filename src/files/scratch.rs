//! Words that a check keeps while it looks for repeats: on disk, if they are many.

use std::io::{Read, Seek, Write};
use std::sync::Mutex;

use crate::frame::Scratch;

/// Bags. What a bag cannot hold lies in a temporary file that nobody else sees and that vanishes with this
/// value.
#[derive(Debug)]
pub struct DiskScratch {
    bags: Vec<Mutex<Bag>>,
}

/// Words in memory, and those before them in a file.
#[derive(Debug, Default)]
struct Bag {
    held: Vec<u64>,
    file: Option<std::fs::File>,
}

/// Words that a bag holds before it writes them down: all bags together some tens of megabytes.
const ROOM: usize = 1 << 15;

impl DiskScratch {
    /// Bags with their files in the system's folder for temporary ones: half for ids, half for numbers.
    ///
    /// # Errors
    ///
    /// What the system says if it has no room for them.
    pub fn new() -> std::io::Result<DiskScratch> {
        const BAGS: usize = 128;
        // A file is made when it is needed; that one can be made is known from here on.
        drop(tempfile::tempfile()?);
        let bags = (0..BAGS).map(|_| Mutex::default()).collect();
        Ok(DiskScratch { bags })
    }
}

impl Bag {
    /// Writes what is held behind what was written before.
    fn write(&mut self) -> std::io::Result<()> {
        let mut bytes = vec![0; 8 * self.held.len()];
        for (bytes, word) in bytes.chunks_exact_mut(8).zip(&self.held) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        self.held.clear();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.write_all(&bytes)
    }

    /// All words; none are left.
    fn empty(&mut self) -> std::io::Result<Vec<u64>> {
        let mut words = std::mem::take(&mut self.held);
        if let Some(mut file) = self.file.take() {
            file.rewind()?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
            words.extend(bytes.chunks_exact(8).map(word));
        }
        Ok(words)
    }
}

impl Scratch for DiskScratch {
    fn bags(&self) -> usize {
        self.bags.len()
    }

    fn put(&self, bag: usize, words: &[u64]) -> Result<(), String> {
        let mut bag = self.bags[bag].lock().expect("no writer panicked");
        bag.held.extend_from_slice(words);
        match bag.held.len() {
            ROOM.. => bag.write().map_err(|why| format!("temporary file: {why}")),
            _ => Ok(()),
        }
    }

    fn take(&self, bag: usize) -> Result<Vec<u64>, String> {
        let mut bag = self.bags[bag].lock().expect("no writer panicked");
        bag.empty().map_err(|why| format!("temporary file: {why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{DiskScratch, ROOM};
    use crate::frame::Scratch;

    #[test]
    fn a_bag_gives_back_what_was_put_into_it_once() {
        let scratch = DiskScratch::new().expect("room for files");
        for many in [3, ROOM, 3 * ROOM + 7] {
            let words: Vec<u64> = (0..many as u64).map(|word| word << 40 | 5).collect();
            for words in words.chunks(1_000) {
                scratch.put(9, words).expect("room");
            }
            let mut found = scratch.take(9).expect("readable");
            found.sort_unstable();
            assert!(found == words);
            assert_eq!(scratch.take(9).expect("readable"), [0; 0]);
        }
    }
}
