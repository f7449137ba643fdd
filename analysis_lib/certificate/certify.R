# A report's estimates a second time, by R's survival and cmprsk.
#
#     Rscript certify.R < ASKED > FOUND
#
# ASKED is a table of tasks (id, kind, wanted, times, level) and one of patients for each, parted by
# lines of ----; FOUND a table of what is found (task, name, value). Columns of a task: time, event
# or cause, and where they are needed start, weight, cluster, group, and the covariates x1, x2, ...
# Needs survival >= 3.5; without cmprsk what it computes is left out.

suppressPackageStartupMessages(library(survival))
has_cmprsk <- requireNamespace("cmprsk", quietly = TRUE)
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100)
found <- list()
put <- function(task, name, value) {
  found[[length(found) + 1]] <<- data.frame(task = task, name = name, value = as.double(value))
}

followed <- function(frame) {
  if (is.null(frame$start)) return(Surv(frame$time, frame$event))
  Surv(frame$start, frame$time, frame$event)
}
tail_of <- function(level) (1 + level) / 2

put_interval <- function(id, column, beta, error, level, degrees = Inf, of = "hazard_ratio") {
  half <- qt(tail_of(level), degrees) * error
  put(id, paste0(of, ":", column), exp(beta))
  put(id, paste0(of, "_ci_low:", column), exp(beta - half))
  put(id, paste0(of, "_ci_high:", column), exp(beta + half))
}

curve <- function(id, frame, wanted, times, level) {
  weight <- if (is.null(frame$weight)) rep(1, nrow(frame)) else frame$weight
  fit <- survfit(followed(frame) ~ 1,
    weights = weight, robust = !is.null(frame$weight), conf.type = "log-log", conf.int = level
  )
  for (position in seq_along(times)) {
    at <- summary(fit, times = times[position], extend = TRUE)
    beyond <- times[position] > max(frame$time) && at$surv > 0
    numbers <- c(survival = at$surv, survival_ci_low = at$lower, survival_ci_high = at$upper)
    for (name in names(numbers)) {
      put(id, paste0(name, "@", position), if (beyond) NA else numbers[[name]])
    }
  }
  # Not quantile(), which looks up a weighted limit that does not fall all the way as if it did.
  middle <- summary(fit)$table
  put(id, "median", middle[["median"]])
  put(id, "median_ci_low", middle[[length(middle) - 1]])
  put(id, "median_ci_high", middle[[length(middle)]])
}

logrank <- function(id, frame, wanted, times, level) {
  test <- survdiff(Surv(time, event) ~ group, frame)
  put(id, "chi_square", test$chisq)
  put(id, "p_value", pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE))
}

covariates_of <- function(frame) grep("^x[0-9]+$", names(frame), value = TRUE)
model_of <- function(terms) reformulate(if (length(terms)) terms else "1", "followed(frame)")

cox <- function(id, frame, wanted, times, level) {
  terms <- covariates_of(frame)
  for (name in terms) if (is.character(frame[[name]])) frame[[name]] <- factor(frame[[name]])
  weight <- if (is.null(frame$weight)) rep(1, nrow(frame)) else frame$weight
  centres <- c(
    strata = "strata(cluster)",
    frailty = sprintf("frailty(cluster, theta = %.17g, sparse = FALSE)", times[1])
  )
  fit_of <- function(terms, frame, weight) {
    formula <- model_of(c(terms, centres[intersect(names(centres), wanted)]))
    environment(formula) <- environment()
    coxph(formula, frame, weights = weight, ties = "efron", control = tight,
          robust = "robust" %in% wanted)
  }
  fit <- fit_of(terms, frame, weight)
  beta <- coef(fit)
  error <- sqrt(diag(as.matrix(fit$var)))[seq_along(beta)]
  put(id, "log_likelihood", fit$loglik[2])
  for (position in seq_along(beta)) {
    column <- names(beta)[position]
    put(id, paste0("coefficient:", column), beta[position])
    name <- if ("robust" %in% wanted) "robust_std_error" else "std_error"
    put(id, paste0(name, ":", column), error[position])
    put(id, paste0("p_value:", column), 2 * pnorm(-abs(beta[position] / error[position])))
    put_interval(id, column, beta[position], error[position], level)
  }
  if ("hazards" %in% wanted) {
    test <- cox.zph(fit, transform = "km", terms = TRUE)$table[, "p"]
    for (name in terms) put(id, paste0("ph_p_value:", name), test[[name]])
    put(id, "ph_p_value", test[[length(test)]])
  }
  if ("ratio" %in% wanted) {
    for (name in terms) {
      columns <- length(fit$assign[[name]])
      without <- setdiff(terms, name)
      smaller <- if (length(without)) fit_of(without, frame, weight)$loglik[2] else fit$loglik[1]
      put(id, paste0("lr_p_value:", name),
          pchisq(2 * (fit$loglik[2] - smaller), columns, lower.tail = FALSE))
    }
  }
  if ("jackknife" %in% wanted) jackknife(id, frame, terms, fit_of, fit, level)
}

