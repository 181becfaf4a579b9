# Rscript make.R > expected.toml
source("../lonely.R")
programs("survey")

# By hand. survey 4.1 measures the one school from 0, survey 4.5 from the mean of all clusters: of a mean
# that is the same, because its scores add up to 0.
options(survey.lonely.psu = "adjust")
design <- schools(strata = ~dnum)

by_hand <- function(scores, part) {
  strata <- part$variables$dnum
  drawn <- tapply(data$api00, data$dnum, length)[as.character(sort(unique(strata)))]
  centre <- sum(scores) / sum(drawn)
  sqrt(sum(sapply(names(drawn), function(h) {
    n <- drawn[[h]]
    mine <- c(scores[strata == h], rep(0, n - sum(strata == h)))
    if (n == 1) (mine - centre)^2 else n / (n - 1) * sum((mine - mean(mine))^2)
  })))
}
adjusted <- function(statistic, item, domain, estimate, scores, part) {
  se <- by_hand(scores, part)
  value <- as.numeric(coef(estimate))
  if (statistic == "total") {
    stopifnot(se < SE(estimate))
  } else {
    stopifnot(abs(se / as.numeric(SE(estimate)) - 1) < 1e-12)
  }
  effect <- as.numeric(deff(estimate)) * (se / as.numeric(SE(estimate)))^2
  row(statistic, item, domain, value, se, degf(part), nrow(part), deff = effect,
      ci = interval(value, se, degf(part)))
}
mean_and_total <- function(domain, part) {
  w <- weights(part)
  y <- part$variables$api00
  mean <- svymean(~api00, part, deff = TRUE)
  adjusted("mean", "api00", domain, mean, w * (y - coef(mean)) / sum(w), part)
  adjusted("total", "api00", domain, svytotal(~api00, part, deff = TRUE), w * y, part)
}

mean_and_total("all", design)
ratio <- svyratio(~api.stu, ~enroll, design, deff = TRUE)
w <- weights(design)
scores <- w * (data$api.stu - as.numeric(coef(ratio)) * data$enroll) / sum(w * data$enroll)
adjusted("ratio", "api.stu / enroll", "all", ratio, scores, design)
# Schools that did not improve are none of 413's: survey has nothing to adjust.
part <- subset(design, comp.imp == "No")
said("mean", "api00", "No", svymean(~api00, part, deff = TRUE), part)
said("total", "api00", "No", svytotal(~api00, part, deff = TRUE), part)
mean_and_total("Yes", subset(design, comp.imp == "Yes"))

versions("survey")
