//! What is computed: sums, products, powers, comparisons and calls.

use super::words::Token;
use super::{Error, Function, Operation, Reader};

/// Part of an expression. `at` is the letter at which it begins, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::estimate) enum Node {
    Number(f64),
    Column {
        name: String,
        at: usize,
    },
    /// A label in quotes.
    Text(String),
    Negative(Box<Node>),
    Of(Operation, Box<Node>, Box<Node>),
    Call {
        name: String,
        at: usize,
        parts: Vec<Node>,
    },
}

impl Node {
    /// The columns it names, each once, in order.
    pub fn columns<'n>(&'n self, found: &mut Vec<&'n str>) {
        match self {
            Node::Number(_) | Node::Text(_) => {}
            Node::Column { name, .. } if found.contains(&name.as_str()) => {}
            Node::Column { name, .. } => found.push(name),
            Node::Negative(inner) => inner.columns(found),
            Node::Of(_, a, b) => {
                a.columns(found);
                b.columns(found);
            }
            Node::Call { parts, .. } => parts.iter().for_each(|part| part.columns(found)),
        }
    }
}

impl Reader {
    /// An expression: a comparison, or what could stand on one side of it.
    pub fn expression(&mut self) -> Result<Node, Error> {
        self.within(|reader| {
            let left = Box::new(reader.sum()?);
            Ok(match reader.comparison() {
                None => *left,
                Some(comparison) => {
                    let right = Box::new(reader.sum()?);
                    Node::Of(Operation::Compare(comparison), left, right)
                }
            })
        })
    }

    fn sum(&mut self) -> Result<Node, Error> {
        let mut node = self.product()?;
        loop {
            let operation = if self.takes("+") {
                Operation::Add
            } else if self.takes("-") {
                Operation::Subtract
            } else {
                return Ok(node);
            };
            node = Node::Of(operation, Box::new(node), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Node, Error> {
        let mut node = self.signed()?;
        loop {
            let operation = if self.takes("*") {
                Operation::Multiply
            } else if self.takes("/") {
                Operation::Divide
            } else {
                return Ok(node);
            };
            node = Node::Of(operation, Box::new(node), Box::new(self.signed()?));
        }
    }

    /// −x^2 is −(x^2).
    fn signed(&mut self) -> Result<Node, Error> {
        let mut negative = false;
        while self.takes("-") {
            negative = !negative;
        }
        let node = self.power()?;
        Ok(if negative {
            Node::Negative(Box::new(node))
        } else {
            node
        })
    }

    /// To the right first: 2^3^2 is 2^9.
    fn power(&mut self) -> Result<Node, Error> {
        let mut parts = vec![self.atom()?];
        while self.takes("^") {
            let negative = self.takes("-");
            let part = self.atom()?;
            parts.push(if negative {
                Node::Negative(Box::new(part))
            } else {
                part
            });
        }
        let last = parts.pop();
        let fold =
            |right: Node, left: Node| Node::Of(Operation::Power, Box::new(left), Box::new(right));
        let node = last.map(|last| parts.into_iter().rev().fold(last, fold));
        node.ok_or_else(|| self.needs("a column or a number"))
    }

    /// A number, a column, a call, or what stands in parentheses.
    pub fn atom(&mut self) -> Result<Node, Error> {
        if self.takes("(") {
            let inner = self.expression()?;
            self.must(")", "a closing parenthesis")?;
            return Ok(inner);
        }
        if self.calls_any() {
            return self.call();
        }
        let at = self.at();
        let node = match self.peek() {
            Some(Token::Number(x)) => Node::Number(*x),
            Some(Token::Text(text)) => Node::Text(text.clone()),
            Some(Token::Word(name) | Token::Name(name)) => Node::Column {
                name: name.clone(),
                at,
            },
            _ => return Err(self.needs("a column or a number")),
        };
        self.pass();
        Ok(node)
    }

    fn call(&mut self) -> Result<Node, Error> {
        let at = self.at();
        let name = self.name()?;
        self.must("(", "an opening parenthesis")?;
        let mut parts = Vec::new();
        if !self.sees(")") {
            parts.push(self.expression()?);
            while self.takes(",") {
                parts.push(self.expression()?);
            }
        }
        self.must(")", "a closing parenthesis")?;
        // I(…), as formulas have it, is what stands in it.
        match parts.pop() {
            Some(only) if name == "I" && parts.is_empty() => return Ok(only),
            last => parts.extend(last),
        }
        Ok(Node::Call { name, at, parts })
    }
}

impl Node {
    /// The function that a call is of, and of what; none if it is of no function.
    pub fn function(&self) -> Option<(Function, &Node)> {
        match self {
            Node::Call { name, parts, .. } if parts.len() == 1 => {
                Function::named(name).map(|function| (function, &parts[0]))
            }
            _ => None,
        }
    }
}
