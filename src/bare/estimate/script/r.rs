//! In the words of R's `survey`, 4.1 and later.

mod models;

mod replicates;

mod tables;

mod unequal;

use super::super::filter::{Comparison, Node};
use super::super::{Asked, Figure, Replication};
use super::{Program, Text, There, ending, head, kind, quoted};
use crate::estimate::ShareInterval;
use crate::estimate::variance::Lonely;

/// What a figure is in R: it gives a row for every domain.
const FIGURE: &str = r#"figure <- function(statistic, variable, level, estimate) {
  for (domain in domains) {
    part <- subset(design, .domain %in% domain)
    found <- estimate(part)
    rows <<- rbind(rows, data.frame(statistic, variable, level, domain,
      estimate = as.numeric(coef(found)), se = as.numeric(SE(found))))
  }
}"#;

/// The root of a variance, and a correlation out of variances, as `survey` would give them: by how much
/// each part moves them.
const DELTA: &str = r#"deviation <- function(v) {
  s <- sqrt(as.numeric(v)[1])
  structure(s, var = as.numeric(SE(v))^2 / (4 * s^2), class = "svystat")
}
correlation <- function(v) {
  m <- matrix(as.numeric(v), 2)
  r <- m[1, 2] / sqrt(m[1, 1] * m[2, 2])
  g <- c(-r / (2 * m[1, 1]), 1 / sqrt(m[1, 1] * m[2, 2]), 0, -r / (2 * m[2, 2]))
  structure(r, var = drop(g %*% attr(v, "var") %*% g), class = "svystat")
}"#;

pub(super) fn text(asked: &Asked, there: &There) -> Text {
    let mut text = Text::new();
    text.line(format!("# {}", head(asked, Program::R)));
    text.line("library(survey)");
    let lonely = match there.replicates {
        Some(_) => "fail",
        None => lonely(asked, &mut text),
    };
    text.line(format!(
        "options(digits = 15, survey.lonely.psu = \"{lonely}\")"
    ));
    text.line(format!("data <- {}", reads(asked)));
    text.line(
        "label <- function(x) if (inherits(x, \"haven_labelled\")) haven::as_factor(x) else x",
    );
    text.line("data$.row <- seq_len(nrow(data))");
    domains(asked, &mut text);
    match (&there.replicates, &asked.drawn) {
        (Some(set), _) => replicates::came(asked, set, &mut text),
        (None, None) => text.line(design(asked, &asked.populations, None)),
        (None, Some(drawn)) => unequal::design(asked, drawn, &mut text),
    }
    if let Some(Replication::Made(made)) = &asked.replication {
        replicates::made(asked, made, &mut text);
    }
    text.line("rows <- NULL");
    text.lines(FIGURE);
    let derived = |figure: &Figure| {
        matches!(
            figure,
            Figure::Variance(_) | Figure::Spread(_) | Figure::Correlation(..)
        )
    };
    if asked.figures.iter().any(derived) {
        text.lines(match asked.replication {
            Some(_) => replicates::ANEW,
            None => DELTA,
        });
    }
    for wanted in &asked.figures {
        figure((asked, there), wanted, &mut text);
    }
    let further = &asked.further;
    if asked.compare.is_some() {
        compared(asked, &mut text);
    }
    let tested = !(there.crossed.is_empty() && further.fits.is_empty());
    if tested || !further.models.is_empty() {
        text.line(match degrees(there) {
            Some(degrees) => format!("freedom <- function(part) {degrees}"),
            None => "freedom <- degf".to_owned(),
        });
    }
    tables::tables(asked, there, &mut text);
    models::models(asked, there, &mut text);
    text.line("print(rows)");
    if tested {
        text.line("print(tests)");
    }
    if !further.models.is_empty() {
        text.line("print(waldtests)");
    }
    text
}

/// Degrees of freedom, where they are stated.
fn degrees(there: &There) -> Option<u64> {
    there.replicates.as_ref()?.degrees
}

/// A column's name in a formula.
fn name(column: &str) -> String {
    format!("`{column}`")
}

fn lonely(asked: &Asked, text: &mut Text) -> &'static str {
    match asked.lonely {
        Lonely::Fail => "fail",
        Lonely::Certainty => "certainty",
        Lonely::Adjust => "adjust",
        Lonely::Average => "average",
        _ => {
            text.cannot(format!("the rule '{}'", asked.lonely.word()));
            "fail"
        }
    }
}

