# Rscript make.R > expected.toml
source("../lonely.R")
programs("survey")

# 413 has one school; next to it in size are 406 and 778 with two, of which 406 comes first.
data$joined <- ifelse(data$dnum == 413, 406, data$dnum)
options(survey.lonely.psu = "fail")
figures(schools(strata = ~joined))

versions("survey")
