# Numbers for report cards of weights: LC_ALL=C.UTF-8 Rscript make.R
# Henry's design effect by its published formula, Chen and Rust's by the formulas of PracTools' deffCR.
suppressMessages(library(survey))
p <- function(name, x) cat(name, sprintf("%.17g", x), "\n")
kish <- function(w) length(w) * sum(w^2) / sum(w)^2

wv <- function(x, w) sum(w * (x - weighted.mean(x, w))^2) / sum(w)
wc <- function(a, b, w) sum(w * (a - weighted.mean(a, w)) * (b - weighted.mean(b, w))) / sum(w)
henry <- function(w, y, x = NULL) {
    n <- length(w)
    fit <- if (is.null(x)) lm(y ~ 1, weights = w) else lm(y ~ x, weights = w)
    a <- coef(fit)[[1]]
    u <- a + resid(fit)
    rho <- function(v) wc(v, w, w) / sqrt(wv(v, w) * wv(w, w))
    kish(w) * wv(u, w) / wv(y, w) + n * sqrt(wv(w, w)) / (sum(w) * wv(y, w)) *
        (rho(u^2) * sqrt(wv(u^2, w)) - 2 * a * rho(u) * sqrt(wv(u, w)))
}

sigma2 <- function(w, y) {
    n <- length(w)
    n / (n - 1) * sum(w * (y - weighted.mean(y, w))^2) / (sum(w) - 1)
}
chen_rust <- function(w, y, h = rep("all", length(w)), cl = NULL) {
    n <- length(w)
    t(sapply(unique(h), function(g) {
        i <- h == g
        wh <- w[i]; yh <- y[i]; nh <- sum(i)
        dw <- 1 + (nh - 1) / nh * var(wh) / mean(wh)^2
        ds <- (sum(wh) / sum(w))^2 / nh * n * sigma2(wh, yh) / sigma2(w, y)
        if (is.null(cl)) return(c(w = dw, c = 1, s = ds, size = NA, rho = NA))
        d <- svydesign(ids = ~cl, strata = ~h, weights = ~w, nest = TRUE, data = data.frame(y, h, cl, w))
        deffh <- deff(svymean(~y, subset(d, h == g), deff = TRUE))[[1]]
        size <- sum(tapply(wh, cl[i], sum)^2) / sum(wh^2)
        rho <- (deffh - dw) / (dw * (size - 1))
        c(w = dw, c = 1 + (size - 1) * rho, s = ds, size = size, rho = rho)
    }))
}
overall <- function(m) sum(m[, "w"] * m[, "c"] * m[, "s"])

cat("henry by hand\n")
w <- c(3, 5, 8, 13, 21, 4); y <- c(9, 4, 6, 1, 3, 7)
x <- c(5, 3, 3, 1, 1, 2); z <- c(0, 1, 0, 1, 0, 1)
p("one", henry(w, y, x)); p("two", henry(w, y, cbind(x, z))); p("none", henry(w, y))

cat("chen-rust by hand\n")
w <- c(3, 5, 8, 13, 21, 4, 6, 9, 2.5, 7); y <- c(9, 4, 6, 1, 3, 7, 8, 2, 5, 6.5)
h <- rep(c("a", "b"), each = 5); cl <- c(1, 1, 2, 2, 3, 4, 4, 5, 5, 6)
m <- chen_rust(w, y, h, cl)
for (g in rownames(m)) p(g, m[g, ])
p("overall", overall(m)); p("strata", overall(chen_rust(w, y, h)))
p("clusters", overall(chen_rust(w, y, cl = cl))); p("kish", overall(chen_rust(w, y)))

cat("apistrat, apiclus1\n")
s <- read.csv("../api/apistrat.csv")
p("henry enroll+stype", with(s, henry(pw, api00, cbind(enroll, stype == "H", stype == "M"))))
m <- with(s, chen_rust(pw, api00, stype))
for (g in rownames(m)) p(g, m[g, 1:3])
p("overall", overall(m))
k <- read.csv("../api/apiclus1.csv")
m <- with(k, chen_rust(pw, api00, cl = dnum))
p("all", m[1, ]); p("overall", overall(m))

cat("factors\n")
f <- data.frame(base = c(10, 10, 20, 20, 40), nr = c(1.5, 0, 1.2, 1.5, 1.25), cal = c(0.9, 1, 1.1, 1.05, 0.8))
cum <- t(apply(f, 1, cumprod))
for (j in 1:3) p(names(f)[j], c(sum(cum[, j]), kish(cum[cum[, j] > 0, j]), kish(cum[cum[, 3] > 0, j])))
sessionInfo()$R.version$version.string
packageVersion("survey")
