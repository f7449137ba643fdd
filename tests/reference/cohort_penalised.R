# Cox models with Firth's penalty. Read by cohort.R.

# Firth's penalty where a group has fewer than 5 events: the penalised partial likelihood of Heinze
# & Schemper (2001), from what R evaluates at given coefficients, with its profile. Slopes are
# five-point differences.
penalised_at <- function(made, b) {
  fit <- agreg.fit(made$x, made$y, NULL,
    offset = NULL, init = b, control = coxph.control(iter.max = 0, toler.chol = 1e-20),
    weights = NULL, method = "efron", rownames = NULL
  )
  list(value = fit$loglik[2] - log(det(fit$var)) / 2, covariance = fit$var)
}
penalised_maximum <- function(made, b, free) {
  if (!length(free)) return(b)
  for (iteration in 1:400) {
    here <- penalised_at(made, b)
    h <- sqrt(diag(here$covariance)) / 100
    slope <- vapply(free, function(j) {
      f <- function(k) penalised_at(made, replace(b, j, b[j] + k * h[j]))$value
      (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h[j])
    }, numeric(1))
    information <- solve(here$covariance)[free, free, drop = FALSE]
    step <- solve(information, slope)
    if (max(abs(step)) > 1) step <- step / max(abs(step))
    repeat {
      moved <- replace(b, free, b[free] + step)
      if (penalised_at(made, moved)$value > here$value - 1e-9) break
      step <- step / 2
    }
    b <- moved
    if (max(abs(step)) < 1e-9) break
  }
  b
}
penalised <- function(rows, terms, own) {
  x <- model.matrix(reformulate(terms), rows)[, -1, drop = FALSE]
  made <- list(x = scale(x, scale = FALSE), y = with(rows, Surv(start, stop, event)))
  p <- ncol(x)
  j <- match(own, colnames(x))
  best <- penalised_maximum(made, rep(0, p), seq_len(p))
  top <- penalised_at(made, best)
  error <- sqrt(top$covariance[j, j])
  near <- best
  lost <- function(value) {
    near <<- penalised_maximum(made, replace(near, j, value), setdiff(seq_len(p), j))
    2 * (top$value - penalised_at(made, near)$value)
  }
  limit <- function(side) {
    near <<- best
    far <- best[j] + side * 2 * error
    while (lost(far) < qchisq(0.95, 1)) far <- far + side * error
    uniroot(function(v) lost(v) - qchisq(0.95, 1), sort(c(best[j], far)), tol = 1e-9)$root
  }
  list(
    hazard_ratio = exp(best[j]), hazard_ratio_ci_low = exp(limit(-1)),
    hazard_ratio_ci_high = exp(limit(1)), coefficient = best[j], std_error = error,
    p_value = pchisq(lost(0), 1, lower.tail = FALSE)
  )
}
