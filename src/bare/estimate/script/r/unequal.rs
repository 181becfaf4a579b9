//! Unequal chances in the words of R's `survey`.

use super::super::super::Asked;
use super::super::super::drawn::{By, Drawn, PairsFrom};
use super::super::{Text, quoted};
use super::design as call;
use crate::draw::approximate::Constant;
use crate::estimate::variance::{Estimator, Formula, Pairs};
use crate::files::data;

/// The only formula that knows weights of its own, and stages.
pub(super) const BREWER: &str = "pps = \"brewer\"";

/// The marks of a comment.
const MARKS: [&str; 2] = ["#", ""];

/// The design, or the one that comes nearest.
pub(super) fn design(asked: &Asked, drawn: &Drawn, text: &mut Text) {
    let fpc = [&drawn.chances[..], &asked.populations[..]].concat();
    let line = match &drawn.by {
        By::Units(formula) => {
            if *formula != Formula::Brewer(Constant::Own) {
                let taken = "Brewer's, which come near";
                text.otherwise(MARKS, drawn.says(), taken);
            }
            counts(asked, drawn, text);
            together(asked, &fpc, text);
            call(asked, &fpc, Some(BREWER))
        }
        By::Pairs(estimator, from) => match pairs(asked, from, text) {
            Some(word) => {
                let variance = match estimator {
                    Estimator::HorvitzThompson => "HT",
                    Estimator::SenYatesGrundy => "YG",
                };
                weights(asked, drawn, text);
                let pps = format!("pps = {word}, variance = \"{variance}\"");
                call(asked, &fpc, Some(&pps))
            }
            None => {
                text.otherwise(MARKS, "such chance of pairs", "Brewer's, which come near");
                call(asked, &fpc, Some(BREWER))
            }
        },
        By::Independent => {
            weights(asked, drawn, text);
            let pps = format!("pps = poisson_sampling(data[[{}]])", quoted(&fpc[0]));
            call(asked, &fpc, Some(&pps))
        }
        By::Replaced(None) => call(asked, &[], None),
        By::Replaced(Some(_))
        | By::Successive(_)
        | By::LocalMean(..)
        | By::Balanced(_)
        | By::Together(_) => {
            text.otherwise(MARKS, drawn.says(), "drawing with replacement");
            call(asked, &[], None)
        }
    };
    text.line(line);
}

/// R takes rows of a cluster for others where they do not stand together, if there are stages below.
fn together(asked: &Asked, fpc: &[String], text: &mut Text) {
    if fpc.len() < 2 || asked.clusters.is_empty() {
        return;
    }
    let columns = asked.strata.iter().take(1).flatten();
    let columns = columns.chain(&asked.clusters);
    let columns: Vec<String> = columns.map(|column| quoted(column)).collect();
    text.line("# Rows of a cluster must stand together: R mixes up its stages otherwise.");
    text.line(format!(
        "data <- data[do.call(order, unname(as.list(data[c({})]))), ]",
        columns.join(", ")
    ));
}

/// R takes all columns for chances: counts of later stages become such.
fn counts(asked: &Asked, drawn: &Drawn, text: &mut Text) {
    for (place, column) in asked.populations.iter().enumerate() {
        let stage = drawn.chances.len() + place;
        let within = asked.clusters[..stage.min(asked.clusters.len())].iter();
        let within = within.chain(asked.strata.iter().take(stage + 1).flatten());
        let within: Vec<String> = within.map(|c| format!("data[[{}]]", quoted(c))).collect();
        let unit = match asked.clusters.get(stage) {
            Some(column) => format!("data[[{}]]", quoted(column)),
            None => "data$.row".to_owned(),
        };
        let column = format!("data[[{}]]", quoted(column));
        text.line(format!("if (any({column} > 1)) {column} <-"));
        text.line(format!(
            "  ave(as.integer(factor({unit})), {}, FUN = function(x) length(unique(x))) / {column}",
            match within.is_empty() {
                true => "data$.row < 0".to_owned(),
                false => within.join(", "),
            }
        ));
    }
}

