# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey", "MASS")

raked <- calibrate(design, ~ stype + api99, totals, calfun = "raking", epsilon = 1e-13)
known_weights(weights(raked), weights(design))

# Weights from how often units are in the sample, and from the totals of E, H, M and api99.
x <- cbind(sapply(c("E", "H", "M"), function(s) as.numeric(data$stype == s)), data$api99 / 1000)
wanted <- c(4421, 755, 1018, 3914069)
stopifnot(all.equal(unname(totals), c(sum(wanted[1:3]), wanted[2:4])))
forward <- function(share, T) {
  d <- share * data$pw
  T <- T / c(1, 1, 1, 1000)
  pull <- complex(4)
  for (round in 1:60) {
    f <- exp(drop(x %*% pull))
    pull <- pull + solve(t(x) %*% (x * (d * f)), T - drop(t(x) %*% (d * f)))
  }
  d * exp(drop(x %*% pull))
}
V <- matrix(c(8100, -900, 400, 4.5e6,  -900, 1600, 100, 0.5e6,  400, 100, 2500, 1e6,  4.5e6, 0.5e6, 1e6, 4e9), 4)
stopifnot(isSymmetric(V), all(eigen(V)$values > 0))
h <- 1e-30
step <- function(n, i) { one <- as.complex(rep(0, n)); one[i] <- complex(imaginary = h); one }
exact <- function(statistic, item, domain, estimate, theta, part) {
  n <- nrow(data)
  z <- vapply(seq_len(n), function(i) Im(theta(forward(1 + step(n, i), wanted))) / h, 0)
  B <- vapply(1:4, function(k) Im(theta(forward(rep(1, n), wanted + step(4, k)))) / h, 0)
  t <- tapply(z, data$dnum, sum)
  m <- length(t)
  own <- (1 - m / data$fpc[1]) * m / (m - 1) * sum((t - mean(t))^2)
  extra <- drop(t(B) %*% V %*% B)
  se <- sqrt(own + extra)
  df <- degf(part)
  value <- as.numeric(coef(estimate))
  row(statistic, item, domain, value, se, df, sum(weights(part) != 0),
      deff = as.numeric(deff(estimate)) * (se / as.numeric(SE(estimate)))^2, ci = interval(value, se, df))
  cat("# of the variance, ", number(extra), " comes with the totals; without it, se is ", number(sqrt(own)), "\n", sep = "")
}
mean_of <- function(inside) function(w) sum(w * inside * data$api00) / sum(w * inside)
exact("mean", "api00", "all", svymean(~api00, raked, deff = TRUE), mean_of(1), raked)
exact("total", "enroll", "all", svytotal(~enroll, raked, deff = TRUE), function(w) sum(w * data$enroll), raked)
for (label in c("E", "H", "M")) {
  part <- subset(raked, stype == label)
  exact("mean", "api00", label, svymean(~api00, part, deff = TRUE), mean_of(data$stype == label), part)
}

versions("survey", "MASS")
