//! A name for a case that tells nothing of whose it is.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Error;
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::seed::hex;

/// Opaque case ids.
pub const CARD: Card = Card {
    key: "case-ids",
    title: Words::new("Opaque case ids", "不透明样本编号"),
    says: Words::new(
        "A telephone centre gets a keyed hash of the unit's id instead of the id itself. Whoever has no key cannot find the unit, nor test a guess. A check character catches every single wrong character and every swap of two.",
        "提供给电话中心的是单位标识的带密钥散列值，而非标识本身；没有密钥既不能还原单位，也不能验证猜测。末位校验字符可发现任何单个字符错误和任何两个字符的互换。",
    ),
    formula: "id = Crockford32(first 80 bits of HMAC-SHA256(key, \"case:\" + unit id)) + check\ncheck = Σ αⁱ dᵢ over GF(32), i = 1 … 16",
    sources: &[
        Source::new("Krawczyk, Bellare & Canetti (1997)"),
        Source::new("Crockford (2019)"),
        Source::new("Reed & Solomon (1960)"),
    ],
};

/// Digits of a case id: no I, L, O or U, which are read as others, or as a word.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Digits before the check character: 16 × 5 = 80 bits.
const LENGTH: usize = 16;

/// The secret that ties case ids to units.
///
/// Not the seed: a seed is published, and whoever has it could try every telephone number. It never
/// prints itself; [`CaseKey::hex`] writes it out where a person has asked for its file.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseKey([u8; 32]);

impl CaseKey {
    /// A key of 32 secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> CaseKey {
        CaseKey(bytes)
    }

    /// A key from the 64 hex digits of its file; blanks around them do not matter.
    ///
    /// # Errors
    ///
    /// [`Error::KeyText`] if the text is anything else. The message does not repeat it.
    pub fn from_hex(text: &str) -> Result<CaseKey, Error> {
        let text = text.trim();
        let wrong = || Error::KeyText {
            found: text.chars().count(),
        };
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            let digits = &text[2 * place..2 * place + 2];
            let digit = |at: usize| digits[at..=at].chars().next()?.to_digit(16);
            let (high, low) = digit(0).zip(digit(1)).ok_or_else(wrong)?;
            *byte = (16 * high + low) as u8;
        }
        Ok(CaseKey(bytes))
    }

    /// The key as 64 hex digits, for its file and nowhere else.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// The case id of the unit with this id: 16 characters and one to check them.
    ///
    /// Two of n units share an id with a chance below n² / 2⁸¹: 3.5 · 10⁻¹⁴ for a pool of 290 000,
    /// and 3.7 · 10⁻¹⁰ if all of a list of 30 million were drawn.
    ///
    /// # Formula
    ///
    /// ```text
    /// id = Crockford32(first 80 bits of HMAC-SHA256(key, "case:" + unit id)) + check
    /// ```
    ///
    /// # Source
    ///
    /// Krawczyk, Bellare & Canetti (1997), RFC 2104, for the keyed hash; Crockford (2019), Base 32,
    /// for the digits. For the check character see [`check`].
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::field::{CaseKey, check};
    /// let key = CaseKey::new([7; 32]);
    /// let id = key.case_id("customer 17");
    /// assert_eq!(id.len(), 17);
    /// assert!(check(&id) && check(&id.to_lowercase()));
    /// ```
    #[must_use]
    pub fn case_id(&self, unit: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key may have any length");
        mac.update(b"case:");
        mac.update(unit.as_bytes());
        let digest = mac.finalize().into_bytes();
        let bits = digest[..10]
            .iter()
            .fold(0_u128, |bits, &byte| (bits << 8) | u128::from(byte));
        let mut values = [0; LENGTH];
        for (place, value) in values.iter_mut().enumerate() {
            *value = ((bits >> (5 * (LENGTH - 1 - place))) & 31) as u8;
        }
        let digits = values.into_iter().chain([check_value(&values)]);
        digits
            .map(|value| char::from(DIGITS[usize::from(value)]))
            .collect()
    }
}

impl std::fmt::Debug for CaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CaseKey(secret)")
    }
}

/// Whether `id` is a case id as we write them: 17 digits, of which the last agrees with the others.
///
/// Each place has a weight of its own, a power of a generator of the field with 32 elements. So
/// every single wrong character is caught, and every swap of two different ones, neighbours or not;
/// of other errors, 31 in 32. Lower case, hyphens, and O, I or L for 0 and 1 are no errors: see
/// [`tidy`].
///
/// # Formula
///
/// ```text
/// check = Σ αⁱ dᵢ over GF(2)[α] / (α⁵ + α² + 1),  i = 1 … 16 counted from the right
/// ```
///
/// # Source
///
/// Reed & Solomon (1960), a code of one check symbol.
#[must_use]
pub fn check(id: &str) -> bool {
    let tidied = tidy(id);
    let values: Option<Vec<u8>> = tidied.bytes().map(value_of).collect();
    values.is_some_and(|values| {
        values.len() == LENGTH + 1 && check_value(&values[..LENGTH]) == values[LENGTH]
    })
}

/// The id as we write it: upper case, 0 for O, 1 for I and L, no blanks and hyphens.
///
/// # Source
///
/// Crockford (2019), Base 32: how such digits are read.
#[must_use]
pub fn tidy(id: &str) -> String {
    let mut tidied = String::with_capacity(id.len());
    for character in id.trim().chars().filter(|&c| c != '-' && c != ' ') {
        let read = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        tidied
            .write_char(read)
            .expect("writing to a String cannot fail");
    }
    tidied
}

