#!/usr/bin/env bash
# statsmodels 0.15.0: a curve from counts of patients has the standard errors of another quantity.
#
# Behaviour. SurvfuncRight(..., freq_weights=...) takes how many patients a row stands for. Survival
# and numbers at risk are those of the patients listed one by one. The standard errors are not: with
# weights they are those of the cumulative hazard, not multiplied by survival, so that they grow
# without bound while the curve falls. Weights that are all 1 change them, too. quantile_ci() is
# built on them.
#
# Why it matters. Life tables are counts, and large cohorts are kept as counts. Below, 12% survive
# with a standard error of 45 points in place of 8, and the upper limit of the median is infinite in
# place of 9 months.
#
# Documented or reported: the docstring says "standard errors" of the survival, and "frequency
# weights". Not found among the issues. R's survfit() gives the errors by hand, with weights and
# without.
#
# Output seen:
#   month   survival   error with counts   error of the list   by hand
#       3       0.80               0.100               0.089     0.089
#       5       0.45               0.213               0.111     0.111
#       9       0.12               0.450               0.077     0.077
#   all counts 1, at 9 months: 0.450
#   limits of the median: with counts 4 to inf, of the list 4 to 9
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  statsmodels==0.15.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from statsmodels.duration.survfunc import SurvfuncRight

month = np.array([3, 4, 5, 7, 7, 9, 12.0])
died = np.array([1, 1, 1, 1, 0, 1, 0])
count = np.array([4, 3, 4, 3, 1, 3, 2])
months, deaths = np.repeat(month, count), np.repeat(died, count)
counted = SurvfuncRight(month, died, freq_weights=count)
listed = SurvfuncRight(months, deaths)
ones = SurvfuncRight(months, deaths, freq_weights=np.ones(len(months)))


def greenwood(until):
    """The error of survival from the patients one by one."""
    survival, total = 1.0, 0.0
    for time in np.unique(months[(deaths == 1) & (months <= until)]):
        at_risk, dead = (months >= time).sum(), ((months == time) & (deaths == 1)).sum()
        survival *= 1 - dead / at_risk
        total += dead / (at_risk * (at_risk - dead))
    return survival * np.sqrt(total)


by_hand = np.array([greenwood(time) for time in listed.surv_times])
print("month   survival   error with counts   error of the list   by hand")
for i in (0, 2, 4):
    print(
        f"{listed.surv_times[i]:5.0f}{counted.surv_prob[i]:11.2f}{counted.surv_prob_se[i]:20.3f}"
        f"{listed.surv_prob_se[i]:20.3f}{by_hand[i]:10.3f}"
    )
print(f"all counts 1, at 9 months: {ones.surv_prob_se[-1]:.3f}")
limits = [
    " to ".join(f"{limit:.0f}" for limit in fit.quantile_ci(0.5)) for fit in (counted, listed)
]
print("limits of the median: with counts {}, of the list {}".format(*limits))
same_curve = np.allclose(counted.surv_prob, listed.surv_prob)
right = np.allclose(listed.surv_prob_se, by_hand)
wrong = counted.surv_prob_se[-1] > 0.4 and ones.surv_prob_se[-1] > 0.4
sys.exit(0 if same_curve and right and wrong else 1)
PY
