# Derives the numbers of the transplant example (data/examples/transplant) from KMsurv's bmt itself,
# without its CSV file, mapping or dates, and writes them to golden/bmt.csv under the keys of the
# results table. Run from anywhere: Rscript tests/reference/bmt.R
# Needs R >= 4.2, KMsurv 0.1-5, survival >= 3.5 and cmprsk >= 2.2-11.

library(survival)
library(cmprsk)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))
options(warn = 2)

# ---- patients ----------------------------------------------------------------------------
data(bmt, package = "KMsurv")
yes_no <- function(flag) factor(ifelse(flag == 1, "yes", "no"), levels = c("no", "yes"))
sexes <- function(flag) factor(ifelse(flag == 1, "male", "female"), levels = c("male", "female"))
days_per_month <- 30.4375
patients <- with(bmt, data.frame(
  disease_group = factor(group, levels = 1:3, labels = c("all", "aml_low", "aml_high")),
  age_years = z1, age_decades = z1 / 10, donor_age_years = z2, waiting_days = z7,
  sex = sexes(z3), donor_sex = sexes(z4), cmv_positive = yes_no(z5),
  donor_cmv_positive = yes_no(z6), methotrexate = yes_no(z10),
  centre = z9,
  os_months = t1 / days_per_month, os_event = d1 == 1,
  # A relapse ends it on its day, else death or last contact do. In one patient, dead without
  # relapse, t2 is shorter than t1; the event is the death.
  pfs_months = ifelse(d2 == 1, t2, t1) / days_per_month, pfs_event = d1 == 1 | d2 == 1,
  cause = ifelse(d2 == 1, 1, ifelse(d1 == 1, 2, 0))
))
groups <- levels(patients$disease_group)
baseline <- c(
  "age_decades", "donor_age_years", "sex", "cmv_positive", "methotrexate"
)
landmarks <- c(12, 24, 60)

# ---- rows --------------------------------------------------------------------------------
key_columns <- c(
  "analysis", "outcome", "population", "variable", "level", "contrast", "time_months", "statistic"
)
written <- list()
# One number under its key; what is not named is empty.
put <- function(value, ...) {
  key <- setNames(as.list(rep("", length(key_columns))), key_columns)
  given <- list(population = "infused", ...)
  given <- given[!duplicated(names(given), fromLast = TRUE)]
  stopifnot(names(given) %in% key_columns, length(value) == 1)
  key[names(given)] <- lapply(given, as.character)
  number <- if (is.na(value)) "" else sprintf("%.17g", value)
  written[[length(written) + 1]] <<- data.frame(key, value = number)
}
put_all <- function(numbers, ...) {
  for (statistic in names(numbers)) put(numbers[[statistic]], statistic = statistic, ...)
}
in_group <- function(group) sprintf("infused[disease_group=%s]", group)

# ---- who they are ------------------------------------------------------------------------
measured <- c("age_years", "donor_age_years", "waiting_days")
counted <- c(
  "sex", "donor_sex", "cmv_positive", "donor_cmv_positive", "methotrexate"
)
for (variable in measured) {
  values <- patients[[variable]]
  put(kruskal.test(values, patients$disease_group)$p.value,
    analysis = "baseline_by_exposure", variable = variable, statistic = "p_value"
  )
  for (group in groups) {
    own <- quantile(values[patients$disease_group == group], c(0.5, 0.25, 0.75))
    put_all(list(median = own[[1]], quartile_1 = own[[2]], quartile_3 = own[[3]]),
      analysis = "baseline_by_exposure", population = in_group(group), variable = variable
    )
  }
}
for (variable in counted) {
  counts <- table(patients[[variable]], patients$disease_group)
  put(chisq.test(counts, correct = FALSE)$p.value,
    analysis = "baseline_by_exposure", variable = variable, statistic = "p_value"
  )
  for (group in groups) {
    for (level in rownames(counts)) {
      put(counts[level, group],
        analysis = "baseline_by_exposure", population = in_group(group), variable = variable,
        level = level, statistic = "count"
      )
    }
  }
}

# ---- survival ----------------------------------------------------------------------------
put_median <- function(curve, ...) {
  middle <- quantile(curve, 0.5)
  put_all(
    list(median = middle$quantile, median_ci_low = middle$lower, median_ci_high = middle$upper), ...
  )
}
put_curve <- function(time, event, ...) {
  curve <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
  put_all(list(n = length(time), events = sum(event)), ...)
  put_median(curve, ...)
  for (month in landmarks) {
    at <- summary(curve, times = month)
    put_all(
      list(survival = at$surv, survival_ci_low = at$lower, survival_ci_high = at$upper),
      time_months = month, ...
    )
  }
  for (month in c(0, landmarks)) {
    put(sum(time >= month), time_months = month, statistic = "at_risk", ...)
  }
}
for (outcome in c("pfs", "os")) {
  time <- patients[[paste0(outcome, "_months")]]
  event <- patients[[paste0(outcome, "_event")]]
  for (group in groups) {
    own <- patients$disease_group == group
    put_curve(time[own], event[own],
      analysis = "survival_by_exposure", outcome = outcome, population = in_group(group)
    )
  }
  test <- survdiff(Surv(time, event) ~ patients$disease_group)
  put_all(list(chi_square = test$chisq, p_value = pchisq(test$chisq, 2, lower.tail = FALSE)),
    analysis = "survival_by_exposure", outcome = outcome
  )
}

