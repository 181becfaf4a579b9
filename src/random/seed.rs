//! A text that decides every draw.

use rand::{Rng, SeedableRng, rngs::ChaCha12Rng};
use sha2::{Digest, Sha256};

/// The text from which all chance of a survey is derived.
///
/// Any text will do: a published lottery number, a sentence read aloud before witnesses.
///
/// ```
/// use canvass::random::Seed;
/// let seed = Seed::new("the evening draw of 1 March 2025").expect("not blank");
/// let mut stream = seed.stream("replicates");
/// assert_ne!(stream.word(), stream.word());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    text: String,
}

impl Seed {
    /// A seed, unless `text` is blank.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Seed> {
        let text = text.into();
        (!text.trim().is_empty()).then_some(Seed { text })
    }

    /// The text itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first 32 hex digits of SHA-256 of the text: what is mixed with unit ids.
    #[must_use]
    pub fn key(&self) -> String {
        hex(&Sha256::digest(self.text.as_bytes())[..16])
    }

    /// A seed for another purpose than the draw, unrelated to this one.
    #[must_use]
    pub fn purpose(&self, name: &str) -> Seed {
        Seed {
            text: format!("{}\n{name}", self.text),
        }
    }

    /// What may be published of a seed that is still a secret: SHA-256 of the seed, a line break and
    /// "commitment". Not SHA-256 of the seed itself, whose head is the [key](Seed::key): with it
    /// anybody could tell who will be drawn.
    #[must_use]
    pub fn seal(&self) -> String {
        hex(&Sha256::digest(self.purpose("commitment").text.as_bytes()))
    }

    /// A generator for the purpose `name`: ChaCha with twelve rounds, keyed with SHA-256 of the
    /// seed, a line break and the name.
    #[must_use]
    pub fn stream(&self, name: &str) -> Stream {
        let key: [u8; 32] = Sha256::digest(self.purpose(name).text.as_bytes()).into();
        Stream(ChaCha12Rng::from_seed(key))
    }
}

/// A named sequence of 64-bit words.
#[derive(Debug)]
pub struct Stream(pub(super) ChaCha12Rng);

impl Stream {
    /// The next word.
    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// Bytes as lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String cannot fail");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn a_blank_seed_is_no_seed() {
        assert_eq!(Seed::new(" \n"), None);
    }

    #[test]
    fn the_key_is_the_head_of_the_hash() {
        // printf canvass | sha256sum
        let seed = Seed::new("canvass").expect("not blank");
        assert_eq!(seed.key().len(), 32);
        assert_eq!(
            Seed::new("abc").expect("not blank").key(),
            "ba7816bf8f01cfea414140de5dae2223" // FIPS 180-2, appendix B.1
        );
    }

    #[test]
    fn a_seal_does_not_tell_the_key() {
        let seed = Seed::new("abc").expect("not blank");
        // printf 'abc\ncommitment' | sha256sum
        assert_eq!(
            seed.seal(),
            "7eeac817f73327a2607c459bd875b0ddabbdc098284b84a0a98530cf9e3707e3"
        );
        assert_ne!(seed.seal()[..32], seed.key());
    }

    #[test]
    fn streams_of_other_names_are_other_streams() {
        let seed = Seed::new("s").expect("not blank");
        assert_eq!(seed.stream("a").word(), seed.stream("a").word());
        assert_ne!(seed.stream("a").word(), seed.stream("b").word());
    }
}
