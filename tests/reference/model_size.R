# Writes what pmsampsize asks of models of a time to an event. Run from anywhere:
# Rscript tests/reference/model_size.R
# Needs R >= 4.2 and pmsampsize 1.1.3. Rates and follow-up are such that the events among the
# 10,000 patients, of which pmsampsize takes the largest R-squared, are a whole number.

library(pmsampsize)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))

cases <- expand.grid(parameters = c(3, 11, 30), rate = c(.02, .065, .25), meanfup = c(1.2, 2, 4))
rows <- Map(function(parameters, rate, meanfup) {
  share <- rate * meanfup
  # 15% of the largest R-squared, unrounded: of nagrsquared pmsampsize keeps three decimals.
  r_squared <- .15 * (1 - exp(2 * (share * log(share) - share)))
  found <- pmsampsize(type = "s", csrsquared = r_squared, parameters = parameters, rate = rate,
                      meanfup = meanfup, timepoint = 1)
  table <- found$results_table
  n <- found$sample_size
  time <- meanfup * n
  upper <- 1 - exp(-(rate + 1.96 * sqrt(rate / time)))
  data.frame(
    parameters, event_share = rate * meanfup, for_shrinkage = table["Criteria 1", "Samp_size"],
    for_optimism = table["Criteria 2", "Samp_size"], largest_r_squared = found$max_r2a,
    r_squared = found$r2a, events = rate * time, person_time = time,
    upper = found$int_uci, margin = upper - (1 - exp(-rate))
  )
}, cases$parameters, cases$rate, cases$meanfup)
table <- do.call(rbind, rows)
table[] <- lapply(table, function(x) trimws(formatC(x, digits = 17, format = "g")))
write.csv(table, "golden/model_size.csv", row.names = FALSE, quote = FALSE)
