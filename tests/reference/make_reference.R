# Writes the public data sets (data/) and the reference values (golden/) of the estimator tests.
# Run from anywhere: Rscript tests/reference/make_reference.R
# Needs R >= 4.2 and survival >= 3.5. larynx.csv is read, the other data sets are written.

library(survival)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
source(file.path(dirname(script), "common.R"))

# ---- data sets ---------------------------------------------------------------------------
veteran <- data.frame(
  time = survival::veteran$time, event = survival::veteran$status,
  trt = survival::veteran$trt, celltype = as.character(survival::veteran$celltype),
  karno = survival::veteran$karno, age = survival::veteran$age,
  prior = as.integer(survival::veteran$prior == 10)
)
lung <- with(survival::lung[!is.na(survival::lung$ph.ecog), ], data.frame(
  time = time, event = as.integer(status == 2), age = age, sex = sex, ecog = ph.ecog
))
# Whole months: nearly every event is tied.
lung_months <- transform(lung, time = ceiling(time / 30.4375))
# ECOG 9 holds the first fifteen censored patients: a level without events.
lung_empty <- lung
lung_empty$ecog <- pmin(lung_empty$ecog, 2)
lung_empty$ecog[which(lung_empty$event == 0)[1:15]] <- 9
# `early` marks the five first deaths: it orders the events without exception.
lung_early <- lung
lung_early$early <- 0
deaths <- which(lung$event == 1)
lung_early$early[deaths[order(lung$time[deaths])[1:5]]] <- 1
# Events on either side of the landmarks of 6 and 12 months (182.625 and 365.25 days).
landmark <- data.frame(
  days = c(100, 182, 183, 200, 300, 365, 366, 400, 500, 600),
  event = c(1, 1, 1, 0, 1, 1, 1, 0, 1, 0)
)
landmark$time <- landmark$days / 30.4375
# S is exactly one half on [2, 3).
half <- data.frame(time = 1:4, event = c(1, 1, 1, 0))
# S falls to exactly one half and stays there.
half_flat <- data.frame(time = 1:4, event = c(1, 1, 0, 0))
larynx <- read.csv("data/larynx.csv")
larynx$event <- larynx$death
data <- list(
  veteran = veteran, lung = lung, lung_months = lung_months, lung_empty = lung_empty,
  lung_early = lung_early, landmark = landmark, half = half, half_flat = half_flat
)
for (name in names(data)) save_csv(data[[name]], file.path("data", paste0(name, ".csv")))
data$larynx <- larynx

# ---- Kaplan-Meier ------------------------------------------------------------------------
km_rows <- function(name, times, level = 0.95, reverse = FALSE) {
  frame <- data[[name]]
  frame$flag <- if (reverse) 1 - frame$event else frame$event
  curve <- survfit(Surv(time, flag) ~ 1, frame, conf.type = "log-log", conf.int = level)
  at <- summary(curve, times = times)
  data.frame(
    data = name, reverse = as.integer(reverse), confidence_level = level, time = at$time,
    survival = at$surv, std_error = at$std.err, ci_low = at$lower, ci_high = at$upper,
    at_risk = at$n.risk, events = cumsum(at$n.event)
  )
}
golden(list(
  km_rows("veteran", c(10, 30, 90.5, 182.625, 365.25, 587)),
  km_rows("veteran", c(30, 365.25), level = 0.9),
  km_rows("lung", c(30.4375, 182.625, 365.25, 731, 1022)),
  km_rows("lung_months", c(1, 6, 12, 24)),
  km_rows("larynx", c(0.5, 1, 4.3, 10)),
  km_rows("landmark", c(5, 6, 6.5, 12, 18)),
  km_rows("lung", c(182.625, 365.25, 731), reverse = TRUE),
  km_rows("landmark", c(12, 18), reverse = TRUE)
), "kaplan_meier")

