//! Tables and models in the words of SAS: `proc surveyfreq`, `surveyreg` and `surveylogistic`.

use super::super::super::{Asked, Model};
use super::super::models::{Ready, Said};
use super::super::{Text, There};
use super::{Steps, name, quoted};
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
        format!("({left}**{right})")
    }

    /// A missing value is less than any number.
    fn compares(&self, left: &str, sign: &str, right: &str) -> String {
        let sign = if sign == "!=" { "ne" } else { sign };
        let is_there = format!("not missing({left}) and not missing({right})");
        format!("ifn({is_there}, ({left} {sign} {right}), .)")
    }
}

/// The models, with what they compute written into the step that makes the table.
pub(super) fn computed(asked: &Asked, there: &There, text: &mut Text) -> Vec<Ready> {
    let mut all = Vec::new();
    for (place, model) in asked.further.models.iter().enumerate() {
        let Some(ready) = Ready::of(model, there, &Words, text) else {
            continue;
        };
        ready.check(usize::MAX, text);
        for (number, said) in said(&ready).iter().enumerate() {
            text.line(format!("  model{}_{} = {said};", place + 1, number + 1));
        }
        all.push(ready);
    }
    all
}

/// What is computed, each once.
fn said(ready: &Ready) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let computed = ready.sides().filter_map(|said| match said {
        Said::Computed(_, said) => Some(said.clone()),
        _ => None,
    });
    let offset = (!ready.offsets.is_empty()).then(|| ready.offsets.join(" + "));
    for said in computed.chain(offset) {
        if !all.contains(&said) {
            all.push(said);
        }
    }
    all
}

pub(super) fn tables(there: &There, steps: &Steps, text: &mut Text) {
    for [a, b] in &there.crossed {
        let layers = [steps.by.clone(), vec!["meant".to_owned(), name(a), name(b)]].concat();
        let options = "row column chisq(secondorder)";
        let tables = format!("tables {} / {options};", layers.join("*"));
        steps.step("surveyfreq", "", &[tables], false, text);
    }
}

pub(super) fn models(asked: &Asked, all: &[Ready], steps: &Steps, text: &mut Text) {
    if !all.is_empty() {
        text.line("/* Degrees of freedom are those of the design; ours are less by the terms, and so p differs. */");
    }
    let models = asked.further.models.iter().zip(all);
    for ((model, ready), place) in models.zip(1..) {
        let Some((step, event, coded, options)) = family(model, text) else {
            continue;
        };
        if step == "surveyreg" && !ready.offsets.is_empty() {
            text.cannot("offsets of linear models");
        }
        let mut lines = classes(ready, place, coded);
        let intercept = if ready.intercept { "" } else { " noint" };
        let offset = match ready.offsets.is_empty() {
            true => String::new(),
            false => format!(" offset=model{place}_{}", said(ready).len()),
        };
        lines.push(format!(
            "model {}{event} = {} / {options} vadjust=none{intercept}{offset};",
            column(ready, place, &ready.response),
            terms(ready, place).join(" ")
        ));
        text.line(format!("/* {} */", model.formula.text()));
        steps.step(step, "", &lines, true, text);
    }
}

fn column(ready: &Ready, place: usize, one: &Said) -> String {
    match one {
        Said::Number(column) | Said::Labels(column, _) => name(column),
        Said::Computed(_, computed) => {
            let number = said(ready).iter().position(|known| known == computed);
            format!("model{place}_{}", number.unwrap_or_default() + 1)
        }
    }
}

/// The labels, and which of them others are compared with.
fn classes(ready: &Ready, place: usize, coded: &str) -> Vec<String> {
    let classes = ready.variables.iter().filter_map(|one| match one {
        Said::Labels(_, None) => Some(format!("{}(ref=first)", column(ready, place, one))),
        Said::Labels(_, Some(reference)) => {
            let reference = quoted(reference);
            Some(format!("{}(ref={reference})", column(ready, place, one)))
        }
        _ => None,
    });
    let classes: Vec<String> = classes.collect();
    let some = !classes.is_empty();
    let line = some.then(|| format!("class {}{coded};", classes.join(" ")));
    line.into_iter().collect()
}

fn terms(ready: &Ready, place: usize) -> Vec<String> {
    let together = |term: &Vec<usize>| {
        let names = term
            .iter()
            .map(|&v| column(ready, place, &ready.variables[v]));
        names.collect::<Vec<_>>().join("*")
    };
    ready.terms.iter().map(together).collect()
}

/// The procedure, and its words for the response, for labels and for the link; none if there is none.
fn family(
    model: &Model,
    text: &mut Text,
) -> Option<(&'static str, &'static str, &'static str, &'static str)> {
    let logistic = |options| Some(("surveylogistic", "(event='1')", " / param=glm", options));
    match (model.family.law, model.family.link) {
        (Law::Gaussian, Link::Identity) => Some(("surveyreg", "", "", "solution clparm")),
        (Law::Binomial, Link::Logit) => logistic("link=logit"),
        (Law::Binomial, Link::Probit) => logistic("link=probit"),
        (Law::Binomial, Link::Cloglog) => logistic("link=cloglog"),
        _ => {
            let why = "its models of samples are linear or of 0 and 1";
            text.lacks(format!("the family '{}'", model.family), why);
            None
        }
    }
}
