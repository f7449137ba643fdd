# Writes the reference values of the estimators on weights: propensity, weighted Kaplan-Meier,
# weighted Cox, weighted standardised differences, leave one group out.
# Run from anywhere: Rscript tests/reference/weighted.R
# Needs R >= 4.2, survival >= 3.5 and nnet; reads data/ as make_reference.R wrote it.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

veteran <- read_data("veteran")
veteran$celltype <- factor(veteran$celltype, c("squamous", "smallcell", "adeno", "large"))
lung_months <- read_data("lung_months")
lung_months$ecog <- factor(lung_months$ecog, 0:3)

strict <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)

# ---- propensity --------------------------------------------------------------------------
tight <- glm.control(epsilon = 1e-15, maxit = 100)
binary_rows <- function(name, frame, group, terms) {
  frame$member <- as.integer(frame[[group]] == max(frame[[group]]))
  fit <- glm(reformulate(terms, "member"), binomial, frame, control = tight)
  table <- summary(fit)$coefficients
  data.frame(data = name, group = group, member = max(frame[[group]]),
             term = sub("^celltype", "celltype=", rownames(table)),
             coefficient = table[, 1], std_error = table[, 2],
             log_likelihood = as.double(logLik(fit)))
}
multinomial_rows <- function(name, frame, group, terms) {
  fit <- nnet::multinom(reformulate(terms, group), frame, trace = FALSE, maxit = 5000,
                        reltol = 1e-16, abstol = 1e-16)
  estimates <- coef(fit)
  errors <- summary(fit)$standard.errors
  data.frame(data = name, group = group, member = rep(rownames(estimates), ncol(estimates)),
             term = rep(colnames(estimates), each = nrow(estimates)),
             coefficient = as.double(estimates), std_error = as.double(errors),
             log_likelihood = as.double(logLik(fit)))
}
scaled <- transform(veteran, age = age / 10, karno = karno / 10)
# Calendar years: seven in turn, those of one sex three later.
dated <- transform(lung_months, year = 1980 + (seq_along(sex) - 1) %% 7 + 3 * (sex == 2))
golden(list(
  binary_rows("dated", dated, "sex", c("age", "year")),
  binary_rows("veteran", veteran, "trt", c("karno", "celltype", "age", "prior")),
  binary_rows("lung_months", lung_months, "sex", c("age", "time")),
  multinomial_rows("scaled", scaled, "celltype", c("karno", "age", "prior"))
), "propensity")

# ---- weights of a fixed rule, so that every estimator is checked apart -----------------------
weigh <- function(n) {
  i <- seq_len(n) - 1
  0.25 + (7 * i) %% 5 / 3 + i %% 13 / 10
}
veteran$w <- weigh(nrow(veteran))
lung_months$w <- weigh(nrow(lung_months))

km_rows <- function(name, frame, times, level = 0.95) {
  curve <- survfit(Surv(time, event) ~ 1, frame, weights = w, robust = TRUE,
                   conf.type = "log-log", conf.int = level)
  at <- summary(curve, times = times)
  middle <- quantile(curve, 0.5)
  data.frame(data = name, confidence_level = level, time = at$time, survival = at$surv,
             std_error = at$std.err, ci_low = at$lower, ci_high = at$upper,
             median = as.double(middle$quantile))
}
golden(list(
  km_rows("veteran", veteran, c(10, 30, 90.5, 182.625, 365.25, 587)),
  km_rows("veteran", veteran, c(30, 365.25), 0.9),
  km_rows("lung_months", lung_months, c(1, 6, 12, 24))
), "weighted_kaplan_meier")

# ---- difference of two curves at a time; unweighted with Greenwood's error -------------------
difference_rows <- function(name, frame, group, weighted, times) {
  frame$group <- frame[[group]]
  curve <- if (weighted) {
    survfit(Surv(time, event) ~ group, frame, weights = w, robust = TRUE)
  } else {
    survfit(Surv(time, event) ~ group, frame)
  }
  at <- summary(curve, times = times)
  first <- at$strata == levels(at$strata)[1]
  estimate <- at$surv[!first] - at$surv[first]
  error <- sqrt(at$std.err[!first]^2 + at$std.err[first]^2)
  data.frame(data = name, group = group, weighted = weighted, time = times, estimate = estimate,
             std_error = error, ci_low = estimate - qnorm(0.975) * error,
             ci_high = estimate + qnorm(0.975) * error)
}
golden(list(
  difference_rows("veteran", veteran, "trt", FALSE, c(30, 90.5, 182.625, 365.25)),
  difference_rows("veteran", veteran, "trt", TRUE, c(30, 90.5, 182.625, 365.25)),
  difference_rows("lung_months", lung_months, "sex", FALSE, c(6, 12, 24)),
  difference_rows("lung_months", lung_months, "sex", TRUE, c(6, 12, 24))
), "survival_difference")

cox_rows <- function(name, frame, terms) {
  fit <- coxph(reformulate(terms, "Surv(time, event)"), frame, weights = w, robust = TRUE,
               ties = "efron", control = strict)
  table <- summary(fit)$coefficients
  limits <- summary(fit)$conf.int
  variable <- rep(names(fit$assign), lengths(fit$assign))
  data.frame(data = name, terms = paste(terms, collapse = " "), variable = variable,
             level = substring(rownames(table), nchar(variable) + 1),
             coefficient = table[, "coef"], std_error = table[, "robust se"],
             hazard_ratio = table[, "exp(coef)"], ci_low = limits[, 3], ci_high = limits[, 4],
             p_value = table[, "Pr(>|z|)"])
}
golden(list(
  cox_rows("veteran", veteran, "trt"),
  cox_rows("veteran", veteran, c("trt", "karno", "celltype")),
  cox_rows("lung_months", lung_months, "sex"),
  cox_rows("lung_months", lung_months, c("age", "sex", "ecog"))
), "weighted_cox")

# ---- weighted standardised differences ---------------------------------------------------
weighted_difference <- function() {
  one <- veteran[veteran$trt == 1, ]
  two <- veteran[veteran$trt == 2, ]
  moments <- function(frame, name) {
    cov.wt(frame[name], wt = frame$w / sum(frame$w), method = "unbiased")
  }
  first <- moments(one, "age")
  second <- moments(two, "age")
  age <- as.double((first$center - second$center) / sqrt((first$cov + second$cov) / 2))
  shares <- function(frame) as.double(tapply(frame$w, frame$celltype, sum) / sum(frame$w))[-1]
  p <- shares(one)
  q <- shares(two)
  s <- (diag(p) - p %o% p + diag(q) - q %o% q) / 2
  data.frame(data = "veteran", variable = c("age", "celltype"),
             estimate = c(age, sqrt(drop((p - q) %*% solve(s) %*% (p - q)))))
}
golden(list(weighted_difference()), "weighted_difference")

# ---- leave one group out -----------------------------------------------------------------
out_rows <- function(name, frame, terms, column) {
  groups <- (seq_len(nrow(frame)) - 1) %% 17
  do.call(rbind, lapply(0:16, function(g) {
    fit <- coxph(reformulate(terms, "Surv(time, event)"), frame[groups != g, ], ties = "efron",
                 control = strict)
    data.frame(data = name, label = g, n = fit$n, events = fit$nevent,
               coefficient = as.double(coef(fit)[column]),
               std_error = sqrt(vcov(fit)[column, column]))
  }))
}
golden(list(
  out_rows("veteran", veteran, c("trt", "karno", "celltype", "age", "prior"), "trt"),
  out_rows("lung_months", lung_months, c("age", "sex", "ecog"), "sex")
), "leave_one_out")
