#!/usr/bin/env bash
# lifelines 0.30.3: patients who all lived 20 months or longer are expected to live for 4.
#
# Behaviour. CoxPHFitter.predict_expectation() integrates the predicted survival over the times that
# are in the data, from the first of them. The time before the first death or censoring, when
# survival is 1, is left out: the answer is short by exactly that much. The median of the same model
# is right. KaplanMeierFitter's tables begin at 0; those of the Cox model do not.
#
# Why it matters. Mean survival by a model is what years of life gained and costs are computed from.
# In a study in which the first event comes late (a landmark, age as the time scale, a slow disease)
# most of it is missing, and the missing part is the same for all patients: differences look right
# and ratios do not.
#
# Documented or reported: the docstring gives the integral from 0. It warns of curves that do not
# reach 0 at the end, not of the beginning. Not found among the issues.
#
# Output seen:
#   months of the eight deaths: 20 to 30
#   expected life, first patient:       4.24 months, median 24
#   the same with the area up to 20:   24.24 months, that area being 20.00
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  lifelines==0.30.3 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter

patients = pd.DataFrame(
    {"month": [20, 21, 22, 23, 24, 25, 26, 30], "died": 1, "arm": [0, 1, 1, 0, 1, 0, 1, 0]}
)
fit = CoxPHFitter().fit(patients, "month", "died")
first = patients.iloc[:1]
answer = float(fit.predict_expectation(first).iloc[0])
median = float(fit.predict_percentile(patients, p=0.5).iloc[0])
curve = fit.predict_survival_function(first).iloc[:, 0]
area = float(
    np.trapezoid(np.r_[1, 1, curve], np.r_[0, 20, curve.index])
)  # straight lines, as documented
before = 20.0  # nobody died or was censored before month 20
print("months of the eight deaths: 20 to 30")
print(f"expected life, first patient:       {answer:.2f} months, median {median:.0f}")
print(
    f"the same with the area up to 20:   {answer + before:.2f} months, that area being {before:.2f}"
)
outside = answer < patients.month.min() < median
sys.exit(0 if outside and abs(answer + before - area) < 1.0 else 1)
PY
