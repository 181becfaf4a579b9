# Rscript make.R > expected.toml
source("../lonely.R")
programs("survey")

options(survey.lonely.psu = "fail")
design <- schools(strata = ~dnum)
refused <- function(estimate) stopifnot(inherits(try(estimate, silent = TRUE), "try-error"))
of <- function(part, statistic, item, domain, value) {
  row(statistic, item, domain, value, df = degf(part), n = nrow(part), lonely = "413")
}

refused(svymean(~api00, design))
weights <- weights(design)
of(design, "mean", "api00", "all", weighted.mean(data$api00, weights))
of(design, "total", "api00", "all", sum(weights * data$api00))
of(design, "ratio", "api.stu / enroll", "all", sum(weights * data$api.stu) / sum(weights * data$enroll))
no <- subset(design, comp.imp == "No")
said("mean", "api00", "No", svymean(~api00, no, deff = TRUE), no)
said("total", "api00", "No", svytotal(~api00, no, deff = TRUE), no)
yes <- subset(design, comp.imp == "Yes")
refused(svymean(~api00, yes))
of(yes, "mean", "api00", "Yes", weighted.mean(yes$variables$api00, weights(yes)))
of(yes, "total", "api00", "Yes", sum(weights(yes) * yes$variables$api00))

versions("survey")
