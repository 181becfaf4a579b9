# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

# grade, study group, spending: printed in the documentation of SAS, PROC SURVEYMEANS, Example 1.
printed <- scan(quiet = TRUE, text = "
  7  34  7  7  34  7  7 412  4  9  27 14  7  34  2  9 230 15  9  27 15  7 501  2  9 230  8  9 230  7
  7 501  3  8  59 20  7 403  4  7 403 11  8  59 13  8  59 17  8 143 12  8 143 16  8  59 18  9 235  9
  8 143 10  9 312  8  9 235  6  9 235 11  9 312 10  7 321  6  8 156 19  8 156 14  7 321  3  7 321 12
  7 489  2  7 489  9  7  78  1  7  78 10  7 489  2  7 156  1  7  78  6  7 412  6  7 156  2  9 301  8")
data <- setNames(as.data.frame(matrix(printed, ncol = 3, byrow = TRUE)), c("grade", "group", "spending"))
data$groups <- c("7" = 608, "8" = 252, "9" = 403)[as.character(data$grade)]
data$weight <- data$groups / c("7" = 8, "8" = 3, "9" = 5)[as.character(data$grade)]
data$weight <- number(data$weight)
write.csv(data, "data.csv", row.names = FALSE, quote = FALSE)

data <- read.csv("data.csv")
design <- svydesign(id = ~group, strata = ~grade, weights = ~weight, fpc = ~groups, nest = TRUE, data = data)
said("mean", "spending", "all", svymean(~spending, design, deff = TRUE), design)
said("share", "spending ≥ 10", "all", svymean(~as.numeric(spending >= 10), design, deff = TRUE), design)
for (label in c(7, 8, 9)) {
  part <- subset(design, grade == label)
  said("mean", "spending", label, svymean(~spending, part, deff = TRUE), part)
}

versions("survey")
