//! From a formula to columns of numbers, one row for each unit that has all that is needed.

use std::collections::BTreeSet;

use super::formula::Kind;
use super::{Error, Formula};
use crate::estimate::expression::{self, Column, Node, Reader, Row, Table};
use crate::estimate::{Domain, View};

/// Levels of a term beyond which it is taken for a mistake, such as a column of ids.
const LEVELS: usize = 1_000;

/// What is fitted to what.
#[derive(Debug)]
pub(super) struct Matrix {
    /// The units that have all, in order.
    pub units: Vec<usize>,
    /// How many units lack something.
    pub left_out: u64,
    pub response: Vec<f64>,
    pub offset: Vec<f64>,
    /// X, column by column.
    pub columns: Vec<Vec<f64>>,
    /// What each column is called: "(intercept)", "age", "region[north]:age".
    pub names: Vec<String>,
    /// Of which term each column is; none for the intercept.
    pub term: Vec<Option<usize>>,
}

/// A variable over the rows of the table.
enum Values<'a> {
    Numbers(Row<'a>),
    Labels {
        labels: Vec<Option<String>>,
        reference: Option<&'a str>,
    },
}

/// A variable over the units that have all.
enum Coded {
    Numbers(Vec<f64>),
    /// The reference first.
    Labels {
        levels: Vec<String>,
        codes: Vec<usize>,
    },
}

impl Matrix {
    pub fn of(
        formula: &Formula,
        table: &Table,
        view: &View<'_>,
        domain: &Domain<'_>,
    ) -> Result<Matrix, Error> {
        let computed = |node: &Node| row(node, table, formula);
        let response = computed(&formula.response.0)?;
        let offsets: Vec<Row<'_>> = formula
            .offsets
            .iter()
            .map(computed)
            .collect::<Result<_, _>>()?;
        let variables: Vec<Values<'_>> = formula
            .variables
            .iter()
            .map(|variable| values(&variable.kind, table, formula))
            .collect::<Result<_, _>>()?;
        let seen: Vec<usize> = view.units().collect();
        let has = |&unit: &usize| {
            response.at(unit).is_some()
                && offsets.iter().all(|offset| offset.at(unit).is_some())
                && variables.iter().all(|variable| variable.has(unit))
        };
        let units: Vec<usize> = seen.iter().copied().filter(has).collect();
        let mut matrix = Matrix {
            left_out: (seen.len() - units.len()) as u64,
            response: numbers(&response, &units, &formula.response.1)?,
            offset: vec![0.0; units.len()],
            columns: Vec::new(),
            names: Vec::new(),
            term: Vec::new(),
            units,
        };
        for offset in &offsets {
            let more = numbers(offset, &matrix.units, "offset")?;
            let pairs = matrix.offset.iter_mut().zip(more);
            pairs.for_each(|(sum, x)| *sum += x);
        }
        matrix.fill(formula, &variables, domain)?;
        Ok(matrix)
    }

    fn fill(
        &mut self,
        formula: &Formula,
        variables: &[Values<'_>],
        domain: &Domain<'_>,
    ) -> Result<(), Error> {
        let coded: Vec<Coded> = variables
            .iter()
            .zip(&formula.variables)
            .map(|(values, variable)| values.coded(&self.units, &variable.name, domain))
            .collect::<Result<_, _>>()?;
        let n = self.units.len();
        if formula.intercept {
            self.push("(intercept)".to_owned(), None, vec![1.0; n]);
        }
        let first = first_labels(formula, &coded);
        for (place, term) in formula.terms.iter().enumerate() {
            let whole = |variable: usize| {
                first == Some((place, variable)) || !rests(formula, term, variable, place)
            };
            for (name, column) in columns(term, formula, &coded, &whole, n) {
                self.push(name, Some(place), column);
            }
            // Before columns beyond all measure are made.
            if self.columns.len() >= n {
                break;
            }
        }
        if self.columns.len() < n {
            return Ok(());
        }
        Err(Error::TooFew {
            formula: formula.text.clone(),
            domain: domain.label().to_owned(),
            answers: n,
            coefficients: self.columns.len(),
        })
    }

    fn push(&mut self, name: String, term: Option<usize>, column: Vec<f64>) {
        self.names.push(name);
        self.term.push(term);
        self.columns.push(column);
    }

    /// What the term of a column is called.
    pub fn term_of(&self, column: usize, formula: &Formula) -> String {
        self.term[column].map_or_else(
            || self.names[column].clone(),
            |term| formula.called(&formula.terms[term]),
        )
    }
}

fn row<'a>(node: &Node, table: &'a Table, formula: &Formula) -> Result<Row<'a>, expression::Error> {
    let wrong = |at: usize, name: &str| match Reader::new(&formula.text) {
        Ok(reader) => reader.wrong(
            at,
            format!("'{name}'"),
            "log, log10, exp, sqrt, abs, I or C",
        ),
        Err(error) => error,
    };
    Row::of(node, table, &wrong)
}

