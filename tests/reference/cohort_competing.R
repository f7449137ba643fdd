# Relapse against death without it, of any cause and by cause, and the onset of toxicity against death before it, written by
# `put`. Read by cohort.R after cohort_ladder.R. Needs cmprsk.

library(cmprsk)

# 1 = relapse first, 2 = death first; a relapse on the day of death comes first.
patients$first_event <- with(patients, ifelse(
  relapsed & (!dead | relapse_date <= death_date), 1, ifelse(dead, 2, 0)
))
stopifnot((patients$first_event > 0) == patients$pfs_event)
causes <- c(relapse = 1, death_without_relapse = 2)

log_log_limits <- function(estimate, variance) {
  half <- qnorm(0.975) * sqrt(variance) / (estimate * log(estimate))
  if (is.na(half)) c(NA, NA) else estimate^exp(c(-half, half))
}

# Time, cause and group of some patients; `at` are the landmarks in the unit of time.
put_incidence <- function(analysis, outcome, base, time, cause, own, group, at,
                          units_per_month) {
  for (arm in levels(group)) {
    inside <- group == arm
    population <- subgroup(base, "ino", arm)
    put_here <- function(value, statistic, ...) {
      put(value,
        analysis = analysis, outcome = outcome, population = population, statistic = statistic, ...
      )
    }
    put_here(sum(inside), "n")
    put_here(sum(cause[inside] == own), "events")
    put_here(sum(!cause[inside] %in% c(0, own)), "competing_events")
    found <- timepoints(cuminc(time[inside], cause[inside]), at)
    row <- paste("1", own)
    for (position in seq_along(at)) {
      months <- sprintf("%.17g", at[position] / units_per_month)
      estimate <- found$est[row, position]
      limits <- log_log_limits(estimate, found$var[row, position])
      put_here(estimate, "incidence", time_months = months)
      put_here(limits[1], "incidence_ci_low", time_months = months)
      put_here(limits[2], "incidence_ci_high", time_months = months)
      put_here(
        sum(cause[inside] == own & time[inside] <= at[position]), "events_to_date",
        time_months = months
      )
      put_here(sum(time[inside] >= at[position]), "at_risk", time_months = months)
    }
  }
  tests <- cuminc(time, cause, group)$Tests
  put_test <- function(value, statistic) {
    put(value,
      analysis = analysis, outcome = outcome, population = base, contrast = contrast_of(group),
      statistic = statistic
    )
  }
  statistic <- tests[as.character(own), "stat"]
  put_test(statistic, "chi_square")
  put_test(pchisq(statistic, nlevels(group) - 1, lower.tail = FALSE), "p_value")
}

# cmprsk's own stopping rule, and two plain Newton steps more.
fit_subdistribution <- function(time, cause, own, covariates) {
  fit <- crr(time, cause, covariates, failcode = own)
  stopifnot(fit$converged)
  for (step in 1:2) {
    better <- fit$coef + solve(fit$inf, fit$score)
    fit <- crr(time, cause, covariates, failcode = own, init = better, maxiter = 0)
  }
  fit
}

put_cause_models <- function(adjustment, outcome, covariates, own, event) {
  terms <- c("ino", covariates)
  frame <- droplevels(complete(patients, terms))
  frame$own_months <- frame$pfs_months
  frame$own_event <- frame[[event]] == own
  cox <- fit_cox(terms, frame, "own")
  columns <- model.matrix(reformulate(terms), frame)[, -1, drop = FALSE]
  gray <- fit_subdistribution(frame$pfs_months, frame[[event]], own, columns)
  estimates <- list(
    cause_specific = c(coef(cox)[["inoexposed"]], sqrt(vcov(cox)["inoexposed", "inoexposed"])),
    subdistribution = c(gray$coef[["inoexposed"]], sqrt(gray$var[1, 1]))
  )
  for (scale in names(estimates)) {
    analysis <- paste(scale, adjustment, sep = "_")
    counts <- list(
      n = nrow(frame), events = sum(frame$own_event),
      competing_events = sum(!frame[[event]] %in% c(0, own))
    )
    for (statistic in names(counts)) {
      put(counts[[statistic]],
        analysis = analysis, outcome = outcome, population = "infused", statistic = statistic
      )
    }
    beta <- estimates[[scale]][1]
    error <- estimates[[scale]][2]
    half <- qnorm(0.975) * error
    numbers <- list(
      hazard_ratio = exp(beta), hazard_ratio_ci_low = exp(beta - half),
      hazard_ratio_ci_high = exp(beta + half), coefficient = beta, std_error = error,
      p_value = 2 * pnorm(-abs(beta / error))
    )
    for (statistic in names(numbers)) {
      put(numbers[[statistic]],
        analysis = analysis, outcome = outcome, population = "infused", variable = "ino",
        level = "exposed", contrast = "exposed_vs_naive", statistic = statistic
      )
    }
  }
}

for (outcome in names(causes)) {
  put_incidence(
    "competing_risks", outcome, "infused", patients$pfs_months, patients$first_event,
    causes[[outcome]], patients$ino, c(6, 12), 1
  )
  put_cause_models("crude", outcome, c(), causes[[outcome]], "first_event")
  put_cause_models("baseline", outcome, baseline, causes[[outcome]], "first_event")
}

# Three ways to fail: 2 = death from leukaemia first, 3 = any other death first.
patients$fatal_event <- with(patients, ifelse(
  first_event == 2 & !cause_of_death %in% "leukemia", 3, first_event
))
kinds <- c(death_of_disease = 2, death_of_other_cause = 3)
for (outcome in names(kinds)) {
  put_incidence(
    "competing_risks", outcome, "infused", patients$pfs_months, patients$fatal_event,
    kinds[[outcome]], patients$ino, c(6, 12), 1
  )
  put_cause_models("crude", outcome, c(), kinds[[outcome]], "fatal_event")
}

# From infusion to day 30, that day included.
put_onset <- function(outcome) {
  base <- paste0(outcome, "_evaluable")
  chosen <- base_of(base)
  onset <- chosen[[paste0(outcome, "_onset_days")]]
  stopifnot(!is.na(onset[chosen[[outcome]] == "yes"]))
  last <- days_between(
    chosen$infusion_date, as.Date(ifelse(chosen$dead, chosen$death_date, chosen$last_seen),
                                  "1970-01-01")
  )
  begun <- !is.na(onset) & onset <= pmin(last, 30)
  cause <- ifelse(begun, 1, ifelse(chosen$dead & last <= 30, 2, 0))
  time <- ifelse(begun, onset, pmin(last, 30))
  put_incidence(
    "toxicity_onset", outcome, base, time, cause, 1, chosen$ino, c(7, 14, 30), days_per_month
  )
}
put_onset("crs")
put_onset("icans")
