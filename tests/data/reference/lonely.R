# The figures of the cases with a stratum of one school: districts as strata, schools drawn in them.
source("../survey.R")

data <- read.csv("../../api/apiclus1.csv")
schools <- function(...) svydesign(id = ~1, weights = ~pw, ..., data = data)

figures <- function(design) {
  said("mean", "api00", "all", svymean(~api00, design, deff = TRUE), design)
  said("total", "api00", "all", svytotal(~api00, design, deff = TRUE), design)
  said("ratio", "api.stu / enroll", "all", svyratio(~api.stu, ~enroll, design, deff = TRUE), design)
  # District 413 has one school, and it is an elementary one.
  for (label in c("No", "Yes")) {
    part <- subset(design, comp.imp == label)
    said("mean", "api00", label, svymean(~api00, part, deff = TRUE), part)
    said("total", "api00", label, svytotal(~api00, part, deff = TRUE), part)
  }
}
