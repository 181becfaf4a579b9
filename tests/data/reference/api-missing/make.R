# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

data <- read.csv("../../api/apistrat.csv")
design <- svydesign(id = ~1, strata = ~stype, fpc = ~fpc, data = data)
stopifnot(anyNA(data$target), anyNA(data$acs.core))

# na.rm keeps the rows in the design with a score of 0; the part only counts degrees of freedom and n.
asked <- design[!is.na(data$target), ]
core <- design[!is.na(data$acs.core), ]
said("mean", "target", "all", svymean(~target, design, na.rm = TRUE, deff = TRUE), asked)
said("share", "target ≥ 10", "all", svymean(~as.numeric(target >= 10), design, na.rm = TRUE, deff = TRUE), asked)
said("total", "target", "all", svytotal(~target, design, na.rm = TRUE, deff = TRUE), asked)
said("mean", "acs.core", "all", svymean(~acs.core, design, na.rm = TRUE, deff = TRUE), core)
said("ratio", "acs.core / target", "all",
     svyratio(~acs.core, ~target, design, na.rm = TRUE, deff = TRUE),
     design[!is.na(data$acs.core) & !is.na(data$target), ])
for (label in c("E", "H", "M")) {
  part <- subset(design, stype == label)
  answered <- subset(part, !is.na(acs.core))
  said("mean", "acs.core", label, svymean(~acs.core, part, na.rm = TRUE, deff = TRUE), answered)
}

versions("survey")
