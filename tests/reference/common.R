# What scripts of this folder share: run from anywhere they work in it, and write every digit.
setwd(dirname(normalizePath(script)))
options(warn = 1)

exact <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
save_csv <- function(frame, path) {
  numeric <- vapply(frame, is.double, logical(1))
  frame[numeric] <- lapply(frame[numeric], exact)
  write.csv(frame, path, row.names = FALSE, quote = FALSE, na = "")
}
golden <- function(rows, name) {
  save_csv(do.call(rbind, rows), file.path("golden", paste0(name, ".csv")))
}
read_data <- function(name) read.csv(file.path("data", paste0(name, ".csv")))
