# Rscript make.R > expected.toml
source("../village.R")
source("../nonresponse.R")
programs()

data <- village
takes <- data$ended == "I"
gives <- data$ended %in% c("P", "R", "NC", "O", "UH", "UO")
d <- data$N / as.vector(table(data$side)[data$side])
class <- tree_classes(takes, gives, list(side = data$side, age = data$age), list(side = FALSE, age = TRUE),
                      least = 15, level = 0.9, d)
cat("# classes: ", paste(names(table(class[takes | gives])), table(class[takes | gives]), collapse = ", "), "\n", sep = "")
figures(data, data$ended, list(class_step(takes, gives, class)))

versions()
