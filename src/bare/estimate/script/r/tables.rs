//! Tables that cross two columns, and shares held against others, in the words of R's `survey`.

use super::super::super::{Asked, FitTo};
use super::super::{Text, There, quoted};

const TESTED: &str = r#"tests <- NULL
tested <- function(statistic, variable, domain, f, d, whole) {
  nu <- freedom(whole)
  tests <<- rbind(tests, data.frame(statistic, variable, domain, estimate = f, df1 = d, df2 = d * nu,
    p = pf(f, d, d * nu, lower.tail = FALSE)))
}"#;

/// Those without one of the answers are left out first: `svychisq` would count them in n and in the degrees
/// of freedom.
const CROSSED: &str = r#"crossed <- function(variable, a, b) for (domain in domains) {
  whole <- design
  whole$variables$.a <- as.character(label(data[[a]]))
  whole$variables$.b <- as.character(label(data[[b]]))
  # Who lacks an answer is left out first: svychisq would count those in n and in degrees of freedom.
  whole <- subset(whole, .domain %in% domain & !is.na(.a) & !is.na(.b))
  there <- whole$variables[weights(whole, "sampling") != 0, ]
  for (i in sort(unique(there$.a))) for (j in sort(unique(there$.b))) {
    cell <- update(whole, .row = as.numeric(.a == i), .column = as.numeric(.b == j), .cell = .row * .column)
    found <- list(people = svytotal(~.cell, cell), cell_share = svymean(~.cell, cell),
      row_share = svyratio(~.cell, ~.row, cell), column_share = svyratio(~.cell, ~.column, cell))
    for (statistic in names(found)) rows <<- rbind(rows, data.frame(statistic, variable, level = paste(i, "/", j),
      domain, estimate = as.numeric(coef(found[[statistic]])), se = as.numeric(SE(found[[statistic]]))))
  }
  if (length(unique(there$.a)) < 2 || length(unique(there$.b)) < 2) next
  test <- svychisq(~.a + .b, whole, statistic = "F")
  tested("rao-scott", variable, domain, as.numeric(test$statistic), test$parameter[["ndf"]], whole)
}"#;

/// `svygofchisq` takes people for respondents; this is its X² with those who answered.
const HELD: &str = r#"held <- function(variable, path) for (domain in domains) {
  given <- read.csv(path, check.names = FALSE)
  expected <- given$share / sum(given$share)
  whole <- design
  whole$variables$.a <- as.character(label(data[[variable]]))
  whole <- subset(whole, .domain %in% domain & !is.na(.a))
  hits <- sapply(as.character(given$level), function(level) as.numeric(whole$variables$.a == level))
  found <- svymean(hits, whole)
  rows <<- rbind(rows, data.frame(statistic = "fit", variable, level = as.character(given$level), domain,
    estimate = as.numeric(coef(found)), se = as.numeric(SE(found))))
  n <- sum(weights(whole, "sampling") != 0)
  total <- svytotal(hits, whole)
  people <- sum(coef(total))
  wanted <- people * expected
  slopes <- (diag(length(wanted)) - (coef(total) + wanted) / (2 * people)) / sqrt(wanted)
  effects <- eigen(n / people * slopes %*% vcov(total) %*% t(slopes), symmetric = TRUE)$values
  effects <- pmax(effects[-length(effects)], 0)
  square <- n * sum((coef(total) / people - expected)^2 / expected)
  tested("rao-scott", variable, domain, square / sum(effects), sum(effects)^2 / sum(effects^2), whole)
}"#;

/// The tables, then the fits.
pub(super) fn tables(asked: &Asked, there: &There, text: &mut Text) {
    if there.crossed.is_empty() && asked.further.fits.is_empty() {
        return;
    }
    text.lines(TESTED);
    if !there.crossed.is_empty() {
        text.lines(CROSSED);
    }
    for [a, b] in &there.crossed {
        let variable = quoted(&format!("{a} × {b}"));
        text.line(format!("crossed({variable}, {}, {})", quoted(a), quoted(b)));
    }
    if !asked.further.fits.is_empty() {
        text.lines(HELD);
    }
    for FitTo { column, shares } in &asked.further.fits {
        let path = quoted(&shares.display().to_string());
        text.line(format!("held({}, {path})", quoted(column)));
    }
}
