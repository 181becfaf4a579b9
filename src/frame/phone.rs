//! Telephone numbers of the Chinese plan: their normal form, and what is wrong with one.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::language::Words;

/// Which numbers a list may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbering {
    /// Numbers of the Chinese plan, as people have them.
    #[default]
    Chinese,
    /// Numbers that cannot be dialled: mobile ones with netcode 10x to 12x, and fixed ones whose
    /// local part begins with 1. Real ones are refused, so that nobody is called by mistake.
    Fictional,
}

/// A number in normal form: digits only, national, area code with its 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(String);

impl Number {
    /// The digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The digits as a whole number, with a leading 1 that keeps a leading 0: unique to the number.
    #[must_use]
    pub fn key(&self) -> u64 {
        key(&self.0)
    }
}

/// `digits` as a whole number, with a leading 1 that keeps a leading 0.
fn key(digits: &str) -> u64 {
    digits
        .bytes()
        .fold(1, |key, digit| key * 10 + u64::from(digit - b'0'))
}

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Malformed {
    /// Nothing is there.
    Blank,
    /// A spreadsheet has made a float of it: 1.38E+10.
    Scientific,
    /// It holds something else than digits, spaces and signs.
    NotDigits,
    /// It has too few or too many digits for a mobile or a fixed number.
    Length,
    /// It has eleven digits but no netcode of persons: 10x–12x, or machines at 140–149.
    Netcode,
    /// Its area code or local part cannot exist.
    Area,
    /// It could be dialled, in a list that says that its numbers are fictional.
    Dialable,
}

impl Malformed {
    /// What is wrong, for a person.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Malformed::Blank => Words::new("blank numbers", "号码为空"),
            Malformed::Scientific => Words::new(
                "numbers made floats by a spreadsheet, as 1.38E+10",
                "号码被电子表格转成科学计数法（如1.38E+10）",
            ),
            Malformed::NotDigits => {
                Words::new("numbers with other signs than digits", "号码含有非数字字符")
            }
            Malformed::Length => Words::new(
                "numbers of too few or too many digits",
                "号码位数过少或过多",
            ),
            Malformed::Netcode => Words::new(
                "mobile numbers of no person's netcode",
                "号段不属于个人用户",
            ),
            Malformed::Area => {
                Words::new("fixed numbers that cannot exist", "区号或本地号码不存在")
            }
            Malformed::Dialable => Words::new(
                "numbers that can be dialled, in a list declared fictional",
                "名单声明为虚构，而号码可以拨通",
            ),
        }
    }
}

impl Numbering {
    /// The number in normal form.
    ///
    /// Full-width digits, spaces, hyphens, brackets, a leading apostrophe, the country code (+86,
    /// 0086, 86) and a spreadsheet's trailing ".0" are taken away; nothing is guessed.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    ///
    /// # Source
    ///
    /// MIIT (2023), table of mobile netcodes; ITU-T E.164 for the country code.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::frame::{Malformed, Numbering};
    /// let number = Numbering::Fictional.read("１0１-2345 6789").expect("eleven digits");
    /// assert_eq!(number.digits(), "10123456789");
    /// assert_eq!(Numbering::Chinese.read("1.01E+10"), Err(Malformed::Scientific));
    /// ```
    pub fn read(self, text: &str) -> Result<Number, Malformed> {
        let digits = tidy(text)?;
        self.judge(&digits)?;
        Ok(Number(digits))
    }

    /// The [`Number::key`] of a number, without making one: most cells are eleven plain digits.
    ///
    /// # Errors
    ///
    /// As [`Numbering::read`].
    pub fn key(self, text: &str) -> Result<u64, Malformed> {
        if text.len() == 11
            && text.as_bytes()[0] == b'1'
            && text.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.judge(text)?;
            return Ok(key(text));
        }
        self.read(text).map(|number| number.key())
    }

    fn judge(self, digits: &str) -> Result<(), Malformed> {
        let mobile = digits.starts_with('1');
        let unused = if mobile {
            mobile_is_unused(digits)?
        } else {
            fixed_is_unused(digits)?
        };
        match (self, unused) {
            (Numbering::Fictional, true) => Ok(()),
            (Numbering::Fictional, false) => Err(Malformed::Dialable),
            (Numbering::Chinese, true) if mobile => Err(Malformed::Netcode),
            (Numbering::Chinese, true) => Err(Malformed::Area),
            (Numbering::Chinese, false) if mobile && is_machine(digits) => Err(Malformed::Netcode),
            (Numbering::Chinese, false) => Ok(()),
        }
    }
}

