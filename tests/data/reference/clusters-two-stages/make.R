# Rscript make.R > expected.toml
source("../clusters.R")
programs("survey")

data <- read.csv("../../api/apiclus2.csv")
figures(svydesign(id = ~dnum + snum, weights = ~weight, fpc = ~fpc1 + fpc2, data = data))

versions("survey")
