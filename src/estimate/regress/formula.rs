//! What is explained by what: "minutes ~ age + C(region)".

use crate::estimate::expression::{Error, Node, Reader};

/// A column of a model, or what is computed of columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    /// As it was written.
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Numbers as numbers, labels as labels.
    Column(String),
    /// Labels, and the one that the others are compared with.
    Labels {
        column: String,
        reference: Option<String>,
    },
    /// Numbers.
    Computed(Node),
}

/// A formula, as R writes models.
///
/// | written | meaning |
/// |---|---|
/// | `y ~ a + b` | y by a and b, and an intercept |
/// | `a:b` | the two together |
/// | `a * b` | `a + b + a:b` |
/// | `(a + b):c` | `a:c + b:c` |
/// | `+ 0`, `- 1` | without an intercept |
/// | `C(a)`, `C(a, ref = 'north')` | a column of numbers as labels; and which label the others are compared with |
/// | `log(a)`, `I(a^2 + b)`, `I(a = 'north')` | computed row by row |
/// | `offset(log(a))` | a term whose coefficient is 1 |
///
/// A column of labels stands for as many coefficients as it has labels, less the first in order: the
/// reference. Without an intercept the first such column has one for each label.
///
/// # Source
///
/// Wilkinson, Rogers (1973).
///
/// # Example
///
/// ```
/// use canvass::estimate::regress::Formula;
/// let formula = Formula::parse("log(minutes) ~ age * C(region, ref = 'north') + offset(calls)")?;
/// assert_eq!(formula.terms(), ["age", "region", "age:region"]);
/// assert_eq!(formula.columns(), ["minutes", "calls", "age", "region"]);
/// let error = Formula::parse("minutes ~ age +").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "'minutes ~ age +' cannot be understood: at 16 stands the end, and a column is needed"
/// );
/// # Ok::<(), canvass::estimate::expression::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    pub(super) text: String,
    /// What is explained, and how it is written.
    pub(super) response: (Node, String),
    pub(super) offsets: Vec<Node>,
    pub(super) intercept: bool,
    pub(super) variables: Vec<Variable>,
    /// Each the places of its variables; by how many they are, then as written.
    pub(super) terms: Vec<Vec<usize>>,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] says where it cannot be understood, and what is needed there.
    pub fn parse(text: &str) -> Result<Formula, Error> {
        let reader = Reader::new(text)?;
        let mut parser = Parser {
            reader,
            variables: Vec::new(),
            offsets: Vec::new(),
            intercept: true,
            depth: 0,
        };
        let response = parser.reader.expression()?;
        let written = parser.reader.since(0);
        parser.reader.must("~", "~, and what explains it")?;
        let mut terms = parser.sum()?;
        if !parser.reader.is_done() {
            return Err(parser.reader.needs("+, :, * or the end"));
        }
        terms.sort_by_key(Vec::len);
        Ok(Formula {
            text: text.trim().to_owned(),
            response: (response, written.trim().to_owned()),
            offsets: parser.offsets,
            intercept: parser.intercept,
            variables: parser.variables,
            terms,
        })
    }

    /// The formula as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The columns of which a label is named that the others are compared with, and that label.
    ///
    /// ```
    /// use canvass::estimate::regress::Formula;
    /// let formula = Formula::parse("y ~ C(side, ref = 'west') + C(firm)")?;
    /// assert_eq!(formula.references().collect::<Vec<_>>(), [("side", "west")]);
    /// # Ok::<(), canvass::estimate::regress::Error>(())
    /// ```
    pub fn references(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().filter_map(|known| match &known.kind {
            Kind::Labels {
                column,
                reference: Some(reference),
            } => Some((column.as_str(), reference.as_str())),
            _ => None,
        })
    }

    /// What its terms are called, in their order: alone, then two together, and so on.
    #[must_use]
    pub fn terms(&self) -> Vec<String> {
        self.terms.iter().map(|term| self.called(term)).collect()
    }

    pub(super) fn called(&self, term: &[usize]) -> String {
        let names: Vec<&str> = term
            .iter()
            .map(|&place| self.variables[place].name.as_str())
            .collect();
        names.join(":")
    }

    /// The columns it names, each once, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.response.0.columns(&mut found);
        self.offsets
            .iter()
            .for_each(|node| node.columns(&mut found));
        for variable in &self.variables {
            match &variable.kind {
                Kind::Computed(node) => node.columns(&mut found),
                Kind::Column(column) | Kind::Labels { column, .. } => {
                    if !found.contains(&column.as_str()) {
                        found.push(column);
                    }
                }
            }
        }
        found
    }
}

type Terms = Vec<Vec<usize>>;

/// Adds terms that are not there yet, in whatever order their variables stand.
fn join(terms: &mut Terms, more: Terms) {
    let same = |a: &[usize], b: &[usize]| a.len() == b.len() && a.iter().all(|x| b.contains(x));
    for term in more {
        if !terms.iter().any(|known| same(known, &term)) {
            terms.push(term);
        }
    }
}