# The model without each cluster in turn; t with one degree of freedom less than clusters.
jackknife <- function(id, frame, terms, fit_of, fit, level) {
  clusters <- sort(unique(frame$cluster))
  columns <- grep("^x1L", names(coef(fit)), value = TRUE)
  own <- matrix(NA, length(clusters), length(columns), dimnames = list(clusters, columns))
  for (cluster in clusters) {
    rest <- frame[frame$cluster != cluster, ]
    without <- fit_of(terms, rest, rep(1, nrow(rest)))
    for (column in columns) {
      beta <- coef(without)[column]
      own[cluster, column] <- beta
      at <- match(column, names(coef(without)))
      put_interval(id, paste0(column, "-", cluster), beta, sqrt(without$var[at, at]), level)
    }
  }
  degrees <- length(clusters) - 1
  for (column in columns) {
    beta <- coef(fit)[column]
    error <- sqrt(degrees / length(clusters) * sum((own[, column] - beta)^2))
    half <- qt(tail_of(level), degrees) * error
    put(id, paste0("robust_std_error:", column), error)
    put(id, paste0("robust_ci_low:", column), exp(beta - half))
    put(id, paste0("robust_ci_high:", column), exp(beta + half))
    put(id, paste0("robust_p_value:", column), 2 * pt(-abs(beta / error), degrees))
  }
}

logistic <- function(id, frame, wanted, times, level) {
  exact <- glm.control(epsilon = 1e-14, maxit = 100)
  fit <- glm(reformulate(covariates_of(frame), "event"), binomial, frame, control = exact)
  for (column in names(coef(fit))[-1]) {
    beta <- coef(fit)[[column]]
    error <- sqrt(vcov(fit)[column, column])
    put_interval(id, column, beta, error, level, of = "odds_ratio")
    put(id, paste0("p_value:", column), 2 * pnorm(-abs(beta / error)))
  }
}

# A natural spline in the last covariate among those who have 1 in the one before it; times are values.
amount <- function(id, frame, wanted, times, level) {
  terms <- covariates_of(frame)
  own <- tail(terms, 2)
  exposed <- frame[[own[1]]] == 1
  bends <- quantile(frame[exposed, own[2]], c(0, 0.5, 1))
  curve_at <- function(x) splines::ns(x, knots = bends[2], Boundary.knots = bends[c(1, 3)])
  frame[c("bend1", "bend2")] <- 0
  frame[exposed, c("bend1", "bend2")] <- curve_at(frame[exposed, own[2]])
  fit_of <- function(terms) {
    formula <- model_of(terms)
    environment(formula) <- environment()
    coxph(formula, frame, ties = "efron", control = tight)
  }
  alike <- setdiff(terms, own[2])
  curved <- c(own[1], "bend1", "bend2")
  fit <- fit_of(c(alike, "bend1", "bend2"))
  against <- c(curve = fit_of(alike)$loglik[2], bend = fit_of(terms)$loglik[2])
  tested <- pchisq(2 * (fit$loglik[2] - against), c(2, 1), lower.tail = FALSE)
  for (name in names(against)) put(id, paste0("lr_p_value:", name), tested[[name]])
  for (position in seq_along(times)) {
    weights <- c(1, curve_at(times[position]))
    beta <- sum(weights * coef(fit)[curved])
    error <- sqrt(drop(weights %*% vcov(fit)[curved, curved] %*% weights))
    put_interval(id, paste0("at", position), beta, error, level)
    put(id, paste0("coefficient:at", position), beta)
    put(id, paste0("std_error:at", position), error)
    put(id, paste0("p_value:at", position), 2 * pnorm(-abs(beta / error)))
  }
}

