//! A report that does not know how it will be shown.

use serde::{Deserialize, Serialize};

use super::phrases;
use super::picture::Figure;
use crate::language::{Language, Words};
use crate::math::decimal;

/// A report, in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// The language of its texts.
    pub language: Language,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// The tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// The figures, in order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    }
}

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading; chapters have level 2.
    Heading {
        /// 2 for a chapter, 3 for a part of it.
        level: u8,
        /// What it says.
        text: String,
    },
    /// A paragraph.
    Text(String),
    /// A table.
    Table(Table),
    /// A picture, as data.
    Figure(Figure),
    /// Something the reader must not miss.
    Note(String),
    /// A formula, in plain Unicode; it may have several lines.
    Formula(String),
}

/// A table. Every row has one value per column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its name in files: lower-case words joined by hyphens.
    pub name: String,
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// A table without rows as yet.
    #[must_use]
    pub fn new(name: impl Into<String>, caption: impl Into<String>, columns: Vec<Column>) -> Table {
        Table {
            name: name.into(),
            caption: caption.into(),
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// If it has not one value per column: our own bug.
    pub fn push(&mut self, row: Vec<Value>) {
        let (values, columns) = (row.len(), self.columns.len());
        assert_eq!(
            values, columns,
            "table '{}': a row needs a value per column",
            self.name
        );
        self.rows.push(row);
    }
}

/// A column's heading, and to which side its values stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Whether values stand to the right, as numbers do.
    pub right: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(title: impl Into<String>) -> Column {
        Column {
            title: title.into(),
            right: false,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(title: impl Into<String>) -> Column {
        Column {
            title: title.into(),
            right: true,
        }
    }
}

/// What stands in a cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Words. Several lines are shown below each other, the first being the most important.
    Text(String),
    /// A count.
    Whole(u64),
    /// A number with so many decimals.
    Number {
        /// The number.
        value: f64,
        /// Decimals shown.
        places: u8,
    },
    /// A share, shown in percent.
    Share {
        /// The share: 0.072.
        value: f64,
        /// Decimals of the percentage.
        places: u8,
    },
    /// There is no such thing: "n/a".
    Absent,
    /// There is such a thing, but it cannot be said: "—".
    Unknown,
}

impl Value {
    /// Words.
    #[must_use]
    pub fn text(words: impl Into<String>) -> Value {
        Value::Text(words.into())
    }

    /// A number; unknown if it is not finite.
    #[must_use]
    pub fn number(value: f64, places: u8) -> Value {
        if value.is_finite() {
            Value::Number { value, places }
        } else {
            Value::Unknown
        }
    }

    /// A number, if it is known.
    #[must_use]
    pub fn maybe(value: Option<f64>, places: u8) -> Value {
        value.map_or(Value::Unknown, |value| Value::number(value, places))
    }

    /// A share; unknown if it is not finite.
    #[must_use]
    pub fn share(value: f64, places: u8) -> Value {
        if value.is_finite() {
            Value::Share { value, places }
        } else {
            Value::Unknown
        }
    }

    /// A share, if it is known.
    #[must_use]
    pub fn maybe_share(value: Option<f64>, places: u8) -> Value {
        value.map_or(Value::Unknown, |value| Value::share(value, places))
    }

    /// The value as a person reads it.
    ///
    /// ```
    /// use canvass::{language::Language, report::Value};
    /// assert_eq!(Value::Whole(290_000).say(Language::English), "290,000");
    /// assert_eq!(Value::share(0.0721, 1).say(Language::Chinese), "7.2%");
    /// assert_eq!(Value::Absent.say(Language::Chinese), "不适用");
    /// ```
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Whole(count) => phrases::count(*count),
            Value::Number { value, places } => phrases::number(*value, *places),
            Value::Share { value, places } => phrases::percent(*value, *places),
            Value::Absent => ABSENT.say(language).to_owned(),
            Value::Unknown => "—".to_owned(),
        }
    }

    /// The value as a program reads it: no separators, shares as fractions, nothing for what is
    /// unknown.
    ///
    /// ```
    /// use canvass::{language::Language, report::Value};
    /// assert_eq!(Value::Whole(290_000).plain(Language::English), "290000");
    /// assert_eq!(Value::share(0.0721, 1).plain(Language::English), "0.072");
    /// ```
    #[must_use]
    pub fn plain(&self, language: Language) -> String {
        match self {
            Value::Text(text) => text.lines().collect::<Vec<_>>().join("; "),
            Value::Whole(count) => count.to_string(),
            Value::Number { value, places } if value.is_finite() => {
                decimal::round(*value, usize::from(*places))
            }
            Value::Share { value, places } if value.is_finite() => {
                decimal::round(*value, usize::from(*places) + 2)
            }
            Value::Absent => ABSENT.say(language).to_owned(),
            Value::Number { .. } | Value::Share { .. } | Value::Unknown => String::new(),
        }
    }
}

const ABSENT: Words = Words::new("n/a", "不适用");

#[cfg(test)]
mod tests {
    use super::{Column, Table, Value};
    use crate::language::Language::English;

    #[test]
    fn what_is_not_a_number_is_never_printed_as_one() {
        for value in [f64::NAN, f64::INFINITY] {
            assert_eq!(Value::number(value, 2), Value::Unknown);
            assert_eq!(Value::Number { value, places: 2 }.say(English), "—");
            assert_eq!(Value::Share { value, places: 2 }.plain(English), "");
        }
    }

    #[test]
    fn absent_unknown_and_nothing_at_all_differ() {
        let said = [Value::Absent, Value::Unknown, Value::Whole(0)].map(|v| v.say(English));
        assert_eq!(said, ["n/a", "—", "0"]);
    }

    #[test]
    #[should_panic(expected = "a row needs a value per column")]
    fn a_row_has_a_value_for_every_column() {
        let mut table = Table::new("t", "T", vec![Column::text("a"), Column::text("b")]);
        table.push(vec![Value::Absent]);
    }
}
