# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

# grade, spending: printed in the documentation of SAS, PROC SURVEYMEANS, Getting Started.
printed <- scan(quiet = TRUE, text = "
  7  7  7  7  8 12  9 10  7  1  7 10  7  3  8 20  8 19  7  2
  7  2  9 15  8 16  7  6  7  6  7  6  9 15  8 17  8 14  9  8
  9  8  9  7  7  3  7 12  7  4  9 14  8 18  9  9  7  2  7  1
  7  4  7 11  9  8  8 10  8 13  7  2  9  6  9 11  7  2  7  9")
data <- setNames(as.data.frame(matrix(printed, ncol = 2, byrow = TRUE)), c("grade", "spending"))
data$pupil <- sprintf("p%02d", seq_len(nrow(data)))
data$school <- 4000
data$pupils <- c("7" = 1824, "8" = 1025, "9" = 1151)[as.character(data$grade)]
write.csv(data[c("pupil", "grade", "spending", "school", "pupils")], "data.csv", row.names = FALSE, quote = FALSE)

data <- read.csv("data.csv")
design <- svydesign(id = ~1, fpc = ~school, data = data)
said("mean", "spending", "all", svymean(~spending, design, deff = TRUE), design)
said("total", "spending", "all", svytotal(~spending, design, deff = TRUE), design)
said("share", "spending ≥ 10", "all", svymean(~as.numeric(spending >= 10), design, deff = TRUE), design)

versions("survey")
