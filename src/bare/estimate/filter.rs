//! A small expression that says which rows are meant: "region = north and not (age < 18)".

use super::Error;
use super::cells::Cells;

/// Which rows are meant.
///
/// A comparison with a blank is neither true nor false; `and`, `or` and `not` go on from there as
/// Kleene's logic does, and a row for which it stays open is not meant. Where column and value are
/// numbers they are compared as such; a value in quotes is a text.
///
/// ```
/// use canvass::bare::estimate::Filter;
/// let filter = Filter::parse("stype = E and not (api00 < 600 or `school type` != 'far away')")?;
/// assert_eq!(filter.columns(), ["stype", "api00", "school type"]);
/// assert!(Filter::parse("stype = ").is_err());
/// # Ok::<(), canvass::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    text: String,
    root: Node,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Test {
        column: String,
        comparison: Comparison,
        value: String,
        quoted: bool,
    },
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Longer signs first: "<=" is no "<".
const SIGNS: [(&str, Comparison); 8] = [
    ("<>", Comparison::Unequal),
    ("!=", Comparison::Unequal),
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::More),
];

impl Comparison {
    fn sign(self) -> &'static str {
        SIGNS
            .iter()
            .rfind(|(_, comparison)| *comparison == self)
            .map_or("", |(sign, _)| sign)
    }

    fn is_order(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::Unequal)
    }

    fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
        match self {
            Comparison::Equal => a == b,
            Comparison::Unequal => a != b,
            Comparison::Less => a < b,
            Comparison::AtMost => a <= b,
            Comparison::More => a > b,
            Comparison::AtLeast => a >= b,
        }
    }
}

impl Filter {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// [`Error::Filter`] says where it cannot be understood, and what is needed there.
    pub fn parse(text: &str) -> Result<Filter, Error> {
        let mut reader = Reader {
            text,
            tokens: tokens(text)?,
            next: 0,
        };
        let root = reader.any()?;
        match reader.peek() {
            None => Ok(Filter {
                text: text.trim().to_owned(),
                root,
            }),
            Some(_) => Err(reader.needs("and, or, or the end")),
        }
    }

    /// The expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The columns it names, each once, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        fn walk<'n>(node: &'n Node, found: &mut Vec<&'n str>) {
            match node {
                Node::Test { column, .. } if found.contains(&column.as_str()) => {}
                Node::Test { column, .. } => found.push(column),
                Node::Not(inner) => walk(inner, found),
                Node::And(parts) | Node::Or(parts) => {
                    parts.iter().for_each(|part| walk(part, found))
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.root, &mut found);
        found
    }

    /// The whole expression.
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// Whether each row is meant; none where it stays open.
    pub(crate) fn holds(&self, data: &dyn Cells) -> Result<Vec<Option<bool>>, crate::Error> {
        self.root.holds(data)
    }
}

impl Node {
    fn holds(&self, data: &dyn Cells) -> Result<Vec<Option<bool>>, crate::Error> {
        match self {
            Node::Test {
                column,
                comparison,
                value,
                quoted,
            } => test(data, column, *comparison, value, *quoted),
            Node::Not(inner) => Ok(inner
                .holds(data)?
                .into_iter()
                .map(|holds| holds.map(|yes| !yes))
                .collect()),
            // Of several parts, one that is false decides an `and`, one that is true an `or`.
            Node::And(parts) => join(parts, data, false),
            Node::Or(parts) => join(parts, data, true),
        }
    }
}

fn join(
    parts: &[Node],
    data: &dyn Cells,
    decides: bool,
) -> Result<Vec<Option<bool>>, crate::Error> {
    let mut all = vec![Some(!decides); data.rows()];
    for part in parts {
        for (so_far, holds) in all.iter_mut().zip(part.holds(data)?) {
            *so_far = match (*so_far, holds) {
                (Some(a), _) if a == decides => Some(decides),
                (_, Some(b)) if b == decides => Some(decides),
                (Some(_), Some(_)) => Some(!decides),
                _ => None,
            };
        }
    }
    Ok(all)
}

