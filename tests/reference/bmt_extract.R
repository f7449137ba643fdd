# Writes data/examples/transplant/bmt.csv: the data frame bmt of the R package KMsurv, as it is,
# with its row number as the patient's identifier, since it brings none.
# Run from anywhere: Rscript tests/reference/bmt_extract.R
# Needs R >= 4.2 and KMsurv 0.1-5.

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))

data(bmt, package = "KMsurv")
stopifnot(nrow(bmt) == 137, ncol(bmt) == 22)
write.csv(
  data.frame(patient = seq_len(nrow(bmt)), bmt),
  "../../data/examples/transplant/bmt.csv",
  row.names = FALSE, quote = FALSE
)
