# Rscript make.R > expected.toml

# The data, made once.
if (!file.exists("data.csv")) {
  set.seed(1962)
  n <- c(landline = 40, mobile = 50)
  list <- rep(names(n), n)
  kind <- sample(c("firm", "home"), sum(n), TRUE)
  ended <- ifelse(runif(sum(n)) < ifelse(kind == "firm", 0.4, 0.7), "I", "R")
  both <- rbinom(sum(n), 1, ifelse(list == "landline", 0.6, 0.35))
  minutes <- round(20 + 15 * both + 5 * (list == "mobile") + rnorm(sum(n), 0, 8))
  data <- data.frame(id = sprintf("%s-%02d", list, sequence(n)), list = list,
                     N = ifelse(list == "landline", 600, 3000), kind = kind, ended = ended,
                     both = ifelse(ended == "I", both, NA), minutes = ifelse(ended == "I", minutes, NA))
  write.csv(data, "data.csv", row.names = FALSE, quote = FALSE, na = "")
}
source("../two-lists.R")
programs()

figures(list(nonresponse, compose_step()))

versions()
