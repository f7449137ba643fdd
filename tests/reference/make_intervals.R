# Writes the data sets and reference values of estimators with delayed entry and covariates that
# change with time. Run from anywhere: Rscript tests/reference/make_intervals.R
# Needs R >= 4.2 and survival >= 3.5.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

# ---- data sets ---------------------------------------------------------------------------
# Stanford heart transplants, one row a patient, as in `survival::jasa`; a death on the day of
# acceptance counts half a day, as in `survival::heart`.
jasa <- with(survival::jasa, data.frame(
  time = pmax(0.5, futime), event = fustat, wait = wait.time, age = age - 48, surgery = surgery
))
# Whole months: nearly every event is tied with others and with transplants.
jasa_months <- transform(jasa, time = ceiling(time / 30.4375), wait = ceiling(wait / 30.4375))
# Primary biliary cirrhosis, the first 120 patients: values that change from visit to visit.
pbc <- with(survival::pbcseq[survival::pbcseq$id <= 120, ], data.frame(id = id, day = day, futime = futime, status = status,
  log_bili = log(bili), edema = edema, age = age))
pbc$stop <- ave(pbc$day, pbc$id, FUN = function(x) c(x[-1], NA))
last <- is.na(pbc$stop)
pbc$stop[last] <- pbc$futime[last]
pbc <- transform(pbc, start = day, event = as.integer(last & status == 2))
pbc <- pbc[pbc$start < pbc$stop, c("id", "start", "stop", "event", "log_bili", "edema", "age")]
save_csv(jasa, "data/jasa.csv")
save_csv(jasa_months, "data/jasa_months.csv")
save_csv(pbc, "data/pbcseq.csv")

# Follow-up before and after the transplant; who is transplanted on the last day stays untreated.
split_at <- function(frame, entry = 0) {
  frame <- frame[frame$time > entry, ]
  frame <- transform(frame, id = seq_len(nrow(frame)), entry = entry, wait = pmax(wait, entry))
  both <- tmerge(frame, frame, id = id, died = event(time, event), tstart = entry, tstop = time)
  tmerge(both, frame, id = id, treated = tdc(wait))
}

# ---- Cox ---------------------------------------------------------------------------------
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
cox_rows <- function(name, fit) {
  table <- summary(fit)
  data.frame(
    data = name, variable = rownames(table$coefficients), coefficient = table$coefficients[, 1],
    std_error = table$coefficients[, 3], ci_low = table$conf.int[, 3],
    ci_high = table$conf.int[, 4], p_value = table$coefficients[, 5], rows = fit$n,
    events = fit$nevent, log_likelihood_null = fit$loglik[1], log_likelihood = fit$loglik[2]
  )
}
varying <- Surv(tstart, tstop, died) ~ treated + age + surgery
cox <- rbind(
  cox_rows("jasa", coxph(varying, split_at(jasa), control = tight)),
  cox_rows("jasa_months", coxph(varying, split_at(jasa_months), control = tight)),
  cox_rows("jasa_late", coxph(varying, split_at(jasa, entry = 14), control = tight)),
  cox_rows("pbcseq", coxph(Surv(start, stop, event) ~ log_bili + edema + age, pbc,
    control = tight
  ))
)
for (landmark in c(14, 30, 90)) {
  kept <- transform(jasa[jasa$time > landmark, ],
    time = time - landmark, treated = as.integer(!is.na(wait) & wait <= landmark)
  )
  fit <- coxph(Surv(time, event) ~ treated + age + surgery, kept, control = tight)
  cox <- rbind(cox, cox_rows(paste0("jasa_landmark_", landmark), fit))
}
save_csv(cox, "golden/cox_intervals.csv")

# ---- Simon-Makuch ------------------------------------------------------------------------
curve_rows <- function(name, frame, times, level = 0.95) {
  curves <- survfit(Surv(tstart, tstop, died) ~ treated, frame,
    conf.type = "log-log", conf.int = level
  )
  at <- summary(curves, times = times)
  rows <- data.frame(
    data = name, treated = as.integer(sub("^.*=", "", at$strata)), confidence_level = level,
    time = at$time, survival = at$surv, std_error = at$std.err, ci_low = at$lower,
    ci_high = at$upper
  )
  # Between two event times survfit counts those at risk at the later one.
  rows$at_risk <- mapply(function(own, time) {
    sum(frame$treated == own & frame$tstart < time & frame$tstop >= time)
  }, rows$treated, rows$time)
  # Where the curve is 1, R writes limits of 1; we have none.
  rows[rows$survival < 1, ]
}
save_csv(rbind(
  curve_rows("jasa", split_at(jasa), c(10, 30, 100, 365, 700)),
  curve_rows("jasa_months", split_at(jasa_months), c(1, 2, 3, 12)),
  curve_rows("jasa_late", split_at(jasa, entry = 14), c(20, 60, 100, 365), level = 0.9)
), "golden/kaplan_meier_intervals.csv")
