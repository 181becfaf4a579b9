//! Models in the words of R's `survey`.

use super::super::super::{Asked, Model};
use super::super::models::{Ready, Said, doubled, early};
use super::super::{Text, There, quoted};
use super::name;
use crate::estimate::regress::{Law, Link, Tongue};

/// Labels in the order in which they are compared, and what a model gives: a row for each coefficient, one
/// test for each term.
const MODEL: &str = r#"as_labels <- function(x, reference = NULL) {
  x <- as.character(label(x))
  all <- sort(unique(x), method = "radix")
  if (!anyNA(suppressWarnings(as.numeric(all)))) all <- all[order(as.numeric(all))]
  factor(x, levels = c(reference, setdiff(all, reference)))
}
waldtests <- NULL
model <- function(variable, formula, family) for (domain in domains) {
  whole <- subset(design, .domain %in% domain)
  # Degrees of freedom are those of the rows that count.
  there <- complete.cases(model.frame(formula, whole$variables, na.action = na.pass))
  whole <- whole[there & weights(whole, "sampling") > 0, ]
  whole$variables$.w <- weights(whole, "sampling") / mean(weights(whole, "sampling"))
  # Rounds of a model end where its deviance does; coefficients need a few more.
  start <- NULL
  for (again in 1:12) start <- coef(glm(formula, family, whole$variables, weights = .w, start = start,
    control = glm.control(epsilon = 1e-15, maxit = 100)))
  fit <- svyglm(formula, whole, family = family, start = start,
    control = glm.control(epsilon = 1e-15, maxit = 100))
  put <- function(statistic, level, estimate, se = NA) rows <<- rbind(rows,
    data.frame(statistic, variable, level, domain, estimate = as.numeric(estimate), se = as.numeric(se)))
  put("coefficient", names(coef(fit)), coef(fit), SE(fit))
  for (term in attr(terms(formula), "term.labels")) {
    test <- regTermTest(fit, term, df = freedom(whole) + 1 - length(coef(fit)))
    waldtests <<- rbind(waldtests, data.frame(statistic = "wald", variable, level = term, domain,
      estimate = as.numeric(test$Ftest), df1 = test$df, df2 = test$ddf, p = as.numeric(test$p)))
  }
  w <- fit$prior.weights
  r <- (fit$y - fitted(fit)) / sqrt(family$variance(fitted(fit)))
  n <- sum(w > 0)
  put("dispersion", NA, n / (n - 1) * sum(w * (r - sum(w * r) / sum(w))^2) / sum(w))
  put("deviance", NA, fit$deviance * n / sum(w))
  if (attr(terms(formula), "intercept") == 1 && is.null(fit$offset))
    put("explained", NA, 1 - fit$deviance / fit$null.deviance)
}"#;

struct Words;

impl Tongue for Words {
    fn column(&self, column: &str, is_label: bool) -> String {
        match is_label {
            true => format!("as.character(label({}))", name(column)),
            false => name(column),
        }
    }

    fn label(&self, text: &str) -> String {
        quoted(text)
    }

    fn power(&self, left: &str, right: &str) -> String {
        format!("({left}^{right})")
    }

    fn compares(&self, left: &str, sign: &str, right: &str) -> String {
        let sign = doubled(sign);
        format!("(1 * ({left} {sign} {right}))")
    }
}

/// All models.
pub(super) fn models(asked: &Asked, there: &There, text: &mut Text) {
    if asked.further.models.is_empty() {
        return;
    }
    text.lines(MODEL);
    early(asked, text);
    for model in &asked.further.models {
        if let Some(ready) = Ready::of(model, there, &Words, text) {
            let (formula, family) = (formula(&ready), family(model));
            let variable = quoted(model.formula.text());
            text.line(format!("model({variable}, {formula}, {family})"));
        }
    }
}

fn formula(ready: &Ready) -> String {
    let said = |said: &Said| match said {
        Said::Number(column) => name(column),
        Said::Labels(column, None) => format!("as_labels({})", name(column)),
        Said::Labels(column, Some(reference)) => {
            format!("as_labels({}, {})", name(column), quoted(reference))
        }
        Said::Computed(_, computed) => format!("I({computed})"),
    };
    let together = |term: &Vec<usize>| {
        let names: Vec<String> = term
            .iter()
            .map(|&place| said(&ready.variables[place]))
            .collect();
        names.join(":")
    };
    let mut terms: Vec<String> = ready.terms.iter().map(together).collect();
    let offsets = ready
        .offsets
        .iter()
        .map(|offset| format!("offset({offset})"));
    terms.extend(offsets);
    if !ready.intercept {
        terms.insert(0, "0".to_owned());
    } else if ready.terms.is_empty() {
        terms.insert(0, "1".to_owned());
    }
    let response = match &ready.response {
        Said::Computed(_, computed) => computed.clone(),
        Said::Number(column) | Said::Labels(column, _) => name(column),
    };
    format!("{response} ~ {}", terms.join(" + "))
}

/// The family whose variance is the law's: quasi-families do not ask for whole numbers.
fn family(model: &Model) -> String {
    let link = model.family.link.word();
    match model.family.law {
        Law::Gaussian => format!("gaussian(\"{link}\")"),
        Law::Binomial => format!("quasibinomial(\"{link}\")"),
        Law::Poisson if model.family.link == Link::Inverse => {
            "quasi(link = \"inverse\", variance = \"mu\")".to_owned()
        }
        Law::Poisson => format!("quasipoisson(\"{link}\")"),
        Law::Gamma => format!("Gamma(\"{link}\")"),
    }
}
