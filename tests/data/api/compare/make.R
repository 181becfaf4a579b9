# Numbers in src/estimate/{covariance,table,compare}/tests.rs: R 4.2.2, survey 4.1-1, mvtnorm 1.1-3.
# Rscript make.R
suppressMessages({library(survey); library(mvtnorm)})
data(api)
options(digits = 17)

strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
strat <- update(strat, q = cut(enroll, c(0, 300, 600, 1200, 9999), labels = c("a", "b", "c", "d")))
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)

# Tables: every statistic, X² and G² as of as many schools as were drawn.
tests <- function(formula, design, name) {
  cat("##", name, "\n")
  for (statistic in c("F", "Chisq", "Wald", "adjWald", "saddlepoint")) {
    r <- svychisq(formula, design, statistic = statistic)
    cat(statistic, r$statistic, r$parameter, r$p.value, "\n")
  }
  n <- nrow(design$variables)
  p <- svytable(formula, design) / sum(svytable(formula, design))
  e <- outer(rowSums(p), colSums(p))
  cat("X2", n * sum((p - e)^2 / e), "G2", 2 * n * sum(ifelse(p > 0, p * log(p / e), 0)), "\n")
}
tests(~sch.wide + stype, strat, "strat, sch.wide x stype")
tests(~sch.wide + stype, clus1, "clus1, sch.wide x stype")
tests(~q + comp.imp, strat, "strat, q x comp.imp")
tests(~q + stype, strat, "strat, q x stype")
print(unclass(svygofchisq(~q, c(.2, .4, .25, .15), strat)))
print(unclass(svygofchisq(~stype, c(.7, .1, .2), clus1)))
print(svytotal(~interaction(q, comp.imp), strat))
print(svymean(~interaction(q, comp.imp), strat))
print(svyby(~comp.imp, ~q, strat, svymean))

# Pairs: differences, p, corrected p, and the largest |t|.
by <- svyby(~api00, ~q, strat, svymean, covmat = TRUE)
V <- vcov(by)
C <- NULL
for (i in 1:3) for (j in (i + 1):4) { z <- rep(0, 4); z[i] <- 1; z[j] <- -1; C <- rbind(C, z) }
d <- C %*% coef(by)
VV <- C %*% V %*% t(C)
t <- d / sqrt(diag(VV))
df <- apply(C, 1, function(z) {
  s <- strat$variables$q %in% c("a", "b", "c", "d")[z != 0]
  sum(s) - length(unique(strat$variables$stype[s]))
})
p <- 2 * pt(-abs(t), df)
print(cbind(d, sqrt(diag(VV)), t, df, p))
for (method in c("holm", "bonferroni", "BH")) print(p.adjust(p, method))
above <- function(x, R, df) {
  set.seed(7)
  k <- nrow(R)
  1 - pmvt(rep(-x, k), rep(x, k), df = df, corr = R, algorithm = GenzBretz(maxpts = 1e5, abseps = 1e-7))
}
print(sapply(qt(1 - p / 2, 197), above, R = cov2cor(VV), df = 197))
critical <- function(R, df) uniroot(function(x) above(x, R, df) - .05, c(2, 5), tol = 1e-5)$root
print(critical(cov2cor(VV), 197))
S <- matrix(c(4, 1, .5, -1, 1, 9, 2, 0, .5, 2, 2, .3, -1, 0, .3, 1), 4, 4)
R <- cov2cor(C %*% S %*% t(C))
print(sapply(c(2, 3, 5, 8), above, R = R, df = 25))
print(sapply(c(8, 25, 197), critical, R = R))
print(qtukey(.95, 10, 190) / sqrt(2))

# Sums of chi-squares over another, by Imhof's integral.
imhof <- function(l, df, x) {
  a <- c(l, -x / df)
  h <- c(rep(1, length(l)), df)
  f <- function(u) sapply(u, function(v) sin(.5 * sum(h * atan(a * v))) / (v * prod((1 + (a * v)^2)^(h / 4))))
  .5 + integrate(f, 0, Inf, rel.tol = 1e-12, abs.tol = 1e-14, subdivisions = 5000)$value / pi
}
print(c(imhof(c(4, 2, .5), 30, 12), imhof(c(4, 2, .5), 7.3, 12), imhof(c(1.5, 1.2), 360.25, 26.75),
        imhof(c(10, 1, .1), 5.5, 2)))
sessionInfo()
