# Sets of ranks in one step and by steps: R 4.2.2.
# Rscript make.R; three.csv is written here, and what is printed stands in src/estimate/compare/ranks/tests.rs and in
# tests/coverage/ranks.rs.
options(digits = 12)

# A statement (i, j) says that i is above j. All of them are a matrix of two columns.
statements <- function(k) {
  all <- as.matrix(expand.grid(i = seq_len(k), j = seq_len(k)))
  all[all[, 1] != all[, 2], ]
}
contrast <- function(s, k) {
  rows <- matrix(0, nrow(s), k)
  rows[cbind(seq_len(nrow(s)), s[, 1])] <- 1
  rows[cbind(seq_len(nrow(s)), s[, 2])] <- -1
  rows
}

# P(max T <= c) of three figures, exact: T lies in a plane, its direction is an angle, its length an F.
below_three <- function(c, rows, V, df) {
  D <- rbind(c(1, -1, 0), c(0, 1, -1))
  root <- t(chol(D %*% V %*% t(D)))
  B <- t(apply(rows, 1, function(r) qr.solve(t(D), r))) %*% root
  B <- B / sqrt(rowSums(B^2))
  # Between two angles at which another row is the largest, the integrand is smooth.
  angles <- atan2(B[, 2], B[, 1])
  cuts <- outer(angles, angles, "+") / 2
  cuts <- sort(unique(round(c(0, 2 * pi, c(cuts, cuts + pi, angles + pi / 2, angles - pi / 2) %% (2 * pi)), 12)))
  f <- function(phi) {
    m <- pmax(0, apply(B %*% rbind(cos(phi), sin(phi)), 2, max))
    ifelse(m > 0, pf(c^2 / (2 * m^2), 2, df), 1)
  }
  part <- function(a, b) integrate(f, a, b, rel.tol = 1e-11, abs.tol = 1e-13)$value
  sum(mapply(part, head(cuts, -1), tail(cuts, -1))) / (2 * pi)
}

critical <- function(s, V, df) {
  rows <- contrast(s, 3)
  uniroot(function(c) below_three(c, rows, V, df) - 0.95, c(1, 8), tol = 1e-11)$root
}

# Statements that are sure: in one step, and by steps. `c_of` gives the critical value of statements.
sure <- function(values, V, c_of) {
  all <- statements(length(values))
  d <- values[all[, 1]] - values[all[, 2]]
  t <- d / sqrt(V[cbind(all[, 1], all[, 1])] + V[cbind(all[, 2], all[, 2])] - 2 * V[all])
  open <- rep(TRUE, nrow(all))
  used <- c()
  repeat {
    if (!any(open)) break
    c <- c_of(open)
    used <- c(used, c)
    told <- open & t > c
    if (length(used) == 1) one <- told
    if (!any(told)) break
    open <- open & !told
  }
  list(one = all[one, , drop = FALSE], steps = all[!open, , drop = FALSE], critical = used, t = t)
}
sets <- function(s, k) cbind(1 + tabulate(s[, 2], k), k - tabulate(s[, 1], k))

# Three figures: values, covariances, degrees of freedom; both kinds of sets, and the critical values.
three <- list(
  list(c(10, 3.2, 0), diag(3), 500),
  list(c(10, 3.05, 0), diag(3), 500),
  list(c(10, 3.2, 0), diag(3), 9),
  list(c(10, 3.6, 0), diag(3), 9),
  list(c(2.6, 0.4, 0), matrix(c(1, .5, .2, .5, 2, -.3, .2, -.3, .5), 3), 24),
  list(c(7.5, 0, 2.7), matrix(c(1, .5, .2, .5, 2, -.3, .2, -.3, .5), 3), 24),
  list(c(7.5, 0, 4.2), matrix(c(1, .5, .2, .5, 2, -.3, .2, -.3, .5), 3), 24),
  list(c(1, 1, 1), diag(3), 40)
)
line <- function(case) {
  V <- case[[2]]
  df <- case[[3]]
  all <- statements(3)
  r <- sure(case[[1]], V, function(open) critical(all[open, , drop = FALSE], V, df))
  near <- min(abs(outer(r$t, r$critical, "-")))
  c(case[[1]], V[lower.tri(V, diag = TRUE)], df, t(sets(r$one, 3)), t(sets(r$steps, 3)), r$critical[1:2], near)
}
names <- c("y1", "y2", "y3", "v11", "v21", "v31", "v22", "v32", "v33", "df",
           paste0("one_", c("best1", "worst1", "best2", "worst2", "best3", "worst3")),
           paste0("steps_", c("best1", "worst1", "best2", "worst2", "best3", "worst3")), "c1", "c2", "near")
table <- do.call(rbind, lapply(three, line))
colnames(table) <- names
write.csv(format(as.data.frame(table), digits = 12, trim = TRUE), "three.csv", row.names = FALSE, quote = FALSE)
print(table[, c("c1", "c2", "near")])

# One figure far above two that are 2.7 standard errors apart, of independent figures alike in variance, which is
# known to 9 degrees of freedom: how often steps tell the two apart, and one step does not.
c12 <- table[3, c("c1", "c2")]
print(c(share = sum(pt(c12, 9, 2.7) * c(1, -1)) - sum(pt(-c12, 9, 2.7) * c(1, -1))))

# Independent intervals that hold at once: the largest of K independent |t| with one variance.
modulus <- function(K, df) {
  beyond <- function(c) integrate(function(q) (2 * pnorm(c * sqrt(qchisq(q, df) / df)) - 1)^K, 0, 1,
                                  rel.tol = 1e-10)$value
  uniroot(function(c) beyond(c) - .95, c(1, 8), tol = 1e-11)$root
}
print(c(modulus(3, 9), modulus(6, 234)))

# Four firms, 40 customers drawn of each firm's 400; differences have 78 degrees of freedom and all figures 156.
# Critical values are those of many draws in which nothing differs, where firms are alike in variance; t is taken
# from 156 degrees to 78 by its p.
set.seed(20)
all <- statements(4)
K <- 1e6
z <- matrix(rnorm(4 * K), K) / sqrt(rchisq(K, 156) / 156)
zero <- (z[, all[, 1]] - z[, all[, 2]]) / sqrt(2)
known <- list()
c_of <- function(open) {
  key <- paste(which(open), collapse = " ")
  if (is.null(known[[key]])) {
    largest <- do.call(pmax, lapply(which(open), function(s) zero[, s]))
    known[[key]] <<- quantile(largest, .95, names = FALSE)
  }
  known[[key]]
}
carry <- function(c) qt(pt(c, 156), 78)
firms <- function(truth, draws) {
  se <- sqrt((1 - .1) / 40)
  found <- replicate(draws, {
    s2 <- se^2 * rchisq(4, 39) / 39
    r <- sure(truth + rnorm(4, 0, se), diag(s2), function(open) carry(c_of(open)))
    wrong <- function(s) any(truth[s[, 1]] <= truth[s[, 2]])
    c(narrower = nrow(r$steps) > nrow(r$one), one = !wrong(r$one), steps = !wrong(r$steps))
  })
  rowMeans(found)
}
print(c(qtukey(.95, 4, 156) / sqrt(2), c_of(rep(TRUE, 12))))
print(firms(c(10.54, 10, .54, 0), 40000))
print(firms(c(10, 10, 0, 0), 40000))
print(firms(c(0, 0, 0, 0), 40000))
sessionInfo()
