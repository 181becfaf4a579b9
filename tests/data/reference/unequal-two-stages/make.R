# Rscript make.R > expected.toml
# data.csv was written by this program with "data" as its argument: Rscript make.R data
if (identical(commandArgs(TRUE), "data")) {
  set.seed(20260302)
  villages <- data.frame(region = rep(c("coast", "town"), c(4, 5)), village = paste0("v", 1:9))
  villages$pi1 <- round(runif(9, 0.1, 0.9), 3)
  villages$houses <- sample(8:40, 9)
  drawn <- do.call(rbind, lapply(1:9, function(i) {
    n <- sample(2:5, 1)
    here <- villages[rep(i, n), ]
    here$pi2 <- n / here$houses
    here$minutes <- round(rnorm(n, 20 + i, 5), 1)
    here$calls <- rpois(n, 3) + 1
    here
  }))
  drawn$sex <- sample(c("f", "m"), nrow(drawn), TRUE)
  drawn$weight <- 1 / (drawn$pi1 * drawn$pi2)
  for (name in c("pi2", "weight")) drawn[[name]] <- trimws(formatC(drawn[[name]], digits = 17, format = "g"))
  write.csv(drawn, "data.csv", row.names = FALSE, quote = FALSE)
  quit()
}
source("../survey.R")
programs("survey")
data <- read.csv("data.csv")
data$person <- seq_len(nrow(data))
design <- svydesign(id = ~village + person, strata = ~region, fpc = ~pi1 + pi2, data = data, pps = "brewer")
rows <- function(domain, part) {
  here <- function(statistic, item, estimate)
    row(statistic, item, domain, as.numeric(coef(estimate)), as.numeric(SE(estimate)), degf(part),
        sum(weights(part) != 0), ci = confint(estimate, df = degf(part)))
  here("mean", "minutes", svymean(~minutes, part))
  here("total", "calls", svytotal(~calls, part))
  here("ratio", "minutes / calls", svyratio(~minutes, ~calls, part))
}
rows("all", design)
for (label in c("f", "m")) rows(label, subset(design, sex == label))
versions("survey")
