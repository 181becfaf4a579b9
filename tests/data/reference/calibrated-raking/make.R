# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey", "MASS")

raked <- calibrate(design, ~ stype + api99, totals, calfun = "raking", epsilon = 1e-13)
derived(raked, newton(exp, exp))

versions("survey", "MASS")
