# Rscript make.R > expected.toml
source("../two-lists.R")
programs()

figures(list(nonresponse, compose_step(0.3)))

# The total by Hartley's own formula: Y_a + λ Y_ab(A) + (1 − λ) Y_ab(B) + Y_b.
w <- nonresponse$forward(data$N / as.vector(table(data$list)[data$list]))
part <- function(here) sum((w * data$minutes)[here & answered])
hartley <- part(first & !both) + 0.3 * part(first & both) + 0.7 * part(!first & both) + part(!first & !both)
theta <- function(w) sum((w * data$minutes)[answered])
stopifnot(abs(analyse(theta, data$list, data$N, list(nonresponse, compose_step(0.3)))$value / hartley - 1) < 1e-14)

versions()
