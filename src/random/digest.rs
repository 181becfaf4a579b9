//! SHA-256 of short messages, hashed by the million.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// SHA-256 of a message.
pub(crate) type Hash = [u8; 32];

/// So many messages are hashed side by side: a multiple of the lanes that any processor has.
pub(crate) const ABREAST: usize = 64;

/// SHA-256 of the message that begins with `start` and ends with `rest`.
pub(crate) fn digest(start: &[u8], rest: &[u8]) -> Hash {
    let hash = Sha256::new().chain_update(start).chain_update(rest);
    hash.finalize().into()
}

/// SHA-256 of each message that begins with `start` and ends with one of `rests`.
///
/// One message cannot be hashed by many hands: each step needs the one before. Many messages can, and wide
/// registers hold sixteen of them.
///
/// # Source
///
/// FIPS 180-4; Gueron, Krasnov (2012), on messages side by side.
pub(crate) fn digests(start: &[u8], rests: &[&[u8]], hashes: &mut [Hash]) {
    if *AGREES {
        // Starts are compared with each other, and comparing nothing where no memory lies takes a processor
        // longer than the hash: an empty start lies where the first message does.
        let start = match rests.first() {
            Some(first) if start.is_empty() => &first[..0],
            _ => start,
        };
        tape_sha256::hash_many_prefixed(start, rests, hashes);
    } else {
        for (hash, rest) in hashes.iter_mut().zip(rests) {
            *hash = digest(start, rest);
        }
    }
}

/// Whether messages side by side get the same hashes here as one by one. There are other ways of computing
/// them for other processors, and no test runs on all of these; who is drawn must not depend on them.
static AGREES: LazyLock<bool> = LazyLock::new(|| {
    let text = [b'c'; 4 * ABREAST];
    let (start, rest) = text.split_at(42);
    let rests: Vec<&[u8]> = (0..2 * ABREAST).map(|length| &rest[..length]).collect();
    let mut hashes = vec![Hash::default(); rests.len()];
    tape_sha256::hash_many_prefixed(start, &rests, &mut hashes);
    let mut both = rests.iter().zip(&hashes);
    both.all(|(rest, hash)| digest(start, rest) == *hash)
});

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{ABREAST, AGREES, Hash, digest, digests};

    fn message(length: usize) -> Vec<u8> {
        (0..length).map(|i| (i * 7 % 251) as u8).collect()
    }

    #[test]
    fn hashes_side_by_side_are_those_one_by_one() {
        assert!(*AGREES);
        let text = message(5 * ABREAST);
        for start in [0, 1, 42, 63, 64, 65, 128] {
            // All lengths beside each other, so that lanes end at different blocks.
            let rests: Vec<&[u8]> = (start..text.len()).map(|end| &text[start..end]).collect();
            let mut hashes = vec![Hash::default(); rests.len()];
            digests(&text[..start], &rests, &mut hashes);
            for (rest, hash) in rests.iter().zip(hashes) {
                let whole: Hash = Sha256::digest(&text[..start + rest.len()]).into();
                assert_eq!(hash, whole, "{start} and {}", rest.len());
                assert_eq!(digest(&text[..start], rest), whole);
            }
        }
    }

    #[test]
    fn any_number_of_messages_is_hashed() {
        let text = message(80);
        for count in 0..=ABREAST + 1 {
            let rests: Vec<&[u8]> = (0..count).map(|end| &text[..end]).collect();
            let mut hashes = vec![Hash::default(); count];
            digests(b"start", &rests, &mut hashes);
            let expected = rests.iter().map(|rest| digest(b"start", rest));
            assert!(hashes.into_iter().eq(expected), "{count}");
        }
    }
}
