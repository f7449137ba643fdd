#!/usr/bin/env bash
# lifelines 0.30.3: the limits of a cumulative incidence carry each other's names.
#
# Behaviour. AalenJohansenFitter.confidence_interval_ names its first column "..._upper_0.95" and
# its second "..._lower_0.95". The first holds the smaller numbers, the second the larger ones.
# BreslowFlemingHarringtonFitter, whose curve is one of survival, swaps the names as well.
# KaplanMeierFitter, NelsonAalenFitter and the parametric models name them the right way round.
#
# Why it matters. The estimator is that of competing risks: relapse against death without relapse.
# Whoever picks the columns by name, as one must where they are joined to other tables, prints "41%
# (71-9)", or takes the lower limit of harm for the upper one. A plot fills the band either way, so
# that nothing looks wrong.
#
# Documented or reported: the docstring says that ci_labels is [lower, upper]. Not found among the
# issues.
#
# Output seen:
#   columns: relapse_upper_0.95 relapse_lower_0.95
#   at 6: estimate 0.4062, "lower" 0.7143, "upper" 0.0897
#   Kaplan-Meier, same patients at 6: "lower" 0.1199 <= 0.4688 <= "upper" 0.7629
#   Breslow-Fleming-Harrington at 6:  "lower" 0.7808 >= 0.5043 >= "upper" 0.1505
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  lifelines==0.30.3 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

from lifelines import AalenJohansenFitter, BreslowFlemingHarringtonFitter, KaplanMeierFitter

months, event = [1, 2, 3, 4, 6, 7, 8, 9], [1, 2, 1, 0, 1, 2, 0, 1]  # 1 relapse, 2 death before it
fit = AalenJohansenFitter().fit(months, event, event_of_interest=1, label="relapse")
limits = fit.confidence_interval_
print("columns:", *limits.columns)
estimate = fit.cumulative_density_.loc[6].iloc[0]
lower, upper = limits.loc[6, "relapse_lower_0.95"], limits.loc[6, "relapse_upper_0.95"]
print(f'at 6: estimate {estimate:.4f}, "lower" {lower:.4f}, "upper" {upper:.4f}')
# Aalen-Johansen by hand: 1/8 of 1, 1/6 of 6/8, 1/4 of 5/8 (one was censored at 4)
by_hand = 1 / 8 + 1 / 6 * 6 / 8 + 1 / 4 * 5 / 8


def survival_at_6(fitter):
    """What is named the lower limit, the estimate, and what is named the upper limit."""
    curve = fitter.fit(months, [e > 0 for e in event], label="free")
    row = curve.confidence_interval_.loc[6]
    return row["free_lower_0.95"], curve.predict(6), row["free_upper_0.95"]


right, wrong = survival_at_6(KaplanMeierFitter()), survival_at_6(BreslowFlemingHarringtonFitter())
print('Kaplan-Meier, same patients at 6: "lower" {:.4f} <= {:.4f} <= "upper" {:.4f}'.format(*right))
print('Breslow-Fleming-Harrington at 6:  "lower" {:.4f} >= {:.4f} >= "upper" {:.4f}'.format(*wrong))
swapped = lower > estimate > upper and wrong[0] > wrong[1] > wrong[2]
sys.exit(0 if abs(estimate - by_hand) < 1e-9 and swapped and right[0] < right[2] else 1)
PY
