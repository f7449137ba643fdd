"""A search for numbers whose tests print as published; toxicity and days in hospital by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis_lib.article.synthesis import targets
from analysis_lib.article.synthesis.targets import choose, deal_by_score, spread
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


NOT_EVALUABLE = -1
CRS_ONSET = (1, 10)
ICANS_ONSET = (3, 14)
NEVER = -100.0


def draw_toxicity(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add grades, onset days and drugs; grades are worse with active disease and early death."""
    frame = frame.copy()
    severe = 1.0 * (frame["marrow_status"] == targets.ACTIVE) + 1.5 * (
        frame["fate"] == "early_death"
    )
    frame["crs_grade"] = _grades(rng, frame, targets.CRS, severe)
    known = frame["crs_grade"].clip(lower=0)
    # The exposed patient not evaluable for CRS is the one not evaluable for ICANS.
    blind = frame["crs_grade"].eq(NOT_EVALUABLE) & frame["arm"].eq("exposed")
    frame["icans_grade"] = _grades(rng, frame, targets.ICANS, 1.2 * known + NEVER * blind)
    _add_drugs(rng, frame)
    frame["crs_onset_day"] = _onset(rng, frame, "crs_grade", CRS_ONSET, p_value=0.47)
    frame["icans_onset_day"] = _onset(rng, frame, "icans_grade", ICANS_ONSET, p_value=0.52)
    return frame


def _grades(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    counts: dict[str, dict[int, int]],
    score: pd.Series,
) -> pd.Series:
    sizes = frame["arm"].value_counts()
    table: dict[str, dict[int, int]] = {
        arm: {**grades, NOT_EVALUABLE: int(sizes[arm]) - sum(grades.values())}
        for arm, grades in counts.items()
    }
    return deal_by_score(rng, frame["arm"], table, score=score).astype(int)


def _add_drugs(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    crs, icans = frame["crs_grade"].clip(lower=0), frame["icans_grade"].clip(lower=0)
    grave_crs, grave_icans = 20.0 * (crs >= 3), 20.0 * (icans >= 3)
    arm, none = frame["arm"], NEVER * ((crs == 0) & (icans == 0))
    crs_first = 2.0 * crs + grave_crs + 0.3 * NEVER * (crs == 0) + none
    icans_first = 1.5 * icans + 0.5 * crs + grave_icans + grave_crs + none
    frame["tocilizumab"] = choose(rng, arm, targets.TOCILIZUMAB, score=crs_first)
    frame["steroids"] = choose(rng, arm, targets.STEROIDS, score=icans_first)
    refractory_toxicity = 0.8 * (crs + icans) + none
    frame["anakinra"] = choose(rng, arm, targets.ANAKINRA, score=refractory_toxicity)


def _onset(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    grade: str,
    window: tuple[int, int],
    *,
    p_value: float,
) -> pd.Series:
    """Draw days to onset where there was toxicity, with the printed rank-test P."""
    first, last = window
    affected = (frame[grade] >= 1).to_numpy()
    low = np.where(affected, float(first), 0.0)
    # Toxicity starts before death; the earliest deaths leave only the first days.
    end = np.maximum(frame["end_day"].to_numpy(dtype=float) - 1, first)
    high = np.where(affected, np.minimum(last, end), 0.0)
    drawn = first + np.floor((last - first + 1) * rng.beta(1.6, 3.2, size=len(frame)))
    days = np.clip(drawn, low, high)
    exposed = (frame["arm"] == "exposed").to_numpy()
    goal = RankGoal(affected & ~exposed, affected & exposed, p_value=p_value, slack=0.004)
    found = search(rng, days, low=low, high=high, goals=[goal])
    return pd.Series(np.where(affected, found, np.nan), index=frame.index)
