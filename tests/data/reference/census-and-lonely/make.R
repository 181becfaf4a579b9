# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")
options(survey.lonely.psu = "fail")

data <- read.csv("data.csv")
design <- svydesign(id = ~1, strata = ~stratum, fpc = ~N, data = data)

# A row of each label of a column; where survey refuses, it names the stratum, and so does the row.
by <- function(statistic, item, column) {
  for (label in sort(unique(data[[column]]))) {
    part <- design[data[[column]] == label, ]
    w <- weights(part)
    y <- part$variables[[item]]
    value <- if (statistic == "mean") sum(w * y) / sum(w) else sum(w * y)
    estimate <- if (statistic == "mean") svymean else svytotal
    said <- tryCatch(estimate(as.formula(paste0("~", item)), part), error = conditionMessage)
    df <- degf(part)
    if (is.character(said)) {
      stratum <- sub("^.*Stratum \\(([^)]*)\\).*$", "\\1", said)
      stopifnot(stratum %in% data$stratum)
      row(statistic, item, label, value, df = df, n = sum(w != 0), lonely = stratum)
    } else {
      stopifnot(abs(coef(said) / value - 1) < 1e-14)
      row(statistic, item, label, coef(said), as.numeric(SE(said)), df, sum(w != 0),
          ci = if (df > 0) confint(said, df = df))
    }
  }
}

data$all <- "all"
by("mean", "minutes", "all")
by("total", "calls", "all")
by("mean", "minutes", "part")
by("mean", "minutes", "boats")
by("mean", "minutes", "stratum")
by("total", "calls", "stratum")

versions("survey")
