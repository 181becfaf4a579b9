# Weights in steps, and variances by differentiating all of them: plain arithmetic, made without the
# formulas that canvass goes back through a step with.
#
# The linearised score of a unit is the derivative of the whole estimator with respect to the unit's
# weight (Demnati, Rao 2004). It is taken with a complex step, which is exact to the last digits:
# θ'(w) = Im θ(w + ih) / h.
source("../rows.R")

# Within classes, givers hand their weight to takers.
class_step <- function(takes, gives, class) {
  forward <- function(w) {
    for (c in unique(class)) {
      here <- class == c
      factor <- sum(w[here & (takes | gives)]) / sum(w[here & takes])
      w[here & takes] <- factor * w[here & takes]
    }
    w[gives] <- 0
    w
  }
  # What answering by chance adds, with z the scores after the step.
  extra <- function(before, z) {
    after <- forward(before)
    added <- 0
    for (c in unique(class[takes])) {
      here <- class == c & takes
      mean <- sum(after[here] * z[here]) / sum(after[here])
      f <- after[here] / before[here]
      added <- added + sum(before[here] * f * (f - 1) * (z[here] - mean)^2)
    }
    added
  }
  list(forward = forward, extra = extra)
}

# Margins are met in turns; `margins` is a list of list(column, totals by level).
rake_step <- function(margins, rounds = 100) {
  forward <- function(w) {
    for (round in seq_len(rounds)) for (margin in margins) for (level in names(margin$totals)) {
      here <- margin$column == level
      w[here] <- w[here] * margin$totals[[level]] / sum(w[here])
    }
    for (margin in margins) for (level in names(margin$totals)) {
      stopifnot(Mod(sum(w[margin$column == level]) / margin$totals[[level]] - 1) < 1e-13)
    }
    w
  }
  list(forward = forward, extra = function(before, z) 0)
}

through <- function(w, steps) {
  for (step in steps) w <- step$forward(w)
  w
}

derivative <- function(theta, w, steps) {
  h <- 1e-30
  vapply(seq_along(w), function(i) {
    nudged <- as.complex(w)
    nudged[i] <- nudged[i] + complex(imaginary = h)
    Im(theta(through(nudged, steps))) / h
  }, 0)
}

# The variance of Σ t over simple samples of the strata.
of_draw <- function(t, stratum, N) {
  parts <- vapply(unique(stratum), function(h) {
    here <- stratum == h
    n <- sum(here)
    (1 - n / N[here][1]) * n / (n - 1) * sum((t[here] - mean(t[here]))^2)
  }, 0)
  sum(parts)
}

# θ and V̂ of a function of the final weights.
analyse <- function(theta, stratum, N, steps) {
  d <- N / as.vector(table(stratum)[stratum])
  variance <- of_draw(d * derivative(theta, d, steps), stratum, N)
  extra <- 0
  for (k in seq_along(steps)) {
    before <- through(d, steps[seq_len(k - 1)])
    later <- steps[-seq_len(k)]
    extra <- extra + steps[[k]]$extra(before, derivative(theta, steps[[k]]$forward(before), later))
  }
  w <- through(d, steps)
  list(value = theta(w), variance = variance + extra, extra = extra, w = w,
       z = derivative(theta, w, list()))
}

# Rows of mean, total, share and ratio, for the rows `inside`.
figure <- function(statistic, item, domain, y, x = NULL, inside, stratum, N, steps) {
  counts <- inside & !is.na(y)
  if (!is.null(x)) counts <- counts & !is.na(x)
  y <- ifelse(counts, y, 0)
  below <- if (is.null(x)) as.numeric(counts) else ifelse(counts, x, 0)
  theta <- if (statistic == "total") function(w) sum(w * y) else function(w) sum(w * y) / sum(w * below)
  a <- analyse(theta, stratum, N, steps)
  df <- sum(counts) - length(unique(stratum[counts]))
  se <- sqrt(a$variance)
  # Beside a simple sample of as many answers.
  w <- a$w[counts]; z <- a$z[counts]; n <- sum(counts)
  spread <- n / (n - 1) * sum(w * (z - sum(w * z) / sum(w))^2) / sum(w)
  simple <- sum(w)^2 * (1 - n / sum(w)) * spread / n
  row(statistic, item, domain, a$value, se, df, n, deff = a$variance / simple, ci = interval(a$value, se, df))
  cat("# of the variance, ", number(a$extra), " is from answering by chance\n", sep = "")
  invisible(a)
}
