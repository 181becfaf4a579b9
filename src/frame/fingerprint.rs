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
    /// As much of it as `length` says, and room behind that.
    text: Vec<u8>,
    length: usize,
    ends: Vec<usize>,
}

impl Messages {
    fn clear(&mut self) {
        self.length = 0;
        self.ends.clear();
    }

    /// Puts a cell behind what is there. A blank differs from an empty text, and "ab"+"c" from "a"+"bc".
    #[inline]
    fn put(&mut self, cell: Option<&str>) {
        let text = cell.unwrap_or("").as_bytes();
        let length = cell.map_or(0, |text| text.len() as u32 + 1);
        let from = self.length + 4;
        let end = from + text.len();
        if end > self.text.len() {
            self.text.resize(2 * end, 0);
        }
        self.text[from - 4..from].copy_from_slice(&length.to_le_bytes());
        copy(text, &mut self.text[from..end]);
        self.length = end;
    }

    /// Ends the message of a row.
    fn end(&mut self) {
        self.ends.push(self.length);
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

/// Copies a text to a place of its length. Most are so short that calling for it costs more than the copy:
/// two words that overlap hold eight to sixteen bytes.
#[inline(always)]
fn copy(text: &[u8], place: &mut [u8]) {
    fn ends<const N: usize>(text: &[u8], place: &mut [u8]) -> bool {
        let both = (text.first_chunk::<N>(), text.last_chunk::<N>());
        let (Some(first), Some(last)) = both else {
            return false;
        };
        let from = place.len() - N;
        place[..N].copy_from_slice(first);
        place[from..].copy_from_slice(last);
        true
    }
    let done = match text.len() {
        9..=16 => ends::<8>(text, place),
        4..=8 => ends::<4>(text, place),
        2..=3 => ends::<2>(text, place),
        _ => false,
    };
    if !done {
        place.copy_from_slice(text);
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
        let ids: Vec<String> = (0..500_usize)
            .map(|i| i.to_string().repeat(i % 50))
            .collect();
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
