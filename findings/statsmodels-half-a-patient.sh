#!/usr/bin/env bash
# statsmodels 0.15.0: asking for an odds ratio writes half a patient into the caller's own table.
#
# Behaviour. Table(counts) and Table2x2(counts), with the default shift_zeros=True, put 0.5 in the
# place of a 0. If the counts are an array of floating-point numbers, it is the caller's array that
# changes: all that is computed from it later, by any library, is of the changed table. Whole
# numbers are copied and stay.
#
# Why it matters. Counts are floats as soon as they were weighted or read beside a missing value.
# None of 20 against 4 of 20 differ with P 0.035; after an odds ratio was asked for, the same line
# gives 0.075, and the table says that half a patient responded.
#
# Documented or reported: the docstring says that 0.5 is added to all cells if one is 0, which is
# not done either (issue 7011). That the caller's table changes was not found.
#
# Output seen:
#   floats, before:                        0 of 20 and 4 of 20, P 0.035
#   floats, after Table2x2(counts):        0.5 of 20.5 and 4 of 20, P 0.075
#   whole numbers, after Table2x2(counts): 0 of 20 and 4 of 20, P 0.035
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  statsmodels==0.15.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import Table2x2


def p_value(counts):
    """The chi-square test of a table, from its definition."""
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), 1))


def told(counts):
    rows = [f"{row[0]:g} of {row.sum():g}" for row in counts]
    return f"{' and '.join(rows)}, P {p_value(counts):.3f}"


floats = np.array([[0.0, 20.0], [4.0, 16.0]])
whole = floats.astype(int)
before = p_value(floats)
print(f"floats, before:                        {told(floats)}")
ratios = Table2x2(floats).oddsratio, Table2x2(whole).oddsratio
print(f"floats, after Table2x2(counts):        {told(floats)}")
print(f"whole numbers, after Table2x2(counts): {told(whole)}")
changed = floats[0, 0] == 0.5 and before < 0.05 < p_value(floats)
sys.exit(0 if changed and whole[0, 0] == 0 and ratios[0] == ratios[1] else 1)
PY
