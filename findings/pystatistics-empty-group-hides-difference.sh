#!/usr/bin/env bash
# pystatistics 6.1.5: two patients who leave before the first death make the log-rank test P = 1.
#
# Behaviour. survdiff() of three groups answers chi-square 0 and P 1 where one of them is at risk at
# no death: its row of the variance is empty, the inversion fails, and the failure becomes "no
# difference". Observed and expected, printed beside it, show the difference. R's survdiff leaves
# the empty group out and loses a degree of freedom.
#
# Why it matters. A small third group (unknown, other, a new centre) that has only begun follow-up is
# usual in a registry, and turns the most significant comparison into none.
#
# Documented or reported: not found.
#
# Output seen:
#   three groups: chi-square 0.000, P 1.0e+00
#   observed [ 0. 15. 15.], expected [ 0.    6.27 23.73]
#   without the two: chi-square 20.063, P 7.5e-06
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  pystatistics==6.1.5 statsmodels==0.14.6 scipy==1.16.3 pandas==2.3.3 numpy==2.3.5 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from pystatistics.survival import survdiff
from scipy.stats import chi2
from statsmodels.duration.survfunc import survdiff as statsmodels_survdiff

time = np.r_[[0.5, 0.7], np.arange(1, 21), np.arange(1, 21) * 4].astype(float)
died = np.r_[[0, 0], np.tile([1, 1, 0, 1], 5), np.tile([1, 1, 0, 1], 5)]
group = np.repeat([0, 1, 2], [2, 20, 20])

three = survdiff(time, died, group)
print(f"three groups: chi-square {three.statistic:.3f}, P {three.p_value:.1e}")
print(f"observed {three.observed.round(2)}, expected {three.expected.round(2)}")
two = survdiff(time[group > 0], died[group > 0], group[group > 0])
print(f"without the two: chi-square {two.statistic:.3f}, P {chi2.sf(two.statistic, 1):.1e}")
reference, _ = statsmodels_survdiff(time[group > 0], died[group > 0], group[group > 0])
sys.exit(0 if three.p_value == 1 and abs(two.statistic - reference) < 1e-9 else 1)
PY