median_row <- function(name, level = 0.95, reverse = FALSE) {
  frame <- data[[name]]
  frame$flag <- if (reverse) 1 - frame$event else frame$event
  curve <- survfit(Surv(time, flag) ~ 1, frame, conf.type = "log-log", conf.int = level)
  q <- quantile(curve, 0.5)
  data.frame(
    data = name, reverse = as.integer(reverse), confidence_level = level,
    estimate = as.double(q$quantile), ci_low = as.double(q$lower), ci_high = as.double(q$upper)
  )
}
golden(list(
  median_row("veteran"), median_row("veteran", 0.8), median_row("lung"),
  median_row("lung_months"), median_row("larynx"), median_row("landmark"), median_row("half"),
  median_row("half_flat"), median_row("lung", reverse = TRUE),
  median_row("larynx", reverse = TRUE), median_row("landmark", reverse = TRUE)
), "median")

# ---- log-rank ----------------------------------------------------------------------------
logrank_rows <- function(name, by) {
  test <- survdiff(Surv(time, event) ~ data[[name]][[by]], data[[name]])
  df <- length(test$n) - 1
  data.frame(
    data = name, by = by, level = sub("^.*=", "", names(test$n)), n = as.integer(test$n),
    observed = as.double(test$obs), expected = as.double(test$exp),
    statistic = as.double(test$chisq), df = df,
    p_value = pchisq(test$chisq, df, lower.tail = FALSE)
  )
}
golden(list(
  logrank_rows("veteran", "trt"), logrank_rows("veteran", "celltype"),
  logrank_rows("lung", "sex"), logrank_rows("lung_months", "sex"), logrank_rows("larynx", "stage")
), "logrank")

