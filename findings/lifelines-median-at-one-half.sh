#!/usr/bin/env bash
# lifelines 0.30.3: a median survival can be one death late, depending on how many patients died.
#
# Behaviour. KaplanMeierFitter makes the curve as the exponential of a sum of logarithms. Where the
# curve is exactly one half, the result is 0.5 for some numbers of patients and 0.5000000000000001
# for others. median_survival_time_ takes the first time at which the curve is at most 0.5, without
# a tolerance: of six patients who all died, it answers the fourth death, of four or ten the
# half-way death. With n patients followed to death, 23 of the even n below 200 are answered one
# death late. percentile() has the same slip at the quartiles.
#
# Why it matters. Uncensored small groups and groups censored late touch one half exactly. When the
# deaths around the median lie apart, the printed median jumps by years, and two groups with the
# same proportion dead at a time are read off by different rules. R's survfit() compares with a
# tolerance and answers the middle of the flat stretch.
#
# Documented or reported: not found in lifelines' documentation or issues.
#
# Output seen:
#   deaths after 2, 3, 5, 24, 30 and 36 months: 3 of 6 have died at 5 months
#   curve at 5 months 0.5000000000000001, median 24.0
#   two more patients in each half, 2 2 3 3 5 | 24 30 30 36 36: median 5.0
#   even n below 200 answered one death late: 23, the first 6 8 14 18 20 44
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  lifelines==0.30.3 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys
from fractions import Fraction

from lifelines import KaplanMeierFitter


def median(times):
    return KaplanMeierFitter().fit(times, [1] * len(times))


def by_hand(times):
    """The first time at which exactly half or more have died; no patient is censored."""
    return next(
        t for t in times if Fraction(sum(u <= t for u in times), len(times)) >= Fraction(1, 2)
    )


six, ten = [2, 3, 5, 24, 30, 36], [2, 2, 3, 3, 5, 24, 30, 30, 36, 36]
curve = median(six)
print("deaths after 2, 3, 5, 24, 30 and 36 months: 3 of 6 have died at 5 months")
print(f"curve at 5 months {float(curve.predict(5))!r}, median {curve.median_survival_time_}")
answer = median(ten).median_survival_time_
print(f"two more patients in each half, 2 2 3 3 5 | 24 30 30 36 36: median {answer}")
late = [n for n in range(2, 200, 2) if median(range(1, n + 1)).median_survival_time_ == n // 2 + 1]
print("even n below 200 answered one death late:", f"{len(late)}, the first", *late[:6])
seen = curve.median_survival_time_ == 24 and median(ten).median_survival_time_ == 5 and late
sys.exit(0 if by_hand(six) == 5 == by_hand(ten) and seen else 1)
PY
