# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

data <- read.csv("../../api/apisrs.csv")
design <- svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = data)

said("mean", "api00", "all", svymean(~api00, design, deff = TRUE), design)
said("total", "enroll", "all", svytotal(~enroll, design, deff = TRUE), design)
said("ratio", "api.stu / enroll", "all", svyratio(~api.stu, ~enroll, design, deff = TRUE), design)
said("share", "improved = 1", "all", svymean(~improved, design, deff = TRUE), design)
said("share", "api00 ≥ 800", "all", svymean(~as.numeric(api00 >= 800), design, deff = TRUE), design)
said("share", "api00 ≤ 500", "all", svymean(~as.numeric(api00 <= 500), design, deff = TRUE), design)

versions("survey")
