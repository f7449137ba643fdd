#!/usr/bin/env bash
# marginaleffects 0.6.0 with statsmodels 0.14.6: a patient's prediction depends on who else is asked
# about.
#
# Behaviour. For a model with a spline (bs, cr) predictions(), comparisons() and their averages place
# the knots anew among the patients given as newdata; statsmodels' own predict() keeps the knots of
# the fit, which patsy stored with the model. Nothing is said. Where newdata are all patients of the
# fit, both agree; for center() and scale() the package refuses to go on, and takes bs() and cr().
#
# Why it matters. Age and burden are put into a model of remission as splines, and predictions are
# asked for at chosen ages or in a subgroup: that is what newdata is for. The curve answered is not
# the model's, and standard errors and contrasts in subgroups come from the same wrong columns.
#
# Documented or reported: not found; issues of the R package of that name on splines concern other
# causes.
#
# Output seen:
#   a patient of 70, asked with everybody: 0.8466, by statsmodels 0.8466
#   a patient of 70, asked with those above 60: 0.4459, by statsmodels 0.8466
#   a patient of 70, asked with three others: 0.9975, by statsmodels 0.8466
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  marginaleffects==0.6.0 statsmodels==0.14.6 patsy==1.0.3 polars==1.44.2 pyarrow==26.0.1 \
  pandas==2.3.3 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import marginaleffects as me
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

age = np.arange(20.0, 80.0, 0.5)
arm = np.tile([0.0, 1.0, 1.0, 0.0], len(age) // 4)
remission = np.where(np.arange(len(age)) % 7 < 3, age > 45, age > 65).astype(float)
remission[::11] = 1 - remission[::11]
patients = pd.DataFrame({"age": age, "arm": arm, "remission": remission})
fit = smf.logit("remission ~ arm + bs(age, df=4)", patients).fit(disp=0)


def asked(label, newdata):
    at = int(np.flatnonzero(newdata.age == 70.0)[0])
    answer = me.predictions(fit, newdata=newdata)["estimate"].to_numpy()[at]
    own = fit.predict(newdata).to_numpy()[at]
    print(f"a patient of 70, asked {label}: {answer:.4f}, by statsmodels {own:.4f}")
    return answer, own


everybody = asked("with everybody", patients)
elder = asked("with those above 60", patients[patients.age > 60].reset_index(drop=True))
sample = asked("with three others", patients[patients.age.isin([30, 50, 60, 70])].reset_index(drop=True))
sys.exit(
    0
    if abs(everybody[0] - everybody[1]) < 1e-9
    and abs(elder[1] - everybody[1]) < 1e-9
    and abs(elder[0] - elder[1]) > 0.05
    and abs(sample[0] - sample[1]) > 0.05
    else 1
)
PY
