//! SHA-256 of short messages, hashed by the million.

use sha2::block_api::compress256;

/// Bytes of a block.
const BLOCK: usize = 64;

/// Bytes that a block has room for beside a one and the length.
pub(crate) const ROOM: usize = BLOCK - 9;

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

/// SHA-256 of two short texts, one behind the other, which fit one block together.
pub(crate) fn digest_of_two(one: &[u8], other: &[u8]) -> [u8; 32] {
    let mut block = [0; BLOCK];
    let length = one.len() + other.len();
    block[..one.len()].copy_from_slice(one);
    block[one.len()..length].copy_from_slice(other);
    block[length] = 0x80;
    let bits = 8 * length as u64;
    block[BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
    let mut state = START;
    compress256(&mut state, &[block]);
    bytes(state)
}

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

    use super::{ROOM, digest, digest_of_two};

    #[test]
    fn every_length_has_the_hash_that_the_library_finds() {
        let message: Vec<u8> = (0..300_u32).map(|i| (i * 7 % 251) as u8).collect();
        for length in 0..message.len() {
            let expected: [u8; 32] = Sha256::digest(&message[..length]).into();
            assert_eq!(digest(&message[..length]), expected, "{length}");
        }
        for length in 0..=ROOM {
            let (one, other) = message[..length].split_at(length / 3);
            assert_eq!(digest_of_two(one, other), digest(&message[..length]));
        }
    }
}
