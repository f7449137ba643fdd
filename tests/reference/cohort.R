# Derives the main numbers of the report from data/cohort.csv once more, by the definitions of the
# variable dictionary alone, and writes them to golden/cohort.csv under the keys of the results
# table. Run from anywhere: Rscript tests/reference/cohort.R
# Needs R >= 4.2, survival >= 3.5 and cmprsk >= 2.2-11.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))
options(warn = 1)
source("cohort_patients.R")

key_columns <- c(
  "analysis", "outcome", "population", "variable", "level", "contrast", "time_months", "statistic"
)
written <- list()

# One number under its key; what is not named is empty.
put <- function(value, ...) {
  key <- setNames(as.list(rep("", length(key_columns))), key_columns)
  given <- list(...)
  stopifnot(names(given) %in% key_columns, length(value) == 1)
  key[names(given)] <- lapply(given, as.character)
  number <- if (is.na(value)) "" else sprintf("%.17g", value)
  written[[length(written) + 1]] <<- data.frame(key, value = number)
}

# ---- comparisons of two groups -----------------------------------------------------------
# Empty levels take no degree of freedom, and patients of no group are in no test.
# Fisher's test stands beside it where an expected count is below 5 in a table of two columns.
put_chi_square <- function(values, groups, ...) {
  counts <- table(as.character(values), as.character(groups))
  test <- suppressWarnings(chisq.test(counts, correct = FALSE))
  put(test$p.value, ..., statistic = "p_value")
  if (min(dim(counts)) == 2 && min(test$expected) < 5) {
    put(fisher.test(counts, workspace = 2e7)$p.value, ..., statistic = "fisher_p_value")
  }
}
rank_p <- function(values, groups) {
  first <- values[groups %in% levels(groups)[1]]
  second <- values[groups %in% levels(groups)[2]]
  wilcox.test(first, second, exact = FALSE, correct = FALSE)$p.value
}
contrast_of <- function(groups) {
  groups <- levels(groups)
  paste0(groups[2], "_vs_", groups[1])
}
subgroup <- function(base, by, level) sprintf("%s[%s=%s]", base, by, level)

measured <- c("age_years", "prior_lines")
counted <- c(
  "age_group", "age_group_as_published", "sex", "race_ethnicity", "disease_subtype",
  "marrow_status", "marrow_blasts_group", "extramedullary_disease", "cns_involvement",
  "prior_blinatumomab", "prior_hct", "bridging_therapy", "ph_positive"
)
missing_is_a_level <- c("marrow_status", "marrow_blasts_group")

put_baseline <- function(analysis, by) {
  groups <- patients[[by]]
  for (variable in counted) {
    values <- as.character(patients[[variable]])
    if (variable %in% missing_is_a_level) values[is.na(values)] <- "missing"
    put_chi_square(values, groups,
      analysis = analysis, population = "infused", variable = variable,
      contrast = contrast_of(groups)
    )
  }
  for (variable in measured) {
    put(rank_p(patients[[variable]], groups),
      analysis = analysis, population = "infused", variable = variable,
      contrast = contrast_of(groups), statistic = "p_value"
    )
    for (level in levels(groups)) {
      put(median(patients[[variable]][groups %in% level]),
        analysis = analysis, population = subgroup("infused", by, level), variable = variable,
        statistic = "median"
      )
    }
  }
}
put_baseline("baseline_by_exposure", "ino")
put_baseline("baseline_by_response", "ino_response")
put_baseline("baseline_by_timing", "ino_timing")
for (variable in measured) {
  put(median(patients[[variable]]),
    analysis = "baseline_by_exposure", population = "infused", variable = variable,
    statistic = "median"
  )
}

# ---- toxicity and response ---------------------------------------------------------------
put_outcome <- function(analysis, outcome, base, factor_name = "") {
  chosen <- base_of(base)
  values <- chosen[[if (factor_name == "") outcome else factor_name]]
  put_chi_square(values, chosen$ino,
    analysis = analysis, outcome = outcome, population = base, variable = factor_name,
    contrast = contrast_of(chosen$ino)
  )
  for (arm in levels(chosen$ino)) {
    own <- values[chosen$ino == arm]
    for (level in if (factor_name == "") "yes" else levels(droplevels(values))) {
      put(sum(own == level),
        analysis = analysis, outcome = outcome, population = subgroup(base, "ino", arm),
        variable = factor_name, level = if (factor_name == "") "" else level, statistic = "count"
      )
    }
  }
}
put_measured_outcome <- function(outcome, base) {
  chosen <- base_of(base)
  put(rank_p(chosen[[outcome]], chosen$ino),
    analysis = "toxicity", outcome = outcome, population = base,
    contrast = contrast_of(chosen$ino), statistic = "p_value"
  )
  for (arm in levels(chosen$ino)) {
    put(median(chosen[[outcome]][chosen$ino == arm], na.rm = TRUE),
      analysis = "toxicity", outcome = outcome, population = subgroup(base, "ino", arm),
      statistic = "median"
    )
  }
}
put_outcome("toxicity", "crs", "crs_evaluable")
put_outcome("toxicity", "icans", "icans_evaluable")
for (base in c("crs_evaluable", "crs_affected")) {
  put_outcome("toxicity", "crs", base, "crs_grade_group")
}
for (base in c("icans_evaluable", "icans_affected")) {
  put_outcome("toxicity", "icans", base, "icans_grade_group")
}
for (outcome in c("tocilizumab", "steroids", "anakinra", "death_30d", "sos_death")) {
  put_outcome("toxicity", outcome, "infused")
}
put_measured_outcome("crs_onset_days", "crs_affected")
put_measured_outcome("icans_onset_days", "icans_affected")
put_measured_outcome("hospital_days", "infused")

