# Regressions and functions of totals by R survey, on its data(api).
# LC_ALL=C.UTF-8 Rscript make.R
suppressPackageStartupMessages(library(survey))
data(api)

columns <- c("cds", "dnum", "snum", "stype", "sch.wide", "comp.imp", "improved", "api00", "api99", "enroll", "api.stu",
             "acs.core", "meals", "ell", "mobility", "pw", "fpc")
keep <- function(data, columns, file) {
  data$improved <- as.integer(data$comp.imp == "Yes")
  write.csv(data[columns], file, row.names = FALSE, quote = FALSE, na = "")
}
keep(apistrat, columns, "apistrat.csv")
keep(apiclus1, columns, "apiclus1.csv")
apiclus2$pw <- format(weights(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)), digits = 17, trim = TRUE)
keep(apiclus2, c(setdiff(columns, "fpc"), "fpc1", "fpc2"), "apiclus2.csv")

for (name in c("apistrat", "apiclus1", "apiclus2")) {
  data <- get(name)
  data$improved <- as.integer(data$comp.imp == "Yes")
  assign(name, data)
}
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
clus1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
# survey undoes raking in ten rounds of plain means, which leaves something. Margins that the weights meet already
# are undone by regression, without a rest.
raking <- rake(clus1, list(~stype, ~sch.wide),
               list(data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)),
                    data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))),
               control = list(maxit = 1000, epsilon = 1e-12))
apiclus1$raked <- weights(raking)
raked <- calibrate(svydesign(id = ~dnum, weights = ~raked, fpc = ~fpc, data = apiclus1), ~stype + sch.wide,
                   c("(Intercept)" = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122))
stopifnot(max(abs(weights(raked) / weights(raking) - 1)) < 1e-12)

# The deviance is flat where it is least: rounds go on until it does not change at all.
exact <- glm.control(epsilon = 1e-30, maxit = 100)
out <- file("expected.csv", "w")
say <- function(...) cat(..., sep = ",", file = out)
say17 <- function(x) format(x, digits = 17, trim = TRUE)

fit <- function(case, formula, design, family) {
  model <- suppressWarnings(svyglm(formula, design, family = family, control = exact))
  table <- summary(model)$coefficients
  ends <- confint(model)
  n <- length(model$y)
  dispersion <- c(summary(model)$dispersion)
  say(case, "model", n, model$df.residual, say17(dispersion), say17(model$deviance), say17(1 - model$deviance / model$null.deviance)); say("\n")
  for (term in rownames(table)) {
    say(case, "coefficient", term, say17(table[term, ]), say17(ends[term, ])); say("\n")
  }
  for (term in attr(terms(model), "term.labels")) {
    test <- regTermTest(model, as.formula(paste("~", term)))
    say(case, "test", term, say17(c(test$Ftest)), test$df, test$ddf, say17(c(test$p))); say("\n")
  }
}
fit("strat-gaussian", api00 ~ ell + meals + mobility, strat, gaussian())
fit("strat-levels", api00 ~ meals * stype + comp.imp, strat, gaussian())
fit("strat-cells", api00 ~ 0 + stype:comp.imp + meals, strat, gaussian())
fit("strat-missing", api00 ~ acs.core + I(meals^2), strat, gaussian())
fit("strat-binomial", improved ~ meals + stype, strat, binomial())
fit("strat-quasibinomial", I(ell / 100) ~ meals + stype, strat, quasibinomial())
fit("strat-probit", improved ~ meals + stype, strat, quasibinomial(probit))
fit("strat-cloglog", improved ~ meals + stype, strat, quasibinomial(cloglog))
fit("strat-poisson", api.stu ~ meals + stype + offset(log(enroll)), strat, poisson())
fit("strat-gamma", api00 ~ meals + ell, strat, Gamma())
fit("strat-gamma-log", enroll ~ meals + stype, strat, Gamma(log))
fit("strat-domain", improved ~ meals + ell, subset(strat, sch.wide == "Yes"), quasibinomial())
fit("clus1-gaussian", api00 ~ ell + meals + mobility, clus1, gaussian())
fit("clus1-binomial", improved ~ meals + mobility, clus1, quasibinomial())
fit("clus2-gaussian", api00 ~ ell + meals + mobility, clus2, gaussian())
fit("clus2-domain", api00 ~ meals + stype, subset(clus2, comp.imp == "Yes"), gaussian())
fit("raked-gaussian", api00 ~ ell + meals + mobility, raked, gaussian())
fit("raked-binomial", improved ~ meals + mobility, raked, quasibinomial())

# Functions of totals and means, and contrasts.
smooth <- function(case, text, figure, expression) {
  found <- svycontrast(figure, expression)
  say(case, "smooth", text, say17(coef(found)), say17(c(SE(found)))); say("\n")
}
for (name in c("strat", "clus1", "clus2", "raked")) {
  design <- get(name)
  totals <- svytotal(~api.stu + enroll, design, na.rm = TRUE)
  means <- svymean(~api00 + api99, design)
  smooth(name, "sum(api.stu) / sum(enroll)", totals, quote(api.stu / enroll))
  smooth(name, "log(mean(api00))", means, quote(log(api00)))
  smooth(name, "(mean(api00) - mean(api99)) / mean(api99)", means, quote((api00 - api99) / api99))
  smooth(name, "sqrt(mean(api00)) * exp(-mean(api99)/1000)^2", means, quote(sqrt(api00) * exp(-api99 / 1000)^2))
  smooth(name, "2 * mean(api00) - 3 * mean(api99)", means, c(api00 = 2, api99 = -3))
  # svyby cannot give the covariance of calibrated domains.
  if (name != "raked") {
    types <- svyby(~api00, ~stype, design, svymean, covmat = TRUE)
    smooth(name, "levels", types, c(E = 1, H = -0.5, M = -0.5))
  }
}
close(out)
