# Shops drawn with unequal chances: the data and the figures of the cases "unequal-…".
source("../survey.R")
data <- read.csv("../unequal-brewer/data.csv")
data$stratum <- as.integer(factor(data$region)) # HR() and overton want numbers

figures <- function(design) {
  rows <- function(domain, part) {
    here <- function(statistic, item, estimate)
      row(statistic, item, domain, as.numeric(coef(estimate)), as.numeric(SE(estimate)), degf(part),
          sum(weights(part) != 0), ci = confint(estimate, df = degf(part)))
    here("mean", "sales", svymean(~sales, part))
    here("total", "staff", svytotal(~staff, part))
    here("ratio", "sales / staff", svyratio(~sales, ~staff, part))
  }
  rows("all", design)
  for (label in c("high street", "mall")) rows(label, subset(design, place == label))
}
