# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey", "MASS")

counts <- function(column) {
  table <- table(population[[column]])
  setNames(data.frame(names(table), as.vector(table)), c(column, "Freq"))
}
margins <- list(counts("stype"), counts("sch.wide"))
default <- rake(design, list(~stype, ~sch.wide), margins)
raked <- rake(design, list(~stype, ~sch.wide), margins, control = list(epsilon = 1e-12, maxit = 1000))
w <- weights(raked)

known_weights(w, weights(design))
line("kish", number(length(w) * sum(w^2) / sum(w)^2))
line("effective", number(sum(w)^2 / sum(w^2)))

# The residuals of a regression on both margins, with the raked weights, until nothing is left; survey
# takes ten rounds, and its standard errors stand beside.
x <- model.matrix(~ stype + sch.wide, data)
exact <- function(z) {
  t <- w * (z - x %*% solve(crossprod(x, w * x), crossprod(x, w * z)))
  t <- tapply(t, data$dnum, sum)
  n <- length(t)
  sqrt((1 - n / data$fpc[1]) * n / (n - 1) * sum((t - mean(t))^2))
}
exactly <- function(statistic, item, domain, estimate, z, part) {
  se <- exact(z)
  df <- degf(part)
  row(statistic, item, domain, coef(estimate), se, df, sum(weights(part) != 0),
      deff = as.numeric(deff(estimate)) * (se / as.numeric(SE(estimate)))^2,
      ci = interval(as.numeric(coef(estimate)), se, df))
  cat("# se of survey: ", number(SE(estimate)), "\n", sep = "")
}
score <- function(inside) {
  z <- data$api00 - sum(w * inside * data$api00) / sum(w * inside)
  inside * z / sum(w * inside)
}
exactly("mean", "api00", "all", svymean(~api00, raked, deff = TRUE), score(1), raked)
exactly("total", "enroll", "all", svytotal(~enroll, raked, deff = TRUE), data$enroll, raked)
cat("# total with the margins met as R's defaults have it: ", number(coef(svytotal(~enroll, default))), "\n", sep = "")
for (label in c("E", "H", "M")) {
  part <- subset(raked, stype == label)
  exactly("mean", "api00", label, svymean(~api00, part, deff = TRUE), score(as.numeric(data$stype == label)), part)
}

versions("survey", "MASS")
