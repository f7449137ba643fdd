# Writes the reference values of what is estimated when hazards are not proportional: restricted
# means, hazard ratios before and after a cut, and the smooth of scaled Schoenfeld residuals.
# Run from anywhere, after make_reference.R: Rscript tests/reference/hazards_over_time.R
# Needs R >= 4.2, survival >= 3.5 and splines, which comes with R.

library(survival)
library(splines)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

read <- function(name) {
  frame <- read.csv(file.path("data", paste0(name, ".csv")))
  if (name == "larynx") frame$event <- frame$death
  frame
}

# ---- restricted means --------------------------------------------------------------------
mean_rows <- function(name, by, taus) {
  frame <- read(name)
  frame$group <- frame[[by]]
  do.call(rbind, lapply(taus, function(tau) {
    fit <- survfit(Surv(time, event) ~ group, frame)
    table <- survival:::survmean(fit, rmean = tau)$matrix
    data.frame(
      data = name, by = by, level = sub("^group=", "", rownames(table)), tau = tau,
      estimate = table[, "rmean"], std_error = table[, "se(rmean)"]
    )
  }))
}
golden(list(
  mean_rows("veteran", "trt", c(30, 182.625, 365.25, 550)),
  mean_rows("veteran", "celltype", c(90, 250)),
  mean_rows("lung", "sex", c(182.625, 365.25, 731)),
  mean_rows("lung_months", "sex", c(6, 12, 24)),
  mean_rows("larynx", "stage", c(1, 3.3, 4))
), "restricted_mean")

# ---- before and after a cut --------------------------------------------------------------
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
period_rows <- function(name, covariates, factors, cut) {
  frame <- read(name)
  for (one in factors) frame[[one]] <- factor(frame[[one]])
  split <- survSplit(Surv(time, event) ~ ., frame, cut = cut, episode = "period")
  # One column per coefficient, then one copy of it for each period.
  columns <- model.matrix(reformulate(covariates), split)[, -1, drop = FALSE]
  early <- columns * (split$period == 1)
  late <- columns * (split$period == 2)
  response <- with(split, Surv(tstart, time, event))
  both <- coxph(response ~ early + late, ties = "efron", control = tight)
  one <- coxph(response ~ columns, ties = "efron", control = tight)
  k <- ncol(columns)
  variance <- vcov(both)
  change <- coef(both)[k + 1:k] - coef(both)[1:k]
  error <- sqrt(diag(variance)[1:k] + diag(variance)[k + 1:k] - 2 * diag(variance[1:k, k + 1:k, drop = FALSE]))
  test <- 2 * (both$loglik[2] - one$loglik[2])
  data.frame(
    data = name, cut = cut, column = colnames(columns),
    before = coef(both)[1:k], before_error = sqrt(diag(variance)[1:k]),
    after = coef(both)[k + 1:k], after_error = sqrt(diag(variance)[k + 1:k]),
    change = change, change_error = error, change_p = 2 * pnorm(-abs(change / error)),
    statistic = test, df = k, p_value = pchisq(test, k, lower.tail = FALSE)
  )
}
golden(list(
  period_rows("veteran", c("trt", "karno"), character(), 90),
  period_rows("veteran", "celltype", "celltype", 100),
  period_rows("lung", c("age", "sex"), character(), 182.625),
  # The cut is one of the tied times: an event there belongs to the first period.
  period_rows("lung_months", "sex", character(), 6)
), "period_hazards")

# ---- smooth of scaled residuals ----------------------------------------------------------
smooth_rows <- function(name, covariates, factors) {
  frame <- read(name)
  for (one in names(factors)) frame[[one]] <- factor(frame[[one]], levels = factors[[one]])
  fit <- coxph(reformulate(covariates, "Surv(time, event)"), frame, ties = "efron", control = tight)
  zph <- cox.zph(fit, transform = "km", terms = TRUE)
  at <- seq(min(zph$x), max(zph$x), length = 40)
  basis <- ns(c(at, zph$x), df = 4, intercept = TRUE)
  grid <- basis[1:40, ]
  do.call(rbind, lapply(seq_along(covariates), function(i) {
    line <- lm(zph$y[, i] ~ basis[-(1:40), ] - 1)
    spread <- rowSums((grid %*% summary(line)$cov.unscaled) * grid)
    data.frame(
      data = name, variable = covariates[i], transformed_time = at,
      estimate = drop(grid %*% coef(line)), std_error = sqrt(zph$var[i, i] * spread)
    )
  }))
}
golden(list(
  smooth_rows(
    "veteran", c("trt", "karno", "celltype", "age", "prior"),
    list(celltype = c("squamous", "smallcell", "adeno", "large"))
  ),
  smooth_rows("lung_months", c("age", "sex", "ecog"), list(ecog = 0:3))
), "residual_smooth")
