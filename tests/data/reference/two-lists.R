# Two lists that share people: see two-lists/data.csv.
source("../naive.R")

data <- read.csv("../two-lists/data.csv", stringsAsFactors = FALSE)
first <- data$list == "landline"
both <- data$both %in% 1
all <- rep(TRUE, nrow(data))

# A first step that makes weights unequal: classes of kind, of whom some did not answer.
answered <- data$ended == "I"
nonresponse <- class_step(answered, !answered, data$kind)

# λ given, or by effective numbers: (Σ w)² / Σ w² in the overlap of each list.
compose_step <- function(share = NULL) {
  forward <- function(w) {
    effective <- function(here) sum(w[here])^2 / sum(w[here]^2)
    a <- effective(first & both & answered); b <- effective(!first & both & answered)
    lambda <- if (is.null(share)) a / (a + b) else share
    w * ifelse(!both | !answered, 1, ifelse(first, lambda, 1 - lambda))
  }
  list(forward = forward, extra = function(before, z) 0)
}

figures <- function(steps) {
  rows <- function(...) figure(..., stratum = data$list, N = data$N, steps = steps)
  for (label in c("all", "firm", "home")) {
    rows("mean", "minutes", label, data$minutes, inside = answered & (label == "all" | data$kind == label))
  }
  rows("total", "minutes", "all", data$minutes, inside = answered)
}
