# The exposure's hazard ratio from the crude one to the published model's, and under other choices,
# written by `put`. Read by cohort.R after cohort_models.R.

baseline <- c(
  "age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow",
  "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"
)

# Schoenfeld (1983): the ratio that 80% power finds at the two-sided level of 0.05.
detectable <- function(frame, outcome) {
  events <- sum(frame[[paste0(outcome, "_event")]])
  share <- mean(frame$ino == "exposed")
  exp((qnorm(0.975) + qnorm(0.8)) / sqrt(events * share * (1 - share)))
}

put_detectable <- function(analysis, frame, outcome, population) {
  put(detectable(frame, outcome),
    analysis = analysis, outcome = outcome, population = population, variable = "ino",
    level = "exposed", contrast = "exposed_vs_naive",
    statistic = "minimum_detectable_hazard_ratio"
  )
}

# The exposure of a model, without its covariates.
put_effect <- function(analysis, covariates, frame, outcome = "pfs", population = "infused") {
  terms <- c("ino", covariates)
  frame <- droplevels(complete(frame, terms))
  fit <- fit_cox(terms, frame, outcome)
  own <- list(n = fit$n, events = fit$nevent)
  for (statistic in names(own)) {
    put(own[[statistic]],
      analysis = analysis, outcome = outcome, population = population, statistic = statistic
    )
  }
  put_coefficients(fit, analysis, outcome, population, of = "ino")
  put_detectable(analysis, frame, outcome, population)
}

# Jackknife: the model refitted without each centre, t with one degree of freedom less than centres.
put_errors_by_centre <- function(analysis, covariates, frame, outcome) {
  terms <- c("ino", covariates)
  frame <- droplevels(complete(frame, terms))
  centres <- unique(frame$centre)
  of <- function(rows) coef(fit_cox(terms, rows, outcome))[["inoexposed"]]
  estimate <- of(frame)
  without <- sapply(centres, function(centre) of(frame[frame$centre != centre, ]))
  degrees <- length(centres) - 1
  error <- sqrt(degrees / length(centres) * sum((without - estimate)^2))
  numbers <- list(
    robust_std_error = error,
    robust_ci_low = exp(estimate - qt(0.975, degrees) * error),
    robust_ci_high = exp(estimate + qt(0.975, degrees) * error),
    robust_p_value = 2 * pt(-abs(estimate / error), degrees)
  )
  for (statistic in names(numbers)) {
    put(numbers[[statistic]],
      analysis = analysis, outcome = outcome, population = "infused", variable = "ino",
      level = "exposed", contrast = "exposed_vs_naive", statistic = statistic
    )
  }
  put(length(centres),
    analysis = analysis, outcome = outcome, population = "infused", statistic = "clusters"
  )
}

# The exposure's ratio in a fit, with what it rests on.
put_exposure <- function(fit, error, analysis, outcome) {
  beta <- coef(fit)[["inoexposed"]]
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
  put(fit$n, analysis = analysis, outcome = outcome, population = "infused", statistic = "n")
  put(fit$nevent,
    analysis = analysis, outcome = outcome, population = "infused", statistic = "events"
  )
}

# A gamma frailty of each centre, and a baseline hazard of each.
# R's own search for the variance of the frailty stops at about 1e-5 of it; from there on the slope of
# the marginal likelihood that R computes at fixed variances is brought to zero.
best_theta <- function(fit_at, start) {
  marginal <- function(theta) fit_at(theta)$history[[1]]$c.loglik
  step <- 1e-4
  slope <- function(theta) (marginal(theta + step) - marginal(theta - step)) / (2 * step)
  uniroot(slope, start * c(0.99, 1.01), tol = 1e-12)$root
}
put_models_by_centre <- function(covariates, frame, outcome) {
  terms <- c("ino", covariates)
  frame <- droplevels(complete(frame, terms))
  with_frailty <- function(how) {
    fit_cox(c(terms, sprintf("frailty(centre, sparse = FALSE, %s)", how)), frame, outcome)
  }
  fit_at <- function(theta) with_frailty(sprintf("theta = %.17g", theta))
  theta <- best_theta(fit_at, with_frailty("eps = 1e-11")$history[[1]]$theta)
  put(theta,
    analysis = "cox_ladder_frailty", outcome = outcome, population = "infused",
    statistic = "frailty_variance"
  )
  fits <- list(
    cox_ladder_frailty = fit_at(theta),
    cox_ladder_stratified = fit_cox(c(terms, "strata(centre)"), frame, outcome)
  )
  for (analysis in names(fits)) {
    fit <- fits[[analysis]]
    put_exposure(fit, sqrt(fit$var[1, 1]), analysis, outcome)
  }
}

