#!/usr/bin/env bash
# dcurves 1.1.7: a patient without a prediction counts as one whom the model would not treat.
#
# Behaviour. dca() keeps the rows in which the model's probability is missing. "Probability at least
# the threshold" is false for them, so that they are negatives of that model, while the lines "treat
# all" and "treat none" count them as before. n says that all patients were used.
#
# Why it matters. A prediction is missing where a laboratory value is. The more is missing, the less
# net benefit a good model shows, and two models are compared on different missing patients. Here a
# perfect model falls below treating everybody.
#
# Documented or reported: not found.
#
# Output seen:
#   threshold 0.1, no prediction missing: model 0.4000, treat all 0.3333, n 10
#   threshold 0.1, one of 4 cases missing: model 0.3000, treat all 0.3333, n 10
#   by hand among the 9 with a prediction: model 0.3333, treat all 0.2593
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  dcurves==1.1.7 pandas==2.3.3 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
import pandas as pd
from dcurves import dca

AT = 0.1
whole = pd.DataFrame({"case": [1] * 4 + [0] * 6, "model": [0.9] * 4 + [0.05] * 6})
gap = whole.assign(model=whole.model.where(whole.index != 0))


def by_hand(treated, case):
    return (treated & (case == 1)).mean() - (treated & (case == 0)).mean() * AT / (1 - AT)


def net_benefit(label, patients):
    rows = dca(patients, "case", ["model"], thresholds=[AT]).set_index("model")
    model, everybody = rows.net_benefit["model"], rows.net_benefit["all"]
    n = rows.n["model"]
    print(f"threshold {AT}, {label}: model {model:.4f}, treat all {everybody:.4f}, n {n}")
    return model, everybody


full = net_benefit("no prediction missing", whole)
model, everybody = net_benefit("one of 4 cases missing", gap)
known = gap.dropna()
right = by_hand(known.model >= AT, known.case), by_hand(np.ones(len(known), bool), known.case)
both = f"model {right[0]:.4f}, treat all {right[1]:.4f}"
print(f"by hand among the {len(known)} with a prediction: {both}")
sys.exit(
    0
    if abs(full[0] - by_hand(whole.model >= AT, whole.case)) < 1e-9
    and model < everybody
    and right[0] > right[1]
    else 1
)
PY
