//! Functions of totals and means: `sum(calls) / sum(minutes)`, `log(mean(income))`.
//!
//! Near what it is, a smooth function moves by its slope for each total it is made of, so its score is the
//! sum of the totals' scores times their slopes. The slopes are found with the value, by the chain rule, to
//! the last digit; nobody derives anything by hand.

use super::expression::{Error, Function, Node, Operation, Reader, Row, Table};
use super::{Evaluated, Statistic, View};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "function",
    title: Words::new("Function of totals", "总量的函数"),
    says: Words::new(
        "Any smooth expression of totals and means, such as a ratio of means or the logarithm of a total, \
         from those who answered all it is made of. Its slopes are found along with it, so it has a \
         variance like any other figure.",
        "由总量和均值构成的任意光滑表达式，如均值之比、总量的对数，由所涉各题均作答者计算。\
         各偏导数随值一并求出，因此与其他估计量一样有其方差。",
    ),
    formula: "θ̂ = f(Ŷ₁ … Ŷ_k);  z = Σ_k ∂f/∂Ŷ_k · z_k",
    sources: &[
        Source::new("Woodruff (1971)"),
        Source::new("Demnati, Rao (2004)"),
    ],
};

/// A function of totals and means of columns.
///
/// `sum(…)` and `mean(…)` are taken of anything that can be computed row by row; `count()` is the number of
/// people. Only rows that have all answers of the expression are part of any of them, as in a ratio.
///
/// # Example
///
/// ```
/// use canvass::estimate::expression::Table;
/// use canvass::estimate::variance::{Clusters, Design};
/// use canvass::estimate::{Domain, Estimator, Smooth};
/// use canvass::weigh::Ledger;
///
/// let ledger = Ledger::given(vec![10.0; 4])?;
/// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
/// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
/// let table = Table::default()
///     .with_numbers("calls", [1.0, 2.0, 2.0, 3.0].map(Some).to_vec())
///     .with_numbers("minutes", [2.0, 3.0, 5.0, 6.0].map(Some).to_vec());
///
/// let each = Smooth::of("sum(minutes) / sum(calls) - 1", &table).expect("columns");
/// let estimate = estimator.estimate(&each, &Domain::all()).expect("four answers");
/// assert_eq!((estimate.value, estimate.n), (1.0, 4));
/// assert!(Smooth::of("sum(minutes) / calls", &table).is_err());
/// # Ok::<(), canvass::Error>(())
/// ```
#[derive(Debug)]
pub struct Smooth<'a> {
    text: String,
    root: Term,
    parts: Vec<Part<'a>>,
}

#[derive(Debug)]
struct Part<'a> {
    mean: bool,
    of: Row<'a>,
}

#[derive(Debug)]
enum Term {
    Number(f64),
    Part(usize),
    Negative(Box<Term>),
    Of(Operation, Box<Term>, Box<Term>),
    Function(Function, Box<Term>),
}

/// The columns that an expression names, each once, in order.
///
/// # Errors
///
/// [`Error::Unreadable`] says where it cannot be understood.
pub fn columns(text: &str) -> Result<Vec<String>, Error> {
    let (_, node) = read(text)?;
    let mut found = Vec::new();
    node.columns(&mut found);
    Ok(found.into_iter().map(str::to_owned).collect())
}

fn read(text: &str) -> Result<(Reader, Node), Error> {
    let mut reader = Reader::new(text)?;
    let node = reader.expression()?;
    if reader.is_done() {
        Ok((reader, node))
    } else {
        Err(reader.needs("a sign or the end"))
    }
}

impl<'a> Smooth<'a> {
    /// Of an expression over the columns of a table.
    ///
    /// # Errors
    ///
    /// [`Error`] says where it cannot be understood, or which column is missing or no number.
    pub fn of(text: &str, table: &'a Table) -> Result<Smooth<'a>, Error> {
        let (reader, node) = read(text)?;
        let mut parts = Vec::new();
        let root = Term::of(&node, &reader, table, &mut parts)?;
        if parts.is_empty() {
            return Err(reader.needs("sum(…), mean(…) or count()"));
        }
        Ok(Smooth {
            text: text.trim().to_owned(),
            root,
            parts,
        })
    }
}

impl Term {
    fn of<'a>(
        node: &Node,
        reader: &Reader,
        table: &'a Table,
        parts: &mut Vec<Part<'a>>,
    ) -> Result<Term, Error> {
        Ok(match node {
            Node::Number(x) => Term::Number(*x),
            Node::Text(label) => {
                return Err(Error::Unordered {
                    label: label.clone(),
                });
            }
            Node::Column { name, at } => {
                return Err(reader.wrong(*at, format!("'{name}'"), "sum(…) or mean(…) around it"));
            }
            Node::Negative(inner) => {
                Term::Negative(Box::new(Term::of(inner, reader, table, parts)?))
            }
            Node::Of(Operation::Compare(_), ..) => {
                let found = "a comparison of figures".to_owned();
                return Err(reader.wrong(0, found, "a sum or a mean of it"));
            }
            Node::Of(operation, a, b) => {
                let a = Term::of(a, reader, table, parts)?;
                let b = Term::of(b, reader, table, parts)?;
                Term::Of(*operation, Box::new(a), Box::new(b))
            }
            Node::Call {
                name,
                at,
                parts: inner,
            } => {
                if let Some((function, inner)) = node.function() {
                    let inner = Term::of(inner, reader, table, parts)?;
                    return Ok(Term::Function(function, Box::new(inner)));
                }
                let wrong = |at: usize, name: &str| {
                    reader.wrong(at, format!("'{name}'"), "log, log10, exp, sqrt or abs")
                };
                let of = match (name.as_str(), &inner[..]) {
                    ("sum" | "mean", [inner]) => Row::of(inner, table, &wrong)?,
                    ("count", []) => Row::Number(1.0),
                    _ => {
                        let wanted = "sum(…), mean(…), count(), log, log10, exp, sqrt or abs";
                        return Err(reader.wrong(*at, format!("'{name}'"), wanted));
                    }
                };
                let mean = name == "mean";
                parts.push(Part { mean, of });
                Term::Part(parts.len() - 1)
            }
        })
    }

