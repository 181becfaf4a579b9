# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

data <- read.csv("../ice-cream-simple/data.csv")
design <- svydesign(id = ~1, strata = ~grade, fpc = ~pupils, data = data)
said("mean", "spending", "all", svymean(~spending, design, deff = TRUE), design)
said("share", "spending ≥ 10", "all", svymean(~as.numeric(spending >= 10), design, deff = TRUE), design)
for (label in c(7, 8, 9)) {
  part <- subset(design, grade == label)
  said("mean", "spending", label, svymean(~spending, part, deff = TRUE), part)
}

versions("survey")
