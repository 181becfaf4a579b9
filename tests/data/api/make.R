# The columns that tests need, from R survey's data(api).
# Rscript make.R
suppressPackageStartupMessages(library(survey))
data(api)

sample_columns <- c("cds", "stype", "sch.wide", "comp.imp", "improved", "api00", "enroll", "api.stu",
                    "target", "acs.core", "pw", "fpc")
population_columns <- c("cds", "stype", "sch.wide", "comp.imp", "meals", "api00")

keep <- function(data, columns, file) {
  data$improved <- as.integer(data$comp.imp == "Yes")
  write.csv(data[columns], file, row.names = FALSE, quote = FALSE, na = "")
}

keep(apisrs, sample_columns, "apisrs.csv")
keep(apistrat, sample_columns, "apistrat.csv")
keep(apipop, population_columns, "apipop.csv")
