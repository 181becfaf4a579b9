# Rscript make.R > expected.toml
source("../village.R")
programs()

data <- village
responds <- data$ended == "I"
# Nothing was done about unknown numbers, so they count as eligible.
gives <- data$ended %in% c("P", "R", "NC", "O", "UH", "UO")
step <- class_step(responds, gives, data$age)
figures(data, data$ended, list(step))

# The same mean by the formula of the textbook, line by line.
n <- table(data$side)[data$side]
d <- data$N / as.vector(n)
f <- tapply(d * (responds | gives), data$age, sum) / tapply(d * responds, data$age, sum)
w <- ifelse(responds, d * f[data$age], ifelse(gives, 0, d))
y <- ifelse(responds, data$minutes, 0)
mean <- sum(w * y) / sum(w * responds)
z <- responds * (y - mean) / sum(w * responds)
z_class <- (tapply(w * z * responds, data$age, sum) / tapply(w * responds, data$age, sum))[data$age]
z_before <- ifelse(responds, z_class + f[data$age] * (z - z_class), ifelse(gives, z_class, z))
extra <- sum(responds * d * f[data$age] * (f[data$age] - 1) * (z - z_class)^2)
variance <- of_draw(d * z_before, data$side, data$N) + extra
theta <- function(w) sum(w * y * responds) / sum(w * responds)
other <- analyse(theta, data$side, data$N, list(step))
stopifnot(abs(other$value / mean - 1) < 1e-14, abs(other$variance / variance - 1) < 1e-12)
cat("\n# by the textbook's formula: mean ", number(mean), ", se ", number(sqrt(variance)), "\n", sep = "")

versions()
