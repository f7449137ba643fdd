#!/usr/bin/env bash
# scikit-survival 0.28.0: if the patient followed longest has an event, no time has an uncertainty.
#
# Behaviour. cumulative_incidence_competing_risks(..., var_type="Dinse" or "Dinse_Approx") puts the
# lower and the upper limit on the estimate itself, at every time, as soon as all who are at risk at
# the last time have an event then. If the last patient is censored instead, the limits are those of
# Dinse and Larson. There is no warning and no missing value. (A variance that is infinite at the
# last time makes every sum "infinity times zero", and a variance that is not a number counts as
# zero.) The default, "Aalen", is not concerned.
#
# Why it matters. Whether the longest survivor died or is alive at the data cut is chance. The table
# then says "32% (32-32)" for relapse at 6 months in a study of ten patients.
#
# Documented or reported: not found.
#
# Output seen:
#   longest follow-up censored: 0.317, Dinse 0.070 to 0.608, Dinse_Approx 0.073 to 0.603
#   longest follow-up relapsed: 0.317, Dinse 0.317 to 0.317, Dinse_Approx 0.317 to 0.317
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  scikit-survival==0.28.0 scikit-learn==1.9.1 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from sksurv.nonparametric import cumulative_incidence_competing_risks

months = np.arange(1, 11.0)


def at_six(last, var_type):
    cause = np.array([1, 2, 1, 0, 2, 1, 0, 1, 2, last])
    at, incidence, limits = cumulative_incidence_competing_risks(
        cause, months, conf_type="log-log", var_type=var_type
    )
    sixth = list(at).index(6)
    return incidence[1, sixth], *limits[1, :, sixth]


seen = {}
for word, last in (("censored", 0), ("relapsed", 1)):
    seen[word] = [at_six(last, kind) for kind in ("Dinse", "Dinse_Approx", "Aalen")]
    (estimate, low, high), (_, low2, high2), _ = seen[word]
    print(
        f"longest follow-up {word}: {estimate:.3f}, Dinse {low:.3f} to {high:.3f},"
        f" Dinse_Approx {low2:.3f} to {high2:.3f}"
    )
widths = {word: [high - low for _, low, high in rows] for word, rows in seen.items()}
# month 10 cannot change what was known at month 6
sys.exit(
    0
    if min(widths["censored"]) > 0.4 and max(widths["relapsed"][:2]) < 1e-9 < widths["relapsed"][2]
    else 1
)
PY
