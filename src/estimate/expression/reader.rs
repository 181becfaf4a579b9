//! From left to right through what was written, and what is wrong where one stands.

use super::words::{Token, Words};
use super::{Comparison, Error};

/// Parentheses within parentheses that are still followed.
const DEEPEST: usize = 100;

/// Reads an expression from left to right.
pub(in crate::estimate) struct Reader {
    words: Words,
    letters: Vec<char>,
    /// Each with the letter at which it begins, counted from 0.
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

impl Reader {
    /// Of what is calculated.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] at a letter that begins nothing, or a quote that does not end.
    pub fn new(text: &str) -> Result<Reader, Error> {
        Reader::of(text, Words::Calculated)
    }

    /// Of any words.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] at a letter that begins nothing, or a quote that does not end.
    pub(super) fn of(text: &str, words: Words) -> Result<Reader, Error> {
        let mut reader = Reader {
            words,
            letters: text.chars().collect(),
            tokens: Vec::new(),
            next: 0,
            depth: 0,
        };
        let mut at = 0;
        while at < reader.letters.len() {
            if reader.letters[at].is_whitespace() {
                at += 1;
                continue;
            }
            let token = words.token(&reader.letters[at..]);
            let (token, length) =
                token.map_err(|(found, wanted)| reader.wrong(at, found, wanted))?;
            reader.tokens.push((at, token));
            at += length;
        }
        Ok(reader)
    }

    /// What stands next.
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    /// Takes what stands next, whatever it is.
    pub(super) fn pass(&mut self) {
        self.next += 1;
    }

    /// Reads what stands within something else.
    pub(super) fn within<T>(
        &mut self,
        read: impl FnOnce(&mut Reader) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.needs("fewer parentheses within each other"));
        }
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }

    /// Whether nothing is left.
    pub fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Whether this sign stands next.
    pub fn sees(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    /// Whether a call of `name` stands next.
    pub fn calls(&self, name: &str) -> bool {
        let open = self.tokens.get(self.next + 1);
        matches!(self.peek(), Some(Token::Word(found) | Token::Name(found)) if found == name)
            && matches!(open, Some((_, Token::Sign("("))))
    }

    /// Whether a call of anything stands next.
    pub fn calls_any(&self) -> bool {
        matches!(self.peek(), Some(Token::Word(_) | Token::Name(_)))
            && matches!(self.tokens.get(self.next + 1), Some((_, Token::Sign("("))))
    }

    /// Takes this sign if it stands next.
    pub fn takes(&mut self, sign: &str) -> bool {
        let sees = self.sees(sign);
        self.next += usize::from(sees);
        sees
    }

    /// Takes this sign.
    pub fn must(&mut self, sign: &str, wanted: &'static str) -> Result<(), Error> {
        if self.takes(sign) {
            Ok(())
        } else {
            Err(self.needs(wanted))
        }
    }

    /// Takes this word, in capitals or not, if it stands next: no column whose name is in backticks.
    pub fn takes_word(&mut self, word: &str) -> bool {
        let sees =
            matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        self.next += usize::from(sees);
        sees
    }

    /// Takes a comparison if one stands next.
    pub fn comparison(&mut self) -> Option<Comparison> {
        let Some(&Token::Sign(sign)) = self.peek() else {
            return None;
        };
        let comparison = Comparison::named(sign)?;
        self.next += 1;
        Some(comparison)
    }

    /// Whether a number stands next.
    pub fn sees_number(&self) -> bool {
        matches!(self.peek(), Some(Token::Number(_)))
    }

    /// Takes a number if one stands next.
    pub fn number(&mut self) -> Option<f64> {
        let Some(&Token::Number(x)) = self.peek() else {
            return None;
        };
        self.next += 1;
        Some(x)
    }

    /// Takes a name.
    pub fn name(&mut self) -> Result<String, Error> {
        let Some(Token::Word(name) | Token::Name(name)) = self.peek().cloned() else {
            return Err(self.needs("a column"));
        };
        self.next += 1;
        Ok(name)
    }

    /// Takes a label: in quotes, a word or a number.
    pub fn label(&mut self) -> Result<String, Error> {
        let label = match self.peek() {
            Some(Token::Word(label) | Token::Name(label) | Token::Text(label)) => label.clone(),
            Some(Token::Number(x)) => x.to_string(),
            _ => return Err(self.needs("a label")),
        };
        self.next += 1;
        Ok(label)
    }

    /// The letter at which the next token begins.
    pub fn at(&self) -> usize {
        self.tokens
            .get(self.next)
            .map_or(self.letters.len(), |(at, _)| *at)
    }

    /// What was written from a letter on up to the last token taken, without blanks at its end.
    pub fn since(&self, at: usize) -> String {
        let text: String = self.letters[at..self.at()].iter().collect();
        text.trim_end().to_owned()
    }

    /// What is wrong where the reader stands.
    pub fn needs(&self, wanted: &'static str) -> Error {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(&Token::Sign(sign)) => self.words.shown(sign),
            Some(Token::Number(x)) => format!("'{x}'"),
            Some(Token::Word(word) | Token::Name(word) | Token::Text(word)) => format!("'{word}'"),
        };
        self.wrong(self.at(), found, wanted)
    }

    /// What is wrong at another letter.
    pub fn wrong(&self, at: usize, found: String, wanted: &'static str) -> Error {
        let text = self.letters.iter().collect();
        self.words.wrong(text, at + 1, found, wanted)
    }
}