/// What R makes of weights where it takes none.
fn weights(asked: &Asked, drawn: &Drawn, text: &mut Text) {
    let columns = [&asked.weight, &drawn.chances[0]].map(|column| quoted(column));
    text.line("# Weights are 1 over the chances here, and no others: this stops if yours are.");
    text.line(format!(
        "stopifnot(isTRUE(all.equal(data[[{}]], 1 / data[[{}]])))",
        columns[0], columns[1]
    ));
    if let Some(columns) = asked.strata.first() {
        text.line("# Strata of such designs must be numbers.");
        for column in columns {
            let column = format!("data[[{}]]", quoted(column));
            text.line(format!("{column} <- as.integer(factor(label({column})))"));
        }
    }
}

/// The word for where chances of pairs come from, if R has one.
fn pairs(asked: &Asked, from: &PairsFrom, text: &mut Text) -> Option<String> {
    match from {
        PairsFrom::Near(Pairs::Overton) => Some("\"overton\"".to_owned()),
        PairsFrom::Near(Pairs::HartleyRao) => Some("HR()".to_owned()),
        PairsFrom::Near(_) | PairsFrom::List { .. } => None,
        PairsFrom::File { path, id } => {
            let there = data::columns(path).unwrap_or_default();
            let is_pairs = there.iter().any(|column| column == "unit");
            if is_pairs || !asked.clusters.is_empty() {
                return None;
            }
            let path = quoted(&path.display().to_string());
            text.line(format!("joint <- read.csv({path}, check.names = FALSE)"));
            text.line("if (ncol(joint) > nrow(joint)) joint <- joint[-1]");
            if let Some(id) = id {
                text.line(format!("at <- match(data[[{}]], names(joint))", quoted(id)));
                text.line("joint <- joint[at, at]");
            }
            Some("ppsmat(as.matrix(unname(joint)))".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Program, script, tests};
    use crate::bare::estimate::{Drawn, DrawnWords, Figure};

    fn of(words: DrawnWords) -> (String, usize) {
        let mut asked = tests::asked();
        asked.data = "tests/data/unequal/counties.csv".into();
        (asked.clusters, asked.populations) = (vec![], vec![]);
        (asked.by, asked.filter) = (vec![], None);
        asked.figures = vec![Figure::Total("kerry".into())];
        asked.drawn = Drawn::parse(&words).expect("words");
        let script = script(&asked, Program::R).expect("a script");
        let lines = script.text.lines();
        let design = lines.filter(|line| line.starts_with("design <-")).collect();
        (design, script.notices.len())
    }

    #[test]
    fn r_is_told_of_unequal_chances_and_what_it_lacks_is_a_notice() {
        let words = |formula: &str, pairs: Option<&str>| DrawnWords {
            chances: vec!["p".into()],
            formula: Some(formula.into()),
            pairs: pairs.map(str::to_owned),
            ..DrawnWords::default()
        };
        let head = "design <- svydesign(ids = ~.row, ";
        for (formula, pairs, rest, notices) in [
            (
                "brewer",
                None,
                "weights = ~`weight`, fpc = ~`p`, nest = TRUE, pps = \"brewer\", data = data)",
                0,
            ),
            (
                "deville",
                None,
                "weights = ~`weight`, fpc = ~`p`, nest = TRUE, pps = \"brewer\", data = data)",
                1,
            ),
            (
                "ht",
                Some("overton"),
                "fpc = ~`p`, nest = TRUE, pps = \"overton\", variance = \"HT\", data = data)",
                0,
            ),
            (
                "yg",
                Some("hartley-rao"),
                "fpc = ~`p`, nest = TRUE, pps = HR(), variance = \"YG\", data = data)",
                0,
            ),
            (
                "poisson",
                None,
                "fpc = ~`p`, nest = TRUE, pps = poisson_sampling(data[[\"p\"]]), data = data)",
                0,
            ),
        ] {
            assert_eq!(
                of(words(formula, pairs)),
                (format!("{head}{rest}"), notices),
                "{formula}"
            );
        }
    }
}
