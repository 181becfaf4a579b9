# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey")

figures(calibrate(design, ~ stype + api99, totals))

versions("survey")
