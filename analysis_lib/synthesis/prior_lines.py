"""Lines of therapy before infusion: medians by five groups and three rank tests at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis.allocation import deal_by_score
from analysis_lib.synthesis.rank_search import Goal, MedianGoal, RankGoal, search

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
