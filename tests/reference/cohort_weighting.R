# The exposure weighted by its propensity, its hazard ratio without one centre, and E-values, written
# by `put`. Read by cohort.R after cohort_ladder.R.

weighed <- droplevels(complete(patients, baseline))
propensity <- glm(reformulate(baseline, "ino"), binomial, weighed,
  control = glm.control(epsilon = 1e-15, maxit = 100)
)
exposed_probability <- fitted(propensity)
is_exposed <- weighed$ino == "exposed"
own_probability <- ifelse(is_exposed, exposed_probability, 1 - exposed_probability)
arm_share <- ifelse(is_exposed, mean(is_exposed), mean(!is_exposed))
weights_of <- list(
  none = rep(1, nrow(weighed)), iptw = arm_share / own_probability, overlap = 1 - own_probability
)
arms <- levels(weighed$ino)
put_all <- function(numbers, ...) {
  for (statistic in names(numbers)) put(numbers[[statistic]], statistic = statistic, ...)
}

# ---- propensity --------------------------------------------------------------------------
put_all(
  list(
    n = nrow(weighed), excluded = nrow(patients) - nrow(weighed),
    parameters = length(coef(propensity)), log_likelihood = as.double(logLik(propensity))
  ),
  analysis = "propensity", population = "infused", variable = "ino"
)
for (arm in arms) {
  own <- exposed_probability[weighed$ino == arm]
  where <- subgroup("infused", "ino", arm)
  put_all(list(extreme = sum(own < 0.05 | own > 0.95)),
    analysis = "propensity", population = where, variable = "ino"
  )
  quartiles <- quantile(own, names = FALSE)
  put_all(
    list(
      n_evaluable = length(own), median = quartiles[3], quartile_1 = quartiles[2],
      quartile_3 = quartiles[4], minimum = quartiles[1], maximum = quartiles[5]
    ),
    analysis = "propensity", population = where, variable = "ino", level = "exposed"
  )
}

# ---- balance -----------------------------------------------------------------------------
# Exact balance leaves a remainder of machine precision.
zap <- function(x) if (x < 1e-9) 0 else x
mean_difference <- function(values, weight) {
  moments <- lapply(arms, function(arm) {
    own <- weighed$ino == arm
    cov.wt(cbind(values[own]), wt = weight[own] / sum(weight[own]), method = "unbiased")
  })
  spread <- sqrt((moments[[1]]$cov + moments[[2]]$cov) / 2)
  zap(abs(as.double((moments[[2]]$center - moments[[1]]$center) / spread)))
}
level_difference <- function(values, weight) {
  shares <- lapply(arms, function(arm) {
    own <- weighed$ino == arm
    as.double(tapply(weight[own], values[own], sum, default = 0) / sum(weight[own]))[-1]
  })
  spread <- Reduce(`+`, lapply(shares, function(p) diag(p, length(p)) - p %o% p)) / 2
  gap <- shares[[2]] - shares[[1]]
  zap(sqrt(drop(gap %*% solve(spread) %*% gap)))
}
for (scheme in names(weights_of)) {
  weight <- weights_of[[scheme]]
  analysis <- paste0("weighting_", scheme)
  for (arm in arms) {
    own <- weight[weighed$ino == arm]
    put_all(
      list(
        n = length(own), effective_sample_size = sum(own)^2 / sum(own^2),
        largest_weight = max(own) / mean(own)
      ),
      analysis = analysis, population = subgroup("infused", "ino", arm)
    )
  }
  for (name in baseline) {
    difference <- if (is.factor(weighed[[name]])) level_difference else mean_difference
    put(difference(weighed[[name]], weight),
      analysis = analysis, population = "infused", variable = name,
      contrast = "exposed_vs_naive", statistic = "standardized_difference"
    )
  }
}

