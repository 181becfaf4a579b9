# Rscript make.R > expected.toml
source("../village.R")
programs()

data <- village
unknown <- data$ended %in% c("UH", "UO")
responds <- data$ended == "I"
eligible <- data$ended %in% c("P", "R", "NC", "O")
steps <- list(
  class_step(!unknown, unknown, data$side),
  class_step(responds, eligible, data$age),
  rake_step(list(list(column = data$side, totals = c(coast = 300, town = 900)),
                 list(column = data$age, totals = c(middle = 420, old = 300, young = 480))))
)
figures(data, data$ended, steps)

versions()
