//! SHA-256 of short messages, hashed by the million.

use sha2::block_api::compress256;

/// Bytes of a block.
const BLOCK: usize = 64;

/// Bytes that a block has room for beside a one and the length.
const ROOM: usize = BLOCK - 9;

/// The state before the first block.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// SHA-256 of a whole message. Most messages here are one block, and a hasher that takes messages piece
/// by piece spends half its time on its own affairs.
///
/// # Source
///
/// FIPS 180-4, §5.1.1, §5.3.3, §6.2.
pub(crate) fn digest(message: &[u8]) -> [u8; 32] {
    let (whole, rest) = message.as_chunks::<BLOCK>();
    let mut state = START;
    if !whole.is_empty() {
        compress256(&mut state, whole);
    }
    let mut last = [[0; BLOCK]; 2];
    last[0][..rest.len()].copy_from_slice(rest);
    last[0][rest.len()] = 0x80;
    let blocks = if rest.len() <= ROOM { 1 } else { 2 };
    let bits = 8 * message.len() as u64;
    last[blocks - 1][BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
    compress256(&mut state, &last[..blocks]);
    bytes(state)
}

/// How many messages begin, the rest of which is short.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    whole: Vec<u8>,
    /// As much of it as fits.
    block: [u8; BLOCK],
}

impl Start {
    /// Messages that begin so.
    pub(crate) fn new(start: &[u8]) -> Start {
        let mut block = [0; BLOCK];
        block
            .iter_mut()
            .zip(start)
            .for_each(|(to, byte)| *to = *byte);
        let whole = start.to_vec();
        Start { whole, block }
    }

    /// SHA-256 of the message that begins so and ends with `rest`.
    #[inline]
    pub(crate) fn digest(&self, rest: &[u8]) -> [u8; 32] {
        let (from, length) = (self.whole.len(), self.whole.len() + rest.len());
        if length > ROOM {
            return digest(&[&self.whole, rest].concat());
        }
        let mut block = self.block;
        copy(rest, &mut block[from..length]);
        block[length] = 0x80;
        let bits = 8 * length as u64;
        block[BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
        let mut state = START;
        compress256(&mut state, &[block]);
        bytes(state)
    }
}

/// A message that is put together from short texts.
///
/// As long as it fits two blocks it lies where it is hashed; a longer one goes the long way.
#[derive(Debug)]
pub(crate) struct Message {
    blocks: [[u8; BLOCK]; 2],
    length: usize,
    /// The whole message, once it is too long.
    long: Vec<u8>,
}

impl Message {
    /// What two blocks have room for.
    const ROOM: usize = BLOCK + ROOM;

    /// An empty message.
    #[inline]
    pub(crate) fn new() -> Message {
        Message {
            blocks: [[0; BLOCK]; 2],
            length: 0,
            long: Vec::new(),
        }
    }

    /// Puts a text behind what is there.
    #[inline]
    pub(crate) fn put(&mut self, text: &[u8]) {
        let end = self.length + text.len();
        if end <= Message::ROOM {
            copy(text, &mut self.blocks.as_flattened_mut()[self.length..end]);
        } else {
            self.put_beyond(text);
        }
        self.length = end;
    }

    #[cold]
    fn put_beyond(&mut self, text: &[u8]) {
        if self.length <= Message::ROOM {
            self.long = self.blocks.as_flattened()[..self.length].to_vec();
        }
        self.long.extend_from_slice(text);
    }

    /// SHA-256 of the message.
    #[inline]
    pub(crate) fn digest(&mut self) -> [u8; 32] {
        if self.length > Message::ROOM {
            return digest(&self.long);
        }
        let blocks = if self.length <= ROOM { 1 } else { 2 };
        let bits = 8 * self.length as u64;
        self.blocks.as_flattened_mut()[self.length] = 0x80;
        self.blocks[blocks - 1][BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
        let mut state = START;
        compress256(&mut state, &self.blocks[..blocks]);
        bytes(state)
    }
}

/// Copies a text to a place of its length. Most are so short that calling for it costs more than the copy:
/// two words that overlap hold eight to sixteen bytes.
#[inline(always)]
fn copy(text: &[u8], place: &mut [u8]) {
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>())
        && text.len() <= 16
    {
        place[..8].copy_from_slice(first);
        let from = place.len() - 8;
        place[from..].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>())
        && text.len() <= 8
    {
        place[..4].copy_from_slice(first);
        let from = place.len() - 4;
        place[from..].copy_from_slice(last);
    } else if text.len() > 16 {
        place.copy_from_slice(text);
    } else {
        place
            .iter_mut()
            .zip(text)
            .for_each(|(to, byte)| *to = *byte);
    }
}

#[inline]
fn bytes(state: [u32; 8]) -> [u8; 32] {
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{BLOCK, Message, Start, digest};

    #[test]
    fn every_length_has_the_hash_that_the_library_finds() {
        let message: Vec<u8> = (0..300_u32).map(|i| (i * 7 % 251) as u8).collect();
        for length in 0..message.len() {
            let expected: [u8; 32] = Sha256::digest(&message[..length]).into();
            assert_eq!(digest(&message[..length]), expected, "{length}");
        }
    }

    #[test]
    fn a_message_in_parts_has_the_hash_of_the_whole() {
        let message: Vec<u8> = (0..4 * BLOCK).map(|i| (i * 7 % 251) as u8).collect();
        for length in 0..message.len() {
            for (from, to) in [(length / 3, length / 3), (length / 5, length / 2), (0, 1)] {
                let (from, to) = (from.min(length), to.min(length));
                let mut parts = Message::new();
                parts.put(&message[..from]);
                parts.put(&message[from..to]);
                parts.put(&message[to..length]);
                let whole = digest(&message[..length]);
                assert_eq!(parts.digest(), whole, "{length}");
                let start = Start::new(&message[..from]);
                assert_eq!(start.digest(&message[from..length]), whole, "{length}");
            }
        }
    }
}
