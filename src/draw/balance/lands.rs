//! How the last few units of a balanced draw are decided: in one flight, and in strata.

use serde::{Deserialize, Serialize};

use super::{cube, local_cube, stratified_cube};
use crate::draw::Method;

/// How the last few units of one flight are to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Landing {
    /// The amounts are given up one after another, from the last: put the dearest first.
    #[default]
    #[serde(rename = "drop")]
    Dropping,
    /// No amount is given up; of all designs for the units left, the one with the least squared
    /// deviation is taken. It weighs every sample of them that has the right size: as long as there are
    /// more than 20 000, an amount is dropped. Of up to 16 units there never are more, if the size is
    /// whole.
    #[serde(rename = "lp")]
    Programme,
}

/// How a balanced draw in strata lands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lands {
    /// What all strata leave open is decided together, amounts given up as by dropping: the balance of the
    /// whole list suffers once and not once a stratum. It is the cube's alone.
    #[serde(rename = "pooled")]
    Together,
    /// Each stratum by itself.
    #[serde(untagged)]
    Apart(Landing),
}

impl Default for Lands {
    fn default() -> Lands {
        Lands::Apart(Landing::default())
    }
}

impl Lands {
    /// The words that people write.
    pub const WORDS: [(&'static str, Lands); 3] = [
        ("drop", Lands::Apart(Landing::Dropping)),
        ("lp", Lands::Apart(Landing::Programme)),
        ("pooled", Lands::Together),
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Lands::Apart(Landing::Dropping) => "drop",
            Lands::Apart(Landing::Programme) => "lp",
            Lands::Together => "pooled",
        }
    }

    /// What the word means.
    ///
    /// ```
    /// use canvass::draw::balance::lands::{Landing, Lands};
    /// assert_eq!(Lands::read("lp"), Some(Lands::Apart(Landing::Programme)));
    /// assert_eq!(Lands::read("soft"), None);
    /// ```
    #[must_use]
    pub fn read(word: &str) -> Option<Lands> {
        let known = Lands::WORDS.iter().find(|(known, _)| *known == word);
        known.map(|(_, lands)| *lands)
    }

    /// A method that draws as `method` does, and lands so; none if it does not land.
    #[must_use]
    pub fn of(self, method: &Method) -> Option<&'static Method> {
        match (method.card.key, self) {
            ("cube", Lands::Apart(Landing::Dropping)) => Some(&cube::METHOD),
            ("cube", Lands::Apart(Landing::Programme)) => Some(&cube::BY_PROGRAMME),
            ("cube", Lands::Together) => Some(&stratified_cube::POOLED),
            ("local-cube", Lands::Apart(Landing::Dropping)) => Some(&local_cube::METHOD),
            ("local-cube", Lands::Apart(Landing::Programme)) => Some(&local_cube::BY_PROGRAMME),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Landing, Lands};

    #[test]
    fn words_are_written_and_read_alike() {
        for (word, lands) in Lands::WORDS {
            assert_eq!((lands.word(), Lands::read(word)), (word, Some(lands)));
            let written = serde_json::to_string(&lands).expect("JSON");
            assert_eq!(written, format!("\"{word}\""));
            let read: Lands = serde_json::from_str(&written).expect("a word");
            assert_eq!(read, lands);
        }
        assert_eq!(Lands::default(), Lands::Apart(Landing::Dropping));
        assert!(serde_json::from_str::<Lands>("\"soft\"").is_err());
    }
}