fn test(
    data: &dyn Cells,
    column: &str,
    comparison: Comparison,
    value: &str,
    quoted: bool,
) -> Result<Vec<Option<bool>>, crate::Error> {
    let wanted = value.parse::<f64>().ok().filter(|_| !quoted);
    if let Some(wanted) = wanted
        && let Some(numbers) = data.numbers_if_any(column)?
    {
        return Ok(numbers
            .iter()
            .map(|x| x.map(|x| comparison.holds(&x, &wanted)))
            .collect());
    }
    if comparison.is_order() {
        let (column, value) = (column.to_owned(), value.to_owned());
        return Err(Error::Unordered {
            column,
            comparison: comparison.sign(),
            value,
        }
        .into());
    }
    let texts = data.texts(column)?;
    Ok(texts
        .iter()
        .map(|cell| cell.as_deref().map(|cell| comparison.holds(&cell, &value)))
        .collect())
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    Sign(Comparison),
    /// As it stands.
    Word(String),
    /// In quotes.
    Text(String),
    /// In backticks.
    Name(String),
}

/// Tokens, each with the letter at which it begins, counted from 0.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Error> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        if rest[0].is_whitespace() {
            at += 1;
            continue;
        }
        let Some((token, length)) = token(rest) else {
            let (text, found) = (text.to_owned(), format!("an open {}", rest[0]));
            let wanted = "its end";
            return Err(Error::Filter {
                text,
                at: at + 1,
                found,
                wanted,
            });
        };
        found.push((at, token));
        at += length;
    }
    Ok(found)
}

/// The token that stands first, and how many letters it has; none if it is a quote without an end.
fn token(letters: &[char]) -> Option<(Token, usize)> {
    let pair: String = letters.iter().take(2).collect();
    match letters[0] {
        '(' => Some((Token::Open, 1)),
        ')' => Some((Token::Close, 1)),
        quote @ ('\'' | '"' | '`') => {
            let end = letters[1..].iter().position(|&letter| letter == quote)?;
            let inside = letters[1..=end].iter().collect();
            let token = if quote == '`' {
                Token::Name(inside)
            } else {
                Token::Text(inside)
            };
            Some((token, end + 2))
        }
        _ => match SIGNS.iter().find(|(sign, _)| pair.starts_with(sign)) {
            Some((sign, comparison)) => Some((Token::Sign(*comparison), sign.len())),
            None => {
                let word: String = letters.iter().take_while(|l| is_of_word(**l)).collect();
                let length = word.chars().count().max(1);
                Some((Token::Word(word), length))
            }
        },
    }
}

