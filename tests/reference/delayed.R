# Delayed entry: log-rank tests on public data, and the cohort of the report counted from apheresis,
# which its patients enter at infusion. Run from anywhere: Rscript tests/reference/delayed.R
# Needs R >= 4.2 and survival >= 3.5. `survdiff` refuses delayed entry: the log-rank test is written
# out, and held against survdiff where nobody enters late.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))
source("cohort_patients.R")

rows <- list()
add <- function(data, outcome, analysis, where, time, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    data, outcome, analysis, where, time, statistic, value = unname(value)
  )
}
exact <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
# Observed less expected events of each group but the last, over their hypergeometric covariance.
logrank_of <- function(entry, time, event, group) {
  group <- factor(group)
  excess <- 0
  covariance <- 0
  for (at in unique(time[event])) {
    inside <- entry < at & time >= at
    n <- sum(inside)
    d <- sum(event & time == at)
    share <- table(group[inside]) / n
    excess <- excess + table(group[event & time == at]) - d * share
    if (n > 1) {
      covariance <- covariance + d * (n - d) / (n - 1) * (diag(share) - share %o% share)
    }
  }
  kept <- seq_len(nlevels(group) - 1)
  statistic <- c(excess[kept] %*% solve(covariance[kept, kept], excess[kept]))
  c(statistic, pchisq(statistic, length(kept), lower.tail = FALSE))
}
logrank <- function(surv, group) {
  start <- min(surv[, 1]) - 1
  plain <- survdiff(Surv(surv[, 2] - start, surv[, 3]) ~ group)
  ours <- logrank_of(rep(start, length(group)), surv[, 2], surv[, 3] == 1, group)
  stopifnot(all.equal(plain$chisq, ours[1]))
  logrank_of(surv[, 1], surv[, 2], surv[, 3] == 1, group)
}

# ---- public data: age as time, which patients enter at diagnosis --------------------------------
people <- head(read.csv("data/mgus2.csv"), 300)
people$exit <- people$age * 12 + people$time
followed <- with(people, Surv(age * 12, exit, cause > 0))
groups <- list(male = people$male, hgb = cut(people$hgb, c(-Inf, 12, 13.5, Inf), labels = FALSE))
for (name in names(groups)) {
  found <- logrank(followed, factor(groups[[name]]))
  add("mgus2", name, "logrank", "", "", "chi_square", found[[1]])
  add("mgus2", name, "logrank", "", "", "p_value", found[[2]])
}

# ---- the cohort from apheresis ------------------------------------------------------------------
baseline <- c(
  "age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow",
  "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"
)
# In whole days, so that tied days are equal.
days_waited <- with(patients, days_between(apheresis_date, infusion_date))
waited <- days_waited / days_per_month
since_apheresis <- function(months) {
  (days_waited + round(months * days_per_month)) / days_per_month
}
stopifnot(waited > 0)
for (outcome in c("pfs", "os")) {
  event <- patients[[paste0(outcome, "_event")]]
  time <- since_apheresis(patients[[paste0(outcome, "_months")]])
  # Who ends on the day of entry has been there for half a day of it.
  entry <- pmin(waited, time - 0.5 / days_per_month)
  patients$followed <- Surv(entry, time, event)
  for (arm in levels(patients$ino)) {
    own <- patients$ino == arm
    curve <- survfit(followed ~ 1, patients[own, ], conf.type = "log-log")
    at <- summary(curve, times = c(6, 12))
    for (i in 1:2) {
      add("cohort", outcome, "survival", arm, at$time[i], "survival", at$surv[i])
      add("cohort", outcome, "survival", arm, at$time[i], "survival_ci_low", at$lower[i])
      add("cohort", outcome, "survival", arm, at$time[i], "survival_ci_high", at$upper[i])
      inside <- entry[own] < at$time[i] & time[own] >= at$time[i]
      add("cohort", outcome, "survival", arm, at$time[i], "at_risk", sum(inside))
    }
    middle <- quantile(curve, 0.5)
    add("cohort", outcome, "survival", arm, "", "median", middle$quantile)
  }
  found <- logrank(patients$followed, patients$ino)
  add("cohort", outcome, "test", "", "", "chi_square", found[[1]])
  add("cohort", outcome, "test", "", "", "p_value", found[[2]])
  models <- list(crude = c(), baseline = baseline)
  for (name in names(models)) {
    fit <- coxph(reformulate(c("ino", models[[name]]), "followed"), patients, ties = "efron",
                 control = exact)
    beta <- coef(fit)[["inoexposed"]]
    error <- sqrt(vcov(fit)["inoexposed", "inoexposed"])
    add("cohort", outcome, name, "", "", "hazard_ratio", exp(beta))
    add("cohort", outcome, name, "", "", "hazard_ratio_ci_low", exp(beta - qnorm(0.975) * error))
    add("cohort", outcome, name, "", "", "hazard_ratio_ci_high", exp(beta + qnorm(0.975) * error))
    add("cohort", outcome, name, "", "", "p_value", 2 * pnorm(-abs(beta / error)))
    add("cohort", outcome, name, "", "", "n", fit$n)
    add("cohort", outcome, name, "", "", "events", fit$nevent)
  }
}
time <- since_apheresis(patients$os_months)
entry <- pmin(waited, time - 0.5 / days_per_month)
reverse <- survfit(Surv(entry, time, !patients$dead) ~ 1, conf.type = "log-log")
add("cohort", "followup", "reverse", "", "", "median", quantile(reverse, 0.5)$quantile)
frame <- do.call(rbind, rows)
frame$value <- ifelse(is.na(frame$value), "nan", sprintf("%.17g", frame$value))
write.csv(frame, file.path("golden", "delayed.csv"), row.names = FALSE, quote = FALSE)
