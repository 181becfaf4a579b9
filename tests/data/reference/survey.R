# Rows from designs of R's survey.
suppressPackageStartupMessages(library(survey))
source("../rows.R")

# A mean, total or ratio of `design`, which may be a subset; rows without an answer must be gone.
said <- function(statistic, item, domain, estimate, design) {
  df <- degf(design)
  se <- as.numeric(SE(estimate))
  row(statistic, item, domain, coef(estimate), se, df, sum(weights(design) != 0),
      deff = as.numeric(deff(estimate)), ci = confint(estimate, df = df))
}
