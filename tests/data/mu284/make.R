# Rscript make.R: sizes of MU284's municipalities, and their chances by R's `sampling`.
suppressPackageStartupMessages(library(sampling))
data(MU284)
number <- function(x) trimws(formatC(as.numeric(x), digits = 17, format = "g"))
stopifnot(nrow(MU284) == 284, sum(MU284$P75) == 8182, sum(MU284$REV84) == 874017)
write.csv(data.frame(label = MU284$LABEL, P75 = MU284$P75, REV84 = MU284$REV84,
                     by_P75 = number(inclusionprobabilities(MU284$P75, 50)),
                     by_REV84 = number(inclusionprobabilities(MU284$REV84, 30))),
          "sizes.csv", row.names = FALSE, quote = FALSE)
