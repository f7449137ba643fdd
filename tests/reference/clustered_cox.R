# What R finds where patients of one cluster share a hazard: a gamma frailty of each cluster, and a
# baseline hazard of each. Run from anywhere: Rscript tests/reference/clustered_cox.R
# Writes data/kidney.csv, data/rats.csv, golden/frailty_cox.csv and golden/stratified_cox.csv.
# Needs survival >= 3.5.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

# ---- data --------------------------------------------------------------------------------
# Catheters of 38 patients (McGilchrist & Aisbett 1991), and tumours of 300 rats of 100 litters
# (Mantel, Bohidar & Ciminera 1977), both of the package survival.
kidney <- with(survival::kidney, data.frame(
  time = time, event = status, age = age, sex = sex, disease = as.character(disease), cluster = id
))
rats <- with(survival::rats, data.frame(
  time = time, event = status, rx = rx, sex = as.integer(sex == "f"), cluster = litter
))
write.csv(kidney, "data/kidney.csv", row.names = FALSE, quote = FALSE)
write.csv(rats, "data/rats.csv", row.names = FALSE, quote = FALSE)
veteran <- read.csv("data/veteran.csv")
veteran$cluster <- (seq_len(nrow(veteran)) - 1) %% 17

models <- list(
  kidney_plain = list(frame = kidney, terms = c("age", "sex"), levels = list()),
  kidney = list(frame = kidney, terms = c("age", "sex", "disease"),
                levels = list(disease = c("Other", "GN", "AN", "PKD"))),
  rats = list(frame = rats, terms = c("rx", "sex"), levels = list()),
  veteran = list(frame = veteran, terms = c("trt", "karno", "celltype"),
                 levels = list(celltype = c("squamous", "smallcell", "adeno", "large")))
)
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100, outer.max = 100)

# ---- estimates ---------------------------------------------------------------------------
rows_of <- function(name, fit, given, levels) {
  beta <- coef(fit)
  error <- sqrt(diag(as.matrix(fit$var)))[seq_along(beta)]
  variables <- sapply(names(beta), function(x) {
    hit <- Filter(function(factor) startsWith(x, factor), names(levels))
    if (length(hit)) hit[[1]] else x
  })
  half <- qnorm(0.975) * error
  data.frame(
    data = name, given = given, variable = variables,
    level = substring(names(beta), nchar(variables) + 1),
    coefficient = exact(beta), std_error = exact(error), ci_low = exact(exp(beta - half)),
    ci_high = exact(exp(beta + half)), p_value = exact(2 * pnorm(-abs(beta / error)))
  )
}
fit_with <- function(model, extra) {
  frame <- model$frame
  for (x in names(model$levels)) frame[[x]] <- factor(frame[[x]], model$levels[[x]])
  formula <- as.formula(paste("Surv(time, event) ~", paste(c(model$terms, extra), collapse = " + ")))
  suppressWarnings(coxph(formula, frame, ties = "efron", control = tight))
}
# R's own search for the variance of the frailty stops at about 1e-5 of it; from there on the slope of
# the marginal likelihood that R computes at fixed variances is brought to zero.
best_theta <- function(fit_at, start) {
  marginal <- function(theta) fit_at(theta)$history[[1]]$c.loglik
  step <- 1e-4
  slope <- function(theta) (marginal(theta + step) - marginal(theta - step)) / (2 * step)
  uniroot(slope, start * c(0.99, 1.01), tol = 1e-12)$root
}
frailty_rows <- function(name, given) {
  model <- models[[name]]
  fit_at <- function(theta) {
    fit_with(model, sprintf("frailty(cluster, theta = %.17g, sparse = FALSE)", theta))
  }
  theta <- given
  if (is.na(given)) {
    fit <- fit_with(model, "frailty(cluster, sparse = FALSE, eps = 1e-11)")
    theta <- fit$history[[1]]$theta
    if (theta > 1e-6) theta <- best_theta(fit_at, theta)
  }
  if (theta > 1e-6) fit <- fit_at(theta)
  own <- rows_of(name, fit, if (is.na(given)) "" else given, model$levels)
  own <- own[own$variable %in% model$terms, ]
  cbind(own, variance = exact(theta))
}
frailty <- do.call(rbind, c(
  lapply(c("kidney_plain", "kidney", "rats"), frailty_rows, given = NA),
  lapply(names(models), frailty_rows, given = 0.5)
))
write.csv(frailty, "golden/frailty_cox.csv", row.names = FALSE, quote = FALSE)

# Of the pairs of kidney nearly every one is alike in its covariates.
stratified <- do.call(rbind, lapply(c("rats", "veteran"), function(name) {
  fit <- fit_with(models[[name]], "strata(cluster)")
  cbind(
    rows_of(name, fit, "", models[[name]]$levels)[-2],
    log_likelihood = exact(fit$loglik[2]), log_likelihood_null = exact(fit$loglik[1])
  )
}))
write.csv(stratified, "golden/stratified_cox.csv", row.names = FALSE, quote = FALSE)
