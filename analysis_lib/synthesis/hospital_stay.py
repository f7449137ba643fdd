"""Days in hospital for the infusion."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis.allocation import spread
from analysis_lib.synthesis.rank_search import Goal, MedianGoal, RankGoal, search

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
