# What holds when hazards are not proportional, by exposure; the refractory against the responsive;
# and how complete the follow-up is. Written by `put`. Read by cohort.R after cohort_ladder.R.

# ---- before and after six months, from the data split there ------------------------------
put_ratio <- function(estimate, error, statistics, ...) {
  p <- 2 * pnorm(-abs(estimate / error))
  values <- c(
    exp(estimate), exp(estimate - qnorm(0.975) * error), exp(estimate + qnorm(0.975) * error),
    estimate, error, p
  )
  for (i in which(!is.na(statistics))) put(values[i], statistic = statistics[i], ...)
}
ratio_names <- c(
  "hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high", "coefficient", "std_error",
  "p_value"
)
change_names <- c(
  "hazard_ratio_change", "hazard_ratio_change_ci_low", "hazard_ratio_change_ci_high", NA, NA,
  "p_value"
)
put_periods <- function(outcome, cut) {
  frame <- data.frame(
    time = patients[[paste0(outcome, "_months")]], event = patients[[paste0(outcome, "_event")]],
    exposed = as.integer(patients$ino == "exposed")
  )
  split <- survSplit(Surv(time, event) ~ ., frame, cut = cut, episode = "period")
  both <- coxph(
    Surv(tstart, time, event) ~ exposed:factor(period), split, ties = "efron", control = tight
  )
  one <- coxph(Surv(tstart, time, event) ~ exposed, split, ties = "efron", control = tight)
  variance <- vcov(both)
  key <- list(
    outcome = outcome, population = "infused", variable = "ino", level = "exposed",
    contrast = "exposed_vs_naive", time_months = cut
  )
  analyses <- c("cox_before_cut", "cox_after_cut")
  for (i in 1:2) {
    arguments <- list(coef(both)[i], sqrt(variance[i, i]), ratio_names, analysis = analyses[i])
    do.call(put_ratio, c(arguments, key))
    own <- split[split$period == i, ]
    sizes <- list(n = nrow(own), events = sum(own$event))
    for (statistic in names(sizes)) {
      put(sizes[[statistic]],
        analysis = analyses[i], outcome = outcome, population = "infused", time_months = cut,
        statistic = statistic
      )
    }
  }
  difference <- coef(both)[2] - coef(both)[1]
  error <- sqrt(variance[1, 1] + variance[2, 2] - 2 * variance[1, 2])
  do.call(put_ratio, c(list(difference, error, change_names, analysis = "cox_change_at_cut"), key))
  put(likelihood_ratio_p(both, one$loglik[2], 1),
    analysis = "cox_change_at_cut", outcome = outcome, population = "infused", variable = "ino",
    time_months = cut, statistic = "lr_p_value"
  )
}

# ---- restricted means --------------------------------------------------------------------
put_means <- function(outcome, tau) {
  frame <- data.frame(
    time = patients[[paste0(outcome, "_months")]], event = patients[[paste0(outcome, "_event")]],
    ino = patients$ino
  )
  table <- survival:::survmean(survfit(Surv(time, event) ~ ino, frame), rmean = tau)$matrix
  put_mean <- function(mean, error, name, ...) {
    values <- c(mean, error, mean - qnorm(0.975) * error, mean + qnorm(0.975) * error)
    ends <- c("", "_std_error", "_ci_low", "_ci_high")
    for (i in 1:4) {
      put(values[i],
        analysis = "restricted_mean", outcome = outcome, time_months = tau,
        statistic = paste0(name, ends[i]), ...
      )
    }
  }
  for (arm in c("naive", "exposed")) {
    own <- table[paste0("ino=", arm), ]
    where <- subgroup("infused", "ino", arm)
    put_mean(own["rmean"], own["se(rmean)"], "restricted_mean", population = where)
    arm_times <- frame$time[frame$ino == arm]
    counts <- list(
      at_risk = sum(arm_times >= tau),
      events_to_date = sum(frame$event[frame$ino == arm] & arm_times <= tau)
    )
    for (statistic in names(counts)) {
      put(counts[[statistic]],
        analysis = "restricted_mean", outcome = outcome, population = where, time_months = tau,
        statistic = statistic
      )
    }
  }
  difference <- table["ino=exposed", "rmean"] - table["ino=naive", "rmean"]
  error <- sqrt(sum(table[, "se(rmean)"]^2))
  put_mean(difference, error, "restricted_mean_difference",
    population = "infused", contrast = "exposed_vs_naive"
  )
  put(2 * pnorm(-abs(difference / error)),
    analysis = "restricted_mean", outcome = outcome, population = "infused",
    contrast = "exposed_vs_naive", time_months = tau, statistic = "p_value"
  )
}

for (outcome in c("pfs", "os")) {
  put_periods(outcome, 6)
  for (tau in c(12, 18)) put_means(outcome, tau)
  hazards <- cox.zph(fit_cox("ino", patients, outcome), transform = "km", terms = TRUE)
  put(hazards$table["ino", "p"],
    analysis = "proportional_hazards_crude", outcome = outcome, population = "infused",
    variable = "ino", statistic = "ph_p_value"
  )
}

# ---- refractory against responsive, the responsive made the reference --------------------
put_response <- function(name, covariates, frame, outcome, population) {
  terms <- c("ino_exposure_response", covariates)
  frame <- frame[frame$ino_exposure_response != "not_reported", ]
  frame <- droplevels(complete(frame, terms))
  frame$ino_exposure_response <- relevel(frame$ino_exposure_response, "responder")
  fit <- fit_cox(terms, frame, outcome)
  analysis <- paste0("cox_response_", name)
  row <- "ino_exposure_responserefractory"
  put_ratio(coef(fit)[[row]], sqrt(vcov(fit)[row, row]), ratio_names,
    analysis = analysis, outcome = outcome, population = population,
    variable = "ino_exposure_response", level = "refractory",
    contrast = "refractory_vs_responder"
  )
  for (statistic in c("n", "events")) {
    put(if (statistic == "n") fit$n else fit$nevent,
      analysis = analysis, outcome = outcome, population = population, statistic = statistic
    )
  }
}
before_exposure <- c("age_decades", "race_ethnicity_collapsed", "ph_positive")
for (outcome in c("pfs", "os")) {
  put_response("crude", NULL, patients, outcome, "infused")
  put_response("before_exposure", before_exposure, patients, outcome, "infused")
  put_response("baseline", baseline, patients, outcome, "infused")
}
put_response("as_published", as_published, base_of("responders"), "pfs", "responders")

# ---- completeness of follow-up: whoever died is complete ---------------------------------
put_completeness <- function(own, population) {
  until_lock <- days_between(patients$infusion_date, lock) / days_per_month
  potential <- ifelse(patients$dead, patients$os_months, until_lock)
  put(sum(patients$os_months[own]) / sum(potential[own]),
    analysis = "followup", outcome = "followup", population = population,
    variable = "completeness", statistic = "completeness"
  )
}
put_completeness(rep(TRUE, nrow(patients)), "infused")
for (arm in levels(patients$ino)) {
  put_completeness(patients$ino == arm, subgroup("infused", "ino", arm))
}
