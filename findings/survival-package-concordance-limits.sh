#!/usr/bin/env bash
# survival 2.0.0 (PyPI): the interval of Uno's concordance index is nearly three times too narrow.
#
# Behaviour. validation.uno_c_index() answers the index with a standard error and a 95% interval. The
# index is right. The standard error is a third of what a bootstrap of the patients finds, and the
# interval holds the true index in about half of simulated studies instead of 95%.
# survival.concordance(), in the same package, gives an error that agrees with the bootstrap (for
# Harrell's index, of nearly the same size here).
#
# Why it matters. The interval decides whether a score discriminates, and whether a new one is better
# than an old one. Too narrow by three, chance is reported as a finding.
#
# Documented or reported: the function has no documentation of its own in the package; not found
# among the issues.
#
# Output seen:
#   one study of 137: Uno's index 0.684, its standard error 0.0086, by bootstrap 0.0257
#   concordance() of the same package: 0.692, standard error 0.0271
#   400 studies: spread of the index 0.0273, mean of its standard error 0.0086
#   the 95% interval holds the mean index in 48% of them
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  survival==2.0.0 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
import survival
from survival.validation import uno_c_index

chance = np.random.default_rng(20261129)


def study(patients=137):
    score = chance.normal(size=patients)
    death = chance.exponential(np.exp(-0.6 * score))
    end = chance.uniform(0.5, 6, patients)
    return np.minimum(death, end), (death <= end).astype(int), score


def uno(time, died, score):
    return uno_c_index(time.tolist(), died.tolist(), score.tolist())


time, died, score = study()
one = uno(time, died, score)
draws = [chance.integers(0, len(time), len(time)) for _ in range(400)]
bootstrap = np.std([uno(time[i], died[i], score[i]).c_index for i in draws], ddof=1)
harrell = survival.concordance(
    "Surv(time, died) ~ score",
    data={"time": time.tolist(), "died": died.tolist(), "score": (-score).tolist()},
)
print(
    f"one study of {len(time)}: Uno's index {one.c_index:.3f}, its standard error"
    f" {one.std_error:.4f}, by bootstrap {bootstrap:.4f}"
)
print(
    f"concordance() of the same package: {harrell.concordance:.3f}, standard error {harrell.std:.4f}"
)
many = [uno(*study()) for _ in range(400)]
index = np.array([fit.c_index for fit in many])
holds = np.mean([fit.ci_lower <= index.mean() <= fit.ci_upper for fit in many])
print(
    f"{len(many)} studies: spread of the index {index.std(ddof=1):.4f}, mean of its standard error"
    f" {np.mean([fit.std_error for fit in many]):.4f}"
)
print(f"the 95% interval holds the mean index in {holds:.0%} of them")
sys.exit(0 if holds < 0.7 and one.std_error < bootstrap / 2 < harrell.std else 1)
PY
