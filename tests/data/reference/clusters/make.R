# Rscript make.R > expected.toml
source("../clusters.R")
programs("survey")

data <- read.csv("../../api/apiclus1.csv")
figures(svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = data))

versions("survey")