fn values<'a>(
    kind: &'a Kind,
    table: &'a Table,
    formula: &Formula,
) -> Result<Values<'a>, expression::Error> {
    let written = |values: &[Option<f64>]| {
        let text = |x: &Option<f64>| x.map(|x| x.to_string());
        values.iter().map(text).collect()
    };
    Ok(match kind {
        Kind::Computed(node) => Values::Numbers(row(node, table, formula)?),
        Kind::Column(column) => match table.column(column)? {
            Column::Numbers(values) => Values::Numbers(Row::Column(values)),
            Column::Labels(labels) => Values::Labels {
                labels: labels.clone(),
                reference: None,
            },
        },
        Kind::Labels { column, reference } => Values::Labels {
            labels: match table.column(column)? {
                Column::Numbers(values) => written(values),
                Column::Labels(labels) => labels.clone(),
            },
            reference: reference.as_deref(),
        },
    })
}

/// Numbers of the units, which all have one.
fn numbers(row: &Row<'_>, units: &[usize], term: &str) -> Result<Vec<f64>, Error> {
    let number = |&unit: &usize| {
        let x = row.at(unit).filter(|x| x.is_finite());
        x.ok_or_else(|| Error::NotFinite {
            term: term.to_owned(),
            row: unit,
        })
    };
    units.iter().map(number).collect()
}

impl Values<'_> {
    fn has(&self, unit: usize) -> bool {
        match self {
            Values::Numbers(row) => row.at(unit).is_some(),
            Values::Labels { labels, .. } => labels[unit].is_some(),
        }
    }

    fn coded(&self, units: &[usize], name: &str, domain: &Domain<'_>) -> Result<Coded, Error> {
        let (labels, reference) = match self {
            Values::Numbers(row) => return Ok(Coded::Numbers(numbers(row, units, name)?)),
            Values::Labels { labels, reference } => (labels, reference),
        };
        let here = || units.iter().filter_map(|&unit| labels[unit].as_deref());
        let mut levels: Vec<&str> = here().collect::<BTreeSet<&str>>().into_iter().collect();
        if let [only] = levels[..] {
            return Err(Error::OneLevel {
                term: name.to_owned(),
                level: only.to_owned(),
                domain: domain.label().to_owned(),
            });
        }
        if levels.len() > LEVELS {
            return Err(Error::ManyLevels {
                term: name.to_owned(),
                levels: levels.len(),
                most: LEVELS,
            });
        }
        let number = |label: &&str| label.parse::<f64>().ok();
        if levels.iter().all(|label| number(label).is_some()) {
            levels.sort_by(|a, b| number(a).partial_cmp(&number(b)).unwrap_or(a.cmp(b)));
        }
        if let Some(reference) = reference {
            let place = levels.iter().position(|level| level == reference);
            let place = place.ok_or_else(|| Error::NoReference {
                term: name.to_owned(),
                reference: (*reference).to_owned(),
                levels: levels.iter().map(|level| (*level).to_owned()).collect(),
            })?;
            levels[..=place].rotate_right(1);
        }
        let code = |label: &str| levels.iter().position(|level| *level == label);
        let codes = here().filter_map(code).collect();
        let levels = levels.into_iter().map(str::to_owned).collect();
        Ok(Coded::Labels { levels, codes })
    }
}

/// Without an intercept, the first labels have a column for each level: of which term, which variable.
fn first_labels(formula: &Formula, coded: &[Coded]) -> Option<(usize, usize)> {
    if formula.intercept {
        return None;
    }
    let is_labels = |place: &usize| matches!(coded[*place], Coded::Labels { .. });
    let mut terms = formula.terms.iter().enumerate();
    terms.find_map(|(place, term)| Some((place, *term.iter().find(|v| is_labels(v))?)))
}

/// Whether what remains of a term without a variable is a term before it, or nothing: then the
/// variable's reference needs no column of its own here.
fn rests(formula: &Formula, term: &[usize], variable: usize, place: usize) -> bool {
    let rest: Vec<usize> = term.iter().copied().filter(|v| *v != variable).collect();
    let same = |known: &Vec<usize>| {
        known.len() == rest.len() && rest.iter().all(|variable| known.contains(variable))
    };
    rest.is_empty() || formula.terms[..place].iter().any(same)
}

/// The columns of a term: of labels that of each level, the first variable's fastest.
fn columns(
    term: &[usize],
    formula: &Formula,
    coded: &[Coded],
    whole: &dyn Fn(usize) -> bool,
    n: usize,
) -> Vec<(String, Vec<f64>)> {
    let mut all = vec![(String::new(), vec![1.0; n])];
    for &place in term {
        let name = &formula.variables[place].name;
        let parts: Vec<(String, Vec<f64>)> = match &coded[place] {
            Coded::Numbers(values) => vec![(name.clone(), values.clone())],
            Coded::Labels { levels, codes } => {
                let from = usize::from(!whole(place));
                let is = |level: usize| {
                    let one = |code: &usize| f64::from(u8::from(*code == level));
                    codes.iter().map(one).collect()
                };
                (from..levels.len())
                    .map(|level| (format!("{name}[{}]", levels[level]), is(level)))
                    .collect()
            }
        };
        let mut next = Vec::with_capacity(all.len() * parts.len());
        for (name, column) in &parts {
            for (before, product) in &all {
                let joined = if before.is_empty() {
                    name.clone()
                } else {
                    format!("{before}:{name}")
                };
                let product = product.iter().zip(column).map(|(a, b)| a * b).collect();
                next.push((joined, product));
            }
        }
        all = next;
    }
    all
}
