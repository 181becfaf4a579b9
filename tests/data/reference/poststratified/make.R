# Rscript make.R > expected.toml
source("../calibrated.R")
programs("survey")

types <- as.data.frame(table(stype = population$stype))
figures(postStratify(design, ~stype, types))

versions("survey")
