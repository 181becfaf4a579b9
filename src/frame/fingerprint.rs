//! One number for the whole content of a list, whatever the order of its rows.

use sha2::{Digest, Sha256};

use crate::random::digest::{ABREAST, Hash, digests};
use crate::random::seed::hex;

/// A sum of row hashes: the same for every order of rows, different when any cell changes.
///
/// # Formula
///
/// ```text
/// F = SHA-256( Σ_rows SHA-256(cells, each with its length)  mod 2²⁵⁶,  rows, names of the columns )
/// ```
///
/// # Source
///
/// Bellare, Micciancio (1997), §5 (AdHash): an incremental hash. It finds every accident; a forger
/// who may choose many rows freely needs fewer than 2¹²⁸ steps, so a draw that must convince an
/// opponent also publishes the hash of the file itself.
#[derive(Debug, Clone, Default)]
pub struct Fingerprint {
    /// Little-endian 64-bit words of the sum.
    sum: [u64; 4],
    rows: u64,
}

impl Fingerprint {
    /// Takes rows into account, given by their columns.
    pub fn add(&mut self, columns: &[Vec<Option<&str>>]) {
        let rows = columns.first().map_or(0, Vec::len);
        let mut hashes = [Hash::default(); ABREAST];
        let mut message = Messages::default();
        for from in (0..rows).step_by(ABREAST) {
            message.clear();
            for row in from..rows.min(from + ABREAST) {
                for column in columns {
                    message.put(column[row]);
                }
                message.end();
            }
            let count = message.ends.len();
            digests(&[], &message.texts()[..count], &mut hashes[..count]);
            for hash in &hashes[..count] {
                self.plus(&words(hash));
            }
        }
        self.rows += rows as u64;
    }

    /// Joins the fingerprints of two parts of a list.
    pub fn merge(&mut self, other: &Fingerprint) {
        self.plus(&other.sum);
        self.rows += other.rows;
    }

    fn plus(&mut self, words: &[u64; 4]) {
        let mut carry = false;
        for (mine, word) in self.sum.iter_mut().zip(words) {
            let (once, over) = mine.overflowing_add(*word);
            let (twice, over_again) = once.overflowing_add(u64::from(carry));
            *mine = twice;
            carry = over || over_again;
        }
    }

    /// The fingerprint as 64 hex digits.
    #[must_use]
    pub fn text(&self, columns: &[&str]) -> String {
        let mut hash = Sha256::new();
        for word in self.sum {
            hash.update(word.to_le_bytes());
        }
        hash.update(self.rows.to_le_bytes());
        for column in columns {
            hash.update((column.len() as u64).to_le_bytes());
            hash.update(column.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// The messages of some rows, one behind the other.
#[derive(Default)]
struct Messages {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Messages {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Puts a cell behind what is there. A blank differs from an empty text, and "ab"+"c" from "a"+"bc".
    #[inline]
    fn put(&mut self, cell: Option<&str>) {
        let length = cell.map_or(0, |text| text.len() as u32 + 1);
        self.text.extend_from_slice(&length.to_le_bytes());
        self.text.extend_from_slice(cell.unwrap_or("").as_bytes());
    }

    /// Ends the message of a row.
    fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    fn texts(&self) -> [&[u8]; ABREAST] {
        let mut texts: [&[u8]; ABREAST] = [&[]; ABREAST];
        let mut from = 0;
        for (text, &end) in texts.iter_mut().zip(&self.ends) {
            *text = &self.text[from..end];
            from = end;
        }
        texts
    }
}

/// A hash as a number, in little-endian words.
fn words(hash: &Hash) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(hash.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    fn of(rows: &[[Option<&str>; 2]]) -> String {
        let mut print = Fingerprint::default();
        print.add(&[0, 1].map(|column| rows.iter().map(|row| row[column]).collect()));
        print.text(&["a", "b"])
    }

    #[test]
    fn the_formula_is_kept() {
        // The sum over two rows, worked with hashlib and whole numbers in Python:
        // cell = lambda c: (0).to_bytes(4, "little") if c is None else (len(c) + 1).to_bytes(4, "little") + c
        // rows = [[b"1", b"x"], [b"2", None]]
        // sum  = sum(int.from_bytes(sha256(b"".join(map(cell, r))).digest(), "little") for r in rows)
        // name = lambda n: len(n).to_bytes(8, "little") + n
        // sha256((sum % 2**256).to_bytes(32, "little") + (2).to_bytes(8, "little") + name(b"a") + name(b"b"))
        assert_eq!(
            of(&[[Some("1"), Some("x")], [Some("2"), None]]),
            "088dbc934b4491b3c57eaa5491a887eced192ba97cbb5eb6b7eae91572c07578"
        );
    }

    #[test]
    fn order_does_not_matter_and_content_does() {
        let (x, y) = ([Some("1"), Some("x")], [Some("2"), None]);
        assert_eq!(of(&[x, y]), of(&[y, x]));
        assert_ne!(of(&[x, y]), of(&[x, [Some("2"), Some("")]]));
        assert_ne!(of(&[x]), of(&[x, x]));
        assert_ne!(
            of(&[[Some("ab"), Some("c")]]),
            of(&[[Some("a"), Some("bc")]])
        );
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let ids: Vec<String> = (0..500).map(|i: usize| "9".repeat(i % 150)).collect();
        let rows: Vec<Option<&str>> = ids.iter().map(|id| Some(id.as_str())).collect();
        let mut whole = Fingerprint::default();
        whole.add(std::slice::from_ref(&rows));
        for at in [0, 1, 63, 64, 65, 130, 499] {
            let (mut first, mut second) = (Fingerprint::default(), Fingerprint::default());
            first.add(&[rows[at..].to_vec()]);
            second.add(&[rows[..at].to_vec()]);
            first.merge(&second);
            assert_eq!(first.text(&["id"]), whole.text(&["id"]), "{at}");
        }
    }
}
