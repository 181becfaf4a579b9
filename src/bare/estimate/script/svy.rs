//! In the words of Python's `svy`.

mod models;

mod replicates;

mod tables;

use super::super::filter::{Comparison, Node};
use super::super::{Asked, Figure};
use super::{Program, Text, There, ending, head, kind, quoted};
use crate::estimate::ShareInterval;
use crate::estimate::quantile::Rule;
use crate::estimate::variance::Lonely;

pub(super) fn text(asked: &Asked, there: &There) -> Text {
    let mut text = Text::new();
    text.line(format!("# {}", head(asked, Program::Svy)));
    text.line("import polars as pl");
    text.line("import svy");
    text.line("");
    let data = reads(asked, &mut text);
    text.line(format!("data = {data}"));
    let models = models::computed(asked, there, &mut text);
    design(asked, there, &mut text);
    text.line("sample = svy.Sample(data, design)");
    text.line("of = sample.estimation");
    let mut more = more(asked);
    if let Some(set) = &there.replicates {
        more += &replicates::words(set);
    }
    for figure in &asked.figures {
        if let Some(call) = call(asked, figure, &more, &mut text) {
            text.line(format!("print(of.{call}.to_polars())"));
        }
    }
    if asked.compare.is_some() {
        text.cannot("differences between levels");
    }
    if !(there.crossed.is_empty() && models.is_empty()) {
        parts(asked, &mut text);
        tables::tables(asked, there, &mut text);
        models::models(asked, there, &models, &mut text);
    }
    text
}

/// The domains, one by one, for what takes no `by`: of rows with a weight, by which alone it counts degrees of
/// freedom.
fn parts(asked: &Asked, text: &mut Text) {
    let weighed = format!("(pl.col({}) > 0)", quoted(&asked.weight));
    let meant = match &asked.filter {
        Some(filter) => format!("{weighed} & {}", condition(filter.root())),
        None => weighed,
    };
    let by = asked.domains();
    if by.is_empty() {
        let name = asked.filter.as_ref().map_or("all", |filter| filter.text());
        text.line(format!("parts = [({}, {meant})]", quoted(name)));
        return;
    }
    let names: Vec<String> = by.iter().map(|column| quoted(column)).collect();
    text.line(format!("by = [{}]", names.join(", ")));
    text.line("parts = []");
    text.line(format!(
        "for labels in data.filter({meant}).select(by).drop_nulls().unique().sort(by).rows():"
    ));
    text.line(format!("    part = {meant}"));
    text.line("    for column, label in zip(by, labels):");
    text.line("        part = part & (pl.col(column) == label)");
    text.line("    parts.append((\" / \".join(map(str, labels)), part))");
}

/// 1 less the confidence, if that is not the usual one.
fn alpha(asked: &Asked) -> Option<f64> {
    let is_usual = (asked.confidence - 0.95).abs() <= 1e-12;
    (!is_usual).then(|| crate::math::decimal::rounded(1.0 - asked.confidence, 8))
}

