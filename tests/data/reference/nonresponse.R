# Steps for nonresponse beyond given classes, in numbers that may be complex: see naive.R.

# Log-odds fitted by Newton's method; v are the weights of cases, r whether they answered.
logistic <- function(x, r, v) {
  beta <- rep(0i, ncol(x))
  for (round in 1:60) {
    p <- 1 / (1 + exp(-drop(x %*% beta)))
    beta <- beta + solve(t(x) %*% (x * (v * p * (1 - p))), drop(t(x) %*% (v * (r - p))))
  }
  beta
}

# The weight is divided by the propensity. `share` is how often a unit is in the sample, for a regression
# that does not look at weights: w / d.
propensity_step <- function(takes, gives, x, d = NULL) {
  eligible <- takes | gives
  x <- x[eligible, , drop = FALSE]
  r <- as.numeric(takes[eligible])
  fitted <- function(w) {
    v <- if (is.null(d)) w else w / d
    p <- rep(1 + 0i, length(w))
    p[eligible] <- 1 / (1 + exp(-drop(x %*% logistic(x, r, v[eligible]))))
    p
  }
  forward <- function(w) {
    after <- ifelse(takes, w / fitted(w), ifelse(gives, 0, w))
    if (is.complex(w)) after else Re(after)
  }
  # Answering is a coin for everybody, with chance p: of the population's score Σ r z / p − (v/d)(r − p) x′γ
  # the variance is Σ p (1 − p) (z / p − (v/d) x′γ)², estimated by Σ d r / p of the same.
  extra <- function(before, z) {
    p <- Re(fitted(before))
    v <- if (is.null(d)) before else before / d
    w <- before[eligible]; q <- p[eligible]; u <- v[eligible]
    gamma <- solve(t(x) %*% (x * (u * q * (1 - q))), drop(t(x) %*% (r * w * z[eligible] / q * (1 - q))))
    sum(w * r / q * q * (1 - q) * (z[eligible] / q - u / w * drop(x %*% gamma))^2)
  }
  list(forward = forward, extra = extra, fitted = fitted)
}

# Known totals are met through instruments: w = d F(z′λ), Σ w x = T. `keeps` have a fixed factor of 1.
instrument_step <- function(takes, gives, x, z, totals, F, slope) {
  keeps <- !takes & !gives
  solved <- function(w) {
    lambda <- rep(0i, ncol(z))
    held <- colSums(w[keeps] * x[keeps, , drop = FALSE])
    xr <- x[takes, , drop = FALSE]; zr <- z[takes, , drop = FALSE]; wr <- w[takes]
    for (round in 1:80) {
      u <- drop(zr %*% lambda)
      step <- solve(t(xr) %*% (zr * (wr * slope(u))), totals - held - drop(t(xr) %*% (wr * F(u))))
      lambda <- lambda + if (round < 20) step / 2 else step
    }
    lambda
  }
  forward <- function(w) {
    factor <- rep(1 + 0i, length(w))
    factor[takes] <- F(drop(z[takes, , drop = FALSE] %*% solved(w)))
    factor[gives] <- 0
    if (is.complex(w)) w * factor else Re(w * factor)
  }
  extra <- function(before, score) {
    if (!any(gives)) return(0)
    u <- Re(drop(z[takes, , drop = FALSE] %*% solved(before)))
    xr <- x[takes, , drop = FALSE]; zr <- z[takes, , drop = FALSE]
    q <- before[takes] * slope(u)
    B <- solve(t(zr) %*% (xr * q), drop(t(zr) %*% (q * score[takes])))
    f <- F(u)
    sum((before[takes] * f * (f - 1) * (score[takes] - drop(xr %*% B))^2)[f > 1])
  }
  list(forward = forward, extra = extra)
}

# Classes that a tree finds, looking at every way to part the levels.
tree_classes <- function(takes, gives, columns, ordered, least, level, w) {
  class <- ifelse(takes | gives, "", NA)
  grow <- function(rows, name) {
    v <- w[rows] * sum(w[rows]) / sum(w[rows]^2)
    yes <- takes[rows]
    likelihood <- function(inside) {
      n <- sum(v[inside]); k <- sum(v[inside & yes])
      term <- function(a) if (a > 0) a * log(a / n) else 0
      term(k) + term(n - k)
    }
    best <- NULL; ways <- 0
    for (column in names(columns)) {
      values <- columns[[column]][rows]
      levels <- sort(unique(values))
      if (length(levels) < 2) next
      cuts <- length(levels) - 1
      sets <- if (ordered[[column]]) lapply(seq_len(cuts), function(k) levels[1:k]) else
        lapply(seq_len(2^cuts - 1), function(m) levels[c(bitwAnd(m, 2^(0:(cuts - 1))) > 0, FALSE)])
      ways <- ways + length(sets)
      for (set in sets) {
        left <- values %in% set
        if (sum(left) < least || sum(!left) < least || !any(yes & left) || !any(yes & !left)) next
        gain <- 2 * (likelihood(left) + likelihood(!left) - likelihood(rep(TRUE, length(v))))
        if (is.null(best) || gain > best$gain) best <- list(gain = gain, left = left)
      }
    }
    if (is.null(best) || ways * pchisq(best$gain, 1, lower.tail = FALSE) > level) {
      class[rows] <<- name
      return(invisible())
    }
    grow(rows[best$left], paste0(name, "l"))
    grow(rows[!best$left], paste0(name, "r"))
  }
  grow(which(takes | gives), "t")
  ifelse(is.na(class), "t", class)
}
