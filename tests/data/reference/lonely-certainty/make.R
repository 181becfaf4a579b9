# Rscript make.R > expected.toml
source("../lonely.R")
programs("survey")

options(survey.lonely.psu = "certainty")
figures(schools(strata = ~dnum))

versions("survey")
