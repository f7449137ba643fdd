# Writes the primary ratio without each covariate, beside another as strong, and beside supposed
# binary confounders; and the ratios of negative controls. Run from anywhere: Rscript tests/reference/unmeasured.R
# Needs R >= 4.2 and survival >= 3.5.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))
source("cohort_patients.R")

baseline <- c(
  "age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow",
  "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"
)
complete <- droplevels(patients[stats::complete.cases(patients[c("ino", baseline)]), ])
ratio_of <- function(outcome, terms) {
  followed <- Surv(complete[[paste0(outcome, "_months")]], complete[[paste0(outcome, "_event")]])
  fit <- coxph(reformulate(c("ino", terms), "followed"), complete, ties = "efron",
               control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60))
  summary(fit)$conf.int["inoexposed", c("exp(coef)", "lower .95", "upper .95")]
}
rows <- list()
add <- function(outcome, analysis, name, values) {
  rows[[length(rows) + 1]] <<- data.frame(
    outcome = outcome, analysis = analysis, name = name, value = values[[1]],
    ci_low = values[[2]], ci_high = values[[3]]
  )
}
for (outcome in c("pfs", "os")) {
  primary <- ratio_of(outcome, baseline)
  for (term in baseline) {
    other <- ratio_of(outcome, setdiff(baseline, term))
    add(outcome, "without", term, other)
    add(outcome, "beside", term, primary * primary[[1]] / other[[1]])
  }
  for (g in c(1.5, 2, 3, 5)) for (p1 in c(0.3, 0.4, 0.6, 0.8)) {
    bias <- (1 + p1 * (g - 1)) / (1 + 0.2 * (g - 1))
    add(outcome, "supposed", sprintf("hr_%g_prevalence_%g", g, p1), primary / bias)
  }
}
# Negative controls: prior blinatumomab beside the exposure and every covariate; ICANS by exposure.
add_control <- function(outcome, name, fit, term) {
  value <- coef(summary(fit))[term, 1:2]
  estimate <- value[[1]]
  error <- if (inherits(fit, "coxph")) sqrt(vcov(fit)[term, term]) else value[[2]]
  add(outcome, name, term, exp(estimate + c(0, -1, 1) * qnorm(0.975) * error))
}
strict <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
for (outcome in c("pfs", "os")) {
  followed <- Surv(complete[[paste0(outcome, "_months")]], complete[[paste0(outcome, "_event")]])
  for (terms in list("prior_blinatumomab", c("ino", baseline))) {
    fit <- coxph(reformulate(terms, "followed"), complete, ties = "efron", control = strict)
    name <- if (length(terms) == 1) "control_crude" else "control"
    add_control(outcome, name, fit, "prior_blinatumomabyes")
  }
}
toxic <- complete[!is.na(complete$icans), ]
for (terms in list("ino", c("ino", baseline))) {
  fit <- glm(reformulate(terms, "icans"), binomial, toxic,
             control = glm.control(epsilon = 1e-15, maxit = 100))
  name <- if (length(terms) == 1) "control_crude" else "control"
  add_control("icans", name, fit, "inoexposed")
}
frame <- do.call(rbind, rows)
numeric <- vapply(frame, is.double, logical(1))
frame[numeric] <- lapply(frame[numeric], function(x) sprintf("%.17g", x))
write.csv(frame, file.path("golden", "unmeasured.csv"), row.names = FALSE, quote = FALSE)
