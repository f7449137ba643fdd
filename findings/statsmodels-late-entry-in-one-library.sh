#!/usr/bin/env bash
# statsmodels 0.15.0: who enters at a time is at risk at that time in one function, not in another.
#
# Behaviour. PHReg(entry=...) counts a patient whose entry time equals a time of death as at risk
# for that death. SurvfuncRight(entry=...) and survdiff(entry=...), of the same module, do not, as R
# does not. The curve, the test and the model of one analysis thus have different risk sets.
#
# Why it matters. Entry and death on the same day is common where time is in days or months: a
# covariate that changes at transplant splits a patient into rows of which the second begins where
# others die, and a registry's patients enter by month. In the eight patients below the hazard ratio
# changes sides, from 0.81 to 1.14.
#
# Documented or reported: the documents say "not in the risk set on or before the entry time"
# (survdiff) and "not part of the risk set for times before the entry time" (PHReg), which is easily
# read as the same. Not found among the issues.
#
# Output seen:
#   at risk at month 5 (SurvfuncRight): 4; entered before 5 and still there: 4
#   hazard ratio of PHReg             1.137
#   by hand, at risk if entry < t     0.811
#   by hand, at risk if entry <= t    1.137
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  statsmodels==0.15.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import operator
import sys

import numpy as np
from scipy.optimize import minimize_scalar
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight

entry = np.array([0, 0, 5, 0, 8, 0, 5, 7])
months = np.array([5, 8, 9, 10, 12, 5, 7, 9])
died = np.array([1, 1, 1, 0, 1, 1, 1, 1])
arm = np.array([0, 1, 0, 1, 0, 1, 1, 0.0])


def by_hand(entered):
    """exp of the maximum of the partial likelihood (Breslow), at risk by `entered(entry, t)`."""

    def minus_log_likelihood(beta):
        risk = np.exp(beta * arm)
        return -sum(
            beta * arm[i] - np.log(risk[entered(entry, months[i]) & (months >= months[i])].sum())
            for i in np.flatnonzero(died)
        )

    return np.exp(minimize_scalar(minus_log_likelihood, bounds=(-5, 5), method="bounded").x)


curve = SurvfuncRight(months, died, entry=entry)
at_risk = int(curve.n_risk[list(curve.surv_times).index(5)])
before = int(((entry < 5) & (months >= 5)).sum())
print(f"at risk at month 5 (SurvfuncRight): {at_risk}; entered before 5 and still there: {before}")
model = float(
    np.exp(PHReg(months, arm[:, None], status=died, entry=entry, ties="breslow").fit().params[0])
)
open_, closed = by_hand(operator.lt), by_hand(operator.le)
print(f"hazard ratio of PHReg             {model:.3f}")
print(f"by hand, at risk if entry < t     {open_:.3f}")
print(f"by hand, at risk if entry <= t    {closed:.3f}")
sys.exit(0 if at_risk == before and abs(model - closed) < 1e-3 and abs(model - open_) > 0.1 else 1)
PY
