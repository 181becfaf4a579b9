# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey")

# Calibrate, trim, and again, until trimming has nothing to do.
met <- calibrate(design, ~ stype + api99, totals)
while (max(weights(met)) > 58 * (1 + 1e-12)) {
  met <- calibrate(trimWeights(met, upper = 58), ~ stype + api99, totals)
}
w <- weights(met)
known_weights(w, weights(design))

# What the totals explain is taken away, with the final weights.
x <- model.matrix(~ stype + api99, data)
exact <- function(statistic, item, domain, estimate, z, part) {
  e <- w * (z - x %*% solve(crossprod(x, w * x), crossprod(x, w * z)))
  t <- tapply(e, data$dnum, sum)
  n <- length(t)
  se <- sqrt((1 - n / data$fpc[1]) * n / (n - 1) * sum((t - mean(t))^2))
  df <- degf(part)
  row(statistic, item, domain, coef(estimate), se, df, sum(weights(part) != 0),
      deff = as.numeric(deff(estimate)) * (se / as.numeric(SE(estimate)))^2,
      ci = interval(as.numeric(coef(estimate)), se, df))
}
score <- function(inside) {
  z <- (data$api00 - sum(w * inside * data$api00) / sum(w * inside)) / sum(w * inside)
  inside * z
}
exact("mean", "api00", "all", svymean(~api00, met, deff = TRUE), score(rep(1, nrow(data))), met)
exact("total", "enroll", "all", svytotal(~enroll, met, deff = TRUE), data$enroll, met)
for (label in c("E", "H", "M")) {
  part <- subset(met, stype == label)
  exact("mean", "api00", label, svymean(~api00, part, deff = TRUE), score(as.numeric(data$stype == label)), part)
}

versions("survey")
