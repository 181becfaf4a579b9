# A village of 1 200 numbers, of which 110 were drawn: invented.
# Rscript make.R
set.seed(20250301, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

sides <- data.frame(side = c("coast", "town"), N = c(300, 900), n = c(50, 60))
rows <- sides[rep(1:2, sides$n), ]
drawn <- nrow(rows)
age <- sample(c("young", "middle", "old"), drawn, TRUE, c(0.4, 0.35, 0.25))

# Who answers depends on age; so do the answers.
answers <- c(young = 0.45, middle = 0.6, old = 0.8)[age]
other <- sample(c("R", "NC", "O", "P"), drawn, TRUE, c(0.4, 0.4, 0.1, 0.1))
ended <- ifelse(runif(drawn) < answers, "I", other)
unknown <- runif(drawn)
ended[unknown < 0.09] <- "UH"
ended[unknown < 0.04] <- "UO"
ended[unknown > 0.93] <- "NE"

minutes <- round(c(young = 24, middle = 33, old = 41)[age] + 6 * (rows$side == "coast") + rnorm(drawn, 0, 9))
calls <- rpois(drawn, 2) + 1
asked <- ended == "I"
minutes[!asked] <- NA
calls[!asked | runif(drawn) < 0.08] <- NA

# In the early picture, every third number had not been released yet.
early <- ifelse(seq_len(drawn) %% 3 == 0, "ND", ended)

id <- sprintf("%s-%02d", rows$side, sequence(sides$n))
data <- data.frame(id, side = rows$side, N = rows$N, age, ended, early, minutes, calls)
write.csv(data, "village.csv", row.names = FALSE, quote = FALSE, na = "")
