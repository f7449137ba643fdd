"""Ages, lines of therapy and hospital days whose medians and rank tests print as published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis_lib.article.synthesis.baseline import deal_by_score, spread
from analysis_lib.errors import ParameterError


@dataclass(frozen=True)
class MedianGoal:
    """The median over `members` is `value`."""

    members: np.ndarray
    value: float

    def miss(self, values: np.ndarray) -> float:
        """Share of members to move across `value`; 0 when the goal is met."""
        members = values[self.members]
        if float(np.median(members)) == self.value:
            return 0.0
        below, above = (members < self.value).mean(), (members > self.value).mean()
        return 0.2 + 2 * max(0.0, max(below, above) - 0.5)


@dataclass(frozen=True)
class RankGoal:
    """The rank-sum test of two groups gives `p_value` within `slack`.

    R: ``wilcox.test(x, y, exact = FALSE, correct = FALSE)``.
    """

    first: np.ndarray
    second: np.ndarray
    p_value: float
    slack: float

    def miss(self, values: np.ndarray) -> float:
        """Distance on the log scale; 0 when the P value prints as wanted."""
        p_value = rank_sum_p(values[self.first], values[self.second])
        if abs(p_value - self.p_value) <= self.slack:
            return 0.0
        return abs(float(np.log(max(p_value, 1e-12) / self.p_value)))


Goal = MedianGoal | RankGoal


def rank_sum_p(first: np.ndarray, second: np.ndarray) -> float:
    """Two-sided P of the tie-corrected rank-sum test without continuity correction.

    Written out because a search calls it thousands of times.
    """
    pooled = np.concatenate([first, second])
    _, inverse, ties = np.unique(pooled, return_inverse=True, return_counts=True)
    ranks = np.cumsum(ties) - (ties - 1) / 2
    n, total = len(first), len(pooled)
    excess = ranks[inverse[:n]].sum() - n * (total + 1) / 2
    correction = total + 1 - (ties**3 - ties).sum() / (total * (total - 1))
    variance = n * (total - n) / 12 * correction
    return float(2 * ndtr(-abs(excess) / np.sqrt(variance)))


def search(
    rng: np.random.Generator,
    values: np.ndarray,
    *,
    low: np.ndarray,
    high: np.ndarray,
    goals: Sequence[Goal],
    unit: float = 1.0,
    reach: int = 1,
    moves: int = 6000,
) -> np.ndarray:
    """Walk from `values` to a vector that meets every goal, within [low, high] per patient.

    One value moves by up to `reach` units at a time, and half the time another moves back as far,
    so that a sum can stay. Slightly worse states are taken with falling probability, or a flat
    stretch (medians are steps) would trap the walk.
    Fixed patients have low == high.

    Raises
    ------
    ParameterError
        No vector met every goal within `moves`.
    """
    current = values.astype(float)
    miss = sum(goal.miss(current) for goal in goals)
    free = np.flatnonzero(high > low)
    for move in range(moves):
        if miss == 0.0:
            return current
        step = unit * rng.integers(1, reach + 1)
        patients = free[rng.integers(len(free), size=2)]
        trial = current.copy()
        for patient, change in zip(patients, _changes(rng, step), strict=True):
            moved = np.clip(trial[patient] + change, low[patient], high[patient])
            trial[patient] = np.round(moved, 1)
        trial_miss = sum(goal.miss(trial) for goal in goals)
        heat = 0.05 * (1 - move / moves) + 1e-9
        if trial_miss <= miss or rng.uniform() < np.exp((miss - trial_miss) / heat):
            current, miss = trial, trial_miss
    raise ParameterError(
        f"seed: medians and rank tests must print as in the article, but {moves} moves left "
        f"a miss of {miss:.3f}; take another seed"
    )


def _changes(rng: np.random.Generator, step: float) -> tuple[float, float]:
    kind = rng.integers(4)
    if kind < 2:
        return (step, -step)
    return (step, 0.0) if kind == 2 else (-step, 0.0)


# Table 1: 33 / 28 / 25 and 44 / 30 / 28. One naive patient is in no printed group: an age between
# two integer bounds explains it.
# The middle groups are cut at the medians, 48 and 45: their bands leave the median where it is
# printed, well within the rounding.
BANDS = {
    "naive": [
        (18.6, 39.0, 33),
        (39.3, 39.8, 1),
        (40.0, 47.4, 9),
        (47.7, 48.3, 1),
        (48.6, 59.0, 18),
        (60.0, 78.4, 25),
    ],
    "exposed": [
        (21.6, 39.0, 44),
        (40.0, 44.4, 6),
        (44.7, 45.3, 2),
        (45.6, 59.0, 22),
        (60.0, 80.4, 28),
    ],
}
EXTREMES = {"naive": (18.2, 79.1), "exposed": (21.3, 80.8)}


def draw_ages(rng: np.random.Generator, arms: pd.Series) -> pd.Series:
    """Draw decimal ages whose medians, ranges and rank-test P (.79) print as in Table 1."""
    ages, low, high = (np.zeros(len(arms)) for _ in range(3))
    for arm, bands in BANDS.items():
        members = rng.permutation(np.flatnonzero(arms == arm))
        start = 0
        for bottom, top, count in bands:
            band = members[start : start + count]
            ages[band] = np.round(spread(rng, bottom, top, count), 1)
            low[band], high[band] = bottom, top
            start += count
        youngest, oldest = members[0], members[-1]
        for patient, age in zip((youngest, oldest), EXTREMES[arm], strict=True):
            ages[patient] = low[patient] = high[patient] = age
    naive, exposed = (arms == "naive").to_numpy(), (arms == "exposed").to_numpy()
    goal = RankGoal(naive, exposed, p_value=0.79, slack=0.004)
    ages = search(rng, ages, low=low, high=high, goals=[goal], unit=0.1, reach=20)
    return pd.Series(ages, index=arms.index)


# A start for the search: number of patients by number of lines. Only medians and ranges are
# printed (2-9 naive, 2-12 exposed).
START = {
    "naive": {2: 34, 3: 20, 4: 12, 5: 9, 6: 6, 7: 3, 8: 2, 9: 1},
    "responder": {12: 1, 10: 1, 9: 1, 8: 2, 7: 4, 6: 6, 5: 9, 4: 14, 3: 13, 2: 11},
    "refractory": {6: 1, 5: 3, 4: 4, 3: 7, 2: 12},
    "not_reported": {7: 1, 6: 1, 5: 2, 4: 3, 3: 2, 2: 4},
}
RANGE = {"naive": (2, 9), "exposed": (2, 12)}


def draw_prior_lines(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    """Draw prior lines with the printed medians, ranges and P values .02, .002 and .01.

    A median of 2, the minimum, forces at least 15 of the 28 bridged patients to have 2.
    """
    bridged = frame["period"] == "bridging"
    lines = deal_by_score(rng, frame["stratum"], START, score=-1.5 * bridged).astype(float)
    low = np.full(len(frame), 2.0)
    high = frame["arm"].map({arm: top for arm, (_, top) in RANGE.items()}).to_numpy(dtype=float)
    for arm, (_, top) in RANGE.items():
        patient = int(np.flatnonzero((lines == top) & (frame["arm"] == arm))[0])
        low[patient] = high[patient] = top
    high[low < high] -= 1
    high[_fixed_at_minimum(lines.to_numpy(), bridged.to_numpy())] = 2.0
    values = search(rng, lines.to_numpy(), low=low, high=high, goals=_goals(frame))
    return pd.Series(values.astype(int), index=frame.index)


def _fixed_at_minimum(lines: np.ndarray, bridged: np.ndarray) -> np.ndarray:
    return np.flatnonzero((lines == 2) & bridged)[:15]


def _goals(frame: pd.DataFrame) -> list[Goal]:
    arm, stratum, period = (frame[name].to_numpy() for name in ("arm", "stratum", "period"))
    medians = [
        (arm == "naive", 3),
        (arm == "exposed", 4),
        (stratum == "responder", 4),
        (stratum == "refractory", 3),
        (period == "bridging", 2),
        (period == "preapheresis", 4),
    ]
    return [
        *(MedianGoal(members, value) for members, value in medians),
        RankGoal(arm == "naive", arm == "exposed", p_value=0.02, slack=0.004),
        RankGoal(stratum == "responder", stratum == "refractory", p_value=0.002, slack=0.0004),
        RankGoal(period == "bridging", period == "preapheresis", p_value=0.01, slack=0.004),
    ]


# Table 2: median, minimum, maximum.
HOSPITAL_DAYS = {"naive": (14, 4, 91), "exposed": (15, 0, 95)}
USUAL_MOST = 70
LONG_TERM = 120


def draw_hospital_days(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    """Draw days in hospital: medians, ranges and the rank-test P (.24) as in Table 2.

    The worse the toxicity the longer; nobody goes home before its onset or stays beyond the end.
    """
    days, low, high = _start(rng, frame)
    high = np.minimum(high, frame["end_day"].to_numpy(dtype=float))
    onset = frame[["crs_onset_day", "icans_onset_day"]].max(axis=1).fillna(0).to_numpy()
    low = np.where(low < high, np.clip(onset, low, high), low)
    naive = (frame["arm"] == "naive").to_numpy()
    goals: list[Goal] = [
        MedianGoal(naive, HOSPITAL_DAYS["naive"][0]),
        MedianGoal(~naive, HOSPITAL_DAYS["exposed"][0]),
        RankGoal(naive, ~naive, p_value=0.24, slack=0.004),
    ]
    start = np.clip(days, low, high)
    found = search(rng, start, low=low, high=high, goals=goals, reach=2)
    return pd.Series(found.astype(int), index=frame.index)


def _start(
    rng: np.random.Generator, frame: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log-normal days in the order of noisy toxicity, and bounds around them."""
    days, low, high = (np.zeros(len(frame)) for _ in range(3))
    severity = frame[["crs_grade", "icans_grade"]].clip(lower=0).sum(axis=1)
    noisy = severity + rng.normal(0, 1.5, size=len(frame))
    # Shortest and longest stay go to patients who live on, whatever the length.
    steady = frame["end_day"] >= LONG_TERM
    for arm, (median, least, most) in HOSPITAL_DAYS.items():
        order = noisy[frame["arm"] == arm].sort_values(kind="stable").index
        rows = frame.index.get_indexer(order)
        quantiles = np.sort(spread(rng, -2.1, 2.1, len(rows)))
        days[rows] = np.round(median * np.exp(0.5 * quantiles))
        low[rows], high[rows] = least + 1, min(most - 1, USUAL_MOST)
        lasting = rows[steady[order].to_numpy()]
        for patient, extreme in ((lasting[0], least), (lasting[-1], most)):
            days[patient] = low[patient] = high[patient] = extreme
    return days, low, high
