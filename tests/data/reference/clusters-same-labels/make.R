# Rscript make.R > expected.toml
source("../survey.R")
programs("survey")

# Invented: schools are called 1, 2, 3 … in both districts, and have other numbers of classes.
set.seed(20250412)
rows <- NULL
for (district in c("east", "west")) for (school in 1:4) {
  classes <- if (district == "east") 3 + 2 * school else 14 - 2 * school
  level <- rnorm(1, 50, 6)
  for (class in 1:3) {
    rows <- rbind(rows, data.frame(district, school, class, classes,
      schools = c(east = 9, west = 20)[[district]], pupils = 18 + rpois(1, 8), score = round(level + rnorm(1, 0, 5), 1)))
  }
}
rows$weight <- number(rows$schools / 4 * rows$classes / 3)
write.csv(rows, "data.csv", row.names = FALSE, quote = FALSE)

data <- transform(read.csv("data.csv"), row = seq_len(nrow(rows)))
design <- svydesign(id = ~school + row, strata = ~district, weights = ~weight, fpc = ~schools + classes,
                    nest = TRUE, data = data)

# The same by hand: between schools of a district, and between classes of one school of one district.
total <- function(y) {
  variance <- 0
  for (h in split(transform(data, y = y), data$district)) {
    n <- 4; f <- n / h$schools[1]
    t <- tapply(h$weight * h$y, h$school, sum)
    variance <- variance + (1 - f) * n * var(t)
    for (i in split(h, h$school)) variance <- variance + f * (1 - 3 / i$classes[1]) * 3 * var(i$weight * i$y)
  }
  sqrt(variance)
}
stopifnot(abs(total(data$pupils) / SE(svytotal(~pupils, design)) - 1) < 1e-12)

said("mean", "score", "all", svymean(~score, design, deff = TRUE), design)
said("total", "pupils", "all", svytotal(~pupils, design, deff = TRUE), design)
said("ratio", "score / pupils", "all", svyratio(~score, ~pupils, design, deff = TRUE), design)
for (label in c("east", "west")) {
  part <- subset(design, district == label)
  said("mean", "score", label, svymean(~score, part, deff = TRUE), part)
}

versions("survey")
