//! Which rows are meant: comparisons, joined by "and", "or" and "not".

use super::words::{Token, Words};
use super::{Comparison, Error, Reader};

/// Which rows are meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    /// A column is compared with a value.
    Test {
        column: String,
        comparison: Comparison,
        value: String,
        /// Whether the value stood in quotes: then it is a text, even if it looks like a number.
        quoted: bool,
    },
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    ///
    /// [`Error::Condition`] says where it cannot be understood, and what is needed there.
    pub fn read(text: &str) -> Result<Condition, Error> {
        let mut reader = Reader::of(text, Words::Compared)?;
        let condition = any(&mut reader)?;
        if reader.is_done() {
            Ok(condition)
        } else {
            Err(reader.needs("and, or, or the end"))
        }
    }

    /// The columns it names, each once, in order.
    pub fn columns<'n>(&'n self, found: &mut Vec<&'n str>) {
        match self {
            Condition::Test { column, .. } if found.contains(&column.as_str()) => {}
            Condition::Test { column, .. } => found.push(column),
            Condition::Not(inner) => inner.columns(found),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| part.columns(found));
            }
        }
    }
}

fn any(reader: &mut Reader) -> Result<Condition, Error> {
    joined(reader, "or", all, Condition::Or)
}

fn all(reader: &mut Reader) -> Result<Condition, Error> {
    joined(reader, "and", one, Condition::And)
}

/// Parts with a word between them; a part alone is itself.
fn joined(
    reader: &mut Reader,
    word: &str,
    part: fn(&mut Reader) -> Result<Condition, Error>,
    join: fn(Vec<Condition>) -> Condition,
) -> Result<Condition, Error> {
    let first = part(reader)?;
    if !reader.takes_word(word) {
        return Ok(first);
    }
    let mut parts = vec![first, part(reader)?];
    while reader.takes_word(word) {
        parts.push(part(reader)?);
    }
    Ok(join(parts))
}

fn one(reader: &mut Reader) -> Result<Condition, Error> {
    if reader.takes_word("not") {
        let inner = reader.within(one)?;
        return Ok(Condition::Not(Box::new(inner)));
    }
    if reader.takes("(") {
        let inner = reader.within(any)?;
        reader.must(")", "a closing parenthesis")?;
        return Ok(inner);
    }
    test(reader)
}

fn test(reader: &mut Reader) -> Result<Condition, Error> {
    let column = reader.name()?;
    let comparison = reader.comparison();
    let comparison = comparison.ok_or_else(|| reader.needs("a comparison"))?;
    let (value, quoted) = match reader.peek() {
        Some(Token::Word(value)) => (value.clone(), false),
        Some(Token::Text(value)) => (value.clone(), true),
        _ => return Err(reader.needs("a value")),
    };
    reader.pass();
    Ok(Condition::Test {
        column,
        comparison,
        value,
        quoted,
    })
}