/// Digits alone, without what people and spreadsheets put around them.
fn tidy(text: &str) -> Result<String, Malformed> {
    let normal: String = text.trim().nfkc().collect();
    let bare = normal.trim().trim_start_matches('\'');
    if bare.is_empty() {
        return Err(Malformed::Blank);
    }
    let whole = bare.strip_suffix(".0").unwrap_or(bare);
    let mut digits = String::with_capacity(whole.len());
    for (place, letter) in whole.chars().enumerate() {
        match letter {
            '0'..='9' => digits.push(letter),
            ' ' | '-' | '(' | ')' => {}
            '+' if place == 0 => {}
            'e' | 'E' if whole.contains('.') || whole.contains('+') => {
                return Err(Malformed::Scientific);
            }
            '.' if whole.contains(['e', 'E']) => return Err(Malformed::Scientific),
            _ => return Err(Malformed::NotDigits),
        }
    }
    let national = match digits.strip_prefix("0086").or(digits.strip_prefix("86")) {
        Some(rest) if rest.len() >= 10 => rest.to_owned(),
        _ => digits,
    };
    Ok(national)
}

/// Whether a number beginning with 1 has a netcode that nobody has.
fn mobile_is_unused(digits: &str) -> Result<bool, Malformed> {
    if digits.len() != 11 {
        return Err(Malformed::Length);
    }
    Ok(matches!(digits.as_bytes()[1], b'0'..=b'2'))
}

/// Netcodes of machines and data cards: 140–144, 146–149, and the thirteen-digit ones elsewhere.
fn is_machine(digits: &str) -> bool {
    digits.starts_with("14")
}

/// Whether a fixed number with its area code has a local part that nobody has.
fn fixed_is_unused(digits: &str) -> Result<bool, Malformed> {
    let bytes = digits.as_bytes();
    if bytes.first() != Some(&b'0') {
        return Err(Malformed::Area);
    }
    let area = match bytes.get(1) {
        Some(b'1' | b'2') => 3,
        Some(b'3'..=b'9') => 4,
        _ => return Err(Malformed::Area),
    };
    match digits.len().checked_sub(area) {
        Some(7 | 8) => {}
        _ => return Err(Malformed::Length),
    }
    match bytes[area] {
        b'1' => Ok(true),
        b'0' => Err(Malformed::Area),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, Numbering};

    #[test]
    fn what_people_write_becomes_digits() {
        for written in [
            "10123456789",
            " 101 2345 6789 ",
            "+8610123456789",
            "0086 10123456789",
            "'10123456789",
            "１０１２３４５６７８９",
            "10123456789.0",
        ] {
            let number = Numbering::Fictional.read(written).expect(written);
            assert_eq!(number.digits(), "10123456789", "{written}");
        }
        let fixed = Numbering::Fictional
            .read("(023) 1234-5678")
            .expect("a fixed number");
        assert_eq!(fixed.digits(), "02312345678");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (written, wrong) in [
            ("", Malformed::Blank),
            ("　", Malformed::Blank),
            ("1.01E+10", Malformed::Scientific),
            ("1.01e10", Malformed::Scientific),
            ("none", Malformed::NotDigits),
            ("1012345678", Malformed::Length),
            ("023123456789", Malformed::Length),
            ("23112345678", Malformed::Area),
            ("95012", Malformed::Area),
        ] {
            assert_eq!(Numbering::Fictional.read(written), Err(wrong), "{written}");
        }
    }

    #[test]
    fn each_numbering_refuses_the_numbers_of_the_other() {
        // Second digits 3 to 9 are people's (14x are machines); 0 to 2 are nobody's. No such
        // number is written out here: they are put together.
        for second in 0..10 {
            let digits = format!("1{second}0{}", "0".repeat(8));
            let chinese = Numbering::Chinese.read(&digits);
            let fictional = Numbering::Fictional.read(&digits);
            match second {
                0..=2 => {
                    assert_eq!(chinese, Err(Malformed::Netcode));
                    assert!(fictional.is_ok());
                }
                4 => assert_eq!(chinese, Err(Malformed::Netcode)),
                _ => {
                    assert!(chinese.is_ok());
                    assert_eq!(fictional, Err(Malformed::Dialable));
                }
            }
        }
    }

    #[test]
    fn the_quick_way_agrees_with_the_slow_one() {
        for text in [
            "10123456789",
            "1012345678",
            "101 23456789",
            "02312345678",
            "",
            "14100000000",
        ] {
            for numbering in [Numbering::Chinese, Numbering::Fictional] {
                let slow = numbering.read(text).map(|number| number.key());
                assert_eq!(numbering.key(text), slow, "{text}");
            }
        }
    }

    #[test]
    fn reading_a_normal_form_changes_nothing() {
        let once = Numbering::Fictional
            .read("+86 (023) 1234 5678")
            .expect("a fixed number");
        assert_eq!(Numbering::Fictional.read(once.digits()), Ok(once.clone()));
    }
}
