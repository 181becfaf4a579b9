# The figures of the cases with districts and schools, from a design of R's survey.
source("../survey.R")

figures <- function(design) {
  asked <- subset(design, !is.na(enroll))
  said("mean", "api00", "all", svymean(~api00, design, deff = TRUE), design)
  said("total", "enroll", "all", svytotal(~enroll, design, na.rm = TRUE, deff = TRUE), asked)
  said("ratio", "api.stu / enroll", "all", svyratio(~api.stu, ~enroll, design, na.rm = TRUE, deff = TRUE), asked)
  said("share", "improved = 1", "all", svymean(~improved, design, deff = TRUE), design)
  for (label in c("E", "H", "M")) {
    part <- subset(design, stype == label)
    answered <- subset(part, !is.na(enroll))
    said("mean", "api00", label, svymean(~api00, part, deff = TRUE), part)
    said("total", "enroll", label, svytotal(~enroll, part, na.rm = TRUE, deff = TRUE), answered)
  }
}
