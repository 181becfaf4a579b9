# Rscript make.R > expected.toml
source("../village.R")
programs()

# Numbers that were never released are as if they had not been drawn.
data <- village[village$early != "ND", ]
unknown <- data$early %in% c("UH", "UO")
steps <- list(
  class_step(!unknown, unknown, rep("all", nrow(data))),
  class_step(data$early == "I", data$early %in% c("P", "R", "NC", "O"), data$side)
)
figures(data, data$early, steps)

versions()
