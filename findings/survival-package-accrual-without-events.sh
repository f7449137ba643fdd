#!/usr/bin/env bash
# survival 2.0.0 (PyPI): the longer patients are recruited, the fewer of them have an event.
#
# Behaviour. validation.expected_events() takes the patients, the hazards, the time of accrual and
# the time of follow-up, and names the study's duration as the sum of the two. Everybody is then
# followed at least for the follow-up, and who came first for the whole duration. The answer is as
# if nobody were followed longer than the follow-up: accrual of any length up to it changes nothing,
# and longer accrual makes the number fall.
#
# Why it matters. Expected events against the number that a test needs say when a trial can be
# analysed. In the example 77 are due where 63 are announced, and the first analysis is put off.
#
# Documented or reported: the function has no documentation of its own in the package; not found
# among the issues.
#
# Output seen:
#   100 patients in equal groups, hazards 0.10 and 0.07 a month, 12 months of follow-up after accrual
#   accrual, months         0.001      6     12     24
#   duration, months         12.0   18.0   24.0   36.0
#   expected events          63.4   63.4   63.4   47.6
#   by hand                  63.4   71.0   76.6   83.8
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  survival==2.0.0 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from survival.validation import expected_events

FOLLOW_UP, HAZARDS, ACCRUAL = 12.0, np.array([0.10, 0.07]), (0.001, 6.0, 12.0, 24.0)


def by_hand(accrual):
    """Patients enter evenly; each is followed from entry until the end of the study."""
    alive = (np.exp(-HAZARDS * FOLLOW_UP) - np.exp(-HAZARDS * (FOLLOW_UP + accrual))) / (
        HAZARDS * accrual
    )
    return float(100 * (1 - alive).mean())


answers = [expected_events(100, 0.10, 0.7, accrual, FOLLOW_UP) for accrual in ACCRUAL]
print(
    "100 patients in equal groups, hazards 0.10 and 0.07 a month,"
    f" {FOLLOW_UP:.0f} months of follow-up after accrual"
)
print("accrual, months      ", "".join(f"{accrual:>7g}" for accrual in ACCRUAL))
print("duration, months     ", "".join(f"{fit.study_duration:>7.1f}" for fit in answers))
print("expected events      ", "".join(f"{fit.expected_events:>7.1f}" for fit in answers))
print("by hand              ", "".join(f"{by_hand(accrual):>7.1f}" for accrual in ACCRUAL))
told = [fit.expected_events for fit in answers]
sys.exit(0 if abs(told[2] - told[0]) < 1e-9 and told[3] < told[0] < by_hand(12.0) - 10 else 1)
PY
