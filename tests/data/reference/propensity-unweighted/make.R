# Rscript make.R > expected.toml
source("../village.R")
source("../nonresponse.R")
programs()

data <- village
takes <- data$ended == "I"
gives <- data$ended %in% c("P", "R", "NC", "O", "UH", "UO")
d <- data$N / as.vector(table(data$side)[data$side])
x <- model.matrix(~ age + side, data)
step <- propensity_step(takes, gives, x, d)
some <- takes | gives
fit <- glm(takes[some] ~ x[some, ] - 1, family = binomial, control = list(epsilon = 1e-14))
stopifnot(max(abs(fitted(fit) / Re(step$fitted(d))[some] - 1)) < 1e-10)

figures(data, data$ended, list(step))

versions()
