# What R's survey makes of replicates: data.csv, with columns of replicates, and expected.csv.
# LC_ALL=C.UTF-8 Rscript make.R
suppressPackageStartupMessages(library(survey))
options(warn = 1)
set.seed(20250301)

number <- function(x) trimws(formatC(as.numeric(x), digits = 17, format = "g"))

# Seven strata of two villages, two to four people in each.
villages <- data.frame(stratum = rep(1:7, each = 2), village = 1:14)
people <- villages[rep(1:14, sample(2:4, 14, replace = TRUE)), ]
n <- nrow(people)
people$side <- ifelse(people$village %% 3 == 0, "north", "south")
people$weight <- round(runif(n, 10, 60), 2)
level <- rnorm(14)
people$y <- round(50 + 5 * level[people$village] + rnorm(n, 0, 6), 2)
people$x <- round(20 + 2 * level[people$village] + rnorm(n, 0, 3), 2)
people$x[c(5, 17)] <- NA
design <- svydesign(id = ~village, strata = ~stratum, weights = ~weight, data = people)

# Factors as survey makes them.
factors <- function(type, ...) as.matrix(as.svrepdesign(design, type = type, compress = FALSE, ...)$repweights)
plain <- svydesign(id = ~village, weights = ~weight, data = people)
made <- list(
  brr = factors("BRR"),
  fay = factors("Fay", fay.rho = 0.3),
  jkn = factors("JKn"),
  jk1 = as.matrix(as.svrepdesign(plain, type = "JK1", compress = FALSE)$repweights),
  boot = factors("subbootstrap", replicates = 25)
)
# Pairs: the first village of stratum h left out, the second doubled.
made$jk2 <- sapply(1:7, function(h) ifelse(people$stratum != h, 1, ifelse(people$village %% 2 == 1, 0, 2)))
# Successive differences of villages, by the rows of a Hadamard matrix of order 16.
H <- 2 * hadamard(15) - 1
made$sdr <- 1 + 2^-1.5 * (H[people$village %% 15 + 1, ] - H[(people$village + 1) %% 15 + 1, ])

columns <- do.call(cbind, lapply(names(made), function(kind) {
  # Factors of jk1 stay factors; the others become weights, as publishers give them.
  m <- if (kind == "jk1") made[[kind]] else made[[kind]] * people$weight
  colnames(m) <- sprintf("%s_%02d", kind, seq_len(ncol(m)))
  m
}))
all <- cbind(people[c("stratum", "village", "side", "weight", "y", "x")],
             apply(columns, 2, number))
write.csv(all, "data.csv", row.names = FALSE, quote = FALSE, na = "")
read <- read.csv("data.csv")

rows <- NULL
add <- function(case, centre, statistic, domain, estimate, design) {
  rows <<- rbind(rows, data.frame(case, centre, statistic, domain, value = number(coef(estimate)),
                                  se = number(SE(estimate)), df = degf(design)))
}
figures <- function(case, centre, design) {
  add(case, centre, "mean", "all", svymean(~y, design), design)
  add(case, centre, "total", "all", svytotal(~y, design), design)
  said <- subset(design, !is.na(x))
  add(case, centre, "ratio", "all", svyratio(~y, ~x, said), said)
  south <- subset(design, side == "south")
  add(case, centre, "mean", "south", svymean(~y, south), south)
}
given <- function(case, kind, ..., combined = TRUE) {
  for (mse in c(TRUE, FALSE)) {
    design <- suppressWarnings(svrepdesign(data = read, weights = ~weight, mse = mse, combined.weights = combined,
      repweights = read[grep(paste0("^", kind, "_"), names(read))], ...))
    figures(case, if (mse) "full" else "mean", design)
  }
}
given("brr", "brr", type = "BRR")
given("fay", "fay", type = "Fay", rho = 0.3)
given("jkn", "jkn", type = "JKn", rscales = rep(0.5, 14))
given("jk1", "jk1", type = "JK1", scale = 13 / 14, combined = FALSE)
given("jk2", "jk2", type = "JK2")
given("bootstrap", "boot", type = "bootstrap")
given("acs", "sdr", type = "ACS")
given("successive-difference", "sdr", type = "successive-difference")
given("other", "boot", type = "other", scale = 0.04, rscales = seq(0.8, 1.2, length.out = 25))

# Replicates that survey makes itself, of California's schools.
data(api)
schools <- function(case, centre, design) {
  add(case, centre, "mean", "all", svymean(~api00, design), design)
  add(case, centre, "total", "all", svytotal(~enroll, design), design)
  add(case, centre, "ratio", "all", svyratio(~api.stu, ~enroll, design), design)
  for (label in c("No", "Yes")) {
    part <- subset(design, comp.imp == label)
    add(case, centre, "mean", label, svymean(~api00, part), part)
  }
}
strat <- read.csv("../api/apistrat.csv")
clus <- read.csv("../api/apiclus1.csv")
counts <- function(column) {
  table <- table(apipop[[column]])
  setNames(data.frame(names(table), as.vector(table)), c(column, "Freq"))
}
for (mse in c(TRUE, FALSE)) {
  centre <- if (mse) "full" else "mean"
  one <- as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus), type = "JK1", mse = mse)
  schools("made-jk1", centre, one)
  by_type <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
  several <- as.svrepdesign(by_type, type = "JKn", mse = mse)
  schools("made-jkn", centre, several)
  raked <- rake(several, list(~stype, ~sch.wide), list(counts("stype"), counts("sch.wide")),
                control = list(epsilon = 1e-11, maxit = 1000))
  schools("raked-jkn", centre, raked)
  pairs <- as.svrepdesign(design, type = "BRR", mse = mse)
  add("made-brr", centre, "total", "all", svytotal(~y, pairs), pairs)
}
write.csv(rows, "expected.csv", row.names = FALSE, quote = FALSE)
