//! A small expression that says which rows are meant: "region = north and not (age < 18)".

use super::Error;
use super::cells::Cells;
pub(super) use crate::estimate::expression::{Comparison, Condition as Node};

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

impl Filter {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// [`Error::Expression`] says where it cannot be understood, and what is needed there.
    pub fn parse(text: &str) -> Result<Filter, Error> {
        Ok(Filter {
            text: text.trim().to_owned(),
            root: Node::read(text)?,
        })
    }

    /// The expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The columns it names, each once, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.root.columns(&mut found);
        found
    }

    /// The whole expression.
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// Whether each row is meant; none where it stays open.
    pub(crate) fn holds(&self, data: &dyn Cells) -> Result<Vec<Option<bool>>, crate::Error> {
        holds(&self.root, data)
    }
}

fn holds(node: &Node, data: &dyn Cells) -> Result<Vec<Option<bool>>, crate::Error> {
    match node {
        Node::Test {
            column,
            comparison,
            value,
            quoted,
        } => test(data, column, *comparison, value, *quoted),
        Node::Not(inner) => {
            let inner = holds(inner, data)?.into_iter();
            Ok(inner.map(|holds| holds.map(|yes| !yes)).collect())
        }
        // Of several parts, one that is false decides an `and`, one that is true an `or`.
        Node::And(parts) => join(parts, data, false),
        Node::Or(parts) => join(parts, data, true),
    }
}

fn join(
    parts: &[Node],
    data: &dyn Cells,
    decides: bool,
) -> Result<Vec<Option<bool>>, crate::Error> {
    let mut all = vec![Some(!decides); data.rows()];
    for part in parts {
        for (so_far, holds) in all.iter_mut().zip(holds(part, data)?) {
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

#[cfg(test)]
mod tests {
    use super::{Error, Filter};
    use crate::estimate::expression;
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
            Err(Error::Expression(expression::Error::Condition {
                at, found, wanted, ..
            })) => (at, found, wanted),
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