fn is_of_word(letter: char) -> bool {
    !letter.is_whitespace() && !"()=!<>'\"`".contains(letter)
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<(usize, Token)>,
    next: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    /// Takes the next token if it is this word.
    fn takes(&mut self, word: &str) -> bool {
        let is =
            matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        self.next += usize::from(is);
        is
    }

    fn needs(&self, wanted: &'static str) -> Error {
        let (at, found) = match self.tokens.get(self.next) {
            None => (self.text.chars().count(), "the end".to_owned()),
            Some((at, token)) => (
                *at,
                match token {
                    Token::Open => "(".to_owned(),
                    Token::Close => ")".to_owned(),
                    Token::Sign(comparison) => comparison.sign().to_owned(),
                    Token::Word(word) | Token::Text(word) | Token::Name(word) => {
                        format!("'{word}'")
                    }
                },
            ),
        };
        Error::Filter {
            text: self.text.to_owned(),
            at: at + 1,
            found,
            wanted,
        }
    }

    fn any(&mut self) -> Result<Node, Error> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 {
            parts.swap_remove(0)
        } else {
            Node::Or(parts)
        })
    }

    fn all(&mut self) -> Result<Node, Error> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 {
            parts.swap_remove(0)
        } else {
            Node::And(parts)
        })
    }

    fn one(&mut self) -> Result<Node, Error> {
        if self.takes("not") {
            return Ok(Node::Not(Box::new(self.one()?)));
        }
        if self.peek() == Some(&Token::Open) {
            self.next += 1;
            let inner = self.any()?;
            if self.peek() != Some(&Token::Close) {
                return Err(self.needs("a closing parenthesis"));
            }
            self.next += 1;
            return Ok(inner);
        }
        self.test()
    }

    fn test(&mut self) -> Result<Node, Error> {
        let Some(Token::Word(column) | Token::Name(column)) = self.peek().cloned() else {
            return Err(self.needs("a column"));
        };
        self.next += 1;
        let Some(&Token::Sign(comparison)) = self.peek() else {
            return Err(self.needs("a comparison"));
        };
        self.next += 1;
        if !matches!(self.peek(), Some(Token::Word(_) | Token::Text(_))) {
            return Err(self.needs("a value"));
        }
        let quoted = matches!(self.peek(), Some(Token::Text(_)));
        let Some(Token::Word(value) | Token::Text(value)) = self.take() else {
            unreachable!("just seen");
        };
        Ok(Node::Test {
            column,
            comparison,
            value,
            quoted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Filter};
    use crate::files::data::Data;

    fn meant(expression: &str) -> Result<Vec<Option<bool>>, crate::Error> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.csv");
        let table = "name,age,a b\nann,18,x\nbob,9,y\n,NA,z\ncid,30,\n";
        std::fs::write(&path, table).expect("can be written");
        let data = Data::read(&path, &["name", "age", "a b"]).expect("readable");
        Filter::parse(expression)?.holds(&data)
    }

    #[test]
    fn words_bind_as_one_expects() {
        let (yes, no) = (Some(true), Some(false));
        let cases = [
            ("age >= 18", [yes, no, None, yes]),
            ("age != 18.0", [no, yes, None, yes]),
            ("age = '18'", [yes, no, no, no]),
            (
                "name = bob or age > 20 and not name = cid",
                [no, yes, None, no],
            ),
            (
                "(name = bob OR age > 20) AND NOT name == cid",
                [no, yes, None, no],
            ),
            ("`a b` <> \"x\" or age<10", [no, yes, yes, None]),
            ("not not name=ann", [yes, no, None, no]),
        ];
        for (expression, wanted) in cases {
            assert_eq!(
                meant(expression).expect("can be read"),
                wanted,
                "{expression}"
            );
        }
    }

    #[test]
    fn what_cannot_be_understood_says_where() {
        let fault = |expression: &str| match Filter::parse(expression) {
            Err(Error::Filter {
                at, found, wanted, ..
            }) => (at, found, wanted),
            other => panic!("{expression}: {other:?}"),
        };
        assert_eq!(fault("age >"), (6, "the end".into(), "a value"));
        assert_eq!(fault("age 3"), (5, "'3'".into(), "a comparison"));
        assert_eq!(
            fault("(age > 3"),
            (9, "the end".into(), "a closing parenthesis")
        );
        assert_eq!(
            fault("age > 3 name = x"),
            (9, "'name'".into(), "and, or, or the end")
        );
        assert_eq!(fault("and"), (4, "the end".into(), "a comparison"));
        assert_eq!(fault("age > 'x"), (7, "an open '".into(), "its end"));
        assert_eq!(fault(""), (1, "the end".into(), "a column"));
        assert_eq!(fault("age = = 3"), (7, "=".into(), "a value"));
    }

    #[test]
    fn texts_have_no_order() {
        let error = meant("name > bob").expect_err("texts");
        assert_eq!(
            error.to_string(),
            "'name' > 'bob': only numbers are more or less than others"
        );
    }
}
