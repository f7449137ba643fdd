#!/usr/bin/env bash
# scipy 1.17.1 (its HiGHS): the proven optimum of an integer program is not the best solution.
#
# Behaviour. Thirteen sums of twenty whole numbers from 0 to 1000, all weights 1 or -1, and one of
# the numbers is to be as large as possible. `milp` answers 1, success, a gap of 0 between solution
# and bound. A solution with 8 fulfils every sum, and without presolve the answer is 22.
#
# Why it matters. Whoever withholds small counts of patients from tables proves by the smallest and
# the largest value each could have that nobody can work them out. This answer says that a withheld
# count lies in a range in which the true one does not: the audit of a table that is safe fails, and
# a count that it "recovers" is false. Nothing in the result says so; status, message, dual bound
# and gap are those of a proof.
#
# Documented or reported: the option says that presolve looks for trivial infeasibilities and
# simplifies. HiGHS has had reports of other programs whose best solution presolve cuts off; this
# one, of whole numbers and weights of 1 alone, was not found among them.
#
# Output seen:
#   with presolve:    at most 1, status 0, gap 0
#   without presolve: at most 22, status 0, gap 0
#   a solution with 8 fulfils all 13 sums: True
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  scipy==1.17.1 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

ASKED, INFINITE = 3, np.inf
# Which numbers are added, which are subtracted, and between what the sum lies.
SUMS = [
    ([], [12, 13], -32, -32), ([14], [18], 0, 0), ([18], [1, 3, 6], 22, INFINITE),
    ([15], [19], 0, 0), ([19], [2, 4], 45, 45), ([14], [5], 0, 0), ([], [0, 8], -44, -44),
    ([5], [7], 21, 21), ([0], [7, 11], 21, 21), ([15], [17], 0, INFINITE),
    ([17], [10, 13], 23, INFINITE), ([14], [16], 0, INFINITE), ([16], [9, 12], 13, INFINITE),
]
known = np.array([43, 6, 2, 8, 7, 40, 4, 19, 1, 10, 12, 3, 15, 17, 40, 54, 38, 52, 40, 54])
weights = np.zeros((len(SUMS), len(known)))
for row, (plus, minus, _, _) in zip(weights, SUMS, strict=True):
    row[plus], row[minus] = 1, -1
low, high = (np.array([one[i] for one in SUMS], dtype=float) for i in (2, 3))
cost = -(np.arange(len(known)) == ASKED).astype(float)
found = []
for word, presolve in (("with presolve:   ", True), ("without presolve:", False)):
    answer = milp(
        cost,
        integrality=np.ones(len(known)),
        bounds=Bounds(0, 1000),
        constraints=LinearConstraint(weights, low, high),
        options={"presolve": presolve},
    )
    found.append(round(-answer.fun))
    print(f"{word} at most {found[-1]}, status {answer.status}, gap {answer.mip_gap:g}")
sums = weights @ known
fulfilled = bool(np.all((sums >= low) & (sums <= high) & (known >= 0).all()))
print(f"a solution with {known[ASKED]} fulfils all {len(SUMS)} sums: {fulfilled}")
sys.exit(0 if fulfilled and found[0] < known[ASKED] <= found[1] else 1)
PY
