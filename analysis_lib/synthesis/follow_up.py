"""Accrual over the calendar and the follow-up of survivors, alike in both arms."""

from __future__ import annotations

import numpy as np

from analysis_lib.synthesis import targets
from analysis_lib.synthesis.schedule import Curve

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
