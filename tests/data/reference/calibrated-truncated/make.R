# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey")

figures(calibrate(design, ~ stype + api99, totals, bounds = c(0.6, 1.6), epsilon = 1e-13, maxit = 200))

versions("survey")
