# Writes the data sets (data/) and reference values (golden/) of the tests of competing risks.
# Run from anywhere: Rscript tests/reference/make_competing.R
# Needs R >= 4.2, survival >= 3.5 and cmprsk >= 2.2-11.

library(survival)
library(cmprsk)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

# ---- data sets ---------------------------------------------------------------------------
# `cause` is 0 where the patient was censored. mgus2: 1 = plasma cell malignancy, 2 = death without
# it, months. pbc: 1 = transplantation, 2 = death without it, days.
mgus2 <- with(survival::mgus2, data.frame(
  time = ifelse(pstat == 0, futime, ptime), cause = ifelse(pstat == 0, 2 * death, 1),
  age = age, male = as.integer(sex == "M"), hgb = hgb, mspike = mspike
))
mgus2 <- mgus2[complete.cases(mgus2), ]
pbc <- with(survival::pbc, data.frame(
  time = time, cause = status, age = age, bili = bili, edema = 2 * edema, stage = stage
))
pbc <- pbc[complete.cases(pbc), ]
# Half years: every event is tied, often with events of the other cause and with censorings.
pbc_halfyears <- transform(pbc, time = ceiling(time / 182.625))
# Ten invented patients: ties of all kinds, and a last time at which both causes happen.
few <- data.frame(
  time = c(1, 1, 2, 2, 2, 3, 4, 4, 5, 5), cause = c(1, 2, 1, 1, 0, 0, 2, 2, 1, 2),
  group = c(0, 1, 0, 1, 1, 0, 0, 1, 0, 1)
)
data <- list(mgus2 = mgus2, pbc = pbc, pbc_halfyears = pbc_halfyears, few = few)
for (name in names(data)) save_csv(data[[name]], file.path("data", paste0(name, ".csv")))

# ---- cumulative incidence ----------------------------------------------------------------
# cuminc gives F and its variance; the interval is that of log(-log F).
incidence_rows <- function(name, times, level = 0.95) {
  frame <- data[[name]]
  found <- timepoints(cuminc(frame$time, frame$cause), times)
  do.call(rbind, lapply(rownames(found$est), function(row) {
    estimate <- found$est[row, ]
    error <- sqrt(found$var[row, ])
    half <- qnorm((1 + level) / 2) * error / (estimate * log(estimate))
    inside <- !is.na(estimate) & estimate > 0 & estimate < 1
    data.frame(
      data = name, cause = as.integer(sub("^1 ", "", row)), confidence_level = level, time = times,
      incidence = as.double(estimate), std_error = as.double(error),
      ci_low = ifelse(inside, estimate^exp(-half), NA),
      ci_high = ifelse(inside, estimate^exp(half), NA)
    )
  }))
}
golden(list(
  incidence_rows("mgus2", c(0, 1, 12, 60.5, 120, 240, 400)),
  incidence_rows("pbc", c(100, 365.25, 1826.25, 4000, 4795, 5000)),
  incidence_rows("pbc", c(365.25, 1826.25), level = 0.9),
  incidence_rows("pbc_halfyears", c(1, 2, 5, 10, 20, 27)),
  incidence_rows("few", c(0.5, 1, 2, 3, 4, 5))
), "cumulative_incidence")

# ---- Gray's test -------------------------------------------------------------------------
gray_rows <- function(name, by) {
  frame <- data[[name]]
  tests <- cuminc(frame$time, frame$cause, frame[[by]])$Tests
  data.frame(
    data = name, by = by, cause = as.integer(rownames(tests)), statistic = tests[, "stat"],
    p_value = pchisq(tests[, "stat"], tests[, "df"], lower.tail = FALSE),
    df = as.integer(tests[, "df"])
  )
}
golden(list(
  gray_rows("mgus2", "male"), gray_rows("pbc", "edema"), gray_rows("pbc", "stage"),
  gray_rows("pbc_halfyears", "edema"), gray_rows("pbc_halfyears", "stage"), gray_rows("few", "group")
), "gray")

# ---- Fine-Gray ---------------------------------------------------------------------------
# No patient with edema of the last level was transplanted: a model of that cause has no maximum.
models <- list(
  list("mgus2", "age", 1:2), list("mgus2", c("age", "male", "hgb"), 1:2), list("pbc", "edema", 2),
  list("pbc", c("age", "bili"), 1:2), list("pbc", c("age", "bili", "edema"), 2),
  list("pbc_halfyears", c("age", "bili"), 1:2),
  list("pbc_halfyears", c("age", "bili", "edema"), 2), list("few", "group", 1:2)
)
crr_rows <- function(model, cause) {
  name <- model[[1]]
  frame <- data[[name]]
  # The edema of pbc is a factor of three levels.
  terms <- model[[2]]
  if ("edema" %in% terms) frame$edema <- factor(frame$edema)
  covariates <- model.matrix(reformulate(terms), frame)[, -1, drop = FALSE]
  fit <- crr(frame$time, frame$cause, covariates, failcode = cause)
  stopifnot(fit$converged)
  # R's own stopping rule leaves the coefficients up to 1e-6 away from the maximum, and rounding
  # stops its line search before a tighter one is met: two plain Newton steps more.
  for (step in 1:2) {
    better <- fit$coef + solve(fit$inf, fit$score)
    fit <- crr(
      frame$time, frame$cause, covariates, failcode = cause, init = better, maxiter = 0
    )
  }
  stopifnot(max(abs(solve(fit$inf, fit$score) / fit$coef)) < 1e-10)
  table <- summary(fit)
  variable <- sub("^(edema).*", "\\1", colnames(covariates))
  data.frame(
    data = name, terms = paste(terms, collapse = "+"), cause = cause, variable = variable,
    level = substring(colnames(covariates), nchar(variable) + 1),
    coefficient = as.double(fit$coef), std_error = sqrt(diag(fit$var)),
    hazard_ratio = table$conf.int[, 1], ci_low = table$conf.int[, 3],
    ci_high = table$conf.int[, 4],
    p_value = 2 * pnorm(-abs(fit$coef) / sqrt(diag(fit$var))),
    log_likelihood = fit$loglik, log_likelihood_null = fit$loglik.null
  )
}
golden(unlist(lapply(models, function(x) lapply(x[[3]], function(k) crr_rows(x, k))),
              recursive = FALSE), "fine_gray")

versions <- data.frame(
  software = c("R", "survival", "cmprsk"),
  version = c(paste(R.version$major, R.version$minor, sep = "."),
              as.character(packageVersion("survival")), as.character(packageVersion("cmprsk")))
)
save_csv(versions, "golden/versions_competing.csv")
