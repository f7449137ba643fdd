#!/usr/bin/env bash
# survival 2.0.0 (PyPI): the sample size that it calls Freedman's is several times Freedman's.
#
# Behaviour. validation.sample_size_survival_freedman() answers events and patients for a log-rank
# test, and names the method "Freedman". Freedman's number of events depends on the hazard ratio
# alone, ((1 + HR) / (1 - HR))^2 times the squared sum of two normal quantiles with equal groups;
# the chance of an event only turns events into patients. Here events grow as the chance falls, and
# agree with Freedman's only where nearly everybody has one. The package's own
# sample_size_survival() (Schoenfeld) gives the expected number.
#
# Why it matters. A trial for a hazard ratio of 0.7 in which 30% have an event needs about 840
# patients; 3,717 is the answer here, and a trial that could be done is not.
#
# Documented or reported: the function has no documentation of its own in the package; not found
# among the issues. Reference: Freedman, Statistics in Medicine 1982;1:121.
#
# Output seen:
#   hazard ratio 0.7, power 80%, two-sided 5%, equal groups
#   chance of an event   events   by hand   patients   by hand
#                 30%      968       253       3717       841
#                 60%      470       253        876       421
#                 90%      297       253        350       281
#   sample_size_survival, Schoenfeld: 247 events
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  survival==2.0.0 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import math
import sys

from scipy.stats import norm
from survival.validation import sample_size_survival, sample_size_survival_freedman

RATIO = 0.7
quantiles = (norm.ppf(0.975) + norm.ppf(0.8)) ** 2
needed = quantiles * ((1 + RATIO) / (1 - RATIO)) ** 2
print(f"hazard ratio {RATIO}, power 80%, two-sided 5%, equal groups")
print("chance of an event   events   by hand   patients   by hand")
answers = {}
for chance in (0.3, 0.6, 0.9):
    answers[chance] = sample_size_survival_freedman(RATIO, chance, 0.8, 0.05)
    print(
        f"{chance:>17.0%}{answers[chance].n_events:>9}{math.ceil(needed):>10}"
        f"{answers[chance].n_total:>11}{math.ceil(needed / chance):>10}"
    )
schoenfeld = sample_size_survival(RATIO, 0.8, 0.05).n_events
print(f"sample_size_survival, Schoenfeld: {schoenfeld} events")
wrong = answers[0.3].method == "Freedman" and answers[0.3].n_events > 3 * needed
sys.exit(0 if wrong and abs(schoenfeld - needed) < 10 else 1)
PY
