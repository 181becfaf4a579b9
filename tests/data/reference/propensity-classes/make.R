# Rscript make.R > expected.toml
source("../village.R")
programs()

data <- village
takes <- data$ended == "I"
gives <- data$ended %in% c("P", "R", "NC", "O", "UH", "UO")
d <- data$N / as.vector(table(data$side)[data$side])
some <- takes | gives
x <- model.matrix(~ age + side, data)
fit <- suppressWarnings(glm(takes[some] ~ x[some, ] - 1, family = quasibinomial, weights = d[some], control = list(epsilon = 1e-14)))
# Cells of age and side have one propensity each; rounding must not part them.
p <- signif(fitted(fit), 12)
cuts <- quantile(p, (1:2) / 3, type = 7)
class <- rep("none", nrow(data))
class[some] <- as.character(1 + (p > cuts[1]) + (p > cuts[2]))
step <- class_step(takes, gives, class)
figures(data, data$ended, list(step))

versions()