fn reads(asked: &Asked) -> String {
    let path = quoted(&asked.data.display().to_string());
    let blank = "na.strings = c(\"\", \"NA\", \".\", \"NaN\", \"nan\", \"null\")";
    match ending(asked) {
        "sav" | "zsav" => format!("haven::read_sav({path})"),
        "dta" => format!("haven::read_dta({path})"),
        "xlsx" | "xls" => match &asked.choice.sheet {
            Some(sheet) => format!(
                "as.data.frame(readxl::read_excel({path}, sheet = {}))",
                quoted(sheet)
            ),
            None => format!("as.data.frame(readxl::read_excel({path}))"),
        },
        "parquet" => format!("as.data.frame(arrow::read_parquet({path}))"),
        "" => format!("as.data.frame(dplyr::collect(arrow::open_dataset({path})))"),
        _ => format!("read.csv({path}, check.names = FALSE, {blank})"),
    }
}

fn domains(asked: &Asked, text: &mut Text) {
    let by = asked.domains();
    if by.is_empty() {
        let whole = asked.filter.as_ref().map_or("all", |filter| filter.text());
        text.line(format!("data$.domain <- {}", quoted(whole)));
    } else {
        let columns: Vec<String> = by.iter().map(|column| quoted(column)).collect();
        text.line(format!(
            "data$.domain <- as.character(interaction(lapply(data[c({})], label), sep = \" / \", lex.order = TRUE, drop = TRUE))",
            columns.join(", ")
        ));
    }
    if let Some(filter) = &asked.filter {
        text.line(format!(
            "data$.domain[!(with(data, {}) %in% TRUE)] <- NA",
            condition(filter.root())
        ));
    }
    text.line("domains <- sort(unique(data$.domain[!is.na(data$.domain)]))");
}

/// A filter as R has it. Texts are compared with labels, numbers with codes.
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
            match value.parse::<f64>() {
                Ok(number) if !is_text => format!("{} {sign} {number}", name(column)),
                _ => format!("label({}) {sign} {}", name(column), quoted(value)),
            }
        }
    }
}

/// The call; of unequal chances with the word for their formula, if R has one.
fn design(asked: &Asked, populations: &[String], pps: Option<&str>) -> String {
    let mut ids: Vec<String> = asked.clusters.iter().map(|column| name(column)).collect();
    if populations.len() > ids.len() {
        ids.push(".row".to_owned());
    }
    let ids = if ids.is_empty() {
        "1".to_owned()
    } else {
        ids.join(" + ")
    };
    let mut words = vec![format!("ids = ~{ids}")];
    if !asked.strata.is_empty() {
        let strata = asked.strata.iter().map(|columns| match &columns[..] {
            [column] => name(column),
            several => {
                let names: Vec<String> = several.iter().map(|column| name(column)).collect();
                format!("interaction({}, drop = TRUE)", names.join(", "))
            }
        });
        words.push(format!(
            "strata = ~{}",
            strata.collect::<Vec<_>>().join(" + ")
        ));
    }
    // Formulas of pairs take 1 over the chance for the weight, and no other.
    if pps.is_none_or(|pps| pps == unequal::BREWER) {
        words.push(format!("weights = ~{}", name(&asked.weight)));
    }
    if !populations.is_empty() {
        let fpc: Vec<String> = populations.iter().map(|column| name(column)).collect();
        words.push(format!("fpc = ~{}", fpc.join(" + ")));
    }
    if asked.nest {
        words.push("nest = TRUE".to_owned());
    }
    words.extend(pps.map(str::to_owned));
    words.push("data = data".to_owned());
    format!("design <- svydesign({})", words.join(", "))
}

