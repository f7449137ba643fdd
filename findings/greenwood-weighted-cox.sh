#!/usr/bin/env bash
# greenwood 0.8.0: a weighted Cox model weights the denominators, not the deaths.
#
# Behaviour. CoxPH().fit(..., weights=...) with ties="efron", which is the default, multiplies each
# patient's share of the risk set by the weight, but takes each death's logarithm of the risk set
# once, whatever the weight of who died. The estimate is not that of the weighted likelihood, with
# ties or without a single tie. With ties="breslow" the same call is right. Without ties the two
# have to be equal, and are in every other program.
#
# Why it matters. Weights are what inverse probability of treatment weighting, and case weights from
# a survey or a case-cohort sample, come as. Below, a hazard ratio of 4.28 is printed as 7.62 from
# twelve patients with twelve different times. With all weights equal the error vanishes, so that a
# trial run with ones shows nothing.
#
# Documented or reported: the package says that it is validated against R's survival; weights are
# documented as case weights. Not found among the issues.
#
# Output seen:
#   hazard ratio, no two times equal: efron 7.6167, breslow 4.2756
#   by hand from the weighted partial likelihood: 4.2756
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  greenwood==0.8.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import greenwood
import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

months = np.arange(1, 13.0)
died = np.array([1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0])
arm = np.array([1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0.0])
weight = np.array([3, 1, 1, 3, 1, 2, 1, 3, 2, 1, 1, 2.0])


def minus_log_likelihood(beta):
    share = weight * np.exp(beta * arm)
    return -sum(weight[i] * (beta * arm[i] - np.log(share[i:].sum())) for i in np.flatnonzero(died))


def hazard_ratio(ties):
    fit = greenwood.CoxPH(ties=ties).fit(
        greenwood.Surv(months, died), pd.DataFrame({"arm": arm}), weights=weight
    )
    return float(np.exp(fit.to_frame().estimate.iloc[0]))


efron, breslow = hazard_ratio("efron"), hazard_ratio("breslow")
by_hand = float(np.exp(minimize_scalar(minus_log_likelihood, bounds=(-5, 5), method="bounded").x))
print(f"hazard ratio, no two times equal: efron {efron:.4f}, breslow {breslow:.4f}")
print(f"by hand from the weighted partial likelihood: {by_hand:.4f}")
sys.exit(0 if abs(breslow - by_hand) < 1e-4 and abs(efron - by_hand) > 0.1 else 1)
PY
