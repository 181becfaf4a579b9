# What R's survey makes of unequal chances: the counties of its election data, and shops of our own.
# LC_ALL=C.UTF-8 Rscript make.R
suppressPackageStartupMessages({library(survey); library(sampling)})
options(warn = 1)

number <- function(x) trimws(formatC(as.numeric(x), digits = 17, format = "g"))
written <- function(data, file) write.csv(data, file, row.names = FALSE, quote = FALSE, na = "")

rows <- NULL
add <- function(case, statistic, variable, domain, estimate, design) {
  rows <<- rbind(rows, data.frame(case, statistic, variable, domain, value = number(coef(estimate)),
                                  se = number(SE(estimate)), df = degf(design), n = sum(weights(design) != 0)))
}

# 40 counties of the United States, drawn by Tillé's method with chances in proportion to votes.
data(election)
counties <- with(election_pps, data.frame(
  county = make.unique(as.character(County)), votes, bush = Bush, kerry = Kerry, nader = Nader, p, weight = 1 / p,
  side = ifelse(Kerry > Bush, "kerry", "bush")))
counties$county <- gsub("[, ]+", "_", counties$county)
for (name in c("p", "weight")) counties[[name]] <- number(counties[[name]])
written(counties, "counties.csv")
joint <- unname(election_jointprob)
square <- as.data.frame(apply(joint, 2, number))
names(square) <- counties$county
written(square, "square.csv")
at <- which(upper.tri(joint, diag = TRUE), arr.ind = TRUE)
# In an order of their own, and with ids.
at <- at[order(at[, 2], -at[, 1]), ]
written(data.frame(unit = counties$county[at[, 1]], other = counties$county[at[, 2]], chance = number(joint[at])),
        "pairs.csv")

counties <- read.csv("counties.csv")
figures <- function(case, design) {
  for (part in c("all", "bush")) {
    d <- if (part == "all") design else subset(design, side == "bush")
    add(case, "total", "kerry", part, svytotal(~kerry, d), d)
    add(case, "mean", "votes", part, svymean(~votes, d), d)
    add(case, "ratio", "nader / votes", part, svyratio(~nader, ~votes, d), d)
  }
}
of <- function(...) svydesign(id = ~1, fpc = ~p, data = counties, ...)
figures("brewer", of(pps = "brewer"))
for (variance in c("HT", "YG")) {
  tell <- function(case) paste(case, tolower(variance))
  figures(tell("overton"), of(pps = "overton", variance = variance))
  figures(tell("hartley-rao"), of(pps = HR(), variance = variance))
  figures(tell("joint"), of(pps = ppsmat(joint), variance = variance))
}
# Model: a regression uses the same design.
fit <- svyglm(kerry ~ votes, of(pps = "brewer"))
for (k in 1:2) rows <- rbind(rows, data.frame(case = "brewer", statistic = "coefficient",
  variable = names(coef(fit))[k], domain = "all", value = number(coef(fit)[k]), se = number(SE(fit)[k]),
  df = fit$df.residual, n = 40))

# All shops of two regions, and those drawn by Sampford's method.
set.seed(20260401)
shops <- data.frame(region = rep(c("coast", "town"), c(14, 22)), size = round(exp(rnorm(36, 3, 0.5))))
take <- c(coast = 5, town = 7)
for (h in names(take)) shops$pi[shops$region == h] <- inclusionprobabilities(shops$size[shops$region == h], take[[h]])
stopifnot(sum(shops$pi >= 1) == 0)
shops$staff <- round(shops$size * runif(36, 0.1, 0.3)) + 1
shops$pi <- number(shops$pi)
written(shops[c("region", "size", "pi")], "shops.csv")
shops$pi <- as.numeric(shops$pi)
chosen <- unlist(lapply(names(take), function(h) {
  here <- which(shops$region == h)
  here[UPsampford(shops$pi[here]) == 1]
}))
pairs <- matrix(0, 36, 36)
for (h in names(take)) for (g in names(take)) {
  a <- which(shops$region == h); b <- which(shops$region == g)
  pairs[a, b] <- if (h == g) UPsampfordpi2(shops$pi[a]) else outer(shops$pi[a], shops$pi[b])
}
drawn <- shops[chosen, ]
drawn$weight <- number(1 / drawn$pi)
drawn$pi <- number(drawn$pi)
written(drawn, "drawn.csv")
drawn <- read.csv("drawn.csv")
for (variance in c("HT", "YG")) {
  design <- svydesign(id = ~1, strata = ~region, fpc = ~pi, data = drawn, pps = ppsmat(pairs[chosen, chosen]),
                      variance = variance)
  case <- paste("sampford", tolower(variance))
  add(case, "total", "staff", "all", svytotal(~staff, design), design)
  add(case, "mean", "staff", "all", svymean(~staff, design), design)
}

# Each county on its own: Poisson sampling.
poisson <- svydesign(id = ~1, fpc = ~p, data = counties, pps = poisson_sampling(counties$p))
add("poisson", "total", "kerry", "all", svytotal(~kerry, poisson), poisson)
add("poisson", "mean", "votes", "all", svymean(~votes, poisson), poisson)

# With replacement.
replaced <- svydesign(id = ~1, weights = ~weight, data = counties)
add("hansen-hurwitz", "total", "kerry", "all", svytotal(~kerry, replaced), replaced)
add("hansen-hurwitz", "ratio", "nader / votes", "all", svyratio(~nader, ~votes, replaced), replaced)

written(rows, "expected.csv")
writeLines(c(R.version.string, paste("survey", packageVersion("survey")), paste("sampling", packageVersion("sampling"))))
