#!/usr/bin/env bash
# survival 2.0.0 (PyPI): the curve corrected for censoring moves before anybody is censored.
#
# Behaviour. causal.ipcw_kaplan_meier(), a Kaplan-Meier curve weighted by the inverse probability of
# remaining uncensored, is wrong at times when every weight is still 1: which patients are weighted
# later, and by what, changes survival at times that have passed. With one covariate that has
# nothing to do with anything it is a little too high, with another nearly twice the truth. Without
# any censoring the same call is right.
#
# Why it matters. The curve is asked for where censoring may depend on a covariate, as a correction;
# here it reports that 88% live where half have died, and looks like a result. A run without
# censoring, which is the natural check, shows nothing.
#
# Documented or reported: the function has no documentation of its own in the package; not found
# among the issues.
#
# Output seen:
#   40 patients, one month apart; the first censoring is after month 20
#   month               5      10     20
#   by counting       0.8750 0.7500 0.5000
#   covariate 1       0.8806 0.7611 0.5223
#   covariate 2       0.9696 0.9393 0.8786
#   nobody censored   0.8750 0.7500 0.5000
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  survival==2.0.0 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from survival.causal import ipcw_kaplan_meier

months = np.arange(1.0, 41)
died = np.ones(40, dtype=int)
died[20::3] = 0
ASKED = [5.0, 10.0, 20.0]


def curve(events, covariate):
    return ipcw_kaplan_meier(
        months.tolist(), events.tolist(), covariate.tolist(), len(months), 1, ASKED
    )[1]


first, second = np.tile([52.0, 61, 47, 70, 38], 8), np.tile([0.0, 1.0], 20)
rows = {
    "by counting": [float((months > month).mean()) for month in ASKED],
    "covariate 1": curve(died, first),
    "covariate 2": curve(died, second),
    "nobody censored": curve(np.ones(40, dtype=int), second),
}
print(f"40 patients, one month apart; the first censoring is after month {months[died == 0][0] - 1:.0f}")
print(f"{'month':<16}", "".join(f"{month:>7.0f}" for month in ASKED))
for label, row in rows.items():
    print(f"{label:<17}", " ".join(f"{value:.4f}" for value in row), sep="")
counted = np.array(rows["by counting"])
wrong = np.abs(np.array(rows["covariate 2"]) - counted).max() > 0.3
right = np.allclose(rows["nobody censored"], counted)
sys.exit(0 if wrong and right else 1)
PY