/// One figure: a call for each of its levels.
fn figure((asked, there): (&Asked, &There), figure: &Figure, text: &mut Text) {
    let mut push = |statistic: &str, variable: &str, level: &str, call: String| {
        let variable = quoted(variable);
        text.line(format!(
            "figure(\"{statistic}\", {variable}, {level}, function(part) {call})"
        ));
    };
    match figure {
        Figure::Mean(y) => push(
            "mean",
            y,
            "NA",
            format!("svymean(~{}, part, na.rm = TRUE)", name(y)),
        ),
        Figure::Total(y) => push(
            "total",
            y,
            "NA",
            format!("svytotal(~{}, part, na.rm = TRUE)", name(y)),
        ),
        Figure::Ratio(a, b) => push(
            "ratio",
            &format!("{a} / {b}"),
            "NA",
            format!("svyratio(~{}, ~{}, part, na.rm = TRUE)", name(a), name(b)),
        ),
        Figure::Variance(y) => {
            let call = match asked.replication {
                Some(_) => format!(
                    "anew(part, function(w, data) variance(w, data[[{}]]))",
                    quoted(y)
                ),
                None => format!("svyvar(~{}, part, na.rm = TRUE)", name(y)),
            };
            push("population-variance", y, "NA", call);
        }
        Figure::Spread(y) => {
            let call = match asked.replication {
                Some(_) => format!(
                    "anew(part, function(w, data) sqrt(variance(w, data[[{}]])))",
                    quoted(y)
                ),
                None => format!("deviation(svyvar(~{}, part, na.rm = TRUE))", name(y)),
            };
            push("standard-deviation", y, "NA", call);
        }
        Figure::Correlation(a, b) => {
            let (these, those) = (quoted(a), quoted(b));
            let call = match asked.replication {
                Some(_) => format!(
                    "anew(part, function(w, data) correlation(w, data[[{these}]], data[[{those}]]))"
                ),
                None => {
                    let both = format!("~{} + {}", name(a), name(b));
                    format!("correlation(svyvar({both}, part, na.rm = TRUE))")
                }
            };
            push("correlation", &format!("{a}, {b}"), "NA", call);
        }
        Figure::Quantiles(y, at) => {
            let rule = asked.rule.unwrap_or_default().word();
            let way = match asked.interval.unwrap_or_default() {
                ShareInterval::Logit => "xlogit",
                ShareInterval::Beta => "beta",
                ShareInterval::Arcsine => "asin",
                _ => "mean",
            };
            let stated = degrees(there);
            let stated = stated.map_or(String::new(), |degrees| format!(", df = {degrees}"));
            for p in at {
                let call = format!(
                    "svyquantile(~{}, part, {p}, qrule = \"{rule}\", interval.type = \"{way}\", na.rm = TRUE{stated})",
                    name(y)
                );
                push("quantile", y, &quoted(&p.to_string()), call);
            }
        }
        Figure::Share(y) => share(asked, y, text),
        other @ Figure::Function(_) => text.cannot(kind(other)),
    }
}

/// The levels of a column are found where it is read.
fn share(asked: &Asked, y: &str, text: &mut Text) {
    let (column, variable) = (name(y), quoted(y));
    text.line(format!(
        "for (level in sort(unique(as.character(label(data[[{variable}]]))))) {{"
    ));
    text.line(format!(
        "  design <- update(design, .hit = as.numeric(as.character(label({column})) == level))"
    ));
    text.line(format!(
        "  figure(\"share\", {variable}, level, function(part) svymean(~.hit, part, na.rm = TRUE))"
    ));
    let method = match asked.interval.unwrap_or_default() {
        ShareInterval::Student => None,
        ShareInterval::Logit => Some("xlogit"),
        ShareInterval::Beta => Some("beta"),
        ShareInterval::Arcsine => Some("asin"),
        ShareInterval::Likelihood => Some("likelihood"),
        ShareInterval::Wilson | ShareInterval::Nchs => {
            text.cannot(format!(
                "the interval '{}'",
                asked.interval.unwrap_or_default().word()
            ));
            None
        }
    };
    if let Some(method) = method {
        text.line("  for (domain in domains)");
        text.line(format!(
            "    print(svyciprop(~.hit, subset(design, .domain %in% domain), method = \"{method}\", level = {}))",
            asked.confidence
        ));
    }
    text.line("}");
}

/// All pairs of domains that differ in the column compared alone.
fn compared(asked: &Asked, text: &mut Text) {
    if asked
        .by
        .iter()
        .any(|column| Some(column) != asked.compare.as_ref())
    {
        text.cannot("differences within other domains");
    }
    for figure in &asked.figures {
        let (y, function) = match figure {
            Figure::Mean(y) => (y, "svymean"),
            Figure::Total(y) => (y, "svytotal"),
            other => {
                text.cannot(format!("differences of {}", kind(other)));
                continue;
            }
        };
        let statistic = function.trim_start_matches("svy");
        text.line(format!(
            "each <- svyby(~{}, ~.domain, design, {function}, na.rm = TRUE, covmat = TRUE)",
            name(y)
        ));
        text.line("for (pair in combn(seq_along(domains), 2, simplify = FALSE)) {");
        text.line("  found <- svycontrast(each, list(d = replace(numeric(length(domains)), pair, c(1, -1))))");
        text.line(format!(
            "  rows <- rbind(rows, data.frame(statistic = \"difference\", variable = {}, level = NA,",
            quoted(&format!("{statistic} of {y}"))
        ));
        text.line("    domain = paste(domains[pair], collapse = \" − \"), estimate = as.numeric(coef(found)), se = as.numeric(SE(found))))");
        text.line("}");
    }
}
