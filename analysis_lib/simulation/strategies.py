"""A treatment as a strategy in many cohorts at once, where everybody is alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray


@dataclass(frozen=True)
class Strategy:
    """To begin by `grace`; cumulative hazards are compared up to `until`."""

    grace: float
    until: float


def strategy_estimates(
    time: FloatArray, event: BoolArray, begin: FloatArray, strategy: Strategy, grid: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Log ratio of the cumulative hazards under treatment and under none, and its error.

    Of each cohort, (cohorts, patients), events at times of the `grid` alone. Patients are cloned
    and censored as by `cloned_curves`; alike, they need no weights. The error is that of the
    infinitesimal jackknife over patients, of whom most are in both strategies; nan where one of
    them has no event.
    """
    times = grid[grid <= strategy.until]
    ends = event[:, :, None] & (time[:, :, None] == times)
    here = time[:, :, None] >= times
    none = np.minimum(time, begin)[:, :, None] >= times
    in_time = (begin <= strategy.grace)[:, :, None]
    treat = here & ((times <= strategy.grace) | in_time)
    hazards, moved = zip(*(_hazard(ends & arm, arm) for arm in (none, treat)), strict=True)
    known = (hazards[0] > 0) & (hazards[1] > 0)
    without, within = (np.where(known, hazard, np.nan) for hazard in hazards)
    change = moved[1] / within[:, None] - moved[0] / without[:, None]
    return np.log(within / without), np.sqrt((change**2).sum(axis=1))


def _hazard(ends: BoolArray, here: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Nelson and Aalen's estimate, (cohorts), and what each patient moves it by."""
    at_risk, number = here.sum(axis=1), ends.sum(axis=1)
    share = np.divide(1.0, at_risk, out=np.zeros(at_risk.shape), where=at_risk > 0)
    step = number * share
    moved = (ends @ share[:, :, None])[:, :, 0] - (here @ (step * share)[:, :, None])[:, :, 0]
    return step.sum(axis=1), moved
