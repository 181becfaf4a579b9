# What every make.R writes its rows with. Numbers have 17 digits: all that a double holds.

line <- function(key, value) cat(formatC(key, width = -9), " = ", value, "\n", sep = "")
number <- function(x) trimws(formatC(as.numeric(x), digits = 17, format = "g"))
text <- function(x) paste0('"', x, '"')

# A row of expected.toml. Where strata with one drawn unit forbid a variance, `lonely` names them.
row <- function(statistic, item, domain, value, se = NULL, df, n, deff = NULL, ci = NULL, lonely = NULL) {
  cat("\n[[row]]\n")
  line("statistic", text(statistic))
  line("item", text(item))
  line("domain", text(domain))
  line("value", number(value))
  if (!is.null(se)) line("se", number(se))
  line("df", df)
  line("n", n)
  if (!is.null(deff)) line("deff", number(deff))
  if (!is.null(ci)) {
    line("ci_low", number(ci[1]))
    line("ci_high", number(ci[2]))
  }
  if (!is.null(lonely)) line("lonely", paste0("[", paste(text(lonely), collapse = ", "), "]"))
}

# The t interval, for numbers made by hand.
interval <- function(value, se, df) value + c(-1, 1) * qt(0.975, df) * se

# The first line: which programs made the numbers.
programs <- function(...) {
  packages <- vapply(c(...), function(p) paste(p, packageVersion(p)), "")
  line("by", text(paste(c(paste0("R ", getRversion()), packages), collapse = ", ")))
}

# The last lines: the versions in full.
versions <- function(...) {
  cat("\n# ", R.version.string, "\n", sep = "")
  for (p in c(...)) cat("# ", p, " ", as.character(packageVersion(p)), "\n", sep = "")
}
