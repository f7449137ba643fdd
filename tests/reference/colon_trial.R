# Derives numbers of the trial example (data/examples/colon) from survival's colon itself, without
# its CSV file, mapping or dates, and writes them to golden/colon_trial.csv under the keys of the
# results table. Run from anywhere: Rscript tests/reference/colon_trial.R
# Needs R >= 4.2 and survival >= 3.5.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
setwd(dirname(normalizePath(script)))
options(warn = 2)

recurrence <- survival::colon[survival::colon$etype == 1, ]
death <- survival::colon[survival::colon$etype == 2, ]
stopifnot(identical(recurrence$id, death$id))
arms <- c("observation", "levamisole", "levamisole_5fu")
patients <- data.frame(
  arm = factor(death$rx, levels = c("Obs", "Lev", "Lev+5FU"), labels = arms),
  os_days = death$time, os_event = death$status,
  # A recurrence ends it on its day, else death or last contact do.
  pfs_days = ifelse(recurrence$status == 1, recurrence$time, death$time),
  pfs_event = pmax(recurrence$status, death$status),
  age_decades = death$age / 10,
  sex = factor(death$sex, levels = 1:0),
  obstruct = death$obstruct, adhere = death$adhere, nodes = death$nodes,
  differ = relevel(factor(death$differ), "2"),
  extent = relevel(factor(death$extent), "3"), surg = death$surg
)
rows <- list()
add <- function(analysis, outcome, contrast, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    analysis, outcome, contrast, statistic, value = format(value, digits = 17)
  )
}
for (outcome in c("pfs", "os")) {
  time <- patients[[paste0(outcome, "_days")]] / 30.4375
  event <- patients[[paste0(outcome, "_event")]]
  models <- list(
    cox_ladder_crude = coxph(Surv(time, event) ~ arm, patients),
    cox_ladder_baseline = coxph(
      Surv(time, event) ~ arm + age_decades + sex + obstruct + adhere + nodes + differ + extent +
        surg,
      patients
    )
  )
  for (analysis in names(models)) {
    fit <- models[[analysis]]
    interval <- confint(fit)
    for (arm in arms[-1]) {
      name <- paste0("arm", arm)
      contrast <- paste0(arm, "_vs_observation")
      add(analysis, outcome, contrast, "hazard_ratio", exp(coef(fit)[[name]]))
      add(analysis, outcome, contrast, "hazard_ratio_ci_low", exp(interval[name, 1]))
      add(analysis, outcome, contrast, "hazard_ratio_ci_high", exp(interval[name, 2]))
    }
  }
  test <- survdiff(Surv(time, event) ~ arm, patients)
  add("survival_by_exposure", outcome, "", "chi_square", test$chisq)
}
write.csv(do.call(rbind, rows), "golden/colon_trial.csv", row.names = FALSE, quote = FALSE)