# Cause 1 is the event, 2 the competing one.
incidence <- function(id, frame, wanted, times, level) {
  if (!has_cmprsk) return(invisible())
  if (!any(frame$cause == 1)) return(invisible())
  curves <- cmprsk::cuminc(frame$time, frame$cause)
  last <- max(frame$time)
  for (position in seq_along(times)) {
    at <- cmprsk::timepoints(curves, min(times[position], last))
    estimate <- at$est["1 1", 1]
    error <- sqrt(at$var["1 1", 1])
    half <- qnorm(tail_of(level)) * error / (estimate * log(estimate))
    put(id, paste0("incidence@", position), estimate)
    put(id, paste0("incidence_ci_low@", position), estimate^exp(-half))
    put(id, paste0("incidence_ci_high@", position), estimate^exp(half))
  }
}

gray <- function(id, frame, wanted, times, level) {
  if (!has_cmprsk) return(invisible())
  test <- cmprsk::cuminc(frame$time, frame$cause, frame$group)$Tests
  if (is.null(test) || !"1" %in% rownames(test)) return(invisible())
  put(id, "chi_square", test["1", "stat"])
  put(id, "p_value", pchisq(test["1", "stat"], test["1", "df"], lower.tail = FALSE))
}

# cmprsk's own stopping rule, and two plain Newton steps more.
subdistribution <- function(id, frame, wanted, times, level) {
  if (!has_cmprsk) return(invisible())
  columns <- model.matrix(reformulate(covariates_of(frame)), frame)[, -1, drop = FALSE]
  fit <- cmprsk::crr(frame$time, frame$cause, columns)
  for (step in 1:2) {
    better <- fit$coef + solve(fit$inf, fit$score)
    fit <- cmprsk::crr(frame$time, frame$cause, columns, init = better, maxiter = 0)
  }
  error <- sqrt(diag(fit$var))
  for (position in seq_along(fit$coef)) {
    column <- colnames(columns)[position]
    beta <- fit$coef[position]
    put(id, paste0("coefficient:", column), beta)
    put(id, paste0("std_error:", column), error[position])
    put(id, paste0("p_value:", column), 2 * pnorm(-abs(beta / error[position])))
    put_interval(id, column, beta, error[position], level)
  }
}

kinds <- list(
  curve = curve, logrank = logrank, cox = cox, incidence = incidence, gray = gray,
  subdistribution = subdistribution, amount = amount, logistic = logistic
)
lines <- readLines(file("stdin"))
tables <- split(lines, cumsum(lines == "----"))
table_of <- function(lines, ...) read.csv(text = lines[lines != "----"], ...)
tasks <- table_of(tables[[1]], colClasses = "character")
for (row in seq_len(nrow(tasks))) {
  task <- tasks[row, ]
  frame <- table_of(tables[[row + 1]])
  wanted <- strsplit(task$wanted, " ")[[1]]
  times <- as.double(strsplit(task$times, " ")[[1]])
  try(
    suppressWarnings(kinds[[task$kind]](task$id, frame, wanted, times, as.double(task$level))),
    silent = TRUE
  )
}
write <- do.call(rbind, found)
write$value <- ifelse(is.na(write$value), "", sprintf("%.17g", write$value))
write.csv(write, stdout(), row.names = FALSE, quote = FALSE)
