# Reference values of imputed values that are shifted (delta adjustment, not missing at random): mice
# with `post` for a number and a method of its own for a factor, each with the Monte Carlo error of
# what it pools; and shifted probabilities, which are deterministic. `mnar.logreg` is that method on
# augmented data (White, Daniel & Royston 2010), which make a rare level more frequent: of these gaps
# 9.5% instead of 8.2% without a shift, 30% instead of 25% with one of 2.
# Run from anywhere: Rscript tests/reference/delta_imputation.R
# Needs R >= 4.2, survival >= 3.5 and mice >= 3.15; reads data/ as imputation.R wrote it.

library(survival)
suppressPackageStartupMessages(library(mice))

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

# ---- probabilities -----------------------------------------------------------------------
# Of two levels the logit; of three every level but the first against the first.
shifts <- c(-2, -1, 0, 0.5, 2)
two <- c(0.05, 0.4, 0.93)
three <- rbind(c(0.2, 0.5, 0.3), c(0.9, 0.06, 0.04))
softmax <- function(p, delta) {
  odds <- exp(log(p / p[1]) + c(0, rep(delta, length(p) - 1)))
  odds / sum(odds)
}
rows <- do.call(rbind, lapply(shifts, function(delta) rbind(
  data.frame(levels = 2, chance = seq_along(two), shift = delta, level = 1,
             value = plogis(qlogis(two) + delta)),
  do.call(rbind, lapply(seq_len(nrow(three)), function(i) data.frame(
    levels = 3, chance = i, shift = delta, level = 0:2, value = softmax(three[i, ], delta)
  )))
)))
save_csv(rows, "golden/shifted_chances.csv")

# The logistic regression of `mnar.logreg`, without augmented data.
mice.impute.shifted <- function(y, ry, x, wy = NULL, shift = 0, ...) {
  x <- cbind(1, as.matrix(x))
  fit <- glm.fit(x[ry, , drop = FALSE], y[ry] == levels(y)[2], family = binomial())
  beta <- coef(fit) + t(chol(summary.glm(fit)$cov.unscaled)) %*% rnorm(ncol(x))
  p <- plogis(x[wy, , drop = FALSE] %*% beta + shift)
  factor(ifelse(runif(nrow(p)) <= p, levels(y)[2], levels(y)[1]), levels(y))
}

# ---- pooled models -----------------------------------------------------------------------
pbc <- read.csv("data/pbc_missing.csv")
pbc$hazard <- nelsonaalen(pbc, time, event)
m <- 200
pooled <- function(data, name, shift, method, post, blots, incomplete, terms, maxit) {
  used <- data[c("time", "event", "hazard", "age", "log_bili", "albumin", incomplete)]
  predictors <- make.predictorMatrix(used)
  predictors[, "time"] <- 0
  made <- mice(used, m = m, maxit = maxit, method = method, predictorMatrix = predictors,
               post = post, blots = blots, seed = 2018, printFlag = FALSE)
  fits <- with(made, coxph(as.formula(paste("Surv(time, event) ~", terms))))
  table <- summary(pool(fits))
  between <- pool(fits)$pooled$b
  data.frame(case = name, shift = shift, term = as.character(table$term),
             estimate = table$estimate, std_error = table$std.error,
             estimate_mc = sqrt(between / m), imputations = m)
}
number <- function(shift, incomplete, terms, name, maxit, method) {
  post <- character(length(incomplete) + 6)
  names(post) <- c("time", "event", "hazard", "age", "log_bili", "albumin", incomplete)
  spread <- sqrt(mean((pbc$chol - mean(pbc$chol, na.rm = TRUE))^2, na.rm = TRUE))
  post["chol"] <- sprintf("imp[[j]][, i] <- imp[[j]][, i] + %.17g", shift * spread)
  pooled(pbc, name, shift, method, post, NULL, incomplete, terms, maxit)
}
factor_of <- function(shift, incomplete, terms, name, maxit, method) {
  data <- pbc
  data$ascites <- factor(data$ascites)
  data$stage <- factor(data$stage)
  post <- setNames(character(length(incomplete) + 6),
                   c("time", "event", "hazard", "age", "log_bili", "albumin", incomplete))
  blots <- list(ascites = list(shift = shift))
  pooled(data, name, shift, method, post, blots, incomplete, terms, maxit)
}
plain <- rep("", 6)
rows <- do.call(rbind, c(
  lapply(c(-2, -1, 1, 2), function(shift) number(
    shift, "chol", "age + log_bili + albumin + chol", "number", 1, c(plain, "pmm"))),
  lapply(c(-2, -1, 1, 2), function(shift) factor_of(
    shift, "ascites", "age + log_bili + albumin + ascites", "factor", 1,
    c(plain, "shifted"))),
  # Two other columns with gaps: mice draws these anew given the shifted one.
  lapply(c(-2, 2), function(shift) factor_of(
    shift, c("chol", "ascites", "stage"),
    "age + log_bili + albumin + chol + ascites + stage", "among_others", 5,
    c(plain, "pmm", "shifted", "polyreg")))
))
save_csv(rows, "golden/shifted_imputation.csv")
