# Writes data/examples/colon/colon.csv: the data frame colon of the R package survival, one row per
# patient instead of one for the recurrence and one for the death.
# Run from anywhere: Rscript tests/reference/colon_extract.R
# Needs R >= 4.2 and survival >= 3.5.

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))

colon <- survival::colon
same <- setdiff(names(colon), c("study", "time", "status", "etype"))
recurrence <- colon[colon$etype == 1, ]
death <- colon[colon$etype == 2, ]
stopifnot(identical(recurrence$id, death$id), nrow(death) == 929)
whole <- cbind(
  death[same],
  days_death = death$time, death = death$status,
  days_recurrence = recurrence$time, recurrence = recurrence$status
)
write.csv(
  whole[order(whole$id), ],
  "../../data/examples/colon/colon.csv",
  row.names = FALSE, quote = FALSE, na = ""
)
