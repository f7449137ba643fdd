"""Days of relapse, death and last contact that follow the printed survival curves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis.allocation import spread
from analysis_lib.synthesis.follow_up import survivors_follow_up
from analysis_lib.synthesis.schedule import Curve, follow

# Text: PFS and OS at 6 and 12 months; those of patients without a reported response to InO, and
# everything beyond 12 months, are what the printed totals leave.
PFS = {
    "naive": {6: 0.65, 12: 0.57, 18: 0.52, 22: 0.30},
    "responder": {6: 0.57, 12: 0.39, 18: 0.33, 22: 0.20},
    "refractory": {6: 0.35, 9: 0.295, 12: 0.29, 18: 0.18, 22: 0.02},
    "not_reported": {6: 0.77, 12: 0.58, 18: 0.40, 22: 0.10},
}
OS = {
    "naive": {6: 0.85, 12: 0.74, 18: 0.64, 22: 0.40},
    "responder": {6: 0.80, 12: 0.60, 18: 0.46, 22: 0.20},
    "refractory": {6: 0.52, 12: 0.22, 18: 0.10, 22: 0.01},
    "not_reported": {6: 0.87, 12: 0.76, 18: 0.50, 22: 0.10},
}
ARM_OS = {"naive": OS["naive"], "exposed": {6: 0.73, 12: 0.54, 18: 0.44, 22: 0.30}}
# Deaths without relapse after day 30: the day each kind is likely to fall on.
DEATH_WINDOWS = {
    "not_evaluable_death": (33, 75),
    "refractory_death": (40, 190),
    "sos_death": (110, 230),
    "remission_death": (50, 240),
}
EARLIEST_DEATH = 4
EARLIEST_RELAPSE = 42
LATEST_RELAPSE = 560
LATEST_DEATH = 660
RELAPSE_TO_DEATH = 8
# The crossing of PFS and OS printed for InO-refractory patients needs survivors censored early.
REFRACTORY_FOLLOW_UP = (120, 300)


def draw_outcomes(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `end_day` (death or last contact) and `relapse_day` (missing without relapse)."""
    frame = frame.copy()
    frame["end_day"] = _censoring_days(rng, frame)
    frame["relapse_day"] = np.nan
    for stratum, rows in frame.groupby("stratum", sort=True).groups.items():
        group = frame.loc[rows].copy()
        group.loc[group["dead"], "end_day"] = _death_days(rng, group, str(stratum))
        group.loc[group["relapsed"], "relapse_day"] = _relapse_days(rng, group, str(stratum))
        frame.loc[rows, ["end_day", "relapse_day"]] = group[["end_day", "relapse_day"]]
    return frame


def _day_30(group: pd.DataFrame) -> float:
    return 1 - float((group["fate"] == "early_death").mean())


def _censoring_days(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    days = pd.Series(np.nan, index=frame.index)
    for arm, months in ARM_OS.items():
        rows = frame["arm"] == arm
        alive = frame.index[rows & ~frame["dead"]]
        curve = Curve.through(_day_30(frame[rows]), months)
        drawn = np.sort(survivors_follow_up(rng, len(alive), curve))
        days[alive] = rng.permutation(drawn)
        refractory = alive[frame.loc[alive, "stratum"] == "refractory"]
        low, high = REFRACTORY_FOLLOW_UP
        wanted = drawn[(drawn >= low) & (drawn <= high)]
        for patient, day in zip(refractory, _evenly(wanted, len(refractory)), strict=True):
            other = rng.choice(alive[days[alive] == day])
            days[[patient, other]] = days[[other, patient]].to_numpy()
    return days


def _evenly(values: np.ndarray, count: int) -> np.ndarray:
    if count == 0:
        return values[:0]
    return values[np.linspace(0, len(values) - 1, count).round().astype(int)]


def _death_days(rng: np.random.Generator, group: pd.DataFrame, stratum: str) -> pd.Series:
    dead, alive = group[group["dead"]], group[~group["dead"]]
    curve = Curve.through(_day_30(group), OS[stratum])
    early = dead.index[dead["fate"] == "early_death"]
    days = follow(
        curve, events=len(dead), censored=alive["end_day"].astype(int), latest=LATEST_DEATH
    )
    placed = pd.Series(np.nan, index=dead.index)
    placed[early] = np.floor(spread(rng, EARLIEST_DEATH, 31, len(early)))
    later = [max(day, 32) for day in days[len(early) :]]
    for fate, (low, high) in DEATH_WINDOWS.items():
        for patient in dead.index[dead["fate"] == fate]:
            wish = low + (high - low) * rng.beta(1.2, 2.0)
            day = min((day for day in later if day >= low), key=lambda day: abs(day - wish))
            placed[patient] = day
            later.remove(day)
    rest = dead.index[dead["fate"] == "relapse_death"]
    placed[rest] = rng.permutation([max(d, EARLIEST_RELAPSE + RELAPSE_TO_DEATH) for d in later])
    return placed


def _relapse_days(rng: np.random.Generator, group: pd.DataFrame, stratum: str) -> pd.Series:
    """Follow the PFS curve, then match each relapse to a patient who lives long enough."""
    relapsed, others = group[group["relapsed"]], group[~group["relapsed"]]
    curve = Curve.through(_day_30(group), PFS[stratum])
    days = follow(
        curve,
        events=len(relapsed),
        fixed=others.loc[others["dead"], "end_day"].astype(int),
        censored=others.loc[~others["dead"], "end_day"].astype(int),
        earliest=EARLIEST_RELAPSE,
        latest=LATEST_RELAPSE,
    )
    matched = pd.Series(np.nan, index=relapsed.index)
    for patient, end in relapsed["end_day"].sort_values(kind="stable").items():
        possible = [day for day in days if day <= end - RELAPSE_TO_DEATH]
        day = possible[rng.integers(len(possible))] if possible else days[0]
        days.remove(day)
        matched[patient] = min(day, end - RELAPSE_TO_DEATH)
    return matched