fn list(columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    match &names[..] {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

fn reads(asked: &Asked, text: &mut Text) -> String {
    let path = quoted(&asked.data.display().to_string());
    let blank = "null_values=[\"\", \"NA\", \".\", \"NaN\", \"nan\", \"null\"]";
    match ending(asked) {
        "parquet" => format!("pl.read_parquet({path})"),
        "" => format!("pl.read_parquet({path} + \"/*.parquet\")"),
        "xlsx" | "xls" | "ods" => match &asked.choice.sheet {
            Some(sheet) => format!("pl.read_excel({path}, sheet_name={})", quoted(sheet)),
            None => format!("pl.read_excel({path})"),
        },
        "csv" | "txt" | "tsv" => format!("pl.read_csv({path}, {blank}, infer_schema_length=None)"),
        other => {
            text.cannot(format!("files that end in .{other}"));
            String::new()
        }
    }
}

fn design(asked: &Asked, there: &There, text: &mut Text) {
    if let Some(set) = &there.replicates {
        let words = replicates::came(asked, set, text);
        let weight = quoted(&asked.weight);
        text.line(format!("design = svy.Design(wgt={weight}, {words})"));
        return;
    }
    super::with_replacement(asked, ["#", ""], text);
    let mut words = Vec::new();
    let populations = match &asked.drawn {
        None => &asked.populations[..],
        Some(_) => &[],
    };
    if let Some(columns) = asked.strata.first() {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        words.push(format!("stratum={}", list(&columns)));
    }
    if asked.strata.len() > 1 {
        text.cannot("strata of later stages");
    }
    match &asked.clusters[..] {
        [] => {}
        [psu] => words.push(format!("psu={}", quoted(psu))),
        [psu, ssu] => words.push(format!("psu={}, ssu={}", quoted(psu), quoted(ssu))),
        _ => text.cannot("more than two stages"),
    }
    words.push(format!("wgt={}", quoted(&asked.weight)));
    match (populations, asked.clusters.len()) {
        ([], _) => {}
        ([only], _) => words.push(format!("pop_size={}", quoted(only))),
        ([first, second], 2) => words.push(format!(
            "pop_size=svy.PopSize(psu={}, ssu={})",
            quoted(first),
            quoted(second)
        )),
        _ => text.cannot("populations of rows below clusters"),
    }
    let singleton = match asked.lonely {
        Lonely::Fail => None,
        Lonely::Certainty => Some("self_representing"),
        Lonely::Adjust => Some("center"),
        Lonely::Average => Some("scale"),
        _ => {
            text.cannot(format!("the rule '{}'", asked.lonely.word()));
            None
        }
    };
    words.extend(singleton.map(|word| format!("singleton=\"{word}\"")));
    text.line(format!("design = svy.Design({})", words.join(", ")));
}

/// Words that every figure takes.
fn more(asked: &Asked) -> String {
    let mut more = String::new();
    let by = asked.domains();
    if !by.is_empty() {
        more += &format!(", by={}", list(&by));
    }
    if let Some(filter) = &asked.filter {
        more += &format!(", where={}", condition(filter.root()));
    }
    if let Some(alpha) = alpha(asked) {
        more += &format!(", alpha={alpha}");
    }
    more + ", drop_nulls=True"
}

fn condition(node: &Node) -> String {
    let join = |parts: &[Node], sign: &str| {
        let parts: Vec<String> = parts.iter().map(condition).collect();
        format!("({})", parts.join(sign))
    };
    match node {
        Node::Not(inner) => format!("~({})", condition(inner)),
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
            let value = match value.parse::<f64>() {
                Ok(number) if !is_text => number.to_string(),
                _ => quoted(value),
            };
            format!("(pl.col({}) {sign} {value})", quoted(column))
        }
    }
}

fn call(asked: &Asked, figure: &Figure, more: &str, text: &mut Text) -> Option<String> {
    Some(match figure {
        Figure::Mean(y) => format!("mean({}{more})", quoted(y)),
        Figure::Total(y) => format!("total({}{more})", quoted(y)),
        Figure::Ratio(a, b) => format!("ratio({}, {}{more})", quoted(a), quoted(b)),
        Figure::Share(y) => {
            let way = match asked.interval {
                None | Some(ShareInterval::Student | ShareInterval::Logit) => "logit",
                Some(ShareInterval::Beta) => "beta",
                Some(ShareInterval::Wilson) => "wilson",
                Some(other) => {
                    text.cannot(format!("the interval '{}'", other.word()));
                    return None;
                }
            };
            if !matches!(asked.interval, Some(ShareInterval::Logit)) && way == "logit" {
                text.line("# Its interval is the logit one: there is no t interval of shares.");
            }
            format!("prop({}, ci_method=\"{way}\"{more})", quoted(y))
        }
        Figure::Quantiles(..) if asked.replication.is_some() => {
            let why = "it makes quantiles anew, where ours go by way of shares";
            text.lacks("quantiles from replicates", why);
            return None;
        }
        Figure::Quantiles(y, at) => {
            let rule = asked.rule.unwrap_or_default();
            let word = match rule {
                Rule::Hf1 => "higher",
                Rule::Hf2 => "middle",
                other => {
                    text.cannot(format!("the rule '{}'", other.word()));
                    return None;
                }
            };
            let at: Vec<String> = at.iter().map(f64::to_string).collect();
            let at = at.join(", ");
            format!(
                "quantile({}, p=[{at}], q_method=\"{word}\"{more})",
                quoted(y)
            )
        }
        Figure::Correlation(a, b) => format!("corr(({}, {}){more})", quoted(a), quoted(b)),
        other => {
            text.cannot(kind(other));
            return None;
        }
    })
}
