# Rscript make.R > expected.toml
source("../survey.R")
programs("survey", "MASS")

data <- read.csv("../../api/apistrat.csv")
population <- read.csv("../../api/apipop.csv")
design <- svydesign(id = ~1, strata = ~stype, fpc = ~fpc, data = data)

counts <- function(column) {
  table <- table(population[[column]])
  setNames(data.frame(names(table), as.vector(table)), c(column, "Freq"))
}
raked <- rake(design, list(~stype, ~sch.wide), list(counts("stype"), counts("sch.wide")),
              control = list(epsilon = 1e-12, maxit = 1000))
w <- weights(raked)

# The same weights by another way: Newton's method on the calibration equations.
totals <- colSums(model.matrix(~ stype + sch.wide, population))
newton <- calibrate(design, ~ stype + sch.wide, totals, calfun = "raking", epsilon = 1e-12)
stopifnot(max(abs(w / weights(newton) - 1)) < 1e-11)

# survey undoes raking in ten rounds, which is not enough here. The exact residuals are those of a
# regression on both margins, with the raked weights.
margins <- model.matrix(~ stype + sch.wide, data)
exact <- function(z) {
  t <- w * (z - margins %*% solve(crossprod(margins, w * margins), crossprod(margins, w * z)))
  variance <- 0
  for (h in unique(data$stype)) {
    here <- data$stype == h
    n <- sum(here)
    variance <- variance + (1 - n / data$fpc[here][1]) * n / (n - 1) * sum((t[here] - mean(t[here]))^2)
  }
  sqrt(variance)
}

# A row with the exact standard error; those of survey stand beside it.
exactly <- function(statistic, item, domain, estimate, other, z, part) {
  value <- coef(estimate)
  se <- exact(z)
  df <- degf(part)
  row(statistic, item, domain, value, se, df, sum(weights(part) != 0),
      deff = as.numeric(deff(estimate)) * (se / as.numeric(SE(estimate)))^2, ci = interval(value, se, df))
  cat("# se of rake: ", number(SE(estimate)), ", of calibrate: ", number(SE(other)), "\n", sep = "")
}

mean_score <- function(y, inside) {
  z <- (y - sum(w * inside * y) / sum(w * inside)) / sum(w * inside)
  inside * z
}

everybody <- rep(1, nrow(data))
exactly("mean", "api00", "all", svymean(~api00, raked, deff = TRUE), svymean(~api00, newton),
        mean_score(data$api00, everybody), raked)
exactly("total", "enroll", "all", svytotal(~enroll, raked, deff = TRUE), svytotal(~enroll, newton),
        data$enroll, raked)
share <- svymean(~improved, raked, deff = TRUE)
exactly("share", "improved = 1", "all", share, svymean(~improved, newton),
        mean_score(data$improved, everybody), raked)
ratio <- svyratio(~api.stu, ~enroll, raked, deff = TRUE)
exactly("ratio", "api.stu / enroll", "all", ratio, svyratio(~api.stu, ~enroll, newton),
        (data$api.stu - c(coef(ratio)) * data$enroll) / sum(w * data$enroll), raked)
for (label in c("No", "Yes")) {
  inside <- as.numeric(data$comp.imp == label)
  part <- subset(raked, comp.imp == label)
  other <- subset(newton, comp.imp == label)
  exactly("mean", "api00", label, svymean(~api00, part, deff = TRUE), svymean(~api00, other),
          mean_score(data$api00, inside), part)
}
for (label in c("No", "Yes")) {
  inside <- as.numeric(data$comp.imp == label)
  part <- subset(raked, comp.imp == label)
  other <- subset(newton, comp.imp == label)
  exactly("total", "enroll", label, svytotal(~enroll, part, deff = TRUE), svytotal(~enroll, other),
          inside * data$enroll, part)
}

versions("survey", "MASS")
