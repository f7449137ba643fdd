# Reference values of multiple imputation: Rubin's rules on given estimates, and mice's chained
# equations on a public data set, with the Monte Carlo error of what it pools.
# Run from anywhere: Rscript tests/reference/imputation.R
# Needs R >= 4.2, survival >= 3.5 and mice >= 3.15.

library(survival)
suppressPackageStartupMessages(library(mice))

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

# ---- Rubin's rules -----------------------------------------------------------------------
sets <- list(
  few = list(q = c(0.21, 0.35, 0.28), u = c(0.071, 0.066, 0.078)),
  equal = list(q = rep(0.4, 5), u = c(0.05, 0.06, 0.05, 0.04, 0.055)),
  spread = list(q = sin(1:20) / 3 - 0.2, u = 0.04 + cos(1:20)^2 / 50)
)
p_of <- function(q, u, dfcom) {
  rr <- pool.scalar(q, u, n = dfcom + 1, k = 1)
  2 * pt(abs(rr$qbar) / sqrt(rr$t), rr$df, lower.tail = FALSE)
}
# The error of the P value by the jackknife over the imputations.
jackknife_of_p <- function(q, u, dfcom) {
  m <- length(q)
  left_out <- sapply(seq_len(m), function(i) p_of(q[-i], u[-i], dfcom))
  sqrt((m - 1) / m * sum((left_out - mean(left_out))^2))
}
pooled <- function(name, dfcom) {
  one <- sets[[name]]
  m <- length(one$q)
  rr <- pool.scalar(one$q, one$u, n = dfcom + 1, k = 1)
  half <- qt(0.975, rr$df) * sqrt(rr$t)
  data.frame(
    name = name, dfcom = dfcom, estimate = rr$qbar, std_error = sqrt(rr$t),
    ci_low = rr$qbar - half, ci_high = rr$qbar + half,
    p_value = 2 * pt(abs(rr$qbar) / sqrt(rr$t), rr$df, lower.tail = FALSE), df = rr$df,
    within = rr$ubar, between = rr$b, riv = rr$r, fmi = rr$fmi,
    p_value_mc = jackknife_of_p(one$q, one$u, dfcom)
  )
}
save_csv(
  do.call(rbind, Map(pooled, rep(names(sets), 2), rep(c(Inf, 40), each = 3))),
  "golden/rubin.csv"
)

# ---- chained equations -------------------------------------------------------------------
# Mayo's primary biliary cholangitis data: 106 patients were not in the trial and lack the signs
# that it recorded. Every sixth stage is deleted, so that a factor of four levels has gaps too.
pbc <- with(survival::pbc, data.frame(
  time = time, event = as.integer(status == 2), age = age / 10, log_bili = log(bili),
  albumin = albumin, chol = chol / 100, ascites = ascites, stage = stage
))
pbc$stage[seq(6, nrow(pbc), 6)] <- NA
save_csv(pbc, "data/pbc_missing.csv")
pbc$hazard <- nelsonaalen(pbc, time, event)
curve <- survfit(Surv(time, event) ~ 1, pbc)
save_csv(data.frame(hazard = curve$cumhaz[match(pbc$time, curve$time)]), "golden/nelson_aalen.csv")
pbc$ascites <- factor(pbc$ascites)
pbc$stage <- factor(pbc$stage)
predictors <- make.predictorMatrix(pbc)
predictors[, "time"] <- 0
method <- make.method(pbc)
method[c("chol", "ascites", "stage")] <- c("pmm", "logreg", "polyreg")
m <- 400
made <- mice(pbc, m = m, maxit = 10, method = method, predictorMatrix = predictors,
             seed = 1987, printFlag = FALSE)
fits <- with(made, coxph(Surv(time, event) ~ age + log_bili + albumin + chol + ascites + stage))
table <- summary(pool(fits))
parts <- pool(fits)$pooled
# The error of the pooled standard error by the jackknife over the imputations.
q <- sapply(fits$analyses, coef)
u <- sapply(fits$analyses, function(fit) diag(vcov(fit)))
total <- function(keep) rowMeans(u[, keep]) + (1 + 1 / m) * apply(q[, keep], 1, var)
jackknife <- sapply(seq_len(m), function(i) sqrt(total(-i)))
error_error <- apply(jackknife, 1, function(x) sqrt((m - 1) / m * sum((x - mean(x))^2)))
save_csv(data.frame(
  term = as.character(table$term), estimate = table$estimate, std_error = table$std.error,
  estimate_mc = sqrt(parts$b / m), std_error_mc = error_error, fmi = parts$fmi,
  dfcom = parts$dfcom, imputations = m
), "golden/imputation.csv")
save_csv(data.frame(software = c("R", "survival", "mice"), version = c(
  as.character(getRversion()), as.character(packageVersion("survival")),
  as.character(packageVersion("mice"))
)), "golden/versions_imputation.csv")
