# Rscript make.R > expected.toml
source("../village.R")
source("../nonresponse.R")
programs()

data <- village
unknown <- data$ended %in% c("UH", "UO")
eligible <- data$ended %in% c("I", "P", "R", "NC", "O")
known <- class_step(eligible | data$ended == "NE", unknown, data$side)
takes <- data$ended == "I"
gives <- data$ended %in% c("P", "R", "NC", "O")
x <- model.matrix(~ age + side, data)
step <- propensity_step(takes, gives, x)

# The same propensities as glm's.
d <- data$N / as.vector(table(data$side)[data$side])
w <- known$forward(d)
some <- takes | gives
fit <- suppressWarnings(glm(takes[some] ~ x[some, ] - 1, family = quasibinomial, weights = w[some], control = list(epsilon = 1e-14)))
stopifnot(max(abs(fitted(fit) / Re(step$fitted(w))[some] - 1)) < 1e-10)

figures(data, data$ended, list(known, step))

versions()
