# Rscript make.R > expected.toml
source("../lonely.R")
programs("survey")

options(survey.lonely.psu = "average")
figures(schools(strata = ~dnum))

versions("survey")
