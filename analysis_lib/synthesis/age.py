"""Ages at infusion: groups, medians, ranges and the rank test as printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis.allocation import spread
from analysis_lib.synthesis.rank_search import RankGoal, search

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
