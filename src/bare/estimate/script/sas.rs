//! In the words of SAS: `proc surveymeans`, and others of its kind.

mod further;

mod replicates;

use super::super::filter::{Comparison, Node};
use super::super::{Asked, Figure};
use super::{Program, Text, There, ending, head, kind};
use crate::estimate::ShareInterval;
use crate::estimate::quantile::Rule;
use crate::estimate::variance::Lonely;

pub(super) fn text(asked: &Asked, there: &There) -> Text {
    let mut text = Text::new();
    text.line(format!("/* {} */", head(asked, Program::Sas)));
    text.line("options validvarname=any;");
    reads(asked, &mut text);
    let meant = asked.filter.as_ref().map(|filter| condition(filter.root()));
    text.line("data answers; set answers;");
    text.line(format!("  meant = {};", meant.as_deref().unwrap_or("1")));
    if let Some(set) = &there.replicates {
        replicates::weights(asked, set, &mut text);
    }
    let models = further::computed(asked, there, &mut text);
    text.line("run;");
    let steps = Steps::of(asked, there, &mut text);
    refused(asked, there, &mut text);
    for figure in &asked.figures {
        step(asked, figure, &steps, &mut text);
    }
    further::tables(there, &steps, &mut text);
    further::models(asked, &models, &steps, &mut text);
    text
}

fn refused(asked: &Asked, there: &There, text: &mut Text) {
    let is_known = matches!(asked.lonely, Lonely::Fail | Lonely::Certainty);
    if !is_known && there.replicates.is_none() {
        text.cannot(format!("the rule '{}'", asked.lonely.word()));
    }
    if asked.compare.is_some() {
        text.cannot("differences between levels");
    }
    if !matches!(asked.interval, None | Some(ShareInterval::Student)) {
        text.cannot(format!(
            "the interval '{}'",
            asked.interval.unwrap_or_default().word()
        ));
    }
}

/// What every procedure is told.
struct Steps {
    /// After its name: the populations, or the method of replicates.
    options: String,
    alpha: f64,
    /// Strata, clusters, weights.
    lines: Vec<String>,
    by: Vec<String>,
}

impl Steps {
    fn of(asked: &Asked, there: &There, text: &mut Text) -> Steps {
        let mut lines = Vec::new();
        let options = match &there.replicates {
            Some(set) => {
                let method = replicates::method(set, text);
                lines.push(method.statement);
                method.option
            }
            None => population(asked, text),
        };
        let strata = strata(asked);
        if !strata.is_empty() {
            lines.push(format!("strata {};", strata.join(" ")));
        }
        if let Some(column) = asked.clusters.first() {
            lines.push(format!("cluster {};", name(column)));
        }
        lines.push(format!("weight {};", name(&asked.weight)));
        Steps {
            options,
            alpha: crate::math::decimal::rounded(1.0 - asked.confidence, 8),
            lines,
            by: asked.domains().into_iter().map(name).collect(),
        }
    }

    /// A procedure with the words after its name and lines of its own; of domains where it knows such.
    fn step(&self, name: &str, words: &str, lines: &[String], domains: bool, text: &mut Text) {
        let Steps { options, alpha, .. } = self;
        text.line(format!(
            "proc {name} data=answers{options} nomcar alpha={alpha}{words};"
        ));
        let parts = [&["meant".to_owned()], &self.by[..]].concat().join("*");
        let domain = domains.then(|| format!("domain {parts};"));
        for line in self.lines.iter().chain(lines).chain(&domain) {
            text.line(format!("  {line}"));
        }
        text.line("run;");
    }
}

