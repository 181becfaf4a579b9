//! One number for the whole content of a list, whatever the order of its rows.

use sha2::{Digest, Sha256};

use crate::random::digest::Message;
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
    /// Takes one row into account.
    pub fn add<'a>(&mut self, cells: impl IntoIterator<Item = Option<&'a str>>) {
        let mut message = Message::new();
        for cell in cells {
            // A blank differs from an empty text, and "ab"+"c" from "a"+"bc".
            let text = cell.unwrap_or("");
            let length = cell.map_or(0, |text| text.len() as u32 + 1);
            message.put(&length.to_le_bytes());
            message.put(text.as_bytes());
        }
        let digest = message.digest();
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(digest.chunks_exact(8)) {
            *word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        }
        self.plus(&words);
        self.rows += 1;
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

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    fn of(rows: &[[Option<&str>; 2]]) -> String {
        let mut print = Fingerprint::default();
        for row in rows {
            print.add(row.iter().copied());
        }
        print.text(&["a", "b"])
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
        let mut whole = Fingerprint::default();
        let mut parts = [Fingerprint::default(), Fingerprint::default()];
        for i in 0..100 {
            let id = i.to_string();
            whole.add([Some(id.as_str())]);
            parts[i % 2].add([Some(id.as_str())]);
        }
        let [mut first, second] = parts;
        first.merge(&second);
        assert_eq!(first.text(&["id"]), whole.text(&["id"]));
    }
}
