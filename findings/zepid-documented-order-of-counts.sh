#!/usr/bin/env bash
# zepid 0.9.1: counts given in the documented order make another risk ratio.
#
# Behaviour. risk_ratio(a, b, c, d), risk_difference() and number_needed_to_treat() document b as the
# unexposed with the outcome and c as the exposed without it, and compute with b as the exposed
# without and c as the unexposed with it. The same documentation's example follows the second order.
# The odds ratio is the same in both, so that a comparison with it reveals nothing.
#
# Why it matters. A table of response by treatment that is typed in as the documentation names its
# cells gives a plausible ratio with a plausible interval: here 1.66 for 2.14.
#
# Documented or reported: not found.
#
# Output seen:
#   45 of 100 exposed and 21 of 100 unexposed: risk ratio 2.143, difference 0.240, NNT 4.2
#   in the documented order: 1.661, 0.271, 3.7; odds ratios 3.078 and 3.078
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  zepid==0.9.1 'setuptools<81' numpy==2.3.5 pandas==2.3.3 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

from zepid.calc import number_needed_to_treat, odds_ratio, risk_difference, risk_ratio

EXPOSED_WITH, UNEXPOSED_WITH, EXPOSED_WITHOUT, UNEXPOSED_WITHOUT = 45, 21, 55, 79
documented = EXPOSED_WITH, UNEXPOSED_WITH, EXPOSED_WITHOUT, UNEXPOSED_WITHOUT
named = [line.strip() for line in risk_ratio.__doc__.split("\n") if "Count of" in line]
right = 45 / 100 / (21 / 100), 45 / 100 - 21 / 100, 1 / (45 / 100 - 21 / 100)
text = "risk ratio {:.3f}, difference {:.3f}, NNT {:.1f}".format(*right)
print(f"45 of 100 exposed and 21 of 100 unexposed: {text}")
asked = [f(*documented).point_estimate for f in (risk_ratio, risk_difference, number_needed_to_treat)]
odds = odds_ratio(*documented).point_estimate, 45 * 79 / (55 * 21)
text = "{:.3f}, {:.3f}, {:.1f}".format(*asked)
print(f"in the documented order: {text}; odds ratios {odds[0]:.3f} and {odds[1]:.3f}")
order = [
    "Count of exposed individuals with outcome",
    "Count of unexposed individuals with outcome",
    "Count of exposed individuals without outcome",
    "Count of unexposed individuals without outcome",
]
wrong = all(abs(a - b) > 1e-3 for a, b in zip(asked, right, strict=True))
sys.exit(0 if named == order and wrong and abs(odds[0] - odds[1]) < 1e-9 else 1)
PY
