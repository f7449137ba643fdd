# The Cox models of the responders, written by `put`. Read by cohort.R.

fit_cox <- function(terms, frame, outcome = "pfs", ...) {
  survival <- sprintf("Surv(%s_months, %s_event)", outcome, outcome)
  coxph(reformulate(terms, survival), frame, ties = "efron", control = tight, ...)
}
likelihood_ratio_p <- function(larger, smaller_log_likelihood, df) {
  pchisq(2 * (larger$loglik[2] - smaller_log_likelihood), df, lower.tail = FALSE)
}
complete <- function(frame, terms) frame[complete.cases(frame[terms]), ]

put_coefficients <- function(
    fit, analysis, outcome = "pfs", population = "responders", of = names(fit$assign),
    rows = NULL, beside = FALSE) {
  table <- summary(fit)
  for (term in of) {
    for (position in fit$assign[[term]]) {
      level <- sub(term, "", names(coef(fit))[position], fixed = TRUE)
      reference <- fit$xlevels[[term]][1]
      key <- list(
        analysis = analysis, outcome = outcome, population = population, variable = term,
        level = level, contrast = if (level == "") "" else paste0(level, "_vs_", reference)
      )
      numbers <- list(
        hazard_ratio = table$conf.int[position, "exp(coef)"],
        hazard_ratio_ci_low = table$conf.int[position, "lower .95"],
        hazard_ratio_ci_high = table$conf.int[position, "upper .95"],
        coefficient = table$coefficients[position, "coef"],
        std_error = table$coefficients[position, "se(coef)"],
        p_value = table$coefficients[position, "Pr(>|z|)"]
      )
      # Where the rows of the model are given, levels with few events have Firth's penalty, in
      # place of the plain ratio or beside it.
      if (!is.null(rows) && level != "") {
        events <- tapply(rows$event, rows[[term]], sum)
        if (min(events[[level]], events[[reference]]) < 5) {
          firth <- penalised(rows, names(fit$assign), paste0(term, level))
          other <- firth[c(names(numbers)[1:3], "p_value")]
          numbers <- if (beside) {
            c(numbers, setNames(other, paste0("penalised_", names(other))))
          } else {
            firth
          }
        }
      }
      for (statistic in names(numbers)) {
        do.call(put, c(list(numbers[[statistic]], statistic = statistic), key))
      }
    }
  }
}

put_model <- function(
    analysis, terms, frame, outcome = "pfs", population = "responders", rows_of = NULL) {
  # Patients without a covariate leave before the levels are counted and the model is fitted.
  frame <- droplevels(complete(frame, terms))
  fit <- fit_cox(terms, frame, outcome)
  own <- function(value, statistic, variable = "") {
    put(value,
      analysis = analysis, outcome = outcome, population = population, variable = variable,
      statistic = statistic
    )
  }
  own(fit$n, "n")
  own(fit$nevent, "events")
  own(fit$loglik[2], "log_likelihood")
  rows <- if (!is.null(rows_of)) rows_of(frame)
  put_coefficients(fit, analysis, outcome, population, rows = rows, beside = TRUE)
  hazards <- cox.zph(fit, transform = "km", terms = TRUE)$table[, "p"]
  own(hazards[["GLOBAL"]], "ph_p_value")
  for (term in terms) own(hazards[[term]], "ph_p_value", term)
  for (term in terms) {
    df <- length(fit$assign[[term]])
    if (df == 1) next
    without <- fit_cox(setdiff(terms, term), frame, outcome)
    own(likelihood_ratio_p(fit, without$loglik[2], df), "lr_p_value", term)
  }
}
pfs_rows <- function(frame) transform(frame, start = 0, stop = pfs_months, event = pfs_event)
# By exposure; by response to it, the unknown left out; and with the unknown as a level.
put_models <- function(name, covariates) {
  responders <- base_of("responders")
  known <- responders[responders$ino_exposure_response != "not_reported", ]
  by_response <- c("ino_exposure_response", covariates)
  put_model(paste0(name, "_a"), c("ino", covariates), responders, rows_of = pfs_rows)
  put_model(paste0(name, "_b"), by_response, known)
  put_model(paste0(name, "_b_unknown"), by_response, responders)
}
as_published <- c(
  "prior_hct", "consolidation", "bridging_therapy", "age_decades", "race_ethnicity_collapsed",
  "active_marrow", "ph_positive"
)
put_models("cox_as_published", as_published)

# A candidate enters with a global P below 0.1, or by force; the exposure stays in any case.
forced <- c("age_decades", "race_ethnicity_collapsed")
put_candidate <- function(candidate) {
  frame <- droplevels(complete(base_of("responders"), candidate))
  fit <- fit_cox(candidate, frame)
  p <- likelihood_ratio_p(fit, fit$loglik[1], length(coef(fit)))
  numbers <- list(n = fit$n, events = fit$nevent, lr_p_value = p)
  for (statistic in names(numbers)) {
    put(numbers[[statistic]],
      analysis = "cox_univariable", outcome = "pfs", population = "responders",
      variable = candidate, statistic = statistic
    )
  }
  put_coefficients(fit, "cox_univariable", rows = pfs_rows(frame))
  p < 0.1 || candidate %in% forced
}
candidates <- c(
  "age_decades", "sex", "race_ethnicity_collapsed", "ph_positive", "active_marrow",
  "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct",
  "bridging_therapy", "consolidation"
)
invisible(put_candidate("ino"))
put_models("cox_screened", candidates[vapply(candidates, put_candidate, logical(1))])