for (base in c("response_evaluable", "infused")) put_outcome("response", "cr_cri", base)
put_outcome("response", "response_not_evaluable", "infused")
for (base in c("response_evaluable", "responders", "mrd_tested_responders")) {
  put_outcome("response", "mrd_negative", base)
}
put_outcome("response", "consolidation_any", "responders")
for (base in c("responders", "infused")) put_outcome("response", "relapse", base)

# ---- survival ----------------------------------------------------------------------------
put_curve <- function(time, event, landmarks, ...) {
  curve <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
  middle <- quantile(curve, 0.5)
  put(length(time), statistic = "n", ...)
  put(sum(event), statistic = "events", ...)
  put(middle$quantile, statistic = "median", ...)
  put(middle$lower, statistic = "median_ci_low", ...)
  put(middle$upper, statistic = "median_ci_high", ...)
  for (month in landmarks) {
    at <- summary(curve, times = month)
    put(at$n.risk, time_months = month, statistic = "at_risk", ...)
    if (month == 0) next
    put(at$surv, time_months = month, statistic = "survival", ...)
    put(at$lower, time_months = month, statistic = "survival_ci_low", ...)
    put(at$upper, time_months = month, statistic = "survival_ci_high", ...)
  }
}
# The iterations go on until the coefficients stand still; R's default stops earlier.
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
put_survival <- function(analysis, by, compared) {
  for (outcome in c("pfs", "os")) {
    time <- patients[[paste0(outcome, "_months")]]
    event <- patients[[paste0(outcome, "_event")]]
    for (level in levels(patients[[by]])) {
      if (level == "not_reported") next
      own <- patients[[by]] %in% level
      put_curve(time[own], event[own], c(0, 6, 12),
        analysis = analysis, outcome = outcome, population = subgroup("infused", by, level)
      )
    }
    both <- patients[[by]] %in% compared
    groups <- factor(patients[[by]][both], levels = compared)
    test <- survdiff(Surv(time[both], event[both]) ~ groups)
    fit <- summary(coxph(Surv(time[both], event[both]) ~ groups, ties = "efron", control = tight))
    numbers <- list(
      chi_square = test$chisq, p_value = pchisq(test$chisq, 1, lower.tail = FALSE),
      hazard_ratio = fit$conf.int[1, "exp(coef)"],
      hazard_ratio_ci_low = fit$conf.int[1, "lower .95"],
      hazard_ratio_ci_high = fit$conf.int[1, "upper .95"]
    )
    for (statistic in names(numbers)) {
      put(numbers[[statistic]],
        analysis = analysis, outcome = outcome, population = "infused",
        contrast = contrast_of(groups), statistic = statistic
      )
    }
  }
}
put_survival("survival_by_exposure", "ino", c("naive", "exposed"))

# The exposed minus the never exposed, from curves of the one and of the other.
put_difference <- function(analysis, outcome, naive, exposed) {
  for (month in c(6, 12)) {
    ends <- lapply(list(naive, exposed), summary, times = month)
    difference <- ends[[2]]$surv - ends[[1]]$surv
    half <- qnorm(0.975) * sqrt(ends[[1]]$std.err^2 + ends[[2]]$std.err^2)
    numbers <- list(
      survival_difference = difference, survival_difference_ci_low = difference - half,
      survival_difference_ci_high = difference + half
    )
    for (statistic in names(numbers)) {
      put(numbers[[statistic]],
        analysis = analysis, outcome = outcome, population = "infused", variable = "ino",
        level = "exposed", contrast = "exposed_vs_naive", time_months = month,
        statistic = statistic
      )
    }
  }
}
for (outcome in c("pfs", "os")) {
  curves <- lapply(c("naive", "exposed"), function(group) {
    own <- patients[patients$ino %in% group, ]
    survfit(Surv(own[[paste0(outcome, "_months")]], own[[paste0(outcome, "_event")]]) ~ 1)
  })
  put_difference("difference_crude", outcome, curves[[1]], curves[[2]])
}
put_survival("survival_by_response", "ino_exposure_response", c("responder", "refractory"))
put_survival("survival_by_timing", "ino_timing", c("preapheresis_only", "bridging"))

# Follow-up: the living at last contact are the events, deaths are censored.
put_followup <- function(own, population) {
  put_curve(patients$os_months[own], !patients$dead[own], c(),
    analysis = "followup", outcome = "followup", population = population,
    variable = "reverse_kaplan_meier"
  )
}
put_followup(rep(TRUE, nrow(patients)), "infused")
for (arm in levels(patients$ino)) {
  put_followup(patients$ino == arm, subgroup("infused", "ino", arm))
}

# ---- Cox models --------------------------------------------------------------------------
source("cohort_penalised.R")
source("cohort_models.R")
source("cohort_ladder.R")
source("cohort_competing.R")
source("cohort_hazards.R")
source("cohort_consolidation.R")
source("cohort_weighting.R")
source("cohort_missing.R")

# ---- file --------------------------------------------------------------------------------
golden <- do.call(rbind, written)
stopifnot(!anyDuplicated(golden[key_columns]))
write.csv(golden, "golden/cohort.csv", row.names = FALSE, quote = FALSE)
