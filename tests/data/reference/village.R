# The village's figures under given steps.
source("../naive.R")

village <- read.csv("../../village/village.csv", stringsAsFactors = FALSE)

figures <- function(data, class, steps) {
  rows <- function(...) figure(..., stratum = data$side, N = data$N, steps = steps)
  asked <- class == "I"
  for (label in c("all", sort(unique(data$side)), sort(unique(data$age)))) {
    inside <- asked & (label == "all" | data$side == label | data$age == label)
    rows("mean", "minutes", label, data$minutes, inside = inside)
  }
  rows("total", "minutes", "all", data$minutes, inside = asked)
  rows("total", "calls", "all", data$calls, inside = asked)
  rows("share", "minutes ≥ 35", "all", as.numeric(data$minutes >= 35), inside = asked)
  rows("ratio", "minutes / calls", "all", data$minutes, data$calls, inside = asked)
}