# Follow-up: the living at last contact are the events, deaths are censored.
put_followup <- function(own, ...) {
  curve <- with(patients[own, ], survfit(Surv(os_months, !os_event) ~ 1, conf.type = "log-log"))
  put_median(curve,
    analysis = "followup", outcome = "followup", variable = "reverse_kaplan_meier", ...
  )
}
put_followup(rep(TRUE, nrow(patients)))
for (group in groups) {
  put_followup(patients$disease_group == group, population = in_group(group))
}

# ---- Cox models --------------------------------------------------------------------------
# The iterations go on until the coefficients stand still; R's default stops earlier.
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
fit_cox <- function(terms, outcome, ...) {
  survival <- sprintf("Surv(%s_months, %s_event)", outcome, outcome)
  coxph(reformulate(terms, survival), patients, ties = "efron", control = tight, ...)
}
put_coefficients <- function(fit, of, ...) {
  table <- summary(fit)
  for (term in of) {
    for (position in fit$assign[[term]]) {
      level <- sub(term, "", names(coef(fit))[position], fixed = TRUE)
      against <- paste0(level, "_vs_", fit$xlevels[[term]][1])
      put_all(
        list(
          hazard_ratio = table$conf.int[position, "exp(coef)"],
          hazard_ratio_ci_low = table$conf.int[position, "lower .95"],
          hazard_ratio_ci_high = table$conf.int[position, "upper .95"],
          coefficient = table$coefficients[position, "coef"],
          std_error = table$coefficients[position, "se(coef)"],
          p_value = table$coefficients[position, "Pr(>|z|)"]
        ),
        variable = term, level = level, contrast = if (level == "") "" else against, ...
      )
    }
  }
}
for (outcome in c("pfs", "os")) {
  terms <- c("disease_group", baseline)
  crude <- fit_cox("disease_group", outcome)
  adjusted <- fit_cox(terms, outcome)
  put_coefficients(crude, "disease_group", analysis = "cox_ladder_crude", outcome = outcome)
  put_coefficients(adjusted, terms, analysis = "cox_ladder_baseline", outcome = outcome)
  put_all(
    list(n = adjusted$n, events = adjusted$nevent, log_likelihood = adjusted$loglik[2]),
    analysis = "cox_ladder_baseline", outcome = outcome
  )
  gain <- 2 * (adjusted$loglik[2] - fit_cox(baseline, outcome)$loglik[2])
  put(pchisq(gain, 2, lower.tail = FALSE),
    analysis = "cox_ladder_baseline", outcome = outcome, variable = "disease_group",
    statistic = "lr_p_value"
  )
  hazards <- cox.zph(adjusted, transform = "km", terms = TRUE)$table[, "p"]
  for (term in c("GLOBAL", terms)) {
    put(hazards[[term]],
      analysis = "cox_ladder_baseline", outcome = outcome,
      variable = if (term == "GLOBAL") "" else term, statistic = "ph_p_value"
    )
  }
}

# ---- relapse, and death without it -------------------------------------------------------
causes <- c(relapse = 1, death_without_relapse = 2)
log_log_limits <- function(estimate, variance) {
  half <- qnorm(0.975) * sqrt(variance) / (estimate * log(estimate))
  estimate^exp(c(-half, half))
}
for (outcome in names(causes)) {
  own <- causes[[outcome]]
  for (group in groups) {
    inside <- patients[patients$disease_group == group, ]
    found <- timepoints(cuminc(inside$pfs_months, inside$cause), landmarks)
    row <- paste("1", own)
    for (position in seq_along(landmarks)) {
      estimate <- found$est[row, position]
      limits <- log_log_limits(estimate, found$var[row, position])
      put_all(
        list(incidence = estimate, incidence_ci_low = limits[1], incidence_ci_high = limits[2]),
        analysis = "competing_risks", outcome = outcome, population = in_group(group),
        time_months = landmarks[position]
      )
    }
  }
  gray <- with(patients, cuminc(pfs_months, cause, disease_group))$Tests
  gray <- gray[as.character(own), "stat"]
  put_all(list(chi_square = gray, p_value = pchisq(gray, 2, lower.tail = FALSE)),
    analysis = "competing_risks", outcome = outcome
  )
  patients$own_months <- patients$pfs_months
  patients$own_event <- patients$cause == own
  for (adjustment in c("crude", "baseline")) {
    terms <- c("disease_group", if (adjustment == "baseline") baseline)
    put_coefficients(fit_cox(terms, "own"), "disease_group",
      analysis = paste0("cause_specific_", adjustment), outcome = outcome
    )
  }
}

# ---- file --------------------------------------------------------------------------------
golden <- do.call(rbind, written)
stopifnot(!anyDuplicated(golden[key_columns]))
write.csv(golden, "golden/bmt.csv", row.names = FALSE, quote = FALSE)
