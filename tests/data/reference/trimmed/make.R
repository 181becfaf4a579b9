# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

data <- read.csv("../../api/apistrat.csv")
design <- svydesign(id = ~1, strata = ~stype, fpc = ~fpc, data = data)
trimmed <- trimWeights(design, upper = 40)
before <- weights(design)
w <- weights(trimmed)
cat("\n[weights]\n")
line("sum", number(sum(w)))
line("smallest", number(min(w)))
line("largest", number(max(w)))
line("smallest_factor", number(min(w / before)))
line("largest_factor", number(max(w / before)))

# Weights when units are in the sample with these shares: 1 for all of them.
forward <- function(share) {
  over <- before > 40
  excess <- sum(share[over] * (before[over] - 40))
  ifelse(over, 40, before + excess / sum(share[!over]))
}
stopifnot(max(abs(forward(rep(1, nrow(data))) / w - 1)) < 1e-14)

h <- 1e-30
exact <- function(statistic, item, domain, estimate, theta, part) {
  t <- vapply(seq_len(nrow(data)), function(i) {
    share <- as.complex(rep(1, nrow(data)))
    share[i] <- share[i] + complex(imaginary = h)
    Im(theta(share * forward(share))) / h
  }, 0)
  parts <- vapply(unique(data$stype), function(s) {
    here <- data$stype == s
    n <- sum(here)
    (1 - n / data$fpc[here][1]) * n / (n - 1) * sum((t[here] - mean(t[here]))^2)
  }, 0)
  se <- sqrt(sum(parts))
  df <- degf(part)
  row(statistic, item, domain, coef(estimate), se, df, sum(weights(part) != 0),
      deff = as.numeric(deff(estimate)) * (se / as.numeric(SE(estimate)))^2,
      ci = interval(as.numeric(coef(estimate)), se, df))
  cat("# se of survey: ", number(SE(estimate)), "\n", sep = "")
}
mean_of <- function(inside) function(w) sum(w * inside * data$api00) / sum(w * inside)
exact("mean", "api00", "all", svymean(~api00, trimmed, deff = TRUE), mean_of(1), trimmed)
exact("total", "enroll", "all", svytotal(~enroll, trimmed, deff = TRUE), function(w) sum(w * data$enroll), trimmed)
for (label in c("No", "Yes")) {
  part <- subset(trimmed, comp.imp == label)
  exact("mean", "api00", label, svymean(~api00, part, deff = TRUE), mean_of(data$comp.imp == label), part)
}

versions("survey")
