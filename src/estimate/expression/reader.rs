//! From letters to what they mean.

use super::{Comparison, Error, Function, Operation};

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

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    /// As it stands, or in backticks.
    Name(String),
    /// In quotes.
    Text(String),
    Sign(&'static str),
}

/// Longer signs first: "<=" is no "<".
const SIGNS: [&str; 18] = [
    "<=", ">=", "!=", "<>", "==", "<", ">", "=", "+", "-", "*", "/", "^", "(", ")", ",", ":", "~",
];

const COMPARISONS: [(&str, Comparison); 8] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("!=", Comparison::Unequal),
    ("<>", Comparison::Unequal),
    ("==", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::More),
    ("=", Comparison::Equal),
];

/// Parentheses within parentheses that are still followed.
const DEEPEST: usize = 100;

/// Reads an expression from left to right.
pub(in crate::estimate) struct Reader {
    letters: Vec<char>,
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

impl Reader {
    /// # Errors
    ///
    /// [`Error::Unreadable`] at a letter that begins nothing, or a quote that does not end.
    pub fn new(text: &str) -> Result<Reader, Error> {
        let letters: Vec<char> = text.chars().collect();
        let (mut tokens, mut at) = (Vec::new(), 0);
        while at < letters.len() {
            if letters[at].is_whitespace() {
                at += 1;
                continue;
            }
            let (token, length) = token(&letters[at..]).map_err(|wanted| Error::Unreadable {
                text: text.to_owned(),
                at: at + 1,
                found: format!("'{}'", letters[at]),
                wanted,
            })?;
            tokens.push((at, token));
            at += length;
        }
        Ok(Reader {
            letters,
            tokens,
            next: 0,
            depth: 0,
        })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    /// Whether nothing is left.
    pub fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Whether this sign stands next.
    pub fn sees(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    /// Whether a call of `name` stands next.
    pub fn calls(&self, name: &str) -> bool {
        let open = self.tokens.get(self.next + 1);
        matches!(self.peek(), Some(Token::Name(found)) if found == name)
            && matches!(open, Some((_, Token::Sign("("))))
    }

    /// Whether a call of anything stands next.
    pub fn calls_any(&self) -> bool {
        matches!(self.peek(), Some(Token::Name(_)))
            && matches!(self.tokens.get(self.next + 1), Some((_, Token::Sign("("))))
    }

    /// Takes this sign if it stands next.
    pub fn takes(&mut self, sign: &str) -> bool {
        let sees = self.sees(sign);
        self.next += usize::from(sees);
        sees
    }

    /// Takes this sign.
    pub fn must(&mut self, sign: &str, wanted: &'static str) -> Result<(), Error> {
        if self.takes(sign) {
            Ok(())
        } else {
            Err(self.needs(wanted))
        }
    }

    /// Whether a number stands next.
    pub fn sees_number(&self) -> bool {
        matches!(self.peek(), Some(Token::Number(_)))
    }

    /// Takes a number if one stands next.
    pub fn number(&mut self) -> Option<f64> {
        let Some(&Token::Number(x)) = self.peek() else {
            return None;
        };
        self.next += 1;
        Some(x)
    }

    /// Takes a name.
    pub fn name(&mut self) -> Result<String, Error> {
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(self.needs("a column"));
        };
        self.next += 1;
        Ok(name)
    }

    /// Takes a label: in quotes, a word or a number.
    pub fn label(&mut self) -> Result<String, Error> {
        let label = match self.peek() {
            Some(Token::Name(label) | Token::Text(label)) => label.clone(),
            Some(Token::Number(x)) => x.to_string(),
            _ => return Err(self.needs("a label")),
        };
        self.next += 1;
        Ok(label)
    }

    /// The letter at which the next token begins.
    pub fn at(&self) -> usize {
        self.tokens
            .get(self.next)
            .map_or(self.letters.len(), |(at, _)| *at)
    }

    /// What was written from a letter on up to the last token taken, without blanks at its end.
    pub fn since(&self, at: usize) -> String {
        let text: String = self.letters[at..self.at()].iter().collect();
        text.trim_end().to_owned()
    }

    /// What is wrong where the reader stands.
    pub fn needs(&self, wanted: &'static str) -> Error {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(Token::Sign(sign)) => format!("'{sign}'"),
            Some(Token::Number(x)) => format!("'{x}'"),
            Some(Token::Name(word) | Token::Text(word)) => format!("'{word}'"),
        };
        self.wrong(self.at(), found, wanted)
    }

    /// What is wrong at another letter.
    pub fn wrong(&self, at: usize, found: String, wanted: &'static str) -> Error {
        Error::Unreadable {
            text: self.letters.iter().collect(),
            at: at + 1,
            found,
            wanted,
        }
    }

    /// An expression: a comparison, or what could stand on one side of it.
    pub fn expression(&mut self) -> Result<Node, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.needs("fewer parentheses within each other"));
        }
        let left = self.sum()?;
        let sign = COMPARISONS.iter().find(|(sign, _)| self.sees(sign));
        let node = match sign {
            None => left,
            Some(&(sign, comparison)) => {
                self.takes(sign);
                let right = self.sum()?;
                Node::Of(
                    Operation::Compare(comparison),
                    Box::new(left),
                    Box::new(right),
                )
            }
        };
        self.depth -= 1;
        Ok(node)
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
            Some(Token::Name(name)) => Node::Column {
                name: name.clone(),
                at,
            },
            _ => return Err(self.needs("a column or a number")),
        };
        self.next += 1;
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

/// The token that stands first, and how many letters it has; or what should stand there.
fn token(letters: &[char]) -> Result<(Token, usize), &'static str> {
    let first = letters[0];
    if let quote @ ('\'' | '"' | '`') = first {
        let length = letters[1..].iter().position(|letter| *letter == quote);
        let length = length.ok_or("the end of what is quoted")?;
        let text: String = letters[1..=length].iter().collect();
        let token = if quote == '`' {
            Token::Name(text)
        } else {
            Token::Text(text)
        };
        return Ok((token, length + 2));
    }
    if first.is_ascii_digit() || first == '.' {
        return number(letters).ok_or("a number");
    }
    if first.is_alphabetic() || first == '_' {
        let length = run(letters, |letter| {
            letter.is_alphanumeric() || letter == '_' || letter == '.'
        });
        return Ok((Token::Name(letters[..length].iter().collect()), length));
    }
    let minus = if first == '−' { '-' } else { first };
    let pair: String = std::iter::once(minus)
        .chain(letters.get(1).copied())
        .collect();
    let sign = SIGNS.iter().find(|sign| pair.starts_with(**sign));
    sign.map(|sign| (Token::Sign(sign), sign.len()))
        .ok_or("a column, a number or a sign")
}

fn number(letters: &[char]) -> Option<(Token, usize)> {
    let mut length = run(letters, |letter| letter.is_ascii_digit() || letter == '.');
    if letters.get(length).is_some_and(|e| matches!(e, 'e' | 'E')) {
        let signed = letters
            .get(length + 1)
            .is_some_and(|sign| matches!(sign, '+' | '-'));
        let begin = length + 1 + usize::from(signed);
        let digits = run(letters.get(begin..)?, |letter| letter.is_ascii_digit());
        if digits > 0 {
            length = begin + digits;
        }
    }
    let text: String = letters[..length].iter().collect();
    text.parse().ok().map(|x| (Token::Number(x), length))
}

fn run(letters: &[char], passes: impl Fn(char) -> bool) -> usize {
    letters
        .iter()
        .position(|letter| !passes(*letter))
        .unwrap_or(letters.len())
}
