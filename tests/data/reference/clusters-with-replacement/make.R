# Rscript make.R > expected.toml
source("../clusters.R")
programs("survey")

data <- read.csv("../../api/apiclus2.csv")
figures(svydesign(id = ~dnum + snum, weights = ~weight, data = data))

versions("survey")
