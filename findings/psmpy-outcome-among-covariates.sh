#!/usr/bin/env bash
# psmpy 0.3.16: the outcome that is to be ignored is a covariate of the propensity score.
#
# Behaviour. PsmPy(..., target="died") documents that column as one that regression and matching
# ignore. It stays among the covariates, and the score is fitted on it like on the others; only what
# stands under exclude is left out. Nothing is said.
#
# Why it matters. Patients are matched to others of the same fate: the treated who died to controls
# who died. Whatever the treatment does to the outcome is matched away or turned about.
#
# Documented or reported: not found.
#
# Output seen:
#   covariates: age, died
#   aged 50: propensity 0.520 of who died, 0.147 of who lives
#   without the outcome: 0.345 for both
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  psmpy==0.3.16 scikit-learn==1.7.2 scipy==1.16.3 seaborn==0.13.2 pandas==2.3.3 numpy==2.3.5 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import matplotlib as mpl

mpl.use("Agg")
import numpy as np
import pandas as pd
from psmpy import PsmPy

number = np.arange(240)
patients = pd.DataFrame(
    {
        "patient": number,
        "treated": (number % 3 == 0).astype(int),
        "age": 40 + number * 7 % 31,
        "died": ((number % 5 < 2) | (number % 3 == 0) & (number % 4 < 3)).astype(int),
    }
)


def scores(outcome):
    """Propensity of every patient, the outcome named as one to be ignored."""
    model = PsmPy(
        patients.assign(died=outcome), treatment="treated", indx="patient", target="died"
    )
    model.logistic_ps(balance=False)
    return model.predicted_data.set_index("patient").propensity_score.sort_index(), model.xvars


own, covariates = scores(patients.died)
without, _ = scores(np.zeros(240, int))
fifty = patients.age == 50
died, alive = own[(patients.died == 1) & fifty], own[(patients.died == 0) & fifty]
print(f"covariates: {', '.join(covariates)}")
print(f"aged 50: propensity {died.mean():.3f} of who died, {alive.mean():.3f} of who lives")
print(f"without the outcome: {without[fifty].mean():.3f} for both")
sys.exit(0 if "died" in covariates and died.mean() - alive.mean() > 0.1 else 1)
PY
