//! From letters to words.

use super::{Comparison, Error};

/// A word, a number or a sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// As it stands.
    Word(String),
    /// In backticks.
    Name(String),
    /// In quotes.
    Text(String),
    Sign(&'static str),
}

/// What words are made of where nothing is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Of letters and digits: what else there is calculates, as in "2*age-1".
    Calculated,
    /// Of all that does not compare: a value needs no quotes, as in "day >= 2025-03-01".
    Compared,
}

/// Signs besides those that compare.
const SIGNS: [&str; 10] = ["+", "-", "*", "/", "^", "(", ")", ",", ":", "~"];

const PARENTHESES: [&str; 2] = ["(", ")"];

impl Words {
    /// The token that stands first, and how many letters it has; or what stands there instead, and what
    /// should.
    pub fn token(self, letters: &[char]) -> Result<(Token, usize), (String, &'static str)> {
        let first = letters[0];
        if matches!(first, '\'' | '"' | '`') {
            return quoted(letters).ok_or_else(|| self.open(first));
        }
        let sign = self.sign(letters);
        match self {
            Words::Compared => Ok(sign.unwrap_or_else(|| {
                let length = run(letters, |letter| {
                    !letter.is_whitespace() && !"()=!<>'\"`".contains(letter)
                });
                (word(letters, length), length.max(1))
            })),
            Words::Calculated if first.is_ascii_digit() || first == '.' => {
                number(letters).ok_or_else(|| (format!("'{first}'"), "a number"))
            }
            Words::Calculated if first.is_alphabetic() || first == '_' => {
                let length = run(letters, |letter| {
                    letter.is_alphanumeric() || letter == '_' || letter == '.'
                });
                Ok((word(letters, length), length))
            }
            Words::Calculated => {
                sign.ok_or_else(|| (format!("'{first}'"), "a column, a number or a sign"))
            }
        }
    }

    /// The sign that stands first, and how many letters it has.
    fn sign(self, letters: &[char]) -> Option<(Token, usize)> {
        let calculates = self == Words::Calculated;
        let first = match letters[0] {
            '−' if calculates => '-',
            other => other,
        };
        let pair: String = [first].iter().chain(letters.get(1)).collect();
        let others: &'static [&'static str] = if calculates { &SIGNS } else { &PARENTHESES };
        let mut signs = Comparison::SIGNS
            .iter()
            .map(|(sign, _)| *sign)
            .chain(others.iter().copied());
        let sign = signs.find(|sign| pair.starts_with(sign))?;
        Some((Token::Sign(sign), sign.len()))
    }

    /// What a message calls a sign that stands where it should not.
    pub fn shown(self, sign: &'static str) -> String {
        match self {
            Words::Calculated => format!("'{sign}'"),
            Words::Compared => Comparison::named(sign)
                .map_or(sign, Comparison::sign)
                .to_owned(),
        }
    }

    /// What is wrong at a letter, counted from 1.
    pub fn wrong(self, text: String, at: usize, found: String, wanted: &'static str) -> Error {
        match self {
            Words::Calculated => Error::Unreadable {
                text,
                at,
                found,
                wanted,
            },
            Words::Compared => Error::Condition {
                text,
                at,
                found,
                wanted,
            },
        }
    }

    /// What is wrong with a quote that does not end.
    fn open(self, quote: char) -> (String, &'static str) {
        match self {
            Words::Calculated => (format!("'{quote}'"), "the end of what is quoted"),
            Words::Compared => (format!("an open {quote}"), "its end"),
        }
    }
}

/// What stands in quotes or backticks; none if they do not end.
fn quoted(letters: &[char]) -> Option<(Token, usize)> {
    let quote = letters[0];
    let length = letters[1..].iter().position(|letter| *letter == quote)?;
    let text = letters[1..=length].iter().collect();
    let token = match quote {
        '`' => Token::Name(text),
        _ => Token::Text(text),
    };
    Some((token, length + 2))
}

fn word(letters: &[char], length: usize) -> Token {
    Token::Word(letters[..length].iter().collect())
}

fn number(letters: &[char]) -> Option<(Token, usize)> {
    let mut length = run(letters, |letter| letter.is_ascii_digit() || letter == '.');
    if letters.get(length).is_some_and(|e| matches!(e, 'e' | 'E')) {
        let signed = letters
            .get(length + 1)
            .is_some_and(|sign| matches!(sign, '+' | '-'));
        let begin = length + 1 + usize::from(signed);
        let digits = run(letters.get(begin..)?, |letter| letter.is_ascii_digit());
        if digits > 0 {
            length = begin + digits;
        }
    }
    let text: String = letters[..length].iter().collect();
    text.parse().ok().map(|x| (Token::Number(x), length))
}

fn run(letters: &[char], passes: impl Fn(char) -> bool) -> usize {
    letters
        .iter()
        .position(|letter| !passes(*letter))
        .unwrap_or(letters.len())
}