# ---- Cox ---------------------------------------------------------------------------------
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
# The infinite coefficients of the last two models need R's own stopping rule.
plain <- coxph.control()
models <- list(
  list("veteran", c("trt", "karno", "celltype", "age", "prior"),
       list(celltype = c("squamous", "smallcell", "adeno", "large")), tight),
  list("lung", c("age", "sex", "ecog"), list(ecog = 0:3), tight),
  list("lung_months", c("age", "sex", "ecog"), list(ecog = 0:3), tight),
  list("larynx", c("age", "stage"), list(stage = 1:4), tight),
  list("lung_empty", c("age", "sex", "ecog"), list(ecog = c(0, 1, 2, 9)), plain),
  list("lung_early", c("age", "sex", "early"), list(), plain)
)
vif_of <- function(fit) {
  keep <- !is.na(coef(fit))
  correlation <- cov2cor(vcov(fit)[keep, keep])
  do.call(rbind, lapply(names(fit$assign), function(term) {
    own <- fit$assign[[term]]
    value <- det(correlation[own, own, drop = FALSE]) *
      det(correlation[-own, -own, drop = FALSE]) / det(correlation)
    data.frame(variable = term, gvif = value, df = length(own))
  }))
}
# Seventeen clusters by position, so that each holds patients of every kind; every coefficient
# without each of them in turn (Lipsitz, Dear & Zhao 1994), and t with 16 degrees of freedom.
jackknife_rows_of <- function(name, formula, frame) {
  cluster <- (seq_len(nrow(frame)) - 1) %% 17
  fit <- coxph(formula, frame, ties = "efron", control = tight)
  without <- sapply(unique(cluster), function(one) {
    coef(coxph(formula, frame[cluster != one, ], ties = "efron", control = tight))
  })
  error <- sqrt(16 / 17 * rowSums((matrix(without, ncol = 17) - coef(fit))^2))
  variable <- rep(names(fit$assign), lengths(fit$assign))
  data.frame(
    data = name, variable = variable, level = substring(names(coef(fit)), nchar(variable) + 1),
    std_error = error, ci_low = exp(coef(fit) - qt(0.975, 16) * error),
    ci_high = exp(coef(fit) + qt(0.975, 16) * error),
    p_value = 2 * pt(-abs(coef(fit) / error), 16)
  )
}
score_rows_of <- function(name, fit) {
  residuals <- residuals(fit, type = "score")
  data.frame(
    data = name, row = rep(seq_len(nrow(residuals)) - 1L, ncol(residuals)),
    column = rep(seq_len(ncol(residuals)) - 1L, each = nrow(residuals)),
    residual = as.double(residuals)
  )
}
jackknife_rows <- score_rows <- list()
cox_rows <- drop_rows <- zph_rows <- residual_rows <- vif_rows <- contrast_rows <- list()
for (model in models) {
  name <- model[[1]]
  frame <- data[[name]]
  for (factor_name in names(model[[3]])) {
    frame[[factor_name]] <- factor(frame[[factor_name]], levels = model[[3]][[factor_name]])
  }
  formula <- reformulate(model[[2]], "Surv(time, event)")
  fit <- coxph(formula, frame, ties = "efron", control = model[[4]])
  table <- summary(fit)$coefficients
  limits <- summary(fit)$conf.int
  variable <- rep(names(fit$assign), lengths(fit$assign))
  cox_rows[[name]] <- data.frame(
    data = name, variable = variable, level = substring(rownames(table), nchar(variable) + 1),
    coefficient = table[, 1], std_error = table[, 3], hazard_ratio = table[, 2],
    ci_low = limits[, 3], ci_high = limits[, 4], z = table[, 4], p_value = table[, 5],
    n = fit$n, events = fit$nevent, log_likelihood_null = fit$loglik[1],
    log_likelihood = fit$loglik[2]
  )
  if (name == "lung_early") next
  # update() inside drop1 looks the model up by name, so it needs the formula spelled out.
  full <- eval(bquote(coxph(.(formula), frame, ties = "efron", control = model[[4]])))
  tests <- drop1(full, test = "Chisq")[-1, ]
  drop_rows[[name]] <- data.frame(
    data = name, variable = rownames(tests), df = as.integer(tests$Df), statistic = tests$LRT,
    p_value = tests[["Pr(>Chi)"]]
  )
  if (name == "lung_empty") next
  jackknife_rows[[name]] <- jackknife_rows_of(name, formula, frame)
  score_rows[[name]] <- score_rows_of(name, fit)
  zph <- cox.zph(fit, transform = "km", terms = TRUE)
  zph_rows[[name]] <- data.frame(
    data = name, variable = rownames(zph$table), statistic = zph$table[, "chisq"],
    df = as.integer(zph$table[, "df"]), p_value = zph$table[, "p"]
  )
  vif_rows[[name]] <- cbind(data = name, vif_of(fit))
  residual_rows[[name]] <- data.frame(
    data = name, variable = rep(colnames(zph$y), each = nrow(zph$y)),
    time = rep(zph$time, ncol(zph$y)), transformed_time = rep(zph$x, ncol(zph$y)),
    residual = as.double(zph$y)
  )
  if (name == "lung") {
    frame$ecog <- relevel(frame$ecog, "1")
    other <- summary(coxph(formula, frame, ties = "efron", control = tight))
    contrast_rows[[name]] <- data.frame(
      data = name, variable = "ecog", level = c("0", "2"), versus = "1",
      coefficient = other$coefficients[c("ecog0", "ecog2"), 1],
      std_error = other$coefficients[c("ecog0", "ecog2"), 3],
      p_value = other$coefficients[c("ecog0", "ecog2"), 5]
    )
  }
}
golden(cox_rows, "cox")
golden(drop_rows, "drop_one")
golden(zph_rows, "proportional_hazards")
golden(residual_rows[c("veteran", "lung_months")], "schoenfeld")
golden(jackknife_rows, "cox_jackknife")
golden(score_rows["lung_months"], "score_residuals")
golden(vif_rows, "generalized_vif")
golden(contrast_rows, "contrast")

# ---- tables and ranks --------------------------------------------------------------------
chisq_row <- function(name, row, column) {
  test <- suppressWarnings(chisq.test(table(data[[name]][[row]], data[[name]][[column]]),
                                      correct = FALSE))
  data.frame(data = name, row = row, column = column, statistic = unname(test$statistic),
             df = as.integer(test$parameter), p_value = test$p.value,
             min_expected = min(test$expected))
}
# Fisher's test of small tables of two columns, counts row by row.
fisher_row <- function(name, counts) {
  table <- matrix(counts, ncol = 2, byrow = TRUE)
  expected <- suppressWarnings(chisq.test(table))$expected
  data.frame(data = name, counts = paste(counts, collapse = " "),
             p_value = fisher.test(table)$p.value, min_expected = min(expected))
}
golden(list(fisher_row("two rows", c(3, 97, 2, 85)), fisher_row("none", c(0, 40, 5, 35)),
            fisher_row("three rows", c(3, 1, 0, 4, 2, 9)),
            fisher_row("four rows", c(1, 7, 2, 0, 4, 4, 9, 20))), "fisher")
