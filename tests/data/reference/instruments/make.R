# Rscript make.R > expected.toml
source("../village.R")
source("../nonresponse.R")
programs()

data <- village
takes <- data$ended == "I"
gives <- data$ended %in% c("P", "R", "NC", "O", "UH", "UO")
x <- cbind(coast = as.numeric(data$side == "coast"), inland = as.numeric(data$side != "coast"))
z <- cbind(1, ifelse(takes, data$minutes, 0))
totals <- c(300, 900)
step <- instrument_step(takes, gives, x, z, totals, exp, exp)
d <- data$N / as.vector(table(data$side)[data$side])
w <- step$forward(d)
stopifnot(max(abs(colSums(w * x) / totals - 1)) < 1e-12)
cat("# factors from ", number(min(w[takes] / d[takes])), " to ", number(max(w / d)), "\n", sep = "")
figures(data, data$ended, list(step))

versions()
