# Change between two waves of a draw in stages, by their first stage: R 4.2.2, survey 4.1-1.
# Rscript make.R; waves.csv and expected.csv are written here.
suppressMessages(library(survey))
options(digits = 17)
set.seed(7)

# Two regions with 9 and 7 branches in either wave, of which they share 6 and 7; and some customers of each.
branches <- list(north = list(1:9, 4:12), south = list(1:7, 1:7))
rows <- list()
for (wave in 1:2) for (region in names(branches)) for (b in branches[[region]][[wave]]) {
  m <- 2 + (b * 5 + wave) %% 4
  # A branch is what it is in both waves.
  level <- 40 + 9 * ((b * 37) %% 11) + 6 * (region == "south") + 5 * wave
  y <- round(level + rnorm(m, 0, 12), 1)
  w <- round(20 + 3 * ((b * 7) %% 5) + runif(m, 0, 4), 2)
  age <- ifelse((seq_len(m) + b) %% 3 == 0, "old", "young")
  customer <- sprintf("%s-%02d-%d", substr(region, 1, 1), b, seq_len(m))
  rows[[length(rows) + 1]] <- data.frame(wave, region, branch = sprintf("b%02d", b), customer, w, age, y)
}
data <- do.call(rbind, rows)
write.csv(data, "waves.csv", row.names = FALSE, quote = FALSE)

d <- svydesign(ids = ~branch, strata = ~region, weights = ~w, data = data, nest = TRUE)
line <- function(statistic, domain) {
  of <- if (domain == "all") d else subset(d, age == domain)
  f <- if (statistic == "mean") svymean else svytotal
  by <- svyby(~y, ~wave, of, f, covmat = TRUE)
  change <- svycontrast(by, c(-1, 1))
  V <- vcov(by)
  data.frame(statistic, domain, first = coef(by)[1], second = coef(by)[2], change = coef(change)[1],
             se = SE(change)[1], se_first = sqrt(V[1, 1]), se_second = sqrt(V[2, 2]), covariance = V[1, 2],
             df = degf(of))
}
all <- expand.grid(statistic = c("mean", "total"), domain = c("all", "old", "young"), stringsAsFactors = FALSE)
expected <- do.call(rbind, Map(line, all$statistic, all$domain))
number <- sapply(expected, is.numeric)
expected[number] <- lapply(expected[number], function(x) trimws(formatC(x, digits = 16, format = "g")))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
print(expected)
sessionInfo()
