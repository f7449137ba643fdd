# What doses, their days, and subgroups say of an exposure: lines and curves in the amount, groups of
# doses, calendar time and centre volume, interactions. Run from anywhere: Rscript
# tests/reference/drug.R. Needs R >= 4.2 and survival >= 3.5. The amounts on the public `veteran`
# first, then the cohort of the report.

library(survival)
library(splines)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))
source("cohort_patients.R")

rows <- list()
add <- function(data, outcome, analysis, variable, level, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    data, outcome, analysis, variable, level, statistic, value = unname(value)
  )
}
add_ratio <- function(estimate, error, ...) {
  half <- qnorm(0.975) * error
  add(..., "hazard_ratio", exp(estimate))
  add(..., "hazard_ratio_ci_low", exp(estimate - half))
  add(..., "hazard_ratio_ci_high", exp(estimate + half))
  add(..., "p_value", 2 * pnorm(-abs(estimate / error)))
}
exact <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
cox <- function(formula, frame) coxph(formula, frame, ties = "efron", control = exact)
lr_test <- function(full, reduced) {
  gain <- 2 * (full$loglik[2] - reduced$loglik[2])
  pchisq(gain, length(coef(full)) - length(coef(reduced)), lower.tail = FALSE)
}

# `amount` is NA in the unexposed; `at` are amounts on the scale of the line, by level.
put_amount <- function(data, outcome, variable, frame, terms, amount, at) {
  exposed <- !is.na(amount)
  known <- amount[exposed]
  frame$any <- as.numeric(exposed)
  frame$line <- ifelse(exposed, amount - mean(known), 0)
  basis <- ns(known, knots = median(known), Boundary.knots = range(known))
  frame[c("curve1", "curve2")] <- 0
  frame[exposed, c("curve1", "curve2")] <- unclass(basis)[, 1:2]
  fit <- function(...) cox(reformulate(c("any", ..., terms), "followed"), frame)
  alike <- fit()
  linear <- fit("line")
  curved <- fit("curve1", "curve2")
  here <- list(data, outcome, "cox_amount", variable)
  put <- function(level, statistic, value) do.call(add, c(here, level, statistic, value))
  beta <- coef(linear)[["line"]]
  do.call(add_ratio, c(list(beta, sqrt(vcov(linear)["line", "line"])), here, "doubled"))
  put("line", "lr_p_value", lr_test(linear, alike))
  put("curve", "lr_p_value", lr_test(curved, alike))
  put("bend", "lr_p_value", lr_test(curved, linear))
  for (level in names(at)) {
    weights <- c(1, predict(basis, at[[level]]))
    own <- c("any", "curve1", "curve2")
    estimate <- sum(weights * coef(curved)[own])
    error <- sqrt(c(weights %*% vcov(curved)[own, own] %*% weights))
    do.call(add_ratio, c(list(estimate, error), here, level))
  }
}

# ---- public data: the age of those on the test treatment as if it were an amount ----------------
trial <- read.csv("data/veteran.csv")
trial$followed <- with(trial, Surv(time, event == 1))
amount <- ifelse(trial$trt == 2, log2(trial$age), NA)
put_amount("veteran", "os", "age", trial, c("karno", "prior"), amount,
           c(at_quartile_1 = log2(50), at_median = log2(60), at_quartile_3 = log2(68)))

# ---- the cohort -----------------------------------------------------------------------------
baseline <- c(
  "age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow",
  "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"
)
known <- patients[stats::complete.cases(patients[baseline]), ]
complete <- droplevels(known)
exposed <- patients$ino == "exposed"
with(patients, {
  last <- pmax(last_ino_preapheresis_date, last_ino_bridging_date, na.rm = TRUE)
  patients$doses <<- ifelse(exposed, ino_doses_preapheresis + ino_doses_bridging, NA)
  before <- last_ino_preapheresis_date
  patients$to_apheresis <<- ifelse(exposed, days_between(before, apheresis_date), NA)
  patients$to_infusion <<- ifelse(exposed, days_between(last, infusion_date), NA)
})
stopifnot(patients$last_ino_bridging_date > patients$apheresis_date |
            is.na(patients$last_ino_bridging_date))
amounts <- list(
  amount_doses = list(patients$doses, log2),
  amount_days_to_apheresis = list(patients$to_apheresis, function(x) log2(x + 1)),
  amount_days_to_infusion = list(patients$to_infusion, function(x) log2(x + 1))
)
for (outcome in c("pfs", "os")) {
  patients$followed <- Surv(patients[[paste0(outcome, "_months")]],
                            patients[[paste0(outcome, "_event")]])
  in_model <- stats::complete.cases(patients[baseline])
  for (name in names(amounts)) {
    values <- amounts[[name]][[1]]
    scale <- amounts[[name]][[2]]
    used <- in_model & (!exposed | !is.na(values))
    at <- scale(quantile(values, c(0.25, 0.5, 0.75), na.rm = TRUE))
    names(at) <- c("at_quartile_1", "at_median", "at_quartile_3")
    put_amount("cohort", outcome, name, patients[used, ], baseline, scale(values[used]), at)
  }
  patients$dose_group <- cut(ifelse(exposed, patients$doses, 0), c(-Inf, 0.5, 2.5, Inf),
                             c("no_dose", "few_doses", "many_doses"))
  for (adjustment in c("crude", "baseline")) {
    terms <- if (adjustment == "baseline") baseline else c()
    fit <- cox(reformulate(c("dose_group", terms), "followed"), patients)
    for (level in c("few_doses", "many_doses")) {
      column <- paste0("dose_group", level)
      add_ratio(coef(fit)[[column]], sqrt(vcov(fit)[column, column]), "cohort", outcome,
                paste0("cox_dose_groups_", adjustment), "dose_group", level)
    }
  }
}

# ---- subgroups ------------------------------------------------------------------------------
for (outcome in c("pfs", "os")) {
  patients$followed <- Surv(patients[[paste0(outcome, "_months")]],
                            patients[[paste0(outcome, "_event")]])
  for (variable in c("ph_positive", "active_marrow", "age_group")) {
    terms <- union(baseline, variable)
    frame <- droplevels(patients[stats::complete.cases(patients[terms]), ])
    plain <- cox(reformulate(c("ino", terms), "followed"), frame)
    for (level in levels(frame[[variable]])) {
      frame$here <- relevel(factor(frame[[variable]]), level)
      product <- cox(reformulate(c("ino * here", setdiff(terms, variable)), "followed"), frame)
      add_ratio(coef(product)[["inoexposed"]], sqrt(vcov(product)["inoexposed", "inoexposed"]),
                "cohort", outcome, "cox_interaction", variable, level)
      column <- paste0("inoexposed:here", levels(frame$here)[levels(frame$here) != level])
      if (level == levels(frame[[variable]])[1]) for (other in column) {
        factor <- exp((qnorm(0.975) + qnorm(0.8)) * sqrt(vcov(product)[other, other]))
        add("cohort", outcome, "cox_interaction", variable, sub("inoexposed:here", "", other),
            "detectable_ratio_of_hazard_ratios", factor)
      }
    }
    add("cohort", outcome, "cox_interaction", variable, "", "lr_p_value", lr_test(product, plain))
  }
}

# ---- file -----------------------------------------------------------------------------------
frame <- do.call(rbind, rows)
frame$value <- sprintf("%.17g", frame$value)
write.csv(frame, file.path("golden", "drug.csv"), row.names = FALSE, quote = FALSE)