# With calendar time as a natural spline of two degrees of freedom, and with the volume of the centre.
put_settings <- function(covariates, frame, outcome) {
  terms <- c("ino", covariates)
  volume <- table(frame$centre)
  first <- min(frame$infusion_date)
  frame <- droplevels(complete(frame, terms))
  years <- days_between(first, frame$infusion_date) / 365.25
  basis <- splines::ns(years, knots = median(years), Boundary.knots = range(years))
  frame[c("calendar1", "calendar2")] <- unclass(basis)[, 1:2]
  frame$volume <- log2(as.numeric(volume[frame$centre]))
  added <- list(cox_ladder_calendar = c("calendar1", "calendar2"), cox_ladder_volume = "volume")
  for (analysis in names(added)) {
    fit <- fit_cox(c(terms, added[[analysis]]), frame, outcome)
    put_exposure(fit, sqrt(vcov(fit)["inoexposed", "inoexposed"]), analysis, outcome)
  }
}

# ---- the ladder --------------------------------------------------------------------------
for (outcome in c("pfs", "os")) {
  in_model <- complete(patients, baseline)
  put_effect("cox_ladder_crude", NULL, patients, outcome)
  put_effect("cox_ladder_crude_adjusted_population", NULL, in_model, outcome)
  put_model("cox_ladder_baseline", c("ino", baseline), patients, outcome, "infused")
  put_detectable("cox_ladder_baseline", in_model, outcome, "infused")
  put_errors_by_centre("cox_ladder_baseline", baseline, patients, outcome)
  put_models_by_centre(baseline, patients, outcome)
  put_settings(baseline, patients, outcome)
}
responders <- base_of("responders")
put_effect("cox_ladder_as_published", as_published, responders, "pfs", "responders")

# ---- other choices -----------------------------------------------------------------------
# Non-response counts on the day of its assessment, unless something else came first.
with_nonresponse <- function(frame) {
  within(frame, {
    assessed <- ifelse(
      response %in% "no_response" & known_by_lock(response_date),
      days_between(infusion_date, response_date) / days_per_month, Inf
    )
    pfs_months <- ifelse(pfs_event, pmin(pfs_months, assessed),
      ifelse(is.finite(assessed), assessed, pfs_months)
    )
    pfs_event <- pfs_event | is.finite(assessed)
  })
}
# A missing category becomes a level after the others; no quantity is missing.
with_missing_level <- function(frame) {
  for (name in c(baseline, as_published)) {
    if (!is.factor(frame[[name]]) || !anyNA(frame[[name]])) next
    frame[[name]] <- addNA(frame[[name]])
    levels(frame[[name]])[is.na(levels(frame[[name]]))] <- "missing"
  }
  frame
}
early <- infused_in_window$infusion_date <= lock - 90
variants <- list(
  nonresponse = with_nonresponse(patients), missing = with_missing_level(patients),
  followup = infused_in_window[early, ]
)
for (name in names(variants)) {
  frame <- variants[[name]]
  put_effect(
    paste0("cox_sensitivity_as_published_", name), as_published, frame[frame$remission, ], "pfs",
    "responders"
  )
  for (outcome in c("pfs", "os")) {
    if (name == "nonresponse" && outcome == "os") next
    put_effect(paste0("cox_sensitivity_baseline_", name), baseline, frame, outcome)
  }
}
put_effect("cox_sensitivity_as_published_population", as_published, patients)
for (outcome in c("pfs", "os")) {
  put_effect("cox_sensitivity_baseline_population", baseline, responders, outcome, "responders")
  with_bridging <- c(baseline, "bridging_therapy")
  put_effect("cox_sensitivity_baseline_bridging", with_bridging, patients, outcome)
}
