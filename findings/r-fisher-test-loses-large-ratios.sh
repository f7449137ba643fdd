#!/usr/bin/env bash
# R 4.6.0 (webr 0.6.0): fisher.test() answers 11,002 for an odds ratio of 32,797.
#
# Behaviour. Estimate and limits above 1 are looked for as their reciprocals, between 0 and 1 and to
# about 0.0001. The larger the ratio, the coarser its answer: 4,518 for a limit of 4,744, 2^52 for
# one of 25,785. The P value is right. Small ratios are cut off as well: with the columns in the
# other order the lower limit is 0, at which a table without an empty cell cannot happen.
#
# Why it matters. Tables of agreement (two methods that find residual disease, a test against
# a standard) have large odds ratios. "Exact" is why one takes the function, and other programs are
# tested against it. R 4.2.2 answers the same.
#
# Documented or reported: the help says that the estimate is the conditional one of maximum
# likelihood and names no tolerance. Not found among the reports on R. An issue of Julia's
# HypothesisTests (234) has the same false limit there.
#
# Output seen:
#   R version 4.6.0 (2026-04-24)
#   table              fisher.test                      by hand
#   10 1 1 10          63 (4.11 to 4518)                63 (4.11 to 4744)
#   30 2 2 300         1709 (252 to 4.5e+15)            1764 (253 to 25785)
#   400 3 2 600        11002 (4201 to 4.5e+15)          32797 (5739 to 390306)
#   2 30 300 2         0.000585 (0 to 0.00397)          0.000567 (3.88e-05 to 0.00395)
#   chance of 30 or fewer at the upper limit of the second table: 0.000 and 0.025
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund webr@0.6.0 ws@8.23.0 || exit 2
cat > check.R <<'R'
# The law of the first cell of a 2 x 2 table with its margins, at an odds ratio.
law <- function(table, log_ratio) {
  rows <- rowSums(table)
  column <- sum(table[, 1])
  cell <- max(0, column - rows[2]):min(column, rows[1])
  weight <- lchoose(rows[1], cell) + lchoose(rows[2], column - cell) + cell * log_ratio
  chance <- exp(weight - max(weight))
  list(cell = cell, chance = chance / sum(chance))
}

at_most <- function(table, log_ratio) {
  p <- law(table, log_ratio)
  sum(p$chance[p$cell <= table[1, 1]])
}

at_least <- function(table, log_ratio) {
  p <- law(table, log_ratio)
  sum(p$chance[p$cell >= table[1, 1]])
}

mean_cell <- function(table, log_ratio) {
  p <- law(table, log_ratio)
  sum(p$cell * p$chance)
}

by_hand <- function(table) {
  solve_for <- function(gap) exp(uniroot(gap, c(-40, 40), tol = 1e-12)$root)
  c(
    solve_for(function(x) mean_cell(table, x) - table[1, 1]),
    solve_for(function(x) at_least(table, x) - 0.025),
    solve_for(function(x) 0.025 - at_most(table, x))
  )
}

by_r <- function(table) {
  answer <- fisher.test(table)
  unname(c(answer$estimate, answer$conf.int))
}

text <- function(three) {
  shown <- vapply(three, function(x) format(x, digits = 3), "")
  sprintf("%s (%s to %s)", shown[1], shown[2], shown[3])
}

check <- function() {
  counts <- list(c(10, 1, 1, 10), c(30, 2, 2, 300), c(400, 3, 2, 600), c(2, 30, 300, 2))
  tables <- lapply(counts, matrix, nrow = 2, byrow = TRUE)
  lines <- sprintf("%-17s  %-31s  %s", "table", "fisher.test", "by hand")
  for (i in seq_along(tables)) {
    name <- paste(counts[[i]], collapse = " ")
    answers <- c(text(by_r(tables[[i]])), text(by_hand(tables[[i]])))
    lines <- c(lines, sprintf("%-17s  %-31s  %s", name, answers[1], answers[2]))
  }
  second <- tables[[2]]
  upper <- c(by_r(second)[3], by_hand(second)[3])
  chances <- vapply(log(upper), function(x) at_most(second, x), 0)
  lines <- c(lines, sprintf(
    "chance of 30 or fewer at the upper limit of the second table: %.3f and %.3f",
    chances[1], chances[2]
  ))
  third <- by_r(tables[[3]])[1] / by_hand(tables[[3]])[1]
  wrong <- third < 0.5 && upper[1] > 1e15 && by_r(tables[[4]])[2] == 0
  right <- abs(chances[2] - 0.025) < 1e-6
  paste(c(R.version.string, lines, if (wrong && right) "as found" else "changed"), collapse = "\n")
}
R
cat > check.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { WebR } from 'webr';

const r = new WebR();
await r.init();
await r.evalRVoid(readFileSync('check.R', 'utf8'));
const lines = (await r.evalRString('check()')).split('\n');
const verdict = lines.pop();
console.log(lines.join('\n'));
process.exit(verdict === 'as found' ? 0 : 1);
JS
node check.mjs