/// Each term of the one together with each of the other.
fn cross(these: &Terms, those: &Terms) -> Terms {
    let mut all = Terms::new();
    for this in these {
        for that in those {
            let mut term = this.clone();
            term.extend(that.iter().filter(|place| !this.contains(place)));
            join(&mut all, vec![term]);
        }
    }
    all
}

struct Parser {
    reader: Reader,
    variables: Vec<Variable>,
    offsets: Vec<Node>,
    intercept: bool,
    /// How many parentheses are open.
    depth: usize,
}

impl Parser {
    fn sum(&mut self) -> Result<Terms, Error> {
        let mut terms = Terms::new();
        loop {
            self.summand(&mut terms)?;
            while self.depth == 0 && self.reader.takes("-") {
                self.sign("1: only the intercept can be taken off", &[1.0])?;
                self.intercept = false;
            }
            if !self.reader.takes("+") {
                return Ok(terms);
            }
        }
    }

    fn summand(&mut self, terms: &mut Terms) -> Result<(), Error> {
        if self.depth == 0 {
            if self.reader.calls("offset") {
                let node = self.call()?;
                self.offsets.push(node);
                return Ok(());
            }
            if self.reader.sees_number() {
                let number = self.sign("a column, or 0 or 1 for the intercept", &[0.0, 1.0])?;
                self.intercept &= number > 0.0;
                return Ok(());
            }
        }
        let more = self.product()?;
        join(terms, more);
        Ok(())
    }

    /// A number that says whether there is an intercept.
    fn sign(&mut self, wanted: &'static str, allowed: &[f64]) -> Result<f64, Error> {
        let wrong = self.reader.needs(wanted);
        let number = self.reader.number().filter(|x| allowed.contains(x));
        number.ok_or(wrong)
    }

    fn product(&mut self) -> Result<Terms, Error> {
        let mut terms = self.together()?;
        while self.reader.takes("*") {
            let those = self.together()?;
            let both = cross(&terms, &those);
            join(&mut terms, those);
            join(&mut terms, both);
        }
        Ok(terms)
    }

    fn together(&mut self) -> Result<Terms, Error> {
        let mut terms = self.factor()?;
        while self.reader.takes(":") {
            let those = self.factor()?;
            terms = cross(&terms, &those);
        }
        Ok(terms)
    }

    fn factor(&mut self) -> Result<Terms, Error> {
        const DEEPEST: usize = 100;
        if self.depth < DEEPEST && self.reader.takes("(") {
            self.depth += 1;
            let terms = self.sum()?;
            self.depth -= 1;
            self.reader.must(")", "a closing parenthesis")?;
            return Ok(terms);
        }
        let at = self.reader.at();
        if self.reader.calls("offset") {
            return Err(self.reader.needs("a column: an offset stands alone"));
        }
        let kind = if self.reader.calls("C") {
            self.labels()?
        } else if self.reader.calls_any() {
            Kind::Computed(self.call()?)
        } else {
            Kind::Column(self.reader.name()?)
        };
        let name = match &kind {
            Kind::Column(column) | Kind::Labels { column, .. } => column.clone(),
            Kind::Computed(_) => self.reader.since(at),
        };
        Ok(vec![vec![self.variable(Variable { name, kind })]])
    }

    /// The place of a variable, which may be known already.
    fn variable(&mut self, variable: Variable) -> usize {
        let known = self.variables.iter().position(|known| *known == variable);
        known.unwrap_or_else(|| {
            self.variables.push(variable);
            self.variables.len() - 1
        })
    }

    /// `C(column)` or `C(column, ref = label)`.
    fn labels(&mut self) -> Result<Kind, Error> {
        self.reader.name()?;
        self.reader.must("(", "an opening parenthesis")?;
        let column = self.reader.name()?;
        let mut reference = None;
        if self.reader.takes(",") {
            let at = self.reader.at();
            let word = self.reader.name()?;
            if word != "ref" {
                let found = format!("'{word}'");
                return Err(self.reader.wrong(at, found, "ref = and a label"));
            }
            self.reader.must("=", "= and a label")?;
            reference = Some(self.reader.label()?);
        }
        self.reader.must(")", "a closing parenthesis")?;
        Ok(Kind::Labels { column, reference })
    }

    /// What is computed: `I(…)` and `offset(…)` are what stands in them, others functions.
    fn call(&mut self) -> Result<Node, Error> {
        let bare = self.reader.calls("I") || self.reader.calls("offset");
        if !bare {
            return self.reader.atom();
        }
        self.reader.name()?;
        self.reader.must("(", "an opening parenthesis")?;
        let node = self.reader.expression()?;
        self.reader.must(")", "a closing parenthesis")?;
        Ok(node)
    }
}
