# Writes the reference values of standardised survival: g-computation from a Cox model, weighted
# curves, and augmented inverse-probability weighting of pseudo-values that are made by leaving out
# each patient in turn. On public data, and on the cohort of the report with a bootstrap of its own.
# Run from anywhere: Rscript tests/reference/standardised.R
# Needs R >= 4.2, survival >= 3.5 and survey >= 4; reads data/ as make_reference.R wrote it.

library(survival)
suppressPackageStartupMessages(library(survey))

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

strict <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
tight <- glm.control(epsilon = 1e-15, maxit = 100)

# ---- the estimators, of a frame with time, event, and a 0/1 group ---------------------------
at_times <- function(curve, times) summary(curve, times = times, extend = TRUE)$surv
area <- function(times, surv, tau) {
  inside <- times < tau
  edges <- c(0, times[inside], tau)
  sum(diff(edges) * c(1, surv[inside]))
}
area_of <- function(curve, tau) area(curve$time, curve$surv, tau)

# Leave-one-out by fitting each curve anew; a mean time likewise.
pseudo_values <- function(frame, times, taus) {
  n <- nrow(frame)
  both <- function(d) {
    curve <- survfit(Surv(time, event) ~ 1, d)
    c(at_times(curve, times), vapply(taus, function(tau) area_of(curve, tau), 0))
  }
  whole <- both(frame)
  t(vapply(seq_len(n), function(i) n * whole - (n - 1) * both(frame[-i, ]), whole))
}

standardise <- function(frame, terms, times, taus, pseudo = TRUE) {
  model <- coxph(reformulate(c("group", terms), "Surv(time, event)"), frame, ties = "efron",
                 control = strict, x = TRUE)
  fit <- glm(reformulate(terms, "group"), binomial, frame, control = tight)
  chance <- fitted(fit)
  own <- ifelse(frame$group == 1, chance, 1 - chance)
  weights <- list(crude = rep(1, nrow(frame)), iptw = 1 / own, overlap = 1 - own)
  out <- list()
  for (arm in 0:1) {
    as_if <- transform(frame, group = arm)
    curves <- survfit(model, newdata = as_if, se.fit = FALSE)
    each <- cbind(
      t(matrix(summary(curves, times = times, extend = TRUE)$surv, nrow = length(times))),
      vapply(taus, function(tau) apply(curves$surv, 2, function(s) area(curves$time, s, tau)),
             numeric(nrow(frame)))
    )
    out$outcome[[arm + 1]] <- colMeans(each)
    members <- frame$group == arm
    for (name in names(weights)) {
      frame$w <- weights[[name]]
      curve <- survfit(Surv(time, event) ~ 1, frame[members, ], weights = w)
      out[[name]][[arm + 1]] <- c(at_times(curve, times),
                                  vapply(taus, function(tau) area_of(curve, tau), 0))
    }
    if (pseudo) {
      values <- pseudo_values(frame[members, ], times, taus)
      # The weighted mean of what the model leaves, as a survey would estimate it.
      design <- svydesign(~1, weights = weights$iptw[members], data = frame[members, ])
      left <- apply(values - each[members, ], 2, function(x) {
        coef(svymean(x, update(design, x = x)))
      })
      out$robust[[arm + 1]] <- colMeans(each) + left
    }
  }
  out
}
rows_of <- function(found, data, times, taus) {
  what <- c(rep("survival", length(times)), rep("restricted_mean", length(taus)))
  do.call(rbind, lapply(names(found), function(name) {
    do.call(rbind, lapply(1:2, function(arm) {
      data.frame(data = data, estimator = name, group = arm - 1, statistic = what,
                 time = c(times, taus), value = as.double(found[[name]][[arm]]))
    }))
  }))
}

# ---- public data --------------------------------------------------------------------------
read <- function(name) read.csv(file.path("data", paste0(name, ".csv")))
veteran <- read("veteran")
veteran$celltype <- factor(veteran$celltype, c("squamous", "smallcell", "adeno", "large"))
veteran$group <- veteran$trt - 1
lung <- read("lung_months")
lung$ecog <- factor(lung$ecog, 0:3)
lung$group <- lung$sex - 1
sets <- list(
  veteran = list(veteran, c("karno", "celltype", "age", "prior"), c(30, 90.5, 182.625, 365.25),
                 c(180, 365.25)),
  lung_months = list(lung, c("age", "ecog"), c(6, 12, 24), c(12, 24))
)
public <- do.call(rbind, lapply(names(sets), function(name) {
  one <- sets[[name]]
  rows_of(standardise(one[[1]], one[[2]], one[[3]], one[[4]]), name, one[[3]], one[[4]])
}))
golden(list(public), "standardised")

# ---- the cohort of the report ---------------------------------------------------------------
source("cohort_patients.R")
baseline <- c(
  "age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow",
  "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"
)
complete <- patients[stats::complete.cases(patients[c("ino", baseline)]), ]
complete$group <- as.integer(complete$ino == "exposed")
times <- c(6, 12)
taus <- c(12, 18)
# By centre: as many as there are, each with its patients. R's own random numbers; an interval is
# that of percentiles, expanded for the number of centres (Hesterberg 2015).
resamples <- 1000
set.seed(20231030)
centres <- split(seq_len(nrow(complete)), complete$centre)
units <- length(centres)
tail <- pnorm(-sqrt(units / (units - 1)) * qt(0.975, units - 1))
cohort <- do.call(rbind, lapply(c("pfs", "os"), function(outcome) {
  frame <- droplevels(complete)
  frame$time <- frame[[paste0(outcome, "_months")]]
  frame$event <- frame[[paste0(outcome, "_event")]]
  point <- rows_of(standardise(frame, baseline, times, taus), outcome, times, taus)
  drawn <- replicate(resamples, {
    rows <- unlist(centres[sample(units, replace = TRUE)])
    found <- suppressWarnings(standardise(frame[rows, ], baseline, times, taus, pseudo = FALSE))
    rows_of(found, outcome, times, taus)$value
  })
  few <- point[point$estimator != "robust", ]
  differences <- few[few$group == 1, ]
  moved <- drawn[few$group == 1, ] - drawn[few$group == 0, ]
  differences$value <- few$value[few$group == 1] - few$value[few$group == 0]
  limits <- t(apply(moved, 1, quantile, c(tail, 1 - tail), names = FALSE))
  # The error of a percentile, from the spread of the order statistics about it.
  error <- t(apply(moved, 1, function(x) {
    half <- sqrt(tail * (1 - tail) / resamples)
    c(diff(quantile(x, tail + c(-half, half))), diff(quantile(x, 1 - tail + c(-half, half)))) / 2
  }))
  differences <- cbind(differences, ci_low = limits[, 1], ci_high = limits[, 2],
                       ci_low_mc_error = error[, 1], ci_high_mc_error = error[, 2])
  differences$statistic <- paste0(differences$statistic, "_difference")
  point[c("ci_low", "ci_high", "ci_low_mc_error", "ci_high_mc_error")] <- NA_real_
  rbind(point, differences)
}))
golden(list(cohort), "standardised_cohort")