    /// The value, and the slope along each part.
    ///
    /// # Formula
    ///
    /// ```text
    /// (uv)′ = u′v + uv′,  (u/v)′ = (u′ − (u/v) v′)/v,  (uᵛ)′ = v uᵛ⁻¹ u′ + uᵛ log(u) v′,  f(u)′ = f′(u) u′
    /// ```
    ///
    /// # Source
    ///
    /// Demnati, Rao (2004), for the use of such slopes as scores.
    fn value(&self, parts: &[f64]) -> (f64, Vec<f64>) {
        let mix = |a: &[f64], x: f64, b: &[f64], y: f64| -> Vec<f64> {
            // A slope of 0 stays 0, even where the other factor has no value.
            let times = |slope: f64, by: f64| if slope.abs() > 0.0 { slope * by } else { 0.0 };
            let pairs = a.iter().zip(b);
            pairs.map(|(a, b)| times(*a, x) + times(*b, y)).collect()
        };
        match self {
            Term::Number(x) => (*x, vec![0.0; parts.len()]),
            Term::Part(place) => {
                let mut slopes = vec![0.0; parts.len()];
                slopes[*place] = 1.0;
                (parts[*place], slopes)
            }
            Term::Negative(inner) => {
                let (x, slopes) = inner.value(parts);
                (-x, slopes.iter().map(|slope| -slope).collect())
            }
            Term::Function(function, inner) => {
                let (x, slopes) = inner.value(parts);
                (
                    function.of(x),
                    mix(&slopes, function.slope(x), &slopes, 0.0),
                )
            }
            Term::Of(operation, a, b) => {
                let ((u, du), (v, dv)) = (a.value(parts), b.value(parts));
                let value = operation.of(u, v);
                let slopes = match operation {
                    Operation::Add => mix(&du, 1.0, &dv, 1.0),
                    Operation::Subtract => mix(&du, 1.0, &dv, -1.0),
                    Operation::Multiply => mix(&du, v, &dv, u),
                    Operation::Divide => mix(&du, 1.0 / v, &dv, -value / v),
                    Operation::Power => {
                        let slope = v * Operation::Power.of(u, v - 1.0);
                        mix(&du, slope, &dv, value * u.ln())
                    }
                    Operation::Compare(_) => vec![0.0; parts.len()],
                };
                (value, slopes)
            }
        }
    }
}

impl Statistic for Smooth<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        self.text.clone()
    }

    /// None where nobody has all answers, or the expression is no number there.
    ///
    /// # Formula
    ///
    /// ```text
    /// θ̂ = f(Ŷ₁ … Ŷ_k);     z = Σ_k ∂f/∂Ŷ_k · z_k,   z_k = δ y_k of a sum,  δ (y_k − ȳ_k)/N̂ of a mean
    /// ```
    ///
    /// # Source
    ///
    /// Woodruff (1971).
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let row = |unit: usize| -> Option<Vec<f64>> {
            self.parts.iter().map(|part| part.of.at(unit)).collect()
        };
        let said: Vec<(usize, Vec<f64>)> = view
            .units()
            .filter_map(|unit| Some((unit, row(unit)?)))
            .collect();
        let people = sum(said.iter().map(|&(unit, _)| view.weight(unit)));
        if said.is_empty() || people <= 0.0 {
            return None;
        }
        let mut totals = vec![Sum::default(); self.parts.len()];
        for (unit, values) in &said {
            let pairs = totals.iter_mut().zip(values);
            pairs.for_each(|(total, y)| total.add(view.weight(*unit) * y));
        }
        let figures: Vec<f64> = totals
            .iter()
            .zip(&self.parts)
            .map(|(total, part)| total.value() / if part.mean { people } else { 1.0 })
            .collect();
        let (value, slopes) = self.root.value(&figures);
        let mut scores = vec![0.0; view.len()];
        for (unit, values) in &said {
            let each = (0..self.parts.len()).map(|k| {
                let away = if self.parts[k].mean {
                    (values[k] - figures[k]) / people
                } else {
                    values[k]
                };
                slopes[k] * away
            });
            scores[*unit] = sum(each);
        }
        let finite = value.is_finite() && scores.iter().all(|score| score.is_finite());
        finite.then(|| Evaluated {
            value,
            scores,
            answered: said.into_iter().map(|(unit, _)| unit).collect(),
        })
    }
}

#[cfg(test)]
mod tests;
