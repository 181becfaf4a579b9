# Cases with the districts' schools, calibrated: weights and figures of a design of R's survey.
source("../survey.R")

data <- read.csv("../../api/apiclus1.csv")
population <- read.csv("../../api/apipop.csv")
design <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = data)
totals <- colSums(model.matrix(~ stype + api99, population))

known_weights <- function(weights, before) {
  cat("\n[weights]\n")
  factors <- range(weights / before)
  line("sum", number(sum(weights)))
  line("smallest", number(min(weights)))
  line("largest", number(max(weights)))
  line("smallest_factor", number(factors[1]))
  line("largest_factor", number(factors[2]))
}

# Figures as survey has them.
figures <- function(calibrated) {
  known_weights(weights(calibrated), weights(design))
  said("mean", "api00", "all", svymean(~api00, calibrated, deff = TRUE), calibrated)
  said("total", "enroll", "all", svytotal(~enroll, calibrated, deff = TRUE), calibrated)
  for (label in c("E", "H", "M")) {
    part <- subset(calibrated, stype == label)
    said("mean", "api00", label, svymean(~api00, part, deff = TRUE), part)
  }
}

# Figures whose scores are derivatives of the whole estimator by each unit's share in the sample, taken
# with a complex step. `forward` gives weights from such shares.
derived <- function(calibrated, forward) {
  w <- weights(calibrated)
  stopifnot(max(abs(forward(rep(1, nrow(data))) / w - 1)) < 1e-10)
  known_weights(w, weights(design))
  h <- 1e-30
  exact <- function(statistic, item, domain, estimate, theta, part) {
    scores <- vapply(seq_len(nrow(data)), function(i) {
      share <- as.complex(rep(1, nrow(data)))
      share[i] <- share[i] + complex(imaginary = h)
      Im(theta(share * forward(share))) / h
    }, 0)
    t <- tapply(scores, data$dnum, sum)
    n <- length(t)
    se <- sqrt((1 - n / data$fpc[1]) * n / (n - 1) * sum((t - mean(t))^2))
    value <- theta(w)
    stopifnot(abs(value / as.numeric(coef(estimate)) - 1) < 1e-10)
    df <- degf(part)
    row(statistic, item, domain, coef(estimate), se, df, sum(weights(part) != 0),
        deff = as.numeric(deff(estimate)) * (se / as.numeric(SE(estimate)))^2, ci = interval(value, se, df))
    cat("# se of survey: ", number(SE(estimate)), "\n", sep = "")
  }
  mean_of <- function(inside) function(w) sum(w * inside * data$api00) / sum(w * inside)
  exact("mean", "api00", "all", svymean(~api00, calibrated, deff = TRUE), mean_of(1), calibrated)
  exact("total", "enroll", "all", svytotal(~enroll, calibrated, deff = TRUE), function(w) sum(w * data$enroll), calibrated)
  for (label in c("E", "H", "M")) {
    part <- subset(calibrated, stype == label)
    exact("mean", "api00", label, svymean(~api00, part, deff = TRUE), mean_of(data$stype == label), part)
  }
}

# Newton's method in complex numbers, with F and F′ of a distance.
newton <- function(F, slope) {
  x <- model.matrix(~ stype + api99, data)
  x[, "api99"] <- x[, "api99"] / 1000
  wanted <- totals / c(1, 1, 1, 1000)
  function(share) {
    d <- share * data$pw
    pull <- complex(4)
    for (round in 1:60) {
      u <- drop(x %*% pull)
      pull <- pull + solve(t(x) %*% (x * (d * slope(u))), wanted - drop(t(x) %*% (d * F(u))))
    }
    data$pw * F(drop(x %*% pull))
  }
}
