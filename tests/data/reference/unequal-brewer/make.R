# Rscript make.R > expected.toml
# data.csv was written by this program with "data" as its argument: Rscript make.R data
if (identical(commandArgs(TRUE), "data")) {
  suppressPackageStartupMessages(library(sampling))
  set.seed(20260301)
  N <- c(coast = 30, town = 50)
  shops <- data.frame(region = rep(names(N), N), size = round(exp(rnorm(sum(N), 3, 0.6))))
  shops$place <- sample(c("high street", "mall"), sum(N), TRUE)
  shops$staff <- round(shops$size * runif(sum(N), 0.1, 0.3)) + 1
  shops$sales <- round(shops$size * runif(sum(N), 1, 3), 1)
  take <- c(coast = 7, town = 11)
  drawn <- do.call(rbind, lapply(names(N), function(h) {
    here <- shops[shops$region == h, ]
    here$pi <- inclusionprobabilities(here$size, take[[h]])
    stopifnot(all(here$pi < 1))
    here[UPsampford(here$pi) == 1, ]
  }))
  drawn$weight <- 1 / drawn$pi
  for (name in c("pi", "weight")) drawn[[name]] <- trimws(formatC(drawn[[name]], digits = 17, format = "g"))
  write.csv(drawn, "data.csv", row.names = FALSE, quote = FALSE)
  quit()
}
source("../unequal.R")
programs("survey")
figures(svydesign(id = ~1, strata = ~stratum, fpc = ~pi, data = data, pps = "brewer"))
versions("survey")
