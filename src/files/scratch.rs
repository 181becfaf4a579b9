//! Words that a check keeps on disk while it looks for repeats.

use std::io::{Read, Write};
use std::sync::Mutex;

use crate::frame::Scratch;

/// Bags, each a temporary file that nobody else sees and that vanishes with this value.
#[derive(Debug)]
pub struct DiskScratch {
    bags: Vec<Mutex<std::fs::File>>,
}

impl DiskScratch {
    /// Bags in the system's folder for temporary files: half for ids, half for numbers.
    ///
    /// # Errors
    ///
    /// What the system says if it has no room for them.
    pub fn new() -> std::io::Result<DiskScratch> {
        const BAGS: usize = 128;
        let bags = (0..BAGS)
            .map(|_| tempfile::tempfile().map(Mutex::new))
            .collect::<Result<_, _>>()?;
        Ok(DiskScratch { bags })
    }
}

impl Scratch for DiskScratch {
    fn bags(&self) -> usize {
        self.bags.len()
    }

    fn put(&self, bag: usize, words: &[u64]) -> Result<(), String> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let mut file = self.bags[bag].lock().expect("no writer panicked");
        file.write_all(&bytes)
            .map_err(|why| format!("temporary file: {why}"))
    }

    fn take(&self, bag: usize) -> Result<Vec<u64>, String> {
        use std::io::Seek;
        let say = |why: std::io::Error| format!("temporary file: {why}");
        let mut file = self.bags[bag].lock().expect("no writer panicked");
        file.rewind().map_err(say)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(say)?;
        file.set_len(0).map_err(say)?;
        Ok(bytes
            .chunks_exact(8)
            .map(|word| u64::from_le_bytes(word.try_into().expect("eight bytes")))
            .collect())
    }
}
