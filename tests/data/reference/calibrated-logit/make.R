# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey", "MASS")

bounded <- calibrate(design, ~ stype + api99, totals, calfun = "logit", bounds = c(0.5, 2.5), epsilon = 1e-13)
L <- 0.5
U <- 2.5
A <- (U - L) / ((U - 1) * (1 - L))
F <- function(u) (L * (U - 1) + U * (1 - L) * exp(A * u)) / (U - 1 + (1 - L) * exp(A * u))
slope <- function(u) A * (F(u) - L) * (U - F(u)) / (U - L)
derived(bounded, newton(F, slope))

versions("survey", "MASS")
