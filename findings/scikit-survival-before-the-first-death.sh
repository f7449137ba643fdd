#!/usr/bin/env bash
# scikit-survival 0.28.0: predicted survival is below 1 at times when nobody has died yet.
#
# Behaviour. predict_survival_function() answers step functions. Before the first time of the data
# such a function has the value that it takes at that time: if the first time is a death, survival
# falls at time 0 already. Cox models, random forests, trees and boosting share it. The domain is
# said to begin at 0, so that the call is allowed; beyond the last time it is refused.
# predict_cumulative_hazard_function() has the same slip. If the first time is a censoring, all is
# well.
#
# Why it matters. Survival at an early landmark ("alive at 30 days"), the area under a predicted
# curve and a Brier score at early times are wrong for every patient. In the example all patients
# live 20 months, and one in five is predicted to be dead at 10, and at 0.
#
# Documented or reported: the step function documents that its domain may begin before its first
# step; which value it has there is not said.
#
# Output seen:
#   eight patients, the first death at month 20
#   Cox model:     predicted alive at month 0: 0.906, at 10: 0.906, at 20: 0.906
#   random forest: predicted alive at month 0: 0.802, at 10: 0.802, at 20: 0.802
#   Breslow by hand for the Cox model: 1.000, 1.000, 0.906
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  scikit-survival==0.28.0 scikit-learn==1.9.1 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from sksurv.ensemble import RandomSurvivalForest
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.util import Surv

months = np.array([20, 21, 22, 23, 24, 25, 26, 30.0])
died = np.array([1, 1, 0, 1, 1, 0, 1, 1], dtype=bool)
arm = np.array([[0, 1, 1, 0, 1, 0, 1, 0.0]]).T
ASKED = (0, 10, 20)


def alive(model):
    curve = model.fit(arm, Surv.from_arrays(died, months)).predict_survival_function(arm[:1])[0]
    return [float(curve(month)) for month in ASKED]


def by_hand(month):
    """exp of minus the sum of 1 / (risk of those at risk) over deaths until then, for arm 0."""
    risk = np.exp(arm[:, 0] * cox.coef_[0])
    deaths = [t for t, d in zip(months, died, strict=True) if d and t <= month]
    return float(np.exp(-sum(1 / risk[months >= t].sum() for t in deaths)))


cox, forest = CoxPHSurvivalAnalysis(), RandomSurvivalForest(n_estimators=10, random_state=0)
rows = {"Cox model:    ": alive(cox), "random forest:": alive(forest)}
print(f"eight patients, the first death at month {months[died].min():.0f}")
for label, row in rows.items():
    print(
        label,
        "predicted alive at month",
        ", at ".join(f"{m}: {s:.3f}" for m, s in zip(ASKED, row, strict=True)),
    )
right = [by_hand(month) for month in ASKED]
print("Breslow by hand for the Cox model:", ", ".join(f"{s:.3f}" for s in right))
early = all(row[0] == row[1] == row[2] < 1 for row in rows.values())
sys.exit(
    0 if early and right[:2] == [1, 1] and abs(right[2] - rows["Cox model:    "][2]) < 1e-6 else 1
)
PY
