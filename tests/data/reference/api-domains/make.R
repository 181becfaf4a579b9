# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

data <- read.csv("../../api/apistrat.csv")
design <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = data)

by <- function(column, statistic) {
  for (label in sort(unique(data[[column]]))) {
    statistic(label, design[data[[column]] == label, ])
  }
}
mean_of <- function(label, part) said("mean", "api00", label, svymean(~api00, part, deff = TRUE), part)
total_of <- function(label, part) said("total", "enroll", label, svytotal(~enroll, part, deff = TRUE), part)
ratio_of <- function(label, part) {
  said("ratio", "api.stu / enroll", label, svyratio(~api.stu, ~enroll, part, deff = TRUE), part)
}

by("comp.imp", mean_of)
by("comp.imp", total_of)
by("stype", mean_of)
by("sch.wide", ratio_of)
# Two columns crossed: small cells, each with degrees of freedom of its own.
for (type in sort(unique(data$stype))) for (wide in sort(unique(data$sch.wide))) {
  mean_of(paste(type, wide, sep = " / "), design[data$stype == type & data$sch.wide == wide, ])
}

versions("survey")
