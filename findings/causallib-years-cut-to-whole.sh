#!/usr/bin/env bash
# causallib 0.10.0: a death at 11.9 months is one at 11, and one at 0.9 years one at the beginning.
#
# Behaviour. The survival models (marginal, weighted, standardised) cut every time down to a whole
# number before they fit, and say nothing; the documentation asks for a "followup duration". The
# curve at time k holds all that happens before k + 1, and who is censored within a unit counts as
# at risk for all of its deaths.
#
# Why it matters. Months with fractions lose half a month on average, which nobody sees. Years lose
# what the analysis is about: here 47% are alive "at one year", where 75% are.
#
# Documented or reported: not found.
#
# Output seen:
#   at one year: causallib 0.474, Kaplan-Meier 0.746, and 0.455 just before two
#   the same in whole days, at 365: causallib 0.746, Kaplan-Meier 0.746
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  causallib==0.10.0 lifelines==0.30.3 pandas==2.3.3 numpy==2.3.5 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
import pandas as pd
from causallib.survival import MarginalSurvival
from lifelines import KaplanMeierFitter

years = pd.Series((np.arange(1, 301) % 37 + 1) * 0.085, name="t").round(3)
died = pd.Series((np.arange(300) % 5 < 4).astype(int), name="y")
nobody = pd.Series(np.zeros(300, int), name="a")
covariate = pd.DataFrame({"age": np.full(300, 50)})


def causallib_at(time, when):
    """Survival at a time, by causallib."""
    model = MarginalSurvival().fit(covariate, nobody)
    return float(model.estimate_population_outcome(covariate, nobody, time, died).loc[when, 0])


def kaplan_meier_at(time, when):
    """The same by lifelines."""
    return float(KaplanMeierFitter().fit(time, died).predict(when))


at_one = causallib_at(years, 1), kaplan_meier_at(years, 1), kaplan_meier_at(years, 1.999)
print("at one year: causallib {:.3f}, Kaplan-Meier {:.3f}, and {:.3f} just before two".format(*at_one))
days = (years * 365.25).round().astype(int)
in_days = causallib_at(days, 365), kaplan_meier_at(days, 365)
print("the same in whole days, at 365: causallib {:.3f}, Kaplan-Meier {:.3f}".format(*in_days))
sys.exit(0 if abs(in_days[0] - in_days[1]) < 1e-9 and at_one[1] - at_one[0] > 0.1 else 1)
PY
