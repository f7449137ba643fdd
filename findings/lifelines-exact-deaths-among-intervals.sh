#!/usr/bin/env bash
# lifelines 0.30.3: a death at a known time shows in an interval-censored curve only later.
#
# Behaviour. KaplanMeierFitter.fit_interval_censoring(lower, upper) takes equal bounds for an event
# whose time is known. Survival at that time is still what it was before, in both of its columns,
# and falls at the next time of the data, however late. The last such death never shows: of three
# patients who all died, a third survives for ever. Proper intervals are drawn as they should be.
#
# Why it matters. Progression is known to lie between two visits, death to the day, so that data of
# progression-free survival have both. With deaths alone the fit ought to be the Kaplan-Meier
# estimate; the median here is 12 months in place of 2. With fewer visits late in follow-up the
# curve is too high by more and more.
#
# Documented or reported: the method is called new and experimental. This was not found among the
# documents or issues.
#
# Output seen:
#   deaths at months 2, 2 and 12, as exact intervals and by Kaplan-Meier
#   month  2: intervals 1.0000, Kaplan-Meier 0.3333
#   month 11: intervals 1.0000, Kaplan-Meier 0.3333
#   month 13: intervals 0.3333, Kaplan-Meier 0.0000
#   median:   intervals 12, Kaplan-Meier 2
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  lifelines==0.30.3 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

from lifelines import KaplanMeierFitter

deaths = [2, 2, 12]
intervals = KaplanMeierFitter().fit_interval_censoring(deaths, deaths)
curve = KaplanMeierFitter().fit(deaths)
print("deaths at months 2, 2 and 12, as exact intervals and by Kaplan-Meier")
got = []
for month in (2, 11, 13):
    upper, lower = intervals.predict(month)
    alive = sum(t > month for t in deaths) / len(deaths)  # by hand
    assert abs(curve.predict(month) - alive) < 1e-9 and upper == lower
    print(f"month {month:>2}: intervals {upper:.4f}, Kaplan-Meier {alive:.4f}")
    got.append(round(float(upper), 3))
late = int(intervals.median_survival_time_.iloc[0, 0])
print(f"median:   intervals {late}, Kaplan-Meier {int(curve.median_survival_time_)}")
sys.exit(0 if got == [1.0, 1.0, 0.333] and late == 12 and curve.median_survival_time_ == 2 else 1)
PY
