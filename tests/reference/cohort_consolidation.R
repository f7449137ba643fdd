# Consolidation against none among responders: fixed, time-varying and at landmarks, and the curves
# of Simon and Makuch, written by `put`. Read by cohort.R after cohort_models.R.

landmarks <- c(60, 90, 120) / days_per_month
reported <- c("allo_hct", "tki")
steering <- c("response", "mrd_status", "age_decades", "ph_positive", "active_marrow", "prior_hct")

# As many in order as there are 5 events for each parameter, one of them that of consolidation.
steered_by <- function(outcome) {
  kept <- c()
  for (term in steering) {
    own <- droplevels(complete(consolidated, c("ino", kept, term)))
    parameters <- ncol(model.matrix(reformulate(c("ino", kept, term)), own))
    if (sum(own[[paste0(outcome, "_event")]]) >= 5 * parameters) kept <- c(kept, term)
  }
  kept
}

consolidated <- within(base_of("responders"), {
  begin <- days_between(infusion_date, consolidation_date) / days_per_month
  begin[is.na(begin)] <- Inf
  entry <- days_between(infusion_date, response_date) / days_per_month
})

# Follow-up before and after consolidation; who begins on the last day stays in the first state.
in_pieces <- function(frame, outcome, entry = frame$entry) {
  frame$stop <- frame[[paste0(outcome, "_months")]]
  frame$event <- frame[[paste0(outcome, "_event")]]
  frame$start <- entry
  before <- transform(frame,
    stop = pmin(stop, pmax(begin, start)), event = event & begin >= stop, treated = FALSE
  )
  after <- transform(frame, start = pmax(begin, start), treated = TRUE)
  both <- rbind(before, after)
  both[both$start < both$stop, ]
}
ways <- function(frame, outcome) {
  time <- frame[[paste0(outcome, "_months")]]
  event <- frame[[paste0(outcome, "_event")]]
  found <- list(
    fixed = transform(frame, start = 0, stop = time, event = event, treated = is.finite(begin)),
    time_varying = in_pieces(frame, outcome)
  )
  for (at in landmarks) {
    from <- transform(frame, start = at, stop = time, event = event, treated = begin <= at)
    found[[sprintf("%.17g", at)]] <- from[frame$pfs_months > at, ]
  }
  found
}

put_contrast <- function(rows, way, variable, level, outcome, population, adjusted, steering) {
  key <- list(
    analysis = paste0(
      "consolidation_", if (grepl("^[0-9]", way)) "landmark" else way,
      if (adjusted) "_adjusted" else ""
    ),
    outcome = outcome, population = population, variable = variable, level = level,
    contrast = paste0(level, "_vs_", levels(rows$state)[1]),
    time_months = if (grepl("^[0-9]", way)) way else ""
  )
  at_level <- rows$state == level
  numbers <- list(
    n = length(unique(rows$patient_id)), events = sum(rows$event), n_at_level = sum(at_level),
    events_at_level = sum(rows$event[at_level]), hazard_ratio = NA, hazard_ratio_ci_low = NA,
    hazard_ratio_ci_high = NA, coefficient = NA, std_error = NA, p_value = NA
  )
  rows$state <- droplevels(rows$state)
  terms <- c("state", if (adjusted) c("ino", steering))
  terms <- Filter(function(x) length(unique(rows[[x]])) > 1, terms)
  rows <- droplevels(rows)
  fit <- suppressWarnings(
    coxph(reformulate(terms, "Surv(start, stop, event)"), rows, ties = "efron", control = tight)
  )
  enough <- !adjusted || fit$nevent >= 5 * length(coef(fit))
  at_reference <- sum(rows$event[rows$state == levels(rows$state)[1]])
  few <- min(numbers$events_at_level, at_reference) < 5
  if (numbers$events_at_level > 0 && enough && few) {
    found <- penalised(rows, terms, paste0("state", level))
    numbers[names(found)] <- found
  } else if (numbers$events_at_level > 0 && enough) {
    own <- paste0("state", level)
    table <- summary(fit)
    numbers$hazard_ratio <- table$conf.int[own, "exp(coef)"]
    numbers$hazard_ratio_ci_low <- table$conf.int[own, "lower .95"]
    numbers$hazard_ratio_ci_high <- table$conf.int[own, "upper .95"]
    numbers$coefficient <- table$coefficients[own, "coef"]
    numbers$std_error <- table$coefficients[own, "se(coef)"]
    numbers$p_value <- table$coefficients[own, "Pr(>|z|)"]
  }
  for (statistic in names(numbers)) {
    do.call(put, c(list(numbers[[statistic]], statistic = statistic), key))
  }
}

put_consolidation <- function(frame, variable, compared, population) {
  states <- levels(frame[[variable]])
  for (outcome in c("pfs", "os")) {
    steering <- steered_by(outcome)
    for (adjusted in c(FALSE, TRUE)) {
      own <- if (adjusted) complete(frame, c("ino", steering)) else frame
      followed <- ways(own, outcome)
      for (way in names(followed)) {
        rows <- followed[[way]]
        state <- ifelse(rows$treated, as.character(rows[[variable]]), states[1])
        rows$state <- factor(state, levels = states)
        for (level in compared) {
          put_contrast(rows, way, variable, level, outcome, population, adjusted, steering)
        }
      }
    }
  }
}
put_consolidation(consolidated, "consolidation_any", "yes", "responders")
put_consolidation(consolidated, "consolidation", reported, "responders")
could_get_tki <- consolidated[consolidated$ph_positive %in% "yes", ]
put_consolidation(could_get_tki, "consolidation", "tki", "responders[ph_positive=yes]")

# ---- Simon-Makuch ------------------------------------------------------------------------
put_simon_makuch <- function(analysis, variable, shown, outcome) {
  first <- landmarks[1]
  frame <- consolidated[consolidated$pfs_months > first, ]
  rows <- in_pieces(frame, outcome, pmax(frame$entry, first))
  state <- ifelse(rows$treated, as.character(rows[[variable]]), levels(rows[[variable]])[1])
  for (level in shown) {
    own <- rows[state == level, ]
    put_own <- function(value, statistic, month = "") {
      put(value,
        analysis = analysis, outcome = outcome, statistic = statistic,
        population = subgroup("responders", variable, level), time_months = month
      )
    }
    put_own(nrow(own), "n")
    put_own(sum(own$event), "events")
    put_own(sum(own$start <= first & own$stop > first), "at_risk", sprintf("%.17g", first))
    curve <- survfit(Surv(start, stop, event) ~ 1, own, conf.type = "log-log")
    for (month in c(6, 12)) {
      at <- summary(curve, times = month)
      inside <- at$surv > 0 && at$surv < 1
      put_own(sum(own$start < month & own$stop >= month), "at_risk", month)
      put_own(at$surv, "survival", month)
      put_own(if (inside) at$lower else NA, "survival_ci_low", month)
      put_own(if (inside) at$upper else NA, "survival_ci_high", month)
    }
  }
}
for (outcome in c("pfs", "os")) {
  put_simon_makuch("simon_makuch_any", "consolidation_any", c("no", "yes"), outcome)
  put_simon_makuch("simon_makuch_kind", "consolidation", c("none", reported), outcome)
}
