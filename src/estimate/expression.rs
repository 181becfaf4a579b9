//! Columns, and what can be computed of them: read once for regressions, for functions of totals and for
//! conditions.
//!
//! An expression is made of numbers, columns (`` `in backticks` `` if their names have spaces), `+ − * / ^`,
//! comparisons, which are 1 or 0, and `log`, `log10`, `exp`, `sqrt` and `abs`. A label stands in quotes:
//! `region = 'north'`. A condition calculates nothing, so its labels need no quotes: `region = north and
//! not age < 18`.

mod words;

mod reader;

mod node;

mod condition;

mod row;

mod table;

pub(crate) use condition::Condition;
pub(super) use node::Node;
pub(super) use reader::Reader;
pub(super) use row::Row;
pub use table::{Column, Table};

use crate::advice::{Advise, list};

/// What is done to one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Log,
    Log10,
    Exp,
    Sqrt,
    Abs,
}

impl Function {
    const ALL: [(&'static str, Function); 5] = [
        ("log", Function::Log),
        ("log10", Function::Log10),
        ("exp", Function::Exp),
        ("sqrt", Function::Sqrt),
        ("abs", Function::Abs),
    ];

    pub fn named(word: &str) -> Option<Function> {
        let mut all = Function::ALL.into_iter();
        all.find(|(known, _)| *known == word)
            .map(|(_, function)| function)
    }

    pub fn of(self, x: f64) -> f64 {
        match self {
            Function::Log => x.ln(),
            Function::Log10 => x.log10(),
            Function::Exp => x.exp(),
            Function::Sqrt => x.sqrt(),
            Function::Abs => x.abs(),
        }
    }

    /// The derivative at `x`.
    pub fn slope(self, x: f64) -> f64 {
        match self {
            Function::Log => 1.0 / x,
            Function::Log10 => 1.0 / (x * std::f64::consts::LN_10),
            Function::Exp => x.exp(),
            Function::Sqrt => 0.5 / x.sqrt(),
            Function::Abs => x.signum(),
        }
    }
}

/// What is done to two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Compare(Comparison),
}

/// How one value is compared with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    /// Longer signs first: "<=" is no "<". Of two for the same, the second is the usual one.
    const SIGNS: [(&'static str, Comparison); 8] = [
        ("<>", Comparison::Unequal),
        ("!=", Comparison::Unequal),
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("==", Comparison::Equal),
        ("=", Comparison::Equal),
        ("<", Comparison::Less),
        (">", Comparison::More),
    ];

    fn named(sign: &str) -> Option<Comparison> {
        let mut signs = Comparison::SIGNS.iter();
        signs
            .find(|(known, _)| *known == sign)
            .map(|(_, comparison)| *comparison)
    }

    /// Its usual sign.
    pub fn sign(self) -> &'static str {
        let mut signs = Comparison::SIGNS.iter();
        signs
            .rfind(|(_, comparison)| *comparison == self)
            .map_or("", |(sign, _)| sign)
    }

    /// Whether it asks which of two is more.
    pub fn is_order(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::Unequal)
    }

    pub fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
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

impl Operation {
    pub fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Operation::Add => a + b,
            Operation::Subtract => a - b,
            Operation::Multiply => a * b,
            Operation::Divide => a / b,
            Operation::Power if b.fract().abs() <= 0.0 && b.abs() < 64.0 => a.powi(b as i32),
            Operation::Power => a.powf(b),
            Operation::Compare(comparison) => f64::from(u8::from(comparison.holds(&a, &b))),
        }
    }
}

/// Why an expression means nothing, or nothing here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be read.
    #[error("'{text}' cannot be understood: at {at} stands {found}, and {wanted} is needed")]
    Unreadable {
        /// The expression.
        text: String,
        /// The letter at which it breaks off, counted from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
    /// A condition that cannot be read.
    #[error("'{text}' cannot be understood: at {at} stands {found}, and {wanted} is needed")]
    Condition {
        /// The condition.
        text: String,
        /// The letter at which it breaks off, counted from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
    /// It names a column that is not there.
    #[error("there is no column '{column}'")]
    NoColumn {
        /// The column.
        column: String,
        /// Those that are there.
        there: Vec<String>,
    },
    /// It calculates with a column of labels.
    #[error("'{column}' holds labels, and numbers are needed")]
    NotNumbers {
        /// The column.
        column: String,
    },
    /// It compares a label with what is none, or by more and less.
    #[error("'{label}' is a label, and can only be the same as those of a column or another")]
    Unordered {
        /// The label.
        label: String,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Unreadable { .. } => {
                "columns with spaces stand in `…`, labels in '…'; functions are log, log10, exp, sqrt and abs".into()
            }
            Error::Condition { .. } => {
                "write column = value, with = != < <= > >=, and, or, not and parentheses; values with spaces in '…', columns in `…`".into()
            }
            Error::NoColumn { there, .. } => format!("the columns there are {}", list(there)),
            Error::NotNumbers { column } => {
                format!("compare it: {column} = '…' is 1 or 0; in a regression, C({column}) stands for its labels")
            }
            Error::Unordered { label } => format!("write column = '{label}' or column != '{label}'"),
        })
    }
}

#[cfg(test)]
mod tests;
