# Change between waves of a draw in stages, by their first stage: R 4.2.2, survey 4.1-1.
# Rscript make.R; waves.csv and expected.csv are written here.
suppressMessages(library(survey))
options(digits = 17)
set.seed(7)

# Two regions and their branches in four waves, and some customers of each. The second wave has the branches of the
# first, the third has none of them, and the fourth has some: 6 of 9 and 10, and 3 of 7.
branches <- list(north = list(1:9, 1:9, 21:28, 4:13), south = list(1:7, 1:7, 31:36, 5:11))
rows <- list()
for (wave in 1:4) for (region in names(branches)) for (b in branches[[region]][[wave]]) {
  m <- 2 + (b * 5 + wave) %% 4
  # A branch is what it is in all waves.
  level <- 40 + 9 * ((b * 37) %% 11) + 6 * (region == "south") + 5 * wave
  y <- round(level + rnorm(m, 0, 12), 1)
  w <- round(20 + 3 * ((b * 7) %% 5) + runif(m, 0, 4), 2)
  age <- ifelse((seq_len(m) + b) %% 3 == 0, "old", "young")
  customer <- sprintf("%s-%02d-%d", substr(region, 1, 1), b, seq_len(m))
  branch <- sprintf("%s-%02d", region, b)
  rows[[length(rows) + 1]] <- data.frame(wave, region, branch, customer, w, age, y)
}
data <- do.call(rbind, rows)
write.csv(data, "waves.csv", row.names = FALSE, quote = FALSE)

# Of the first wave and another. Where branches are common, both are one table of the same strata; where none is, each
# wave has strata of its own. Of some that are common R knows no variance but that of one table, which takes their
# number for a matter of chance.
line <- function(other, statistic, domain) {
  both <- subset(data, wave %in% c(1, other))
  both$stratum <- if (other == 2) both$region else paste(both$region, both$wave)
  d <- svydesign(ids = ~branch, strata = ~stratum, weights = ~w, data = both, nest = TRUE)
  of <- if (domain == "all") d else subset(d, age == domain)
  f <- if (statistic == "mean") svymean else svytotal
  by <- svyby(~y, ~wave, of, f, covmat = TRUE)
  change <- svycontrast(by, c(-1, 1))
  V <- vcov(by)
  df <- min(degf(subset(of, wave == 1)), degf(subset(of, wave != 1)))
  data.frame(other, statistic, domain, first = coef(by)[1], second = coef(by)[2], change = coef(change)[1],
             se = SE(change)[1], se_first = sqrt(V[1, 1]), se_second = sqrt(V[2, 2]), covariance = V[1, 2], df)
}
all <- expand.grid(statistic = c("mean", "total"), domain = c("all", "old", "young"), other = 2:3,
                   stringsAsFactors = FALSE)
expected <- do.call(rbind, Map(line, all$other, all$statistic, all$domain))
number <- sapply(expected, is.numeric)
expected[number] <- lapply(expected[number], function(x) trimws(formatC(x, digits = 16, format = "g")))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
print(expected)
sessionInfo()
