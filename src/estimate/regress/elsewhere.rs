//! A formula in the words of another program.

use super::Formula;
use super::formula::Kind;
use crate::estimate::expression::{Node, Operation};

/// How a program writes what is computed of columns.
pub(crate) trait Tongue {
    /// A column of numbers; of labels, where it is compared with one.
    fn column(&self, name: &str, is_label: bool) -> String;

    /// A label in quotes.
    fn label(&self, text: &str) -> String;

    /// A number as it is written.
    fn number(&self, number: f64) -> String {
        number.to_string()
    }

    /// A function of one number: log, log10, exp, sqrt or abs.
    fn call(&self, function: &str, of: &str) -> String {
        format!("{function}({of})")
    }

    /// `left ^ right`.
    fn power(&self, left: &str, right: &str) -> String;

    /// A comparison, which is 1 or 0, and nothing where one side is: `sign` is one of = != < <= > >=.
    fn compares(&self, left: &str, sign: &str, right: &str) -> String;
}

/// A variable of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Variable {
    /// A column as it stands: of numbers or of labels.
    Column(String),
    /// A column as labels, and the one that others are compared with.
    Labels {
        column: String,
        reference: Option<String>,
    },
    /// What is computed, as it was written and in the words of the program.
    Computed { written: String, said: String },
}

/// A formula, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parts {
    pub response: Variable,
    /// In the words of the program.
    pub offsets: Vec<String>,
    pub intercept: bool,
    pub variables: Vec<Variable>,
    /// Each the places of its variables.
    pub terms: Vec<Vec<usize>>,
}

impl Parts {
    /// Whether every term of several variables stands beside all that it is made of: then programs code labels
    /// alike.
    pub fn is_hierarchical(&self) -> bool {
        let there = |part: &Vec<usize>| {
            let same = |term: &&Vec<usize>| {
                term.len() == part.len() && part.iter().all(|variable| term.contains(variable))
            };
            self.terms.iter().any(|term| same(&term))
        };
        self.terms.iter().filter(|term| term.len() > 1).all(|term| {
            let without = |out: &usize| -> Vec<usize> {
                term.iter().copied().filter(|place| place != out).collect()
            };
            term.iter().all(|out| there(&without(out)))
        })
    }
}

impl Formula {
    /// The formula in the words of a program; none where it calls what is no function.
    pub(crate) fn said(&self, tongue: &dyn Tongue) -> Option<Parts> {
        let computed = |node: &Node, written: &str| {
            Some(Variable::Computed {
                written: written.to_owned(),
                said: said(node, tongue)?,
            })
        };
        let variable = |name: &str, kind: &Kind| match kind {
            Kind::Column(column) => Some(Variable::Column(column.clone())),
            Kind::Labels { column, reference } => Some(Variable::Labels {
                column: column.clone(),
                reference: reference.clone(),
            }),
            Kind::Computed(node) => computed(node, name),
        };
        let response = match &self.response {
            (Node::Column { name, .. }, _) => Variable::Column(name.clone()),
            (node, written) => computed(node, written)?,
        };
        let offsets = self.offsets.iter().map(|node| said(node, tongue));
        let variables = self.variables.iter();
        let variables = variables.map(|known| variable(&known.name, &known.kind));
        Some(Parts {
            response,
            offsets: offsets.collect::<Option<_>>()?,
            intercept: self.intercept,
            variables: variables.collect::<Option<_>>()?,
            terms: self.terms.clone(),
        })
    }
}

fn said(node: &Node, tongue: &dyn Tongue) -> Option<String> {
    Some(match node {
        Node::Number(number) => tongue.number(*number),
        Node::Column { name, .. } => tongue.column(name, false),
        Node::Text(text) => tongue.label(text),
        Node::Negative(inner) => format!("(-{})", said(inner, tongue)?),
        Node::Of(Operation::Compare(comparison), left, right) => {
            let labels = [left, right].map(|side| matches!(**side, Node::Text(_)));
            let side = |node: &Node| match node {
                Node::Column { name, .. } => Some(tongue.column(name, labels.contains(&true))),
                node => said(node, tongue),
            };
            tongue.compares(&side(left)?, comparison.sign(), &side(right)?)
        }
        Node::Of(operation, left, right) => {
            let (left, right) = (said(left, tongue)?, said(right, tongue)?);
            let sign = match operation {
                Operation::Add => "+",
                Operation::Subtract => "-",
                Operation::Multiply => "*",
                Operation::Divide => "/",
                _ => return Some(tongue.power(&left, &right)),
            };
            format!("({left} {sign} {right})")
        }
        Node::Call { name, .. } => {
            let (_, inner) = node.function()?;
            tongue.call(name, &said(inner, tongue)?)
        }
    })
}
