# Writes the reference values of a treatment as a strategy, by cloning, censoring and weighting: on
# the Stanford heart transplants, and on the consolidation of the report's cohort.
# Run from anywhere: Rscript tests/reference/cloned.R
# Needs R >= 4.2, survival >= 3.5 and cmprsk; reads data/ as make_intervals.R wrote it.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

strict <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
tight <- glm.control(epsilon = 1e-15, maxit = 100)

# A frame with time, cause (0 censored), may_begin, begin (Inf never); rows of follow-up between the
# times of events, with a weight each.
clones <- function(frame, terms, grace) {
  cuts <- sort(unique(frame$time[frame$cause > 0]))
  begun <- is.finite(frame$begin)
  frame$until <- ifelse(begun, frame$begin, frame$may_begin)
  frame$begun <- begun
  waiting <- coxph(reformulate(terms, "Surv(until, begun)"), frame, ties = "efron",
                   control = strict)
  hazards <- survfit(waiting, newdata = frame, se.fit = FALSE)
  # The cumulative hazard of the begins strictly before a time.
  before <- function(i, t) {
    passed <- hazards$time < t & hazards$time <= frame$may_begin[i]
    if (any(passed)) hazards$cumhaz[max(which(passed)), i] else 0
  }
  could <- frame$may_begin > grace
  frame$in_time <- frame$begin <= grace
  chance <- glm(reformulate(terms, "in_time"), binomial, frame[could, ], control = tight)
  frame$chance <- predict(chance, frame, type = "response")
  pieces <- function(i, end, cause, weight) {
    stops <- c(cuts[cuts < end], end)
    data.frame(id = i, start = c(0, head(stops, -1)), stop = stops,
               cause = c(rep(0, length(stops) - 1), cause),
               w = vapply(stops, weight, numeric(1)))
  }
  none <- lapply(seq_len(nrow(frame)), function(i) {
    end <- min(frame$time[i], frame$begin[i])
    cause <- if (frame$time[i] <= frame$begin[i]) frame$cause[i] else 0
    if (end <= 0) return(NULL)
    pieces(i, end, cause, function(t) exp(before(i, t)))
  })
  treat <- lapply(seq_len(nrow(frame)), function(i) {
    stays <- frame$in_time[i] || !could[i]
    end <- if (stays) frame$time[i] else min(frame$time[i], grace)
    cause <- if (end == frame$time[i]) frame$cause[i] else 0
    weight <- if (could[i] && frame$in_time[i]) 1 / frame$chance[i] else 1
    pieces(i, end, cause, function(t) if (t > grace) weight else 1)
  })
  list(no = do.call(rbind, none), yes = do.call(rbind, treat))
}

strategies <- function(data, frame, terms, grace, times, taus) {
  arms <- clones(frame, terms, grace)
  do.call(rbind, lapply(names(arms), function(arm) {
    rows <- arms[[arm]]
    curve <- survfit(Surv(start, stop, cause > 0) ~ 1, rows, weights = w, id = NULL, timefix = FALSE)
    at <- summary(curve, times = times, extend = TRUE)$surv
    area <- vapply(taus, function(tau) {
      inside <- curve$time < tau
      sum(diff(c(0, curve$time[inside], tau)) * c(1, curve$surv[inside]))
    }, 0)
    out <- data.frame(data = data, strategy = arm,
                      statistic = c(rep("survival", length(times)),
                                    rep("restricted_mean", length(taus))),
                      cause = "", time = c(times, taus), value = c(at, area))
    causes <- sort(setdiff(unique(frame$cause), 0))
    if (length(causes) < 2) return(out)
    # Aalen and Johansen by hand from the weighted numbers at each time.
    grid <- sort(unique(rows$stop[rows$cause > 0]))
    risk <- vapply(grid, function(t) sum(rows$w[rows$start < t & rows$stop >= t]), 0)
    before <- c(1, head(summary(curve, times = grid, extend = TRUE)$surv, -1))
    for (k in causes) {
      ends <- vapply(grid, function(t) sum(rows$w[rows$stop == t & rows$cause == k]), 0)
      risen <- cumsum(before * ends / risk)
      value <- vapply(times, function(t) max(0, risen[grid <= t]), 0)
      out <- rbind(out, data.frame(data = data, strategy = arm, statistic = "incidence",
                                   cause = as.character(k), time = times, value = value))
    }
    out
  }))
}

jasa <- read.csv(file.path("data", "jasa.csv"))
jasa <- within(jasa, {
  cause <- event
  may_begin <- time
  begin <- ifelse(is.na(wait), Inf, wait)
})
public <- strategies("jasa", jasa, c("age", "surgery"), 30, c(30.5, 90, 365, 900), c(180, 730))
golden(list(public), "cloned")

source("cohort_patients.R")
days_per_month <- 30.4375
terms <- c("response", "mrd_status", "age_decades", "ph_positive", "active_marrow", "prior_hct",
           "ino")
responders <- patients[patients$remission & !is.na(patients$consolidation), ]
responders <- responders[complete.cases(responders[terms]), ]
responders <- droplevels(responders)
# Whole days, so that equal days are equal numbers.
whole_days <- function(x) round(x * days_per_month) / days_per_month
between <- function(from, to) as.double(to - from) / days_per_month
cohort <- do.call(rbind, lapply(c("pfs", "os"), function(outcome) {
  frame <- within(responders, {
    entry <- between(infusion_date, response_date)
    least <- 0.5 / days_per_month
    time <- pmax(whole_days(get(paste0(outcome, "_months")) - entry), least)
    relapsed_first <- !is.na(relapse_date)
    cause <- ifelse(get(paste0(outcome, "_event")),
                    if (outcome == "pfs") ifelse(relapsed_first, 1, 2) else 1, 0)
    may_begin <- pmin(time, pmax(whole_days(pfs_months - entry), least))
    begin <- whole_days(between(infusion_date, consolidation_date) - entry)
    begin <- ifelse(is.na(begin), Inf, pmin(pmax(begin, 0), may_begin))
  })
  strategies(outcome, frame, terms, 90 / days_per_month, c(6, 12), c(12, 18))
}))
golden(list(cohort), "cloned_cohort")

# ---- who had been consolidated by a day after the response, with cmprsk ----------------------
all_responders <- patients[patients$remission & !is.na(patients$consolidation), ]
all_responders <- within(all_responders, {
  begin <- as.double(consolidation_date - response_date)
  end <- round(pfs_months * days_per_month) - as.double(response_date - infusion_date)
  begun <- consolidation != "none"
  fate <- ifelse(begun, 1, ifelse(pfs_event, 2, 0))
  time <- ifelse(begun, begin, end)
})
incidence <- cmprsk::cuminc(all_responders$time, all_responders$fate)
at <- cmprsk::timepoints(incidence, c(60, 90, 120))
received <- data.frame(fate = rep(c("yes", "no"), 3), days = rep(c(60, 90, 120), each = 2),
                       incidence = as.double(at$est[c("1 1", "1 2"), ]))
golden(list(received), "consolidation_received")
