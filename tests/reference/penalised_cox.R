# Reference values of the penalised Cox models: ridge by survival, Firth by maximising the penalised
# partial log-likelihood from what coxph evaluates at given coefficients.
# Run from anywhere: Rscript tests/reference/penalised_cox.R
# Needs R >= 4.2 and survival >= 3.5, and the data sets that make_reference.R writes.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

factors <- list(
  veteran = list(celltype = c("squamous", "smallcell", "adeno", "large")),
  lung_months = list(ecog = 0:3), lung_early = list(), lung_empty = list(ecog = c(0, 1, 2, 9))
)
terms <- list(
  veteran = c("trt", "karno", "celltype", "age", "prior"),
  lung_months = c("age", "sex", "ecog"), lung_early = c("age", "sex", "early"),
  lung_empty = c("age", "sex", "ecog")
)
columns_of <- function(name) {
  frame <- read_data(name)
  for (factor in names(factors[[name]])) {
    frame[[factor]] <- factor(frame[[factor]], levels = factors[[name]][[factor]])
  }
  x <- model.matrix(reformulate(terms[[name]]), frame)[, -1]
  owner <- attr(model.matrix(reformulate(terms[[name]]), frame), "assign")[-1]
  list(
    x = x, y = Surv(frame$time, frame$event),
    variable = terms[[name]][owner],
    level = mapply(function(column, own) sub(own, "", column, fixed = TRUE),
                   colnames(x), terms[[name]][owner])
  )
}

# ---- ridge -------------------------------------------------------------------------------
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 200, outer.max = 1)
ridge_rows <- function(name, exempt, theta, scale) {
  made <- columns_of(name)
  free <- made$variable %in% exempt
  z <- made$x[, !free]
  penalty <- eval(parse(text = sprintf(
    "ridge(%s, theta = theta, scale = scale)",
    paste(sprintf("z[, %d]", seq_len(ncol(z))), collapse = ", ")
  )))
  fit <- if (any(free)) {
    w <- made$x[, free, drop = FALSE]
    coxph(made$y ~ w + penalty, control = tight)
  } else {
    coxph(made$y ~ penalty, control = tight)
  }
  order <- c(which(free), which(!free))
  weight <- if (scale) apply(made$x, 2, var) else rep(1, ncol(made$x))
  weight <- ifelse(free, 0, weight)[order]
  data.frame(
    data = name, unpenalised = paste(exempt, collapse = " "), theta = theta,
    scale = as.integer(scale), variable = made$variable[order], level = made$level[order],
    coefficient = unname(coef(fit)), std_error = sqrt(diag(fit$var)),
    # The trace of the hat matrix; fit$df adds up the terms as if they were independent.
    df = ncol(made$x) - theta * sum(weight * diag(fit$var))
  )
}
save_csv(rbind(
  ridge_rows("veteran", "trt", 5, TRUE), ridge_rows("veteran", "trt", 0.5, FALSE),
  ridge_rows("veteran", character(), 50, TRUE), ridge_rows("lung_months", "sex", 10, TRUE),
  ridge_rows("lung_empty", "sex", 2, TRUE)
), "golden/ridge_cox.csv")

# ---- Firth -------------------------------------------------------------------------------
at <- function(made, b) {
  fit <- suppressWarnings(coxph(
    made$y ~ made$x, init = b, ties = "efron",
    control = coxph.control(iter.max = 0, toler.chol = 1e-20)
  ))
  list(value = fit$loglik[2] - log(det(fit$var)) / 2, covariance = fit$var)
}
# Five-point differences of the penalised likelihood, free coefficients only.
slope <- function(made, b, free, h) {
  vapply(free, function(j) {
    f <- function(k) {
      moved <- b
      moved[j] <- moved[j] + k * h[j]
      at(made, moved)$value
    }
    (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h[j])
  }, numeric(1))
}
maximise <- function(made, b, free) {
  if (!length(free)) return(b)
  for (iteration in 1:400) {
    here <- at(made, b)
    h <- sqrt(diag(here$covariance)) / 100
    information <- solve(here$covariance)[free, free, drop = FALSE]
    step <- solve(information, slope(made, b, free, h))
    if (max(abs(step)) > 1) step <- step / max(abs(step))
    moved <- b
    repeat {
      moved[free] <- b[free] + step
      if (at(made, moved)$value > here$value - 1e-9) break
      step <- step / 2
    }
    b <- moved
    if (max(abs(step)) < 1e-9) break
  }
  b
}
firth_rows <- function(name, profiled) {
  made <- columns_of(name)
  made$x <- scale(made$x, scale = FALSE)
  p <- ncol(made$x)
  best <- maximise(made, rep(0, p), seq_len(p))
  top <- at(made, best)
  errors <- sqrt(diag(top$covariance))
  j <- which(made$variable == profiled)
  lost <- function(value) {
    start <- best
    start[j] <- value
    2 * (top$value - at(made, maximise(made, start, setdiff(seq_len(p), j)))$value)
  }
  limit <- function(side) {
    far <- best[j] + side * 8 * errors[j]
    uniroot(function(v) lost(v) - qchisq(0.95, 1), sort(c(best[j], far)), tol = 1e-9)$root
  }
  of_interest <- seq_len(p) == j
  data.frame(
    data = name, variable = made$variable, level = made$level, coefficient = best,
    std_error = errors, profile_low = ifelse(of_interest, limit(-1), NA),
    profile_high = ifelse(of_interest, limit(1), NA),
    profile_p = ifelse(of_interest, pchisq(lost(0), 1, lower.tail = FALSE), NA)
  )
}
save_csv(rbind(
  firth_rows("veteran", "trt"), firth_rows("lung_months", "sex"), firth_rows("lung_early", "early")
), "golden/firth_cox.csv")
