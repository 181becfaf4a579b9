//! In the words of Stata, 14 and later.

mod further;

mod replicates;

use super::super::filter::{Comparison, Node};
use super::super::{Asked, Figure};
use super::{Program, Text, There, ending, head, kind};
use crate::estimate::ShareInterval;
use crate::estimate::variance::Lonely;

pub(super) fn text(asked: &Asked, there: &There) -> Text {
    let mut text = Text::new();
    text.line(format!("// {}", head(asked, Program::Stata)));
    text.line(
        "// Stata leaves letters out of names that it does not allow: mend those here if it did.",
    );
    text.line("version 14");
    let data = reads(asked, &mut text);
    text.line(data);
    match &there.replicates {
        Some(set) => replicates::came(asked, set, &mut text),
        None => design(asked, &mut text),
    }
    let meant = asked.filter.as_ref().map(|filter| condition(filter.root()));
    let by: Vec<String> = asked.domains().into_iter().map(name).collect();
    text.line(match &meant {
        Some(meant) => format!("generate byte meant = {meant}"),
        None => "generate byte meant = 1".to_owned(),
    });
    if asked.compare.is_some() {
        text.cannot("differences between levels");
    }
    for figure in &asked.figures {
        if let Some((command, over)) = command(asked, figure, &mut text) {
            let level = format!("level({})", 100.0 * asked.confidence);
            let over = match by.is_empty() || !over {
                true => String::new(),
                false => format!(" over({})", by.join(" ")),
            };
            text.line(format!("svy, subpop(meant): {command},{over} {level}"));
        }
    }
    further::further(asked, there, &mut text);
    text
}

/// A name as Stata makes it of a heading.
fn name(column: &str) -> String {
    let legal = |c: &char| c.is_alphanumeric() || *c == '_';
    let name: String = column.chars().filter(legal).take(32).collect();
    match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("v{name}"),
        false => name,
    }
}

fn quoted(text: &str) -> String {
    format!("`\"{text}\"'")
}

fn reads(asked: &Asked, text: &mut Text) -> String {
    let path = quoted(&asked.data.display().to_string());
    match ending(asked) {
        "dta" => format!("use {path}, clear"),
        "sav" | "zsav" => format!("import spss using {path}, clear"),
        "xlsx" | "xls" => match &asked.choice.sheet {
            Some(sheet) => format!(
                "import excel using {path}, sheet({}) firstrow case(preserve) clear",
                quoted(sheet)
            ),
            None => format!("import excel using {path}, firstrow case(preserve) clear"),
        },
        "csv" | "txt" | "tsv" => {
            format!("import delimited using {path}, varnames(1) case(preserve) asdouble clear")
        }
        _ => {
            text.cannot("Parquet files");
            String::new()
        }
    }
}

fn design(asked: &Asked, text: &mut Text) {
    let rule = match asked.lonely {
        Lonely::Fail => "missing",
        Lonely::Certainty => "certainty",
        Lonely::Adjust => "centered",
        Lonely::Average => "scaled",
        _ => {
            text.cannot(format!("the rule '{}'", asked.lonely.word()));
            "missing"
        }
    };
    super::with_replacement(asked, ["//", ""], text);
    for (stage, columns) in asked.strata.iter().enumerate() {
        if columns.len() > 1 {
            let names: Vec<String> = columns.iter().map(|column| name(column)).collect();
            text.line(format!(
                "egen long strata{} = group({})",
                stage + 1,
                names.join(" ")
            ));
        }
    }
    // With replacement, stages after the first add nothing.
    let most = if asked.drawn.is_some() { 1 } else { usize::MAX };
    let stages = asked.clusters.len().max(asked.populations.len());
    let stages = stages.max(1).min(most);
    let mut words = Vec::new();
    for stage in 0..stages {
        let unit = asked
            .clusters
            .get(stage)
            .map_or("_n".to_owned(), |column| name(column));
        let mut options = Vec::new();
        match asked.strata.get(stage).map(Vec::as_slice) {
            None => {}
            Some([column]) => options.push(format!("strata({})", name(column))),
            Some(_) => options.push(format!("strata(strata{})", stage + 1)),
        }
        options.extend(
            asked
                .populations
                .get(stage)
                .filter(|_| asked.drawn.is_none())
                .map(|column| format!("fpc({})", name(column))),
        );
        if stage == 0 {
            options.push(format!("singleunit({rule})"));
        }
        let weight = match stage {
            0 => format!(" [pweight = {}]", name(&asked.weight)),
            _ => String::new(),
        };
        let options = match options.is_empty() {
            true => String::new(),
            false => format!(", {}", options.join(" ")),
        };
        words.push(format!("{unit}{weight}{options}"));
    }
    text.line(format!("svyset {}", words.join(" || ")));
}

fn condition(node: &Node) -> String {
    let join = |parts: &[Node], sign: &str| {
        let parts: Vec<String> = parts.iter().map(condition).collect();
        format!("({})", parts.join(sign))
    };
    match node {
        Node::Not(inner) => format!("!({})", condition(inner)),
        Node::And(parts) => join(parts, " & "),
        Node::Or(parts) => join(parts, " | "),
        Node::Test {
            column,
            comparison,
            value,
            quoted: is_text,
        } => {
            let sign = match comparison {
                Comparison::Equal => "==",
                Comparison::Unequal => "!=",
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
            // A missing value is more than any number.
            format!("({column} {sign} {value} & !missing({column}))")
        }
    }
}

/// A command, and whether it takes domains.
fn command(asked: &Asked, figure: &Figure, text: &mut Text) -> Option<(String, bool)> {
    match figure {
        Figure::Mean(y) => Some((format!("mean {}", name(y)), true)),
        Figure::Total(y) => Some((format!("total {}", name(y)), true)),
        Figure::Ratio(a, b) => Some((format!("ratio {} / {}", name(a), name(b)), true)),
        Figure::Share(y) => {
            if !matches!(
                asked.interval,
                None | Some(ShareInterval::Student | ShareInterval::Logit)
            ) {
                text.cannot(format!(
                    "the interval '{}'",
                    asked.interval.unwrap_or_default().word()
                ));
            }
            if asked.interval != Some(ShareInterval::Logit) {
                text.line("// Its interval is the logit one; citype(normal), from Stata 15, is the other.");
            }
            text.line(format!("capture confirm numeric variable {}", name(y)));
            text.line(format!("if _rc encode {0}, generate({0}_)", name(y)));
            text.line(format!("else clonevar {0}_ = {0}", name(y)));
            Some((format!("proportion {}_", name(y)), true))
        }
        other => {
            text.cannot(kind(other));
            None
        }
    }
}
