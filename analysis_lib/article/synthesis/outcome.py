"""Days of relapse, death and last contact that follow the printed survival curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.article.synthesis import targets
from analysis_lib.article.synthesis.targets import spread

MONTH = 30.4375


@dataclass(frozen=True)
class Curve:
    """Survival probability by day, log-linear between knots (a piecewise exponential)."""

    days: tuple[float, ...]
    survival: tuple[float, ...]

    @classmethod
    def through(cls, day_30: float, months: Mapping[int, float]) -> Curve:
        """Knots at day 30 and at the given months, from 1 at infusion."""
        days = (0.0, 30.0, *(month * MONTH for month in months))
        return cls(days=days, survival=(1.0, day_30, *months.values()))

    def at(self, day: float | np.ndarray) -> np.ndarray:
        """Survival at `day`; the last hazard goes on beyond the last knot."""
        return np.exp(np.interp(day, self.days, np.log(self.survival)))


def follow(
    curve: Curve,
    *,
    events: int,
    fixed: Iterable[int] = (),
    censored: Iterable[int] = (),
    earliest: int = 3,
    latest: int,
) -> list[int]:
    """Return the days of `events` free events, given fixed event days and censoring days.

    Day by day an event is placed as soon as the target has fallen to the middle of the step the
    event would make, so the estimate straddles the target. Censoring counts after events of a day;
    whatever is left falls on the `latest` day.
    """
    fixed_days, censored_days = Counter(fixed), Counter(censored)
    at_risk = events + fixed_days.total() + censored_days.total()
    survival = 1.0
    placed: list[int] = []
    for day in range(1, latest + 1):
        due = fixed_days[day]
        survival *= 1 - due / at_risk if due else 1.0
        at_risk -= due
        while len(placed) < events and day >= earliest:
            if day < latest and survival * (1 - 0.5 / at_risk) < curve.at(day):
                break
            survival *= 1 - 1 / at_risk
            at_risk -= 1
            placed.append(day)
        at_risk -= censored_days[day]
    return placed


WINDOW = (targets.LAST_INFUSION - targets.FIRST_INFUSION).days + 1
LONGEST = (targets.DATA_LOCK - targets.FIRST_INFUSION).days
SHORTEST = (targets.DATA_LOCK - targets.LAST_INFUSION).days
# A centre reports the last visit, not the data lock: mean days between the two.
MEAN_LAG = 24.0


def accrual_density() -> np.ndarray:
    """Probability of infusion by day of the window: a slow start, then steady growth."""
    elapsed = np.arange(WINDOW) / WINDOW
    start = np.minimum(1.0, 0.5 + elapsed / 0.3)
    density = start * (1 + 1.0 * elapsed)
    return density / density.sum()


def survivors_follow_up(rng: np.random.Generator, survivors: int, curve: Curve) -> np.ndarray:
    """Draw days of follow-up of the survivors, one from each equal slice of its distribution.

    Whoever was infused early had longer to die, so the density of potential follow-up is weighted
    by survival: censoring stays independent of death.
    """
    potential = np.arange(LONGEST, SHORTEST - 1, -1)
    weight = accrual_density() * curve.at(potential) * (potential >= targets.MINIMUM_FOLLOW_UP)
    cumulative = np.cumsum(weight[::-1]) / weight.sum()
    slices = (np.arange(survivors) + rng.uniform(size=survivors)) / survivors
    drawn = potential[::-1][np.searchsorted(cumulative, slices)]
    lag = np.floor(rng.exponential(MEAN_LAG, size=survivors))
    room = drawn - targets.MINIMUM_FOLLOW_UP
    short = np.floor(rng.uniform(size=survivors) * (room + 1))
    return (drawn - np.where(lag <= room, lag, short)).astype(int)


def draw_infusion_offset(rng: np.random.Generator, end_day: int, alive: bool) -> int:
    """Draw the day of infusion within the window, so that the end of follow-up fits the lock.

    Survivors' lag to the lock is short; a death only has to precede the lock.
    """
    latest = min(WINDOW - 1, LONGEST - end_day)
    if alive:
        return int(max(0, latest - np.floor(rng.exponential(MEAN_LAG))))
    density = accrual_density()[: latest + 1]
    return int(rng.choice(latest + 1, p=density / density.sum()))


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