fn value_of(digit: u8) -> Option<u8> {
    DIGITS
        .iter()
        .position(|&known| known == digit)
        .map(|place| place as u8)
}

/// Horner's rule: (… (d₁ α + d₂) α + … + d₁₆) α.
fn check_value(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, &value| double(sum ^ value))
}

/// Multiplies by α in the field with 32 elements: a shift, and α⁵ = α² + 1.
const fn double(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

#[cfg(test)]
mod tests {
    use super::{CaseKey, DIGITS, check, check_value, double, tidy};
    use crate::field::Error;

    fn key() -> CaseKey {
        CaseKey::new([11; 32])
    }

    #[test]
    fn a_case_id_agrees_with_openssl() {
        // printf 'case:A-17' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0b0b…0b (32 bytes)
        // begins with eb08a882cfa9789ff910; in fives of bits they are the 16 digits.
        let id = key().case_id("A-17");
        assert_eq!(id, "XC4AH0PFN5W9ZY8G3");
    }

    #[test]
    fn doubling_runs_through_the_whole_field() {
        // So 1, α, α² … α³⁰ are 31 different weights, and 17 places have 17 different ones.
        let mut seen = std::collections::BTreeSet::new();
        let mut value = 1;
        for _ in 0..31 {
            assert!(seen.insert(value));
            value = double(value);
        }
        assert_eq!(value, 1);
    }

    #[test]
    fn every_single_wrong_character_is_caught() {
        for unit in 0..40 {
            let id = key().case_id(&unit.to_string()).into_bytes();
            for place in 0..id.len() {
                for &digit in DIGITS.iter().filter(|&&digit| digit != id[place]) {
                    let mut wrong = id.clone();
                    wrong[place] = digit;
                    let wrong = String::from_utf8(wrong).expect("ASCII");
                    assert!(!check(&wrong), "{wrong} passed at place {place}");
                }
            }
        }
    }

    #[test]
    fn every_swap_of_two_characters_is_caught() {
        // What a place adds to the sum does not depend on the other places. So it is enough that
        // every swap, of every two digits at every two places, changes the sum of one id: then a
        // sum that was right is right no longer.
        let error = |values: &[u8]| check_value(&values[..16]) ^ values[16];
        for first in 0..17 {
            for second in first + 1..17 {
                for (a, b) in (0..32).flat_map(|a| (0..a).map(move |b| (a, b))) {
                    let mut values = [5; 17];
                    (values[first], values[second]) = (a, b);
                    let before = error(&values);
                    values.swap(first, second);
                    assert_ne!(error(&values), before, "{a} at {first}, {b} at {second}");
                }
            }
        }
    }

    #[test]
    fn a_swap_in_a_sound_id_makes_it_unsound() {
        for unit in 0..500 {
            let id = key().case_id(&unit.to_string()).into_bytes();
            for place in (1..id.len()).filter(|&place| id[place] != id[place - 1]) {
                let mut swapped = id.clone();
                swapped.swap(place, place - 1);
                assert!(!check(&String::from_utf8(swapped).expect("ASCII")));
            }
        }
    }

    #[test]
    fn a_hand_that_writes_o_for_zero_is_understood() {
        assert_eq!(tidy(" o1-lI 2a"), "01112A");
        let id = key().case_id("seven");
        assert!(check(
            &id.to_lowercase().replace('0', "o").replace('1', "l")
        ));
        assert!(check(&format!("{}-{}", &id[..8], &id[8..])));
        assert!(!check(&id[1..]));
        assert!(!check(""));
        assert!(!check("电话电话电话电话电话电话"));
        assert!(!check(&id.replace(&id[..1], "U")));
    }

    #[test]
    fn ids_tell_nothing_and_never_look_like_formulas() {
        let ids: std::collections::BTreeSet<String> = (0..20_000)
            .map(|unit| key().case_id(&unit.to_string()))
            .collect();
        assert_eq!(ids.len(), 20_000);
        assert!(
            ids.iter()
                .all(|id| id.bytes().all(|digit| DIGITS.contains(&digit)))
        );
        assert_ne!(key().case_id("1"), CaseKey::new([12; 32]).case_id("1"));
    }

    #[test]
    fn two_units_share_an_id_less_than_once_in_a_thousand_million_surveys() {
        // n (n − 1) / 2 pairs, each alike with chance 2⁻⁸⁰.
        let chance = |n: f64| n * (n - 1.0) / 2.0 / 80_f64.exp2();
        assert!((chance(290_000.0) - 3.478e-14).abs() < 1e-17);
        assert!(chance(290_000.0) < 1e-9);
        assert!(chance(30e6) < 1e-9);
    }

    #[test]
    fn a_key_does_not_print_itself() {
        let text = format!("{:?} {:#?}", key(), key());
        assert!(!text.contains("11") && !text.contains("0b"), "{text}");
    }

    #[test]
    fn a_key_survives_its_file() {
        let read = CaseKey::from_hex(&format!("{}\n", key().hex())).expect("a sound key");
        assert_eq!(read, key());
        assert_eq!(CaseKey::from_hex("0b0b"), Err(Error::KeyText { found: 4 }));
        let wrong = format!("g{}", &key().hex()[1..]);
        assert_eq!(CaseKey::from_hex(&wrong), Err(Error::KeyText { found: 64 }));
        let signed = format!("+{}", &key().hex()[1..]);
        assert!(CaseKey::from_hex(&signed).is_err());
    }
}
