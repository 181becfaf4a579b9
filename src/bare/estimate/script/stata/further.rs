//! Tables and models in the words of Stata.

use super::super::super::{Asked, Model};
use super::super::models::{Ready, Said, doubled, is_usual};
use super::super::{Text, There};
use super::{name, quoted};
use crate::estimate::regress::{Law, Link, Tongue};

struct Words;

impl Tongue for Words {
    fn column(&self, column: &str, _: bool) -> String {
        name(column)
    }

    fn label(&self, text: &str) -> String {
        quoted(text)
    }

    fn power(&self, left: &str, right: &str) -> String {
        format!("({left}^{right})")
    }

    /// A missing value is more than any number.
    fn compares(&self, left: &str, sign: &str, right: &str) -> String {
        let sign = doubled(sign);
        format!("cond(missing({left}, {right}), ., {left} {sign} {right})")
    }
}

/// Tables, then models; each for each domain.
pub(super) fn further(asked: &Asked, there: &There, text: &mut Text) {
    if there.crossed.is_empty() && asked.further.models.is_empty() {
        return;
    }
    let by: Vec<String> = asked.domains().into_iter().map(name).collect();
    if !by.is_empty() {
        text.line(format!("egen long part = group({}), label", by.join(" ")));
        text.line("quietly levelsof part if meant, local(parts)");
    }
    text.line("// Degrees of freedom are those of the whole design, where ours are of the rows that count: p differs.");
    let level = format!("level({})", 100.0 * asked.confidence);
    for [a, b] in &there.crossed {
        let (a, b) = (name(a), name(b));
        for how in ["count", "cell", "row", "column"] {
            let command = format!("tabulate {a} {b}, {how} se format(%16.0g) {level}");
            each(!by.is_empty(), &[command], text);
        }
    }
    for (place, model) in asked.further.models.iter().enumerate() {
        if let Some(ready) = Ready::of(model, there, &Words, text) {
            ready.check(usize::MAX, text);
            let commands = fitted(asked, model, &ready, place + 1, text);
            each(!by.is_empty(), &commands, text);
        }
    }
}

/// The first with the design, in each domain.
fn each(divided: bool, commands: &[String], text: &mut Text) {
    let Some((first, rest)) = commands.split_first() else {
        return;
    };
    let (open, part) = match divided {
        true => ("    ", "if meant & part == `part'"),
        false => ("", "meant"),
    };
    if divided {
        text.line("foreach part of local parts {");
        text.line("    display \"`: label (part) `part''\"");
    }
    text.line(format!("{open}svy, subpop({part}): {first}"));
    for command in rest {
        text.line(format!("{open}{command}"));
    }
    if divided {
        text.line("}");
    }
}

/// Columns that a model computes, by name.
struct Made {
    place: usize,
    said: Vec<String>,
}

impl Made {
    /// The name of what is computed, which is computed once.
    fn name(&mut self, said: &str, text: &mut Text) -> String {
        let known = self.said.iter().position(|known| known == said);
        let number = known.unwrap_or(self.said.len()) + 1;
        let name = format!("model{}_{number}", self.place);
        if known.is_none() {
            self.said.push(said.to_owned());
            text.line(format!("generate double {name} = {said}"));
        }
        name
    }

    /// A variable as a term: of labels by its numbers; whether it is of labels.
    fn variable(&mut self, number: usize, said: &Said, text: &mut Text) -> (String, bool) {
        let (column, reference) = match said {
            Said::Number(column) => return (name(column), false),
            Said::Computed(_, said) => return (self.name(said, text), false),
            Said::Labels(column, reference) => (name(column), reference),
        };
        let number = format!("{}_{number}", self.place);
        text.line(format!("egen long labels{number} = group({column}), label"));
        let Some(reference) = reference else {
            return (format!("i.labels{number}"), true);
        };
        let label = quoted(reference);
        text.line(format!("local base{number} = {label}:labels{number}"));
        (format!("ib`base{number}'.labels{number}"), true)
    }
}

/// The model, then a test for each of its terms.
fn fitted(
    asked: &Asked,
    model: &Model,
    ready: &Ready,
    place: usize,
    text: &mut Text,
) -> Vec<String> {
    text.line(format!("// {}", model.formula.text()));
    let said = Vec::new();
    let mut made = Made { place, said };
    let response = match &ready.response {
        Said::Number(column) | Said::Labels(column, _) => name(column),
        Said::Computed(_, said) => made.name(said, text),
    };
    let variables = ready.variables.iter().zip(1..);
    let variables: Vec<(String, bool)> = variables
        .map(|(said, number)| made.variable(number, said, text))
        .collect();
    let together = |term: &Vec<usize>| {
        let part = |place: &usize| match &variables[*place] {
            (name, false) if term.len() > 1 => format!("c.{name}"),
            (name, _) => name.clone(),
        };
        term.iter().map(part).collect::<Vec<_>>().join("#")
    };
    let terms: Vec<String> = ready.terms.iter().map(together).collect();
    let (command, mut options) = family(asked, model, ready, text);
    options.push(format!("level({})", 100.0 * asked.confidence));
    if !ready.intercept {
        options.push("noconstant".to_owned());
    }
    if !ready.offsets.is_empty() {
        let offset = made.name(&ready.offsets.join(" + "), text);
        options.push(format!("offset({offset})"));
    }
    let first = format!(
        "{command} {response} {}, {}",
        terms.join(" "),
        options.join(" ")
    );
    let tests = terms
        .iter()
        .map(|term| format!("testparm {term}, nosvyadjust"));
    [first].into_iter().chain(tests).collect()
}

/// The command, and its options; what the observed information makes another standard error of is told.
fn family(
    asked: &Asked,
    model: &Model,
    ready: &Ready,
    text: &mut Text,
) -> (&'static str, Vec<String>) {
    let (law, link) = (model.family.law, model.family.link);
    let is_usual = is_usual(model);
    if !is_usual && asked.replication.is_none() {
        let why = "its standard errors take the observed information, ours the expected";
        text.lacks(format!("the family '{}'", model.family), why);
    }
    if law == Law::Gaussian && is_usual && ready.offsets.is_empty() {
        return ("regress", vec![]);
    }
    let link = match link {
        Link::Inverse => "power -1",
        other => other.word(),
    };
    ("glm", vec![format!("family({}) link({link})", law.word())])
}