# ---- weighted survival -------------------------------------------------------------------
put_weighted <- function(scheme, outcome) {
  weight <- weights_of[[scheme]]
  analysis <- paste0("weighting_", scheme)
  followed <- Surv(weighed[[paste0(outcome, "_months")]], weighed[[paste0(outcome, "_event")]])
  fit <- coxph(followed ~ ino, weighed, weights = weight, robust = TRUE, ties = "efron",
               control = tight)
  table <- summary(fit)
  put_all(list(n = fit$n, events = fit$nevent),
    analysis = analysis, outcome = outcome, population = "infused"
  )
  put_all(
    list(
      hazard_ratio = table$conf.int[1, "exp(coef)"],
      hazard_ratio_ci_low = table$conf.int[1, "lower .95"],
      hazard_ratio_ci_high = table$conf.int[1, "upper .95"],
      coefficient = table$coefficients[1, "coef"],
      robust_std_error = table$coefficients[1, "robust se"],
      p_value = table$coefficients[1, "Pr(>|z|)"]
    ),
    analysis = analysis, outcome = outcome, population = "infused", variable = "ino",
    level = "exposed", contrast = "exposed_vs_naive"
  )
  put_e_value(table$conf.int[1, ], fit$nevent / fit$n, analysis, outcome, "infused", scheme)
  for (arm in arms) {
    own <- weighed$ino == arm
    curve <- survfit(followed[own] ~ 1, weights = weight[own], robust = TRUE,
                     conf.type = "log-log")
    where <- subgroup("infused", "ino", arm)
    for (time in c(6, 12)) {
      at <- summary(curve, times = time)
      put_all(list(survival = at$surv, survival_ci_low = at$lower, survival_ci_high = at$upper),
        analysis = analysis, outcome = outcome, population = where, time_months = time
      )
    }
    middle <- quantile(curve, 0.5)
    put_all(
      list(
        median = as.double(middle$quantile), median_ci_low = as.double(middle$lower),
        median_ci_high = as.double(middle$upper)
      ),
      analysis = analysis, outcome = outcome, population = where
    )
  }
}

# ---- E-values ----------------------------------------------------------------------------
# VanderWeele & Ding (2017); more than 15% of the compared reach either endpoint.
e_value_of <- function(ratio) {
  risk <- (1 - 0.5^sqrt(ratio)) / (1 - 0.5^sqrt(1 / ratio))
  risk <- max(risk, 1 / risk)
  risk + sqrt(risk * (risk - 1))
}
put_e_value <- function(interval, share, analysis, outcome, population, scheme = "") {
  if (scheme == "none") return(invisible())
  stopifnot(share > 0.15)
  ratio <- interval[["exp(coef)"]]
  low <- interval[["lower .95"]]
  high <- interval[["upper .95"]]
  nearer <- if (low <= 1 && high >= 1) 1 else if (ratio > 1) low else high
  put_all(list(e_value = e_value_of(ratio), e_value_limit = e_value_of(nearer)),
    analysis = analysis, outcome = outcome, population = population, variable = "ino",
    level = "exposed", contrast = "exposed_vs_naive"
  )
}
put_rung <- function(analysis, covariates, frame, outcome, population = "infused") {
  frame <- droplevels(complete(frame, c("ino", covariates)))
  fit <- fit_cox(c("ino", covariates), frame, outcome)
  interval <- summary(fit)$conf.int["inoexposed", ]
  put_e_value(interval, fit$nevent / fit$n, analysis, outcome, population)
}
for (outcome in c("pfs", "os")) {
  put_rung("cox_ladder_crude", NULL, patients, outcome)
  put_rung("cox_ladder_crude_adjusted_population", NULL, weighed, outcome)
  put_rung("cox_ladder_baseline", baseline, patients, outcome)
  for (scheme in names(weights_of)) put_weighted(scheme, outcome)
}
put_rung("cox_ladder_as_published", as_published, responders, "pfs", "responders")

# ---- one centre out ----------------------------------------------------------------------
for (outcome in c("pfs", "os")) {
  ratios <- c()
  for (centre in sort(unique(weighed$centre))) {
    rest <- droplevels(weighed[weighed$centre != centre, ])
    fit <- fit_cox(c("ino", baseline), rest, outcome)
    interval <- summary(fit)$conf.int["inoexposed", ]
    ratios <- c(ratios, interval[["exp(coef)"]])
    put_all(
      list(
        events = fit$nevent, hazard_ratio = interval[["exp(coef)"]],
        hazard_ratio_ci_low = interval[["lower .95"]],
        hazard_ratio_ci_high = interval[["upper .95"]]
      ),
      analysis = "leave_one_centre_out", outcome = outcome, population = "infused",
      variable = "centre", level = centre, contrast = "exposed_vs_naive"
    )
  }
  put_all(list(minimum = min(ratios), maximum = max(ratios)),
    analysis = "leave_one_centre_out", outcome = outcome, population = "infused",
    variable = "ino", level = "exposed", contrast = "exposed_vs_naive"
  )
}