fn name(column: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = column.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match starts && column.chars().all(plain) {
        true => column.to_owned(),
        false => format!("{}n", quoted(column)),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn reads(asked: &Asked, text: &mut Text) {
    let path = quoted(&asked.data.display().to_string());
    let (dbms, more) = match ending(asked) {
        "csv" | "txt" => ("csv", "guessingrows=max;".to_owned()),
        "tsv" => ("tab", "guessingrows=max;".to_owned()),
        "sav" => ("sav", String::new()),
        "dta" => ("dta", String::new()),
        "xlsx" => match &asked.choice.sheet {
            Some(sheet) => ("xlsx", format!("sheet={};", quoted(sheet))),
            None => ("xlsx", String::new()),
        },
        other => {
            text.cannot(format!("files that end in .{other}"));
            return;
        }
    };
    text.line(format!(
        "proc import datafile={path} out=answers dbms={dbms} replace; {more} run;"
    ));
}

/// The populations of the first stage, as a table of their own; what `proc surveymeans` is told of it.
/// The names of all strata.
fn strata(asked: &Asked) -> Vec<String> {
    let columns = asked.strata.iter().flatten();
    columns.map(|column| name(column)).collect()
}

fn population(asked: &Asked, text: &mut Text) -> String {
    super::with_replacement(asked, ["/*", " */"], text);
    if asked.drawn.is_some() {
        return String::new();
    }
    if asked.populations.len() > 1 {
        text.cannot("populations of later stages");
    }
    if asked.strata.len() > 1 {
        text.cannot("strata of later stages");
    }
    let Some(column) = asked.populations.first() else {
        return String::new();
    };
    let strata = strata(asked);
    let keep = strata.join(" ");
    text.line(format!(
        "proc sort data=answers out=populations(keep={keep} {0} rename=({0}=_total_)) nodupkey; by {1}; run;",
        name(column),
        if strata.is_empty() { name(column) } else { keep.clone() }
    ));
    // Fractions are rates.
    text.line("/* If these are fractions, write _rate_ for _total_, and rate= for total=. */");
    " total=populations".to_owned()
}

fn condition(node: &Node) -> String {
    let join = |parts: &[Node], sign: &str| {
        let parts: Vec<String> = parts.iter().map(condition).collect();
        format!("({})", parts.join(sign))
    };
    match node {
        Node::Not(inner) => format!("not ({})", condition(inner)),
        Node::And(parts) => join(parts, " and "),
        Node::Or(parts) => join(parts, " or "),
        Node::Test {
            column,
            comparison,
            value,
            quoted: is_text,
        } => {
            let sign = match comparison {
                Comparison::Equal => "=",
                Comparison::Unequal => "ne",
                Comparison::Less => "<",
                Comparison::AtMost => "<=",
                Comparison::More => ">",
                Comparison::AtLeast => ">=",
            };
            let column = name(column);
            let value = match value.parse::<f64>() {
                Ok(number) if !is_text => number.to_string(),
                _ => quoted(value),
            };
            // A missing value is less than any number.
            format!("({column} {sign} {value} and not missing({column}))")
        }
    }
}

fn step(asked: &Asked, figure: &Figure, steps: &Steps, text: &mut Text) {
    let (keywords, lines) = match figure {
        Figure::Mean(y) => ("mean clm df".to_owned(), vec![format!("var {};", name(y))]),
        Figure::Total(y) => ("sum clsum df".to_owned(), vec![format!("var {};", name(y))]),
        Figure::Share(y) => {
            let y = name(y);
            (
                "mean clm df".to_owned(),
                vec![format!("class {y};"), format!("var {y};")],
            )
        }
        Figure::Ratio(a, b) => (
            "ratio clm df".to_owned(),
            vec![
                format!("var {} {};", name(a), name(b)),
                format!("ratio {} / {};", name(a), name(b)),
            ],
        ),
        Figure::Quantiles(y, at) => {
            if asked.rule.is_some_and(|rule| rule != Rule::Hf1) {
                text.cannot(format!(
                    "the rule '{}'",
                    asked.rule.unwrap_or_default().word()
                ));
            }
            let at: Vec<String> = at.iter().map(f64::to_string).collect();
            text.line("/* SAS draws lines between answers: a rule of its own. */");
            (
                format!("quantile=({})", at.join(" ")),
                vec![format!("var {};", name(y))],
            )
        }
        other => return text.cannot(kind(other)),
    };
    steps.step("surveymeans", &format!(" {keywords}"), &lines, true, text);
}
