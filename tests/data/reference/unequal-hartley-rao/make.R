# Rscript make.R > expected.toml
source("../unequal.R")
programs("survey")
figures(svydesign(id = ~1, strata = ~stratum, fpc = ~pi, data = data, pps = HR(), variance = "YG"))
versions("survey")