golden(list(chisq_row("veteran", "celltype", "trt"), chisq_row("veteran", "prior", "trt"),
            chisq_row("lung", "ecog", "sex")), "chi_square")

rank_row <- function(name, values, by) {
  formula <- reformulate(by, values)
  groups <- length(unique(data[[name]][[by]]))
  test <- if (groups == 2) {
    wilcox.test(formula, data[[name]], exact = FALSE, correct = FALSE)
  } else {
    kruskal.test(formula, data[[name]])
  }
  data.frame(data = name, values = values, by = by, statistic = as.double(test$statistic),
             df = if (groups == 2) NA_integer_ else as.integer(test$parameter),
             p_value = test$p.value)
}
golden(list(rank_row("lung", "age", "sex"), rank_row("veteran", "karno", "trt"),
            rank_row("veteran", "karno", "celltype"), rank_row("larynx", "age", "stage")), "ranks")

# ---- proportions -------------------------------------------------------------------------
exact_row <- function(count, n, level = 0.95) {
  limits <- binom.test(count, n, conf.level = level)$conf.int
  data.frame(count = count, n = n, confidence_level = level, estimate = count / n,
             ci_low = limits[1], ci_high = limits[2])
}
golden(list(exact_row(0, 10), exact_row(10, 10), exact_row(71, 86), exact_row(71, 86, 0.9),
            exact_row(1, 1), exact_row(3, 87)), "clopper_pearson")

newcombe_row <- function(count_1, n_1, count_2, n_2, level = 0.95) {
  wilson <- function(count, n) {
    suppressWarnings(prop.test(count, n, correct = FALSE, conf.level = level)$conf.int)
  }
  w1 <- wilson(count_1, n_1)
  w2 <- wilson(count_2, n_2)
  p1 <- count_1 / n_1
  p2 <- count_2 / n_2
  data.frame(
    count_1 = count_1, n_1 = n_1, count_2 = count_2, n_2 = n_2, confidence_level = level,
    estimate = p1 - p2,
    ci_low = p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2),
    ci_high = p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2)
  )
}
golden(list(newcombe_row(56, 70, 48, 80), newcombe_row(76, 83, 75, 85),
            newcombe_row(0, 10, 3, 12), newcombe_row(5, 5, 0, 7),
            newcombe_row(56, 70, 48, 80, 0.9)), "newcombe")

# ---- standardised differences ------------------------------------------------------------
standardised <- function() {
  first <- veteran[veteran$trt == 1, ]
  second <- veteran[veteran$trt == 2, ]
  age <- (mean(first$age) - mean(second$age)) / sqrt((var(first$age) + var(second$age)) / 2)
  p1 <- mean(first$prior)
  p2 <- mean(second$prior)
  prior <- (p1 - p2) / sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / 2)
  levels <- sort(unique(veteran$celltype))
  t1 <- as.double(prop.table(table(factor(first$celltype, levels))))[-1]
  t2 <- as.double(prop.table(table(factor(second$celltype, levels))))[-1]
  s <- (diag(t1) - t1 %o% t1 + diag(t2) - t2 %o% t2) / 2
  celltype <- sqrt(drop((t1 - t2) %*% solve(s) %*% (t1 - t2)))
  data.frame(data = "veteran", by = "trt", variable = c("age", "prior", "celltype"),
             kind = c("continuous", "binary", "multinomial"), estimate = c(age, prior, celltype))
}
golden(list(standardised()), "standardized_difference")

versions <- data.frame(software = c("R", "survival"),
                       version = c(as.character(getRversion()),
                                   as.character(packageVersion("survival"))))
save_csv(versions, "golden/versions.csv")
