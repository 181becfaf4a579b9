# The columns that tests need, from R survey's data(api).
# Rscript make.R
suppressPackageStartupMessages(library(survey))
data(api)

sample_columns <- c("cds", "stype", "sch.wide", "comp.imp", "improved", "api00", "enroll", "api.stu",
                    "target", "acs.core", "pw", "fpc")
population_columns <- c("cds", "stype", "sch.wide", "comp.imp", "meals", "api00", "api99", "enroll")

keep <- function(data, columns, file) {
  data$improved <- as.integer(data$comp.imp == "Yes")
  write.csv(data[columns], file, row.names = FALSE, quote = FALSE, na = "")
}

keep(apisrs, sample_columns, "apisrs.csv")
keep(apistrat, sample_columns, "apistrat.csv")
keep(apipop, population_columns, "apipop.csv")

# Clusters: whole districts; and districts, then schools, whose weights come from the populations.
cluster_columns <- c("cds", "dnum", "snum", "stype", "sch.wide", "comp.imp", "improved", "api00", "enroll", "api.stu")
keep(apiclus1, c(cluster_columns, "pw", "fpc", "api99"), "apiclus1.csv")
apiclus2$weight <- format(weights(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)), digits = 17, trim = TRUE)
keep(apiclus2, c(cluster_columns, "weight", "fpc1", "fpc2"), "apiclus2.csv")
