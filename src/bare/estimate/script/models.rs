//! Models as programs are told of them: which columns are numbers, and which are labels.

use super::super::{Asked, Model};
use super::{Text, There};
use crate::estimate::expression::Column;
use crate::estimate::regress::{Law, Link, Tongue, Variable};

/// A variable of a model.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    /// A column of numbers.
    Number(String),
    /// A column of labels, and the one that others are compared with, if it is not the first.
    Labels(String, Option<String>),
    /// What is computed: as it was written, and in the words of the program.
    Computed(String, String),
}

/// A model that a program can be told of.
pub(super) struct Ready {
    pub response: Said,
    /// In the words of the program.
    pub offsets: Vec<String>,
    pub intercept: bool,
    pub variables: Vec<Said>,
    /// Each the places of its variables.
    pub terms: Vec<Vec<usize>>,
    is_hierarchical: bool,
}

impl Ready {
    /// None if it calls what is no function, which is told.
    pub fn of(model: &Model, there: &There, tongue: &dyn Tongue, text: &mut Text) -> Option<Ready> {
        let Some(parts) = model.formula.said(tongue) else {
            text.cannot(format!("the model '{}'", model.formula.text()));
            return None;
        };
        let said = |variable: &Variable| match variable {
            Variable::Column(column) => match there.column(column) {
                Some(Column::Labels(_)) => Said::Labels(column.clone(), None),
                _ => Said::Number(column.clone()),
            },
            Variable::Labels { column, reference } => {
                Said::Labels(column.clone(), reference.clone())
            }
            Variable::Computed { written, said } => Said::Computed(written.clone(), said.clone()),
        };
        Some(Ready {
            response: said(&parts.response),
            variables: parts.variables.iter().map(said).collect(),
            is_hierarchical: parts.is_hierarchical(),
            offsets: parts.offsets,
            intercept: parts.intercept,
            terms: parts.terms,
        })
    }

    /// What programs code in ways of their own, each of which is told; `deepest` is how many variables one term
    /// may have.
    pub fn check(&self, deepest: usize, text: &mut Text) {
        let labels = |said: &Said| matches!(said, Said::Labels(..));
        if !self.intercept && self.variables.iter().any(labels) {
            let why = "it codes them in another way";
            text.lacks("labels without an intercept", why);
        }
        if !self.is_hierarchical {
            let why = "it codes them in another way";
            text.lacks("terms together that do not stand alone too", why);
        }
        if self.terms.iter().any(|term| term.len() > deepest) {
            text.cannot(format!("more than {deepest} variables together"));
        }
    }

    /// All columns that a row must have: of numbers and labels, and computed ones by what they are computed of.
    pub fn sides(&self) -> impl Iterator<Item = &Said> {
        [&self.response].into_iter().chain(&self.variables)
    }
}

/// The sign of a comparison, in programs where one = is an assignment.
pub(super) fn doubled(sign: &str) -> &str {
    match sign {
        "=" => "==",
        other => other,
    }
}

/// Whether the link is the one that the law has by itself: then Newton's rounds and Fisher's are the same.
pub(super) fn is_usual(model: &Model) -> bool {
    matches!(
        (model.family.law, model.family.link),
        (Law::Gaussian, Link::Identity)
            | (Law::Binomial, Link::Logit)
            | (Law::Poisson, Link::Log)
            | (Law::Gamma, Link::Inverse)
    )
}

/// Says, for programs whose comments begin with #, that models of replicates come a little less near.
pub(super) fn early(asked: &Asked, text: &mut Text) {
    if asked.replication.is_some() && !asked.further.models.iter().all(is_usual) {
        text.line("# Rounds of a replicate end where its deviance does: standard errors agree to seven digits.");
    }
}
