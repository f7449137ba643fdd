# Complete cases of the imputed models, all candidates at once, and responses assumed one way and
# the other, written by `put`. Read by cohort.R after cohort_ladder.R.

put_sizes <- function(analysis, fit, outcome, population) {
  own <- list(n = fit$n, events = fit$nevent)
  for (statistic in names(own)) {
    put(own[[statistic]],
      analysis = analysis, outcome = outcome, population = population, statistic = statistic
    )
  }
}
# Schoenfeld's ratio for one level against the reference, from the patients of these two alone.
put_detectable_of <- function(analysis, frame, by, level, population) {
  reference <- levels(frame[[by]])[1]
  pair <- frame[frame[[by]] %in% c(reference, level), ]
  events <- sum(pair$pfs_event)
  share <- mean(pair[[by]] == level)
  put(exp((qnorm(0.975) + qnorm(0.8)) / sqrt(events * share * (1 - share))),
    analysis = analysis, outcome = "pfs", population = population, variable = by, level = level,
    contrast = paste0(level, "_vs_", reference), statistic = "minimum_detectable_hazard_ratio"
  )
}
put_exposure <- function(analysis, by, covariates, frame, outcome, population, detectable) {
  terms <- c(by, covariates)
  frame <- droplevels(complete(frame, terms))
  fit <- fit_cox(terms, frame, outcome)
  put_sizes(analysis, fit, outcome, population)
  put_coefficients(fit, analysis, outcome, population, of = by)
  if (!detectable) return(invisible())
  for (level in levels(frame[[by]])[-1]) put_detectable_of(analysis, frame, by, level, population)
}

# ---- complete cases, and every candidate ----------------------------------------------------
for (outcome in c("pfs", "os")) {
  put_exposure("cox_complete_baseline", "ino", baseline, patients, outcome, "infused", FALSE)
}
put_exposure(
  "cox_complete_as_published", "ino", as_published, responders, "pfs", "responders", FALSE
)
put_exposure("cox_every_candidate", "ino", candidates, responders, "pfs", "responders", TRUE)

# ---- unknown response to the exposure -------------------------------------------------------
assume <- function(frame, with_event, without) {
  values <- as.character(frame$ino_exposure_response)
  unknown <- values == "not_reported"
  values[unknown] <- ifelse(frame$pfs_event[unknown], with_event, without)
  frame$ino_exposure_response <- factor(values, c("naive", "responder", "refractory"))
  frame
}
assumptions <- list(
  responded = c("responder", "responder"), refractory = c("refractory", "refractory"),
  widest = c("refractory", "responder"), narrowest = c("responder", "refractory")
)
for (name in names(assumptions)) {
  assumed <- assume(responders, assumptions[[name]][1], assumptions[[name]][2])
  put_exposure(
    paste0("cox_unknown_response_", name), "ino_exposure_response", as_published, assumed, "pfs",
    "responders", TRUE
  )
}

# ---- response that nobody assessed ----------------------------------------------------------
wilson <- function(count, n) suppressWarnings(prop.test(count, n, correct = FALSE)$conf.int)
put_response <- function(analysis, frame, responded, population) {
  exposed <- frame$ino == "exposed"
  count <- c(sum(responded[exposed]), sum(responded[!exposed]))
  n <- c(sum(exposed), sum(!exposed))
  put(sum(responded),
    analysis = analysis, outcome = "cr_cri", population = population, statistic = "count"
  )
  for (arm in 1:2) {
    put(count[arm],
      analysis = analysis, outcome = "cr_cri", statistic = "count",
      population = subgroup(population, "ino", c("exposed", "naive")[arm])
    )
  }
  rate <- count / n
  w1 <- wilson(count[1], n[1])
  w2 <- wilson(count[2], n[2])
  numbers <- list(
    difference = rate[1] - rate[2],
    difference_ci_low = rate[1] - rate[2] - sqrt((rate[1] - w1[1])^2 + (w2[2] - rate[2])^2),
    difference_ci_high = rate[1] - rate[2] + sqrt((w1[2] - rate[1])^2 + (rate[2] - w2[1])^2)
  )
  for (statistic in names(numbers)) {
    put(numbers[[statistic]],
      analysis = analysis, outcome = "cr_cri", population = population,
      contrast = "exposed_vs_naive", statistic = statistic
    )
  }
  put_chi_square(responded, frame$ino,
    analysis = analysis, outcome = "cr_cri", population = population,
    contrast = "exposed_vs_naive"
  )
}
known <- patients[patients$evaluable, ]
put_response("response_evaluable_only", known, known$remission, "response_evaluable")
unassessed <- !patients$evaluable
in_exposed <- patients$ino == "exposed"
cases <- list(
  response_none = FALSE & unassessed, response_all = unassessed,
  response_best = unassessed & in_exposed, response_worst = unassessed & !in_exposed
)
for (name in names(cases)) {
  put_response(name, patients, patients$remission | cases[[name]], "infused")
}
