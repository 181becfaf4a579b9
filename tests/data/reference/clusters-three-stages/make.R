# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

# Invented: labels of villages and streets begin anew in each region and village; fractions, of which some
# are 1; a few weights of 0, a few blanks.
set.seed(20250301)
rows <- NULL
for (region in c("hill", "plain", "shore")) {
  villages <- c(hill = 3, plain = 4, shore = 2)[[region]]
  f1 <- c(hill = 0.25, plain = 0.5, shore = 0.125)[[region]]
  for (village in seq_len(villages)) {
    f2 <- c(0.5, 1, 0.25)[[village %% 3 + 1]]
    level <- rnorm(1, 20, 4)
    for (street in seq_len(2 + village %% 2)) {
      f3 <- c(0.2, 0.4)[[street %% 2 + 1]]
      people <- 2 + (village + street) %% 3
      rows <- rbind(rows, data.frame(
        region, village, street, f1, f2, f3,
        sex = sample(c("female", "male"), people, TRUE),
        minutes = round(level + rnorm(people, 0, 6), 1), calls = 1 + rpois(people, 4)))
    }
  }
}
rows$weight <- round(1 / (rows$f1 * rows$f2 * rows$f3), 6)
rows$weight[c(5, 23)] <- 0
rows$minutes[c(2, 17, 30)] <- NA
write.csv(rows, "data.csv", row.names = FALSE, quote = FALSE, na = "")

data <- read.csv("data.csv")
design <- svydesign(id = ~village + street + row, strata = ~region, weights = ~weight,
                    fpc = ~f1 + f2 + f3, nest = TRUE, data = transform(data, row = 1:nrow(data)))

figure <- function(label, part) {
  answered <- subset(part, !is.na(minutes) & weight > 0)
  said("mean", "minutes", label, svymean(~minutes, part, na.rm = TRUE, deff = TRUE), answered)
  said("total", "minutes", label, svytotal(~minutes, part, na.rm = TRUE, deff = TRUE), answered)
}
figure("all", design)
answered <- subset(design, !is.na(minutes) & weight > 0)
said("ratio", "minutes / calls", "all", svyratio(~minutes, ~calls, design, na.rm = TRUE, deff = TRUE), answered)
for (label in c("female", "male")) figure(label, subset(design, sex == label))
for (label in c("hill", "plain", "shore")) figure(label, subset(design, region == label))

versions("survey")
